package books

import (
	"grulden/demurrage"
	"grulden/internal/fund"
	"grulden/internal/record"
	"grulden/ledger"
)

// Grade says how well something is explained.
type Grade string

// The grades.
const (
	Good Grade = "good" // by a bank entry, a receipt, a list or two people
	Look Grade = "look" // by one person, or not yet: somebody should look
	Red  Grade = "red"  // by nothing
)

// What is what an audit looks at.
type What string

// What an audit looks at.
const (
	WhatIssue   What = "issue"
	WhatGrant   What = "grant"
	WhatSettle  What = "settle"
	WhatReject  What = "reject"
	WhatReopen  What = "reopen"
	WhatPolicy  What = "policy"
	WhatPay     What = "pay"
	WhatBank    What = "bank"
	WhatCash    What = "cash"
	WhatReceipt What = "receipt"
)

// Whats lists what an audit looks at, in the order in which it is told.
func Whats() []What {
	return []What{WhatIssue, WhatGrant, WhatSettle, WhatReject, WhatReopen, WhatPolicy, WhatPay, WhatBank, WhatCash, WhatReceipt}
}

// Why says by what something is explained, or what is wrong with it.
type Why string

// The explanations, and what is wrong.
const (
	ByEntry   Why = "bank-entry"   // a bank entry of this amount, matched by its reference
	ByHand    Why = "by-hand"      // a bank entry of this amount; a person said whose it is
	ByReceipt Why = "receipt"      // a cash receipt of this amount
	ByList    Why = "list"         // a list, paid from a giver's bank entry
	ByPeople  Why = "two-people"   // two people
	ByReturn  Why = "bank-return"  // the bank sent the money back
	FirstRule Why = "first-policy" // the rules with which the ledger began
	ByBooking Why = "booked"       // a bank entry with a known use
	ByOpening Why = "opening"      // of a history from a file; the euros were at the bank before its first statement

	OnePerson  Why = "one-person"  // one person alone
	NotYet     Why = "not-yet"     // the bank does not show it yet
	Difference Why = "difference"  // a count of the box found more or less
	Waits      Why = "waits"       // it waits for a person
	FromFile   Why = "from-file"   // taken over from a file, not paid here
	NoProof    Why = "no-proof"    // nothing explains it
	NoEuros    Why = "no-euros"    // issued by two people without any euro
	OtherSum   Why = "other-sum"   // the explanation is of another amount
	OtherPurse Why = "other-purse" // the bank entry was for somebody else
	OverSource Why = "over-source" // a list paid more than its giver gave
	NotAtBank  Why = "not-at-bank" // the bank should show it by now and does not
	ByMachine  Why = "by-operator" // by whoever runs the machine
	AskedFor   Why = "unasked"     // a debit that nobody asked for
	OtherMoney Why = "foreign"     // in another currency, or of another account
)

// Whys lists all that is not simply good, for those who need words for it.
func Whys() []Why {
	return []Why{
		OnePerson, NotYet, Difference, Waits, FromFile, NoProof, NoEuros, OtherSum, OtherPurse, OverSource, NotAtBank, ByMachine, AskedFor, OtherMoney,
	}
}

// How long the bank and people may take before something is found, in days.
const (
	bankDays  = 10
	waitsDays = 30
)

// Finding is one thing an audit looked at.
type Finding struct {
	Seq   uint64 // the journal's entry; nought for the bank and the box
	Day   demurrage.Day
	What  What
	Grade Grade
	Why   Why
	Cents ledger.Cents
	Ref   string // of the bank entry, receipt or redemption
	By    record.ActorID
}

// Sum counts the findings of one kind.
type Sum struct {
	Count, Look, Red int
	Cents            ledger.Cents
}

// Audit is the outcome: how much of everything there was, and how much of it
// nothing explains.
type Audit struct {
	Day  demurrage.Day
	Sums map[What]*Sum
}

// Red is how many findings nothing explains.
func (a *Audit) Red() (n int) {
	for _, s := range a.Sums {
		n += s.Red
	}
	return n
}

// Look is how many findings somebody should look at.
func (a *Audit) Look() (n int) {
	for _, s := range a.Sums {
		n += s.Look
	}
	return n
}

// Examine holds every issue, grant, settlement, rejection and policy of the
// journal, every bank entry and every change of the cash box against what explains
// it, and calls fn for each. It believes nobody: what one person did alone with the
// euros of all is found, whoever it was.
func Examine(src *Sources, fn func(Finding) error) (*Audit, error) {
	e := newExaminer(src, fn)
	for r, err := range src.Records {
		if err != nil {
			return nil, err
		}
		if r.Moment.Day > src.Today {
			break
		}
		if err := e.record(r); err != nil {
			return nil, err
		}
	}
	if err := e.outside(); err != nil {
		return nil, err
	}
	return e.audit, nil
}

