package whatif

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"

	"grulden/demurrage"
	"grulden/ledger"
)

// Model is a made-up wijk: who lives there and what they are used to do. It is
// written in a file; docs/whatif.md describes every field.
type Model struct {
	Seed       uint64      `json:"seed"`        // of all dice
	First      string      `json:"first"`       // the wijk's first day, YYYY-MM-DD
	DaysBefore int         `json:"days_before"` // lived before anything is counted
	Days       int         `json:"days"`        // counted
	PayoutDays int         `json:"payout_days"` // from asking for euros until they are there
	Residents  []Residents `json:"residents"`
	Shops      []Shops     `json:"shops"`
	Fund       Giving      `json:"fund"`
}

// Residents are people with the same habits.
type Residents struct {
	Name         string `json:"name"`
	Count        int    `json:"count"`
	TopsUp       Amount `json:"tops_up"`           // so much at a time
	Below        Amount `json:"below"`             // when the purse has less than this
	EveryDays    int    `json:"every_days"`        // and they look so often
	PaymentsWeek int    `json:"payments_per_week"` // wishes to pay
	Least        Amount `json:"least"`             // of a payment
	Most         Amount `json:"most"`
	Neighbours   share  `json:"neighbours"` // of the wishes, to another resident and not to a shop
}

// Shops are businesses with the same habits. Once a week each pays, from what it
// has beyond Keeps, its suppliers and somebody who helped, and then asks for euros.
type Shops struct {
	Name      string `json:"name"`
	Count     int    `json:"count"`
	Draws     int    `json:"draws"`     // how many of the residents' visits, beside the other shops
	Suppliers int    `json:"suppliers"` // other shops that it always buys from
	Buys      share  `json:"buys"`
	Wages     share  `json:"wages"`
	Keeps     Amount `json:"keeps"`
	Redeems   share  `json:"redeems"` // of what may become euros
}

// Giving is what the wijkfonds does.
type Giving struct {
	Gives     share `json:"gives"` // of what it has
	EveryDays int   `json:"every_days"`
	People    int   `json:"people"` // who share it
}

// Amount is an amount in a file, in cents.
type Amount ledger.Cents

// UnmarshalJSON reads "12.50"; "0" is nought.
func (a *Amount) UnmarshalJSON(b []byte) error {
	var text string
	if json.Unmarshal(b, &text) == nil {
		if text == "0" || text == "0.00" {
			*a = 0
			return nil
		}
		if c, err := ledger.ParseCents(text); err == nil {
			*a = Amount(c)
			return nil
		}
	}
	return unreadable[Amount](b)
}

// DefaultModel is a wijk of a size that a small foundation knows: 120 residents
// and 24 shops, one year counted after one year lived.
func DefaultModel() Model {
	return Model{
		Seed: 1, First: "2024-01-01", DaysBefore: 364, Days: 364, PayoutDays: 3,
		Residents: []Residents{
			{Name: "uses it every week", Count: 50, TopsUp: 50_00, Below: 25_00, EveryDays: 7, PaymentsWeek: 3, Least: 2_50, Most: 20_00, Neighbours: 8 * onePercent},
			{Name: "uses it now and then", Count: 50, TopsUp: 25_00, Below: 10_00, EveryDays: 28, PaymentsWeek: 1, Least: 2_50, Most: 15_00, Neighbours: 4 * onePercent},
			{Name: "got some and forgets it", Count: 20, TopsUp: 20_00, Below: 5_00, EveryDays: 182},
		},
		Shops: []Shops{
			{Name: "daily goods", Count: 8, Draws: 5, Suppliers: 3, Buys: 40 * onePercent, Wages: 10 * onePercent, Keeps: 50_00, Redeems: 50 * onePercent},
			{Name: "craft and care", Count: 10, Draws: 2, Suppliers: 2, Buys: 50 * onePercent, Wages: 20 * onePercent, Keeps: 25_00, Redeems: 50 * onePercent},
			{Name: "buys nothing in the wijk", Count: 6, Draws: 3, Redeems: 90 * onePercent},
		},
		Fund: Giving{Gives: 50 * onePercent, EveryDays: 28, People: 5},
	}
}

// ErrModel says that a file cannot be used as a model; the text says why.
var ErrModel = errors.New("this model cannot be used")

// ReadModel reads a model. What the file leaves out is as in DefaultModel; of
// residents and shops it gives all or none. A file that cannot be used has a Fault.
func ReadModel(r io.Reader) (Model, error) {
	text, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return Model{}, err
	}
	m, err := parseModel(text)
	if err == nil {
		err = m.check()
	}
	if err != nil {
		return m, fmt.Errorf("%w: %w", ErrModel, err)
	}
	return m, nil
}

// MaxFile is how many bytes a file of a model has at most.
const MaxFile = 64 << 10

