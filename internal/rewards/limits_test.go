package rewards

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"pgregory.net/rapid"

	"grulden/internal/bank"
	"grulden/internal/node"
	"grulden/internal/sepa"
	"grulden/internal/store"
	"grulden/ledger"
)

// limit sets what somebody may get as rewards in a month and in a year.
func (w *wijk) limit(month, year ledger.Cents) {
	w.t.Helper()
	rules := node.DefaultRules()
	rules.RewardMonth, rules.RewardYear = month, year
	must(w.t, w.node.SetRules(w.node.Today(), rules))
}

// TestTheYearOfRewardsTurnsAtMidnightInTheWijk: at half past eleven in the evening
// by universal time it is the new year in the Netherlands.
func TestTheYearOfRewardsTurnsAtMidnightInTheWijk(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	w.source(Reward, 5000_00)
	w.limit(200_00, 300_00)
	anna := w.resident()
	for i, step := range []struct {
		at     time.Time
		amount ledger.Cents
		fate   Fate
		month  ledger.Cents
		year   ledger.Cents
	}{
		{time.Date(2026, 11, 30, 22, 59, 0, 0, time.UTC), 200_00, Paid, 200_00, 200_00},
		{time.Date(2026, 11, 30, 22, 59, 0, 0, time.UTC), 1, OverMonth, 200_00, 200_00},
		{time.Date(2026, 11, 30, 23, 1, 0, 0, time.UTC), 100_01, OverYear, 0, 200_00},
		{time.Date(2026, 12, 31, 22, 59, 0, 0, time.UTC), 100_00, Paid, 100_00, 300_00},
		{time.Date(2026, 12, 31, 22, 59, 0, 0, time.UTC), 1, OverYear, 100_00, 300_00},
		{time.Date(2026, 12, 31, 23, 1, 0, 0, time.UTC), 200_01, OverMonth, 0, 0},
		{time.Date(2026, 12, 31, 23, 1, 0, 0, time.UTC), 200_00, Paid, 200_00, 200_00},
		{time.Date(2027, 1, 31, 12, 0, 0, 0, time.UTC), 1, OverMonth, 200_00, 200_00},
		{time.Date(2027, 2, 1, 0, 30, 0, 0, time.UTC), 100_00, Paid, 100_00, 300_00},
	} {
		w.now = step.at
		l := w.prepare(byte(i+1), Line{To: anna, Amount: step.amount})
		if l.Count > 0 {
			l = w.pay(byte(i + 1))
		}
		month, year, err := w.book.Rewarded(anna)
		must(t, err)
		if l.Lines[0].Fate != step.fate || month != step.month || year != step.year {
			t.Errorf("%v on %v: %s; %v this month, %v this year", step.amount, step.at, l.Lines[0].Fate, month, year)
		}
	}
	must(t, w.node.Close())
}

// TestAListCountsToTheMonthInWhichItIsPaid and not to the one in which somebody
// prepared it.
func TestAListCountsToTheMonthInWhichItIsPaid(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	w.source(Reward, 5000_00)
	w.limit(200_00, 2000_00)
	anna := w.resident()
	w.now = time.Date(2026, 12, 31, 12, 0, 0, 0, time.UTC)
	w.prepare(1, Line{To: anna, Amount: 150_00})
	w.now = time.Date(2027, 1, 1, 12, 0, 0, 0, time.UTC)
	if l := w.pay(1); l.Lines[0].Fate != Paid {
		t.Fatalf("%s", l.Lines[0].Fate)
	}
	if l := w.prepare(2, Line{To: anna, Amount: 50_01}); l.Lines[0].Fate != OverMonth {
		t.Errorf("150.00 and 50.01 in January: %s", l.Lines[0].Fate)
	}
	got, err := w.book.Of(anna, w.node.Today(), w.node.Today())
	must(t, err)
	if len(got) != 1 || got[0].Cents != 150_00 {
		t.Errorf("on New Year's day she got %+v", got)
	}
	must(t, w.node.Close())
}

