package ledger

import (
	"bytes"
	"errors"
	"testing"

	"grulden/demurrage"
)

// The accounts of a small ledger on day 100 for refusals: who is rich, poor,
// blocked, closed, and a shop with 10.00 convertible.
const (
	rich AccountID = iota + 1
	poor
	blocked
	closed
	shop
	hollow // waits for all it had to be paid out
	nobody
)

// The payments, redemptions and keys that the small ledger knows.
var (
	paid, paidBack, byClosed, toClosed, toBlocked = ID{1}, ID{2}, ID{3}, ID{4}, ID{5}
	asked, askedAll, turnedDown                   = ID{6}, ID{7}, ID{8}
	unused                                        = ID{9}
	usedKey                                       = Key{1}
)

// The devices and keys that the small ledger knows, and one that it does not.
var (
	phone, oldPhone, theirs, spare = DeviceID{11}, DeviceID{12}, DeviceID{13}, DeviceID{14}
	edKey                          = bytes.Repeat([]byte{9}, 32)
	p256Key                        = append([]byte{4}, bytes.Repeat([]byte{9}, 64)...)
)

// bench is a ledger that a test drives command by command.
type bench struct {
	testing.TB
	state *State
	now   Moment
}

func (b *bench) decide(key Key, cmd Command) (Facts, Result) {
	b.Helper()
	facts, r, err := Decide(b.state, b.now, key, cmd)
	if err != nil {
		b.Fatalf("%+v: %v", cmd, err)
	}
	return facts, r
}

// must applies commands that no rule forbids.
func (b *bench) must(cmds ...Command) {
	b.Helper()
	for _, cmd := range cmds {
		facts, r := b.decide(Key{}, cmd)
		if r != Applied {
			b.Fatalf("%+v: %v", cmd, r)
		}
		b.apply(Key{}, cmd, facts)
	}
}

func (b *bench) apply(key Key, cmd Command, facts Facts) {
	b.Helper()
	if err := b.state.Apply(&Entry{Seq: b.state.Head().Seq + 1, Moment: b.now, Key: key, Command: cmd, Facts: facts}); err != nil {
		b.Fatalf("%+v: %v", cmd, err)
	}
}

// newBench has one hop to convertible, a month's grace and no fee.
func newBench(t testing.TB) *bench {
	b := &bench{TB: t, state: NewState(Head{}, nil), now: Moment{At: Instant{Sec: 1000}, Day: 100}}
	p := DefaultPolicy()
	p.Hops = 2
	b.must(SetPolicy{Policy: p})
	for a := rich; a <= hollow; a++ {
		role := "resident"
		if a == shop || a == hollow {
			role = "merchant"
		}
		b.must(Open{a, OwnerID(a), role})
	}
	facts, _ := b.decide(usedKey, Issue{rich, 100_000})
	b.apply(usedKey, Issue{rich, 100_000}, facts)
	b.must(
		Pay{paid, rich, poor, 2_000}, Pay{paidBack, rich, poor, 100}, Refund{Of: paidBack, All: true},
		Pay{toClosed, rich, closed, 500}, Pay{toBlocked, rich, blocked, 300}, Pay{ID{20}, rich, hollow, 1},
	)
	b.now.Day++
	b.must(
		Pay{ID{21}, poor, shop, 2_000}, Pay{byClosed, closed, hollow, 500},
		Redeem{asked, shop, 1_000}, Redeem{askedAll, hollow, 500}, Redeem{turnedDown, shop, 1}, Reject{turnedDown},
		Enrol{blocked, theirs, P256, p256Key}, Block{blocked}, Close{closed},
		Enrol{rich, oldPhone, Ed25519, edKey}, Retire{rich, oldPhone}, Enrol{rich, phone, Ed25519, edKey},
	)
	for i := range MaxDevices - 1 {
		b.must(Enrol{rich, DeviceID{40, byte(i)}, Ed25519, edKey})
	}
	return b
}

