package bank

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"grulden/internal/people"
	"grulden/internal/sepa"
	"grulden/internal/store"
	"grulden/ledger"
)

// Hint is why a top-up without a good reference may be somebody's.
type Hint string

// The hints, the strongest first.
const (
	PaidBefore    Hint = "paid-before"    // an earlier top-up came from the same bank account
	OwnIBAN       Hint = "own-iban"       // the bank account is on file for this person
	NearReference Hint = "near-reference" // the reference has one mistake in it
	SameName      Hint = "same-name"      // the bank gives the name of this person
)

var strength = []Hint{PaidBefore, OwnIBAN, NearReference, SameName}

// Suggestion is somebody whose top-up a bank entry may be. A person decides.
type Suggestion struct {
	Person people.Person
	Hints  []Hint
}

// payerRow is the kind of the rows that know who tops up from which account:
//
//	k payer account    keyed hash of the IBAN, the purse; no value
const payerRow = 'k'

func payerKey(payer ID, account ledger.AccountID) []byte {
	return binary.BigEndian.AppendUint64(rowKey(payerRow, payer), uint64(account))
}

// rememberPayer adds to a batch of rows from which account a top-up came.
func (b *Bank) rememberPayer(rows *store.Batch, e *Entry) {
	if e.State == Issued && e.stored != Issued && e.Details != nil && e.IBAN != "" {
		rows.Set(payerKey(b.hashIBAN(e.IBAN), e.Account), nil)
	}
}

// Suggest lists whose a top-up that waits may be, the most likely first.
func (b *Bank) Suggest(e *Entry) ([]Suggestion, error) {
	if e.State != Unmatched || e.Details == nil || e.Unsplit {
		return nil, nil
	}
	found := map[people.ID]*Suggestion{}
	note := func(p people.Person, hint Hint) {
		if !p.Role.HasPurse() {
			return
		}
		s := found[p.ID]
		if s == nil {
			s = &Suggestion{Person: p}
			found[p.ID] = s
		}
		s.Hints = append(s.Hints, hint)
	}
	err := b.suggestPayers(e, note)
	if err == nil {
		err = b.suggestPeople(e, note)
	}
	if err == nil {
		err = b.suggestReferences(e, note)
	}
	if err != nil {
		return nil, fmt.Errorf("suggest whose a top-up is: %w", err)
	}
	var all []Suggestion
	for _, s := range found {
		slices.SortFunc(s.Hints, func(a, b Hint) int { return cmp.Compare(slices.Index(strength, a), slices.Index(strength, b)) })
		all = append(all, *s)
	}
	slices.SortFunc(all, func(x, y Suggestion) int {
		return cmp.Or(
			cmp.Compare(slices.Index(strength, x.Hints[0]), slices.Index(strength, y.Hints[0])),
			cmp.Compare(len(y.Hints), len(x.Hints)), slices.Compare(x.Person.ID[:], y.Person.ID[:]),
		)
	})
	return all, nil
}

// suggestPayers finds who topped up from the same account before.
func (b *Bank) suggestPayers(e *Entry, note func(people.Person, Hint)) error {
	if e.IBAN == "" {
		return nil
	}
	var accounts []ledger.AccountID
	prefix := rowKey(payerRow, b.hashIBAN(e.IBAN))
	err := b.rows.Scan(prefix, func(key, _ []byte) error {
		accounts = append(accounts, ledger.AccountID(binary.BigEndian.Uint64(key[len(key)-8:])))
		return nil
	})
	for _, account := range accounts {
		p, ok, findErr := b.people.ByAccount(account)
		if findErr != nil {
			return findErr
		}
		if ok {
			note(p, PaidBefore)
		}
	}
	return err
}

// suggestPeople finds who has this account or this name.
func (b *Bank) suggestPeople(e *Entry, note func(people.Person, Hint)) error {
	all, err := b.people.Everybody()
	if err != nil {
		return err
	}
	given := nameWords(e.Name)
	for _, p := range all {
		if p.IBAN != "" && p.IBAN == e.IBAN {
			note(p, OwnIBAN)
		}
		if sameName(given, p.Name) || sameName(given, p.BankName) || p.Shop != "" && slices.Equal(given, nameWords(p.Shop)) {
			note(p, SameName)
		}
	}
	return nil
}

func (b *Bank) suggestReferences(e *Entry, note func(people.Person, Hint)) error {
	seen := map[string]bool{}
	for _, text := range append(slices.Clone(e.References), e.Text, e.Info) {
		for _, reference := range sepa.NearRF(text, people.ReferenceLength) {
			if seen[reference] {
				continue
			}
			seen[reference] = true
			p, ok, err := b.people.ByReference(reference)
			if err != nil {
				return err
			}
			if ok {
				note(p, NearReference)
			}
		}
	}
	return nil
}

// nameWords are the words of a name in small letters without signs.
func nameWords(name string) []string {
	return strings.FieldsFunc(strings.ToLower(sepa.Transliterate(name)), func(r rune) bool {
		return !('a' <= r && r <= 'z' || '0' <= r && r <= '9')
	})
}

// sameName tells whether a bank gives somebody's name in its own way: with the
// last word of it, and a word with the first one's letter: "Hr A de Vries".
func sameName(given []string, name string) bool {
	words := nameWords(name)
	if len(words) < 2 || len(given) < 2 {
		return false
	}
	first, last := words[0][:1], words[len(words)-1]
	at := slices.Index(given, last)
	if at < 0 || len(last) < 2 {
		return false
	}
	return slices.ContainsFunc(given[:at], func(w string) bool { return w[:1] == first }) ||
		slices.ContainsFunc(given[at+1:], func(w string) bool { return w[:1] == first })
}
