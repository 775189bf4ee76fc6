package ledger

import (
	"math/big"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"grulden/demurrage"
)

// parts is how many roundings an entry may have made in favour of holders: one
// for each part that arrived or left something behind.
func (m *move) parts() int { return len(m.entry.Facts.Out) + len(m.entry.Facts.In) + 1 }

// TestMoneyIsConserved: every grain is somebody's, the wijkfonds' or awaited,
// after every entry; and the wijkfonds changes by what the entry says, less the
// roundings, which are always its loss.
func TestMoneyIsConserved(t *testing.T) {
	walk(t, func(w *world, m *move) {
		if err := w.state.Check(); err != nil {
			w.Fatal(err)
		}
		after := w.look(w.now.Day)
		head := w.state.Head()
		held, err := head.Holders.Worth(head.Index, w.now.Day)
		if err != nil || held.Big().Cmp(after.held) != 0 {
			w.Fatalf("accounts have %v, the head says %v (%v)", after.held, held, err)
		}
		sum := new(big.Int).Add(after.fund, ceilGrains(held).Big())
		sum.Add(sum, head.Escrow.Grains().Big())
		if sum.Cmp(head.Reserve().Grains().Big()) != 0 {
			w.Fatalf("reserve %v, accounted for %v grains", head.Reserve(), sum)
		}
		if m.entry == nil {
			return
		}
		income := new(big.Int).Sub(after.fund, m.before.fund)
		income.Sub(income, m.income(w))
		if income.Sign() > 0 || income.Cmp(big.NewInt(int64(-m.parts()))) < 0 {
			w.Fatalf("%+v: the fund changed by %v grains beyond what it should", m.command, income)
		}
	})
}

// income is what an entry should bring the wijkfonds, in grains, rounded up.
func (m *move) income(w *world) *big.Int {
	switch c := m.command.(type) {
	case Grant:
		return new(big.Int).Neg(c.Amount.Grains().Big())
	case Settle:
		_, r, _ := w.state.Find(c.Of)
		return r.Fee.Grains().Big()
	case Reopen: // the fee goes back to what waits
		_, r, _ := w.state.Find(c.Of)
		fee := r.Fee.Grains().Big()
		return fee.Neg(fee)
	case Close:
		return m.before.all[c.Account].Worth.CeilDiv(demurrage.One).Big()
	}
	return new(big.Int)
}

// TestShownMoneyCanBePaid: who sees 12.34 can pay 12.34, and not a cent more.
func TestShownMoneyCanBePaid(t *testing.T) {
	walk(t, func(w *world, m *move) {
		for _, from := range w.people {
			for _, to := range w.people {
				a, _ := w.state.Account(from.account)
				b, _ := w.state.Account(to.account)
				shown := w.shown(from.account)
				if a == b || a.Closed || a.Blocked || b.Closed || shown == 0 {
					continue
				}
				for amount, want := range map[Cents]Result{shown: Applied, shown + 1: InsufficientBalance} {
					_, r, err := Decide(w.state, w.now, Key{}, Pay{w.newID(), a.ID, b.ID, amount})
					if r != want || err != nil {
						w.Fatalf("account %d sees %v, paying %v: %v %v", a.ID, shown, amount, r, err)
					}
				}
				break
			}
		}
	})
}

// TestPayerLosesNoMoreAndReceiverGetsNoLess: a payment of n takes at most n from
// the payer, and less only by under a grain; it brings the receiver at least n,
// and more only by under a grain for each part. As shown, both differ from n by
// a cent at most. Nobody else sees anything.
func TestPayerLosesNoMoreAndReceiverGetsNoLess(t *testing.T) {
	walk(t, func(w *world, m *move) {
		if m.entry == nil {
			return
		}
		after := w.look(w.now.Day)
		payer, receiver, n := m.transfer(w)
		for _, who := range w.people {
			rise := new(big.Int).Sub(after.worth(who.account), m.before.worth(who.account))
			shown := ShownCents(after.all[who.account].Worth) - ShownCents(m.before.all[who.account].Worth)
			low, high := new(big.Int), new(big.Int)
			switch who.account {
			case payer:
				low.Neg(n.Worth().Big())
				high.Add(low, grainsWorth(1))
				shown += n
			case receiver:
				low = n.Worth().Big()
				high.Add(low, grainsWorth(m.parts()))
				shown -= n
			}
			if _, closed := m.command.(Close); closed {
				continue
			}
			if rise.Cmp(low) < 0 || rise.Cmp(low) > 0 && rise.Cmp(high) >= 0 || shown < 0 || shown > 1 {
				w.Fatalf("%+v: account %d changed by %v", m.command, who.account, rise)
			}
		}
	})
}

