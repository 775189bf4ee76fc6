package ledger

import (
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"grulden/demurrage"
)

// shelf is a Source as a store is one: rows go in and come out as copies.
type shelf struct {
	accounts    map[AccountID]Account
	lots        map[AccountID]map[LotID]Lot
	payments    map[ID]Payment
	redemptions map[ID]Redemption
	keys        map[Key]uint64
}

func newShelf() *shelf {
	return &shelf{
		map[AccountID]Account{},
		map[AccountID]map[LotID]Lot{},
		map[ID]Payment{},
		map[ID]Redemption{},
		map[Key]uint64{},
	}
}

func (s *shelf) Account(id AccountID) (*Account, error) {
	a, ok := s.accounts[id]
	if !ok {
		return nil, nil
	}
	a.Pool = slices.Clone(a.Pool)
	return &a, nil
}

func (s *shelf) Lots(id AccountID) (lots []*Lot, err error) {
	for _, l := range s.lots[id] {
		lots = append(lots, &l)
	}
	slices.SortFunc(lots, byArrival) // a store gives rows by key
	return lots, nil
}

func (s *shelf) Find(id ID) (*Payment, *Redemption, error) {
	if p, ok := s.payments[id]; ok {
		return &p, nil, nil
	}
	if r, ok := s.redemptions[id]; ok {
		return nil, &r, nil
	}
	return nil, nil, nil
}

func (s *shelf) Used(k Key) (uint64, error) { return s.keys[k], nil }

// copyOf keeps changes as they are now, to be put on the shelf later.
func copyOf(c Changes) func(*shelf) {
	var puts []func(*shelf)
	for _, a := range c.Accounts {
		row := *a
		row.Pool = slices.Clone(a.Pool)
		puts = append(puts, func(s *shelf) { s.accounts[row.ID] = row })
	}
	for _, change := range c.Lots {
		id, row, gone := change.Account.ID, *change.Lot, change.Gone
		puts = append(puts, func(s *shelf) {
			if s.lots[id] == nil {
				s.lots[id] = map[LotID]Lot{}
			}
			if s.lots[id][row.ID] = row; gone {
				delete(s.lots[id], row.ID)
			}
		})
	}
	for _, p := range c.Payments {
		row := *p
		puts = append(puts, func(s *shelf) { s.payments[row.ID] = row })
	}
	for _, r := range c.Redemptions {
		row := *r
		puts = append(puts, func(s *shelf) { s.redemptions[row.ID] = row })
	}
	for _, k := range c.Keys {
		puts = append(puts, func(s *shelf) { s.keys[k.Key] = k.Seq })
	}
	return func(s *shelf) {
		for _, put := range puts {
			put(s)
		}
	}
}

// node is a ledger that keeps a part in memory and the rest on a shelf, which
// gets its batches late.
type node struct {
	*rapid.T
	state   *State
	shelf   *shelf
	pending []func(*shelf) // batches on their way
	settled uint64         // the last batch on the shelf
}

func newNode(t *rapid.T) *node {
	n := &node{T: t, shelf: newShelf()}
	n.state = NewState(Head{}, n.shelf)
	return n
}

// endBatch takes the changes, lets some batches arrive, and makes the state
// forget what it may.
func (n *node) endBatch() {
	changes, batch := n.state.TakeChanges()
	n.pending = append(n.pending, copyOf(changes))
	if want := n.settled + uint64(len(n.pending)); batch != want {
		n.Fatalf("batch %d where %d was next", batch, want)
	}
	told := n.settled
	n.arrive(rapid.IntRange(0, len(n.pending)).Draw(n.T, "batches that arrive"))
	if rapid.Bool().Draw(n.T, "told at once") {
		told = n.settled
	}
	n.state.Forget(told, rapid.SampledFrom([]int{0, 1, 3, 8, 1000}).Draw(n.T, "bound"))
}

func (n *node) arrive(batches int) {
	for _, put := range n.pending[:batches] {
		put(n.shelf)
	}
	n.pending = n.pending[batches:]
	n.settled += uint64(batches)
}

// restart begins again with what is on the shelf.
func (n *node) restart() {
	changes, _ := n.state.TakeChanges()
	n.pending = append(n.pending, copyOf(changes))
	n.arrive(len(n.pending))
	head := *n.state.Head()
	head.Policies, head.Holders, head.Index = slices.Clone(head.Policies), slices.Clone(head.Holders), nil
	for i, p := range head.Policies {
		if i == 0 {
			head.Index = demurrage.NewIndex(p.From, p.terms())
		} else {
			head.Index = head.Index.With(p.terms())
		}
	}
	n.state, n.settled = NewState(head, n.shelf), 0
}

