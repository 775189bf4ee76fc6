package web

import (
	"crypto/rand"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"grulden/demurrage"
	"grulden/internal/bank"
	"grulden/internal/cash"
	"grulden/internal/people"
	"grulden/ledger"
	"grulden/web/page"
)

// What the page of the cash box shows.
const (
	cashShown  = 40 // movements
	cashDays   = 92 // over which they are looked for
	countsSame = 5  // counts by one person in a row that are worth a warning
)

// cashRoutes are about the cash box.
func cashRoutes() []route {
	return []route{
		{pattern: "GET /desk/cash", roles: money, page: (*Server).showCash},
		{pattern: "GET /desk/cash/take", roles: desk, page: (*Server).askCash},
		{pattern: "POST /desk/cash/take", roles: desk, page: (*Server).takeCash},
		{pattern: "GET /desk/cash/receipt/{id}", roles: money, page: (*Server).showCashReceipt},
		{pattern: "GET /desk/cash/count", roles: money, page: (*Server).askCount},
		{pattern: "POST /desk/cash/count", roles: money, page: (*Server).takeCount},
		{pattern: "GET /desk/cash/bank", roles: money, page: (*Server).askCashBank},
		{pattern: "POST /desk/cash/bank", roles: money, page: (*Server).takeCashBank},
		{pattern: "GET /desk/cash/transit/{id}", roles: money, page: (*Server).askTransit},
		{pattern: "POST /desk/cash/transit/{id}", roles: money, page: (*Server).takeTransit},
	}
}

// newFormID is an id that a form carries, so that sending it twice does what it
// asks once.
func newFormID() string {
	var id bank.ID
	_, _ = rand.Read(id[:]) // never fails
	return id.String()
}

// showCash shows the cash box.
func (s *Server) showCash(w http.ResponseWriter, r *http.Request, v visit) error {
	now, err := s.cash.Balance()
	if err != nil {
		return err
	}
	p := page.CashPage{Base: s.base(r, v), Box: v.lang.Euro(int64(now.Box)), Counted: v.lang.Text("cash.never")}
	if now.Differences != 0 {
		p.Difference = signedEuro(v.lang, now.Differences)
	}
	if c := now.LastCount; c != nil {
		key := page.Key("cash.right")
		if p.Wrong = c.Difference != 0; p.Wrong {
			key = "cash.wrong"
		}
		p.Counted = p.T(key, "when", whenText(v.lang, c.At, s.node.Now()), "who", s.whoActed(v.lang, c.By), "amount", signedEuro(v.lang, c.Difference))
	}
	all, err := s.cash.Movements(s.node.Today()-cashDays, 0)
	if err != nil {
		return err
	}
	if oneCounter(all) {
		p.Same = p.T("cash.same")
	}
	left, err := s.cash.InTransit()
	if err != nil {
		return err
	}
	for _, m := range left {
		line := s.cashLine(v.lang, m)
		line.Href, line.Amount = "/desk/cash/transit/"+m.ID.String(), v.lang.Euro(int64(max(m.Transit, -m.Transit)))
		p.Transit = append(p.Transit, line)
	}
	p.More = now.Last != nil && now.Last.Number > uint64(min(len(all), cashShown))
	for _, m := range slices.Backward(all[max(0, len(all)-cashShown):]) {
		p.Lines = append(p.Lines, s.cashLine(v.lang, m))
	}
	return s.show(w, http.StatusOK, p)
}

// oneCounter tells whether the last counts were all one person's.
func oneCounter(all []*cash.Movement) bool {
	var last []people.ID
	for _, m := range slices.Backward(all) {
		if m.Kind == cash.Counted && len(last) < countsSame {
			last = append(last, m.By)
		}
	}
	return len(last) == countsSame && len(slices.Compact(last)) == 1
}

// signedEuro writes an amount with its sign, also when it is above zero.
func signedEuro(lang page.Lang, cents ledger.Cents) string {
	if cents > 0 {
		return "+" + lang.Euro(int64(cents))
	}
	return lang.Euro(int64(cents))
}

// whoActed is what somebody of the staff is called, also when nobody can say.
func (s *Server) whoActed(lang page.Lang, id people.ID) string {
	name, err := s.staffName(lang, id)
	if err != nil {
		return lang.Text("blocked.staff")
	}
	return name
}

