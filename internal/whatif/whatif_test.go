package whatif

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"math/big"
	"os"
	"reflect"
	"strings"
	"testing"

	"grulden/demurrage"
	"grulden/internal/policy"
	"grulden/ledger"
)

// tiny is a wijk of twenty residents and ten shops that lives for a season.
func tiny() Model {
	m := DefaultModel()
	m.DaysBefore, m.Days = 30, 60
	m.Residents, m.Shops = m.Residents[:2], m.Shops[:2]
	for i := range 2 {
		m.Residents[i].Count, m.Shops[i].Count = 10, 5
	}
	return m
}

func simulate(t *testing.T, m Model, others ...policy.Scenario) *Outcome {
	t.Helper()
	last := uint64(0)
	o, err := Simulate(context.Background(), m, 1, others, ledger.DefaultPolicy(), func(done, of uint64) {
		if done != last+1 || done > of {
			t.Errorf("%d of %d days after %d", done, of, last)
		}
		last = done
	})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func inJSON(t *testing.T, o *Outcome) string {
	t.Helper()
	var b bytes.Buffer
	if err := o.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func value(t *testing.T, rows []Row, key string, i int) *big.Rat {
	t.Helper()
	for _, r := range rows {
		if r.Key == key {
			return r.Values[i]
		}
	}
	t.Fatalf("no row %s", key)
	return nil
}

func like(change func(*ledger.Policy)) policy.Scenario {
	s := policy.Scenario{Name: "other", Policy: ledger.DefaultPolicy()}
	change(&s.Policy)
	return s
}

// TestTheSameSeedGivesTheSameBytes: an outcome can be repeated by anybody, and
// the dice are thrown anew with another seed.
func TestTheSameSeedGivesTheSameBytes(t *testing.T) {
	others := []policy.Scenario{like(func(p *ledger.Policy) { p.Hops = 3 }), {Name: "newest", Policy: ledger.DefaultPolicy(), Order: ledger.NewestFirst}}
	m := tiny()
	once := inJSON(t, simulate(t, m, others...))
	if inJSON(t, simulate(t, m, others...)) != once {
		t.Error("the same seed gave another outcome")
	}
	if m.Seed++; inJSON(t, simulate(t, m, others...)) == once {
		t.Error("another seed gave the same outcome")
	}
}

// TestRulesThatNobodyMeetsChangeNothing: what never comes to pass makes no
// difference, so that whatever differs does so by the rules and not by chance.
func TestRulesThatNobodyMeetsChangeNothing(t *testing.T) {
	o := simulate(t, tiny(), like(func(p *ledger.Policy) { p.TermDays = 400 }))
	for _, s := range o.sections() {
		for i := range s.rows {
			if s.rows[i].Leans(1) != 0 {
				t.Errorf("%s: %s is %s and would be %s", s.key, s.rows[i].Key, s.rows[i].value(0), s.rows[i].value(1))
			}
		}
	}
	if len(o.Groups) < 3 {
		t.Errorf("%d groups", len(o.Groups))
	}
}

// TestEuroComesSoonerAfterFewerPayments: shops that want euros get more of them
// where fewer payments are asked for, and the reserve has less; with more of them
// money stays longer and is paid on more often.
func TestEuroComesSoonerAfterFewerPayments(t *testing.T) {
	o := simulate(t, tiny(), like(func(p *ledger.Policy) { p.Hops = 2 }), like(func(p *ledger.Policy) { p.Hops = 8 }))
	all := o.Groups[0].Rows
	for i, order := range [][2]int{{1, 0}, {0, 2}} {
		if value(t, all, "paid_out", order[0]).Cmp(value(t, all, "paid_out", order[1])) <= 0 ||
			value(t, o.Wijk, "reserve", order[0]).Cmp(value(t, o.Wijk, "reserve", order[1])) >= 0 ||
			value(t, o.Wijk, "k_real", order[0]).Cmp(value(t, o.Wijk, "k_real", order[1])) >= 0 {
			t.Errorf("%d: %s", i, inJSON(t, o))
		}
	}
}

// TestAModelIsReckonedByHand: twenty residents put 100.00 in their purse on
// 15 January and leave it there. On 1 February 1 % melts: 99.00 each, and 20.00 in
// the wijkfonds. Nobody paid, so there is no multiplier beyond 1.
func TestAModelIsReckonedByHand(t *testing.T) {
	m := Model{
		Seed: 1, First: "2024-01-15", Days: 31,
		Residents: []Residents{{Count: 20, TopsUp: 100_00, Below: 1, EveryDays: 1}},
		Shops:     []Shops{{Count: 1, Draws: 1}},
	}
	o := simulate(t, m, like(func(p *ledger.Policy) { p.Rate, p.Every, p.GraceDays = 10_000_000, demurrage.Monthly, 0 }))
	for _, c := range []struct {
		rows []Row
		key  string
		want string
	}{
		{o.Wijk, "reserve", "2000"},
		{o.Wijk, "fund", "20"},
		{o.Wijk, "issued", "2000"},
		{o.Wijk, "volume", "0"},
		{o.Wijk, "stock_mean", ""}, // 17 days of 2000 and 14 of 1980, over 31
		{o.Wijk, "velocity", "0"},
		{o.Wijk, "k_real", "1"},
		{o.Groups[0].Rows, "held", "1980"},
		{o.Groups[0].Rows, "melted", "20"},
	} {
		if c.key == "stock_mean" {
			c.want = big.NewRat(17*2000+14*1980, 31).RatString()
		}
		if got := value(t, c.rows, c.key, 1).RatString(); got != c.want {
			t.Errorf("%s is %s, want %s", c.key, got, c.want)
		}
	}
	for _, r := range o.Wijk {
		if r.Key == "fund" && r.Shown(0, "en") != "0.00" { // but for roundings for the holder
			t.Errorf("within its grace %s melted", r.Values[0])
		}
	}
}

// TestFewAccountsAreNotShown: one shop among twenty residents is shown with
// everybody only, and nine accounts not at all.
func TestFewAccountsAreNotShown(t *testing.T) {
	m := tiny()
	m.Days, m.Shops = 10, m.Shops[:1]
	m.Shops[0].Count, m.Shops[0].Suppliers = 1, 0
	if o := simulate(t, m, like(func(p *ledger.Policy) { p.Hops = 2 })); len(o.Groups) != 1 || o.Groups[0].Accounts != 21 {
		t.Errorf("%+v", o.Groups)
	}
	m.Residents = m.Residents[:1]
	m.Residents[0].Count = 8
	if o := simulate(t, m, like(func(p *ledger.Policy) { p.Hops = 2 })); len(o.Groups) != 0 || len(o.Wijk) == 0 {
		t.Errorf("%+v", o.Groups)
	}
}

// TestNoMoneyIsLostInAModel holds the reserve against what is in the ledger,
// under every order of spending.
func TestNoMoneyIsLostInAModel(t *testing.T) {
	m := tiny()
	for _, o := range ledger.Orders() {
		s := like(func(p *ledger.Policy) { p.Rate, p.Fee, p.Hops = 5_000_000, 20_000_000, 3 })
		s.Order = o
		town, err := run(context.Background(), &m, s, nil, func() {})
		if err == nil {
			err = town.world.State().Check()
		}
		if err != nil || town.world.State().Head().Redeemed == 0 {
			t.Errorf("%v: %v", o, err)
		}
	}
}

func TestScenariosAreReadFromAFile(t *testing.T) {
	base := ledger.DefaultPolicy()
	got, err := ReadScenarios(strings.NewReader(`[
		{"name": "three", "hops": 3},
		{"name": "all", "rate": "1%", "every": "month", "grace_days": 0, "term_days": 90, "redemption_fee": "2.5%", "redeemers": [], "spending": "ripest-first"}]`), base)
	if err != nil {
		t.Fatal(err)
	}
	want := []policy.Scenario{
		like(func(p *ledger.Policy) { p.Hops = 3 }),
		{Name: "all", Order: ledger.RipestFirst, Policy: ledger.Policy{Rate: 10_000_000, Every: demurrage.Monthly, Hops: 5, TermDays: 90, Fee: 25_000_000, Redeemers: []string{}}},
	}
	want[0].Name = "three"
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	one, err := ReadScenarios(strings.NewReader(` {"name": "three", "hops": 3}`), base)
	if err != nil || !reflect.DeepEqual(one, want[:1]) {
		t.Errorf("%+v, %v", one, err)
	}
}

func TestAFileWithAFaultSaysWhichFault(t *testing.T) {
	for text, says := range map[string]string{
		`{"hops": 3}`:                        "no name",
		`{"name": "x", "hop": 3}`:            "hop",
		`{"name": "x", "hops": 0}`:           "beyond its limits",
		`{"name": "x", "rate": "5%"}`:        "beyond its limits",
		`{"name": "x", "rate": "veel"}`:      "write a percentage between quotes",
		`{"name": "x", "every": "week"}`:     "every is",
		`{"name": "x", "spending": "mixed"}`: "melts-first",
		`[]`:                                 "there are 0",
		`{"name": "x"} {}`:                   "after the end",
		`[` + strings.Repeat(`{"name":"x"},`, 8) + `{"name":"x"}]`: "there are 9",
	} {
		_, err := ReadScenarios(strings.NewReader(text), ledger.DefaultPolicy())
		if !errors.Is(err, ErrScenarios) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", text, err)
		}
	}
	for text, says := range map[string]string{
		`{"dags": 3}`:               "dags",
		`{"days": 0}`:               "days is 0",
		`{"first": "morgen"}`:       "first",
		`{"residents": []}`:         "number of residents",
		`{"shops": [{"count": 3}]}`: "draws anybody",
		`{"shops": [{"count": 1, "draws": 1, "suppliers": 1}]}`:                            "suppliers is 1",
		`{"shops": [{"count": 2, "draws": 1, "buys": "60%", "wages": "50%"}]}`:             "more than everything",
		`{"residents": [{"count": 3, "payments_per_week": 1}]}`:                            "least",
		`{"residents": [{"count": 3, "tops_up": "5.00"}]}`:                                 "every_days is 0",
		`{"residents": [{"count": 3, "tops_up": "5,00"}]}`:                                 "write an amount between quotes",
		`{"fund": {"gives": "10%", "every_days": 0, "people": 1}}`:                         "every_days is 0",
		`{"residents": [{"count": 9999, "every_days": 1}, {"count": 9999, "below": "0"}]}`: "19998",
	} {
		if _, err := ReadModel(strings.NewReader(text)); !errors.Is(err, ErrModel) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// TestTheFilesOfTheManualAreAsTheManualSays: the model is the usual one, and
// the rules can be read.
func TestTheFilesOfTheManualAreAsTheManualSays(t *testing.T) {
	f, err := os.Open("../../docs/whatif-model.json")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if m, err := ReadModel(f); err != nil || !reflect.DeepEqual(m, DefaultModel()) {
		t.Errorf("%+v, %v", m, err)
	}
	text, err := os.ReadFile("../../docs/whatif-rules.json")
	if err != nil {
		t.Fatal(err)
	}
	if all, err := ReadScenarios(bytes.NewReader(text), ledger.DefaultPolicy()); err != nil || len(all) != 5 {
		t.Errorf("%+v, %v", all, err)
	}
	if m, err := ReadModel(strings.NewReader("{}")); err != nil || !reflect.DeepEqual(m, DefaultModel()) {
		t.Errorf("%+v, %v", m, err)
	}
}

// TestAnOutcomeIsWrittenForPeopleAndPrograms: what it does not show stands in the
// text and the JSON, the model can be taken out of the JSON again, and the CSV has
// a line for each figure of each scenario.
func TestAnOutcomeIsWrittenForPeopleAndPrograms(t *testing.T) {
	m := tiny()
	o := simulate(t, m, like(func(p *ledger.Policy) { p.Hops = 3 }))
	var text, sheet bytes.Buffer
	if err := o.WriteText(&text, "nl"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Deze wijk is verzonnen", "Echte mensen doen iets anders", "Euro’s na 3 keer betalen", "Per dag smelt 0,0165\u00a0%", "Bewoners", "Wat wij aannemen", "5 winkels (dagelijkse dingen)", "Euro’s in de reserve"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, text.String())
		}
	}
	var read struct {
		Model   json.RawMessage
		Caveats []any
		Rows    []struct{ Values []jsonNumber }
	}
	if err := json.Unmarshal([]byte(inJSON(t, o)), &read); err != nil || len(read.Caveats) == 0 || len(read.Rows[0].Values) != 2 {
		t.Fatal(read, err)
	}
	if again, err := ReadModel(bytes.NewReader(read.Model)); err != nil || !reflect.DeepEqual(again, m) {
		t.Errorf("%+v, %v", again, err)
	}
	if err := o.WriteCSV(&sheet, "en"); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(&sheet).ReadAll()
	if err != nil || len(lines) != 1+2*len(read.Rows) || lines[1][4] != "The rules of today" {
		t.Errorf("%d lines, %v", len(lines), err)
	}
}

func TestASimulationStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Simulate(ctx, tiny(), 1, nil, ledger.DefaultPolicy(), func(_, _ uint64) {}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	var refused *policy.RefusedError
	if _, err := Simulate(context.Background(), tiny(), 1, nil, ledger.Policy{}, func(_, _ uint64) {}); !errors.As(err, &refused) {
		t.Error(err)
	}
}

// BenchmarkSimulate is the usual model, two years, under six scenarios at once.
func BenchmarkSimulate(b *testing.B) {
	text, err := os.ReadFile("../../docs/whatif-rules.json")
	if err != nil {
		b.Fatal(err)
	}
	others, err := ReadScenarios(bytes.NewReader(text), ledger.DefaultPolicy())
	if err != nil {
		b.Fatal(err)
	}
	var entries uint64
	for b.Loop() {
		o, err := Simulate(context.Background(), DefaultModel(), 1, others, ledger.DefaultPolicy(), func(_, _ uint64) {})
		if err != nil {
			b.Fatal(err)
		}
		entries += o.Entries * uint64(len(o.Scenarios))
	}
	b.ReportMetric(float64(entries)/b.Elapsed().Seconds(), "entries/s")
}

// BenchmarkWorlds is the usual model with three other rules in ten worlds.
func BenchmarkWorlds(b *testing.B) {
	others := []policy.Scenario{like(func(p *ledger.Policy) { p.Hops = 3 }), like(func(p *ledger.Policy) { p.Hops = 7 }), like(func(p *ledger.Policy) { p.GraceDays = 0 })}
	var entries uint64
	const worlds = 10
	for b.Loop() {
		o, err := Simulate(context.Background(), DefaultModel(), worlds, others, ledger.DefaultPolicy(), func(_, _ uint64) {})
		if err != nil {
			b.Fatal(err)
		}
		entries += o.Entries * uint64(len(o.Scenarios))
	}
	b.ReportMetric(float64(entries)/b.Elapsed().Seconds(), "entries/s")
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N*worlds), "s/world")
}
