package bank

import (
	"fmt"
	"slices"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/internal/people"
	"grulden/internal/sepa"
)

// suggested is whose an entry may be, in words.
func (w *wijk) suggested(e *Entry) (all []string) {
	w.t.Helper()
	found, err := w.bank.Suggest(e)
	must(w.t, err)
	for _, s := range found {
		all = append(all, fmt.Sprint(s.Person.Title(), " ", s.Hints))
	}
	return all
}

func TestATopUpWithoutReferenceIsSuggestedForWhoItMayBe(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	anna, bram := w.resident("Anna de Vries"), w.resident("Bram Jansen")
	w.resident("Arie Bakker")
	baker := w.shop("Bakkerij Voorbeeld", bakerIBAN)
	desk := people.Person{ID: people.NewID(), Role: people.Desk, Name: "Anna de Vries"}
	_, _, err := w.people.Add(desk, "hash", w.clock.Now())
	must(t, err)
	w.take(w.statement(8, w.topUp(10_00, bram.Reference))) // from annaIBAN: Bram uses Anna's account

	for _, c := range []struct {
		name, iban, text string
		want             []string
	}{
		{"Hr of Mw A de Vries", fietsIBAN, "", []string{"Anna de Vries [same-name]"}},
		{"VRIES ANNA DE", fietsIBAN, "", []string{"Anna de Vries [same-name]"}},
		{"A. de Vriesman", fietsIBAN, "", nil},
		{"B de Vries", fietsIBAN, "", nil},
		{"Bakkerij Voorbeeld", "", "", []string{"Bakkerij Voorbeeld [same-name]"}},
		{"", bakerIBAN, "", []string{"Bakkerij Voorbeeld [own-iban]"}},
		{"Iemand", annaIBAN, "", []string{"Bram Jansen [paid-before]"}},
		{"A de Vries", annaIBAN, "", []string{"Bram Jansen [paid-before]", "Anna de Vries [same-name]"}},
		{"Iemand", "", "voor " + swapTwo(anna.Reference), []string{"Anna de Vries [near-reference]"}},
		{"B. Jansen", annaIBAN, swapTwo(bram.Reference), []string{"Bram Jansen [paid-before near-reference same-name]"}},
		{"Iemand", "", baker.Reference[1:], []string{"Bakkerij Voorbeeld [near-reference]"}},
		{"", "", "", nil},
	} {
		b := w.topUp(5_00, c.text)
		b.Name, b.IBAN = c.name, sepa.IBAN(c.iban)
		e := w.one(w.statement(8, b))
		if e.State != Unmatched {
			t.Fatalf("%+v: %s", c, e.show())
		}
		if got := w.suggested(e); !slices.Equal(got, c.want) {
			t.Errorf("%+v: %v", c, got)
		}
	}
	e := w.one(w.statement(8, w.topUp(10_00, bram.Reference)))
	if got := w.suggested(e); got != nil {
		t.Errorf("for one that was issued: %v", got)
	}
}

// swapTwo swaps two unlike neighbours in the random part of a reference.
func swapTwo(reference string) string {
	for at := 5; at+1 < len(reference); at++ {
		if reference[at] != reference[at+1] {
			return reference[:at] + reference[at+1:at+2] + reference[at:at+1] + reference[at+2:]
		}
	}
	return reference[:len(reference)-1]
}

func TestASuggestionThatIsConfirmedIsRememberedForTheNextTime(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	anna := w.resident("Anna de Vries")
	first := w.one(w.statement(8, w.topUp(5_00, "een")))
	if got := w.suggested(first); got != nil {
		t.Errorf("before: %v", got)
	}
	_, err := w.bank.MatchByHand(ctx, first.ID, anna.Account, desk)
	must(t, err)
	w.close()
	w.open()
	if got := w.suggested(w.one(w.statement(8, w.topUp(6_00, "twee")))); !slices.Equal(got, []string{"Anna de Vries [paid-before]"}) {
		t.Errorf("after: %v", got)
	}
}
