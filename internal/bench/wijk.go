package bench

import (
	"encoding/binary"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"grulden/internal/record"
	"grulden/ledger"
)

// Amounts of the measured wijk, in cents.
const (
	topUp = 40_00 // what somebody puts in whose purse is nearly empty
	low   = 10_00 // what is nearly empty
	till  = 60_00 // above this a shop turns half of its till into euros
)

// wijk is who pays whom in a measurement. Every account makes about one payment
// a day, to anybody, of 5 to 35 % of what it has; every third account is a shop.
// Who is short tops up and shops redeem when their till is full, so that the
// money in circulation stays about the same, 75 to 90 Grulden an account. Money
// is spent about five days after it came, gets its fifth hop after some four
// weeks, and is redeemed at the next shop. After about two months of days the
// number of lots stays about the same too, ten an account, and a payment takes
// two or three parts.
//
// The days pass with the payments: a ledger in which they stood still would
// count no hops, let no lot ripen, and cut lots into ever smaller ones.
type wijk struct {
	accounts []ledger.AccountID
	purses   []atomic.Int64 // what each has, in cents, but for what has melted
	paid     atomic.Uint64  // payments begun: the ledger's clock
	began    time.Time
}

// wijkStart is the first day of a measured ledger.
var wijkStart = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)

func newWijk(accounts int) *wijk {
	w := &wijk{accounts: make([]ledger.AccountID, accounts), purses: make([]atomic.Int64, accounts), began: time.Now()}
	random := rand.New(rand.NewPCG(uint64(accounts), 1))
	for i := range w.accounts {
		w.accounts[i] = ledger.AccountID(random.Uint64() | 1)
	}
	return w
}

// fork is the wijk as it is now, to go on by itself.
func (w *wijk) fork() *wijk {
	f := &wijk{accounts: w.accounts, purses: make([]atomic.Int64, len(w.purses)), began: w.began}
	f.paid.Store(w.paid.Load())
	for i := range w.purses {
		f.purses[i].Store(w.purses[i].Load())
	}
	return f
}

// clock is the ledger's: a new day when everybody has paid once.
func (w *wijk) clock() time.Time {
	day := int(w.paid.Load() / uint64(len(w.accounts)))
	return wijkStart.AddDate(0, 0, day).Add(time.Since(w.began))
}

// pass lets time pass, as so many payments do.
func (w *wijk) pass(payments int) { w.paid.Add(uint64(payments)) }

func shop(i int) bool { return i%3 == 2 }

// settling are the commands that make the wijk.
func (w *wijk) settling() []ledger.Command {
	all := []ledger.Command{ledger.SetPolicy{Policy: ledger.DefaultPolicy()}}
	for i, a := range w.accounts {
		role := "resident"
		if shop(i) {
			role = "merchant"
		}
		all = append(all, ledger.Open{Account: a, Owner: ledger.OwnerID(a), Role: role}, ledger.Issue{To: a, Amount: topUp})
		w.purses[i].Store(topUp)
	}
	return all
}

// caller is one of those who pay side by side. Each has accounts of his own to
// pay from.
type caller struct {
	w           *wijk
	random      *rand.Rand
	first, step int
	settle      []ledger.Command // redemptions to settle
}

// callers divides the accounts of the wijk among so many callers.
func (w *wijk) callers(many int) []*caller {
	all := make([]*caller, many)
	for i := range all {
		all[i] = &caller{w: w, random: rand.New(rand.NewPCG(w.paid.Load(), uint64(i))), first: i, step: many}
	}
	return all
}

// intent is a command, and what it does to purses when it is applied.
type intent struct {
	command  ledger.Command
	from, to int // accounts by their place, or nobody
	amount   int64
}

const nobody = -1

func (c *caller) id() (id ledger.ID) {
	binary.NativeEndian.PutUint64(id[:], c.random.Uint64())
	binary.NativeEndian.PutUint64(id[8:], c.random.Uint64())
	return id
}

// next is what the caller does next: mostly, pay.
func (c *caller) next() intent {
	if len(c.settle) > 0 {
		cmd := c.settle[0]
		c.settle = c.settle[1:]
		return intent{cmd, nobody, nobody, 0}
	}
	w := c.w
	mine := (len(w.accounts) - c.first + c.step - 1) / c.step
	from := c.first + c.step*c.random.IntN(mine)
	have := w.purses[from].Load()
	switch {
	case have < low:
		return intent{ledger.Issue{To: w.accounts[from], Amount: topUp}, nobody, from, topUp}
	case shop(from) && have > till && c.random.IntN(4) == 0:
		w.purses[from].Add(-have / 2)
		return intent{ledger.Redeem{ID: c.id(), From: w.accounts[from], Amount: ledger.Cents(have / 2)}, from, nobody, have / 2}
	}
	to := c.random.IntN(len(w.accounts) - 1)
	if to >= from {
		to++
	}
	amount := have * int64(5+c.random.IntN(31)) / 100
	w.purses[from].Add(-amount)
	w.pass(1)
	return intent{ledger.Pay{ID: c.id(), From: w.accounts[from], To: w.accounts[to], Amount: ledger.Cents(amount)}, from, to, amount}
}

// learn takes up what became of an intent. A payer who had less than he
// thought now knows.
func (c *caller) learn(in intent, r ledger.Result) {
	switch {
	case r == ledger.Applied && in.to != nobody:
		c.w.purses[in.to].Add(in.amount)
	case r == ledger.NotConvertible:
		c.w.purses[in.from].Add(in.amount)
	}
	if asked, ok := in.command.(ledger.Redeem); ok && r == ledger.Applied {
		c.settle = append(c.settle, ledger.Settle{Of: asked.ID})
	}
}

// authority is who authorises the commands of a measurement.
var authority = record.Auth{How: record.ByBench}
