package replay

import (
	"encoding/json"
	"math/big"

	"grulden/demurrage"
	"grulden/ledger"
)

// Balances is a ledger's state at the end of a day, as `grulden balances
// --json` prints it (SPEC.md §9). Every G is whole grains, rounded down.
type Balances struct {
	Day      string                     `json:"day"`
	Index    string                     `json:"index"`
	Issued   *big.Int                   `json:"issued"`
	Redeemed *big.Int                   `json:"redeemed"`
	Escrow   *big.Int                   `json:"escrow"`
	Reserve  *big.Int                   `json:"reserve"`
	Fund     *big.Int                   `json:"fund"`
	Accounts map[string]AccountBalances `json:"accounts"`
}

// AccountBalances is one account of a Balances.
type AccountBalances struct {
	Grains      *big.Int     `json:"grains"`
	Convertible *big.Int     `json:"convertible"`
	Lots        []LotBalance `json:"lots"`
}

// LotBalance is a lot that is not convertible yet.
type LotBalance struct {
	IssueDay  string   `json:"issue_day"`
	Hops      int      `json:"hops"`
	Grains    *big.Int `json:"grains"`
	MeltsFrom string   `json:"melts_from"`
}

// NewBalances begins a Balances from a head, at the end of a day.
func NewBalances(head *ledger.Head, day demurrage.Day) (*Balances, error) {
	fund, negative, err := head.Fund(day)
	if err != nil {
		return nil, err
	}
	b := &Balances{
		Day:      day.String(),
		Index:    new(big.Int).SetUint64(head.Index.At(day)).String(),
		Issued:   head.Issued.Grains().Big(),
		Redeemed: head.Redeemed.Grains().Big(),
		Escrow:   head.Escrow.Grains().Big(),
		Reserve:  head.Reserve().Grains().Big(),
		Fund:     fund.Big(),
		Accounts: make(map[string]AccountBalances),
	}
	if negative {
		b.Fund.Neg(b.Fund)
	}
	return b, nil
}

// Add adds an account's balance under a label.
func (b *Balances) Add(label string, balance ledger.Balance) {
	a := AccountBalances{
		Grains:      ledger.Grains(balance.Worth).Big(),
		Convertible: ledger.Grains(balance.Convertible).Big(),
		Lots:        []LotBalance{},
	}
	for _, l := range balance.Lots {
		a.Lots = append(a.Lots, LotBalance{l.Issued.String(), l.Hops, ledger.Grains(l.Worth).Big(), l.Melts.String()})
	}
	b.Accounts[label] = a
}

// Rejected is a line that became no entry.
type Rejected struct {
	Line  int    `json:"line"`
	Error string `json:"error"`
}

// Outcome is what a replay prints.
type Outcome struct {
	Applied  int        `json:"applied"`
	Rejected []Rejected `json:"rejected"`
}

// Note takes down the result of a line.
func (o *Outcome) Note(line int, r ledger.Result) {
	if r == ledger.Applied {
		o.Applied++
		return
	}
	o.Rejected = append(o.Rejected, Rejected{line, r.Code()})
}

// MarshalJSON prints an empty list rather than null.
func (o Outcome) MarshalJSON() ([]byte, error) {
	type plain Outcome
	if o.Rejected == nil {
		o.Rejected = []Rejected{}
	}
	return json.Marshal(plain(o))
}
