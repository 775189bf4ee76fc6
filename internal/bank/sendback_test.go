package bank

import (
	"bytes"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/internal/record"
	"grulden/internal/sepa"
)

// boardMember agrees to what the treasurer asks.
var boardMember = record.ActorID{15: 4}

// paid is the payment file of an export as its bank books it on a later day.
func (w *wijk) paid(x *Export) []sepa.SimBooking {
	w.t.Helper()
	file, err := sepa.ReadPayments(bytes.NewReader(x.File), sepa.Limits{})
	must(w.t, err)
	return sepa.BookPayments(file, w.today()+1)
}

func (w *wijk) entry(id ID) *Entry {
	w.t.Helper()
	e, err := w.bank.Entry(id)
	must(w.t, err)
	return e
}

func TestMoneyOfNobodyGoesBackToItsSender(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	anna := w.resident("Anna Voorbeeld")
	e := w.one(w.statement(8, w.topUp(12_34, "geen idee")))
	for range 2 {
		o, err := w.bank.SendBack(e.ID, treasurer, boardMember)
		must(t, err)
		if o.Cents != 12_34 || o.IBAN != annaIBAN || o.Name != "Anna Voorbeeld" || o.State != OrderWaiting {
			t.Fatalf("%+v", o)
		}
	}
	wantState(t, w.entry(e.ID), Returning, "")
	_, err := w.bank.MatchByHand(ctx, e.ID, anna.Account, desk)
	wantErr(t, err, ErrNotMatchable)
	x, err := w.bank.Export(treasurer)
	must(t, err)
	if x.Batch.Cents != 12_34 || strings.Count(string(x.File), "<CdtTrfTxInf>") != 1 {
		t.Fatalf("%+v", x.Batch)
	}
	wantState(t, w.one(w.statement(8, w.paid(x)...)), Settled, "")
	wantState(t, w.entry(e.ID), SentBack, "")
	_, err = w.bank.SendBack(e.ID, treasurer, boardMember)
	must(t, err)
	_, err = w.bank.Export(treasurer)
	wantErr(t, err, ErrNothingToPay)
	wantCents(t, "issued", w.head().Issued, 0)
}

func TestMoneySentBackThatComesAgainWaitsAgain(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	anna := w.resident("Anna Voorbeeld")
	e := w.one(w.statement(8, w.topUp(12_34, "geen idee")))
	var orders []ID
	for range 2 {
		o, err := w.bank.SendBack(e.ID, treasurer, boardMember)
		must(t, err)
		orders = append(orders, o.ID)
		x, err := w.bank.Export(treasurer)
		must(t, err)
		debit := w.paid(x)[0]
		w.take(w.statement(8, debit, debit.Returned(debit.Day+1, "AC04")))
		wantState(t, w.entry(e.ID), Unmatched, ReturnFailed)
	}
	if orders[0] == orders[1] {
		t.Error("two payments with one end-to-end id")
	}
	w.close()
	w.open()
	wantState(t, w.entry(e.ID), Unmatched, ReturnFailed)
	_, err := w.bank.MatchByHand(ctx, e.ID, anna.Account, desk)
	must(t, err)
	wantCents(t, "Anna", w.has(anna.Account), 12_34)
}

func TestAnOrderTakenBackLetsTheMoneyWaitAgain(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	e := w.one(w.statement(8, w.topUp(12_34, "geen idee")))
	o, err := w.bank.SendBack(e.ID, treasurer, boardMember)
	must(t, err)
	must(t, w.bank.CancelOrder(o.ID))
	wantState(t, w.entry(e.ID), Unmatched, NoReference)
	again, err := w.bank.SendBack(e.ID, treasurer, boardMember)
	must(t, err)
	if again.ID == o.ID || again.State != OrderWaiting {
		t.Errorf("%+v", again)
	}
}

func TestOnlyMoneyThatWaitsGoesBack(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	anna := w.resident("Anna Voorbeeld")
	unknown, debit, dollars := w.topUp(1_00, "a"), w.topUp(2_00, "b"), w.topUp(3_00, "c")
	unknown.IBAN, debit.Credit, dollars.Currency = "", false, "USD"
	o := w.take(w.statement(8, w.topUp(5_00, anna.Reference), unknown, debit, dollars))
	for i, want := range []error{ErrNotMatchable, ErrNoSender, ErrNotMatchable, ErrNotMatchable} {
		if _, err := w.bank.SendBack(o.Entries[i].ID, treasurer, boardMember); err == nil {
			t.Errorf("entry %d was sent back", i)
		} else {
			wantErr(t, err, want)
		}
	}
	_, err := w.bank.SendBack(ID{1}, treasurer, boardMember)
	wantErr(t, err, ErrUnknownEntry)
	e := w.one(w.statement(8, w.topUp(9_00, "niets")))
	_, err = w.bank.SendBack(e.ID, treasurer, treasurer)
	wantErr(t, err, ErrSamePerson)
	wantState(t, w.entry(e.ID), Unmatched, NoReference)
}

// A crash between taking the money out of what can be matched and making its
// order is mended by asking again.
func TestSendingBackThatWasCutShortIsFinished(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	e := w.one(w.statement(8, w.topUp(12_34, "geen idee")))
	must(t, w.bank.hold(w.entry(e.ID), boardMember))
	w.close()
	w.open()
	o, err := w.bank.SendBack(e.ID, treasurer, boardMember)
	must(t, err)
	if o.State != OrderWaiting || o.Entry != e.ID {
		t.Errorf("%+v", o)
	}
}
