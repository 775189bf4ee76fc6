package whatif

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"grulden/ledger"
)

// TestAFaultNamesTheFieldAndWhatToDo in both languages.
func TestAFaultNamesTheFieldAndWhatToDo(t *testing.T) {
	for text, says := range map[string][2]string{
		``:                             {"er staat niets. Begin met het voorbeeld.", "there is nothing: begin with the example"},
		`[]`:                           {"begin met { en eindig met }.", "begin with { and end with }"},
		`{"days": 3`:                   {"Sluit elk haakje", "close each bracket"},
		"{\n\"days\": 3\n\"seed\": 1}": {"regel 3 is niet te lezen", "line 3 cannot be read"},
		`{} {}`:                        {"na het einde", "after the end"},
		`{"dagen": 3}`:                 {`het veld "dagen" ken ik niet`, `the field "dagen" is not known`},
		`{"days": "3"}`:                {"days: schrijf een heel getal zonder aanhalingstekens", "days: write a whole number without quotes"},
		`{"days": 2.5}`:                {"days: schrijf een heel getal", "days: write a whole number"},
		`{"first": 2024}`:              {"first: schrijf tekst", "first: write a text"},
		`{"first": "1 mei"}`:           {"first: schrijf een dag als 2024-01-01", "first: write a day as 2024-01-01"},
		`{"residents": {}}`:            {"residents: schrijf een lijst tussen [ en ]", "residents: write a list"},
		`{"residents": [3]}`:           {"residents, groep 1: begin met { en eindig met }", "residents, group 1: begin with {"},
		`{"shops": [{"name": "bakker"}, {"name": "kapper", "buys": "veel"}]}`:      {`shops, groep 2 ("kapper"): buys: schrijf een deel tussen aanhalingstekens, met een punt en %: "2.5%".`, `shops, group 2 ("kapper"): buys: write a percentage between quotes`},
		`{"shops": [{"count": 2, "keep": "1.00"}]}`:                                {`shops, groep 1: het veld "keep" ken ik niet`, `shops, group 1: the field "keep"`},
		`{"residents": [{"name": "vaak", "count": 3, "tops_up": 50}]}`:             {`residents, groep 1 ("vaak"): tops_up: schrijf een bedrag`, `tops_up: write an amount between quotes, with a point: "12.50"`},
		`{"residents": [{"count": 3, "tops_up": "99999.00"}]}`:                     {"tops_up is 99999.00. Dat kan hoogstens 10000.00 zijn.", "tops_up is 99999.00, and can be 10000.00 at most"},
		`{"residents": [{"count": 3, "least": "2.00", "most": "1.00"}]}`:           {"Maak most minstens zo veel", "make most at least as much"},
		`{"residents": [{"count": 3, "payments_per_week": 101}]}`:                  {"payments_per_week is 101. Dat kan 0 tot en met 100 zijn.", "can be 0 to 100"},
		`{"residents": [{"count": -1}]}`:                                           {"count is -1", "count is -1"},
		`{"residents": [{"count": 3, "name": "` + strings.Repeat("n", 61) + `"}]}`: {"name is te lang. Hoogstens 60 letters.", "60 letters at most"},
		`{"fund": {"gives": 3}}`:                                                   {"fund: gives: schrijf een deel", "fund: gives: write a percentage"},
		`{"fund": {"give": "3%"}}`:                                                 {`fund: het veld "give"`, `fund: the field "give"`},
		`{"fund": {"gives": "3%", "people": 0}}`:                                   {"fund: people is 0", "fund: people is 0"},
		`{"shops": [{"count": 3}]}`:                                                {"draws: geen winkel trekt iemand", "draws: no shop draws anybody"},
		`{"shops": [{"count": 0, "draws": 1}]}`:                                    {"count: er zijn 120 bewoners en 0 winkels", "number of residents is 120 and of shops 0"},
		strings.Repeat(" ", MaxFile) + `{}`:                                        {"hoogstens 64 kB", "64 kB at most"},
		`{"shops": [` + strings.Repeat(`{},`, 100) + `{}]}`:                        {"residents + shops is 104", "residents + shops is 104"},
		`{"shops": [{"count": 3, "buys": "60%", "wages": "50%"}]}`:                 {"samen meer dan 100%.", "more than everything"},
	} {
		_, err := ReadModel(strings.NewReader(text))
		var f *Fault
		if !errors.Is(err, ErrModel) || !errors.As(err, &f) {
			t.Errorf("%.60s: %v", text, err)
			continue
		}
		if !strings.Contains(f.Says.NL, says[0]) || !strings.Contains(f.Says.EN, says[1]) || strings.Contains(f.Error(), "%!") || strings.Contains(f.Says.NL, "%!") {
			t.Errorf("%.60s: %q, %q", text, f.Says.NL, f.Says.EN)
		}
	}
}

