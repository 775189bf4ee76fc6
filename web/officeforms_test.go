package web

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"grulden/internal/bank"
	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/internal/sepa"
	"grulden/web/page"
)

// markup is what somebody types who hopes that a page runs it.
const markup = "<script>alert(1)</script>"

// noAmounts are what nobody can mean as an amount of money.
var noAmounts = []string{"", "0", "0,00", "-1", "+1", "1e9", "12,345", "12.345.678", "1,000.00", "een tientje", "€", "99999999999", "０１", "1 0", markup}

// office is a site on which somebody of each role is signed in twice: once in
// Dutch and once in English.
type officeSite struct {
	*site
	staff map[people.Role]people.Person
	in    map[people.Role]map[page.Lang]*browser
	anna  people.Person
}

func newOffice(t *testing.T) *officeSite {
	t.Helper()
	s := newSite(t, nil)
	o := &officeSite{site: s, staff: map[people.Role]people.Person{}, in: map[people.Role]map[page.Lang]*browser{}}
	s.storting(40_00)
	o.anna = s.resident("Anna", 100_00)
	for _, role := range people.Roles() {
		o.in[role] = map[page.Lang]*browser{}
		for _, lang := range []page.Lang{page.Dutch, page.English} {
			p := s.add(people.Person{Role: role, Name: "Iemand", Shop: "Winkel", Lang: string(lang)}, 0)
			if o.in[role][lang] = s.login(p); lang == page.Dutch {
				o.staff[role] = p
			}
		}
	}
	return o
}

// mark is all that an act of the office changes, in one line: two that are equal
// say that nothing happened in between.
func (o *officeSite) mark() string {
	o.t.Helper()
	proposals, err := o.server.foureyes.List(everProposed)
	if err != nil {
		o.t.Fatal(err)
	}
	acts, err := o.server.logbook.List(0, everProposed)
	if err != nil {
		o.t.Fatal(err)
	}
	sources, err := o.server.rewards.Sources()
	if err != nil {
		o.t.Fatal(err)
	}
	purposes, err := o.server.fund.Purposes()
	if err != nil {
		o.t.Fatal(err)
	}
	box, err := o.cash.Movements(0, 0)
	if err != nil {
		o.t.Fatal(err)
	}
	files, err := o.bank.Batches()
	if err != nil {
		o.t.Fatal(err)
	}
	all, err := o.people.Everybody()
	if err != nil {
		o.t.Fatal(err)
	}
	var states []string
	for _, p := range proposals {
		states = append(states, string(p.State))
	}
	var head uint64
	err = o.node.Read(func(v *node.View) error {
		head = v.Head().Seq
		return nil
	})
	if err != nil {
		o.t.Fatal(err)
	}
	kept := sha256.Sum256(fmt.Append(nil, sources, purposes, files, all))
	return fmt.Sprintf("entry %d, proposals %v, %d acts, %d in the cash box, %x", head, states, len(acts), len(box), kept[:4])
}

// misstep is one field of a good form typed wrong, and what then is said.
type misstep struct {
	field  string
	typed  []string
	status int
	says   page.Key
}

// officeForm is a form of the office: a good one, and what can be wrong in it.
type officeForm struct {
	route string // as routes() has it
	by    people.Role
	at    string // its address
	good  url.Values
	wrong []misstep
}

func retyped(f url.Values, field, typed string) url.Values {
	out := url.Values(maps.Clone(f))
	out[field] = []string{typed}
	return out
}

// try sends every wrong form in both languages, the good one as all who may not,
// and then the good one twice.
func (o *officeSite) try(t *testing.T, form officeForm) {
	t.Helper()
	before := o.mark()
	for _, m := range form.wrong {
		for _, typed := range m.typed {
			for lang, b := range o.in[form.by] {
				r := b.post(form.at, retyped(form.good, m.field, typed))
				what := fmt.Sprintf("%s with %s=%q in %s", form.route, m.field, typed, lang)
				if r.status != m.status {
					t.Errorf("%s: %d, want %d: %s", what, r.status, m.status, r.words())
				}
				if says := lang.Text(m.says); !strings.Contains(r.words(), says) {
					t.Errorf("%s: does not say %q: %s", what, says, r.words())
				}
				if strings.Contains(r.text, markup) {
					t.Errorf("%s: what was typed became markup", what)
				}
			}
			if now := o.mark(); now != before {
				t.Fatalf("%s with %s=%q changed something:\n%s\n%s", form.route, m.field, typed, before, now)
			}
		}
	}
	o.refusesOthers(t, form)
	if now := o.mark(); now != before {
		t.Fatalf("%s by somebody who may not changed something:\n%s\n%s", form.route, before, now)
	}
	o.doesOnce(t, form, before)
}

