package move

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"grulden/internal/people"
	"grulden/ledger"
)

// Why is what is wrong with a line, or strange about it, in one word.
type Why string

// What can be wrong. A plan with any of these is not carried out.
const (
	NoLogin   Why = "no-login"   // the line has no name to know the member by
	Twice     Why = "twice"      // another line has the same name
	BadPerson Why = "bad-person" // no name, or a shop without one, or an IBAN that is none
	BadAmount Why = "bad-amount" // not an amount, or one that can be read in two ways
	Negative  Why = "negative"   // less than nothing: this coin knows no debts
	BadDay    Why = "bad-day"    // not a day
)

// What is strange, and stops nothing.
const (
	Left      Why = "left"      // left the old program with nothing: stays behind
	Different Why = "different" // the payments do not add up to what the member has
	Erased    Why = "erased"    // was here before and had everything erased: stays away
)

// Files of a plan.
const (
	MembersFile  = "members"
	PaymentsFile = "payments"
)

// Remark is something about one line of a file.
type Remark struct {
	File  string `json:"file"`
	Line  int    `json:"line"`
	Why   Why    `json:"why"`
	Value string `json:"value,omitempty"` // what stands there
}

// Member is somebody who moves.
type Member struct {
	Line    int
	Login   string // by which the old program and its payments name the member
	Person  people.Person
	Balance ledger.Cents
}

// Payment is a payment of before.
type Payment struct {
	Line     int
	At       time.Time
	From, To string // logins or names; of whom is no member: what the file says
	Cents    ledger.Cents
	Text     string
	Number   string
}

// Plan is what would be moved.
type Plan struct {
	Members  []Member
	Payments []Payment
	Faults   []Remark // it is not carried out while there is one
	Notes    []Remark

	named map[string]int // a member by what payments call it
}

// Options say what the files do not.
type Options struct {
	Shops []string // groups whose members are shops, besides those that sound like it
}

// Headings by which columns are known: those of Cyclos 3 and 4 in English and
// in Dutch, and what people type above a column of their own.
var (
	memberColumns = map[string][]string{
		"login":   {"username", "loginname", "login", "gebruikersnaam", "inlognaam", "loginnaam", "usernamelogin", "membernumber", "lidnummer", "id"},
		"name":    {"fullname", "name", "membername", "volledigenaam", "naam", "weergavenaam", "displayname"},
		"group":   {"permissiongroup", "group", "groupname", "groep", "rechtengroep", "groepsnaam", "soort"},
		"shop":    {"companyname", "company", "business", "businessname", "shop", "bedrijfsnaam", "bedrijf", "winkel", "winkelnaam"},
		"address": {"address", "defaultaddress", "street", "adres", "straat"},
		"iban":    {"iban", "bankaccount", "bankaccountnumber", "rekeningnummer", "bankrekening"},
		"balance": {"balance", "accountbalance", "currentbalance", "saldo", "tegoed", "huidigsaldo"},
		"status":  {"status", "userstatus", "gebruikersstatus"},
		"lang":    {"language", "locale", "taal"},
	}
	paymentColumns = map[string][]string{
		"day":    {"date", "processdate", "processingdate", "datum", "transactiondate", "transactiedatum", "verwerkingsdatum"},
		"from":   {"from", "fromusername", "fromuser", "payer", "van", "betaler", "vangebruiker"},
		"to":     {"to", "tousername", "touser", "payee", "receiver", "naar", "aan", "ontvanger", "naargebruiker"},
		"amount": {"amount", "bedrag"},
		"text":   {"description", "omschrijving", "beschrijving", "opmerking"},
		"number": {"transactionnumber", "transactionid", "transactienummer", "nummer", "id"},
	}
)

// Read reads the list of members and, unless nil, that of payments. ErrFile is
// returned for a file that is no such list; what is wrong with single lines
// stands in the plan.
func Read(members, payments []byte, o Options) (*Plan, error) {
	p := &Plan{named: make(map[string]int)}
	t, err := readTable(members, memberColumns, "login", "name")
	if err != nil {
		return nil, fmt.Errorf("the list of members is %w", err)
	}
	for _, r := range t.rows {
		p.member(t, r, o)
	}
	if payments == nil {
		return p, nil
	}
	if t, err = readTable(payments, paymentColumns, "day", "from", "to", "amount"); err != nil {
		return nil, fmt.Errorf("the list of payments is %w", err)
	}
	p.payments(t)
	p.compare()
	return p, nil
}

func (p *Plan) fault(file string, line int, why Why, value string) {
	p.Faults = append(p.Faults, Remark{file, line, why, value})
}

func (p *Plan) note(file string, line int, why Why, value string) {
	p.Notes = append(p.Notes, Remark{file, line, why, value})
}

