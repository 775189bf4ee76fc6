package vault

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestMasterKeyFileIsPrivateAndNeverOverwritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "master.key")
	mk := newMasterKey(t, path)
	if fi, err := os.Stat(path); err != nil || fi.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v (%v), want 0600", fi.Mode(), err)
	}
	if err := CreateMasterKey(path); !errors.Is(err, fs.ErrExist) {
		t.Fatalf("second CreateMasterKey: %v, want ErrExist", err)
	}
	again, err := LoadMasterKey(path)
	if err != nil || again != mk {
		t.Fatalf("key changed (%v)", err)
	}
	if newMasterKey(t, filepath.Join(t.TempDir(), "k")) == mk {
		t.Fatal("two new keys are the same")
	}
}

func TestMasterKeyCanBeCopiedByHand(t *testing.T) {
	path := filepath.Join(t.TempDir(), "master.key")
	mk := newMasterKey(t, path)
	text := mk.text()
	for name, copied := range map[string]string{
		"as it is":        text,
		"in capitals":     strings.ToUpper(text) + "\r\n",
		"without dashes":  strings.ReplaceAll(text, "-", ""),
		"over two lines":  text[:40] + "\n  " + text[40:] + "\n\n",
		"with a comment":  "# mine\n" + text + "\n# end",
		"spaces, no dash": strings.ReplaceAll(text, "-", " "),
	} {
		if got, err := parseMasterKey(copied); err != nil || got != mk {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestMistypedMasterKeyIsRefusedWithoutShowingIt(t *testing.T) {
	path := filepath.Join(t.TempDir(), "master.key")
	text := newMasterKey(t, path).text()
	for at := range text {
		typo := []byte(text)
		if typo[at]++; typo[at] == ':' || typo[at] == 'g' {
			typo[at] = '0'
		}
		if err := os.WriteFile(path, typo, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := LoadMasterKey(path)
		if !errors.Is(err, ErrBadMasterKey) {
			t.Errorf("character %d mistyped: %v, want ErrBadMasterKey", at, err)
		}
		if strings.Contains(fmt.Sprint(err), text[:8]) {
			t.Errorf("error shows the key: %v", err)
		}
	}
	for _, bad := range []string{"", "#", text[:len(text)-1], text + "0", text + text} {
		if _, err := parseMasterKey(bad); !errors.Is(err, ErrBadMasterKey) {
			t.Errorf("%d characters: %v, want ErrBadMasterKey", len(bad), err)
		}
	}
}

func TestMasterKeyThatOthersCanReadIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "master.key")
	newMasterKey(t, path)
	for mode, refused := range map[os.FileMode]bool{0o600: false, 0o400: false, 0o640: true, 0o604: true, 0o660: true} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := LoadMasterKey(path); errors.Is(err, ErrMasterKeyOpen) != refused {
			t.Errorf("mode %v: %v, want refused: %v", mode, err, refused)
		}
	}
	if _, err := LoadMasterKey(filepath.Join(t.TempDir(), "nothing")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v, want ErrNotExist", err)
	}
}

func TestMasterKeyNeverPrintsItself(t *testing.T) {
	mk := newMasterKey(t, filepath.Join(t.TempDir(), "master.key"))
	secret := mk.text()[:8]
	raw := fmt.Sprint(mk.key)[1:20]
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		out := fmt.Sprintf(format, mk) + fmt.Sprintf(format, &mk) + fmt.Sprintf(format, struct{ K MasterKey }{mk})
		if strings.Contains(strings.ToLower(out), secret) || strings.Contains(out, raw) {
			t.Errorf("%s shows the key: %s", format, out)
		}
	}
}

func FuzzParseMasterKey(f *testing.F) {
	f.Add(MasterKey{}.text())
	f.Add(keyNote)
	f.Add("--- \n#")
	f.Fuzz(func(t *testing.T, text string) {
		k, err := parseMasterKey(text)
		if err != nil {
			return
		}
		if again, err := parseMasterKey(k.text()); err != nil || again != k {
			t.Fatalf("%q reads as a key that does not read back", text)
		}
	})
}