// transfer is from whom to whom an entry moved how much; nought for nobody.
func (m *move) transfer(w *world) (payer, receiver AccountID, n Cents) {
	f := &m.entry.Facts
	switch c := m.command.(type) {
	case Pay:
		return f.Debit, f.Credit, c.Amount
	case Refund:
		return f.Debit, f.Credit, f.Amount
	case Redeem:
		return f.Debit, 0, c.Amount
	case Issue:
		return 0, f.Credit, c.Amount
	case Grant:
		return 0, f.Credit, c.Amount
	case Reject:
		_, r, _ := w.state.Find(c.Of)
		return 0, f.Credit, r.Amount
	}
	return 0, 0, 0
}

// TestThereAndBackWinsNothing: money that goes to another owner and comes back
// the same day is worth what it was, but for under a grain a part, and is as old
// as it was.
func TestThereAndBackWinsNothing(t *testing.T) {
	walk(t, func(w *world, m *move) {
		if m.entry == nil || rapid.IntRange(0, 3).Draw(w.T, "look") > 0 {
			return
		}
		from := w.rich()
		a, _ := w.state.Account(from)
		shown := w.shown(from)
		if a.Closed || a.Blocked || shown == 0 {
			return
		}
		trip := w.fork()
		amount := Cents(rapid.Int64Range(1, int64(shown)).Draw(w.T, "there"))
		stranger := person{account: 999, owner: 1999, role: "resident"}
		trip.mustApply(Open{stranger.account, stranger.owner, stranger.role})
		trip.people = append(slices.Clone(w.people), stranger)
		before := trip.look(w.now.Day)
		out := trip.mustApply(Pay{trip.newID(), from, stranger.account, amount})
		back := trip.mustApply(Pay{trip.newID(), stranger.account, from, amount})
		after := trip.look(w.now.Day)
		won := new(big.Int).Sub(after.worth(from), before.worth(from))
		roundings := len(out.Facts.Out) + len(out.Facts.In) + len(back.Facts.In) + 1
		if won.Cmp(grainsWorth(roundings)) >= 0 {
			w.Fatalf("%v there and back won %v", amount, won)
		}
		trip.nothingYounger(a, before, after)
	})
}

// nothingYounger wants each lot of an account that its owner had before to melt
// from a day that it had then.
func (w *world) nothingYounger(a *Account, before, after *picture) {
	had := map[LotID]demurrage.Day{} // by issue, of those whose trail knows the owner
	for _, l := range before.lots[a.ID] {
		if l.stop(a.Owner) >= 0 {
			had[LotID{l.Issue, uint32(l.Melts)}] = l.Melts
		}
	}
	for _, l := range after.lots[a.ID] {
		i := l.stop(a.Owner)
		if i < 0 {
			continue
		}
		if melts, ok := had[LotID{l.Issue, uint32(l.Melts)}]; !ok || melts != l.Trail[i].Melts {
			w.Fatalf("lot of entry %d came back melting from %v", l.Issue, l.Melts)
		}
	}
}

