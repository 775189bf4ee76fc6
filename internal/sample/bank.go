package sample

import (
	"bytes"
	"fmt"
	"os"
	"time"

	"grulden/demurrage"
	"grulden/internal/bank"
	"grulden/internal/civil"
	"grulden/internal/foureyes"
	"grulden/internal/record"
	"grulden/internal/sepa"
	"grulden/ledger"
)

// StatementFile is the bank statement beside the sample's ledger.
const StatementFile = "bankafschrift.xml"

// ownEuros is what the foundation had at the bank before the first Grulden; the
// bank takes its costs from it.
const ownEuros = 250_00

// costs are what the bank takes every four weeks.
const costs = 12_95

// account is what the bank of the sample knows of the reserve account.
type account struct {
	reserve  bank.Reserve
	cents    int64     // its balance
	number   int       // of the last statement
	told     sepa.Date // the last day on a statement
	booked   []sepa.SimBooking
	ordered  []sepa.SimBooking // payments, each for its day
	bookings int
}

// openAccount opens the reserve account.
func (w *Wijk) openAccount() error {
	w.account = account{reserve: bank.Reserve{IBAN: sepa.IBAN(madeUpIBAN(1)), Name: "Stichting Voorbeeldwijk"}, cents: ownEuros}
	return w.Parts.Bank.SetReserve(w.account.reserve)
}

// book adds a line to the next statement.
func (a *account) book(b sepa.SimBooking) {
	a.bookings++
	b.BankRef = fmt.Sprintf("VB%06d", a.bookings)
	a.booked = append(a.booked, b)
}

// statement tells what was booked until a day.
func (a *account) statement(created time.Time, until sepa.Date) ([]byte, error) {
	later := a.ordered[:0]
	for _, b := range a.ordered {
		if b.Day > until {
			later = append(later, b)
			continue
		}
		a.book(b)
	}
	a.ordered = later
	a.number++
	s := sepa.SimStatement{
		Version: 8, Account: a.reserve.IBAN, Owner: a.reserve.Name, ID: fmt.Sprintf("VOORBEELD-%d", a.number), Sequence: a.number,
		Created: created, Opening: a.cents, Bookings: a.booked,
	}
	var out bytes.Buffer
	err := sepa.WriteStatement(&out, s)
	a.cents, a.told, a.booked = s.Closing(), until, nil
	return out.Bytes(), err
}

// workday is the last day on which banks work, until a day.
func workday(d demurrage.Day) demurrage.Day {
	for d.Time().Weekday() == time.Saturday || d.Time().Weekday() == time.Sunday {
		d--
	}
	return d
}

// topUps has a part of the residents bring euros in, until a day: in the first
// weeks more of them do.
func (w *Wijk) topUps(n int, until demurrage.Day) {
	from := max(until-6, demurrage.Day(w.account.told)+1)
	if w.account.number == 0 {
		from = until
	}
	for _, r := range w.residents {
		if w.random.IntN(100) >= max(12, 60-n) {
			continue
		}
		amount := ledger.Cents(500 * (1 + w.random.IntN(8)))
		r.cents += amount
		day := max(from, workday(from+demurrage.Day(w.random.IntN(int(until-from)+1))))
		w.account.book(topUp(r, amount, day))
	}
}

// topUp is the bank's line about somebody who brings euros in.
func topUp(r *purse, amount ledger.Cents, day demurrage.Day) sepa.SimBooking {
	return sepa.SimBooking{
		Cents: int64(amount), Credit: true, Day: sepa.Date(day), Name: r.person.Name,
		IBAN: r.iban, Reference: r.person.Reference, Text: "inleg " + r.person.Name,
	}
}

// bankDay takes in what the bank booked in the week until yesterday.
func (w *Wijk) bankDay(at time.Time, today demurrage.Day, n int) error {
	w.topUps(n, today-1)
	if n%28 < 7 {
		w.account.book(bankCosts(today - 1))
	}
	return w.takeIn(at)
}

func bankCosts(day demurrage.Day) sepa.SimBooking {
	return sepa.SimBooking{Cents: costs, Day: sepa.Date(day), Name: "Bank", Text: "Kosten zakelijke rekening"}
}

// takeIn has the treasurer take in the statement of the days before one. What the
// bank took for itself, two people book as that.
func (w *Wijk) takeIn(at time.Time) error {
	if err := w.at(at); err != nil {
		return err
	}
	file, err := w.account.statement(at, sepa.Date(civil.Day(at)-1))
	if err != nil {
		return err
	}
	o, err := w.Parts.Bank.Import(w.ctx, file, record.ActorID(w.office[treasurer]))
	if err != nil {
		return fmt.Errorf("statement of the sample: %w", err)
	}
	for _, e := range o.Entries {
		switch {
		case e.State == bank.Issued || e.State == bank.Settled:
		case e.State == bank.Unexplained && e.Cents == costs:
			body := map[string]any{"entry": e.ID, "cents": e.Cents, "day": e.Day}
			if err := w.two(foureyes.Draft{Kind: "bank-costs", Body: body, Why: "Kosten van de bank."}, treasurer, second); err != nil {
				return err
			}
		default:
			return fmt.Errorf("statement of the sample: an entry of %v is %s, %s", e.Cents, e.State, e.Reason)
		}
	}
	return nil
}

// payOut has two people send the payment file of the week to the bank.
func (w *Wijk) payOut(at time.Time) error {
	if err := w.at(at); err != nil {
		return err
	}
	x, err := w.Parts.Bank.WeeklyRun()
	if x == nil || err != nil {
		return err
	}
	body := map[string]any{"batch": x.ID, "sha256": x.SHA256, "cents": x.Cents, "count": len(x.Redemptions), "pays": x.Pays}
	if err := w.two(foureyes.Draft{Kind: "payout", Body: body, Why: "De uitbetaling van deze week."}, treasurer, second); err != nil {
		return err
	}
	file, err := w.Parts.Bank.File(x.ID)
	if err != nil {
		return err
	}
	f, err := sepa.ReadPayments(bytes.NewReader(file), sepa.Limits{})
	w.account.ordered = append(w.account.ordered, sepa.BookPayments(f, f.ExecutionDate)...)
	return err
}

// LastStatement writes a bank statement for the desk to take in: some residents
// topped up, one of them forgot the reference, shops were paid, and the bank took
// its costs.
func (w *Wijk) LastStatement(file string) error {
	day := workday(civil.Day(w.Clock.until))
	for i, r := range w.residents[:6] {
		b := topUp(r, ledger.Cents(1000*(1+i%4)), day)
		if i == 5 {
			b.Reference, b.Text = "", "voor de wijkmunt"
		}
		w.account.book(b)
	}
	w.account.book(bankCosts(day))
	text, err := w.account.statement(w.Clock.until, sepa.Date(day))
	if err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o600)
}
