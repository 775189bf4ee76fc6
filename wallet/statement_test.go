package wallet

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"grulden/demurrage"
	"grulden/internal/node"
	"grulden/internal/replay"
	"grulden/ledger"
)

func (w *wijk) statement(id ledger.AccountID, year int, month time.Month) Statement {
	w.t.Helper()
	s, err := w.wallet.Statement(id, year, month)
	if err != nil {
		w.t.Fatalf("%d-%02d: %v", year, month, err)
	}
	return s
}

// shownAt decides the whole journal again, up to the end of a day, and says what
// an account was then worth.
func (w *wijk) shownAt(id ledger.AccountID, day demurrage.Day) ledger.Cents {
	w.t.Helper()
	past := replay.NewMemory()
	err := w.node.Read(func(v *node.View) error {
		for r, err := range v.All() {
			if err != nil || r.Moment.Day > day {
				return err
			}
			if result, err := past.Apply(r.Moment, r.Command); result != ledger.Applied || err != nil {
				w.t.Fatalf("entry %d decided again: %v, %v", r.Seq, result, err)
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	h, err := past.State.Holding(id)
	if err != nil || h == nil {
		return 0
	}
	b, err := ledger.BalanceOf(past.State.Head(), h, day)
	if err != nil {
		w.t.Fatal(err)
	}
	return ledger.ShownCents(b.Worth)
}

func TestAStatementTellsAMonthToTheCent(t *testing.T) {
	w := newWijk(t) // 2 March 2026
	w.submit(ledger.Issue{To: anna, Amount: 100_00})
	w.submit(ledger.Pay{ID: ledger.ID{1}, From: anna, To: bakker, Amount: 30_00})
	w.submit(ledger.Refund{Of: ledger.ID{1}, Amount: 10_00})
	w.wait(60 * aDay) // 1 May
	w.submit(ledger.Pay{ID: ledger.ID{2}, From: anna, To: bakker, Amount: 5_00})

	march := w.statement(anna, 2026, 3)
	if march.Opening != 0 || march.Closing != 80_00 || march.Melted != 0 || len(march.Lines) != 3 || march.Earlier || march.Open {
		t.Errorf("March: %+v", march)
	}
	// 29 charge days, 2 to 30 April: 80.00 × (1 − 0.000165)^29 = 79.6180…
	april := w.statement(anna, 2026, 4)
	if april.Opening != 80_00 || april.Closing != 79_61 || april.Melted != 39 || len(april.Lines) != 0 || !april.Earlier {
		t.Errorf("April: %+v", april)
	}
	may := w.statement(anna, 2026, 5)
	if may.Opening != 79_61 || !may.Open || may.Closing != w.home(anna).Spendable || len(may.Lines) != 1 || may.Last != w.node.Today() {
		t.Errorf("May: %+v", may)
	}
	for _, month := range []time.Month{2, 6} {
		if _, err := w.wallet.Statement(anna, 2026, month); !errors.Is(err, ErrNoStatement) {
			t.Errorf("month %d: %v, want ErrNoStatement", month, err)
		}
	}
	if _, err := w.wallet.Statement(99, 2026, 3); !errors.Is(err, ErrNoStatement) {
		t.Errorf("of nobody: %v", err)
	}
	if december := civilDay(2026, 13, 1) - 1; december.String() != "2026-12-31" {
		t.Errorf("the last day of the year is %v", december)
	}
}

// TestStatementsEqualTheLedger: over random histories, opening and lines make
// the closing of each month, which is what the ledger had at its end, and with
// which the next one opens.
func TestStatementsEqualTheLedger(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWijk(t)
		w.randomYear(rt)
		for _, id := range []ledger.AccountID{anna, bram, bakker} {
			opening := ledger.Cents(0)
			for month := time.Month(3); ; month++ {
				s := w.statement(id, 2026, month)
				sum := s.Opening - s.Melted
				for _, line := range s.Lines {
					sum += line.moved()
				}
				if s.Opening != opening || sum != s.Closing || s.Closing != w.shownAt(id, s.Last) || s.Melted < -1 {
					rt.Fatalf("account %d, month %d: %+v; opening should be %v, the lines make %v, the ledger had %v",
						id, month, s, opening, sum, w.shownAt(id, s.Last))
				}
				if opening = s.Closing; s.Open {
					break
				}
			}
		}
	})
}

// randomYear lets people pay, give back and ask for euros for up to a year.
func (w *wijk) randomYear(rt *rapid.T) {
	accounts := []ledger.AccountID{anna, bram, bakker}
	some := rapid.SampledFrom(accounts)
	for i := range rapid.IntRange(1, 25).Draw(rt, "deeds") {
		w.wait(time.Duration(rapid.SampledFrom([]int{0, 0, 1, 6, 31, 40}).Draw(rt, "days")) * aDay)
		if w.clock().Year() > 2026 {
			return
		}
		from, id := some.Draw(rt, "from"), ledger.ID{byte(i + 1)}
		has := w.home(from).Spendable
		amount := ledger.Cents(rapid.Int64Range(1, max(1, int64(has))).Draw(rt, "amount"))
		var cmd ledger.Command
		switch rapid.IntRange(0, 9).Draw(rt, "deed") {
		case 0, 1, 2:
			cmd = ledger.Issue{To: from, Amount: ledger.Cents(rapid.Int64Range(1, 200_00).Draw(rt, "issue"))}
		case 3:
			cmd = ledger.Refund{Of: ledger.ID{byte(rapid.IntRange(1, i+1).Draw(rt, "of"))}, All: true}
		case 4:
			cmd = ledger.Redeem{ID: id, From: bakker, Amount: amount}
		case 5:
			cmd = ledger.Reject{Of: ledger.ID{byte(rapid.IntRange(1, i+1).Draw(rt, "of"))}}
		default:
			cmd = ledger.Pay{ID: id, From: from, To: some.Draw(rt, "to"), Amount: amount}
		}
		w.try(cmd) // what the rules refuse leaves no trace
	}
}
