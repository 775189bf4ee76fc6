package sample

import (
	"bytes"
	"os"

	"grulden/internal/bank"
	"grulden/internal/civil"
	"grulden/internal/node"
	"grulden/internal/record"
	"grulden/internal/sepa"
	"grulden/ledger"
)

// StatementFile is the bank statement beside the sample's ledger.
const StatementFile = "bankafschrift.xml"

// Bank sets the reserve account of the sample and writes a bank statement for
// the desk to take in: some residents topped up, one of them forgot the
// reference, and the bank took its costs.
func (w *Wijk) Bank(b *bank.Bank, file string) error {
	reserve := bank.Reserve{IBAN: sepa.IBAN(madeUpIBAN(1)), Name: "Stichting Voorbeeldwijk"}
	if err := b.SetReserve(reserve); err != nil {
		return err
	}
	opening, err := w.payouts(b, reserve)
	if err != nil {
		return err
	}
	now := w.node.Now()
	day := sepa.Date(civil.Day(now))
	s := sepa.SimStatement{
		Version: 8, Account: reserve.IBAN, Owner: reserve.Name, ID: "VOORBEELD-2", Sequence: 2,
		Created: now, Opening: int64(opening),
	}
	for i, r := range w.residents[:6] {
		p := r.person
		booking := sepa.SimBooking{
			Cents: int64(1000 * (1 + i%4)), Credit: true, Day: day, Name: p.Name,
			IBAN: sepa.IBAN(madeUpIBAN(5000 + i)), Reference: p.Reference, Text: "inleg " + p.Name,
		}
		if i == 5 {
			booking.Reference, booking.Text = "", "voor de wijkmunt"
		}
		s.Bookings = append(s.Bookings, booking)
	}
	s.Bookings = append(s.Bookings, sepa.SimBooking{Cents: 1295, Day: day, Name: "Bank", Text: "Kosten zakelijke rekening"})
	var out bytes.Buffer
	if err := sepa.WriteStatement(&out, s); err != nil {
		return err
	}
	return os.WriteFile(file, out.Bytes(), 0o600)
}

// buffer is the foundation's own money in the account.
const buffer ledger.Cents = 250_00

// payouts takes in the bank statement of the half year, on which the bank paid
// the shops, and gives what was in the account at its end: the
// reserve, and what the foundation put there so that the bank's costs make no hole.
func (w *Wijk) payouts(b *bank.Bank, reserve bank.Reserve) (closing ledger.Cents, err error) {
	now := w.node.Now()
	s := sepa.SimStatement{Version: 8, Account: reserve.IBAN, Owner: reserve.Name, ID: "VOORBEELD-1", Sequence: 1, Created: now}
	err = w.node.Read(func(v *node.View) error {
		s.Opening = int64(v.Head().Reserve() + buffer)
		closing = v.Head().Reserve() + buffer
		for _, p := range w.paid {
			r, err := v.Redemption(p.redemption)
			if err != nil {
				return err
			}
			shop, _, err := w.people.ByAccount(r.Account)
			if err != nil {
				return err
			}
			cents := int64(r.Amount - r.Fee)
			closing -= r.Amount - r.Fee
			s.Bookings = append(s.Bookings, sepa.SimBooking{
				Cents: cents, Day: sepa.Date(p.on), Name: shop.BankName, IBAN: sepa.IBAN(shop.IBAN),
				EndToEndID: bank.EndToEndID(p.redemption), Text: "Uitbetaling Grulden",
			})
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	var out bytes.Buffer
	if err := sepa.WriteStatement(&out, s); err != nil {
		return 0, err
	}
	_, err = b.Import(w.ctx, out.Bytes(), record.ActorID{})
	return closing, err
}
