package circulation

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strconv"

	"grulden/internal/network"
	"grulden/internal/report"
)

// version is that of the definitions; it goes up when the same list gives
// another number.
const version = 1

// yearDays is how many days a year has in a velocity.
const yearDays = 365

// listed is how many hops have a figure each; what has more stands together.
const listed = 10

// conversion is after how many hops Grulden may become euros.
const conversion = 5

// LM3 is the local multiplier of three rounds (New Economics Foundation): what
// came in, what of that was spent locally, and what of that was spent locally
// again, divided by what came in. It is nil if nothing came in.
func LM3(first, second, third *big.Rat) *big.Rat { return over(plus(first, second, third), first) }

// Rounds is what an amount comes to in all, if it is handed on so many times,
// each time only a share of it: 1 + r + r² + …, so many terms.
func Rounds(amount, share *big.Rat, terms int) *big.Rat {
	sum, term := new(big.Rat), new(big.Rat).Set(amount)
	for range terms {
		sum.Add(sum, term)
		term.Mul(term, share)
	}
	return sum
}

// sums of a window, with the letters of formulas.

// mean is M, the coins with users on average over the window.
func (r *Result) mean() *big.Rat { return over(r.StockDays, r.Days) }

// left is all that left users' hands.
func (r *Result) left() *big.Rat { return plus(r.Redeemed, r.Melted, r.SystemOut) }

// forwarding is r: of what users handed over or gave up, the share that stayed
// with users.
func (r *Result) forwarding() *big.Rat { return over(r.Volume, plus(r.Volume, r.left())) }

// leakage is k = 1 + V / left, as if it went on for ever.
func (r *Result) leakage(left *big.Rat) *big.Rat { return onePlus(over(r.Volume, left)) }

func onePlus(x *big.Rat) *big.Rat {
	if x == nil {
		return nil
	}
	return plus(big.NewRat(1, 1), x)
}

// yearly is how often a year, of a sum of the window per coin.
func (r *Result) yearly(sum *big.Rat) *big.Rat {
	return times(over(sum, r.StockDays), big.NewRat(yearDays, 1))
}

// period is how often in the window, of a sum of it per coin.
func (r *Result) period(sum *big.Rat) *big.Rat { return over(sum, r.mean()) }

// scale is how a figure is shown.
type scale struct {
	unit     report.Text
	decimals int
	factor   int64
}

var (
	money   = scale{report.Text{NL: "munten", EN: "coins"}, 2, 1}
	count   = scale{report.Text{}, 0, 1}
	inDays  = scale{report.Text{NL: "dagen", EN: "days"}, 2, 1}
	factor  = scale{report.Text{NL: "keer", EN: "times"}, 4, 1}
	ratio   = scale{report.Text{}, 6, 1}
	window  = scale{report.Text{NL: "keer in deze tijd", EN: "times in the window"}, 6, 1}
	perYear = scale{report.Text{NL: "keer per jaar", EN: "times a year"}, 6, 1}
	percent = scale{report.Text{NL: "%", EN: "%"}, 2, 100}
)

// line is a figure with the words that stand under its key.
func line(key string, s scale, value *big.Rat) report.Line {
	l := report.NewLine(key, value, s.decimals, s.factor)
	w := texts[key]
	l.Unit, l.Label, l.Definition, l.Caveat, l.Formula, l.Version = s.unit, w.label, w.definition, w.caveat, w.formula, version
	return l
}

func whole(n int) *big.Rat { return big.NewRat(int64(n), 1) }

// Lines are the figures that need no rule, in the order of reading.
func (r *Result) Lines() []report.Line {
	lines := []report.Line{
		line("days", inDays, r.Days),
		line("rows", count, whole(r.Rows)),
		line("dropped_self", count, whole(r.Self)),
		line("dropped_undone", count, whole(r.Undone)),
		line("accounts", count, whole(r.Accounts)),
		line("active", count, whole(r.Active)),
		line("issued", money, r.Issued),
		line("redeemed", money, r.Redeemed),
		line("demurrage", money, r.Melted),
		line("system_in", money, r.SystemIn),
		line("system_out", money, r.SystemOut),
		line("opening", money, r.Opening),
		line("outstanding", money, r.Stock),
		line("M_avg", money, r.mean()),
		line("volume", money, r.Volume),
		line("payments", count, whole(r.Payments)),
		line("V_period", window, r.period(r.Volume)),
		line("V_year", perYear, r.yearly(r.Volume)),
	}
	if r.Sales != nil {
		lines = append(
			lines,
			line("income_volume", money, r.Sales),
			line("income_velocity_period", window, r.period(r.Sales)),
			line("income_velocity_year", perYear, r.yearly(r.Sales)),
		)
	}
	lines = append(
		lines,
		line("realised_multiplier", factor, onePlus(over(r.Volume, r.Issued))),
		line("vol_per_issued", factor, over(r.Volume, r.Issued)),
		line("retention_end", percent, over(r.Stock, r.IssuedAll)),
		line("demurrage_yield", percent, over(r.Melted, r.mean())),
		line("forwarding_r", percent, r.forwarding()),
		line("leak_multiplier", factor, r.leakage(r.left())),
		line("redeem_multiplier", factor, r.leakage(r.Redeemed)),
		line("pass_on_share", percent, r.passOn()),
		line("pass_on_multiplier", factor, over(r.Volume, r.Redeemed)),
		line("six_rounds", factor, r.sixRounds()),
		line("user_retention", percent, over(whole(r.ActiveAgain), whole(r.ActiveFirst))),
		line("gini_balance", ratio, network.Gini(r.Balances)),
		line("gini_held", ratio, network.Gini(r.held())),
		line("gini_income", ratio, network.Gini(r.Received)),
		line("edges", count, whole(r.Pairs)),
	)
	return append(lines, r.networkLines()...)
}

