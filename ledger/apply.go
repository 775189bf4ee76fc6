package ledger

import (
	"slices"

	"grulden/demurrage"
)

// Apply carries the state forward by an entry. It follows the entry's facts
// and knows no rule of the coin; an error means that the entry does not fit
// the state, which is then of no further use.
func (s *State) Apply(e *Entry) error {
	today := e.Moment.Day
	if err := s.head.Holders.settle(today); err != nil {
		return err
	}
	if err := s.record(e); err != nil {
		return err
	}
	if err := s.move(e); err != nil {
		return err
	}
	if e.Key != (Key{}) {
		s.use(e.Key, e.Seq)
	}
	s.head.Seq, s.head.Moment = e.Seq, e.Moment
	if _, isPolicy := e.Command.(SetPolicy); isPolicy || s.head.Index.Short(today+MaxGrace) {
		s.head.Index = s.head.Index.Extended(today + indexAhead)
	}
	return nil
}

// record changes what a command changes besides moving money.
func (s *State) record(e *Entry) error {
	switch c := e.Command.(type) {
	case SetPolicy:
		s.setPolicy(c.Policy, e.Moment.Day)
	case Open:
		a := &Account{ID: c.Account, Owner: c.Owner, Role: c.Role, Opened: e.Moment.Day, Last: e.Seq}
		h := &held{Holding: Holding{Account: a, Ripe: never}, loaded: true, terms: s.terms}
		s.holdings[a.ID] = h
		s.head.Accounts++
		s.touch(h)
	case Close:
		return s.mark(c.Account, func(a *Account) { a.Closed = true })
	case Block:
		return s.mark(c.Account, func(a *Account) { a.Blocked = true })
	case Unblock:
		return s.mark(c.Account, func(a *Account) { a.Blocked = false })
	case Issue:
		s.head.Issued += c.Amount
	case Pay:
		s.touchPaper(c.ID, &paper{payment: PaymentOf(e)})
	case Refund:
		return s.refunded(c.Of, e.Facts.Amount)
	case Redeem:
		return s.asked(c, e)
	case Settle:
		return s.decided(c.Of, Settled)
	case Reject:
		return s.decided(c.Of, Rejected)
	case Reopen:
		return s.reopened(c.Of)
	case Enrol:
		s.use(Key(c.Device), e.Seq)
		return s.mark(c.Account, func(a *Account) { a.Devices = append(a.Devices, Device{c.Device, c.PublicKey(), e.Seq}) })
	case Retire:
		return s.mark(c.Account, func(a *Account) {
			a.Devices = slices.DeleteFunc(slices.Clone(a.Devices), func(d Device) bool { return d.ID == c.Device })
		})
	}
	return nil
}

// use takes down that a key led to an entry.
func (s *State) use(k Key, seq uint64) {
	s.keys[k] = seq
	if s.source != nil {
		s.fading = append(s.fading, fading{batch: s.batch, key: k})
		s.changes.Keys = append(s.changes.Keys, UsedKey{k, seq})
	}
}

// PaymentOf is the payment that an entry made, nil if it made none.
func PaymentOf(e *Entry) *Payment {
	c, ok := e.Command.(Pay)
	if !ok {
		return nil
	}
	p := &Payment{ID: c.ID, Seq: e.Seq, From: c.From, To: c.To, Amount: c.Amount}
	for i := range e.Facts.Out {
		p.Pool = p.Pool || e.Facts.Out[i].Lot == LotID{}
	}
	return p
}

func (s *State) setPolicy(p Policy, today demurrage.Day) {
	if s.head.Index == nil {
		p.From = today
		s.head.Index = demurrage.NewIndex(today, p.terms())
	} else {
		s.head.Index = s.head.Index.With(p.terms())
	}
	s.head.Policies = s.head.Policies.with(p)
	s.terms++
	if s.source != nil {
		s.changes.Policies = append(s.changes.Policies, p)
	}
}

func (s *State) mark(id AccountID, change func(*Account)) error {
	h, err := s.mustHold(id)
	if err == nil {
		change(h.Account)
	}
	return err
}

// mustHold finds an account that an entry names, to change it.
func (s *State) mustHold(id AccountID) (*held, error) {
	h, err := s.held(id)
	if err != nil {
		return nil, err
	}
	if h == nil {
		return nil, corrupt("an entry names account %d, which is not there", id)
	}
	s.touch(h)
	return h, nil
}

func (s *State) refunded(of ID, amount Cents) error {
	p, err := s.paper(of)
	if err != nil {
		return err
	}
	if p == nil || p.payment == nil || p.payment.Refunded+amount > p.payment.Amount {
		return corrupt("a refund of %v does not fit", of)
	}
	p.payment.Refunded += amount
	s.touchPaper(of, p)
	return nil
}

func (s *State) asked(c Redeem, e *Entry) error {
	r := &Redemption{ID: c.ID, Seq: e.Seq, Account: c.From, Amount: c.Amount, Fee: e.Facts.Fee, Parts: e.Facts.Promised}
	s.touchPaper(c.ID, &paper{redemption: r})
	s.head.Escrow += c.Amount
	return s.mark(c.From, func(a *Account) { a.OpenRedemptions++ })
}

func (s *State) decided(of ID, how Progress) error {
	p, err := s.paper(of)
	if err != nil {
		return err
	}
	if p == nil || p.redemption == nil || p.redemption.Progress != Waiting {
		return corrupt("redemption %v does not wait", of)
	}
	r := p.redemption
	r.Progress = how
	s.touchPaper(of, p)
	s.head.Escrow -= r.Amount
	if how == Settled {
		s.head.Redeemed += r.Amount - r.Fee
	}
	return s.mark(r.Account, func(a *Account) { a.OpenRedemptions-- })
}

