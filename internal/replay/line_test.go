package replay

import (
	"errors"
	"strings"
	"testing"

	"grulden/internal/sim"
	"grulden/ledger"
)

// prelude is a ledger with two accounts and money, on the first days of 2026.
var prelude = []string{
	`{"kind":"policy","at":"2026-01-01T00:00:00Z","rate":"1%","hops":5,"term_days":365}`,
	`{"kind":"open","at":"2026-01-01T08:00:00Z","account":"anna","role":"resident"}`,
	`{"kind":"open","at":"2026-01-01T08:00:00Z","account":"bakker","role":"merchant"}`,
	`{"kind":"issue","at":"2026-01-05T09:00:00Z","to":"anna","amount":"100.00"}`,
	`{"kind":"pay","at":"2026-01-06T10:00:00Z","from":"anna","to":"bakker","amount":"40.00","id":"p1"}`,
}

func play(t *testing.T, lines ...string) *Memory {
	t.Helper()
	m := NewMemory()
	for _, line := range lines {
		if r, err := m.Line([]byte(line)); r != ledger.Applied || err != nil {
			t.Fatalf("%s: %v %v", line, r, err)
		}
	}
	return m
}

// TestLinesAreReadStrictly: each line against the same small ledger. Shorthand:
// POLICY, PAY and AT stand for a line with everything but what follows.
func TestLinesAreReadStrictly(t *testing.T) {
	const at = `"at":"2026-01-07T10:00:00Z"`
	short := strings.NewReplacer(
		"POLICY", `"kind":"policy",`+at+`,"rate":"0.5%","hops":5,"term_days":365,"from":"2026-06-01"`,
		"PAY", `"kind":"pay","from":"anna","to":"bakker","id":"p2"`, "AT", at,
		"ENROL", `"kind":"enrol",`+at+`,"account":"anna","device":"d1"`, "KEY", strings.Repeat("0a", 32),
	)
	for _, c := range []struct{ line, want string }{
		{`{PAY,AT,"amount":"1.00"}`, "applied"},
		{` {"id":"p2","amount":"1","to":"bakker","from":"anna",AT,"kind":"pay"} `, "applied"},
		{`{PAY,AT,"amount":"1.00","note":{"deep":[1e999]}}`, "applied"},
		{`{PAY,AT,"amount":"1.00","Amount":"x"}`, "applied"},
		{`{PAY,AT,"amount":"x","amount":"1.00"}`, "applied"}, // of two, the last counts
		{`{"kind":"pay","from":"\u0061nna","to":"bakker","id":"p2",AT,"amount":"1.00"}`, "applied"},
		{`{PAY,AT}`, "bad-command"},
		{`{PAY,AT,"amount":1.00}`, "bad-command"},
		{`{PAY,AT,"amount":null}`, "bad-command"},
		{`{PAY,AT,"amount":""}`, "bad-command"},
		{`{PAY,AT,"amount":"1.005"}`, "bad-amount"},
		{`{PAY,AT,"amount":"0.00"}`, "bad-amount"},
		{`{PAY,AT,"amount":"12345678901"}`, "bad-amount"},
		{`{PAY,"amount":"1.00"}`, "bad-command"},
		{`{"kind":"pay","from":"anna","to":"bakker",AT,"amount":"1.00"}`, "bad-command"},
		{`{"kind":"pay","from":"anna","to":"","id":"p2",AT,"amount":"1.00"}`, "bad-command"},
		{`{"kind":"pay","from":["anna"],"to":"bakker","id":"p2",AT,"amount":"1.00"}`, "bad-command"},
		{`{"kind":"Pay","from":"anna","to":"bakker","id":"p2",AT,"amount":"1.00"}`, "bad-command"},
		{`{ENROL,"alg":"Ed25519","key":"KEY"}`, "applied"},
		{`{ENROL,"alg":"P-256","key":"04KEYKEY"}`, "applied"},
		{`{ENROL,"alg":"P-256","key":"KEY"}`, "bad-command"},
		{`{ENROL,"alg":"ed25519","key":"KEY"}`, "bad-command"},
		{`{ENROL,"alg":"Ed25519","key":"KEY00"}`, "bad-command"},
		{`{ENROL,"alg":"Ed25519","key":"no"}`, "bad-command"},
		{`{ENROL,"alg":"Ed25519"}`, "bad-command"},
		{`{ENROL,"key":"KEY"}`, "bad-command"},
		{`{"kind":"enrol",AT,"account":"anna","alg":"Ed25519","key":"KEY"}`, "bad-command"},
		{`{"kind":"enrol",AT,"account":"anna","device":"p1","alg":"Ed25519","key":"KEY"}`, "applied"}, // a payment's id is another's
		{`{"kind":"enrol",AT,"account":"nobody","device":"d1","alg":"Ed25519","key":"KEY"}`, "unknown-account"},
		{`{"kind":"retire",AT,"account":"anna","device":"d1"}`, "unknown-device"},
		{`{"kind":"retire",AT,"account":"anna"}`, "bad-command"},
		{`{"kind":"note",AT,"about":"blocked","account":"anna","digest":"KEY"}`, "applied"},
		{`{"kind":"note",AT,"about":"count","digest":"KEY"}`, "applied"},
		{`{"kind":"note",AT,"about":"blocked","account":"nobody","digest":"KEY"}`, "unknown-account"},
		{`{"kind":"note",AT,"about":"Blocked!","digest":"KEY"}`, "bad-command"},
		{`{"kind":"note",AT,"about":"count","digest":"KEY00"}`, "bad-command"},
		{`{"kind":"note",AT,"about":"count"}`, "bad-command"},
		{`{"kind":"reopen",AT,"of":"p1"}`, "unknown-redemption"},
		{`{"kind":"reopen",AT}`, "bad-command"},
		{`{"kind":"demurrage",AT}`, "bad-command"},
		{`{}`, "bad-command"},
		{`[]`, "bad-command"},
		{`null`, "bad-command"},
		{`17`, "bad-command"},

		{`{PAY,"at":"2026-01-07T10:00:00.123456789Z","amount":"1.00"}`, "applied"},
		{`{PAY,"at":"2026-01-07T10:00:00.5+01:00","amount":"1.00"}`, "applied"},
		{`{PAY,"at":"2026-01-06T10:00:00Z","amount":"1.00"}`, "applied"}, // equal is allowed
		{`{PAY,"at":"2026-01-06T09:59:59.999999999Z","amount":"1.00"}`, "time-went-back"},
		{`{PAY,"at":"2026-01-07t10:00:00Z","amount":"1.00"}`, "bad-command"},
		{`{PAY,"at":"2026-01-07T10:00:00z","amount":"1.00"}`, "bad-command"},
		{`{PAY,"at":"2026-01-07 10:00:00Z","amount":"1.00"}`, "bad-command"},
		{`{PAY,"at":"2026-01-07T10:00:60Z","amount":"1.00"}`, "bad-command"},
		{`{PAY,"at":"2026-01-07T24:00:00Z","amount":"1.00"}`, "bad-command"},
		{`{PAY,"at":"2026-01-07T9:00:00Z","amount":"1.00"}`, "bad-command"},
		{`{PAY,"at":"2026-01-07T10:00:00","amount":"1.00"}`, "bad-command"},
		{`{PAY,"at":"2026-01-07T10:00:00,5Z","amount":"1.00"}`, "bad-command"},
		{`{PAY,"at":"2026-01-07T10:00:00.Z","amount":"1.00"}`, "bad-command"},
		{`{PAY,"at":"2026-01-07T10:00:00+0100","amount":"1.00"}`, "bad-command"},
		{`{PAY,"at":"2026-01-07T10:00:00+24:00","amount":"1.00"}`, "bad-command"},
		{`{PAY,"at":"2026-02-30T10:00:00Z","amount":"1.00"}`, "bad-command"},
		{`{PAY,"at":"9999-12-31T23:30:00Z","amount":"1.00"}`, "bad-command"}, // a day in the year 10000
		{`{PAY,"at":1767225600,"amount":"1.00"}`, "bad-command"},

		{`{POLICY}`, "applied"},
		{`{POLICY,"every":"month","grace_days":0,"redemption_fee":"99.9999999%","redeemers":[]}`, "applied"},
		{`{POLICY,"rate":"0%"}`, "applied"},
		{`{POLICY,"rate":"4.9999999%"}`, "applied"},
		{`{POLICY,"rate":"5%"}`, "bad-command"},
		{`{POLICY,"rate":"0.5"}`, "bad-command"},
		{`{POLICY,"rate":".5%"}`, "bad-command"},
		{`{POLICY,"rate":"5.%"}`, "bad-command"},
		{`{POLICY,"rate":"0.00000001%"}`, "bad-command"},
		{`{POLICY,"rate":"-1%"}`, "bad-command"},
		{`{POLICY,"rate":1}`, "bad-command"},
		{`{POLICY,"redemption_fee":"100%"}`, "bad-command"},
		{`{POLICY,"redemption_fee":null}`, "bad-command"},
		{`{POLICY,"every":"week"}`, "bad-command"},
		{`{POLICY,"every":null}`, "bad-command"},
		{`{POLICY,"grace_days":366}`, "applied"},
		{`{POLICY,"grace_days":367}`, "bad-command"},
		{`{POLICY,"grace_days":-1}`, "bad-command"},
		{`{POLICY,"grace_days":null}`, "bad-command"},
		{`{POLICY,"redeemers":null}`, "bad-command"},
		{`{POLICY,"grace_days":30.0}`, "bad-command"},
		{`{POLICY,"grace_days":3e1}`, "bad-command"},
		{`{POLICY,"grace_days":"30"}`, "bad-command"},
		{`{POLICY,"hops":0}`, "bad-command"},
		{`{POLICY,"hops":20}`, "applied"},
		{`{POLICY,"hops":21}`, "bad-command"},
		{`{POLICY,"hops":null}`, "bad-command"},
		{`{POLICY,"term_days":36500}`, "applied"},
		{`{POLICY,"term_days":36501}`, "bad-command"},
		{`{POLICY,"term_days":0}`, "bad-command"},
		{`{POLICY,"redeemers":"merchant"}`, "bad-command"},
		{`{POLICY,"redeemers":[""]}`, "bad-command"},
		{`{POLICY,"redeemers":[null]}`, "bad-command"},
		{`{POLICY,"from":"2026-02-30"}`, "bad-command"},
		{`{POLICY,"from":null}`, "bad-command"},
		{`{POLICY,"from":"2026-01-20"}`, "policy-too-soon"},
		{`{"kind":"policy",AT,"rate":"0.5%","hops":5,"term_days":365}`, "bad-command"},
		{`{"kind":"policy",AT,"hops":5,"term_days":365,"from":"2026-06-01"}`, "bad-command"},

		{`{"kind":"open",AT,"account":"bram","role":"resident","owner":"anna"}`, "applied"},
		{`{"kind":"open",AT,"account":"anna","role":"resident"}`, "account-exists"},
		{`{"kind":"open",AT,"account":"bram"}`, "bad-command"},
		{`{"kind":"open",AT,"account":"bram","role":"resident","owner":""}`, "bad-command"},
		{`{"kind":"refund",AT,"of":"p1"}`, "applied"},
		{`{"kind":"refund",AT,"of":"p1","amount":"40.01"}`, "refund-too-large"},
		{`{"kind":"refund",AT,"of":"p1","amount":null}`, "bad-command"},
		{`{"kind":"refund",AT,"of":"p9","amount":"x"}`, "bad-amount"},
		{`{"kind":"redeem",AT,"from":"bakker","amount":"1.00","id":"r1"}`, "not-convertible"},
		{`{"kind":"settle",AT,"of":"p1"}`, "unknown-redemption"},
		{`{"kind":"reject",AT}`, "bad-command"},
		{`{"kind":"block",AT,"account":"anna"}`, "applied"},
		{`{"kind":"unblock",AT,"account":"nobody"}`, "unknown-account"},
		{`{"kind":"close",AT,"account":"anna"}`, "not-empty"},
		{`{"kind":"grant",AT,"to":"anna","amount":"0.01"}`, "insufficient-fund"},
	} {
		line := short.Replace(c.line)
		m := play(t, prelude...)
		if r, err := m.Line([]byte(line)); r.Code() != c.want || err != nil {
			t.Errorf("%s\n\tis %v %v, want %s", line, r, err, c.want)
		}
	}
}

