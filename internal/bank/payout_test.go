package bank

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"pgregory.net/rapid"

	"grulden/internal/people"
	"grulden/internal/sepa"
	"grulden/ledger"
)

// validate holds a payment file against the official schema with xmllint.
func validate(t testing.TB, file []byte) {
	t.Helper()
	folder := os.Getenv("GRULDEN_SCHEMAS")
	if folder == "" {
		folder = filepath.Join("..", "..", ".cache", "schemas")
	}
	schema := filepath.Join(folder, "pain.001.001.09.xsd")
	if _, err := os.Stat(schema); err != nil {
		t.Fatalf("the schema %s is missing: run make schemas", schema)
	}
	cmd := exec.Command("xmllint", "--noout", "--nonet", "--schema", schema, "-")
	cmd.Stdin = bytes.NewReader(file)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("xmllint (Debian package libxml2-utils): %v\n%s\n%s", err, out, file)
	}
}

// export approves redemptions and exports them.
func (w *wijk) export(redemptions ...ledger.ID) *Export {
	w.t.Helper()
	for _, r := range redemptions {
		must(w.t, w.bank.Approve(r, treasurer))
	}
	x, err := w.bank.Export(treasurer)
	must(w.t, err)
	return x
}

// orders reads a payment file back.
func orders(t testing.TB, file []byte) sepa.PaymentFile {
	t.Helper()
	f, err := sepa.ReadPayments(bytes.NewReader(file), sepa.Limits{})
	must(t, err)
	return f
}

// booked is the statement of the day on which the bank carried a file out.
func (w *wijk) booked(f sepa.PaymentFile, more ...sepa.SimBooking) []byte {
	w.t.Helper()
	return w.statement(8, append(sepa.BookPayments(f, f.ExecutionDate), more...)...)
}

func TestPayoutsComeBackOnTheStatementAndAreSettled(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	baker, fiets := w.shop("Bakkerij Café Voorbeeld", bakerIBAN), w.shop("Fietsenmaker Voorbeeld", fietsIBAN)
	asked := []ledger.ID{w.redemption(1, baker, 40_00), w.redemption(2, fiets, 12_34), w.redemption(3, baker, 40_00)}
	x := w.export(asked...)
	validate(t, x.File)
	f := orders(t, x.File)
	if f.ExecutionDate.String() != "2026-04-07" || x.Batch.Pays.String() != "2026-04-07" {
		t.Errorf("pays on %v, the day after Easter is a bank holiday", f.ExecutionDate)
	}
	if f.MessageID != x.Batch.ID || f.DebtorIBAN != reserveIBAN || f.DebtorName != "Stichting Voorbeeld" || f.BatchBooking {
		t.Errorf("file %+v", f)
	}
	for i, want := range []sepa.Payment{
		{Cents: 39_20, Name: "Bakkerij Cafe Voorbeeld", IBAN: bakerIBAN},
		{Cents: 12_10, Name: "Fietsenmaker Voorbeeld", IBAN: fietsIBAN},
		{Cents: 39_20, Name: "Bakkerij Cafe Voorbeeld", IBAN: bakerIBAN},
	} {
		want.EndToEndID, want.Text = EndToEndID(asked[i]), "Uitbetaling Grulden, aanvraag van 2026-04-02"
		if f.Payments[i] != want {
			t.Errorf("payment %d: %+v, want %+v", i, f.Payments[i], want)
		}
	}
	if x.Batch.Cents != 90_50 || len(x.Left) != 0 || x.Batch.Waiting != 3 {
		t.Errorf("batch %+v", x.Batch)
	}

	file := w.booked(f)
	for range 2 {
		o := w.take(file)
		for i, e := range o.Entries {
			wantState(t, e, Settled, "")
			if e.Redemption != ID(asked[i]) || e.Seq == 0 {
				t.Errorf("entry %s of redemption %v", e.show(), e.Redemption)
			}
		}
	}
	wantCents(t, "redeemed", w.head().Redeemed, 90_50)
	wantCents(t, "waiting", w.head().Escrow, 0)
	all, err := w.bank.Batches()
	must(t, err)
	if len(all) != 1 || all[0].Settled != 3 || all[0].Waiting != 0 {
		t.Errorf("batches %+v", all)
	}
}

