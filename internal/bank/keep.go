package bank

import (
	"encoding/binary"
	"slices"
	"strings"

	"grulden/internal/store"
)

// This file knows an entry again: in another file, in a notification and in the
// statement after it, as one sum and in parts. More rows, by their first byte:
//
//	y entry            the entry that another fingerprint stands for
//	n day cents entry  index of all entries, to find one that says less; no value
//	g batch            the sum of a batch, and whether its parts are known
const (
	aliasRow = 'y'
	sameRow  = 'n'
	groupRow = 'g'
)

// toldKey is the row that says that some file of a kind was taken in: without one
// of the other kind, no entry can be the same as another with other words.
func toldKey(notice bool) []byte {
	if notice {
		return []byte("stn")
	}
	return []byte("sts")
}

// group is the row of a batch that came as one sum, in parts, or both ways.
type group struct {
	Whole ID   `json:"whole,omitzero"`
	Parts bool `json:"parts,omitempty"`
}

// keep puts entries as read on disk before anything is done with them, and
// returns each as it is there: those known before with what became of them. The
// order is that of read.
func (b *Bank) keep(read []*Entry) ([]*Entry, error) {
	kept := slices.Clone(read)
	var unknown []int // places of those that no row has under this fingerprint
	exact := map[ID]bool{}
	for i, e := range read {
		if e.ID == (ID{}) {
			continue // announced only
		}
		known, err := b.knownEntry(e)
		if err != nil {
			return nil, err
		}
		if known == nil {
			unknown = append(unknown, i)
			continue
		}
		exact[known.ID] = true
		kept[i] = known
	}
	var fresh []*Entry
	aliases := map[ID]ID{}
	for _, i := range unknown {
		_, told, err := b.rows.Get(toldKey(!read[i].Notice))
		if err != nil {
			return nil, err
		}
		var same *Entry
		if told {
			same, err = b.sameEntry(read[i], exact)
		}
		if err != nil {
			return nil, err
		}
		if same != nil {
			exact[same.ID], aliases[read[i].ID], kept[i] = true, same.ID, same
			continue
		}
		read[i].begin()
		fresh = append(fresh, read[i])
	}
	if err := b.keepFresh(fresh, aliases); err != nil {
		return nil, err
	}
	return kept, b.confirm(read, kept)
}

// begin is the state of an entry that was never seen before.
func (e *Entry) begin() {
	if e.State = Kept; e.Reason != "" {
		e.State = Foreign
	}
	e.stored = ""
}

// knownEntry finds an entry by its fingerprint, or nil. What the bank says now
// goes with it.
func (b *Bank) knownEntry(e *Entry) (*Entry, error) {
	id := e.ID
	if _, err := b.rows.Read(rowKey(aliasRow, id), &id); err != nil {
		return nil, err
	}
	known := &Entry{}
	found, err := b.rows.Read(rowKey(entryRow, id), known)
	if err != nil || !found {
		return nil, err
	}
	known.stored, known.Details = known.State, e.Details
	return known, nil
}

// sameEntry finds the booking that a notification and a statement tell with
// other words, or nil: of the same day and amount, told by only the other kind
// of file so far, with the same reference of the bank or the same account on
// the other side, and nothing that both say and say differently.
func (b *Bank) sameEntry(e *Entry, taken map[ID]bool) (*Entry, error) {
	var ids []ID
	err := b.rows.Scan(sameKey(e, ID{})[:len(sameKey(e, ID{}))-len(ID{})], func(key, _ []byte) error {
		ids = append(ids, ID(key[len(key)-len(ID{}):]))
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if taken[id] {
			continue
		}
		other, err := b.Entry(id)
		if err != nil {
			return nil, err
		}
		if other.Both || other.Notice == e.Notice || other.Currency != e.Currency || !alike(other.Details, e.Details) {
			continue
		}
		if len(e.said()) > len(other.said()) {
			other.Details = e.Details
		}
		return other, nil
	}
	return nil, nil
}

// alike tells whether two tellings may be of one booking.
func alike(x, y *Details) bool {
	same := func(a, b string) bool { return a != "" && a == b }
	if !same(x.BankRef, y.BankRef) && !same(x.IBAN, y.IBAN) {
		return false
	}
	for _, pair := range [][2]string{
		{x.BankRef, y.BankRef}, {x.IBAN, y.IBAN}, {x.EndToEndID, y.EndToEndID}, {x.OwnAccount, y.OwnAccount},
	} {
		if pair[0] != "" && pair[1] != "" && pair[0] != pair[1] {
			return false
		}
	}
	a, b := x.said(), y.said()
	return x.Unsplit == y.Unsplit && (strings.Contains(a, b) || strings.Contains(b, a))
}

// said is what a payer wrote, without spaces, in capitals.
func (d *Details) said() string {
	text := strings.Join(d.References, "") + d.Text
	return strings.ToUpper(strings.Join(strings.Fields(text), ""))
}

// sameKey is the place of an entry in the index by day and amount.
func sameKey(e *Entry, id ID) []byte {
	key := binary.BigEndian.AppendUint32([]byte{sameRow}, uint32(e.Day)^1<<31)
	direction := byte('D')
	if e.Credit {
		direction = 'C'
	}
	key = binary.BigEndian.AppendUint64(append(key, direction), uint64(e.Cents))
	return append(key, id[:]...)
}

// confirm notes of entries that were known that they came again in the other
// kind of file, and keeps what that says more.
func (b *Bank) confirm(read, kept []*Entry) error {
	var changed []*Entry
	for i, e := range kept {
		if e.ID == (ID{}) || e == read[i] || e.Both || e.Notice == read[i].Notice {
			continue
		}
		e.Notice, e.Both = false, true
		changed = append(changed, e)
		if e.Details != read[i].Details {
			continue
		}
		if err := b.vault.Put(b.subject, detailsDoc(e.ID), store.Row(e.Details)); err != nil {
			return err
		}
	}
	if len(changed) == 0 {
		return nil
	}
	return b.save(changed)
}

// tellGroup decides about an entry that is a batch or part of one, when the
// batch came the other way before.
func (b *Bank) tellGroup(e *Entry) error {
	var g group
	if _, err := b.rows.Read(rowKey(groupRow, e.Group), &g); err != nil {
		return err
	}
	changed := []*Entry{}
	switch {
	case e.Unsplit && g.Parts:
		e.State, e.Reason = Split, InParts
		changed = append(changed, e)
	case e.Unsplit:
		g.Whole = e.ID
	case g.Whole != ID{}:
		whole, err := b.Entry(g.Whole)
		if err != nil {
			return err
		}
		switch {
		case whole.State == Whole || whole.State == Kept || whole.State == Split:
			whole.State, whole.Reason = Split, InParts
			changed, g.Parts = append(changed, whole), true
		case e.Credit:
			e.State, e.Reason = Split, InSum
			changed = append(changed, e)
		}
	default:
		g.Parts = true
	}
	return b.saveWith(changed, func(rows *store.Batch) { rows.Set(rowKey(groupRow, e.Group), store.Row(g)) })
}
