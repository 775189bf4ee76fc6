package wallet

import (
	"context"
	"errors"
	"testing"

	"pgregory.net/rapid"

	"grulden/internal/payreq"
	"grulden/internal/people"
	"grulden/ledger"
)

func TestSharesAddUpToTheTotal(t *testing.T) {
	if each, own, err := Share(10_00, 3); each != 3_33 || own != 3_34 || err != nil {
		t.Errorf("10.00 for three is %v each and %v for the asker, %v", each, own, err)
	}
	rapid.Check(t, func(t *rapid.T) {
		total := ledger.Cents(rapid.Int64Range(1, 1_000_000).Draw(t, "total"))
		people := rapid.IntRange(2, MaxPeople).Draw(t, "people")
		each, own, err := Share(total, people)
		if err != nil {
			if int64(total) >= int64(people) || !errors.Is(err, ledger.ErrAmount) {
				t.Fatal(err)
			}
			return
		}
		if each*ledger.Cents(people-1)+own != total || own < each || own-each >= ledger.Cents(people) {
			t.Fatalf("%v among %d: %v each, %v for the asker", total, people, each, own)
		}
	})
	for _, people := range []int{-1, 0, 1, MaxPeople + 1} {
		if _, _, err := Share(10_00, people); !errors.Is(err, ErrPeople) {
			t.Errorf("among %d: %v", people, err)
		}
	}
}

func TestAnAskerSeesHowManyPaidAndStops(t *testing.T) {
	s := newTown(t)
	anna := s.add("Anna", people.Resident, 0)
	bram, carla := s.add("Bram", people.Resident, 50_00), s.add("Carla", people.Resident, 50_00)
	r, err := s.orders.SplitByLink(anna, 10_00, 4, "Boodschappen")
	if err != nil || r.Amount != 2_50 || r.Times != 3 {
		t.Fatalf("%+v, %v", r, err)
	}
	id, err := s.payLink(bram.Account, r)
	if err != nil {
		t.Fatal(err)
	}
	s.restart()
	a, ok, err := s.orders.Asked(anna, r.Code)
	if err != nil || !ok || a.Text != "Boodschappen" || a.Total != 10_00 || a.People != 4 || len(a.Paid) != 1 || a.Paid[0].Payment != id || a.Over {
		t.Errorf("Asked = %+v, %v, %v", a, ok, err)
	}
	if text, err := s.orders.TextOfPayment(id); err != nil || text != "Boodschappen" {
		t.Errorf("the payment is for %q, %v", text, err)
	}
	if _, ok, err := s.orders.Asked(bram, r.Code); ok || err != nil {
		t.Errorf("somebody else sees it as theirs: %v, %v", ok, err)
	}
	if err := s.orders.StopLink(bram, r.Code); !errors.Is(err, ErrUnknownOrder) {
		t.Errorf("somebody else stops it: %v", err)
	}
	if err := s.orders.StopLink(anna, r.Code); err != nil {
		t.Fatal(err)
	}
	if _, err := s.payLink(carla.Account, r); !errors.Is(err, ErrExpired) {
		t.Errorf("paying a stopped link: %v", err)
	}
	links, err := s.orders.Links(anna, 10)
	if err != nil || len(links) != 1 || !links[0].Over {
		t.Errorf("Links = %+v, %v", links, err)
	}
}

func TestRequestsByLinkThatCannotBeAreRefused(t *testing.T) {
	s := newTown(t)
	anna := s.add("Anna", people.Resident, 0)
	for what, tt := range map[string]struct {
		amount ledger.Cents
		times  int
		text   string
		want   error
	}{
		"nothing":          {0, 1, "", payreq.ErrRequest},
		"nobody":           {1, 0, "", ErrPeople},
		"the whole town":   {1, MaxPeople + 1, "", ErrPeople},
		"a very long text": {1, 1, string(make([]rune, MaxText+1)), ErrText},
	} {
		if _, err := s.orders.AskByLink(anna, tt.amount, tt.times, tt.text); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", what, err, tt.want)
		}
	}
	if _, err := s.orders.SplitByLink(anna, 3, 4, ""); !errors.Is(err, ledger.ErrAmount) {
		t.Errorf("three cents among four: %v", err)
	}
	for range maxLinks {
		if _, err := s.orders.AskByLink(anna, 1, 1, ""); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.orders.AskByLink(anna, 1, 1, ""); !errors.Is(err, ErrTooMany) {
		t.Errorf("one more: %v", err)
	}
	s.wait(LinkLife)
	if _, err := s.orders.AskByLink(anna, 1, 1, ""); err != nil {
		t.Errorf("after the others ended: %v", err)
	}
}

func TestAPersonalCodeIsPaidAsOftenAsOneLikes(t *testing.T) {
	s := newTown(t)
	anna, bram := s.add("Anna", people.Resident, 0), s.add("Bram", people.Resident, 50_00)
	code, err := s.book.Personal(anna.Account, s.clock())
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		o := s.offer(bram.Account, code.Code, 4_00)
		if o.State != Payable || !o.Printed || o.Shop != anna.Account {
			t.Fatalf("%+v", o)
		}
		order := Order{Code: code.Code, Amount: 4_00, Payment: o.Payment, Seal: o.Seal, Attempt: o.Attempt, Sealed: true}
		if _, receipt, err := s.wallet.Pay(context.Background(), holderOf(bram), order); err != nil || receipt.Result != ledger.Applied {
			t.Fatalf("%v, %v", receipt.Result, err)
		}
	}
	if s.has(anna) != 8_00 {
		t.Errorf("Anna has %v", s.has(anna))
	}
}
