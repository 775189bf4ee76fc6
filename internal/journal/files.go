package journal

// Files reads and writes whole small files. The journal knows no store, so it
// asks for what store.Files does: files on the file system of the store, which
// in tests is one that can lose power.
type Files interface {
	// ReadFile returns the contents of a file; the error of a missing one
	// satisfies errors.Is(err, fs.ErrNotExist).
	ReadFile(name string) ([]byte, error)
	// WriteFile replaces a file at once and durably. Only its owner may read
	// it.
	WriteFile(name string, data []byte) error
}