// TestRefusalsComeInOrder: of all the rules that a command breaks it is told the
// first, in the order of Result. Each line here breaks the rule named and, where
// it can, every later one.
func TestRefusalsComeInOrder(t *testing.T) {
	b := newBench(t)
	early := Moment{At: Instant{Sec: 999}, Day: b.now.Day}
	yesterday := Moment{At: b.now.At, Day: b.now.Day - 1}
	soon := DefaultPolicy()
	soon.From = b.now.Day + 30
	later := soon
	later.From++
	for i, c := range []struct {
		now  Moment
		key  Key
		cmd  Command
		want Result
	}{
		{early, usedKey, nil, BadCommand},
		{early, usedKey, Open{}, BadCommand},
		{early, usedKey, Open{Account: 77, Owner: 0, Role: "resident"}, BadCommand},
		{early, usedKey, Open{Account: 77, Owner: 77}, BadCommand},
		{early, usedKey, SetPolicy{Policy: soon}, BadCommand},
		{early, usedKey, SetPolicy{Policy: soon, HasFrom: true}, AlreadyApplied},
		{early, Key{}, SetPolicy{Policy: soon, HasFrom: true}, TimeWentBack},
		{b.now, Key{}, SetPolicy{Policy: soon, HasFrom: true}, PolicyTooSoon},
		{b.now, Key{}, SetPolicy{Policy: later, HasFrom: true}, Applied},
		{early, Key{}, Open{rich, 1, "resident"}, TimeWentBack},
		{yesterday, Key{}, Open{rich, 1, "resident"}, TimeWentBack},
		{b.now, Key{}, Open{rich, 1, "resident"}, AccountExists},
		{b.now, Key{}, Open{closed, 1, "resident"}, AccountExists},

		{early, usedKey, Pay{paid, nobody, closed, 0}, AlreadyApplied},
		{early, Key{}, Pay{paid, nobody, closed, 0}, TimeWentBack},
		{b.now, Key{}, Pay{paid, nobody, closed, 0}, UnknownAccount},
		{b.now, Key{}, Pay{paid, closed, nobody, 0}, AccountClosed},
		{b.now, Key{}, Pay{paid, blocked, nobody, 0}, UnknownAccount},
		{b.now, Key{}, Pay{paid, blocked, closed, 0}, AccountClosed},
		{b.now, Key{}, Pay{paid, blocked, blocked, 0}, AccountBlocked},
		{b.now, Key{}, Pay{paid, rich, rich, 0}, SameAccount},
		{b.now, Key{}, Pay{paid, poor, rich, 0}, DuplicateID},
		{b.now, Key{}, Pay{asked, poor, rich, 0}, DuplicateID},
		{b.now, Key{}, Pay{unused, poor, rich, 0}, BadAmount},
		{b.now, Key{}, Pay{unused, poor, rich, -1}, BadAmount},
		{b.now, Key{}, Pay{unused, poor, rich, maxCents + 1}, BadAmount},
		{b.now, Key{}, Pay{unused, poor, rich, maxCents}, InsufficientBalance},
		{b.now, Key{}, Pay{unused, rich, blocked, 1}, Applied},

		{b.now, Key{}, Refund{Of: unused, Amount: 0}, BadAmount},
		{b.now, Key{}, Refund{Of: unused, Amount: 1}, UnknownPayment},
		{b.now, Key{}, Refund{Of: unused, All: true}, UnknownPayment},
		{b.now, Key{}, Refund{Of: asked, All: true}, UnknownPayment},
		{b.now, Key{}, Refund{Of: toClosed, Amount: 0}, AccountClosed},
		{b.now, Key{}, Refund{Of: byClosed, Amount: 0}, AccountClosed},
		{b.now, Key{}, Refund{Of: toBlocked, Amount: 0}, AccountBlocked},
		{b.now, Key{}, Refund{Of: paid, Amount: 0}, BadAmount},
		{b.now, Key{}, Refund{Of: paid, Amount: 2_001}, RefundTooLarge},
		{b.now, Key{}, Refund{Of: paidBack, All: true}, RefundTooLarge},
		{b.now, Key{}, Refund{Of: paidBack, Amount: 1}, RefundTooLarge},
		{b.now, Key{}, Refund{Of: paid, All: true}, InsufficientBalance},

		{early, Key{}, Redeem{paid, nobody, 0}, TimeWentBack},
		{b.now, Key{}, Redeem{paid, nobody, 0}, UnknownAccount},
		{b.now, Key{}, Redeem{paid, closed, 0}, AccountClosed},
		{b.now, Key{}, Redeem{paid, blocked, 0}, AccountBlocked},
		{b.now, Key{}, Redeem{paid, rich, 0}, DuplicateID},
		{b.now, Key{}, Redeem{asked, rich, 0}, DuplicateID},
		{b.now, Key{}, Redeem{unused, rich, 0}, BadAmount},
		{b.now, Key{}, Redeem{unused, rich, maxCents}, MayNotRedeem},
		{b.now, Key{}, Redeem{unused, shop, 1_001}, NotConvertible},
		{b.now, Key{}, Redeem{unused, shop, 1_000}, Applied},

		{b.now, Key{}, Settle{unused}, UnknownRedemption},
		{b.now, Key{}, Settle{paid}, UnknownRedemption},
		{b.now, Key{}, Settle{turnedDown}, UnknownRedemption},
		{b.now, Key{}, Reject{turnedDown}, UnknownRedemption},
		{b.now, Key{}, Settle{asked}, Applied},
		{b.now, Key{}, Reject{asked}, Applied},

		{b.now, Key{}, Issue{nobody, 0}, UnknownAccount},
		{b.now, Key{}, Issue{closed, 0}, AccountClosed},
		{b.now, Key{}, Issue{rich, 0}, BadAmount},
		{b.now, Key{}, Issue{blocked, 1}, Applied},
		{b.now, Key{}, Grant{nobody, 0}, UnknownAccount},
		{b.now, Key{}, Grant{closed, 0}, AccountClosed},
		{b.now, Key{}, Grant{rich, 0}, BadAmount},
		{b.now, Key{}, Grant{rich, 1}, InsufficientFund},

		{b.now, Key{}, Close{nobody}, UnknownAccount},
		{b.now, Key{}, Close{closed}, AccountClosed},
		{b.now, Key{}, Close{rich}, NotEmpty},
		{b.now, Key{}, Close{hollow}, NotEmpty},
		{b.now, Key{}, Close{poor}, Applied},
		{b.now, Key{}, Block{nobody}, UnknownAccount},
		{b.now, Key{}, Block{closed}, AccountClosed},
		{b.now, Key{}, Unblock{nobody}, UnknownAccount},
		{b.now, Key{}, Unblock{blocked}, Applied},

		{early, usedKey, Enrol{nobody, DeviceID{}, Ed25519, edKey}, BadCommand},
		{early, usedKey, Enrol{nobody, spare, P256, edKey}, BadCommand},
		{early, usedKey, Enrol{nobody, spare, Ed25519, p256Key}, BadCommand},
		{early, usedKey, Enrol{nobody, spare, P256, make([]byte, 65)}, BadCommand},
		{early, usedKey, Enrol{nobody, spare, 0, edKey}, BadCommand},
		{early, usedKey, Enrol{nobody, phone, Ed25519, edKey}, AlreadyApplied},
		{early, Key{}, Enrol{nobody, phone, Ed25519, edKey}, TimeWentBack},
		{b.now, Key{}, Enrol{nobody, phone, Ed25519, edKey}, UnknownAccount},
		{b.now, Key{}, Enrol{closed, phone, Ed25519, edKey}, AccountClosed},
		{b.now, Key{}, Enrol{blocked, phone, Ed25519, edKey}, AccountBlocked},
		{b.now, Key{}, Enrol{rich, phone, Ed25519, edKey}, DeviceExists},
		{b.now, Key{}, Enrol{rich, oldPhone, Ed25519, edKey}, DeviceExists},
		{b.now, Key{}, Enrol{rich, DeviceID(usedKey), Ed25519, edKey}, DeviceExists},
		{b.now, Key{}, Enrol{rich, spare, Ed25519, edKey}, TooManyDevices},
		{b.now, Key{}, Enrol{poor, spare, P256, p256Key}, Applied},
		{early, Key{}, Retire{nobody, DeviceID{}}, BadCommand},
		{b.now, Key{}, Retire{nobody, phone}, UnknownAccount},
		{b.now, Key{}, Retire{closed, phone}, AccountClosed},
		{b.now, Key{}, Retire{rich, oldPhone}, UnknownDevice},
		{b.now, Key{}, Retire{rich, spare}, UnknownDevice},
		{b.now, Key{}, Retire{poor, phone}, UnknownDevice},
		{b.now, Key{}, Retire{blocked, theirs}, Applied},
		{b.now, Key{}, Retire{rich, phone}, Applied},

		{early, usedKey, Note{nobody, "", Digest{}}, BadCommand},
		{early, usedKey, Note{nobody, "x", Digest{}}, AlreadyApplied},
		{early, Key{}, Note{nobody, "x", Digest{}}, TimeWentBack},
		{b.now, Key{}, Note{nobody, "x", Digest{}}, UnknownAccount},
		{b.now, Key{}, Note{closed, "x", Digest{}}, Applied},
		{b.now, Key{}, Note{blocked, "x", Digest{}}, Applied},
		{early, usedKey, Reopen{asked}, AlreadyApplied},
		{early, Key{}, Reopen{asked}, TimeWentBack},
		{b.now, Key{}, Reopen{asked}, UnknownRedemption},
		{b.now, Key{}, Reopen{paid}, UnknownRedemption},
		{b.now, Key{}, Reopen{turnedDown}, UnknownRedemption},
	} {
		_, r, err := Decide(b.state, c.now, c.key, c.cmd)
		if r != c.want || err != nil {
			t.Errorf("case %d, %T%+v: %v %v, want %v", i+1, c.cmd, c.cmd, r, err, c.want)
		}
	}
}

