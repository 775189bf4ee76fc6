package ledger

import (
	"testing"

	"pgregory.net/rapid"

	"grulden/demurrage"
)

// melting is what the ledger says of an account today.
func (w *world) melting(id AccountID) (Melting, bool) {
	w.Helper()
	h, err := w.state.Holding(id)
	if err != nil || h == nil {
		w.Fatalf("account %d: %v", id, err)
	}
	m, ok, err := MeltingOf(w.state.Head(), h, w.now.Day)
	if err != nil {
		w.Fatal(err)
	}
	return m, ok
}

// TestSpendingWhatMeltsKeepsTheNextChargeDayFromTakingAnything: who spends the
// amount that Melting names loses nothing on its day (or what is left is under
// a cent), and a cent less does not suffice.
func TestSpendingWhatMeltsKeepsTheNextChargeDayFromTakingAnything(t *testing.T) {
	seen := map[string]int{}
	walk(t, func(w *world, _ *move) {
		if len(w.entries) < 4 || rapid.IntRange(0, 2).Draw(w.T, "look") > 0 {
			return
		}
		from := w.rich()
		to := w.people[int(from)%len(w.people)].account
		a, _ := w.state.Account(from)
		b, _ := w.state.Account(to)
		if a.Closed || a.Blocked || b.Closed {
			return
		}
		m, ok := w.melting(from)
		today, then := w.balance(from, w.now.Day).Worth, w.balance(from, max(m.Day, w.now.Day)).Worth
		if !ok {
			if then.Less(today) {
				w.Fatalf("nothing is said to melt, but %v becomes %v", today, then)
			}
			seen["nothing"]++
			return
		}
		if before := w.balance(from, m.Day-1).Worth; before != today {
			w.Fatalf("%v becomes %v before %v", today, before, m.Day)
		}
		if loss, fits := today.Sub(then); !fits || loss != m.Loss || loss.IsZero() {
			w.Fatalf("%v becomes %v; said to lose %v", today, then, m.Loss)
		}
		w.spendMelting(from, to, m, seen)
	})
	for _, what := range []string{"nothing", "all", "some"} {
		if seen[what] == 0 {
			t.Errorf("no walk came to the case %q: %v", what, seen)
		}
	}
}

func (w *world) spendMelting(from, to AccountID, m Melting, seen map[string]int) {
	shown := w.shown(from)
	if m.Spend > shown {
		w.Fatalf("%v is to be spent of %v", m.Spend, shown)
	}
	lost := func(spend Cents) demurrage.Wide {
		trip := w.fork()
		if spend > 0 {
			trip.mustApply(Pay{trip.newID(), from, to, spend})
		}
		lost, _ := trip.balance(from, w.now.Day).Worth.Sub(trip.balance(from, m.Day).Worth)
		return lost
	}
	left := lost(m.Spend)
	switch {
	case m.Spend < shown && !left.IsZero(), m.Spend == shown && !left.Less(oneCent):
		w.Fatalf("after spending %v of %v, %v still melts", m.Spend, shown, left)
	case m.Spend > 0 && lost(m.Spend-1).IsZero():
		w.Fatalf("spending a cent less than %v suffices", m.Spend)
	case m.Spend == shown:
		seen["all"]++
	default:
		seen["some"]++
	}
}

// TestThePastOfAnAccountFollowsFromItsOwnEntries: carried forward by its own
// entries alone, an account is worth at every moment what the ledger says.
func TestThePastOfAnAccountFollowsFromItsOwnEntries(t *testing.T) {
	walk(t, func(w *world, m *move) {
		if m.entry == nil || rapid.IntRange(0, 4).Draw(w.T, "look") > 0 {
			return
		}
		for _, who := range w.people {
			past := NewPast(who.account)
			for _, e := range w.entries {
				if e.Facts.Debit != who.account && e.Facts.Credit != who.account {
					continue
				}
				if err := past.Apply(e); err != nil {
					w.Fatal(err)
				}
			}
			for _, days := range []demurrage.Day{0, 1, 40} {
				day := w.now.Day + days
				got, err := past.Worth(w.state.Head().Index, day)
				if want := w.balance(who.account, day).Worth; err != nil || got != want {
					w.Fatalf("account %d on %v: %v, %v; the ledger says %v", who.account, day, got, err, want)
				}
			}
		}
	})
}
