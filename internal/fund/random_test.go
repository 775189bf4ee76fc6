package fund

import (
	"context"
	"errors"
	"math/big"
	"testing"
	"time"

	"pgregory.net/rapid"

	"grulden/demurrage"
	"grulden/internal/node"
	"grulden/internal/record"
	"grulden/ledger"
)

// ways are what can happen to the wijkfonds in a random history.
type ways struct {
	*wijk
	purse ledger.AccountID
	next  byte

	// The same told in sums: what a bookkeeper with a pencil would have.
	need, other, gifts, granted, fees ledger.Cents
}

func (w *ways) key() byte {
	w.next++
	return w.next
}

// grant tries a grant and holds the answer against the promise by hand.
func (w *ways) grant(t *rapid.T) {
	amount := ledger.Cents(rapid.IntRange(1, 3_00).Draw(t, "amount"))
	d := Draft{Purpose: soup.ID, Cents: amount}
	if !rapid.Bool().Draw(t, "need") {
		d.Purpose = feast.ID
	}
	if rapid.IntRange(0, 3).Draw(t, "override") == 0 {
		d.Why = "Het moest"
	}
	breaks := d.Purpose == feast.ID && w.need*10 < (w.need+w.other+amount)*9
	before := w.state()
	g, err := w.give(w.key(), d)
	switch {
	case errors.Is(err, ErrShort):
		if before.Gifts >= amount || before.Melted >= amount {
			t.Fatalf("%v is refused, with %v and %v in hand", amount, before.Melted, before.Gifts)
		}
	case errors.Is(err, ErrPromise):
		if !breaks || d.Why != "" {
			t.Fatalf("%+v is refused with %v for need and %v for other things", d, w.need, w.other)
		}
	case err != nil:
		t.Fatal(err)
	case breaks != (g.Why != ""):
		t.Fatalf("%+v was made as %+v with %v for need and %v for other things", d, g, w.need, w.other)
	default:
		if d.Purpose == soup.ID {
			w.need += amount
		} else {
			w.other += amount
		}
		if !g.Gifts {
			w.granted += amount
		}
	}
}

// gift brings a gift in euros.
func (w *ways) gift(t *rapid.T) {
	amount := ledger.Cents(rapid.IntRange(1, 5_00).Draw(t, "gift"))
	w.do(ledger.Issue{To: w.purse, Amount: amount})
	w.gifts += amount
}

// redeem has the baker paid, with a fee, and sometimes the bank sends it back.
func (w *ways) redeem(t *rapid.T) {
	id := ledger.ID{100, w.key()}
	w.do(ledger.Pay{ID: ledger.ID{101, w.next}, From: anna, To: bakker, Amount: 10_00})
	w.do(ledger.Redeem{ID: id, From: bakker, Amount: 5_00})
	w.do(ledger.Settle{Of: id})
	w.fees += 50
	if rapid.IntRange(0, 2).Draw(t, "returned") == 0 {
		w.do(ledger.Reopen{Of: id})
		w.fees -= 50
	}
}

// TestTheFundAgreesWithAPencil lets months of gifts, fees, grants, overrides,
// returned payouts and restarts pass, and holds every figure against sums that
// are kept beside it.
func TestTheFundAgreesWithAPencil(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		w := &ways{wijk: newWijk(t)}
		var err error
		if w.purse, err = w.fund.Purse(context.Background(), w.two); err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(5, 25).Draw(r, "steps") {
			switch rapid.IntRange(0, 5).Draw(r, "what") {
			case 0:
				w.gift(r)
			case 1:
				w.redeem(r)
			case 2:
				w.now = w.now.Add(20 * 24 * time.Hour)
			case 3:
				w.fund = New(w.node)
			default:
				w.grant(r)
			}
			w.check(r)
		}
	})
}

func (w *ways) check(t *rapid.T) {
	s := w.state()
	if s.Promise.Need != w.need || s.Promise.Other != w.other || s.FromGifts != w.gifts || s.FromFees != w.fees {
		t.Fatalf("%+v, by hand need %v, other %v, gifts %v, fees %v", s, w.need, w.other, w.gifts, w.fees)
	}
	if s.Melted != s.FromMelting+s.FromFees-w.granted {
		t.Fatalf("in hand %v is not what melted, %v, and fees, less grants of %v", s.Melted, s.FromMelting, w.granted)
	}
	if melted := w.melted(t); s.FromMelting > melted || s.FromMelting < melted-1 {
		t.Fatalf("melted %v, by the journal %v", s.FromMelting, melted)
	}
	all, err := w.fund.Grants()
	if err != nil {
		t.Fatal(err)
	}
	for i, g := range all {
		if g.Number != uint64(i+1) || g.Seq == 0 {
			t.Fatalf("grant %d is %+v", i+1, g)
		}
	}
}

// melted is what everybody lost by lying still, from the entries alone: all that
// came to people less all that left them and what they have, in cents rounded up.
func (w *ways) melted(t *rapid.T) ledger.Cents {
	sum := new(big.Int)
	add := func(amount ledger.Cents) {
		sum.Add(sum, new(big.Int).Mul(big.NewInt(int64(amount)), big.NewInt(ledger.GrainsPerCent)))
	}
	err := w.node.Read(func(v *node.View) error {
		err := v.Records(1, func(r *record.Record) error {
			switch c := r.Command.(type) {
			case ledger.Issue:
				add(c.Amount)
			case ledger.Grant:
				add(c.Amount)
			case ledger.Redeem:
				add(-c.Amount)
			}
			return nil
		})
		if err != nil {
			return err
		}
		return v.Accounts(func(a *ledger.Account) error {
			b, err := v.Balance(a.ID, demurrage.CivilDay(w.now))
			sum.Sub(sum, ledger.Grains(b.Worth).Big())
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	cents, rest := sum.QuoRem(sum, big.NewInt(ledger.GrainsPerCent), new(big.Int))
	if rest.Sign() > 0 {
		return ledger.Cents(cents.Int64() + 1)
	}
	return ledger.Cents(cents.Int64())
}
