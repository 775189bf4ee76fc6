package report

import (
	"cmp"
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// Text is the same in the languages of the pages.
type Text struct {
	NL string `json:"nl"`
	EN string `json:"en"`
}

// In is the text in a language: "en" is English, all else Dutch.
func (t Text) In(lang string) string {
	if lang == "en" {
		return t.EN
	}
	return t.NL
}

// fill puts words into a text: pairs of what stands in it and what to put there.
func (t Text) fill(pairs ...string) Text {
	r := strings.NewReplacer(pairs...)
	return Text{r.Replace(t.NL), r.Replace(t.EN)}
}

// Line is one figure, ready to be shown.
type Line struct {
	Key        string
	Label      Text
	Value      string // rounded, with a decimal point; empty for no value
	Exact      string // the same as a whole number or a fraction; empty for no value
	Unit       Text
	Definition Text
	Caveat     Text    // what it does not show; may be empty
	Version    int     // of the definition; it goes up when the same entries give another number
	Formula    string  // in the letters I, R, V, M, T and h; may be empty
	Before     *Change // what it was; nil where nothing is compared
	scale      scale
}

// Shown is the value as a language writes it: 1.234,50 in Dutch, 1,234.50 in
// English, a dash for no value.
func (l Line) Shown(lang string) string { return grouped(l.Value, lang) }

// scale is a kind of figures: in what, and with how many decimals.
type scale struct {
	unit     Text
	decimals int
	factor   int64
	ratio    bool // two of them differ by so much, and not by so many per cent
}

var (
	money   = scale{Text{"{coin}", "{coin}"}, 2, 1, false}
	euros   = scale{Text{"euro", "euros"}, 2, 1, false}
	count   = scale{Text{"", ""}, 0, 1, false}
	days    = scale{Text{"dagen", "days"}, 2, 1, false}
	times   = scale{Text{"keer", "times"}, 3, 1, true}
	yearly  = scale{Text{"keer per jaar", "times a year"}, 3, 1, true}
	percent = scale{Text{"%", "%"}, 1, 100, true}
)

// Lines are the figures in the order of reading.
func (r *Report) Lines() []Line {
	lines := []Line{
		r.line("issued", money, ofCents(r.Issued)),
		r.line("granted", money, ofCents(r.Granted)),
		r.line("redeemed", euros, ofCents(r.PaidOut)),
		r.line("redemption_fees", euros, ofCents(r.Fees)),
		r.line("share_redeemed", percent, r.ShareRedeemed),
		r.line("requested", money, ofCents(r.Requested)),
		r.line("rejected", money, ofCents(r.Rejected)),
		r.line("waiting", money, ofCents(r.Waiting)),
		r.line("stock_start", money, r.StockStart),
		r.line("stock_end", money, r.StockEnd),
		r.line("stock_mean", money, r.StockMean),
		r.line("volume", money, ofCents(r.Volume)),
		r.line("refunded", money, ofCents(r.Refunded)),
		r.line("refunded_late", money, ofCents(r.RefundedLate)),
		r.line("payments", count, whole(r.Payments)),
		r.line("payers", count, whole(r.Payers)),
		r.line("receivers", count, whole(r.Receivers)),
		r.line("participants", count, whole(r.Participants)),
		r.line("velocity", yearly, r.Velocity),
		r.line("multiplier", times, r.Multiplier),
	}
	lines = append(lines, r.derivedLines()...)
	lines = append(lines, r.volumeLines()...)
	return r.compared(append(
		lines,
		r.line("holding_mean", days, r.HoldingMean),
		r.line("holding_median", days, r.HoldingMedian),
		r.line("redeemed_age", days, r.RedeemedAge),
		r.line("held_age", days, r.HeldAge),
		r.line("fund_demurrage", money, r.Demurrage),
		r.line("fund_fees", money, ofCents(r.Fees)),
		r.line("fund_left", money, r.Left),
		r.line("fund_income", money, r.FundIncome()),
		r.line("fund_granted", money, ofCents(r.Granted)),
		r.line("fund_rounding", money, r.Rounding),
		r.line("fund_start", money, r.FundStart),
		r.line("fund_end", money, r.FundEnd),
	))
}

// volumeLines are the rows that the volume is made of.
func (r *Report) volumeLines() []Line {
	var lines []Line
	for i, value := range r.ByHop {
		l := r.line("volume_hop", money, value, "{k}", strconv.Itoa(i+1))
		l.Key += "_" + strconv.Itoa(i+1)
		lines = append(lines, l)
	}
	lines = append(
		lines,
		r.line("volume_returned", money, r.Returned),
		r.line("volume_same_day", money, r.SameDay),
		r.line("volume_convertible", money, r.Convertible),
	)
	return lines
}

// line makes the line of a figure, with its texts.
func (r *Report) line(key string, s scale, value *big.Rat, pairs ...string) Line {
	w := texts[key]
	l := NewLine(key, value, s.decimals, s.factor)
	l.scale = s
	l.Unit, l.Formula = r.worded(s.unit, pairs...), w.formula
	l.Label, l.Definition = r.worded(w.label, pairs...), r.worded(w.definition, pairs...)
	l.Caveat, l.Version = r.worded(caveats[key], pairs...), 1
	return l
}

// NewLine is a figure without its words: a value, nil for none, that is shown
// times a factor and with so many decimals.
func NewLine(key string, value *big.Rat, decimals int, factor int64) Line {
	l := Line{Key: key}
	if value != nil {
		value = new(big.Rat).Mul(value, big.NewRat(factor, 1))
		l.Exact, l.Value = value.RatString(), decimal(value, decimals)
	}
	return l
}

// decimal writes a number with so many decimals, rounded to the nearest, halves
// away from nought; never a nought with a minus.
func decimal(value *big.Rat, decimals int) string {
	text := value.FloatString(decimals)
	if strings.Trim(text, "-0.") == "" {
		return strings.TrimPrefix(text, "-")
	}
	return text
}

func whole(n int) *big.Rat { return big.NewRat(int64(n), 1) }

// title names the report and its period.
func (r *Report) title() Text {
	n := r.Period.Days()
	return r.worded(Text{
		fmt.Sprintf("Verslag van {from} tot en met {to}: %d %s", n, cmp.Or(one(n, "dag"), "dagen")),
		fmt.Sprintf("Report from {from} to {to} inclusive: %d %s", n, cmp.Or(one(n, "day"), "days")),
	})
}

// one is a word for one of a thing, empty for more.
func one(n int, word string) string {
	if n == 1 {
		return word
	}
	return ""
}