// cashLine is a movement as a line of the list.
func (s *Server) cashLine(lang page.Lang, m *cash.Movement) page.CashLine {
	line := page.CashLine{Icon: "list", Amount: signedEuro(lang, m.Cents), Bad: m.Difference != 0}
	when := whenText(lang, m.At, s.node.Now())
	line.When = lang.Text("cash.by", "when", when, "who", s.whoActed(lang, m.By))
	if m.Why != "" {
		line.When += " · " + m.Why
	}
	switch {
	case m.Kind == cash.TopUp:
		line.Icon, line.Href = "euro", "/desk/cash/receipt/"+m.ID.String()
		line.What = lang.Text("cash.topup", "who", s.titleOf(lang, m.Account))
	case m.Kind == cash.Counted && line.Bad:
		line.What = lang.Text("cash.tallied")
	case m.Kind == cash.Counted:
		line.What = lang.Text("cash.tally")
	case m.Kind == cash.Left && m.Transit > 0:
		line.Icon, line.What = "bank", lang.Text("cash.to")
	case m.Kind == cash.Left:
		line.Icon, line.What = "bank", lang.Text("cash.from")
	case line.Bad:
		line.Icon, line.What = "bank", lang.Text("cash.seenbad", "amount", signedEuro(lang, m.Difference))
	default:
		line.Icon, line.What = "bank", lang.Text("cash.seen")
	}
	return line
}

// titleOf is what the owner of an account is called.
func (s *Server) titleOf(lang page.Lang, id ledger.AccountID) string {
	p, ok, err := s.people.ByAccount(id)
	if err != nil || !ok {
		return lang.Text("line.unknown")
	}
	return p.Title()
}

// askCash asks who brings cash, and then how much.
func (s *Server) askCash(w http.ResponseWriter, r *http.Request, v visit) error {
	if id, ok := parsePersonID(r.URL.Query().Get("person")); ok {
		return s.cashForm(w, r, v, page.CashTakePage{Person: id.String(), ID: newFormID()}, http.StatusOK)
	}
	p := page.CashTakePage{Base: s.base(r, v), Query: r.URL.Query().Get("q")}
	found, more, err := s.people.Search(p.Query, listed)
	if err != nil {
		return err
	}
	p.More = more
	for _, f := range found {
		if !f.Role.HasPurse() {
			continue
		}
		line := page.PersonLine{Href: "/desk/cash/take?person=" + f.ID.String(), Name: f.Title(), Role: roleKey(f.Role), Icon: "person"}
		if f.Role == people.Merchant {
			line.Icon = "shop"
		}
		p.People = append(p.People, line)
	}
	return s.show(w, http.StatusOK, p)
}

// cashForm asks how much somebody brings.
func (s *Server) cashForm(w http.ResponseWriter, r *http.Request, v visit, p page.CashTakePage, status int) error {
	id, _ := parsePersonID(p.Person)
	person, ok, err := s.people.Person(id)
	if err == nil && (!ok || !person.Role.HasPurse()) {
		err = people.ErrNobody
	}
	if err != nil {
		return err
	}
	if err := s.ensureOpen(r.Context(), person); err != nil {
		return err
	}
	room, err := s.cash.Room(person.Account)
	if err != nil {
		return err
	}
	p.Base, p.Name, p.Room = s.oneTask(r, v), person.Title(), v.lang.Euro(int64(room))
	return s.show(w, status, p)
}

// takeCash takes cash in.
func (s *Server) takeCash(w http.ResponseWriter, r *http.Request, v visit) error {
	f, err := form(r, "id", "person", "amount", "counted")
	if err != nil {
		return err
	}
	id, err := bank.ParseID(f[0])
	person, ok := parsePersonID(f[1])
	if err != nil || !ok {
		return errBadForm
	}
	amount, err := typedAmount(f[2])
	switch {
	case err != nil:
		err = cash.ErrAmount
	case f[3] != "yes":
		err = errUncounted
	default:
		_, err = s.cash.TakeIn(r.Context(), id, person, amount, v.auth())
	}
	if err == nil {
		return goTo(w, r, "/desk/cash/receipt/"+id.String())
	}
	a := answerTo(refusal(err))
	if a.status >= http.StatusInternalServerError || errors.Is(err, cash.ErrOtherUse) || errors.Is(err, cash.ErrNobody) {
		return refusal(err)
	}
	return s.cashForm(w, r, v, page.CashTakePage{ID: f[0], Person: f[1], Typed: f[2], Problem: v.lang.Text(a.text)}, a.status)
}

