package sepa

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestNotificationIsReadLikeAStatementWithoutBalances(t *testing.T) {
	s := week(t)
	s.Notice = true
	want := readStatements(t, statement(t, week(t)))[0]
	for _, version := range []int{2, 4, 8} {
		s.Version = version
		file := statement(t, s)
		if version == 8 {
			validate(t, "camt.054.001.08", file)
		}
		got := readStatements(t, file)[0]
		if !got.Notice || got.Opening.Valid || got.Closing.Valid || got.Account != want.Account || want.Notice {
			t.Errorf("version %d: %+v", version, got)
		}
		for i, e := range got.Entries {
			if e.show() != want.Entries[i].show() || e.Fingerprint != want.Entries[i].Fingerprint {
				t.Errorf("version %d: %s, in the statement %s", version, e.show(), want.Entries[i].show())
			}
		}
	}
}

func TestOpeningBalanceMayBeTheClosingOneBefore(t *testing.T) {
	s := week(t)
	s.Prior = true
	file := statement(t, s)
	if got := readStatements(t, file)[0]; got.Opening.Decimal.String() != "-5" {
		t.Errorf("opening %s", got.Opening.Decimal)
	}
	_, err := ReadStatements(strings.NewReader(strings.Replace(file, ">59.00<", ">59.01<", 1)), Limits{})
	if wrong := (*BalanceError)(nil); !errors.As(err, &wrong) || wrong.Opening.String() != "-5" {
		t.Errorf("error %v", err)
	}
}

func TestEntryInAnotherCurrencyIsKeptOutOfTheSum(t *testing.T) {
	s := week(t)
	s.Bookings = append(s.Bookings, SimBooking{Cents: 70_00, Credit: true, Currency: "USD", Day: s.Bookings[0].Day, Text: "RF73TOPUP00001"})
	for _, s.Version = range []int{2, 4, 8} {
		entries := readStatements(t, statement(t, s))[0].Entries
		last := entries[len(entries)-1]
		if last.Currency != "USD" || last.Cents != 70_00 || last.Fingerprint == "" || entries[0].Currency != "EUR" {
			t.Errorf("version %d: %+v", s.Version, last)
		}
	}
}

func TestSumAndPartsOfABatchHaveOneGroup(t *testing.T) {
	s := week(t)
	batch := &s.Bookings[len(s.Bookings)-1]
	group := func() string {
		entries := readStatements(t, statement(t, s))[0].Entries
		return entries[len(entries)-1].Group
	}
	parts := group()
	batch.Sum = true
	if sum := group(); parts == "" || sum != parts {
		t.Errorf("sum %q, parts %q", sum, parts)
	}
	twice := week(t)
	twice.Bookings = append(twice.Bookings, *batch)
	entries := readStatements(t, statement(t, twice))[0].Entries
	if n := len(entries); !entries[n-1].Unsplit || entries[n-2].Group != parts || entries[n-1].Group == parts {
		t.Errorf("two bookings in one statement: %+v", entries[n-2:])
	}
	batch.Parts = batch.Parts[:2]
	if other := group(); other == parts {
		t.Error("another sum has the same group")
	}
	batch.BankRef, batch.BatchID = "", ""
	if none := group(); none != "" {
		t.Errorf("without a reference: %q", none)
	}
}

// TestEntriesAreHandedOverBeforeTheFileEnds holds that a file of any length can
// be read: the file has no end, and its first entries come out all the same.
func TestEntriesAreHandedOverBeforeTheFileEnds(t *testing.T) {
	plain := readFile(t, "plain-02.xml")
	from, to := strings.Index(plain, "<Ntry>"), strings.Index(plain, "</Ntry>")+len("</Ntry>")
	endless := io.MultiReader(strings.NewReader(plain[:from]), &repeated{text: []byte(plain[from:to])})
	enough := errors.New("enough")
	seen := map[string]bool{}
	err := Read(endless, Limits{Bytes: 1 << 40, Entries: 1 << 30}, Visitor{Entry: func(_ *Statement, e Entry) error {
		if seen[e.Fingerprint] = true; len(seen) == 20_000 {
			return enough
		}
		return nil
	}})
	if !errors.Is(err, enough) {
		t.Errorf("error %v after %d entries", err, len(seen))
	}
}

// repeated is a text again and again without end.
type repeated struct{ text, left []byte }

func (r *repeated) Read(p []byte) (int, error) {
	if len(r.left) == 0 {
		r.left = r.text
	}
	n := copy(p, r.left)
	r.left = r.left[n:]
	return n, nil
}

func TestSeveralStatementsAreWrittenToOneFile(t *testing.T) {
	first, second := week(t), week(t)
	second.Account, second.Bookings = iban(t, "NL20TEST0000000010"), second.Bookings[:1]
	var file bytes.Buffer
	if err := WriteStatement(&file, first, second); err != nil {
		t.Fatal(err)
	}
	validate(t, "camt.053.001.08", file.String())
	all := readStatements(t, file.String())
	if len(all) != 2 || len(all[0].Entries) != 10 || len(all[1].Entries) != 1 || all[1].Account != "NL20TEST0000000010" {
		t.Errorf("read back: %+v", all)
	}
}
