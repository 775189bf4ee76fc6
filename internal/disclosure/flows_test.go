package disclosure

import (
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"grulden/internal/node"
	"grulden/internal/report"
	"grulden/ledger"
)

// Stocks can be subtracted. When next to nothing comes in, the difference is what
// somebody took out.
func TestAStockThatTellsOfOneRedemptionIsHidden(t *testing.T) {
	w := newWijk(t, 40, 12)
	w.publish(w.quarter(rand.New(rand.NewPCG(5, 1)), 0))
	var shown []bool
	for i := range 3 {
		p := report.Period{From: w.Today()}
		if i == 1 {
			w.do(ledger.Redeem{ID: w.paper(), From: w.shop(1), Amount: 400_00})
		}
		w.now = w.now.AddDate(0, 3, 0)
		p.To = w.Today() - 1
		r := w.publish(p)
		if r.Figure("asked") != nil && i == 1 {
			t.Error("one redemption is shown")
		}
		shown = append(shown, r.Figure("stock") != nil)
	}
	if want := []bool{true, false, false}; !slices.Equal(shown, want) {
		t.Errorf("stocks shown: %v, want %v: all came in before, so the second tells of 400", shown, want)
	}
	steady := newWijk(t, 40, 12)
	r := rand.New(rand.NewPCG(5, 2))
	for range 3 {
		if p := steady.publish(steady.quarter(r, 2)); p.Figure("stock") == nil || p.Figure("asked") != nil {
			t.Errorf("quarter %d: stock %v, asked %v", p.Number, p.Figure("stock"), p.Figure("asked"))
		}
	}
}

// calm is three months in which everybody pays and nobody tops up. On the last of
// its days a shop takes out so many Grulden.
func (w *wijk) calm(taken ledger.Cents) report.Period {
	w.t.Helper()
	from := w.Today()
	for month := range 3 {
		for i := range w.residents {
			w.pay(w.resident(i), w.shop(i), 3)
		}
		for i := range w.shops {
			w.pay(w.shop(i), w.shop(i+1+month), 2)
		}
		next := time.Date(w.now.Year(), w.now.Month()+1, 1, 9, 0, 0, 0, time.UTC)
		if month == 2 && taken > 0 {
			w.now = next.AddDate(0, 0, -1)
			w.do(ledger.Redeem{ID: w.paper(), From: w.shop(0), Amount: taken * 100})
		}
		w.now = next
	}
	return report.Period{From: from, To: w.Today() - 1}
}

// That nobody asked for euros is published too. With it, the stocks before and
// after tell what was taken out in between, though much had come in before.
func TestPublishedNoughtsDoNotTellOfTheOneRedemptionBetweenThem(t *testing.T) {
	w := newWijk(t, 40, 12)
	one := w.publish(w.quarter(rand.New(rand.NewPCG(5, 2)), 0))
	two := w.publish(w.calm(600))
	three := w.publish(w.calm(0))
	for _, r := range []Release{one, three} {
		if asked := r.Figure("asked"); asked == nil || asked.Sign() != 0 {
			t.Fatalf("release %d: %v was asked for", r.Number, asked)
		}
	}
	if one.Figure("stock") == nil || two.Figure("asked") != nil {
		t.Fatalf("the first stock is %v, what was asked is %v", one.Figure("stock"), two.Figure("asked"))
	}
	if two.Figure("stock") != nil && three.Figure("stock") != nil {
		t.Error("12000 came in, then 11400 were there, and all else is nought: 600 were taken out")
	}
}

// lived is what some periods changed, counted day by day: lively ones, in which
// much comes in, and calm ones, some with one redemption that is hidden.
func lived(r *rand.Rand) (flows []flow) {
	const days = 30
	stock := r.Int64N(3000)
	if r.IntN(2) == 0 {
		stock = 0
	}
	fresh := stock == 0
	for range 3 + r.IntN(3) {
		var in, out, sum int64
		lively, secret, day := r.IntN(3) == 0, r.IntN(2) == 0, r.IntN(days)
		for d := range days {
			if lively && r.IntN(10) == 0 {
				more := r.Int64N(500)
				in, stock = in+more, stock+more
			}
			if secret && d == day {
				out = r.Int64N(stock + 1)
				stock -= out
			}
			sum += stock
		}
		flows = append(flows, flow{
			in: big.NewRat(in, 1), out: big.NewRat(out, 1), melted: new(big.Rat), mean: big.NewRat(sum, days),
			shown: r.IntN(4) > 0, secret: secret, fresh: fresh,
		})
		fresh = false
	}
	return flows
}

// subtracted is what a reader finds by adding and taking away alone: the stock is
// known where the ledger began, on both sides of a period without any change, and
// one period further where all of the change is published.
func subtracted(flows []flow) (found []int) {
	known := make([]bool, len(flows)+1)
	for i, f := range flows {
		still := f.shown && !f.secret && f.in.Sign() == 0 && f.out.Sign() == 0
		known[i] = known[i] || f.fresh || still
		known[i+1] = still || known[i] && !f.secret
	}
	for i := len(flows) - 1; i >= 0; i-- {
		known[i] = known[i] || known[i+1] && !flows[i].secret
	}
	for i, f := range flows {
		if f.secret && known[i] && known[i+1] {
			found = append(found, i)
		}
	}
	return found
}

