package bank

import (
	"bytes"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/internal/sepa"
)

// dialects are the ways in which banks tell the same top-up. Each changes the
// statement; the reference stands in the description to begin with.
var dialects = map[string]func(*sepa.SimStatement){
	"a description":                 func(*sepa.SimStatement) {},
	"a notification":                func(s *sepa.SimStatement) { s.Notice = true },
	"the balance of the day before": func(s *sepa.SimStatement) { s.Prior = true },
	"an overdrawn account":          func(s *sepa.SimStatement) { s.Opening = -100_000_00 },
	"a structured reference":        each(func(b *sepa.SimBooking) { b.Reference, b.Text = b.Text, "" }),
	"codes in the bank's own text":  each(func(b *sepa.SimBooking) { b.Coded = true }),
	"no name and account":           each(func(b *sepa.SimBooking) { b.Name, b.IBAN = "", "" }),
	"one bank number for all":       each(func(b *sepa.SimBooking) { b.BankRef = "BANK-SAME" }),
	"numbers that start at 1":       each(func(b *sepa.SimBooking) { b.EntryRef = "1" }),
	"an end-to-end id of the payer": each(func(b *sepa.SimBooking) { b.EndToEndID = "APP 2026/04" }),
	"small letters between words":   each(func(b *sepa.SimBooking) { b.Text = "top-up " + strings.ToLower(b.Text) + " thanks" }),
	"a reference over two lines":    each(func(b *sepa.SimBooking) { b.Text = strings.Repeat("x", 133) + " " + sepa.Grouped(b.Text) }),
	"a value date of long ago":      each(func(b *sepa.SimBooking) { b.ValueDay = b.Day - 400 }),
	"a batch listed in parts": func(s *sepa.SimStatement) {
		batch := sepa.SimBooking{Credit: true, Day: s.Bookings[0].Day, BankRef: "BANK-BATCH", Parts: s.Bookings}
		s.Bookings = []sepa.SimBooking{batch}
	},
	"announced a first time": func(s *sepa.SimStatement) {
		pending := s.Bookings[0]
		pending.Pending = true
		s.Bookings = append([]sepa.SimBooking{pending}, s.Bookings...)
	},
}

func each(change func(*sepa.SimBooking)) func(*sepa.SimStatement) {
	return func(s *sepa.SimStatement) {
		for i := range s.Bookings {
			change(&s.Bookings[i])
		}
	}
}

func TestEachWayOfTellingATopUpLeadsToTheSame(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	w.limit(0)
	for name, change := range dialects {
		for _, version := range []int{2, 4, 8} {
			anna, bram := w.resident("Anna Voorbeeld"), w.resident("Bram Voorbeeld")
			s := sepa.SimStatement{
				Version: version, Account: reserveIBAN, ID: "S", Created: w.clock.Now(), Opening: 1_00,
				Bookings: []sepa.SimBooking{w.topUp(10_00, anna.Reference), w.topUp(10_00, anna.Reference), w.topUp(5_00, bram.Reference)},
			}
			change(&s)
			file := write(t, s)
			w.take(file)
			w.take(file)
			if a, b := w.has(anna.Account), w.has(bram.Account); a != 20_00 || b != 5_00 {
				t.Errorf("%s, version %d: Anna %v, Bram %v", name, version, a, b)
			}
		}
	}
}

func TestFilesThatAreRefusedLeaveNothing(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	anna := w.resident("Anna Voorbeeld")
	file := string(w.statement(8, w.topUp(10_00, anna.Reference), w.topUp(20_00, anna.Reference)))
	second := strings.LastIndex(file, "<Ntry>")
	for name, bad := range map[string]string{
		"a doctype":                   strings.Replace(file, "<Document", `<!DOCTYPE x [<!ENTITY a "b">]><Document`, 1),
		"Latin-1":                     strings.Replace(file, "UTF-8", "ISO-8859-1", 1),
		"bytes that are no UTF-8":     strings.Replace(file, "Anna", "Ann\xe9", 1),
		"cut off in the last entry":   file[:second+100],
		"without its last entry":      file[:second] + file[strings.LastIndex(file, "</Stmt>"):],
		"an amount of another cent":   strings.ReplaceAll(file, ">20.00<", ">20.01<"),
		"something behind it":         file + "<Document/>",
		"part of a cent":              strings.ReplaceAll(file, ">20.00<", ">20.001<"),
		"an account after its entry":  strings.Replace(file, "</Stmt>", "<Acct><Id><IBAN>"+bakerIBAN+"</IBAN></Id></Acct></Stmt>", 1),
		"a bad statement behind ours": strings.Replace(file, "</BkToCstmrStmt>", "<Stmt><Id>X</Id></Stmt></BkToCstmrStmt>", 1),
	} {
		if bad == file {
			t.Fatalf("%s: the file is not changed", name)
		}
		if _, err := w.bank.Import(ctx, []byte(bad), treasurer); err == nil {
			t.Errorf("%s was taken in", name)
		}
	}
	if kept, err := w.bank.Entries(Filter{}); err != nil || len(kept) != 0 {
		t.Errorf("%d entries kept (%v)", len(kept), err)
	}
	wantCents(t, "issued", w.head().Issued, 0)
	w.take([]byte("\ufeff" + file)) // a byte order mark does not matter
	wantCents(t, "Anna", w.has(anna.Account), 30_00)
}

// failing is a file on a disk that goes at the second reading.
type failing struct {
	*bytes.Reader
	readings int
}

func (f *failing) Seek(offset int64, whence int) (int64, error) {
	f.readings++
	f.Reader = bytes.NewReader(make([]byte, 10))
	return 0, nil
}

func TestADiskThatFailsHalfwayLeavesWhatTheNextImportFinishes(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	anna := w.resident("Anna Voorbeeld")
	file := w.statement(8, w.topUp(10_00, anna.Reference))
	disk := &failing{Reader: bytes.NewReader(file)}
	if _, err := w.bank.ImportFrom(ctx, disk, treasurer, nil); err == nil || disk.readings != 1 {
		t.Errorf("read again %d times: %v", disk.readings, err)
	}
	wantCents(t, "nothing", w.head().Issued, 0)
	wantState(t, w.one(file), Issued, "")
}
