package cash

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"pgregory.net/rapid"

	"grulden/internal/bank"
	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/sepa"
	"grulden/internal/testwijk"
	"grulden/ledger"
)

// limit sets how much somebody may top up in a month.
func (w *wijk) limit(cents ledger.Cents) {
	w.t.Helper()
	rules := node.DefaultRules()
	rules.TopUpMonth = cents
	must(w.t, w.node.SetRules(w.node.Today(), rules))
}

func TestWhatTheBoxRefusesChangesNothing(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	anna := w.resident("Anna Voorbeeld")
	_, err := w.box.TakeIn(ctx, ID{1}, anna.ID, 200_00, desk)
	must(t, err)
	_, err = w.box.Leave(ctx, ID{2}, 50_00, "", desk)
	must(t, err)
	_, err = w.box.Count(ctx, ID{3}, []Pieces{{50_00, 3}}, "", desk)
	must(t, err)
	used := w.booked(sepa.SimBooking{Cents: 50_00, Credit: true, Text: "ander doel"})
	_, err = w.bank.Assign(used.ID, bank.ForSource, ID{9}, treasurer)
	must(t, err)
	free := w.booked(sepa.SimBooking{Cents: 50_00, Credit: true, Text: "STORTING"})
	erased := w.resident("Ben Voorbeeld")
	must(t, w.people.Erase(erased.ID))
	acts, err := w.logbook.List(0, 100)
	must(t, err)
	take := func(id byte, who people.ID, cents ledger.Cents) func() error {
		return func() error { _, err := w.box.TakeIn(ctx, ID{id}, who, cents, desk); return err }
	}
	leave := func(id byte, cents ledger.Cents) func() error {
		return func() error { _, err := w.box.Leave(ctx, ID{id}, cents, "", desk); return err }
	}
	arrive := func(id, of byte, entry ID) func() error {
		return func() error { _, err := w.box.Arrive(ctx, ID{id}, ID{of}, entry, treasurer); return err }
	}
	for name, c := range map[string]struct {
		try  func() error
		want error
	}{
		"nothing is taken in":                {take(9, anna.ID, 0), ErrAmount},
		"less than nothing is taken in":      {take(9, anna.ID, -1), ErrAmount},
		"too much is taken in":               {take(9, anna.ID, MaxCents+1), ErrAmount},
		"taken in for somebody erased":       {take(9, erased.ID, 1_00), ErrNobody},
		"a count's id for a receipt":         {take(3, anna.ID, 200_00), ErrOtherUse},
		"another receipt's id":               {take(1, anna.ID, 200_01), ErrOtherUse},
		"nothing leaves":                     {leave(9, 0), ErrAmount},
		"too much leaves":                    {leave(9, MaxCents+1), ErrAmount},
		"too much is fetched":                {leave(9, -MaxCents-1), ErrAmount},
		"a cent more than there is":          {leave(9, 150_01), ErrShort},
		"another amount under the same id":   {leave(2, 50_01), ErrOtherUse},
		"a receipt's id leaves":              {leave(1, 50_00), ErrOtherUse},
		"what never left arrives":            {arrive(9, 8, free.ID), ErrUnknown},
		"a receipt arrives":                  {arrive(9, 1, free.ID), ErrUnknown},
		"it arrives by an explained entry":   {arrive(9, 2, used.ID), bank.ErrNotMatchable},
		"another's id for what arrives":      {arrive(3, 2, free.ID), ErrOtherUse},
		"another count under the same id":    {func() error { _, err := w.box.Count(ctx, ID{3}, []Pieces{{50_00, 2}}, "", desk); return err }, ErrOtherUse},
		"a movement that is not there":       {func() error { _, err := w.box.Movement(ID{9}); return err }, ErrUnknown},
		"a coin that the euro does not know": {func() error { _, err := w.box.Count(ctx, ID{9}, []Pieces{{25, 1}}, "", desk); return err }, ErrPieces},
	} {
		if err := c.try(); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want: %v", name, err, c.want)
		}
		w.holds(150_00, 50_00, 0)
	}
	after, err := w.logbook.List(0, 100)
	must(t, err)
	if len(after) != len(acts) || w.issued() != 200_00 {
		t.Errorf("%d acts, then %d; issued %v", len(acts), len(after), w.issued())
	}
	must(t, w.node.Close())
}

