package report

import (
	"cmp"
	"errors"
	"iter"
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
	cellGot      = cellEnded + spanCount     // + row: received by payments
	cellGotAfter = cellGot + cell(rowCount)  // + span: received, by how long it had lain at the payer
	cellReceived = cellGotAfter + spanCount  // by payments, of all rows
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
	cellComes    = cellStock + 1             // to shops, in all ways
	cellPasses   = cellComes + 1             // on by shops: paid, and asked to be redeemed
	cellKeeps    = cellPasses + 1            // the stock of shops
	cellCount    = cellKeeps + 1             //
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

// page is what as many holders with neighbouring numbers added to a cell.
type page [64]demurrage.Wide

// column is what holders added to one cell, by their numbers: a page is there when
// somebody on it added something.
type column []*page

// deals are what holders added to the cells, by cell.
type deals [cellCount]column

// errTooLarge says that more was paid than can be counted.
var errTooLarge = errors.New("the volume is too large to count")

// add adds to a cell of a holder.
func (d *deals) add(holder uint32, c cell, worth demurrage.Wide) error {
	if worth.IsZero() {
		return nil
	}
	at := &d[c].page(holder)[holder%uint32(len(page{}))]
	var ok bool
	if *at, ok = at.Add(worth); !ok {
		return errTooLarge
	}
	return nil
}

// page is the page of a holder.
func (c *column) page(holder uint32) *page {
	n := int(holder / uint32(len(page{})))
	if n >= len(*c) {
		*c = append(*c, make(column, n+1-len(*c))...)
	}
	if (*c)[n] == nil {
		(*c)[n] = new(page)
	}
	return (*c)[n]
}

// sub takes away what was added before.
func (d *deals) sub(holder uint32, c cell, worth demurrage.Wide) error {
	left, ok := d.of(int(holder), c).Sub(worth)
	if !ok {
		return errRows
	}
	if !worth.IsZero() {
		d[c][holder/uint32(len(page{}))][holder%uint32(len(page{}))] = left
	}
	return nil
}

// of is what a holder added to a cell.
func (d *deals) of(holder int, c cell) (worth demurrage.Wide) {
	if n := holder / len(page{}); n < len(d[c]) && d[c][n] != nil {
		worth = d[c][n][holder%len(page{})]
	}
	return worth
}

// each is who added something to a cell, in the order of their numbers.
func (c column) each() iter.Seq2[uint32, demurrage.Wide] {
	return func(yield func(uint32, demurrage.Wide) bool) {
		for n, p := range c {
			if p == nil {
				continue
			}
			for i, worth := range p {
				if !worth.IsZero() && !yield(uint32(n*len(p)+i), worth) {
					return
				}
			}
		}
	}
}

// plus adds other deals.
func (d *deals) plus(o *deals) error {
	for c := range o {
		for n, theirs := range o[c] {
			if theirs == nil {
				continue
			}
			mine := d[c].page(uint32(n * len(theirs)))
			for i := range theirs {
				var ok bool
				if mine[i], ok = mine[i].Add(theirs[i]); !ok {
					return errTooLarge
				}
			}
		}
	}
	return nil
}

// group is holders and cells whose shares stand in one row: who did something, what
// went through shops, or all the rest of a role.
type group byte

const (
	whoActed     = group(0)
	throughShops = group(1)
	firstRole    = group(2) // + role
	groupCount   = firstRole + group(maxRoles)
)

// groupOf is the group of a cell of a role.
func groupOf(c cell, role int) group {
	switch c {
	case cellPayments, cellReceipts:
		return whoActed
	case cellComes, cellPasses, cellKeeps:
		return throughShops
	}
	return firstRole + group(min(role, int(maxRoles)-1))
}

// wanted says who behind the sums is asked for: everybody, or only those groups that
// every report needs.
type wanted bool

const (
	everybody = wanted(true)
	theFew    = wanted(false)
)

func (w wanted) has(g group) bool { return bool(w) || g < firstRole }

// totals are what the holders of each role added to each cell.
type totals [cellCount][]sum

// of is the total of a role in a cell.
func (t *totals) of(c cell, role int) *sum {
	for role >= len(t[c]) {
		t[c] = append(t[c], sum{})
	}
	return &t[c][role]
}

// all is what all holders added to a cell.
func (t *totals) all(c cell) (total sum) {
	for role := range t[c] {
		total.plus(&t[c][role])
	}
	return total
}

// plus adds other totals.
func (t *totals) plus(o *totals) {
	for c := range o {
		for role := range o[c] {
			t.of(cell(c), role).plus(&o[c][role])
		}
	}
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
