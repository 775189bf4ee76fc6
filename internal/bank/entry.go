package bank

import (
	"cmp"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"grulden/demurrage"
	"grulden/internal/node"
	"grulden/internal/record"
	"grulden/internal/sepa"
	"grulden/internal/store"
	"grulden/ledger"
)

// State is what became of a bank entry.
type State string

// The states of an entry. Those that may change are Kept, Unmatched, Returning
// and SentBack, and Whole into Split.
const (
	Kept        State = "kept"        // seen, and no more yet: the work on it was cut short
	Issued      State = "issued"      // a top-up, now Grulden
	Unmatched   State = "unmatched"   // money came in and waits for a person to say whose it is
	Settled     State = "settled"     // a payment that redemptions asked for
	Unexplained State = "unexplained" // money left that nobody asked for, or not so
	Returned    State = "returned"    // a payment was undone, by whichever side
	GivenBack   State = "given-back"  // a payout came back, and its Grulden were given back
	Whole       State = "whole"       // a sum of several payments that the bank does not list
	Assigned    State = "assigned"    // a person said what it is: no top-up and no payout
	Split       State = "split"       // told elsewhere too: a sum whose payments are listed, or a payment in a sum
	Foreign     State = "foreign"     // of another account or in another currency: nothing was done with it
	Returning   State = "returning"   // it goes back to its sender with a payment file
	SentBack    State = "sent-back"   // it went back to its sender
	Pending     State = "pending"     // announced only: news and not money, so it is not kept
)

// States lists every state, in the order in which totals are given.
func States() []State {
	return []State{
		Issued, Settled, Unmatched, Assigned, Unexplained, Foreign, Returned, GivenBack, Returning, SentBack,
		Whole, Split, Pending, Kept,
	}
}

// Reason says why an entry or a redemption is where it is: one of the words
// below, or the code of a ledger.Result.
type Reason string

// The reasons.
const (
	NoReference        Reason = "no-reference"        // no RF reference in it
	UnknownReference   Reason = "unknown-reference"   // none of its references is anybody's
	SeveralReferences  Reason = "several-references"  // of more than one person
	NotAsked           Reason = "not-asked"           // no end-to-end id of ours
	UnknownPayout      Reason = "unknown-redemption"  // an end-to-end id of ours, of no redemption
	OtherAmount        Reason = "other-amount"        // than the redemption comes to
	OtherAccount       Reason = "other-account"       // than the payee's, or than the reserve
	OtherCurrency      Reason = "other-currency"      // than euro
	RejectedRedemption Reason = "rejected-redemption" // paid although its Grulden were given back
	KeyTaken           Reason = "key-taken"           // the journal has something else under its key
	PaidTwice          Reason = "paid-twice"          // another entry paid the same before
	PartOfBatch        Reason = "part-of-batch"       // settled when the sum of the batch was seen
	Reversal           Reason = "reversal"            // the bank undid an entry
	Return             Reason = "return"              // the payment came back
	PayoutNotSeen      Reason = "payout-not-seen"     // it came back, and no statement shows yet that it was paid
	OverLimit          Reason = "over-limit"          // more than a resident may top up in this month
	ReturnFailed       Reason = "return-failed"       // it was sent back, and came again
	InParts            Reason = "in-parts"            // its payments are listed one by one
	InSum              Reason = "in-sum"              // it is part of a sum that was dealt with
	NotApproved        Reason = "not-approved"        // by anybody yet
	NoPayee            Reason = "no-payee"            // nobody is known behind the account
	NoIBAN             Reason = "no-iban"             // on file for the payee
	NotVouched         Reason = "not-vouched"         // no second person looked at the payee's account yet
	NoNameCheck        Reason = "no-name-check"       // the bank was not asked whether name and IBAN belong together
	OldNameCheck       Reason = "old-name-check"      // it was asked too long ago
	NameDiffers        Reason = "name-differs"        // the account is somebody else's
	BadPayee           Reason = "bad-payee"           // a bank would refuse the payment
)

