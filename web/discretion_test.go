package web

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"grulden/internal/bank"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/internal/sepa"
	"grulden/ledger"
	"grulden/web/page"
)

// lived is a wijk in which something of everything happened, and all of it that
// is nobody else's business.
type lived struct {
	*site
	anna, ben, bakker people.Person
	secrets           []string
}

func newLived(t *testing.T) *lived {
	t.Helper()
	s := newSite(t, nil)
	s.setReserve()
	w := &lived{site: s}
	w.anna = s.add(people.Person{Role: people.Resident, Name: "Annabel Zwartjes", Address: "Geheimpad 77"}, 0)
	w.ben = s.add(people.Person{Role: people.Resident, Name: "Benjamin Quist", Lang: "en"}, 0)
	w.bakker = s.add(people.Person{Role: people.Merchant, Name: "Cornelis Drost", Shop: "=Bakker", Address: "Voorbeeldstraat 1, 9716 AB", IBAN: "NL91ABNA0417164300"}, 0)
	fatma := s.add(people.Person{Role: people.Desk, Name: "Fatma Yilmazer"}, 0)
	desk := s.login(fatma)
	desk.upload(statement(t,
		sepa.SimBooking{Cents: 123_45, Credit: true, Name: "A Zwartjes", IBAN: "NL42TEST0000000002", Reference: w.anna.Reference},
		sepa.SimBooking{Cents: 61_07, Credit: true, Name: "Wilhelmina Onbekend", IBAN: "NL42TEST0000000002", Text: "huur van mei"},
	)).want(http.StatusOK)
	by := record.Auth{By: record.ActorID(fatma.ID), How: record.ByPIN}
	if _, err := s.cash.TakeIn(t.Context(), bank.ID{5}, w.ben.ID, 77_13, by); err != nil {
		t.Fatal(err)
	}
	s.submit(ledger.Pay{ID: ledger.ID{1}, From: w.anna.Account, To: w.bakker.Account, Amount: 23_19})
	s.submit(ledger.Pay{ID: ledger.ID{2}, From: w.ben.Account, To: w.anna.Account, Amount: 11_37})
	desk.post("/desk/people/"+w.ben.ID.String()+"/block", url.Values{"why": {"other"}, "note": {"ruzie om een fiets"}}).want(http.StatusSeeOther)
	w.secrets = []string{
		"Annabel", "Zwartjes", "Geheimpad", "Benjamin", "Quist", "Cornelis", "Drost", "Fatma", "Yilmazer", "Wilhelmina", "Onbekend",
		"huur van mei", "ruzie om een fiets", "NL91ABNA0417164300", "NL91 ABNA", "NL42TEST0000000002", "NL42 TEST",
		w.anna.Reference, inGroups(w.anna.Reference), w.ben.Reference, inGroups(w.ben.Reference), w.bakker.Reference,
		w.anna.ID.String(), w.ben.ID.String(), "123,45", "123.45", "23,19", "23.19", "11,37", "11.37",
	}
	return w
}

func TestPagesForEverybodySayNothingAboutAnyPerson(t *testing.T) {
	w := newLived(t)
	seen := 0
	for _, rt := range routes() {
		path, get := strings.CutPrefix(rt.pattern, "GET ")
		if !get || rt.page == nil || rt.roles[0] != anyone || strings.Contains(strings.ReplaceAll(path, "{$}", ""), "{") {
			continue
		}
		path = strings.ReplaceAll(path, "{$}", "")
		for _, lang := range []string{"nl", "en"} {
			b := w.browser()
			b.post("/language", url.Values{"to": {lang}}).want(http.StatusSeeOther)
			if r := b.get(path); r.status == http.StatusOK {
				r.hides(w.secrets...)
				if said := attr(r.root(), "lang"); strings.HasPrefix(r.header.Get("Content-Type"), "text/html") && said != lang {
					t.Errorf("%s is in %q, want %q", path, said, lang)
				}
				seen++
			}
		}
	}
	if seen < 12 {
		t.Errorf("%d pages are for everybody: the walk missed some", seen)
	}
}

func TestWhoChecksTheBooksLearnsNoNamesOfResidents(t *testing.T) {
	w := newLived(t)
	evaluator := w.member(people.Evaluator, "Eva")
	hidden := w.secrets[:8] // names of residents and of the shop's owner
	hidden = append(hidden[:6:6], "Wilhelmina", "huur van mei", "ruzie om een fiets", "NL42TEST0000000002", w.anna.Reference, inGroups(w.anna.Reference), "NL91ABNA0417164300")
	for _, path := range []string{"/desk/sources", "/desk/log", "/books", "/books.csv", "/books.journal", "/books.xaf", "/audit", "/network", "/network.csv", "/report", "/report.csv", "/report.json", "/report/figures", "/report/map", "/report/table/hops.csv"} {
		evaluator.get(path).want(http.StatusOK).hides(hidden...)
	}
	for _, t := range topics {
		evaluator.get("/report/" + t.path).want(http.StatusOK).hides(hidden...)
	}
}

