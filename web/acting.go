package web

import (
	"context"
	"errors"
	"net/http"

	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/ledger"
	"grulden/wallet"
	"grulden/web/page"
)

// errActing is for what a helper may not do in the name of another.
var errActing = errors.New("a helper may not do that")

// sessionActing is for whom a helper acts, in the session.
const sessionActing = "acting"

// act puts the purse of somebody who is helped in the place of the visitor's,
// if the session says so and that person still allows it. Who can do nothing
// but help, and helps one person, need not choose.
func (s *Server) act(ctx context.Context, v *visit) error {
	owner, chosen := parsePersonID(s.sessions.GetString(ctx, sessionActing))
	if !chosen && v.person.Role == people.Helper {
		all, err := s.people.Helping(v.person.ID)
		if err != nil {
			return err
		}
		if chosen = len(all) == 1; chosen {
			owner = all[0].Owner
		}
	}
	if !chosen {
		return nil
	}
	given, ok, err := s.people.HelpOf(owner, v.person.ID)
	if err != nil || !ok {
		return err
	}
	p, ok, err := s.people.Person(owner)
	if err != nil || !ok {
		return err
	}
	v.purse, v.help, v.how, v.device = p, &given, record.ByHelper, ledger.DeviceID{}
	return nil
}

// helperHolder is a helper as the wallet knows one.
func helperHolder(owner people.Person, given people.Help) wallet.Holder {
	by := record.ActorID(given.Helper)
	return wallet.Holder{Account: owner.Account, Auth: record.Auth{By: by, How: record.ByHelper}, By: by, Cap: given.Limit}
}

// leftToday is what a helper may still pay today, whatever there is to spend.
func (s *Server) leftToday(h wallet.Holder) (ledger.Cents, error) {
	err := s.wallet.Allowed(h, h.Cap+1)
	var over wallet.ErrOverLimit
	if errors.As(err, &over) {
		return over.Left, nil
	}
	return 0, err
}

// showHelping lists whom the visitor helps, and for whom they act now.
func (s *Server) showHelping(w http.ResponseWriter, r *http.Request, v visit) error {
	all, err := s.people.Helping(v.person.ID)
	if err != nil {
		return err
	}
	p := page.HelpingPage{Base: s.base(r, v), Helper: v.person.Role == people.Helper}
	for _, given := range all {
		line, ok, err := s.helpedLine(v, given)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		if v.help != nil && v.help.Owner == given.Owner {
			p.Now = &line
		} else {
			p.People = append(p.People, line)
		}
	}
	return s.show(w, http.StatusOK, p)
}

// helpedLine is what a helper sees of somebody: what can be spent, and how
// much of it today.
func (s *Server) helpedLine(v visit, given people.Help) (line page.HelpedLine, ok bool, err error) {
	owner, ok, err := s.people.Person(given.Owner)
	if err != nil || !ok {
		return line, false, err
	}
	now, err := s.wallet.Home(owner.Account)
	if err != nil {
		return line, false, err
	}
	left, err := s.leftToday(helperHolder(owner, given))
	if err != nil {
		return line, false, err
	}
	return page.HelpedLine{
		ID: owner.ID.String(), Name: owner.Name, Spendable: v.lang.Money(int64(now.Spendable)),
		Left: v.lang.Money(int64(left)), Limit: v.lang.Money(int64(given.Limit)), Blocked: now.Blocked,
	}, true, nil
}

// actFor begins to act for somebody, or stops when nobody is named.
func (s *Server) actFor(w http.ResponseWriter, r *http.Request, v visit) error {
	f, err := form(r, "for")
	if err != nil {
		return err
	}
	ctx := r.Context()
	if f[0] == "" {
		s.sessions.Remove(ctx, sessionActing)
		return goTo(w, r, "/helping")
	}
	owner, ok := parsePersonID(f[0])
	if !ok {
		return errBadForm
	}
	if _, ok, err := s.people.HelpOf(owner, v.person.ID); err != nil || !ok {
		return errors.Join(err, errNotFound)
	}
	s.sessions.Put(ctx, sessionActing, owner.String())
	return goTo(w, r, "/helping")
}
