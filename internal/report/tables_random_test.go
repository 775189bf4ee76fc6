package report

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"grulden/internal/record"
	"grulden/ledger"
)

// somePeriods calls fn with reports of random histories.
func somePeriods(t *testing.T, seeds uint64, fn func(t *testing.T, records []*record.Record, r *Report)) {
	t.Helper()
	for seed := range seeds {
		records := history(t, seed, 150, names{})
		for i, p := range periods(records, rand.New(rand.NewPCG(seed, 5))) {
			r := reportOn(t, records, p, p.To)
			if i == 1 { // days after the last entry, on which nothing happened but melting
				last := records[len(records)-1].Moment.Day
				r = reportOn(t, records, Period{last - 3, last + 40}, last+40)
			}
			t.Run(fmt.Sprintf("seed %d, %v to %v", seed, r.Period.From, r.Period.To), func(t *testing.T) { fn(t, records, r) })
		}
	}
}

// columnSum adds up a column of a table.
func columnSum(t testing.TB, table Table, key string) *big.Rat {
	t.Helper()
	sum := new(big.Rat)
	for _, row := range table.Rows {
		if v := cellAt(t, table, row, key).Value; v != nil {
			sum.Add(sum, v)
		}
	}
	return sum
}

// cellAt is the cell of a row in a column.
func cellAt(t testing.TB, table Table, row Row, column string) Cell {
	t.Helper()
	for i, c := range table.Columns {
		if c.Key == column {
			return row.Cells[i]
		}
	}
	t.Fatalf("table %s has no column %s", table.Key, column)
	return Cell{}
}

// near tells whether two amounts are the same but for roundings to grains.
func near(a, b *big.Rat, entries int) bool {
	diff := new(big.Rat).Sub(a, b)
	return diff.Abs(diff).Cmp(ofGrains(big.NewInt(int64(entries)))) <= 0
}

// TestTablesAddUpToTheFigures: what is told apart in a table is together what the
// report says in one number.
func TestTablesAddUpToTheFigures(t *testing.T) {
	somePeriods(t, 8, func(t *testing.T, records []*record.Record, r *Report) {
		eachCellSaysWhoseItIs(t, r)
		moneyIsKept(t, records, r)
		noCohortGrows(t, records, r)
		same := func(what string, got, want *big.Rat) {
			t.Helper()
			if got.Cmp(want) != 0 {
				t.Errorf("%s: %v, want %v", what, got, want)
			}
		}
		close := func(what string, got, want *big.Rat) {
			t.Helper()
			if !near(got, want, len(records)*8+r.Period.Days()*8) {
				t.Errorf("%s: %v, want about %v", what, got, want)
			}
		}
		volume := ofCents(r.Volume)
		same("hops", columnSum(t, table(t, r, "hops"), "volume"), volume)
		same("paid after", columnSum(t, table(t, r, "holding"), "ended"), volume)
		groups := table(t, r, "groups")
		same("paid by group", columnSum(t, groups, "paid"), volume)
		same("received by group", columnSum(t, groups, "received"), volume)
		close("held by group", columnSum(t, groups, "held"), r.StockEnd)
		close("held on average by group", columnSum(t, groups, "held_mean"), r.StockMean)
		close("melted by group", columnSum(t, groups, "melted"), r.Demurrage)
		close("life", columnSum(t, table(t, r, "life"), "held"), r.StockEnd)
		close("still held", columnSum(t, table(t, r, "holding"), "held"), r.StockEnd)
		same("life is held", columnSum(t, table(t, r, "life"), "held"), columnSum(t, groups, "held"))
		exits := columnSum(t, table(t, r, "exit_hops"), "redeemed")
		same("exits by age", columnSum(t, table(t, r, "exit_age"), "redeemed"), exits)
		same("exits by lag", columnSum(t, table(t, r, "redemption_lag"), "redeemed"), exits)
		over := table(t, r, "over_time")
		same("volume over time", columnSum(t, over, "volume"), volume)
		same("payments over time", columnSum(t, over, "payments"), whole(r.Payments))
		same("issued over time", columnSum(t, over, "issued"), ofCents(r.Issued))
		same("redeemed over time", columnSum(t, over, "redeemed"), ofCents(r.PaidOut))
		same("melted over time", columnSum(t, over, "demurrage"), r.Demurrage)
		sum := new(big.Rat)
		for i, row := range over.Rows {
			days := whole(r.data.spans[i].Days())
			sum.Add(sum, days.Mul(days, cellAt(t, over, row, "stock_mean").Value))
		}
		same("stock over time", sum.Quo(sum, whole(r.Period.Days())), r.StockMean)
	})
}

