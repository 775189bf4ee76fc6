package web

import (
	"errors"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"grulden/internal/bank"
	"grulden/internal/coupon"
	"grulden/internal/logbook"
	"grulden/internal/payreq"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/ledger"
	"grulden/web/page"
)

// couponFaces are the amounts that coupons are printed of.
var couponFaces = []ledger.Cents{2_00, 5_00, 10_00, 20_00}

// Bounds of what is typed and shown of coupons.
const (
	maxCodes     = 200
	couponsShown = 60
	shopsListed  = 50
	deskPrints   = 24 * time.Hour // in which the desk may print a sheet that was made there
)

// couponRoutes are about paper coupons.
func couponRoutes() []route {
	return []route{
		{pattern: "GET /coupons", roles: resident, page: (*Server).askCoupons},
		{pattern: "POST /coupons", roles: resident, page: (*Server).makeCoupons},
		{pattern: "GET /coupons/{id}/sheet.pdf", roles: resident, page: (*Server).couponPDF},
		{pattern: "GET /desk/people/{id}/coupons", roles: desk, page: (*Server).askCouponsFor},
		{pattern: "POST /desk/people/{id}/coupons", roles: desk, page: (*Server).makeCouponsFor},
		{pattern: "GET /desk/coupons/{id}/sheet.pdf", roles: desk, page: (*Server).couponPDF},
		{pattern: "GET /desk/coupons", roles: desk, page: (*Server).askBooking},
		{pattern: "POST /desk/coupons", roles: desk, page: (*Server).bookCoupons, body: maxNotes},
		{pattern: "GET /shop/coupons", roles: tills, page: (*Server).askOwnBooking},
		{pattern: "POST /shop/coupons", roles: tills, page: (*Server).bookOwnCoupons, body: maxNotes},
	}
}

// askCoupons shows somebody their own coupons.
func (s *Server) askCoupons(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.couponsPage(w, r, v, v.person, http.StatusOK, page.CouponsPage{ID: newFormID()})
}

// askCouponsFor shows the desk somebody's coupons.
func (s *Server) askCouponsFor(w http.ResponseWriter, r *http.Request, v visit) error {
	person, err := s.memberOf(r)
	if err != nil {
		return err
	}
	return s.couponsPage(w, r, v, person, http.StatusOK, page.CouponsPage{ID: newFormID()})
}

func (s *Server) couponsPage(w http.ResponseWriter, r *http.Request, v visit, person people.Person, status int, p page.CouponsPage) error {
	if err := s.ensureOpen(r.Context(), person); err != nil {
		return err
	}
	p.Base, p.Action, p.Back = s.base(r, v), "/coupons", "/wallet"
	if person.ID != v.person.ID {
		p.Back = "/desk/people/" + person.ID.String()
		p.Action, p.Name = p.Back+"/coupons", person.Title()
	}
	home, err := s.wallet.Home(person.Account)
	if err != nil {
		return err
	}
	p.Has = v.lang.Money(int64(home.Spendable))
	for _, face := range couponFaces {
		p.Faces = append(p.Faces, page.CashFace{
			Name: couponField(face), Word: p.T("coupons.face", "amount", v.lang.Money(int64(face))), Count: r.PostForm.Get(couponField(face)),
		})
	}
	all, err := s.coupons.Of(person.Account)
	if err == nil {
		err = s.couponSheets(&p, all, person.ID == v.person.ID)
	}
	if err != nil {
		return err
	}
	for _, c := range slices.Backward(all) {
		if len(p.Lines) < couponsShown {
			p.Lines = append(p.Lines, s.couponLine(v.lang, c))
		}
	}
	return s.show(w, status, p)
}

func couponField(face ledger.Cents) string { return "c" + strconv.FormatInt(int64(face), 10) }

