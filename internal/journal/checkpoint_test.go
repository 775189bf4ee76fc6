package journal

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
)

const (
	keyFile  = "journal.key"
	headFile = "checkpoint"
)

// files are those of a test.
type files map[string][]byte

func (f files) ReadFile(name string) ([]byte, error) {
	data, ok := f[name]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return bytes.Clone(data), nil
}

func (f files) WriteFile(name string, data []byte) error {
	f[name] = bytes.Clone(data)
	return nil
}

// newKey makes a signing key among files of its own.
func newKey(t testing.TB, ledger string) (files, *Key) {
	t.Helper()
	dir := files{}
	k, err := CreateKey(dir, keyFile, Origin(ledger))
	if err != nil {
		t.Fatal(err)
	}
	return dir, k
}

func TestCheckpointReadsBackVerified(t *testing.T) {
	dir, k := newKey(t, "a1b2")
	if _, err := ReadCheckpoint(dir, headFile, k); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("reading no checkpoint: %v, want ErrNotExist", err)
	}
	var tree Tree
	for range 5 {
		if err := WriteCheckpoint(dir, headFile, k, tree.Head()); err != nil {
			t.Fatal(err)
		}
		got, err := ReadCheckpoint(dir, headFile, k)
		if err != nil || got != tree.Head() {
			t.Fatalf("ReadCheckpoint = %v, %v, want %v", got, err, tree.Head())
		}
		tree.Append(Salt{}, []byte("record"))
	}
	again, err := LoadKey(dir, keyFile, Origin("a1b2"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ReadCheckpoint(dir, headFile, again); err != nil {
		t.Fatalf("key read back from its file: %v", err)
	}
	data, err := dir.ReadFile(headFile)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := VerifyCheckpoint(data, k.Public()); err != nil {
		t.Fatalf("public key: %v", err)
	}
}

// The text of the signed part is fixed by C2SP tlog-checkpoint.
func TestCheckpointHasTheC2SPForm(t *testing.T) {
	_, k := newKey(t, "a1b2")
	data, err := k.Sign(EmptyHead())
	if err != nil {
		t.Fatal(err)
	}
	want := "grulden/a1b2\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— grulden/a1b2 "
	if !strings.HasPrefix(string(data), want) {
		t.Fatalf("checkpoint is\n%s\nwant it to start with\n%s", data, want)
	}
}

func TestCheckpointNeverGoesBack(t *testing.T) {
	dir, k := newKey(t, "a1b2")
	tree, all := grow(4)
	if err := WriteCheckpoint(dir, headFile, k, tree.Head()); err != nil {
		t.Fatal(err)
	}
	older, err := LoadTree(3, all.read)
	if err != nil {
		t.Fatal(err)
	}
	if err := WriteCheckpoint(dir, headFile, k, older.Head()); !errors.Is(err, ErrBehind) {
		t.Errorf("shorter journal: %v, want ErrBehind", err)
	}
	other, _ := grow(4)
	if err := WriteCheckpoint(dir, headFile, k, other.Head()); !errors.Is(err, ErrForked) {
		t.Errorf("other journal: %v, want ErrForked", err)
	}
	if err := WriteCheckpoint(dir, headFile, k, tree.Head()); err != nil {
		t.Errorf("same head again: %v", err)
	}
	if got, err := ReadCheckpoint(dir, headFile, k); err != nil || got != tree.Head() {
		t.Errorf("checkpoint is now %v, %v", got, err)
	}
}

func TestEveryChangedByteOfACheckpointIsRefused(t *testing.T) {
	dir, k := newKey(t, "a1b2")
	tree, _ := grow(4)
	if err := WriteCheckpoint(dir, headFile, k, tree.Head()); err != nil {
		t.Fatal(err)
	}
	data, err := dir.ReadFile(headFile)
	if err != nil {
		t.Fatal(err)
	}
	// The last character of the signature carries bits that base64 ignores.
	ignored := bytes.LastIndexByte(data, '=') - 1
	for i := range data {
		if i == ignored {
			continue
		}
		bad := bytes.Clone(data)
		bad[i] ^= 1
		if err := dir.WriteFile(headFile, bad); err != nil {
			t.Fatal(err)
		}
		if h, err := ReadCheckpoint(dir, headFile, k); !errors.Is(err, ErrBadCheckpoint) {
			t.Fatalf("byte %d changed: %v, %v; want ErrBadCheckpoint", i, h, err)
		}
		if err := WriteCheckpoint(dir, headFile, k, tree.Head()); !errors.Is(err, ErrBadCheckpoint) {
			t.Fatalf("byte %d changed: WriteCheckpoint went over it: %v", i, err)
		}
	}
}

func TestCheckpointOfAnotherKeyIsRefused(t *testing.T) {
	_, k := newKey(t, "a1b2")
	_, sameName := newKey(t, "a1b2")
	_, otherName := newKey(t, "ffff")
	for name, signer := range map[string]*Key{"same ledger id": sameName, "other ledger id": otherName} {
		data, err := signer.Sign(EmptyHead())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := k.Verify(data); !errors.Is(err, ErrBadCheckpoint) {
			t.Errorf("%s: %v, want ErrBadCheckpoint", name, err)
		}
	}
}

// sign signs any text with the key.
func sign(t testing.TB, k *Key, text string) []byte {
	t.Helper()
	data, err := note.Sign(&note.Note{Text: text}, k.signer)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestWellSignedNonsenseIsRefused(t *testing.T) {
	_, k := newKey(t, "a1b2")
	root := "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
	for name, text := range map[string]string{
		"origin only":          "grulden/a1b2\n",
		"no root":              "grulden/a1b2\n0\n",
		"other origin":         "grulden/a1b3\n0\n" + root + "\n",
		"size with zero":       "grulden/a1b2\n00\n" + root + "\n",
		"size with sign":       "grulden/a1b2\n+1\n" + root + "\n",
		"size below zero":      "grulden/a1b2\n-1\n" + root + "\n",
		"size too large":       "grulden/a1b2\n9223372036854775808\n" + root + "\n",
		"size missing":         "grulden/a1b2\n\n" + root + "\n",
		"root too short":       "grulden/a1b2\n0\n47DEQpj8HBSa\n",
		"root padded":          "grulden/a1b2\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n",
		"empty extension line": "grulden/a1b2\n0\n" + root + "\n\nextension\n",
		"spaces":               "grulden/a1b2\n0 \n" + root + "\n",
	} {
		if h, err := k.Verify(sign(t, k, text)); !errors.Is(err, ErrBadCheckpoint) {
			t.Errorf("%s: %v, %v; want ErrBadCheckpoint", name, h, err)
		}
	}
	if h, err := k.Verify(sign(t, k, "grulden/a1b2\n0\n"+root+"\nextension\n")); err != nil || h != EmptyHead() {
		t.Errorf("extension line: %v, %v; want it ignored", h, err)
	}
	if _, err := k.Verify(bytes.Repeat([]byte("x"), maxCheckpoint+1)); !errors.Is(err, ErrBadCheckpoint) {
		t.Errorf("too long: %v, want ErrBadCheckpoint", err)
	}
}

func TestKeyFileIsNeverOverwritten(t *testing.T) {
	dir, k := newKey(t, "a1b2")
	if _, err := CreateKey(dir, keyFile, Origin("a1b2")); !errors.Is(err, fs.ErrExist) {
		t.Fatalf("second CreateKey: %v, want ErrExist", err)
	}
	again, err := LoadKey(dir, keyFile, Origin("a1b2"))
	if err != nil || again.Public() != k.Public() {
		t.Fatalf("LoadKey gave another key (%v)", err)
	}
}

func TestBrokenKeyFileIsRefusedWithoutShowingIt(t *testing.T) {
	dir, _ := newKey(t, "a1b2")
	good, err := dir.ReadFile(keyFile)
	if err != nil {
		t.Fatal(err)
	}
	secret := strings.SplitN(string(good), "+", 5)[4]
	if _, err := LoadKey(dir, keyFile, Origin("ffff")); !errors.Is(err, ErrBadKey) {
		t.Errorf("key of another ledger: %v, want ErrBadKey", err)
	}
	for i := range good {
		bad := bytes.Clone(good)
		bad[i] ^= 4
		if err := dir.WriteFile(keyFile, bad); err != nil {
			t.Fatal(err)
		}
		_, err := LoadKey(dir, keyFile, Origin("a1b2"))
		if !errors.Is(err, ErrBadKey) {
			t.Errorf("byte %d changed: %v, want ErrBadKey", i, err)
		}
		if err != nil && strings.Contains(err.Error(), secret[:8]) {
			t.Errorf("error shows the key: %v", err)
		}
	}
	if _, err := LoadKey(dir, "nothing", Origin("a1b2")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no key file: %v, want ErrNotExist", err)
	}
}

func FuzzVerifyCheckpoint(f *testing.F) {
	_, k := newKey(f, "a1b2")
	tree, _ := grow(3)
	good, err := k.Sign(tree.Head())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte("grulden/a1b2\n0\n\n— grulden/a1b2 AAAAAAAA\n"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		// Without the key nobody makes a checkpoint, so whatever passes is the
		// one that was signed, up to signatures of others.
		h, err := k.Verify(data)
		if err == nil && h != tree.Head() {
			t.Fatalf("forged checkpoint: %q", data)
		}
	})
}

func FuzzParseCheckpoint(f *testing.F) {
	f.Add("grulden/x\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")
	f.Add("grulden/x\n12\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nextra\n")
	f.Add("\n\n\n")
	f.Fuzz(func(t *testing.T, text string) {
		h, err := parseCheckpoint(text, "grulden/x")
		if err != nil {
			return
		}
		size, root, _ := strings.Cut(h.String(), " ")
		if want := fmt.Sprintf("grulden/x\n%s\n%s\n", size, root); !strings.HasPrefix(text, want) {
			t.Fatalf("%q read as %q", text, want)
		}
	})
}
