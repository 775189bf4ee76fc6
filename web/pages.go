package web

import (
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"grulden/internal/civil"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/ledger"
	"grulden/wallet"
	"grulden/web/page"
)

// visit is who asks, and in which language.
type visit struct {
	person   people.Person // who acts
	purse    people.Person // whose account is used: the person's own, or of whom the person works for
	signedIn bool
	lang     page.Lang
	how      string       // how the person was recognised, as the journal keeps it
	halfway  bool         // must set up a second factor before anything else
	help     *people.Help // what a helper may do with purse; nil: nobody is being helped

	device ledger.DeviceID // the session belongs to this device, and pays by its signature; zero: to none
}

// auth is what the journal keeps of who authorised something.
func (v visit) auth() record.Auth {
	return record.Auth{By: record.ActorID(v.person.ID), How: v.how}
}

func (v visit) holder() wallet.Holder {
	if v.help != nil {
		return helperHolder(v.purse, *v.help)
	}
	return wallet.Holder{Account: v.purse.Account, Auth: v.auth()}
}

// pageHandler answers with a page or an error.
type pageHandler func(s *Server, w http.ResponseWriter, r *http.Request, v visit) error

// servePage is the one adapter between pages and HTTP: it finds out who asks,
// checks the role, and shows what went wrong.
func (s *Server) servePage(rt route) http.Handler {
	return s.sessions.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if rt.scans {
			allowReader(w.Header())
		}
		v, err := s.visitor(r)
		if err == nil {
			err = admit(rt, v)
		}
		if err == nil {
			err = s.pace(rt, r, v)
		}
		if err == nil && opensFigures(rt) {
			err = s.logFigures(r, v)
		}
		if err == nil {
			err = rt.page(s, w, r, v)
		}
		if err != nil {
			s.showError(w, r, v, err)
		}
	}))
}

// admit checks the role that a route asks for.
func admit(rt route, v visit) error {
	switch {
	case slices.Contains(rt.roles, anyone):
		return nil
	case !v.signedIn:
		return errSignedOut
	case rt.helps && v.help != nil:
		return nil
	case !rt.helping && v.help != nil, rt.helps && v.person.Role == people.Helper:
		return errActing
	case !slices.Contains(rt.roles, v.person.Role):
		return errRole
	case v.halfway && !rt.setup:
		return errHalfway
	}
	return nil
}

// What a session holds.
const (
	sessionPerson = "person"
	sessionSerial = "serial"
	sessionUse    = "use"
	usePages      = "pages"
	useAPI        = "api"
	sessionSince  = "since"  // when it began
	sessionPinned = "pinned" // when card and PIN were shown for it; empty: they were not
	sessionFactor = "factor" // the second factor that was shown; empty: none
	sessionHalf   = "half"   // who has given code and PIN and must show a second factor
	sessionNext   = "next"   // where that person wanted to be
	sessionAsked  = "asked"  // a question to the browser about passkeys
	sessionOffer  = "offer"  // what the secret on its page for an app follows from
	factorCode    = "code"
	factorPasskey = "passkey"
	languageName  = "language" // cookie of visitors who are not signed in
)

// visitor finds out who is behind a request to a page.
func (s *Server) visitor(r *http.Request) (visit, error) {
	v := visit{lang: page.Dutch, how: record.ByPIN}
	if c, err := r.Cookie(s.languageCookie()); err == nil {
		v.lang = page.ParseLang(c.Value)
	}
	err := s.recognise(&v, r, usePages)
	if v.signedIn {
		v.lang = page.ParseLang(v.person.Lang)
	}
	return v, err
}

// recognise fills in who is behind the request's session, if anybody.
func (s *Server) recognise(v *visit, r *http.Request, use string) (err error) {
	v.person, v.signedIn, err = s.sessionPerson(r, use)
	if err == nil && v.signedIn {
		err = s.checkFactor(r.Context(), v)
	}
	if err == nil && v.signedIn {
		if use == usePages && s.sessions.GetString(r.Context(), sessionFactor) == factorPasskey {
			v.how = record.ByPasskey
		}
		v.purse, err = s.purseOf(v.person)
	}
	if err == nil && v.signedIn {
		err = s.checkDevice(r.Context(), v)
	}
	if err == nil && v.signedIn && use == usePages && canHelp(v.person.Role) {
		err = s.act(r.Context(), v)
	}
	return err
}

