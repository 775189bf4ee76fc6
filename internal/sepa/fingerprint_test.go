package sepa

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// known collects fingerprints over files as an importer does, and returns what
// the file adds.
type known map[string]string

func (k known) add(t *testing.T, file string) (fresh []string) {
	t.Helper()
	for _, s := range readStatements(t, file) {
		for _, e := range s.Entries {
			if !e.Booked {
				continue
			}
			if e.Fingerprint == "" {
				t.Fatalf("no fingerprint: %s", e.show())
			}
			if _, old := k[e.Fingerprint]; !old {
				k[e.Fingerprint] = e.Remittance
				fresh = append(fresh, e.Remittance)
			}
		}
	}
	return fresh
}

// bank keeps bookings and gives statements over any stretch of them.
type bank struct {
	t        *testing.T
	bookings []SimBooking
}

func (b *bank) credit(day, text string, cents int64) {
	b.t.Helper()
	d, err := ParseDate(day)
	if err != nil {
		b.t.Fatal(err)
	}
	b.bookings = append(b.bookings, SimBooking{
		Cents: cents, Credit: true, Day: d, Name: "Resident Een", IBAN: "NL42TEST0000000002", Text: text,
	})
}

// file is a statement of the bookings on these days, as they are now.
func (b *bank) file(version int, from, to string) string {
	b.t.Helper()
	s := SimStatement{
		Version: version, Account: "NL69TEST0000000001", ID: "S." + from + "." + to, Sequence: len(b.bookings),
		Created: time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC),
	}
	for _, x := range b.bookings {
		switch {
		case x.Day.String() < from:
			s.Opening += x.Cents
		case x.Day.String() <= to:
			s.Bookings = append(s.Bookings, x)
		}
	}
	return statement(b.t, s)
}

func TestOverlappingFilesCountEachBookingOnce(t *testing.T) {
	b := &bank{t: t}
	for _, day := range []string{"2026-03-02", "2026-03-03", "2026-03-04", "2026-03-09"} {
		b.credit(day, "coffee "+day, 350)
		b.credit(day, "coffee "+day, 350) // the same again on the same day is real
		b.credit(day, "coffee", 350)      // the same on every day is real
	}
	k := known{}
	k.add(t, b.file(2, "2026-03-02", "2026-03-03"))
	if len(k) != 6 {
		t.Fatalf("%d bookings in the first file", len(k))
	}
	for _, c := range []struct {
		name, file string
		fresh      int
	}{
		{"the same file", b.file(2, "2026-03-02", "2026-03-03"), 0},
		{"the same in another version", b.file(8, "2026-03-02", "2026-03-03"), 0},
		{"one day of it", b.file(8, "2026-03-03", "2026-03-03"), 0},
		{"overlapping at the end", b.file(8, "2026-03-03", "2026-03-04"), 3},
		{"the whole month", b.file(2, "2026-03-01", "2026-03-31"), 3},
		{"the middle of it", b.file(2, "2026-03-04", "2026-03-20"), 0},
	} {
		if fresh := k.add(t, c.file); len(fresh) != c.fresh {
			t.Errorf("%s: %d new bookings %q, want %d", c.name, len(fresh), fresh, c.fresh)
		}
	}
	if len(k) != len(b.bookings) {
		t.Errorf("%d bookings known, %d made", len(k), len(b.bookings))
	}
}

func TestDayThatGrowsBetweenTwoFiles(t *testing.T) {
	b := &bank{t: t}
	b.credit("2026-03-02", "same", 350)
	b.credit("2026-03-02", "noon", 350)
	k := known{}
	k.add(t, b.file(2, "2026-03-02", "2026-03-02"))

	b.credit("2026-03-02", "evening", 350)
	b.credit("2026-03-02", "same", 350)
	b.bookings = append([]SimBooking{{Cents: 350, Credit: true, Pending: true, Day: b.bookings[0].Day, Text: "same"}}, b.bookings...)
	slices.Reverse(b.bookings[1:]) // some banks list the newest first
	if fresh := k.add(t, b.file(2, "2026-03-02", "2026-03-02")); !slices.Equal(fresh, []string{"same", "evening"}) && !slices.Equal(fresh, []string{"evening", "same"}) {
		t.Errorf("the evening's file adds %q", fresh)
	}
	if fresh := k.add(t, b.file(8, "2026-03-01", "2026-03-31")); fresh != nil {
		t.Errorf("the month's file adds %q", fresh)
	}
}

