package ledger

import (
	"fmt"
	"math/big"
	"slices"
	"testing"

	"grulden/demurrage"
)

// lossAt is what a holding loses on a day against the day before, if nothing of
// it moves.
func lossAt(head *Head, h *Holding, day demurrage.Day) (demurrage.Wide, error) {
	before, err := BalanceOf(head, h, day-1)
	if err != nil {
		return demurrage.Wide{}, err
	}
	after, err := BalanceOf(head, h, day)
	if err != nil {
		return demurrage.Wide{}, err
	}
	loss, _ := before.Worth.Sub(after.Worth)
	return loss, nil
}

// TestLossIsWhatADayTakes: the days of grace cost nothing, charge days what the
// balance falls by, and over all days it is the whole loss.
func TestLossIsWhatADayTakes(t *testing.T) {
	walk(t, func(w *world, m *move) {
		who := w.someone()
		h, _ := w.state.Holding(who)
		sum := new(big.Int)
		first := w.balance(who, w.now.Day).Worth.Big()
		for d := w.now.Day + 1; d <= w.now.Day+35; d++ {
			loss, err := lossAt(w.state.Head(), h, d)
			if err != nil {
				w.Fatal(err)
			}
			sum.Add(sum, loss.Big())
			charge, ok := w.state.Head().Index.NextCharge(d - 1)
			if !loss.IsZero() && (!ok || charge != d) {
				w.Fatalf("%v costs %v and is no charge day", d, loss)
			}
		}
		if left := w.balance(who, w.now.Day+35).Worth.Big(); left.Add(left, sum).Cmp(first) != 0 {
			w.Fatalf("%v now, of which %v is lost", first, sum)
		}
	})
}

// TestEntriesOfAnAccountAreChained: from its last entry on, each names the one
// that touched the account before, so that a history is read without a search.
func TestEntriesOfAnAccountAreChained(t *testing.T) {
	walk(t, func(w *world, m *move) {
		touched := map[AccountID][]uint64{}
		for _, e := range w.entries {
			if c, ok := e.Command.(Open); ok {
				touched[c.Account] = append(touched[c.Account], e.Seq)
			}
			for _, id := range []AccountID{e.Facts.Debit, e.Facts.Credit} {
				if id != 0 {
					touched[id] = append(touched[id], e.Seq)
				}
			}
		}
		for _, p := range w.people {
			a, _ := w.state.Account(p.account)
			var chain []uint64
			for seq := a.Last; seq != 0; {
				chain = append(chain, seq)
				f := &w.entries[seq-1].Facts
				switch p.account {
				case f.Debit:
					seq = f.DebitPrev
				case f.Credit:
					seq = f.CreditPrev
				default:
					seq = 0 // it was opened
				}
			}
			if slices.Reverse(chain); !slices.Equal(chain, touched[p.account]) {
				w.Fatalf("account %d was touched by %v, its chain is %v", p.account, touched[p.account], chain)
			}
		}
	})
}

// A wallet shows what is convertible, and of the rest why it is not yet.
func ExampleBalanceOf() {
	state := NewState(Head{}, nil)
	day, _ := demurrage.ParseDay("2026-01-05")
	for seq, cmd := range []Command{
		SetPolicy{Policy: DefaultPolicy()},
		Open{Account: 1, Owner: 1, Role: "resident"},
		Open{Account: 2, Owner: 2, Role: "merchant"},
		Issue{To: 1, Amount: 10_000},
		Pay{ID: ID{1}, From: 1, To: 2, Amount: 1_250},
	} {
		now := Moment{At: Instant{Sec: int64(seq)}, Day: day}
		facts, result, err := Decide(state, now, Key{}, cmd)
		if result != Applied || err != nil {
			fmt.Println(result, err)
			return
		}
		if err := state.Apply(&Entry{Seq: uint64(seq + 1), Moment: now, Command: cmd, Facts: facts}); err != nil {
			fmt.Println(err)
			return
		}
	}
	holding, _ := state.Holding(2)
	balance, _ := BalanceOf(state.Head(), holding, day)
	fmt.Println("the shop has", ShownCents(balance.Worth), "of which convertible", ShownCents(balance.Convertible))
	for _, l := range balance.Lots {
		fmt.Println(ShownCents(l.Worth), "needs", l.Needs, "more hops, or waits until", l.Ripe, "and melts from", l.Melts)
	}
	// Output:
	// the shop has 12.50 of which convertible 0.00
	// 12.50 needs 4 more hops, or waits until 2027-01-05 and melts from 2026-02-04
}
