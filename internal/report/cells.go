package report

import (
	"cmp"
	"errors"
	"math/big"
	"math/bits"
	"slices"

	"grulden/demurrage"
	"grulden/ledger"
)

// cell is one kind of thing that is summed up by who did it.
type cell uint16

// The cells of flows. Amounts are worth; payments and receipts are numbers.
const (
	cellRow      = cell(0)                   // + row: paid
	cellEnded    = cellRow + cell(rowCount)  // + span: paid, by how long it had lain
	cellReceived = cellEnded + spanCount     // by payments
	cellPayments = cellReceived + 1          // made
	cellReceipts = cellPayments + 1          // payments received
	cellIssued   = cellReceipts + 1          // to whom
	cellGranted  = cellIssued + 1            // to whom
	cellAsked    = cellGranted + 1           // to be redeemed
	cellRejected = cellAsked + 1             // and given back
	cellPaidOut  = cellRejected + 1          // in euros
	cellFees     = cellPaidOut + 1           // kept back from that
	cellReturned = cellFees + 1              // euros that the bank sent back
	cellUnfeed   = cellReturned + 1          // the fees of those
	cellRefunded = cellUnfeed + 1            // by whom it had been paid
	cellMelted   = cellRefunded + 1          // by whom it was held
	cellByHops   = cellMelted + 1            // + span: became convertible, by days since its issue
	cellByAge    = cellByHops + spanCount    // + span: the same, for its age alone
	cellExitHop  = cellByAge + spanCount     // + hops: became euros, by the hops it had when it became convertible
	cellExitAge  = cellExitHop + maxHops + 1 // + span: became euros, by days since its issue
	cellLag      = cellExitAge + spanCount   // + lag: paid out, by days since it was asked for
	cellTo       = cellLag + lagCount        // + role: paid to somebody of a role
	cellOwn      = cellTo + maxRoles         // + role: moved to an account of one's own of a role
	cellStock    = cellOwn + maxRoles        // held, in whole grains, added up over the ends of the days
	maxHops      = cell(ledger.MaxHops)      //
	maxRoles     = cell(16)                  // told apart; further ones count as the last
	spanCount    = cell(len(spanDays)) + 1   // spans of time
	lagCount     = cell(len(lagDays)) + 1    // of waiting for euros
)

// spanDays are the days at which one span of time ends and the next begins.
var spanDays = [...]int64{1, 7, 30, 90, 180, 365}

// lagDays are the days at which one span of waiting ends and the next begins.
var lagDays = [...]int64{1, 2, 3, 6, 11}

// spanOf is the span that so many seconds are in.
func spanOf(seconds int64) cell { return spanIn(spanDays[:], seconds) }

// lagOf is the span of waiting that so many seconds are in.
func lagOf(seconds int64) cell { return spanIn(lagDays[:], seconds) }

func spanIn(ends []int64, seconds int64) cell {
	for i, end := range ends {
		if seconds < end*secondsPerDay {
			return cell(i)
		}
	}
	return cell(len(ends))
}

// share is what one holder added to one cell.
type share struct {
	cell  cell
	worth demurrage.Wide
}

// deals are what holders added to the cells, by the number of the holder.
type deals [][]share

// errTooLarge says that more was paid than can be counted.
var errTooLarge = errors.New("the volume is too large to count")

// add adds to a cell of a holder.
func (s *deals) add(holder uint32, c cell, worth demurrage.Wide) error {
	if worth.IsZero() {
		return nil
	}
	for int(holder) >= len(*s) {
		*s = append(*s, nil)
	}
	row := (*s)[holder]
	for i := range row {
		if row[i].cell == c {
			var ok bool
			if row[i].worth, ok = row[i].worth.Add(worth); !ok {
				return errTooLarge
			}
			return nil
		}
	}
	(*s)[holder] = append(row, share{c, worth})
	return nil
}

// sub takes away what was added before.
func (s deals) sub(holder uint32, c cell, worth demurrage.Wide) error {
	if int(holder) < len(s) {
		for i := range s[holder] {
			if sh := &s[holder][i]; sh.cell == c {
				var ok bool
				if sh.worth, ok = sh.worth.Sub(worth); ok {
					return nil
				}
			}
		}
	}
	return errRows
}

// of is what a holder added to a cell.
func (s deals) of(holder int, c cell) (worth demurrage.Wide) {
	if holder < len(s) {
		for i := range s[holder] {
			if s[holder][i].cell == c {
				return s[holder][i].worth
			}
		}
	}
	return worth
}

