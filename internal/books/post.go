package books

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"

	"grulden/demurrage"
	"grulden/internal/fund"
	"grulden/internal/record"
	"grulden/ledger"
)

// Line is an amount on an account: above nought debit, below it credit.
type Line struct {
	Account string
	Cents   ledger.Cents
}

// Transaction is a set of lines that add up to nought.
type Transaction struct {
	Day   demurrage.Day
	Seq   uint64 // of the journal's entry; nought for the bank, the box and sums of a day
	Kind  Kind
	Ref   string // of the bank entry or the receipt; empty for none
	Count int    // of the payments that it is the sum of; nought for none
	Lines []Line
}

// Balances are what stands on each account, by its number.
type Balances map[string]ledger.Cents

// Close is the end of the books: what stands on each account, and the ledger's
// own totals to hold it against.
type Close struct {
	Day      demurrage.Day
	Balances Balances
	Head     ledger.Head
}

// Post turns the sources into double entry, in the order of the days: each
// movement is a transaction of its own, except the payments from hand to hand,
// which change nothing for the foundation and stand as one sum a day. What people
// lost by demurrage goes to the wijkfonds at the end of each month and of the last
// day, so that on those days the books agree with the ledger to the cent.
func Post(src *Sources, fn func(*Transaction) error) (*Close, error) {
	p := &poster{src: src, fn: fn, state: ledger.NewState(ledger.Head{}, nil), sums: Balances{}, origin: origins(src), funds: map[ledger.AccountID]bool{}}
	p.wait, p.opening = p.outside(), src.Began.Closing
	for r, err := range src.Records {
		if err != nil {
			return nil, err
		}
		if r.Moment.Day > src.Today {
			break
		}
		if err := p.upTo(r.Moment.Day); err != nil {
			return nil, err
		}
		if err := p.record(r); err != nil {
			return nil, fmt.Errorf("entry %d: %w", r.Seq, err)
		}
	}
	if err := p.upTo(src.Today); err != nil {
		return nil, err
	}
	if err := p.endDay(); err != nil {
		return nil, err
	}
	if err := p.demurrage(src.Today); err != nil {
		return nil, err
	}
	return &Close{Day: src.Today, Balances: p.sums, Head: *p.state.Head()}, nil
}

// poster is one pass through the sources.
type poster struct {
	src    *Sources
	fn     func(*Transaction) error
	state  *ledger.State
	sums   Balances
	origin map[ledger.Key]string     // the account that an issue is paid from
	funds  map[ledger.AccountID]bool // with gifts to the wijkfonds
	wait   []*Transaction            // of bank and box, by day
	today  demurrage.Day
	begun  bool
	hand   Transaction // the payments of the day so far
	// opening is what the bank had before its first statement, less what of it
	// stands behind Grulden of a history that was taken over from a file.
	opening ledger.Cents
}

// origins tells for each key from which account an issue with it is paid.
func origins(src *Sources) map[ledger.Key]string {
	from := make(map[ledger.Key]string)
	for i := range src.Bank {
		if e := &src.Bank[i]; e.Credit && (e.Use == TopUp || e.Use == Unclear) {
			from[e.ID] = accUnclear
		}
	}
	for _, c := range src.Cash {
		if c.Kind == Receipt {
			from[c.Issue] = accReceipts
		}
	}
	return from
}

// outside are the transactions of the bank and the box.
func (p *poster) outside() []*Transaction {
	var all []*Transaction
	if p.src.Began.Closing != 0 {
		all = append(all, &Transaction{Day: p.src.Began.Day, Kind: kindBegan, Lines: move(accBank, accBegan, p.src.Began.Closing)})
	}
	for i := range p.src.Bank {
		e := &p.src.Bank[i]
		if e.Use == Foreign {
			continue
		}
		all = append(all, &Transaction{Day: e.Day, Kind: kindBank, Ref: ref(e.ID), Lines: move(accBank, otherSide(e.Use), e.Signed())})
	}
	for _, c := range p.src.Cash {
		to, from := accBox, map[CashKind]string{Receipt: accReceipts, Counted: accDiff, Brought: accCarried, Arrived: accDiff}[c.Kind]
		if c.Kind == Arrived {
			to = accCarried
		}
		if c.Cents != 0 {
			all = append(all, &Transaction{Day: c.Day, Kind: kindCash, Ref: ref(c.ID), Lines: move(to, from, c.Cents)})
		}
	}
	slices.SortStableFunc(all, func(a, b *Transaction) int { return cmp.Compare(a.Day, b.Day) })
	return all
}

