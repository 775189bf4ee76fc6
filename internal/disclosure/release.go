package disclosure

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math/big"
	"strings"
	"time"

	"grulden/demurrage"
	"grulden/internal/node"
	"grulden/internal/report"
)

// Release is what was published about some months. It holds nothing that is
// hidden.
type Release struct {
	Number  int             `json:"number"` // from one on
	From    Date            `json:"from"`   // the first day of a month
	To      Date            `json:"to"`     // the last day of one
	Days    int             `json:"days"`   // of them that the ledger has lived
	Made    Date            `json:"made"`
	Coin    string          `json:"coin"`
	Rules   node.Publishing `json:"rules"`
	Figures []Figure        `json:"figures"`
	Before  string          `json:"before,omitempty"` // the hash of the release before
	Hash    string          `json:"hash,omitempty"`   // of all that
}

// Date is a day that is written as everybody reads it: 2026-05-01.
type Date demurrage.Day

// Time is noon of the day.
func (d Date) Time() time.Time { return demurrage.Day(d).Time() }

// MarshalText implements encoding.TextMarshaler.
func (d Date) MarshalText() ([]byte, error) { return []byte(demurrage.Day(d).String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Date) UnmarshalText(text []byte) error {
	day, err := demurrage.ParseDay(string(text))
	*d = Date(day)
	return err
}

// Period is what a release is about.
func (r *Release) Period() report.Period {
	return report.Period{From: demurrage.Day(r.From), To: demurrage.Day(r.To)}
}

// Figure is one published number.
type Figure struct {
	Key     string `json:"key"`
	Version int    `json:"version"`         // of the definition
	Value   string `json:"value,omitempty"` // rounded, with a decimal point; empty: not shown
}

// Figure finds a figure; nil where it is not shown.
func (r *Release) Figure(key string) *big.Rat {
	for _, f := range r.Figures {
		if v, ok := new(big.Rat).SetString(f.Value); f.Key == key && ok {
			return v
		}
	}
	return nil
}

// hash is the SHA-256 of a release, in hexadecimal.
func (r Release) hash() string {
	r.Hash = ""
	doc, err := json.Marshal(r)
	if err != nil {
		panic("disclosure: " + err.Error()) // numbers and words
	}
	sum := sha256.Sum256(doc)
	return hex.EncodeToString(sum[:])
}

// follows tells whether a release is about days that all come after another's.
func (r *Release) follows(o *Release) bool { return o.To < r.From }

// round gives the nearest multiple of a step, halves up.
func round(v, step *big.Rat) *big.Rat {
	times := new(big.Rat).Quo(v, step)
	times.Add(times, big.NewRat(1, 2))
	whole := new(big.Int).Div(times.Num(), times.Denom())
	return new(big.Rat).Mul(new(big.Rat).SetInt(whole), step)
}

// definition is the version of every figure's definition.
const definition = 1

// figures rounds what is shown, and adds what follows from the rounded sums.
func figures(rules node.Publishing, cells []Cell, days int) []Figure {
	step := big.NewRat(int64(rules.Round), 100)
	r := Release{}
	for _, c := range cells {
		if strings.HasPrefix(c.Key, past) {
			continue
		}
		f := Figure{Key: c.Key, Version: definition}
		switch sum := sumOf(cells, tableOf(c.Key)); {
		case c.Why != Shown:
		case !atEnd(c.Key):
			f.Value = round(c.Value, step).FloatString(0)
		case sum.Sign() > 0:
			f.Value = new(big.Rat).Quo(new(big.Rat).Mul(c.Value, big.NewRat(100, 1)), sum).FloatString(0)
		}
		r.Figures = append(r.Figures, f)
	}
	volume, stock, issued := r.Figure("volume"), r.Figure("stock"), r.Figure("issued")
	add := func(key string, a, b *big.Rat, times int64, decimals int) {
		f := Figure{Key: key, Version: definition}
		if a != nil && b != nil && b.Sign() > 0 {
			value := new(big.Rat).Quo(a, b)
			f.Value = value.Mul(value, big.NewRat(times, 1)).FloatString(decimals)
		}
		r.Figures = append(r.Figures, f)
	}
	add("passes", volume, stock, 1, 1)
	if stock != nil {
		stock = new(big.Rat).Mul(stock, big.NewRat(int64(days), 1))
	}
	add("velocity", volume, stock, 365, 1)
	add("per_issued", volume, issued, 1, 1)
	add("share_asked", r.Figure("asked"), issued, 100, 0)
	add("share_again", r.Figure("paid_again"), r.Figure("volume"), 100, 0)
	return r.Figures
}
