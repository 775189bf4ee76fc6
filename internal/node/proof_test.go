package node

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"pgregory.net/rapid"

	"grulden/demurrage"
	"grulden/internal/civil"
	"grulden/internal/record"
	"grulden/internal/store"
	"grulden/ledger"
)

// phone is a device in somebody's hand.
type phone struct {
	id   record.DeviceID
	key  record.PublicKey
	sign func(message []byte) []byte
}

// newPhone is a phone of a number, always the same, with an Ed25519 key.
func newPhone(number int) *phone {
	seed := sha256.Sum256(fmt.Appendf(nil, "phone %d", number))
	key := ed25519.NewKeyFromSeed(seed[:])
	return &phone{
		id:   record.DeviceID(keyNamed("phone %d", number)),
		key:  record.PublicKey{Alg: ledger.Ed25519, Bytes: key.Public().(ed25519.PublicKey)},
		sign: func(m []byte) []byte { return ed25519.Sign(key, m) },
	}
}

// newOldPhone is a phone whose browser knows P-256 only.
func newOldPhone(t testing.TB) *phone {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	point, err := key.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return &phone{
		id: record.DeviceID{7, 7}, key: record.PublicKey{Alg: ledger.P256, Bytes: point},
		sign: func(m []byte) []byte {
			sum := sha256.Sum256(m)
			r, s, err := ecdsa.Sign(rand.Reader, key, sum[:])
			if err != nil {
				t.Fatal(err)
			}
			return append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
		},
	}
}

func (p *phone) enrol(account ledger.AccountID) ledger.Enrol {
	return ledger.Enrol{Account: account, Device: p.id, Alg: p.key.Alg, Key: p.key.Bytes}
}

// pay is a payment that the phone signs now.
func (p *phone) pay(n *Node, pay ledger.Pay) Request {
	at := n.Now().Unix()
	proof := &record.Proof{Device: p.id, At: at, Sig: p.sign(record.PayMessage(n.Settings().Ledger, pay, at))}
	return Request{Auth: record.Auth{How: record.ByDevice, Proof: proof}, Command: pay}
}

// wijkWithPhones is a small wijk in which account 2 has two phones, and account
// 4 one of its own.
func wijkWithPhones(t testing.TB) (n *Node, o Options, clock *testClock, phones []*phone, theirs *phone) {
	t.Helper()
	clock = newClock()
	o = initLedger(t, vfs.NewCrashableMem(), clock)
	n = mustOpen(t, o)
	settleWijk(t, n, 4)
	phones, theirs = []*phone{newPhone(1), newOldPhone(t)}, newPhone(2)
	for _, p := range phones {
		must(t, n, p.enrol(2))
	}
	must(t, n, theirs.enrol(4))
	return n, o, clock, phones, theirs
}

// refuse wants a request to be refused for its signature, and to change nothing.
func refuse(t testing.TB, n *Node, what string, r Request) {
	t.Helper()
	was := headOf(t, n)
	if got, err := n.Submit(context.Background(), r); !errors.Is(err, ErrSignature) {
		t.Errorf("%s: %+v %v", what, got, err)
	}
	if is := headOf(t, n); is != was {
		t.Errorf("%s: refused, and the journal is %s where it was %s", what, is, was)
	}
}

// headOf is the journal's size and root.
func headOf(t testing.TB, n *Node) (head string) {
	t.Helper()
	if err := n.Read(func(v *View) error { head = v.Journal().String(); return nil }); err != nil {
		t.Fatal(err)
	}
	return head
}

func paid(t testing.TB, n *Node, r Request) Receipt {
	t.Helper()
	got, err := n.Submit(context.Background(), r)
	if err != nil || got.Result != ledger.Applied {
		t.Fatalf("%+v: %+v %v", r.Command, got, err)
	}
	return got
}