// all is everything that is on the shelf, as a state in memory.
func (n *node) all() *State {
	n.restart()
	whole := NewState(*n.state.Head(), nil)
	for id := range n.shelf.accounts {
		a, _ := n.shelf.Account(id)
		lots, _ := n.shelf.Lots(id)
		whole.holdings[id] = &held{Holding: *NewHolding(a, lots), loaded: true}
	}
	for id, p := range n.shelf.payments {
		whole.papers[id] = &paper{payment: &p}
	}
	for id, r := range n.shelf.redemptions {
		whole.papers[id] = &paper{redemption: &r}
	}
	whole.keys = n.shelf.keys
	return whole
}

// follow does what was done in the world.
func (n *node) follow(w *world, m *move) {
	facts, result, err := Decide(n.state, w.now, m.key, m.command)
	if err != nil || result != m.result {
		n.Fatalf("%+v: %v in memory, %v %v with a source", m.command, m.result, result, err)
	}
	if m.entry == nil {
		return
	}
	if !reflect.DeepEqual(facts, m.entry.Facts) {
		n.Fatalf("%+v\nin memory     %+v\nwith a source %+v", m.command, m.entry.Facts, facts)
	}
	e := *m.entry
	if e.Facts = facts; n.state.Apply(&e) != nil {
		n.Fatalf("%+v: %v", m.command, n.state.Apply(&e))
	}
}

// TestStateWithASourceBehavesLikeOneInMemory: whatever is forgotten and fetched
// again, however late the batches arrive and whenever the program restarts, the
// same commands lead to the same results, facts and state.
func TestStateWithASourceBehavesLikeOneInMemory(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(rt)
		n := newNode(rt)
		for _, e := range w.entries {
			n.follow(w, &move{command: e.Command, entry: e})
		}
		for range rapid.IntRange(1, 80).Draw(rt, "steps") {
			m := w.step()
			n.follow(w, m)
			if id := w.someone(); rapid.IntRange(0, 4).Draw(rt, "read") == 0 {
				n.sameHolding(w, id)
			}
			switch rapid.IntRange(0, 9).Draw(rt, "then") {
			case 0, 1, 2, 3:
				n.endBatch()
			case 4:
				n.restart()
			}
		}
		if memory, source := describe(t, w.state), describe(t, n.all()); memory != source {
			rt.Fatalf("in memory <, with a source >:\n%s", differ(memory, source))
		}
	})
}

// sameHolding reads one account from both.
func (n *node) sameHolding(w *world, id AccountID) {
	a, errA := w.state.Holding(id)
	b, errB := n.state.Holding(id)
	if errA != nil || errB != nil || !reflect.DeepEqual(a.Account, b.Account) || !sameLots(a.Lots, b.Lots) {
		n.Fatalf("account %d: %v %v\nin memory     %+v\nwith a source %+v", id, errA, errB, a, b)
	}
	today := w.now.Day
	for _, h := range []*Holding{a, b} {
		for _, l := range h.Lots {
			if ripe := w.state.Head().Policies.ripeDay(l); ripe < h.Ripe && h.Ripe > today {
				n.Fatalf("account %d says that nothing ripens before %v, and a lot does on %v", id, h.Ripe, ripe)
			}
		}
	}
}

func sameLots(a, b []*Lot) bool {
	return slices.EqualFunc(a, b, func(x, y *Lot) bool { return reflect.DeepEqual(x, y) })
}

// TestMemoryIsBounded: what a state with a source keeps does not grow with the
// number of accounts and payments that ever were.
func TestMemoryIsBounded(t *testing.T) {
	s := newShelf()
	state := NewState(Head{}, s)
	now := Moment{Day: 20_454}
	do := func(cmd Command, key Key) {
		t.Helper()
		facts, r, err := Decide(state, now, key, cmd)
		if r != Applied || err != nil {
			t.Fatal(r, err)
		}
		if err := state.Apply(&Entry{Seq: state.Head().Seq + 1, Moment: now, Key: key, Command: cmd, Facts: facts}); err != nil {
			t.Fatal(err)
		}
		if state.Head().Seq%10 == 0 {
			changes, batch := state.TakeChanges()
			copyOf(changes)(s)
			state.Forget(batch, 50)
		}
	}
	do(SetPolicy{Policy: DefaultPolicy()}, Key{})
	for i := range AccountID(600) {
		do(Open{i + 1, OwnerID(i + 1), "resident"}, Key{})
		do(Issue{i + 1, 1_000}, Key{byte(i + 1), byte(i >> 8)})
		if i > 0 {
			do(Pay{ID{byte(i), byte(i >> 8), 1}, i, i + 1, 10}, Key{})
		}
	}
	if n := len(state.holdings) + state.lotCount; n > 100 {
		t.Errorf("%d accounts and lots in memory", n)
	}
	if len(state.papers) > 20 || len(state.keys) > 20 || len(state.fading) > 40 {
		t.Errorf("%d payments, %d keys, %d rows to forget in memory", len(state.papers), len(state.keys), len(state.fading))
	}
	if h, err := state.Holding(1); err != nil || h == nil || len(h.Lots) != 1 {
		t.Errorf("the first account is lost: %+v %v", h, err)
	}
}
