package page

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func newRenderer(t *testing.T) *Renderer {
	t.Helper()
	r, err := New(func(name string) (string, error) { return "/static/" + name, nil })
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// evil is what somebody could type where a name is asked.
const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>{{.}}'`

func base(lang Lang) Base {
	return Base{
		Lang: lang, Coin: "Grulden", Wijk: "De Hoogte", Person: "Anna", Path: "/wallet", Notice: "notice.issued",
		Nav: []NavItem{{Href: "/wallet", Icon: "wallet", Word: "nav.wallet", Here: true}, {Href: "/pay", Icon: "pay", Word: "nav.pay"}},
	}
}

// states are all pages in all their states, with a name that means harm.
func states(lang Lang) map[string]View {
	b := base(lang)
	nobody := b
	nobody.Person, nobody.Nav, nobody.Notice = "", nil, ""
	lines := []Line{
		{Icon: "shop", Who: evil, When: "3 december, 14:05", Amount: "−4,50", Href: "/receipt/1"},
		{Icon: "coin", Who: "Opgeladen", When: "2 december", Amount: "+50,00", In: true},
	}
	euros := EuroOutlook{Now: "84,00", Some: true, Later: []LaterEuro{{Amount: "31,00", Why: "kan euro’s worden vanaf 12 maart."}}}
	qr := QR{Size: 33, Path: "M4 4h7v1h-7z"}
	redemption := Redemption{ID: "ab", Shop: evil, IBAN: "NL00 TEST", Amount: "10,00", Payout: "€ 10,00", When: "vandaag", State: "redeem.asked", CanApprove: true}
	entry := BankEntry{ID: "e1", Date: "1 maart", Amount: "€ 50,00", From: evil, Note: evil, Why: evil, Waits: true}
	issued := BankEntry{ID: "e2", Date: "1 maart", Amount: "€ 50,00", Who: evil}
	return map[string]View{
		"login":              LoginPage{Base: nobody, Next: "/"},
		"login wrong":        LoginPage{Base: nobody, Next: evil, Code: evil, Problem: b.T("login.wrong")},
		"problem":            ProblemPage{Base: nobody, Heading: "problem.notfound", Text: evil, Href: "/", Action: "problem.home"},
		"wallet empty":       WalletPage{Base: b, Spendable: "0,00", Loss: b.T("wallet.safe")},
		"wallet":             WalletPage{Base: b, Spendable: "123,45", Loss: "Geeft u niets uit?", Melts: true, Lines: lines, TopUp: &TopUp{Name: evil, IBAN: "NL00 TEST", Reference: "RF18 0000"}},
		"wallet blocked":     WalletPage{Base: b, Spendable: "1,00", Loss: b.T("wallet.safe"), Blocked: true},
		"history":            HistoryPage{Base: b, Spendable: "123,45", Lines: lines, Older: "/history?before=3"},
		"history empty":      HistoryPage{Base: b, Spendable: "0,00"},
		"paycode":            PayCodePage{Base: b},
		"paycode wrong":      PayCodePage{Base: b, Code: evil, Problem: b.T("paycode.wrong")},
		"pay poster":         PayPage{Base: b, Code: "X", Shop: evil, Address: evil, Spendable: "1,00"},
		"pay poster wrong":   PayPage{Base: b, Code: "X", Shop: evil, Typed: evil, Problem: b.T("pay.badamount"), Spendable: "1,00"},
		"pay":                PayPage{Base: b, Code: "X", Shop: evil, Amount: "4,50", Value: "4.50", Payment: "ab", Seal: "cd", Spendable: "9,00", Recent: &RecentPayment{Amount: "4,50", When: "14:02", Href: "/receipt/1"}},
		"paycode blocked":    PayCodePage{Base: b, Blocked: true, Problem: b.T("wallet.blocked")},
		"pay blocked":        PayPage{Base: b, Code: "X", Shop: evil, Blocked: true, Problem: b.T("wallet.blocked"), Spendable: "1,00"},
		"pay short":          PayPage{Base: b, Code: "X", Shop: evil, Amount: "4,50", Problem: b.T("pay.short"), Spendable: "1,00"},
		"receipt":            ReceiptPage{Base: b, Who: evil, Amount: "4,50", When: "vandaag", Number: "AB", Refunded: "1,00", Home: "/"},
		"receipt in":         ReceiptPage{Base: b, In: true, Who: evil, Amount: "4,50", When: "vandaag", Number: "AB", Home: "/"},
		"till":               TillPage{Base: b},
		"till wrong":         TillPage{Base: b, Typed: evil, Problem: b.T("pay.badamount")},
		"request waiting":    RequestPage{Base: b, State: Waiting, Amount: "4,50", Code: "X", Grouped: "X-X", Until: "14:10", QR: qr, Payment: "ab", Seq: 7, Left: 600},
		"request paid":       RequestPage{Base: b, State: Paid, Amount: "4,50", Code: "X", PaidAt: "om 14:05"},
		"request expired":    RequestPage{Base: b, State: Expired, Amount: "4,50", Code: "X"},
		"shop":               ShopPage{Base: b, Today: "84,50", Count: 3, Spendable: "211,00", Euros: euros, Lines: lines},
		"shop new":           ShopPage{Base: b, Today: "0,00", Count: 1, Spendable: "0,00", Euros: EuroOutlook{}},
		"poster":             PosterPage{Base: b, Shop: evil, Address: evil, Grouped: "X-X", Link: "HTTPS://A.B/P/X", QR: qr},
		"redeem":             RedeemPage{Base: b, Euros: euros, IBAN: "…1234", Fee: "2 %", Typed: evil, Problem: "x", Waiting: []Redemption{redemption}, Payment: "ab", Seal: "cd"},
		"redeem no iban":     RedeemPage{Base: b, Euros: euros},
		"people":             PeoplePage{Base: b, Query: evil, People: []PersonLine{{Href: "/desk/people/1", Name: evil, Role: "role.resident", Icon: "person", Blocked: true}}, More: true},
		"people none":        PeoplePage{Base: b},
		"newperson":          NewPersonPage{Base: b, Form: "f", Role: "resident", Language: "nl"},
		"newperson wrong":    NewPersonPage{Base: b, Form: "f", Role: "merchant", Name: evil, Shop: evil, Address: evil, IBAN: evil, Language: "en", Problems: map[string]string{"": "x", "name": "x", "role": "x", "shop": "x", "iban": "x", "pin": "x"}},
		"person new":         PersonPage{Base: b, ID: "1", Name: evil, Role: "role.merchant", IsShop: true, HasPurse: true, Shop: evil, Address: evil, IBAN: "NL00", Reference: "RF18", Tegoed: "0,00", Code: "AAAAA-BBBBB"},
		"person blocked":     PersonPage{Base: b, ID: "1", Name: evil, Role: "role.resident", HasPurse: true, Tegoed: "1,00", Blocked: true, Problem: evil},
		"person wrong":       PersonPage{Base: b, ID: "1", Name: evil, Role: "role.merchant", IsShop: true, HasPurse: true, Details: Details{evil, evil, evil, evil}, Problems: map[string]string{"name": "x", "shop": "x", "iban": "x"}},
		"person kept":        PersonPage{Base: b, ID: "1", Name: evil, Role: "role.resident", HasPurse: true, Problem: "x", Erasing: true},
		"person staff":       PersonPage{Base: b, ID: "1", Name: evil, Role: "role.desk"},
		"bank":               BankPage{Base: b, Problem: evil, Imported: "3", Open: []BankEntry{entry}, Odd: []BankEntry{issued}, Done: []BankEntry{issued}},
		"bank empty":         BankPage{Base: b},
		"match":              MatchPage{Base: b, Entry: entry, Query: evil, People: []PersonLine{{Href: "1", Name: evil, Role: "role.resident"}}, More: true},
		"match nobody":       MatchPage{Base: b, Entry: entry},
		"redemptions":        RedemptionsPage{Base: b, Problem: evil, CanApprove: true, Waiting: []Redemption{redemption, {ID: "no iban", Shop: evil, Why: evil}}, Approved: []Redemption{redemption}, Files: []PayoutFile{{Href: "/f", Name: evil, When: "1 maart", Total: "€ 10,00", Open: true}, {Href: "/g", Name: "g", When: "1 maart", Total: "€ 10,00"}}},
		"redemptions nobody": RedemptionsPage{Base: b},
		"report":             ReportPage{Base: b, From: "2026-03-01", To: "2026-03-31", Period: "maart", Rows: []ReportRow{{Label: "Volume", Value: "12,50", Unit: "Grulden", Definition: evil, Formula: "V/I"}}, CSV: "/report.csv?from=x", JSON: "/report.json"},
		"report wrong":       ReportPage{Base: b, Problem: b.T("report.badperiod")},
	}
}

func TestEveryPageIsTriedInSomeState(t *testing.T) {
	tried := map[string]bool{}
	for _, v := range states(Dutch) {
		tried[v.name()] = true
	}
	for name := range newRenderer(t).pages {
		if !tried[name] {
			t.Errorf("no state of page %q is tried", name)
		}
	}
}

// eachPage renders every page in every state and language.
func eachPage(t *testing.T, check func(t *testing.T, text []byte, doc *html.Node)) {
	t.Helper()
	r := newRenderer(t)
	for _, lang := range Languages() {
		for name, v := range states(lang) {
			t.Run(fmt.Sprintf("%s %s", lang, name), func(t *testing.T) {
				text, err := r.Render(v)
				if err != nil {
					t.Fatal(err)
				}
				doc, err := html.Parse(bytes.NewReader(text))
				if err != nil {
					t.Fatal(err)
				}
				check(t, text, doc)
			})
		}
	}
}

func each(n *html.Node, tag string, do func(*html.Node)) {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && (tag == "" || d.Data == tag) {
			do(d)
		}
	}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func content(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.TrimSpace(b.String())
}

func TestNothingTypedBecomesMarkup(t *testing.T) {
	eachPage(t, func(t *testing.T, text []byte, doc *html.Node) {
		each(doc, "", func(n *html.Node) {
			if n.Data == "img" || n.Data == "script" && !strings.HasPrefix(attr(n, "src"), "/static/") {
				t.Errorf("<%s> came in from what was typed", n.Data)
			}
		})
	})
}

func TestNothingIsInline(t *testing.T) {
	eachPage(t, func(t *testing.T, text []byte, doc *html.Node) {
		each(doc, "", func(n *html.Node) {
			if n.Data == "style" || n.Data == "script" && n.FirstChild != nil {
				t.Errorf("inline <%s>", n.Data)
			}
			for _, a := range n.Attr {
				if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
					t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
				}
			}
		})
		if bytes.Contains(text, []byte("javascript:")) {
			t.Error("a javascript: address")
		}
	})
}