func TestNothingComesBeforeThePolicy(t *testing.T) {
	empty := NewState(Head{}, nil)
	for _, cmd := range []Command{
		Open{1, 1, "resident"},
		Close{1},
		Block{1},
		Unblock{1},
		Issue{1, 1},
		Grant{1, 1},
		Pay{unused, 1, 2, 1},
		Refund{Of: unused},
		Redeem{unused, 1, 1},
		Settle{unused},
		Reject{unused},
		Enrol{1, spare, Ed25519, edKey},
		Retire{1, spare},
		Note{About: "x"},
		Reopen{unused},
	} {
		if _, r, err := Decide(empty, Moment{}, Key{}, cmd); r != NoPolicy || err != nil {
			t.Errorf("%T: %v %v", cmd, r, err)
		}
	}
	if _, r, err := Decide(empty, Moment{}, Key{}, Open{}); r != BadCommand || err != nil {
		t.Errorf("a malformed command: %v %v", r, err)
	}
}

func TestResultsHaveCodesOfTheirOwn(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range Results() {
		if c := r.Code(); c == "" || seen[c] || c != r.String() {
			t.Errorf("result %d has the code %q", r, c)
		}
		seen[r.Code()] = true
	}
	if len(seen) != 24 || Results()[0] != Applied || resultCount.Code() != "unknown-result" {
		t.Errorf("%d results", len(seen))
	}
}

