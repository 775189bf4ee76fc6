package bank

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/internal/sepa"
	"grulden/ledger"
)

// notice writes bookings as a notification of the simulated bank.
func (w *wijk) notice(version int, bookings ...sepa.SimBooking) []byte {
	w.t.Helper()
	return write(w.t, sepa.SimStatement{
		Version: version, Notice: true, Account: reserveIBAN, ID: "N1", Sequence: 1, Created: w.clock.Now(), Bookings: bookings,
	})
}

func TestNotificationAndStatementAreOneTopUp(t *testing.T) {
	for name, change := range map[string]func(*sepa.SimBooking){
		"the same words":          func(*sepa.SimBooking) {},
		"without a description":   func(b *sepa.SimBooking) { b.Text = "" },
		"with the bank's number":  func(b *sepa.SimBooking) { b.BankRef = "BANK-77" },
		"with the payer's number": func(b *sepa.SimBooking) { b.EndToEndID = "APP-5" },
		"with more text":          func(b *sepa.SimBooking) { b.Text += " van Anna" },
	} {
		for _, statementFirst := range []bool{false, true} {
			t.Run(fmt.Sprint(name, " statement first ", statementFirst), func(t *testing.T) {
				w := newWijk(t, vfs.NewMem())
				defer w.close()
				anna := w.resident("Anna Voorbeeld")
				told := w.topUp(10_00, anna.Reference)
				booked := told
				change(&booked)
				files := [][]byte{w.notice(4, told), w.statement(8, booked)}
				if statementFirst {
					slices.Reverse(files)
				}
				for range 2 {
					for _, file := range files {
						w.take(file)
					}
				}
				all, err := w.bank.Entries(Filter{})
				must(t, err)
				if len(all) != 1 || !all[0].Both || all[0].Notice {
					t.Fatalf("%d entries: %+v", len(all), all)
				}
				wantState(t, all[0], Issued, "")
				wantCents(t, "Anna", w.has(anna.Account), 10_00)
			})
		}
	}
}

func TestTwoPaymentsAlikeInAmountAreNotTakenForOne(t *testing.T) {
	for name, change := range map[string]func(*sepa.SimBooking){
		"another payer":         func(b *sepa.SimBooking) { b.IBAN = fietsIBAN },
		"another description":   func(b *sepa.SimBooking) { b.Text += " nog eens" },
		"another bank's number": func(b *sepa.SimBooking) { b.BankRef = "BANK-78" },
		"another day":           func(b *sepa.SimBooking) { b.Day++ },
		"another amount":        func(b *sepa.SimBooking) { b.Cents++ },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWijk(t, vfs.NewMem())
			defer w.close()
			first := w.topUp(10_00, w.resident("Anna Voorbeeld").Reference)
			first.BankRef = "BANK-77"
			second := first
			change(&second)
			if name == "another description" {
				first.Text += " met groet"
			}
			w.take(w.notice(8, first))
			w.take(w.statement(2, second))
			w.take(w.statement(2, second, first))
			wantCents(t, "issued", w.head().Issued, ledger.Cents(first.Cents+second.Cents))
		})
	}
}

// The statement has both payments; the notification had told of one of them.
func TestTheOneThatSaysTheSameIsTakenFirst(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	anna := w.resident("Anna Voorbeeld")
	told, silent := w.topUp(10_00, anna.Reference), w.topUp(10_00, "")
	w.take(w.notice(8, told))
	o := w.take(w.statement(8, silent, told))
	wantState(t, o.Entries[0], Unmatched, NoReference)
	wantState(t, o.Entries[1], Issued, "")
	wantCents(t, "Anna", w.has(anna.Account), 10_00)
}

func TestBatchAsASumAndInPartsIsIssuedOnce(t *testing.T) {
	for _, sumFirst := range []bool{false, true} {
		w := newWijk(t, vfs.NewMem())
		anna, bram := w.resident("Anna Voorbeeld"), w.resident("Bram Voorbeeld")
		one, two := w.topUp(10_00, anna.Reference), w.topUp(15_00, bram.Reference)
		batch := sepa.SimBooking{Credit: true, Day: w.today(), BankRef: "BANK-SUM", Parts: []sepa.SimBooking{one, two}}
		sum := batch
		sum.Sum = true
		files := [][]byte{w.notice(8, batch), w.statement(2, sum)}
		if sumFirst {
			slices.Reverse(files)
		}
		for range 2 {
			for _, file := range files {
				w.take(file)
			}
		}
		wantCents(t, "Anna", w.has(anna.Account), 10_00)
		wantCents(t, "Bram", w.has(bram.Account), 15_00)
		split, err := w.bank.Entries(Filter{States: []State{Split}})
		must(t, err)
		if len(split) != 1 || split[0].Cents != 25_00 || split[0].Reason != InParts {
			t.Errorf("sum first %v: %d split, %s", sumFirst, len(split), split[0].show())
		}
		if whole, err := w.bank.Entries(Filter{States: []State{Whole}}); err != nil || len(whole) != 0 {
			t.Errorf("%d sums still wait (%v)", len(whole), err)
		}
		w.close()
	}
}

// A file is taken in a chunk at a time, and nothing gets lost between two.
func TestAFileOfSeveralChunksIsTakenInWhole(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	anna := w.resident("Anna Voorbeeld")
	var bookings []sepa.SimBooking
	var sum ledger.Cents
	for i := range 2*chunk + 7 {
		b := w.topUp(int64(1+i%20), anna.Reference)
		bookings, sum = append(bookings, b), sum+ledger.Cents(b.Cents)
	}
	told := 0
	o, err := w.bank.ImportFrom(ctx, bytes.NewReader(w.statement(8, bookings...)), treasurer, func(e *Entry) error {
		told++
		return nil
	})
	must(t, err)
	if got := o.Total(Issued); got.New != len(bookings) || got.In != sum || told != len(bookings) || o.Entries != nil {
		t.Errorf("%+v, told of %d", got, told)
	}
	wantCents(t, "Anna", w.has(anna.Account), sum)
}