func TestARedemptionIsInOneFileForEver(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer func() { w.close() }()
	baker := w.shop("Bakkerij Voorbeeld", bakerIBAN)
	first := w.redemption(1, baker, 40_00)
	x := w.export(first)
	must(t, w.bank.Approve(first, desk.By))
	left, err := w.bank.Export(treasurer)
	wantErr(t, err, ErrNothingToPay)
	if len(left.Left) != 0 {
		t.Errorf("left %+v", left.Left[0])
	}
	w.close()
	w.clock.add(48 * time.Hour)
	w.open()
	_, err = w.bank.Export(treasurer)
	wantErr(t, err, ErrNothingToPay)
	again, err := w.bank.File(x.Batch.ID)
	must(t, err)
	if !bytes.Equal(again, x.File) {
		t.Error("the file is another one")
	}
	_, err = w.bank.File("GR-1")
	wantErr(t, err, ErrUnknownBatch)

	second := w.redemption(2, baker, 5_00)
	y := w.export(second)
	if y.Batch.ID == x.Batch.ID || y.Batch.Number != x.Batch.Number+1 || !slices.Equal(y.Batch.Redemptions, []ID{ID(second)}) {
		t.Errorf("second batch %+v", y.Batch)
	}
	all, err := w.bank.Batches()
	must(t, err)
	if len(all) != 2 || all[0].ID != y.Batch.ID || len(all[0].ID) > 35 {
		t.Errorf("batches %+v", all)
	}
}

func TestWhatCannotBePaidIsListedWithItsProblem(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	good, none, own := w.shop("Goed Voorbeeld", bakerIBAN), w.shop("Zonder Voorbeeld", ""), w.shop("Zelf Voorbeeld", reserveIBAN)
	odd, gone, moved := w.shop("中文", fietsIBAN), w.shop("Weg Voorbeeld", fietsIBAN), w.shop("Verhuisd Voorbeeld", fietsIBAN)
	blocked := w.shop("Geblokkeerd Voorbeeld", fietsIBAN)
	var asked []ledger.ID
	for i, shop := range []people.Person{good, none, own, odd, gone, moved, blocked, good} {
		asked = append(asked, w.redemption(1+i, shop, 10_00))
		if i < 7 {
			must(t, w.bank.Approve(asked[i], treasurer))
		}
	}
	must(t, w.people.Erase(gone.ID))
	_, err := w.people.SetBankAccount(moved.ID, people.BankAccount{
		IBAN: bakerIBAN, Name: "Verhuisd Voorbeeld", Check: people.NameCheck{On: w.clock.Now(), Result: people.NameMatches},
	})
	must(t, err)
	w.do(ledger.Block{Account: blocked.Account})
	x, err := w.bank.Export(treasurer)
	must(t, err)
	if !slices.Equal(x.Batch.Redemptions, []ID{ID(asked[0])}) {
		t.Errorf("paid %v", x.Batch.Redemptions)
	}
	want := []Reason{NoIBAN, BadPayee, BadPayee, NoPayee, NotApproved, "account-blocked", NotApproved}
	for i, p := range x.Left {
		if p.Problem != want[i] || p.Redemption != ID(asked[1+i]) || p.Cents != 9_80 || p.Asked.String() != "2026-04-02" {
			t.Errorf("left %d: %+v, want %s", i, p, want[i])
		}
		if strings.Contains(p.Detail, "TEST") || (p.Problem == BadPayee) != (p.Detail != "") {
			t.Errorf("left %d: detail %q", i, p.Detail)
		}
	}
	if len(x.Left) != len(want) {
		t.Fatalf("%d left, want %d", len(x.Left), len(want))
	}
	must(t, w.bank.Approve(asked[5], desk.By)) // for the new account number
	if y := w.export(asked[7]); len(y.Batch.Redemptions) != 2 || orders(t, y.File).Payments[0].IBAN != bakerIBAN {
		t.Errorf("second batch %+v", y.Batch)
	}
	wantErr(t, w.bank.Approve(ledger.ID{9}, treasurer), ErrUnknownRedemption)
}

