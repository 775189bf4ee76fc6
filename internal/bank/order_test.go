package bank

import (
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/internal/sepa"
)

// refund is an order that sends a lost top-up back to Anna.
func refund() Order {
	return Order{
		ID: ID{15: 7}, Entry: ID{1}, Cents: 25_00, By: ID{1}, Second: ID{2},
		Payee: &Payee{Name: "Anna Voorbeeld", IBAN: annaIBAN, Text: "Terug: wij weten niet voor wie dit is"},
	}
}

func TestAnOrderIsPaidOnceAndFoundOnTheStatement(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer func() { w.close() }()
	asked := w.redemption(1, w.shop("Bakkerij Voorbeeld", bakerIBAN), 10_00)
	for range 2 {
		_, err := w.bank.AddOrder(refund())
		must(t, err)
	}
	x := w.export(asked)
	validate(t, x.File)
	f := orders(t, x.File)
	if len(f.Payments) != 2 || f.Payments[1].IBAN != annaIBAN || f.Payments[1].Cents != 25_00 || x.Batch.Cents != 34_80 {
		t.Fatalf("file %+v", f)
	}
	_, err := w.bank.Export(treasurer)
	wantErr(t, err, ErrNothingToPay)
	wantErr(t, w.bank.CancelOrder(refund().ID), ErrOrderSent)

	file := w.booked(f)
	for range 2 {
		o := w.take(file)
		wantState(t, o.Entries[1], Settled, "")
		if o.Entries[1].Order != refund().ID {
			t.Errorf("entry of order %v", o.Entries[1].Order)
		}
	}
	w.wantOrder(OrderPaid)
	w.close()
	w.open()
	w.wantOrder(OrderPaid)
	w.take(w.statement(8, sepa.BookPayments(f, f.ExecutionDate)[1].Returned(f.ExecutionDate+1, "AC04")))
	w.wantOrder(OrderBack)
}

func (w *wijk) wantOrder(state OrderState) {
	w.t.Helper()
	o, err := w.bank.Order(refund().ID)
	must(w.t, err)
	if o.State != state || o.Name != "Anna Voorbeeld" || o.IBAN != annaIBAN {
		w.t.Fatalf("order %+v %+v, want it %s", o, o.Payee, state)
	}
}

func TestAnOrderThatComesBackBeforeItsPaymentIsSeenIsBack(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	_, err := w.bank.AddOrder(refund())
	must(t, err)
	f := orders(t, w.export().File)
	b := sepa.BookPayments(f, f.ExecutionDate)
	w.take(w.statement(8, b[0].Returned(f.ExecutionDate+1, "AC04")))
	w.wantOrder(OrderSent)
	w.take(w.statement(8, b[0]))
	w.wantOrder(OrderBack)
}

func TestAnOrderOfOnePersonOrToNobodyIsRefused(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	alone := refund()
	alone.Second = alone.By
	_, err := w.bank.AddOrder(alone)
	wantErr(t, err, ErrSamePerson)
	own := refund()
	own.IBAN = reserveIBAN
	if _, err := w.bank.AddOrder(own); err == nil {
		t.Error("an order to the account that pays was taken")
	}
	all, err := w.bank.Orders()
	must(t, err)
	if len(all) != 0 {
		t.Errorf("%d orders", len(all))
	}
	_, err = w.bank.Export(treasurer)
	wantErr(t, err, ErrNothingToPay)
}

func TestACancelledOrderIsInNoFile(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	_, err := w.bank.AddOrder(refund())
	must(t, err)
	for range 2 {
		must(t, w.bank.CancelOrder(refund().ID))
	}
	_, err = w.bank.Export(treasurer)
	wantErr(t, err, ErrNothingToPay)
	wantErr(t, w.bank.CancelOrder(ID{9}), ErrUnknownOrder)
	w.wantOrder(OrderCancelled)
}

func TestADebitThatIsNotTheOrderIsShown(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	_, err := w.bank.AddOrder(refund())
	must(t, err)
	f := orders(t, w.export().File)
	b := sepa.BookPayments(f, f.ExecutionDate)[0]
	more, elsewhere, twice := b, b, b
	more.Cents, elsewhere.IBAN, twice.BankRef = 26_00, fietsIBAN, "again"
	wantState(t, w.one(w.statement(8, more)), Unexplained, OtherAmount)
	wantState(t, w.one(w.statement(8, elsewhere)), Unexplained, OtherAccount)
	wantState(t, w.one(w.statement(8, b)), Settled, "")
	wantState(t, w.one(w.statement(8, twice)), Unexplained, PaidTwice)
	w.wantOrder(OrderPaid)
}
