package whatif

import (
	"bytes"
	"context"
	"errors"
	"math/big"
	"testing"
	"time"

	"grulden/demurrage"
	"grulden/internal/policy"
	"grulden/internal/sim"
	"grulden/ledger"
)

// lone is a wijk in which nobody does anything by habit: each test gives it one.
// Its first day, the first of January 2024, is a Monday.
func lone() Model {
	return Model{
		Seed: 7, First: "2024-01-01", Days: 1,
		Residents: []Residents{{Count: 12}},
		Shops:     []Shops{{Count: 6, Draws: 1}},
	}
}

// found founds the wijk of a model under the default rules; nobody has lived yet.
func found(t *testing.T, m Model, change ...func(*ledger.Policy)) *town {
	t.Helper()
	s := policy.Scenario{Policy: ledger.DefaultPolicy()}
	for _, c := range change {
		c(&s.Policy)
	}
	town, err := newTown(&m, s, monday, nil)
	if err != nil {
		t.Fatal(err)
	}
	return town
}

const monday = demurrage.Day(19_723)

func (t *town) days(test *testing.T, from, to int) {
	test.Helper()
	for n := from; n < to; n++ {
		if err := t.live(monday+demurrage.Day(n), n); err != nil {
			test.Fatal(err)
		}
	}
}

// has is what the n-th resident, or from 13 on a shop, sees.
func (t *town) has(test *testing.T, account int) ledger.Cents {
	test.Helper()
	cents, _, err := t.purse(ledger.AccountID(account))
	if err != nil {
		test.Fatal(err)
	}
	return cents
}

func (t *town) sum(test *testing.T, from, to int) (sum ledger.Cents) {
	test.Helper()
	for n := from; n <= to; n++ {
		sum += t.has(test, n)
	}
	return sum
}

func (t *town) gets(test *testing.T, account int, amount ledger.Cents) {
	test.Helper()
	if _, err := t.try(ledger.Issue{To: ledger.AccountID(account), Amount: amount}); err != nil {
		test.Fatal(err)
	}
}

func TestTheFirstDayIsTheOneThatTheModelSays(t *testing.T) {
	if monday.String() != "2024-01-01" || monday.Time().Weekday() != time.Monday {
		t.Error(monday)
	}
	town := found(t, lone())
	if a, err := town.world.State().Account(12); err != nil || a.Role != "resident" || a.Opened != monday {
		t.Errorf("%+v, %v", a, err)
	}
	if a, err := town.world.State().Account(13); err != nil || a.Role != "merchant" {
		t.Errorf("%+v, %v", a, err)
	}
}

// TestWhoHasLessThanTheLineTopsUp: on the first day each account whose turn it
// is has nothing and tops up; on its next turn it has enough.
func TestWhoHasLessThanTheLineTopsUp(t *testing.T) {
	m := lone()
	m.Residents[0].TopsUp, m.Residents[0].Below, m.Residents[0].EveryDays = 30_00, 30_00, 4
	town := found(t, m)
	for n, want := range []ledger.Cents{90_00, 180_00, 270_00, 360_00, 360_00} {
		town.days(t, n, n+1)
		if got := town.sum(t, 1, 12); got != want {
			t.Errorf("after day %d they have %v, want %v", n, got, want)
		}
	}
	if _, err := town.try(ledger.Pay{ID: town.id(), From: 1, To: 13, Amount: 1}); err != nil {
		t.Fatal(err)
	}
	town.days(t, 5, 9)
	if got := town.sum(t, 1, 12); got != 360_00-1+30_00 {
		t.Errorf("whoever fell below the line has them at %v", got)
	}
}

