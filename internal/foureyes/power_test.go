package foureyes

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/internal/logbook"
	"grulden/internal/people"
	"grulden/internal/testwijk"
)

// after is the wijk as a power cut left it, started again.
func (w *wijk) after(cut vfs.FS) *wijk {
	other := *w
	other.fs = cut
	other.open()
	must(w.t, other.desk.Resume(ctx))
	return &other
}

// TestAPowerCutDoesWhatTwoPeopleWantOnce cuts the power before every write to disk
// of three proposals: one that is done, one refused and one withdrawn. Who was not
// told does it again.
func TestAPowerCutDoesWhatTwoPeopleWantOnce(t *testing.T) {
	disk := testwijk.NewDisk()
	w := newWijkOn(t, disk.FS())
	day := func(w *wijk) {
		var all []*Proposal
		for i, cents := range []int{5_00, 7_00, 9_00} {
			p, err := w.desk.Propose(ctx, w.first, Draft{ID: ID{byte(i + 1)}, Kind: "gift", Person: w.anna, Body: map[string]int{"cents": cents}})
			must(t, err)
			all = append(all, p)
		}
		done, err := w.desk.Approve(ctx, w.second, all[0].ID, all[0].Hash)
		must(t, err)
		if done.State != Done {
			t.Fatalf("%+v", done)
		}
		if err := w.desk.Refuse(ctx, w.board, all[1].ID, "nee"); err != nil && !errors.Is(err, ErrDecided) {
			t.Fatal(err)
		}
		if err := w.desk.Withdraw(ctx, w.first, all[2].ID); err != nil && !errors.Is(err, ErrDecided) {
			t.Fatal(err)
		}
	}
	disk.Begin()
	day(w)
	cuts := append(disk.Cuts(), disk.Now())
	if len(cuts) < 20 {
		t.Fatalf("only %d writes", len(cuts))
	}
	want := map[ID]State{{1}: Done, {2}: Refused, {3}: Withdrawn}
	acts := []logbook.Kind{"approved", "done", "proposed", "proposed", "proposed", "refused", "withdrawn"}
	for i, cut := range cuts {
		other := w.after(cut)
		if told := i == len(cuts)-1; told && other.issued() != 5_00 {
			t.Errorf("what was told is lost: issued %v", other.issued())
		}
		day(other)
		all, err := other.desk.List(10)
		must(t, err)
		for _, p := range all {
			if p.State != want[p.ID] || p.Logged != p.State {
				t.Errorf("cut %d: %v is %s, in the logbook %s", i, p.ID, p.State, p.Logged)
			}
		}
		got := other.acts()
		slices.Sort(got)
		if len(all) != 3 || other.issued() != 5_00 || !slices.Equal(got, acts) {
			t.Errorf("cut %d: %d proposals, issued %v, acts %v", i, len(all), other.issued(), got)
		}
		if c, err := other.book.Check(); err != nil || len(c.Faults) > 0 {
			t.Errorf("cut %d: the logbook: %+v, %v", i, c, err)
		}
		must(t, other.node.Close())
	}
}

func TestTwoPeopleWhoDecideAtOnceDecideOnce(t *testing.T) {
	w := newWijk(t)
	approve := func(by people.ID, p *Proposal, err *error) func() {
		return func() { _, *err = w.desk.Approve(ctx, by, p.ID, p.Hash) }
	}
	for i := range 10 {
		before := w.issued()
		var one, other error
		both := w.propose(1_00)
		testwijk.Together(approve(w.second, both, &one), approve(w.board, both, &other))
		must(t, errors.Join(one, other))
		if got := w.issued() - before; got != 1_00 {
			t.Fatalf("round %d: two approved at once, and %v was issued", i, got)
		}
		before = w.issued()
		torn := w.propose(1_00)
		testwijk.Together(approve(w.second, torn, &one), func() { other = w.desk.Withdraw(ctx, w.first, torn.ID) })
		p, err := w.desk.Proposal(torn.ID)
		must(t, err)
		approved := one == nil
		if approved == (other == nil) || approved != (p.State == Done) || approved != (w.issued()-before == 1_00) {
			t.Fatalf("round %d: approved %v, withdrawn %v: it is %s and %v was issued", i, one, other, p.State, w.issued()-before)
		}
		if lost := errors.Join(one, other); !errors.Is(lost, ErrDecided) {
			t.Fatalf("round %d: who came second was told %v", i, lost)
		}
	}
}

// TestEveryStepHasItsStates tries each step on a proposal in each state.
func TestEveryStepHasItsStates(t *testing.T) {
	for state, may := range map[State]bool{Open: true, Done: false, Refused: false, Withdrawn: false, Failed: false, Approved: false} {
		for _, step := range []string{"approve", "refuse", "withdraw"} {
			w := newWijk(t)
			cents := int64(1_00)
			if state == Failed {
				cents = 100_01
			}
			p, err := w.desk.Propose(ctx, w.first, Draft{Kind: "gift", Person: w.anna, Body: map[string]int64{"cents": cents}})
			must(t, err)
			switch state {
			case Refused:
				must(t, w.desk.Refuse(ctx, w.second, p.ID, ""))
			case Withdrawn:
				must(t, w.desk.Withdraw(ctx, w.first, p.ID))
			case Approved:
				w.broken = errors.New("the disk is full")
				fallthrough
			case Done, Failed:
				_, err := w.desk.Approve(ctx, w.second, p.ID, p.Hash)
				if (err == nil) != (state == Done) {
					t.Fatal(err)
				}
			}
			w.broken = nil
			before := w.issued()
			switch step {
			case "approve":
				_, err = w.desk.Approve(ctx, w.board, p.ID, p.Hash)
				may := may || state == Approved || state == Done // again is no harm
				if (err == nil) != may {
					t.Errorf("%s is approved: %v", state, err)
				}
			case "refuse":
				err = w.desk.Refuse(ctx, w.board, p.ID, "")
			case "withdraw":
				err = w.desk.Withdraw(ctx, w.first, p.ID)
			}
			if step != "approve" && (may && err != nil || !may && !errors.Is(err, ErrDecided)) {
				t.Errorf("%s: %s: %v", state, step, err)
			}
			if got := w.issued() - before; (got == 1_00) != (step == "approve" && (state == Open || state == Approved)) {
				t.Errorf("%s: %s issued %v", state, step, got)
			}
		}
	}
}

