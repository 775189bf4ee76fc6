package whatif

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"math/big"
	"runtime"
	"slices"
	"strings"
	"testing"

	"grulden/internal/policy"
	"grulden/ledger"
)

// brief is a wijk small enough to live often.
func brief() Model {
	m := tiny()
	m.DaysBefore, m.Days = 10, 25
	return m
}

func worldsOf(t *testing.T, m Model, worlds int, others ...policy.Scenario) *Outcome {
	t.Helper()
	o, err := Simulate(context.Background(), m, worlds, others, ledger.DefaultPolicy(), func(_, _ uint64) {})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// TestEachWorldIsTheModelWithItsSeed lives every seed alone, and holds the median,
// the ends and the pairs of all of them against the outcome of several.
func TestEachWorldIsTheModelWithItsSeed(t *testing.T) {
	m, other := brief(), like(func(p *ledger.Policy) { p.Hops = 2 })
	const worlds = 5
	together := worldsOf(t, m, worlds, other)
	var alone []*Outcome
	entries := uint64(0)
	for k := range uint64(worlds) {
		one := m
		one.Seed += k
		o := worldsOf(t, one, 1, other)
		alone, entries = append(alone, o), entries+o.Entries
	}
	if together.Worlds != worlds || together.Entries != entries || together.Model.Seed != m.Seed || len(together.Groups) != len(alone[0].Groups) {
		t.Fatalf("%d worlds, %d entries, want %d", together.Worlds, together.Entries, entries)
	}
	for i, s := range together.sections() {
		for j, row := range s.rows {
			for scenario := range 2 {
				var each []*big.Rat
				more, less := 0, 0
				for _, o := range alone {
					r := o.sections()[i].rows[j]
					each = append(each, r.Values[scenario])
					switch r.Values[scenario].Cmp(r.Values[0]) {
					case 1:
						more++
					case -1:
						less++
					}
				}
				if !slices.EqualFunc(each, row.Each[scenario], func(a, b *big.Rat) bool { return a.Cmp(b) == 0 }) {
					t.Fatalf("%s, %s: %v, and alone %v", s.key, row.Key, row.Each[scenario], each)
				}
				slices.SortFunc(each, (*big.Rat).Cmp)
				spread := row.Spreads[scenario]
				if spread.Low.Cmp(each[0]) != 0 || spread.High.Cmp(each[worlds-1]) != 0 || row.Values[scenario].Cmp(each[worlds/2]) != 0 {
					t.Errorf("%s, %s: %v from %v to %v of %v", s.key, row.Key, row.Values[scenario], spread.Low, spread.High, each)
				}
				if s.key != "wijk" || row.Key == "volume" || row.Key == "reserve" { // others may differ by less than is shown
					if spread.More > more || spread.Less > less || s.key == "wijk" && (spread.More != more || spread.Less != less) {
						t.Errorf("%s, %s: %d more, %d less; alone %d, %d", s.key, row.Key, spread.More, spread.Less, more, less)
					}
				}
			}
		}
	}
	if reserve := together.Wijk[0]; reserve.Spreads[1].Less != worlds || reserve.Spreads[0].More+reserve.Spreads[0].Less != 0 {
		t.Errorf("with two hops the reserve is less in %+v", reserve.Spreads)
	}
}

// TestManySeedsGiveTheSameBytesOnAnyMachine: whoever of the workers comes first.
func TestManySeedsGiveTheSameBytesOnAnyMachine(t *testing.T) {
	others := []policy.Scenario{like(func(p *ledger.Policy) { p.Hops = 3 }), {Name: "newest", Policy: ledger.DefaultPolicy(), Order: ledger.NewestFirst}}
	several := inJSON(t, worldsOf(t, brief(), 4, others...))
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if inJSON(t, worldsOf(t, brief(), 4, others...)) != several {
		t.Error("one core gave another outcome than several")
	}
	if inJSON(t, worldsOf(t, brief(), 3, others...)) == several {
		t.Error("three worlds gave the outcome of four")
	}
}

// TestChanceIsTheSignTest counts, for each number of worlds, all ways in which so
// many coins can fall.
func TestChanceIsTheSignTest(t *testing.T) {
	for worlds := range 15 {
		atLeast := make([]int, worlds+2) // ways with so many heads or tails, or more
		for way := range 1 << worlds {
			heads := 0
			for n := way; n > 0; n &= n - 1 {
				heads++
			}
			for k := range worlds + 1 {
				if max(heads, worlds-heads) >= k {
					atLeast[k]++
				}
			}
		}
		want := worlds + 1
		for want > 0 && want > worlds/2+1 && 20*atLeast[want-1] <= 1<<worlds {
			want--
		}
		if got := Chance(worlds); got != want {
			t.Errorf("of %d worlds %d, want %d", worlds, got, want)
		}
	}
	for worlds, want := range map[int]int{1: 2, 5: 6, 6: 6, 10: 9, 30: 21, 100: 61} {
		if got := Chance(worlds); got != want {
			t.Errorf("of %d worlds %d, want %d", worlds, got, want)
		}
	}
}

// TestWorldsAreSetBesideThemselves by hand: the second scenario is one more in each
// of four worlds, however far these lie from each other; a difference that is not
// shown is none.
func TestWorldsAreSetBesideThemselves(t *testing.T) {
	var worlds []*Row
	for _, n := range []int64{10, 1000, 30, 500} {
		little := new(big.Rat).Add(big.NewRat(n, 1), big.NewRat(1, 1000))
		worlds = append(worlds, &Row{Figure: Figure{Decimals: 2}, Values: []*big.Rat{big.NewRat(n, 1), big.NewRat(n+1, 1), little, big.NewRat(n-1, 1)}})
	}
	row := spread(worlds)
	for i, want := range []struct {
		median     string
		more, less int
	}{{"265", 0, 0}, {"266", 4, 0}, {"265001/1000", 0, 0}, {"264", 0, 4}} {
		if got := row.Values[i].RatString(); got != want.median || row.Spreads[i].More != want.more || row.Spreads[i].Less != want.less {
			t.Errorf("%d: %s, %+v", i, got, row.Spreads[i])
		}
		if row.Leans(i) != 0 { // four worlds are too few to tell
			t.Errorf("%d leans to %d", i, row.Leans(i))
		}
	}
	low, high := row.Range(1, "nl")
	if low != "11,00" || high != "1.001,00" || row.Shown(1, "en") != "266.00" {
		t.Errorf("%s to %s, %s", low, high, row.Shown(1, "en"))
	}
	worlds = append(worlds, worlds[0], worlds[1])
	if row = spread(worlds); row.Leans(1) != 1 || row.Leans(3) != -1 || row.Leans(2) != 0 {
		t.Errorf("%d, %d, %d", row.Leans(1), row.Leans(3), row.Leans(2))
	}
	worlds[2] = &Row{Figure: worlds[0].Figure, Values: []*big.Rat{nil, nil, nil, nil}}
	if row = spread(worlds); row.Values[1] != nil || row.Leans(1) != 0 || row.Shown(1, "nl") != "–" {
		t.Errorf("what one world has no value of is %v", row.Values[1])
	}
	if low, high = row.Range(1, "nl"); low != "–" || high != "–" {
		t.Errorf("%s to %s", low, high)
	}
}

// TestRulesThatNobodyMeetsChangeNoWorld: pairs are of one seed, so that what never
// comes to pass is more in none and less in none, though worlds differ.
func TestRulesThatNobodyMeetsChangeNoWorld(t *testing.T) {
	o := worldsOf(t, brief(), 6, like(func(p *ledger.Policy) { p.TermDays = 400 }))
	apart := 0
	for _, s := range o.sections() {
		for _, row := range s.rows {
			if row.Leans(1) != 0 || row.Spreads[1].More+row.Spreads[1].Less > 0 {
				t.Errorf("%s, %s: %+v", s.key, row.Key, row.Spreads[1])
			}
			if row.Spreads[0].Low.Cmp(row.Spreads[0].High) != 0 {
				apart++
			}
		}
	}
	if apart < 20 {
		t.Errorf("only %d figures differ between worlds", apart)
	}
}

// TestSeveralWorldsAreWrittenForPeopleAndPrograms: the ends and the pairs stand in
// the text, the CSV and the JSON, and every world in the JSON.
func TestSeveralWorldsAreWrittenForPeopleAndPrograms(t *testing.T) {
	o := worldsOf(t, brief(), 6, like(func(p *ledger.Policy) { p.Hops = 2 }))
	for lang, wants := range map[string][]string{
		"nl": {"leefde 6 keer", "seed 1 tot en met 6", "in 6 van de 6 werelden", "Het is geen voorspelling", "laagste", "hoogste", "meer / minder dan nu", "0 / 6  van 6 werelden", "tellen niet precies op"},
		"en": {"lived 6 times", "seeds 1 to 6", "in 6 of the 6 worlds", "It is no forecast", "lowest", "highest", "more / less than today", "0 / 6  of 6 worlds", "do not quite add up"},
	} {
		var text bytes.Buffer
		if err := o.WriteText(&text, lang); err != nil {
			t.Fatal(err)
		}
		for _, want := range wants {
			if !strings.Contains(text.String(), want) {
				t.Errorf("%s: no %q in\n%s", lang, want, text.String())
			}
		}
		if n := strings.Count(text.String(), "laagste") + strings.Count(text.String(), "lowest"); n < 20 || n > 80 { // not for what is nought in all
			t.Errorf("%d rows have a lowest", n)
		}
		if strings.Contains(text.String(), "één worp") || strings.Contains(text.String(), "one throw") {
			t.Error("it is called one throw of the dice")
		}
	}
	var read struct {
		Worlds int
		Chance int `json:"beyond_chance"`
		Rows   []struct {
			Key    string
			Values []struct {
				Low, High string
				Each      []string
				Less      *int `json:"worlds_with_less"`
			}
		}
	}
	if err := json.Unmarshal([]byte(inJSON(t, o)), &read); err != nil || read.Worlds != 6 || read.Chance != 6 || len(read.Rows[0].Values[1].Each) != 6 || *read.Rows[0].Values[1].Less != 6 {
		t.Errorf("%+v, %v", read, err)
	}
	var sheet bytes.Buffer
	if err := o.WriteCSV(&sheet, "en"); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(&sheet).ReadAll()
	if err != nil || len(lines) != 1+2*len(read.Rows) {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	row := o.Wijk[0]
	if got, want := lines[2][10:], []string{row.rounded(row.Spreads[1].Low), row.rounded(row.Spreads[1].High), "0", "6", "6"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestFewWorldsAreCalledTooFew: with five nothing can be told from chance.
func TestFewWorldsAreCalledTooFew(t *testing.T) {
	m := DefaultModel()
	for worlds, says := range map[int]string{1: "Probeer 10 of 30 werelden", 5: "5 werelden zijn te weinig", 10: "in 9 van de 10 werelden", 30: "in 21 van de 30 werelden"} {
		var all []string
		for _, c := range (&Outcome{Model: &m, Worlds: worlds}).Caveats() {
			all = append(all, c.NL)
		}
		if text := strings.Join(all, "\n"); !strings.Contains(text, says) || strings.Contains(text, "{") {
			t.Errorf("%d worlds: %s", worlds, text)
		}
	}
}

func TestSeedsHaveABound(t *testing.T) {
	for _, worlds := range []int{-1, 0, MaxWorlds + 1} {
		if _, err := Simulate(context.Background(), brief(), worlds, nil, ledger.DefaultPolicy(), func(_, _ uint64) {}); !errors.Is(err, ErrModel) {
			t.Errorf("%d: %v", worlds, err)
		}
	}
}

// TestManyWorldsStop: whoever goes away is not reckoned for any longer, and the
// reason why is said.
func TestManyWorldsStop(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	days := uint64(0)
	_, err := Simulate(ctx, brief(), MaxWorlds, []policy.Scenario{like(func(p *ledger.Policy) { p.Hops = 2 })}, ledger.DefaultPolicy(), func(done, _ uint64) {
		if days = done; done == 40 {
			cancel(errFull)
		}
	})
	if !errors.Is(err, errFull) || days > 40+uint64(runtime.GOMAXPROCS(0)) {
		t.Errorf("%d days, %v", days, err)
	}
}