func TestEveryPageIsWellBuilt(t *testing.T) {
	eachPage(t, func(t *testing.T, text []byte, doc *html.Node) {
		ids := map[string]bool{}
		shown := 0
		each(doc, "", func(n *html.Node) {
			if id := attr(n, "id"); id != "" {
				if ids[id] {
					t.Errorf("two elements have the id %q", id)
				}
				ids[id] = true
			}
			if n.Data == "h1" && !hidden(n) {
				shown++
			}
			if (n.Data == "button" || n.Data == "a") && content(n) == "" && attr(n, "aria-label") == "" {
				t.Errorf("<%s %v> has no words", n.Data, n.Attr)
			}
		})
		if shown != 1 {
			t.Errorf("%d visible headings of the first level, want 1", shown)
		}
		checkLabels(t, doc, ids)
		if bytes.Contains(text, []byte("ZgotmplZ")) {
			t.Error("a value was unsafe where it stands")
		}
	})
}

// checkLabels wants a label on every field, and every reference to lead
// somewhere.
func checkLabels(t *testing.T, doc *html.Node, ids map[string]bool) {
	labels := map[string]bool{}
	each(doc, "label", func(n *html.Node) {
		labels[attr(n, "for")] = true
		if f := attr(n, "for"); f != "" && !ids[f] {
			t.Errorf("a label for %q, which is not there", f)
		}
	})
	each(doc, "", func(n *html.Node) {
		for _, name := range []string{"aria-describedby", "aria-labelledby"} {
			for _, id := range strings.Fields(attr(n, name)) {
				if !ids[id] {
					t.Errorf("%s=%q leads nowhere", name, id)
				}
			}
		}
		if n.Data != "input" || slices.Contains([]string{"hidden", "radio", "checkbox"}, attr(n, "type")) {
			return
		}
		if !labels[attr(n, "id")] {
			t.Errorf("the field %q has no label", attr(n, "name"))
		}
	})
}