// TestRefundRestoresWhatWas: a payment refunded at once, whole, leaves both with
// what they had, but for roundings, and the customer with the lots that were.
// Those whose trail knows the customer melt from the same day as before; where
// the trail ended with the customer it is as it was. What had become convertible
// at the shop stays so.
func TestRefundRestoresWhatWas(t *testing.T) {
	walk(t, func(w *world, m *move) {
		pay, ok := m.command.(Pay)
		if m.entry == nil || !ok {
			return
		}
		if shop, _ := w.state.Account(pay.To); shop.Blocked {
			return
		}
		trip := w.fork()
		e := trip.mustApply(Refund{Of: pay.ID, All: true})
		after := trip.look(w.now.Day)
		roundings := m.parts() + len(e.Facts.Out) + len(e.Facts.In)
		for _, who := range []AccountID{pay.From, pay.To} {
			won := new(big.Int).Sub(after.worth(who), m.before.worth(who))
			if won.CmpAbs(grainsWorth(roundings)) >= 0 {
				w.Fatalf("a refund changed account %d by %v", who, won)
			}
		}
		for _, l := range after.lots[pay.From] {
			if l.ID.Seq != e.Seq || e.Facts.In[l.ID.Part].Lot.Seq != m.entry.Seq {
				continue // from before, or the shop's own, because what came is convertible
			}
			was := func(b Lot) bool { return b.Issue == l.Issue && restored(w, pay, &b, &l) }
			if !slices.ContainsFunc(m.before.lots[pay.From], was) {
				w.Fatalf("%+v was refunded, and left a lot that was not: %+v", pay, l)
			}
		}
	})
}

// restored tells whether paying and refunding may make one lot another. The
// trail stays, unless the customer had the lot back from somebody before: then a
// shop that stood at its end is taken off, and a shop that was new stays on.
func restored(w *world, pay Pay, was, is *Lot) bool {
	customer, _ := w.state.Account(pay.From)
	shop, _ := w.state.Account(pay.To)
	if was.stop(customer.Owner) >= 0 && was.Melts != is.Melts {
		return false
	}
	switch n := len(was.Trail); {
	case slices.Equal(was.Trail, is.Trail):
		return true
	case was.Trail[n-1].Owner == customer.Owner:
		return false
	case was.Trail[n-1].Owner == shop.Owner:
		return slices.Equal(was.Trail[:n-1], is.Trail)
	default:
		return len(is.Trail) == n+1 && slices.Equal(was.Trail, is.Trail[:n]) && is.Trail[n].Owner == shop.Owner
	}
}

// TestHopsFallByARefundOnly: a lot comes from one of the same issue with the
// same trail; by a payment also from one with a hop less, by a refund also from
// one with a hop more.
func TestHopsFallByARefundOnly(t *testing.T) {
	walk(t, func(w *world, m *move) {
		if m.entry == nil {
			return
		}
		var old []Lot
		for _, lots := range m.before.lots {
			old = append(old, lots...)
		}
		for _, lots := range w.look(w.now.Day).lots {
			for i := range lots {
				if l := &lots[i]; !(l.Issue == m.entry.Seq && l.Hops() == 0) && !slices.ContainsFunc(old, m.leadsTo(l)) {
					w.Fatalf("%+v: a lot came from nowhere: %+v", m.command, *l)
				}
			}
		}
	})
}

// leadsTo tells from which lots the one given can have come by this move.
func (m *move) leadsTo(l *Lot) func(Lot) bool {
	return func(from Lot) bool {
		now, was := l.Trail, from.Trail
		switch m.command.(type) {
		case Pay:
			if len(now) == len(was)+1 {
				now = now[:len(was)]
			}
		case Refund:
			if len(was) == len(now)+1 {
				was = was[:len(now)]
			}
		}
		return l.Issue == from.Issue && slices.Equal(now, was)
	}
}

// TestFiveHopsNeedSixOwnersAndFiveDays: as many hops as other owners, each on a
// day of its own.
func TestFiveHopsNeedSixOwnersAndFiveDays(t *testing.T) {
	walk(t, func(w *world, m *move) {
		if err := w.state.Accounts(func(h *Holding) error {
			for _, l := range h.Lots {
				owners, days := map[OwnerID]bool{}, map[demurrage.Day]bool{}
				for i, s := range l.Trail {
					owners[s.Owner] = true
					if i > 0 {
						days[s.Day] = true
					}
				}
				if len(owners) != l.Hops()+1 || len(days) != l.Hops() {
					w.Fatalf("%d hops by %d owners on %d days", l.Hops(), len(owners), len(days))
				}
			}
			return nil
		}); err != nil {
			w.Fatal(err)
		}
	})
}

