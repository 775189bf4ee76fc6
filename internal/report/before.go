package report

import (
	"context"
	"errors"
	"math/big"

	"grulden/demurrage"
	"grulden/ledger"
)

// Before is the period that a period is compared with: of whole months as many
// months before it, of any other as many days.
func (p Period) Before() Period {
	before := Period{p.From - demurrage.Day(p.Days()), p.From - 1}
	if p.From.FirstOfMonth() && (p.To + 1).FirstOfMonth() {
		before.From = p.From
		for range monthOf(p.To) - monthOf(p.From) + 1 {
			before.From = (before.From - 1).MonthBegin()
		}
	}
	return before
}

// Change is a figure of the period before, and how much more it is now.
type Change struct {
	Period Period // before
	Before string // as the figure is rounded; empty for no value
	Exact  string // the same as a whole number or a fraction
	By     string // with a decimal point; empty for none
	Unit   Text   // of By: an amount changes by per cent, a share or a ratio by so much
}

// Shown is the figure of the period before as a language writes it.
func (c *Change) Shown(lang string) string { return grouped(c.Before, lang) }

// More is how much more it is now: +12,0 %, −0,4 points, the same; empty for none.
func (c *Change) More(lang string) string {
	by, ok := new(big.Rat).SetString(c.By)
	switch {
	case !ok:
		return ""
	case c.Unit == (Text{}):
		return Text{"gelijk", "the same"}.In(lang)
	}
	more := grouped(c.By, lang) + " " + c.Unit.In(lang)
	if by.Sign() > 0 {
		return "+" + more
	}
	return more
}

// points are what shares in per cent differ by: per cent of per cent misleads.
var points = Text{"punten", "points"}

// since says how much a figure changed from what it was.
func (l Line) since(was Line, p Period) *Change {
	c := &Change{Period: p, Before: was.Value, Exact: was.Exact}
	now, ok := new(big.Rat).SetString(l.Exact)
	before, known := new(big.Rat).SetString(was.Exact)
	if !ok || !known {
		return c
	}
	switch diff := now.Sub(now, before); {
	case diff.Sign() == 0:
		c.By = "0"
	case l.scale == percent:
		c.By, c.Unit = decimal(diff, percent.decimals), points
	case l.scale.ratio:
		c.By, c.Unit = decimal(diff, l.scale.decimals), l.Unit
	case before.Sign() > 0: // of nothing there is no share
		diff.Quo(diff, before)
		c.By, c.Unit = decimal(diff.Mul(diff, big.NewRat(percent.factor, 1)), percent.decimals), percent.unit
	}
	return c
}

// Beside puts the report of the period before beside a report: its lines then say
// what they were.
func (r *Report) Beside(before *Report) { r.before = before }

// Before is the report that stands beside a report, nil for none.
func (r *Report) Before() *Report { return r.before }

// besideText says what a report of the period before is there for.
func (r *Report) besideText() Text {
	p := r.Period.Text()
	return Text{
		"Vergeleken met de periode ervoor: " + p.NL + ". Verschillen zijn van vóór het afronden.",
		"Compared with the period before: " + p.EN + ". Differences are of the figures before rounding.",
	}
}

// compared puts what they were beside figures.
func (r *Report) compared(lines []Line) []Line {
	if r.before == nil {
		return lines
	}
	was := make(map[string]Line)
	for _, l := range r.before.Lines() {
		was[l.Key] = l
	}
	for i, l := range lines {
		if before, ok := was[l.Key]; ok {
			lines[i].Before = l.since(before, r.before.Period)
		}
	}
	return lines
}

// Compare puts the report of the period before beside a report, where the ledger
// lived all of that. It is of no use to know part of it.
func (k *Keeper) Compare(ctx context.Context, r *Report) error {
	p := r.Period.Before()
	if !k.lived(p.From) {
		return nil
	}
	before, err := k.Report(ctx, p, Options{Coin: r.Coin, Brief: true, Sectors: map[ledger.OwnerID]string{}})
	if errors.Is(err, ErrNothing) || err == nil && before.Period != p {
		return nil
	}
	if err == nil {
		r.Beside(before)
	}
	return err
}

// lived tells whether the ledger lived on a day. It has been read that far when a
// report was made.
func (k *Keeper) lived(day demurrage.Day) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.f == nil || k.f.first <= day
}
