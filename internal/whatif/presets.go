package whatif

import (
	"slices"
	"strconv"
	"strings"

	"grulden/demurrage"
	"grulden/internal/export"
	"grulden/internal/report"
	"grulden/ledger"
)

// Preset is a made-up wijk that is ready to be tried. Of none of them anything was
// measured: they are as unlike each other as one can think of, so that an answer
// that holds in all of them does not hang on one of them.
type Preset struct {
	Key   string
	Name  report.Text
	About report.Text
	Model Model
}

// Presets are those there are, the usual one first.
func Presets() []Preset {
	return []Preset{
		{
			"usual",
			report.Text{NL: "Een verzonnen wijk: gewoon", EN: "Made up: an ordinary neighbourhood"},
			report.Text{NL: "120 bewoners en 24 winkels. Drie van de vier winkels kopen bij elkaar.", EN: "120 residents and 24 shops. Three of four shops buy from each other."},
			DefaultModel(),
		},
		{
			"young",
			report.Text{NL: "Een verzonnen wijk: net begonnen", EN: "Made up: a neighbourhood that just began"},
			report.Text{NL: "40 bewoners en 10 winkels. Winkels willen bijna alles als euro’s.", EN: "40 residents and 10 shops. Shops want nearly everything in euros."},
			young(),
		},
		{
			"close",
			report.Text{NL: "Een verzonnen wijk: koopt bij zichzelf", EN: "Made up: a neighbourhood that buys from itself"},
			report.Text{NL: "120 bewoners en 30 winkels. Winkels kopen veel bij elkaar en vragen weinig euro’s.", EN: "120 residents and 30 shops. Shops buy much from each other and ask for few euros."},
			knit(),
		},
	}
}

// PresetOf finds a preset.
func PresetOf(key string) (Preset, bool) {
	all := Presets()
	i := slices.IndexFunc(all, func(p Preset) bool { return p.Key == key })
	if i < 0 {
		return Preset{}, false
	}
	return all[i], true
}

const onePercent = demurrage.Billion / 100

// young is a wijk in which few use the coin yet and next to nothing is bought between shops.
func young() Model {
	m := DefaultModel()
	m.DaysBefore = 182
	m.Residents = []Residents{
		{Name: "uses it every week", Count: 10, TopsUp: 25_00, Below: 10_00, EveryDays: 7, PaymentsWeek: 2, Least: 2_50, Most: 15_00, Neighbours: 4 * onePercent},
		{Name: "uses it now and then", Count: 20, TopsUp: 20_00, Below: 5_00, EveryDays: 28, PaymentsWeek: 1, Least: 2_50, Most: 10_00, Neighbours: 2 * onePercent},
		{Name: "got some and forgets it", Count: 10, TopsUp: 20_00, Below: 5_00, EveryDays: 182},
	}
	m.Shops = []Shops{
		{Name: "daily goods", Count: 4, Draws: 5, Suppliers: 1, Buys: 15 * onePercent, Keeps: 10_00, Redeems: 90 * onePercent},
		{Name: "buys nothing in the wijk", Count: 6, Draws: 2, Redeems: demurrage.Billion},
	}
	m.Fund.People = 2
	return m
}

// knit is a wijk in which money goes round between shops.
func knit() Model {
	m := DefaultModel()
	m.Shops = []Shops{
		{Name: "daily goods", Count: 12, Draws: 4, Suppliers: 5, Buys: 60 * onePercent, Wages: 20 * onePercent, Keeps: 50_00, Redeems: 10 * onePercent},
		{Name: "craft and care", Count: 18, Draws: 2, Suppliers: 4, Buys: 55 * onePercent, Wages: 30 * onePercent, Keeps: 25_00, Redeems: 20 * onePercent},
	}
	for i := range m.Residents {
		m.Residents[i].Neighbours *= 3
	}
	return m
}

// groupWords are the Dutch names of the groups that presets have.
var groupWords = map[string]string{
	"uses it every week": "gebruikt het elke week", "uses it now and then": "gebruikt het soms",
	"got some and forgets it": "kreeg wat en vergeet het", "daily goods": "dagelijkse dingen",
	"craft and care": "vakwerk en zorg", "buys nothing in the wijk": "koopt niets in de wijk",
}

