package sepa

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzReadStatements: no bytes make the reader crash or give an entry that
// breaks what the types promise.
func FuzzReadStatements(f *testing.F) {
	files, err := filepath.Glob(filepath.Join("testdata", "camt", "*.xml"))
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, version := range []int{2, 8} {
		s := week(f)
		s.Version = version
		f.Add([]byte(statement(f, s)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		all, err := ReadStatements(bytes.NewReader(data), Limits{Bytes: 1 << 20})
		if err != nil {
			return
		}
		if again, err := ReadStatements(bytes.NewReader(data), Limits{Bytes: 1 << 20}); err != nil || !reflect.DeepEqual(all, again) {
			t.Fatalf("read twice, it differs (%v)", err)
		}
		for _, s := range all {
			checkPromises(t, s)
		}
	})
}

func checkPromises(t *testing.T, s Statement) {
	seen := map[string]bool{}
	for _, e := range s.Entries {
		switch {
		case e.Cents < 0:
			t.Fatalf("a negative amount: %+v", e)
		case e.Booked == (e.Fingerprint == ""):
			t.Fatalf("booked %v with fingerprint %q", e.Booked, e.Fingerprint)
		case e.Booked && seen[e.Fingerprint]:
			t.Fatalf("two bookings with one fingerprint: %+v", e)
		case e.Unsplit && e.RFCandidates(0) != nil:
			t.Fatalf("a reference for a whole batch: %+v", e)
		case e.EndToEndID == "NOTPROVIDED", !utf8.ValidString(e.show()), strings.Contains(e.show(), "\n"):
			t.Fatalf("text not cleaned: %+v", e)
		}
		seen[e.Fingerprint] = true
	}
}

// FuzzReadPayments: what is read can be written, and reads back the same.
func FuzzReadPayments(f *testing.F) {
	f.Add([]byte(write(f, payouts(f))))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := ReadPayments(bytes.NewReader(data), Limits{Bytes: 1 << 20})
		if err != nil {
			return
		}
		first := write(t, file)
		back, err := ReadPayments(strings.NewReader(first), Limits{})
		if err != nil {
			t.Fatalf("not readable once written: %v\n%s", err, first)
		}
		if write(t, back) != first {
			t.Fatalf("changes when written again:\n%s", first)
		}
	})
}

// FuzzParseIBAN: an accepted IBAN survives being printed and typed again.
func FuzzParseIBAN(f *testing.F) {
	for _, c := range goodIBANs {
		f.Add(c.typed)
	}
	for _, c := range badIBANs {
		f.Add(c.typed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		got, err := ParseIBAN(typed)
		if err != nil {
			return
		}
		if back, err := ParseIBAN(strings.ToLower(got.Grouped())); err != nil || back != got {
			t.Fatalf("%q becomes %q, %v", got, back, err)
		}
		if got.check() != nil || !allIn(string(got), isAlnum) {
			t.Fatalf("%q is not in its final form", got)
		}
	})
}

// FuzzParseRF: an accepted reference survives being printed and typed again,
// and is what MakeRF makes of its payload.
func FuzzParseRF(f *testing.F) {
	for _, c := range searches {
		f.Add(c.text)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		got, err := ParseRF(typed)
		if err != nil {
			return
		}
		if back, err := ParseRF(strings.ToLower(Grouped(got))); err != nil || back != got {
			t.Fatalf("%q becomes %q, %v", got, back, err)
		}
		if made, err := MakeRF(got[4:]); err != nil || made != got {
			t.Fatalf("%q, but its payload gives %q, %v", got, made, err)
		}
	})
}

// FuzzFindRF: all that is found is valid and in the text, and a reference put
// into any text is found.
func FuzzFindRF(f *testing.F) {
	for _, c := range searches {
		f.Add(c.text, c.length)
	}
	f.Fuzz(func(t *testing.T, text string, length int) {
		if length < 0 || length > rfMaxLength {
			length = 0
		}
		found := FindRF(text, length)
		for _, ref := range found {
			if _, err := ParseRF(ref); err != nil || !strings.Contains(squeeze(text), ref) || length > 0 && len(ref) != length {
				t.Fatalf("%q is not in the text", ref)
			}
		}
		const ours = "RF73TOPUP00001"
		if got := FindRF(text+" rf73 topup 00001 "+text, len(ours)); len(got) < 100 && !slices.Contains(got, ours) {
			t.Fatalf("not found: %q", got)
		}
	})
}

// FuzzTransliterate: the result is in the character set, and stays as it is.
func FuzzTransliterate(f *testing.F) {
	for _, c := range transliterations {
		f.Add(c.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := Transliterate(text)
		if !onlyCharset(got) || strings.TrimSpace(got) != got || strings.Contains(got, "  ") {
			t.Fatalf("%q gives %q", text, got)
		}
		if again := Transliterate(got); again != got {
			t.Fatalf("%q becomes %q", got, again)
		}
	})
}
