package foureyes

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/internal/logbook"
	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/internal/store"
	"grulden/internal/vault"
	"grulden/ledger"
)

var ctx = context.Background()

// gift is what the proposals of these tests are about.
type gift struct {
	Cents ledger.Cents `json:"cents"`
}

// wijk is a ledger with a resident, two treasurers and a member of the board.
type wijk struct {
	t      *testing.T
	fs     vfs.FS
	master vault.MasterKey
	now    time.Time

	node   *node.Node
	people *people.Directory
	book   *logbook.Book
	desk   *Desk
	broken error // what doing it fails with

	anna, first, second, board people.ID
	account                    ledger.AccountID
}

func newWijk(t *testing.T) *wijk { return newWijkOn(t, vfs.NewMem()) }

func newWijkOn(t *testing.T, fs vfs.FS) *wijk {
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
	for _, p := range []struct {
		id   *people.ID
		role people.Role
	}{{&w.anna, people.Resident}, {&w.first, people.Treasurer}, {&w.second, people.Treasurer}, {&w.board, people.Board}} {
		added, _, err := w.people.Add(people.Person{ID: people.NewID(), Role: p.role, Name: "Iemand"}, "", w.now)
		must(t, err)
		if *p.id = added.ID; p.role == people.Resident {
			w.account = added.Account
			w.do(ledger.Open{Account: added.Account, Owner: added.Owner, Role: "resident"})
		}
	}
	t.Cleanup(func() { must(t, w.node.Close()) })
	return w
}

func (w *wijk) options() node.Options {
	return node.Options{
		Clock: func() time.Time { return w.now },
		Store: store.Options{FS: w.fs, MinFreeBytes: 1, Exit: func(reason string) { panic(reason) }},
	}
}

// open opens the ledger. A gift is issued; more than 100.00 is never possible.
func (w *wijk) open() {
	w.t.Helper()
	var err error
	w.node, err = node.Open("wijk", w.options())
	must(w.t, err)
	v, err := vault.New(w.node.Store(), w.master)
	must(w.t, err)
	w.people = people.New(v)
	w.book, err = logbook.New(w.node, v)
	must(w.t, err)
	w.desk, err = New(w.node, v, w.people, w.book)
	must(w.t, err)
	w.desk.Register("gift", Rule{
		First: []people.Role{people.Treasurer}, Second: []people.Role{people.Treasurer, people.Board},
		Check: func(_ context.Context, p *Proposal) error {
			var g gift
			if err := p.Into(&g); err != nil || g.Cents <= 0 {
				return errors.Join(err, errors.New("no gift"))
			}
			return nil
		},
		Do: func(ctx context.Context, p *Proposal) error {
			var g gift
			if err := p.Into(&g); err != nil {
				return err
			}
			if g.Cents > 100_00 {
				return Impossible(errors.New("too much"))
			}
			if w.broken != nil {
				return w.broken
			}
			_, err := w.node.Submit(ctx, node.Request{Auth: p.Auth(), Key: p.Key(), Command: ledger.Issue{To: w.account, Amount: g.Cents}})
			return err
		},
	})
}

func (w *wijk) do(cmd ledger.Command) {
	w.t.Helper()
	r, err := w.node.Submit(ctx, node.Request{Auth: record.Auth{How: record.ByOperator}, Command: cmd})
	if err != nil || r.Result != ledger.Applied {
		w.t.Fatalf("%T: %v %v", cmd, r.Result, err)
	}
}

func (w *wijk) propose(cents ledger.Cents) *Proposal {
	w.t.Helper()
	p, err := w.desk.Propose(ctx, w.first, Draft{Kind: "gift", Person: w.anna, Body: gift{cents}, Why: "verjaardag"})
	must(w.t, err)
	return p
}

// issued is all that was ever issued.
func (w *wijk) issued() (cents ledger.Cents) {
	w.t.Helper()
	must(w.t, w.node.Read(func(v *node.View) error {
		cents = v.Head().Issued
		return nil
	}))
	return cents
}