// reopened lets a settled redemption wait again.
func (s *State) reopened(of ID) error {
	p, err := s.paper(of)
	if err != nil {
		return err
	}
	if p == nil || p.redemption == nil || p.redemption.Progress != Settled {
		return corrupt("redemption %v was not settled", of)
	}
	r := p.redemption
	r.Progress = Waiting
	s.touchPaper(of, p)
	s.head.Escrow += r.Amount
	s.head.Redeemed -= r.Amount - r.Fee
	return s.mark(r.Account, func(a *Account) { a.OpenRedemptions++ })
}

// move moves what the facts say: first out of the debit account, then into the
// credit account.
func (s *State) move(e *Entry) error {
	var gone []*Lot
	if e.Facts.Debit != 0 {
		h, err := s.mustHold(e.Facts.Debit)
		if err != nil {
			return err
		}
		if gone, err = s.takeOut(h, e); err != nil {
			return err
		}
		h.Account.Last = e.Seq
	}
	if e.Facts.Credit == 0 {
		return nil
	}
	h, err := s.mustHold(e.Facts.Credit)
	if err != nil {
		return err
	}
	h.Account.Last = e.Seq
	return s.bringIn(h, e, gone)
}

// takeOut takes the parts that leave an account, and gives the lots among them.
func (s *State) takeOut(h *held, e *Entry) (gone []*Lot, err error) {
	today := e.Moment.Day
	pool := &h.Account.Pool
	if err := pool.settle(today); err != nil {
		return nil, err
	}
	if len(e.Facts.Ripe) > 0 || len(e.Facts.Out) > 0 {
		if err := s.load(h); err != nil {
			return nil, err
		}
	}
	for _, id := range e.Facts.Ripe {
		l, i, err := h.findLot(id)
		if err != nil {
			return nil, err
		}
		if err := pool.add(bucket(l.Melts, today), l.Units); err != nil {
			return nil, err
		}
		s.dropLot(h, i)
	}
	for i := range e.Facts.Out {
		out := &e.Facts.Out[i]
		if out.Lot == (LotID{}) {
			if err := s.takePool(pool, out); err != nil {
				return nil, err
			}
			continue
		}
		l, err := s.takeLot(h, out, today)
		if err != nil {
			return nil, err
		}
		if gone == nil {
			gone = make([]*Lot, 0, len(e.Facts.Out)-i)
		}
		gone = append(gone, l)
	}
	if h.loaded && h.Ripe <= today { // what was ripe has gone to the pool, or away
		s.findRipe(h)
	}
	return gone, nil
}

// takePool leaves out.Rest of the pool amount of one melts-from day.
func (s *State) takePool(pool *Amounts, out *Out) error {
	gone, ok := pool.of(out.Melts).Sub(out.Rest)
	if !ok {
		return corrupt("more pool money stays than there was")
	}
	if err := pool.sub(out.Melts, gone); err != nil {
		return err
	}
	return s.head.Holders.sub(out.Melts, gone)
}

// takeLot leaves out.Rest of a lot, or lets it go.
func (s *State) takeLot(h *held, out *Out, today demurrage.Day) (*Lot, error) {
	l, i, err := h.findLot(out.Lot)
	if err != nil {
		return nil, err
	}
	left, ok := l.Units.Sub(out.Rest)
	if !ok {
		return nil, corrupt("more of lot %d.%d stays than there was", l.ID.Seq, l.ID.Part)
	}
	day := bucket(l.Melts, today)
	if err := s.head.Holders.sub(day, left); err != nil {
		return nil, err
	}
	switch {
	case out.Pooled:
		s.dropLot(h, i)
		return l, h.Account.Pool.add(day, out.Rest)
	case out.Rest.IsZero():
		s.dropLot(h, i)
	default:
		l.Units = out.Rest
		s.note(h, l, false)
	}
	return l, nil
}

// bringIn lets lots and pool money arrive at an account.
func (s *State) bringIn(h *held, e *Entry, gone []*Lot) error {
	today := e.Moment.Day
	if err := h.Account.Pool.settle(today); err != nil {
		return err
	}
	for i := range e.Facts.In {
		in := &e.Facts.In[i]
		day := bucket(in.Melts, today)
		if err := s.head.Holders.add(day, in.Units); err != nil {
			return err
		}
		if in.How == Pooled {
			if err := h.Account.Pool.add(day, in.Units); err != nil {
				return err
			}
			continue
		}
		l, err := arriving(h.Account, e, i, &gone)
		if err != nil {
			return err
		}
		s.addLot(h, l)
	}
	return nil
}

// arriving makes the lot that an In tells of. Lots arrive in the order in which
// they left, so those in gone before its own are passed for good.
func arriving(to *Account, e *Entry, i int, gone *[]*Lot) (*Lot, error) {
	in := &e.Facts.In[i]
	l := &Lot{ID: LotID{e.Seq, uint32(i)}, Units: in.Units, Issue: e.Seq, Melts: in.Melts}
	if in.How == Fresh {
		l.Trail = []Stop{{to.Owner, e.Moment.Day, in.Melts}}
		return l, nil
	}
	for len(*gone) > 0 && (*gone)[0].ID != in.Lot {
		*gone = (*gone)[1:]
	}
	if len(*gone) == 0 || in.How == Undone && (*gone)[0].Hops() == 0 {
		return nil, corrupt("entry %d lets a lot arrive that did not leave", e.Seq)
	}
	from := (*gone)[0]
	l.Issue, l.Trail = from.Issue, from.Trail
	switch in.How {
	case Hopped:
		l.Trail = withStop(from.Trail, Stop{to.Owner, e.Moment.Day, in.Melts})
	case Undone:
		l.Trail = from.Trail[:len(from.Trail)-1]
	}
	return l, nil
}
