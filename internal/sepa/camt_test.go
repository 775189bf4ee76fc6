package sepa

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func readFile(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "camt", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func readStatements(t testing.TB, file string) []Statement {
	t.Helper()
	statements, err := ReadStatements(strings.NewReader(file), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return statements
}

// show is an entry on one line, without what is empty.
func (e Entry) show() string {
	sign := "-"
	if e.Credit {
		sign = "+"
	}
	line := fmt.Sprintf("%s %s%s %s %s", e.Position, sign, centsText(e.Cents), e.BookingDate, e.ValueDate)
	for _, f := range []struct {
		name string
		text string
		yes  bool
	}{
		{"PENDING", "", !e.Booked},
		{"REVERSAL", "", e.Reversal},
		{"UNSPLIT", "", e.Unsplit},
		{"return", e.ReturnReason, false},
		{"bank", e.AcctSvcrRef, false},
		{"entry", e.NtryRef, false},
		{"e2e", e.EndToEndID, false},
		{"from/to", strings.Trim(e.CounterpartyName+" "+e.CounterpartyIBAN, " "), false},
		{"refs", strings.Join(e.RemittanceRefs, ","), false},
		{"text", e.Remittance, false},
		{"batch", strings.Trim(e.BatchMsgID+" "+e.BatchPmtInfID, " "), false},
		{"of", fmt.Sprint(e.BatchCount), false},
		{"RF", strings.Join(e.RFCandidates(14), ","), false},
	} {
		switch {
		case f.yes:
			line += " | " + f.name
		case f.text != "" && f.text != "0":
			line += " | " + f.name + " " + f.text
		}
	}
	return line
}

func wantEntries(t *testing.T, s Statement, want ...string) {
	t.Helper()
	var got []string
	for _, e := range s.Entries {
		got = append(got, strings.Join(strings.Fields(e.show()), " "))
	}
	if !slices.Equal(got, want) {
		t.Errorf("entries:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestReferencesAreFoundWhereverABankPutsThem(t *testing.T) {
	s := readStatements(t, readFile(t, "plain-02.xml"))[0]
	wantEntries(t, s,
		"1 +25.00 2026-03-02 2026-03-02 | bank BANK-0001 | from/to Resident Een NL42TEST0000000002 | refs RF73TOPUP00001 | RF RF73TOPUP00001",
		"2 +10.50 2026-03-02 2026-03-01 | e2e PAYER-77 | from/to Resident Twee NL15TEST0000000003 | text voor de wijk rf46 top up0 0002 groetjes | RF RF46TOPUP00002",
		"3 +41.60 2026-03-02 2026-03-02 | bank BANK-0003 | e2e REAL-3 | from/to Resident/Drie NL85TEST0000000004 | text RF19 TOPUP 00003 /EREF/fake | RF RF19TOPUP00003",
		"4 +500.00 2026-03-02 | PENDING | text RF73TOPUP00001 | RF RF73TOPUP00001",
		"5 -6.05 2026-03-02 2026-03-02 | entry 5 | text Kosten betaalrekening",
	)
	if s.Account != "NL69TEST0000000001" || s.Currency != "EUR" || s.ID != "FIXTURE-1.2026-03-02" || s.Sequence != "41" {
		t.Errorf("head: %+v", s)
	}
	if s.Opening.Decimal.String() != "1000.01" || s.Closing.Decimal.String() != "1071.06" ||
		s.OpeningDate.String() != "2026-03-01" || s.ClosingDate.String() != "2026-03-02" {
		t.Errorf("balances: %+v", s)
	}
	if s.From != 0 || s.To != 0 {
		t.Errorf("period %s–%s, where the bank names none", s.From, s.To)
	}
}

func TestVersion08IsReadLikeVersion02(t *testing.T) {
	s := readStatements(t, readFile(t, "plain-08.xml"))[0]
	wantEntries(t, s,
		"1 +3.50 2026-03-03 2026-03-03 | from/to Resident Een NL42TEST0000000002 | text RF73 TOPU P000 01 | RF RF73TOPUP00001",
		"2 +3.50 2026-03-03 2026-03-03 | from/to Resident Een NL42TEST0000000002 | text RF73 TOPU P000 01 | RF RF73TOPUP00001",
		"3 +50.00 2026-03-03 2026-03-03 | REVERSAL | return AC04 | bank BANK-0100 | e2e OUR-PAYOUT-12 | from/to Bakkerij Voorbeeld NL20TEST0000000010 | text payout 12 | batch OUR-FILE-7 OUR-FILE-7",
		"4 -10.00 2026-03-03 2026-03-03 | REVERSAL | from/to Voorbeeldbank NL15TEST0000000003 | text Correctie",
	)
	if s.Opening.Decimal.String() != "-20" {
		t.Errorf("opening %s, but the account was overdrawn by 20", s.Opening.Decimal)
	}
	if s.From.String() != "2026-03-03" || s.To.String() != "2026-03-03" {
		t.Errorf("period %s–%s", s.From, s.To)
	}
}

func TestBatchIsSplitOnlyWhenItsDetailsTally(t *testing.T) {
	s := readStatements(t, readFile(t, "batch-02.xml"))[0]
	wantEntries(t, s,
		"1 +1.00 2026-03-04 2026-03-04 | bank BANK-SAME | from/to NL42TEST0000000002 | text RF73TOPUP00001 | RF RF73TOPUP00001",
		"2.1 +1.00 2026-03-04 2026-03-04 | bank BANK-SAME | from/to NL42TEST0000000002 | text RF73TOPUP00001 | batch BATCH-A BATCH-A | of 3 | RF RF73TOPUP00001",
		"2.2 +1.00 2026-03-04 2026-03-04 | bank BANK-SAME | from/to NL42TEST0000000002 | text RF73TOPUP00001 | batch BATCH-A BATCH-A | of 3 | RF RF73TOPUP00001",
		"2.3 +1.00 2026-03-04 2026-03-04 | bank BANK-SAME | from/to NL15TEST0000000003 | text RF46TOPUP00002 | batch BATCH-A BATCH-A | of 3 | RF RF46TOPUP00002",
		"3 -30.00 2026-03-04 2026-03-04 | UNSPLIT | bank BANK-OUT | text /TRTP/SEPA BATCH/PREF/OUR-FILE-8/NRTX/2 | batch OUR-FILE-8 | of 2",
		"4 +10.00 2026-03-04 2026-03-04 | UNSPLIT | text RF19TOPUP00003",
		"5 +5.00 2026-03-04 2026-03-04 | UNSPLIT | batch BATCH-B | of 2",
	)
}

func TestSeveralStatementsInOneFile(t *testing.T) {
	all := readStatements(t, readFile(t, "several-04.xml"))
	if len(all) != 3 {
		t.Fatalf("%d statements, want 3", len(all))
	}
	wantEntries(t, all[0])
	wantEntries(t, all[1], "1 +7.50 2026-03-06 | from/to Resident Een | text contant")
	wantEntries(t, all[2], "1 +2.00 2026-03-05", "2 -1.00 2026-03-06")
	if all[1].Opening.Valid || all[1].Closing.Valid || all[1].Account != "0012345678" || all[1].Currency != "EUR" {
		t.Errorf("without balances: %+v", all[1])
	}
	if all[2].OpeningDate.String() != "2026-03-05" || all[2].ClosingDate.String() != "2026-03-06" {
		t.Errorf("two days: opening of %s, closing of %s", all[2].OpeningDate, all[2].ClosingDate)
	}
}

func TestStatementsAreHandedOverOneAtATime(t *testing.T) {
	stop := errors.New("stop here")
	var ids []string
	err := Read(strings.NewReader(readFile(t, "several-04.xml")), Limits{}, Visitor{Begin: func(s *Statement) error {
		ids = append(ids, s.ID)
		if s.ID == "NO-BALANCES" {
			return stop
		}
		return nil
	}})
	if !errors.Is(err, stop) || !slices.Equal(ids, []string{"QUIET", "NO-BALANCES"}) {
		t.Errorf("error %v after %v", err, ids)
	}
}

func TestStatementThatDoesNotAddUpIsRefused(t *testing.T) {
	file := strings.Replace(readFile(t, "plain-02.xml"), "1071.06", "1071.07", 1)
	_, err := ReadStatements(strings.NewReader(file), Limits{})
	var balance *BalanceError
	if !errors.As(err, &balance) {
		t.Fatalf("error %v", err)
	}
	want := `camt.053: statement 1: statement "FIXTURE-1.2026-03-02" does not add up: ` +
		`opening 1000.01 plus booked entries 71.05 is 1071.06, but closing is 1071.07`
	if err.Error() != want {
		t.Errorf("error %q\nwant  %q", err, want)
	}
}

func TestBalanceInAnotherCurrencyIsPassedOver(t *testing.T) {
	file := strings.Replace(readFile(t, "plain-02.xml"), `<Amt Ccy="EUR">1071.06`, `<Amt Ccy="SEK">999.99`, 1)
	if s := readStatements(t, file)[0]; s.Closing.Valid {
		t.Errorf("closing %s", s.Closing.Decimal)
	}
}

func TestByteOrderMarkIsPassedOver(t *testing.T) {
	if n := len(readStatements(t, "\ufeff"+readFile(t, "plain-08.xml"))); n != 1 {
		t.Errorf("%d statements", n)
	}
}

func TestForeignBytesThatAreRefused(t *testing.T) {
	plain := readFile(t, "plain-02.xml")
	edit := func(old, with string) string {
		if !strings.Contains(plain, old) {
			t.Fatalf("the fixture has no %q", old)
		}
		return strings.Replace(plain, old, with, 1)
	}
	deep := strings.Repeat("<a>", 60) + strings.Repeat("</a>", 60)
	for _, c := range []struct{ name, file, want string }{
		{"nothing", "", "ends early"},
		{"not XML", "date;amount\n", "loose text"},
		{"a payment file", `<Document><CstmrCdtTrfInitn/></Document>`, "has <CstmrCdtTrfInitn>"},
		{"an account report", `<Document><BkToCstmrAcctRpt/></Document>`, "has <BkToCstmrAcctRpt>"},
		{"a notification without any", `<Document><BkToCstmrDbtCdtNtfctn/></Document>`, "no statement"},
		{"text between entries", edit("<Ntry>", "tail<Ntry>"), "loose text"},
		{"no statement", `<Document><BkToCstmrStmt><GrpHdr/></BkToCstmrStmt></Document>`, "no statement"},
		{"a doctype", edit("<Document", `<!DOCTYPE Document SYSTEM "http://example.org/x"><Document`), "DOCTYPE"},
		{"an entity", edit("Resident Een", "&who;"), "invalid character entity"},
		{"Latin-1", edit(`encoding="UTF-8"`, `encoding="ISO-8859-1"`), `"ISO-8859-1"; only UTF-8`},
		{"bytes not UTF-8", edit("Resident Een", "Ren\xe9"), "invalid UTF-8"},
		{"UTF-16", "\xff\xfe<\x00D\x00", "invalid UTF-8"},
		{"too deep", edit("<RmtInf>", "<RmtInf>"+deep), "more than 40 elements inside one another"},
		{"cut off", plain[:len(plain)*3/4], "unexpected EOF"},
		{"something behind", plain + "<Document/>", "has <Document>"},
		{"text behind", plain + "tail", "loose text"},
		{"crossed elements", edit("</Sts>", "</Stz>"), "closed by"},
		{"no account", edit("NL69TEST0000000001", " "), "no account number"},
		{"part of a cent", edit(`<Amt Ccy="EUR">10.50<`, `<Amt Ccy="EUR">10.505<`), "entry 2: 10.505 has part of a cent"},
		{"a negative amount", edit(">10.50<", ">-10.50<"), `entry 2: "-10.50" is not an amount`},
		{"an exponent", edit(">10.50<", ">1e999999999<"), "is not an amount"},
		{"a huge amount", edit(">10.50<", ">1234567890123456.00<"), "is not an amount"},
		{"no amount", edit(">10.50<", "><"), `"" is not an amount`},
		{"a balance that is no number", edit(">1000.01<", ">1000,01<"), `balance "PRCD": "1000,01" is not an amount`},
		{"a sum over two currencies", edit(`<Amt Ccy="EUR">10.50<`, `<Amt Ccy="SEK">10.50<`), "booked entries 60.55 is 1060.56, but closing is 1071.06"},
		{"no direction", edit("<CdtDbtInd>DBIT</CdtDbtInd>", ""), "entry 5: neither credit nor debit"},
		{"no such day", edit("<ValDt><Dt>2026-03-01", "<ValDt><Dt>2026-02-30"), `entry 2: value date: "2026-02-30"`},
		{"no such booking day", edit("2026-03-02T23:30", "26-03-02T23:30"), "entry 1: booking date"},
	} {
		t.Run(c.name, func(t *testing.T) {
			all, err := ReadStatements(strings.NewReader(c.file), Limits{})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
			if all != nil {
				t.Error("it gave statements all the same")
			}
		})
	}
}

func TestErrorsNeverRepeatPersonalData(t *testing.T) {
	plain := readFile(t, "plain-02.xml")
	for _, broken := range []string{
		strings.Replace(plain, "1071.06", "1.00", 1),
		strings.ReplaceAll(plain, "<CdtDbtInd>CRDT", "<CdtDbtInd>"),
		plain[:len(plain)/2],
	} {
		_, err := ReadStatements(strings.NewReader(broken), Limits{})
		if err == nil || strings.Contains(err.Error(), "Resident") || strings.Contains(err.Error(), "TEST0") {
			t.Errorf("error %v", err)
		}
	}
}

func TestLimitsOfSizeAndEntries(t *testing.T) {
	plain := readFile(t, "plain-02.xml")
	for _, c := range []struct {
		name   string
		limits Limits
		fits   bool
	}{
		{"just fits", Limits{Bytes: int64(len(plain)), Entries: 9}, true},
		{"one byte too many", Limits{Bytes: int64(len(plain)) - 1}, false},
		{"one entry too many", Limits{Entries: 8}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ReadStatements(strings.NewReader(plain), c.limits)
			if c.fits && err != nil || !c.fits && !errors.Is(err, ErrTooLarge) {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestBankCodesInsideAPayersTextAreNotCodes(t *testing.T) {
	codes := parseCodes("/TRTP/X/IBAN/NL42TEST0000000002/NAME/A/REMI/hi /IBAN/NL15TEST0000000003/RTRN/AC04/NAME/B/EREF/real")
	if codes["IBAN"] != "NL42TEST0000000002" || codes["NAME"] != "A" || codes["RTRN"] != "" || codes["EREF"] != "real" {
		t.Errorf("codes %q", codes)
	}
}
