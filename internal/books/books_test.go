package books

import (
	"bytes"
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"grulden/demurrage"
	"grulden/internal/record"
	"grulden/ledger"
)

func post(t *testing.T, src *Sources) *Close {
	t.Helper()
	end, err := Post(src, nil)
	if err != nil {
		t.Fatal(err)
	}
	return end
}

func TestTheBooksAgreeWithLedgerBankAndBoxToTheCent(t *testing.T) {
	w := year(t)
	src := w.sources()
	end := post(t, src)
	for _, tie := range end.Ties(src)[:4] {
		if !tie.Holds() {
			t.Errorf("%s: the books say %v, and there is %v", tie.Name, tie.Books, tie.Other)
		}
	}
	// What is there beyond what is owed is the foundation's own: it began with
	// 12.50, brought 11.00, and lost 9.95 to the bank and 1.05 from the box.
	if own := end.Have() - end.Owed(); own != 12_50 {
		t.Errorf("the foundation's own money is %v", own)
	}
	var boxed ledger.Cents
	for _, c := range src.Cash {
		if c.Kind != Arrived {
			boxed += c.Cents
		}
	}
	if end.Balances[accBox] != boxed || end.Balances[accCarried] != 0 {
		t.Errorf("the box has %v in the books, and %v was moved; %v is on its way", end.Balances[accBox], boxed, end.Balances[accCarried])
	}
	if alarms := end.Alarms(); len(alarms) != 0 {
		t.Errorf("alarms without reason: %v", alarms)
	}
	if got := -end.Balances[accUnclear]; got != 15_00 {
		t.Errorf("%v waits to be looked into", got)
	}
	if got := -end.Balances[accGivers]; got != 20_00 {
		t.Errorf("givers' money left: %v", got)
	}
}

func TestABalanceOnAnyDayIsThatOfTheLedger(t *testing.T) {
	w := year(t)
	for _, days := range []int{0, 30, 31, 200, 365} {
		src := w.sources()
		src.Today -= demurrage.Day(days)
		end := post(t, src)
		has, err := fundCents(&end.Head, end.Day)
		if err != nil || -end.Balances[accFund] != has {
			t.Errorf("on %v the books have %v in the wijkfonds and the ledger %v %v", end.Day, -end.Balances[accFund], has, err)
		}
		for _, tie := range end.Ties(src)[:3] {
			if !tie.Holds() {
				t.Errorf("on %v %s: %v and %v", end.Day, tie.Name, tie.Books, tie.Other)
			}
		}
	}
}

func TestIssuedWithoutEurosStandsOutInTheBooks(t *testing.T) {
	w := newWijk(t)
	w.topUp(anna, 100_00)
	w.do(ledger.Issue{To: anna, Amount: 40_00}, w.key(), record.ByPIN)
	w.do(ledger.Issue{To: bram, Amount: 7_00}, w.key(), record.ByTwo)
	end := post(t, w.sources())
	if end.Balances[accNoProof] != 40_00 || end.Balances[accNoEuros] != 7_00 {
		t.Errorf("without proof %v, without euros %v", end.Balances[accNoProof], end.Balances[accNoEuros])
	}
	if len(end.Alarms()) != 2 || end.Owed()-end.Have() != 47_00 {
		t.Errorf("alarms %v, short %v", end.Alarms(), end.Owed()-end.Have())
	}
}

func TestHledgerProvesTheBooks(t *testing.T) {
	w := year(t)
	for _, from := range []demurrage.Day{w.today() - 1000, w.today() - 100} {
		var out bytes.Buffer
		if _, err := Ledgered(&out, w.sources(), from); err != nil {
			t.Fatal(err)
		}
		check := func(text string) error {
			file := filepath.Join(t.TempDir(), "books.journal")
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			said, err := exec.Command("hledger", "-f", file, "check", "--strict", "ordereddates").CombinedOutput()
			if err != nil {
				t.Logf("%s", said[:min(len(said), 600)])
			}
			return err
		}
		if err := check(out.String()); err != nil {
			t.Errorf("from %v: %v", from, err)
		}
		wrong := strings.Replace(out.String(), " 80.00 EUR", " 81.00 EUR", 1)
		if wrong == out.String() || check(wrong) == nil {
			t.Error("hledger passed an amount that was changed")
		}
	}
}

func TestTheAuditFileAddsUp(t *testing.T) {
	w := year(t)
	src := w.sources()
	from, err := demurrage.ParseDay("2027-01-01")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	end, err := AuditFile(&out, src, from, Company{Name: "Stichting <Voorbeeld> & Co", Software: "Grulden", Made: src.Today})
	if err != nil {
		t.Fatal(err)
	}
	type line struct {
		Account string `xml:"accID"`
		Amount  string `xml:"amnt"`
		Side    string `xml:"amntTp"`
	}
	var f struct {
		XMLName xml.Name `xml:"http://www.auditfiles.nl/XAF/3.2 auditfile"`
		Company struct {
			Name         string   `xml:"companyName"`
			Accounts     []string `xml:"generalLedger>ledgerAccount>accID"`
			Opening      []line   `xml:"openingBalance>obLine"`
			Transactions struct {
				Lines  int    `xml:"linesCount"`
				Debit  string `xml:"totalDebit"`
				Credit string `xml:"totalCredit"`
				All    []struct {
					Lines []line `xml:"trLine"`
				} `xml:"journal>transaction"`
			} `xml:"transactions"`
		} `xml:"company"`
	}
	if err := xml.Unmarshal(out.Bytes(), &f); err != nil {
		t.Fatal(err)
	}
	sums, lines := Balances{}, 0
	add := func(l line) {
		cents, err := ledger.ParseCents(l.Amount)
		if err != nil && l.Amount != "0.00" {
			t.Fatalf("%q: %v", l.Amount, err)
		}
		if l.Side == "C" {
			cents = -cents
		}
		sums[l.Account] += cents
	}
	for _, l := range f.Company.Opening {
		add(l)
	}
	for _, tr := range f.Company.Transactions.All {
		for _, l := range tr.Lines {
			lines++
			add(l)
		}
	}
	for _, number := range f.Company.Accounts {
		if sums[number] != end.Balances[number] {
			t.Errorf("account %s is %v in the file and %v in the books", number, sums[number], end.Balances[number])
		}
	}
	tr := f.Company.Transactions
	if tr.Lines != lines || lines == 0 || tr.Debit != tr.Credit || f.Company.Name != "Stichting <Voorbeeld> & Co" {
		t.Errorf("%d lines of %d, debit %s, credit %s, of %s", tr.Lines, lines, tr.Debit, tr.Credit, f.Company.Name)
	}
}

func TestTheBooksAsATableHoldEveryLine(t *testing.T) {
	w := year(t)
	var out bytes.Buffer
	if _, err := CSV(&out, w.sources(), 0); err != nil {
		t.Fatal(err)
	}
	lines := 0
	if _, err := Post(w.sources(), func(tr *Transaction) error { lines += len(tr.Lines); return nil }); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(out.String(), "\r\n"); got != lines+1 {
		t.Errorf("%d rows, want %d and a heading", got, lines)
	}
	if !strings.Contains(out.String(), ";1100;Bank (reserve);BLimBanRba;200,00;;") {
		t.Error("no top-up in the table")
	}
}

func TestEveryAccountHasACodeOfTheDutchScheme(t *testing.T) {
	seen := map[string]bool{}
	for _, a := range Chart() {
		if len(a.RGS) != 10 || (a.RGS[0] == 'W') != a.Result || seen[a.Number] {
			t.Errorf("account %+v", a)
		}
		seen[a.Number] = true
	}
}
