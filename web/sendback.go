package web

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"grulden/internal/bank"
	"grulden/internal/foureyes"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/ledger"
	"grulden/web/page"
)

// Money that came in and is nobody's goes back to its sender when two people say
// so: one who looked for whose it is, and one who handles the bank.

// sendBackBody is what a second person agrees to.
type sendBackBody struct {
	Entry bank.ID      `json:"entry"`
	Name  string       `json:"name"`
	IBAN  string       `json:"iban"`
	Cents ledger.Cents `json:"cents"`
	Day   bank.Date    `json:"day"`
}

func sendBackOf(e *bank.Entry) sendBackBody {
	return sendBackBody{Entry: e.ID, Name: e.Name, IBAN: e.IBAN, Cents: e.Cents, Day: e.Day}
}

// bankInProposals are what two people decide about money that came in.
func (s *Server) bankInProposals() map[foureyes.Kind]proposal {
	seconds := []people.Role{people.Treasurer, people.Board}
	return map[foureyes.Kind]proposal{
		"return-money": {
			Rule: foureyes.Rule{First: money, Second: seconds, Check: s.checkSendBack, Do: s.doSendBack}, told: toldSendBack,
		},
	}
}

func (s *Server) checkSendBack(_ context.Context, p *foureyes.Proposal) error {
	var b sendBackBody
	if err := p.Into(&b); err != nil {
		return err
	}
	e, err := s.bank.CheckSendBack(b.Entry)
	if err == nil && sendBackOf(e) != b {
		err = foureyes.ErrChanged
	}
	return err
}

func (s *Server) doSendBack(_ context.Context, p *foureyes.Proposal) error {
	var b sendBackBody
	if err := p.Into(&b); err != nil {
		return foureyes.Impossible(err)
	}
	_, err := s.bank.SendBack(b.Entry, record.ActorID(p.By), record.ActorID(p.Second))
	if isErr(err, bank.ErrNotMatchable) || isErr(err, bank.ErrNoSender) || isErr(err, bank.ErrSamePerson) {
		return foureyes.Impossible(err)
	}
	return err
}

func toldSendBack(lang page.Lang, p *foureyes.Proposal) ([]page.Told, error) {
	var b sendBackBody
	err := p.Into(&b)
	return []page.Told{
		{What: lang.Text("sendback.to"), Value: b.Name},
		{What: lang.Text("topup.iban"), Value: inGroups(b.IBAN)},
		{What: lang.Text("topup.amount"), Value: lang.Euro(int64(b.Cents))},
		{What: lang.Text("sendback.day"), Value: lang.Date(dayOf(b.Day))},
	}, err
}

// proposeSendBack asks a second person to send money back.
func (s *Server) proposeSendBack(w http.ResponseWriter, r *http.Request, v visit) error {
	entry, err := s.entryOf(r)
	if err != nil {
		return err
	}
	f, err := form(r, "why")
	if err != nil {
		return err
	}
	why := strings.TrimSpace(f[0])
	if why == "" || len(why) > 500 {
		return errSendWhy
	}
	_, err = s.bank.CheckSendBack(entry.ID)
	if err != nil {
		return err
	}
	open, err := s.sendsBack(entry.ID)
	if err != nil {
		return err
	}
	if !open {
		draft := foureyes.Draft{Kind: "return-money", Body: sendBackOf(entry), Why: why}
		if _, err := s.foureyes.Propose(r.Context(), v.person.ID, draft); err != nil {
			return err
		}
	}
	return goTo(w, r, "/desk/bank?done=proposed")
}

// errSendWhy is for money that goes back without a reason.
var errSendWhy = errors.New("sending money back needs a reason")

// sendsBack tells whether somebody proposed already to send an entry back.
func (s *Server) sendsBack(entry bank.ID) (bool, error) {
	open, err := s.foureyes.Open()
	if err != nil {
		return false, err
	}
	for _, p := range open {
		var b sendBackBody
		if p.Kind == "return-money" && p.Into(&b) == nil && b.Entry == entry {
			return true, nil
		}
	}
	return false, nil
}

// hintKeys say in words why a top-up may be somebody's.
var hintKeys = map[bank.Hint]page.Key{
	bank.PaidBefore:    "hint.paid-before",
	bank.OwnIBAN:       "hint.own-iban",
	bank.NearReference: "hint.near-reference",
	bank.SameName:      "hint.same-name",
}

// suggestions formats whose a bank entry may be.
func (s *Server) suggestions(lang page.Lang, e *bank.Entry) (all []page.Suggestion, err error) {
	found, err := s.bank.Suggest(e)
	for _, f := range found {
		one := page.Suggestion{ID: f.Person.ID.String(), Name: f.Person.Title(), Role: roleKey(f.Person.Role)}
		for _, hint := range f.Hints {
			one.Why = append(one.Why, lang.Text(hintKeys[hint]))
		}
		all = append(all, one)
	}
	return all, err
}