// cashOf finds the movement in the address.
func (s *Server) cashOf(r *http.Request, kind cash.Kind) (*cash.Movement, error) {
	id, err := bank.ParseID(r.PathValue("id"))
	if err != nil {
		return nil, errNotFound
	}
	m, err := s.cash.Movement(id)
	if errors.Is(err, cash.ErrUnknown) || err == nil && m.Kind != kind {
		return nil, errNotFound
	}
	return m, err
}

// showCashReceipt shows a receipt to print.
func (s *Server) showCashReceipt(w http.ResponseWriter, r *http.Request, v visit) error {
	m, err := s.cashOf(r, cash.TopUp)
	if err != nil {
		return err
	}
	p := page.CashReceiptPage{
		Base: s.base(r, v), Number: strconv.FormatUint(m.Number, 10), When: v.lang.Moment(inWijk(m.At)),
		Euro: v.lang.Euro(int64(m.Cents)), Amount: v.lang.Money(int64(m.Cents)),
		Name: s.titleOf(v.lang, m.Account), By: s.whoActed(v.lang, m.By), Next: "/desk/cash/take",
	}
	if v.person.Role != people.Desk {
		p.Next = "/desk/cash"
	}
	return s.show(w, http.StatusOK, p)
}

// askCount asks what lies in the box. What ought to be there is not shown, so
// that it is counted.
func (s *Server) askCount(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.countForm(w, r, v, page.CashCountPage{ID: newFormID()}, http.StatusOK)
}

// fieldOf is the name of the field for a note or coin.
func fieldOf(face ledger.Cents) string { return "p" + strconv.FormatInt(int64(face), 10) }

// leastNote is the smallest euro note.
const leastNote = 5_00

func (s *Server) countForm(w http.ResponseWriter, r *http.Request, v visit, p page.CashCountPage, status int) error {
	p.Base = s.oneTask(r, v)
	for _, face := range cash.Faces() {
		key := page.Key("cashcount.coin")
		if face >= leastNote {
			key = "cashcount.note"
		}
		p.Faces = append(p.Faces, page.CashFace{
			Name: fieldOf(face), Word: p.T(key, "amount", v.lang.Euro(int64(face))), Count: r.PostForm.Get(fieldOf(face)),
		})
	}
	return s.show(w, status, p)
}

// takeCount writes a count down.
func (s *Server) takeCount(w http.ResponseWriter, r *http.Request, v visit) error {
	f, err := form(r, "id", "why")
	if err != nil {
		return err
	}
	id, err := bank.ParseID(f[0])
	if err != nil {
		return errBadForm
	}
	pieces, err := countedPieces(r)
	if err == nil {
		_, err = s.cash.Count(r.Context(), id, pieces, shortened(f[1], longestWhy), v.auth())
	}
	if errors.Is(err, cash.ErrPieces) {
		a := answerTo(err)
		return s.countForm(w, r, v, page.CashCountPage{ID: f[0], Why: f[1], Problem: v.lang.Text(a.text)}, a.status)
	}
	if err != nil {
		return err
	}
	return goTo(w, r, "/desk/cash?done=counted")
}

// longestWhy is the longest remark about a movement, in characters.
const longestWhy = 200

// countedPieces reads the fields of a count.
func countedPieces(r *http.Request) (pieces []cash.Pieces, err error) {
	for _, face := range cash.Faces() {
		text := strings.TrimSpace(r.PostForm.Get(fieldOf(face)))
		if text == "" {
			continue
		}
		n, err := strconv.ParseUint(text, 10, 32)
		if err != nil {
			return nil, cash.ErrPieces
		}
		pieces = append(pieces, cash.Pieces{Cents: face, Count: int64(n)})
	}
	return pieces, nil
}

// askCashBank asks how much goes to the bank or comes from it.
func (s *Server) askCashBank(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.cashBankForm(w, r, v, page.CashBankPage{ID: newFormID()}, http.StatusOK)
}