// refusesOthers sends the good form as every role that may not send it.
func (o *officeSite) refusesOthers(t *testing.T, form officeForm) {
	t.Helper()
	i := slices.IndexFunc(routes(), func(rt route) bool { return rt.pattern == "POST "+form.route })
	if i < 0 {
		t.Fatalf("no route POST %s", form.route)
	}
	may := routes()[i].roles
	if !slices.Contains(may, form.by) {
		t.Fatalf("%s may not POST %s", form.by, form.route)
	}
	for role, in := range o.in {
		if slices.Contains(may, role) {
			continue
		}
		for lang, b := range in {
			if r := b.post(form.at, form.good); r.status != http.StatusForbidden || !strings.Contains(r.words(), lang.Text("problem.role")) {
				t.Errorf("%s by a %s: %d %s", form.route, role, r.status, r.words())
			}
		}
	}
	if r := o.browser().post(form.at, form.good); !strings.HasPrefix(r.to(), "/login") {
		t.Errorf("%s by nobody: %d to %q", form.route, r.status, r.to())
	}
}

// doesOnce sends the good form twice, which does once what it asks.
func (o *officeSite) doesOnce(t *testing.T, form officeForm, before string) {
	t.Helper()
	b := o.in[form.by][page.Dutch]
	if r := b.post(form.at, form.good); r.status != http.StatusSeeOther {
		t.Fatalf("%s: %d, want it taken: %s", form.route, r.status, r.words())
	}
	once := o.mark()
	if once == before {
		t.Errorf("%s did nothing", form.route)
	}
	if r := b.post(form.at, form.good); r.status >= http.StatusInternalServerError {
		t.Errorf("%s again: %d", form.route, r.status)
	}
	if twice := o.mark(); twice != once {
		t.Errorf("%s sent twice did it twice:\n%s\n%s", form.route, once, twice)
	}
}

// Wrong ids: of nobody, and no id at all.
var (
	noID   = []string{"", "x", "123", markup}
	nobody = []string{strings.Repeat("a", 32)}
)