// TestTheMonthOfATopUpEndsAtMidnightInTheWijk: an hour before midnight by
// universal time it is the next month in the Netherlands, in winter.
func TestTheMonthOfATopUpEndsAtMidnightInTheWijk(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	w.limit(100_00)
	anna := w.resident("Anna Voorbeeld")
	for i, step := range []struct {
		at    time.Time
		cents ledger.Cents
		want  error
		room  ledger.Cents
	}{
		{time.Date(2026, 12, 31, 22, 58, 0, 0, time.UTC), 100_01, ErrOverMonth, 100_00},
		{time.Date(2026, 12, 31, 22, 58, 0, 0, time.UTC), 100_00, nil, 0},
		{time.Date(2026, 12, 31, 22, 59, 0, 0, time.UTC), 1, ErrOverMonth, 0},
		{time.Date(2026, 12, 31, 23, 1, 0, 0, time.UTC), 100_01, ErrOverMonth, 100_00},
		{time.Date(2026, 12, 31, 23, 1, 0, 0, time.UTC), 99_99, nil, 1},
		{time.Date(2027, 1, 31, 22, 59, 0, 0, time.UTC), 2, ErrOverMonth, 1},
		{time.Date(2027, 1, 31, 22, 59, 0, 0, time.UTC), 1, nil, 0},
	} {
		w.now = step.at
		_, err := w.box.TakeIn(ctx, ID{byte(i + 1)}, anna.ID, step.cents, desk)
		room, failed := w.box.Room(anna.Account)
		must(t, failed)
		if !errors.Is(err, step.want) || room != step.room {
			t.Errorf("%v at %v: %v, then room for %v", step.cents, step.at, err, room)
		}
	}
	must(t, w.node.Close())
	w = newWijk(t, vfs.NewMem())
	w.limit(0)
	anna = w.resident("Anna Voorbeeld")
	if room, err := w.box.Room(anna.Account); err != nil || room != MaxCents {
		t.Errorf("without a limit there is room for %v, %v", room, err)
	}
	_, err := w.box.TakeIn(ctx, ID{99}, anna.ID, 5000_00, desk)
	must(t, err)
	must(t, w.node.Close())
}

// TestBankAndCashTogetherKeepTheMonth: somebody's 300.00 comes by bank and in cash
// at the same moment, and 500.00 is the most. One of both has to wait.
func TestBankAndCashTogetherKeepTheMonth(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	for i := range 25 {
		anna := w.resident(fmt.Sprint("Bewoner ", i))
		before := w.issued()
		var atDesk error
		var e *bank.Entry
		testwijk.Together(
			func() { e = w.booked(sepa.SimBooking{Cents: 300_00, Credit: true, Text: anna.Reference}) },
			func() { _, atDesk = w.box.TakeIn(ctx, ID{byte(i + 1)}, anna.ID, 300_00, desk) })
		if got := w.issued() - before; got != 300_00 {
			t.Fatalf("%d: %v was issued of at most 500.00", i, got)
		}
		if (atDesk == nil) == (e.State == bank.Issued) || atDesk != nil && !errors.Is(atDesk, ErrOverMonth) {
			t.Fatalf("%d: the desk says %v, the bank %s", i, atDesk, e.State)
		}
		if e.State == bank.Issued {
			continue
		}
		before = w.issued()
		var byHand error
		testwijk.Together(
			func() { _, byHand = w.bank.MatchByHand(ctx, e.ID, anna.Account, treasurer) },
			func() { _, atDesk = w.box.TakeIn(ctx, ID{200, byte(i)}, anna.ID, 200_00, desk) })
		if !errors.Is(byHand, bank.ErrOverLimit) || atDesk != nil || w.issued()-before != 200_00 {
			t.Fatalf("%d: by hand %v, at the desk %v, issued %v", i, byHand, atDesk, w.issued()-before)
		}
	}
	must(t, w.node.Close())
}