// eachCellSaysWhoseItIs: the largest two are part of it, and there are as many
// owners as it takes.
func eachCellSaysWhoseItIs(t *testing.T, r *Report) {
	t.Helper()
	for _, table := range r.Tables()[:len(makers)] {
		for _, row := range table.Rows {
			for i, c := range row.Cells {
				where := table.Key + " " + row.Key + " " + table.Columns[i].Key
				if c.Value == nil {
					continue
				}
				if gone := table.Key == "cohorts" && i == 0; c.Value.Sign() > 0 && c.Owners == 0 && !gone {
					t.Errorf("%s: %v is nobody's", where, c.Value)
				}
				if c.Top[0] == nil {
					continue
				}
				if c.Top[0].Cmp(c.Top[1]) < 0 || c.Top[1].Sign() < 0 {
					t.Errorf("%s: the largest are %v", where, c.Top)
				}
				if c.Owners == 1 && c.Top[1].Sign() != 0 {
					t.Errorf("%s: of one owner, the second largest is %v", where, c.Top[1])
				}
				both := new(big.Rat).Add(c.Top[0], c.Top[1])
				net := table.Key == "money_flow" || table.Columns[i].Key == "kept" || table.Columns[i].Key == "redeemed" || table.Columns[i].Key == "demurrage"
				if !net && both.Cmp(c.Value) > 0 {
					t.Errorf("%s: the two largest are %v of %v", where, both, c.Value)
				}
			}
		}
	}
}

// noCohortGrows: of the money of a month, less and less is left, and never more
// than was made; together the cohorts are what is held.
func noCohortGrows(t *testing.T, records []*record.Record, r *Report) {
	t.Helper()
	for _, c := range r.data.cohorts {
		last := ofCents(c.made)
		for after := range 600 {
			s, known := c.left[after]
			if !known {
				break
			}
			left := heldBy(&s).Value
			grain := new(big.Rat).Add(last, ofGrains(big.NewInt(int64(len(records)))))
			if left.Cmp(grain) > 0 && !rejectedLater(records) {
				t.Errorf("of month %d, %v is left after %d months, %v the month before", c.month, left, after, last)
			}
			last = left
		}
	}
	sum := new(big.Rat)
	for _, s := range r.data.end.issued {
		sum.Add(sum, heldBy(&s).Value)
	}
	if !near(sum, r.StockEnd, 2) {
		t.Errorf("the cohorts hold %v, all together %v", sum, r.StockEnd)
	}
}

// rejectedLater tells whether a redemption gave money back: it was not held while
// it waited, so a cohort may grow again.
func rejectedLater(records []*record.Record) bool {
	for _, r := range records {
		switch r.Command.(type) {
		case ledger.Reject:
			return true
		}
	}
	return false
}

// moneyIsKept: what flows into a role flows out of it, or is still
// there.
func moneyIsKept(t *testing.T, records []*record.Record, r *Report) {
	t.Helper()
	balance := map[string]*big.Rat{}
	at := func(key string) *big.Rat {
		if balance[key] == nil {
			balance[key] = new(big.Rat)
		}
		return balance[key]
	}
	for _, row := range table(t, r, "money_flow").Rows {
		from, to, ok := strings.Cut(row.Key, ">")
		if !ok || row.From == row.To || row.Cells[0].Value.Sign() <= 0 {
			t.Errorf("a flow from %v to %v of %v", row.From, row.To, row.Cells[0].Value)
		}
		at(from).Sub(at(from), row.Cells[0].Value)
		at(to).Add(at(to), row.Cells[0].Value)
	}
	limit := len(records)*8 + r.Period.Days()*4
	for _, role := range r.data.roles {
		rest := at(role)
		if size := new(big.Rat).Abs(rest); size.Cmp(ofGrains(big.NewInt(int64(limit)))) > 0 && r.Left.Sign() == 0 {
			t.Errorf("%s is left with %v that came from nowhere or went nowhere", role, rest)
		}
	}
	bought := new(big.Rat).Neg(at("bought"))
	if bought.Cmp(ofCents(r.Issued)) != 0 {
		t.Errorf("bought for %v, issued %v", bought, r.Issued)
	}
}

