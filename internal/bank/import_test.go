package bank

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/demurrage"
	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/internal/sepa"
	"grulden/ledger"
)

func TestTopUpIsIssuedToTheOneWhoseReferenceItHas(t *testing.T) {
	for _, version := range []int{2, 8} {
		w := newWijk(t, vfs.NewMem())
		anna, bram := w.resident("Anna Voorbeeld"), w.resident("Bram Voorbeeld")
		structured := w.topUp(25_00, "")
		structured.Reference = bram.Reference
		o := w.take(w.statement(version,
			w.topUp(10_00, "voor de bakker "+strings.ToLower(sepa.Grouped(anna.Reference))+" dank"), structured))
		for i, e := range o.Entries {
			wantState(t, e, Issued, "")
			if !e.New || e.ByHand || e.By != ID(treasurer) || e.Seq == 0 || e.Name != "Anna Voorbeeld" {
				t.Errorf("entry %d: %+v", i, e)
			}
		}
		wantCents(t, "Anna", w.has(anna.Account), 10_00)
		wantCents(t, "Bram", w.has(bram.Account), 25_00)
		if got := o.Total(Issued); got != (Total{Issued, 2, 2, 35_00, 0}) {
			t.Errorf("total %+v", got)
		}
		if s := o.Statements; len(s) != 1 || s[0].Opening != "500.00" || s[0].Closing != "535.00" || s[0].Reason != "" || s[0].Entries != 2 {
			t.Errorf("statements %+v", s)
		}
		must(t, w.node.Read(func(v *node.View) error {
			rec, err := v.Record(o.Entries[0].Seq)
			if rec.Auth != (record.Auth{By: treasurer, How: record.ByBank}) {
				t.Errorf("authorised by %+v", rec.Auth)
			}
			return err
		}))
		w.close()
	}
}

func TestTwoIdenticalPaymentsAreTwoTopUps(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	anna := w.resident("Anna Voorbeeld")
	first := w.topUp(3_50, anna.Reference)
	wantState(t, w.one(w.statement(8, first)), Issued, "")
	wantCents(t, "after the first", w.has(anna.Account), 3_50)
	o := w.take(w.statement(8, first, first))
	if o.Entries[0].New == o.Entries[1].New {
		t.Error("one of the two is new, the other is not")
	}
	wantCents(t, "after both", w.has(anna.Account), 7_00)
	w.take(w.statement(2, first, first))
	wantCents(t, "after both again", w.has(anna.Account), 7_00)
}

// bookings are a fortnight on the account: top-ups, some of them alike, some
// with references that are wrong, and debits.
func (w *wijk) bookings(references ...string) (all []sepa.SimBooking) {
	rng := rand.New(rand.NewPCG(7, 7))
	for day := range 14 {
		for range rng.IntN(5) {
			b := w.topUp([]int64{3_50, 10_00}[rng.IntN(2)], references[rng.IntN(len(references))])
			b.Credit = rng.IntN(6) > 0
			b.Day += sepa.Date(day)
			all = append(all, b)
		}
	}
	return all
}

