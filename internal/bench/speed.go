package bench

import (
	"errors"
	"math/rand/v2"

	"grulden/internal/node"
	"grulden/internal/store"
	"grulden/ledger"
)

// speed measures parts a, b and c: payments a second, and the limits of the
// store and of HTTP; and part i on what was paid.
func (b *bench) speed() error {
	t, err := b.build(b.place("speed"), b.Sizes.Accounts)
	if err != nil {
		return err
	}
	if err = b.speedOf(t); err == nil {
		err = b.sums(t.n, "wijk")
	}
	return errors.Join(err, t.n.Close())
}

func (b *bench) speedOf(t *builder) error {
	if _, err := b.grow(t, b.Sizes.Warm); err != nil {
		return err
	}
	load, err := b.load(t)
	if err != nil {
		return err
	}
	limit, err := store.NewLimit(b.place("limit"), store.Options{}, load)
	if err != nil {
		return err
	}
	err = errors.Join(b.inProcess(t, limit), b.alone(t), b.overHTTP(t, limit))
	return errors.Join(err, limit.Close())
}

// load finds out what a payment writes, with as many callers as later on.
func (b *bench) load(t *builder) (store.Load, error) {
	before := t.n.Written()
	if _, err := b.pay(t.n, t.w, callersAtOnce, b.Sizes.Payments); err != nil {
		return store.Load{}, err
	}
	after := t.n.Written()
	load := store.Load{
		Transfers: after.Transfers - before.Transfers, Rows: after.Rows - before.Rows, Bytes: after.Bytes - before.Bytes,
	}
	b.tell("a", "rows", "keys that one transfer sets or deletes in the store", "keys", float64(load.Rows)/float64(load.Transfers))
	b.tell("a", "bytes", "what one transfer adds to the write-ahead log", "bytes", float64(load.Bytes)/float64(load.Transfers))
	return load, nil
}

// inProcess measures the limit of the store and the ledger, in turns.
func (b *bench) inProcess(t *builder, limit *store.Limit) error {
	var bare, paid, cpuBare, cpuPaid, p50, p99 []float64
	progress := b.Progress("paying, and writing as much without a ledger")
	for i := range b.Sizes.Rounds {
		l, err := b.drive(callersAtOnce, b.Sizes.Payments, func(int) (bool, error) { return true, limit.Commit() })
		if err != nil {
			return err
		}
		p, err := b.pay(t.n, t.w, callersAtOnce, b.Sizes.Payments)
		if err != nil {
			return err
		}
		bare, paid = append(bare, l.perSecond), append(paid, p.perSecond)
		cpuBare, cpuPaid = append(cpuBare, micros(l.cpu)), append(cpuPaid, micros(p.cpu))
		p50, p99 = append(p50, millis(p.p50)), append(p99, millis(p.p99))
		progress(uint64(i+1), uint64(b.Sizes.Rounds))
	}
	b.tell("a", "limit", "the same keys and bytes written to the bare store, 64 callers, each synced", "transfers/s", bare...)
	b.tell("a", "cpu-limit", "the processor time of one", "µs", cpuBare...)
	b.tell("b", "payments", "payments through the ledger, 64 callers, each synced, all rules", "payments/s", paid...)
	b.tell("b", "cpu", "the processor time of one", "µs", cpuPaid...)
	b.tell("b", "p50", "half of these took at most", "ms", p50...)
	b.tell("b", "p99", "ninety-nine of a hundred took at most", "ms", p99...)
	b.aimAtLeast("ledger", "payments (b) of the limit of the store (a)", 0.5, ratios(paid, bare)...)
	return nil
}

// alone measures what one payer feels when nobody else pays.
func (b *bench) alone(t *builder) error {
	p, err := b.pay(t.n, t.w, 1, b.Sizes.Payments/20)
	if err != nil {
		return err
	}
	b.tell("b", "alone-p50", "a single caller: half of the payments took at most", "ms", millis(p.p50))
	b.tell("b", "alone-p99", "a single caller: ninety-nine of a hundred took at most", "ms", millis(p.p99))
	return nil
}

