package sim

import (
	"fmt"
	"math/big"
	"slices"
)

// largest is the largest amount, in cents, that can be written.
const largest = 999999999999

// tellSomething picks what happens next.
func (a *author) tellSomething() draft {
	n := a.rng.IntN(100)
	if len(a.then.accounts) > 1 && a.then.holdersWorth().Cmp(worthOf(100)) < 0 && a.chance(70) {
		n = 60 // nobody has anything: issue
	}
	switch {
	case n < 43:
		return a.tellPay(a.payer(), "", "")
	case n < 51:
		return a.tellRefund()
	case n < 58:
		return a.tellRedeem()
	case n < 73:
		return a.tellIssue()
	case n < 79:
		return a.tellOutcome()
	case n < 83:
		return a.tellGrant()
	case n < 89:
		return a.tellPolicy()
	case n < 94:
		return a.tellOpen()
	case n < 97:
		return a.tellClose()
	case a.blocks && a.chance(60):
		return a.tellReopening()
	case a.blocks:
		return a.tellBlock()
	default:
		return a.tellPay(a.payer(), "", "")
	}
}

// cents says how many whole cents a worth shows.
func cents(worth *big.Int) int64 { return new(big.Int).Div(grains(worth), centSize).Int64() }

// anyAccount is mostly an account that is there; now and then closed, or nobody's.
func (a *author) anyAccount() string {
	open, closed := []string{}, []string{"nobody"}
	for _, name := range a.then.names() {
		if a.then.accounts[name].closed {
			closed = append(closed, name)
		} else {
			open = append(open, name)
		}
	}
	if len(open) == 0 || a.chance(2) {
		return oneOf(a, closed)
	}
	return oneOf(a, open)
}

// accountBut is any account, seldom one of those named and least of all the last.
func (a *author) accountBut(names ...string) string {
	other := a.anyAccount()
	for tries := 0; tries < 12 && slices.Contains(names, other); tries++ {
		if tries > 6 && other != names[len(names)-1] {
			break
		}
		other = a.anyAccount()
	}
	return other
}

// payer is mostly an account with money, and mostly one that may pay.
func (a *author) payer() string {
	var rich []string
	for _, name := range a.then.names() {
		acc := a.then.accounts[name]
		if cents(a.then.accountWorth(acc)) > 0 && (!acc.blocked || a.chance(15)) {
			rich = append(rich, name)
		}
	}
	if len(rich) == 0 || a.chance(4) {
		return a.anyAccount()
	}
	return oneOf(a, rich)
}

// newID is mostly a fresh id.
func (a *author) newID() string {
	if used := slices.Concat(a.paid, a.asked); len(used) > 0 && a.chance(3) {
		return oneOf(a, used)
	}
	a.ids++
	return fmt.Sprintf("p%d", a.ids)
}

// tellPay pays an amount, or one that suits the payer when it is empty.
func (a *author) tellPay(from, to, amount string) draft {
	if to == "" {
		to = a.accountBut(from)
	}
	if amount == "" || a.chance(25) {
		amount = a.amount(a.payAmount(from))
	}
	return draft{
		{"kind", `"pay"`},
		{"from", a.quote(from)},
		{"to", a.quote(to)},
		{"amount", a.quote(amount)},
		{"id", a.quote(a.newID())},
	}
}

// payAmount is an amount at an edge of what the account has.
func (a *author) payAmount(from string) int64 {
	payer := a.then.accounts[from]
	if payer == nil {
		return 1
	}
	shown := cents(a.then.accountWorth(payer))
	switch n := a.rng.IntN(100); {
	case n < 18:
		return max(shown, 1)
	case n < 42:
		return max(a.prefix(payer), 1)
	case n < 80:
		return 1 + a.below(shown)
	case n < 87:
		return 1
	case n < 92:
		return shown + 1
	case n < 93:
		return oneOf(a, []int64{largest, largest - 1, 100000000000})
	default:
		return 1 + a.below(shown/10)
	}
}

// below is a number from 0 up to n, not n itself; 0 when there is none.
func (a *author) below(n int64) int64 {
	if n <= 0 {
		return 0
	}
	return a.rng.Int64N(n)
}

// prefix is what the first parts that a payment takes are worth together, to the
// cent, or a cent beside it.
func (a *author) prefix(payer *account) int64 {
	line := a.then.payOrder(payer)
	if len(line) == 0 {
		return 0
	}
	sum := new(big.Int)
	for _, src := range line[:1+a.rng.IntN(len(line))] {
		if src.lot != nil {
			sum.Add(sum, a.then.worth(src.lot.units, src.lot.melts))
		} else {
			sum.Add(sum, a.then.worth(payer.pool[src.melts], src.melts))
		}
	}
	return cents(sum) + oneOf(a, []int64{0, 0, 0, 1, -1})
}

