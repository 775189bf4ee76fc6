package worth

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/big"
	"regexp"
	"strings"
)

// Range is a number that nobody knows for sure, as decimal texts: the least, the
// likely and the most that it may be. Least or Most empty is the same as Likely.
type Range struct {
	Least  string `json:"least"`
	Likely string `json:"likely"`
	Most   string `json:"most"`
}

// end is one of the three numbers of a range.
type end int

const (
	least end = iota - 1
	likely
	most
)

// How numbers are typed: form is a decimal number, small enough to be anything
// real; grouped is one as the Dutch write it, 1.234,50; doubtful is 1.234, which
// is a thousand times more to one reader than to another.
var (
	form     = regexp.MustCompile(`^-?[0-9]{1,12}([.,][0-9]{1,6})?$`)
	grouped  = regexp.MustCompile(`^-?[0-9]{1,3}(\.[0-9]{3})+,[0-9]{1,6}$`)
	doubtful = regexp.MustCompile(`^-?[1-9][0-9]{0,2}\.[0-9]{3}$`)
)

// number reads a decimal text; an empty one is nought.
func number(text string) (*big.Rat, bool) {
	text = strings.Replace(strings.TrimSpace(text), "−", "-", 1) // as our own pages show it
	if text == "" {
		return new(big.Rat), true
	}
	if grouped.MatchString(text) {
		text = strings.ReplaceAll(text, ".", "")
	}
	if !form.MatchString(text) || doubtful.MatchString(text) {
		return nil, false
	}
	return new(big.Rat).SetString(strings.Replace(text, ",", ".", 1))
}

// at is one end of a range that was checked.
func (r *Range) at(e end) *big.Rat {
	text := r.Likely
	switch {
	case e == least && r.Least != "":
		text = r.Least
	case e == most && r.Most != "":
		text = r.Most
	}
	n, ok := number(text)
	if !ok {
		return new(big.Rat) // Check has refused it
	}
	return n
}

// known tells whether anybody said what the number is.
func (r *Range) known() bool { return strings.TrimSpace(r.Likely) != "" }

// wide tells whether the number was given as a range.
func (r *Range) wide() bool { return r.at(least).Cmp(r.at(most)) != 0 }

// MarshalJSON writes a number without a range as one text.
func (r Range) MarshalJSON() ([]byte, error) {
	if r.Least == "" && r.Most == "" {
		return json.Marshal(r.Likely)
	}
	type plain Range
	return json.Marshal(plain(r))
}

// UnmarshalJSON reads a range, or one number or text that is all three. Numbers
// are taken as they are written, never as floating point.
func (r *Range) UnmarshalJSON(data []byte) error {
	*r = Range{}
	if data = bytes.TrimSpace(data); len(data) == 0 || data[0] != '{' {
		return json.Unmarshal(data, (*decimal)(&r.Likely))
	}
	var ends struct{ Least, Likely, Most decimal }
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&ends); err != nil {
		return err
	}
	*r = Range{string(ends.Least), string(ends.Likely), string(ends.Most)}
	return nil
}

// decimal is a number in JSON, with or without quotes.
type decimal string

// UnmarshalJSON implements json.Unmarshaler.
func (d *decimal) UnmarshalJSON(data []byte) error {
	text := string(data)
	if len(data) > 0 && data[0] == '"' {
		if err := json.Unmarshal(data, &text); err != nil {
			return err
		}
	}
	if _, ok := number(text); !ok {
		return errors.New("a number is written as 12 or 12.5, or as least, likely and most; not as " + text)
	}
	*d = decimal(text)
	return nil
}
