package report

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"grulden/demurrage"
	"grulden/internal/record"
	"grulden/ledger"
)

// slowTables counts again, from the slow recount and the entries alone, what
// tables tell of who paid and holds.
type slowTables struct {
	c     *recount
	p     Period
	roles map[ledger.AccountID]string
	paid  map[ledger.OwnerID]bool // ever
	all   []*record.Record
}

func slowly(t testing.TB, records []*record.Record, p Period) *slowTables {
	s := &slowTables{c: recounted(t, records, p), p: p, roles: map[ledger.AccountID]string{}, paid: map[ledger.OwnerID]bool{}}
	for _, r := range records {
		if r.Moment.Day > p.To {
			break
		}
		s.all = append(s.all, r)
		switch x := r.Command.(type) {
		case ledger.Open:
			s.roles[x.Account] = x.Role
		case ledger.Pay:
			if from := s.c.owner[x.From]; from != s.c.owner[x.To] {
				s.paid[from] = true
			}
		}
	}
	return s
}

// byOwner adds up for each owner and gives the sum, how many there are, and the two
// largest.
type byOwner map[ledger.OwnerID]*big.Rat

func (b byOwner) add(o ledger.OwnerID, v *big.Rat) {
	if v.Sign() == 0 {
		return
	}
	if b[o] == nil {
		b[o] = new(big.Rat)
	}
	b[o].Add(b[o], v)
}

func (b byOwner) cell() Cell {
	c := Cell{Value: new(big.Rat), Owners: len(b)}
	var all []*big.Rat
	for _, v := range b {
		c.Value.Add(c.Value, v)
		all = append(all, v)
	}
	slices.SortFunc(all, func(x, y *big.Rat) int { return y.Cmp(x) })
	all = append(all, new(big.Rat), new(big.Rat))
	c.Top = [2]*big.Rat{all[0], all[1]}
	return c
}

// payments calls fn for every part of every payment of the period that refunds
// left.
func (s *slowTables) payments(fn func(p *slowPayment, h held)) {
	for _, p := range s.c.paid {
		if p.day < s.p.From {
			continue
		}
		for _, h := range p.parts {
			fn(p, h)
		}
	}
}

// inHand calls fn for all that an account has at the end.
func (s *slowTables) inHand(fn func(id ledger.AccountID, worth *big.Rat, since int64, l *slowLot)) {
	s.c.today = s.p.To
	for id, a := range s.c.purse {
		for _, l := range a.lots {
			fn(id, asGrulden(product(l.units, s.c.indexOf(l.melts))), l.since, l)
		}
		for _, p := range a.pool {
			fn(id, asGrulden(product(p.units, s.c.indexOf(p.melts))), p.since, nil)
		}
	}
}

// sameCell compares a cell with that of the slow recount.
func sameCell(t *testing.T, where string, got, want Cell) {
	t.Helper()
	if got.Value.Cmp(want.Value) != 0 || got.Owners != want.Owners {
		t.Errorf("%s: %v of %d owners, want %v of %d", where, got.Value, got.Owners, want.Value, want.Owners)
	}
	for i := range want.Top {
		if got.Top[i].Cmp(want.Top[i]) != 0 {
			t.Errorf("%s: number %d added %v, want %v", where, i+1, got.Top[i], want.Top[i])
		}
	}
}

// TestTablesAreThoseOfASlowRecount holds who paid how much in which row and after
// how long, who holds what since when, who never paid, and how far lots are, with
// the number of owners and the largest two of each.
func TestTablesAreThoseOfASlowRecount(t *testing.T) {
	met := map[string]int{}
	for seed := range uint64(10) {
		records := history(t, seed, 150, names{})
		for _, p := range periods(records, rand.New(rand.NewPCG(seed, 6)))[:2] {
			r := reportOn(t, records, p, p.To)
			s := slowly(t, records, p)
			where := fmt.Sprintf("seed %d, %v to %v: ", seed, p.From, p.To)
			s.checkHops(t, where, r, met)
			s.checkHolding(t, where, r, met)
			s.checkUnused(t, where, r, met)
			s.checkLots(t, where, r, met)
			s.checkAsked(t, where, r, met)
			s.checkGini(t, where, r, met)
		}
	}
	for _, what := range []string{"hop", "ended", "held", "never", "lot", "lag", "gini"} {
		if met[what] < 3 {
			t.Errorf("only %d cells of %s are not nought", met[what], what)
		}
	}
}