func TestRepeatedBankReferenceIsNotTakenForOneBooking(t *testing.T) {
	file := readFile(t, "batch-02.xml")
	k := known{}
	if fresh := k.add(t, file); len(fresh) != 7 {
		t.Errorf("%d of 7 bookings told apart", len(fresh))
	}

	// The morning's file had the single payment only; it must keep its
	// fingerprint among the batch with the same reference, wherever that stands.
	single := readStatements(t, file)[0].Entries[0]
	start, end := strings.Index(file, "<Ntry>"), strings.Index(file, "</Ntry>")+len("</Ntry>")
	moved := strings.Replace(file[:start]+file[end:], "</Stmt>", file[start:end]+"</Stmt>", 1)
	all := readStatements(t, moved)[0].Entries
	if last := all[len(all)-1]; last.Position != "5" || last.AcctSvcrRef != single.AcctSvcrRef {
		t.Fatalf("not the single payment: %s", last.show())
	}
	if fresh := k.add(t, moved); fresh != nil {
		t.Errorf("in another order it adds %q", fresh)
	}
}

func TestFingerprintDependsOnWhatDecidesAndOnNothingElse(t *testing.T) {
	original := week(t).Bookings[2]
	fingerprint := func(s SimStatement, x SimBooking) string {
		s.Bookings = []SimBooking{x}
		return readStatements(t, statement(t, s))[0].Entries[0].Fingerprint
	}
	base := fingerprint(week(t), original)
	for name, change := range map[string]func(*SimStatement, *SimBooking){
		"the account":          func(s *SimStatement, _ *SimBooking) { s.Account = "NL20TEST0000000010" },
		"the amount":           func(_ *SimStatement, x *SimBooking) { x.Cents++ },
		"the direction":        func(_ *SimStatement, x *SimBooking) { x.Credit = false },
		"the day":              func(_ *SimStatement, x *SimBooking) { x.Day++ },
		"the payer":            func(_ *SimStatement, x *SimBooking) { x.IBAN = "NL15TEST0000000003" },
		"the payer's id":       func(_ *SimStatement, x *SimBooking) { x.EndToEndID = "X" },
		"the reference":        func(_ *SimStatement, x *SimBooking) { x.Reference = "RF73TOPUP00001" },
		"the description":      func(_ *SimStatement, x *SimBooking) { x.Text = "hello" },
		"the bank's reference": func(_ *SimStatement, x *SimBooking) { x.BankRef = "B-3" },
	} {
		s, x := week(t), original
		change(&s, &x)
		if fingerprint(s, x) == base {
			t.Errorf("%s does not matter", name)
		}
	}
	for name, change := range map[string]func(*SimStatement, *SimBooking){
		"the version":      func(s *SimStatement, _ *SimBooking) { s.Version = 2 },
		"the statement":    func(s *SimStatement, _ *SimBooking) { s.ID, s.Sequence = "OTHER", 99 },
		"the balance":      func(s *SimStatement, _ *SimBooking) { s.Opening = 12 },
		"the owner":        func(s *SimStatement, _ *SimBooking) { s.Owner = "" },
		"the value date":   func(_ *SimStatement, x *SimBooking) { x.ValueDay += 3 },
		"the payer's name": func(_ *SimStatement, x *SimBooking) { x.Name = "R. Een" },
		"spaces and case":  func(_ *SimStatement, x *SimBooking) { x.Reference = "rf46 TOPUP 00002" },
	} {
		s, x := week(t), original
		change(&s, &x)
		if fingerprint(s, x) != base {
			t.Errorf("%s matters", name)
		}
	}
}

// Fingerprints are kept by whoever imports statements, so they must never
// change. The first is computed here from the description in fingerprint.go.
func TestFingerprintsStayAsTheyAre(t *testing.T) {
	lines := strings.Join([]string{
		"camt-entry-1",
		`"NL69TEST0000000001" "EUR"`,
		"2026-03-02",
		"C 2500",
		`"BANK-0001"`,
		`"NL42TEST0000000002"`,
		`""`,
		"RF73TOPUP00001",
		"1",
		"",
	}, "\n")
	want := []string{
		fmt.Sprintf("%x", sha256.Sum256([]byte(lines)))[:32],
		"80cb5d96b11894b598ef38962a4ae70d",
		"6280cccd103851692ade21fe2edbd2f2",
		"", // pending
		"21f1bc1c15f2ddda14dd0c38b984d625",
	}
	var got []string
	for _, e := range readStatements(t, readFile(t, "plain-02.xml"))[0].Entries {
		got = append(got, e.Fingerprint)
	}
	if !slices.Equal(got, want) || got[0] != "4136118fbd5cd74885885e36d950b775" {
		t.Errorf("fingerprints\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestPendingEntriesHaveNoFingerprint(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range readStatements(t, readFile(t, "plain-02.xml"))[0].Entries {
		if (e.Fingerprint == "") == e.Booked {
			t.Errorf("fingerprint %q: %s", e.Fingerprint, e.show())
		}
		seen[e.Fingerprint] = true
	}
	if len(seen) != 5 {
		t.Errorf("%d different ones: %q", len(seen), slices.Collect(maps.Keys(seen)))
	}
}
