package ledger

import (
	"math/big"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// TestMoneyIsConservedInEveryOrder: whatever a payment takes first, every grain
// stays somebody's, and who sees an amount can pay it.
func TestMoneyIsConservedInEveryOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(rt)
		w.order = rapid.SampledFrom(Orders()).Draw(rt, "order")
		for range rapid.IntRange(1, 60).Draw(rt, "steps") {
			m := w.step()
			if err := w.state.Check(); err != nil {
				w.Fatalf("%v: %v", w.order, err)
			}
			after, head := w.look(w.now.Day), w.state.Head()
			sum := new(big.Int).Add(after.fund, head.Escrow.Grains().Big())
			held, err := head.held(w.now.Day)
			if sum.Add(sum, held.Big()).Cmp(head.Reserve().Grains().Big()) != 0 || err != nil {
				w.Fatalf("%v, %+v: reserve %v, accounted for %v grains (%v)", w.order, m.command, head.Reserve(), sum, err)
			}
			c, paid := m.command.(Pay)
			if paid && m.result == InsufficientBalance && ShownCents(m.before.all[c.From].Worth) >= c.Amount {
				w.Fatalf("%v: %+v was refused to who sees %v", w.order, c, ShownCents(m.before.all[c.From].Worth))
			}
		}
	})
}

// TestTheLawsOrderIsDecide: in the law's order nothing is different, whatever
// is asked.
func TestTheLawsOrderIsDecide(t *testing.T) {
	walk(t, func(w *world, m *move) {
		cmd := Pay{w.newID(), w.someone(), w.someone(), w.drawAmount(w.shown(w.someone()))}
		law, r, err := Decide(w.state, w.now, Key{}, cmd)
		same, again, errAgain := DecideIn(MeltsFirst, w.state, w.now, Key{}, cmd)
		if r != again || err != nil || errAgain != nil || !reflect.DeepEqual(law, same) {
			w.Fatalf("%+v: %v and %v (%v, %v)", cmd, r, again, err, errAgain)
		}
	})
}

func TestOrdersHaveTheirNames(t *testing.T) {
	seen := map[string]bool{Order(99).String(): true}
	for _, o := range Orders() {
		if seen[o.String()] {
			t.Errorf("%v is the name of two", o)
		}
		seen[o.String()] = true
	}
	if len(seen) != int(orderCount)+1 || Orders()[0].String() != "melts-first" {
		t.Errorf("orders %v", Orders())
	}
}

// TestAnotherOrderTakesWhatItSays holds every payment of a walk against a plain
// reckoning: the parts that left are the first of the payer's, sorted anew by
// nothing but what the order says, and all but the last went whole.
func TestAnotherOrderTakesWhatItSays(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(rt)
		for range rapid.IntRange(1, 60).Draw(rt, "steps") {
			w.step()
			from := w.rich()
			cmd := Pay{w.newID(), from, w.someone(), w.drawAmount(w.shown(from))}
			for _, o := range Orders()[1:] {
				facts, r, err := DecideIn(o, w.state, w.now, Key{}, cmd)
				if err != nil {
					w.Fatal(err)
				}
				if r == Applied {
					w.inOrder(o, from, &facts)
				}
			}
		}
	})
}

// inOrder holds what left an account against the order.
func (w *world) inOrder(o Order, from AccountID, facts *Facts) {
	h, err := w.state.Holding(from)
	if err != nil {
		w.Fatal(err)
	}
	lots := map[LotID]*Lot{}
	for _, l := range h.Lots {
		if w.state.Head().Policies.ripeDay(l) > w.now.Day {
			lots[l.ID] = l
		}
	}
	redeems := w.state.Head().Policies.InForce(w.now.Day).MayRedeem(h.Account.Role)
	poolFirst := !redeems && o != NewestFirst
	for i, out := range facts.Out {
		if i < len(facts.Out)-1 && !out.Rest.IsZero() {
			w.Fatalf("%v: part %d of %d was split", o, i, len(facts.Out))
		}
		l := lots[out.Lot]
		for id, other := range lots {
			if l == nil && poolFirst || l == other {
				continue
			}
			if l == nil {
				w.Fatalf("%v: pool money left before lot %v", o, id)
			}
			if o.before(other, l) {
				w.Fatalf("%v: lot %+v left before %+v", o, *l, *other)
			}
		}
		delete(lots, out.Lot)
	}
	last := facts.Out[len(facts.Out)-1]
	if poolLeft := len(h.Account.Pool) > 0 || len(facts.Ripe) > 0; poolFirst && poolLeft && last.Lot != (LotID{}) {
		if first := facts.Out[0]; first.Lot != (LotID{}) {
			w.Fatalf("%v: lot %v left before the pool", o, first.Lot)
		}
	}
}

// before tells whether one lot must go before another.
func (o Order) before(a, b *Lot) bool {
	later := a.ID.Seq > b.ID.Seq || a.ID.Seq == b.ID.Seq && a.ID.Part > b.ID.Part
	switch o {
	case OldestFirst:
		return !later
	case NewestFirst:
		return later
	}
	return len(a.Trail) > len(b.Trail)
}
