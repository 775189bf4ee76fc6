package auth

import (
	"errors"
	"net/url"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

// codeAt is what an app with the secret shows at a time.
func codeAt(t *testing.T, secret string, at time.Time) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, at)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// offered is a secret on a screen.
var offered = []byte("twenty bytes, secret")

// withApp is somebody whose app has been confirmed at noon.
func withApp(t *testing.T) (f Factors, secret string) {
	t.Helper()
	secret, _, err := Offer(offered, "Grulden De Hoogte", "Balie")
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Confirm(offered, codeAt(t, secret, noon), noon); err != nil {
		t.Fatal(err)
	}
	return f, secret
}

func TestAnAppCodeWorksOnce(t *testing.T) {
	f, secret := withApp(t)
	if err := f.Spend(codeAt(t, secret, noon), noon); !errors.Is(err, ErrCode) {
		t.Errorf("the code that confirmed the app: %v, want ErrCode", err)
	}
	later := noon.Add(time.Minute)
	code := codeAt(t, secret, later)
	if err := f.Spend(code[:3]+" "+code[3:], later); err != nil {
		t.Errorf("a fresh code with a space: %v", err)
	}
	if err := f.Spend(code, later); !errors.Is(err, ErrCode) {
		t.Errorf("the same code again: %v, want ErrCode", err)
	}
	if err := f.Spend(codeAt(t, secret, later.Add(-30*time.Second)), later); !errors.Is(err, ErrCode) {
		t.Errorf("an older code after a newer one: %v, want ErrCode", err)
	}
}

func TestAnAppMayBeHalfAMinuteOff(t *testing.T) {
	for off, want := range map[time.Duration]bool{-time.Minute: false, -30 * time.Second: true, 30 * time.Second: true, time.Minute: false} {
		f, secret := withApp(t)
		at := noon.Add(time.Hour)
		if err := f.Spend(codeAt(t, secret, at.Add(off)), at); (err == nil) != want {
			t.Errorf("a clock that is %v off: %v", off, err)
		}
	}
}

func TestAnOfferedSecretCountsOnceAnAppHasIt(t *testing.T) {
	var f Factors
	first, address, err := Offer(offered, "Grulden De Hoogte", "Bakker & Zoon")
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "otpauth" || u.Query().Get("secret") != first || u.Query().Get("issuer") != "Grulden De Hoogte" {
		t.Errorf("address %q, %v", address, err)
	}
	if f.Any() {
		t.Error("an offer counts as a second factor")
	}
	if err := f.Confirm(offered, "000000", noon); !errors.Is(err, ErrCode) {
		t.Errorf("confirmed with a wrong code: %v", err)
	}
	if err := f.Spend(codeAt(t, first, noon), noon); !errors.Is(err, ErrCode) {
		t.Errorf("a code of a secret that is only offered: %v, want ErrCode", err)
	}
	if err := f.Confirm(nil, codeAt(t, first, noon), noon); !errors.Is(err, ErrCode) {
		t.Errorf("confirmed what was not offered: %v", err)
	}
	if err := f.Confirm(offered, codeAt(t, first, noon), noon); err != nil || !f.Any() {
		t.Errorf("confirmed: %v, %+v", err, f)
	}
	later := noon.Add(time.Minute)
	if err := f.Confirm(offered, codeAt(t, first, later), later); !errors.Is(err, ErrCode) {
		t.Errorf("confirmed in place of an app: %v, want ErrCode", err)
	}
}

func TestFactorsReadBack(t *testing.T) {
	f, _ := withApp(t)
	if err := f.Keep(Passkey{Name: "telefoon", Added: noon}); err != nil {
		t.Fatal(err)
	}
	doc, err := f.Encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := ParseFactors(doc)
	if err != nil || got.Secret != f.Secret || got.Used != f.Used || len(got.Passkeys) != 1 || got.Passkeys[0].Name != "telefoon" {
		t.Errorf("read back %+v, %v", got, err)
	}
	if _, err := ParseFactors([]byte("{")); err == nil {
		t.Error("a broken document was read")
	}
	if none, err := ParseFactors(nil); err != nil || none.Any() {
		t.Errorf("of nothing: %+v, %v", none, err)
	}
}

func TestPasskeysAreBounded(t *testing.T) {
	var f Factors
	for i := range MaxPasskeys + 1 {
		p := Passkey{}
		p.Credential.ID = []byte{byte(i)}
		if err := f.Keep(p); (err == nil) != (i < MaxPasskeys) {
			t.Errorf("passkey %d: %v", i, err)
		}
	}
	if !f.Drop("03") || f.Drop("03") || len(f.Passkeys) != MaxPasskeys-1 {
		t.Errorf("%d passkeys after dropping one", len(f.Passkeys))
	}
}

func TestPasskeysNeedANameAndNotANumber(t *testing.T) {
	for origin, want := range map[string]bool{
		"https://grulden.example": true, "http://localhost:8080": true, "http://127.0.0.1:8080": false,
		"https://192.0.2.1": false, "http://grulden.example": false,
	} {
		p, err := NewPasskeys(origin, "Grulden")
		if err != nil || (p != nil) != want {
			t.Errorf("%s: %v, %v", origin, p != nil, err)
		}
	}
}

func TestAnAnswerToNoQuestionIsNoPasskey(t *testing.T) {
	p, err := NewPasskeys("https://grulden.example", "Grulden")
	if err != nil {
		t.Fatal(err)
	}
	options, state, err := p.Ask()
	if err != nil || len(options) == 0 {
		t.Fatal(err)
	}
	find := func([16]byte) (Keeper, error) { t.Error("looked somebody up"); return Keeper{}, nil }
	for _, c := range []struct{ state, answer string }{{"", "{}"}, {state, ""}, {state, "{}"}, {"x", "{}"}} {
		if _, _, err := p.Take(c.state, []byte(c.answer), find); !errors.Is(err, ErrPasskey) {
			t.Errorf("Take(%q, %q) = %v, want ErrPasskey", c.state, c.answer, err)
		}
		if _, err := p.TakeNew(Keeper{}, c.state, []byte(c.answer), "x", noon); !errors.Is(err, ErrPasskey) {
			t.Errorf("TakeNew(%q, %q) = %v, want ErrPasskey", c.state, c.answer, err)
		}
	}
}