// held are the balances of those who have a hundredth of a coin or more.
func (r *Result) held() []*big.Rat {
	hundredth := big.NewRat(1, 100)
	return slices.DeleteFunc(slices.Clone(r.Balances), func(b *big.Rat) bool { return b.Cmp(hundredth) < 0 })
}

// passOn is r′ = 1 − R/V, the share of receipts that was passed on.
func (r *Result) passOn() *big.Rat {
	redeemed := over(r.Redeemed, r.Volume)
	if redeemed == nil {
		return nil
	}
	return redeemed.Sub(big.NewRat(1, 1), redeemed)
}

// sixRounds is what one coin would come to in six rounds at r.
func (r *Result) sixRounds() *big.Rat {
	share := r.forwarding()
	if share == nil {
		return nil
	}
	return Rounds(big.NewRat(1, 1), share, 6)
}

func (r *Result) networkLines() []report.Line {
	f := r.Network
	if f == nil {
		return nil
	}
	lines := []report.Line{
		line("nodes", count, whole(f.Nodes)),
		line("recip_binary", percent, f.Reciprocity()),
		line("recip_weighted", percent, f.MutualShare()),
		line("scc_largest_nodes", count, whole(f.CoreNodes)),
		line("scc_largest_node_share", percent, f.CoreNodeShare()),
		line("vol_inside_largest_scc", percent, f.CoreVolumeShare()),
		line("vol_inside_any_scc", percent, f.ReturnableShare()),
		line("max_circular_share", percent, f.CirculatingShare()),
		line("net_imbalance_share", percent, f.ImbalanceShare()),
		line("cycle_share_le5", percent, f.PeeledShare()),
	}
	for n := 2; n <= network.LongestCycle; n++ {
		lines = append(lines, numbered("cycle_vol", n, coins(f.Peeled[n])))
	}
	received := network.Concentrated(r.Received)
	return append(
		lines,
		line("assortativity", ratio, f.Assortativity),
		line("largest_receiver", percent, received.Largest),
		line("three_largest_receivers", percent, received.Three),
		line("hhi_receipts", ratio, received.HHI),
	)
}

// numbered is a figure of which there are several, with its number in its key
// and its words.
func numbered(key string, n int, amount *big.Rat) report.Line {
	l := line(key, money, amount)
	number := strconv.Itoa(n)
	l.Key += "_" + number
	l.Label = report.Text{NL: fmt.Sprintf(l.Label.NL, number), EN: fmt.Sprintf(l.Label.EN, number)}
	return l
}

// PathLines are the figures that depend on a rule, in the order of reading.
func (r *Result) PathLines(p *Path) []report.Line {
	h := over(p.Lay, r.Volume)
	exits := plus(slices.Concat(p.Redeemed, p.Melted, p.Other)...)
	lines := []report.Line{
		line("mean_hold_days", inDays, h),
		line("med_hold", inDays, p.Median),
		line("V_inv_period", window, over(r.Days, h)),
		line("M_eff", money, over(p.Lay, r.Days)),
		line("M_eff_frac", percent, over(p.Lay, r.StockDays)),
		line("LM3", factor, LM3(r.Issued, at(p.Hops, 1), at(p.Hops, 2))),
	}
	lines = append(lines, byHops("hop_volume", p.Hops, 1, p.Capped)...)
	lines = append(lines, byHops("exit_hops", p.exits(), 0, p.Capped)...)
	lines = append(
		lines,
		line("mean_hops_exit", factor, over(p.ExitHops, exits)),
		line("mean_age_exit", inDays, over(p.ExitDays, exits)),
		line("share_exit_ge5", percent, over(from(p.exits(), conversion), exits)),
	)
	lines = append(lines, byHops("exit_redeemed", p.Redeemed, 0, p.Capped)...)
	lines = append(lines, byHops("rest_hops", p.Rest, 0, p.Capped)...)
	return append(lines, line("share_rest_ge5", percent, over(from(p.Rest, conversion), r.Stock)))
}

// exits is all that left, by hops.
func (p *Path) exits() []*big.Rat {
	all := make([]*big.Rat, max(len(p.Redeemed), len(p.Melted), len(p.Other)))
	for k := range all {
		all[k] = plus(at(p.Redeemed, k), at(p.Melted, k), at(p.Other, k))
	}
	return all
}

// at is a number of a list, nought beyond its end.
func at(all []*big.Rat, k int) *big.Rat {
	if k < len(all) {
		return all[k]
	}
	return new(big.Rat)
}

// from is the sum of the numbers of a list from one on.
func from(all []*big.Rat, k int) *big.Rat { return plus(all[min(k, len(all)):]...) }

// byHops is a figure for each number of hops that has something, and one for
// those beyond the list.
func byHops(key string, all []*big.Rat, first, capped int) []report.Line {
	var lines []report.Line
	last := min(listed, cmp.Or(capped, listed+1)-1)
	for k := first; k <= last && k < len(all); k++ {
		if all[k].Sign() != 0 {
			lines = append(lines, numbered(key, k, all[k]))
		}
	}
	if more := from(all, last+1); more.Sign() != 0 {
		l := numbered(key, last+1, more)
		l.Key += "_or_more"
		l.Label.NL += " of meer"
		l.Label.EN += " or more"
		lines = append(lines, l)
	}
	return lines
}
