package people

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestABankAccountIsKeptWithItsHolderAndTheBanksAnswer(t *testing.T) {
	disk := newPlace(t)
	d := New(disk.open())
	p, _ := add(t, d, Person{ID: NewID(), Role: Resident, Name: "Anna Voorbeeld"})
	treasurer := NewID()
	a := BankAccount{IBAN: "nl91 abna 0417 1643 00", Name: " A.  Voorbeeld e/o B. Anders ", Check: NameCheck{On: noon, Result: NameClose, By: treasurer}}
	if _, err := d.SetBankAccount(p.ID, a); err != nil {
		t.Fatal(err)
	}
	later := NameCheck{On: noon.Add(24 * time.Hour), Result: NameMatches, By: treasurer}
	if _, err := d.SetNameCheck(p.ID, "NL02ABNA0123456789", later); !errors.Is(err, ErrNoAccount) {
		t.Errorf("a check of another account: %v", err)
	}
	if _, err := d.SetNameCheck(p.ID, iban, later); err != nil {
		t.Fatal(err)
	}
	d = New(disk.open())
	got, ok, err := d.Person(p.ID)
	p.IBAN, p.BankName, p.NameCheck, p.Vouched = iban, "A. Voorbeeld e/o B. Anders", later, true
	mustBe(t, "with an account", p, got, ok, err)

	for name, iban := range map[string]string{"another": "NL13TEST0123456789", "this one": iban} {
		if err := d.DoubtAccount(p.ID, iban); err != nil {
			t.Errorf("doubting %s: %v", name, err)
		}
	}
	if got, _, err = d.Person(p.ID); err != nil || got.NameCheck != (NameCheck{}) || !got.Vouched {
		t.Errorf("an account that money came back from: %+v, %v", got, err)
	}
	if err := d.DoubtAccount(NewID(), iban); err != nil {
		t.Errorf("doubting nobody: %v", err)
	}

	a.IBAN, a.Check = "NL13TEST0123456789", NameCheck{}
	got, err = d.SetBankAccount(p.ID, a)
	if err != nil || got.NameCheck != (NameCheck{}) || got.BankAccount().IBAN != a.IBAN {
		t.Errorf("another account has the check of the one before: %+v, %v", got, err)
	}
}

func TestABankAccountThatCannotBeIsNotKept(t *testing.T) {
	d := New(newPlace(t).open())
	p, _ := add(t, d, baker())
	good := BankAccount{IBAN: iban, Name: "Bakkerij BV", Check: NameCheck{On: noon, Result: NameMatches}}
	for name, tt := range map[string]struct {
		spoil func(*BankAccount)
		want  error
	}{
		"wrong digits":   {func(a *BankAccount) { a.IBAN = "NL91ABNA0417164301" }, ErrIBAN},
		"no holder":      {func(a *BankAccount) { a.Name = " " }, ErrHolder},
		"long holder":    {func(a *BankAccount) { a.Name = strings.Repeat("ß", MaxName-1) }, ErrHolder},
		"strange answer": {func(a *BankAccount) { a.Check.Result = "yes" }, ErrCheckResult},
		"no day":         {func(a *BankAccount) { a.Check.On = time.Time{} }, ErrCheckResult},
	} {
		a := good
		tt.spoil(&a)
		if _, err := d.SetBankAccount(p.ID, a); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
	desk, _ := add(t, d, Person{ID: NewID(), Role: Desk, Name: "Balie"})
	if _, err := d.SetBankAccount(desk.ID, good); !errors.Is(err, ErrRole) {
		t.Errorf("an account of staff: %v", err)
	}
	if _, err := d.SetBankAccount(NewID(), good); !errors.Is(err, ErrNobody) {
		t.Errorf("an account of nobody: %v", err)
	}
	got, ok, err := d.Person(p.ID)
	mustBe(t, "after what was refused", p, got, ok, err)
}