// Assumed says in words what a model takes for granted, one line for each group.
func (m *Model) Assumed() (all []report.Text) {
	say := func(nl, en string, filled ...string) {
		for i := 0; i < len(filled); i += 2 {
			nl = strings.ReplaceAll(nl, filled[i], dutch(filled[i], filled[i+1]))
			en = strings.ReplaceAll(en, filled[i], filled[i+1])
		}
		all = append(all, report.Text{NL: nl, EN: en})
	}
	for i := range m.Residents {
		r := &m.Residents[i]
		nl, en := "{n} bewoners ({name})", "{n} residents ({name})"
		if r.TopsUp > 0 {
			nl += ": heeft iemand minder dan {below}, dan laadt die {top} op. Zij kijken elke {every} dagen."
			en += ": who has less than {below} tops up {top}. They look every {every} days."
		} else {
			nl += ": zij laden niets op."
			en += ": they top up nothing."
		}
		if r.PaymentsWeek > 0 {
			nl += " Zij willen {pays} keer per week betalen, {least} tot {most} per keer; {share} daarvan aan andere bewoners."
			en += " They wish to pay {pays}× a week, {least} to {most} each; {share} of these to other residents."
		} else {
			nl += " Zij betalen nooit."
			en += " They never pay."
		}
		say(nl, en, "{n}", strconv.Itoa(r.Count), "{name}", r.Name, "{below}", r.Below.String(), "{top}", r.TopsUp.String(), "{every}", strconv.Itoa(r.EveryDays),
			"{pays}", strconv.Itoa(r.PaymentsWeek), "{least}", r.Least.String(), "{most}", r.Most.String(), "{share}", r.Neighbours.String())
	}
	draws := 0
	for _, s := range m.Shops {
		draws += s.Count * s.Draws
	}
	for i := range m.Shops {
		s := &m.Shops[i]
		nl, en := "{n} winkels ({name}): zij krijgen samen {part} van de bezoeken van bewoners.", "{n} shops ({name}): together they get {part} of the visits of residents."
		if s.Buys+s.Wages > 0 {
			nl += " Van wat een winkel boven {keeps} heeft, gaat elke week {buys} naar vaste leveranciers in de wijk ({suppliers}) en {wages} naar iemand die hielp."
			en += " Of what a shop has beyond {keeps}, {buys} goes each week to regular suppliers in the neighbourhood ({suppliers}) and {wages} to somebody who helped."
		} else {
			nl += " Zij betalen niemand in de wijk."
			en += " They pay nobody in the neighbourhood."
		}
		say(
			nl+" Van wat euro’s kan worden, willen zij elke week {redeems}.", en+" Of what may become euros they want {redeems} each week.",
			"{n}", strconv.Itoa(s.Count), "{name}", s.Name, "{part}", strconv.Itoa(100*s.Count*s.Draws/max(draws, 1))+"%",
			"{keeps}", s.Keeps.String(), "{buys}", s.Buys.String(), "{suppliers}", strconv.Itoa(s.Suppliers), "{wages}", s.Wages.String(), "{redeems}", s.Redeems.String(),
		)
	}
	if m.Fund.Gives > 0 {
		say("Het wijkfonds geeft elke {every} dagen {gives} weg, aan {people} bewoners.", "The fund gives away {gives} every {every} days, to {people} residents.",
			"{every}", strconv.Itoa(m.Fund.EveryDays), "{gives}", m.Fund.Gives.String(), "{people}", strconv.Itoa(m.Fund.People))
	}
	say("Eerst leeft de wijk {before} dagen zonder dat het telt, onder elke regel apart. Dan tellen {days} dagen. Euro’s zijn er {payout} dagen na de vraag.",
		"First the neighbourhood lives {before} days that do not count, already under each of the rules. Then {days} days count. Euros are there {payout} days after they are asked for.",
		"{before}", strconv.Itoa(m.DaysBefore), "{days}", strconv.Itoa(m.Days), "{payout}", strconv.Itoa(m.PayoutDays))
	return all
}

// dutch is what is filled in, as Dutch writes it.
func dutch(place, filled string) string {
	if place != "{name}" {
		return strings.NewReplacer(".", ",", "%", "\u00a0%").Replace(filled)
	}
	if word, known := groupWords[filled]; known {
		return word
	}
	return filled
}

// String writes the amount as a file has it.
func (a Amount) String() string { return ledger.Cents(a).String() }

// String writes the share as a file has it.
func (s share) String() string { return export.Percent(uint32(s)) }
