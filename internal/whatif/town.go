package whatif

import (
	"encoding/binary"
	"math/big"
	"math/rand/v2"
	"slices"
	"time"

	"grulden/demurrage"
	"grulden/internal/policy"
	"grulden/ledger"
)

// town is a model wijk that lives under one scenario. What its people want
// follows from the seed alone; what comes of it from the rules.
type town struct {
	model  *Model
	world  *policy.World
	people []resident
	shops  []shop
	draws  []int // shops, each as often as it draws people
	gifts  *rand.Rand
	owed   []owed
	now    ledger.Moment
	serial uint64
	tell   func(*ledger.Entry) // hears what happens; nil for nobody
}

type resident struct {
	*Residents
	account ledger.AccountID
	dice    *rand.Rand
}

type shop struct {
	*Shops
	account   ledger.AccountID
	dice      *rand.Rand
	suppliers []int
}

// owed is a redemption that will be paid on a day.
type owed struct {
	day demurrage.Day
	id  ledger.ID
}

// newTown founds a wijk: everybody opens an account on the first day.
func newTown(m *Model, s policy.Scenario, first demurrage.Day, tell func(*ledger.Entry)) (*town, error) {
	t := &town{model: m, tell: tell, world: policy.NewWorld(s.Order), gifts: rand.New(rand.NewPCG(m.Seed, 0))}
	t.now = ledger.Moment{Day: first, At: ledger.Instant{Sec: int64(first) * daySeconds}} // at night, before anybody does anything
	if _, err := t.try(ledger.SetPolicy{Policy: s.Policy}); err != nil {
		return nil, err
	}
	for i := range m.Residents {
		for range m.Residents[i].Count {
			id, err := t.open("resident")
			if err != nil {
				return nil, err
			}
			t.people = append(t.people, resident{&m.Residents[i], id, t.dice(id)})
		}
	}
	for i := range m.Shops {
		for range m.Shops[i].Count {
			id, err := t.open("merchant")
			if err != nil {
				return nil, err
			}
			t.shops = append(t.shops, shop{Shops: &m.Shops[i], account: id, dice: t.dice(id)})
		}
	}
	t.acquaint()
	return t, nil
}

// dice are an agent's own.
func (t *town) dice(id ledger.AccountID) *rand.Rand {
	return rand.New(rand.NewPCG(t.model.Seed, uint64(id)))
}

func (t *town) open(role string) (ledger.AccountID, error) {
	id := ledger.AccountID(len(t.people) + len(t.shops) + 1)
	_, err := t.try(ledger.Open{Account: id, Owner: ledger.OwnerID(id), Role: role})
	return id, err
}

// acquaint gives each shop its suppliers, and its place in people's minds.
func (t *town) acquaint() {
	for i := range t.shops {
		s := &t.shops[i]
		for _, other := range s.dice.Perm(len(t.shops)) {
			if other != i && len(s.suppliers) < s.Suppliers {
				s.suppliers = append(s.suppliers, other)
			}
		}
		t.draws = append(t.draws, slices.Repeat([]int{i}, s.Draws)...)
	}
}

const daySeconds = 24 * 60 * 60

// morning begins a day at eight; each command comes a second later.
func (t *town) morning(d demurrage.Day) {
	t.now = ledger.Moment{Day: d, At: ledger.Instant{Sec: int64(d)*daySeconds + 8*60*60}}
}

// wanting are the refusals that people in a model meet: there is too little, or
// the rules do not let it become euros. Any other would be a fault of the model.
var wanting = []ledger.Result{ledger.InsufficientBalance, ledger.InsufficientFund, ledger.NotConvertible, ledger.MayNotRedeem}

// try decides a command now.
func (t *town) try(cmd ledger.Command) (ledger.Result, error) {
	e, result, err := t.world.Decide(&ledger.Entry{Moment: t.now, Command: cmd})
	if err == nil && result == ledger.Applied && t.tell != nil {
		t.tell(e)
	}
	if err == nil && result != ledger.Applied && !slices.Contains(wanting, result) {
		err = &policy.RefusedError{Result: result}
	}
	if t.now.At.Sec%daySeconds < 22*60*60-1 { // later it is the next day in the wijk
		t.now.At.Sec++
	}
	return result, err
}

func (t *town) id() (id ledger.ID) {
	t.serial++
	binary.BigEndian.PutUint64(id[8:], t.serial)
	return id
}

// live lets a day pass. On Sundays nobody goes shopping.
func (t *town) live(d demurrage.Day, n int) error {
	t.morning(d)
	if err := t.settle(); err != nil {
		return err
	}
	if err := t.give(n); err != nil {
		return err
	}
	for i := range t.people {
		if err := t.topUp(i, n); err != nil {
			return err
		}
	}
	if d.Time().Weekday() == time.Sunday {
		return nil
	}
	for i := range t.people {
		if err := t.visit(&t.people[i]); err != nil {
			return err
		}
	}
	for i := range t.shops {
		if time.Weekday(i%6+1) != d.Time().Weekday() {
			continue
		}
		if err := t.shop(&t.shops[i]); err != nil {
			return err
		}
	}
	return nil
}