func (s *slowTables) checkHops(t *testing.T, where string, r *Report, met map[string]int) {
	t.Helper()
	hops := map[string]byOwner{}
	s.payments(func(p *slowPayment, h held) {
		if hops[h.row] == nil {
			hops[h.row] = byOwner{}
		}
		hops[h.row].add(p.from, asGrulden(h.worth))
	})
	for _, row := range table(t, r, "hops").Rows {
		want := hops["volume_"+row.Key].cell()
		sameCell(t, where+row.Key, row.Cells[0], want)
		met["hop"] += want.Value.Sign()
	}
}

// spanIndex is the number of the span that so many seconds are in, told again.
func spanIndex(seconds int64) int {
	n := 0
	for _, days := range []int64{1, 7, 30, 90, 180, 365} {
		if seconds >= days*86400 {
			n++
		}
	}
	return n
}

func (s *slowTables) checkHolding(t *testing.T, where string, r *Report, met map[string]int) {
	t.Helper()
	var ended, still [7]byOwner
	for i := range ended {
		ended[i], still[i] = byOwner{}, byOwner{}
	}
	s.payments(func(p *slowPayment, h held) { ended[spanIndex(h.seconds)].add(p.from, asGrulden(h.worth)) })
	end := endOf(s.p.To)
	s.inHand(func(id ledger.AccountID, worth *big.Rat, since int64, _ *slowLot) {
		still[spanIndex(end-since)].add(s.c.owner[id], worth)
	})
	for i, row := range table(t, r, "holding").Rows {
		sameCell(t, where+"paid after "+row.Key, row.Cells[0], ended[i].cell())
		if value := still[i].cell().Value; row.Cells[1].Value.Cmp(value) != 0 {
			t.Errorf("%sheld for %s: %v, want %v", where, row.Key, row.Cells[1].Value, value)
		}
		met["ended"] += row.Cells[0].Value.Sign()
		met["held"] += row.Cells[1].Value.Sign()
	}
}

func (s *slowTables) checkUnused(t *testing.T, where string, r *Report, met map[string]int) {
	t.Helper()
	open, never, has := map[string]int{}, map[string]int{}, map[string]*big.Rat{}
	closed := map[ledger.AccountID]bool{}
	for _, rec := range s.all {
		if c, ok := rec.Command.(ledger.Close); ok {
			closed[c.Account] = true
		}
	}
	paidAs := map[string]bool{} // an owner in a role
	for _, rec := range s.all {
		if c, ok := rec.Command.(ledger.Pay); ok && s.c.owner[c.From] != s.c.owner[c.To] {
			paidAs[fmt.Sprint(s.c.owner[c.From], s.roles[c.From])] = true
		}
	}
	for id, role := range s.roles {
		if has[role] == nil {
			has[role] = new(big.Rat)
		}
		if closed[id] {
			continue
		}
		open[role]++
		if !paidAs[fmt.Sprint(s.c.owner[id], role)] {
			never[role]++
		}
	}
	s.inHand(func(id ledger.AccountID, worth *big.Rat, _ int64, _ *slowLot) {
		if role := s.roles[id]; !paidAs[fmt.Sprint(s.c.owner[id], role)] {
			has[role].Add(has[role], worth)
		}
	})
	for _, row := range table(t, r, "never_spent").Rows {
		if got := row.Cells[0].Value; got.Cmp(whole(open[row.Key])) != 0 {
			t.Errorf("%s%v accounts of %s are open, want %d", where, got, row.Key, open[row.Key])
		}
		if got := row.Cells[1].Value; got.Cmp(whole(never[row.Key])) != 0 {
			t.Errorf("%s%v accounts of %s never paid, want %d", where, got, row.Key, never[row.Key])
		}
		if got := row.Cells[2].Value; got.Cmp(has[row.Key]) != 0 {
			t.Errorf("%swho never paid among %s has %v, want %v", where, row.Key, got, has[row.Key])
		}
		met["never"] += never[row.Key]
	}
}

// ripeBy tells whether a lot is convertible by a day, from the policies alone: some
// policy in force from a day on asks no more hops than it has, or a term that is over.
func (s *slowTables) ripeBy(l *slowLot, issued, day demurrage.Day) bool {
	policies := s.c.balance.Head().Policies
	for d := l.hop; d <= day; d++ {
		p := policies.InForce(d)
		if len(l.trail)-1 >= int(p.Hops) || d-issued >= demurrage.Day(p.TermDays) {
			return d >= policies[0].From
		}
	}
	return false
}

