package sim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// draft is a line being written: its fields in order, the values as raw JSON.
type draft []field

type field struct{ key, raw string }

// with sets a field, in its place or at the end.
func (d draft) with(key, raw string) draft {
	for i := range d {
		if d[i].key == key {
			d[i].raw = raw
			return d
		}
	}
	return append(d, field{key, raw})
}

func (d draft) line() []byte {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, f := range d {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%s:%s", quoted(f.key), f.raw)
	}
	b.WriteByte('}')
	return b.Bytes()
}

func quoted(text string) string {
	raw, err := json.Marshal(text)
	if err != nil {
		panic("sim: " + err.Error())
	}
	return string(raw)
}

// quote writes a JSON string, rarely with an escape that changes nothing.
func (a *author) quote(text string) string {
	raw := quoted(text)
	if text != "" && text[0] < 0x80 && text[0] > ' ' && a.chance(1) {
		return fmt.Sprintf(`"\u%04x%s`, text[0], strings.TrimPrefix(raw, `"`+text[:1]))
	}
	return raw
}

// decorate changes what must not matter: order, spaces, fields nobody knows.
func (a *author) decorate(d draft) draft {
	if a.chance(5) {
		a.rng.Shuffle(len(d), func(i, j int) { d[i], d[j] = d[j], d[i] })
	}
	if a.chance(3) {
		d = append(d, field{"note", oneOf(a, []string{`null`, `"x"`, `[1,{"a":2}]`, `1e400`})})
	}
	if a.chance(3) {
		d = append(d, field{"Amount", `"1.00"`}) // another name than amount
	}
	if a.chance(2) && len(d) > 0 {
		i := a.rng.IntN(len(d))
		d[i].raw = " " + d[i].raw + "\t"
	}
	return d
}

// instant writes t in one of the ways that RFC 3339 allows.
func (a *author) instant(t time.Time) string {
	offset := oneOf(a, []string{"Z", "Z", "Z", "Z", "+01:00", "+02:00", "-00:00", "+05:45", "-11:30"})
	if offset != "Z" {
		ahead, err := time.Parse("-07:00", offset)
		if err != nil {
			panic("sim: " + err.Error())
		}
		_, seconds := ahead.Zone()
		t = t.UTC().Add(time.Duration(seconds) * time.Second)
	}
	text := t.UTC().Format("2006-01-02T15:04:05")
	nanos := fmt.Sprintf("%09d", t.Nanosecond())
	switch {
	case t.Nanosecond() == 0 && a.chance(90):
	case a.chance(20):
		text += "." + nanos + oneOf(a, []string{"0", "9", "123456"}) // cut off to nanoseconds
	default:
		text += "." + nanos[:1] + strings.TrimRight(nanos[1:], "0")
	}
	return text + offset
}

// amount writes cents in one of the ways that the format allows.
func (a *author) amount(cents int64) string {
	text := fmt.Sprintf("%d.%02d", cents/100, cents%100)
	switch {
	case cents%100 == 0 && a.chance(25):
		text = fmt.Sprintf("%d", cents/100)
	case cents%10 == 0 && a.chance(25):
		text = fmt.Sprintf("%d.%d", cents/100, cents/10%10)
	}
	if cents < 1e9 && a.chance(3) {
		text = "0" + text
	}
	return text
}

// spoil makes a draft wrong, mostly.
func (a *author) spoil(d draft) draft {
	d = slices.Clone(d)
	i := a.rng.IntN(len(d))
	if a.chance(35) { // at the place where most can be wrong
		for j := range d {
			if strings.Contains("amount at", d[j].key) && a.chance(60) {
				i = j
			}
		}
	}
	switch n := a.rng.IntN(10); {
	case n < 2:
		return slices.Delete(d, i, i+1)
	case n < 5:
		d[i].raw = oneOf(a, []string{`null`, `true`, `12`, `1.5`, `[]`, `{}`, `""`, `["anna"]`, `"null"`})
	case n < 6:
		d[i].key = strings.ToUpper(d[i].key[:1]) + d[i].key[1:]
	default:
		if wrong := wrongValues[d[i].key]; wrong != nil {
			d[i].raw = oneOf(a, wrong)
		}
	}
	return d
}

// wrongValues lists, by field, what just misses the format; a few values just do not.
var wrongValues = map[string][]string{
	"kind": {`"Pay"`, `"transfer"`, `"demurrage"`, `" pay"`, `""`},
	"at": {
		`"2026-02-30T10:00:00Z"`, `"2026-03-01t10:00:00Z"`, `"2026-03-01T10:00:00z"`, `"2026-03-01 10:00:00Z"`,
		`"2026-03-01T10:00:60Z"`, `"2026-03-01T24:00:00Z"`, `"2026-03-01T9:00:00Z"`, `"2026-03-01T10:00:00"`,
		`"2026-03-01T10:00:00,5Z"`, `"2026-03-01T10:00:00.Z"`, `"2026-03-01T10:00:00+0100"`, `"2026-03-01T10:00:00+24:00"`,
		`"2026-03-01T10:00:00+01:60"`, `"2026-03-01T10:00Z"`, `"2026-03-01"`, `"02026-03-01T10:00:00Z"`,
		`"2026-13-01T10:00:00Z"`, `"2026-03-01T10:60:00Z"`, `"2026-03-01T10:00:00Z "`, `1767225600`,
		`"10000-01-01T00:00:00Z"`, `"9999-12-31T23:30:00Z"`, `"0001-01-01T00:00:00Z"`,
	},
	"amount": {
		`"1.005"`, `"0"`, `"0.00"`, `"-1"`, `""`, `"1."`, `"01.50"`, `".5"`, `"1,50"`, `"+1.00"`, `" 1.00"`,
		`"1e2"`, `"12345678901"`, `"00000000001"`, `"9999999999.99"`, `"0.001"`, `"1.00\n"`, `"１"`, `"1_000"`, `1.00`,
	},
	"rate": {
		`"5%"`, `"5.0000000%"`, `"0.0165"`, `"-1%"`, `"0.00000001%"`, `"100%"`, `".5%"`, `"5.%"`, `"4.99999999%"`, `0.5`,
	},
	"redemption_fee": {`"100%"`, `"1"`, `"1.%"`, `"-2%"`, `"2.00000001%"`, `"２%"`, `2`},
	"every":          {`"week"`, `"Day"`, `""`, `"months"`},
	"grace_days":     {`367`, `-1`, `30.0`, `3e1`, `"30"`, `true`, `9223372036854775808`},
	"hops":           {`0`, `21`, `5.0`, `"5"`, `-5`, `1e0`},
	"term_days":      {`0`, `36501`, `365.0`, `"365"`, `false`},
	"redeemers":      {`"merchant"`, `[""]`, `["merchant",null]`, `{}`, `[1]`, `null`},
	"from":           {`"2026-02-30"`, `"0000-01-01"`, `"26-01-01"`, `"2026-01-01T00:00:00Z"`, `"nobody"`, `"tomorrow"`},
	"to":             {`"nobody"`, `"ANNA"`, `" anna"`, `["bakker"]`},
	"account":        {`"nobody"`, `"Bakker"`, `0`},
	"owner":          {`""`, `null`, `5`},
	"role":           {`""`, `null`, `["merchant"]`},
	"of":             {`"nothing"`, `""`, `1`},
	"id":             {`""`, `7`, `null`},
}
