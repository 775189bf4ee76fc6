package wallet

import (
	"context"
	"errors"
	"testing"

	"grulden/internal/people"
	"grulden/ledger"
)

// paid is a payment of 10.00 from one person to another.
func (s *town) paid(from, to people.Person, n byte) ledger.ID {
	s.t.Helper()
	id := ledger.ID{n}
	s.submit(ledger.Pay{ID: id, From: from.Account, To: to.Account, Amount: 10_00})
	return id
}

func (s *town) returnOf(who people.Person, id ledger.ID) Return {
	s.t.Helper()
	r, ok, err := s.orders.Return(who.Account, id)
	if err != nil || !ok {
		s.t.Fatalf("no return for %s: %v, %v", who.Name, ok, err)
	}
	return r
}

func (s *town) answer(who people.Person, id ledger.ID, agree bool) error {
	s.t.Helper()
	receipt, err := s.orders.Answer(context.Background(), holderOf(who), id, agree)
	if err == nil && receipt.Result != ledger.Applied {
		err = errors.New(receipt.Result.Code())
	}
	return err
}

func TestAPaymentIsReturnedWhenBothAgree(t *testing.T) {
	for _, offered := range []bool{false, true} {
		s := newTown(t)
		anna, bram := s.add("Anna", people.Resident, 50_00), s.add("Bram", people.Resident, 0)
		id := s.paid(anna, bram, 1)
		asker, other := anna, bram
		if offered {
			asker, other = bram, anna
		}
		for range 2 {
			if err := s.orders.AskBack(holderOf(asker), id, "amount"); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.answer(asker, id, true); !errors.Is(err, ErrNoReturn) {
			t.Errorf("the asker agrees with themselves: %v", err)
		}
		for _, who := range []people.Person{anna, bram} {
			if r := s.returnOf(who, id); r.State != ReturnOpen || r.Offered != offered || r.Amount != 10_00 || r.Asker() != asker.Account {
				t.Errorf("%s sees %+v", who.Name, r)
			}
		}
		for range 3 {
			if err := s.answer(other, id, true); err != nil {
				t.Fatal(err)
			}
			s.restart()
		}
		if s.has(anna) != 50_00 || s.has(bram) != 0 {
			t.Errorf("Anna has %v and Bram %v", s.has(anna), s.has(bram))
		}
		for _, who := range []people.Person{anna, bram} {
			if r := s.returnOf(who, id); r.State != ReturnAgreed || r.Amount != 10_00 {
				t.Errorf("afterwards %s sees %+v", who.Name, r)
			}
		}
		if may, err := s.orders.MayReturn(anna.Account, id); may || err != nil {
			t.Errorf("it can be given back once more: %v, %v", may, err)
		}
	}
}

func TestARefusedReturnIsOver(t *testing.T) {
	s := newTown(t)
	anna, bram := s.add("Anna", people.Resident, 50_00), s.add("Bram", people.Resident, 0)
	id := s.paid(anna, bram, 1)
	if err := s.orders.AskBack(holderOf(anna), id, "twice"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.answer(bram, id, false); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.answer(bram, id, true); !errors.Is(err, ErrNoReturn) {
		t.Errorf("agreeing after all: %v", err)
	}
	if err := s.orders.AskBack(holderOf(anna), id, "twice"); !errors.Is(err, ErrAskedTwice) {
		t.Errorf("asking again: %v", err)
	}
	if r := s.returnOf(anna, id); r.State != ReturnRefused || s.has(anna) != 40_00 {
		t.Errorf("Anna sees %+v and has %v", r, s.has(anna))
	}
}

func TestAReturnNobodyAnswersExpires(t *testing.T) {
	s := newTown(t)
	anna, bram := s.add("Anna", people.Resident, 50_00), s.add("Bram", people.Resident, 0)
	id := s.paid(anna, bram, 1)
	if err := s.orders.AskBack(holderOf(anna), id, "person"); err != nil {
		t.Fatal(err)
	}
	s.wait(returnLife)
	if err := s.answer(bram, id, true); !errors.Is(err, ErrNoReturn) || s.returnOf(bram, id).State != ReturnExpired {
		t.Errorf("after 30 days: %v, %+v", err, s.returnOf(bram, id))
	}
	all, err := s.orders.Returns(bram)
	if err != nil || len(all) != 1 {
		t.Errorf("Returns = %+v, %v", all, err)
	}
	s.wait(returnLife + aDay)
	if all, err := s.orders.Returns(bram); err != nil || len(all) != 0 {
		t.Errorf("much later: %+v, %v", all, err)
	}
}

func TestOnlyPaymentsBetweenResidentsAreReturnedByAgreement(t *testing.T) {
	s := newTown(t)
	anna, bram, shop := s.add("Anna", people.Resident, 50_00), s.add("Bram", people.Resident, 0), s.add("Bakker", people.Merchant, 0)
	toShop, toBram := s.paid(anna, shop, 1), s.paid(anna, bram, 2)
	for what, tt := range map[string]struct {
		who    people.Person
		id     ledger.ID
		reason Reason
	}{
		"a payment to a shop":       {anna, toShop, "amount"},
		"somebody else's payment":   {shop, toBram, "amount"},
		"a payment there is not":    {anna, ledger.ID{9}, "amount"},
		"a reason that there isn't": {anna, toBram, "because"},
	} {
		if err := s.orders.AskBack(holderOf(tt.who), tt.id, tt.reason); !errors.Is(err, ErrNoReturn) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := s.orders.AskBack(holderOf(anna), toBram, "amount"); err != nil {
		t.Fatal(err)
	}
	s.submit(ledger.Pay{ID: ledger.ID{5}, From: bram.Account, To: shop.Account, Amount: 9_00})
	if err := s.answer(bram, toBram, true); err == nil || err.Error() != "insufficient-balance" {
		t.Errorf("giving back what is spent: %v", err)
	}
	if r := s.returnOf(bram, toBram); r.State != ReturnOpen {
		t.Errorf("it is %+v; want open, until there is money", r)
	}
	if err := s.people.Erase(anna.ID); err != nil {
		t.Fatal(err)
	}
	if err := s.answer(bram, toBram, true); !errors.Is(err, ErrNoReturn) {
		t.Errorf("the other was erased: %v", err)
	}
	if _, err := s.orders.Returns(bram); err != nil {
		t.Errorf("the list of who is left: %v", err)
	}
}
