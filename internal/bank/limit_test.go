package bank

import (
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/demurrage"
	"grulden/internal/node"
	"grulden/ledger"
)

// limit lets a wijk decide how much a person may top up in a month.
func (w *wijk) limit(cents ledger.Cents) {
	w.t.Helper()
	rules := node.DefaultRules()
	rules.TopUpMonth = cents
	must(w.t, w.node.SetRules(demurrage.Day(w.today()), rules))
}

func TestTopUpOverTheMonthsLimitWaits(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	w.limit(50_00)
	anna, bram := w.resident("Anna Voorbeeld"), w.resident("Bram Voorbeeld")
	file := w.statement(8,
		w.topUp(30_00, anna.Reference), w.topUp(25_00, anna.Reference), // together too much, in one file
		w.topUp(20_00, anna.Reference), w.topUp(50_00, bram.Reference))
	o := w.take(file)
	wantState(t, o.Entries[0], Issued, "")
	wantState(t, o.Entries[1], Unmatched, OverLimit)
	wantState(t, o.Entries[2], Issued, "")
	wantState(t, o.Entries[3], Issued, "")
	if o.Entries[1].Account != anna.Account {
		t.Error("it is not known any more whose it is")
	}
	room, err := w.bank.Room(anna.Account)
	must(t, err)
	wantCents(t, "room", room, 0)
	_, err = w.bank.MatchByHand(ctx, o.Entries[1].ID, anna.Account, desk)
	wantErr(t, err, ErrOverLimit)
	wantState(t, w.take(file).Entries[1], Unmatched, OverLimit)
	wantCents(t, "Anna", w.has(anna.Account), 50_00)
}

func TestWhatWasOverTheLimitIsIssuedInTheNextMonth(t *testing.T) {
	for _, how := range []string{"another file", "the next start"} {
		t.Run(how, func(t *testing.T) {
			w := newWijk(t, vfs.NewMem())
			w.limit(50_00)
			anna := w.resident("Anna Voorbeeld")
			w.take(w.statement(8, w.topUp(40_00, anna.Reference), w.topUp(30_00, anna.Reference)))
			wantCents(t, "April", w.head().Issued, 40_00)
			w.clock.add(29 * 24 * time.Hour) // 1 May
			if how == "another file" {
				o := w.take(w.statement(8, w.topUp(1_00, "niets")))
				if got := o.Total(Issued); got.New != 1 || got.In != 30_00 || len(o.Entries) != 2 {
					t.Errorf("%+v of %d", got, len(o.Entries))
				}
			} else {
				w.close()
				w.open()
			}
			wantCents(t, "May", w.head().Issued, 70_00)
			w.close()
		})
	}
}

func TestWithoutALimitAnyAmountIsIssued(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	w.limit(0)
	anna := w.resident("Anna Voorbeeld")
	wantState(t, w.one(w.statement(8, w.topUp(90_000_00, anna.Reference))), Issued, "")
}

func TestCashAndHandCountTowardsTheLimit(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	w.limit(50_00)
	anna := w.resident("Anna Voorbeeld")
	r, err := w.node.Submit(ctx, node.Request{Auth: desk, Command: ledger.Issue{To: anna.Account, Amount: 20_00}, Key: ledger.Key{1}})
	must(t, err)
	if r.Result != ledger.Applied {
		t.Fatal(r.Result)
	}
	e := w.one(w.statement(8, w.topUp(20_00, "zonder kenmerk")))
	_, err = w.bank.MatchByHand(ctx, e.ID, anna.Account, desk)
	must(t, err)
	wantState(t, w.one(w.statement(8, w.topUp(20_00, anna.Reference))), Unmatched, OverLimit)
	wantState(t, w.one(w.statement(8, w.topUp(10_00, anna.Reference))), Issued, "")
}