func TestADebitThatIsNotWhatWasAskedForSettlesNothing(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	baker := w.shop("Bakkerij Voorbeeld", bakerIBAN)
	var asked []ledger.ID
	for n := range 4 {
		asked = append(asked, w.redemption(1+n, baker, 10_00))
	}
	f := orders(t, w.export(asked...).File)
	must(t, w.bank.Reject(ctx, asked[2], desk, Refusal{Reason: "rekening gesloten", Unpaid: true}))
	b := sepa.BookPayments(f, f.ExecutionDate)
	b[0].Cents++
	b[1].IBAN = fietsIBAN
	twice, stranger := b[3], b[3]
	stranger.EndToEndID = EndToEndID(ledger.ID{77})
	o := w.take(w.statement(2, append(b, twice, stranger)...))
	wantState(t, o.Entries[0], Unexplained, OtherAmount)
	wantState(t, o.Entries[1], Unexplained, OtherAccount)
	wantState(t, o.Entries[2], Unexplained, RejectedRedemption)
	wantState(t, o.Entries[3], Settled, "")
	wantState(t, o.Entries[4], Unexplained, PaidTwice)
	wantState(t, o.Entries[5], Unexplained, UnknownPayout)
	for i, want := range []ledger.Progress{ledger.Waiting, ledger.Waiting, ledger.Rejected, ledger.Settled} {
		if got := w.progress(asked[i]); got != want {
			t.Errorf("redemption %d: %v, want %v", i, got, want)
		}
	}
	wantCents(t, "redeemed", w.head().Redeemed, 9_80)
	if why, err := w.bank.Rejection(asked[2]); err != nil || why != "rekening gesloten" {
		t.Errorf("rejected for %q (%v)", why, err)
	}
}

func TestABatchBookedAsOneSumSettlesAllOfIt(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	baker := w.shop("Bakkerij Voorbeeld", bakerIBAN)
	one, two := w.redemption(1, baker, 10_00), w.redemption(2, baker, 20_00)
	x := w.export(one, two)
	e := w.one(w.unsplit(29_39, "DBIT", x.Batch.ID, 2))
	wantState(t, e, Unexplained, OtherAmount)
	w.clock.add(24 * time.Hour)
	e = w.one(w.unsplit(29_40, "DBIT", x.Batch.ID, 2))
	wantState(t, e, Settled, "")
	if e.Batch != x.Batch.ID || w.progress(one) != ledger.Settled || w.progress(two) != ledger.Settled {
		t.Errorf("%s of batch %s", e.show(), e.Batch)
	}
	f := orders(t, x.File)
	parts := w.booked(f)
	for range 2 { // the same money, now listed one by one
		for _, e := range w.take(parts).Entries {
			wantState(t, e, Settled, PartOfBatch)
		}
	}
	again := w.take(w.booked(f, sepa.BookPayments(f, f.ExecutionDate)...))
	if got := again.Total(Unexplained); got.Count != 2 {
		t.Errorf("each was paid once more: %+v", again.Totals)
	}
	w.clock.add(24 * time.Hour)
	wantState(t, w.one(w.unsplit(29_40, "DBIT", x.Batch.ID, 2)), Unexplained, PaidTwice)
	wantCents(t, "redeemed", w.head().Redeemed, 29_40)
}

