package books

import (
	"math/big"

	"grulden/demurrage"
	"grulden/ledger"
)

// Reserve is the cover of the Grulden at one moment: what is owed, by the ledger,
// and what there is, by the bank and the cash box.
type Reserve struct {
	Day demurrage.Day

	Holders ledger.Cents // Grulden of residents and shops, rounded up
	Fund    ledger.Cents // of the wijkfonds, with the gifts on its account
	Asked   ledger.Cents // asked in euro and not paid yet
	Paid    ledger.Cents // paid, and not on a statement yet
	Unclear ledger.Cents // received and not Grulden yet: to be looked into
	Givers  ledger.Cents // received for many people and not handed out yet

	Bank    ledger.Cents // the bank's own last balance
	BankDay demurrage.Day
	HasBank bool         // there was a statement
	Since   ledger.Cents // told by the bank since that balance
	Box     ledger.Cents
	Counted demurrage.Day // the last time; nought for never
	Carried ledger.Cents  // cash on its way to the bank
}

// Ledgered fills in what the ledger says about a day, with what lies on accounts
// of the wijkfonds.
func (r *Reserve) Ledgered(head *ledger.Head, gifts ledger.Cents, day demurrage.Day) (err error) {
	r.Day = day
	if r.Fund, err = fundCents(head, day); err != nil {
		return err
	}
	r.Fund += gifts
	r.Holders, r.Asked = head.Supply()-r.Fund, head.Escrow
	return nil
}

// Grulden is what the coin promises: what people have, the wijkfonds, and what
// waits to be paid out.
func (r *Reserve) Grulden() ledger.Cents { return r.Holders + r.Fund + r.Asked }

// Owed is all that others can ask for.
func (r *Reserve) Owed() ledger.Cents { return r.Grulden() + r.Paid + r.Unclear + r.Givers }

// Have is all the euros that there are.
func (r *Reserve) Have() ledger.Cents { return r.Bank + r.Since + r.Box + r.Carried }

// Short is how many euros are missing; nought or less when none are.
func (r *Reserve) Short() ledger.Cents { return r.Owed() - r.Have() }

// Permille is the cover in thousandths, rounded down, so that it never says 100 %
// when a cent is missing; ok is false when nothing is owed.
func (r *Reserve) Permille() (permille int64, ok bool) {
	if r.Owed() <= 0 {
		return 0, false
	}
	share := new(big.Int).Mul(big.NewInt(int64(r.Have())), big.NewInt(1000))
	return share.Div(share, big.NewInt(int64(r.Owed()))).Int64(), true
}

// Covered tells whether there is a euro for each that is owed.
func (r *Reserve) Covered() bool {
	return r.HasBank && r.Short() <= 0 || r.Owed() == 0 && r.Have() >= 0
}
