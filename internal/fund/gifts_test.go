package fund

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"grulden/internal/node"
	"grulden/internal/record"
	"grulden/ledger"
)

// given gives the wijkfonds a gift, and returns the gifts' purse.
func (w *wijk) given(amount ledger.Cents) ledger.AccountID {
	w.t.Helper()
	purse, err := w.fund.Purse(context.Background(), w.two)
	if err != nil {
		w.t.Fatal(err)
	}
	w.do(ledger.Issue{To: purse, Amount: amount})
	return purse
}

// TestAGrantFromGiftsCutShortIsFinished: it is a payment and no grant for the
// ledger, and must be made once too.
func TestAGrantFromGiftsCutShortIsFinished(t *testing.T) {
	for _, heard := range []bool{false, true} {
		w := newWijk(t)
		purse := w.given(20_00)
		d := Draft{To: anna, Purpose: soup.ID, Cents: 15_00}
		g, err := w.fund.check(d)
		if err == nil {
			err = w.fund.begin(ledger.Key{1}, &g)
		}
		if err != nil {
			t.Fatal(err)
		}
		if heard {
			r, err := w.node.Submit(context.Background(), node.Request{Auth: w.two, Command: ledger.Pay{ID: ledger.ID{1}, From: purse, To: anna, Amount: d.Cents}})
			if err != nil || r.Result != ledger.Applied {
				t.Fatal(r.Result, err)
			}
		}
		w.fund = New(w.node)
		for range 2 {
			if g := w.must(1, d); g.Seq == 0 || !g.Gifts {
				t.Errorf("heard %t: %+v", heard, g)
			}
		}
		all, err := w.fund.Grants()
		if s := w.state(); s.Gifts != 5_00 || s.Spent[soup.ID] != (Spending{15_00, 1}) || len(all) != 1 || err != nil {
			t.Errorf("heard %t: %+v, %d grants, %v", heard, s, len(all), err)
		}
	}
}

// TestAGiftThatIsGivenBackWasNotSpent: the baker got a grant from the gifts and
// refunds a part of it; the promise is about what stayed.
func TestAGiftThatIsGivenBackWasNotSpent(t *testing.T) {
	w := newWijk(t)
	purse := w.given(20_00)
	if _, err := w.fund.Give(context.Background(), ledger.Key{1}, Draft{To: bakker, Purpose: soup.ID, Cents: 15_00}, w.two); err != nil {
		t.Fatal(err)
	}
	r, err := w.node.Submit(context.Background(), node.Request{Auth: record.Auth{How: record.ByPIN}, Command: ledger.Refund{Of: ledger.ID{1}, Amount: 6_00}})
	if err != nil || r.Result != ledger.Applied {
		t.Fatal(r.Result, err)
	}
	for _, again := range []bool{false, true} {
		if again {
			w.fund = New(w.node)
		}
		s := w.state()
		if s.Spent[soup.ID].Cents != 9_00 || s.Promise.Need != 9_00 || s.Gifts != 11_00 || s.FromGifts != 20_00 || s.Promise.Room() != 1_00 {
			t.Errorf("%+v, purse %v", s, purse)
		}
	}
}

func TestTwoGrantsAtOnceSpendTheWijkfondsOnce(t *testing.T) {
	w := newWijk(t) // there is 10.00
	var errs [2]error
	var end sync.WaitGroup
	for i := range errs {
		end.Go(func() {
			_, errs[i] = w.fund.Give(context.Background(), ledger.Key{byte(i + 1)}, Draft{To: anna, Purpose: soup.ID, Cents: 6_00}, w.two)
		})
	}
	end.Wait()
	if (errs[0] == nil) == (errs[1] == nil) || !errors.Is(errors.Join(errs[:]...), ErrShort) {
		t.Fatalf("6.00 twice of 10.00: %v and %v", errs[0], errs[1])
	}
	if s := w.state(); s.Promise.Need != 6_00 || s.Spent[soup.ID].Grants != 1 {
		t.Errorf("%+v", s)
	}
}

func TestAGrantIsRefusedForWhatItLacks(t *testing.T) {
	w := newWijk(t)
	w.given(3_00)
	long := strings.Repeat("é", MaxText)
	for name, c := range map[string]struct {
		Draft
		want error
	}{
		"nothing":                   {Draft{Purpose: soup.ID}, ErrAmount},
		"less than nothing":         {Draft{Purpose: soup.ID, Cents: -1}, ErrAmount},
		"no purpose":                {Draft{Cents: 1_00}, ErrPurpose},
		"more than both purses":     {Draft{Purpose: soup.ID, Cents: 10_01}, ErrShort},
		"a reason that is too long": {Draft{Purpose: feast.ID, Cents: 1, Why: long + "x"}, ErrText},
		"a reason of spaces":        {Draft{Purpose: feast.ID, Cents: 1, Why: " \n "}, ErrText},
		"no reason":                 {Draft{Purpose: feast.ID, Cents: 1}, ErrPromise},
		"the longest reason":        {Draft{Purpose: feast.ID, Cents: 1, Why: long}, nil},
		"all that melted":           {Draft{Purpose: soup.ID, Cents: 9_99}, nil},
		"all gifts":                 {Draft{Purpose: soup.ID, Cents: 3_00}, nil},
	} {
		if err := w.fund.Check(c.Draft); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want: %v", name, err, c.want)
		}
	}
	if err := w.fund.EndPurpose(ID{9}); !errors.Is(err, ErrPurpose) {
		t.Errorf("a purpose that is not there ends: %v", err)
	}
	all, err := w.fund.Purposes()
	if s := w.state(); s.Promise.Spent() != 0 || err != nil || len(all) != 2 {
		t.Errorf("asking spent %v; %d purposes, %v", s.Promise.Spent(), len(all), err)
	}
}

func TestOnlyAWholeIDNamesAPurpose(t *testing.T) {
	var id ID
	if err := id.UnmarshalText([]byte(soup.ID.String())); err != nil || id != soup.ID {
		t.Errorf("%v, %v", id, err)
	}
	whole := soup.ID.String()
	for _, bad := range []string{"", whole[:30], whole + "00", whole[:31] + "g"} {
		if err := new(ID).UnmarshalText([]byte(bad)); !errors.Is(err, ErrPurpose) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
