package wallet

import (
	"context"
	"crypto/ed25519"
	"errors"
	"sync"
	"testing"
	"time"

	"grulden/internal/node"
	"grulden/internal/payreq"
	"grulden/internal/record"
	"grulden/ledger"
)

// phone is a phone with a key, enrolled for an account.
type phone struct {
	w       *wijk
	account ledger.AccountID
	id      ledger.DeviceID
	key     ed25519.PrivateKey
}

func (w *wijk) enrol(account ledger.AccountID, id byte) phone {
	w.t.Helper()
	public, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	p := phone{w: w, account: account, id: ledger.DeviceID{id}, key: key}
	receipt, err := w.wallet.Enrol(context.Background(), holder(account), p.id, record.PublicKey{Alg: ledger.Ed25519, Bytes: public})
	if err != nil || receipt.Result != ledger.Applied {
		w.t.Fatalf("enrol: %v, %v", receipt.Result, err)
	}
	return p
}

// sign is the holder whose phone signed what an offer asks, now.
func (p phone) sign(o Offer, how string) Holder {
	at := p.w.clock().Unix()
	pay := ledger.Pay{ID: o.Payment, From: p.account, To: o.Shop, Amount: o.Amount}
	message := record.PayMessage(p.w.node.Settings().Ledger, pay, at)
	proof := &record.Proof{Device: p.id, At: at, Sig: ed25519.Sign(p.key, message)}
	return Holder{Account: p.account, Auth: record.Auth{How: how, Proof: proof}}
}

// orderOf is the order that the page of an offer sends.
func orderOf(o Offer) Order {
	return Order{Code: o.Code, Amount: o.Amount, Payment: o.Payment, Seal: o.Seal, Attempt: o.Attempt, Sealed: true}
}

// send sends an order and tells whether it is paid now.
func (w *wijk) send(h Holder, o Order) error {
	_, receipt, err := w.wallet.Pay(context.Background(), h, o)
	if err == nil && receipt.Result != ledger.Applied {
		err = errors.New(receipt.Result.Code())
	}
	return err
}

func (w *wijk) giveUp(o Offer) bool {
	w.t.Helper()
	paid, err := w.wallet.GiveUp(context.Background(), anna, o.Code, o.Attempt, o.Payment)
	if err != nil {
		w.t.Fatal(err)
	}
	return paid
}

func TestAnAttemptGivenUpPaysNothingLater(t *testing.T) {
	w := newWijk(t)
	rich(w)
	r := w.ask(4_00)
	o := w.offer(anna, r.Code, 0)
	if w.giveUp(o) {
		t.Fatal("nothing was sent and it says paid")
	}
	if err := w.send(holder(anna), orderOf(o)); !errors.Is(err, ErrGivenUp) {
		t.Errorf("the order that came late: %v, want ErrGivenUp", err)
	}
	again := w.offer(anna, r.Code, 0)
	if again.Attempt == o.Attempt {
		t.Fatal("two showings of one page are one attempt")
	}
	if err := w.send(holder(anna), orderOf(again)); err != nil {
		t.Errorf("the page shown anew: %v", err)
	}
	if !w.giveUp(again) || !w.giveUp(o) {
		t.Error("what was paid cannot be given up")
	}
	if err := w.send(holder(anna), orderOf(again)); err != nil {
		t.Errorf("the same order once more: %v, want its receipt", err)
	}
}

func TestNobodyGivesUpForSomebodyElse(t *testing.T) {
	w := newWijk(t)
	rich(w)
	o := w.offer(anna, w.ask(4_00).Code, 0)
	if _, err := w.wallet.GiveUp(context.Background(), bram, o.Code, o.Attempt, o.Payment); !errors.Is(err, ErrStale) {
		t.Errorf("Bram gives up for Anna: %v", err)
	}
	if err := w.send(holder(anna), orderOf(o)); err != nil {
		t.Error(err)
	}
}

func TestAPageIsGoodForAnHour(t *testing.T) {
	w := newWijk(t)
	rich(w)
	poster, err := w.book.Poster(bakker, w.clock())
	if err != nil {
		t.Fatal(err)
	}
	o := w.offer(anna, poster.Code, 2_00)
	w.wait(payreq.AttemptLife + time.Second)
	if err := w.send(holder(anna), orderOf(o)); !errors.Is(err, ErrStale) {
		t.Errorf("after an hour: %v, want ErrStale", err)
	}
	if w.giveUp(o) {
		t.Error("an old page cannot be given up")
	}
	for _, forged := range []string{"", "x.1.y", o.Attempt + "0", o.Attempt[1:]} {
		order := orderOf(w.offer(anna, poster.Code, 2_00))
		order.Attempt = forged
		if err := w.send(holder(anna), order); !errors.Is(err, ErrStale) {
			t.Errorf("attempt %q: %v, want ErrStale", forged, err)
		}
	}
}

