package record

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"reflect"
	"testing"

	"grulden/demurrage"
	"grulden/ledger"
)

const testLedger = "0123456789abcdef"

// signer is a device of one kind.
type signer struct {
	key  PublicKey
	sign func(message []byte) []byte
}

func signers(t testing.TB) map[string]signer {
	t.Helper()
	pub, priv, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	point, err := curve.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return map[string]signer{
		"Ed25519": {PublicKey{Alg: ledger.Ed25519, Bytes: pub}, func(m []byte) []byte { return ed25519.Sign(priv, m) }},
		"P-256": {PublicKey{Alg: ledger.P256, Bytes: point}, func(m []byte) []byte {
			sum := sha256.Sum256(m)
			r, s, err := ecdsa.Sign(rand.Reader, curve, sum[:])
			if err != nil {
				t.Fatal(err)
			}
			return append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
		}},
	}
}

// standing is an order to pay 7.50 on the last day of each month.
func standing() Standing {
	return Standing{
		ID: ledger.ID{7}, From: 1 << 63, To: 77, Amount: 7_50, Every: Monthly,
		First: 20_483, HasLast: true, Last: 20_900, At: 1_769_000_000, // 2026-01-30
	}
}

func TestTheMessagesAreThoseOfTheSpec(t *testing.T) {
	pay := ledger.Pay{ID: ledger.ID{0xab, 15: 1}, From: 0x8f3a61d20c47be15, To: 2, Amount: 12_50}
	want := "grulden-pay-1\n0123456789abcdef\nab000000000000000000000000000001\n8f3a61d20c47be15\n0000000000000002\n1250\n1774000800\n"
	if got := string(PayMessage(testLedger, pay, 1_774_000_800)); got != want {
		t.Errorf("a payment is signed as %q", got)
	}
	s := standing()
	want = "grulden-standing-1\n0123456789abcdef\n07000000000000000000000000000000\n8000000000000000\n000000000000004d\n750\nmonth\n2026-01-30\n2027-03-23\n1769000000\n"
	if got := string(StandingMessage(testLedger, s)); got != want {
		t.Errorf("a standing order is signed as %q", got)
	}
	s.HasLast, s.Last, s.Every = false, 0, Weekly
	want = "grulden-standing-1\n0123456789abcdef\n07000000000000000000000000000000\n8000000000000000\n000000000000004d\n750\nweek\n2026-01-30\n-\n1769000000\n"
	if got := string(StandingMessage(testLedger, s)); got != want {
		t.Errorf("one without an end is signed as %q", got)
	}
}

// TestASignatureFitsOneMessageOnly changes every byte of the message, the
// signature and the key.
func TestASignatureFitsOneMessageOnly(t *testing.T) {
	message := PayMessage(testLedger, ledger.Pay{ID: ledger.ID{1}, From: 2, To: 3, Amount: 4}, 5)
	for name, s := range signers(t) {
		sig := s.sign(message)
		if !Verify(s.key, message, sig) {
			t.Fatalf("%s: a good signature is refused", name)
		}
		refuse := func(what string, key PublicKey, message, sig []byte) {
			t.Helper()
			if Verify(key, message, sig) {
				t.Errorf("%s: taken with another %s", name, what)
			}
		}
		for i := range message {
			refuse("message", s.key, flipped(message, i), sig)
		}
		for i := range sig {
			refuse("signature", s.key, message, flipped(sig, i))
		}
		for i := range s.key.Bytes {
			refuse("key", PublicKey{Alg: s.key.Alg, Bytes: flipped(s.key.Bytes, i)}, message, sig)
		}
		refuse("kind of key", PublicKey{Alg: 3 - s.key.Alg, Bytes: s.key.Bytes}, message, sig)
		refuse("kind of key", PublicKey{Alg: 0, Bytes: s.key.Bytes}, message, sig)
		refuse("length", s.key, message, sig[:63])
		refuse("length", s.key, message, append(bytes.Clone(sig), 0))
		refuse("length", s.key, message, nil)
	}
}

