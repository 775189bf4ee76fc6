package sim

import (
	"errors"
	"fmt"
	"testing"
)

func TestAmountsAreDigitsAndAtMostTwoDecimals(t *testing.T) {
	for text, want := range map[string]int64{
		"1": 100, "0.01": 1, "12.5": 1250, "01.50": 150, "0000000001": 100, "9999999999.99": 999999999999,
	} {
		if got, ok := parseCents(text); !ok || got != want {
			t.Errorf("%q is %d cents, %t", text, got, ok)
		}
	}
	for _, text := range []string{
		"", "0", "0.00", "-1", "+1", "1.", ".5", "1.005", "1,50", " 1", "1 ", "1\n", "1e2", "12345678901", "１", "0x1", "1_0",
	} {
		if got, ok := parseCents(text); ok {
			t.Errorf("%q is %d cents", text, got)
		}
	}
}

func TestInstantsAreNarrowRFC3339(t *testing.T) {
	for text, want := range map[string]string{
		"2026-03-29T00:59:59Z":                     "2026-03-29 00:59:59",
		"2026-03-29T00:59:59.5+02:00":              "2026-03-28 22:59:59.5",
		"2026-03-29T00:59:59-00:00":                "2026-03-29 00:59:59",
		"2024-02-29T23:59:59.1234567899-23:59":     "2024-03-01 23:58:59.123456789",
		"2026-01-01T00:00:00.00000000000000+00:00": "2026-01-01 00:00:00",
	} {
		got, ok := parseInstant(text)
		if !ok || got.Format("2006-01-02 15:04:05.999999999") != want {
			t.Errorf("%s is %s, %t", text, got, ok)
		}
	}
	for _, raw := range wrongValues["at"] {
		if raw == `"0001-01-01T00:00:00Z"` || raw == `"9999-12-31T23:30:00Z"` {
			continue // well-formed; the ledger's day decides
		}
		text, _ := stringOf([]byte(raw))
		if got, ok := parseInstant(text); ok {
			t.Errorf("%s is %s", raw, got)
		}
	}
}

func TestDaysBeginAtMidnightInAmsterdam(t *testing.T) {
	for text, want := range map[string]string{
		"2026-01-31T22:59:59Z":           "2026-01-31",
		"2026-01-31T23:00:00Z":           "2026-02-01",
		"2026-03-28T22:59:59.999999999Z": "2026-03-28", // the last midnight in winter time
		"2026-03-29T21:59:59Z":           "2026-03-29",
		"2026-03-29T22:00:00Z":           "2026-03-30",
		"2026-10-24T22:00:00Z":           "2026-10-25",
		"2026-10-25T22:59:59Z":           "2026-10-25",
		"2026-10-25T23:00:00Z":           "2026-10-26",
		"2025-12-31T18:00:00-05:00":      "2026-01-01",
		"2099-07-31T22:00:00Z":           "2099-08-01",
	} {
		at, ok := parseInstant(text)
		if got := civilDay(at).String(); !ok || got != want {
			t.Errorf("%s is on %s, want %s", text, got, want)
		}
	}
}

func TestLinesAreReadOrRefusedAsTheFormatSays(t *testing.T) {
	const policy = `"kind":"policy","at":"2026-01-01T08:00:00Z","rate":"0%","hops":5,"term_days":365`
	good := []string{
		`{` + policy + `}`, ` {` + policy + `} `, `{` + policy + `,"x":null,"Rate":5,"y":1e400}`,
		`{` + policy + `,"redeemers":[]}`, `{` + policy + `,"grace_days":-0}`, `{` + policy + `,"from":"9999-12-31"}`,
		`{"kind":"policy","at":"2026-01-01T08:00:00Z","rate":"04.9999999%","hops":20,"term_days":36500,"redemption_fee":"99.9999999%","every":"month","grace_days":366}`,
		`{"\u006bind":"open","at":"2026-01-01T08:00:00Z","account":"a","role":"r"}`,
		`{"kind":"refund","at":"2026-01-01T08:00:00Z","of":"p","Amount":""}`,
		`{"kind":"pay","at":"2026-01-01T08:00:00Z","from":"a","to":"b","amount":"free","id":"p"}`,
	}
	for _, line := range good {
		if _, ok := parseCommand([]byte(line)); !ok {
			t.Errorf("%s is refused", line)
		}
	}
	bad := []string{
		`[]`, `null`, `5`, `"x"`, `true`, `{}`, `{"Kind":"open","at":"2026-01-01T08:00:00Z","account":"a","role":"r"}`,
		`{"kind":"transfer","at":"2026-01-01T08:00:00Z"}`,
		`{"kind":"open","at":"2026-01-01T08:00:00Z","account":"","role":"r"}`,
		`{"kind":"open","at":"2026-01-01T08:00:00Z","account":"a","role":"r","owner":null}`,
		`{"kind":"refund","at":"2026-01-01T08:00:00Z","of":"p","amount":null}`,
		`{"kind":"refund","at":"2026-01-01T08:00:00Z","of":"p","amount":""}`,
		`{"kind":"issue","at":"2026-01-01T08:00:00Z","to":"a","amount":1.00}`,
		`{"kind":"issue","at":"9999-12-31T23:30:00Z","to":"a","amount":"1.00"}`,
	}
	for field, values := range wrongValues {
		switch field {
		case "rate", "redemption_fee", "every", "grace_days", "hops", "term_days", "redeemers":
			for _, raw := range values {
				bad = append(bad, fmt.Sprintf(`{"kind":"policy","at":"2026-01-01T08:00:00Z",`+
					`"rate":"0%%","hops":5,"term_days":365,%q:%s}`, field, raw))
			}
		}
	}
	for _, line := range bad {
		if _, ok := parseCommand([]byte(line)); ok {
			t.Errorf("%s is read", line)
		}
	}
}

func TestLaterPolicyNeedsItsFirstDay(t *testing.T) {
	const policy = `{"kind":"policy","at":"2026-01-01T08:00:00Z","rate":"0%","hops":5,"term_days":365}`
	story(t, flat, policy+" ! bad-command") // before time-went-back would be looked at
	m := New()
	if refusal, _, err := m.Line([]byte(policy)); refusal != "" || err != nil {
		t.Errorf("first policy: %q %v", refusal, err)
	}
}

func TestWhatIsNotJSONStopsTheReplay(t *testing.T) {
	m := New()
	for _, line := range []string{`{`, `{"kind":"open"}}`, `{'kind':'open'}`, `open`, "{\"kind\":\"\xff\"}", `{"a":01}`, "\f"} {
		if _, _, err := m.Line([]byte(line)); !errors.Is(err, ErrNotJSON) {
			t.Errorf("%q gives %v", line, err)
		}
	}
	for _, line := range []string{"", " ", "\t", "\r", "\r\n"} {
		if refusal, blank, err := m.Line([]byte(line)); !blank || refusal != "" || err != nil {
			t.Errorf("%q gives %q %t %v", line, refusal, blank, err)
		}
	}
}
