package logbook

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/internal/store"
	"grulden/internal/testwijk"
	"grulden/internal/vault"
	"grulden/ledger"
)

var (
	ctx  = context.Background()
	desk = people.ID{15: 7}
)

// wijk is a ledger with one resident.
type wijk struct {
	t      *testing.T
	fs     vfs.FS
	master vault.MasterKey
	now    time.Time

	node   *node.Node
	vault  *vault.Vault
	people *people.Directory
	book   *Book
	anna   people.Person
}

func newWijk(t *testing.T, fs vfs.FS) *wijk {
	t.Helper()
	w := &wijk{t: t, fs: fs, now: time.Date(2026, 4, 2, 10, 0, 0, 0, time.UTC)}
	path := filepath.Join(t.TempDir(), "master.key")
	must(t, vault.CreateMasterKey(path))
	var err error
	w.master, err = vault.LoadMasterKey(path)
	must(t, err)
	must(t, node.Init("wijk", node.Settings{Coin: "Grulden", Wijk: "Voorbeeld"}, w.options().Store))
	w.open()
	w.do(ledger.SetPolicy{Policy: ledger.DefaultPolicy()})
	w.anna, _, err = w.people.Add(people.Person{ID: people.NewID(), Role: people.Resident, Name: "Bewoner 1"}, "", w.now)
	must(t, err)
	w.do(ledger.Open{Account: w.anna.Account, Owner: w.anna.Owner, Role: "resident"})
	t.Cleanup(func() { must(t, w.node.Close()) })
	return w
}

func (w *wijk) options() node.Options {
	return node.Options{
		Clock: func() time.Time { return w.now },
		Store: store.Options{FS: w.fs, MinFreeBytes: 1, Exit: func(reason string) { panic(reason) }},
	}
}

func (w *wijk) open() {
	w.t.Helper()
	var err error
	w.node, err = node.Open("wijk", w.options())
	must(w.t, err)
	w.vault, err = vault.New(w.node.Store(), w.master)
	must(w.t, err)
	w.people = people.New(w.vault)
	w.book, err = New(w.node, w.vault)
	must(w.t, err)
}

func (w *wijk) do(cmd ledger.Command) {
	w.t.Helper()
	r, err := w.node.Submit(ctx, node.Request{Auth: record.Auth{How: record.ByOperator}, Command: cmd})
	if err != nil || r.Result != ledger.Applied {
		w.t.Fatalf("%T: %v %v", cmd, r.Result, err)
	}
}

// blocked enters that Anna was blocked.
func (w *wijk) blocked(id ledger.ID) Entry {
	w.t.Helper()
	e, err := w.book.Record(ctx, Entry{
		ID: id, By: desk, Kind: "blocked", Person: w.anna.ID, Account: w.anna.Account,
		Why: "lost", Note: "aan de balie", Facts: []Fact{{"card", "2"}},
	})
	must(w.t, err)
	return e
}