// sessionPerson finds the person of the request's session; ok is false when
// there is none, when it is for another use, or when the card was replaced.
func (s *Server) sessionPerson(r *http.Request, use string) (p people.Person, ok bool, err error) {
	ctx := r.Context()
	id, ok := parsePersonID(s.sessions.GetString(ctx, sessionPerson))
	if !ok || s.sessions.GetString(ctx, sessionUse) != use {
		return people.Person{}, false, nil
	}
	p, ok, err = s.people.Person(id)
	if err != nil || !ok || p.Stopped || s.sessions.GetString(ctx, sessionSerial) != serialText(p) {
		return people.Person{}, false, err
	}
	return p, true, nil
}

// purseOf finds whose account somebody uses: a cashier the shop's, anybody
// else the own one.
func (s *Server) purseOf(p people.Person) (people.Person, error) {
	if p.Role != people.Cashier {
		return p, nil
	}
	shop, _, err := s.people.Person(p.Works)
	return shop, err
}

func serialText(p people.Person) string { return strconv.FormatUint(uint64(p.Serial), 10) }

// base is what every page for this visit has.
func (s *Server) base(r *http.Request, v visit) page.Base {
	b := s.nobody(v.lang)
	b.Path = r.URL.RequestURI()
	if r.Method != http.MethodGet {
		b.Path = "/"
	}
	if notice := page.Key("notice." + r.URL.Query().Get("done")); page.Has(notice) {
		b.Notice = notice
	}
	if v.signedIn && r.Method == http.MethodGet && slices.Contains(announcing, r.URL.Path) {
		b.Ahead = s.aheadLine(v.lang)
	}
	if v.signedIn {
		b.Person = v.person.Title()
	}
	if v.signedIn && !v.halfway {
		b.Own = own[v.person.Role]
		role := v.person.Role
		if v.help != nil {
			role, b.For, b.Own = people.Helper, v.purse.Name, nil
		}
		for _, item := range places[role] {
			item.Here = r.URL.Path == item.Href
			b.Nav = append(b.Nav, item)
		}
	}
	return b
}

// oneTask is base without the places to go: for pages on which somebody is in
// the middle of something.
func (s *Server) oneTask(r *http.Request, v visit) page.Base {
	b := s.base(r, v)
	b.Nav, b.Own = nil, nil
	return b
}

// places are where people of a role can go from every page.
var places = map[people.Role][]page.NavItem{
	people.Resident: {
		{Href: "/wallet", Icon: "wallet", Word: "nav.wallet"},
		{Href: "/pay", Icon: "pay", Word: "nav.pay"},
		{Href: "/receive", Icon: "receive", Word: "nav.receive"},
		{Href: "/history", Icon: "list", Word: "nav.history"},
	},
	people.Merchant: {
		{Href: "/till", Icon: "till", Word: "nav.till"},
		{Href: "/shop", Icon: "shop", Word: "nav.shop"},
		{Href: "/shop/payments", Icon: "list", Word: "nav.history"},
		{Href: "/shop/euros", Icon: "euro", Word: "nav.euros"},
	},
	people.Desk: {
		{Href: "/desk/people", Icon: "people", Word: "nav.people"},
		{Href: "/desk/bank", Icon: "bank", Word: "nav.bank"},
		{Href: "/desk/redemptions", Icon: "euro", Word: "nav.redemptions"},
		{Href: "/desk", Icon: "more", Word: "nav.office"},
	},
	people.Treasurer: {
		{Href: "/desk/bank", Icon: "bank", Word: "nav.bank"},
		{Href: "/desk/redemptions", Icon: "euro", Word: "nav.redemptions"},
		{Href: "/report", Icon: "report", Word: "nav.report"},
		{Href: "/desk", Icon: "more", Word: "nav.office"},
	},
	people.Board: {
		{Href: "/desk/proposals", Icon: "eyes", Word: "nav.proposals"},
		{Href: "/desk/log", Icon: "book", Word: "nav.log"},
		{Href: "/desk", Icon: "more", Word: "nav.office"},
	},
	people.Administrator: {
		{Href: "/desk/proposals", Icon: "eyes", Word: "nav.proposals"},
		{Href: "/desk/log", Icon: "book", Word: "nav.log"},
		{Href: "/desk", Icon: "more", Word: "nav.office"},
	},
	people.Cashier: {
		{Href: "/till", Icon: "till", Word: "nav.till"},
		{Href: "/shop/payments", Icon: "list", Word: "nav.history"},
		{Href: "/shop/day", Icon: "report", Word: "nav.day"},
	},
	people.Helper: {
		{Href: "/helping", Icon: "people", Word: "nav.helping"},
		{Href: "/pay", Icon: "pay", Word: "nav.pay"},
	},
	people.Evaluator: {
		{Href: "/report", Icon: "report", Word: "nav.report"},
		{Href: "/audit", Icon: "search", Word: "nav.audit"},
		{Href: "/books", Icon: "book", Word: "nav.books"},
		{Href: "/network", Icon: "shop", Word: "nav.network"},
	},
}

