package bench

import (
	"errors"
	"fmt"
	"time"

	"grulden/internal/node"
	"grulden/internal/store"
	"grulden/ledger"
)

// onTheWay is how many commands wait at most while a ledger is built.
const onTheWay = 512

// builder fills a ledger from one goroutine.
type builder struct {
	n       *node.Node
	w       *wijk
	c       *caller
	waiting []sent
	records uint64
}

// sent is a command on its way.
type sent struct {
	intent
	pending *node.Pending
}

// build makes a ledger and the wijk in it.
func (b *bench) build(dir string, accounts int) (*builder, error) {
	w := newWijk(accounts)
	if err := node.Init(dir, node.Settings{Coin: "Grulden", Wijk: "bench"}, store.Options{}); err != nil {
		return nil, err
	}
	n, err := open(dir, w)
	if err != nil {
		return nil, err
	}
	t := &builder{n: n, w: w, c: w.callers(1)[0]}
	for _, cmd := range w.settling() {
		if err := t.send(intent{cmd, nobody, nobody, 0}); err != nil {
			return nil, errors.Join(err, n.Close())
		}
	}
	if err := t.receive(0); err != nil {
		return nil, errors.Join(err, n.Close())
	}
	return t, nil
}

// open opens a ledger in which a wijk pays.
func open(dir string, w *wijk) (*node.Node, error) {
	return node.Open(dir, node.Options{Clock: w.clock})
}

// grow lets the wijk pay until the ledger has so many records. It gives the
// processor time that one took.
func (b *bench) grow(t *builder, records uint64) (cost time.Duration, err error) {
	progress := b.Progress(fmt.Sprintf("building a ledger of %d records", records))
	first, cpu := t.records, cpuTime()
	for t.records+uint64(len(t.waiting)) < records {
		if err := t.send(t.c.next()); err != nil {
			return 0, err
		}
		if t.records%1024 == 0 {
			progress(t.records, records)
			if err := b.ctx.Err(); err != nil {
				return 0, err
			}
		}
	}
	if err := t.receive(0); err != nil {
		return 0, err
	}
	progress(records, records)
	return (cpuTime() - cpu) / time.Duration(max(t.records-first, 1)), nil
}

// send hands in a command; it waits when too many are on their way.
func (t *builder) send(in intent) error {
	if err := t.receive(onTheWay - 1); err != nil {
		return err
	}
	p, err := t.n.Send(node.Request{Auth: authority, Command: in.command})
	t.waiting = append(t.waiting, sent{in, p})
	return err
}

// receive waits until no more than so many commands are on their way.
func (t *builder) receive(most int) error {
	for len(t.waiting) > most {
		first := t.waiting[0]
		r, err := first.pending.Wait()
		if err != nil {
			return fmt.Errorf("build a ledger: %w", err)
		}
		if r.Result == ledger.Applied {
			t.records = r.Seq
		}
		t.c.learn(first.intent, r.Result)
		t.waiting = t.waiting[1:]
	}
	return nil
}
