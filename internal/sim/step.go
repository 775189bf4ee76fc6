package sim

import (
	"fmt"
	"math/big"
)

// expected is what an entry should do to the books, as worths, and whom it touches.
type expected struct {
	issued, redeemed, escrow, holders, pools *big.Int
	payer, receiver                          string
	amount                                   *big.Int
}

// expect works out, from the state before the newest entry, what it should have done.
func (m *Model) expect(then *state) expected {
	zero := new(big.Int)
	e := expected{issued: zero, redeemed: zero, escrow: zero, holders: zero, pools: zero, amount: zero}
	minus := func(x *big.Int) *big.Int { return new(big.Int).Neg(x) }
	c := m.newest
	cents, _ := parseCents(c.amount)
	e.amount = worthOf(cents)
	switch c.kind {
	case "issue":
		e.issued, e.holders, e.receiver = e.amount, e.amount, c.to
	case "grant":
		e.holders, e.receiver = e.amount, c.to
	case "pay":
		e.payer, e.receiver = c.from, c.to
	case "refund":
		p := m.state.payments[c.of]
		e.amount = worthOf(p.refunded - then.payments[c.of].refunded)
		e.payer, e.receiver = p.to, p.from
	case "redeem":
		e.payer, e.escrow, e.holders, e.pools = c.from, e.amount, minus(e.amount), minus(e.amount)
	case "settle":
		r := m.state.redemptions[c.of]
		e.escrow, e.redeemed = minus(worthOf(r.amount)), worthOf(r.amount-r.fee)
	case "reopen":
		r := m.state.redemptions[c.of]
		e.escrow, e.redeemed = worthOf(r.amount), minus(worthOf(r.amount-r.fee))
	case "reject":
		r := m.state.redemptions[c.of]
		e.amount = worthOf(r.amount)
		e.receiver, e.escrow, e.holders, e.pools = r.from, minus(e.amount), e.amount, e.amount
	case "close":
		a := then.accounts[c.account]
		e.holders, e.pools = minus(then.accountWorth(a)), minus(then.poolWorth(a))
	}
	return e
}

// checkBooks compares the totals before and after with what the entry should do.
// Rounding may leave holders more, by under a grain each time; never less.
func (m *Model) checkBooks() error {
	then, now := m.onTheDay(), m.state
	e := m.expect(then)
	for _, total := range []struct {
		name            string
		was, is, change *big.Int
	}{
		{"issued", then.issued, now.issued, e.issued},
		{"redeemed", then.redeemed, now.redeemed, e.redeemed},
		{"escrow", then.escrow, now.escrow, e.escrow},
	} {
		should := new(big.Int).Add(new(big.Int).Mul(total.was, scale), total.change)
		if should.Cmp(new(big.Int).Mul(total.is, scale)) != 0 {
			return fmt.Errorf("%s went from %s to %s", total.name, total.was, total.is)
		}
	}
	gift := new(big.Int).Sub(now.holdersWorth(), then.holdersWorth())
	gift.Sub(gift, e.holders)
	most := new(big.Int).Mul(big.NewInt(int64(now.roundings-then.roundings)), scale)
	if gift.Sign() < 0 || gift.Sign() > 0 && gift.Cmp(most) >= 0 {
		return fmt.Errorf("holders were given %s by rounding, at most %s is right", gift, most)
	}
	return nil
}

// checkParties: who pays sees at most the amount less, who is paid at least the
// amount more, and nobody else sees anything.
func (m *Model) checkParties() error {
	then, now := m.onTheDay(), m.state
	e := m.expect(then)
	for _, name := range then.names() {
		was := then.accountWorth(then.accounts[name])
		change := new(big.Int).Sub(now.accountWorth(now.accounts[name]), was)
		bad := false
		switch {
		case name == e.payer:
			bad = new(big.Int).Add(change, e.amount).Sign() < 0 || change.Sign() > 0
		case name == e.receiver:
			bad = change.Cmp(e.amount) < 0
		case m.newest.kind == "close" && name == m.newest.account:
			bad = was.Cmp(worthOf(1)) >= 0
		default:
			bad = change.Sign() != 0
		}
		if bad {
			return fmt.Errorf("%s changed by %s, the amount is %s", name, change, e.amount)
		}
	}
	return nil
}

// checkPools: convertible money never turns back. It leaves by a redemption or a
// closing only.
func (m *Model) checkPools() error {
	then, now := m.onTheDay(), m.state
	change := new(big.Int)
	for _, name := range then.names() {
		change.Add(change, now.poolWorth(now.accounts[name]))
		change.Sub(change, then.poolWorth(then.accounts[name]))
	}
	if least := m.expect(then).pools; change.Cmp(least) < 0 {
		return fmt.Errorf("convertible money changed by %s, at least %s is right", change, least)
	}
	return nil
}
