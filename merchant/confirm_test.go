package merchant

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"
	"time"

	"grulden/ledger"
)

// vector is a confirmation code that Go and JavaScript must make alike.
type vector struct {
	Secret  string       `json:"secret"`  // hexadecimal
	Payment string       `json:"payment"` // hexadecimal
	Cents   ledger.Cents `json:"cents"`
	At      time.Time    `json:"at"`
	Code    string       `json:"code"`
}

func confirmVectors(t *testing.T) []vector {
	t.Helper()
	text, err := os.ReadFile("testdata/confirm.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []vector
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestConfirmationCodesAreThoseOfTheVectors(t *testing.T) {
	vectors := confirmVectors(t)
	if len(vectors) < 6 {
		t.Fatalf("%d vectors", len(vectors))
	}
	for _, v := range vectors {
		secret, err := hex.DecodeString(v.Secret)
		if err != nil {
			t.Fatal(err)
		}
		id, err := ledger.ParseID(v.Payment)
		if err != nil {
			t.Fatal(err)
		}
		if got := Confirmation(Secret(secret), id, v.Cents, v.At); got != v.Code {
			t.Errorf("%+v: got %s", v, got)
		}
	}
}

func TestAConfirmationCodeHoldsForOneShopAmountAndWindow(t *testing.T) {
	at := time.Date(2026, 3, 2, 11, 0, 0, 0, time.UTC)
	code := Confirmation(Secret{1}, ledger.ID{7}, 450, at)
	if len(code) != 9 {
		t.Fatalf("code %q", code)
	}
	if same := Confirmation(Secret{1}, ledger.ID{7}, 450, at.Add(ConfirmWindow-time.Second)); same != code {
		t.Errorf("within the window the code became %s", same)
	}
	for what, other := range map[string]string{
		"another shop":    Confirmation(Secret{2}, ledger.ID{7}, 450, at),
		"another payment": Confirmation(Secret{1}, ledger.ID{8}, 450, at),
		"another amount":  Confirmation(Secret{1}, ledger.ID{7}, 451, at),
		"later":           Confirmation(Secret{1}, ledger.ID{7}, 450, at.Add(ConfirmWindow)),
	} {
		if other == code {
			t.Errorf("%s has the same code", what)
		}
	}
}

func TestWhatATillNotedIsFoundOnceInTheLedger(t *testing.T) {
	w := newWijk(t)
	w.submit(ledger.Issue{To: anna, Amount: 50_00})
	secret := Secret{9}
	pay := func(id byte, amount ledger.Cents) Noted {
		at := w.submit(ledger.Pay{ID: ledger.ID{id}, From: anna, To: bakker, Amount: amount}).Moment.At.Time()
		return Noted{Code: Confirmation(secret, ledger.ID{id}, amount, at), Amount: amount, At: at.Add(2 * time.Minute)}
	}
	one := pay(1, 4_50)
	w.wait(time.Hour)
	two := pay(2, 3_00)
	wrongAmount, late := two, one
	wrongAmount.Amount, late.At = 30_00, one.At.Add(time.Hour)
	got, err := w.till.Compare(bakker, secret, []Noted{one, two, two, wrongAmount, late})
	if err != nil {
		t.Fatal(err)
	}
	want := []ledger.ID{{1}, {2}, {}, {}, {}}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("note %d: %v, want %v", i, got[i], want[i])
		}
	}
	if got, err := w.till.Compare(bakker, secret, nil); err != nil || len(got) != 0 {
		t.Errorf("nothing noted: %v, %v", got, err)
	}
}