// acts are the kinds of what the logbook has, the oldest first.
func (w *wijk) acts() (kinds []logbook.Kind) {
	w.t.Helper()
	all, err := w.book.List(0, 100)
	must(w.t, err)
	for _, e := range all {
		kinds = append(kinds, e.Kind)
	}
	slices.Reverse(kinds)
	return kinds
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestWhatTwoPeopleWantIsDoneOnce(t *testing.T) {
	w := newWijk(t)
	p := w.propose(5_00)
	if w.issued() != 0 {
		t.Fatal("done before anybody approved")
	}
	for range 2 {
		done, err := w.desk.Approve(ctx, w.second, p.ID, p.Hash)
		must(t, err)
		if done.State != Done || done.Second != w.second {
			t.Errorf("%+v", done)
		}
	}
	if w.issued() != 5_00 {
		t.Errorf("issued %v", w.issued())
	}
	must(t, w.node.Read(func(v *node.View) error {
		history, err := v.History(w.account, 0, 1)
		if err == nil && (history[0].Auth.How != record.ByTwo || history[0].Auth.By != record.ActorID(w.second)) {
			t.Errorf("the journal says %+v", history[0].Auth)
		}
		return err
	}))
	if got, want := w.acts(), []logbook.Kind{"proposed", "approved", "done"}; !slices.Equal(got, want) {
		t.Errorf("the logbook has %v", got)
	}
	if open, err := w.desk.Open(); err != nil || len(open) != 0 {
		t.Errorf("%v %v", open, err)
	}
}

func TestNobodyApprovesAlone(t *testing.T) {
	w := newWijk(t)
	p := w.propose(5_00)
	stopped, _, err := w.people.Add(people.Person{ID: people.NewID(), Role: people.Board, Name: "Oud"}, "", w.now)
	must(t, err)
	must(t, w.people.Stop(stopped.ID, true))
	about, err := w.desk.Propose(ctx, w.first, Draft{Kind: "gift", Person: w.second, Body: gift{1_00}})
	must(t, err)
	for name, c := range map[string]struct {
		by   people.ID
		of   *Proposal
		hash string
		want error
	}{
		"who proposed it":             {w.first, p, p.Hash, ErrSamePerson},
		"a resident":                  {w.anna, p, p.Hash, ErrRole},
		"somebody unknown":            {people.ID{1}, p, p.Hash, ErrRole},
		"somebody who was stopped":    {stopped.ID, p, p.Hash, ErrRole},
		"somebody who saw other text": {w.second, p, hashOf("gift", w.anna, []byte(`{"cents":1}`)), ErrChanged},
		"whom it is about":            {w.second, about, about.Hash, ErrOwnCase},
		"of no proposal":              {w.second, &Proposal{ID: ID{1}}, "", ErrUnknown},
	} {
		if _, err := w.desk.Approve(ctx, c.by, c.of.ID, c.hash); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := w.desk.Refuse(ctx, w.first, p.ID, ""); !errors.Is(err, ErrSamePerson) {
		t.Errorf("refused by who proposed it: %v", err)
	}
	if err := w.desk.Withdraw(ctx, w.second, p.ID); !errors.Is(err, ErrRole) {
		t.Errorf("withdrawn by another: %v", err)
	}
	if _, err := w.desk.Propose(ctx, w.board, Draft{Kind: "gift", Body: gift{1}}); !errors.Is(err, ErrRole) {
		t.Errorf("proposed by a role that may not: %v", err)
	}
	if _, err := w.desk.Propose(ctx, w.first, Draft{Kind: "gift", Body: gift{-1}}); err == nil {
		t.Error("a proposal that cannot be done was taken")
	}
	if w.issued() != 0 || !slices.Equal(w.acts(), []logbook.Kind{"proposed", "proposed"}) {
		t.Errorf("issued %v, acts %v", w.issued(), w.acts())
	}
}

func TestWhatWasRefusedOrWithdrawnIsNeverDone(t *testing.T) {
	w := newWijk(t)
	refused, withdrawn := w.propose(5_00), w.propose(6_00)
	must(t, w.desk.Refuse(ctx, w.board, refused.ID, "te veel"))
	must(t, w.desk.Withdraw(ctx, w.first, withdrawn.ID))
	for _, p := range []*Proposal{refused, withdrawn} {
		if _, err := w.desk.Approve(ctx, w.second, p.ID, p.Hash); !errors.Is(err, ErrDecided) {
			t.Errorf("%v", err)
		}
	}
	if p, err := w.desk.Proposal(refused.ID); err != nil || p.Answer != "te veel" || p.State != Refused {
		t.Errorf("%+v %v", p, err)
	}
	if w.issued() != 0 {
		t.Errorf("issued %v", w.issued())
	}
}

func TestWhatCannotBeDoneEndsAndTheRestIsTriedAgain(t *testing.T) {
	w := newWijk(t)
	never := w.propose(200_00)
	if p, err := w.desk.Approve(ctx, w.second, never.ID, never.Hash); err == nil || p.State != Failed || p.Failure != "too much" {
		t.Errorf("%+v %v", p, err)
	}
	later := w.propose(7_00)
	w.broken = errors.New("the disk is full")
	if p, err := w.desk.Approve(ctx, w.second, later.ID, later.Hash); !errors.Is(err, w.broken) || p.State != Approved {
		t.Errorf("%+v %v", p, err)
	}
	must(t, w.node.Close())
	w.broken = nil
	w.open()
	must(t, w.desk.Resume(ctx))
	if p, err := w.desk.Proposal(later.ID); err != nil || p.State != Done || w.issued() != 7_00 {
		t.Errorf("%+v %v, issued %v", p, err, w.issued())
	}
	must(t, w.desk.Resume(ctx))
	want := []logbook.Kind{"proposed", "approved", "failed", "proposed", "approved", "done"}
	if got := w.acts(); !slices.Equal(got, want) || w.issued() != 7_00 {
		t.Errorf("acts %v, issued %v", got, w.issued())
	}
}
