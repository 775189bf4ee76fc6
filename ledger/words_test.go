package ledger

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"grulden/demurrage"
)

func TestAmountsAreOneToTenDigitsAndTwoDecimals(t *testing.T) {
	for text, want := range map[string]Cents{
		"1": 100, "12.5": 1250, "12.50": 1250, "0.01": 1, "01.50": 150, "0000000001": 100,
		"9999999999.99": 999_999_999_999, "40.00": 4000,
	} {
		if got, err := ParseCents(text); got != want || err != nil {
			t.Errorf("%q is %v %v, want %v", text, got, err, want)
		}
	}
	for _, text := range []string{
		"", "0", "0.00", "-1", "+1", "1.", ".5", "1.005", "1,50", " 1", "1 ", "1e2", "12345678901", "00000000001",
		"1.5.0", "0x10", "１", "1_000", "٣", "NaN",
	} {
		if got, err := ParseCents(text); err == nil {
			t.Errorf("%q is taken for %v", text, got)
		}
	}
}

func FuzzParseCents(f *testing.F) {
	for _, text := range []string{"1", "12.50", "9999999999.99", "0.00", "1.005", "-1"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		cents, err := ParseCents(text)
		if err != nil {
			return
		}
		if again, err := ParseCents(cents.String()); again != cents || err != nil || cents <= 0 || cents > maxCents {
			t.Errorf("%q is %d, written %v, read %d %v", text, cents, cents, again, err)
		}
		if strings.Trim(text, "0123456789.") != "" {
			t.Errorf("%q is taken for %v", text, cents)
		}
	})
}

func TestWorthAsShown(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := Cents(rapid.Int64Range(0, int64(maxSupply)).Draw(rt, "cents"))
		if ShownCents(c.Worth()) != c || Grains(c.Worth()) != c.Grains() || ceilGrains(c.Worth()) != c.Grains() {
			rt.Fatalf("%v is worth %v, shown as %v", c, c.Worth(), ShownCents(c.Worth()))
		}
		if less, ok := c.Worth().Sub(demurrage.WideOf(1)); ok && ShownCents(less) != c-1 {
			rt.Fatalf("a hair less than %v is shown as %v", c, ShownCents(less))
		}
	})
	if got := Cents(-1205).String(); got != "-12.05" {
		t.Errorf("-1205 cents are written %s", got)
	}
}

func TestIDIsWrittenInThirtyTwoDigits(t *testing.T) {
	id := ID{0: 1, 15: 0xab}
	if back, err := ParseID(id.String()); back != id || err != nil {
		t.Errorf("%v is read as %v %v", id, back, err)
	}
	for _, bad := range []string{"", "01", strings.Repeat("g", 32), strings.Repeat("0", 33)} {
		if _, err := ParseID(bad); err == nil {
			t.Errorf("%q is taken for an id", bad)
		}
	}
}

func TestInstantsKeepNanosecondsAndOrder(t *testing.T) {
	a := InstantOf(time.Date(2026, 1, 31, 23, 0, 0, 999_999_999, time.FixedZone("", 3600)))
	b := InstantOf(time.Date(2026, 1, 31, 22, 0, 1, 0, time.UTC))
	if !a.Before(b) || b.Before(a) || a.Before(a) || a.IsZero() || !(Instant{}).IsZero() {
		t.Errorf("%+v and %+v are out of order", a, b)
	}
	if got := a.Time().Format(time.RFC3339Nano); got != "2026-01-31T22:00:00.999999999Z" {
		t.Errorf("written %s", got)
	}
}
