package ledger

import (
	"regexp"

	"grulden/demurrage"
)

// maxSupply bounds what is issued and not yet paid out, in cents, so that every
// worth fits 128 bits: 3 × 10²⁰ grains × 10¹⁸ < 2¹²⁸, with room for roundings.
const maxSupply Cents = 300_000_000_000_000

// maxIssued bounds what was ever issued, so that the sums of cents never wrap.
const maxIssued Cents = 1 << 62

// Decide tells what a command leads to at a moment: the facts it makes, or the
// first rule it breaks (in the order of Result). It changes nothing and asks
// for nothing but the view. An error means that the state is corrupt.
func Decide(v View, now Moment, key Key, cmd Command) (Facts, Result, error) {
	if r, err := admit(v, now, key, cmd); r != Applied || err != nil {
		return Facts{}, r, err
	}
	switch c := cmd.(type) {
	case SetPolicy:
		return Facts{}, Applied, nil
	case Open:
		return open(v, c)
	case Close:
		return closing(v, now, c)
	case Block:
		return touch(v, c.Account)
	case Unblock:
		return touch(v, c.Account)
	case Issue:
		return issue(v, now, c)
	case Grant:
		return grant(v, now, c)
	case Pay:
		return pay(v, now, c, MeltsFirst)
	case Refund:
		return refund(v, now, c)
	case Redeem:
		return redeem(v, now, c)
	case Settle:
		return settle(v, c)
	case Reject:
		return reject(v, now, c)
	case Enrol:
		return enrol(v, c)
	case Retire:
		return retire(v, c)
	case Note:
		return note(v, c)
	case Reopen:
		return reopen(v, now, c)
	}
	return Facts{}, BadCommand, nil
}

// admit checks what all commands have in common, and all of a policy.
func admit(v View, now Moment, key Key, cmd Command) (Result, error) {
	h := v.Head()
	policy, isPolicy := cmd.(SetPolicy)
	first := len(h.Policies) == 0
	if !wellFormed(cmd) || isPolicy && !first && !policy.HasFrom {
		return BadCommand, nil
	}
	if key != (Key{}) {
		if seq, err := v.Used(key); seq != 0 || err != nil {
			return AlreadyApplied, err
		}
	}
	switch {
	case h.Seq > 0 && (now.At.Before(h.Moment.At) || now.Day < h.Moment.Day):
		return TimeWentBack, nil
	case first && !isPolicy:
		return NoPolicy, nil
	case !first && isPolicy && policy.Policy.From <= h.Policies.horizon(now.Day):
		return PolicyTooSoon, nil
	}
	return Applied, nil
}

// wellFormed checks what a command from any source must have, whatever the state.
func wellFormed(cmd Command) bool {
	switch c := cmd.(type) {
	case SetPolicy:
		return c.Policy.valid()
	case Open:
		return c.Account != 0 && c.Owner != 0 && c.Role != ""
	case Enrol:
		return c.Device != DeviceID{} && c.PublicKey().wellFormed()
	case Retire:
		return c.Device != DeviceID{}
	case Note:
		return aboutPattern.MatchString(c.About)
	}
	return cmd != nil
}

// aboutPattern is what the kind of an act may look like.
var aboutPattern = regexp.MustCompile(`^[a-z0-9-]{1,32}$`)

// payer finds the account whose money is to leave.
func payer(v View, id AccountID) (*Account, Result, error) {
	a, r, err := receiver(v, id)
	if r == Applied && err == nil && a.Blocked {
		r = AccountBlocked
	}
	return a, r, err
}

// receiver finds an account where money is to arrive.
func receiver(v View, id AccountID) (*Account, Result, error) {
	a, err := v.Account(id)
	switch {
	case err != nil:
		return nil, Applied, err
	case a == nil:
		return nil, UnknownAccount, nil
	case a.Closed:
		return nil, AccountClosed, nil
	}
	return a, Applied, nil
}

// parties finds the account whose money is to leave and the one where it is to
// arrive. That either is unknown or closed comes before that the payer is blocked.
func parties(v View, from, to AccountID) (payer, payee *Account, r Result, err error) {
	if payer, r, err = receiver(v, from); r != Applied || err != nil {
		return nil, nil, r, err
	}
	if payee, r, err = receiver(v, to); r == Applied && err == nil && payer.Blocked {
		r = AccountBlocked
	}
	return payer, payee, r, err
}

func open(v View, c Open) (Facts, Result, error) {
	a, err := v.Account(c.Account)
	if a != nil || err != nil {
		return Facts{}, AccountExists, err
	}
	return Facts{}, Applied, nil
}