func TestTwoDesksAtOnceGiveReceiptsWithoutGapsAndEachOnce(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	anna, ben := w.resident("Anna Voorbeeld"), w.resident("Ben Voorbeeld")
	var all []func()
	var errs [20]error
	for i := range errs {
		who := []people.ID{anna.ID, ben.ID}[i%2]
		all = append(all, func() { _, errs[i] = w.box.TakeIn(ctx, ID{byte(i/4 + 1), byte(i % 2)}, who, 10_00, desk) })
	}
	testwijk.Together(all...) // each receipt is asked for twice
	must(t, errors.Join(errs[:]...))
	w.holds(100_00, 0, 0)
	moves, err := w.box.Movements(0, 0)
	must(t, err)
	for i, m := range moves {
		if m.Number != uint64(i+1) || m.Box != ledger.Cents(i+1)*10_00 || !m.Done {
			t.Errorf("%+v", m)
		}
	}
	if len(moves) != 10 || w.issued() != 100_00 {
		t.Errorf("%d receipts, issued %v", len(moves), w.issued())
	}
	must(t, w.node.Close())
}

// TestTheBoxIsWhatAnybodyCanAddUp does anything in any order, asks for things
// twice and starts anew, and holds the box against sums by hand.
func TestTheBoxIsWhatAnybodyCanAddUp(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	w.limit(0)
	anna := w.resident("Anna Voorbeeld")
	var box, transit, differences, issued ledger.Cents
	var number byte
	rapid.Check(t, func(r *rapid.T) {
		for range rapid.IntRange(1, 6).Draw(r, "steps") {
			number++
			id := ID{number, byte(rapid.IntRange(0, 255).Draw(r, "id")), 1}
			cents := ledger.Cents(rapid.IntRange(1, 300_00).Draw(r, "cents"))
			twice := 1 + rapid.IntRange(0, 1).Draw(r, "twice")
			if _, err := w.box.Movement(id); err == nil {
				continue
			}
			kind := rapid.SampledFrom([]Kind{TopUp, Counted, Left}).Draw(r, "kind")
			for n := range twice {
				var err error
				switch kind {
				case TopUp:
					_, err = w.box.TakeIn(ctx, id, anna.ID, cents, desk)
					if n == 0 {
						box, issued = box+cents, issued+cents
					}
				case Counted:
					_, err = w.box.Count(ctx, id, []Pieces{{1, int64(cents)}}, "", desk)
					if n == 0 {
						box, differences = cents, differences+cents-box
					}
				case Left:
					_, err = w.box.Leave(ctx, id, cents, "", desk)
					if cents > box && n == 0 {
						wantErr(t, err, ErrShort)
						err, twice = nil, 1
					} else if n == 0 {
						box, transit = box-cents, transit+cents
					}
				}
				if err != nil && !(kind == Left && errors.Is(err, ErrShort)) {
					r.Fatalf("%s of %v: %v", kind, cents, err)
				}
			}
			w.holds(box, transit, differences)
		}
		if w.issued() != issued {
			r.Fatalf("issued %v, want %v", w.issued(), issued)
		}
	})
	must(t, w.node.Close())
	w.open()
	w.holds(box, transit, differences)
	left, err := w.box.InTransit()
	must(t, err)
	for _, m := range left {
		transit -= m.Transit
	}
	if transit != 0 {
		t.Errorf("the bags on their way do not add up: %v is missing", transit)
	}
	must(t, w.node.Close())
}