// settle pays out what is due.
func (t *town) settle() error {
	for len(t.owed) > 0 && t.owed[0].day <= t.now.Day {
		if _, err := t.try(ledger.Settle{Of: t.owed[0].id}); err != nil {
			return err
		}
		t.owed = t.owed[1:]
	}
	return nil
}

// give lets the wijkfonds share out.
func (t *town) give(n int) error {
	f := &t.model.Fund
	if f.Gives == 0 || n == 0 || n%f.EveryDays != 0 {
		return nil
	}
	grains, negative, err := t.world.State().Head().Fund(t.now.Day)
	if err != nil {
		return err
	}
	if negative {
		grains = demurrage.Wide{}
	}
	cents, _ := grains.Div(ledger.GrainsPerCent)
	each := f.Gives.of(ledger.Cents(cents.Lo)) / ledger.Cents(f.People)
	for range f.People {
		to := t.people[t.gifts.IntN(len(t.people))].account
		if each == 0 {
			continue
		}
		if _, err := t.try(ledger.Grant{To: to, Amount: each}); err != nil {
			return err
		}
	}
	return nil
}

// topUp is for a purse that runs low.
func (t *town) topUp(i, n int) error {
	r := &t.people[i]
	if r.TopsUp == 0 || (n+i)%r.EveryDays != 0 {
		return nil
	}
	has, _, err := t.purse(r.account)
	if err == nil && has < ledger.Cents(r.Below) {
		_, err = t.try(ledger.Issue{To: r.account, Amount: ledger.Cents(r.TopsUp)})
	}
	return err
}

// visit is what somebody wishes to pay on a day. The dice are thrown for every
// wish alike, also for one that comes to nothing.
func (t *town) visit(r *resident) error {
	wishes := r.PaymentsWeek / 6
	if r.dice.IntN(6) < r.PaymentsWeek%6 {
		wishes++
	}
	for range wishes {
		amount := ledger.Cents(r.Least) + ledger.Cents(r.dice.Int64N(int64(r.Most-r.Least)/5+1))*5
		to := t.shops[t.draws[r.dice.IntN(len(t.draws))]].account
		neighbour := t.people[r.dice.IntN(len(t.people))].account
		if share(r.dice.IntN(demurrage.Billion)) < r.Neighbours && neighbour != r.account {
			to = neighbour
		}
		if err := t.pay(r.account, to, amount); err != nil {
			return err
		}
	}
	return nil
}

// shop does its week's business.
func (t *town) shop(s *shop) error {
	helper := t.people[s.dice.IntN(len(t.people))].account
	has, _, err := t.purse(s.account)
	if err != nil {
		return err
	}
	free := max(has-ledger.Cents(s.Keeps), 0)
	for _, i := range s.suppliers {
		if err := t.pay(s.account, t.shops[i].account, s.Buys.of(free)/ledger.Cents(len(s.suppliers))); err != nil {
			return err
		}
	}
	if err := t.pay(s.account, helper, s.Wages.of(free)); err != nil {
		return err
	}
	_, ripe, err := t.purse(s.account)
	if err != nil {
		return err
	}
	amount := s.Redeems.of(ripe) / 100 * 100
	if amount == 0 {
		return nil
	}
	id := t.id()
	result, err := t.try(ledger.Redeem{ID: id, From: s.account, Amount: amount})
	if err == nil && result == ledger.Applied {
		t.owed = append(t.owed, owed{t.now.Day + demurrage.Day(t.model.PayoutDays), id})
	}
	return err
}

func (t *town) pay(from, to ledger.AccountID, amount ledger.Cents) error {
	if amount == 0 {
		return nil
	}
	_, err := t.try(ledger.Pay{ID: t.id(), From: from, To: to, Amount: amount})
	return err
}

// purse is what an account sees, and what of it may become euros: what
// ledger.BalanceOf says, without a list of lots that nobody looks at here.
func (t *town) purse(id ledger.AccountID) (has, ripe ledger.Cents, err error) {
	h, err := t.world.State().Holding(id)
	if err != nil {
		return 0, 0, err
	}
	head, today := t.world.State().Head(), t.now.Day
	free, err := h.Account.Pool.Worth(head.Index, today)
	if err != nil {
		return 0, 0, err
	}
	var kept demurrage.Wide
	for _, l := range h.Lots {
		to := &kept
		if h.Ripe <= today {
			if day, ok := head.Policies.RipeDay(l); ok && day <= today {
				to = &free
			}
		}
		worth, _ := head.Index.Worth(l.Units, l.Melts, today) // these fit: the ledger looked
		*to, _ = to.Add(worth)
	}
	all, _ := free.Add(kept)
	return ledger.ShownCents(all), ledger.ShownCents(free), nil
}

// of is a share of an amount, rounded down.
func (s share) of(c ledger.Cents) ledger.Cents {
	n := new(big.Int).Mul(big.NewInt(int64(c)), big.NewInt(int64(s)))
	return ledger.Cents(n.Quo(n, big.NewInt(demurrage.Billion)).Int64())
}