// couponSheets lists the sheets that can be printed: with coupons that are open,
// and by the desk only those made just now.
func (s *Server) couponSheets(p *page.CouponsPage, all []coupon.Coupon, own bool) error {
	var seen []bank.ID
	for _, c := range slices.Backward(all) {
		if c.State != coupon.Open || slices.Contains(seen, c.Sheet) {
			continue
		}
		seen = append(seen, c.Sheet)
		sheet, of, err := s.coupons.Sheet(c.Sheet)
		if err != nil {
			return err
		}
		if !own && s.node.Now().Sub(sheet.Made) > deskPrints {
			continue
		}
		var sum ledger.Cents
		for _, c := range of {
			sum += c.Cents
		}
		at := "/coupons/"
		if !own {
			at = "/desk/coupons/"
		}
		p.Sheets = append(p.Sheets, page.CouponSheet{
			Href: at + sheet.ID.String() + "/sheet.pdf", When: whenText(p.Lang, inWijk(sheet.Made), s.node.Now()),
			What: p.T("coupons.count", "count", strconv.Itoa(len(of)), "amount", p.Lang.Money(int64(sum))),
		})
	}
	return nil
}

// couponLine is a coupon as a line of a list.
func (s *Server) couponLine(lang page.Lang, c coupon.Coupon) page.CashLine {
	line := page.CashLine{
		Icon: "clock", Amount: lang.Money(int64(c.Cents)), What: lang.Text("coupons.number", "number", strconv.FormatUint(c.Number, 10)),
		When: lang.Text("coupons.open", "date", lang.ShortDate(dayOf(c.Until))),
	}
	switch c.State {
	case coupon.Paid:
		line.Icon, line.When = "check", lang.Text("coupons.paid", "shop", s.titleOf(lang, c.Shop))
	case coupon.Returned:
		line.Icon, line.When = "back", lang.Text("coupons.back")
	}
	return line
}

// makeCoupons makes somebody's own coupons.
func (s *Server) makeCoupons(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.couponsFor(w, r, v, v.person)
}

// makeCouponsFor makes coupons at the desk, with the PIN of whom they are for.
func (s *Server) makeCouponsFor(w http.ResponseWriter, r *http.Request, v visit) error {
	person, err := s.memberOf(r)
	if err != nil {
		return err
	}
	return s.couponsFor(w, r, v, person)
}

func (s *Server) couponsFor(w http.ResponseWriter, r *http.Request, v visit, person people.Person) error {
	f, err := form(r, "id", "pin")
	if err != nil {
		return err
	}
	id, err := bank.ParseID(f[0])
	if err != nil {
		return errBadForm
	}
	again := func(status int, problem string) error {
		return s.couponsPage(w, r, v, person, status, page.CouponsPage{ID: f[0], Problem: problem})
	}
	cents, err := couponsTyped(r)
	if err == nil {
		err = s.checkPIN(r.Context(), person, f[1])
	}
	if err == nil { // the person's own deed: the PIN was asked for it
		_, err = s.coupons.Print(r.Context(), id, person.ID, cents, record.Auth{By: record.ActorID(person.ID), How: record.ByPINNow})
	}
	var wait mustWait
	if errors.As(err, &wait) {
		return again(http.StatusTooManyRequests, v.lang.Text("login.wait", "time", waitText(v.lang, time.Duration(wait))))
	}
	if err != nil {
		a := answerTo(refusal(err))
		if a.status >= http.StatusInternalServerError {
			return err
		}
		return again(a.status, v.lang.Text(a.text))
	}
	if err := s.logCoupons(r, v, person, id, cents); err != nil {
		return err
	}
	at := "/coupons"
	if person.ID != v.person.ID {
		at = "/desk/people/" + person.ID.String() + "/coupons"
	}
	return goTo(w, r, at)
}

// logCoupons enters in the logbook that coupons were made.
func (s *Server) logCoupons(r *http.Request, v visit, person people.Person, id bank.ID, cents []ledger.Cents) error {
	var sum ledger.Cents
	for _, c := range cents {
		sum += c
	}
	_, err := s.logbook.Record(r.Context(), logbook.Entry{
		ID: ledger.ID(id), By: v.person.ID, How: v.how, Kind: "coupons-made", Person: person.ID, Account: person.Account,
		Facts: []logbook.Fact{{Name: "count", Value: strconv.Itoa(len(cents))}, {Name: "sum", Value: sum.String()}},
	})
	return err
}

