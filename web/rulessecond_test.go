package web

import (
	"testing"

	"grulden/internal/foureyes"
	"grulden/internal/people"
)

// TestRulesTakeOneOfTheBoardWhoeverBegins: what the only one of the board proposes
// a treasurer approves, and what a treasurer proposes no other treasurer does.
func TestRulesTakeOneOfTheBoardWhoeverBegins(t *testing.T) {
	s := newSite(t, nil)
	chair := s.member(people.Board, "Voorzitter")
	first := s.member(people.Treasurer, "Penningmeester")
	second := s.add(people.Person{Role: people.Treasurer, Name: "Tweede"}, 0)
	propose := func(by *browser) string {
		f := typedInto(by.page("/desk/rules/wijk"), "/desk/rules/wijk/try", map[string]string{"topup": "80,00"})
		send := by.page("/desk/rules/wijk/try?" + f.Encode()).form("/desk/rules/wijk")
		send.Set("why", "minder is genoeg")
		by.post("/desk/rules/wijk", send)
		return "/desk/proposals/" + s.first(foureyes.Kind(wijkRules)).ID.String()
	}
	at := propose(first)
	if _, err := s.agree(second.ID); !isErr(err, foureyes.ErrRole) {
		t.Errorf("two treasurers made a rule: %v", err)
	}
	first.post(at+"/withdraw", nil)
	s.clock.add(1e9)
	at = propose(chair)
	chair.page(at).shows("Penningmeester")
	if p, err := s.agree(second.ID); err != nil || p.State != foureyes.Done {
		t.Errorf("a treasurer cannot approve what the board proposed: %+v %v", p, err)
	}
}
