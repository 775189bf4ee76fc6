package node

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/demurrage"
	"grulden/internal/civil"
	"grulden/internal/record"
	"grulden/ledger"
)

// market is a small wijk in which several callers use the ledger at once, each
// by his own list of commands. It remembers what was sent and what was told.
type market struct {
	clock *testClock
	first Request     // the policy, before anything else
	lists [][]Request // one for each caller
	sign  sync.Once   // what their devices sign, which depends on the ledger

	mu   sync.Mutex
	told []told // in the order of being told
}

// told is what a caller was told.
type told struct {
	request Request
	receipt Receipt
}

// newMarket is a market of some callers who have commands of every kind.
func newMarket(callers int) *market {
	m := &market{clock: newClock()}
	p := ledger.DefaultPolicy()
	p.Hops, p.Fee = 2, 10_000_000
	m.first = Request{Key: keyNamed("first"), Command: ledger.SetPolicy{Policy: p}}
	for c := range callers {
		m.lists = append(m.lists, errands(c))
	}
	return m
}

func keyNamed(format string, args ...any) (k ledger.Key) {
	copy(k[:], fmt.Sprintf(format, args...))
	return k
}

// errands are the commands of one caller: a resident, two shops, and money that
// goes round until it may become euros.
func errands(c int) (list []Request) {
	id := func(i int) ledger.ID { return ledger.ID(keyNamed("caller %d no. %d", c, i)) }
	person := ledger.AccountID(10*c + 10)
	bakery, grocery := person+1, person+2
	phone := newPhone(c)
	order := record.Standing{
		ID: id(22), From: person, To: bakery, Amount: 1_00, Every: record.Weekly,
		First: civil.Day(newClock().now), Due: civil.Day(newClock().now), At: newClock().now.Unix(),
	}
	ordered := ledger.Pay{ID: record.StandingPayment(order.ID, order.Due), From: person, To: bakery, Amount: 1_00}
	for i, cmd := range []ledger.Command{
		ledger.Open{Account: person, Owner: ledger.OwnerID(person), Role: "resident"},
		ledger.Open{Account: bakery, Owner: ledger.OwnerID(bakery), Role: "merchant"},
		ledger.Open{Account: grocery, Owner: ledger.OwnerID(grocery), Role: "merchant"},
		ledger.Issue{To: person, Amount: 200_00},
		ledger.Pay{ID: id(4), From: person, To: bakery, Amount: 40_01},
		ledger.Pay{ID: id(5), From: person, To: grocery, Amount: 12_50},
		ledger.Pay{ID: id(6), From: bakery, To: grocery, Amount: 30_00},
		ledger.Refund{Of: id(5), Amount: 2_50},
		ledger.Block{Account: grocery},
		ledger.Pay{ID: id(9), From: grocery, To: bakery, Amount: 1_00}, // refused
		ledger.Unblock{Account: grocery},
		ledger.Pay{ID: id(11), From: grocery, To: bakery, Amount: 11_11},
		ledger.Redeem{ID: id(12), From: grocery, Amount: 10_00},
		ledger.Redeem{ID: id(13), From: grocery, Amount: 5_00},
		ledger.Settle{Of: id(12)},
		ledger.Reject{Of: id(13)},
		ledger.Pay{ID: id(16), From: person, To: bakery, Amount: 1_000_00}, // refused
		ledger.Grant{To: person, Amount: 1},
		ledger.Pay{ID: id(18), From: bakery, To: person, Amount: 3},
		ledger.Close{Account: bakery}, // refused: not empty
		phone.enrol(person),
		ordered, // by the phone
		ledger.Retire{Account: person, Device: phone.id},
		newPhone(100 + c).enrol(grocery),
		ledger.SetPolicy{HasFrom: true, Policy: laterPolicy(c)},
	} {
		r := Request{Auth: record.Auth{By: record.ActorID{byte(c)}, How: record.ByPIN}, Command: cmd}
		if named(cmd) == (ledger.ID{}) {
			r.Key = keyNamed("caller %d key %d", c, i)
		}
		if cmd == ledger.Command(ordered) {
			r.Auth.How, r.Auth.Proof = record.ByStanding, &record.Proof{Device: phone.id, At: order.At, Standing: &order}
		}
		list = append(list, r)
	}
	return list
}

// laterPolicy is a policy far enough ahead to be accepted, another for each caller.
func laterPolicy(c int) ledger.Policy {
	p := ledger.DefaultPolicy()
	p.From = civil.Day(newClock().now) + 90 + demurrage.Day(c)
	p.Rate += 1000
	return p
}

// named is the id that a command brings; nought for none.
func named(cmd ledger.Command) ledger.ID {
	switch c := cmd.(type) {
	case ledger.Pay:
		return c.ID
	case ledger.Redeem:
		return c.ID
	}
	return ledger.ID{}
}

// send sends one command and remembers what was told.
func (m *market) send(ctx context.Context, n *Node, r Request) error {
	m.signFor(n)
	receipt, err := n.Submit(ctx, r)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.told = append(m.told, told{r, receipt})
	return nil
}

// signFor lets the callers' phones sign their orders for the ledger.
func (m *market) signFor(n *Node) {
	m.sign.Do(func() {
		for c, list := range m.lists {
			for _, r := range list {
				if p := r.Auth.Proof; p != nil {
					p.Sig = newPhone(c).sign(record.StandingMessage(n.Settings().Ledger, *p.Standing))
				}
			}
		}
	})
}

