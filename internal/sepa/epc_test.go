package sepa

import (
	"strings"
	"testing"
)

func TestTransferCodeIsWhatBankAppsRead(t *testing.T) {
	whole := Transfer{Name: "Stichting  Voorbeeld", IBAN: "nl69 test 0000 0000 01", BIC: "TESTNL2A", Cents: 12_30, Reference: "rf73 topu p000 01"}
	for want, transfer := range map[string]Transfer{
		"BCD\n002\n1\nSCT\nTESTNL2A\nStichting Voorbeeld\nNL69TEST0000000001\nEUR12.30\n\nRF73TOPUP00001": whole,
		"BCD\n002\n1\nSCT\n\nCafé Één\nNL69TEST0000000001\n\n\nRF73TOPUP00001":                            {Name: "Café Één", IBAN: "NL69TEST0000000001", Reference: "RF73TOPUP00001"},
		"BCD\n002\n1\nSCT\n\nX\nNL69TEST0000000001\nEUR0.01\n\nRF73TOPUP00001":                            {Name: "X", IBAN: "NL69TEST0000000001", Cents: 1, Reference: "RF73TOPUP00001"},
	} {
		got, err := transfer.Code()
		if err != nil || got != want {
			t.Errorf("%q, error %v; want %q", got, err, want)
		}
		if len(got) > maxTransferCode || len(strings.Split(got, "\n")) != 10 {
			t.Errorf("%d bytes in %d lines", len(got), len(strings.Split(got, "\n")))
		}
	}
}

func TestTransferThatNoBankAppReadsHasNoCode(t *testing.T) {
	good := Transfer{Name: "Stichting Voorbeeld", IBAN: "NL69TEST0000000001", Reference: "RF73TOPUP00001"}
	for name, change := range map[string]func(*Transfer){
		"no name":             func(x *Transfer) { x.Name = " " },
		"a name too long":     func(x *Transfer) { x.Name = strings.Repeat("é", 71) },
		"a name of no text":   func(x *Transfer) { x.Name = "a\xff" },
		"another IBAN":        func(x *Transfer) { x.IBAN = "NL70TEST0000000001" },
		"another reference":   func(x *Transfer) { x.Reference = "RF74TOPUP00001" },
		"no reference":        func(x *Transfer) { x.Reference = "" },
		"half a BIC":          func(x *Transfer) { x.BIC = "TEST" },
		"money that goes out": func(x *Transfer) { x.Cents = -1 },
		"more than banks pay": func(x *Transfer) { x.Cents = 100_000_000_000 },
		"more than fits":      func(x *Transfer) { x.Name, x.Cents = strings.Repeat("\U0001f30d", 70), 1 },
	} {
		bad := good
		change(&bad)
		if code, err := bad.Code(); err == nil {
			t.Errorf("%s: %q", name, code)
		}
	}
	if _, err := good.Code(); err != nil {
		t.Error(err)
	}
}