func TestFormsOfTheCashBoxRefuseWhatIsWrongAndDoTheirWorkOnce(t *testing.T) {
	o := newOffice(t)
	o.try(t, officeForm{
		"/desk/cash/take", people.Desk, "/desk/cash/take",
		url.Values{"id": {newFormID()}, "person": {o.anna.ID.String()}, "amount": {"20,00"}, "counted": {"yes"}},
		[]misstep{
			{"id", noID, http.StatusBadRequest, "problem.badtext"},
			{"person", noID, http.StatusBadRequest, "problem.badtext"},
			{"person", append(nobody, o.staff[people.Desk].ID.String()), http.StatusNotFound, "problem.notfoundtext"},
			{"amount", noAmounts, http.StatusUnprocessableEntity, "cash.badamount"},
			{"amount", []string{"500,01", "100000"}, http.StatusConflict, "cash.over"},
			{"amount", []string{"9999999999"}, http.StatusUnprocessableEntity, "cash.badamount"},
			{"counted", []string{"", "no"}, http.StatusUnprocessableEntity, "cash.unchecked"},
		},
	})
	o.try(t, officeForm{
		"/desk/cash/count", people.Treasurer, "/desk/cash/count",
		url.Values{"id": {newFormID()}, "p1000": {"1"}, "p500": {"2"}, "why": {markup}},
		[]misstep{
			{"id", noID, http.StatusBadRequest, "problem.badtext"},
			{"p1000", []string{"-1", "1,5", "een", "99999999999", "1e3", markup}, http.StatusUnprocessableEntity, "cash.pieces"},
		},
	})
	o.try(t, officeForm{
		"/desk/cash/bank", people.Desk, "/desk/cash/bank",
		url.Values{"id": {newFormID()}, "way": {"to"}, "amount": {"15"}, "why": {markup}},
		[]misstep{
			{"id", noID, http.StatusBadRequest, "problem.badtext"},
			{"way", []string{"", "home"}, http.StatusBadRequest, "problem.badtext"},
			{"amount", noAmounts, http.StatusUnprocessableEntity, "cash.badamount"},
			{"amount", []string{"20,01", "100000"}, http.StatusConflict, "cash.short"},
			{"amount", []string{"9999999999"}, http.StatusUnprocessableEntity, "cash.badamount"},
		},
	})
	left, err := o.cash.InTransit()
	if err != nil || len(left) != 1 {
		t.Fatalf("%d on the way: %v", len(left), err)
	}
	at := "/desk/cash/transit/" + left[0].ID.String()
	o.try(t, officeForm{
		"/desk/cash/transit/{id}", people.Treasurer, at,
		o.in[people.Treasurer][page.Dutch].page(at).form(at),
		[]misstep{{"entry", noID, http.StatusBadRequest, "problem.badtext"}, {"entry", nobody, http.StatusNotFound, "problem.notfoundtext"}},
	})
	for _, path := range []string{"/desk/cash", "/desk/log"} {
		o.in[people.Treasurer][page.Dutch].page(path).hides(markup)
	}
}

func TestFormsOfSourcesAndIssuesRefuseWhatIsWrongAndDoTheirWorkOnce(t *testing.T) {
	o := newOffice(t)
	o.try(t, officeForm{
		"/desk/sources", people.Treasurer, "/desk/sources",
		url.Values{"id": {newFormID()}, "name": {"Pot " + markup}, "kind": {"gift"}},
		[]misstep{
			{"id", noID, http.StatusBadRequest, "problem.badtext"},
			{"name", []string{"", "  ", strings.Repeat("é", 61)}, http.StatusUnprocessableEntity, "source.badname"},
			{"kind", []string{"", "present", markup}, http.StatusUnprocessableEntity, "source.badkind"},
		},
	})
	sources, err := o.server.rewards.Sources()
	if err != nil || len(sources) != 1 {
		t.Fatalf("%d sources: %v", len(sources), err)
	}
	at := "/desk/sources/" + sources[0].ID.String()
	treasurer := o.in[people.Treasurer][page.Dutch]
	o.try(t, officeForm{
		"/desk/sources/{id}/fill", people.Board, at + "/fill", treasurer.page(at).form(at + "/fill"),
		[]misstep{
			{"entry", noID, http.StatusBadRequest, "problem.badtext"},
			{"entry", nobody, http.StatusNotFound, "problem.notfoundtext"},
		},
	})
	list := treasurer.sendFile(at+"/lists", []byte(o.anna.Reference+";30;"+markup+"\n"+markup+";1;x\n")).want(http.StatusSeeOther).to()
	treasurer.page(list).hides(markup)
	o.try(t, officeForm{
		"/desk/lists/{id}", people.Treasurer, list,
		url.Values{"why": {markup}},
		[]misstep{{"why", []string{"", "   "}, http.StatusUnprocessableEntity, "sourcelist.nowhy"}},
	})
	o.try(t, officeForm{
		"/desk/issue", people.Treasurer, "/desk/issue",
		url.Values{"id": {newFormID()}, "person": {o.anna.ID.String()}, "amount": {"5"}, "why": {markup}},
		[]misstep{
			{"id", noID, http.StatusBadRequest, "problem.badtext"},
			{"person", noID, http.StatusBadRequest, "problem.badtext"},
			{"person", append(nobody, o.staff[people.Board].ID.String()), http.StatusNotFound, "problem.notfoundtext"},
			{"amount", noAmounts, http.StatusUnprocessableEntity, "cash.badamount"},
			{"why", []string{"", " "}, http.StatusUnprocessableEntity, "sourcelist.nowhy"},
		},
	})
	o.sayYes(o.staff[people.Board])
	for _, path := range []string{"/desk/sources", at, "/desk/proposals", "/desk/log"} {
		treasurer.page(path).hides(markup)
	}
}

