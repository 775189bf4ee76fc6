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

// mean is what a shop has on average, in Grulden; nothing, where no time is told of.
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
		"pressure", Lines, r.column("more", Text{"Winkels waar meer ligt dan ervoor", "Shops where more lies than before"}, count, false),
		r.column("shops", Text{"Daarvan: gaf hoogstens de helft door", "Of these: passed on half at most"}, count, false),
		r.column("of", Text{"Winkels met geld", "Shops with money"}, count, false).aside(),
		r.column("held", Text{"Bij wie hoogstens de helft doorgaf", "At those that passed on half at most"}, money, false),
		r.column("all", Text{"Bij alle winkels", "At all shops"}, money, false),
		r.column("share", Text{"Deel van wat bij winkels ligt", "Share of what lies at shops"}, percent, false).aside(),
	)
	var before standing
	var last []Cell
	for i, s := range r.data.spans {
		now := r.standing(s)
		var more int
		var stays, all []*big.Rat
		for shop := range now.has { // no order is needed: a sum, and the largest
			mean := now.mean(shop)
			if all = append(all, mean); mean.Cmp(before.mean(shop)) <= 0 {
				continue
			}
			if more++; !now.passedHalf(shop) {
				stays = append(stays, mean)
			}
		}
		held, total := summed(stays), summed(all)
		last = []Cell{number(more), number(len(stays)), number(now.live()), held, total, held.share(total.Value)}
		if i == 0 { // nothing to compare with
			last[0], last[1], last[3], last[5] = Cell{}, Cell{}, Cell{}, Cell{}
		}
		t.Rows = append(t.Rows, Row{Key: s.From.String(), Label: s.begin(), Cells: last})
		before = now
	}
	switch {
	case len(t.Rows) < 2:
		t.Sentence = pressureShort
		return r.filled(t)
	case last[0].Value.Sign() == 0:
		t.Sentence = pressureNone
	case last[1].Value.Sign() == 0:
		t.Sentence = pressurePassed
	}
	t.say("{span}", r.data.spans[len(t.Rows)-1].Text())
	return r.filled(
		t, "{more}", last[0].Value.RatString(), "{n}", last[1].Value.RatString(), "{all}", last[2].Value.RatString(),
		"{share}", shownShare(last[5].Value),
	)
}