func (w *wijk) check() Checked {
	w.t.Helper()
	c, err := w.book.Check()
	must(w.t, err)
	return c
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAnActIsEnteredOnceAndCanBeReadBack(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	first := w.blocked(ledger.ID{1})
	again, err := w.book.Record(ctx, Entry{ID: ledger.ID{1}, By: desk, Kind: "blocked", Person: w.anna.ID, Account: w.anna.Account, Why: "other words"})
	must(t, err)
	for _, other := range []Entry{{By: desk, Kind: "blocked"}, {By: people.ID{1}, Kind: "blocked", Person: w.anna.ID, Account: w.anna.Account}} {
		other.ID = ledger.ID{1}
		if _, err := w.book.Record(ctx, other); !errors.Is(err, ErrTaken) {
			t.Errorf("%+v stands in the place of another act: %v", other, err)
		}
	}
	if again.Seq != first.Seq || again.Kind != "blocked" || again.Why != "lost" {
		t.Errorf("the same id entered %+v", again)
	}
	_, err = w.book.Record(ctx, Entry{Kind: "count"})
	must(t, err)
	all, err := w.book.List(0, 10)
	must(t, err)
	if len(all) != 2 || all[0].Kind != "count" || all[0].How != record.ByOperator || all[1].Fact("card") != "2" {
		t.Fatalf("%+v", all)
	}
	about, err := w.book.About(w.anna.ID, 0, 10)
	must(t, err)
	if len(about) != 1 || about[0].Why != "lost" || about[0].Note != "aan de balie" || about[0].By != desk || about[0].At.Sub(w.now) > time.Second {
		t.Errorf("%+v", about)
	}
	older, err := w.book.List(all[0].Seq, 10)
	must(t, err)
	if len(older) != 1 || older[0].Seq != first.Seq {
		t.Errorf("before the newest: %+v", older)
	}
	must(t, w.node.Read(func(v *node.View) error {
		history, err := v.History(w.anna.Account, 0, 1)
		if err == nil && (len(history) != 1 || history[0].Seq != first.Seq) {
			t.Errorf("her account's history does not show it: %v", history)
		}
		return err
	}))
	if c := w.check(); c.Entries != 2 || len(c.Faults) > 0 {
		t.Errorf("%+v", c)
	}
}

func TestAnActTheLedgerRefusesLeavesNothing(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	for _, e := range []Entry{{Kind: "Not a word"}, {Kind: "blocked", Account: 12345}} {
		_, err := w.book.Record(ctx, e)
		if refused := (*Refused)(nil); !errors.As(err, &refused) {
			t.Errorf("%+v: %v", e, err)
		}
	}
	if c := w.check(); c.Entries != 0 || len(c.Faults) > 0 {
		t.Errorf("%+v", c)
	}
	must(t, w.node.Close())
	w.open()
}

func TestTheWordsGoWithThePersonAndTheActStays(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	w.blocked(ledger.ID{1})
	must(t, w.people.Erase(w.anna.ID))
	_, err := w.book.Record(ctx, Entry{By: desk, Kind: "erased", Person: w.anna.ID})
	must(t, err)
	about, err := w.book.About(w.anna.ID, 0, 10)
	must(t, err)
	if len(about) != 2 || about[0].Erased || !about[1].Erased || about[1].Why != "" || about[1].Kind != "blocked" {
		t.Errorf("%+v", about)
	}
	if c := w.check(); c.Entries != 2 || c.Erased != 1 || len(c.Faults) > 0 {
		t.Errorf("%+v", c)
	}
}

// TestChangedLinesAreFound: somebody with the database and the key to names edits
// the logbook.
func TestChangedLinesAreFound(t *testing.T) {
	for name, change := range map[string]func(*wijk, Entry) error{
		"other words": func(w *wijk, e Entry) error {
			return w.vault.Put(w.anna.ID, docName(e.ID), []byte(`{"why":"theft"}`))
		},
		"no words": func(w *wijk, e Entry) error {
			b := w.vault.NewBatch()
			b.Delete(w.anna.ID, docName(e.ID))
			return b.Commit()
		},
		"no line": func(w *wijk, e Entry) error { return w.book.rows.Delete(seqKey(lineRow, e.Seq)) },
		"another's line": func(w *wijk, e Entry) error {
			l, err := w.book.lineAt(e.Seq)
			l.By = people.ID{1}
			return errors.Join(err, w.book.rows.Put(seqKey(lineRow, e.Seq), encode(t, l)))
		},
		"a line more": func(w *wijk, e Entry) error {
			l, err := w.book.lineAt(e.Seq)
			return errors.Join(err, w.book.rows.Put(seqKey(lineRow, 1), encode(t, l)), w.book.rows.Put(seqKey(lineRow, 99), encode(t, l)))
		},
	} {
		w := newWijk(t, vfs.NewMem())
		must(t, change(w, w.blocked(ledger.ID{1})))
		if c := w.check(); len(c.Faults) == 0 {
			t.Errorf("%s: not found", name)
		}
	}
}

// encode writes a line as it lies in the store.
func encode(t *testing.T, l line) []byte {
	t.Helper()
	row, err := json.Marshal(l)
	must(t, err)
	return row
}

// TestAPowerCutEntersAnActOnceOrNotAtAll cuts the power before every write to disk
// that entering an act makes; whoever was not told does it again.
func TestAPowerCutEntersAnActOnceOrNotAtAll(t *testing.T) {
	disk := testwijk.NewDisk()
	w := newWijk(t, disk.FS())
	disk.Begin()
	told := w.blocked(ledger.ID{1})
	cuts := append(disk.Cuts(), disk.Now())
	if len(cuts) < 4 {
		t.Fatalf("only %d writes", len(cuts))
	}
	for i, image := range cuts {
		other := &wijk{t: t, fs: image, master: w.master, now: w.now, anna: w.anna}
		other.open()
		all, err := other.book.List(0, 10)
		must(t, err)
		if last := i == len(cuts)-1; last && (len(all) != 1 || all[0].Seq != told.Seq) {
			t.Errorf("what was told is lost: %+v", all)
		}
		other.blocked(ledger.ID{1})
		all, err = other.book.List(0, 10)
		must(t, err)
		if c := other.check(); len(all) != 1 || c.Entries != 1 || len(c.Faults) > 0 {
			t.Errorf("cut %d: %d lines, %+v", i, len(all), c)
		}
		must(t, other.node.Close())
	}
}