func TestFormsOfTheWijkfondsRefuseWhatIsWrongAndDoTheirWorkOnce(t *testing.T) {
	o := newOffice(t)
	o.try(t, officeForm{
		"/desk/fund/purposes", people.Treasurer, "/desk/fund/purposes",
		url.Values{"form": {newFormID()}, "name": {"Soep " + markup}, "need": {"yes"}},
		[]misstep{
			{"form", noID, http.StatusBadRequest, "problem.badtext"},
			{"need", []string{"", "maybe"}, http.StatusBadRequest, "problem.badtext"},
			{"name", []string{"", " ", strings.Repeat("x", 201)}, http.StatusUnprocessableEntity, "grant.text"},
		},
	})
	if _, err := o.agree(o.staff[people.Board].ID); err != nil {
		t.Fatal(err)
	}
	purposes, err := o.server.fund.Purposes()
	if err != nil || len(purposes) != 1 {
		t.Fatalf("%d purposes: %v", len(purposes), err)
	}
	entry := o.waits()
	gift := "/desk/bank/" + entry.ID.String() + "/gift"
	for _, wrong := range []string{"/desk/bank/x/gift", "/desk/bank/" + nobody[0] + "/gift"} {
		o.in[people.Treasurer][page.English].post(wrong, nil).want(http.StatusNotFound).shows(page.English.Text("problem.notfoundtext"))
	}
	o.try(t, officeForm{
		"/desk/bank/{id}/gift", people.Treasurer, gift,
		url.Values{"sure": {"yes"}},
		[]misstep{{"sure", []string{"", "no"}, http.StatusBadRequest, "problem.badtext"}},
	})
	purpose := purposes[0].ID.String()
	o.try(t, officeForm{
		"/desk/fund/grant", people.Board, "/desk/fund/grant",
		url.Values{"form": {newFormID()}, "purpose": {purpose}, "person": {o.anna.ID.String()}, "amount": {"10,00"}, "why": {markup}},
		[]misstep{
			{"form", noID, http.StatusBadRequest, "problem.badtext"},
			{"purpose", noID, http.StatusBadRequest, "problem.badtext"},
			{"purpose", nobody, http.StatusNotFound, "grant.nopurpose"},
			{"person", nobody, http.StatusNotFound, "problem.notfoundtext"},
			{"amount", noAmounts, http.StatusUnprocessableEntity, "pay.badamount"},
			{"amount", []string{"40,01", "9999999999"}, http.StatusConflict, "grant.short"},
			{"why", []string{"", " ", strings.Repeat("x", 201)}, http.StatusUnprocessableEntity, "grant.text"},
		},
	})
	o.browser().page("/wijkfonds").hides(markup)
	o.in[people.Board][page.Dutch].page("/desk/fund").hides(markup)
}

