package vault

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// keySize is the length of every key of the vault, in bytes.
const keySize = 32

// checkSize is the length of the checksum in a master key file, in bytes.
const checkSize = 4

// ErrBadMasterKey: a file does not hold a master key, or it was mistyped.
var ErrBadMasterKey = errors.New("not a valid master key")

// ErrMasterKeyOpen: a master key file can be read by others than its owner.
var ErrMasterKeyOpen = errors.New("master key file can be read by others")

// MasterKey wraps the keys of all subjects. It never prints itself.
type MasterKey struct{ key [keySize]byte }

// Format prints what this is, and nothing more, whatever the verb.
func (MasterKey) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "(master key)") }

// id tells master keys apart without telling anything about them.
func (k MasterKey) id() [checkSize]byte {
	sum := sha256.Sum256(append([]byte("grulden master key id 1\x00"), k.key[:]...))
	return [checkSize]byte(sum[:])
}

// The text of a master key file: lines of explanation, and the key as nine
// groups of eight hexadecimal digits, the last one a checksum, so that it can be
// copied by hand.
const (
	groupDigits = 8
	keyNote     = `# Master key of a Grulden ledger.
# Whoever has this file and the ledger can read all personal data in it; without
# this file nobody can. Keep a copy in another place, apart from the backups.
`
)

// CreateMasterKey makes a new master key and writes it to a file that only its
// owner can read. It never overwrites a file: the error then satisfies
// errors.Is(err, fs.ErrExist).
func CreateMasterKey(path string) error {
	var k MasterKey
	_, _ = rand.Read(k.key[:]) // never fails: it ends the process instead
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("make master key: %w", err)
	}
	if _, err := f.WriteString(keyNote + k.text() + "\n"); err != nil {
		_ = f.Close()
		return fmt.Errorf("make master key: %w", err)
	}
	if err := f.Sync(); err != nil {
		_ = f.Close()
		return fmt.Errorf("make master key: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("make master key: %w", err)
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes the names in a directory durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("make master key: %w", err)
	}
	if err := d.Sync(); err != nil {
		_ = d.Close()
		return fmt.Errorf("make master key: %w", err)
	}
	return d.Close()
}

// text is the key as nine groups of digits.
func (k MasterKey) text() string {
	id := k.id()
	digits := hex.EncodeToString(append(k.key[:], id[:]...))
	var groups []string
	for ; digits != ""; digits = digits[groupDigits:] {
		groups = append(groups, digits[:groupDigits])
	}
	return strings.Join(groups, "-")
}

// LoadMasterKey reads a master key file. It returns ErrMasterKeyOpen when others
// can read the file and ErrBadMasterKey when what is in it is not a master key;
// spaces, line ends, dashes and case do not matter. Errors never show the
// contents.
func LoadMasterKey(path string) (MasterKey, error) {
	info, err := os.Stat(path)
	if err != nil {
		return MasterKey{}, fmt.Errorf("master key: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return MasterKey{}, fmt.Errorf("%w: %s has mode %#o, want 0600", ErrMasterKeyOpen, path, info.Mode().Perm())
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return MasterKey{}, fmt.Errorf("master key: %w", err)
	}
	k, err := parseMasterKey(string(data))
	if err != nil {
		return MasterKey{}, fmt.Errorf("%w: %s", err, path)
	}
	return k, nil
}

// parseMasterKey reads the text of a master key file.
func parseMasterKey(text string) (MasterKey, error) {
	var digits strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "#") {
			digits.WriteString(strings.NewReplacer(" ", "", "\t", "", "\r", "", "\n", "", "-", "").Replace(line))
		}
	}
	raw, err := hex.DecodeString(digits.String())
	if err != nil || len(raw) != keySize+checkSize {
		return MasterKey{}, ErrBadMasterKey
	}
	k := MasterKey{[keySize]byte(raw[:keySize])}
	if k.id() != [checkSize]byte(raw[keySize:]) {
		return MasterKey{}, ErrBadMasterKey
	}
	return k, nil
}
