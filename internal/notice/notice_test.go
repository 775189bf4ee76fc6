package notice

import (
	"bytes"
	"testing"
	"time"

	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/ledger"
)

func TestEveryEventOfTheJournalIsToldOnceToWhomItConcerns(t *testing.T) {
	w := newWijk(t)
	anna, bakker := w.person(people.Resident, "Anna"), w.person(people.Merchant, "Bakker")
	paid, back := ledger.ID{1: 1}, ledger.ID{1: 2}
	w.do(ledger.Issue{To: anna.Account, Amount: 50_00}, record.ByBank)
	w.do(ledger.Issue{To: anna.Account, Amount: 5_00}, record.ByTwo)
	w.do(ledger.Pay{ID: ledger.ID{0: 1}, From: anna.Account, To: bakker.Account, Amount: 30_00})
	w.do(ledger.Pay{ID: ledger.ID{0: 2}, From: anna.Account, To: bakker.Account, Amount: 2_00}, record.ByStanding)
	w.do(ledger.Redeem{ID: paid, From: bakker.Account, Amount: 20_00})
	w.do(ledger.Redeem{ID: back, From: bakker.Account, Amount: 10_00})
	w.do(ledger.Settle{Of: paid})
	w.do(ledger.Settle{Of: back})
	w.clock.add(time.Hour)
	must(t, w.post.Follow())
	w.do(ledger.Reopen{Of: back})
	w.do(ledger.Reject{Of: back})
	w.do(ledger.Block{Account: anna.Account})
	w.do(ledger.Note{Account: anna.Account, About: "blocked"}) // told already
	w.do(ledger.Note{Account: anna.Account, About: "card-lost"})
	must(t, w.post.Follow())
	must(t, w.post.Follow())
	for who, want := range map[*people.Person]string{
		&anna:   "act card-lost, blocked, standing 200, issued 500, topup 5000",
		&bakker: "rejected 1000, cameback 1000, paidout 1000, paidout 2000",
	} {
		if got := w.kinds(*who); got != want {
			t.Errorf("%s was told %q, want %q", who.Name, got, want)
		}
	}
}

func TestAnotherPolicyIsToldToEverybodyWithAnAccount(t *testing.T) {
	w := newWijk(t)
	anna, bakker, desk := w.person(people.Resident, "Anna"), w.person(people.Merchant, "Bakker"), people.Person{ID: people.NewID(), Role: people.Desk, Name: "Balie"}
	desk, _, err := w.people.Add(desk, "hash", w.clock.Now())
	must(t, err)
	p := ledger.DefaultPolicy()
	p.Hops, p.From = 2, w.node.Today()+60
	w.do(ledger.SetPolicy{Policy: p, HasFrom: true})
	must(t, w.post.Follow())
	for _, who := range []people.Person{anna, bakker} {
		if got := w.kinds(who); got != "policy 2026-06-01" {
			t.Errorf("%s was told %q", who.Name, got)
		}
	}
	if got := w.kinds(desk); got != "" {
		t.Errorf("the desk was told %q", got)
	}
}

func TestAPowerCutLosesNoNoticeAndDoublesNone(t *testing.T) {
	w := newWijk(t)
	anna := w.person(people.Resident, "Anna")
	w.do(ledger.Issue{To: anna.Account, Amount: 50_00}, record.ByBank)
	before := w.powerCut()
	must(t, w.post.Follow())
	after := w.powerCut()
	for name, cut := range map[string]*wijk{"before": before, "after": after} {
		must(t, cut.post.Follow())
		if got := cut.kinds(anna); got != "topup 5000" {
			t.Errorf("cut %s following: %q", name, got)
		}
	}
}

func TestTheSameKeyIsToldOnceAndTheErasedAreNot(t *testing.T) {
	w := newWijk(t)
	anna := w.person(people.Resident, "Anna")
	for range 2 {
		must(t, w.post.Send(anna.ID, Notice{Key: "a", Kind: Granted}))
	}
	if got := w.kinds(anna); got != "granted" {
		t.Errorf("told %q", got)
	}
	must(t, w.people.Erase(anna.ID))
	must(t, w.post.Send(anna.ID, Notice{Key: "b", Kind: Granted}))
	w.do(ledger.Issue{To: anna.Account, Amount: 1_00}, record.ByBank)
	must(t, w.post.Follow())
	if got := w.kinds(anna); got != "" {
		t.Errorf("after erasure %q is on file", got)
	}
}

func TestWhatMattersAndReachedNobodyIsPrintedOnce(t *testing.T) {
	w := newWijk(t)
	anna, bert, cor := w.person(people.Resident, "Anna"), w.person(people.Resident, "Bert"), w.person(people.Resident, "Cor")
	must(t, w.post.WantLetters(cor.ID, false))
	for _, p := range []people.Person{anna, bert, cor} {
		w.do(ledger.Block{Account: p.Account})
		w.do(ledger.Issue{To: p.Account, Amount: 1_00}, record.ByBank) // no letter for this
	}
	must(t, w.post.Follow())
	if got := w.letters(); got != "Anna blocked, Bert blocked" {
		t.Fatalf("to print: %q", got)
	}
	read, err := w.post.Of(bert.ID)
	must(t, err)
	must(t, w.post.Saw(bert.ID, read))
	if got := w.letters(); got != "Anna blocked" {
		t.Fatalf("after Bert read it in the app: %q", got)
	}
	waiting, err := w.post.Letters()
	must(t, err)
	upTo := waiting[len(waiting)-1].At
	w.clock.add(time.Minute)
	w.do(ledger.Unblock{Account: anna.Account})
	must(t, w.post.Follow())
	must(t, w.post.Printed(upTo))
	if got := w.letters(); got != "Anna unblocked" {
		t.Errorf("what came after the printing is %q", got)
	}
}

func TestLettersArePagesWithTheSameBytesEachTime(t *testing.T) {
	letter := Paper{Sender: "Grulden", Address: []string{"Anna", "Voorbeeldstraat 1"}, Day: "2 april", Text: Text{Title: "Uw rekening is dicht", Lines: []string{"Kom langs, één keer."}}}
	one, err := DrawLetters("nl", "Brieven", []Paper{letter, letter})
	must(t, err)
	again, err := DrawLetters("nl", "Brieven", []Paper{letter, letter})
	must(t, err)
	if !bytes.Equal(one, again) || bytes.Count(one, []byte("/Type /Page\n")) != 2 {
		t.Error("two letters are not two pages that are the same each time")
	}
}

func TestAHistoryThatIsSkippedIsToldToNobody(t *testing.T) {
	w := newWijk(t)
	anna := w.person(people.Resident, "Anna")
	w.do(ledger.Issue{To: anna.Account, Amount: 50_00}, record.ByBank)
	must(t, w.post.FromNow())
	w.do(ledger.Issue{To: anna.Account, Amount: 2_00}, record.ByBank)
	must(t, w.post.Follow())
	if got := w.kinds(anna); got != "topup 200" {
		t.Errorf("told %q", got)
	}
}

func TestOldNoticesGo(t *testing.T) {
	w := newWijk(t)
	anna := w.person(people.Resident, "Anna")
	must(t, w.post.Send(anna.ID, Notice{Key: "old", Kind: Granted}))
	w.clock.add(keptFor + time.Hour)
	must(t, w.post.Send(anna.ID, Notice{Key: "new", Kind: Blocked}))
	must(t, w.post.Sweep(w.clock.Now()))
	if got := w.kinds(anna); got != "blocked" {
		t.Errorf("kept: %q", got)
	}
}
