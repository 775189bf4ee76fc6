package sim

import (
	"math/big"
	"slices"
)

// The refusals of the replay format, and account-blocked for accounts that may not pay.
const (
	BadCommand          = "bad-command"
	TimeWentBack        = "time-went-back"
	NoPolicy            = "no-policy"
	PolicyTooSoon       = "policy-too-soon"
	AccountExists       = "account-exists"
	UnknownAccount      = "unknown-account"
	AccountClosed       = "account-closed"
	AccountBlocked      = "account-blocked"
	NotEmpty            = "not-empty"
	SameAccount         = "same-account"
	DuplicateID         = "duplicate-id"
	BadAmount           = "bad-amount"
	UnknownPayment      = "unknown-payment"
	RefundTooLarge      = "refund-too-large"
	MayNotRedeem        = "may-not-redeem"
	UnknownRedemption   = "unknown-redemption"
	InsufficientFund    = "insufficient-fund"
	InsufficientBalance = "insufficient-balance"
	NotConvertible      = "not-convertible"
)

// apply judges c and carries it out. A refused command may leave s half changed:
// the caller throws s away then.
func (s *state) apply(c *command) (refusal string) {
	if c.kind == "policy" && s.cal != nil && !c.hasFrom {
		return BadCommand
	}
	if s.entries > 0 && c.at.Before(s.last) {
		return TimeWentBack
	}
	if s.cal == nil && c.kind != "policy" {
		return NoPolicy
	}
	s.advance(c.today)
	s.entries++
	s.last = c.at
	return s.carryOut(c)
}

func (s *state) carryOut(c *command) string {
	switch c.kind {
	case "policy":
		return s.setPolicy(c)
	case "open":
		return s.open(c)
	case "close":
		return s.close(c)
	case "block", "unblock":
		return s.setBlocked(c.account, c.kind == "block")
	case "issue", "grant":
		return s.bringIn(c)
	case "pay":
		return s.pay(c)
	case "refund":
		return s.refund(c)
	case "redeem":
		return s.redeem(c)
	case "settle":
		return s.settle(c.of)
	case "reject":
		return s.reject(c.of)
	case "reopen":
		return s.reopen(c.of)
	case "note":
		if c.account != "" && s.accounts[c.account] == nil {
			return UnknownAccount
		}
		return ""
	default:
		panic("sim: unread kind " + c.kind)
	}
}

func (s *state) setPolicy(c *command) string {
	p := c.policy
	if s.cal == nil {
		p.from = s.today
		s.cal = &calendar{first: s.today, policies: []policy{p}}
		return ""
	}
	if c.validFrom <= s.cal.horizon(s.today) {
		return PolicyTooSoon
	}
	p.from = c.validFrom
	next, replaced := s.cal.with(p)
	s.cal = next
	s.note(PolicyScheduled)
	if replaced {
		s.note(PolicyReplaced)
	}
	return ""
}

// usable says what is wrong with an account that a command names, if anything.
func (s *state) usable(name string) string {
	a := s.accounts[name]
	switch {
	case a == nil:
		return UnknownAccount
	case a.closed:
		return AccountClosed
	default:
		return ""
	}
}

func (s *state) open(c *command) string {
	if s.accounts[c.account] != nil {
		return AccountExists
	}
	s.accounts[c.account] = &account{
		name: c.account, owner: c.owner, role: c.role, pool: map[day]*big.Int{},
	}
	return ""
}

func (s *state) close(c *command) string {
	if bad := s.usable(c.account); bad != "" {
		return bad
	}
	a := s.accounts[c.account]
	rest := s.accountWorth(a)
	if rest.Cmp(worthOf(1)) >= 0 || s.awaits(a.name) {
		return NotEmpty
	}
	if rest.Sign() > 0 {
		s.note(ClosedWithRest)
	}
	a.closed, a.lots, a.pool = true, nil, map[day]*big.Int{}
	return ""
}

// awaits tells whether the account has an open redemption.
func (s *state) awaits(name string) bool {
	for _, r := range s.redemptions {
		if r.from == name && r.outcome == "" {
			return true
		}
	}
	return false
}

