package report

import (
	"fmt"
	"math/big"
	"slices"
)

// afterMonths are the months after which a cohort is looked at.
var afterMonths = [...]int{0, 1, 3, 6, 12}

// cohortTable is what is left of the money of each month of issue.
func (r *Report) cohortTable() Table {
	t := r.table("cohorts", Heat, r.column("made", Text{"Gemaakt", "Made"}, money, false).aside())
	for _, n := range afterMonths {
		label := Text{fmt.Sprintf("Over na %d maanden", n), fmt.Sprintf("Left after %d months", n)}
		switch n {
		case 0:
			label = Text{"Over aan het eind van de maand", "Left at the end of the month"}
		case 1:
			label = Text{"Over na 1 maand", "Left after 1 month"}
		}
		t.Columns = append(t.Columns, r.column(fmt.Sprintf("after_%d", n), label, percent, false))
	}
	for i, c := range r.data.cohorts {
		made := ofCents(c.made)
		cells := []Cell{{Value: made, Owners: r.data.end.issuedIn(i).owners}}
		for _, n := range afterMonths {
			left, known := c.left[n]
			cell := Cell{}
			if known && made.Sign() > 0 {
				cell = heldBy(&left)
				for _, v := range []*big.Rat{cell.Value, cell.Top[0], cell.Top[1]} {
					v.Quo(v, made)
				}
			}
			cells = append(cells, cell)
			cells[0].Owners = max(cells[0].Owners, cell.Owners)
		}
		t.Rows = append(t.Rows, Row{Key: fmt.Sprintf("%04d-%02d", c.month/12, c.month%12+1), Label: monthText(c.month), Cells: cells})
	}
	return r.filled(t)
}

// groupTable is who has, pays and gets how much, and what melts from whom.
func (r *Report) groupTable() Table {
	t := r.table(
		"groups", Bars,
		r.column("accounts", Text{"Rekeningen", "Accounts"}, count, true).aside(), r.column("active", Text{"Actief", "Active"}, count, true).aside(),
		r.column("held", Text{"In handen", "Held"}, money, true).aside(), r.column("held_mean", texts["stock_mean"].label, money, true),
		r.column("paid", texts["volume"].label, money, true), r.column("received", Text{"Ontvangen", "Received"}, money, true),
		r.column("melted", texts["fund_demurrage"].label, money, true).aside(),
		r.column("melted_share", Text{"Gesmolten per jaar", "Demurrage a year"}, percent, false),
		r.column("velocity", texts["velocity"].label, yearly, false),
	)
	b := r.data.total
	r.roleRows(&t, func(role int) []Cell {
		end := &r.data.end.roles[role]
		paid, melted := r.added(b, role, rowCells()...), r.added(b, role, cellMelted)
		stock, mean := ofWorth(b.heldOf(role)), r.stockOf(b, role, r.Period.Days())
		mean.Value = over(stock, whole(r.Period.Days()))
		yearly := func(of Cell) Cell {
			return ratioOf(over(new(big.Rat).Mul(of.Value, whole(365)), stock), of)
		}
		active := r.activeAs(role)
		return []Cell{
			number(end.accounts), number(active), heldBy(&end.held), mean,
			paid, r.added(b, role, cellReceived), melted, yearly(melted), yearly(paid),
		}
	})
	return r.filled(t)
}

// activeAs is how many paid or received in a role.
func (r *Report) activeAs(role int) (n int) {
	d := &r.data.total.deals
	for i, h := range r.data.holders {
		if h.role == role && !(d.of(i, cellPayments).IsZero() && d.of(i, cellReceipts).IsZero()) {
			n++
		}
	}
	return n
}

// passed are the shares of what they got at which shops are told apart.
var passed = [...]int{0, 25, 50, 75, 100}