// TestWishesAreAsManyAsTheHabitSays: twelve a week are two on each working day
// and none on Sunday, each within its bounds and a multiple of five cents above
// the least.
func TestWishesAreAsManyAsTheHabitSays(t *testing.T) {
	m := lone()
	r := &m.Residents[0]
	r.Count, r.PaymentsWeek, r.Least, r.Most = 1, 12, 1_00, 1_20
	m.Residents = append(m.Residents, Residents{Count: 11})
	town := found(t, m)
	town.gets(t, 1, 1000_00)
	last := town.has(t, 1)
	for n := range 14 {
		before := town.serial
		town.days(t, n, n+1)
		want := uint64(2)
		if n%7 == 6 {
			want = 0
		}
		if town.serial-before != want {
			t.Errorf("%d wishes on day %d, want %d", town.serial-before, n, want)
		}
		paid := last - town.has(t, 1)
		if last -= paid; uint64(paid) < want*1_00 || uint64(paid) > want*1_20 || paid%5 != 0 {
			t.Errorf("paid %v on day %d", paid, n)
		}
	}
	if shops := town.sum(t, 13, 18); shops != 1000_00-last || town.sum(t, 2, 12) != 0 {
		t.Errorf("shops have %v of %v", shops, 1000_00-last)
	}
}

// TestNeighboursGetTheirShareOfTheWishes: with all wishes for neighbours shops
// get next to nothing: only what somebody would have paid to themself.
func TestNeighboursGetTheirShareOfTheWishes(t *testing.T) {
	m := lone()
	r := &m.Residents[0]
	r.PaymentsWeek, r.Least, r.Most, r.Neighbours = 60, 10, 10, demurrage.Billion
	town := found(t, m)
	for n := 1; n <= 12; n++ {
		town.gets(t, n, 100_00)
	}
	town.days(t, 0, 6)
	payments := town.serial
	shops := town.sum(t, 13, 18)
	if payments != 12*60 || shops == 0 || shops > 12*60*10/6 {
		t.Errorf("%d payments, shops have %v", payments, shops)
	}
	if all := shops + town.sum(t, 1, 12); all != 1200_00 {
		t.Errorf("all have %v", all)
	}
}

// TestAShopPaysItsSuppliersAndWhoHelped: the first shop, on its Monday, has
// 100.00 and keeps 20.00; of the rest it buys for half at two others, and a quarter
// goes to one resident. It has 40.00 left.
func TestAShopPaysItsSuppliersAndWhoHelped(t *testing.T) {
	m := lone()
	m.Shops = []Shops{
		{Count: 1, Draws: 1, Suppliers: 2, Buys: demurrage.Billion / 2, Wages: demurrage.Billion / 4, Keeps: 20_00},
		{Count: 5},
	}
	town := found(t, m)
	suppliers := town.shops[0].suppliers
	if len(suppliers) != 2 || suppliers[0] == suppliers[1] || suppliers[0] == 0 || suppliers[1] == 0 {
		t.Fatalf("suppliers %v", suppliers)
	}
	town.gets(t, 13, 100_00)
	town.days(t, 0, 1)
	for _, i := range suppliers {
		if got := town.has(t, 13+i); got != 20_00 {
			t.Errorf("supplier %d has %v", i, got)
		}
	}
	helped := 0
	for n := 1; n <= 12; n++ {
		if town.has(t, n) == 20_00 {
			helped++
		}
	}
	if town.has(t, 13) != 40_00 || helped != 1 || town.sum(t, 1, 12) != 20_00 {
		t.Errorf("the shop has %v, %d helped", town.has(t, 13), helped)
	}
	town.days(t, 1, 7) // nobody else buys, and its next Monday has not come
	if town.has(t, 13) != 40_00 {
		t.Errorf("the shop has %v", town.has(t, 13))
	}
}

// TestAShopAsksForEurosAndGetsThemLater: of 50.30 that may become euros it asks
// for half, in whole Grulden, and three days later they are paid.
func TestAShopAsksForEurosAndGetsThemLater(t *testing.T) {
	m := lone()
	m.PayoutDays = 3
	m.Shops[0].Redeems = demurrage.Billion / 2
	town := found(t, m, func(p *ledger.Policy) { p.Hops = 1 })
	town.gets(t, 1, 60_00)
	if _, err := town.try(ledger.Pay{ID: town.id(), From: 1, To: 13, Amount: 50_30}); err != nil {
		t.Fatal(err)
	}
	town.days(t, 0, 1)
	head := town.world.State().Head()
	if head.Escrow != 25_00 || head.Redeemed != 0 || town.has(t, 13) != 25_30 {
		t.Errorf("%v waits, %v paid, the shop has %v", head.Escrow, head.Redeemed, town.has(t, 13))
	}
	if town.days(t, 1, 3); head.Redeemed != 0 {
		t.Errorf("%v paid after two days", head.Redeemed)
	}
	if town.days(t, 3, 4); head.Escrow != 0 || head.Redeemed != 25_00 {
		t.Errorf("%v waits, %v paid", head.Escrow, head.Redeemed)
	}
}

