package bank

import (
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/demurrage"
	"grulden/internal/civil"
	"grulden/internal/people"
	"grulden/internal/sepa"
	"grulden/ledger"
)

var first, second = people.ID{15: 1}, people.ID{15: 2}

func TestALargePaymentFileNeedsASecondPerson(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	baker := w.shop("Bakkerij Voorbeeld", bakerIBAN)
	x := w.export(w.redemption(1, baker, 600_00))
	if x.Batch.State != BatchDraft {
		t.Fatalf("a file of %v is %s", x.Batch.Cents, x.Batch.State)
	}
	_, err := w.bank.File(x.Batch.ID)
	wantErr(t, err, ErrNotReleased)
	wantErr(t, w.bank.Release(x.Batch.ID, first, people.ID{}), ErrTwoPeople)
	wantErr(t, w.bank.Release(x.Batch.ID, first, first), ErrSamePerson)
	if _, sent, err := w.bank.Progress(ledger.ID{0: 'r', 15: 1}); sent || err != nil {
		t.Errorf("a draft was sent (%v)", err)
	}
	batch, f, err := w.bank.Look(x.Batch.ID)
	must(t, err)
	if batch.Waiting != 1 || f.Total() != 588_00 || f.ExecutionDate.String() != "2026-04-08" {
		t.Errorf("the second person sees %+v of %+v", f, batch)
	}
	for range 2 {
		must(t, w.bank.Release(x.Batch.ID, first, second))
	}
	file, err := w.bank.File(x.Batch.ID)
	must(t, err)
	if string(file) != string(x.File) {
		t.Error("the file that is released is another one")
	}
	wantErr(t, w.bank.Discard(x.Batch.ID), ErrReleased)
}

func TestCuttingALargeFileInPiecesNeedsASecondPersonToo(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	baker := w.shop("Bakkerij Voorbeeld", bakerIBAN)
	var states []BatchState
	for n := range 3 {
		states = append(states, w.export(w.redemption(1+n, baker, 200_00)).Batch.State)
	}
	if states[0] != BatchReady || states[1] != BatchReady || states[2] != BatchDraft {
		t.Errorf("three files of 196 are %v", states)
	}
	w.clock.add(8 * 24 * time.Hour)
	if x := w.export(w.redemption(9, baker, 200_00)); x.Batch.State != BatchReady {
		t.Errorf("a week later a file of %v is %s", x.Batch.Cents, x.Batch.State)
	}
}

func TestADiscardedFileIsVoidAndItsPaymentsWaitAgain(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	asked := w.redemption(1, w.shop("Bakkerij Voorbeeld", bakerIBAN), 600_00)
	_, err := w.bank.AddOrder(refund())
	must(t, err)
	x := w.export(asked)
	for range 2 {
		must(t, w.bank.Discard(x.Batch.ID))
	}
	wantErr(t, w.bank.Release(x.Batch.ID, first, second), ErrVoid)
	_, err = w.bank.File(x.Batch.ID)
	wantErr(t, err, ErrNotReleased)
	y := w.export()
	if y.Batch.ID == x.Batch.ID || y.Batch.Cents != x.Batch.Cents || y.Batch.Waiting != 2 {
		t.Errorf("the next file %+v", y.Batch)
	}
}

func TestADraftIsNotReleasedOnceItIsOldOrAPayeeMoved(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	baker := w.shop("Bakkerij Voorbeeld", bakerIBAN)
	x := w.export(w.redemption(1, baker, 600_00))
	_, err := w.people.SetBankAccount(baker.ID, people.BankAccount{IBAN: fietsIBAN, Name: "Bakker", Check: people.NameCheck{On: w.clock.Now(), Result: people.NameClose}})
	must(t, err)
	wantErr(t, w.bank.Release(x.Batch.ID, first, second), ErrPayeeMoved)
	must(t, w.bank.Discard(x.Batch.ID))
	x = w.export(ledger.ID{0: 'r', 15: 1})
	if f := orders(t, x.File); f.Payments[0].IBAN != fietsIBAN || f.Payments[0].Name != "Bakker" {
		t.Errorf("the new file pays %+v", f.Payments[0])
	}
	w.clock.add(7 * 24 * time.Hour)
	wantErr(t, w.bank.Release(x.Batch.ID, first, second), ErrTooLate)
}

