package books

import (
	"errors"
	"fmt"

	"grulden/demurrage"
	"grulden/internal/bank"
	"grulden/internal/cash"
	"grulden/internal/fund"
	"grulden/internal/node"
	"grulden/internal/record"
	"grulden/internal/rewards"
	"grulden/ledger"
)

// Places are where the books find what they are made of.
type Places struct {
	Node *node.Node
	Bank *bank.Bank
	Box  *cash.Box
	// Lists are the lists of givers' money; nil: there are none.
	Lists *rewards.Book
}

// Sources gathers everything as it is in a view.
func (p Places) Sources(v *node.View) (*Sources, error) {
	src := &Sources{Records: v.All(), Today: max(p.Node.Today(), v.Head().Moment.Day), Lists: make(map[uint64]ledger.Key)}
	if err := p.fromBank(src); err != nil {
		return nil, fmt.Errorf("books: %w", err)
	}
	if p.Lists != nil {
		if err := p.Lists.Each(func(g rewards.Given) error {
			src.Lists[g.Seq] = ledger.Key(g.Source)
			return nil
		}); err != nil {
			return nil, fmt.Errorf("books: %w", err)
		}
	}
	moves, err := p.Box.Movements(0, 0)
	if err != nil {
		return nil, fmt.Errorf("books: %w", err)
	}
	for _, m := range moves {
		if c, counts := fromCash(m); counts {
			src.Cash = append(src.Cash, c)
		}
	}
	return src, nil
}

// fromBank takes in the bank's entries, each amount once.
func (p Places) fromBank(src *Sources) error {
	first, last, found, err := p.Bank.Balances()
	if err != nil {
		return err
	}
	if found {
		src.Began = Statement{demurrage.Day(first.Day), first.Cents}
		src.Last = &Statement{demurrage.Day(last.Day), last.Cents}
	}
	orders, err := p.Bank.Orders(bank.OrderPaid, bank.OrderBack)
	if err != nil {
		return err
	}
	ordered := make(map[bank.ID]ledger.Cents)
	for _, o := range orders {
		ordered[o.Paid] += o.Cents
	}
	return p.Bank.Each(func(e *bank.Entry) error {
		b := BankEntry{ID: ledger.Key(e.ID), Day: demurrage.Day(e.Day), Cents: e.Cents, Credit: e.Credit, Account: e.Account, Noticed: e.Notice}
		if e.Purpose == bank.ForSource {
			b.Giver = ledger.Key(e.Of)
		}
		var counts bool
		if b.Use, b.Waits, counts = useOf(e); !counts {
			return nil
		}
		if sent := ordered[e.ID]; b.Use == Payout && sent > 0 { // a file may hold both
			back := b
			back.Use, back.Cents = SentBack, min(sent, b.Cents)
			src.Bank = append(src.Bank, back)
			if b.Cents -= back.Cents; b.Cents == 0 {
				return nil
			}
		}
		if b.Use == Payout || b.Use == PaidBack {
			ids, err := p.Bank.Paid(e)
			if err != nil {
				return err
			}
			for _, id := range ids {
				b.Redemptions = append(b.Redemptions, ledger.ID(id))
			}
		}
		src.Bank = append(src.Bank, b)
		return nil
	})
}

// useOf says what a bank entry was for, and whether it waits for a person. What
// stands elsewhere too is no money a second time.
func useOf(e *bank.Entry) (use Use, waits, counts bool) {
	if e.Reason == bank.PartOfBatch {
		return "", false, false
	}
	switch e.State {
	case bank.Issued:
		return TopUp, false, true
	case bank.Settled:
		return Payout, false, true
	case bank.GivenBack:
		return PaidBack, false, true
	case bank.Assigned:
		return assigned[e.Purpose], false, true
	case bank.Foreign:
		return Foreign, true, true
	case bank.Pending, bank.Split:
		return "", false, false
	}
	if e.Credit {
		return Unclear, e.State != bank.SentBack && e.State != bank.Returning, true
	}
	return Unasked, true, true
}

