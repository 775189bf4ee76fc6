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
