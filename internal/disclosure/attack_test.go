package disclosure

import (
	"errors"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"grulden/demurrage"
	"grulden/internal/node"
)

// rowSpace is what can be made of some rows by adding and subtracting them.
type rowSpace [][]*big.Rat

// rest is what is left of a row when the space is taken out of it.
func (s rowSpace) rest(row []*big.Rat) []*big.Rat {
	row = slices.Clone(row)
	for i := range row {
		row[i] = new(big.Rat).Set(row[i])
	}
	for _, by := range s {
		lead := slices.IndexFunc(by, func(v *big.Rat) bool { return v.Sign() != 0 })
		times := new(big.Rat).Quo(row[lead], by[lead])
		for i := range row {
			row[i].Sub(row[i], new(big.Rat).Mul(times, by[i]))
		}
	}
	return row
}

// with is the space with one more row.
func (s rowSpace) with(row []*big.Rat) rowSpace {
	if rest := s.rest(row); !nought(rest) {
		return append(s, rest)
	}
	return s
}

func nought(row []*big.Rat) bool {
	return !slices.ContainsFunc(row, func(v *big.Rat) bool { return v.Sign() != 0 })
}

// months is a row that is one in some months of many.
func months(of, from, to int) []*big.Rat {
	row := make([]*big.Rat, of)
	for i := range row {
		row[i] = new(big.Rat)
		if from <= i && i < to {
			row[i].SetInt64(1)
		}
	}
	return row
}

// Whatever somebody tries to publish about whatever months: what gets in tells
// nothing about fewer than three months, however it is added and subtracted.
func TestNoMonthFollowsFromReleasesThatWereTriedAtRandom(t *testing.T) {
	const all = 24
	begin := []demurrage.Day{newWijk(t, 1, 1).Today()} // of each month
	for i := range all {
		begin = append(begin, begin[i].MonthEnd()+1)
	}
	for seed := range uint64(8) {
		r := rand.New(rand.NewPCG(seed, 3))
		w := newWijk(t, 1, 1)
		var known, careless rowSpace
		refused := 0
		for range 40 {
			from := r.IntN(all - 3)
			to := min(all, from+3+r.IntN(4))
			row := months(all, from, to)
			careless = careless.with(row)
			_, err := w.Book.Publish(t.Context(), Release{From: Date(begin[from]), To: Date(begin[to] - 1), Figures: []Figure{{Key: "volume", Value: "10"}}}, auth)
			switch {
			case errors.Is(err, ErrOverlap):
				refused++
			case err != nil:
				t.Fatal(err)
			default:
				known = known.with(row)
			}
		}
		found := 0
		for from := range all {
			for n := 1; n < 3 && from+n <= all; n++ {
				if nought(known.rest(months(all, from, from+n))) {
					t.Fatalf("seed %d: %d months from month %d on follow", seed, n, from)
				}
				if nought(careless.rest(months(all, from, from+n))) {
					found++
				}
			}
		}
		if refused == 0 || found == 0 {
			t.Errorf("seed %d: %d refused, and without that %d would follow: too easy", seed, refused, found)
		}
	}
}

// The bounds of what was taken out are those of trying every day on which it may
// have been, for a stock that nobody knows before.
func TestStocksBoundWhatWasTakenOutAsTryingDoes(t *testing.T) {
	rules := node.Publishing{Percent: 25, Round: 1_00}
	const days = 4
	open, shut := 0, 0
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 4))
		var flows []flow
		stock := 90 + r.Int64N(20)
		for range 3 {
			in, out := r.Int64N(2), r.Int64N(30)
			inDay, outDay := r.Int64N(days), r.Int64N(days)
			sum := days*stock + in*(days-inDay) - out*(days-outDay)
			stock += in - out
			flows = append(flows, flow{
				in: number(in), out: number(out), melted: new(big.Rat), mean: big.NewRat(sum, days), shown: true, secret: true,
			})
		}
		if givesAway(rules, flows) {
			shut++
			continue
		}
		open++
		// Twice as much may have been taken out in the middle, or much less: some
		// stock and some days fit with the same means.
		f := flows[1]
		if f.out.Sign() == 0 {
			continue
		}
		more := new(big.Rat).Add(f.out, margin(rules, f.out))
		if !fits(flows, more) {
			t.Fatalf("seed %d: nobody can have taken out %v in the middle", seed, more)
		}
	}
	if open < 5 || shut < 5 {
		t.Errorf("%d open and %d given away: too few to tell", open, shut)
	}
}

// fits tells whether the second period can have lost that much: from some stock
// before it that the means of all three allow.
func fits(flows []flow, out *big.Rat) bool {
	for quarter := range int64(1600) {
		begin := big.NewRat(quarter, 4)
		end := new(big.Rat).Add(begin, flows[1].in)
		end.Sub(end, out)
		if end.Sign() < 0 {
			continue
		}
		lowest, highest := new(big.Rat).Sub(begin, out), new(big.Rat).Add(begin, flows[1].in)
		after := new(big.Rat).Add(end, flows[2].in)
		top := new(big.Rat).Add(flows[0].mean, flows[0].in)
		if within(flows[1].mean, lowest, highest) && within(flows[2].mean, new(big.Rat), after) && begin.Cmp(top.Add(top, breath)) <= 0 {
			return true
		}
	}
	return false
}

func within(v, low, high *big.Rat) bool {
	return v.Cmp(new(big.Rat).Sub(low, breath)) >= 0 && v.Cmp(new(big.Rat).Add(high, breath)) <= 0
}
