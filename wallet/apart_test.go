package wallet

import (
	"errors"
	"testing"

	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/ledger"
)

// apart lets the wijk decide that residents no longer pay each other, from
// today on.
func (w *wijk) apart() {
	w.t.Helper()
	rules := w.node.Rules()
	rules.ResidentsPay = false
	if err := w.node.SetRules(w.node.Today(), rules); err != nil {
		w.t.Fatal(err)
	}
}

// TestResidentsPayEachOtherOnlyWhileTheWijkLetsThem: what they paid before stays
// paid, and shops are paid as ever.
func TestResidentsPayEachOtherOnlyWhileTheWijkLetsThem(t *testing.T) {
	w := newWijk(t)
	w.submit(ledger.Issue{To: bram, Amount: 50_00})
	w.submit(ledger.Issue{To: bakker, Amount: 50_00})
	before, after := w.link(2), w.link(2)
	paid, err := w.payLink(bram, before)
	if err != nil {
		t.Fatal(err)
	}
	w.apart()
	if _, err := w.payLink(bram, after); !errors.Is(err, ErrApart) {
		t.Errorf("a resident pays a resident: %v", err)
	}
	if _, err := w.wallet.Offer(bram, after.Code, 0); !errors.Is(err, ErrApart) {
		t.Errorf("it is offered: %v", err)
	}
	if again, err := w.payLink(bram, before); err != nil || again != paid {
		t.Errorf("a payment of before has no receipt any more: %v", err)
	}
	if got := w.stateOf(bram, before); got != PaidByPayer {
		t.Errorf("a payment of before is in state %d", got)
	}
	if _, err := w.payLink(bakker, after); err != nil {
		t.Errorf("a shop cannot pay a resident: %v", err)
	}
	if got := w.home(bram).Spendable; got != 50_00-3_33 {
		t.Errorf("the payer has %v", got)
	}
}

// TestAStandingOrderBetweenResidentsIsMissedWhileTheyMayNot and goes on when they
// may again.
func TestAStandingOrderBetweenResidentsIsMissedWhileTheyMayNot(t *testing.T) {
	s := newTown(t)
	anna, bram := s.add("Anna", people.Resident, 100_00), s.add("Bram", people.Resident, 0)
	first := s.node.Today() + 3
	id := s.begin(anna, bram, record.Standing{Amount: 3_00, Every: record.Weekly, First: first})
	rules := s.node.Rules()
	rules.ResidentsPay = false
	if err := s.node.SetRules(s.node.Today(), rules); err != nil {
		t.Fatal(err)
	}
	s.wait(4 * aDay)
	s.runDue()
	if s.made(record.StandingPayment(id, first)) {
		t.Fatal("it was paid all the same")
	}
	if o := s.one(anna); o.Ended != NotEnded || o.Next != first+7 {
		t.Fatalf("%+v", o)
	}
	rules.ResidentsPay = true
	if err := s.node.SetRules(s.node.Today()+1, rules); err != nil {
		t.Fatal(err)
	}
	s.wait(7 * aDay)
	s.runDue()
	if !s.made(record.StandingPayment(id, first+7)) || s.made(record.StandingPayment(id, first)) {
		t.Error("it did not go on with the next one")
	}
}