// run lets every caller do the commands [from, to) of his list; the policy
// comes first. It ends early, without an error, when ctx does.
func (m *market) run(ctx context.Context, n *Node, from, to int) error {
	if from == 0 {
		if err := m.send(ctx, n, m.first); err != nil {
			return ignoreEnd(ctx, err)
		}
	}
	failed := make([]error, len(m.lists))
	var wg sync.WaitGroup
	for c, list := range m.lists {
		wg.Go(func() {
			for _, r := range list[min(from, len(list)):min(to, len(list))] {
				if err := m.send(ctx, n, r); err != nil {
					failed[c] = ignoreEnd(ctx, err)
					return
				}
				m.clock.add(5 * time.Hour)
			}
		})
	}
	wg.Wait()
	return errors.Join(failed...)
}

func ignoreEnd(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// soFar is what was told up to now.
func (m *market) soFar() []told {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clip(m.told)
}

// everything is all that is ever sent, in an order that works.
func (m *market) everything() []Request {
	return append([]Request{m.first}, slices.Concat(m.lists...)...)
}

// check opens what is left on a disk and wants: a ledger that opens and
// verifies, with all that was told, nothing twice, and that goes on: whatever
// was not told is sent again, and then is there once.
func (m *market) check(t *testing.T, mem *vfs.MemFS, told []told) error {
	t.Helper()
	after, err := newMachine(mem), error(nil)
	if !after.finish(t, func() { err = m.tryCheck(after.options(m.clock), told) }) {
		return errors.New("the process ended itself: " + after.why)
	}
	return err
}

func (m *market) tryCheck(o Options, told []told) error {
	if len(told)%3 == 0 { // otherwise the node is the first to see what is left
		if _, err := Verify(context.Background(), "wijk", o.Store, func(_, _ uint64) {}); err != nil {
			return fmt.Errorf("verifying what is left: %w", err)
		}
	}
	n, err := Open("wijk", o)
	if err != nil {
		return fmt.Errorf("opening what is left: %w", err)
	}
	if err := n.has(told); err != nil {
		return err
	}
	if err := m.again(n, told); err != nil {
		return err
	}
	if err := n.has(told); err != nil {
		return fmt.Errorf("after going on: %w", err)
	}
	if err := n.Close(); err != nil {
		return fmt.Errorf("closing: %w", err)
	}
	if _, err = Verify(context.Background(), "wijk", o.Store, func(_, _ uint64) {}); err != nil {
		return fmt.Errorf("verifying after going on: %w", err)
	}
	return nil
}

// has wants each entry that was told of, with the same command at the same
// moment, and no id or key in two entries.
func (n *Node) has(all []told) error {
	return n.Read(func(v *View) error {
		var records []*record.Record
		seen := make(map[[16]byte]uint64)
		err := v.Records(1, func(r *record.Record) error {
			records = append(records, r)
			id := [16]byte(named(r.Command))
			if id == ([16]byte{}) {
				id = r.Key
			}
			if was := seen[id]; was != 0 && id != ([16]byte{}) {
				return fmt.Errorf("%x is entry %d and entry %d", id, was, r.Seq)
			}
			seen[id] = r.Seq
			return nil
		})
		if err != nil {
			return err
		}
		for _, a := range all {
			if err := a.among(records); err != nil {
				return err
			}
		}
		return nil
	})
}

// among wants the entry that was told of among those that are there.
func (a told) among(records []*record.Record) error {
	seq := a.receipt.Seq
	if a.receipt.Result != ledger.Applied {
		if seq != 0 {
			return fmt.Errorf("%+v was refused and has entry %d", a.request.Command, seq)
		}
		return nil
	}
	if seq == 0 || seq > uint64(len(records)) {
		return fmt.Errorf("entry %d was told of, and %d are there", seq, len(records))
	}
	r := records[seq-1]
	if r.Seq != seq || !sameCommand(r.Command, a.request.Command) || r.Key != a.request.Key || r.Moment != a.receipt.Moment || !reflect.DeepEqual(r.Auth, a.request.Auth) {
		return fmt.Errorf("entry %d was told to be %+v, and is %+v", seq, a, r)
	}
	return nil
}

func sameCommand(a, b ledger.Command) bool {
	return fmt.Sprintf("%T%+v", a, a) == fmt.Sprintf("%T%+v", b, b)
}

// again sends everything once more, and a payment that is new. What was told
// and applied is told again the same.
func (m *market) again(n *Node, all []told) error {
	m.signFor(n)
	was := make(map[string]Receipt)
	for _, a := range all {
		if a.receipt.Result == ledger.Applied {
			was[fmt.Sprintf("%+v", a.request)] = a.receipt
		}
	}
	for _, r := range m.everything() {
		got, err := n.Submit(context.Background(), r)
		if err != nil {
			return fmt.Errorf("sending %+v again: %w", r, err)
		}
		want, ok := was[fmt.Sprintf("%+v", r)]
		want.Repeat = true
		if ok && got != want {
			return fmt.Errorf("%+v was told %+v, and told again %+v", r, want, got)
		}
	}
	fresh := ledger.Pay{ID: payID(1), From: 10, To: 12, Amount: 7}
	if got, err := n.Submit(context.Background(), Request{Command: fresh}); err != nil || got.Result != ledger.Applied {
		return fmt.Errorf("a new payment: %+v, %w", got, err)
	}
	return nil
}