// checkLots holds how far lots are that are not convertible.
func (s *slowTables) checkLots(t *testing.T, where string, r *Report, met map[string]int) {
	t.Helper()
	issuedOn := map[uint64]demurrage.Day{}
	for _, rec := range s.all {
		issuedOn[rec.Seq] = rec.Moment.Day
	}
	byHops := map[int]byOwner{}
	s.inHand(func(id ledger.AccountID, worth *big.Rat, _ int64, l *slowLot) {
		if l == nil || s.ripeBy(l, issuedOn[l.issue], s.p.To) {
			return
		}
		hops := len(l.trail) - 1
		if byHops[hops] == nil {
			byHops[hops] = byOwner{}
		}
		byHops[hops].add(s.c.owner[id], worth)
	})
	for i, row := range table(t, r, "life").Rows {
		if row.Key != fmt.Sprintf("life_%d", i) {
			break
		}
		want := byHops[i].cell()
		if row.Cells[0].Value.Cmp(want.Value) != 0 {
			t.Errorf("%s%s is %v, want %v", where, row.Key, row.Cells[0].Value, want.Value)
		}
		met["lot"] += want.Value.Sign()
	}
}

// checkAsked holds how long those waited who got euros.
func (s *slowTables) checkAsked(t *testing.T, where string, r *Report, met map[string]int) {
	t.Helper()
	var lags [6]byOwner
	for i := range lags {
		lags[i] = byOwner{}
	}
	holder := map[ledger.ID]ledger.OwnerID{}
	for _, rec := range s.all {
		switch x := rec.Command.(type) {
		case ledger.Redeem:
			holder[x.ID] = s.c.owner[x.From]
		case ledger.Settle:
			if rec.Moment.Day < s.p.From {
				continue
			}
			asked, n := s.c.asked[x.Of], 0
			for _, days := range []int64{1, 2, 3, 6, 11} {
				if rec.Moment.At.Sec-asked.at >= days*86400 {
					n++
				}
			}
			lags[n].add(holder[x.Of], big.NewRat(int64(asked.amount), 100))
		}
	}
	for i, row := range table(t, r, "redemption_lag").Rows {
		want := lags[i].cell()
		sameCell(t, where+row.Key, row.Cells[0], want)
		met["lag"] += want.Value.Sign()
	}
}

// checkGini holds how unequal balances are: the mean difference of all pairs over
// twice the mean. An owner has whole grains in each role.
func (s *slowTables) checkGini(t *testing.T, where string, r *Report, met map[string]int) {
	t.Helper()
	grain := big.NewRat(1, 100_000_000)
	for key, only := range map[string]string{"held": "", "held_residents": "resident", "held_shops": "merchant"} {
		inRole := map[string]byOwner{}
		s.inHand(func(id ledger.AccountID, worth *big.Rat, _ int64, _ *slowLot) {
			if role := s.roles[id]; only == "" || only == role {
				if inRole[role] == nil {
					inRole[role] = byOwner{}
				}
				inRole[role].add(s.c.owner[id], worth)
			}
		})
		has := byOwner{}
		for _, in := range inRole {
			for owner, worth := range in {
				worth.Quo(worth, grain)
				has.add(owner, worth.Mul(grain, new(big.Rat).SetInt(new(big.Int).Quo(worth.Num(), worth.Denom()))))
			}
		}
		sum, apart, n := new(big.Rat), new(big.Rat), int64(0)
		for _, x := range has {
			if x.Cmp(big.NewRat(1, 100)) < 0 {
				continue
			}
			n++
			sum.Add(sum, x)
			for _, y := range has {
				if y.Cmp(big.NewRat(1, 100)) >= 0 {
					d := new(big.Rat).Sub(x, y)
					apart.Add(apart, d.Abs(d))
				}
			}
		}
		for _, row := range table(t, r, "gini").Rows {
			if row.Key != key {
				continue
			}
			if got := row.Cells[0].Value; got.Cmp(big.NewRat(n, 1)) != 0 {
				t.Errorf("%s%s: %v owners, want %d", where, key, got, n)
			}
			if want := over(apart, sum.Mul(sum, big.NewRat(2*n, 1))); want == nil != (row.Cells[1].Value == nil) || want != nil && want.Cmp(row.Cells[1].Value) != 0 {
				t.Errorf("%s%s: %v, want %v", where, key, row.Cells[1].Value, want)
			}
			met["gini"] += apart.Sign()
		}
	}
}
