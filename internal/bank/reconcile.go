package bank

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"grulden/internal/node"
	"grulden/internal/store"
	"grulden/ledger"
)

// Rows of what the bank should have:
//
//	s f          the first balance that the bank told, and the ledger then
//	s l          the last balance
//	q time       what an import found
var (
	firstKey = []byte("sf")
	lastKey  = []byte("sl")
)

const reconciliationRow = 'q'

// Balance is what the bank said was on the reserve account.
type Balance struct {
	Day       Date         `json:"day"`
	Cents     ledger.Cents `json:"cents"`
	Statement string       `json:"statement"` // its id
}

// beginning is what was there before the first statement.
type beginning struct {
	Balance
	Issued   ledger.Cents `json:"issued"` // as the ledger said before anything was taken in
	Redeemed ledger.Cents `json:"redeemed"`
}

// PartName names a part of what the bank should have.
type PartName string

// The parts. Their sum is what the bank should have.
const (
	AtStart     PartName = "start"     // there was on the account before the first statement
	ByLedger    PartName = "ledger"    // issued less paid out since, by the ledger
	Elsewhere   PartName = "elsewhere" // of that: issued without a bank entry of its own, so never on the account
	PaidByHand  PartName = "by-hand"   // called paid by people, and on no statement yet
	Waits       PartName = "waits"     // came in, and is no Grulden
	CashAndGift PartName = "assigned"  // came in or left as cash or as money for many people
	Costs       PartName = "costs"     // of the bank
	ByOrder     PartName = "sent"      // left as an order, such as money that went back to its sender
	NotAskedFor PartName = "not-asked" // left, and nobody asked for it
)

// Part is a part of what the bank should have; what left counts below nought.
type Part struct {
	Name  PartName     `json:"name"`
	Cents ledger.Cents `json:"cents"`
}

// Reconciliation holds what the bank said against what it should have.
type Reconciliation struct {
	At         time.Time    `json:"at"`
	Last       Balance      `json:"last"`  // the bank's own last word
	Since      ledger.Cents `json:"since"` // booked after that day, until today
	Parts      []Part       `json:"parts"`
	Expected   ledger.Cents `json:"expected"`   // sum of the parts
	Difference ledger.Cents `json:"difference"` // last + since − expected; nought when all is well
	Gap        ledger.Cents `json:"gap"`        // last − (first + entries until that day): not nought when a statement is missing
}

// cents reads a balance as an Outcome shows it.
func balanceCents(s string) (ledger.Cents, error) {
	d, err := decimal.NewFromString(s)
	return ledger.Cents(d.Shift(2).IntPart()), err
}

// begin notes the ledger before the first statement is taken in, and an earlier
// first statement than was known.
func (b *Bank) begin(statements []Statement) error {
	var first beginning
	found, err := b.rows.Read(firstKey, &first)
	if err != nil {
		return err
	}
	if !found {
		err := b.node.Read(func(v *node.View) error {
			first.Issued, first.Redeemed = v.Head().Issued, v.Head().Redeemed
			return nil
		})
		if err != nil {
			return err
		}
	}
	for _, s := range statements {
		day := cmp.Or(s.From, s.Closes)
		if s.Reason != "" || s.Notice || s.Opening == "" || first.Day != 0 && day >= first.Day {
			continue
		}
		if first.Cents, err = balanceCents(s.Opening); err != nil {
			return err
		}
		first.Day, first.Statement = day, s.ID
	}
	return b.rows.Put(firstKey, store.Row(first))
}

// reconcile keeps the bank's last word and what it is held against.
func (b *Bank) reconcile(statements []Statement) (*Reconciliation, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var last Balance
	if _, err := b.rows.Read(lastKey, &last); err != nil {
		return nil, err
	}
	for _, s := range statements {
		if s.Reason != "" || s.Notice || s.Closing == "" || s.Opening == "" || s.Closes < last.Day {
			continue
		}
		opening, err := balanceCents(s.Opening)
		if err != nil {
			return nil, err
		}
		if s.Closes == last.Day && opening != last.Cents {
			continue // one of the same day, from before
		}
		closing, err := balanceCents(s.Closing)
		if err != nil {
			return nil, err
		}
		last = Balance{Day: s.Closes, Cents: closing, Statement: s.ID}
	}
	if last.Day == 0 {
		return nil, nil
	}
	if err := b.rows.Put(lastKey, store.Row(last)); err != nil {
		return nil, err
	}
	r, err := b.compare()
	if err != nil {
		return nil, fmt.Errorf("hold the bank against the ledger: %w", err)
	}
	key := binary.BigEndian.AppendUint64([]byte{reconciliationRow}, uint64(r.At.UnixNano()))
	return r, b.rows.Put(key, store.Row(r))
}

