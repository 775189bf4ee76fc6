package wallet

import (
	"context"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"grulden/demurrage"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/ledger"
)

// begin starts a standing order from one person to another.
func (s *town) begin(from, to people.Person, terms record.Standing) ledger.ID {
	s.t.Helper()
	id, seal, err := s.orders.StandingForm(from.Account)
	if err != nil {
		s.t.Fatal(err)
	}
	terms.ID, terms.To = id, to.Account
	for range 2 { // a form that is sent twice makes one order
		if err := s.orders.Begin(from.ID, holderOf(from), terms, seal, "Huur"); err != nil {
			s.t.Fatal(err)
		}
	}
	return id
}

// one is the only standing order of a person.
func (s *town) one(who people.Person) Standing {
	s.t.Helper()
	all, err := s.orders.Standing(who.ID)
	if err != nil || len(all) != 1 {
		s.t.Fatalf("%d orders, %v; want one", len(all), err)
	}
	return all[0]
}

// crash makes the payment that is due and loses what should have been noted:
// the ledger has it, and the order does not know.
func (s *town) crash(who people.Person) {
	s.t.Helper()
	order := s.one(who)
	if order.Ended != NotEnded || max(order.Next, order.Retry) > s.node.Today() {
		return
	}
	if err := s.orders.payOnce(context.Background(), &order, s.node.Today()); err != nil {
		s.t.Fatal(err)
	}
	s.restart()
}

// dueDays are the days of an order, found by the calendar of package time.
func dueDays(terms record.Standing, until demurrage.Day) (days []demurrage.Day) {
	first := terms.First.Time()
	for i := 0; ; i++ {
		day := terms.First + demurrage.Day(7*i)
		if terms.Every == record.Monthly {
			month := time.Date(first.Year(), first.Month()+time.Month(i), 1, 0, 0, 0, 0, time.UTC)
			last := month.AddDate(0, 1, -1).Day()
			day = demurrage.CivilDay(month.AddDate(0, 0, min(first.Day(), last)-1))
		}
		if day > until || terms.HasLast && day > terms.Last {
			return days
		}
		days = append(days, day)
	}
}

// TestAStandingOrderPaysOnceForEachDueDayOfAYear: whatever day it begins,
// however often the server stops, also between a payment and its note, each due
// day is paid exactly once.
func TestAStandingOrderPaysOnceForEachDueDayOfAYear(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := newTown(t)
		anna, tuin := s.add("Anna", people.Resident, 5000_00), s.add("Tuin", people.Merchant, 0)
		terms := record.Standing{
			Amount: 3_00, Every: rapid.SampledFrom([]record.Every{record.Weekly, record.Monthly}).Draw(rt, "every"),
			First: s.node.Today() + demurrage.Day(rapid.SampledFrom([]int{3, 4, 26, 27, 28, 29, 300}).Draw(rt, "first")),
		}
		if rapid.Bool().Draw(rt, "ends") {
			terms.HasLast, terms.Last = true, terms.First+demurrage.Day(rapid.IntRange(0, 300).Draw(rt, "length"))
		}
		id := s.begin(anna, tuin, terms)
		started := s.node.Today()
		for s.node.Today() < started+366 {
			switch rapid.IntRange(0, 14).Draw(rt, "night") {
			case 0:
				s.crash(anna)
			case 1:
				s.restart()
			case 2:
				s.wait(10 * aDay) // the server is off
			}
			s.runDue()
			s.runDue()
			s.wait(6 * aDay)
		}
		s.runDue()
		days := dueDays(terms, s.node.Today())
		for _, day := range days {
			if !s.made(record.StandingPayment(id, day)) {
				rt.Errorf("the payment of %v was not made", day)
			}
		}
		entries, _, err := s.wallet.History(tuin.Account, 0, 1000)
		if err != nil || len(entries) != len(days) {
			rt.Errorf("%d payments, %v; want %d", len(entries), err, len(days))
		}
		order := s.one(anna)
		if done := terms.HasLast && terms.Last <= s.node.Today()-31; done && order.Ended != Finished || !terms.HasLast && order.Ended != NotEnded {
			rt.Errorf("ended as %q", order.Ended)
		}
	})
}