// own are the places about somebody's own login, at the foot of every page.
var own = map[people.Role][]page.NavItem{
	people.Resident:      {{Href: "/notices", Icon: "mail", Word: "nav.notices"}, {Href: "/devices", Icon: "phone", Word: "nav.devices"}, {Href: "/shops", Icon: "map", Word: "nav.shops"}, {Href: "/reserve", Icon: "coin", Word: "nav.reserve"}, {Href: "/circulatie", Icon: "repeat", Word: "nav.circulation"}, {Href: "/wijkfonds", Icon: "gift", Word: "nav.fund"}, {Href: "/rules", Icon: "book", Word: "nav.rules"}, {Href: "/helpers", Icon: "people", Word: "nav.helpers"}, {Href: "/helping", Icon: "person", Word: "nav.helpother"}, {Href: "/acts", Icon: "book", Word: "nav.acts"}, {Href: "/received", Icon: "gift", Word: "nav.received"}, {Href: "/coupons", Icon: "scissors", Word: "nav.coupons"}},
	people.Merchant:      {{Href: "/notices", Icon: "mail", Word: "nav.notices"}, {Href: "/devices", Icon: "phone", Word: "nav.devices"}, {Href: "/shops", Icon: "map", Word: "nav.shops"}, {Href: "/reserve", Icon: "coin", Word: "nav.reserve"}, {Href: "/circulatie", Icon: "repeat", Word: "nav.circulation"}, {Href: "/wijkfonds", Icon: "gift", Word: "nav.fund"}, {Href: "/rules", Icon: "book", Word: "nav.rules"}, {Href: "/shop/profile", Icon: "shop", Word: "nav.profile"}, {Href: "/shop/staff", Icon: "people", Word: "nav.staff"}, {Href: "/shop/coupons", Icon: "scissors", Word: "nav.coupons"}, {Href: "/acts", Icon: "book", Word: "nav.acts"}, {Href: "/safe", Icon: "key", Word: "nav.safe"}},
	people.Desk:          {{Href: "/safe", Icon: "key", Word: "nav.safe"}},
	people.Treasurer:     {{Href: "/safe", Icon: "key", Word: "nav.safe"}},
	people.Evaluator:     {{Href: "/whatif", Icon: "split", Word: "nav.whatif"}, {Href: "/worth", Icon: "euro", Word: "nav.worth"}, {Href: "/report/publish", Icon: "share", Word: "nav.publish"}, {Href: "/circulatie", Icon: "repeat", Word: "nav.circulation"}, {Href: "/safe", Icon: "key", Word: "nav.safe"}},
	people.Board:         {{Href: "/safe", Icon: "key", Word: "nav.safe"}},
	people.Administrator: {{Href: "/safe", Icon: "key", Word: "nav.safe"}},
}

// home is where people of a role start.
func home(role people.Role) string {
	switch role {
	case people.Resident:
		return "/wallet"
	case people.Merchant:
		return "/shop"
	}
	if p := places[role]; len(p) > 0 {
		return p[0].Href
	}
	return "/login"
}

// show renders a page and sends it whole.
func (s *Server) show(w http.ResponseWriter, status int, v page.View) error {
	text, err := s.pages.Render(v)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Language", string(page.LangOf(v)))
	sendPage(w, status, text)
	return nil
}

