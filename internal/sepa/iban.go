package sepa

import (
	"errors"
	"strings"
	"unicode"
)

// IBAN is an international bank account number (ISO 13616) of a SEPA country,
// in upper case without spaces. Only ParseIBAN makes one.
type IBAN string

// ParseIBAN reads an IBAN as people type it: any case, spaces anywhere. It
// refuses countries outside SEPA, a wrong length, and wrong check digits; a
// Dutch one must also be four letters and ten digits. That an IBAN is well
// formed does not mean that the account exists.
//
// The errors tell what is wrong and never repeat the number.
func ParseIBAN(s string) (IBAN, error) {
	s, err := compact(s)
	if err != nil {
		return "", err
	}
	if len(s) < 4 {
		return "", errors.New("too short for an IBAN")
	}
	rule, ok := sepaCountries[s[:2]]
	if !ok {
		return "", errors.New("an IBAN starts with the code of a SEPA country")
	}
	if len(s) != rule.length {
		return "", errors.New("wrong length for an IBAN of " + s[:2])
	}
	if !validCheckDigits(s) {
		return "", errors.New("the IBAN's check digits do not fit: one character or more is wrong")
	}
	if s[:2] == "NL" && !(allIn(s[4:8], isLetter) && allIn(s[8:], isDigit)) {
		return "", errors.New("a Dutch IBAN is NL, two digits, four letters, ten digits")
	}
	return IBAN(s), nil
}

// Country is the two-letter code at the front, or "" for the zero value.
func (i IBAN) Country() string {
	if len(i) < 2 {
		return ""
	}
	return string(i[:2])
}

// Grouped is the IBAN for people to read: groups of four.
func (i IBAN) Grouped() string {
	return Grouped(string(i))
}

// Grouped puts a space after every four characters, the way IBANs and
// references are printed. It expects ASCII.
func Grouped(s string) string {
	var b strings.Builder
	for len(s) > 4 {
		b.WriteString(s[:4] + " ")
		s = s[4:]
	}
	return b.String() + s
}

// country is what ParseIBAN and the payment rules need to know of a country.
type country struct {
	length int  // of its IBANs, from the ISO 13616 registry
	eea    bool // inside the EEA a payment needs no address
}

// sepaCountries are the countries of the SEPA schemes by the code their IBANs
// carry. Territories that use their motherland's code (Åland, Jersey, Réunion,
// …) have no line of their own.
var sepaCountries = map[string]country{
	"AT": {20, true}, "BE": {16, true}, "BG": {22, true}, "CY": {28, true}, "CZ": {24, true},
	"DE": {22, true}, "DK": {18, true}, "EE": {20, true}, "ES": {24, true}, "FI": {18, true},
	"FR": {27, true}, "GR": {27, true}, "HR": {21, true}, "HU": {28, true}, "IE": {22, true},
	"IS": {26, true}, "IT": {27, true}, "LI": {21, true}, "LT": {20, true}, "LU": {20, true},
	"LV": {21, true}, "MT": {31, true}, "NL": {18, true}, "NO": {15, true}, "PL": {28, true},
	"PT": {25, true}, "RO": {24, true}, "SE": {24, true}, "SI": {19, true}, "SK": {24, true},

	"AD": {24, false}, "AL": {28, false}, "CH": {21, false}, "GB": {22, false}, "GI": {23, false},
	"MC": {27, false}, "MD": {24, false}, "ME": {22, false}, "MK": {19, false}, "RS": {22, false},
	"SM": {27, false}, "VA": {22, false},
}

// validCheckDigits tests the two check digits at positions 3 and 4 of an IBAN
// or a creditor reference (ISO 7064, MOD 97-10). Of the hundred values only 02
// to 98 are ever issued; 00, 01 and 99 would pass the division and are refused.
func validCheckDigits(s string) bool {
	if len(s) < 5 || !isDigit(s[2]) || !isDigit(s[3]) {
		return false
	}
	if check := s[2:4]; check < "02" || check > "98" {
		return false
	}
	return mod97(s[4:]+s[:4]) == 1
}

// mod97 is the remainder of s by 97, each letter counting as two digits, A=10
// to Z=35. It expects A-Z and 0-9 only.
func mod97(s string) int {
	rest := 0
	for i := range len(s) {
		if isDigit(s[i]) {
			rest = (rest*10 + int(s[i]-'0')) % 97
		} else {
			rest = (rest*100 + int(s[i]-'A') + 10) % 97
		}
	}
	return rest
}

// compact takes out white space and invisible characters (which come along
// when a number is copied from a document), and turns a-z into A-Z. Any
// character that is then not A-Z or 0-9 is an error; letters from elsewhere in
// Unicode are never folded into these.
func compact(s string) (string, error) {
	var b strings.Builder
	for _, r := range s {
		switch {
		case unicode.IsSpace(r) || unicode.Is(unicode.Cf, r):
		case r < unicode.MaxASCII && isAlnum(upper(byte(r))):
			b.WriteByte(upper(byte(r)))
		default:
			return "", errors.New("only letters and digits belong in it")
		}
	}
	return b.String(), nil
}

// squeeze keeps the letters A-Z (from either case) and digits of s and drops
// all else, so that a reference can be found however it was typed or broken
// over lines.
func squeeze(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := upper(s[i]); isAlnum(c) {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func upper(c byte) byte {
	if 'a' <= c && c <= 'z' {
		return c - ('a' - 'A')
	}
	return c
}

func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return 'A' <= c && c <= 'Z' }
func isAlnum(c byte) bool  { return isDigit(c) || isLetter(c) }

func allIn(s string, set func(byte) bool) bool {
	for i := range len(s) {
		if !set(s[i]) {
			return false
		}
	}
	return true
}