func TestOnlyAnAccountThatWasLookedAtIsPaid(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	baker := w.shop("Bakkerij Voorbeeld", bakerIBAN)
	asked := w.redemption(1, baker, 10_00)
	must(t, w.bank.Approve(asked, treasurer))
	now := w.clock.Now()
	for _, c := range []struct {
		check people.NameCheck
		want  Reason
	}{
		{people.NameCheck{}, NoNameCheck},
		{people.NameCheck{On: now, Result: people.NameDiffers}, NameDiffers},
		{people.NameCheck{On: now.Add(-366 * 24 * time.Hour), Result: people.NameMatches}, OldNameCheck},
		{people.NameCheck{On: now.Add(-365 * 24 * time.Hour), Result: people.NameMatches}, ""},
		{people.NameCheck{On: now, Result: people.NotCheckable}, ""},
		{people.NameCheck{On: now, Result: people.NameClose}, ""},
	} {
		_, err := w.people.SetBankAccount(baker.ID, people.BankAccount{IBAN: bakerIBAN, Name: "Bakker", Check: c.check})
		must(t, err)
		all, err := w.bank.Payouts()
		must(t, err)
		if all[0].Problem != c.want {
			t.Errorf("checked %+v: %q, want %q", c.check, all[0].Problem, c.want)
		}
	}
	typed, _, err := w.people.Add(people.Person{ID: people.NewID(), Role: people.Merchant, Name: "X", Shop: "X", IBAN: fietsIBAN}, "hash", now)
	must(t, err)
	w.do(ledger.Open{Account: typed.Account, Owner: typed.Owner, Role: "merchant"})
	w.redemption(2, typed, 10_00)
	all, err := w.bank.Payouts()
	must(t, err)
	if all[1].Problem != NotVouched {
		t.Errorf("an account that one person typed: %q", all[1].Problem)
	}
}

func TestTheWeeklyRunDraftsWhatWasAskedBeforeItsCutOff(t *testing.T) {
	w := newWijk(t, vfs.NewMem()) // Thursday 2 April, 12 o'clock
	defer func() { w.close() }()
	baker := w.shop("Bakkerij Voorbeeld", bakerIBAN)
	early := w.redemption(1, baker, 10_00)
	if x, err := w.bank.WeeklyRun(); x != nil || err != nil {
		t.Fatalf("before its day: %+v, %v", x, err)
	}
	w.clock.add(24*time.Hour + time.Minute) // Friday 12.01
	w.redemption(2, baker, 10_00)
	x, err := w.bank.WeeklyRun()
	must(t, err)
	if x == nil || x.State != BatchDraft || len(x.Redemptions) != 1 || x.Redemptions[0] != ID(early) || x.By != (ID{}) {
		t.Fatalf("drafted %+v", x)
	}
	if x.Weekly != Date(civil.Day(w.clock.Now())) || x.Pays.String() != "2026-04-08" {
		t.Errorf("of %v, pays %v", x.Weekly, x.Pays)
	}
	w.close()
	w.open()
	if again, err := w.bank.WeeklyRun(); again != nil || err != nil {
		t.Errorf("twice in a week: %+v, %v", again, err)
	}
	must(t, w.bank.Release(x.ID, first, people.ID{}))
	if _, sent, err := w.bank.Progress(early); !sent || err != nil {
		t.Errorf("released, it is not sent (%v)", err)
	}
	w.clock.add(7 * 24 * time.Hour)
	if x, err = w.bank.WeeklyRun(); err != nil || x == nil || len(x.Redemptions) != 1 {
		t.Errorf("a week later: %+v, %v", x, err)
	}
}

func TestABankThatTakesOnlyVersion3GetsIt(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	rules := w.node.Rules()
	rules.PainVersion, rules.PayoutDay, rules.PayoutHour = 3, time.Thursday, 24
	must(t, w.node.SetRules(demurrage.Day(w.today()), rules))
	f := orders(t, w.export(w.redemption(1, w.shop("Bakkerij Voorbeeld", bakerIBAN), 10_00)).File)
	if f.Version != 3 {
		t.Errorf("version %d", f.Version)
	}
	if at := w.bank.Cutoff(); at.Format(time.DateTime) != "2026-03-27 00:00:00" {
		t.Errorf("a week that ends with Thursday was cut off at %v", at)
	}
	if sepa.IsTargetDay(f.ExecutionDate) != true {
		t.Errorf("pays on %v", f.ExecutionDate)
	}
}
