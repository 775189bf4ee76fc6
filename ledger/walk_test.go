package ledger

import (
	"encoding/json"
	"math/big"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"grulden/demurrage"
)

// walk leads a small ledger along random ways. After each command it shows what
// was asked, what became of it, and what everybody had before.
func walk(t *testing.T, visit func(*world, *move)) {
	t.Helper()
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(rt)
		for range rapid.IntRange(1, 60).Draw(rt, "steps") {
			visit(w, w.step())
		}
	})
}

// world is a ledger in memory and those who use it.
type world struct {
	*rapid.T
	state   *State
	now     Moment
	people  []person
	paid    []ID
	asked   []ID
	serial  uint64
	entries []*Entry
	order   Order
}

// person is an account that may be opened.
type person struct {
	account AccountID
	owner   OwnerID
	role    string
}

// move is one command of a walk.
type move struct {
	command Command
	key     Key
	before  *picture
	result  Result
	entry   *Entry // nil when it was refused
}

// picture is what everybody has at the end of a day.
type picture struct {
	day  demurrage.Day
	all  map[AccountID]Balance
	lots map[AccountID][]Lot // those that are not convertible on the day
	held *big.Int            // the worth of all accounts
	fund *big.Int            // in grains
}

func newWorld(t *rapid.T) *world {
	w := &world{T: t, state: NewState(Head{}, nil)}
	w.now.Day = demurrage.Day(rapid.SampledFrom([]int{20_454, 20_480, -20, 0}).Draw(t, "first day"))
	roles := rapid.SampledFrom([]string{"resident", "merchant"})
	for i := range rapid.IntRange(3, 9).Draw(t, "people") {
		p := person{AccountID(i + 1), OwnerID(i + 101), roles.Draw(t, "role")}
		if i > 0 && rapid.IntRange(0, 4).Draw(t, "second account") == 0 {
			p.owner = w.people[i-1].owner
		}
		w.people = append(w.people, p)
	}
	w.mustApply(SetPolicy{Policy: w.drawPolicy()})
	for _, p := range w.people {
		w.mustApply(Open{p.account, p.owner, p.role})
	}
	w.mustApply(Issue{w.people[0].account, 10_000})
	return w
}

func (w *world) drawPolicy() Policy {
	return Policy{
		Rate:      rapid.SampledFrom([]demurrage.Rate{165_000, 5_000_000, 0, 1, 49_999_999}).Draw(w.T, "rate"),
		Every:     rapid.SampledFrom([]demurrage.Every{demurrage.Daily, demurrage.Monthly}).Draw(w.T, "every"),
		GraceDays: rapid.SampledFrom([]uint16{30, 10, 0, 1, 2, 366}).Draw(w.T, "grace"),
		Hops:      rapid.SampledFrom([]uint8{5, 3, 2, 1}).Draw(w.T, "hops"),
		TermDays:  rapid.SampledFrom([]uint16{365, 30, 3, 1, 36_500}).Draw(w.T, "term"),
		Fee:       rapid.SampledFrom([]uint32{0, 20_000_000, 333_333_333, 999_999_999}).Draw(w.T, "fee"),
		Redeemers: rapid.SampledFrom([][]string{{"merchant"}, {"merchant", "resident"}, {}}).Draw(w.T, "redeemers"),
	}
}

// mustApply applies a command that no rule forbids.
func (w *world) mustApply(cmd Command) *Entry {
	w.Helper()
	if r, e := w.do(cmd, Key{}); r != Applied {
		w.Fatalf("%+v: %v", cmd, r)
	} else {
		return e
	}
	return nil
}

// do decides a command and, if it may be, applies it.
func (w *world) do(cmd Command, key Key) (Result, *Entry) {
	w.Helper()
	facts, result, err := DecideIn(w.order, w.state, w.now, key, cmd)
	if err != nil {
		w.Fatalf("%+v: %v", cmd, err)
	}
	if result != Applied {
		return result, nil
	}
	e := &Entry{Seq: w.state.Head().Seq + 1, Moment: w.now, Key: key, Command: cmd, Facts: facts}
	if err := w.state.Apply(e); err != nil {
		w.Fatalf("%+v: %v", cmd, err)
	}
	w.entries = append(w.entries, e)
	return Applied, e
}

