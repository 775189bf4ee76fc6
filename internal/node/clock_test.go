package node

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/internal/civil"
	"grulden/internal/record"
	"grulden/ledger"
)

const day = 24 * time.Hour

// checkTimes wants times that rise from entry to entry, and days that never fall.
func checkTimes(t *testing.T, n *Node) {
	t.Helper()
	last := ledger.Moment{}
	err := n.Read(func(v *View) error {
		return v.Records(1, func(r *record.Record) error {
			if !last.At.Before(r.Moment.At) || r.Moment.Day < last.Day || r.Moment.Day < civil.Day(r.Moment.At.Time()) {
				return fmt.Errorf("entry %d is of %v on %v, the one before of %v on %v",
					r.Seq, r.Moment.At.Time(), r.Moment.Day, last.At.Time(), last.Day)
			}
			last = r.Moment
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestClockSetBackJumpedOrFrozenNeverTurnsTimeBack(t *testing.T) {
	clock := newClock()
	o := initLedger(t, vfs.NewMem(), clock)
	n := mustOpen(t, o)
	settleWijk(t, n, 2)
	for i, c := range []struct {
		name string
		set  time.Duration
	}{
		{"a day back", -day},
		{"frozen", 0},
		{"on again", time.Second},
		{"a year ahead", 365 * day},
		{"back again", -365 * day},
		{"two years back", -730 * day},
		{"before all time", -80 * 365 * day},
		{"and where it was", (80*365 + 731) * day},
	} {
		clock.add(c.set)
		for pay := range 3 {
			before := n.Today()
			r := must(t, n, ledger.Pay{ID: payID(10*i + pay), From: 1, To: 2, Amount: 1})
			if r.Moment.Day < before || n.Today() < r.Moment.Day {
				t.Fatalf("%s: today was %v, the payment is of %v, and then today is %v", c.name, before, r.Moment.Day, n.Today())
			}
		}
		if i%2 == 1 {
			mustClose(t, n)
			n = mustOpen(t, o)
		}
	}
	checkTimes(t, n)
	mustClose(t, n)
	verify(t, o)
}

// What is shown as today's balance can be paid, and money never grows by itself,
// whatever the clock does.
func TestBalanceShownCanBePaidWhateverTheClockDoes(t *testing.T) {
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 9))
		clock := newClock()
		o := initLedger(t, vfs.NewMem(), clock)
		n := mustOpen(t, o)
		settleWijk(t, n, 2)
		shown := func() (cents ledger.Cents) {
			t.Helper()
			err := n.Read(func(v *View) error {
				b, err := v.Balance(1, n.Today())
				cents = ledger.ShownCents(b.Worth)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return cents
		}
		last := shown()
		for i := range 40 {
			clock.add(time.Duration(rng.Int64N(int64(60*day))) - 25*day)
			now := shown()
			must(t, n, ledger.Block{Account: 2}) // an entry that moves no money
			must(t, n, ledger.Unblock{Account: 2})
			if after := shown(); now > last && i > 0 || after > now {
				t.Fatalf("seed %d: %v was shown, then %v, and after an entry %v", seed, last, now, after)
			}
			last = now
			if i%8 != 7 {
				continue
			}
			must(t, n, ledger.Pay{ID: payID(2 * i), From: 1, To: 2, Amount: shown()}) // all of it
			must(t, n, ledger.Pay{ID: payID(2*i + 1), From: 2, To: 1, Amount: 20_00})
			last = shown()
		}
		checkTimes(t, n)
		mustClose(t, n)
		verify(t, o)
	}
}