func TestSettledByHandIsSettledOnceAndStillCompared(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	baker := w.shop("Bakkerij Voorbeeld", bakerIBAN)
	one, two, three := w.redemption(1, baker, 10_00), w.redemption(2, baker, 20_00), w.redemption(3, baker, 30_00)
	wantErr(t, w.bank.SettleByHand(ctx, one, desk), ErrNotApproved)
	x := w.export(one, two)
	for range 2 {
		must(t, w.bank.SettleByHand(ctx, one, desk))
		must(t, w.bank.SettleBatch(ctx, x.Batch.ID, desk))
	}
	wantErr(t, w.bank.SettleBatch(ctx, "GR-1", desk), ErrUnknownBatch)
	wantCents(t, "redeemed", w.head().Redeemed, 29_40)
	f := orders(t, x.File)
	o := w.take(w.booked(f, sepa.BookPayments(f, f.ExecutionDate)[0]))
	wantState(t, o.Entries[0], Settled, "")
	wantState(t, o.Entries[1], Settled, "")
	wantState(t, o.Entries[2], Unexplained, PaidTwice)
	wantErr(t, w.bank.Reject(ctx, one, desk, Refusal{Unpaid: true}), ErrUnknownRedemption)
	must(t, w.bank.Reject(ctx, three, desk, Refusal{Reason: "op verzoek"}))
	wantErr(t, w.bank.SettleByHand(ctx, three, desk), ErrNotApproved)
	wantCents(t, "waiting", w.head().Escrow, 0)
}

func TestWhatIsInAFileIsRejectedOnlyWhenTheBankDidNotPay(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	baker := w.shop("Bakkerij Voorbeeld", bakerIBAN)
	asked := w.redemption(1, baker, 10_00)
	w.export(asked)
	wantErr(t, w.bank.Reject(ctx, asked, desk, Refusal{Reason: "vergissing"}), ErrInBatch)
	must(t, w.bank.Reject(ctx, asked, desk, Refusal{Reason: "vergissing", Unpaid: true}))
	wantCents(t, "the shop", w.has(baker.Account), 10_00)
	var refused *Refused
	if err := w.bank.settle(ctx, asked, desk); !errors.As(err, &refused) || refused.Result != ledger.UnknownRedemption {
		t.Errorf("settled after it was rejected: %v", err)
	}
	all, err := w.bank.Batches()
	must(t, err)
	if all[0].Rejected != 1 {
		t.Errorf("batch %+v", all[0])
	}
}

// A store that was put back from a backup does not know its last batch; the
// statement settles all the same, so that nothing is paid twice.
func TestADebitOfAForgottenBatchStillSettles(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	baker := w.shop("Bakkerij Voorbeeld", bakerIBAN)
	one, two := w.redemption(1, baker, 10_00), w.redemption(2, baker, 20_00)
	f := orders(t, w.export(one, two).File)
	must(t, w.bank.rows.Delete(rowKey(payoutRow, ID(one))))
	must(t, w.bank.rows.Delete(rowKey(payoutRow, ID(two))))
	b := sepa.BookPayments(f, f.ExecutionDate)
	b[1].IBAN = fietsIBAN
	o := w.take(w.statement(8, b...))
	wantState(t, o.Entries[0], Settled, "")
	wantState(t, o.Entries[1], Unexplained, OtherAccount)
}

func TestEndToEndIDsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := ledger.ID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id"))
		text := EndToEndID(id)
		if len(text) > 35 || strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") != "" {
			t.Fatalf("%q cannot be an end-to-end id", text)
		}
		for _, given := range []string{text, strings.ToLower(text), " " + text[:9] + " " + text[9:]} {
			if back, ok := ParseEndToEndID(given); !ok || back != id {
				t.Fatalf("%q reads as %v %v", given, back, ok)
			}
		}
	})
	for _, other := range []string{"", "NOTPROVIDED", "GR", "GR" + strings.Repeat("A", 25), "GR" + strings.Repeat("A", 25) + "B", "GR" + strings.Repeat("1", 26), "GX" + strings.Repeat("A", 26)} {
		if id, ok := ParseEndToEndID(other); ok {
			t.Errorf("%q reads as %v", other, id)
		}
	}
}