func TestFormsAboutAPersonRefuseWhatIsWrongAndDoTheirWorkOnce(t *testing.T) {
	o := newOffice(t)
	ben := o.resident("Ben", 0)
	at := "/desk/people/" + o.anna.ID.String()
	o.try(t, officeForm{
		"/desk/people/{id}/correct", people.Desk, at + "/correct",
		url.Values{"form": {newFormID()}, "to": {ben.ID.String()}, "amount": {"3,00"}, "why": {markup}},
		[]misstep{
			{"form", noID, http.StatusBadRequest, "problem.badtext"},
			{"to", noID, http.StatusUnprocessableEntity, "correct.nobody"},
			{"to", append(nobody, o.staff[people.Desk].ID.String()), http.StatusNotFound, "problem.notfoundtext"},
			{"to", []string{o.anna.ID.String()}, http.StatusConflict, "result.same-account"},
			{"amount", noAmounts, http.StatusUnprocessableEntity, "pay.badamount"},
			{"amount", []string{"100,01", "9999999999"}, http.StatusConflict, "result.insufficient-balance"},
			{"why", []string{"", " "}, http.StatusUnprocessableEntity, "correct.nowhy"},
		},
	})
	o.try(t, officeForm{
		"/desk/people/{id}/account", people.Desk, at + "/account",
		url.Values{"iban": {"NL91 ABNA 0417 1643 00"}, "holder": {"A. Anders"}, "answer": {"match"}, "why": {"nieuwe bank"}},
		[]misstep{
			{"iban", []string{"", "NL00", "NL91ABNA0417164301", "XX91ABNA0417164300", markup}, http.StatusUnprocessableEntity, "form.iban"},
			{"holder", []string{"", strings.Repeat("x", 71)}, http.StatusUnprocessableEntity, "account.needholder"},
			{"answer", []string{"none"}, http.StatusUnprocessableEntity, "account.differs"},
			{"answer", []string{"yes", markup}, http.StatusBadRequest, "problem.badtext"},
		},
	})
	o.try(t, officeForm{
		"/desk/people/{id}/block", people.Desk, at + "/block",
		url.Values{"why": {"other"}, "note": {"<b>boos</b>"}},
		[]misstep{
			{"why", []string{"", "zomaar", markup}, http.StatusUnprocessableEntity, "block.choose"},
			{"note", []string{""}, http.StatusUnprocessableEntity, "block.explain"},
			{"note", []string{strings.Repeat("x", 201)}, http.StatusUnprocessableEntity, "block.long"},
		},
	})
}

func TestAWrongAnswerOfTheBankAboutANameLeavesNoTrace(t *testing.T) {
	o := newOffice(t)
	winkel := o.shop("Bakker")
	before := o.mark()
	for _, person := range []people.Person{winkel, o.anna} { // Anna has no account to ask about
		for _, answer := range []string{"", "yes", "NONE", markup} {
			for lang, b := range o.in[people.Treasurer] {
				b.post("/desk/people/"+person.ID.String()+"/namecheck", url.Values{"answer": {answer}}).
					want(http.StatusBadRequest).shows(lang.Text("problem.badtext"))
			}
		}
	}
	o.in[people.Desk][page.Dutch].post("/desk/people/"+o.anna.ID.String()+"/namecheck", url.Values{"answer": {"match"}}).want(http.StatusBadRequest)
	if now := o.mark(); now != before {
		t.Errorf("something was kept:\n%s\n%s", before, now)
	}
}

func TestMoneyThatIsRefusedToOneIsNotWrittenDownAsTheirs(t *testing.T) {
	o := newOffice(t)
	ben := o.resident("Ben", 0)
	by := record.Auth{By: record.ActorID(o.staff[people.Desk].ID), How: record.ByPIN}
	if _, err := o.cash.TakeIn(t.Context(), bank.ID{7}, ben.ID, 490_00, by); err != nil {
		t.Fatal(err)
	}
	entry, desk := o.waits(), o.in[people.Desk]
	at := "/desk/bank/" + entry.ID.String() + "/issue"
	before := o.mark()
	for lang, b := range desk {
		for _, wrong := range noID {
			b.post(at, url.Values{"person": {wrong}}).want(http.StatusBadRequest).shows(lang.Text("problem.badtext"))
		}
		b.post(at, url.Values{"person": nobody}).want(http.StatusNotFound).shows(lang.Text("problem.notfoundtext"))
		b.post(at, url.Values{"person": {ben.ID.String()}}).want(http.StatusConflict).shows(lang.Text("bank.overlimit"))
	}
	if now := o.mark(); now != before {
		t.Errorf("a refusal was written down:\n%s\n%s", before, now)
	}
	for range 2 {
		desk[page.Dutch].post(at, url.Values{"person": {o.anna.ID.String()}}).want(http.StatusSeeOther)
	}
	desk[page.English].post(at, url.Values{"person": {ben.ID.String()}}).want(http.StatusConflict).shows(page.English.Text("bank.already"))
	acts, err := o.server.logbook.About(o.anna.ID, 0, 10)
	if err != nil || len(acts) != 1 || acts[0].Kind != "topup-matched" {
		t.Errorf("of the top-up Anna is told %+v, %v", acts, err)
	}
	if o.spendable(o.anna) != 140_00 || o.spendable(ben) != 490_00 {
		t.Errorf("Anna has %v, Ben %v", o.spendable(o.anna), o.spendable(ben))
	}
}