// plus adds other deals.
func (s *deals) plus(o deals) error {
	for holder, row := range o {
		for _, x := range row {
			if err := s.add(uint32(holder), x.cell, x.worth); err != nil {
				return err
			}
		}
	}
	return nil
}

// all is what all holders added to a cell.
func (s deals) all(c cell) (total sum) {
	for holder := range s {
		total.add(s.of(holder, c))
	}
	return total
}

// ageSum is worth and worth times the seconds that it lay.
type ageSum struct{ products, total sum }

func (a *ageSum) add(worth demurrage.Wide, seconds int64) {
	a.products.addTimes(worth, uint64(max(seconds, 0)))
	a.total.add(worth)
}

func (a *ageSum) plus(b *ageSum) {
	a.products.plus(&b.products)
	a.total.plus(&b.total)
}

func (a *ageSum) minus(b *ageSum) {
	a.products.minus(&b.products)
	a.total.minus(&b.total)
}

// bin is a narrow span of seconds: the first 64 are their own, and each doubling
// after has 64.
type bin uint16

func binOf(seconds int64) bin {
	s := uint64(max(seconds, 0))
	if s < 64 {
		return bin(s)
	}
	e := bits.Len64(s) - 7
	return bin(64*e) + bin(s>>e)
}

// binned is the worth that lay for the seconds of a bin.
type binned struct {
	bin   bin
	worth sum
}

// histogram is worth by bin, in the order of bins.
type histogram []binned

func (h *histogram) at(b bin) *sum {
	i, found := slices.BinarySearchFunc(*h, b, func(x binned, b bin) int { return cmp.Compare(x.bin, b) })
	if !found {
		*h = slices.Insert(*h, i, binned{bin: b})
	}
	return &(*h)[i].worth
}

// way is from whom to whom, by the numbers of the holders.
type way struct{ from, to uint32 }

// block is what happened on a day or in a month, or what refunds of one day
// dropped from the payments of another.
type block struct {
	deals    deals
	lay      []ageSum  // of what was paid, by the role of the payer
	redeemed ageSum    // of what was paid out
	long     histogram // what was paid, by how long it had lain
	exact    ages      // the same to the second: of a day that goes on, and of refunds
	edges    map[way]edge

	stock     big.Int // what all holders had, added up over the ends of the days
	held      []sum   // the same by role, in worth
	demurrage big.Int
	rounding  big.Int
	left      big.Int // by accounts that were closed
}

func newBlock() *block { return &block{edges: make(map[way]edge)} }

// layOf is the holding times of a role.
func (b *block) layOf(role int) *ageSum {
	for role >= len(b.lay) {
		b.lay = append(b.lay, ageSum{})
	}
	return &b.lay[role]
}

// heldOf is the stock of a role.
func (b *block) heldOf(role int) *sum {
	for role >= len(b.held) {
		b.held = append(b.held, sum{})
	}
	return &b.held[role]
}

// plus adds another block.
func (b *block) plus(o *block) error {
	if err := b.deals.plus(o.deals); err != nil {
		return err
	}
	for role := range o.lay {
		b.layOf(role).plus(&o.lay[role])
	}
	for role := range o.held {
		b.heldOf(role).plus(&o.held[role])
	}
	for i := range o.long {
		b.long.at(o.long[i].bin).plus(&o.long[i].worth)
	}
	for w, e := range o.edges { // map order does not matter: sums
		was := b.edges[w]
		b.edges[w] = edge{was.cents + e.cents, was.count + e.count}
	}
	b.redeemed.plus(&o.redeemed)
	b.stock.Add(&b.stock, &o.stock)
	b.demurrage.Add(&b.demurrage, &o.demurrage)
	b.rounding.Add(&b.rounding, &o.rounding)
	b.left.Add(&b.left, &o.left)
	return nil
}

// minus takes away what refunds dropped.
func (b *block) minus(o *block) error {
	for holder, row := range o.deals {
		for _, s := range row {
			if s.cell == cellRefunded {
				continue
			}
			if err := b.deals.sub(uint32(holder), s.cell, s.worth); err != nil {
				return err
			}
		}
	}
	for role := range o.lay {
		b.layOf(role).minus(&o.lay[role])
	}
	for _, a := range o.exact {
		b.long.at(binOf(a.seconds)).sub(a.worth)
	}
	for w, e := range o.edges { // map order does not matter: sums
		was := b.edges[w]
		b.edges[w] = edge{was.cents - e.cents, was.count - e.count}
	}
	return nil
}