// overHTTP measures the limit of HTTP and payments over it, in turns.
func (b *bench) overHTTP(t *builder, limit *store.Limit) error {
	bare, stop, err := serveLimit(limit)
	if err != nil {
		return err
	}
	err = b.overBoth(t, bare)
	return errors.Join(err, stop())
}

func (b *bench) overBoth(t *builder, bare func() error) error {
	web, stop, err := b.web(t)
	if err != nil {
		return err
	}
	var limits, paid, cpuLimits, cpuPaid, p50, p99, inside []float64
	progress := b.Progress("paying over HTTP")
	for i := range b.Sizes.Rounds {
		l, err := b.drive(callersAtOnce, b.Sizes.Requests, func(int) (bool, error) { return true, bare() })
		if err != nil {
			return errors.Join(err, stop())
		}
		limits, cpuLimits = append(limits, l.perSecond), append(cpuLimits, micros(l.cpu))
		if web == nil {
			continue
		}
		w, err := b.drive(callersAtOnce, b.Sizes.Requests, web)
		if err != nil {
			return errors.Join(err, stop())
		}
		p, err := b.pay(t.n, t.w, callersAtOnce, b.Sizes.Requests)
		if err != nil {
			return errors.Join(err, stop())
		}
		paid, inside = append(paid, w.perSecond), append(inside, p.perSecond)
		cpuPaid = append(cpuPaid, micros(w.cpu))
		p50, p99 = append(p50, millis(w.p50)), append(p99, millis(w.p99))
		progress(uint64(i+1), uint64(b.Sizes.Rounds))
	}
	b.tell("c", "limit-http", "JSON in, the same bytes synced, JSON out, 64 clients on loopback, no ledger", "requests/s", limits...)
	b.tell("c", "cpu-limit-http", "the processor time of one, client and server together", "µs", cpuLimits...)
	if web != nil {
		b.tell("c", "payments-http", "payments over HTTP on loopback, 64 clients, signed in, synced", "payments/s", paid...)
		b.tell("c", "cpu-http", "the processor time of one, client and server together", "µs", cpuPaid...)
		b.tell("c", "p50-http", "half of these took at most", "ms", p50...)
		b.tell("c", "p99-http", "ninety-nine of a hundred took at most", "ms", p99...)
		b.aimAtLeast("http", "payments over HTTP (c) of payments without (b)", 0.25, ratios(paid, inside)...)
	}
	return stop()
}

// web starts the web server, if there is one to measure. Its payers pay each
// other, and the days pass for them as for everybody: one a day.
func (b *bench) web(t *builder) (pay func(i int) (bool, error), stop func() error, err error) {
	if b.HTTP == nil {
		return nil, func() error { return nil }, nil
	}
	payers := t.w.accounts[:callersAtOnce]
	for _, a := range payers {
		if err := t.send(intent{ledger.Issue{To: a, Amount: 100 * topUp}, nobody, nobody, 0}); err != nil {
			return nil, nil, err
		}
	}
	if err := t.receive(0); err != nil {
		return nil, nil, err
	}
	over, stop, err := b.HTTP(b.ctx, t.n, payers)
	if err != nil {
		return nil, nil, err
	}
	return func(i int) (bool, error) {
		to := (i + 1 + rand.IntN(len(payers)-1)) % len(payers)
		t.w.pass(len(t.w.accounts) / len(payers))
		return true, over(i, payers[to], ledger.Cents(1+rand.IntN(topUp/10)))
	}, stop, nil
}

// pay lets callers make so many payments in a ledger.
func (b *bench) pay(n *node.Node, w *wijk, callers, payments int) (pace, error) {
	all := w.callers(callers)
	return b.drive(callers, payments, func(i int) (bool, error) {
		in := all[i].next()
		r, err := n.Submit(b.ctx, node.Request{Auth: authority, Command: in.command})
		if err != nil {
			return false, err
		}
		all[i].learn(in, r.Result)
		_, isPay := in.command.(ledger.Pay)
		return isPay && r.Result == ledger.Applied, nil
	})
}
