package vault

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"grulden/internal/store"
)

// place is a store on a real disk with a master key beside it.
type place struct {
	dir, keyFile string
	mk           MasterKey
}

func newPlace(t *testing.T) place {
	t.Helper()
	p := place{dir: filepath.Join(t.TempDir(), "store"), keyFile: filepath.Join(t.TempDir(), "master.key")}
	if err := store.Init(p.dir, store.Options{}); err != nil {
		t.Fatal(err)
	}
	p.mk = newMasterKey(t, p.keyFile)
	return p
}

func newMasterKey(t *testing.T, path string) MasterKey {
	t.Helper()
	if err := CreateMasterKey(path); err != nil {
		t.Fatal(err)
	}
	mk, err := LoadMasterKey(path)
	if err != nil {
		t.Fatal(err)
	}
	return mk
}

// open opens the store and the vault in it; done closes them.
func (p place) open(t *testing.T) (v *Vault, done func()) {
	t.Helper()
	db, err := store.Open(p.dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	v, err = New(db, p.mk)
	if err != nil {
		t.Fatal(err)
	}
	return v, func() {
		t.Helper()
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// filesWith lists the files of the store that contain the bytes.
func (p place) filesWith(t *testing.T, text []byte) []string {
	t.Helper()
	var with []string
	err := filepath.WalkDir(p.dir, func(path string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // deleted while we looked
		}
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil // deleted while we looked
		}
		if bytes.Contains(data, text) {
			with = append(with, e.Name())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return with
}

func mustPut(t *testing.T, v *Vault, s Subject, name, doc string) {
	t.Helper()
	if err := v.Put(s, name, []byte(doc)); err != nil {
		t.Fatal(err)
	}
}

func wantDoc(t *testing.T, v *Vault, s Subject, name, doc string) {
	t.Helper()
	got, ok, err := v.Get(s, name)
	if err != nil || !ok || string(got) != doc {
		t.Fatalf("Get(%s) = %q, %v, %v, want %q", name, got, ok, err, doc)
	}
}

func wantNoDoc(t *testing.T, v *Vault, s Subject, name string) {
	t.Helper()
	if got, ok, err := v.Get(s, name); err != nil || ok || got != nil {
		t.Fatalf("Get(%s) = %q, %v, %v, want nothing", name, got, ok, err)
	}
}

func TestDocumentsReadBack(t *testing.T) {
	p := newPlace(t)
	v, done := p.open(t)
	a, b := NewSubject(), NewSubject()
	mustPut(t, v, a, "contact", "first")
	mustPut(t, v, a, "contact", "second")
	mustPut(t, v, a, "notes", "")
	mustPut(t, v, b, "contact", "other")
	wantNoDoc(t, v, b, "notes")
	wantNoDoc(t, v, NewSubject(), "contact")
	done()
	v, done = p.open(t)
	defer done()
	wantDoc(t, v, a, "contact", "second")
	wantDoc(t, v, a, "notes", "")
	wantDoc(t, v, b, "contact", "other")
	var all []string
	if err := v.All(func(s Subject, name string, doc []byte) error {
		all = append(all, fmt.Sprintf("%v/%s=%s", s == a, name, doc))
		return nil
	}); err != nil || len(all) != 3 {
		t.Fatalf("All = %v, %v, want 3 documents", all, err)
	}
	var names []string
	if err := v.Docs(a, func(name string, doc []byte) error {
		names = append(names, name)
		return nil
	}); err != nil || strings.Join(names, " ") != "contact notes" {
		t.Fatalf("Docs = %v, %v", names, err)
	}
}

func TestNoPlaintextInAnyFile(t *testing.T) {
	p := newPlace(t)
	v, done := p.open(t)
	name, phone := "Zwaantje Proefpersoon", "+31600000000"
	s := NewSubject()
	mustPut(t, v, s, "contact", name)
	if err := v.SetLookup("phone", phone, []byte("value-to-find")); err != nil {
		t.Fatal(err)
	}
	done()
	v, done = p.open(t)
	mustPut(t, v, s, "notes", name+" again")
	if got, ok, err := v.Lookup("phone", phone); err != nil || !ok || string(got) != "value-to-find" {
		t.Fatalf("Lookup = %q, %v, %v", got, ok, err)
	}
	for _, text := range []string{name, phone, "value-to-find", string(p.mk.key[:])} {
		if with := p.filesWith(t, []byte(text)); len(with) > 0 {
			t.Errorf("%q is in %v", text, with)
		}
	}
	if with := p.filesWith(t, []byte("contact")); len(with) == 0 {
		t.Error("not even the name of a document is found: the search is wrong")
	}
	done()
}

// wrappedKey is all that, with the master key, opens a subject's documents.
func wrappedKey(t *testing.T, v *Vault, s Subject) []byte {
	t.Helper()
	wrapped, ok, err := v.db.Space(store.VaultKeys).Get(s[:])
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	return wrapped[checkSize:]
}

func TestErasedPersonIsGoneFromEveryFile(t *testing.T) {
	for name, reopen := range map[string]bool{"from logs": false, "from tables": true} {
		t.Run(name, func(t *testing.T) {
			p := newPlace(t)
			v, done := p.open(t)
			gone, stays := NewSubject(), NewSubject()
			for i := range 20 {
				mustPut(t, v, gone, fmt.Sprint("doc", i), "about the one who leaves")
				mustPut(t, v, stays, fmt.Sprint("doc", i), "about the one who stays")
			}
			if reopen {
				done()
				v, done = p.open(t)
			}
			wrapped := wrappedKey(t, v, gone)
			if len(p.filesWith(t, wrapped)) == 0 {
				t.Fatal("the wrapped key is not found even before: the search is wrong")
			}
			if err := v.Erase(gone); err != nil {
				t.Fatal(err)
			}
			wantNoDoc(t, v, gone, "doc0")
			if with := p.filesWith(t, wrapped); len(with) > 0 {
				t.Fatalf("the wrapped key is still in %v", with)
			}
			done()
			v, done = p.open(t)
			defer done()
			wantNoDoc(t, v, gone, "doc0")
			for i := range 20 {
				wantDoc(t, v, stays, fmt.Sprint("doc", i), "about the one who stays")
			}
			if err := v.All(func(s Subject, name string, _ []byte) error {
				if s != stays {
					return errors.New("found a document of somebody else")
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			if with := p.filesWith(t, wrapped); len(with) > 0 {
				t.Fatalf("the wrapped key is back in %v", with)
			}
		})
	}
}

func TestErasedPersonStaysErased(t *testing.T) {
	p := newPlace(t)
	v, done := p.open(t)
	defer done()
	s := NewSubject()
	mustPut(t, v, s, "contact", "somebody")
	for range 2 {
		if err := v.Erase(s); err != nil {
			t.Fatal(err)
		}
		if err := v.Put(s, "contact", []byte("again")); !errors.Is(err, ErrErased) {
			t.Fatalf("Put after Erase: %v, want ErrErased", err)
		}
		wantNoDoc(t, v, s, "contact")
	}
	b := v.NewBatch()
	b.Put(NewSubject(), "contact", []byte("a stranger"))
	b.Put(s, "contact", []byte("again"))
	if err := b.Commit(); !errors.Is(err, ErrErased) {
		t.Fatalf("batch for an erased person: %v, want ErrErased", err)
	}
	if err := v.All(func(Subject, string, []byte) error { return errors.New("half a batch was written") }); err != nil {
		t.Fatal(err)
	}
}

func TestInterruptedErasureIsFinishedByOpening(t *testing.T) {
	p := newPlace(t)
	v, done := p.open(t)
	s := NewSubject()
	mustPut(t, v, s, "contact", "somebody")
	wrapped := wrappedKey(t, v, s)
	done() // closing moves the key from the log to a table, where it stays
	v, done = p.open(t)
	// A purge that does not happen, as when the machine stops between the two
	// steps of an erasure.
	v.mu.Lock()
	sb := v.db.NewBatch()
	c := &change{v: v, b: sb}
	if err := c.erase(s); err != nil {
		t.Fatal(err)
	}
	if err := v.db.Commit(sb); err != nil {
		t.Fatal(err)
	}
	sb.Close()
	v.mu.Unlock()
	// What is on disk now is what the stopped machine finds again.
	crashed := place{dir: filepath.Join(t.TempDir(), "crashed"), mk: p.mk}
	if err := v.db.Checkpoint(crashed.dir); err != nil {
		t.Fatal(err)
	}
	done()
	p = crashed
	if len(p.filesWith(t, wrapped)) == 0 {
		t.Fatal("the wrapped key is already gone: the test tests nothing")
	}
	v, done = p.open(t)
	defer done()
	if with := p.filesWith(t, wrapped); len(with) > 0 {
		t.Fatalf("after opening again the wrapped key is still in %v", with)
	}
	if _, ok, err := v.db.Space(store.VaultKeys).Get(purgeKey); err != nil || ok {
		t.Fatalf("the note of an unfinished erasure stays: %v, %v", ok, err)
	}
	wantNoDoc(t, v, s, "contact")
}

func TestWrongMasterKeyIsNamedAtOnce(t *testing.T) {
	p := newPlace(t)
	v, done := p.open(t)
	s := NewSubject()
	mustPut(t, v, s, "contact", "somebody")
	done()
	db, err := store.Open(p.dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	other := newMasterKey(t, filepath.Join(t.TempDir(), "other.key"))
	if _, err := New(db, other); !errors.Is(err, ErrWrongMasterKey) {
		t.Fatalf("New with another master key: %v, want ErrWrongMasterKey", err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	v, done = p.open(t)
	defer done()
	wantDoc(t, v, s, "contact", "somebody")
}

// spoil changes one byte of the value at a key of the store.
func spoil(t *testing.T, db *store.DB, key []byte, at int) {
	t.Helper()
	val, ok, err := db.Get(key)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	b := db.NewBatch()
	defer b.Close()
	val[at] ^= 0x20
	b.Set(key, val)
	if err := db.Commit(b); err != nil {
		t.Fatal(err)
	}
}

func TestEveryFlippedByteIsNoticed(t *testing.T) {
	p := newPlace(t)
	v, done := p.open(t)
	defer done()
	s := NewSubject()
	mustPut(t, v, s, "contact", "somebody")
	if err := v.SetLookup("phone", "123", []byte("value")); err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct {
		key  []byte
		read func() error
	}{
		"document": {full(store.VaultDocs, docKey(s, "contact")), func() error { _, _, err := v.Get(s, "contact"); return err }},
		"key":      {full(store.VaultKeys, s[:]), func() error { _, _, err := v.Get(s, "contact"); return err }},
		"lookup":   {full(store.Lookups, v.place("phone", "123")), func() error { _, _, err := v.Lookup("phone", "123"); return err }},
		"root":     {full(store.VaultKeys, rootKey), func() error { _, err := New(v.db, p.mk); return err }},
	} {
		val, _, err := v.db.Get(c.key)
		if err != nil {
			t.Fatal(err)
		}
		for at := range val {
			spoil(t, v.db, c.key, at)
			err := c.read()
			wrongKey := at < checkSize && errors.Is(err, ErrWrongMasterKey) // the id of the master key
			if !errors.Is(err, ErrDamaged) && !wrongKey {
				t.Errorf("byte %d of %s changed: %v, want ErrDamaged", at, what, err)
			}
			spoil(t, v.db, c.key, at) // back again
		}
		if err := c.read(); err != nil {
			t.Fatalf("%s undamaged: %v", what, err)
		}
	}
}

func TestCiphertextInAnotherPlaceIsNoticed(t *testing.T) {
	p := newPlace(t)
	v, done := p.open(t)
	defer done()
	a, b := NewSubject(), NewSubject()
	mustPut(t, v, a, "contact", "a's contact")
	mustPut(t, v, a, "notes", "a's notes")
	mustPut(t, v, b, "contact", "b's contact")
	move := func(from, to []byte) {
		val, ok, err := v.db.Get(from)
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		sb := v.db.NewBatch()
		defer sb.Close()
		sb.Set(to, val)
		if err := v.db.Commit(sb); err != nil {
			t.Fatal(err)
		}
	}
	move(full(store.VaultDocs, docKey(a, "notes")), full(store.VaultDocs, docKey(a, "contact")))
	if _, _, err := v.Get(a, "contact"); !errors.Is(err, ErrDamaged) {
		t.Errorf("notes in the place of contact: %v, want ErrDamaged", err)
	}
	move(full(store.VaultKeys, a[:]), full(store.VaultKeys, b[:]))
	if _, _, err := v.Get(b, "contact"); !errors.Is(err, ErrDamaged) {
		t.Errorf("a's key in the place of b's: %v, want ErrDamaged", err)
	}
}

func TestMissingFirstKeyIsNotMadeAnew(t *testing.T) {
	p := newPlace(t)
	v, done := p.open(t)
	defer done()
	mustPut(t, v, NewSubject(), "contact", "somebody")
	if err := v.db.Space(store.VaultKeys).Delete(rootKey); err != nil {
		t.Fatal(err)
	}
	if _, err := New(v.db, p.mk); !errors.Is(err, ErrDamaged) {
		t.Fatalf("New: %v, want ErrDamaged", err)
	}
}

func TestLookupsKeepKindsAndTextsApart(t *testing.T) {
	p := newPlace(t)
	v, done := p.open(t)
	set := func(kind, text, value string) {
		t.Helper()
		if err := v.SetLookup(kind, text, []byte(value)); err != nil {
			t.Fatal(err)
		}
	}
	set("phone", "123", "1")
	set("iban", "123", "2")
	set("phone1", "23", "3")
	set("phone", "", "4")
	set("phone", "123", "5")
	if err := v.DeleteLookup("iban", "123"); err != nil {
		t.Fatal(err)
	}
	hash := v.HMAC16("bank", "reference")
	done()
	v, done = p.open(t)
	defer done()
	for _, c := range []struct {
		kind, text, want string
	}{{"phone", "123", "5"}, {"iban", "123", ""}, {"phone1", "23", "3"}, {"phone", "", "4"}, {"phon", "e123", ""}} {
		got, ok, err := v.Lookup(c.kind, c.text)
		if err != nil || ok != (c.want != "") || string(got) != c.want {
			t.Errorf("Lookup(%q, %q) = %q, %v, %v, want %q", c.kind, c.text, got, ok, err, c.want)
		}
	}
	if v.HMAC16("bank", "reference") != hash {
		t.Error("HMAC16 is another one after reopening")
	}
	if v.HMAC16("ban", "kreference") == hash || v.HMAC16("bank", "referencf") == hash {
		t.Error("HMAC16 does not keep texts apart")
	}
	q := newPlace(t)
	w, doneW := q.open(t)
	defer doneW()
	if w.HMAC16("bank", "reference") == hash {
		t.Error("HMAC16 is the same in two ledgers")
	}
}

func TestBatchIsAllOrNothingAndErasesTogether(t *testing.T) {
	p := newPlace(t)
	v, done := p.open(t)
	defer done()
	leaves := NewSubject()
	mustPut(t, v, leaves, "contact", "somebody")
	if err := v.SetLookup("phone", "123", leaves[:]); err != nil {
		t.Fatal(err)
	}
	b := v.NewBatch()
	comes := NewSubject()
	b.Put(comes, "contact", []byte("one"))
	b.Put(comes, "notes", []byte("two"))
	b.Put(comes, "draft", []byte("three"))
	b.Delete(comes, "draft")
	b.SetLookup("phone", "456", comes[:])
	b.DeleteLookup("phone", "123")
	b.Erase(leaves)
	if b.Len() != 7 {
		t.Fatalf("Len() = %d, want 7", b.Len())
	}
	if err := b.Commit(); err != nil {
		t.Fatal(err)
	}
	wantDoc(t, v, comes, "contact", "one")
	wantDoc(t, v, comes, "notes", "two")
	wantNoDoc(t, v, comes, "draft")
	wantNoDoc(t, v, leaves, "contact")
	if _, ok, err := v.Lookup("phone", "123"); ok || err != nil {
		t.Fatalf("lookup of the erased person: %v, %v", ok, err)
	}
	if got, ok, err := v.Lookup("phone", "456"); !ok || err != nil || Subject(got) != comes {
		t.Fatalf("lookup = %v, %v, %v", got, ok, err)
	}
	b = v.NewBatch()
	b.Put(comes, "contact", []byte("new"))
	b.Erase(comes)
	if err := b.Commit(); !errors.Is(err, ErrErased) {
		t.Fatalf("Put and Erase in one batch: %v, want ErrErased", err)
	}
	wantDoc(t, v, comes, "contact", "one")
}

func TestTwoFirstDocumentsAtOnceShareOneKey(t *testing.T) {
	p := newPlace(t)
	v, done := p.open(t)
	defer done()
	s := NewSubject()
	errs := make(chan error)
	for i := range 8 {
		go func() { errs <- v.Put(s, fmt.Sprint("doc", i), []byte("text")) }()
	}
	for range 8 {
		if err := <-errs; err != nil {
			t.Fatal(err)
		}
	}
	for i := range 8 {
		wantDoc(t, v, s, fmt.Sprint("doc", i), "text")
	}
}

func BenchmarkBatchOf1000Labels(b *testing.B) {
	dir := filepath.Join(b.TempDir(), "store")
	keyFile := filepath.Join(b.TempDir(), "master.key")
	if err := errors.Join(store.Init(dir, store.Options{}), CreateMasterKey(keyFile)); err != nil {
		b.Fatal(err)
	}
	mk, err := LoadMasterKey(keyFile)
	if err != nil {
		b.Fatal(err)
	}
	db, err := store.Open(dir, store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	v, err := New(db, mk)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		batch := v.NewBatch()
		for range 1000 {
			batch.Put(NewSubject(), "label", []byte("somebody's name"))
		}
		if err := batch.Commit(); err != nil {
			b.Fatal(err)
		}
	}
}
