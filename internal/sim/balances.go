package sim

import (
	"errors"
	"fmt"
	"math/big"
)

// ErrNoPolicy is what Balances answers for a day without any entry up to it.
var ErrNoPolicy = errors.New(NoPolicy)

// State is what `balances --json` prints. Whole numbers are grains,
// rounded down. Its fields stand in alphabetical order, as sorted keys would.
type State struct {
	Accounts map[string]Account `json:"accounts"`
	Day      string             `json:"day"`
	Escrow   *big.Int           `json:"escrow"`
	Fund     *big.Int           `json:"fund"`
	Index    string             `json:"index"`
	Issued   *big.Int           `json:"issued"`
	Redeemed *big.Int           `json:"redeemed"`
	Reserve  *big.Int           `json:"reserve"`
}

// Account is one account in a State, in grains.
type Account struct {
	Convertible *big.Int `json:"convertible"`
	Grains      *big.Int `json:"grains"`
	Lots        []Lot    `json:"lots"`
}

// Lot is money of an account that is not convertible yet, in grains.
type Lot struct {
	Grains    *big.Int `json:"grains"`
	Hops      int      `json:"hops"`
	IssueDay  string   `json:"issue_day"`
	MeltsFrom string   `json:"melts_from"`
}

// Balances returns the state at the end of a day, written YYYY-MM-DD; empty means
// the day of the last entry. A past day is folded again from the applied lines, a
// day to come is lived through. It returns ErrNoPolicy when no entry is that early.
func (m *Model) Balances(date string) (*State, error) {
	if len(m.log) == 0 {
		return nil, ErrNoPolicy
	}
	if date == "" {
		return m.state.picture(), nil
	}
	d, ok := parseDay(date)
	if !ok {
		return nil, fmt.Errorf("balances: %q is not a day", date)
	}
	s, err := m.upTo(d)
	if err != nil {
		return nil, fmt.Errorf("balances: %w", err)
	}
	if s.entries == 0 {
		return nil, ErrNoPolicy
	}
	s = s.copy()
	s.advance(d)
	return s.picture(), nil
}

// picture describes the state as it is today.
func (s *state) picture() *State {
	p := &State{
		Accounts: map[string]Account{},
		Day:      s.today.String(),
		Escrow:   s.escrow,
		Fund:     s.fund(),
		Index:    s.cal.index(s.today).String(),
		Issued:   s.issued,
		Redeemed: s.redeemed,
		Reserve:  new(big.Int).Sub(s.issued, s.redeemed),
	}
	for name, a := range s.accounts {
		p.Accounts[name] = s.accountPicture(a)
	}
	return p
}

func (s *state) accountPicture(a *account) Account {
	p := Account{
		Convertible: grains(s.poolWorth(a)),
		Grains:      grains(s.accountWorth(a)),
		Lots:        []Lot{},
	}
	for _, l := range a.inOrder() {
		p.Lots = append(p.Lots, Lot{
			Grains:    grains(s.worth(l.units, l.melts)),
			Hops:      l.hops(),
			IssueDay:  l.issueDay.String(),
			MeltsFrom: l.melts.String(),
		})
	}
	return p
}

// grains rounds a worth down to whole grains.
func grains(worth *big.Int) *big.Int { return new(big.Int).Div(worth, scale) }