// TestConvertibleNeverTurnsBack: what is convertible leaves by a redemption or a
// closing only, and no day takes it back.
func TestConvertibleNeverTurnsBack(t *testing.T) {
	walk(t, func(w *world, m *move) {
		for _, who := range w.people {
			today, later := w.balance(who.account, w.now.Day), w.balance(who.account, w.now.Day+40)
			if len(later.Lots) > len(today.Lots) {
				w.Fatalf("account %d has %d lots now and %d later", who.account, len(today.Lots), len(later.Lots))
			}
			for _, l := range today.Lots {
				if l.Ripe <= w.now.Day {
					w.Fatalf("account %d: a lot that is convertible since %v is said not to be", who.account, l.Ripe)
				}
			}
		}
		if m.entry == nil {
			return
		}
		least := new(big.Int)
		switch c := m.command.(type) {
		case Redeem:
			least.Neg(c.Amount.Worth().Big())
		case Close:
			least.Neg(m.before.pool(c.Account))
		}
		if rise := new(big.Int).Sub(w.look(w.now.Day).pools(), m.before.pools()); rise.Cmp(least) < 0 {
			w.Fatalf("%+v: convertible money changed by %v", m.command, rise)
		}
	})
}

// TestWorthStandsStillWithinGrace: up to and including its melts-from day an
// amount is worth what it was, whatever policies come.
func TestWorthStandsStillWithinGrace(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(rt)
		promised := map[demurrage.Day]uint64{} // the index of melts-from days given
		for range rapid.IntRange(1, 60).Draw(rt, "steps") {
			w.step()
			x := w.state.Head().Index
			for day, index := range promised {
				if x.At(day) != index {
					w.Fatalf("the index of %v was promised to be %d and is %d", day, index, x.At(day))
				}
			}
			for _, a := range w.state.Head().Holders {
				if a.Melts != Charged {
					promised[a.Melts] = x.At(a.Melts)
				}
			}
			for _, who := range w.people {
				w.standsStill(who.account)
			}
		}
	})
}

// standsStill looks at the days of grace of an account's lots.
func (w *world) standsStill(id AccountID) {
	h, _ := w.state.Holding(id)
	x := w.state.Head().Index
	for _, l := range h.Lots {
		if l.Melts < w.now.Day {
			continue
		}
		now, _ := x.Worth(l.Units, l.Melts, w.now.Day)
		last, _ := x.Worth(l.Units, l.Melts, l.Melts)
		if now != last {
			w.Fatalf("a lot in its grace is worth %v now and %v on %v", now, last, l.Melts)
		}
	}
}

// TestRefusedCommandLeavesNoTrace: a refusal changes nothing at all, and neither
// does deciding what is allowed.
func TestRefusedCommandLeavesNoTrace(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(rt)
		for range rapid.IntRange(1, 40).Draw(rt, "steps") {
			w.step()
			before := describe(t, w.state)
			_, result, err := Decide(w.state, w.now, Key{}, w.drawCommand())
			if err != nil {
				w.Fatal(err)
			}
			if after := describe(t, w.state); after != before {
				w.Fatalf("%v left a trace:\n%s", result, differ(before, after))
			}
		}
	})
}

// TestSameEntriesSameState: the entries decided again give the same facts, and
// applied again the same state, to the last unit.
func TestSameEntriesSameState(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(rt)
		for range rapid.IntRange(1, 60).Draw(rt, "steps") {
			w.step()
		}
		again := NewState(Head{}, nil)
		for _, e := range w.entries {
			facts, result, err := Decide(again, e.Moment, e.Key, e.Command)
			if result != Applied || err != nil || !reflect.DeepEqual(facts, e.Facts) {
				rt.Fatalf("entry %d: %v %v\nwas %+v\nnow %+v", e.Seq, result, err, e.Facts, facts)
			}
			if err := again.Apply(e); err != nil {
				rt.Fatal(err)
			}
		}
		if was, is := describe(t, w.state), describe(t, again); was != is {
			rt.Fatalf("applied again:\n%s", differ(was, is))
		}
	})
}
