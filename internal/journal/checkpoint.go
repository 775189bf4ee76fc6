package journal

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// maxCheckpoint bounds a checkpoint in bytes: head, extension lines and a
// hundred signatures fit.
const maxCheckpoint = 64 << 10

// ErrBadCheckpoint: bytes are not a checkpoint of this journal with a valid
// signature.
var ErrBadCheckpoint = errors.New("not a valid checkpoint")

// ErrBadKey: bytes are not a signing key of this journal.
var ErrBadKey = errors.New("not a valid signing key")

// Key signs the checkpoints of one journal with Ed25519.
type Key struct {
	signer   note.Signer
	verifier note.Verifier
	public   string
}

// Origin is the name under which the journal of a ledger signs:
// "grulden/" and the id of the ledger.
func Origin(ledgerID string) string { return "grulden/" + ledgerID }

// CreateKey makes a signing key for origin and keeps it in the named file. It
// never overwrites a file.
func CreateKey(f Files, name, origin string) (*Key, error) {
	if _, err := f.ReadFile(name); !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("signing key %s: %w", name, fs.ErrExist)
	}
	secret, _, err := note.GenerateKey(rand.Reader, origin)
	if err != nil {
		return nil, fmt.Errorf("make signing key: %w", err)
	}
	k, err := parseKey(secret, origin)
	if err != nil {
		return nil, err
	}
	return k, f.WriteFile(name, []byte(secret+"\n"))
}

// LoadKey reads the signing key of origin from the named file.
func LoadKey(f Files, name, origin string) (*Key, error) {
	data, err := f.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("signing key: %w", err)
	}
	k, err := parseKey(strings.TrimSuffix(string(data), "\n"), origin)
	if err != nil {
		return nil, fmt.Errorf("signing key %s: %w", name, err)
	}
	return k, nil
}

// parseKey reads the text of a secret key,
// PRIVATE+KEY+<origin>+<hash>+<base64 of algorithm byte and seed>, and derives
// the public key. Errors never show the text.
func parseKey(secret, origin string) (*Key, error) {
	signer, err := note.NewSigner(secret)
	if err != nil {
		return nil, ErrBadKey
	}
	if signer.Name() != origin {
		return nil, fmt.Errorf("%w: it is of %s, not of %s", ErrBadKey, signer.Name(), origin)
	}
	fields := strings.SplitN(secret, "+", 5) // as many as NewSigner found
	seed, err := base64.StdEncoding.DecodeString(fields[4])
	if err != nil || len(seed) != 1+ed25519.SeedSize {
		return nil, ErrBadKey
	}
	public := ed25519.NewKeyFromSeed(seed[1:]).Public().(ed25519.PublicKey)
	text, err := note.NewEd25519VerifierKey(origin, public)
	if err != nil {
		return nil, ErrBadKey
	}
	verifier, err := note.NewVerifier(text)
	if err != nil {
		return nil, ErrBadKey
	}
	return &Key{signer, verifier, text}, nil
}

// Public is the public key as text, <origin>+<hash>+<base64>, as others need it
// to verify checkpoints.
func (k *Key) Public() string { return k.public }

// Sign is the signed checkpoint of a head, in the form of C2SP tlog-checkpoint.
func (k *Key) Sign(h Head) ([]byte, error) {
	text := fmt.Sprintf("%s\n%d\n%s\n", k.signer.Name(), h.Size, tlog.Hash(h.Root))
	data, err := note.Sign(&note.Note{Text: text}, k.signer)
	if err != nil {
		return nil, fmt.Errorf("sign checkpoint: %w", err)
	}
	return data, nil
}

// Verify reads a checkpoint that this key signed.
func (k *Key) Verify(checkpoint []byte) (Head, error) {
	return verify(checkpoint, k.verifier)
}

// VerifyCheckpoint reads a checkpoint that the holder of the public key, a text
// as Key.Public gives it, signed.
func VerifyCheckpoint(checkpoint []byte, public string) (Head, error) {
	v, err := note.NewVerifier(public)
	if err != nil {
		return Head{}, fmt.Errorf("%w: public key: %v", ErrBadKey, err)
	}
	return verify(checkpoint, v)
}

// verify checks the signature of a checkpoint and reads its text.
func verify(checkpoint []byte, v note.Verifier) (Head, error) {
	if len(checkpoint) > maxCheckpoint {
		return Head{}, fmt.Errorf("%w: too long", ErrBadCheckpoint)
	}
	n, err := note.Open(checkpoint, note.VerifierList(v))
	if err != nil {
		return Head{}, fmt.Errorf("%w: %v", ErrBadCheckpoint, err)
	}
	return parseCheckpoint(n.Text, v.Name())
}

// parseCheckpoint reads the signed text: origin, size, root, and extension lines
// that a later version may add.
func parseCheckpoint(text, origin string) (Head, error) {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if len(lines) < 3 || !strings.HasSuffix(text, "\n") {
		return Head{}, fmt.Errorf("%w: too few lines", ErrBadCheckpoint)
	}
	if lines[0] != origin {
		return Head{}, fmt.Errorf("%w: it is of another ledger", ErrBadCheckpoint)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64) // tlog counts in int64
	if err != nil || size < 0 || lines[1] != strconv.FormatInt(size, 10) {
		return Head{}, fmt.Errorf("%w: bad size", ErrBadCheckpoint)
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil || root.String() != lines[2] {
		return Head{}, fmt.Errorf("%w: bad root hash", ErrBadCheckpoint)
	}
	for _, line := range lines[3:] {
		if line == "" {
			return Head{}, fmt.Errorf("%w: empty extension line", ErrBadCheckpoint)
		}
	}
	return Head{Size: uint64(size), Root: root}, nil
}

// WriteCheckpoint signs head and durably replaces the checkpoint in the named
// file. It refuses to go back: ErrBehind when the file is of a longer journal,
// ErrForked when it is of another one of the same length.
func WriteCheckpoint(f Files, name string, k *Key, head Head) error {
	last, err := ReadCheckpoint(f, name, k)
	switch {
	case errors.Is(err, fs.ErrNotExist): // the first one
	case err != nil:
		return err
	case last.Size > head.Size:
		return fmt.Errorf("%w: it has %d records, the checkpoint %d", ErrBehind, head.Size, last.Size)
	case last == head:
		return nil
	case last.Size == head.Size:
		return fmt.Errorf("%w: at %d records", ErrForked, last.Size)
	}
	data, err := k.Sign(head)
	if err != nil {
		return err
	}
	if err := f.WriteFile(name, data); err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	return nil
}

// ReadCheckpoint reads and verifies the checkpoint in the named file. The error
// of a missing file satisfies errors.Is(err, fs.ErrNotExist).
func ReadCheckpoint(f Files, name string, k *Key) (Head, error) {
	data, err := f.ReadFile(name)
	if err != nil {
		return Head{}, fmt.Errorf("checkpoint: %w", err)
	}
	head, err := k.Verify(data)
	if err != nil {
		return Head{}, fmt.Errorf("%s: %w", name, err)
	}
	return head, nil
}