// TestAFaultOfScenariosIsSaidAlike: what is read strictly has one way to be wrong.
func TestAFaultOfScenariosIsSaidAlike(t *testing.T) {
	for text, says := range map[string]string{
		`{"name": "x", "rate": 3}`:       "rate: write a percentage between quotes",
		`{"name": "x", "hops": "drie"}`:  "hops: write a whole number",
		`{"name": "x", "redeemers": ""}`: "redeemers: write a list",
		`{"name": "x", "hops": 256}`:     "hops: write a whole number",
	} {
		if _, err := ReadScenarios(strings.NewReader(text), ledger.DefaultPolicy()); !errors.Is(err, ErrScenarios) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// TestEveryPresetCanBeTriedAndIsSaidInWords: it can be read again as it was
// written, it is unlike the others, and nothing of it is taken for granted unsaid.
func TestEveryPresetCanBeTriedAndIsSaidInWords(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range Presets() {
		text, err := json.Marshal(p.Model)
		if err != nil || seen[string(text)] || seen[p.Key] {
			t.Fatalf("%s: %v", p.Key, err)
		}
		seen[string(text)], seen[p.Key] = true, true
		if again, err := ReadModel(strings.NewReader(string(text))); err != nil || !reflect.DeepEqual(again, p.Model) {
			t.Errorf("%s: %v", p.Key, err)
		}
		if same, ok := PresetOf(p.Key); !ok || !reflect.DeepEqual(same, p) || p.Name.NL == p.Name.EN || p.About.NL == "" || p.About.EN == "" {
			t.Errorf("%+v", p.Name)
		}
		said := p.Model.Assumed()
		if len(said) != len(p.Model.Residents)+len(p.Model.Shops)+2 {
			t.Errorf("%s: %d lines", p.Key, len(said))
		}
		for _, line := range said {
			if strings.ContainsAny(line.NL+line.EN, "{}") || line.NL == line.EN || strings.Contains(line.NL, "uses it") || strings.Contains(line.NL, "wijk)") && strings.Contains(line.NL, "buys") {
				t.Errorf("%s: %+v", p.Key, line)
			}
		}
	}
	if _, ok := PresetOf("unheard-of"); ok {
		t.Error("there is a preset that nobody made")
	}
}

// TestAssumptionsAreSaidByHand, each number as the language writes it, and a name
// that is not of a preset as it is.
func TestAssumptionsAreSaidByHand(t *testing.T) {
	m := Model{
		Days: 20, PayoutDays: 2,
		Residents: []Residents{
			{Name: "mijn straat 2.0", Count: 7, TopsUp: 12_50, Below: 5_00, EveryDays: 7, PaymentsWeek: 2, Least: 1_00, Most: 9_99, Neighbours: 25_000_000},
			{Name: "got some and forgets it", Count: 3},
		},
		Shops: []Shops{{Name: "een", Count: 3, Draws: 2, Buys: 10 * onePercent, Suppliers: 2, Keeps: 20_00, Redeems: 50 * onePercent}, {Name: "twee", Count: 2, Draws: 1}},
	}
	want := []string{
		"7 bewoners (mijn straat 2.0): heeft iemand minder dan 5,00, dan laadt die 12,50 op. Zij kijken elke 7 dagen. Zij willen 2 keer per week betalen, 1,00 tot 9,99 per keer; 2,5\u00a0% daarvan aan andere bewoners.",
		"3 bewoners (kreeg wat en vergeet het): zij laden niets op. Zij betalen nooit.",
		"3 winkels (een): zij krijgen samen 75\u00a0% van de bezoeken van bewoners. Van wat een winkel boven 20,00 heeft, gaat elke week 10\u00a0% naar vaste leveranciers in de wijk (2) en 0\u00a0% naar iemand die hielp. Van wat euro’s kan worden, willen zij elke week 50\u00a0%.",
		"2 winkels (twee): zij krijgen samen 25\u00a0% van de bezoeken van bewoners. Zij betalen niemand in de wijk. Van wat euro’s kan worden, willen zij elke week 0\u00a0%.",
		"Eerst leeft de wijk 0 dagen zonder dat het telt, onder elke regel apart. Dan tellen 20 dagen. Euro’s zijn er 2 dagen na de vraag.",
	}
	said := m.Assumed()
	if len(said) != len(want) {
		t.Fatalf("%d lines: %+v", len(said), said)
	}
	for i := range want {
		if said[i].NL != want[i] {
			t.Errorf("%q\nwant %q", said[i].NL, want[i])
		}
	}
	if en := said[0].EN; !strings.Contains(en, "who has less than 5.00 tops up 12.50") || !strings.Contains(en, "2.5% of these") {
		t.Error(en)
	}
}

// TestWorkGrowsWithEverything that takes time to reckon.
func TestWorkGrowsWithEverything(t *testing.T) {
	least := DefaultModel()
	for name, change := range map[string]func(*Model){
		"days": func(m *Model) { m.Days *= 2 }, "before": func(m *Model) { m.DaysBefore++ },
		"people":  func(m *Model) { m.Residents = append(m.Residents, m.Residents[0]) },
		"wishes":  func(m *Model) { m.Residents = []Residents{{Count: 120, PaymentsWeek: 90}} },
		"sellers": func(m *Model) { m.Shops = append(m.Shops, m.Shops[0]) },
	} {
		m := DefaultModel()
		if change(&m); m.Work() <= least.Work() {
			t.Errorf("%s: %d, and without %d", name, m.Work(), least.Work())
		}
	}
}