// result is all that imports may lead to: entries without their times, and what
// the ledger has.
func (w *wijk) result() string {
	w.t.Helper()
	all, err := w.bank.Entries(Filter{Limit: 1000})
	must(w.t, err)
	var lines []string
	for _, e := range all {
		lines = append(lines, fmt.Sprint(e.ID, e.Day, e.Cents, e.Credit, e.State, e.Reason, e.Account, e.Redemption, e.Batch, *e.Details))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n") + fmt.Sprint("\nissued ", w.head().Issued, " redeemed ", w.head().Redeemed)
}

func TestOverlappingFilesLeadToOneOutcome(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	anna, bram := w.resident("Anna Voorbeeld"), w.resident("Bram Voorbeeld")
	all := w.bookings(anna.Reference, bram.Reference, "geen kenmerk", "RF18539007547034")
	must(t, w.node.Store().Flush())
	must(t, w.node.Store().Checkpoint("wijk/before"))
	w.take(w.statement(8, all...))
	want := w.result()
	if !strings.Contains(want, string(Issued)) || !strings.Contains(want, string(Unexplained)) || !strings.Contains(want, string(UnknownReference)) {
		t.Fatalf("the example has not enough in it:\n%s", want)
	}
	for seed := range uint64(12) {
		again := newCopy(t, w)
		rng := rand.New(rand.NewPCG(seed, 1))
		for range 12 {
			again.take(again.piece(rng, all))
		}
		again.take(again.statement([]int{2, 4, 8}[rng.IntN(3)], all...))
		if got := again.result(); got != want {
			t.Fatalf("seed %d: got\n%s\nwant\n%s", seed, got, want)
		}
		again.close()
	}
}

// piece is a statement or notification of some days, in any order; the last day
// may not be over yet.
func (w *wijk) piece(rng *rand.Rand, all []sepa.SimBooking) []byte {
	from := w.today() + sepa.Date(rng.IntN(14))
	to := from + sepa.Date(rng.IntN(6))
	var part []sepa.SimBooking
	for _, b := range all {
		if from <= b.Day && b.Day < to || b.Day == to && rng.IntN(3) > 0 {
			part = append(part, b)
		} else if b.Day >= to {
			break
		}
	}
	rng.Shuffle(len(part), func(i, j int) { part[i], part[j] = part[j], part[i] })
	return write(w.t, sepa.SimStatement{
		Version: []int{2, 4, 8}[rng.IntN(3)], Notice: rng.IntN(3) == 0, Prior: rng.IntN(2) == 0,
		Account: reserveIBAN, ID: "S1", Created: w.clock.Now(), Opening: 500_00, Bookings: part,
	})
}

// newCopy is the wijk as it was before its first import, on a disk of its own.
func newCopy(t *testing.T, w *wijk) *wijk {
	t.Helper()
	mem := vfs.NewMem()
	must(t, mem.MkdirAll("wijk", 0o700))
	ok, err := vfs.Clone(w.fs, mem, "wijk/before", "wijk/store")
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	for _, name := range []string{"checkpoint", "signing.key"} {
		if _, err := vfs.Clone(w.fs, mem, "wijk/"+name, "wijk/"+name); err != nil {
			t.Fatal(err)
		}
	}
	return w.at(t, mem)
}

func TestOneFileWithTheSameDayTwiceCountsItOnce(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	anna := w.resident("Anna Voorbeeld")
	file := string(w.statement(8, w.topUp(10_00, anna.Reference)))
	statement := file[strings.Index(file, "<Stmt>") : strings.Index(file, "</Stmt>")+len("</Stmt>")]
	o := w.take([]byte(strings.Replace(file, statement, statement+statement, 1)))
	if len(o.Entries) != 1 || o.Repeated != 1 || len(o.Statements) != 2 {
		t.Errorf("%d entries, %d repeated, %d statements", len(o.Entries), o.Repeated, len(o.Statements))
	}
	wantCents(t, "Anna", w.has(anna.Account), 10_00)
}

func TestTheSameFileTwiceAtOnceIssuesOnce(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	anna := w.resident("Anna Voorbeeld")
	var bookings []sepa.SimBooking
	for i := range 600 { // more than are handed to the ledger at once
		bookings = append(bookings, w.topUp(int64(1+i%50), anna.Reference))
	}
	file := w.statement(8, bookings...)
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			if _, err := w.bank.Import(ctx, file, treasurer); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	wantCents(t, "Anna", w.has(anna.Account), 12*50*51/2)
	if got := w.take(file).Total(Issued); got.Count != 600 || got.New != 0 {
		t.Errorf("issued %+v", got)
	}
}

func TestWhatCannotBeMatchedWaitsWithItsReason(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	anna, bram, gone := w.resident("Anna Voorbeeld"), w.resident("Bram Voorbeeld"), w.resident("Gerda Voorbeeld")
	w.do(ledger.Close{Account: gone.Account})
	for _, c := range []struct {
		text string
		want Reason
	}{
		{"voor Anna", NoReference},
		{"", NoReference},
		{"RF18 5390 0754 7034", UnknownReference},
		{anna.Reference + " en " + bram.Reference, SeveralReferences},
		{gone.Reference, "account-closed"},
	} {
		e := w.one(w.statement(8, w.topUp(5_00, c.text)))
		wantState(t, e, Unmatched, c.want)
		if known := e.Account != 0; known != (c.want == "account-closed") {
			t.Errorf("%s names an account", e.show())
		}
		wantState(t, w.one(w.statement(2, w.topUp(5_00, c.text))), Unmatched, c.want)
	}
	wantState(t, w.one(w.statement(8, w.topUp(5_00, anna.Reference+" / "+anna.Reference))), Issued, "")
	wantCents(t, "issued", w.head().Issued, 5_00)
	open, err := w.bank.Entries(Filter{States: []State{Unmatched}})
	must(t, err)
	if len(open) != 5 {
		t.Errorf("%d wait", len(open))
	}
}

func TestTopUpIsTriedAgainWithEachFile(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	anna, _, err := w.people.Add(people.Person{ID: people.NewID(), Role: people.Resident, Name: "Anna Voorbeeld"}, "hash", w.clock.Now())
	must(t, err)
	file := w.statement(8, w.topUp(5_00, anna.Reference))
	wantState(t, w.one(file), Unmatched, "unknown-account")
	w.close()
	w.open()
	e := w.one(file)
	wantState(t, e, Unmatched, "unknown-account")
	if e.New {
		t.Error("nothing changed, and it is called new")
	}
	w.do(ledger.Open{Account: anna.Account, Owner: anna.Owner, Role: string(people.Resident)})
	o, err := w.bank.Import(ctx, file, desk.By)
	must(t, err)
	e = o.Entries[0]
	wantState(t, e, Issued, "")
	if !e.New || e.By != ID(desk.By) {
		t.Errorf("issued just now, by %v: %+v", desk.By, e)
	}
	w.close()
}

func TestMatchedByHandIsIssuedOnce(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	anna, bram, gone := w.resident("Anna Voorbeeld"), w.resident("Bram Voorbeeld"), w.resident("Gerda Voorbeeld")
	w.do(ledger.Close{Account: gone.Account})
	file := w.statement(8, w.topUp(5_00, "RF18539007547034 van Anna"))
	e := w.one(file)
	wantState(t, e, Unmatched, UnknownReference)
	var refused *Refused
	if _, err := w.bank.MatchByHand(ctx, e.ID, gone.Account, desk); !errors.As(err, &refused) || refused.Result != ledger.AccountClosed {
		t.Fatalf("to a closed account: %v", err)
	}
	wantState(t, w.one(file), Unmatched, UnknownReference)
	for range 2 {
		got, err := w.bank.MatchByHand(ctx, e.ID, anna.Account, desk)
		must(t, err)
		wantState(t, got, Issued, "")
		if !got.ByHand || got.By != ID(desk.By) || got.Account != anna.Account || got.Text == "" {
			t.Errorf("%+v", got)
		}
	}
	got, err := w.bank.MatchByHand(ctx, e.ID, bram.Account, desk)
	wantErr(t, err, ErrAlreadyIssued)
	if got.Account != anna.Account {
		t.Errorf("it went to %d", got.Account)
	}
	_, err = w.bank.MatchByHand(ctx, ID{1}, anna.Account, desk)
	wantErr(t, err, ErrUnknownEntry)
	wantState(t, w.one(file), Issued, "")
	wantCents(t, "Anna", w.has(anna.Account), 5_00)
	wantCents(t, "issued", w.head().Issued, 5_00)
}

func TestMoneyThatIsNoTopUpIsListedAndNotIssued(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	anna := w.resident("Anna Voorbeeld")
	pending, reversed, returned := w.topUp(1_00, anna.Reference), w.topUp(2_00, anna.Reference), w.topUp(3_00, anna.Reference)
	pending.Pending, reversed.Reversal, returned.ReturnReason = true, true, "AC04"
	debit, taken := w.topUp(4_00, anna.Reference), w.topUp(5_00, anna.Reference)
	debit.Credit, taken.Credit, taken.Reversal = false, false, true
	file := w.statement(8, pending, reversed, returned, debit, taken)
	o := w.take(file)
	wantState(t, o.Entries[0], Pending, "")
	wantState(t, o.Entries[1], Returned, Reversal)
	wantState(t, o.Entries[2], Returned, Return)
	wantState(t, o.Entries[3], Unexplained, NotAsked)
	wantState(t, o.Entries[4], Returned, Reversal)
	for _, e := range o.Entries[1:] {
		got, err := w.bank.MatchByHand(ctx, e.ID, anna.Account, desk)
		wantErr(t, err, ErrNotMatchable)
		wantState(t, got, e.State, e.Reason)
	}
	if kept, err := w.bank.Entries(Filter{}); err != nil || len(kept) != 4 {
		t.Errorf("%d entries kept (%v), the announced one must not be", len(kept), err)
	}
	wantCents(t, "issued", w.head().Issued, 0)
	pending.Pending = false
	wantState(t, w.one(w.statement(8, pending)), Issued, "")
}

// unsplit is a statement with one booking of which the bank says only the sum.
func (w *wijk) unsplit(cents ledger.Cents, direction, batchID string, count int) []byte {
	opening, closing := ledger.Cents(900_00), 900_00+cents
	if direction == "DBIT" {
		closing = 900_00 - cents
	}
	day := w.today()
	return fmt.Appendf(nil, `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>
<GrpHdr><MsgId>M</MsgId></GrpHdr><Stmt><Id>S</Id><Acct><Id><IBAN>%s</IBAN></Id><Ccy>EUR</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">%v</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>%s</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">%v</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>%s</Dt></Dt></Bal>
<Ntry><Amt Ccy="EUR">%v</Amt><CdtDbtInd>%s</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>%s</Dt></BookgDt>
<NtryDtls><Btch><PmtInfId>%s</PmtInfId><NbOfTxs>%d</NbOfTxs></Btch></NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>`,
		reserveIBAN, opening, day, closing, day, cents, direction, day, batchID, count)
}

func TestASumOfPaymentsIsNotIssuedToOnePerson(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	anna := w.resident("Anna Voorbeeld")
	e := w.one(w.unsplit(30_00, "CRDT", anna.Reference, 3))
	wantState(t, e, Whole, "")
	_, err := w.bank.MatchByHand(ctx, e.ID, anna.Account, desk)
	wantErr(t, err, ErrNotMatchable)
	wantState(t, w.one(w.unsplit(30_00, "DBIT", "SOMEBODY-ELSE", 3)), Whole, "")
}

func TestAFileOfAnotherAccountAltogetherIsRefused(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	anna := w.resident("Anna Voorbeeld")
	other := write(t, sepa.SimStatement{
		Version: 8, Account: bakerIBAN, ID: "S9", Created: w.clock.Now(), Bookings: []sepa.SimBooking{w.topUp(10_00, anna.Reference)},
	})
	o, err := w.bank.Import(ctx, other, treasurer)
	wantErr(t, err, ErrOtherAccount)
	if len(o.Statements) != 1 || o.Statements[0].Reason != OtherAccount || o.Statements[0].Account != bakerIBAN || o.Statements[0].Entries != 1 {
		t.Errorf("%+v", o.Statements)
	}
	if kept, err := w.bank.Entries(Filter{}); err != nil || len(kept) != 0 {
		t.Errorf("%d entries kept (%v)", len(kept), err)
	}
}

func TestEntriesThatAreForeignAreKeptAndNotIssued(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	anna := w.resident("Anna Voorbeeld")
	ours := sepa.SimStatement{
		Version: 8, Account: reserveIBAN, ID: "S1", Created: w.clock.Now(),
		Bookings: []sepa.SimBooking{w.topUp(20_00, anna.Reference), w.topUp(7_00, anna.Reference)},
	}
	ours.Bookings[1].Currency = "USD"
	dollars, baker := ours, ours
	dollars.Currency, dollars.Bookings = "USD", []sepa.SimBooking{w.topUp(10_00, anna.Reference)}
	baker.Account, baker.Bookings = bakerIBAN, []sepa.SimBooking{w.topUp(30_00, anna.Reference)}
	var file bytes.Buffer
	must(t, sepa.WriteStatement(&file, ours, dollars, baker))
	for range 2 {
		o := w.take(file.Bytes())
		wantState(t, o.Entries[0], Issued, "")
		wantState(t, o.Entries[1], Foreign, OtherCurrency)
		wantState(t, o.Entries[2], Foreign, OtherCurrency)
		wantState(t, o.Entries[3], Foreign, OtherAccount)
		if o.Entries[1].Currency != "USD" || o.Entries[3].OwnAccount != bakerIBAN || o.Entries[0].Currency != "" {
			t.Errorf("%+v", o.Entries)
		}
		if got := o.Total(Foreign); got.Count != 3 || got.In != 30_00 {
			t.Errorf("a sum of euros with dollars in it: %+v", got)
		}
	}
	_, err := w.bank.MatchByHand(ctx, w.take(file.Bytes()).Entries[3].ID, anna.Account, desk)
	wantErr(t, err, ErrNotMatchable)
	if kept, err := w.bank.Entries(Filter{States: []State{Foreign}}); err != nil || len(kept) != 3 {
		t.Errorf("%d kept (%v)", len(kept), err)
	}
	wantCents(t, "Anna", w.has(anna.Account), 20_00)
}

func TestAFileThatDoesNotAddUpIsRefusedWhole(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	anna := w.resident("Anna Voorbeeld")
	file := string(w.statement(8, w.topUp(10_00, anna.Reference)))
	var wrong *sepa.BalanceError
	if _, err := w.bank.Import(ctx, []byte(strings.Replace(file, "510.00", "511.00", 1)), treasurer); !errors.As(err, &wrong) {
		t.Errorf("a wrong balance: %v", err)
	}
	if _, err := w.bank.Import(ctx, []byte(file[:len(file)/2]), treasurer); err == nil {
		t.Error("half a file was taken in")
	}
	if kept, err := w.bank.Entries(Filter{}); err != nil || len(kept) != 0 {
		t.Errorf("%d entries kept (%v)", len(kept), err)
	}
	wantCents(t, "issued", w.head().Issued, 0)
}

func TestWithoutAReserveAccountNothingIsTakenIn(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	file := w.statement(8)
	if o := w.take(file); len(o.Entries) != 0 || len(o.Statements) != 1 {
		t.Errorf("an empty statement: %+v", o)
	}
	must(t, w.bank.rows.Delete(reserveKey))
	_, err := w.bank.Import(ctx, file, treasurer)
	wantErr(t, err, ErrNoReserve)
	_, err = w.bank.Export(treasurer)
	wantErr(t, err, ErrNoReserve)
	for _, r := range []Reserve{
		{IBAN: "NL70TEST0000000001", Name: "Stichting"}, {IBAN: reserveIBAN}, {IBAN: reserveIBAN, Name: "Stichting", BIC: "TEST"},
	} {
		if err := w.bank.SetReserve(r); err == nil {
			t.Errorf("%+v was taken", r)
		}
	}
}

func TestEntriesAreListedNewestFirst(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	anna := w.resident("Anna Voorbeeld")
	first := w.today()
	var bookings []sepa.SimBooking
	for i := range 30 {
		b := w.topUp(int64(100+i), []string{anna.Reference, "niets"}[i%2])
		b.Day += sepa.Date(i)
		bookings = append(bookings, b)
	}
	w.take(w.statement(8, bookings...))
	list := func(f Filter, want ...ledger.Cents) {
		t.Helper()
		all, err := w.bank.Entries(f)
		must(t, err)
		var got []ledger.Cents
		for _, e := range all {
			got = append(got, e.Cents)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%+v: %v, want %v", f, got, want)
		}
	}
	list(Filter{Limit: 3}, 129, 128, 127)
	list(Filter{Limit: 2, Skip: 2}, 127, 126)
	list(Filter{States: []State{Unmatched}, Limit: 2}, 129, 127)
	list(Filter{States: []State{Issued}, Limit: 2, Skip: 14}, 100)
	list(Filter{From: demurrage.Day(first) + 1, To: demurrage.Day(first) + 3}, 103, 102, 101)
	list(Filter{States: []State{Settled}})
}

func TestOutcomeIsReadableAsJSON(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	anna := w.resident("Anna Voorbeeld")
	o := w.take(w.statement(8, w.topUp(10_00, anna.Reference)))
	data, err := json.Marshal(o)
	must(t, err)
	for _, want := range []string{
		`"day":"2026-04-02"`, `"cents":1000`, `"state":"issued"`, fmt.Sprintf(`"account":"%d"`, anna.Account),
		`"name":"Anna Voorbeeld"`, `"totals":[{"state":"issued","count":1,"new":1,"in":1000,"out":0}]`,
	} {
		if !strings.Contains(string(data), want) {
			t.Errorf("no %s in\n%s", want, data)
		}
	}
	var back Outcome
	must(t, json.Unmarshal(data, &back))
	if e := back.Entries[0]; e.ID != o.Entries[0].ID || e.Day != o.Entries[0].Day || e.Seen.Sub(w.clock.Now()).Abs() > time.Second {
		t.Errorf("read back as %+v", e)
	}
}
