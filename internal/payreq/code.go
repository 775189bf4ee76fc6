// Package payreq is what stands behind a QR code: a short code that a person
// can also type, the link that carries it, and the payment request the code
// stands for.
//
// A code names a request kept on the server and nothing else. Amount, shop and
// name are never read from the link, so a sticker pasted over a poster can
// lead to another shop but cannot pretend to be this one.
//
// The package knows neither pages nor balances: whether a request can be paid
// is the ledger's answer.
package payreq

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Length of a code in symbols: nine that carry 45 random bits, and one check
// symbol. 45 bits behind a rate limit cannot be guessed, and ten symbols fit a
// version 2 QR code together with a short host name.
const Length = 10

const dataSymbols = Length - 1

// alphabet is Crockford's base 32: no I, L, O or U, so that a code read aloud
// or copied by hand is not mistaken. All of it belongs to the alphanumeric
// set of a QR code.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// ErrNotCode is returned for text that cannot be a code: wrong length, a
// symbol outside the alphabet, or a check symbol that does not fit.
var ErrNotCode = errors.New("not a payment code")

// Code is a payment code: 45 random bits. The zero value is no code.
type Code uint64

// NewCode draws a code from random, which must be a cryptographic source.
func NewCode(random io.Reader) (Code, error) {
	for {
		var b [8]byte
		if _, err := io.ReadFull(random, b[:]); err != nil {
			return 0, fmt.Errorf("draw a payment code: %w", err)
		}
		if c := Code(binary.BigEndian.Uint64(b[:]) >> (64 - 5*dataSymbols)); c != 0 {
			return c, nil
		}
	}
}

// String gives the ten symbols of the code, in upper case.
func (c Code) String() string {
	var out [Length]byte
	var sum byte
	for i := range dataSymbols {
		v := byte(c>>(5*(dataSymbols-1-i))) & 31
		out[i] = alphabet[v]
		sum = timesAlpha(sum) ^ v
	}
	out[dataSymbols] = alphabet[timesAlpha(sum)]
	return string(out[:])
}

// Grouped gives the code in two groups of five, as people read and type it.
func (c Code) Grouped() string {
	s := c.String()
	return s[:5] + "-" + s[5:]
}

// timesAlpha multiplies by α in GF(32) with the primitive polynomial
// x⁵+x²+1. The symbols of a valid code, read as a polynomial in α, sum to
// zero; since the powers of α differ for all ten places, any one wrong symbol
// and any two swapped symbols are noticed.
func timesAlpha(v byte) byte {
	v <<= 1
	if v&32 != 0 {
		v ^= 0b100101
	}
	return v
}

// Parse reads a code as people type it: lower case, I or L for 1, O for 0,
// and spaces or hyphens anywhere are forgiven. A whole link as Link or CardLink
// makes it is accepted too, because people paste what they scanned.
func Parse(text string) (Code, error) {
	text = lastPart(text)
	var code Code
	var sum byte
	n := 0
	for i := range len(text) {
		if separator(text[i]) {
			continue
		}
		v, ok := symbol(text[i])
		if !ok || n == Length {
			return 0, ErrNotCode
		}
		if n < dataSymbols {
			code = code<<5 | Code(v)
		}
		sum = timesAlpha(sum) ^ v
		n++
	}
	if n != Length || sum != 0 || code == 0 {
		return 0, ErrNotCode
	}
	return code, nil
}

// Where the links lead: to a payment, and to somebody's own card.
const (
	payPath  = "/P/"
	cardPath = "/C/"

	// invitePath is the path of invitations to help.
	invitePath = "/I/"
)

// lastPart strips a link down to what follows its path.
func lastPart(text string) string {
	upper := strings.ToUpper(text)
	if len(upper) != len(text) {
		return text
	}
	for _, mark := range []string{payPath, cardPath} {
		if i := strings.LastIndex(upper, mark); i >= 0 {
			return text[i+len(mark):]
		}
	}
	return text
}

func separator(b byte) bool {
	return b == ' ' || b == '-' || b == '\t' || b == '\r' || b == '\n'
}

func symbol(b byte) (value byte, ok bool) {
	if 'a' <= b && b <= 'z' {
		b -= 'a' - 'A'
	}
	switch b {
	case 'I', 'L':
		b = '1'
	case 'O':
		b = '0'
	}
	i := strings.IndexByte(alphabet, b)
	return byte(i), i >= 0
}

// Link gives the text of the QR code: the public address of the site and the
// code, all in upper case, because a QR code holds upper case in fewer modules
// and scheme and host do not tell case apart. base is like
// "https://grulden.example", without a path.
func Link(base string, c Code) string {
	return link(base, payPath, c)
}

// CardLink is Link for the QR code on a card: it leads to the page that asks for
// the PIN that goes with the card.
func CardLink(base string, c Code) string { return link(base, cardPath, c) }

// InviteLink is Link for an invitation to help somebody.
func InviteLink(base string, c Code) string { return link(base, invitePath, c) }

func link(base, path string, c Code) string {
	return strings.ToUpper(strings.TrimRight(base, "/")) + path + c.String()
}
