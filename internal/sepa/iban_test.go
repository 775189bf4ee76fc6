package sepa

import (
	"strings"
	"testing"
)

// Numbers of published examples, and of a bank "TEST" that does not exist.
var goodIBANs = []struct{ typed, want, grouped string }{
	{"NL91ABNA0417164300", "NL91ABNA0417164300", "NL91 ABNA 0417 1643 00"},
	{" nl69 test 0000 0000 01\n", "NL69TEST0000000001", "NL69 TEST 0000 0000 01"},
	{"NL69\u00a0TEST\u200b0000\t0000\u202f01\ufeff", "NL69TEST0000000001", "NL69 TEST 0000 0000 01"},
	{"GB82 WEST 1234 5698 7654 32", "GB82WEST12345698765432", "GB82 WEST 1234 5698 7654 32"},
	{"DE89370400440532013000", "DE89370400440532013000", "DE89 3704 0044 0532 0130 00"},
	{"BE68539007547034", "BE68539007547034", "BE68 5390 0754 7034"},
	{"NO9386011117947", "NO9386011117947", "NO93 8601 1117 947"},
	{"MT84MALT011000012345MTLCAST001S", "MT84MALT011000012345MTLCAST001S", "MT84 MALT 0110 0001 2345 MTLC AST0 01S"},
}

var badIBANs = []struct{ name, typed, want string }{
	{"empty", "", "too short"},
	{"only a country", "NL", "too short"},
	{"one digit wrong", "NL69TEST0000000002", "check digits"},
	{"two digits exchanged", "NL91ABNA0417164030", "check digits"},
	{"too short", "NL69TEST000000001", "wrong length for an IBAN of NL"},
	{"too long", "NL69TEST00000000011", "wrong length"},
	{"not SEPA", "US64SVBKUS6S3300958879", "SEPA country"},
	{"check digits 00 for 97", "NL00TEST0000000079", "check digits"},
	{"check digits 01 for 98", "NL01TEST0000000061", "check digits"},
	{"check digits 99 for 02", "NL99TEST0000000043", "check digits"},
	{"a digit in the Dutch bank code", "NL62TES10000000001", "four letters, ten digits"},
	{"a letter in the Dutch number", "NL611234567890123A", "four letters, ten digits"},
	{"a dash", "NL69-TEST-0000-0000-01", "only letters and digits"},
	{"a letter that only looks right", "NL69TEST000000000\u0661", "only letters and digits"},
	{"a dotless i", "L\u013121", "only letters and digits"},
	{"a long s", "NL69TE\u017fT0000000001", "only letters and digits"},
}

func TestIBANIsReadHoweverItIsTyped(t *testing.T) {
	for _, c := range goodIBANs {
		got, err := ParseIBAN(c.typed)
		if err != nil || string(got) != c.want || got.Grouped() != c.grouped || got.Country() != c.want[:2] {
			t.Errorf("%q gives %q (%q), %v", c.typed, got, got.Grouped(), err)
		}
	}
}

func TestIBANThatCannotExistIsRefused(t *testing.T) {
	for _, c := range badIBANs {
		got, err := ParseIBAN(c.typed)
		if err == nil || !strings.Contains(err.Error(), c.want) || got != "" {
			t.Errorf("%s: gives %q, error %v, want one with %q", c.name, got, err, c.want)
		}
	}
}

func TestEveryMistypedDigitOfAnIBANIsNoticed(t *testing.T) {
	const good = "NL91ABNA0417164300"
	for i := range len(good) {
		for _, c := range []byte("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") {
			typed := good[:i] + string(c) + good[i+1:]
			if _, err := ParseIBAN(typed); (err == nil) != (typed == good) {
				t.Errorf("%s: error %v", typed, err)
			}
		}
	}
}

func TestZeroIBANHasNoCountry(t *testing.T) {
	if IBAN("").Country() != "" || IBAN("").Grouped() != "" {
		t.Error("the zero IBAN says something")
	}
}