// isFormula tells whether a spreadsheet would reckon with a cell.
func isFormula(cell string) bool {
	return cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") && !regexp.MustCompile(`^-[0-9]+(,[0-9]{2})?$`).MatchString(cell)
}

// sheet reads a CSV file, which must begin with the mark of UTF-8.
func (r reply) sheet() [][]string {
	r.t.Helper()
	text, marked := strings.CutPrefix(r.text, "\ufeff")
	if !marked {
		r.t.Errorf("the file does not say that it is UTF-8: %.40q", r.text)
	}
	in := csv.NewReader(strings.NewReader(text))
	in.Comma, in.FieldsPerRecord = ';', -1
	rows, err := in.ReadAll()
	if err != nil {
		r.t.Fatal(err)
	}
	return rows
}

func TestNoCellOfAnExportIsAFormula(t *testing.T) {
	s := newSite(t, nil)
	treasurer, board := s.member(people.Treasurer, "Theo"), s.add(people.Person{Role: people.Board, Name: "Bea"}, 0)
	anna := s.resident("Anna", 100_00)
	for i, begins := range []string{"=", "+", "-", "@"} {
		shop := s.add(people.Person{Role: people.Merchant, Name: "Baas", Shop: begins + "cmd|' /C calc'!A0", IBAN: "NL91ABNA0417164300"}, 0)
		s.submit(ledger.Pay{ID: ledger.ID{byte(i + 1)}, From: anna.Account, To: shop.Account, Amount: 1_00})
	}
	at := s.pot(treasurer, "gift", 10_00)
	file := anna.Reference + ";1;=2+3\n" + anna.Reference + ";1;+31\n" + anna.Reference + ";1;-5x\n" + anna.Reference + ";1;@SUM(A1)\n=1+1;1;x\n@x;1;y\n"
	list := treasurer.sendFile(at+"/lists", []byte(file)).want(http.StatusSeeOther).to()
	treasurer.get(list + "/result.csv").want(http.StatusNotFound) // nothing became of it yet
	treasurer.post(list, url.Values{"why": {"proef"}}).want(http.StatusSeeOther)
	s.sayYes(board)
	s.sayYes(board)
	for path, rows := range map[string]int{list + "/result.csv": 7, "/network.csv": 7, "/books.csv": 3} {
		cells := treasurer.get(path).want(http.StatusOK).sheet()
		if len(cells) < rows {
			t.Errorf("%s has %d rows, want %d at least", path, len(cells), rows)
		}
		for _, row := range cells {
			for _, cell := range row {
				if isFormula(cell) {
					t.Errorf("%s: a spreadsheet would reckon with %q", path, cell)
				}
			}
		}
	}
	network := treasurer.get("/network.csv").text
	for _, begins := range []string{"=", "+", "-", "@"} {
		if !strings.Contains(network, "'"+begins+"cmd|' /C calc'!A0") {
			t.Errorf("the shop that begins with %s is not in the list: %s", begins, network)
		}
	}
}

func TestFilesToTakeAwayAreNotKeptOrShownAsPages(t *testing.T) {
	w := newLived(t)
	treasurer, desk := w.member(people.Treasurer, "Theo"), w.desk()
	shop, resident := w.login(w.bakker), w.login(w.anna)
	made := resident.page("/coupons").form("/coupons")
	made.Set("c200", "1")
	made.Set("pin", pin)
	resident.post("/coupons", made).want(http.StatusSeeOther)
	sheet := regexp.MustCompile(`/coupons/[0-9a-f]{32}/sheet.pdf`).FindString(resident.page("/coupons").text)
	day := w.node.Today().String()
	for _, c := range []struct {
		by         *browser
		path       string
		kind, name string
		begins     string
	}{
		{treasurer, "/books.csv", "text/csv; charset=utf-8", `attachment; filename="boeken-2026-01-01-` + day + `.csv"`, "\ufeff"},
		{treasurer, "/books.journal", "text/plain; charset=utf-8", `attachment; filename="boeken-2026-01-01-` + day + `.journal"`, ""},
		{treasurer, "/books.xaf", "application/xml", `attachment; filename="boeken-2026-01-01-` + day + `.xaf"`, "<?xml"},
		{treasurer, "/network.csv", "text/csv; charset=utf-8", `attachment; filename="netwerk-` + day + `.csv"`, "\ufeff"},
		{shop, "/shop/day.csv", "text/csv; charset=utf-8", `attachment; filename="kassa-` + day + `.csv"`, "\ufeff"},
		{shop, "/shop/day.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", `attachment; filename="kassa-` + day + `.xlsx"`, "PK"},
		{resident, sheet, "application/pdf", `inline; filename="bonnen.pdf"`, "%PDF-"},
		{desk, "/desk" + sheet, "application/pdf", `inline; filename="bonnen.pdf"`, "%PDF-"},
	} {
		r := c.by.get(c.path).want(http.StatusOK)
		for name, want := range map[string]string{
			"Content-Type": c.kind, "Content-Disposition": c.name, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
		} {
			if got := r.header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", c.path, name, got, want)
			}
		}
		if !strings.HasPrefix(r.text, c.begins) {
			t.Errorf("%s begins with %.20q", c.path, r.text)
		}
	}
	w.clock.add(25 * time.Hour)
	w.desk().get("/desk" + sheet).want(http.StatusNotFound) // the desk prints only what was made just now
	w.login(w.ben).get(sheet).want(http.StatusNotFound)
	w.login(w.anna).get(sheet).want(http.StatusOK)
}