// TestWhatWasPaidBeforeACrashCountsForEveryList: the ledger has a line of the
// older list, and the crash came before the book noted it. The newer list, which
// was started before too, must not give the same person as much again.
func TestWhatWasPaidBeforeACrashCountsForEveryList(t *testing.T) {
	for name, first := range map[string]byte{"the older": 1, "the newer": 2} {
		w := newWijk(t, vfs.NewMem())
		w.source(Reward, 5000_00)
		w.limit(200_00, 2000_00)
		anna := w.resident()
		for _, id := range []byte{1, 2} {
			w.now = w.now.Add(time.Minute)
			w.prepare(id, Line{To: anna, Amount: 150_00})
			must(t, w.book.Start(ID{id}, two))
		}
		l, err := w.book.List(ID{first})
		must(t, err)
		_, err = w.node.Submit(ctx, node.Request{Auth: two, Command: ledger.Issue{To: anna, Amount: 150_00}, Key: l.payKey(l.Lines[0])})
		must(t, err)
		must(t, w.node.Close())
		w.open()
		must(t, w.book.Run(ctx))
		month, _, err := w.book.Rewarded(anna)
		must(t, err)
		l, err = w.book.List(ID{first})
		must(t, err)
		if month != 150_00 || l.Lines[0].Fate != Paid || !l.Finished {
			t.Errorf("%s was cut short: she got %v of at most 200.00, its line is %s", name, month, l.Lines[0].Fate)
		}
		w.stands(5000_00, 150_00, 4850_00)
		must(t, w.node.Close())
	}
}

// TestRewardsKeepTheirLimitsWhateverTheDaysAndLists holds the book against sums by
// hand.
func TestRewardsKeepTheirLimitsWhateverTheDaysAndLists(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	w.source(Reward, 9_000_000_00)
	w.limit(100_00, 250_00)
	number := uint32(0)
	rapid.Check(t, func(r *rapid.T) {
		all := []ledger.AccountID{w.resident(), w.resident()}
		type span struct {
			to    ledger.AccountID
			year  int
			month time.Month
		}
		got := map[span]ledger.Cents{}
		for range rapid.IntRange(1, 4).Draw(r, "lists") {
			w.now = w.now.AddDate(0, 0, rapid.IntRange(0, 90).Draw(r, "days"))
			year, month, _ := w.now.Date()
			var lines []Line
			var want []Fate
			for i := range rapid.IntRange(1, 4).Draw(r, "lines") {
				line := Line{To: rapid.SampledFrom(all).Draw(r, "to"), Text: fmt.Sprint(i), Row: i + 1}
				line.Amount = ledger.Cents(rapid.SampledFrom([]int64{1, 30_00, 50_00, 99_99, 100_00, 100_01}).Draw(r, "amount"))
				inMonth, inYear := span{line.To, year, month}, span{line.To, year, 0}
				switch {
				case got[inMonth]+line.Amount > 100_00:
					want = append(want, OverMonth)
				case got[inYear]+line.Amount > 250_00:
					want = append(want, OverYear)
				default:
					want = append(want, Paid)
					got[inMonth] += line.Amount
					got[inYear] += line.Amount
				}
				lines = append(lines, line)
			}
			number++
			id := ID{1, byte(number >> 8), byte(number)}
			l, err := w.book.Prepare(id, fund, "x.csv", lines, treasurer)
			must(t, err)
			if l.Count > 0 {
				must(t, w.book.Start(id, two))
				must(t, w.book.Run(ctx))
				l, err = w.book.List(id)
				must(t, err)
			}
			if !slices.Equal(fates(l), want) {
				r.Fatalf("%+v: %v, want %v", lines, fates(l), want)
			}
		}
	})
	var given ledger.Cents
	must(t, w.book.Each(func(g Given) error {
		given += g.Cents
		return nil
	}))
	w.stands(9_000_000_00, given, 9_000_000_00-given)
	enough := errors.New("enough")
	wantErr(t, w.book.Each(func(Given) error { return enough }), enough)
	must(t, w.node.Close())
}