// step draws a day and a command, and does it.
func (w *world) step() *move {
	w.now.Day += demurrage.Day(rapid.SampledFrom([]int{0, 0, 0, 0, 1, 1, 1, 2, 5, 30, 31, 400}).Draw(w.T, "days"))
	w.now.At.Sec++
	m := &move{command: w.drawCommand(), before: w.look(w.now.Day)}
	switch m.command.(type) {
	case Pay, Redeem, SetPolicy: // have an id of their own, or need none
	default:
		m.key = Key{byte(rapid.IntRange(0, 200).Draw(w.T, "key"))}
	}
	m.result, m.entry = w.do(m.command, m.key)
	if m.entry != nil {
		switch c := m.command.(type) {
		case Pay:
			w.paid = append(w.paid, c.ID)
		case Redeem:
			w.asked = append(w.asked, c.ID)
		}
	}
	return m
}

func (w *world) someone() AccountID {
	return rapid.SampledFrom(w.people).Draw(w.T, "account").account
}

// rich is mostly an account with money.
func (w *world) rich() AccountID {
	id := w.someone()
	for range 3 {
		if w.shown(id) > 0 {
			break
		}
		id = w.someone()
	}
	return id
}

func (w *world) newID() ID {
	w.serial++
	return ID{15: byte(w.serial), 14: byte(w.serial >> 8)}
}

// drawID is a new id, or seldom one that was used or refused before.
func (w *world) drawID() ID {
	if w.serial == 0 || rapid.IntRange(0, 9).Draw(w.T, "id") > 0 {
		return w.newID()
	}
	n := w.serial - rapid.Uint64Range(0, min(3, w.serial-1)).Draw(w.T, "which")
	return ID{15: byte(n), 14: byte(n >> 8)}
}

func (w *world) drawCommand() Command {
	switch n := rapid.IntRange(0, 99).Draw(w.T, "kind"); {
	case n < 50:
		from := w.rich()
		return Pay{w.drawID(), from, w.someone(), w.drawAmount(w.shown(from))}
	case n < 64 && len(w.paid) > 0:
		of := w.paid[len(w.paid)-1-rapid.IntRange(0, min(3, len(w.paid)-1)).Draw(w.T, "which")]
		p, _, _ := w.state.Find(of)
		if rapid.Bool().Draw(w.T, "all") {
			return Refund{Of: of, All: true}
		}
		return Refund{Of: of, Amount: w.drawAmount(p.Amount - p.Refunded)}
	case n < 74:
		from := w.rich()
		return Redeem{w.drawID(), from, w.drawAmount(ShownCents(w.balance(from, w.now.Day).Convertible))}
	case n < 80 && len(w.asked) > 0:
		of := rapid.SampledFrom(w.asked).Draw(w.T, "which")
		return rapid.SampledFrom([]Command{Settle{of}, Reject{of}, Reopen{of}}).Draw(w.T, "outcome")
	case n < 84:
		fund, _, _ := w.state.Head().Fund(w.now.Day)
		cents, _ := fund.Div(GrainsPerCent)
		return Grant{w.someone(), w.drawAmount(Cents(cents.Lo))}
	case n < 89:
		from := w.state.Head().Policies.horizon(w.now.Day) + demurrage.Day(rapid.IntRange(0, 20).Draw(w.T, "notice"))
		p := w.drawPolicy()
		p.From = from
		return SetPolicy{Policy: p, HasFrom: true}
	case n < 92:
		return Close{w.someone()}
	case n < 94:
		return rapid.SampledFrom([]Command{Block{w.someone()}, Unblock{w.someone()}}).Draw(w.T, "block")
	case n < 97:
		device := DeviceID{15: byte(rapid.IntRange(1, 20).Draw(w.T, "device"))}
		return rapid.SampledFrom([]Command{
			Enrol{w.someone(), device, Ed25519, edKey},
			Retire{w.someone(), device},
			Note{About: "walk"},
			Note{Account: w.someone(), About: "walk"},
		}).Draw(w.T, "enrol")
	}
	return Issue{w.someone(), Cents(rapid.IntRange(1, 20_000).Draw(w.T, "amount"))}
}