// otherSide is the account on the other side of a bank entry.
func otherSide(u Use) string {
	switch u {
	case Sourced:
		return accGivers
	case Deposit:
		return accCarried
	case PaidBack, Payout:
		return accPaid
	case Own:
		return accBegan
	case Costs:
		return accCosts
	case Unasked:
		return accUnasked
	}
	return accUnclear
}

// move moves an amount to one account from another.
func move(to, from string, cents ledger.Cents) []Line {
	return []Line{{to, cents}, {from, -cents}}
}

// upTo posts what the bank and the box did up to a day, the last included, and
// demurrage at each end of a month before it.
func (p *poster) upTo(day demurrage.Day) error {
	if p.begun && day > p.today {
		if err := p.endDay(); err != nil {
			return err
		}
		for d := p.today + 1; d <= day; d++ {
			if !d.FirstOfMonth() {
				continue
			}
			if err := p.flush(d - 1); err != nil {
				return err
			}
			if err := p.demurrage(d - 1); err != nil {
				return err
			}
		}
	}
	p.today, p.begun = day, true
	return p.flush(day)
}

// flush posts what waits up to a day.
func (p *poster) flush(day demurrage.Day) error {
	for len(p.wait) > 0 && p.wait[0].Day <= day {
		t := p.wait[0]
		p.wait = p.wait[1:]
		if err := p.post(t); err != nil {
			return err
		}
	}
	return nil
}

// endDay posts the payments of the day.
func (p *poster) endDay() error {
	t := p.hand
	p.hand = Transaction{}
	if t.Count == 0 {
		return nil
	}
	return p.post(&t)
}

// record posts one entry of the journal.
func (p *poster) record(r *record.Record) error {
	t := &Transaction{Day: r.Moment.Day, Seq: r.Seq}
	if err := p.lines(r, t); err != nil {
		return err
	}
	plain := r.Entry
	plain.Key = ledger.Key{} // nobody asks for keys here: the state need not keep them
	if err := p.state.Apply(&plain); err != nil {
		return err
	}
	if t.Kind == "" {
		return nil
	}
	return p.post(t)
}

// lines says what an entry moves for the foundation.
func (p *poster) lines(r *record.Record, t *Transaction) error {
	switch c := r.Command.(type) {
	case ledger.Open:
		p.funds[c.Account] = c.Role == fund.Role
	case ledger.Issue:
		t.Kind, t.Ref, t.Lines = kindIssue, ref(r.Key), move(p.issuedFrom(r, c.Amount), p.has(c.To), c.Amount)
	case ledger.Grant:
		t.Kind, t.Lines = kindGrant, move(accFund, p.has(c.To), c.Amount)
	case ledger.Pay:
		p.paid(r.Moment.Day, t, c.From, c.To, c.Amount)
	case ledger.Refund:
		p.paid(r.Moment.Day, t, r.Facts.Debit, r.Facts.Credit, r.Facts.Amount)
	case ledger.Redeem:
		t.Kind, t.Lines = kindRedeem, move(p.has(c.From), accAsked, c.Amount)
	case ledger.Settle:
		return p.decided(c.Of, t, kindSettle, func(a *ledger.Redemption) []Line {
			lines := []Line{{accAsked, a.Amount}, {accPaid, a.Fee - a.Amount}}
			if a.Fee != 0 {
				lines = append(lines, Line{accFund, -a.Fee})
			}
			return lines
		})
	case ledger.Reopen:
		return p.decided(c.Of, t, kindReopen, func(a *ledger.Redemption) []Line {
			lines := []Line{{accPaid, a.Amount - a.Fee}, {accAsked, -a.Amount}}
			if a.Fee != 0 {
				lines = append(lines, Line{accFund, a.Fee})
			}
			return lines
		})
	case ledger.Reject:
		return p.decided(c.Of, t, kindReject, func(a *ledger.Redemption) []Line { return move(accAsked, p.has(a.Account), a.Amount) })
	}
	return nil
}

