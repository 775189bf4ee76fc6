package report

import (
	"cmp"
	"slices"

	"grulden/demurrage"
	"grulden/ledger"
)

// Edge is what one owner paid another in a period. Refunds are dropped as they
// are from the volume, so the amounts of all edges are the volume exactly.
type Edge struct {
	From, To         ledger.OwnerID
	FromRole, ToRole string // of the accounts that paid and received
	Amount           ledger.Cents
	Count            int // of payments that count
}

// edges are the payments between different owners in a period that was cut, less
// what refunds dropped.
func (f *fold) edges(p Period, drops []dropping) (all []Edge, err error) {
	edges := make(map[way]edge)
	for day := p.From; day <= p.To; day++ {
		if day, err = f.edgesFrom(day, p.To, edges); err != nil {
			return nil, err
		}
	}
	for _, gone := range drops {
		for w, e := range gone.edges { // map order does not matter: sums
			if gone.payment >= p.From {
				was := edges[w]
				edges[w] = edge{was.cents - e.cents, was.count - e.count}
			}
		}
	}
	all = make([]Edge, 0, len(edges))
	for w, e := range edges { // map order does not matter: sorted below
		if e != (edge{}) {
			from, to := f.holders[w.from], f.holders[w.to]
			all = append(all, Edge{from.owner, to.owner, f.roles[from.role], f.roles[to.role], e.cents, e.count})
		}
	}
	slices.SortFunc(all, func(a, b Edge) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.FromRole, b.FromRole), cmp.Compare(a.ToRole, b.ToRole))
	})
	return all, nil
}

// edgesFrom adds the edges of a day, or of the whole month that begins with it,
// and tells the last day of it.
func (f *fold) edgesFrom(day, to demurrage.Day, edges map[way]edge) (demurrage.Day, error) {
	if day >= f.today {
		if day == f.today {
			for w, e := range f.day.edges { // map order does not matter: sums
				was := edges[w]
				edges[w] = edge{was.cents + e.cents, was.count + e.count}
			}
		}
		return day, nil
	}
	last, level := day, byte(keyDay)
	if end := firstOfMonth(day+31) - 1; day.FirstOfMonth() && end <= to && end < f.today {
		last, level = end, keyMonth
	}
	row, ok, err := f.rows.read(rowKey(keyEdges, []byte{level}, dayBytes(day)))
	if err != nil || !ok {
		return day, cmp.Or(err, errRows)
	}
	return last, unpackEdges(row, +1, edges)
}