func (a *author) tellRefund() draft {
	of := "nothing"
	if n := len(a.paid); n > 0 && !a.chance(2) {
		of = a.paid[n-1-a.rng.IntN(min(n, oneOf(a, []int{1, 4, 12, n})))]
	}
	if len(a.asked) > 0 && a.chance(2) {
		of = oneOf(a, a.asked)
	}
	return a.tellRefundOf(of)
}

// tellRefundOf refunds all, a part, all but a cent, or a cent too much.
func (a *author) tellRefundOf(id string) draft {
	d := draft{{"kind", `"refund"`}, {"of", a.quote(id)}}
	left := int64(1)
	if p, ok := a.then.payments[id]; ok {
		left = p.amount - p.refunded
		if shop := cents(a.then.accountWorth(a.then.accounts[p.to])); shop < left && a.chance(60) {
			left = shop
		}
	}
	amount := left
	switch n := a.rng.IntN(100); {
	case n < 30 && left > 0:
		return d
	case n < 42:
	case n < 80:
		amount = 1 + a.below(left)
	case n < 90:
		amount = left - 1
	case n < 96:
		amount = 1
	default:
		amount = left + 1
	}
	return append(d, field{"amount", a.quote(a.amount(max(amount, 1)))})
}

func (a *author) tellRedeem() draft {
	from := a.payer()
	var able []string
	for _, name := range a.then.names() {
		acc := a.then.accounts[name]
		if a.then.cal.inForce(a.then.today).mayRedeem(acc.role) && cents(a.then.poolWorth(acc)) > 0 {
			able = append(able, name)
		}
	}
	if len(able) > 0 && !a.chance(12) {
		from = oneOf(a, able)
	}
	amount := int64(1)
	if acc := a.then.accounts[from]; acc != nil {
		pool := cents(a.then.poolWorth(acc))
		amount = oneOf(a, []int64{pool, pool, 1, 1 + a.below(pool), 1 + a.below(pool), 1 + a.below(pool), pool + 1})
	}
	return draft{
		{"kind", `"redeem"`},
		{"from", a.quote(from)},
		{"amount", a.quote(a.amount(max(amount, 1)))},
		{"id", a.quote(a.newID())},
	}
}

// tellOutcome settles or rejects a redemption, mostly one that waits.
func (a *author) tellOutcome() draft {
	of := "nothing"
	var waiting []string
	for _, id := range a.asked {
		if _, ok := a.then.waiting(id); ok {
			waiting = append(waiting, id)
		}
	}
	switch {
	case len(waiting) > 0 && !a.chance(5):
		of = oneOf(a, waiting)
	case len(a.asked) > 0 && a.chance(50):
		of = oneOf(a, a.asked)
	case len(a.paid) > 0 && a.chance(60):
		of = oneOf(a, a.paid)
	case a.chance(90):
		return a.tellPay(a.payer(), "", "")
	}
	return draft{{"kind", oneOf(a, []string{`"settle"`, `"reject"`})}, {"of", a.quote(of)}}
}

// tellReopening tells that the bank sent money back, mostly that of a redemption
// that was settled.
func (a *author) tellReopening() draft {
	of := "nothing"
	var settled []string
	for _, id := range a.asked {
		if a.then.redemptions[id].outcome == "settled" {
			settled = append(settled, id)
		}
	}
	switch {
	case len(settled) > 0:
		of = oneOf(a, settled)
	case len(a.asked) > 0:
		of = oneOf(a, a.asked)
	}
	return draft{{"kind", `"reopen"`}, {"of", a.quote(of)}}
}

func (a *author) tellIssue() draft {
	amount := oneOf(a, []int64{1, 100, 1000, 10000, 1 + a.below(10000), 1 + a.below(1000000)})
	if often := a.temper.rich && a.chance(70); often || a.rng.IntN(500) == 0 {
		if cents(new(big.Int).Mul(a.then.issued, scale)) < largest*100 { // far from 128 bits
			amount = largest - a.below(3)
		}
	}
	return draft{
		{"kind", `"issue"`},
		{"to", a.quote(a.anyAccount())},
		{"amount", a.quote(a.amount(amount))},
	}
}