// Entry is one entry on the reserve account and what became of it.
type Entry struct {
	ID     ID           `json:"id,omitzero"` // nought while Pending
	Day    Date         `json:"day"`         // on which the bank booked it
	Cents  ledger.Cents `json:"cents"`       // never negative; hundredths of Currency
	Credit bool         `json:"credit"`      // money came in
	// Currency is empty for euro.
	Currency string `json:"currency,omitempty"`
	// Notice: told by a notification, and by no statement yet. Both: told by
	// both, and Notice is false.
	Notice bool   `json:"notice,omitempty"`
	Both   bool   `json:"both,omitempty"`
	State  State  `json:"state"`
	Reason Reason `json:"reason,omitempty"`

	Account    ledger.AccountID `json:"account,omitempty,string"` // issued to, or whose reference it has
	Redemption ID               `json:"redemption,omitzero"`      // it is about
	Batch      string           `json:"batch,omitempty"`          // it is about, as a whole
	Order      ID               `json:"order,omitzero"`           // it is about
	Purpose    Purpose          `json:"purpose,omitempty"`        // of one that was Assigned
	Of         ID               `json:"of,omitzero"`              // what it was assigned to
	SentTimes  int              `json:"sent_times,omitempty"`     // it was sent back, and came again
	Group      ID               `json:"group,omitzero"`           // of the batch that it is, or is part of
	Seq        uint64           `json:"seq,omitempty"`            // the entry in the journal; of a batch, the last one
	By         ID               `json:"by,omitzero"`              // who matched it, or imported it when that was done or last tried
	ByHand     bool             `json:"by_hand,omitempty"`        // a person said whose it is
	Seen       time.Time        `json:"seen"`                     // when it was first imported
	New        bool             `json:"new,omitempty"`            // in an Outcome: taken in or changed just now

	*Details `json:"details,omitempty"`

	stored  State         // as it is on disk; empty when it is not there
	refused ledger.Result // why the ledger did not issue it just now
}

// Details are what the bank says about an entry: personal data, sealed.
type Details struct {
	Name         string   `json:"name,omitempty"` // of the other side
	IBAN         string   `json:"iban,omitempty"` // of the other side
	Text         string   `json:"text,omitempty"`
	References   []string `json:"references,omitempty"` // structured ones
	Info         string   `json:"info,omitempty"`       // the bank's own text
	EndToEndID   string   `json:"end_to_end_id,omitempty"`
	BankRef      string   `json:"bank_ref,omitempty"`
	ValueDay     Date     `json:"value_day,omitzero"`
	IsReversal   bool     `json:"reversal,omitempty"`
	ReturnReason string   `json:"return_reason,omitempty"`
	BatchIDs     []string `json:"batch_ids,omitempty"` // message and payment information id
	BatchCount   int      `json:"batch_count,omitempty"`
	Unsplit      bool     `json:"unsplit,omitempty"`
	OwnAccount   string   `json:"own_account,omitempty"` // whose statement it was on, if not the reserve's
}

// newEntry is an entry as the bank gives it.
func newEntry(e sepa.Entry) *Entry {
	d := &Details{
		Name: e.CounterpartyName, IBAN: e.CounterpartyIBAN, Text: e.Remittance, References: e.RemittanceRefs, Info: e.Info,
		EndToEndID: e.EndToEndID, BankRef: e.AcctSvcrRef, ValueDay: Date(e.ValueDate),
		IsReversal: e.Reversal, ReturnReason: e.ReturnReason, BatchCount: e.BatchCount, Unsplit: e.Unsplit,
	}
	for _, id := range []string{e.BatchMsgID, e.BatchPmtInfID} {
		if id != "" && !slices.Contains(d.BatchIDs, id) {
			d.BatchIDs = append(d.BatchIDs, id)
		}
	}
	out := &Entry{Day: Date(e.BookingDate), Cents: ledger.Cents(e.Cents), Credit: e.Credit, State: Pending, Details: d}
	if e.Currency != euro {
		out.Currency = e.Currency
	}
	return out
}

// references are those that the payer may have given and that could be ours.
func (d *Details) references(length int) []string {
	e := sepa.Entry{RemittanceRefs: d.References, Remittance: d.Text, Info: d.Info, Unsplit: d.Unsplit}
	return e.RFCandidates(length)
}

// open tells whether something may still be done with an entry.
func (e *Entry) open() bool { return e.State == Kept || e.State == Unmatched }

// detailsDoc is the name of an entry's document in the vault.
func detailsDoc(id ID) string { return "bank entry/" + id.String() }

// loadDetails unseals what the bank said.
func (b *Bank) loadDetails(e *Entry) error {
	doc, ok, err := b.vault.Get(b.subject, detailsDoc(e.ID))
	if err != nil {
		return fmt.Errorf("bank entry %v: %w", e.ID, err)
	}
	e.Details = &Details{}
	if !ok {
		return nil // erased: the amount stays
	}
	if err := json.Unmarshal(doc, e.Details); err != nil {
		return fmt.Errorf("bank entry %v: %w", e.ID, err)
	}
	return nil
}

// indexKey is the place of an entry among those of its state, by day.
func indexKey(s State, day Date, id ID) []byte {
	key := binary.BigEndian.AppendUint32(indexPrefix(s), uint32(day)^1<<31)
	return append(key, id[:]...)
}