func (s *Server) cashBankForm(w http.ResponseWriter, r *http.Request, v visit, p page.CashBankPage, status int) error {
	now, err := s.cash.Balance()
	if err != nil {
		return err
	}
	p.Base, p.Box = s.oneTask(r, v), v.lang.Euro(int64(now.Box))
	return s.show(w, status, p)
}

// takeCashBank notes cash that goes to the bank or comes from it.
func (s *Server) takeCashBank(w http.ResponseWriter, r *http.Request, v visit) error {
	f, err := form(r, "id", "way", "amount", "why")
	if err != nil {
		return err
	}
	id, err := bank.ParseID(f[0])
	if err != nil || f[1] != "to" && f[1] != "from" {
		return errBadForm
	}
	amount, err := typedAmount(f[2])
	if err != nil {
		err = cash.ErrAmount
	}
	if f[1] == "from" {
		amount = -amount
	}
	if err == nil {
		_, err = s.cash.Leave(r.Context(), id, amount, shortened(f[3], longestWhy), v.auth())
	}
	if isErr(err, cash.ErrAmount, cash.ErrShort) {
		a := answerTo(err)
		return s.cashBankForm(w, r, v, page.CashBankPage{ID: f[0], Typed: f[2], Why: f[3], Fetched: f[1] == "from", Problem: v.lang.Text(a.text)}, a.status)
	}
	if err != nil {
		return err
	}
	return goTo(w, r, "/desk/cash?done=cashleft")
}

// askTransit asks which entry of the bank shows cash that left.
func (s *Server) askTransit(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.transitPage(w, r, v, http.StatusOK, "")
}

func (s *Server) transitPage(w http.ResponseWriter, r *http.Request, v visit, status int, problem string) error {
	m, err := s.cashOf(r, cash.Left)
	if err != nil {
		return err
	}
	p := page.CashTransitPage{
		Base: s.oneTask(r, v), ID: m.ID.String(), Form: newFormID(), Problem: problem, Carried: m.By == v.person.ID,
		Amount: v.lang.Euro(int64(max(m.Transit, -m.Transit))),
	}
	line := s.cashLine(v.lang, m)
	p.What = line.What + ", " + line.When
	entries, err := s.arrivals(m)
	for _, e := range entries {
		shown, err := s.bankEntry(v, e)
		if err != nil {
			return err
		}
		p.Entries = append(p.Entries, shown)
	}
	if err != nil {
		return err
	}
	return s.show(w, status, p)
}

// earlyDays is how long before it was written down that cash left the bank may
// have booked it.
const earlyDays = 10

// arrivals are the bank's entries that may show cash that left, those of the
// same amount first.
func (s *Server) arrivals(m *cash.Movement) ([]*bank.Entry, error) {
	state := bank.Unmatched
	if m.Transit < 0 {
		state = bank.Unexplained
	}
	all, err := s.bank.Entries(bank.Filter{States: []bank.State{state}, From: demurrage.Day(m.Day) - earlyDays})
	all = slices.DeleteFunc(all, func(e *bank.Entry) bool { return e.Credit != (m.Transit > 0) || e.Explained() })
	same := func(e *bank.Entry) int {
		if e.Cents == max(m.Transit, -m.Transit) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(all, func(a, b *bank.Entry) int { return same(a) - same(b) })
	return all[:min(len(all), shownEntries)], err
}

// takeTransit notes that cash arrived.
func (s *Server) takeTransit(w http.ResponseWriter, r *http.Request, v visit) error {
	m, err := s.cashOf(r, cash.Left)
	if err != nil {
		return err
	}
	f, err := form(r, "id", "entry")
	if err != nil {
		return err
	}
	id, err := bank.ParseID(f[0])
	entry, wrong := bank.ParseID(f[1])
	if err != nil || wrong != nil {
		return errBadForm
	}
	_, err = s.cash.Arrive(r.Context(), id, m.ID, entry, v.auth())
	if isErr(err, cash.ErrSamePerson, cash.ErrArrived, cash.ErrDirection, bank.ErrNotMatchable, bank.ErrAssigned, bank.ErrUnknownEntry) {
		a := answerTo(err)
		return s.transitPage(w, r, v, a.status, v.lang.Text(a.text))
	}
	if err != nil {
		return err
	}
	return goTo(w, r, "/desk/cash?done=casharrived")
}
