package ledger

import (
	"slices"
	"sort"

	"grulden/demurrage"
)

// Source is where a State finds what it does not hold in memory. What it
// returns belongs to the State from then on; nil without an error means that
// there is no such thing.
type Source interface {
	Account(AccountID) (*Account, error)
	Lots(AccountID) ([]*Lot, error)
	Find(ID) (*Payment, *Redemption, error)
	Used(Key) (seq uint64, err error)
}

// State is the ledger's state as Decide sees it and Apply changes it. It keeps
// a working set in memory; the rest comes from its Source. It is not safe for
// concurrent use.
type State struct {
	head     Head
	source   Source // nil: everything is in memory
	holdings map[AccountID]*held
	papers   map[ID]*paper
	keys     map[Key]uint64 // the entry each led to
	changes  Changes
	batch    uint64 // counts TakeChanges, from 1
	settled  uint64 // the source has every batch up to this one
	fading   []fading
	absent   absent
	lotCount int // lots in memory
	terms    int // counts policies, to notice that ripe days may have changed
}

// held is an account in memory.
type held struct {
	Holding
	loaded bool   // Lots are all here
	recent []*Lot // arrived while not loaded, perhaps not in the Source yet
	since  []uint64
	terms  int    // the policies under which Ripe was found
	batch  uint64 // the last batch that changed it
	dirty  bool
}

// paper is a payment or a redemption in memory.
type paper struct {
	payment    *Payment
	redemption *Redemption
	batch      uint64
	dirty      bool
}

// absent is the id that was looked for last and found nowhere. A new payment's
// is looked for twice: by the node, which knows repeats, and by Decide.
type absent struct {
	id    ID
	known bool
}

// fading is a row that memory need not hold once a batch is in the source.
type fading struct {
	batch uint64
	id    ID
	key   Key // if not nought, it is this and not the id
}

// LotChange is a lot that is new, has other units, or (Gone) is no more.
type LotChange struct {
	Account *Account
	Lot     *Lot
	Gone    bool
}

// UsedKey is a key and the entry it led to.
type UsedKey struct {
	Key Key
	Seq uint64
}

// Changes are the rows that were touched since the last TakeChanges, the last
// state of each.
type Changes struct {
	Accounts    []*Account
	Lots        []LotChange
	Payments    []*Payment
	Redemptions []*Redemption
	Keys        []UsedKey
	Policies    []Policy
}

// NewState is the state at a head, with the rest behind a source; a nil source
// and a zero head make an empty ledger that lives in memory only.
func NewState(head Head, source Source) *State {
	return &State{
		head: head, source: source,
		holdings: make(map[AccountID]*held),
		papers:   make(map[ID]*paper),
		keys:     make(map[Key]uint64),
		batch:    1,
	}
}

// Head is the state that is not any account's. It must not be changed.
func (s *State) Head() *Head { return &s.head }

// Account finds an account without its lots.
func (s *State) Account(id AccountID) (*Account, error) {
	h, err := s.held(id)
	if h == nil || err != nil {
		return nil, err
	}
	return h.Account, nil
}

// Holding finds an account with its lots.
func (s *State) Holding(id AccountID) (*Holding, error) {
	h, err := s.held(id)
	if h == nil || err != nil {
		return nil, err
	}
	if err := s.load(h); err != nil {
		return nil, err
	}
	if h.terms != s.terms {
		s.findRipe(h)
	}
	return &h.Holding, nil
}

// Find finds a payment or a redemption.
func (s *State) Find(id ID) (*Payment, *Redemption, error) {
	p, err := s.paper(id)
	if p == nil || err != nil {
		return nil, nil, err
	}
	return p.payment, p.redemption, nil
}

// Used finds the entry that a command with the key led to, nought for none.
func (s *State) Used(k Key) (uint64, error) {
	if seq := s.keys[k]; seq != 0 || s.source == nil {
		return seq, nil
	}
	return s.source.Used(k)
}

func (s *State) paper(id ID) (*paper, error) {
	p := s.papers[id]
	if p != nil || s.source == nil || s.absent == (absent{id, true}) {
		return p, nil
	}
	payment, redemption, err := s.source.Find(id)
	if err != nil {
		return nil, err
	}
	if payment == nil && redemption == nil {
		s.absent = absent{id, true}
		return nil, nil
	}
	p = &paper{payment: payment, redemption: redemption, batch: s.batch}
	s.papers[id] = p
	s.fading = append(s.fading, fading{batch: s.batch, id: id})
	return p, nil
}

func (s *State) held(id AccountID) (*held, error) {
	h := s.holdings[id]
	if h != nil || s.source == nil {
		return h, nil
	}
	a, err := s.source.Account(id)
	if a == nil || err != nil {
		return nil, err
	}
	h = &held{Holding: Holding{Account: a}, loaded: a.Lots == 0}
	s.holdings[id] = h
	return h, nil
}

// load brings an account's lots into memory. Lots that arrived since may be in
// the source already or not; they count once.
func (s *State) load(h *held) error {
	if h.loaded {
		return nil
	}
	lots, err := s.source.Lots(h.Account.ID)
	if err != nil {
		return err
	}
	for _, l := range h.recent {
		if !slices.ContainsFunc(lots, func(m *Lot) bool { return m.ID == l.ID }) {
			lots = append(lots, l)
		}
	}
	if len(lots) != int(h.Account.Lots) {
		return corrupt("account %d has %d lots where %d were written", h.Account.ID, len(lots), h.Account.Lots)
	}
	slices.SortFunc(lots, spendingOrder)
	h.Lots, h.loaded, h.recent, h.since = lots, true, nil, nil
	s.lotCount += len(lots)
	s.findRipe(h)
	return nil
}