// assigned are the uses that a person gave to an entry.
var assigned = map[bank.Purpose]Use{bank.ForCash: Deposit, bank.ForSource: Sourced, bank.ForCosts: Costs}

// fromCash takes in a movement of the box; an arrival without a difference is the
// bank's to tell.
func fromCash(m *cash.Movement) (c CashMovement, counts bool) {
	c = CashMovement{ID: ledger.Key(m.ID), Day: demurrage.Day(m.Day), Cents: m.Cents, Two: m.How == record.ByTwo}
	switch m.Kind {
	case cash.TopUp:
		c.Kind, c.Issue = Receipt, m.Key()
	case cash.Counted:
		c.Kind = Counted
	case cash.Left:
		c.Kind = Brought
	case cash.Arrived:
		c.Kind, c.Cents, c.Two = Arrived, m.Difference, true // another person than who carried it
		return c, c.Cents != 0
	}
	return c, true
}

// gifts is what lies on the account of the wijkfonds, if it has one.
func (p Places) gifts(v *node.View, day demurrage.Day) (ledger.Cents, error) {
	id, err := fund.New(p.Node).Account()
	if id == 0 || err != nil {
		return 0, err
	}
	b, err := v.Balance(id, day)
	if errors.Is(err, node.ErrUnknown) {
		return 0, nil // about to be opened
	}
	return ledger.ShownCents(b.Worth), err
}

// Reserve is the cover of the Grulden now, worked out without the journal.
func (p Places) Reserve() (*Reserve, error) { return p.ReserveWith(p.Euros) }

// ReserveWith is Reserve with what somebody may have kept of Euros.
func (p Places) ReserveWith(euros func(demurrage.Day) (Reserve, error)) (*Reserve, error) {
	now := &Reserve{}
	err := p.Node.Read(func(v *node.View) error {
		head := v.Head()
		now.Paid = head.Redeemed
		day := max(p.Node.Today(), head.Moment.Day)
		gifts, err := p.gifts(v, day)
		if err != nil {
			return err
		}
		return now.Ledgered(head, gifts, day)
	})
	if err != nil {
		return nil, err
	}
	r, err := euros(now.Day)
	r.Day, r.Holders, r.Fund, r.Asked = now.Day, now.Holders, now.Fund, now.Asked
	r.Paid += now.Paid
	return &r, err
}

// Euros is the part of Reserve that follows from bank, cash box and lists up to a
// day, and takes time. It stays the same while nothing changed there.
func (p Places) Euros(day demurrage.Day) (r Reserve, err error) {
	src := &Sources{Today: day}
	if err := p.fromBank(src); err != nil {
		return r, fmt.Errorf("reserve: %w", err)
	}
	for i := range src.Bank {
		r.take(&src.Bank[i])
	}
	if src.Last != nil {
		r.HasBank, r.Bank, r.BankDay, r.Since = true, src.Last.Closing, src.Last.Day, src.since()
	}
	if p.Lists != nil {
		if err := p.Lists.Each(func(g rewards.Given) error {
			r.Givers -= g.Cents
			return nil
		}); err != nil {
			return r, fmt.Errorf("reserve: %w", err)
		}
	}
	now, err := p.Box.Balance()
	if err != nil {
		return r, fmt.Errorf("reserve: %w", err)
	}
	r.Box, r.Carried = now.Box, now.Transit
	if now.LastCount != nil {
		r.Counted = demurrage.Day(now.LastCount.Day)
	}
	return r, nil
}

// take takes a bank entry into what is owed besides the Grulden.
func (r *Reserve) take(e *BankEntry) {
	switch e.Use {
	case Unclear, SentBack:
		r.Unclear += e.Signed()
	case Sourced:
		r.Givers += e.Signed()
	case Payout, PaidBack:
		r.Paid += e.Signed()
	}
}
