package whatif

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

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
	if err := json.Unmarshal(b, &text); err != nil {
		return err
	}
	if text == "0" || text == "0.00" {
		*a = 0
		return nil
	}
	c, err := ledger.ParseCents(text)
	*a = Amount(c)
	return err
}

// DefaultModel is a wijk of a size that a small foundation knows: 120 residents
// and 24 shops, one year counted after one year lived.
func DefaultModel() Model {
	const percent = demurrage.Billion / 100
	return Model{
		Seed: 1, First: "2024-01-01", DaysBefore: 364, Days: 364, PayoutDays: 3,
		Residents: []Residents{
			{Name: "uses it every week", Count: 50, TopsUp: 50_00, Below: 25_00, EveryDays: 7, PaymentsWeek: 3, Least: 2_50, Most: 20_00, Neighbours: 8 * percent},
			{Name: "uses it now and then", Count: 50, TopsUp: 25_00, Below: 10_00, EveryDays: 28, PaymentsWeek: 1, Least: 2_50, Most: 15_00, Neighbours: 4 * percent},
			{Name: "got some and forgets it", Count: 20, TopsUp: 20_00, Below: 5_00, EveryDays: 182},
		},
		Shops: []Shops{
			{Name: "daily goods", Count: 8, Draws: 5, Suppliers: 3, Buys: 40 * percent, Wages: 10 * percent, Keeps: 50_00, Redeems: 50 * percent},
			{Name: "craft and care", Count: 10, Draws: 2, Suppliers: 2, Buys: 50 * percent, Wages: 20 * percent, Keeps: 25_00, Redeems: 50 * percent},
			{Name: "buys nothing in the wijk", Count: 6, Draws: 3, Redeems: 90 * percent},
		},
		Fund: Giving{Gives: 50 * percent, EveryDays: 28, People: 5},
	}
}

// ErrModel says that a file cannot be used as a model; the text says why.
var ErrModel = errors.New("this model cannot be used")

// ReadModel reads a model. What the file leaves out is as in DefaultModel; of
// residents and shops it gives all or none.
func ReadModel(r io.Reader) (Model, error) {
	text, err := io.ReadAll(io.LimitReader(r, 1<<20))
	if err != nil {
		return Model{}, err
	}
	m, usual := DefaultModel(), DefaultModel()
	m.Residents, m.Shops = nil, nil
	if err := strict(text, &m); err != nil {
		return m, fmt.Errorf("%w: %w", ErrModel, err)
	}
	if m.Residents == nil {
		m.Residents = usual.Residents
	}
	if m.Shops == nil {
		m.Shops = usual.Shops
	}
	if err := m.check(); err != nil {
		return m, fmt.Errorf("%w: %w", ErrModel, err)
	}
	return m, nil
}

// The limits of a model: what a computer at a community centre reckons in a
// minute or two.
const (
	maxPeople = 10_000
	maxDays   = 3_660
	maxWishes = 100 // a week
)

// check tells what in a model cannot be.
func (m *Model) check() error {
	if _, err := demurrage.ParseDay(m.First); err != nil {
		return fmt.Errorf("first: %w", err)
	}
	if err := within("days_before", m.DaysBefore, 0, maxDays); err != nil {
		return err
	}
	if err := within("days", m.Days, 1, maxDays); err != nil {
		return err
	}
	if err := within("payout_days", m.PayoutDays, 0, 60); err != nil {
		return err
	}
	if m.Fund.Gives > 0 {
		if err := errors.Join(within("fund: every_days", m.Fund.EveryDays, 1, maxDays), within("fund: people", m.Fund.People, 1, maxPeople)); err != nil {
			return err
		}
	}
	for _, r := range m.Residents {
		if err := r.check(); err != nil {
			return fmt.Errorf("residents %q: %w", r.Name, err)
		}
	}
	people, shops := m.count()
	if err := errors.Join(within("the number of residents", people, 1, maxPeople), within("the number of shops", shops, 1, maxPeople)); err != nil {
		return err
	}
	draws := 0
	for _, s := range m.Shops {
		if err := s.check(shops); err != nil {
			return fmt.Errorf("shops %q: %w", s.Name, err)
		}
		draws += s.Count * s.Draws
	}
	if draws == 0 {
		return errors.New("no shop draws anybody: set draws")
	}
	return nil
}

func (r *Residents) check() error {
	if r.Most < r.Least || r.PaymentsWeek > 0 && r.Least == 0 {
		return errors.New("payments go from least to most, both above nought")
	}
	if r.TopsUp > 0 {
		if err := within("every_days", r.EveryDays, 1, maxDays); err != nil {
			return err
		}
	}
	return errors.Join(within("count", r.Count, 0, maxPeople), within("payments_per_week", r.PaymentsWeek, 0, maxWishes))
}

func (s *Shops) check(shops int) error {
	if s.Buys+s.Wages > demurrage.Billion {
		return errors.New("buys and wages are more than everything")
	}
	return errors.Join(within("count", s.Count, 0, maxPeople), within("draws", s.Draws, 0, 1000), within("suppliers", s.Suppliers, 0, min(shops-1, 20)))
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

func within(what string, n, lo, hi int) error {
	if n < lo || n > hi {
		return fmt.Errorf("%s is %d, and can be %d to %d", what, n, lo, hi)
	}
	return nil
}
