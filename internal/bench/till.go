package bench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"grulden/internal/node"
	"grulden/ledger"
)

// Tills starts the web server on a ledger, on loopback: at each of the shops a
// till with its live line, and for each of the payers a phone that signs. Ask
// has till i ask for an amount and payer i look at it; what it gives confirms
// the payment, and tells how long it took from then until the till was told.
type Tills func(ctx context.Context, n *node.Node, payers, shops []ledger.AccountID) (ask func(i int, amount ledger.Cents) (confirm func() (time.Duration, error), err error), stop func() error, err error)

// tillAmount is what is asked at a till.
const tillAmount ledger.Cents = 3_50

// tills measures part h: how long a shop waits for "paid", when nobody else
// pays and when all tills are paid at the same moment.
func (b *bench) tills() error {
	if b.Tills == nil {
		return nil
	}
	t, err := b.build(b.place("tills"), 3*b.Sizes.Tills)
	if err != nil {
		return err
	}
	if _, err := b.grow(t, b.Sizes.Lengths[0]); err != nil {
		return errors.Join(err, t.n.Close())
	}
	return errors.Join(b.tillsOf(t), t.n.Close())
}

func (b *bench) tillsOf(t *builder) error {
	var payers, shops []ledger.AccountID
	for i, a := range t.w.accounts {
		switch i % 3 {
		case 0:
			payers = append(payers, a)
			money := ledger.Issue{To: a, Amount: ledger.Cents(2*b.Sizes.Bursts+1) * tillAmount}
			if err := t.send(intent{money, nobody, nobody, 0}); err != nil {
				return err
			}
		case 2:
			shops = append(shops, a)
		}
	}
	if err := t.receive(0); err != nil {
		return err
	}
	ask, stop, err := b.Tills(b.ctx, t.n, payers, shops)
	if err != nil {
		return err
	}
	return errors.Join(b.bursts(len(shops), ask), stop())
}

// bursts lets one till be paid, and then all of them at once, again and again.
func (b *bench) bursts(tills int, ask func(int, ledger.Cents) (func() (time.Duration, error), error)) error {
	var alone, together []time.Duration
	progress := b.Progress("paying at tills")
	for i := range b.Sizes.Bursts {
		one, err := b.burst([]int{i % tills}, ask)
		if err != nil {
			return err
		}
		every := make([]int, tills)
		for j := range every {
			every[j] = j
		}
		all, err := b.burst(every, ask)
		if err != nil {
			return err
		}
		alone, together = append(alone, one...), append(together, all...)
		progress(uint64(i+1), uint64(b.Sizes.Bursts))
	}
	slices.Sort(alone)
	slices.Sort(together)
	many := fmt.Sprintf("%d tills paid at the same moment, each by a phone that signs: ", tills)
	b.tell("h", "till-alone-p50", "one till paid: from confirming to \"paid\" on its live line, half took at most", "ms", millis(alone[len(alone)/2]))
	b.tell("h", "till-p50", many+"half took at most", "ms", millis(together[len(together)/2]))
	b.tell("h", "till-p99", many+"ninety-nine of a hundred took at most", "ms", millis(together[len(together)*99/100]))
	return nil
}

// burst has some tills ask, and then all their payers confirm at once.
func (b *bench) burst(tills []int, ask func(int, ledger.Cents) (func() (time.Duration, error), error)) ([]time.Duration, error) {
	confirms := make([]func() (time.Duration, error), len(tills))
	for i, till := range tills {
		if err := b.ctx.Err(); err != nil {
			return nil, err
		}
		var err error
		if confirms[i], err = ask(till, tillAmount); err != nil {
			return nil, fmt.Errorf("ask at a till: %w", err)
		}
	}
	took, failed := make([]time.Duration, len(tills)), make([]error, len(tills))
	var all sync.WaitGroup
	begin := make(chan struct{})
	for i, confirm := range confirms {
		all.Go(func() {
			<-begin
			took[i], failed[i] = confirm()
		})
	}
	close(begin)
	all.Wait()
	return took, errors.Join(failed...)
}