func TestPagesToPrintNeedNoScript(t *testing.T) {
	w := newLived(t)
	for _, lang := range []page.Lang{page.Dutch, page.English} {
		treasurer := w.login(w.add(people.Person{Role: people.Treasurer, Name: "Theo", Lang: string(lang)}, 0))
		desk := w.login(w.add(people.Person{Role: people.Desk, Name: "Dora", Lang: string(lang)}, 0))
		receipt, at := "/desk/cash/receipt/"+bank.ID{5}.String(), "/desk/people/"+w.anna.ID.String()
		for _, c := range []struct {
			by    *browser
			path  string
			shows []string
		}{
			{desk, receipt, []string{"Benjamin Quist", lang.Euro(77_13), "Fatma Yilmazer"}},
			{treasurer, receipt, []string{"Benjamin Quist", lang.Euro(77_13)}},
			{desk, at + "/topup?amount=20.00", []string{"Annabel Zwartjes", lang.Euro(20_00), inGroups(w.anna.Reference), "Stichting Grulden"}},
			{desk, at + "/received", []string{"Annabel Zwartjes", "2026"}},
			{desk, at + "/received?year=2025", []string{"Annabel Zwartjes", "2025"}},
			{treasurer, "/desk/stop/statements", nil},
			{treasurer, "/reserve/poster", []string{"/reserve"}},
			{treasurer, "/wijkfonds", []string{"90"}},
			{treasurer, "/rules", nil},
		} {
			r := c.by.page(c.path)
			for _, text := range c.shows {
				r.shows(strings.ReplaceAll(text, "\u00a0", " "))
			}
			if said := attr(r.root(), "lang"); said != string(lang) {
				t.Errorf("%s is in %q, want %q", c.path, said, lang)
			}
			r.needsNoScript(c.path)
		}
		desk.get(at + "/received?year=1999").want(http.StatusNotFound).shows(lang.Text("problem.notfoundtext"))
		desk.get("/desk/people/" + w.bakker.ID.String() + "/topup?amount=0").want(http.StatusUnprocessableEntity).shows(lang.Text("pay.badamount"))
		desk.get("/desk/cash/receipt/" + nobody[0]).want(http.StatusNotFound).shows(lang.Text("problem.notfoundtext"))
		desk.get("/desk/cash/transit/" + bank.ID{5}.String()).want(http.StatusNotFound) // a receipt is no cash on its way
	}
}

// root is the element of the whole page.
func (r reply) root() *html.Node {
	r.t.Helper()
	for n := range r.parse().Descendants() {
		if n.Type == html.ElementNode && n.Data == "html" {
			return n
		}
	}
	r.t.Fatal("no page")
	return nil
}

// needsNoScript checks that all a page offers works when no script runs: a button
// that is not part of a form is hidden until its script shows it, and no script or
// handler stands in the page itself.
func (r reply) needsNoScript(path string) {
	r.t.Helper()
	for n := range r.parse().Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		hidden := false
		for _, a := range n.Attr {
			hidden = hidden || a.Key == "hidden"
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "href" && strings.HasPrefix(a.Val, "javascript:") {
				r.t.Errorf("%s: <%s %s=%q>", path, n.Data, a.Key, a.Val)
			}
		}
		switch {
		case n.Data == "script" && attr(n, "src") == "":
			r.t.Errorf("%s: a script in the page", path)
		case n.Data == "button" && attr(n, "type") == "button" && !hidden && !hiddenAbove(n):
			r.t.Errorf("%s: the button #%s does nothing without a script", path, attr(n, "id"))
		case n.Data == "form" && attr(n, "action") == "":
			r.t.Errorf("%s: a form that goes nowhere", path)
		}
	}
}

// hiddenAbove tells whether something around an element is hidden.
func hiddenAbove(n *html.Node) bool {
	for up := range n.Ancestors() {
		if up.Data == "template" { // only a script takes what is in it
			return true
		}
		for _, a := range up.Attr {
			if a.Key == "hidden" {
				return true
			}
		}
	}
	return false
}
