package report

import "math/big"

// standing is what shops have in a week or a month, and what went through them, by
// the number of the owner.
type standing struct {
	days     int
	has      []sum // added up over the ends of the days
	in, gone []sum
}

func (r *Report) standing(s spanned) *standing {
	shop := r.role(shopRole)
	return &standing{s.Days(), r.owned(s.block, shop, cellKeeps), r.owned(s.block, shop, cellComes), r.owned(s.block, shop, cellPasses)}
}

// moreThan tells whether a shop has more on average than it had before.
func (s *standing) moreThan(before *standing, shop int) bool {
	was, now := before.has[shop].times(s.days), s.has[shop].times(before.days)
	return was.less(&now)
}

// passedHalf tells whether a shop passed on more than half of what it got.
func (s *standing) passedHalf(shop int) bool {
	gone := s.gone[shop].twice()
	return s.in[shop].less(&gone)
}

// mean is what some shops have on average, in Grulden.
func (s *standing) mean(of *sum) *big.Rat { return over(ofGrains(of.big()), whole(s.days)) }

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
	var before *standing
	var last []Cell
	for i, s := range r.data.spans {
		now, live, more := r.standing(s), 0, 0
		var stays, all among
		for shop := range now.has {
			if now.has[shop] != (sum{}) || now.in[shop] != (sum{}) {
				live++
			}
			if now.has[shop] == (sum{}) {
				continue
			}
			all.add(&now.has[shop])
			if i == 0 || !now.moreThan(before, shop) {
				continue
			}
			if more++; !now.passedHalf(shop) {
				stays.add(&now.has[shop])
			}
		}
		held, total := stays.cell(now.mean), all.cell(now.mean)
		last = []Cell{number(more), number(stays.owners), number(live), held, total, held.share(total.Value)}
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