// examiner is one audit under way.
type examiner struct {
	src       *Sources
	fn        func(Finding) error
	audit     *Audit
	entries   map[ledger.Key]*BankEntry
	receipts  map[ledger.Key]*CashMovement
	left      map[ledger.Key]ledger.Cents // of givers' money
	paid      map[ledger.ID][]*BankEntry  // by the redemptions they paid
	back      map[ledger.ID][]*BankEntry  // and by those they brought back
	came      map[ledger.ID]bool          // the bank sent its money back, and it was reopened
	asked     map[ledger.ID]*ledger.Redemption
	issued    map[ledger.Key]bool
	opening   ledger.Cents // at the bank before its first statement, and behind no Grulden of a file
	overTaken ledger.Cents // Grulden of a file behind which it stands
	fromFile  int
	fileCents ledger.Cents
	policies  int
	funds     map[ledger.AccountID]bool // with gifts to the wijkfonds
}

func newExaminer(src *Sources, fn func(Finding) error) *examiner {
	e := &examiner{
		src: src, fn: fn, opening: src.Began.Closing, audit: &Audit{Day: src.Today, Sums: make(map[What]*Sum)},
		entries: make(map[ledger.Key]*BankEntry), receipts: make(map[ledger.Key]*CashMovement), left: make(map[ledger.Key]ledger.Cents),
		paid: make(map[ledger.ID][]*BankEntry), back: make(map[ledger.ID][]*BankEntry),
		came: make(map[ledger.ID]bool), asked: make(map[ledger.ID]*ledger.Redemption), issued: make(map[ledger.Key]bool),
		funds: make(map[ledger.AccountID]bool),
	}
	for _, what := range Whats() {
		e.audit.Sums[what] = &Sum{}
	}
	for i := range src.Bank {
		b := &src.Bank[i]
		e.entries[b.ID] = b
		switch b.Use {
		case Sourced:
			e.left[b.Giver] += b.Cents
		case Payout:
			for _, id := range b.Redemptions {
				e.paid[id] = append(e.paid[id], b)
			}
		case PaidBack:
			for _, id := range b.Redemptions {
				e.back[id] = append(e.back[id], b)
			}
		}
	}
	for i := range src.Cash {
		if c := &src.Cash[i]; c.Kind == Receipt {
			e.receipts[c.Issue] = c
		}
	}
	return e
}

// found counts a finding and tells it.
func (e *examiner) found(f Finding) error {
	s := e.audit.Sums[f.What]
	s.Count++
	s.Cents += f.Cents
	switch f.Grade {
	case Look:
		s.Look++
	case Red:
		s.Red++
	}
	return e.tell(f)
}

func (e *examiner) tell(f Finding) error {
	if e.fn == nil {
		return nil
	}
	return e.fn(f)
}

// record looks at one entry of the journal.
func (e *examiner) record(r *record.Record) error {
	f := Finding{Seq: r.Seq, Day: r.Moment.Day, Grade: Good, By: r.Auth.By}
	switch c := r.Command.(type) {
	case ledger.Open:
		e.funds[c.Account] = c.Role == fund.Role
		return nil
	case ledger.Issue:
		f.What, f.Cents, f.Ref = WhatIssue, c.Amount, ref(r.Key)
		f.Grade, f.Why = e.issue(r, c)
	case ledger.Grant:
		f.What, f.Cents = WhatGrant, c.Amount
		f.Grade, f.Why = twoOr(r, Red)
	case ledger.Pay:
		return e.pay(r, c, f)
	case ledger.Redeem:
		e.asked[c.ID] = &ledger.Redemption{ID: c.ID, Amount: c.Amount, Fee: r.Facts.Fee}
		return nil
	case ledger.Settle:
		f.What, f.Ref = WhatSettle, ref(ledger.Key(c.Of))
		f.Cents = e.net(c.Of)
		f.Grade, f.Why = e.settle(r, c.Of)
	case ledger.Reopen:
		f.What, f.Ref = WhatReopen, ref(ledger.Key(c.Of))
		f.Cents = e.net(c.Of)
		f.Grade, f.Why = e.reopen(r, c.Of)
	case ledger.Reject:
		f.What, f.Ref = WhatReject, ref(ledger.Key(c.Of))
		f.Cents = e.net(c.Of)
		f.Grade, f.Why = e.reject(r, c.Of)
	case ledger.SetPolicy:
		f.What = WhatPolicy
		if e.policies++; e.policies == 1 {
			f.Why = FirstRule
		} else {
			f.Grade, f.Why = twoOr(r, Red)
		}
	default:
		return nil
	}
	return e.found(f)
}