// drawAmount is an amount near the edges of what there is.
func (w *world) drawAmount(all Cents) Cents {
	part := Cents(rapid.Int64Range(1, max(int64(all), 1)).Draw(w.T, "part"))
	return max(1, rapid.SampledFrom([]Cents{part, part, all, all, 1, all + 1, all - 1}).Draw(w.T, "amount"))
}

func (w *world) balance(id AccountID, day demurrage.Day) Balance {
	h, err := w.state.Holding(id)
	if err != nil || h == nil {
		w.Fatalf("account %d: %v", id, err)
	}
	b, err := BalanceOf(w.state.Head(), h, day)
	if err != nil {
		w.Fatalf("account %d: %v", id, err)
	}
	return b
}

// shown is what an account sees today, in cents.
func (w *world) shown(id AccountID) Cents { return ShownCents(w.balance(id, w.now.Day).Worth) }

// look takes a picture.
func (w *world) look(day demurrage.Day) *picture {
	p := &picture{day: day, all: map[AccountID]Balance{}, lots: map[AccountID][]Lot{}, held: new(big.Int)}
	for _, who := range w.people {
		b := w.balance(who.account, day)
		p.all[who.account] = b
		p.held.Add(p.held, b.Worth.Big())
		h, _ := w.state.Holding(who.account)
		for _, l := range h.Lots {
			if w.state.Head().Policies.ripeDay(l) > day {
				p.lots[who.account] = append(p.lots[who.account], *l)
			}
		}
	}
	grains, negative, err := w.state.Head().Fund(day)
	if err != nil {
		w.Fatal(err)
	}
	if p.fund = grains.Big(); negative {
		p.fund.Neg(p.fund)
	}
	return p
}

// worth and pool are what an account has and what of it is convertible.
func (p *picture) worth(id AccountID) *big.Int { return p.all[id].Worth.Big() }
func (p *picture) pool(id AccountID) *big.Int  { return p.all[id].Convertible.Big() }

// pools is what is convertible in all accounts together.
func (p *picture) pools() *big.Int {
	sum := new(big.Int)
	for _, b := range p.all {
		sum.Add(sum, b.Convertible.Big())
	}
	return sum
}

// grainsWorth is n grains, in grains × 10¹⁸.
func grainsWorth(n int) *big.Int {
	return new(big.Int).Mul(big.NewInt(int64(n)), new(big.Int).SetUint64(demurrage.One))
}

// describe writes down everything a state in memory is made of. Two states are
// the same when their descriptions are.
func describe(t testing.TB, s *State) string {
	t.Helper()
	all := map[string]any{"head": *s.Head()}
	if err := s.Accounts(func(h *Holding) error {
		all["account "+big.NewInt(int64(h.Account.ID)).String()] = []any{*h.Account, append([]*Lot{}, h.Lots...)}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	s.Papers(func(p *Payment, r *Redemption) {
		if p != nil {
			all["payment "+p.ID.String()] = *p
		} else {
			all["redemption "+r.ID.String()] = *r
		}
	})
	s.Keys(func(k Key, seq uint64) { all["key "+ID(k).String()] = seq })
	text, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// differ says where two descriptions differ first, with the lines before.
func differ(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return strings.Join(x[max(0, i-30):i], "\n") + "\n<" + x[i] + "\n>" + y[i]
		}
	}
	return "one is longer"
}

// fork is a state that goes its own way from here.
func (w *world) fork() *world {
	again := &world{T: w.T, state: NewState(Head{}, nil), now: w.now, people: w.people, serial: w.serial}
	for _, e := range w.entries {
		if err := again.state.Apply(e); err != nil {
			w.Fatal(err)
		}
	}
	again.entries = slices.Clone(w.entries)
	return again
}
