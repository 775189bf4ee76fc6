package report

import (
	"errors"
	"math/big"
	"slices"
	"sort"

	"grulden/demurrage"
	"grulden/ledger"
)

// errFacts says that an entry does not fit those before it.
var errFacts = errors.New("its facts do not fit the entries before it")

// holder is an owner in the role of one of its accounts.
type holder struct {
	owner  ledger.OwnerID
	role   int // its place among the roles
	purses []*purse
}

// ownerAs is what makes a holder another one.
type ownerAs struct {
	owner ledger.OwnerID
	role  int
}

// fold goes through the entries of a ledger once, and leaves a row for each day
// and each month that is over. It knows no rule of the coin but the one that
// tells what counts as a hop, and holds of the past only what is still held.
type fold struct {
	rows *rows                           // what it leaves
	find func(ledger.ID) (uint64, error) // the entry that made a payment, nought for none

	seq      uint64 // of the last entry
	at       int64  // its time, in seconds
	begun    bool   // there was an entry
	first    demurrage.Day
	today    demurrage.Day
	policies ledger.Policies
	index    *demurrage.Index
	issued   ledger.Cents
	redeemed ledger.Cents
	escrow   ledger.Cents
	all      amounts // the units of all accounts

	purses  map[ledger.AccountID]*purse
	holders []holder
	numbers map[ownerAs]uint32 // of the holders
	roles   []string
	asked   map[ledger.ID]*redemption

	day     *block
	made    ledger.Cents             // issued and granted in this month
	opened  big.Int                  // what all had when the day began, after its charge
	nominal ledger.Cents             // what the entries of the day say they changed
	dropped map[demurrage.Day]*block // by today's refunds, by the day of the payment
	paid    []payment                // today
	parts   []part                   // theirs, one after the other

	moved     []movement // what the present entry took
	arena     []piece    // its pieces
	from, lie []piece    // for sources
	stops     []stop     // room for some more
	months    []int      // of each day, as monthFrom has them

	seen seen
}

// redemption is what a redemption took.
type redemption struct {
	holder      uint32
	amount, fee ledger.Cents
	at          int64
	moved       []movement
	dirty       bool
}

func newFold(r *rows, find func(ledger.ID) (uint64, error)) *fold {
	return &fold{
		rows: r, find: find,
		purses:  make(map[ledger.AccountID]*purse),
		numbers: make(map[ownerAs]uint32),
		asked:   make(map[ledger.ID]*redemption),
		day:     new(block),
		dropped: make(map[demurrage.Day]*block),
		seen:    seen{make(map[demurrage.Day]*block), make(map[demurrage.Day]*ending)},
	}
}

// entry looks at the next entry: at what leaves, then at what arrives.
func (f *fold) entry(e *ledger.Entry) error {
	if e.Seq != f.seq+1 {
		return errFacts
	}
	if err := f.live(e.Moment.Day); err != nil {
		return err
	}
	f.seq, f.at = e.Seq, e.Moment.At.Sec
	clear(f.seen.blocks)
	clear(f.seen.ends)
	switch c := e.Command.(type) {
	case ledger.SetPolicy:
		f.setPolicy(c.Policy)
	case ledger.Open:
		return f.open(c)
	case ledger.Issue:
		f.issued += c.Amount
		return f.brings(e, cellIssued, c.To, c.Amount)
	case ledger.Grant:
		return f.brings(e, cellGranted, c.To, c.Amount)
	case ledger.Pay:
		return f.pays(e, c)
	case ledger.Refund:
		return f.refunds(e, c)
	case ledger.Redeem:
		return f.redeems(e, c)
	case ledger.Settle:
		return f.settles(c.Of)
	case ledger.Reject:
		return f.rejects(e, c.Of)
	case ledger.Reopen:
		return f.reopens(c.Of)
	case ledger.Close:
		return f.closes(e, c)
	}
	return nil
}

// setPolicy changes the index, and when lots are convertible.
func (f *fold) setPolicy(p ledger.Policy) {
	if f.index == nil {
		p.From = f.today
	}
	f.addTerms(p)
	i := sort.Search(len(f.policies), func(i int) bool { return f.policies[i].From >= p.From })
	if i < len(f.policies) && f.policies[i].From == p.From {
		f.policies[i] = p
	} else {
		f.policies = slices.Insert(f.policies, i, p)
	}
	for _, p := range f.purses {
		for i := range p.lots {
			l := &p.lots[i]
			l.ripe = f.policies.Ripe(l.trail.hops, l.trail.began, l.trail.since)
		}
		p.dirty = true
	}
}

// addTerms makes the index that of one more policy.
func (f *fold) addTerms(p ledger.Policy) {
	terms := demurrage.Terms{From: p.From, Rate: p.Rate, Every: p.Every}
	if f.index == nil {
		f.index = demurrage.NewIndex(p.From, terms)
	} else {
		f.index = f.index.With(terms)
	}
	f.index = f.index.Extended(f.today + indexAhead)
}

// indexAhead is how far beyond the present day the index is kept ready.
const indexAhead = demurrage.Day(2 * ledger.MaxGrace)

func (f *fold) open(c ledger.Open) error {
	if f.purses[c.Account] != nil {
		return errFacts
	}
	f.addPurse(&purse{id: c.Account, owner: c.Owner, holder: f.holderOf(c.Owner, c.Role), dirty: true})
	return nil
}

func (f *fold) addPurse(p *purse) {
	f.purses[p.id] = p
	h := &f.holders[p.holder]
	h.purses = append(h.purses, p)
}