func sendPage(w http.ResponseWriter, status int, text []byte) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(text)))
	h.Set("Cache-Control", "no-store") // what a page shows is somebody's, and of this moment
	w.WriteHeader(status)
	_, _ = w.Write(text) // a visitor who hung up is no error of ours
}

// goTo sends the browser on after a form, so that a reload does not send the
// form again.
func goTo(w http.ResponseWriter, r *http.Request, address string) error {
	http.Redirect(w, r, address, http.StatusSeeOther)
	return nil
}

// showError shows what went wrong, in the visitor's words.
func (s *Server) showError(w http.ResponseWriter, r *http.Request, v visit, err error) {
	if errors.Is(err, errSignedOut) {
		next := "/"
		if r.Method == http.MethodGet {
			next = r.URL.RequestURI()
		}
		http.Redirect(w, r, "/login?next="+url.QueryEscape(next), http.StatusSeeOther)
		return
	}
	if errors.Is(err, errHalfway) {
		http.Redirect(w, r, "/safe", http.StatusSeeOther)
		return
	}
	if errors.Is(err, errActing) {
		http.Redirect(w, r, "/helping", http.StatusSeeOther)
		return
	}
	a := s.answer(err)
	s.logFault(r, a, err)
	p := page.ProblemPage{Base: s.base(r, v), Heading: headingOf(a), Href: "/", Action: "problem.home"}
	p.Text = p.T(a.text)
	switch a.code {
	case "wrong-role":
		p.Text = p.T("problem.roletext", "role", v.lang.Text(roleKey(v.person.Role)))
	case "unknown-code", "expired", "taken", "stale-form":
		p.Href, p.Action = "/pay", "problem.newcode"
	case "busy", "disk-low", "unsure":
		w.Header().Set("Retry-After", "2")
	}
	if err := s.show(w, a.status, p); err != nil {
		s.log.Error("render", "error", err)
		sendPage(w, http.StatusInternalServerError, s.broken[v.lang])
	}
}

// headingOf is the heading over an answer.
func headingOf(a answer) page.Key {
	switch a.code {
	case "not-found":
		return "problem.notfound"
	case "wrong-role":
		return "problem.role"
	case "unknown-code", "expired", "taken", "stale-form":
		return "problem.code"
	case "too-often":
		return "problem.often"
	case "too-large":
		return "problem.large"
	case "bad-request":
		return "problem.bad"
	case "busy", "disk-low", "unsure":
		return "problem.busy"
	case "internal":
		return "problem.broken"
	}
	return "problem.refused"
}

func roleKey(role people.Role) page.Key { return page.Key("role." + string(role)) }

// logFault writes what only the operator should see. The route's pattern
// stands for the address, which may hold a code.
func (s *Server) logFault(r *http.Request, a answer, err error) {
	level := slog.LevelDebug
	if a.status >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	s.log.Log(r.Context(), level, "request refused", "route", r.Pattern, "status", a.status, "code", a.code, "error", err)
}

// form reads a form and gives back the named fields, trimmed.
func form(r *http.Request, names ...string) ([]string, error) {
	if err := r.ParseForm(); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return nil, err
		}
		return nil, errBadForm
	}
	values := make([]string, len(names))
	for i, name := range names {
		values[i] = strings.TrimSpace(r.PostForm.Get(name))
	}
	return values, nil
}

// grouped is an amount with points between groups of three and a comma after
// them, as the Dutch write it: 1.234,50. It cannot be anything else.
var grouped = regexp.MustCompile(`^[0-9]{1,3}(\.[0-9]{3})+,[0-9]{1,2}$`)

// typedAmount reads an amount as people type it: with a comma or a point, and
// perhaps a sign of the euro.
func typedAmount(text string) (ledger.Cents, error) {
	text = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(text), "€"))
	if grouped.MatchString(text) {
		text = strings.ReplaceAll(text, ".", "")
	}
	if strings.Count(text, ",") == 1 && !strings.Contains(text, ".") {
		text = strings.Replace(text, ",", ".", 1)
	}
	return ledger.ParseCents(text)
}

// inWijk is an instant by the clocks of the wijk.
func inWijk(t time.Time) time.Time { return t.In(civil.Zone) }