// touch is a command that changes an account and moves no money.
func touch(v View, id AccountID) (Facts, Result, error) {
	a, r, err := receiver(v, id)
	if r != Applied || err != nil {
		return Facts{}, r, err
	}
	return Facts{Debit: a.ID, DebitPrev: a.Last}, Applied, nil
}

// oneCent is the least worth that keeps an account from being closed.
var oneCent = Cents(1).Worth()

// closing lets what is left, less than a cent, fall to the fund.
func closing(v View, now Moment, c Close) (Facts, Result, error) {
	a, r, err := receiver(v, c.Account)
	if r != Applied || err != nil {
		return Facts{}, r, err
	}
	p, err := newPurse(v, a.ID, now)
	if err != nil {
		return Facts{}, Applied, err
	}
	parts := p.spendingLine(true)
	enough, err := p.take(parts, oneCent)
	if enough || err != nil || a.OpenRedemptions > 0 {
		return Facts{}, NotEmpty, err
	}
	return p.facts(), Applied, nil
}

func issue(v View, now Moment, c Issue) (Facts, Result, error) {
	h := v.Head()
	a, r, err := receiver(v, c.To)
	switch {
	case r != Applied || err != nil:
		return Facts{}, r, err
	case !validAmount(c.Amount), h.Supply()+h.Escrow+c.Amount > maxSupply, h.Issued+c.Amount > maxIssued:
		return Facts{}, BadAmount, nil
	}
	return freshLot(h, now, a, c.Amount), Applied, nil
}

func grant(v View, now Moment, c Grant) (Facts, Result, error) {
	h := v.Head()
	a, r, err := receiver(v, c.To)
	switch {
	case r != Applied || err != nil:
		return Facts{}, r, err
	case !validAmount(c.Amount):
		return Facts{}, BadAmount, nil
	}
	fund, negative, err := h.Fund(now.Day)
	if err != nil || negative || fund.Less(c.Amount.Grains()) {
		return Facts{}, InsufficientFund, err
	}
	return freshLot(h, now, a, c.Amount), Applied, nil
}

// validAmount tells whether an amount is one that can be written. What could
// not be read comes as nought.
func validAmount(c Cents) bool { return 0 < c && c <= maxCents }

// freshLot is what issuing and granting lead to (SPEC.md R19).
func freshLot(h *Head, now Moment, to *Account, amount Cents) Facts {
	melts := now.Day + demurrage.Day(h.Policies.InForce(now.Day).GraceDays)
	units := h.Index.Units(amount.Worth(), melts, now.Day)
	return Facts{
		Credit: to.ID, CreditPrev: to.Last,
		In: []In{{How: Fresh, Melts: melts, Units: units}},
	}
}

func pay(v View, now Moment, c Pay, o Order) (Facts, Result, error) {
	from, to, r, err := parties(v, c.From, c.To)
	switch {
	case r != Applied || err != nil:
		return Facts{}, r, err
	case from.ID == to.ID:
		return Facts{}, SameAccount, nil
	}
	if used, err := usedID(v, c.ID); used || err != nil {
		return Facts{}, DuplicateID, err
	}
	if !validAmount(c.Amount) {
		return Facts{}, BadAmount, nil
	}
	p, err := newPurse(v, from.ID, now)
	if err != nil {
		return Facts{}, Applied, err
	}
	mayRedeem := p.policy().MayRedeem(from.Role)
	enough, err := p.take(p.line(o, mayRedeem), c.Amount.Worth())
	if !enough || err != nil {
		return Facts{}, InsufficientBalance, err
	}
	err = p.arrive(to, func(l *Lot) arrival { return byPayment(l, from.Owner, to.Owner, p) })
	return p.facts(), Applied, err
}

// usedID tells whether a payment or a redemption has the id.
func usedID(v View, id ID) (bool, error) {
	p, r, err := v.Find(id)
	return p != nil || r != nil, err
}