// stuckTable tells shops apart by how much of what they got went on.
func (r *Report) stuckTable() Table {
	t := r.table(
		"stuck", Bars, r.column("shops", Text{"Winkels", "Shops"}, count, true), r.column("got", Text{"Ontvangen", "Received"}, money, true).aside(),
		r.column("kept", Text{"Blijft liggen", "Stays"}, money, true),
	)
	groups := make([]struct{ got, gone, kept among }, len(passed))
	all, stuck := 0, 0
	shop := r.role(shopRole)
	in, out := r.owned(r.data.total, shop, cellComes), r.owned(r.data.total, shop, cellPasses)
	for owner := range in {
		if in[owner] == (sum{}) {
			continue
		}
		g, gone := 0, out[owner].times(100)
		for i, share := range passed {
			if got := in[owner].times(share); !gone.less(&got) {
				g = i
			}
		}
		kept := in[owner].apart(out[owner])
		groups[g].got.add(&in[owner])
		groups[g].gone.add(&out[owner])
		groups[g].kept.add(&kept)
		if all++; g < 2 {
			stuck++
		}
	}
	for i := range groups {
		g := &groups[i]
		kept := g.kept.cell(ofWorth)
		kept.Value = new(big.Rat).Sub(ofWorth(&g.got.total), ofWorth(&g.gone.total))
		t.add(fmt.Sprintf("passed_%d", passed[i]), number(g.got.owners), g.got.cell(ofWorth), kept)
	}
	return r.filled(t, "{n}", fmt.Sprint(stuck), "{all}", fmt.Sprint(all))
}

// neverSpent is who never paid anybody, and what they hold.
func (r *Report) neverSpent() Table {
	t := r.table(
		"never_spent", Bars, r.column("accounts", Text{"Rekeningen", "Accounts"}, count, true).aside(),
		r.column("never", Text{"Nog nooit betaald", "Never paid"}, count, true),
		r.column("held", Text{"Wat zij hebben", "What they hold"}, money, true),
	)
	all, never := 0, 0
	r.roleRows(&t, func(role int) []Cell {
		end := &r.data.end.roles[role]
		all, never = all+end.accounts, never+end.unused
		return []Cell{
			number(end.accounts), number(end.unused), heldBy(&r.data.end.cells[cellUnused+min(cell(role), maxRoles-1)]),
		}
	})
	return r.filled(t, "{n}", fmt.Sprint(never), "{all}", fmt.Sprint(all))
}

// moneyFlow is where money came from and where it went: into the hands of each
// role, between roles in balance, and out.
func (r *Report) moneyFlow() Table {
	t := r.table("money_flow", Sankey, r.column("amount", Text{"Bedrag", "Amount"}, money, true))
	d, b := r.data, r.data.total
	names := slices.Sorted(slices.Values(d.roles))
	add := func(from, to string, c Cell) {
		if c.Value.Sign() > 0 {
			t.Rows = append(t.Rows, Row{
				Key: from + ">" + to, Label: Text{labelOf(from).NL + " → " + labelOf(to).NL, labelOf(from).EN + " → " + labelOf(to).EN},
				From: labelOf(from), To: labelOf(to), Cells: []Cell{c},
			})
		}
	}
	less := func(a, b Cell) Cell {
		a.Value = new(big.Rat).Sub(a.Value, b.Value)
		return a
	}
	for _, name := range names {
		role := slices.Index(d.roles, name)
		if role < len(d.start.roles) {
			add("at_start", name, heldBy(&d.start.roles[role].held))
		}
		add("bought", name, r.added(b, role, cellIssued))
		add("from_fund", name, r.added(b, role, cellGranted))
		for _, other := range names {
			to := slices.Index(d.roles, other)
			add(name, other, less(r.between(role, to), r.between(to, role)))
		}
		asked, back := r.added(b, role, cellAsked), r.added(b, role, cellRejected)
		add(name, "to_euro", less(asked, back))
		add("given_back", name, less(back, asked))
		add(name, "melted", r.added(b, role, cellMelted))
		if role < len(d.end.roles) {
			add(name, "at_end", heldBy(&d.end.roles[role].held))
		}
	}
	return r.filled(t)
}

// labelOf is what a thing or a role is called.
func labelOf(key string) Text {
	if t, ok := rowTexts[key]; ok {
		return t
	}
	return Text{key, key}
}

// between is what holders of one role gave those of another, less what came back.
func (r *Report) between(from, to int) Cell {
	d := r.data
	role := min(cell(to), maxRoles-1)
	c := r.added(d.total, from, cellTo+role, cellOwn+role)
	late := r.added(d.late, from, cellTo+role)
	c.Value.Sub(c.Value, late.Value)
	return c
}