func TestAPaymentWithoutEnoughMoneyIsTriedThreeMoreDays(t *testing.T) {
	s := newTown(t)
	anna, bram := s.add("Anna", people.Resident, 5_00), s.add("Bram", people.Resident, 0)
	today := s.first()
	s.begin(anna, bram, record.Standing{Amount: 10_00, Every: record.Weekly, First: today})
	s.wait(noticeDays * aDay)
	var what []Happened
	for range 4 {
		s.runDue()
		s.runDue() // twice a day is one try
		s.restart()
		e, _ := ptr(s.one(anna)).LastEvent()
		what = append(what, e.What)
		s.wait(aDay)
	}
	for i, want := range []Happened{WasShort, WasShort, WasShort, WasFailed} {
		if what[i] != want {
			t.Errorf("day %d: %q, want %q", i+1, what[i], want)
		}
	}
	if got := s.one(anna); got.Next != today+7 || got.Ended != NotEnded {
		t.Errorf("then it goes on with %+v; want the next week", got)
	}
	s.wait(3 * aDay)
	s.runDue()
	s.submit(ledger.Issue{To: anna.Account, Amount: 20_00})
	s.wait(aDay)
	s.runDue()
	if got := s.one(anna); got.Next != today+14 || s.has(bram) != 10_00 {
		t.Errorf("after topping up: %+v, the other has %v", got, s.has(bram))
	}
}

func ptr[T any](v T) *T { return &v }

func TestAStandingOrderIsAnnouncedSkippedAndStopped(t *testing.T) {
	s := newTown(t)
	anna, bram := s.add("Anna", people.Resident, 100_00), s.add("Bram", people.Resident, 0)
	today := s.node.Today()
	id := s.begin(anna, bram, record.Standing{Amount: 10_00, Every: record.Weekly, First: today + 4})
	if order := s.one(anna); order.Announced(today) || !order.Announced(today+1) {
		t.Error("a payment is announced three days before, and not earlier")
	}
	for range 2 {
		if err := s.orders.SkipOnce(anna.ID, id, today+4); err != nil {
			t.Fatal(err)
		}
	}
	if order := s.one(anna); order.Next != today+11 {
		t.Errorf("after skipping one, the next is %v, want %v", order.Next, today+11)
	}
	s.wait(4 * aDay)
	s.runDue()
	if s.has(bram) != 0 {
		t.Error("a skipped payment was made")
	}
	s.wait(7 * aDay)
	s.runDue()
	if err := s.orders.Stop(bram.ID, id); !errors.Is(err, ErrUnknownOrder) {
		t.Errorf("somebody else stops it: %v", err)
	}
	for range 2 {
		if err := s.orders.Stop(anna.ID, id); err != nil {
			t.Fatal(err)
		}
	}
	s.restart()
	s.wait(30 * aDay)
	s.runDue()
	if s.has(bram) != 10_00 || s.one(anna).Ended != Stopped {
		t.Errorf("after it was stopped the other has %v, and it ended as %q", s.has(bram), s.one(anna).Ended)
	}
}

func TestAStandingOrderEndsWithTheAccountItPays(t *testing.T) {
	s := newTown(t)
	anna, bram := s.add("Anna", people.Resident, 100_00), s.add("Bram", people.Resident, 0)
	s.begin(anna, bram, record.Standing{Amount: 10_00, Every: record.Weekly, First: s.first()})
	s.wait(noticeDays * aDay)
	s.submit(ledger.Close{Account: bram.Account})
	s.runDue()
	if got := s.one(anna).Ended; got != Closed {
		t.Errorf("it ended as %q", got)
	}
	if err := s.people.Erase(anna.ID); err != nil {
		t.Fatal(err)
	}
	s.runDue()
	s.restart()
	s.runDue()
}

func TestAPaymentMissedForAMonthIsNotMadeAnyMore(t *testing.T) {
	s := newTown(t)
	anna, bram := s.add("Anna", people.Resident, 100_00), s.add("Bram", people.Resident, 0)
	s.begin(anna, bram, record.Standing{Amount: 10_00, Every: record.Monthly, First: s.first()})
	s.stop()
	s.wait((70 + noticeDays) * aDay)
	s.start()
	s.runDue()
	order := s.one(anna)
	var what []Happened
	for _, e := range order.Events {
		what = append(what, e.What)
	}
	if len(what) != 3 || what[0] != WasMissed || what[1] != WasMissed || what[2] != WasPaid || s.has(bram) != 10_00 {
		t.Errorf("%v; the other has %v", what, s.has(bram))
	}
}

func TestStandingOrdersThatCannotBeAreRefused(t *testing.T) {
	s := newTown(t)
	anna, bram := s.add("Anna", people.Resident, 100_00), s.add("Bram", people.Resident, 0)
	today := s.first()
	good := record.Standing{To: bram.Account, Amount: 1, Every: record.Weekly, First: today}
	for what, tt := range map[string]struct {
		change func(*record.Standing)
		text   string
		want   error
	}{
		"to oneself":         {func(t *record.Standing) { t.To = anna.Account }, "", ErrSelf},
		"nothing":            {func(t *record.Standing) { t.Amount = 0 }, "", ledger.ErrAmount},
		"in two days":        {func(t *record.Standing) { t.First-- }, "", ErrDay},
		"ended before":       {func(t *record.Standing) { t.HasLast, t.Last = true, today-1 }, "", ErrDay},
		"no rhythm":          {func(t *record.Standing) { t.Every = 0 }, "", ErrDay},
		"in two years":       {func(t *record.Standing) { t.First += 800 }, "", ErrDay},
		"a long story":       {func(*record.Standing) {}, string(make([]rune, MaxText+1)), ErrText},
		"an id of one's own": {func(t *record.Standing) { t.ID = ledger.ID{1} }, "", ErrStale},
	} {
		terms := good
		id, seal, err := s.orders.StandingForm(anna.Account)
		if err != nil {
			t.Fatal(err)
		}
		terms.ID = id
		tt.change(&terms)
		if err := s.orders.Begin(anna.ID, holderOf(anna), terms, seal, tt.text); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", what, err, tt.want)
		}
	}
	for range MaxStanding {
		s.begin(anna, bram, good)
	}
	if err := s.refused(anna, holderOf(anna), good); !errors.Is(err, ErrTooMany) {
		t.Errorf("one more than %d: %v", MaxStanding, err)
	}
}