func TestLineThatIsNotJSONStopsTheReplay(t *testing.T) {
	for _, line := range []string{`{`, `pay`, `{"kind":"pay"} x`, `{'kind':'pay'}`, "{\"kind\":\"p\xffy\"}", `{"kind":}`, "\f", "\u00a0"} {
		if _, err := NewMemory().Line([]byte(line)); !errors.Is(err, ErrNotJSON) {
			t.Errorf("%s: %v", line, err)
		}
	}
}

func TestBlankLinesAreSkippedButCounted(t *testing.T) {
	m := NewMemory()
	for _, line := range []string{"", " \t", prelude[0], "", `{}`} {
		if _, err := m.Line([]byte(line)); err != nil {
			t.Fatal(err)
		}
	}
	if o := m.Outcome; o.Applied != 1 || len(o.Rejected) != 1 || o.Rejected[0] != (Rejected{5, "bad-command"}) {
		t.Errorf("%+v", o)
	}
	if got := string(text(NewMemory().Outcome)); got != `{"applied":0,"rejected":[]}` {
		t.Errorf("nothing is printed as %s", got)
	}
}

// FuzzLine gives one line to the ledger and to the slow model, after the same
// small history, and wants the same answer.
func FuzzLine(f *testing.F) {
	for _, line := range prelude {
		f.Add([]byte(line))
	}
	for _, line := range sim.HistoryWithBlocks(7, 300) {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		fast, slow := NewMemory(), sim.New()
		for _, l := range prelude {
			if _, err := fast.Line([]byte(l)); err != nil {
				t.Fatal(err)
			}
			if _, _, err := slow.Line([]byte(l)); err != nil {
				t.Fatal(err)
			}
		}
		r, err := fast.Line(line)
		refusal, blank, slowErr := slow.Line(line)
		if refusal == "" {
			refusal = ledger.Applied.Code()
		}
		if errors.Is(err, ErrNotJSON) != errors.Is(slowErr, sim.ErrNotJSON) || err == nil && r.Code() != refusal || blank != Blank(line) {
			t.Errorf("%q: the ledger says %v %v, the model %s %v (blank %t)", line, r, err, refusal, slowErr, blank)
		}
	})
}
