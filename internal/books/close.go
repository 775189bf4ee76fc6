package books

import (
	"grulden/ledger"
)

// Tie holds one figure of the books against another that was made without them.
type Tie struct {
	Name  TieName
	Books ledger.Cents
	Other ledger.Cents
}

// Holds tells whether both say the same.
func (t Tie) Holds() bool { return t.Books == t.Other }

// TieName says which figures a tie compares.
type TieName string

// The ties. The first always holds in books that were made here; the others
// hold when ledger, bank and cash box agree.
const (
	TieSum    TieName = "sum"    // all accounts together are nought
	TieSupply TieName = "supply" // what people and wijkfonds have: the ledger's own sum
	TieAsked  TieName = "asked"  // what waits to be paid: the ledger's own sum
	TieBank   TieName = "bank"   // the bank account: the bank's own last balance
	TieCover  TieName = "cover"  // bank and cash: all that is owed; only told when they are less
)

// Ties are the checks at the end of the books. Without a statement there is
// nothing to hold the bank account against, and that tie is left out.
func (c *Close) Ties(src *Sources) []Tie {
	var sum ledger.Cents
	for _, cents := range c.Balances {
		sum += cents
	}
	ties := []Tie{
		{TieSum, sum, 0},
		{TieSupply, -c.Balances[accHolders] - c.Balances[accFund], c.Head.Supply()},
		{TieAsked, -c.Balances[accAsked], c.Head.Escrow},
	}
	if src.Last != nil {
		ties = append(ties, Tie{TieBank, c.Balances[accBank], src.Last.Closing + src.since()})
	}
	if c.Have() < c.Owed() { // more is the foundation's own
		ties = append(ties, Tie{TieCover, c.Have(), c.Owed()})
	}
	return ties
}

// since is what the bank told after its last balance. What a notification told of
// a day that a statement closed since is in that balance, or it never came.
func (src *Sources) since() (cents ledger.Cents) {
	for i := range src.Bank {
		if e := &src.Bank[i]; e.Use != Foreign && src.Last.Day < e.Day && e.Day <= src.Today {
			cents += e.Signed()
		}
	}
	return cents
}

// Have is the money that is there: at the bank, in the box and between them.
func (c *Close) Have() ledger.Cents {
	return c.Balances[accBank] + c.Balances[accBox] + c.Balances[accCarried]
}

// Owed is all that others can ask for: Grulden, the wijkfonds, what waits or is
// on its way, and money that is not theirs yet. The foundation's own money, costs
// and cash differences are not owed to anybody: they are the difference.
func (c *Close) Owed() ledger.Cents {
	var owed ledger.Cents
	for _, number := range []string{accHolders, accFund, accAsked, accPaid, accUnclear, accReceipts, accGivers} {
		owed -= c.Balances[number]
	}
	return owed
}

// Alarms are the accounts that should be empty and are not.
func (c *Close) Alarms() (alarms []Account) {
	for _, a := range Chart() {
		if a.Empty && c.Balances[a.Number] != 0 {
			alarms = append(alarms, a)
		}
	}
	return alarms
}