// TestNobodyMayRedeemAndTheWishIsCounted: under rules without redeemers a shop
// asks in vain, and that is no fault of the model.
func TestNobodyMayRedeemAndTheWishIsCounted(t *testing.T) {
	m := lone()
	m.Shops[0].Redeems = demurrage.Billion / 2
	town := found(t, m, func(p *ledger.Policy) { p.Hops, p.Redeemers = 1, nil })
	if err := town.world.Begin(monday - 1); err != nil {
		t.Fatal(err)
	}
	town.gets(t, 1, 60_00)
	if _, err := town.try(ledger.Pay{ID: town.id(), From: 1, To: 13, Amount: 50_00}); err != nil {
		t.Fatal(err)
	}
	town.days(t, 0, 1)
	p, err := policy.Compare(town.world, town.world, monday, monday)
	if err != nil || p.Groups[0].Requests != (policy.Lost{Count: 1, Sum: 25_00}) || len(town.owed) != 0 {
		t.Errorf("%+v, %v", p.Groups[0], err)
	}
}

// TestTheFundSharesOut: after a month 1 % of 1200.00 has melted. A third of the
// 12.00 goes to three people, 1.33 each, and the rest stays.
func TestTheFundSharesOut(t *testing.T) {
	m := lone()
	m.Fund = Giving{Gives: 333_333_333, EveryDays: 31, People: 3}
	town := found(t, m, func(p *ledger.Policy) { p.Rate, p.Every, p.GraceDays = 10_000_000, demurrage.Monthly, 0 })
	for n := 1; n <= 12; n++ {
		town.gets(t, n, 100_00)
	}
	if town.days(t, 0, 31); town.sum(t, 1, 12) != 1200_00 {
		t.Errorf("on 31 January they have %v", town.sum(t, 1, 12))
	}
	if town.days(t, 31, 32); town.sum(t, 1, 12) != 1188_00+3*1_33 {
		t.Errorf("on 1 February they have %v", town.sum(t, 1, 12))
	}
}

// TestAWishWithoutMoneyIsCountedAndChangesNothing, and before the days that
// count it is not even counted.
func TestAWishWithoutMoneyIsCountedAndChangesNothing(t *testing.T) {
	m := lone()
	r := &m.Residents[0]
	r.PaymentsWeek, r.Least, r.Most = 6, 2_00, 2_00
	town := found(t, m)
	town.days(t, 0, 6)
	if err := town.world.Begin(monday + 6); err != nil {
		t.Fatal(err)
	}
	town.days(t, 7, 9)
	p, err := policy.Compare(town.world, town.world, monday+7, monday+8)
	if err != nil || p.Groups[0].Payments != (policy.Lost{Count: 24, Sum: 48_00}) || p.Groups[0].WasPayments != p.Groups[0].Payments {
		t.Errorf("%+v, %v", p.Groups[0], err)
	}
	if p.Was.Volume != 0 || p.Was.Stock.Sign() != 0 {
		t.Errorf("%+v", p.Was)
	}
}

// TestAFaultOfTheModelStopsIt: a refusal that nobody's wish can meet is not
// taken for one.
func TestAFaultOfTheModelStopsIt(t *testing.T) {
	town := found(t, lone())
	for _, cmd := range []ledger.Command{
		ledger.Pay{ID: ledger.ID{1}, From: 1, To: 1, Amount: 1},
		ledger.Pay{ID: ledger.ID{1}, From: 1, To: 99, Amount: 1},
		ledger.Issue{To: 1},
	} {
		if result, err := town.try(cmd); err == nil {
			t.Errorf("%+v: %v", cmd, result)
		}
	}
}

