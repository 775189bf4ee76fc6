package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"grulden/internal/foureyes"
	"grulden/internal/people"
	"grulden/web/page"
)

// TestTheSecondPersonReadsAllThatWillBeDone has one proposal of several kinds made,
// and lets the board read, mistake and refuse each of them in both languages.
func TestTheSecondPersonReadsAllThatWillBeDone(t *testing.T) {
	o := newOffice(t)
	desk, treasurer := o.in[people.Desk][page.Dutch], o.in[people.Treasurer][page.Dutch]
	at := "/desk/people/" + o.anna.ID.String()
	ben := o.resident("Ben Blij", 0)
	for _, c := range []struct {
		by    *browser
		kind  foureyes.Kind
		at    string
		form  url.Values
		shows []string
	}{
		{desk, kindIBAN, at + "/account", url.Values{"iban": {"NL91ABNA0417164300"}, "holder": {"A. Anders"}, "answer": {"close"}, "why": {"andere bank"}}, []string{"NL91 ABNA 0417 1643 00", "A. Anders", "Anna"}},
		{desk, kindCorrection, at + "/correct", url.Values{"form": {newFormID()}, "to": {ben.ID.String()}, "amount": {"3,21"}, "why": {"verkeerde kaart"}}, []string{"Anna", "Ben Blij", "verkeerde kaart"}},
		{treasurer, "purpose", "/desk/fund/purposes", url.Values{"form": {newFormID()}, "name": {"Soep op woensdag"}, "need": {"yes"}}, []string{"Soep op woensdag"}},
		{treasurer, "issue", "/desk/issue", url.Values{"id": {newFormID()}, "person": {ben.ID.String()}, "amount": {"8"}, "why": {"verloren bon"}}, []string{"Ben Blij", "verloren bon"}},
		{desk, "return-money", "/desk/bank/" + o.waits().ID.String() + "/back", url.Values{"why": {"geen idee"}}, nil},
	} {
		r := c.by.post(c.at, c.form)
		if c.shows == nil { // cash that was paid in has no sender
			r.want(http.StatusConflict).shows(page.Dutch.Text("sendback.nobody"))
			continue
		}
		r.want(http.StatusSeeOther)
		p := o.first(c.kind)
		o.readAndRefuse(t, c.by, p, c.shows)
	}
	if o.spendable(o.anna) != 100_00 || o.spendable(ben) != 0 {
		t.Errorf("Anna has %v and Ben %v after five refusals", o.spendable(o.anna), o.spendable(ben))
	}
}

// readAndRefuse reads a proposal, tries what must not work, and says no.
func (o *officeSite) readAndRefuse(t *testing.T, first *browser, p *foureyes.Proposal, shows []string) {
	t.Helper()
	to := "/desk/proposals/" + p.ID.String()
	before := o.mark()
	for lang, board := range o.in[people.Board] {
		r := board.page(to).shows(shows...)
		r.needsNoScript(to)
		if r.form(to+"/approve").Get("hash") != p.Hash {
			t.Errorf("%s: the form does not send what was read", p.Kind)
		}
		for _, hash := range []string{"", "x", strings.Repeat("0", len(p.Hash)), p.Hash[:hashShown]} {
			board.post(to+"/approve", url.Values{"hash": {hash}}).want(http.StatusConflict).shows(lang.Text("problem.proposalchanged"))
		}
		board.post("/desk/proposals/"+nobody[0]+"/approve", url.Values{"hash": {p.Hash}}).want(http.StatusNotFound).shows(lang.Text("problem.notfoundtext"))
	}
	if r := first.post(to+"/approve", url.Values{"hash": {p.Hash}}); r.status != http.StatusForbidden {
		t.Errorf("%s: who proposed it approved it: %d", p.Kind, r.status)
	}
	for _, role := range []people.Role{people.Evaluator, people.Resident, people.Merchant} {
		o.in[role][page.Dutch].post(to+"/approve", url.Values{"hash": {p.Hash}}).want(http.StatusForbidden)
		o.in[role][page.Dutch].get(to).want(http.StatusForbidden)
	}
	if now := o.mark(); now != before {
		t.Fatalf("%s: something changed:\n%s\n%s", p.Kind, before, now)
	}
	board := o.in[people.Board][page.English]
	board.post(to+"/refuse", url.Values{"why": {markup}}).want(http.StatusSeeOther)
	board.page(to).shows(page.English.Text("proposals.state.refused")).hides(markup)
	once := o.mark()
	board.post(to+"/approve", url.Values{"hash": {p.Hash}}).want(http.StatusConflict).shows(page.English.Text("problem.proposaldecided"))
	first.post(to+"/withdraw", nil).want(http.StatusConflict).shows(page.Dutch.Text("problem.proposaldecided"))
	if now := o.mark(); now != once {
		t.Errorf("%s: a refusal was not the end:\n%s\n%s", p.Kind, once, now)
	}
}
