package web

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/skip2/go-qrcode"

	"grulden/internal/bank"
	"grulden/internal/people"
	"grulden/internal/sepa"
	"grulden/ledger"
	"grulden/web/page"
)

// topUpChoices are the amounts that a page offers, in cents.
var topUpChoices = []ledger.Cents{10_00, 20_00, 50_00, 100_00}

// showTopUp tells a resident how to send euros for the own purse.
func (s *Server) showTopUp(w http.ResponseWriter, r *http.Request, v visit) error {
	p := page.TopUpPage{Base: s.base(r, v), Here: "/topup", Back: "/wallet"}
	return s.topUpPage(w, r, v.purse, p)
}

// showTopUpSheet is the same for somebody else, to be printed at the desk.
func (s *Server) showTopUpSheet(w http.ResponseWriter, r *http.Request, v visit) error {
	person, err := s.personOf(r)
	if err != nil {
		return err
	}
	if !person.Role.HasPurse() {
		return errNotFound
	}
	at := "/desk/people/" + person.ID.String()
	p := page.TopUpPage{Base: s.base(r, v), Here: at + "/topup", Back: at, Whose: person.Title()}
	return s.topUpPage(w, r, person, p)
}

// topUpPage asks how much, or shows the code for the amount in the address.
func (s *Server) topUpPage(w http.ResponseWriter, r *http.Request, person people.Person, p page.TopUpPage) error {
	reserve, err := s.bank.Reserve()
	if err != nil {
		return err
	}
	room, err := s.bank.Room(person.Account)
	if err != nil {
		return err
	}
	p.Full = room == 0
	if s.node.Rules().TopUpMonth > 0 {
		p.Room = p.Lang.Euro(int64(room))
	}
	for _, cents := range topUpChoices {
		if cents <= room {
			p.Choices = append(p.Choices, page.TopUpChoice{Href: p.Here + "?amount=" + cents.String(), Amount: p.Lang.Euro(int64(cents))})
		}
	}
	p.Typed = r.URL.Query().Get("amount")
	if p.Typed == "" || p.Full {
		return s.show(w, http.StatusOK, p)
	}
	amount, err := topUpAmount(p.Typed, room)
	if err != nil {
		p.Problem = p.T(topUpProblem(err), "amount", p.Room)
		return s.show(w, http.StatusUnprocessableEntity, p)
	}
	if err := fillTopUp(&p, reserve, person, amount); err != nil {
		return err
	}
	return s.show(w, http.StatusOK, p)
}

// topUpAmount reads an amount that fits in the room of this month.
func topUpAmount(text string, room ledger.Cents) (ledger.Cents, error) {
	amount, err := typedAmount(text)
	switch {
	case err != nil:
		return 0, err
	case amount <= 0:
		return 0, ledger.ErrAmount
	case amount > room:
		return 0, bank.ErrOverLimit
	}
	return amount, nil
}

func topUpProblem(err error) page.Key {
	if errors.Is(err, bank.ErrOverLimit) {
		return "topup.over"
	}
	return answerTo(err).text
}

// fillTopUp fills in the code for a bank's app, and all that is in it.
func fillTopUp(p *page.TopUpPage, reserve bank.Reserve, person people.Person, amount ledger.Cents) error {
	code, err := transferTo(reserve, person, amount).Code()
	if err != nil {
		return err
	}
	if p.QR, err = drawQR(code, onScreen); err != nil {
		return err
	}
	p.Amount = p.Lang.Euro(int64(amount))
	if p.Whose == "" {
		p.Image = p.Here + "/code.png?amount=" + url.QueryEscape(amount.String())
	}
	p.Facts = []page.TopUpFact{
		{Label: "topup.iban", Shown: inGroups(string(reserve.IBAN)), Copy: string(reserve.IBAN)},
		{Label: "topup.name", Shown: reserve.Name, Copy: reserve.Name},
		{Label: "topup.reference", Shown: inGroups(person.Reference), Copy: person.Reference},
		{Label: "topup.amount", Shown: p.Amount, Copy: p.Lang.Input(int64(amount))},
	}
	return nil
}

func transferTo(reserve bank.Reserve, person people.Person, amount ledger.Cents) sepa.Transfer {
	return sepa.Transfer{
		Name: reserve.Name, IBAN: reserve.IBAN, BIC: reserve.BIC, Cents: int64(amount), Reference: person.Reference,
	}
}

// pictureSide is the side of the code as a picture, in pixels.
const pictureSide = 640

// topUpPicture sends the code as a picture, for a bank's app on the same phone.
func (s *Server) topUpPicture(w http.ResponseWriter, r *http.Request, v visit) error {
	reserve, err := s.bank.Reserve()
	if err != nil {
		return err
	}
	room, err := s.bank.Room(v.purse.Account)
	if err != nil {
		return err
	}
	amount, err := topUpAmount(r.URL.Query().Get("amount"), room)
	if err != nil {
		return errNotFound
	}
	code, err := transferTo(reserve, v.purse, amount).Code()
	if err != nil {
		return err
	}
	picture, err := qrcode.Encode(code, onScreen, pictureSide)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/png")
	w.Header().Set("Content-Disposition", `attachment; filename="opladen.png"`)
	_, err = w.Write(picture)
	return err
}