func hidden(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		for _, a := range n.Attr {
			if a.Key == "hidden" {
				return true
			}
		}
	}
	return false
}

func TestPagesAreInTheLanguageAskedFor(t *testing.T) {
	eachPage(t, func(t *testing.T, text []byte, doc *html.Node) {
		var lang string
		each(doc, "html", func(n *html.Node) { lang = attr(n, "lang") })
		if !strings.HasPrefix(strings.TrimPrefix(t.Name(), "TestPagesAreInTheLanguageAskedFor/"), lang+"_") {
			t.Errorf("lang=%q", lang)
		}
	})
}

func TestAnUnknownPageIsAnError(t *testing.T) {
	r := newRenderer(t)
	delete(r.pages, "wallet")
	if _, err := r.Render(WalletPage{}); err == nil {
		t.Error("a page without a template was rendered")
	}
}

func TestTheStyleSheetHasTheSharedPartFirst(t *testing.T) {
	css, err := CSS()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(css, []byte("/* Grulden")) || !bytes.Contains(css, []byte(".keypad")) {
		t.Errorf("style sheet starts %q", css[:40])
	}
	if strings.Count(string(css), "{") != strings.Count(string(css), "}") {
		t.Error("braces do not match")
	}
}

// TestColoursAreReadable holds each pair of text and background colour against
// the 4.5 to 1 of WCAG 2.2 (1.4.3), in light and in dark; edges of fields need
// 3 to 1 (1.4.11).
func TestColoursAreReadable(t *testing.T) {
	css, err := CSS()
	if err != nil {
		t.Fatal(err)
	}
	roots := regexp.MustCompile(`(?s):root \{(.*?)\}`).FindAllSubmatch(css, -1)
	if len(roots) != 2 {
		t.Fatalf("%d sets of colours, want light and dark", len(roots))
	}
	pairs := []struct {
		text, ground string
		least        float64
	}{
		{"ink", "paper", 4.5},
		{"ink", "card", 4.5},
		{"ink", "tint", 4.5},
		{"ink", "line", 4.5},
		{"soft", "paper", 4.5},
		{"soft", "card", 4.5},
		{"brand", "paper", 4.5},
		{"brand", "card", 4.5},
		{"brand", "tint", 4.5},
		{"brand-ink", "brand", 4.5},
		{"bad", "bad-tint", 4.5},
		{"bad", "paper", 4.5},
		{"bad", "card", 4.5},
		{"warm", "warm-tint", 4.5},
		{"warm", "paper", 3},
		{"edge", "paper", 3},
		{"edge", "card", 3},
		{"focus", "paper", 3},
		{"focus", "card", 3},
	}
	for i, root := range roots {
		colours := map[string]string{}
		for _, m := range regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]+);`).FindAllSubmatch(root[1], -1) {
			colours[string(m[1])] = string(m[2])
		}
		for _, p := range pairs {
			if got := contrast(t, colours[p.text], colours[p.ground]); got < p.least {
				t.Errorf("set %d: %s on %s has a contrast of %.2f, want %.1f", i, p.text, p.ground, got, p.least)
			}
		}
	}
}
