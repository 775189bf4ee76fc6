package wallet

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"grulden/internal/node"
	"grulden/internal/record"
	"grulden/ledger"
)

// helperA and helperB are two people who help Anna.
var helperA, helperB = record.ActorID{1}, record.ActorID{2}

// rich gives the accounts more than any test spends.
func rich(w *wijk) {
	for _, id := range []ledger.AccountID{anna, bram, bakker} {
		w.submit(ledger.Issue{To: id, Amount: 1_000_000_00})
	}
}

// pay has somebody pay what the shop asks.
func (w *wijk) pay(h Holder, amount ledger.Cents) error {
	w.t.Helper()
	_, receipt, err := w.wallet.Pay(context.Background(), h, Order{Code: w.ask(amount).Code})
	if err == nil && receipt.Result != ledger.Applied {
		w.t.Fatalf("%v: %v", amount, receipt.Result)
	}
	return err
}

func by(account ledger.AccountID, how string) Holder {
	return Holder{Account: account, Auth: record.Auth{How: how}}
}

func helping(id record.ActorID, limit ledger.Cents) Holder {
	return Holder{Account: anna, Auth: record.Auth{By: id, How: record.ByHelper}, By: id, Cap: limit}
}

func TestTheLimitsAreThoseThatTheWijkHasSet(t *testing.T) {
	w := newWijk(t)
	rich(w)
	set := w.node.Settings()
	set.Limits = node.Limits{NoPIN: 10_00, NoPINDay: 15_00, Card: 20_00, CardDay: 40_00}
	if err := w.node.SetSettings(set); err != nil {
		t.Fatal(err)
	}
	if err := w.pay(by(bram, record.ByPIN), 10_01); !errors.Is(err, ErrPINNeeded) {
		t.Errorf("10.01: %v, want ErrPINNeeded", err)
	}
	if err := w.pay(by(bram, record.ByPIN), 10_00); err != nil {
		t.Errorf("10.00: %v", err)
	}
	if err := w.pay(by(bram, record.ByPIN), 5_01); !errors.Is(err, ErrPINNeeded) {
		t.Errorf("another 5.01 on that day: %v, want ErrPINNeeded", err)
	}
	var over ErrOverLimit
	if err := w.pay(by(bram, record.ByCard), 20_01); !errors.As(err, &over) || over.Limit != 20_00 {
		t.Errorf("20.01 by card: %v, want ErrOverLimit", err)
	}
}

func TestAPaymentAboveTheLimitNeedsThePIN(t *testing.T) {
	w := newWijk(t)
	rich(w)
	for _, how := range []string{record.ByPIN, record.ByPasskey} {
		if err := w.pay(by(bram, how), 25_01); !errors.Is(err, ErrPINNeeded) {
			t.Errorf("25.01 by %s: %v, want ErrPINNeeded", how, err)
		}
		if err := w.pay(by(bram, how), 25_00); err != nil {
			t.Errorf("25.00 by %s: %v", how, err)
		}
	}
	if err := w.pay(by(bram, record.ByPINNow), 25_01); err != nil {
		t.Errorf("25.01 with the PIN: %v", err)
	}
}