// holderOf is the number of an owner in a role.
func (f *fold) holderOf(o ledger.OwnerID, role string) uint32 {
	at := slices.Index(f.roles, role)
	if at < 0 {
		at = len(f.roles)
		f.roles = append(f.roles, role)
	}
	number, known := f.numbers[ownerAs{o, at}]
	if !known {
		number = f.addHolder(holder{owner: o, role: at})
	}
	return number
}

// addHolder gives a holder its number.
func (f *fold) addHolder(h holder) uint32 {
	number := uint32(len(f.holders))
	f.holders = append(f.holders, h)
	f.numbers[ownerAs{h.owner, h.role}] = number
	return number
}

// purse is an account that an entry names.
func (f *fold) purse(id ledger.AccountID) (*purse, error) {
	p := f.purses[id]
	if p == nil {
		return nil, errFacts
	}
	p.dirty = true
	return p, nil
}

// brings books money that came from outside: against euros or from the wijkfonds.
func (f *fold) brings(e *ledger.Entry, c cell, to ledger.AccountID, amount ledger.Cents) error {
	p, err := f.purse(to)
	if err != nil {
		return err
	}
	f.nominal += amount
	f.made += amount
	f.moved = f.moved[:0]
	return errors.Join(f.day.deals.add(p.holder, c, amount.Worth()), f.arrive(e, p, false))
}

// redeems keeps what a redemption took until it is settled or rejected.
func (f *fold) redeems(e *ledger.Entry, c ledger.Redeem) error {
	p, err := f.purse(c.From)
	if err != nil || e.Facts.Debit != c.From {
		return errFacts
	}
	if err := f.leave(e, p, 0, c.Amount.Worth()); err != nil {
		return err
	}
	f.nominal -= c.Amount
	f.escrow += c.Amount
	f.asked[c.ID] = &redemption{
		holder: p.holder, amount: c.Amount, fee: e.Facts.Fee, at: f.at, moved: keep(f.moved), dirty: true,
	}
	return f.day.deals.add(p.holder, cellAsked, c.Amount.Worth())
}

// waits is a redemption that waits.
func (f *fold) waits(id ledger.ID) (*redemption, error) {
	if r := f.asked[id]; r != nil {
		return r, nil
	}
	return nil, errFacts
}

// forget lets go of a redemption that waits no longer.
func (f *fold) forget(id ledger.ID) {
	delete(f.asked, id)
	f.rows.put(rowKey(keyAsked, id[:]), nil)
}

// settles books what a redemption paid out, and how old that was when asked for.
func (f *fold) settles(id ledger.ID) error {
	r, err := f.waits(id)
	if err != nil {
		return err
	}
	f.escrow -= r.amount
	f.redeemed += r.amount - r.fee
	s := &f.day.deals
	err = errors.Join(
		s.add(r.holder, cellPaidOut, (r.amount-r.fee).Worth()),
		s.add(r.holder, cellFees, r.fee.Worth()),
		s.add(r.holder, cellLag+lagOf(f.at-r.at), r.amount.Worth()),
	)
	for _, m := range r.moved {
		for _, p := range m.pieces {
			f.day.redeemed.add(p.worth, r.at-p.since)
			age := (r.at/secondsPerDay - int64(p.issued)) * secondsPerDay
			err = errors.Join(
				err, s.add(r.holder, cellExitHop+cell(p.hops), p.worth), s.add(r.holder, cellExitAge+spanOf(age), p.worth),
			)
		}
	}
	f.forget(id)
	f.rows.put(rowKey(keySettled, id[:]), r.pack())
	return err
}

// reopens takes back that a redemption was paid out: its euros came back. How
// long its money had lain stays counted, for it was asked for then.
func (f *fold) reopens(id ledger.ID) error {
	key := rowKey(keySettled, id[:])
	row, err := f.rows.must(key)
	if err != nil {
		return err
	}
	r, err := unpackRedemption(row)
	if err != nil {
		return err
	}
	r.dirty = true
	f.asked[id] = r
	f.rows.put(key, nil)
	f.escrow += r.amount
	f.redeemed -= r.amount - r.fee
	return errors.Join(
		f.day.deals.add(r.holder, cellReturned, (r.amount-r.fee).Worth()),
		f.day.deals.add(r.holder, cellUnfeed, r.fee.Worth()),
	)
}

// rejects lets a redemption's money lie where it lay, as if never asked for.
func (f *fold) rejects(e *ledger.Entry, id ledger.ID) error {
	r, err := f.waits(id)
	if err != nil {
		return err
	}
	p, err := f.purse(e.Facts.Credit)
	if err != nil {
		return err
	}
	f.escrow -= r.amount
	f.nominal += r.amount
	f.moved = r.moved
	f.forget(id)
	err = errors.Join(f.day.deals.add(r.holder, cellRejected, r.amount.Worth()), f.arrive(e, p, true))
	f.moved = nil
	return err
}

// closes books what an account left to the fund.
func (f *fold) closes(e *ledger.Entry, c ledger.Close) error {
	p, err := f.purse(c.Account)
	if err != nil {
		return err
	}
	before, err := f.worth(f.today)
	if err != nil {
		return err
	}
	if len(e.Facts.Ripe)+len(e.Facts.Out) > 0 {
		if err := f.leave(e, p, 0, ledger.Cents(1).Worth()); err != nil { // all there is: less than a cent
			return err
		}
	}
	after, err := f.worth(f.today)
	if err != nil {
		return err
	}
	p.closed = true
	f.day.left.Add(&f.day.left, before.Sub(before, after))
	return nil
}
