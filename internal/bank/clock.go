package bank

import (
	"fmt"
	"slices"

	"grulden/demurrage"
	"grulden/internal/node"
	"grulden/internal/store"
	"grulden/ledger"
)

// clockDays is the time over which the payout clock looks back: 12 weeks.
const clockDays = 12 * 7

// Clock tells how long shops waited for their euros, in days from the request to
// the bank's booking, over the 12 weeks until today.
type Clock struct {
	Since   Date `json:"since"`
	Paid    int  `json:"paid"`    // payouts that were booked in this time
	Median  int  `json:"median"`  // days; of an even number the longer of the middle two
	Slowest int  `json:"slowest"` // days
	Waiting int  `json:"waiting"` // requests that wait now
	Longest int  `json:"longest"` // days that the oldest of these waits by now
}

// Clock reads the payout clock. Payouts that came back do not count, and those
// that people called paid count once the bank has booked them.
func (b *Bank) Clock() (c Clock, err error) {
	today := b.node.Today()
	c.Since = Date(today - clockDays + 1)
	s := b.node.Store().Snapshot()
	settled, err := newest(s, Settled, Filter{From: demurrage.Day(c.Since), To: today, Limit: 1 << 30})
	if err := s.Close(); err != nil {
		return c, err
	}
	if err != nil {
		return c, fmt.Errorf("read the payout clock: %w", err)
	}
	var days []int
	err = b.node.Read(func(v *node.View) error {
		for _, e := range settled {
			if e.Reason == PartOfBatch {
				continue
			}
			some, err := b.waits(v, e)
			if err != nil {
				return err
			}
			days = append(days, some...)
		}
		open, err := v.OpenRedemptions()
		if err != nil {
			return err
		}
		for _, r := range open {
			asked, err := v.Record(r.Seq)
			if err != nil {
				return err
			}
			c.Waiting++
			c.Longest = max(c.Longest, int(today-asked.Moment.Day))
		}
		return nil
	})
	if err != nil {
		return c, fmt.Errorf("read the payout clock: %w", err)
	}
	if c.Paid = len(days); c.Paid > 0 {
		slices.Sort(days)
		c.Median, c.Slowest = days[len(days)/2], days[len(days)-1]
	}
	return c, nil
}

// waits are the days from request to booking of what a debit paid.
func (b *Bank) waits(v *node.View, e *Entry) (days []int, err error) {
	paid := []ID{e.Redemption}
	if e.Redemption == (ID{}) {
		batch, _, err := b.batch(e.Batch)
		if err != nil {
			return nil, err
		}
		paid = batch.Redemptions
	}
	for _, id := range paid {
		r, err := v.Redemption(ledger.ID(id))
		if err != nil {
			return nil, err
		}
		if r == nil || r.Progress != ledger.Settled {
			continue
		}
		asked, err := v.Record(r.Seq)
		if err != nil {
			return nil, err
		}
		days = append(days, max(0, int(demurrage.Day(e.Day)-asked.Moment.Day)))
	}
	return days, nil
}

// Changes counts what was written since the start about the bank, or about which
// redemptions wait: while it stays the same, so does what follows from these.
func (b *Bank) Changes() uint64 {
	return b.node.Store().Changes(store.Bank, store.Redemptions)
}