func TestWhatAReaderCanSubtractIsTakenToBeGivenAway(t *testing.T) {
	found, safe := 0, 0
	for seed := range uint64(400) {
		flows := lived(rand.New(rand.NewPCG(seed, 31)))
		given := givesAway(testRules, flows)
		if !given && slices.ContainsFunc(flows, func(f flow) bool { return f.secret }) {
			safe++
		}
		if all := subtracted(flows); len(all) > 0 {
			found++
			if !given {
				t.Errorf("seed %d: what was taken out in %v is known", seed, all)
			}
		}
	}
	if found < 20 || safe < 20 {
		t.Errorf("%d found and %d safe are too few to tell", found, safe)
	}
}

func TestMeansThatPinARedemptionGiveItAway(t *testing.T) {
	rules := node.DefaultPublishing()
	of := func(in, out, mean int64) flow {
		return flow{
			in: big.NewRat(in, 1), out: big.NewRat(out, 1), melted: new(big.Rat), mean: big.NewRat(mean, 1),
			shown: true, secret: true,
		}
	}
	quiet := []flow{of(0, 0, 1000), of(0, 400, 800), of(0, 0, 600)}
	if !givesAway(rules, quiet) {
		t.Error("1000, then 600, and nothing came in")
	}
	quiet[2].shown = false
	if givesAway(rules, quiet) {
		t.Error("the last stock is not published: the 400 may be 300 or 700")
	}
	quiet[2].shown, quiet[1].secret, quiet[0].secret, quiet[2].secret = true, false, false, false
	if givesAway(rules, quiet) {
		t.Error("what was taken out is published itself")
	}
	if lively := []flow{of(500, 0, 1000), of(500, 400, 1100), of(500, 0, 1200)}; givesAway(rules, lively) {
		t.Error("as much came in as may have gone out")
	}
}

// takeOut is three months at whose end shops take so many Grulden out, in the order
// of the shops. Before that, where it is asked, every resident spends a hundred.
func (w *wijk) takeOut(spend bool, amounts ...ledger.Cents) report.Period {
	w.t.Helper()
	from := w.Today()
	for i := range w.residents {
		if spend {
			w.do(ledger.Issue{To: w.resident(i), Amount: 100_00})
			w.pay(w.resident(i), w.shop(i), 100)
		}
	}
	w.now = w.now.AddDate(0, 2, 20)
	for i, amount := range amounts {
		w.do(ledger.Redeem{ID: w.paper(), From: w.shop(i), Amount: amount * 100})
	}
	w.now = time.Date(w.now.Year(), w.now.Month()+1, 1, 9, 0, 0, 0, time.UTC)
	return report.Period{From: from, To: w.Today() - 1}
}

// A published redemption that takes nearly all there is tells what an earlier one
// can have been at most. The stocks do not help: they are hidden.
func TestWhatManyTookOutDoesNotTellWhatOneDid(t *testing.T) {
	w := newWijk(t, 48, 12) // four hundred for each shop
	rest := append([]ledger.Cents{100}, slices.Repeat([]ledger.Cents{400}, 11)...)
	one := w.publish(w.takeOut(true, 300))
	if one.Figure("asked") != nil || one.Figure("issued") == nil {
		t.Fatalf("asked %v, issued %v", one.Figure("asked"), one.Figure("issued"))
	}
	two := w.draft(w.takeOut(false, rest...))
	if why(two, "asked") != Flow {
		t.Fatalf("twelve shops asked for 4500 of 4500, and it is %q", why(two, "asked"))
	}
	if two.Figure("asked") != nil || two.Figure("share_asked") != nil {
		t.Error("it is told")
	}
	steady := newWijk(t, 48, 12)
	steady.publish(steady.takeOut(true, 300))
	for range 4 { // and now much comes in before
		for i := range steady.residents {
			steady.do(ledger.Issue{To: steady.resident(i), Amount: 100_00})
		}
	}
	if d := steady.draft(steady.takeOut(false, rest...)); d.Figure("asked") == nil {
		t.Errorf("what is left may be anybody's, and it is hidden: %q", why(d, "asked"))
	}
}

// Nobody takes out more than has become convertible.
func TestWhatRipenedBoundsWhatWasTakenOut(t *testing.T) {
	f := flow{
		in: number(5000), out: number(900), melted: new(big.Rat), mean: number(2000), end: number(4100),
		ripened: number(1000), ripeEnd: number(100), secret: true, fresh: true,
	}
	if givesAway(testRules, []flow{f}) {
		t.Error("of 5000 that came in 900 went out, and nothing else is known")
	}
	f.ripe = true
	if !givesAway(testRules, []flow{f}) {
		t.Error("1000 ripened: so 900 may have been 1000, and no more")
	}
	f.ripened, f.ripeEnd = number(2000), number(1100)
	if givesAway(testRules, []flow{f}) {
		t.Error("2000 ripened: it may have been twice as much")
	}
	f.ended = true
	if !givesAway(testRules, []flow{f}) {
		t.Error("2000 ripened, and 1100 are left")
	}
}