func TestAProposalAboutSomebodyErasedIsNotDoneAndCanEnd(t *testing.T) {
	w := newWijk(t)
	p := w.propose(5_00)
	must(t, w.people.Erase(w.anna))
	if gone, err := w.desk.Proposal(p.ID); err != nil || len(gone.Body) > 0 || gone.Why != "" || gone.State != Open {
		t.Errorf("%+v, %v", gone, err)
	}
	if _, err := w.desk.Approve(ctx, w.second, p.ID, p.Hash); err == nil || w.issued() != 0 {
		t.Errorf("approved: %v, issued %v", err, w.issued())
	}
	must(t, w.node.Close())
	w.open()
	must(t, w.desk.Resume(ctx))
	must(t, w.desk.Withdraw(ctx, w.first, p.ID))
	if got := w.acts(); !slices.Equal(got, []logbook.Kind{"proposed", "withdrawn"}) {
		t.Errorf("acts %v", got)
	}
	if open, err := w.desk.Open(); err != nil || len(open) != 0 {
		t.Errorf("%d are open, %v", len(open), err)
	}
}

// TestAProposalThatSomebodyEditedIsRefused: whoever has the database and the key
// to names changes the amount after it was proposed, or after it was approved.
func TestAProposalThatSomebodyEditedIsRefused(t *testing.T) {
	for _, state := range []State{Open, Approved} {
		w := newWijk(t)
		p := w.propose(5_00)
		if state == Approved {
			w.broken = errors.New("the disk is full")
			_, err := w.desk.Approve(ctx, w.second, p.ID, p.Hash)
			if !errors.Is(err, w.broken) {
				t.Fatal(err)
			}
			w.broken = nil
		}
		must(t, w.desk.vault.Put(w.anna, docName(p.ID), []byte(`{"body":{"cents":9900}}`)))
		if _, err := w.desk.Approve(ctx, w.second, p.ID, p.Hash); err == nil {
			t.Errorf("%s: edited and approved", state)
		}
		if err := w.desk.Resume(ctx); err == nil {
			t.Errorf("%s: edited, and the start does not say so", state)
		}
		if w.issued() != 0 {
			t.Errorf("%s: issued %v", state, w.issued())
		}
	}
}

func TestWhatIsNoLongerPossibleIsNotApproved(t *testing.T) {
	w := newWijk(t)
	full, done := error(nil), 0
	w.desk.Register("seat", Rule{
		First: []people.Role{people.Board}, Second: []people.Role{people.Treasurer},
		Check: func(context.Context, *Proposal) error { return full },
		Do:    func(context.Context, *Proposal) error { done++; return nil },
	})
	p, err := w.desk.Propose(ctx, w.board, Draft{ID: ID{4}, Kind: "seat", Body: 1})
	must(t, err)
	again, err := w.desk.Propose(ctx, w.board, Draft{ID: ID{4}, Kind: "seat", Body: 2})
	if err != nil || again.Hash != p.Hash || string(again.Body) != "1" {
		t.Errorf("the same id proposes %s, %v", again.Body, err)
	}
	full = errors.New("no seat is free")
	if q, err := w.desk.Approve(ctx, w.first, p.ID, p.Hash); !errors.Is(err, full) || q.State != Open {
		t.Errorf("%s, %v", q.State, err)
	}
	if done != 0 || len(w.acts()) != 1 {
		t.Errorf("done %d times, acts %v", done, w.acts())
	}
	full = nil
	must(t, w.people.Stop(w.first, true)) // since it was proposed
	if _, err := w.desk.Approve(ctx, w.first, p.ID, p.Hash); !errors.Is(err, ErrRole) {
		t.Errorf("approved by somebody who was stopped: %v", err)
	}
	_, err = w.desk.Approve(ctx, w.second, p.ID, p.Hash)
	must(t, err)
	if done != 1 {
		t.Errorf("done %d times", done)
	}
}

func TestWhoMayProposeAndApproveIsTheRule(t *testing.T) {
	w := newWijk(t)
	for role, want := range map[people.Role][2]bool{
		people.Treasurer: {true, true}, people.Board: {false, true}, people.Administrator: {}, people.Desk: {}, people.Resident: {}, people.Merchant: {},
	} {
		if got := [2]bool{w.desk.MayPropose(role, "gift"), w.desk.MayApprove(role, "gift")}; got != want {
			t.Errorf("%s: %v", role, got)
		}
		if w.desk.MayPropose(role, "never heard of") || w.desk.MayApprove(role, "never heard of") {
			t.Errorf("%s may do what is no kind", role)
		}
	}
	if _, err := w.desk.Propose(ctx, w.first, Draft{Kind: "never heard of", Body: gift{1}}); !errors.Is(err, ErrRole) {
		t.Errorf("no kind is proposed: %v", err)
	}
	if got := w.desk.Kinds(); !slices.Equal(got, []Kind{"gift"}) {
		t.Errorf("kinds %v", got)
	}
}