func indexPrefix(s State) []byte { return append([]byte{indexRow}, s+"/"...) }

// put adds an entry to a batch in its present state.
func (e *Entry) put(rows *store.Batch) {
	row := *e
	row.Details, row.New = nil, false
	rows.Set(rowKey(entryRow, e.ID), store.Row(row))
	if e.stored != "" && e.stored != e.State {
		rows.Delete(indexKey(e.stored, e.Day, e.ID))
	}
	rows.Set(indexKey(e.State, e.Day, e.ID), nil)
}

// save writes entries that changed.
func (b *Bank) save(entries []*Entry) error { return b.saveWith(entries, func(*store.Batch) {}) }

// saveWith writes entries that changed, and in the same step what more follows
// from them.
func (b *Bank) saveWith(entries []*Entry, more func(*store.Batch)) error {
	err := b.rows.Update(func(rows *store.Batch) {
		for _, e := range entries {
			e.New = e.New || e.State != e.stored
			b.rememberPayer(rows, e)
			e.put(rows)
		}
		more(rows)
	})
	if err != nil {
		return fmt.Errorf("keep bank entries: %w", err)
	}
	for _, e := range entries {
		e.stored = e.State
	}
	return nil
}

// Entry finds an entry with what the bank said about it, or ErrUnknownEntry.
func (b *Bank) Entry(id ID) (*Entry, error) {
	e := &Entry{}
	found, err := b.rows.Read(rowKey(entryRow, id), e)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, ErrUnknownEntry
	}
	e.stored = e.State
	return e, b.loadDetails(e)
}

// Filter chooses entries. Zero fields choose all.
type Filter struct {
	States   []State
	From, To demurrage.Day // both included
	Skip     int           // so many of the newest
	Limit    int           // at most so many; 100 when zero
}

const defaultLimit = 100

// Entries lists entries, the latest booking day first.
func (b *Bank) Entries(f Filter) ([]*Entry, error) {
	if f.Limit <= 0 {
		f.Limit = defaultLimit
	}
	if len(f.States) == 0 {
		f.States = States()
	}
	s := b.node.Store().Snapshot()
	defer s.Close()
	var all []*Entry
	for _, state := range f.States {
		some, err := newest(s, state, f)
		if err != nil {
			return nil, fmt.Errorf("list bank entries: %w", err)
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(e, f *Entry) int {
		return cmp.Or(cmp.Compare(f.Day, e.Day), slices.Compare(f.ID[:], e.ID[:]))
	})
	all = all[min(f.Skip, len(all)):]
	all = all[:min(f.Limit, len(all))]
	for _, e := range all {
		if err := b.loadDetails(e); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// newest are the last entries of one state that a filter may come to.
func newest(s *store.Snapshot, state State, f Filter) (found []*Entry, err error) {
	prefix := append([]byte{store.Bank}, indexPrefix(state)...)
	lower, upper := prefix, store.End(prefix)
	if f.From != 0 {
		lower = append([]byte{store.Bank}, indexKey(state, Date(f.From), ID{})...)
	}
	if f.To != 0 {
		upper = append([]byte{store.Bank}, indexKey(state, Date(f.To)+1, ID{})...)
	}
	err = s.ScanBack(lower, upper, func(key, _ []byte) error {
		id := ID(key[len(key)-len(ID{}):])
		row, ok, err := s.Get(append([]byte{store.Bank}, rowKey(entryRow, id)...))
		if err != nil {
			return err
		}
		if !ok {
			return fmt.Errorf("bank entry %v is in the index only", id)
		}
		e := &Entry{}
		if err := store.ParseRow(row, e); err != nil {
			return err
		}
		e.stored = e.State
		if found = append(found, e); len(found) >= f.Skip+f.Limit {
			return store.Stop
		}
		return nil
	})
	return found, err
}

// issueKey is the ledger's key of the issue that an entry leads to.
func issueKey(id ID) ledger.Key { return ledger.Key(id) }

// fromRecord fills in what the journal says about an entry that was issued. It
// may have been issued to another account than the one just asked for.
func (e *Entry) fromRecord(v *node.View, seq uint64) error {
	rec, err := v.Record(seq)
	if err != nil {
		return err
	}
	issue, ok := rec.Command.(ledger.Issue)
	if !ok || issue.Amount != e.Cents { // a person must look; it must not stop the rest
		e.State, e.Reason = Unmatched, KeyTaken
		return nil
	}
	e.State, e.Reason, e.Account, e.Seq = Issued, "", issue.To, seq
	e.By, e.ByHand = ID(rec.Auth.By), rec.Auth.How != record.ByBank
	return nil
}
