package web

import (
	"context"
	"crypto/sha256"
	"errors"
	"net/http"

	"grulden/internal/foureyes"
	"grulden/internal/logbook"
	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/ledger"
	"grulden/web/page"
)

// A mistake, such as a top-up that went to another, is never rubbed out. Two
// people move the money to whom it belongs, as a payment that says who they
// were; both sides are told.

// kindCorrection is the proposal to correct a mistake.
const kindCorrection foureyes.Kind = "correction"

// actCorrection is the act of having corrected one, about each of the two sides.
const actCorrection logbook.Kind = "correction"

// correctionBody is all that a correction does.
type correctionBody struct {
	From  people.ID    `json:"from"`
	To    people.ID    `json:"to"`
	Cents ledger.Cents `json:"cents"`
}

// errNoWhy is returned for a correction that nobody gives a reason for.
var errNoWhy = errors.New("a correction needs a reason")

func (s *Server) correctionProposals() map[foureyes.Kind]proposal {
	return map[foureyes.Kind]proposal{
		kindCorrection: {Rule: foureyes.Rule{
			First: money, Second: []people.Role{people.Treasurer, people.Board}, Check: s.checkCorrection, Do: s.doCorrection,
		}, told: s.toldCorrection},
	}
}

// sides finds the two whose money a correction moves.
func (s *Server) sides(b correctionBody) (from, to people.Person, err error) {
	for id, side := range map[people.ID]*people.Person{b.From: &from, b.To: &to} {
		p, ok, findErr := s.people.Person(id)
		if findErr == nil && (!ok || !p.Role.HasPurse()) {
			findErr = people.ErrNobody
		}
		*side, err = p, errors.Join(err, findErr)
	}
	return from, to, err
}

func (s *Server) checkCorrection(_ context.Context, p *foureyes.Proposal) error {
	var b correctionBody
	if err := p.Into(&b); err != nil {
		return err
	}
	switch {
	case b.From == b.To:
		return refused(ledger.SameAccount)
	case b.Cents <= 0:
		return ledger.ErrAmount
	case p.Why == "":
		return errNoWhy
	}
	from, _, err := s.sides(b)
	if err != nil {
		return err
	}
	now, err := s.wallet.Home(from.Account)
	if err == nil && now.Spendable < b.Cents {
		err = refused(ledger.InsufficientBalance)
	}
	return err
}

// doCorrection moves the money, and tells both sides: the act comes before the
// deed, and each is done once however often this is tried.
func (s *Server) doCorrection(ctx context.Context, p *foureyes.Proposal) error {
	var b correctionBody
	if err := p.Into(&b); err != nil {
		return foureyes.Impossible(err)
	}
	from, to, err := s.sides(b)
	if errors.Is(err, people.ErrNobody) {
		return foureyes.Impossible(err)
	}
	if err != nil {
		return err
	}
	if err := s.ensureOpen(ctx, to); err != nil {
		return err
	}
	err = check(s.node.Submit(ctx, node.Request{
		Auth: p.Auth(), Command: ledger.Pay{ID: p.ID, From: from.Account, To: to.Account, Amount: b.Cents},
	}))
	var no refused
	if errors.As(err, &no) {
		return foureyes.Impossible(err)
	}
	if err != nil {
		return err
	}
	for _, side := range []struct {
		person people.Person
		fact   string
	}{{from, "taken"}, {to, "given"}} {
		sum := sha256.Sum256(append([]byte("grulden correction "+side.fact+"\x00"), p.ID[:]...))
		_, err := s.logbook.Record(ctx, logbook.Entry{
			ID: ledger.ID(sum[:16]), By: p.Second, How: p.Auth().How, Kind: actCorrection, Person: side.person.ID, Account: side.person.Account, Why: p.Why,
			Facts: []logbook.Fact{{Name: side.fact, Value: b.Cents.String()}},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) toldCorrection(lang page.Lang, p *foureyes.Proposal) ([]page.Told, error) {
	var b correctionBody
	if err := p.Into(&b); err != nil {
		return nil, err
	}
	from, to, err := s.sides(b)
	if errors.Is(err, people.ErrNobody) {
		err = nil // erased since
	}
	return []page.Told{
		{What: lang.Text("correct.from"), Value: from.Title()},
		{What: lang.Text("correct.to"), Value: to.Title()},
		{What: lang.Text("correct.amount"), Value: lang.Money(int64(b.Cents))},
	}, err
}

// askCorrection asks who should have got what this person has.
func (s *Server) askCorrection(w http.ResponseWriter, r *http.Request, v visit) error {
	person, err := s.memberOf(r)
	if err != nil {
		return err
	}
	return s.correctPage(w, r, v, person, http.StatusOK, page.CorrectPage{Query: r.URL.Query().Get("q")})
}

func (s *Server) correctPage(w http.ResponseWriter, r *http.Request, v visit, person people.Person, status int, p page.CorrectPage) error {
	p.Base, p.ID, p.Name, p.Form = s.oneTask(r, v), person.ID.String(), person.Title(), people.NewID().String()
	if p.Query != "" {
		found, more, err := s.people.Search(p.Query, listed)
		if err != nil {
			return err
		}
		p.More = more
		for _, f := range found {
			if f.Role.HasPurse() && f.ID != person.ID {
				p.People = append(p.People, page.PersonLine{Href: f.ID.String(), Name: f.Title(), Role: roleKey(f.Role)})
			}
		}
	}
	return s.show(w, status, p)
}

// takeCorrection asks a second person to correct a mistake.
func (s *Server) takeCorrection(w http.ResponseWriter, r *http.Request, v visit) error {
	person, err := s.memberOf(r)
	if err != nil {
		return err
	}
	f, err := form(r, "form", "q", "to", "amount", "why")
	if err != nil {
		return err
	}
	again := page.CorrectPage{Query: f[1], Amount: f[3], Why: f[4]}
	id, ok := parsePersonID(f[0])
	to, chosen := parsePersonID(f[2])
	if !ok {
		return errBadForm
	}
	cents, err := typedAmount(f[3])
	if !chosen {
		again.Problem = v.lang.Text("correct.nobody")
		return s.correctPage(w, r, v, person, http.StatusUnprocessableEntity, again)
	}
	var p *foureyes.Proposal
	if err == nil {
		p, err = s.foureyes.Propose(r.Context(), v.person.ID, foureyes.Draft{
			ID: foureyes.ID(id), Kind: kindCorrection, Person: person.ID, Body: correctionBody{person.ID, to, cents}, Why: shortened(f[4], maxNote),
		})
	}
	if a := answerTo(err); err != nil && a != fault {
		again.Problem = v.lang.Text(a.text)
		return s.correctPage(w, r, v, person, a.status, again)
	}
	if err != nil {
		return err
	}
	return goTo(w, r, "/desk/proposals/"+p.ID.String())
}
