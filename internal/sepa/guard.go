package sepa

import (
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// ErrTooLarge is returned for a file beyond one of the limits.
var ErrTooLarge = errors.New("the file is too large")

// Limits bound what a reader takes from a foreign file. A zero field means its
// default.
type Limits struct {
	Bytes   int64 // Optional. Size of the file; default 16 MB, some ten thousand transactions.
	Depth   int   // Optional. Elements inside one another; default 40, where the schemas need under 20.
	Entries int   // Optional. Entries, transaction details and payments together; default 100 000.
}

func (l Limits) withDefaults() Limits {
	if l.Bytes == 0 {
		l.Bytes = 16 << 20
	}
	if l.Depth == 0 {
		l.Depth = 40
	}
	if l.Entries == 0 {
		l.Entries = 100_000
	}
	return l
}

// guard hands on the tokens of a foreign file and stops at whatever a bank
// file has no business to contain. No entity but XML's own five is ever
// expanded: encoding/xml knows no others without a DOCTYPE.
type guard struct {
	in      *xml.Decoder
	limits  Limits
	depth   int
	entries int
}

// newDecoder reads r within the limits.
func newDecoder(r io.Reader, l Limits) *xml.Decoder {
	l = l.withDefaults()
	in := xml.NewDecoder(skipBOM(&cappedReader{r: r, left: l.Bytes}))
	in.CharsetReader = func(charset string, _ io.Reader) (io.Reader, error) {
		return nil, fmt.Errorf("the file is in %.20q; only UTF-8 is read", charset)
	}
	return xml.NewTokenDecoder(&guard{in: in, limits: l})
}

// Token implements xml.TokenReader.
func (g *guard) Token() (xml.Token, error) {
	t, err := g.in.Token()
	if err != nil {
		return nil, err
	}
	switch t := t.(type) {
	case xml.StartElement:
		if err := g.enter(t.Name.Local); err != nil {
			return nil, err // never with the token: xml.Decoder would drop the error
		}
	case xml.EndElement:
		g.depth--
	case xml.Directive:
		return nil, g.refuse(errors.New("a DOCTYPE or other directive does not belong in a bank file"))
	}
	return t, nil
}

func (g *guard) enter(name string) error {
	if g.depth++; g.depth > g.limits.Depth {
		return g.refuse(fmt.Errorf("more than %d elements inside one another", g.limits.Depth))
	}
	if name == "Ntry" || name == "TxDtls" || name == "CdtTrfTxInf" {
		if g.entries++; g.entries > g.limits.Entries {
			return g.refuse(fmt.Errorf("%w: more than %d entries", ErrTooLarge, g.limits.Entries))
		}
	}
	return nil
}

func (g *guard) refuse(err error) error {
	line, _ := g.in.InputPos()
	return fmt.Errorf("line %d: %w", line, err)
}

// cappedReader fails, rather than ends, once more than left bytes were read: a
// file cut off at the limit must not pass for a whole one.
type cappedReader struct {
	r    io.Reader
	left int64
}

func (c *cappedReader) Read(p []byte) (int, error) {
	if c.left < 0 {
		return 0, ErrTooLarge
	}
	if int64(len(p))-1 > c.left {
		p = p[:c.left+1] // one byte more than allowed tells "just fits" from "too large"
	}
	n, err := c.r.Read(p)
	if c.left -= int64(n); c.left < 0 {
		return 0, ErrTooLarge
	}
	return n, err
}

// skipBOM drops the byte order mark that some bank portals put before UTF-8.
func skipBOM(r io.Reader) io.Reader {
	b := bufio.NewReader(r)
	if head, _ := b.Peek(3); string(head) == "\ufeff" {
		_, _ = b.Discard(3) // cannot fail: these three bytes were just peeked
	}
	return b
}

// walkMessage calls visit for each element directly inside Document/message,
// where message is one of several. visit must consume the element, by decoding
// or skipping it.
func walkMessage(dec *xml.Decoder, messages []string, visit func(*xml.StartElement) error) error {
	message := strings.Join(messages, " or ")
	for _, names := range [][]string{{"Document"}, messages} {
		t, err := nextTag(dec)
		if err != nil {
			return err
		}
		if start, ok := t.(xml.StartElement); !ok || !slices.Contains(names, start.Name.Local) {
			return wrongMessage(message, t)
		}
	}
	if err := walkElement(dec, visit); err != nil {
		return err
	}
	for { // read to the very end: a file cut off or with something behind it is not what the bank sent
		t, err := nextTag(dec)
		if err != nil || t == nil {
			return err
		}
		if _, ok := t.(xml.EndElement); !ok {
			return wrongMessage(message, t)
		}
	}
}

// walkElement calls visit for each element directly inside the one that was
// just begun, to its end.
func walkElement(dec *xml.Decoder, visit func(*xml.StartElement) error) error {
	for {
		t, err := nextTag(dec)
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if err := visit(&t); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		default:
			return fmt.Errorf("%w: there is loose text between its elements", ErrWrongMessage)
		}
	}
}

// nextTag is the next start or end of an element, or text other than white
// space; nil at the end of the file.
func nextTag(dec *xml.Decoder) (xml.Token, error) {
	for {
		t, err := dec.Token()
		if err == io.EOF {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		switch t := t.(type) {
		case xml.StartElement, xml.EndElement:
			return t, nil
		case xml.CharData:
			if strings.TrimSpace(string(t)) != "" {
				return t, nil
			}
		}
	}
}

// ErrWrongMessage is returned for a file that is some other message, or XML of
// some other kind.
var ErrWrongMessage = errors.New("not the expected bank message")

func wrongMessage(message string, found xml.Token) error {
	what := "ends early"
	switch t := found.(type) {
	case xml.StartElement:
		what = "has <" + clip(t.Name.Local, 40) + ">"
	case xml.CharData:
		what = "has loose text"
	}
	return fmt.Errorf("%w: it should hold Document/%s and nothing else, but %s", ErrWrongMessage, message, what)
}

// clip shortens foreign text for an error message.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "…"
}
