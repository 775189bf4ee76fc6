package disclosure

import (
	"context"
	"math/big"
	"slices"
	"strings"

	"grulden/demurrage"
	"grulden/internal/report"
)

// levers are what can be hidden so that nobody works out what was taken out in
// euros, in the order in which they are given up.
var levers = []func(key, lastHop string) bool{
	func(key, _ string) bool { return atEnd(key) },
	func(key, _ string) bool { return key == "stock" },
	tellsRipe,
	func(key, _ string) bool { return key == "asked" },
}

// tellsRipe tells whether a figure says what became convertible: it does itself,
// or it is what made the last transaction that it takes.
func tellsRipe(key, lastHop string) bool { return key == "ripe" || key == lastHop }

// lastHop is the key of the last hop that was counted.
func lastHop(cells []Cell) (last string) {
	for _, c := range cells {
		if strings.HasPrefix(c.Key, "hops.hop_") {
			last = c.Key
		}
	}
	return last
}

// guarded protects the cells of a release, also from who puts them beside those of
// the releases before it.
func (b *Book) guarded(ctx context.Context, before []Release, r *Release, g *gathered) ([]Cell, error) {
	run, torn, err := b.run(ctx, before, r, g)
	if err != nil {
		return nil, err
	}
	hide, last := make([]bool, len(levers)), lastHop(g.cells)
	try := func() (cells []Cell, given bool) {
		cells = slices.Clone(g.cells)
		for i, c := range cells {
			if torn && tableOf(c.Key) == "life" {
				cells[i].Why = Flow
			}
			for j, of := range levers {
				if hide[j] && of(c.Key, last) {
					cells[i].Why = Flow
				}
			}
		}
		cells = Protect(r.Rules, cells, g.relations)
		run[len(run)-1].publish(cells)
		return cells, givesAway(r.Rules, run)
	}
	cells, given := try()
	for j := 0; given && j < len(levers); j++ {
		hide[j] = true
		cells, given = try()
	}
	for j := len(levers) - 1; !given && j >= 0; j-- {
		if !hide[j] {
			continue
		}
		hide[j] = false
		if more, given := try(); given {
			hide[j] = true
		} else {
			cells = more
		}
	}
	return cells, nil
}

// publish sets what of a flow is published.
func (f *flow) publish(cells []Cell) {
	f.shown, f.ended, f.ripe, f.secret = false, false, false, true
	last := lastHop(cells)
	for _, c := range cells {
		if c.Why != Shown {
			continue
		}
		f.shown = f.shown || c.Key == "stock"
		f.secret = f.secret && c.Key != "asked"
		f.ended = f.ended || atEnd(c.Key)
		f.ripe = f.ripe || tellsRipe(c.Key, last)
	}
}

// run are the flows of a release, the last of them, and of those that it follows on
// without a day between. It is torn where one of those hid something on the way of
// money from hop to hop: how far money is now would tell what that was.
func (b *Book) run(ctx context.Context, before []Release, r *Release, g *gathered) (flows []flow, torn bool, err error) {
	first, err := b.FirstDay()
	if err != nil {
		return nil, false, err
	}
	from := len(before)
	for next := r.From; from > 0 && before[from-1].To+1 == next; from-- {
		next = before[from-1].From
	}
	for _, x := range before[from:] {
		figures, err := b.keeper.Report(ctx, x.Period(), report.Options{Brief: true, Owners: true})
		if err != nil {
			return nil, false, err
		}
		f := flowOf(figures)
		f.fresh = demurrage.Day(x.From) <= first
		cells := x.cells()
		f.publish(cells)
		flows = append(flows, f)
		torn = torn || slices.ContainsFunc(cells, func(c Cell) bool { return c.Why != Shown && onTheWay(c.Key) })
	}
	f := flowOf(g.report)
	f.fresh = demurrage.Day(r.From) <= first
	return append(flows, f), torn, nil
}

// onTheWay tells whether a figure is about the way of money from hop to hop.
func onTheWay(key string) bool {
	return key == "issued" || key == "ripe" || strings.HasPrefix(key, "hops.hop_") || tableOf(key) == "life"
}

// cells are the figures of a release, as far as they are shown.
func (r *Release) cells() (all []Cell) {
	for _, f := range r.Figures {
		c := Cell{Key: f.Key, Value: new(big.Rat), Why: Rest}
		if f.Value != "" {
			c.Why = Shown
		}
		all = append(all, c)
	}
	return all
}

// flowOf is how a period changed what all have.
func flowOf(r *report.Report) flow {
	in := new(big.Rat).Add(grulden(r.Issued+r.Granted+r.Rejected), r.Rounding)
	start, end := r.ConvertibleHeld()
	ripened := new(big.Rat).Sub(end, start)
	return flow{
		in: in, out: grulden(r.Requested), melted: new(big.Rat).Add(r.Demurrage, r.Left),
		mean: r.StockMean, end: r.StockEnd, ripeEnd: end, ripened: ripened.Add(ripened, grulden(r.Requested)),
	}
}