func TestSignedPaymentsAreMadeAndKeepTheirProof(t *testing.T) {
	n, o, clock, phones, _ := wijkWithPhones(t)
	for i, p := range phones {
		r := p.pay(n, ledger.Pay{ID: payID(i), From: 2, To: 3, Amount: 1_00})
		first := paid(t, n, r)
		if again := paid(t, n, r); !again.Repeat || again.Seq != first.Seq {
			t.Errorf("sent again: %+v", again)
		}
		clock.add(time.Hour) // a phone that comes back into reach sends it once more
		if again := paid(t, n, r); !again.Repeat || again.Seq != first.Seq {
			t.Errorf("sent an hour later: %+v", again)
		}
		err := n.Read(func(v *View) error {
			rec, err := v.Record(first.Seq)
			if err == nil && (rec.Auth.How != record.ByDevice || !rec.Auth.Proof.Proves(p.key, n.Settings().Ledger, rec.Command.(ledger.Pay))) {
				err = fmt.Errorf("the record has %+v", rec.Auth)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
	must(t, n, ledger.Pay{ID: payID(9), From: 2, To: 3, Amount: 1_00}) // with a PIN
	mustClose(t, n)
	if v := verify(t, o); v.Signed != 2 || v.Payments != 3 {
		t.Errorf("%d of %d payments were signed", v.Signed, v.Payments)
	}
}

func TestOnlyTheOwnersDeviceMayPay(t *testing.T) {
	n, o, clock, phones, theirs := wijkWithPhones(t)
	mine, old := phones[0], phones[1]
	pay := ledger.Pay{ID: payID(1), From: 2, To: 3, Amount: 10_00}
	made := paid(t, n, mine.pay(n, ledger.Pay{ID: payID(99), From: 2, To: 3, Amount: 10_00}))
	for what, change := range map[string]func(*Request, *record.Proof){
		"another payee":      func(r *Request, _ *record.Proof) { pay := pay; pay.To = 1; r.Command = pay },
		"another amount":     func(r *Request, _ *record.Proof) { pay := pay; pay.Amount++; r.Command = pay },
		"another payment":    func(r *Request, _ *record.Proof) { pay := pay; pay.ID = payID(2); r.Command = pay },
		"another payer":      func(r *Request, _ *record.Proof) { pay := pay; pay.From = 4; r.Command = pay },
		"an unknown payer":   func(r *Request, _ *record.Proof) { pay := pay; pay.From = 77; r.Command = pay },
		"another time":       func(_ *Request, p *record.Proof) { p.At++ },
		"another device":     func(_ *Request, p *record.Proof) { p.Device = old.id },
		"a foreign device":   func(_ *Request, p *record.Proof) { p.Device = theirs.id },
		"an unknown device":  func(_ *Request, p *record.Proof) { p.Device = record.DeviceID{1} },
		"another signature":  func(_ *Request, p *record.Proof) { p.Sig = bytes.Clone(p.Sig); p.Sig[5] ^= 1 },
		"a signature cut":    func(_ *Request, p *record.Proof) { p.Sig = p.Sig[:63] },
		"no signature":       func(_ *Request, p *record.Proof) { p.Sig = nil },
		"no proof":           func(r *Request, _ *record.Proof) { r.Auth.Proof = nil },
		"no proof but a PIN": func(r *Request, _ *record.Proof) { r.Auth = record.Auth{How: record.ByDevicePIN} },
		"a refund":           func(r *Request, _ *record.Proof) { r.Command = ledger.Refund{Of: payID(99), All: true} },
		"its own device's retirement": func(r *Request, _ *record.Proof) {
			r.Command = ledger.Retire{Account: 2, Device: mine.id}
		},
	} {
		r := mine.pay(n, pay)
		proof := *r.Auth.Proof
		r.Auth.Proof = &proof
		change(&r, &proof)
		refuse(t, n, what, r)
	}
	refuse(t, n, "the signature of somebody else", func() Request {
		r := theirs.pay(n, pay)
		r.Auth.Proof.Device = mine.id
		return r
	}())
	for what, late := range map[string]time.Duration{"too late": 301 * time.Second, "too early": -301 * time.Second} {
		clock.add(-late)
		r := mine.pay(n, pay)
		clock.add(late)
		refuse(t, n, "signed "+what, r)
	}
	must(t, n, ledger.Retire{Account: 2, Device: mine.id})
	refuse(t, n, "a retired device", mine.pay(n, pay))
	if again := paid(t, n, mine.pay(n, ledger.Pay{ID: payID(99), From: 2, To: 3, Amount: 10_00})); again.Seq != made.Seq || !again.Repeat {
		t.Errorf("what it paid before it was retired: %+v", again)
	}
	if r := submit(t, n, mine.enrol(2)); r.Result != ledger.DeviceExists {
		t.Errorf("it comes back: %v", r.Result)
	}
	paid(t, n, old.pay(n, pay))
	mustClose(t, n)
	if v := verify(t, o); v.Signed != 2 {
		t.Errorf("%d payments were signed", v.Signed)
	}
}

func TestASignatureIsOfItsOwnLedger(t *testing.T) {
	n, _, _, phones, _ := wijkWithPhones(t)
	other, _, _, _, _ := wijkWithPhones(t)
	pay := ledger.Pay{ID: payID(1), From: 2, To: 3, Amount: 1}
	refuse(t, n, "signed for another ledger", phones[0].pay(other, pay))
	mustClose(t, n)
	mustClose(t, other)
}

func TestEnrollingTheSameDeviceAgainIsARepeat(t *testing.T) {
	n, o, _, phones, theirs := wijkWithPhones(t)
	first := must(t, n, phones[0].enrol(2))
	if !first.Repeat {
		t.Errorf("enrolled twice: %+v", first)
	}
	other := phones[0].enrol(2)
	other.Key = theirs.key.Bytes
	if r := submit(t, n, other); r.Result != ledger.DeviceExists {
		t.Errorf("the same id with another key: %v", r.Result)
	}
	if r := submit(t, n, phones[0].enrol(4)); r.Result != ledger.DeviceExists {
		t.Errorf("the same id for another account: %v", r.Result)
	}
	mustClose(t, n)
	n = mustOpen(t, o) // nothing is in memory now
	if again := must(t, n, phones[0].enrol(2)); !again.Repeat || again.Seq != first.Seq {
		t.Errorf("after a restart: %+v, was %+v", again, first)
	}
	paid(t, n, phones[0].pay(n, ledger.Pay{ID: payID(1), From: 2, To: 3, Amount: 1}))
	mustClose(t, n)
	verify(t, o)
}

func TestStandingOrdersPayOnTheirDays(t *testing.T) {
	n, o, clock, phones, _ := wijkWithPhones(t)
	today := civil.Day(clock.Now())
	for i, p := range phones {
		order := record.Standing{
			ID: payID(100 + i), From: 2, To: 3, Amount: 2_50, Every: record.Weekly, First: today + 7, HasLast: true, Last: today + 21, At: clock.Now().Unix(),
		}
		sig := p.sign(record.StandingMessage(n.Settings().Ledger, order))
		due := func(day int) Request {
			s := order
			s.Due = today + demurrage.Day(day)
			return Request{
				Auth:    record.Auth{How: record.ByStanding, Proof: &record.Proof{Device: p.id, At: s.At, Sig: sig, Standing: &s}},
				Command: ledger.Pay{ID: record.StandingPayment(s.ID, s.Due), From: 2, To: 3, Amount: 2_50},
			}
		}
		refuse(t, n, "before it is due", due(7))
		clock.add(7 * 24 * time.Hour)
		first := paid(t, n, due(7))
		if again := paid(t, n, due(7)); !again.Repeat || again.Seq != first.Seq {
			t.Errorf("twice for one day: %+v", again)
		}
		refuse(t, n, "on another weekday", due(6))
		clock.add(35 * 24 * time.Hour)
		refuse(t, n, "too long after", due(7+1))
		paid(t, n, due(14))
		refuse(t, n, "after its last day", due(28))
		must(t, n, ledger.Retire{Account: 2, Device: p.id})
		refuse(t, n, "after its device was retired", due(21))
		today = civil.Day(clock.Now())
	}
	mustClose(t, n)
	if v := verify(t, o); v.Signed != 4 {
		t.Errorf("%d payments were signed", v.Signed)
	}
}

// TestAnOperatorWhoEditsASignedPaymentIsFound: he has the store, the program and
// the signing key, and makes tree, batch, head and facts true again. What the
// phone signed he cannot.
func TestAnOperatorWhoEditsASignedPaymentIsFound(t *testing.T) {
	for kind := range 2 {
		n, o, _, phones, theirs := wijkWithPhones(t)
		p := phones[kind]
		paid(t, n, p.pay(n, ledger.Pay{ID: payID(1), From: 2, To: 3, Amount: 1_00}))
		if err := n.Store().Flush(); err != nil {
			t.Fatal(err)
		}
		mem := o.Store.FS.(*vfs.MemFS)
		before := copyOf(mem)
		mustClose(t, n)
		for what, change := range map[string]func(*record.Record){
			"payee":     func(r *record.Record) { editPay(r, func(c *ledger.Pay) { c.To = 1 }) },
			"amount":    func(r *record.Record) { editPay(r, func(c *ledger.Pay) { c.Amount = 99_00 }) },
			"id":        func(r *record.Record) { editPay(r, func(c *ledger.Pay) { c.ID[3]++ }) },
			"time":      func(r *record.Record) { r.Auth.Proof.At++ },
			"moment":    func(r *record.Record) { r.Moment.At.Sec += 3000 },
			"device":    func(r *record.Record) { r.Auth.Proof.Device = theirs.id },
			"other own": func(r *record.Record) { r.Auth.Proof.Device = phones[1-kind].id },
			"signature": func(r *record.Record) { r.Auth.Proof.Sig[9]++ },
			"proof":     func(r *record.Record) { r.Auth.Proof = nil },
		} {
			forged := o
			forged.Store.FS = copyOf(before)
			db, err := store.Open(storePath("wijk"), forged.Store)
			if err != nil {
				t.Fatal(err)
			}
			rewriteLast(t, db, func(r *record.Record) {
				change(r)
				decideAgain(t, db, r)
				p := ledger.PaymentOf(&r.Entry)
				plain(t, db, func(b *store.Batch) { b.Set(paperKey(store.Payments, p.ID), payRow(p)) })
			})
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			_, err = Verify(context.Background(), "wijk", forged.Store, func(_, _ uint64) {})
			var f *Finding
			if !errors.As(err, &f) || f.Seq == 0 || !strings.Contains(err.Error(), "sign") {
				t.Errorf("with another %s verify says: %v", what, err)
			}
		}
	}
}

// TestAnotherKeyInTheJournalIsFound: who rewrites a whole journal, so that a
// device was enrolled with another key, has payments in it that nobody signed.
func TestAnotherKeyInTheJournalIsFound(t *testing.T) {
	n, _, _, phones, _ := wijkWithPhones(t)
	id := n.Settings().Ledger
	for i, p := range phones {
		paid(t, n, p.pay(n, ledger.Pay{ID: payID(i), From: 2, To: 3, Amount: 1_00}))
	}
	for kind, p := range phones {
		for at := range p.key.Bytes {
			findings := newProofs(id)
			state := ledger.NewState(ledger.Head{}, nil)
			err := n.Read(func(v *View) error {
				return v.Records(1, func(r *record.Record) error {
					if c, ok := r.Command.(ledger.Enrol); ok && c.Device == p.id {
						c.Key = bytes.Clone(c.Key)
						c.Key[at] ^= 1
						r.Command = c
					}
					return errors.Join(findings.take(state, r), state.Apply(&r.Entry))
				})
			})
			if err != nil {
				t.Fatal(err)
			}
			if bad := findings.wait(); bad == nil || !errors.Is(bad, errSignature) {
				t.Errorf("phone %d with byte %d of its key changed: %v", kind, at, bad)
			}
		}
	}
	mustClose(t, n)
}

func editPay(r *record.Record, change func(*ledger.Pay)) {
	pay := r.Command.(ledger.Pay)
	change(&pay)
	r.Command = pay
}

// decideAgain gives the last record the facts that its command leads to, which
// takes all records before it.
func decideAgain(t *testing.T, db *store.DB, last *record.Record) {
	t.Helper()
	state := ledger.NewState(ledger.Head{}, nil)
	for _, row := range rowsOf(t, db, store.Journal)[:last.Seq-1] {
		r, err := openEntry(number(row.key[1:]), row.value)
		if err != nil {
			t.Fatal(err)
		}
		if err := state.Apply(&r.Entry); err != nil {
			t.Fatal(err)
		}
	}
	facts, result, err := ledger.Decide(state, last.Moment, last.Key, last.Command)
	if err != nil || result != ledger.Applied {
		t.Fatalf("the forged payment: %v %v", result, err)
	}
	last.Facts = facts
}

// TestOnlyGoodProofsPay: of random requests, those pay whose proof is whole.
func TestOnlyGoodProofsPay(t *testing.T) {
	n, o, _, phones, theirs := wijkWithPhones(t)
	all := append(phones, theirs, newPhone(3))
	next, signed := 0, uint64(0)
	rapid.Check(t, func(rt *rapid.T) {
		next++
		p := all[rapid.IntRange(0, len(all)-1).Draw(rt, "phone")]
		pay := ledger.Pay{ID: payID(next), From: 2, To: 3, Amount: 1}
		r := p.pay(n, pay)
		sig := r.Auth.Proof.Sig
		spoilt := rapid.IntRange(-64, 63).Draw(rt, "spoilt byte")
		if spoilt >= 0 {
			sig[spoilt] ^= byte(rapid.IntRange(1, 255).Draw(rt, "by"))
		}
		good := spoilt < 0 && (p == phones[0] || p == phones[1])
		got, err := n.Submit(context.Background(), r)
		if paid := err == nil && got.Result == ledger.Applied; paid != good || !good && !errors.Is(err, ErrSignature) {
			rt.Fatalf("%+v %v, good: %v", got, err, good)
		}
		if good {
			signed++
		}
	})
	mustClose(t, n)
	if v := verify(t, o); v.Signed != signed {
		t.Errorf("%d payments were signed, verify finds %d", signed, v.Signed)
	}
}

// TestPayingAndRetiringAtOnce: whichever comes first, no payment stands behind
// the retirement of its device.
func TestPayingAndRetiringAtOnce(t *testing.T) {
	n, o, _, phones, _ := wijkWithPhones(t)
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			r := phones[0].pay(n, ledger.Pay{ID: payID(i), From: 2, To: 3, Amount: 1})
			if _, err := n.Submit(context.Background(), r); err != nil && !errors.Is(err, ErrSignature) {
				t.Error(err)
			}
		})
		if i == 32 {
			wg.Go(func() {
				retire := Request{Command: ledger.Retire{Account: 2, Device: phones[0].id}}
				if got, err := n.Submit(context.Background(), retire); err != nil || got.Result != ledger.Applied {
					t.Errorf("%+v %v", got, err)
				}
			})
		}
	}
	wg.Wait()
	mustClose(t, n)
	verify(t, o)
}
