package whatif

import (
	"math/big"
	"strings"

	"grulden/demurrage"
	"grulden/internal/policy"
	"grulden/internal/report"
	"grulden/ledger"
)

// Outcome is the figures of several scenarios beside each other.
type Outcome struct {
	From, To  demurrage.Day
	Model     *Model            // nil: of the wijk's own history
	Worlds    int               // made-up wijken, each with a seed of its own; 1 for a history
	Entries   uint64            // looked at, or lived through under the rules of today
	Scenarios []policy.Scenario // the first is what was, or the rules of today
	Wijk      []Row             // of the wijk as a whole
	Hops      []Row             // what was paid, by how far it was on its way to euros
	Groups    []Group           // each of at least policy.Least accounts
}

// Group is accounts of one role and of about the same turnover.
type Group struct {
	Role     string // empty: all accounts together
	Part, Of int    // the Part-th of Of, the smallest turnover first
	Accounts int
	Rows     []Row
}

// Row is one figure under each scenario.
type Row struct {
	Figure
	Values  []*big.Rat   // of several worlds the median; nil for no value: its divisor is nought
	Spreads []Spread     // nil for one world
	Each    [][]*big.Rat // by scenario, of each of several worlds
	worlds  int
}

// Figure is what a row tells, and what it does not.
type Figure struct {
	Key        string
	Label      report.Text
	Unit       report.Text
	Decimals   int
	Definition report.Text
}

// Shown is a value as a language writes it.
func (r *Row) Shown(i int, lang string) string { return r.shown(r.Values[i], lang) }

// Range is the lowest and the highest value of several worlds.
func (r *Row) Range(i int, lang string) (low, high string) {
	return r.shown(r.Spreads[i].Low, lang), r.shown(r.Spreads[i].High, lang)
}

func (r *Row) shown(v *big.Rat, lang string) string {
	return report.Line{Value: r.rounded(v)}.Shown(lang)
}

func (r *Row) value(i int) string { return r.rounded(r.Values[i]) }

// rounded is a value for reading; empty for none.
func (r *Row) rounded(v *big.Rat) string {
	if v == nil {
		return ""
	}
	text := v.FloatString(r.Decimals)
	if strings.Trim(text, "-0.") == "" { // a rounding for somebody, of a grain or so
		text = strings.TrimPrefix(text, "-")
	}
	return text
}

// outcomeOf turns previews, which have their first side in common, into rows.
func outcomeOf(previews []*policy.Preview, others []policy.Scenario, now ledger.Policy) *Outcome {
	first := previews[0]
	o := &Outcome{
		From: first.From, To: first.To, Entries: first.Entries, Worlds: 1,
		Scenarios: append([]policy.Scenario{{Policy: now}}, others...),
	}
	days := int64(first.To-first.From) + 1
	o.Wijk = rowsOf(wijkFigures, previews, func(p *policy.Preview, would bool) map[string]*big.Rat {
		if would {
			return ofWijk(&p.Would, p.Fund.Would, p.Fund.Grants, days)
		}
		return ofWijk(&p.Was, p.Fund.Was, p.Fund.WasGrants, days)
	})
	most := 0
	for _, s := range o.Scenarios {
		most = max(most, int(s.Policy.Hops))
	}
	hops := rowsOf(hopFigures(most), previews, func(p *policy.Preview, would bool) map[string]*big.Rat {
		if would {
			return ofHops(&p.Would.Hops)
		}
		return ofHops(&p.Was.Hops)
	})
	o.Hops = without(hops, "hop_late")
	for i, g := range first.Groups {
		if g.Accounts < policy.Least {
			continue
		}
		o.Groups = append(o.Groups, Group{
			Role: g.Role, Part: g.Part, Of: g.Of, Accounts: g.Accounts,
			Rows: rowsOf(groupFigures, previews, func(p *policy.Preview, would bool) map[string]*big.Rat {
				g := &p.Groups[i]
				if would {
					return ofGroup(&g.Would, g.Payments, g.Requests)
				}
				return ofGroup(&g.Was, g.WasPayments, g.WasRequests)
			}),
		})
	}
	return o
}

// rowsOf sets the figures of all scenarios beside each other.
func rowsOf(figures []Figure, previews []*policy.Preview, of func(p *policy.Preview, would bool) map[string]*big.Rat) []Row {
	columns := []map[string]*big.Rat{of(previews[0], false)}
	for _, p := range previews {
		columns = append(columns, of(p, true))
	}
	rows := make([]Row, len(figures))
	for i, f := range figures {
		rows[i].Figure = f
		for _, column := range columns {
			rows[i].Values = append(rows[i].Values, column[f.Key])
		}
	}
	return rows
}

// ofWijk are the figures of the wijk as a whole. Stock is the sum over days of
// what all had, so that V/(M·T) is V times 365 over it.
func ofWijk(w *policy.Whole, fund *big.Int, grants policy.Lost, days int64) map[string]*big.Rat {
	volume := money(w.Volume)
	total := grains(w.Stock)
	figures := map[string]*big.Rat{
		"reserve": money(w.Reserve), "fund": grains(fund), "issued": money(w.Issued), "volume": volume,
		"stock_mean":     new(big.Rat).Quo(total, big.NewRat(days, 1)),
		"velocity":       over(new(big.Rat).Mul(volume, big.NewRat(policy.Year, 1)), total),
		"grants_refused": number(grants.Count),
	}
	if v := over(volume, money(w.Issued)); v != nil {
		figures["k_real"] = v.Add(v, big.NewRat(1, 1))
	}
	return figures
}

// ofHops are the figures of what the volume is made of.
func ofHops(h *policy.Hops) map[string]*big.Rat {
	figures := map[string]*big.Rat{
		"hop_late": money(h.Late), "ripe_hops": worth(h.ByHops), "ripe_age": worth(h.ByAge),
		"hop_returned": worth(h.Paid[policy.WayReturned]), "hop_same_day": worth(h.Paid[policy.WaySameDay]),
		"hop_convertible": worth(h.Paid[policy.WayConvertible]),
	}
	for k := 1; k <= ledger.MaxHops; k++ {
		figures[hopKey(k)] = worth(h.Paid[k])
	}
	return figures
}

func ofGroup(f *policy.Figures, payments, requests policy.Lost) map[string]*big.Rat {
	return map[string]*big.Rat{
		"held": grains(f.Held), "melted": grains(f.Melted), "convertible": grains(f.Convertible),
		"spent": money(f.Spent), "received": money(f.Received), "paid_out": money(f.PaidOut), "fees": money(f.Fees),
		"payments_refused": number(payments.Count), "payments_refused_sum": money(payments.Sum),
		"requests_refused": number(requests.Count), "requests_refused_sum": money(requests.Sum),
	}
}

func money(c ledger.Cents) *big.Rat { return big.NewRat(int64(c), 100) }

func number(n int) *big.Rat { return big.NewRat(int64(n), 1) }

// grains is an amount in grains in Grulden.
func grains(g *big.Int) *big.Rat {
	return new(big.Rat).SetFrac(g, big.NewInt(100*ledger.GrainsPerCent))
}

// worth is an amount in grains × 10¹⁸ in Grulden.
func worth(w demurrage.Wide) *big.Rat {
	return new(big.Rat).SetFrac(w.Big(), demurrage.Mul64(demurrage.One, 100*ledger.GrainsPerCent).Big())
}

// over is a fraction, nil where its divisor is nought.
func over(a, b *big.Rat) *big.Rat {
	if b.Sign() == 0 {
		return nil
	}
	return new(big.Rat).Quo(a, b)
}