// couponsTyped reads how many coupons of each amount are wanted.
func couponsTyped(r *http.Request) (cents []ledger.Cents, err error) {
	for _, face := range couponFaces {
		text := strings.TrimSpace(r.PostForm.Get(couponField(face)))
		if text == "" {
			continue
		}
		n, err := strconv.ParseUint(text, 10, 8)
		if err != nil || n > coupon.MaxCoupons {
			return nil, coupon.ErrSheet
		}
		for range n {
			cents = append(cents, face)
		}
	}
	if len(cents) == 0 || len(cents) > coupon.MaxCoupons {
		return nil, coupon.ErrSheet
	}
	return cents, nil
}

// couponPDF sends a sheet to print: to whom it is for, and to the desk while it is
// new.
func (s *Server) couponPDF(w http.ResponseWriter, r *http.Request, v visit) error {
	id, err := bank.ParseID(r.PathValue("id"))
	if err != nil {
		return errNotFound
	}
	sheet, all, err := s.coupons.Sheet(id)
	if err != nil {
		return err
	}
	old := s.node.Now().Sub(sheet.Made) > deskPrints
	if v.person.Role == people.Resident && sheet.Account != v.person.Account || v.person.Role == people.Desk && old {
		return errNotFound
	}
	person, ok, err := s.people.ByAccount(sheet.Account)
	if err == nil && !ok {
		err = people.ErrNobody
	}
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(c coupon.Coupon) bool { return c.State != coupon.Open })
	file, err := drawCoupons(s.nobody(page.ParseLang(person.Lang)), person.Name, all, s.coupons.Text)
	if err != nil {
		return err
	}
	return sendPDF(w, "bonnen", file)
}

// askBooking asks which shop brings coupons, and then for their codes.
func (s *Server) askBooking(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.bookingPage(w, r, v, http.StatusOK, page.CouponBookPage{Shop: r.URL.Query().Get("shop")})
}

func (s *Server) bookingPage(w http.ResponseWriter, r *http.Request, v visit, status int, p page.CouponBookPage) error {
	p.Base, p.Action, p.Desk, p.Query = s.base(r, v), "/desk/coupons", true, r.URL.Query().Get("q")
	if p.Shop != "" {
		shop, err := s.shopNamed(p.Shop)
		if err != nil {
			return err
		}
		p.Name = shop.Title()
		return s.show(w, status, p)
	}
	found, _, err := s.people.Search(p.Query, math.MaxInt) // the shops among everybody; a wijk has not that many
	if err != nil {
		return err
	}
	found = slices.DeleteFunc(found, func(f people.Person) bool { return f.Role != people.Merchant })
	p.More = len(found) > shopsListed
	for _, f := range found[:min(len(found), shopsListed)] {
		p.Shops = append(p.Shops, page.PersonLine{Href: "/desk/coupons?shop=" + f.ID.String(), Name: f.Title(), Icon: "shop"})
	}
	return s.show(w, status, p)
}

// shopNamed finds a shop by its id.
func (s *Server) shopNamed(id string) (people.Person, error) {
	who, ok := parsePersonID(id)
	if !ok {
		return people.Person{}, errNotFound
	}
	shop, ok, err := s.people.Person(who)
	if err == nil && (!ok || shop.Role != people.Merchant) {
		err = errNotFound
	}
	return shop, err
}