// member takes in one line of the list of members.
func (p *Plan) member(t table, r row, o Options) {
	m := Member{Line: r.line, Login: t.get(r, "login"), Person: person(t, r, o)}
	var err error
	if m.Balance, err = readAmount(t.get(r, "balance")); err != nil {
		p.fault(MembersFile, r.line, BadAmount, t.get(r, "balance"))
		return
	}
	if m.Balance == 0 && (gone(t.get(r, "status")) || gone(t.get(r, "group"))) {
		p.note(MembersFile, r.line, Left, m.Login)
		return
	}
	if m.Login == "" {
		p.fault(MembersFile, r.line, NoLogin, "")
		return
	}
	if _, twice := p.named[key(m.Login)]; twice {
		p.fault(MembersFile, r.line, Twice, m.Login)
		return
	}
	if err := people.Check(m.Person); err != nil {
		value := m.Login
		if errors.Is(err, people.ErrIBAN) {
			value = m.Person.IBAN
		}
		p.fault(MembersFile, r.line, BadPerson, value)
	}
	if m.Balance < 0 {
		p.fault(MembersFile, r.line, Negative, m.Balance.String())
	}
	p.named[key(m.Login)] = len(p.Members)
	p.Members = append(p.Members, m)
}

// person is who stands on a line.
func person(t table, r row, o Options) people.Person {
	q := people.Person{Role: people.Resident, Name: t.get(r, "name"), Lang: "nl", Shop: t.get(r, "shop"), Address: t.get(r, "address"), IBAN: t.get(r, "iban")}
	if strings.HasPrefix(strings.ToLower(t.get(r, "lang")), "en") {
		q.Lang = "en"
	}
	group := t.get(r, "group")
	if q.Shop != "" || slices.ContainsFunc(o.Shops, func(g string) bool { return plain(g) == plain(group) }) || soundsLikeShop(group) {
		q.Role = people.Merchant
		if q.Shop == "" {
			q.Shop = q.Name
		}
	}
	return q
}

// soundsLikeShop tells whether a group has a name that groups of shops have.
func soundsLikeShop(group string) bool {
	for _, word := range []string{"business", "compan", "merchant", "shop", "winkel", "bedrij", "ondernem", "zakelijk"} {
		if strings.Contains(plain(group), word) {
			return true
		}
	}
	return false
}

// gone tells of a status, or a group, of those who left.
func gone(status string) bool {
	for _, word := range []string{"removed", "purged", "disabled", "verwijderd", "uitgeschreven", "gewist"} {
		if strings.Contains(plain(status), word) {
			return true
		}
	}
	return false
}

// key is a name as members and payments are brought together by.
func key(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), " ")) }

// payments takes in the list of payments.
func (p *Plan) payments(t table) {
	p.alsoByName()
	days := make([]string, 0, len(t.rows))
	for _, r := range t.rows {
		days = append(days, t.get(r, "day"))
	}
	order, _ := dayOrder(days)
	for i, r := range t.rows {
		at, ok := readTime(days[i], order)
		if !ok {
			p.fault(PaymentsFile, r.line, BadDay, days[i])
		}
		cents, err := readAmount(t.get(r, "amount"))
		if err != nil || cents == 0 {
			p.fault(PaymentsFile, r.line, BadAmount, t.get(r, "amount"))
		}
		q := Payment{Line: r.line, At: at, From: t.get(r, "from"), To: t.get(r, "to"), Cents: cents, Text: t.get(r, "text"), Number: t.get(r, "number")}
		if cents < 0 { // written from the payer's side
			q.Cents = -cents
		}
		p.Payments = append(p.Payments, q)
	}
}

// alsoByName lets payments name members by their full name, where only one has it.
func (p *Plan) alsoByName() {
	count := make(map[string]int)
	for _, m := range p.Members {
		for _, name := range slices.Compact([]string{key(m.Person.Name), key(m.Person.Shop)}) {
			count[name]++
		}
	}
	for i, m := range p.Members {
		for _, name := range []string{key(m.Person.Name), key(m.Person.Shop)} {
			if _, taken := p.named[name]; name != "" && !taken && count[name] == 1 {
				p.named[name] = i
			}
		}
	}
}

// find finds the member that a payment names: by login, by name, or by what
// stands in brackets, as Cyclos writes "Anna Voorbeeld (anna)".
func (p *Plan) find(name string) (index int, ok bool) {
	tries := []string{name}
	if open := strings.LastIndexByte(name, '('); open >= 0 && strings.HasSuffix(name, ")") {
		tries = append(tries, name[open+1:len(name)-1], name[:open])
	}
	if login, _, dash := strings.Cut(name, " - "); dash {
		tries = append(tries, login)
	}
	for _, try := range tries {
		if i, ok := p.named[key(try)]; ok {
			return i, true
		}
	}
	return 0, false
}

// compare holds the payments against what members have. A list that does not
// begin at the beginning does not add up: that is told, and stops nothing.
func (p *Plan) compare() {
	sums := make([]ledger.Cents, len(p.Members))
	for _, q := range p.Payments {
		if i, ok := p.find(q.From); ok {
			sums[i] -= q.Cents
		}
		if i, ok := p.find(q.To); ok {
			sums[i] += q.Cents
		}
	}
	for i, m := range p.Members {
		if sums[i] != m.Balance {
			p.note(MembersFile, m.Line, Different, fmt.Sprintf("%v by payments, %v on the list", sums[i], m.Balance))
		}
	}
}

// Total is what all members together have: the euros that must be in the
// reserve account for it.
func (p *Plan) Total() (sum ledger.Cents) {
	for _, m := range p.Members {
		sum += max(m.Balance, 0)
	}
	return sum
}
