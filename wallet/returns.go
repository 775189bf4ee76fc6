package wallet

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/ledger"
)

// returnLife is how long a return waits for the other party.
const returnLife = 30 * 24 * time.Hour

// Errors of returns.
var (
	ErrNoReturn   = errors.New("there is nothing to give back")
	ErrAskedTwice = errors.New("this was asked before")
)

// Reason is why a payment should be given back.
type Reason string

// Reasons lists why a payment can be asked back: the choices on the page.
func Reasons() []Reason { return []Reason{"person", "amount", "twice", "other"} }

// ReturnState is where a return stands.
type ReturnState string

// A return waits for the other party, who agrees or refuses; or nobody answers.
const (
	ReturnOpen    ReturnState = "open"
	ReturnAgreed  ReturnState = "agreed"
	ReturnRefused ReturnState = "refused"
	ReturnExpired ReturnState = "expired"
)

// Return is a payment between two residents that one of them wants undone.
// Either asks and the other agrees: neither can do it alone.
type Return struct {
	Payment  ledger.ID
	Payer    ledger.AccountID // who paid, and gets it back
	Receiver ledger.AccountID
	Amount   ledger.Cents
	Reason   Reason // empty when Offered
	Offered  bool   // the receiver offered it; otherwise the payer asked
	At       time.Time
	State    ReturnState
}

// Asker is whose idea the return was, and Answerer is whose answer it needs.
func (r Return) Asker() ledger.AccountID {
	if r.Offered {
		return r.Receiver
	}
	return r.Payer
}

// Answerer is whose answer the return needs.
func (r Return) Answerer() ledger.AccountID {
	if r.Offered {
		return r.Payer
	}
	return r.Receiver
}

// returnNote is how a return is kept, alike with both parties. That it was
// agreed is not kept: the ledger then has a refund.
type returnNote struct {
	Reason  Reason      `json:"reason"`
	Offered bool        `json:"offered"`
	At      time.Time   `json:"at"`
	Refused bool        `json:"refused"`
	By      record.Auth `json:"by"` // who asked, and how
}

// Return finds where the return of a payment stands; ok is false when nobody
// asked for one. account must be one of its parties.
func (o *Orders) Return(account ledger.AccountID, id ledger.ID) (r Return, ok bool, err error) {
	_, pay, err := o.parties(account, id)
	if err != nil {
		return Return{}, false, err
	}
	who, known, err := o.people.ByAccount(account)
	if err != nil || !known {
		return Return{}, false, err
	}
	var note returnNote
	ok, err = o.get(who.ID, returnDoc+id.String(), &note)
	return o.read(pay, note), ok, err
}

// read puts together what was noted and what the ledger says.
func (o *Orders) read(pay *ledger.Payment, note returnNote) Return {
	r := Return{
		Payment: pay.ID, Payer: pay.From, Receiver: pay.To, Amount: pay.Amount - pay.Refunded,
		Reason: note.Reason, Offered: note.Offered, At: note.At, State: ReturnOpen,
	}
	switch {
	case r.Amount == 0:
		r.State, r.Amount = ReturnAgreed, pay.Amount
	case note.Refused:
		r.State = ReturnRefused
	case o.node.Now().Sub(note.At) >= returnLife:
		r.State = ReturnExpired
	}
	return r
}