// Reconcile holds the bank's last word against what it should have now; nil
// before the first statement.
func (b *Bank) Reconcile() (*Reconciliation, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	found, err := b.rows.Read(lastKey, &Balance{})
	if err != nil || !found {
		return nil, err
	}
	return b.compare()
}

// Balances are what the bank said first and last; found is false before the
// first statement.
func (b *Bank) Balances() (first, last Balance, found bool, err error) {
	var began beginning
	if found, err = b.rows.Read(lastKey, &last); err != nil || !found {
		return first, last, false, err
	}
	_, err = b.rows.Read(firstKey, &began)
	return began.Balance, last, true, err
}

// tally adds up bank entries.
type tally struct {
	last, today                              Date
	until, since                             ledger.Cents // the last balance's day
	issued, waits, assigned, costs, notAsked ledger.Cents
}

func (t *tally) add(e *Entry) {
	if e.State == Foreign || e.State == Split || e.Reason == PartOfBatch {
		return // in another account, or told twice
	}
	signed := e.Cents
	if !e.Credit {
		signed = -signed
	}
	switch { // what is of no day yet is no money
	case e.Day <= t.last:
		t.until += signed
	case e.Day <= t.today:
		t.since += signed
	}
	switch {
	case e.State == Issued:
		t.issued += signed
	case e.State == Settled || e.State == GivenBack: // which the ledger counts
	case e.State == Assigned && e.Purpose == ForCosts:
		t.costs += signed
	case e.State == Assigned:
		t.assigned += signed
	case e.Credit:
		t.waits += signed
	default:
		t.notAsked += signed
	}
}

func (b *Bank) compare() (*Reconciliation, error) {
	r := &Reconciliation{At: b.node.Now().UTC()}
	var first beginning
	var t tally
	_, err := b.rows.Read(lastKey, &r.Last)
	if err == nil {
		_, err = b.rows.Read(firstKey, &first)
	}
	if err != nil {
		return nil, err
	}
	t.last, t.today = r.Last.Day, Date(b.node.Today())
	err = b.rows.Scan([]byte{entryRow}, func(_, row []byte) error {
		e := &Entry{}
		err := store.ParseRow(row, e)
		t.add(e)
		return err
	})
	orders, err2 := b.ordersPaid()
	byHand, err3 := b.paidByHand()
	if err := errors.Join(err, err2, err3); err != nil {
		return nil, err
	}
	err = b.node.Read(func(v *node.View) error {
		h := v.Head()
		issued, redeemed := h.Issued-first.Issued, h.Redeemed-first.Redeemed
		r.Parts = []Part{
			{AtStart, first.Cents},
			{ByLedger, issued - redeemed},
			{Elsewhere, t.issued - issued},
			{PaidByHand, byHand},
			{Waits, t.waits},
			{CashAndGift, t.assigned},
			{Costs, t.costs},
			{ByOrder, -orders},
			{NotAskedFor, t.notAsked},
		}
		return nil
	})
	for _, p := range r.Parts {
		r.Expected += p.Cents
	}
	r.Since = t.since
	r.Difference = r.Last.Cents + r.Since - r.Expected
	r.Gap = r.Last.Cents - first.Cents - t.until
	return r, err
}

// ordersPaid adds up the orders that the bank paid. What came back of them is an
// entry of its own.
func (b *Bank) ordersPaid() (sum ledger.Cents, err error) {
	err = b.rows.Scan([]byte{orderRow}, func(_, row []byte) error {
		var o Order
		err := store.ParseRow(row, &o)
		if o.Paid != (ID{}) {
			sum += o.Cents
		}
		return err
	})
	return sum, err
}

// paidByHand adds up what people called paid and no statement shows.
func (b *Bank) paidByHand() (sum ledger.Cents, err error) {
	err = b.rows.Scan([]byte{handRow}, func(key, row []byte) error {
		var h hand
		if err := store.ParseRow(row, &h); err != nil {
			return err
		}
		id := ID(key[1:])
		claimed, err := b.rows.Read(rowKey(claimRow, id), &ID{})
		if err != nil || claimed {
			return err
		}
		return b.node.Read(func(v *node.View) error {
			r, err := v.Redemption(ledger.ID(id))
			if r != nil && r.Progress == ledger.Settled {
				sum += h.Cents
			}
			return err
		})
	})
	return sum, err
}

// Reconciliations lists what the last imports found, the newest first.
func (b *Bank) Reconciliations(limit int) (all []Reconciliation, err error) {
	s := b.node.Store().Snapshot()
	defer s.Close()
	prefix := []byte{store.Bank, reconciliationRow}
	err = s.ScanBack(prefix, store.End(prefix), func(_, row []byte) error {
		var r Reconciliation
		if err := store.ParseRow(row, &r); err != nil {
			return err
		}
		if all = append(all, r); len(all) >= limit {
			return store.Stop
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list comparisons with the bank: %w", err)
	}
	return all, nil
}