// TestSupplyIsBounded: what is issued and not yet paid out stays within what
// 128 bits can hold; the cent beyond is refused, never wrapped.
func TestSupplyIsBounded(t *testing.T) {
	b := newBench(t)
	p := DefaultPolicy()
	p.Rate, p.Hops, p.From = 49_999_999, 1, b.now.Day+31
	b.must(SetPolicy{Policy: p, HasFrom: true})
	for b.state.Head().Supply()+b.state.Head().Escrow+maxCents <= maxSupply {
		b.must(Issue{rich, maxCents})
	}
	left := maxSupply - b.state.Head().Supply() - b.state.Head().Escrow
	if _, r := b.decide(Key{}, Issue{rich, left + 1}); r != BadAmount {
		t.Errorf("a cent beyond the bound: %v", r)
	}
	b.must(Issue{rich, left})
	if _, r := b.decide(Key{}, Issue{rich, 1}); r != BadAmount {
		t.Errorf("a cent more: %v", r)
	}
	for i := range byte(5) { // until the index is as low as it gets
		b.now.Day += 366
		for fund, _, _ := b.state.Head().Fund(b.now.Day); !fund.Less(maxCents.Grains()); fund, _, _ = b.state.Head().Fund(b.now.Day) {
			b.must(Grant{shop, maxCents})
		}
		b.now.Day++
		b.must(Pay{ID{30, i}, shop, poor, 1_000}, Pay{ID{31, i}, poor, hollow, 999})
		b.must(Redeem{ID{32, i}, hollow, 900}, Reject{ID{32, i}})
		if err := b.state.Check(); err != nil {
			t.Fatal(err)
		}
	}
	if x := b.state.Head().Index.At(b.now.Day); x != 1 {
		t.Errorf("the index is %d", x)
	}
}

// TestEverIssuedIsBounded: the sums of cents never wrap.
func TestEverIssuedIsBounded(t *testing.T) {
	b := newBench(t)
	b.state.head.Issued = maxIssued - 10
	b.state.head.Redeemed = maxIssued - 10
	if _, r := b.decide(Key{}, Issue{rich, 11}); r != BadAmount {
		t.Errorf("beyond the bound: %v", r)
	}
	if _, r := b.decide(Key{}, Issue{rich, 10}); r != Applied {
		t.Errorf("up to the bound: %v", r)
	}
}