// TestNotPaidIsTrueForEver sends one order from several sides while the payer
// gives it up, as a proxy does that held it back: whoever hears "not paid"
// keeps the money, whatever is still on its way.
func TestNotPaidIsTrueForEver(t *testing.T) {
	w := newWijk(t)
	rich(w)
	phone := w.enrol(anna, 1)
	for range 150 {
		o := w.offer(anna, w.ask(1).Code, 0)
		h := phone.sign(o, record.ByDevice)
		var all sync.WaitGroup
		var paid bool
		for i := range 3 {
			all.Go(func() {
				if i == 1 {
					paid = w.giveUp(o)
					return
				}
				if err := w.send(h, orderOf(o)); err != nil && !errors.Is(err, ErrGivenUp) && !errors.Is(err, ErrPINNeeded) {
					t.Errorf("an order: %v", err)
				}
			})
		}
		all.Wait()
		late := w.send(h, orderOf(o))
		made, err := w.wallet.PaidBy(anna, o.Payment)
		if err != nil {
			t.Fatal(err)
		}
		if made != paid || paid != (late == nil) {
			t.Fatalf("the payer heard paid=%v, the ledger says %v, a late copy hears %v", paid, made, late)
		}
	}
}

func TestASignatureIsGoodForTwoMinutes(t *testing.T) {
	w := newWijk(t)
	rich(w)
	phone := w.enrol(anna, 1)
	first, second := w.offer(anna, w.ask(1_00).Code, 0), w.offer(anna, w.ask(1_00).Code, 0)
	early, late := phone.sign(first, record.ByDevice), phone.sign(second, record.ByDevice)
	w.wait(SignedFor)
	if err := w.send(early, orderOf(first)); err != nil {
		t.Errorf("after two minutes: %v", err)
	}
	w.wait(time.Second)
	if err := w.send(late, orderOf(second)); !errors.Is(err, ErrLate) {
		t.Errorf("a second later: %v, want ErrLate", err)
	}
	if err := w.send(early, orderOf(first)); err != nil {
		t.Errorf("what was paid in time, sent again: %v, want its receipt", err)
	}
	w.wait(-time.Hour)
	if err := w.send(phone.sign(w.offer(anna, w.ask(1_00).Code, 0), record.ByDevice), orderOf(second)); err == nil {
		t.Error("a signature under another payment pays")
	}
}

func TestAPhoneSignsForItsOwnAccountOnly(t *testing.T) {
	w := newWijk(t)
	rich(w)
	phone := w.enrol(anna, 1)
	o := w.offer(bram, w.ask(1_00).Code, 0)
	h := phone.sign(o, record.ByDevice)
	h.Account = bram
	if err := w.send(h, orderOf(o)); !errors.Is(err, node.ErrSignature) {
		t.Errorf("Anna's phone for Bram: %v, want ErrSignature", err)
	}
	if r, err := w.wallet.Retire(context.Background(), holder(anna), phone.id); err != nil || r.Result != ledger.Applied {
		t.Fatalf("%v, %v", r.Result, err)
	}
	mine := w.offer(anna, w.ask(1_00).Code, 0)
	if err := w.send(phone.sign(mine, record.ByDevice), orderOf(mine)); !errors.Is(err, node.ErrSignature) {
		t.Errorf("a phone that was taken away: %v, want ErrSignature", err)
	}
	if r, err := w.wallet.Retire(context.Background(), holder(anna), phone.id); err != nil || r.Result != ledger.Applied {
		t.Errorf("taken away twice: %v, %v", r.Result, err)
	}
}

func TestEnrollingTheSamePhoneTwiceIsNoMistake(t *testing.T) {
	w := newWijk(t)
	key := record.PublicKey{Alg: ledger.Ed25519, Bytes: make([]byte, 32)}
	other := record.PublicKey{Alg: ledger.Ed25519, Bytes: append(make([]byte, 31), 1)}
	for i, tt := range []struct {
		account ledger.AccountID
		key     record.PublicKey
		want    ledger.Result
	}{{anna, key, ledger.Applied}, {anna, key, ledger.Applied}, {anna, other, ledger.DeviceExists}, {bram, key, ledger.DeviceExists}} {
		r, err := w.wallet.Enrol(context.Background(), holder(tt.account), ledger.DeviceID{7}, tt.key)
		if err != nil || r.Result != tt.want {
			t.Errorf("time %d: %v, %v; want %v", i+1, r.Result, err, tt.want)
		}
	}
	all, err := w.wallet.Devices(anna)
	if err != nil || len(all) != 1 || all[0].Since.Sub(w.clock()) > time.Second {
		t.Errorf("Devices = %+v, %v", all, err)
	}
}