func (s *State) findRipe(h *held) {
	h.Ripe, h.terms = never, s.terms
	for _, l := range h.Lots {
		h.Ripe = min(h.Ripe, s.head.Policies.ripeDay(l))
	}
}

// addLot gives an account a lot.
func (s *State) addLot(h *held, l *Lot) {
	h.Account.Lots++
	s.note(h, l, false)
	if !h.loaded {
		n := sort.Search(len(h.since), func(i int) bool { return h.since[i] > s.settled })
		h.recent, h.since = slices.Delete(h.recent, 0, n), slices.Delete(h.since, 0, n)
		h.recent, h.since = append(h.recent, l), append(h.since, s.batch)
		return
	}
	i := sort.Search(len(h.Lots), func(i int) bool { return spendingOrder(h.Lots[i], l) > 0 })
	h.Lots = slices.Insert(h.Lots, i, l)
	h.Ripe = min(h.Ripe, s.head.Policies.ripeDay(l))
	s.lotCount++
}

// note takes down that a lot changed.
func (s *State) note(h *held, l *Lot, gone bool) {
	if s.source != nil {
		s.changes.Lots = append(s.changes.Lots, LotChange{h.Account, l, gone})
	}
}

// findLot finds one of an account's lots, which must be loaded.
func (h *held) findLot(id LotID) (*Lot, int, error) {
	i := slices.IndexFunc(h.Lots, func(l *Lot) bool { return l.ID == id })
	if i < 0 {
		return nil, 0, corrupt("account %d has no lot %d.%d", h.Account.ID, id.Seq, id.Part)
	}
	return h.Lots[i], i, nil
}

// dropLot takes a lot from an account.
func (s *State) dropLot(h *held, i int) {
	s.note(h, h.Lots[i], true)
	if i == 0 {
		h.Lots = h.Lots[1:]
	} else {
		h.Lots = slices.Delete(h.Lots, i, i+1)
	}
	h.Account.Lots--
	s.lotCount--
}

func (s *State) touch(h *held) {
	h.batch = s.batch
	if !h.dirty && s.source != nil {
		h.dirty = true
		s.changes.Accounts = append(s.changes.Accounts, h.Account)
	}
}

func (s *State) touchPaper(id ID, p *paper) {
	p.batch = s.batch
	s.papers[id], s.absent = p, absent{}
	if p.dirty || s.source == nil {
		return
	}
	p.dirty = true
	s.fading = append(s.fading, fading{batch: s.batch, id: id})
	if p.payment != nil {
		s.changes.Payments = append(s.changes.Payments, p.payment)
	} else {
		s.changes.Redemptions = append(s.changes.Redemptions, p.redemption)
	}
}

// TakeChanges gives what was touched since the last call, and the number of
// the batch it belongs to. A state without a source takes down no changes. The rows must be written before they change again.
func (s *State) TakeChanges() (Changes, uint64) {
	c, batch := s.changes, s.batch
	for _, a := range c.Accounts {
		s.holdings[a.ID].dirty = false
	}
	for _, p := range c.Payments {
		s.papers[p.ID].dirty = false
	}
	for _, r := range c.Redemptions {
		s.papers[r.ID].dirty = false
	}
	// The next batch will have about as many.
	s.changes = Changes{Accounts: make([]*Account, 0, len(c.Accounts)), Lots: make([]LotChange, 0, len(c.Lots))}
	s.batch++
	return c, batch
}

// Forget tells the state that its source has every batch up to the one given.
// What was last touched in those is dropped from memory: payments and keys at
// once, accounts when there are more than so many lots and accounts.
func (s *State) Forget(batch uint64, most int) {
	s.settled = batch
	n := sort.Search(len(s.fading), func(i int) bool { return s.fading[i].batch > batch })
	for _, f := range s.fading[:n] {
		if f.key != (Key{}) {
			delete(s.keys, f.key)
		} else if p := s.papers[f.id]; p != nil && p.batch <= batch {
			delete(s.papers, f.id)
		}
	}
	s.fading = slices.Delete(s.fading, 0, n)
	if s.lotCount+len(s.holdings) <= most {
		return
	}
	for id, h := range s.holdings { // map order does not matter: what is dropped is found again
		if h.batch <= batch {
			if h.loaded {
				s.lotCount -= len(h.Lots)
			}
			delete(s.holdings, id)
		}
		if s.lotCount+len(s.holdings) <= most/2 {
			return
		}
	}
}

// Accounts calls fn for every account in memory, in the order of their ids.
func (s *State) Accounts(fn func(*Holding) error) error {
	ids := make([]AccountID, 0, len(s.holdings))
	for id := range s.holdings { // map order does not matter: sorted below
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		h, err := s.Holding(id)
		if err != nil {
			return err
		}
		if err := fn(h); err != nil {
			return err
		}
	}
	return nil
}

// Papers calls fn for every payment and redemption in memory, in no order.
func (s *State) Papers(fn func(*Payment, *Redemption)) {
	for _, p := range s.papers { // map order does not matter: the caller is told so
		fn(p.payment, p.redemption)
	}
}

// Keys calls fn for every key in memory and the entry it led to, in no order.
func (s *State) Keys(fn func(Key, uint64)) {
	for k, seq := range s.keys { // map order does not matter: the caller is told so
		fn(k, seq)
	}
}

// NewHolding is an account with its lots brought into spending order.
func NewHolding(a *Account, lots []*Lot) *Holding {
	slices.SortFunc(lots, spendingOrder)
	return &Holding{Account: a, Lots: lots}
}

// indexAhead is how far beyond the present day the index is kept ready.
const indexAhead = demurrage.Day(2 * MaxGrace)