func flipped(b []byte, i int) []byte {
	c := bytes.Clone(b)
	c[i] ^= 1
	return c
}

func TestOnlyPublicKeysAreTaken(t *testing.T) {
	for name, s := range signers(t) {
		if key, err := NewPublicKey(s.key.Alg, s.key.Bytes); err != nil || !key.Equal(s.key) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := NewPublicKey(3-s.key.Alg, s.key.Bytes); err == nil {
			t.Errorf("%s is taken for the other kind", name)
		}
		if _, err := NewPublicKey(s.key.Alg, s.key.Bytes[1:]); err == nil {
			t.Errorf("%s: a key cut short is taken", name)
		}
	}
	if _, err := NewPublicKey(ledger.P256, append([]byte{4}, bytes.Repeat([]byte{1}, 64)...)); err == nil {
		t.Error("a point beside the curve is taken")
	}
}

func TestAStandingOrderIsDueOnItsDays(t *testing.T) {
	for _, c := range []struct {
		every Every
		first string
		due   []string
		not   []string
	}{
		{Weekly, "2026-03-26", []string{"2026-03-26", "2026-04-02", "2027-03-25"}, []string{"2026-03-19", "2026-03-27", "2028-04-06"}},
		{
			Monthly, "2026-01-31",
			[]string{"2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2027-02-28", "2028-02-29"},
			[]string{"2025-12-31", "2026-02-27", "2026-03-28", "2026-04-29", "2028-02-28", "2028-03-31"},
		},
		{Monthly, "2026-02-28", []string{"2026-02-28", "2026-03-28"}, []string{"2026-03-31", "2026-03-29"}},
		{0, "2026-02-28", nil, []string{"2026-02-28"}},
	} {
		s := Standing{Every: c.every, First: day(t, c.first), HasLast: true, Last: day(t, "2028-03-30")}
		for _, d := range c.due {
			if !s.IsDue(day(t, d)) {
				t.Errorf("%v from %s is not due on %s", c.every, c.first, d)
			}
		}
		for _, d := range c.not {
			if s.IsDue(day(t, d)) {
				t.Errorf("%v from %s is due on %s", c.every, c.first, d)
			}
		}
	}
}