// Returns lists the returns of the last two months that a person is party to,
// the latest first.
func (o *Orders) Returns(who people.Person) (all []Return, err error) {
	err = o.vault.DocsNamed(who.ID, returnDoc, func(name string, doc []byte) error {
		id, err := ledger.ParseID(name[len(returnDoc):])
		if err != nil {
			return err
		}
		var note returnNote
		if err := json.Unmarshal(doc, &note); err != nil || o.node.Now().Sub(note.At) > 2*returnLife {
			return err
		}
		_, pay, err := o.parties(who.Account, id)
		if errors.Is(err, ErrNoReturn) {
			return nil // the other party was erased
		}
		if err == nil {
			all = append(all, o.read(pay, note))
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list returns: %w", err)
	}
	slices.SortFunc(all, func(a, b Return) int { return b.At.Compare(a.At) })
	return all, nil
}

// MayReturn tells whether a payment is one that its parties can agree to
// undo: between two residents, not given back yet.
func (o *Orders) MayReturn(account ledger.AccountID, id ledger.ID) (bool, error) {
	both, pay, err := o.parties(account, id)
	if errors.Is(err, ErrNoReturn) {
		return false, nil
	}
	return err == nil && both[0].Role == people.Resident && both[1].Role == people.Resident && pay.Refunded < pay.Amount, err
}

// parties finds a payment and the two people behind it, payer first. It returns
// ErrNoReturn when account is not one of them, or when one is not known here.
func (o *Orders) parties(account ledger.AccountID, id ledger.ID) (both [2]people.Person, pay *ledger.Payment, err error) {
	err = o.node.Read(func(v *node.View) (err error) {
		pay, err = v.Payment(id)
		return err
	})
	if err == nil && (pay == nil || pay.From != account && pay.To != account) {
		err = ErrNoReturn
	}
	if err != nil {
		return both, nil, err
	}
	for i, id := range []ledger.AccountID{pay.From, pay.To} {
		p, ok, err := o.people.ByAccount(id)
		if err != nil {
			return both, nil, err
		}
		if !ok {
			return both, nil, ErrNoReturn
		}
		both[i] = p
	}
	return both, pay, nil
}

// AskBack asks, as the payer, to get a payment back, or offers it as its
// receiver. Asking the same again changes nothing; when the other party has
// refused or let it pass, it returns ErrAskedTwice.
func (o *Orders) AskBack(h Holder, id ledger.ID, reason Reason) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	may, err := o.MayReturn(h.Account, id)
	if err == nil && !may {
		err = ErrNoReturn
	}
	if err != nil {
		return err
	}
	both, pay, err := o.parties(h.Account, id)
	if err != nil {
		return err
	}
	note := returnNote{Offered: pay.To == h.Account, At: o.node.Now().UTC(), By: h.Auth}
	if !note.Offered {
		if !slices.Contains(Reasons(), reason) {
			return ErrNoReturn
		}
		note.Reason = reason
	}
	old, asked, err := o.Return(h.Account, id)
	switch {
	case err != nil:
		return err
	case asked && old.State == ReturnOpen && old.Asker() == h.Account:
		return nil
	case asked:
		return ErrAskedTwice
	}
	return o.keepNote(both, id, note)
}

// keepNote writes a return with both parties, together.
func (o *Orders) keepNote(both [2]people.Person, id ledger.ID, note returnNote) error {
	text, err := json.Marshal(note)
	if err != nil {
		return fmt.Errorf("write a return: %w", err)
	}
	b := o.vault.NewBatch()
	for _, p := range both {
		b.Put(p.ID, returnDoc+id.String(), text)
	}
	if err := b.Commit(); err != nil {
		return fmt.Errorf("write a return: %w", err)
	}
	return nil
}

// Answer agrees to a return, or refuses it, as the party that did not ask. What
// is agreed is given back whole. Agreeing again changes nothing. A refusal by
// the rules, such as not enough money, is the receipt's result, and the return
// stays open.
func (o *Orders) Answer(ctx context.Context, h Holder, id ledger.ID, agree bool) (node.Receipt, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	r, asked, err := o.Return(h.Account, id)
	switch {
	case err != nil:
		return node.Receipt{}, err
	case !asked || r.Answerer() != h.Account || r.State == ReturnRefused && agree || r.State == ReturnExpired:
		return node.Receipt{}, ErrNoReturn
	case r.State != ReturnOpen:
		return node.Receipt{}, nil
	}
	both, _, err := o.parties(h.Account, id)
	if err != nil {
		return node.Receipt{}, err
	}
	var note returnNote
	if _, err := o.get(both[0].ID, returnDoc+id.String(), &note); err != nil {
		return node.Receipt{}, err
	}
	if !agree {
		note.Refused = true
		return node.Receipt{}, o.keepNote(both, id, note)
	}
	// The money leaves the receiver, so the receiver's word is what authorises it.
	auth := h.Auth
	if r.Offered {
		auth = note.By
	}
	sum := sha256.Sum256(append([]byte("grulden-return\n"), id[:]...))
	receipt, err := o.deliver(ctx, node.Request{
		Auth: auth, Command: ledger.Refund{Of: id, All: true}, Key: ledger.Key(sum[:len(ledger.Key{})]),
	})
	if receipt.Result == ledger.AlreadyApplied {
		receipt.Result = ledger.Applied
	}
	return receipt, err
}