func TestTwoListsStartedAtOnceSpendASourceOnce(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	w.source(Support, 100_00)
	anna := w.resident()
	w.prepare(1, Line{To: anna, Amount: 60_00})
	w.prepare(2, Line{To: anna, Amount: 60_00})
	var errs [2]error
	var end sync.WaitGroup
	for i := range errs {
		end.Go(func() { errs[i] = errors.Join(w.book.Start(ID{byte(i + 1)}, two), w.book.Run(ctx)) })
	}
	end.Wait()
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Fatalf("60.00 twice of 100.00: %v and %v", errs[0], errs[1])
	}
	wantErr(t, errors.Join(errs[:]...), ErrShort)
	w.stands(100_00, 60_00, 40_00)
	must(t, w.node.Close())
}

func TestAListThatWasChangedAfterItWasPreparedIsNotPaid(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	w.source(Gift, 100_00)
	anna, thief := w.resident(), w.resident()
	l := w.prepare(1, Line{To: anna, Amount: 60_00})
	must(t, w.book.Start(ID{1}, two))
	l.Lines[0].To = thief
	must(t, w.book.vault.Put(w.book.subject, listDoc(ID{1}), store.Row(sealedList{l.Name, l.Lines})))
	if err := w.book.Run(ctx); err == nil {
		t.Error("another list than two people saw was paid")
	}
	w.stands(100_00, 0, 40_00)
	if got, err := w.book.Of(thief, 0, w.node.Today()); err != nil || len(got) != 0 {
		t.Errorf("%+v, %v", got, err)
	}
	must(t, w.node.Close())
}

func TestAListThatWasStoppedGoesOnAtTheNextRun(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	w.source(Gift, 100_00)
	w.prepare(1, Line{To: w.resident(), Amount: 60_00})
	must(t, w.book.Start(ID{1}, two))
	stopped, stop := context.WithCancel(ctx)
	stop()
	must(t, w.book.Run(stopped))
	w.stands(100_00, 0, 40_00)
	for range 2 {
		must(t, w.book.Run(ctx))
	}
	w.stands(100_00, 60_00, 40_00)
	if l := w.prepare(1, Line{To: w.resident(), Amount: 1}); l.Sum != 60_00 || !l.Finished {
		t.Errorf("the same id prepares another list: %+v", l)
	}
	_, err := w.book.Prepare(ID{9}, ID{9}, "x", nil, treasurer)
	wantErr(t, err, ErrUnknown)
	_, err = w.book.List(ID{9})
	wantErr(t, err, ErrUnknown)
	wantErr(t, w.book.Start(ID{9}, two), ErrUnknown)
	must(t, w.node.Close())
}

// TestASourceIsFilledWhenTheCrashCameInBetween: the bank had noted whose the money
// is, and the source had not.
func TestASourceIsFilledWhenTheCrashCameInBetween(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	must(t, w.book.AddSource(fund, "  Gemeente   Voorbeeld ", Gift, treasurer))
	entry := w.credit(70_00, "subsidie")
	_, err := w.bank.Assign(entry, bank.ForSource, fund, treasurer)
	must(t, err)
	w.stands(0, 0, 0)
	must(t, w.node.Close())
	w.open()
	must(t, w.book.Fill(fund, entry, treasurer))
	w.stands(70_00, 0, 70_00)
	if ids, err := w.book.Entries(fund); err != nil || !slices.Equal(ids, []ID{entry}) {
		t.Errorf("%v, %v", ids, err)
	}
	if all, err := w.book.Sources(); err != nil || len(all) != 1 || all[0].Name != "Gemeente Voorbeeld" {
		t.Errorf("%+v, %v", all, err)
	}
	var file bytes.Buffer
	must(t, sepa.WriteStatement(&file, sepa.SimStatement{
		Version: 8, Account: reserveIBAN, ID: "S2", Sequence: 2, Created: w.now, Opening: 5000_00,
		Bookings: []sepa.SimBooking{{Cents: 3_00, Day: sepa.Date(w.node.Today()), Text: "kosten"}},
	}))
	o, err := w.bank.Import(ctx, file.Bytes(), treasurer.By)
	must(t, err)
	wantErr(t, w.book.Fill(fund, o.Entries[0].ID, treasurer), ErrCredit)
	w.stands(70_00, 0, 70_00)
	must(t, w.node.Close())
}