func day(t *testing.T, text string) demurrage.Day {
	t.Helper()
	d, err := demurrage.ParseDay(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestAStandingOrderProvesItsOwnPaymentsOnly: the payments of its due days,
// each under its own id, for the amount and the parties that were signed.
func TestAStandingOrderProvesItsOwnPaymentsOnly(t *testing.T) {
	for name, device := range signers(t) {
		s := standing()
		s.Due = day(t, "2026-02-28")
		pay := ledger.Pay{ID: StandingPayment(s.ID, s.Due), From: s.From, To: s.To, Amount: s.Amount}
		good := Proof{At: s.At, Sig: device.sign(StandingMessage(testLedger, s)), Standing: &s}
		if !good.Proves(device.key, testLedger, pay) {
			t.Fatalf("%s: its own payment is refused", name)
		}
		for what, change := range map[string]func(*Proof, *ledger.Pay){
			"payment":    func(_ *Proof, pay *ledger.Pay) { pay.ID[0] ^= 1 },
			"payer":      func(_ *Proof, pay *ledger.Pay) { pay.From++ },
			"payee":      func(_ *Proof, pay *ledger.Pay) { pay.To++ },
			"amount":     func(_ *Proof, pay *ledger.Pay) { pay.Amount++ },
			"all payees": func(p *Proof, pay *ledger.Pay) { p.Standing.To++; pay.To++ },
			"all amounts": func(p *Proof, pay *ledger.Pay) {
				p.Standing.Amount++
				pay.Amount++
			},
			"first day": func(p *Proof, _ *ledger.Pay) { p.Standing.First-- },
			"last day":  func(p *Proof, _ *ledger.Pay) { p.Standing.Last++ },
			"end":       func(p *Proof, _ *ledger.Pay) { p.Standing.HasLast, p.Standing.Last = false, 0 },
			"rhythm":    func(p *Proof, _ *ledger.Pay) { p.Standing.Every = Weekly },
			"time":      func(p *Proof, _ *ledger.Pay) { p.At++; p.Standing.At++ },
			"due day": func(p *Proof, pay *ledger.Pay) {
				p.Standing.Due++
				pay.ID = StandingPayment(s.ID, p.Standing.Due)
			},
			"single payment": func(p *Proof, _ *ledger.Pay) { p.Standing = nil },
		} {
			order, paid := *good.Standing, pay
			p := Proof{At: good.At, Sig: good.Sig, Standing: &order}
			change(&p, &paid)
			if p.Proves(device.key, testLedger, paid) {
				t.Errorf("%s: another %s is proved", name, what)
			}
		}
		if good.Proves(device.key, "fedcba9876543210", pay) {
			t.Errorf("%s: a payment in another ledger is proved", name)
		}
	}
}

func TestAProofHasItsTime(t *testing.T) {
	const at = 1_774_000_800
	now := func(sec int64, day demurrage.Day) ledger.Moment {
		return ledger.Moment{At: ledger.Instant{Sec: sec}, Day: day}
	}
	fresh := Proof{At: at}
	for late, want := range map[int64]bool{0: true, 300: true, -300: true, 301: false, -301: false, 1 << 40: false} {
		if fresh.Timely(now(at+late, 20_532)) != want {
			t.Errorf("a payment %d s after its signature: %v", late, !want)
		}
	}
	for _, at := range []int64{-1 << 63, 1<<63 - 1} {
		if (&Proof{At: at}).Timely(now(0, 0)) {
			t.Errorf("a signature of second %d is of now", at)
		}
	}
	order := Proof{At: at, Standing: &Standing{Due: 20_600}}
	for day, want := range map[demurrage.Day]bool{20_599: false, 20_600: true, 20_631: true, 20_632: false} {
		if order.Timely(now(at+1<<30, day)) != want {
			t.Errorf("a payment due on 20600 is made on %d: %v", day, !want)
		}
	}
}

// signed is a record with a proof.
func signed() *Record {
	r := sample()
	r.Auth.How = ByDevice
	r.Auth.Proof = &Proof{Device: DeviceID{8, 15: 1}, At: r.Moment.At.Sec - 3, Sig: bytes.Repeat([]byte{0xa5}, 64)}
	return r
}

// ordered is the record of a payment of a standing order.
func ordered() *Record {
	r := signed()
	pay := r.Command.(ledger.Pay)
	s := standing()
	s.From, s.To, s.Amount, s.Due = pay.From, pay.To, pay.Amount, 20_600
	s.At = r.Auth.Proof.At
	r.Auth.How, r.Auth.Proof.Standing = ByStanding, &s
	return r
}

func TestProofsComeBackAsTheyWere(t *testing.T) {
	for _, r := range []*Record{signed(), ordered()} {
		data, err := Encode(r)
		if err != nil {
			t.Fatal(err)
		}
		back, err := Decode(data)
		if err != nil || !reflect.DeepEqual(r, back) {
			t.Fatalf("%v\nwrote %+v\nread  %+v", err, r.Auth.Proof, back)
		}
	}
}

func TestOnlyPaymentsHaveAProof(t *testing.T) {
	r := signed()
	r.Command = ledger.Refund{Of: ledger.ID{1}, All: true}
	if _, err := Encode(r); err == nil {
		t.Error("a refund with a proof is recorded")
	}
	r = ordered()
	r.Auth.Proof.Standing.Amount++
	if _, err := Encode(r); err == nil {
		t.Error("the proof of another amount is recorded")
	}
}

func BenchmarkVerify(b *testing.B) {
	message := PayMessage(testLedger, ledger.Pay{ID: ledger.ID{1}, From: 2, To: 3, Amount: 4}, 5)
	for name, s := range signers(b) {
		sig := s.sign(message)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if !Verify(s.key, message, sig) {
					b.Fatal("refused")
				}
			}
		})
	}
}