func (s *state) setBlocked(name string, blocked bool) string {
	if bad := s.usable(name); bad != "" {
		return bad
	}
	s.accounts[name].blocked = blocked
	return ""
}

// bringIn is an issue or a grant: a fresh lot for its receiver.
func (s *state) bringIn(c *command) string {
	if bad := s.usable(c.to); bad != "" {
		return bad
	}
	cents, ok := parseCents(c.amount)
	if !ok {
		return BadAmount
	}
	if c.kind == "grant" {
		fund := s.fund()
		if grainsOf(cents).Cmp(fund) > 0 {
			return InsufficientFund
		}
		s.note(Granted)
		if grainsOf(cents+1).Cmp(fund) > 0 {
			s.note(GrantedWholeFund)
		}
	} else {
		s.issued = new(big.Int).Add(s.issued, grainsOf(cents))
	}
	a := s.accounts[c.to]
	melts := s.today + day(s.cal.inForce(s.today).grace)
	a.lots = append(a.lots, &lot{
		issue: s.entries, issueDay: s.today, melts: melts, arrived: s.entries,
		trail: []stop{{owner: a.owner, day: s.today, melts: melts}},
		units: s.unitsFor(worthOf(cents), melts),
	})
	return ""
}

// parties says what is wrong with the two accounts of a payment or a refund.
func (s *state) parties(payer, receiver string) string {
	if bad := s.usable(payer); bad != "" {
		return bad
	}
	if bad := s.usable(receiver); bad != "" {
		return bad
	}
	if s.accounts[payer].blocked {
		return AccountBlocked
	}
	return ""
}

func (s *state) idTaken(id string) bool {
	_, paid := s.payments[id]
	_, asked := s.redemptions[id]
	return paid || asked
}

func (s *state) pay(c *command) string {
	if bad := s.parties(c.from, c.to); bad != "" {
		return bad
	}
	if c.from == c.to {
		return SameAccount
	}
	if s.idTaken(c.id) {
		return DuplicateID
	}
	cents, ok := parseCents(c.amount)
	if !ok {
		return BadAmount
	}
	payer, receiver := s.accounts[c.from], s.accounts[c.to]
	has := s.accountWorth(payer)
	if has.Cmp(worthOf(cents)) < 0 {
		return InsufficientBalance
	}
	if has.Cmp(worthOf(cents+1)) < 0 {
		s.note(PaidAllShown)
	}
	parts := s.take(payer, s.payOrder(payer), worthOf(cents))
	p := payment{entry: s.entries, from: c.from, to: c.to, amount: cents}
	p.tookPool = slices.ContainsFunc(parts, func(m moved) bool { return m.lot == nil })
	s.payments[c.id] = p
	if p.tookPool {
		s.notePool(payer)
	}
	for i := range parts {
		s.pass(&parts[i], payer.owner, receiver.owner)
	}
	s.arrive(receiver, parts)
	return ""
}

func (s *state) notePool(payer *account) {
	if s.cal.inForce(s.today).mayRedeem(payer.role) {
		s.note(PoolPaidByRedeemer)
		return
	}
	s.note(PoolPaidInLine)
	if len(payer.lots) > 0 {
		s.note(PoolBeforeLots)
	}
}

func (s *state) refund(c *command) string {
	p, known := s.payments[c.of]
	if known {
		if bad := s.parties(p.to, p.from); bad != "" {
			return bad
		}
	}
	cents, ok := parseCents(c.amount)
	if c.amount != "" && !ok {
		return BadAmount
	}
	if !known {
		return UnknownPayment
	}
	left := p.amount - p.refunded
	if c.amount == "" {
		cents = left
	}
	if left == 0 || cents > left {
		return RefundTooLarge
	}
	shop, customer := s.accounts[p.to], s.accounts[p.from]
	if s.accountWorth(shop).Cmp(worthOf(cents)) < 0 {
		return InsufficientBalance
	}
	p.refunded += cents
	s.payments[c.of] = p
	parts := s.take(shop, s.refundOrder(shop, p), worthOf(cents))
	s.noteRefund(parts, p)
	for i := range parts {
		s.undo(&parts[i], shop.owner, customer.owner)
	}
	s.arrive(customer, parts)
	return ""
}