// TestTheSameWishesMeetOtherRules: what people want on a day does not follow
// from what became of their wishes before.
func TestTheSameWishesMeetOtherRules(t *testing.T) {
	m := tiny()
	serials := [2]uint64{}
	for i, grace := range []uint16{0, 366} {
		town := found(t, m, func(p *ledger.Policy) { p.Rate, p.GraceDays = 40_000_000, grace })
		for n := range 60 {
			if err := town.live(monday+demurrage.Day(n), n); err != nil {
				t.Fatal(err)
			}
			for j := range town.people {
				serials[i] = serials[i]*31 + town.people[j].dice.Uint64()
			}
			serials[i] = serials[i]*31 + town.gifts.Uint64()
		}
	}
	if serials[0] != serials[1] {
		t.Error("the dice fell otherwise under other rules")
	}
}

// TestTheSlowModelHasTheSameMoney tells what happened in a made-up wijk, line by
// line, to the second telling of the rules, which shares no code with the ledger,
// and holds fund, reserve and everybody's money against the outcome.
func TestTheSlowModelHasTheSameMoney(t *testing.T) {
	m := tiny()
	m.DaysBefore, m.Days, m.PayoutDays = 0, 90, 2
	for i, change := range []func(*ledger.Policy){
		func(*ledger.Policy) {},
		func(p *ledger.Policy) { p.Hops, p.Fee = 2, 15_000_000 },
		func(p *ledger.Policy) {
			p.Rate, p.Every, p.GraceDays, p.TermDays = 10_000_000, demurrage.Monthly, 3, 40
		},
	} {
		s := like(change)
		var lines bytes.Buffer
		if err := WriteHistory(context.Background(), &lines, m, s.Policy); err != nil {
			t.Fatal(err)
		}
		slow := sim.New()
		for line := range bytes.Lines(lines.Bytes()) {
			if refusal, _, err := slow.Line(line); refusal != "" || err != nil {
				t.Fatalf("%d: %s: %s %v", i, line, refusal, err)
			}
		}
		want, err := slow.Balances((monday + demurrage.Day(m.Days) - 1).String())
		if err != nil {
			t.Fatal(err)
		}
		held, ripe := new(big.Int), new(big.Int)
		for _, a := range want.Accounts {
			held.Add(held, a.Grains)
			ripe.Add(ripe, a.Convertible)
		}
		o := simulate(t, m, s)
		for _, c := range []struct {
			rows []Row
			key  string
			want *big.Int
		}{{o.Wijk, "fund", want.Fund}, {o.Wijk, "reserve", want.Reserve}, {o.Groups[0].Rows, "held", held}, {o.Groups[0].Rows, "convertible", ripe}} {
			if got := value(t, c.rows, c.key, 1); got.Cmp(grains(c.want)) != 0 {
				t.Errorf("%d: %s is %v, the slow model says %v", i, c.key, got, grains(c.want))
			}
		}
		if len(want.Accounts) != 30 || i > 0 && ripe.Sign() == 0 {
			t.Errorf("%d: %d accounts, %v convertible", i, len(want.Accounts), ripe)
		}
	}
}

// full is a disk with room for a few lines.
type full struct{ room int }

func (f *full) Write(b []byte) (int, error) {
	if f.room -= len(b); f.room < 0 {
		return 0, errFull
	}
	return len(b), nil
}

var errFull = errors.New("the disk is full")

func TestAHistoryThatCannotBeWrittenSaysSo(t *testing.T) {
	if err := WriteHistory(context.Background(), &full{2000}, tiny(), ledger.DefaultPolicy()); !errors.Is(err, errFull) {
		t.Error(err)
	}
	var refused *policy.RefusedError
	if err := WriteHistory(context.Background(), &full{2000}, tiny(), ledger.Policy{}); !errors.As(err, &refused) {
		t.Error(err)
	}
}
