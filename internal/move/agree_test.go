package move

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"grulden/internal/foureyes"
	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/ledger"
)

// body is an opening as a proposal has it.
func body(t *testing.T, o Opening) string {
	t.Helper()
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// issued is all that was ever issued.
func (at Place) issued(t *testing.T) (cents ledger.Cents) {
	t.Helper()
	err := at.Node.Read(func(v *node.View) error {
		cents = v.Head().Issued
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return cents
}

// TestAnOpeningThatDoesNotAddUpIsNotAgreedOn: what two people agree on is a total,
// and each line of it.
func TestAnOpeningThatDoesNotAddUpIsNotAgreedOn(t *testing.T) {
	rule := Place{}.Rule()
	anna, ben := people.ID{1}, people.ID{2}
	for name, c := range map[string]struct {
		body string
		want error
	}{
		"it adds up":          {body(t, Opening{30_00, []OpeningLine{{anna, 20_00}, {ben, 10_00}}}), nil},
		"a cent is missing":   {body(t, Opening{30_01, []OpeningLine{{anna, 20_00}, {ben, 10_00}}}), ErrEmpty},
		"a cent too much":     {body(t, Opening{29_99, []OpeningLine{{anna, 20_00}, {ben, 10_00}}}), ErrEmpty},
		"nobody":              {body(t, Opening{}), ErrEmpty},
		"a line of nothing":   {body(t, Opening{20_00, []OpeningLine{{anna, 20_00}, {ben, 0}}}), ErrEmpty},
		"a debt that cancels": {body(t, Opening{20_00, []OpeningLine{{anna, 30_00}, {ben, -10_00}}}), ErrEmpty},
	} {
		if err := rule.Check(t.Context(), &foureyes.Proposal{Body: []byte(c.body)}); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := rule.Check(t.Context(), &foureyes.Proposal{Body: []byte("x")}); err == nil {
		t.Error("no opening at all is agreed on")
	}
	for _, role := range []people.Role{people.Desk, people.Administrator, people.Resident, people.Merchant} {
		if slices.Contains(rule.First, role) || slices.Contains(rule.Second, role) {
			t.Errorf("%s has a say in it", role)
		}
	}
}

// TestWhatMembersHadIsIssuedOnceByTheAgreement: however often it is carried out,
// and never for somebody who is not here.
func TestWhatMembersHadIsIssuedOnceByTheAgreement(t *testing.T) {
	at := place(t)
	done := carry(t, at, plan(t, members4, payments))
	rule := at.Rule()
	p := &foureyes.Proposal{Body: []byte(body(t, done.Opening)), Second: people.ID{7}}
	for range 2 {
		if err := rule.Do(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		if got := at.issued(t); got != 1050_00 {
			t.Fatalf("issued %v", got)
		}
	}
	stranger := &foureyes.Proposal{Body: []byte(body(t, Opening{5_00, []OpeningLine{{people.ID{99}, 5_00}}}))}
	if err := rule.Do(t.Context(), stranger); err == nil || !strings.Contains(err.Error(), people.ErrNobody.Error()) {
		t.Errorf("issued to nobody: %v", err)
	}
	if err := rule.Do(t.Context(), &foureyes.Proposal{Body: []byte("x")}); err == nil || at.issued(t) != ledger.Cents(1050_00) {
		t.Errorf("%v, issued %v", err, at.issued(t))
	}
}
