package report

import (
	"cmp"
	"slices"

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

// Edges are the payments between different owners in the period, by payer and
// receiver; a brief report has none.
func (r *Report) Edges() []Edge { return r.edges }

// edges are the payments between different owners in a period that was cut, less
// what refunds dropped.
func (f *fold) edges(p Period, drops []dropping) (all []Edge, err error) {
	var lists [][]edge
	for day := p.From; day <= min(p.To, f.today-1); day++ {
		level, last := f.level(day, p)
		edges, err := f.rows.edges(level, day)
		if err != nil {
			return nil, err
		}
		lists, day = append(lists, edges), last
	}
	if p.has(f.today) {
		lists = append(lists, inOrder(slices.Clone(f.day.edges)))
	}
	for _, gone := range drops {
		if gone.payment >= p.From {
			edges := inOrder(slices.Clone(gone.edges))
			for i := range edges {
				edges[i].cents, edges[i].count = -edges[i].cents, -edges[i].count
			}
			lists = append(lists, edges)
		}
	}
	for _, e := range joined(lists) {
		if e.cents != 0 || e.count != 0 {
			from, to := f.holders[e.from], f.holders[e.to]
			all = append(all, Edge{from.owner, to.owner, f.roles[from.role], f.roles[to.role], e.cents, e.count})
		}
	}
	slices.SortFunc(all, func(a, b Edge) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.FromRole, b.FromRole), cmp.Compare(a.ToRole, b.ToRole))
	})
	return all, nil
}