// first is the earliest day for a resident's order.
func (s *town) first() demurrage.Day { return s.node.Today() + noticeDays }

// refused is why a holder cannot begin an order.
func (s *town) refused(from people.Person, h Holder, terms record.Standing) error {
	s.t.Helper()
	id, seal, err := s.orders.StandingForm(from.Account)
	if err != nil {
		s.t.Fatal(err)
	}
	terms.ID = id
	return s.orders.Begin(from.ID, h, terms, seal, "")
}

// TestAStandingOrderIsHeldAgainstTheLimits: who has card and PIN gets no more by
// an order than by a payment, and what it paid counts for the day.
func TestAStandingOrderIsHeldAgainstTheLimits(t *testing.T) {
	s := newTown(t)
	anna, bakker := s.add("Anna", people.Resident, 5000_00), s.add("Bakker", people.Merchant, 5000_00)
	card := s.node.Settings().Limits.Card
	terms := record.Standing{To: bakker.Account, Amount: card, Every: record.Weekly, First: s.first()}
	for _, how := range []string{record.ByPIN, record.ByPasskey, record.ByDevice, record.ByHelper, record.ByStanding} {
		h := holderOf(anna)
		h.Auth.How = how
		if err := s.refused(anna, h, terms); !errors.Is(err, ErrPINNeeded) {
			t.Errorf("by %s: %v, want ErrPINNeeded", how, err)
		}
	}
	var over ErrOverLimit
	more := terms
	more.Amount++
	if err := s.refused(anna, holderOf(anna), more); !errors.As(err, &over) || over.Limit != card {
		t.Errorf("a cent beyond the limit of the card: %v", err)
	}
	more.To = anna.Account
	more.First = s.node.Today()
	if err := s.refused(bakker, holderOf(bakker), more); err != nil {
		t.Errorf("a shop, today: %v", err)
	}
	s.begin(anna, bakker, terms)
	s.wait(noticeDays * aDay)
	s.runDue()
	day := s.node.Settings().Limits.CardDay
	if err := s.wallet.Allowed(holderOf(anna), card); err != nil && day >= 2*card {
		t.Errorf("after it was paid: %v", err)
	}
	err := s.wallet.Allowed(holderOf(anna), day)
	if !errors.As(err, &over) || over.Left != day-card {
		t.Errorf("what was paid counts for the day: %v, want %v left", err, day-card)
	}
}

// TestAnOrderByPINEndsWithTheCard: whoever stole card and PIN keeps no payments
// running after the owner has a new one.
func TestAnOrderByPINEndsWithTheCard(t *testing.T) {
	for _, looked := range []bool{false, true} {
		s := newTown(t)
		anna, bram := s.add("Anna", people.Resident, 100_00), s.add("Bram", people.Resident, 0)
		s.begin(anna, bram, record.Standing{Amount: 10_00, Every: record.Weekly, First: s.first()})
		if _, _, err := s.people.NewCard(anna.ID); err != nil {
			t.Fatal(err)
		}
		s.restart()
		if looked {
			s.one(anna)
		}
		s.wait(noticeDays * aDay)
		day := s.node.Today()
		s.runDue()
		if looked {
			day -= noticeDays
		}
		if got := s.one(anna); got.Ended != NewCard || got.EndedOn != day || s.has(bram) != 0 {
			t.Errorf("looked at before: %v; ended as %q on %v, and %v was paid", looked, got.Ended, got.EndedOn, s.has(bram))
		}
		s.begin2nd(anna, bram)
	}
}

// begin2nd begins an order with the new card, and has it paid.
func (s *town) begin2nd(from, to people.Person) {
	s.t.Helper()
	s.begin(from, to, record.Standing{Amount: 10_00, Every: record.Weekly, First: s.first()})
	s.wait(noticeDays * aDay)
	s.runDue()
	if s.has(to) != 10_00 {
		s.t.Errorf("with the new card %v was paid", s.has(to))
	}
}