// TestTheFlowOverTimeIsThatOfEachWeek: a row says what the report of that week or
// month says, but for what was refunded later.
func TestTheFlowOverTimeIsThatOfEachWeek(t *testing.T) {
	weeks, months := 0, 0
	somePeriods(t, 4, func(t *testing.T, records []*record.Record, r *Report) {
		over := table(t, r, "over_time")
		next := r.Period.From
		for i, s := range r.data.spans {
			if s.From != next || s.To < s.From {
				t.Fatalf("row %d is from %v to %v, want from %v", i, s.From, s.To, next)
			}
			next = s.To + 1
			if r.Period.long() {
				if months++; i > 0 && !s.From.FirstOfMonth() {
					t.Errorf("a month begins on %v", s.From)
				}
			} else if weeks++; i > 0 && s.From.Time().Weekday() != 1 {
				t.Errorf("a week begins on %v", s.From)
			}
			if i%9 != 0 || i > 20 {
				continue
			}
			alone := reportOn(t, records, s.Period, r.Period.To)
			for key, want := range map[string]*big.Rat{
				"issued": ofCents(alone.Issued), "redeemed": ofCents(alone.PaidOut), "demurrage": alone.Demurrage, "stock_mean": alone.StockMean,
			} {
				if got := cellAt(t, over, over.Rows[i], key).Value; got.Cmp(want) != 0 {
					t.Errorf("%s from %v to %v is %v, want %v", key, s.From, s.To, got, want)
				}
			}
			if got := cellAt(t, over, over.Rows[i], "volume").Value; got.Cmp(ofCents(alone.Volume)) > 0 {
				t.Errorf("volume from %v to %v is %v, more than %v", s.From, s.To, got, alone.Volume)
			}
		}
		if next != r.Period.To+1 {
			t.Errorf("the rows end before %v, the period on %v", next, r.Period.To)
		}
	})
	if weeks < 6 || months < 10 {
		t.Errorf("only %d weeks and %d months", weeks, months)
	}
}

// TestDaysWithoutEntriesMelt: a report up to a later day says what a ledger says
// in which nothing but time passed.
func TestDaysWithoutEntriesMelt(t *testing.T) {
	for seed := range uint64(4) {
		records := history(t, seed, 80, names{})
		last := records[len(records)-1].Moment.Day
		p := Period{last - 20, last + 25}
		now := reportOn(t, records, p, p.To)
		w := &wijk{t: t, state: ledger.NewState(ledger.Head{}, nil)}
		for _, r := range records {
			if err := w.state.Apply(&r.Entry); err != nil {
				t.Fatal(err)
			}
			w.records = append(w.records, r)
		}
		w.do(int(p.To)+30, ledger.Note{About: "x"})
		later := reportOn(t, w.records, p, p.To)
		if a, b := text(t, now), text(t, later); a != b {
			t.Fatalf("seed %d: without a later entry\n%s\nwith one\n%s", seed, a, b)
		}
		for i, want := range later.Tables() {
			if got := now.Tables()[i]; cellsOf(got) != cellsOf(want) {
				t.Errorf("seed %d: %s is\n%s\nwith a later entry\n%s", seed, want.Key, cellsOf(got), cellsOf(want))
			}
		}
	}
}

// cellsOf is all cells of a table as text.
func cellsOf(table Table) string {
	var b strings.Builder
	for _, row := range table.Rows {
		fmt.Fprintf(&b, "%s:", row.Key)
		for _, c := range row.Cells {
			if c.Value == nil {
				b.WriteString(" -")
				continue
			}
			fmt.Fprintf(&b, " %s(%d)", c.Value.RatString(), c.Owners)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// TestTablesDoNotDependOnWhoIsWho: other ids make the same tables.
func TestTablesDoNotDependOnWhoIsWho(t *testing.T) {
	for seed := range uint64(4) {
		one := reportOn(t, history(t, seed, 120, names{}), Always, 0)
		other := reportOn(t, history(t, seed, 120, names{salt: "other"}), Always, 0)
		for i, table := range one.Tables()[:len(makers)] {
			if cellsOf(table) != cellsOf(other.Tables()[i]) {
				t.Errorf("seed %d: %s is another with other ids", seed, table.Key)
			}
		}
	}
}