// bookCoupons books coupons to a shop, or takes unused ones back.
func (s *Server) bookCoupons(w http.ResponseWriter, r *http.Request, v visit) error {
	f, err := form(r, "shop", "codes", "do")
	if err != nil {
		return err
	}
	p := page.CouponBookPage{Shop: f[0]}
	if f[2] == "back" {
		p.Shop = ""
		p.Results, _, err = s.eachCode(v.lang, f[1], func(code payreq.Code) (coupon.Coupon, error) {
			return s.coupons.Return(r.Context(), code, v.auth())
		})
	} else {
		shop, missing := s.shopNamed(f[0])
		if missing != nil {
			return missing
		}
		err = s.bookTo(r, v, shop, f[1], &p)
	}
	return s.booked(err, &p, f[1], func(status int) error { return s.bookingPage(w, r, v, status, p) })
}

// booked shows what became of codes, or that there were too many.
func (s *Server) booked(err error, p *page.CouponBookPage, typed string, show func(status int) error) error {
	if errors.Is(err, errManyCodes) {
		a := answerTo(err)
		p.Typed, p.Problem = typed, s.nobody(p.Lang).T(a.text)
		return show(a.status)
	}
	if err != nil {
		return err
	}
	return show(http.StatusOK)
}

// bookTo books typed or scanned codes to a shop.
func (s *Server) bookTo(r *http.Request, v visit, shop people.Person, codes string, p *page.CouponBookPage) error {
	p.Lang = v.lang
	if err := s.ensureOpen(r.Context(), shop); err != nil {
		return err
	}
	results, sum, err := s.eachCode(v.lang, codes, func(code payreq.Code) (coupon.Coupon, error) {
		return s.coupons.Pay(r.Context(), code, shop.Account, v.auth())
	})
	p.Results, p.Sum = results, v.lang.Money(int64(sum))
	return err
}

var errManyCodes = errors.New("too many codes at once")

// eachCode does something with each code of a text, and says what became of it. A
// code that cannot be booked holds up no other.
func (s *Server) eachCode(lang page.Lang, text string, do func(payreq.Code) (coupon.Coupon, error)) (lines []page.CashLine, sum ledger.Cents, err error) {
	codes := strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' || r == ',' || r == ';' })
	codes = slices.DeleteFunc(codes, func(c string) bool { return strings.TrimSpace(c) == "" })
	if len(codes) > maxCodes {
		return nil, 0, errManyCodes
	}
	for _, typed := range codes {
		c, err := s.coupons.Find(typed)
		if err == nil {
			c, err = do(c.Code)
		}
		if err == nil {
			sum += c.Cents
			line := s.couponLine(lang, c)
			line.Icon = "check"
			lines = append(lines, line)
			continue
		}
		a := answerTo(refusal(err))
		if errors.Is(err, payreq.ErrNotCode) {
			a.text = "coupons.notcode"
		}
		if a.status >= http.StatusInternalServerError {
			return nil, 0, err
		}
		line := page.CashLine{Icon: "warning", What: shortened(strings.TrimSpace(typed), noteLength), When: lang.Text(a.text), Bad: true}
		if errors.Is(err, coupon.ErrUsed) {
			line.When += " " + s.couponLine(lang, c).When + ", " + whenText(lang, inWijk(c.At), s.node.Now())
		}
		lines = append(lines, line)
	}
	return lines, sum, nil
}

// askOwnBooking asks a shop for the codes of coupons that it took.
func (s *Server) askOwnBooking(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.show(w, http.StatusOK, page.CouponBookPage{Base: s.base(r, v), Action: "/shop/coupons", Name: v.purse.Title()})
}

// bookOwnCoupons books coupons that a shop took.
func (s *Server) bookOwnCoupons(w http.ResponseWriter, r *http.Request, v visit) error {
	if !s.asks.Allow(v.person.ID.String(), s.node.Now()) {
		return errOften // who guesses codes is slow at it
	}
	f, err := form(r, "codes")
	if err != nil {
		return err
	}
	p := page.CouponBookPage{Base: s.base(r, v), Action: "/shop/coupons", Name: v.purse.Title()}
	err = s.bookTo(r, v, v.purse, f[0], &p)
	return s.booked(err, &p, f[0], func(status int) error { return s.show(w, status, p) })
}