// TestEntriesThatDoNotFitAreCorrupt: Apply knows no rules, but refuses what
// cannot have been.
func TestEntriesThatDoNotFitAreCorrupt(t *testing.T) {
	one := demurrage.WideOf(1)
	huge := demurrage.Wide{Hi: 1 << 63}
	for name, e := range map[string]Entry{
		"an account that is not there":  {Command: Block{nobody}},
		"money from nobody":             {Command: Close{rich}, Facts: Facts{Debit: nobody}},
		"money to nobody":               {Command: Issue{rich, 1}, Facts: Facts{Credit: nobody}},
		"a lot that is not there":       {Command: Close{rich}, Facts: Facts{Debit: rich, Out: []Out{{Lot: LotID{999, 0}}}}},
		"a ripe lot that is not there":  {Command: Close{rich}, Facts: Facts{Debit: rich, Ripe: []LotID{{999, 0}}}},
		"more of a lot than there was":  {Command: Close{rich}, Facts: Facts{Debit: rich, Out: []Out{{Lot: LotID{8, 0}, Rest: huge}}}},
		"more of a pool than there was": {Command: Close{shop}, Facts: Facts{Debit: shop, Out: []Out{{Melts: 131, Rest: huge}}}},
		"a lot that did not leave":      {Command: Pay{unused, rich, poor, 1}, Facts: Facts{Credit: poor, In: []In{{How: Kept, Lot: LotID{8, 0}, Units: one}}}},
		"a refund of nothing":           {Command: Refund{Of: unused, All: true}},
		"a refund of too much":          {Command: Refund{Of: paid, All: true}, Facts: Facts{Amount: 2_001}},
		"settling twice":                {Command: Settle{turnedDown}},
		"rejecting a payment":           {Command: Reject{paid}},
		"units that overflow": {Command: Issue{rich, 1}, Facts: Facts{Credit: rich, In: []In{
			{How: Pooled, Melts: 140, Units: huge}, {How: Pooled, Melts: 140, Units: huge},
		}}},
	} {
		b := newBench(t)
		e.Seq, e.Moment = b.state.Head().Seq+1, b.now
		var corrupt *CorruptError
		if err := b.state.Apply(&e); !errors.As(err, &corrupt) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestCheckFindsWhatCannotBe changes a sound state behind its back.
func TestCheckFindsWhatCannotBe(t *testing.T) {
	lot := func(s *State) *Lot { return s.holdings[rich].Lots[0] }
	for name, spoil := range map[string]func(*State){
		"a unit too many":          func(s *State) { lot(s).Units, _ = lot(s).Units.Add(demurrage.WideOf(1)) },
		"an empty lot":             func(s *State) { lot(s).Units = demurrage.Wide{} },
		"a lot without a trail":    func(s *State) { lot(s).Trail = nil },
		"an owner twice":           func(s *State) { lot(s).Trail = append(lot(s).Trail, lot(s).Trail[0]) },
		"two hops on one day":      func(s *State) { lot(s).Trail = append(lot(s).Trail, Stop{8, 101, 131}, Stop{9, 101, 131}) },
		"a hop before the issue":   func(s *State) { lot(s).Trail = append(lot(s).Trail, Stop{8, 99, 129}) },
		"a lot younger than it is": func(s *State) { lot(s).Melts++ },
		"a lot uncounted":          func(s *State) { s.holdings[rich].Account.Lots++ },
		"an empty pool amount":     func(s *State) { s.holdings[shop].Account.Pool[0].Units = demurrage.Wide{} },
		"an escrow of nobody":      func(s *State) { s.head.Escrow++ },
		"a fund far below nought":  func(s *State) { s.head.Issued -= 1_000 },
		"money in a closed account": func(s *State) {
			s.holdings[rich].Account.Closed = true
		},
		"lots out of order": func(s *State) {
			h := s.holdings[rich]
			early := *h.Lots[0]
			early.Melts--
			h.Lots = append(h.Lots, &early)
			h.Account.Lots++
		},
	} {
		b := newBench(t)
		if err := b.state.Check(); err != nil {
			t.Fatalf("the state is not sound to begin with: %v", err)
		}
		spoil(b.state)
		var corrupt *CorruptError
		if err := b.state.Check(); !errors.As(err, &corrupt) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