func parseModel(text []byte) (Model, error) {
	if len(text) > MaxFile {
		return Model{}, faulty("het is te groot. Het kan hoogstens %d kB zijn.", "it is too large: it can be %d kB at most", MaxFile>>10)
	}
	type bare Model
	file := struct {
		bare
		Residents []json.RawMessage `json:"residents"`
		Shops     []json.RawMessage `json:"shops"`
		Fund      json.RawMessage   `json:"fund"`
	}{bare: bare(DefaultModel())}
	if err := strict(text, &file); err != nil {
		return Model{}, err
	}
	m := Model(file.bare)
	if file.Residents != nil {
		m.Residents = make([]Residents, len(file.Residents))
	}
	if file.Shops != nil {
		m.Shops = make([]Shops, len(file.Shops))
	}
	for i, part := range file.Residents {
		if err := strict(part, &m.Residents[i]); err != nil {
			return m, in("residents", i, m.Residents[i].Name, err)
		}
	}
	for i, part := range file.Shops {
		if err := strict(part, &m.Shops[i]); err != nil {
			return m, in("shops", i, m.Shops[i].Name, err)
		}
	}
	if file.Fund == nil {
		return m, nil
	}
	return m, at("fund", "fund", strict(file.Fund, &m.Fund))
}

// The limits of a model: what a computer at a community centre reckons in a
// minute or two.
const (
	maxPeople = 10_000
	maxGroups = 100
	maxDays   = 3_660
	maxWishes = 100 // a week
	maxAmount = 10_000_00
	maxName   = 60 // letters
)

// check tells what in a model cannot be.
func (m *Model) check() error {
	if _, err := demurrage.ParseDay(m.First); err != nil {
		return faulty("first: schrijf een dag als 2024-01-01.", "first: write a day as 2024-01-01")
	}
	err := cmp.Or(
		within("days_before", m.DaysBefore, 0, maxDays), within("days", m.Days, 1, maxDays), within("payout_days", m.PayoutDays, 0, 60),
		within("residents + shops", len(m.Residents)+len(m.Shops), 2, maxGroups),
	)
	if err == nil && m.Fund.Gives > 0 {
		err = cmp.Or(within("fund: every_days", m.Fund.EveryDays, 1, maxDays), within("fund: people", m.Fund.People, 1, maxPeople))
	}
	if err != nil {
		return err
	}
	for i := range m.Residents {
		if err := m.Residents[i].check(); err != nil {
			return in("residents", i, m.Residents[i].Name, err)
		}
	}
	people, shops := m.count()
	for i := range m.Shops {
		if err := m.Shops[i].check(shops); err != nil {
			return in("shops", i, m.Shops[i].Name, err)
		}
	}
	if people < 1 || people > maxPeople || shops < 1 || shops > maxPeople {
		return faulty("count: er zijn %[1]d bewoners en %[2]d winkels. Van elk kunnen er 1 tot en met %[3]d zijn.",
			"count: the number of residents is %[1]d and of shops %[2]d, and can be 1 to %[3]d each", people, shops, maxPeople)
	}
	if !slices.ContainsFunc(m.Shops, func(s Shops) bool { return s.Count*s.Draws > 0 }) {
		return faulty("draws: geen winkel trekt iemand. Geef er één draws van 1 of meer.", "draws: no shop draws anybody: give one of them draws of 1 or more")
	}
	return nil
}

func (r *Residents) check() error {
	err := cmp.Or(
		named(r.Name), within("count", r.Count, 0, maxPeople), within("payments_per_week", r.PaymentsWeek, 0, maxWishes),
		atMost("tops_up", r.TopsUp), atMost("below", r.Below), atMost("most", r.Most),
	)
	switch {
	case err != nil:
		return err
	case r.Most < r.Least:
		return faulty("most is minder dan least. Maak most minstens zo veel.", "most is less than least: make most at least as much")
	case r.PaymentsWeek > 0 && r.Least == 0:
		return faulty(`least is nul. Wie betaalt, betaalt iets: minstens "0.01".`, `least is nought: who pays, pays something: at least "0.01"`)
	case r.TopsUp > 0:
		return within("every_days", r.EveryDays, 1, maxDays)
	}
	return nil
}

func (s *Shops) check(shops int) error {
	if s.Buys+s.Wages > demurrage.Billion {
		return faulty("buys en wages zijn samen meer dan 100%%.", "buys and wages are more than everything: make them 100%% together at most")
	}
	return cmp.Or(
		named(s.Name), within("count", s.Count, 0, maxPeople), within("draws", s.Draws, 0, 1000),
		within("suppliers", s.Suppliers, 0, max(min(shops-1, 20), 0)), atMost("keeps", s.Keeps),
	)
}

func named(name string) error {
	if utf8.RuneCountInString(name) > maxName {
		return faulty("name is te lang. Hoogstens %d letters.", "name is too long: %d letters at most", maxName)
	}
	return nil
}

func atMost(what string, a Amount) error {
	if a > maxAmount {
		return faulty("%[1]s is %[2]v. Dat kan hoogstens %[3]v zijn.", "%[1]s is %[2]v, and can be %[3]v at most", what, a, Amount(maxAmount))
	}
	return nil
}

// count is how many people and how many shops there are.
func (m *Model) count() (people, shops int) {
	for _, r := range m.Residents {
		people += max(r.Count, 0)
	}
	for _, s := range m.Shops {
		shops += max(s.Count, 0)
	}
	return people, shops
}

// Work is about how much there is to reckon for one scenario of one world, in
// things that somebody does on a day.
func (m *Model) Work() int {
	work := 0
	for _, r := range m.Residents {
		work += r.Count * (1 + r.PaymentsWeek)
	}
	for _, s := range m.Shops {
		work += s.Count * (8 + 2*s.Suppliers)
	}
	return work * (m.DaysBefore + m.Days)
}
