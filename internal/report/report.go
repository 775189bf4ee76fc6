package report

import (
	"context"
	"errors"
	"fmt"
	"math/big"

	"grulden/demurrage"
	"grulden/internal/network"
	"grulden/internal/node"
	"grulden/internal/record"
	"grulden/ledger"
)

// Period is the civil days a report is about, both inclusive. It is cut to the
// days that the ledger has lived: from its first entry to its last, or to
// Options.Today if that is later.
type Period struct{ From, To demurrage.Day }

// Always is the longest period.
var Always = Period{demurrage.MinDay, demurrage.MaxDay}

// Days is T, the number of days.
func (p Period) Days() int { return int(p.To-p.From) + 1 }

// The reasons why there is no report.
var (
	ErrPeriod  = errors.New("the first day of a report lies after its last day")
	ErrNothing = errors.New("the ledger has no day in this period")
)

// Options are what a report needs besides the entries. The zero value will do.
type Options struct {
	Coin     string                // name of the coin; empty: Grulden
	Today    demurrage.Day         // the latest day to report on, if the last entry is earlier
	Entries  uint64                // how many there are, for Progress
	Progress func(done, of uint64) // called now and then; may be nil
	Brief    bool                  // without who paid whom: it is what takes long in a large wijk
	Owners   bool                  // with who is behind the cells of tables: for who judges what may be published

	// Sectors is the kind of business that each shop says it is, by its key; it is
	// the one thing in a report that the journal does not know.
	Sectors map[ledger.OwnerID]string
}

// Report is the figures of a period. Amounts are in Grulden where they are
// fractions. A fraction that is nil has no value: its divisor is nought.
type Report struct {
	Period  Period
	Coin    string
	Entries uint64 // the last entry looked at

	Issued    ledger.Cents // I: made against euros
	Granted   ledger.Cents // paid from the wijkfonds
	PaidOut   ledger.Cents // R: paid out in euros, after fees, when settled
	Fees      ledger.Cents // kept back when settled
	Requested ledger.Cents // asked to be redeemed, fees included
	Rejected  ledger.Cents // came back
	Waiting   ledger.Cents // at the end

	StockStart *big.Rat // what all holders have before the first day
	StockEnd   *big.Rat // and at the end of the last
	StockMean  *big.Rat // M: the mean over the ends of all days

	Volume       ledger.Cents // V: between different owners, refunds dropped
	Refunded     ledger.Cents // refunds of this period's payments, dropped from V
	RefundedLate ledger.Cents // refunds in this period of payments before it
	Payments     int          // that V is made of
	Payers       int          // owners who made one
	Receivers    int          // owners who got one
	Participants int          // owners who did either
	Velocity     *big.Rat     // V / (M·T), a year of 365 days

	ByHop       []*big.Rat // [k−1]: value making its k-th counted transaction
	Returned    *big.Rat   // paid to an owner on its trail
	SameDay     *big.Rat   // paid to a second new owner on one day
	Convertible *big.Rat   // paid with pool money

	HoldingMean   *big.Rat // days at the payer before a payment
	HoldingMedian *big.Rat // half of V lay no longer
	RedeemedAge   *big.Rat // days at the holder before asking for what was paid out
	HeldAge       *big.Rat // days that what is held at the end has lain there

	ShareRedeemed *big.Rat // R / I
	Multiplier    *big.Rat // 1 + V / I

	Demurrage *big.Rat // the wijkfonds' income from melting
	Left      *big.Rat // from accounts that were closed, each under a cent
	Rounding  *big.Rat // what roundings gave to holders
	FundStart *big.Rat
	FundEnd   *big.Rat

	brief   bool             // the edges are not there
	behind  bool             // it is known who is behind the cells
	before  *Report          // of the period before; nil where nothing is compared
	edges   []Edge           // who paid whom
	graph   *network.Figures // of the edges, once somebody asked
	sectors map[ledger.OwnerID]string
	windows []window
	data    *data // what the tables are made of
}

// FundIncome is what the wijkfonds got: demurrage, fees, and what closed
// accounts left.
func (r *Report) FundIncome() *big.Rat {
	sum := new(big.Rat).Add(r.Demurrage, r.Left)
	return sum.Add(sum, ofCents(r.Fees))
}

// Make reports on a ledger as a view shows it, in one pass through its journal and
// without anything that was kept.
func Make(ctx context.Context, v *node.View, p Period, o Options) (*Report, error) {
	o.Entries = v.Head().Seq
	return FromRecords(ctx, func(fn func(*record.Record) error) error { return v.Each(1, fn) }, p, o)
}

// Records calls fn for every entry of a ledger from the first on, and ends with
// the first error of fn.
type Records func(fn func(*record.Record) error) error

// errPast ends the walk after the last day of the period.
var errPast = errors.New("after the period")

// FromRecords reports on the entries of a ledger, in one pass.
func FromRecords(ctx context.Context, records Records, p Period, o Options) (*Report, error) {
	f, err := foldAll(ctx, records, p, o)
	if err != nil {
		return nil, err
	}
	return f.report(p, o)
}

// foldAll folds the entries up to the end of a period.
func foldAll(ctx context.Context, records Records, p Period, o Options) (*fold, error) {
	if p.From > p.To {
		return nil, ErrPeriod
	}
	payments := make(map[ledger.ID]uint64)
	f := newFold(inMemory(), func(id ledger.ID) (uint64, error) { return payments[id], nil })
	err := records(func(r *record.Record) error {
		if pay, ok := r.Command.(ledger.Pay); ok {
			payments[pay.ID] = r.Seq
		}
		if r.Moment.Day > p.To {
			return errPast
		}
		return f.next(ctx, &r.Entry, o)
	})
	if err != nil && !errors.Is(err, errPast) {
		return nil, err
	}
	if o.Progress != nil {
		o.Progress(o.Entries, o.Entries)
	}
	return f, nil
}

// stopped says that the fold was told to stop, which it does between two entries:
// it can go on from there, as after no other error.
type stopped struct{ error }

func (s stopped) Unwrap() error { return s.error }

// next folds an entry, tells how far it is, and ends when it should.
func (f *fold) next(ctx context.Context, e *ledger.Entry, o Options) error {
	if e.Seq%4096 == 0 && o.Progress != nil {
		o.Progress(e.Seq, o.Entries)
	}
	if e.Seq%4096 == 0 && ctx.Err() != nil {
		return stopped{ctx.Err()}
	}
	if err := f.entry(e); err != nil {
		return fmt.Errorf("entry %d: %w", e.Seq, err)
	}
	return nil
}
