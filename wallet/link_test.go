package wallet

import (
	"context"
	"errors"
	"sync"
	"testing"

	"grulden/internal/payreq"
	"grulden/ledger"
)

const carla = ledger.AccountID(104)

// link makes a link by anna that some people can pay 3.33 each.
func (w *wijk) link(times int) payreq.Request {
	w.t.Helper()
	r, err := w.book.Make(payreq.Request{
		Kind: payreq.ByLink, Shop: anna, Amount: 3_33, Times: times, Made: w.clock(), Expires: w.clock().Add(30 * aDay),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (w *wijk) payLink(payer ledger.AccountID, r payreq.Request) (ledger.ID, error) {
	w.t.Helper()
	attempt, err := w.wallet.newAttempt(payer, r.Code)
	if err != nil {
		w.t.Fatal(err)
	}
	order := Order{Code: r.Code, Attempt: attempt, Sealed: true}
	id, receipt, err := w.wallet.Pay(context.Background(), holder(payer), order)
	if err == nil && receipt.Result != ledger.Applied {
		err = errors.New(receipt.Result.Code())
	}
	return id, err
}

func (w *wijk) stateOf(payer ledger.AccountID, r payreq.Request) State {
	w.t.Helper()
	o, err := w.wallet.Offer(payer, r.Code, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	return o.State
}

func TestEachPersonPaysALinkOnce(t *testing.T) {
	w := newWijk(t)
	w.submit(ledger.Issue{To: bram, Amount: 50_00})
	w.submit(ledger.Issue{To: bakker, Amount: 50_00})
	r := w.link(2)
	if got := w.stateOf(anna, r); got != OwnCode {
		t.Errorf("the asker sees state %d", got)
	}
	first, err := w.payLink(bram, r)
	if err != nil {
		t.Fatal(err)
	}
	again, err := w.payLink(bram, r)
	if err != nil || again != first {
		t.Errorf("the second time: %v, %v; want the first payment %v", again, err, first)
	}
	if got := w.stateOf(bram, r); got != PaidByPayer {
		t.Errorf("who paid sees state %d", got)
	}
	if got := w.stateOf(bakker, r); got != Payable {
		t.Errorf("who did not pay yet sees state %d", got)
	}
	if _, err := w.payLink(bakker, r); err != nil {
		t.Fatal(err)
	}
	if got := w.home(anna).Spendable; got != 6_66 {
		t.Errorf("the asker has %v, want 6.66", got)
	}
	if got := w.home(bram).Spendable; got != 50_00-3_33 {
		t.Errorf("a payer has %v left", got)
	}
}

func TestALinkTakesNoMorePaymentsThanWereAsked(t *testing.T) {
	w := newWijk(t)
	w.submit(ledger.Open{Account: carla, Owner: 4, Role: "resident"})
	payers := []ledger.AccountID{bram, carla, bakker}
	for _, p := range payers {
		w.submit(ledger.Issue{To: p, Amount: 50_00})
	}
	r := w.link(1)
	errs := make([]error, len(payers))
	var all sync.WaitGroup
	for i, p := range payers {
		all.Go(func() { _, errs[i] = w.payLink(p, r) })
	}
	all.Wait()
	taken := 0
	for i, err := range errs {
		switch {
		case errors.Is(err, ErrTaken):
			taken++
			if got := w.stateOf(payers[i], r); got != PaidByOther {
				t.Errorf("who came late sees state %d", got)
			}
		case err != nil:
			t.Error(err)
		}
	}
	if taken != 2 || w.home(anna).Spendable != 3_33 {
		t.Errorf("%d of 3 came late, and the asker has %v; want 2 and 3.33", taken, w.home(anna).Spendable)
	}
}

func TestARefusedPaymentTakesNoPlaceOnALink(t *testing.T) {
	w := newWijk(t)
	r := w.link(1)
	if _, err := w.payLink(bram, r); err == nil || err.Error() != "insufficient-balance" {
		t.Fatalf("paying without money: %v", err)
	}
	dear, err := w.book.Make(payreq.Request{Kind: payreq.ByLink, Shop: anna, Amount: 40_00, Times: 1, Made: w.clock(), Expires: w.clock().Add(aDay)})
	if err != nil {
		t.Fatal(err)
	}
	w.submit(ledger.Issue{To: bakker, Amount: 50_00})
	if _, err := w.payLink(bakker, dear); !errors.Is(err, ErrPINNeeded) {
		t.Errorf("a large amount without a PIN: %v", err)
	}
	if claims, err := w.book.Claims(dear.Code); len(claims) != 0 || err != nil {
		t.Errorf("without a PIN it left %v, %v", claims, err)
	}
	if _, err := w.payLink(bakker, r); err != nil {
		t.Errorf("the place is still taken: %v", err)
	}
	if _, err := w.payLink(bram, r); !errors.Is(err, ErrTaken) {
		t.Errorf("the second: %v", err)
	}
}

func TestAPlaceThatAStoppedServerLeftBehindIsFreeAgain(t *testing.T) {
	w := newWijk(t)
	w.submit(ledger.Issue{To: bakker, Amount: 50_00})
	r := w.link(1)
	left := payreq.Claim{Payer: bram, Payment: w.wallet.linkPayment(r, bram), At: w.clock()}
	if err := w.book.Claim(r.Code, left); err != nil {
		t.Fatal(err)
	}
	if _, err := w.payLink(bakker, r); !errors.Is(err, ErrTaken) {
		t.Errorf("while the other may still be paying: %v", err)
	}
	w.wait(claimLife)
	if _, err := w.payLink(bakker, r); err != nil {
		t.Errorf("later: %v", err)
	}
}

func TestAnEndedLinkIsOnlyTheReceiptOfWhoPaid(t *testing.T) {
	for what, end := range map[string]func(*wijk, payreq.Request) error{
		"expired": func(w *wijk, _ payreq.Request) error { w.wait(30 * aDay); return nil },
		"stopped": func(w *wijk, r payreq.Request) error { return w.book.Stop(r.Code) },
	} {
		w := newWijk(t)
		w.submit(ledger.Issue{To: bram, Amount: 50_00})
		w.submit(ledger.Issue{To: bakker, Amount: 50_00})
		r := w.link(2)
		paid, err := w.payLink(bram, r)
		if err != nil {
			t.Fatal(err)
		}
		if err := end(w, r); err != nil {
			t.Fatal(err)
		}
		if id, err := w.payLink(bram, r); err != nil || id != paid {
			t.Errorf("%s: who paid gets %v, %v", what, id, err)
		}
		if _, err := w.payLink(bakker, r); !errors.Is(err, ErrExpired) {
			t.Errorf("%s: who comes late gets %v", what, err)
		}
		if got := w.stateOf(bakker, r); got != Expired {
			t.Errorf("%s: who comes late sees state %d", what, got)
		}
	}
}