func (a *author) tellGrant() draft {
	fund := new(big.Int).Div(a.then.fund(), centSize).Int64()
	amount := oneOf(a, []int64{fund, fund, 1 + a.below(fund), 1 + a.below(fund), fund + 1})
	return draft{
		{"kind", `"grant"`},
		{"to", a.quote(a.anyAccount())},
		{"amount", a.quote(a.amount(max(amount, 1)))},
	}
}

func (a *author) tellPolicy() draft {
	t := a.temper
	d := draft{
		{"kind", `"policy"`},
		{"rate", a.quote(oneOf(a, t.rates))},
		{"hops", fmt.Sprint(oneOf(a, t.hops))},
		{"term_days", fmt.Sprint(oneOf(a, t.terms))},
	}
	if a.chance(70) {
		d = append(d, field{"every", oneOf(a, []string{`"day"`, `"day"`, `"month"`})})
	}
	if a.chance(90) {
		d = append(d, field{"grace_days", fmt.Sprint(oneOf(a, t.graces))})
	}
	if a.chance(70) {
		fees := []string{"0%", "2%", "0.5%", "33.3333333%", "99.9999999%", "0.0000001%"}
		d = append(d, field{"redemption_fee", a.quote(oneOf(a, fees))})
	}
	if a.chance(60) {
		lists := []string{
			`["merchant"]`, `["merchant"]`, `["merchant","resident"]`, `["merchant","resident","club"]`,
			`["resident"]`, `[]`, `["merchant","merchant"]`,
		}
		d = append(d, field{"redeemers", oneOf(a, lists)})
	}
	return a.tellFrom(d)
}

// tellFrom gives a policy its first day: just far enough ahead, a day too near,
// or that of a policy already there.
func (a *author) tellFrom(d draft) draft {
	if a.then.cal == nil {
		if a.chance(30) {
			d = append(d, field{"from", oneOf(a, []string{`"2030-01-01"`, `"0001-01-01"`, `"9999-12-31"`})})
		}
		return d
	}
	horizon := a.then.cal.horizon(a.then.today)
	from := horizon + 1
	switch n := a.rng.IntN(100); {
	case n < 45:
	case n < 60:
		from += day(a.rng.IntN(40))
	case n < 68:
		from = horizon
	case n < 70:
		from = a.then.today
	case n < 98:
		from = a.then.cal.policies[len(a.then.cal.policies)-1].from
		if from <= horizon && a.chance(70) {
			from = horizon + 1
		}
	default:
		return d // bad-command
	}
	return append(d, field{"from", a.quote(from.String())})
}

// tellOpen opens an account that is not there yet, or seldom one that is.
func (a *author) tellOpen() draft {
	var missing []person
	for _, p := range a.temper.people {
		if a.then.accounts[p.account] == nil {
			missing = append(missing, p)
		}
	}
	if len(missing) > 0 && !a.chance(5) {
		return a.tellOpenOf(oneOf(a, missing))
	}
	if a.then.cal != nil && !a.chance(20) {
		return a.tellPay(a.payer(), "", "")
	}
	return a.tellOpenOf(oneOf(a, a.temper.people))
}

func (a *author) tellOpenOf(p person) draft {
	d := draft{
		{"kind", `"open"`},
		{"account", a.quote(p.account)},
		{"role", a.quote(p.role)},
	}
	if p.owner != p.account || a.chance(30) {
		d = append(d, field{"owner", a.quote(p.owner)})
	}
	return d
}

// tellClose closes an account that can be closed, else seldom another.
func (a *author) tellClose() draft {
	var empty []string
	for _, name := range a.then.names() {
		acc := a.then.accounts[name]
		if !acc.closed && cents(a.then.accountWorth(acc)) == 0 {
			empty = append(empty, name)
		}
	}
	name := a.anyAccount()
	if len(empty) > 0 && len(a.then.accounts) > 3 && a.chance(60) {
		name = oneOf(a, empty)
	} else if a.chance(50) {
		return a.tellPay(a.payer(), "", "")
	}
	return draft{{"kind", `"close"`}, {"account", a.quote(name)}}
}

// tellBlock blocks an account, or more often lets a blocked one go again.
func (a *author) tellBlock() draft {
	var blocked []string
	for _, name := range a.then.names() {
		if acc := a.then.accounts[name]; acc.blocked && !acc.closed {
			blocked = append(blocked, name)
		}
	}
	if len(blocked) > 0 && a.chance(65) {
		return draft{{"kind", `"unblock"`}, {"account", a.quote(oneOf(a, blocked))}}
	}
	kind := oneOf(a, []string{`"block"`, `"block"`, `"block"`, `"unblock"`})
	return draft{{"kind", kind}, {"account", a.quote(a.anyAccount())}}
}
