package books

import (
	"crypto/sha256"
	"iter"
	"testing"
	"time"

	"grulden/demurrage"
	"grulden/internal/civil"
	"grulden/internal/record"
	"grulden/ledger"
)

// wijk is a ledger in memory with its bank and its box, written by hand.
type wijk struct {
	t       *testing.T
	now     time.Time
	state   *ledger.State
	records []*record.Record
	src     Sources
	drawn   byte
}

const (
	anna  = ledger.AccountID(11)
	bram  = ledger.AccountID(12)
	baker = ledger.AccountID(21)
)

// newWijk is a wijk on 1 January 2026: one hop makes money convertible, and a
// redemption costs 2 %.
func newWijk(t *testing.T) *wijk {
	t.Helper()
	w := &wijk{t: t, now: time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC), state: ledger.NewState(ledger.Head{}, nil)}
	p := ledger.DefaultPolicy()
	p.Hops, p.Fee = 1, 20_000_000
	w.do(ledger.SetPolicy{Policy: p}, ledger.Key{}, record.ByOperator)
	for i, role := range map[ledger.AccountID]string{anna: "resident", bram: "resident", baker: "merchant"} {
		w.do(ledger.Open{Account: i, Owner: ledger.OwnerID(i), Role: role}, ledger.Key{}, record.ByPIN)
	}
	return w
}

func (w *wijk) later(days int) { w.now = w.now.AddDate(0, 0, days) }

func (w *wijk) today() demurrage.Day { return civil.Day(w.now) }

// do applies a command.
func (w *wijk) do(cmd ledger.Command, key ledger.Key, how string) {
	w.t.Helper()
	now := civil.Moment(w.now)
	facts, result, err := ledger.Decide(w.state, now, key, cmd)
	if err != nil || result != ledger.Applied {
		w.t.Fatalf("%+v: %v %v", cmd, result.Code(), err)
	}
	e := ledger.Entry{Seq: uint64(len(w.records) + 1), Moment: now, Key: key, Command: cmd, Facts: facts}
	if err := w.state.Apply(&e); err != nil {
		w.t.Fatal(err)
	}
	w.records = append(w.records, &record.Record{Entry: e, Auth: record.Auth{By: record.ActorID{1}, How: how}})
}

// key draws a new one.
func (w *wijk) key() ledger.Key {
	w.drawn++
	sum := sha256.Sum256([]byte{w.drawn})
	return ledger.Key(sum[:16])
}

// bank adds a bank entry of today.
func (w *wijk) bank(use Use, credit bool, cents ledger.Cents, ids ...ledger.ID) *BankEntry {
	w.src.Bank = append(w.src.Bank, BankEntry{ID: w.key(), Day: w.today(), Cents: cents, Credit: credit, Use: use, Redemptions: ids})
	return &w.src.Bank[len(w.src.Bank)-1]
}

// topUp lets euros arrive and become somebody's Grulden.
func (w *wijk) topUp(to ledger.AccountID, cents ledger.Cents) {
	w.t.Helper()
	e := w.bank(TopUp, true, cents)
	e.Account = to
	w.do(ledger.Issue{To: to, Amount: cents}, e.ID, record.ByBank)
}

// cash adds a movement of the box of today.
func (w *wijk) cash(kind CashKind, cents ledger.Cents) *CashMovement {
	w.src.Cash = append(w.src.Cash, CashMovement{ID: w.key(), Issue: w.key(), Day: w.today(), Cents: cents, Kind: kind, Two: true})
	return &w.src.Cash[len(w.src.Cash)-1]
}

// list gives somebody money of a giver.
func (w *wijk) list(giver *BankEntry, to ledger.AccountID, cents ledger.Cents, how string) {
	w.t.Helper()
	giver.Giver = giver.ID
	w.do(ledger.Issue{To: to, Amount: cents}, w.key(), how)
	w.src.Lists = map[uint64]ledger.Key{uint64(len(w.records)): giver.Giver}
}

// pay pays by phone.
func (w *wijk) pay(from, to ledger.AccountID, cents ledger.Cents) {
	w.t.Helper()
	w.do(ledger.Pay{ID: ledger.ID(w.key()), From: from, To: to, Amount: cents}, ledger.Key{}, record.ByDevice)
}

// redeem asks for euros.
func (w *wijk) redeem(cents ledger.Cents) ledger.ID {
	w.t.Helper()
	id := ledger.ID(w.key())
	w.do(ledger.Redeem{ID: id, From: baker, Amount: cents}, ledger.Key{}, record.ByPIN)
	return id
}

// payout lets the bank pay a redemption, and the ledger settle it.
func (w *wijk) payout(id ledger.ID, net ledger.Cents) {
	w.t.Helper()
	w.bank(Payout, false, net, id)
	w.do(ledger.Settle{Of: id}, ledger.Key{}, record.ByBank)
}

// sources are those of the wijk today, with the balance that its bank entries
// come to as the bank's last word.
func (w *wijk) sources() *Sources {
	src := w.src
	src.Today = w.today()
	src.Records = w.all()
	last := Statement{Day: src.Today, Closing: src.Began.Closing}
	for _, e := range src.Bank {
		last.Closing += e.Signed()
	}
	src.Last = &last
	return &src
}

func (w *wijk) all() iter.Seq2[*record.Record, error] {
	return func(yield func(*record.Record, error) bool) {
		for _, r := range w.records {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// year is a wijk after 14 months in which everything happened that may.
func year(t *testing.T) *wijk {
	w := newWijk(t)
	w.src.Began = Statement{Day: w.today() - 1, Closing: 12_50}
	for range 13 {
		w.topUp(anna, 200_00)
		w.later(9)
		receipt := w.cash(Receipt, 35_00)
		w.do(ledger.Issue{To: bram, Amount: 35_00}, receipt.Issue, record.ByPIN)
		w.pay(anna, baker, 120_00)
		w.pay(bram, baker, 20_00)
		w.later(12)
		w.cash(Brought, -30_00)
		w.bank(Deposit, true, 30_00)
		w.payout(w.redeem(50_00), 49_00)
		w.later(11)
	}
	w.cash(Counted, -1_05)
	w.bank(Costs, false, 9_95)
	w.bank(Own, true, 11_00)
	w.bank(Unclear, true, 15_00).Waits = true
	back := w.redeem(100_00)
	w.payout(back, 98_00)
	w.later(3)
	w.bank(PaidBack, true, 98_00, back)
	w.do(ledger.Reopen{Of: back}, ledger.Key{}, record.ByBank)
	w.do(ledger.Reject{Of: back}, ledger.Key{}, record.ByBank)
	w.do(ledger.Grant{To: anna, Amount: 5_00}, ledger.Key{}, record.ByTwo)
	giver := w.bank(Sourced, true, 80_00)
	w.list(giver, bram, 60_00, record.ByTwo)
	w.redeem(10_00)
	w.later(1)
	return w
}