func (s *state) noteRefund(parts []moved, p payment) {
	for _, part := range parts {
		switch {
		case part.lot == nil && p.tookPool:
			s.note(RefundOfPool)
		case part.lot == nil:
			s.note(RefundPoolLast)
		case part.lot.arrived != p.entry:
			s.note(RefundOfNewLots)
		}
	}
}

func (s *state) redeem(c *command) string {
	if bad := s.usable(c.from); bad != "" {
		return bad
	}
	holder := s.accounts[c.from]
	if holder.blocked {
		return AccountBlocked
	}
	if s.idTaken(c.id) {
		return DuplicateID
	}
	cents, ok := parseCents(c.amount)
	if !ok {
		return BadAmount
	}
	p := s.cal.inForce(s.today)
	if !p.mayRedeem(holder.role) {
		return MayNotRedeem
	}
	if s.poolWorth(holder).Cmp(worthOf(cents)) < 0 {
		return NotConvertible
	}
	s.chargePool(holder)
	r := redemption{from: c.from, amount: cents, fee: feeOf(cents, p.fee), asked: s.today}
	for _, part := range s.take(holder, holder.poolSources(), worthOf(cents)) {
		r.parts = append(r.parts, escrowed{melts: part.melts, worth: part.worth})
	}
	s.redemptions[c.id] = r
	s.escrow = new(big.Int).Add(s.escrow, grainsOf(cents))
	return ""
}

// feeOf is the fee on an amount in whole cents, rounded down; rate in billionths.
func feeOf(cents, rate int64) int64 {
	fee := new(big.Int).Mul(big.NewInt(cents), big.NewInt(rate))
	return fee.Div(fee, billion).Int64()
}

// waiting finds an open redemption.
func (s *state) waiting(id string) (r redemption, ok bool) {
	r, ok = s.redemptions[id]
	return r, ok && r.outcome == ""
}

func (s *state) settle(id string) string {
	r, ok := s.waiting(id)
	if !ok {
		return UnknownRedemption
	}
	if r.fee > 0 {
		s.note(SettledWithFee)
	}
	r.outcome = "settled"
	s.redemptions[id] = r
	s.escrow = new(big.Int).Sub(s.escrow, grainsOf(r.amount))
	s.redeemed = new(big.Int).Add(s.redeemed, grainsOf(r.amount-r.fee))
	return ""
}

// reopen undoes a settlement, as if it had never been: the euros are in the
// reserve again, the request stands as it stood, and the fund gives up its fee.
func (s *state) reopen(id string) string {
	r, ok := s.redemptions[id]
	if !ok || r.outcome != "settled" {
		return UnknownRedemption
	}
	if why := s.usable(r.from); why != "" {
		return why
	}
	if r.fee > 0 && s.fund().Cmp(grainsOf(r.fee)) < 0 {
		return InsufficientFund
	}
	r.outcome = ""
	s.redemptions[id] = r
	s.escrow = new(big.Int).Add(s.escrow, grainsOf(r.amount))
	s.redeemed = new(big.Int).Sub(s.redeemed, grainsOf(r.amount-r.fee))
	s.note(Reopened)
	return ""
}

func (s *state) reject(id string) string {
	r, ok := s.waiting(id)
	if !ok {
		return UnknownRedemption
	}
	r.outcome = "rejected"
	s.redemptions[id] = r
	s.escrow = new(big.Int).Sub(s.escrow, grainsOf(r.amount))
	holder := s.accounts[r.from]
	for _, part := range r.parts {
		s.noteReject(r, part)
		holder.addPool(part.melts, s.unitsFor(part.worth, part.melts))
	}
	return ""
}

func (s *state) noteReject(r redemption, part escrowed) {
	if part.melts > s.today {
		s.note(RejectInGrace)
	}
	if s.index(part.melts).Cmp(s.cal.index(max(r.asked, part.melts))) < 0 {
		s.note(RejectAfterMelting)
	}
}
