package report

import (
	"math/big"

	"grulden/ledger"
)

// The cells of what comes to somebody, and of what they pass on.
var (
	comes  = []cell{cellReceived, cellIssued, cellGranted, cellRejected}
	passes = append([]cell{cellAsked}, rowCells()...)
)

// rowCells are the cells of what was paid.
func rowCells() []cell {
	all := make([]cell, rowCount)
	for i := range all {
		all[i] = cellRow + cell(i)
	}
	return all
}

// standing is what shops have in a week or a month, and what went through them.
type standing struct {
	days     int
	has      map[ledger.OwnerID]*sum // added up over the ends of the days
	in, gone map[ledger.OwnerID]*sum
}

func (r *Report) standing(s spanned) standing {
	shop := r.role(shopRole)
	return standing{s.Days(), r.owned(s.block, shop, cellStock), r.owned(s.block, shop, comes...), r.owned(s.block, shop, passes...)}
}

// mean is what a shop has on average, in Grulden.
func (s standing) mean(shop ledger.OwnerID) *big.Rat {
	if has := s.has[shop]; has != nil {
		return over(ofGrains(has.big()), whole(s.days))
	}
	return new(big.Rat)
}

// passedHalf tells whether a shop passed on more than half of what it got.
func (s standing) passedHalf(shop ledger.OwnerID) bool {
	var in, gone sum
	if got := s.in[shop]; got != nil {
		in = *got
	}
	if paid := s.gone[shop]; paid != nil {
		gone = paid.twice()
	}
	return in.less(&gone)
}

// live are the shops that had or got something.
func (s standing) live() int {
	n := len(s.has)
	for shop := range s.in {
		if s.has[shop] == nil {
			n++
		}
	}
	return n
}

// pressureTable is at how many shops ever more lies that is not passed on, and how
// much lies there.
func (r *Report) pressureTable() Table {
	t := r.table(
		"pressure", Lines, r.column("shops", Text{"Winkels waar het oploopt", "Shops where it rises"}, count, false),
		r.column("of", Text{"Winkels met geld", "Shops with money"}, count, false).aside(),
		r.column("held", Text{"Bij de winkels waar het oploopt", "At the shops where it rises"}, money, false),
		r.column("all", Text{"Bij alle winkels", "At all shops"}, money, false),
		r.column("share", Text{"Deel van wat bij winkels ligt", "Share of what lies at shops"}, percent, false).aside(),
	)
	var before standing
	var last []Cell
	for i, s := range r.data.spans {
		now := r.standing(s)
		var rising, all []*big.Rat
		for shop := range now.has { // no order is needed: a sum, and the largest
			mean := now.mean(shop)
			if all = append(all, mean); i > 0 && mean.Cmp(before.mean(shop)) > 0 && !now.passedHalf(shop) {
				rising = append(rising, mean)
			}
		}
		held, total := summed(rising), summed(all)
		last = []Cell{number(len(rising)), number(now.live()), held, total, held.share(total.Value)}
		if i == 0 { // nothing to compare with
			last[0], last[2], last[4] = Cell{}, Cell{}, Cell{}
		}
		t.Rows = append(t.Rows, Row{Key: s.From.String(), Label: s.begin(), Cells: last})
		before = now
	}
	if len(t.Rows) < 2 {
		t.Sentence = pressureShort
		return r.filled(t)
	}
	if last[0].Value.Sign() == 0 {
		t.Sentence = pressureNone
	}
	t.say("{span}", r.data.spans[len(t.Rows)-1].Text())
	return r.filled(t, "{n}", last[0].Value.RatString(), "{all}", last[1].Value.RatString(), "{share}", shownShare(last[4].Value))
}
