package logbook

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"

	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/ledger"
)

// Checked is what Check found.
type Checked struct {
	Entries int      // acts in the journal
	Erased  int      // of those, without words, because the person was erased
	Faults  []string // what does not fit, one line each
}

// Check holds the logbook against the journal: each act has its line, each line
// its act, and the words are those of the digest. Acts that came with a replay have
// no line: their words stayed where they came from.
func (b *Book) Check() (Checked, error) {
	c := Checked{}
	lines := map[uint64]line{}
	err := b.rows.Scan([]byte{lineRow}, func(key, row []byte) error {
		var l line
		if err := json.Unmarshal(row, &l); err != nil {
			return err
		}
		lines[math.MaxUint64-binary.BigEndian.Uint64(key[1:])] = l
		return nil
	})
	if err != nil {
		return c, err
	}
	err = b.node.Read(func(v *node.View) error {
		return v.Records(1, func(r *record.Record) error {
			note, isNote := r.Command.(ledger.Note)
			l, known := lines[r.Seq]
			delete(lines, r.Seq)
			switch {
			case isNote && note.About == Published: // what it says is there for everybody
			case isNote && (known || r.Auth.How != record.ByReplay):
				c.Entries++
				return b.checkOne(&c, r, note, l, known)
			case known:
				c.fault(r.Seq, "the logbook has a line for an entry that is no act")
			}
			return nil
		})
	})
	for seq := range lines {
		c.fault(seq, "the logbook has a line and the journal has no entry")
	}
	return c, err
}

func (c *Checked) fault(seq uint64, text string) {
	c.Faults = append(c.Faults, fmt.Sprintf("entry %d: %s", seq, text))
}

func (b *Book) checkOne(c *Checked, r *record.Record, note ledger.Note, l line, known bool) error {
	if !known {
		c.fault(r.Seq, "the journal has an act of which the logbook has no line")
		return nil
	}
	if l.Seq != r.Seq || string(l.Kind) != note.About || l.Account != note.Account || l.By != people.ID(r.Auth.By) ||
		!bytes.Equal(l.Digest, note.Digest[:]) || !l.At.Equal(r.Moment.At.Time()) {
		c.fault(r.Seq, "the line of the logbook is not that of the journal")
		return nil
	}
	doc, err := b.doc(l)
	if err != nil {
		c.fault(r.Seq, "the words cannot be read")
		return nil
	}
	switch {
	case doc == nil && l.Person == people.ID{}:
		c.fault(r.Seq, "the words are gone, and no person was erased")
	case doc == nil:
		if _, there, err := b.vault.Get(l.Person, "person"); err != nil {
			return err
		} else if there {
			c.fault(r.Seq, "the words are gone, and the person is still on file")
		} else {
			c.Erased++
		}
	case sha256.Sum256(doc) != [32]byte(note.Digest):
		c.fault(r.Seq, "the words are not those that were entered")
	}
	return nil
}