func TestMoneyThatIsSomebodysIsNoGift(t *testing.T) {
	o := newOffice(t)
	at := "/desk/bank/" + o.waits().ID.String()
	o.in[people.Desk][page.Dutch].post(at+"/issue", url.Values{"person": {o.anna.ID.String()}}).want(http.StatusSeeOther)
	treasurer := o.in[people.Treasurer][page.English]
	treasurer.post(at+"/gift", url.Values{"sure": {"yes"}}).want(http.StatusConflict).shows(page.English.Text("bank.already"))
	acts, err := o.server.logbook.List(0, everProposed)
	if err != nil || len(acts) != 1 || acts[0].Kind != "topup-matched" {
		t.Errorf("the logbook has %+v, %v", acts, err)
	}
	if o.spendable(o.anna) != 140_00 {
		t.Errorf("Anna has %v", o.spendable(o.anna))
	}
}

func TestFormsOfTheBankRefuseWhatIsWrongAndDoTheirWorkOnce(t *testing.T) {
	o := newOffice(t)
	desk := o.in[people.Desk]
	o.setReserve()
	desk[page.Dutch].upload(statement(t,
		sepa.SimBooking{Cents: 7_00, Credit: true, Name: markup, IBAN: "NL42TEST0000000002", Text: markup},
		sepa.SimBooking{Cents: 2_50, Name: "Bank", Text: "kosten"},
	)).want(http.StatusOK).hides(markup)
	all, err := o.bank.Entries(bank.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		at := "/desk/bank/" + e.ID.String()
		switch {
		case e.Credit && e.IBAN != "":
			o.try(t, officeForm{
				"/desk/bank/{id}/back", people.Desk, at + "/back",
				url.Values{"why": {markup}},
				[]misstep{{"why", []string{"", " ", strings.Repeat("x", 501)}, http.StatusUnprocessableEntity, "sendback.nowhy"}},
			})
		case !e.Credit:
			o.try(t, officeForm{"/desk/reconcile/{id}/costs", people.Treasurer, "/desk/reconcile/" + e.ID.String() + "/costs", nil, nil})
		default:
			desk[page.English].post(at+"/back", url.Values{"why": {"x"}}).want(http.StatusConflict).shows(page.English.Text("sendback.nobody"))
		}
	}
	before := o.mark()
	for lang, b := range desk {
		for _, file := range []string{"", "x", "<Document/>", markup, "\x00\x01", "<!DOCTYPE x [<!ENTITY a \"b\">]><x>&a;</x>"} {
			b.upload([]byte(file)).want(http.StatusUnprocessableEntity).shows(lang.Text("bank.badfile")).hides(markup)
		}
		b.post("/desk/redemptions/approve", nil).want(http.StatusUnprocessableEntity).shows(lang.Text("redemptions.nothing"))
		b.post("/desk/redemptions/approve", url.Values{"id": {"x"}}).want(http.StatusBadRequest).shows(lang.Text("problem.badtext"))
		b.post("/desk/redemptions/approve", url.Values{"id": nobody}).want(http.StatusConflict).shows(lang.Text("redemptions.nothing"))
		for _, deed := range []string{"settle", "reject"} {
			b.post("/desk/redemptions/"+nobody[0]+"/"+deed, url.Values{"checked": {"yes"}}).want(http.StatusNotFound).shows(lang.Text("result.unknown-redemption"))
			b.post("/desk/redemptions/x/"+deed, nil).want(http.StatusNotFound)
		}
		for _, deed := range []string{"release", "discard"} {
			b.post("/desk/payouts/GR-1/"+deed, nil).want(http.StatusNotFound).shows(lang.Text("problem.notfoundtext"))
		}
	}
	if now := o.mark(); now != before {
		t.Errorf("something changed:\n%s\n%s", before, now)
	}
}