// twoOr is good when two people authorised something.
func twoOr(r *record.Record, otherwise Grade) (Grade, Why) {
	switch r.Auth.How {
	case record.ByTwo:
		return Good, ByPeople
	case record.ByOperator, record.ByReplay, record.ByBench:
		return otherwise, ByMachine
	}
	return otherwise, OnePerson
}

// issue looks for the euros behind new Grulden.
func (e *examiner) issue(r *record.Record, c ledger.Issue) (Grade, Why) {
	again := e.issued[r.Key]
	e.issued[r.Key] = true
	if entry := e.entries[r.Key]; entry != nil && !again {
		switch {
		case !entry.Credit || entry.Use != TopUp && entry.Use != Unclear:
			return Red, NoProof
		case entry.Cents != c.Amount:
			return Red, OtherSum
		case entry.Account != 0 && entry.Account != c.To:
			return Red, OtherPurse
		case r.Auth.How == record.ByBank:
			return Good, ByEntry
		}
		return Good, ByHand
	}
	if receipt := e.receipts[r.Key]; receipt != nil && !again {
		if receipt.Cents != c.Amount {
			return Red, OtherSum
		}
		return Good, ByReceipt
	}
	if giver, ok := e.src.Lists[r.Seq]; ok {
		if e.left[giver] -= c.Amount; e.left[giver] < 0 {
			return Red, OverSource
		}
		if grade, why := twoOr(r, Red); grade == Red {
			return Red, why
		}
		return Good, ByList
	}
	if r.Auth.How == record.ByReplay && c.Amount <= e.opening {
		e.opening -= c.Amount
		e.overTaken += c.Amount
		return Good, ByOpening
	}
	if r.Auth.How == record.ByTwo {
		return Red, NoEuros
	}
	return Red, NoProof
}

// net is what a redemption pays in euro.
func (e *examiner) net(id ledger.ID) ledger.Cents {
	if a := e.asked[id]; a != nil {
		return a.Amount - a.Fee
	}
	return 0
}

// settle looks for the bank's debit behind a payout. Each debit explains one
// settlement of each redemption that it paid.
func (e *examiner) settle(r *record.Record, id ledger.ID) (Grade, Why) {
	if paid := e.paid[id]; len(paid) > 0 {
		e.paid[id] = paid[1:]
		var sum ledger.Cents
		for _, other := range paid[0].Redemptions {
			sum += e.net(other)
		}
		if sum != paid[0].Cents {
			return Red, OtherSum
		}
		return Good, ByBooking
	}
	if e.src.Today-r.Moment.Day > bankDays {
		return Red, NotAtBank
	}
	if grade, why := twoOr(r, Red); grade == Red {
		return Red, why
	}
	return Look, NotYet
}

// reopen looks for the euros that came back. Each return explains one.
func (e *examiner) reopen(r *record.Record, id ledger.ID) (Grade, Why) {
	back := e.back[id]
	if len(back) == 0 {
		return twoOr(r, Red)
	}
	e.back[id], e.came[id] = back[1:], true
	if back[0].Cents != e.net(id) {
		return Red, OtherSum
	}
	return Good, ByReturn
}

// reject looks for the reason of a payout that was not made. The Grulden went back
// to whom they were: one person can do that, and it is looked at.
func (e *examiner) reject(r *record.Record, id ledger.ID) (Grade, Why) {
	if e.came[id] {
		return Good, ByReturn
	}
	grade, why := twoOr(r, Look)
	return grade, why
}

// pay counts payments from a file, and finds those that whoever runs the machine
// made for somebody. One from the gifts to the wijkfonds is a grant.
func (e *examiner) pay(r *record.Record, c ledger.Pay, f Finding) error {
	if e.funds[c.From] && r.Auth.How != record.ByReplay {
		f.What, f.Cents, f.Ref = WhatGrant, c.Amount, ref(ledger.Key(c.ID))
		f.Grade, f.Why = twoOr(r, Red)
		return e.found(f)
	}
	switch r.Auth.How {
	case record.ByReplay:
		e.fromFile++
		e.fileCents += c.Amount
	case record.ByOperator:
		f.What, f.Cents, f.Ref, f.Grade, f.Why = WhatPay, c.Amount, ref(ledger.Key(c.ID)), Red, ByMachine
		return e.found(f)
	case record.ByTwo:
		f.What, f.Cents, f.Ref, f.Why = WhatPay, c.Amount, ref(ledger.Key(c.ID)), ByPeople
		return e.found(f)
	}
	return nil
}