func refund(v View, now Moment, c Refund) (Facts, Result, error) {
	paid, _, err := v.Find(c.Of)
	if err != nil {
		return Facts{}, Applied, err
	}
	var shop, customer *Account
	if paid != nil {
		var r Result
		if shop, customer, r, err = parties(v, paid.To, paid.From); r != Applied || err != nil {
			return Facts{}, r, err
		}
	}
	switch {
	case !c.All && !validAmount(c.Amount):
		return Facts{}, BadAmount, nil
	case paid == nil:
		return Facts{}, UnknownPayment, nil
	}
	left := paid.Amount - paid.Refunded
	amount := c.Amount
	if c.All {
		amount = left
	}
	if left == 0 || amount > left {
		return Facts{}, RefundTooLarge, nil
	}
	p, err := newPurse(v, shop.ID, now)
	if err != nil {
		return Facts{}, Applied, err
	}
	enough, err := p.take(p.refundLine(paid), amount.Worth())
	if !enough || err != nil {
		return Facts{}, InsufficientBalance, err
	}
	err = p.arrive(customer, func(l *Lot) arrival { return byRefund(l, customer.Owner, shop.Owner) })
	facts := p.facts()
	facts.Amount = amount
	return facts, Applied, err
}

func redeem(v View, now Moment, c Redeem) (Facts, Result, error) {
	from, r, err := payer(v, c.From)
	if r != Applied || err != nil {
		return Facts{}, r, err
	}
	if used, err := usedID(v, c.ID); used || err != nil {
		return Facts{}, DuplicateID, err
	}
	if !validAmount(c.Amount) {
		return Facts{}, BadAmount, nil
	}
	p, err := newPurse(v, from.ID, now)
	if err != nil {
		return Facts{}, Applied, err
	}
	if !p.policy().MayRedeem(from.Role) {
		return Facts{}, MayNotRedeem, nil
	}
	enough, err := p.take(p.poolLine(), c.Amount.Worth())
	if !enough || err != nil {
		return Facts{}, NotConvertible, err
	}
	facts := p.facts()
	facts.Fee = p.policy().FeeOf(c.Amount)
	for _, t := range p.taken {
		facts.Promised = append(facts.Promised, Promise{Melts: t.melts, Worth: t.worth})
	}
	return facts, Applied, nil
}

// waiting finds a redemption that is neither settled nor rejected, and its account.
func waiting(v View, id ID) (*Redemption, *Account, error) {
	_, r, err := v.Find(id)
	if r == nil || err != nil || r.Progress != Waiting {
		return nil, nil, err
	}
	a, err := v.Account(r.Account)
	if a == nil && err == nil {
		err = corrupt("the account of redemption %v is gone", id)
	}
	return r, a, err
}

func settle(v View, c Settle) (Facts, Result, error) {
	r, a, err := waiting(v, c.Of)
	if r == nil || err != nil {
		return Facts{}, UnknownRedemption, err
	}
	return Facts{Debit: a.ID, DebitPrev: a.Last}, Applied, nil
}

// reject gives each part back with the worth and the melts-from day it had;
// while it waited it was not charged (SPEC.md R35, R36).
func reject(v View, now Moment, c Reject) (Facts, Result, error) {
	r, a, err := waiting(v, c.Of)
	if r == nil || err != nil {
		return Facts{}, UnknownRedemption, err
	}
	facts := Facts{Credit: a.ID, CreditPrev: a.Last}
	for _, part := range r.Parts {
		units := v.Head().Index.Units(part.Worth, part.Melts, now.Day)
		facts.In = append(facts.In, In{How: Pooled, Melts: part.Melts, Units: units})
	}
	return facts, Applied, nil
}

// note is about any account that there is or was (SPEC.md R130).
func note(v View, c Note) (Facts, Result, error) {
	if c.Account == 0 {
		return Facts{}, Applied, nil
	}
	a, err := v.Account(c.Account)
	if a == nil || err != nil {
		return Facts{}, UnknownAccount, err
	}
	return Facts{Debit: a.ID, DebitPrev: a.Last}, Applied, nil
}

// reopen takes back that a redemption was paid: the euros are in the reserve
// again, and the fund has its fee no longer (SPEC.md R131).
func reopen(v View, now Moment, c Reopen) (Facts, Result, error) {
	_, r, err := v.Find(c.Of)
	if r == nil || err != nil || r.Progress != Settled {
		return Facts{}, UnknownRedemption, err
	}
	a, res, err := receiver(v, r.Account)
	if res != Applied || err != nil {
		return Facts{}, res, err
	}
	h := v.Head()
	if h.Supply()+h.Escrow+r.Amount-r.Fee > maxSupply {
		return Facts{}, BadAmount, nil
	}
	if r.Fee > 0 {
		fund, negative, err := h.Fund(now.Day)
		if err != nil || negative || fund.Less(r.Fee.Grains()) {
			return Facts{}, InsufficientFund, err
		}
	}
	return Facts{Debit: a.ID, DebitPrev: a.Last}, Applied, nil
}