// issuedFrom is the account from which an issue is paid.
func (p *poster) issuedFrom(r *record.Record, amount ledger.Cents) string {
	if from, known := p.origin[r.Key]; known && r.Key != (ledger.Key{}) {
		return from
	}
	if _, listed := p.src.Lists[r.Seq]; listed {
		return accGivers
	}
	if r.Auth.How == record.ByReplay && amount <= p.opening {
		p.opening -= amount
		return accBegan
	}
	if r.Auth.How == record.ByTwo {
		return accNoEuros
	}
	return accNoProof
}

// decided posts what became of a redemption.
func (p *poster) decided(id ledger.ID, t *Transaction, kind Kind, lines func(*ledger.Redemption) []Line) error {
	_, r, err := p.state.Find(id)
	if err != nil {
		return err
	}
	if r == nil {
		return fmt.Errorf("there is no redemption %v", id)
	}
	t.Kind, t.Ref, t.Lines = kind, ref(ledger.Key(id)), lines(r)
	return nil
}

// has is the account on which an account of the ledger stands: gifts to the
// wijkfonds lie on one of the ledger and are the wijkfonds's all the same.
func (p *poster) has(id ledger.AccountID) string {
	if p.funds[id] {
		return accFund
	}
	return accHolders
}

// paid posts a payment to or from the wijkfonds, and counts any other.
func (p *poster) paid(day demurrage.Day, t *Transaction, from, to ledger.AccountID, cents ledger.Cents) {
	switch {
	case p.has(from) == p.has(to):
		p.byHand(day, cents)
		return
	case p.funds[from]:
		t.Kind = kindGrant
	default:
		t.Kind = kindPaid
	}
	t.Lines = move(p.has(from), p.has(to), cents)
}

// byHand counts a payment or a refund in the sum of its day.
func (p *poster) byHand(day demurrage.Day, cents ledger.Cents) {
	if p.hand.Count == 0 {
		p.hand = Transaction{Day: day, Kind: kindPaid, Lines: move(accHolders, accHolders, 0)}
	}
	p.hand.Count++
	p.hand.Lines[0].Cents += cents
	p.hand.Lines[1].Cents -= cents
}

// demurrage lets the wijkfonds have what it has at the end of a day. What people
// have is rounded up to a cent, in their favour.
func (p *poster) demurrage(day demurrage.Day) error {
	head := p.state.Head()
	if head.Seq == 0 {
		return nil
	}
	has, err := fundCents(head, day)
	if err != nil {
		return err
	}
	for id, is := range p.funds {
		if !is {
			continue
		}
		h, err := p.state.Holding(id)
		if err != nil {
			return err
		}
		b, err := ledger.BalanceOf(head, h, day)
		if err != nil {
			return err
		}
		has += ledger.ShownCents(b.Worth)
	}
	income := has + p.sums[accFund] // a liability stands below nought
	if income == 0 {
		return nil
	}
	return p.post(&Transaction{Day: day, Kind: kindDemurrage, Lines: move(accHolders, accFund, income)})
}

// fundCents is what the wijkfonds has on a day besides gifts, in whole cents. One that never had
// income may be some grains below nought (SPEC.md R37); that is no cent.
func fundCents(head *ledger.Head, day demurrage.Day) (ledger.Cents, error) {
	grains, negative, err := head.Fund(day)
	if err != nil {
		return 0, err
	}
	sum := grains.Big()
	if negative {
		sum.Neg(sum)
	}
	return ledger.Cents(sum.Quo(sum, big.NewInt(ledger.GrainsPerCent)).Int64()), nil
}

func (p *poster) post(t *Transaction) error {
	var sum ledger.Cents
	for _, l := range t.Lines {
		sum += l.Cents
		p.sums[l.Account] += l.Cents
	}
	if sum != 0 {
		return fmt.Errorf("a transaction of %v is off by %v", t.Day, sum)
	}
	if p.fn == nil {
		return nil
	}
	return p.fn(t)
}