func TestWhatIsPaidWithoutAPINInADayIsBounded(t *testing.T) {
	w := newWijk(t)
	rich(w)
	for range 4 {
		if err := w.pay(by(anna, record.ByPasskey), 25_00); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.pay(by(anna, record.ByPasskey), 1); !errors.Is(err, ErrPINNeeded) {
		t.Errorf("a cent beyond 100.00 a day: %v, want ErrPINNeeded", err)
	}
	if err := w.pay(by(bram, record.ByPasskey), 25_00); err != nil {
		t.Errorf("somebody else's day: %v", err)
	}
	if err := w.pay(by(anna, record.ByPINNow), 1); err != nil {
		t.Errorf("with the PIN: %v", err)
	}
	w.wait(aDay)
	if err := w.pay(by(anna, record.ByPasskey), 25_00); err != nil {
		t.Errorf("the next day: %v", err)
	}
}

func TestARefundGivesNoRoomUnderALimit(t *testing.T) {
	w := newWijk(t)
	rich(w)
	for range 4 {
		id, _, err := w.wallet.Pay(context.Background(), by(anna, record.ByPasskey), Order{Code: w.ask(25_00).Code})
		if err != nil {
			t.Fatal(err)
		}
		w.submit(ledger.Refund{Of: id, Amount: 25_00})
	}
	if err := w.pay(by(anna, record.ByPasskey), 1); !errors.Is(err, ErrPINNeeded) {
		t.Errorf("after everything was given back: %v, want ErrPINNeeded", err)
	}
}

// TestCardAndPINAreBounded: whoever stole a card and saw the PIN gets no
// further in a browser than at a till.
func TestCardAndPINAreBounded(t *testing.T) {
	w := newWijk(t)
	rich(w)
	var over ErrOverLimit
	if err := w.pay(by(anna, record.ByCard), 50_01); !errors.As(err, &over) || over != (ErrOverLimit{Limit: 50_00, Left: 50_00}) {
		t.Errorf("50.01 by card: %v", err)
	}
	for i, how := range []string{record.ByCard, record.ByPINNow, record.ByPINNow} {
		if err := w.pay(by(anna, how), []ledger.Cents{50_00, 50_00, 49_00}[i]); err != nil {
			t.Fatal(err)
		}
	}
	for _, how := range []string{record.ByCard, record.ByPINNow, record.ByPIN, record.ByToken} {
		if err := w.pay(by(anna, how), 1_01); !errors.As(err, &over) || over != (ErrOverLimit{Limit: 150_00, Left: 1_00, Day: true}) {
			t.Errorf("1.01 beyond 149.00 by %s: %v", how, err)
		}
	}
	if err := w.pay(by(anna, record.ByPasskey), 20_00); err != nil {
		t.Errorf("with a passkey: %v", err)
	}
}

func TestAShopPaysItsSuppliersWithThePIN(t *testing.T) {
	w := newWijk(t)
	rich(w)
	r, err := w.book.Ask(bram, 800_00, w.clock(), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.wallet.Pay(context.Background(), by(bakker, record.ByPIN), Order{Code: r.Code}); !errors.Is(err, ErrPINNeeded) {
		t.Errorf("without the PIN: %v", err)
	}
	if _, receipt, err := w.wallet.Pay(context.Background(), by(bakker, record.ByPINNow), Order{Code: r.Code}); err != nil || receipt.Result != ledger.Applied {
		t.Errorf("with the PIN: %v, %v", receipt.Result, err)
	}
}

func TestAHelperPaysUpToWhatTheOwnerAllows(t *testing.T) {
	w := newWijk(t)
	rich(w)
	if err := w.pay(helping(helperA, 30_00), 28_00); err != nil {
		t.Fatal(err)
	}
	var over ErrOverLimit
	if err := w.pay(helping(helperA, 30_00), 2_01); !errors.As(err, &over) || over != (ErrOverLimit{Limit: 30_00, Left: 2_00, Day: true}) {
		t.Errorf("2.01 beyond 28.00: %v", err)
	}
	if err := w.pay(helping(helperB, 30_00), 30_00); err != nil {
		t.Errorf("another helper: %v", err)
	}
	if err := w.pay(helping(helperB, 0), 1); !errors.As(err, &over) {
		t.Errorf("a helper who may pay nothing: %v", err)
	}
	if err := w.pay(by(anna, record.ByPasskey), 25_00); err != nil {
		t.Errorf("the owner: %v", err)
	}
}

func TestAPaymentMadeOnceIsNotHeldAgainstTheLimitAgain(t *testing.T) {
	w := newWijk(t)
	rich(w)
	first := Order{Code: w.ask(25_00).Code}
	for i := range 4 {
		order := first
		if i > 0 {
			order = Order{Code: w.ask(25_00).Code}
		}
		if _, _, err := w.wallet.Pay(context.Background(), by(anna, record.ByPasskey), order); err != nil {
			t.Fatal(err)
		}
	}
	if _, receipt, err := w.wallet.Pay(context.Background(), by(anna, record.ByPasskey), first); err != nil || !receipt.Repeat {
		t.Errorf("the first one sent again: %+v, %v; want its receipt", receipt, err)
	}
}

// TestPaymentsAtOnceDoNotPassALimitTogether sends many payments at the same
// moment, each of which would fit by itself.
func TestPaymentsAtOnceDoNotPassALimitTogether(t *testing.T) {
	w := newWijk(t)
	rich(w)
	orders := make([]Order, 40)
	for i := range orders {
		orders[i] = Order{Code: w.ask(9_00).Code}
	}
	var all sync.WaitGroup
	paid := make(chan ledger.Cents, len(orders))
	for _, o := range orders {
		all.Go(func() {
			_, receipt, err := w.wallet.Pay(context.Background(), by(anna, record.ByPasskey), o)
			switch {
			case err == nil && receipt.Result == ledger.Applied:
				paid <- 9_00
			case !errors.Is(err, ErrPINNeeded):
				t.Errorf("%v, %v", receipt.Result, err)
			}
		})
	}
	all.Wait()
	close(paid)
	var sum ledger.Cents
	for amount := range paid {
		sum += amount
	}
	if sum != 99_00 {
		t.Errorf("%v left the account, want 99.00: eleven payments of forty", sum)
	}
}

// TestANewPhoneHasTheLimitsOfTheCard: a thief with card and PIN wins nothing by
// making a phone of his own a wallet.
func TestANewPhoneHasTheLimitsOfTheCard(t *testing.T) {
	w := newWijk(t)
	rich(w)
	old := w.enrol(anna, 1)
	w.wait(aDay)
	stolen := w.enrol(anna, 2)
	pay := func(p phone, how string, amount ledger.Cents) error {
		o := w.offer(anna, w.ask(amount).Code, 0)
		return w.send(p.sign(o, how), orderOf(o))
	}
	var over ErrOverLimit
	if err := pay(stolen, record.ByDevicePIN, 50_01); !errors.As(err, &over) {
		t.Errorf("50.01 by a new phone: %v", err)
	}
	if err := pay(old, record.ByDevicePIN, 800_00); err != nil {
		t.Errorf("800.00 by an old one: %v", err)
	}
	for range 3 {
		if err := pay(stolen, record.ByDevicePIN, 50_00); err != nil {
			t.Fatal(err)
		}
	}
	if err := pay(stolen, record.ByDevice, 1); !errors.As(err, &over) || over.Left != 0 || !over.Day {
		t.Errorf("beyond 150.00: %v", err)
	}
	if err := w.pay(by(anna, record.ByCard), 1); !errors.As(err, &over) {
		t.Errorf("and then the card itself: %v", err)
	}
	w.wait(aDay)
	if err := pay(stolen, record.ByDevicePIN, 800_00); err != nil {
		t.Errorf("a day later: %v", err)
	}
}

// modelled is one payment as the model of the property test remembers it.
type modelled struct {
	day    int
	how    string
	phone  byte
	by     record.ActorID
	amount ledger.Cents
}

// cardOnly tells whether nothing but card and PIN stands behind a payment. The
// second phone is enrolled on the first day.
func (p modelled) cardOnly() bool {
	switch p.how {
	case "pin", "pin-now", "card":
		return true
	case "device", "device-pin":
		return p.phone == 2 && p.day == 0
	}
	return false
}

func (p modelled) unasked() bool { return p.how == "pin" || p.how == "passkey" || p.how == "device" }

// verdict is the limits told as slowly and plainly as they can be: go through
// everything that was ever paid.
func verdict(past []modelled, next modelled, limit ledger.Cents) error {
	var unasked, card, helper ledger.Cents
	for _, p := range past {
		if p.day != next.day {
			continue
		}
		if p.unasked() {
			unasked += p.amount
		}
		if p.cardOnly() || p.how == "standing" { // an unsigned order counts, and is asked about when it is given
			card += p.amount
		}
		if p.how == "helper" && p.by == next.by {
			helper += p.amount
		}
	}
	switch {
	case next.how == "helper" && helper+next.amount > limit:
		return ErrOverLimit{Limit: limit, Left: limit - helper, Day: true}
	case next.cardOnly() && card+next.amount > 150_00:
		return ErrOverLimit{Limit: 150_00, Left: max(150_00-card, 0), Day: true}
	case next.cardOnly() && next.amount > 50_00:
		return ErrOverLimit{Limit: 50_00, Left: 50_00}
	case next.unasked() && (next.amount > 25_00 || unasked+next.amount > 100_00):
		return ErrPINNeeded
	}
	return nil
}

func TestTheLimitsAgreeWithASimpleModel(t *testing.T) {
	ways := []string{"pin", "pin-now", "card", "passkey", "helper", "standing", "device", "device-pin"}
	amounts := []ledger.Cents{1, 5_00, 12_50, 24_99, 25_00, 25_01, 49_99, 50_00, 50_01}
	const limit ledger.Cents = 40_00
	rapid.Check(t, func(rt *rapid.T) {
		w := newWijk(t)
		rich(w)
		phones := []phone{w.enrol(anna, 1)}
		w.wait(2 * aDay)
		phones = append(phones, w.enrol(anna, 2))
		var past []modelled
		day := 0
		for i := range rapid.IntRange(1, 60).Draw(rt, "payments") {
			if rapid.IntRange(0, 9).Draw(rt, "night") == 0 {
				w.wait(aDay)
				day++
			}
			next := modelled{day: day, how: rapid.SampledFrom(ways).Draw(rt, "how"), amount: rapid.SampledFrom(amounts).Draw(rt, "amount")}
			o := w.offer(anna, w.ask(next.amount).Code, 0)
			h := by(anna, next.how)
			switch next.how {
			case "helper":
				next.by = rapid.SampledFrom([]record.ActorID{helperA, helperB}).Draw(rt, "helper")
				h = helping(next.by, limit)
			case "device", "device-pin":
				p := rapid.SampledFrom(phones).Draw(rt, "phone")
				next.phone, h = p.id[0], p.sign(o, next.how)
			}
			want := verdict(past, next, limit)
			if rapid.Bool().Draw(rt, "asked first") {
				if got := w.wallet.Allowed(h, next.amount); fmt.Sprint(got) != fmt.Sprint(want) {
					rt.Fatalf("payment %d, asked: %+v: %v, want %v", i, next, got, want)
				}
			}
			got := w.send(h, orderOf(o))
			if fmt.Sprint(got) != fmt.Sprint(want) {
				rt.Fatalf("payment %d: %+v: %v, want %v", i, next, got, want)
			}
			if got == nil {
				past = append(past, next)
			}
			if rapid.IntRange(0, 9).Draw(rt, "forget") == 0 {
				w.wallet.gate = newGate()
			}
		}
	})
}

func TestLimitsAreThoseOfTheWijk(t *testing.T) {
	w := newWijk(t)
	rich(w)
	set := w.node.Settings()
	set.Limits.NoPIN, set.Limits.NoPINDay = 0, 0
	if err := w.node.SetSettings(set); err != nil {
		t.Fatal(err)
	}
	if err := w.pay(by(anna, record.ByPIN), 1); !errors.Is(err, ErrPINNeeded) {
		t.Errorf("a cent, where the PIN is always asked: %v", err)
	}
	set.Limits.NoPIN, set.Limits.NoPINDay = 500_00, 500_00
	if err := w.node.SetSettings(set); err != nil {
		t.Fatal(err)
	}
	if err := w.pay(by(anna, record.ByPasskey), 500_00); err != nil {
		t.Errorf("500.00, where that goes without a PIN: %v", err)
	}
}

func TestAllowedKnowsWhatOthersPaidMeanwhile(t *testing.T) {
	w := newWijk(t)
	rich(w)
	for range 130 { // more than are read at a time
		w.submit(ledger.Pay{ID: newID(w), From: bakker, To: anna, Amount: 1})
	}
	_, err := w.node.Submit(context.Background(), node.Request{
		Auth: record.Auth{How: record.ByPasskey}, Command: ledger.Pay{ID: newID(w), From: anna, To: bakker, Amount: 90_00},
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 130 {
		w.submit(ledger.Pay{ID: newID(w), From: bakker, To: anna, Amount: 1})
	}
	if err := w.wallet.Allowed(by(anna, record.ByPasskey), 10_01); !errors.Is(err, ErrPINNeeded) {
		t.Errorf("10.01 after 90.00: %v, want ErrPINNeeded", err)
	}
	if err := w.wallet.Allowed(by(anna, record.ByPasskey), 10_00); err != nil {
		t.Errorf("10.00 after 90.00: %v", err)
	}
}

// newID is a payment id that is used nowhere else.
func newID(w *wijk) ledger.ID { return w.ask(1).Payment }
