package people

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Deed is something that the desk did about a person's card.
type Deed string

// The deeds.
const (
	Blocked   Deed = "blocked"
	Unblocked Deed = "unblocked"
	Lost      Deed = "lost"   // the card was lost, and replaced
	PINChosen Deed = "pin"    // the person chose a PIN at the desk
	Phone     Deed = "device" // a lost phone was taken off
)

// Act is one deed: when, by whom and why. Why and the words beside it may say
// much about a person, so acts lie in the vault with the rest.
type Act struct {
	At   time.Time `json:"at"`
	By   ID        `json:"by"`
	Deed Deed      `json:"deed"`
	Why  string    `json:"why,omitempty"`  // one of a list of reasons
	Note string    `json:"note,omitempty"` // in the desk's own words
}

// Bounds on what is kept of acts.
const (
	MaxNote  = 200 // characters
	keptActs = 50  // per person, the newest
)

// ErrNote is returned for a note of more than MaxNote characters.
var ErrNote = errors.New("a note has at most 200 characters")

const actsDoc = "acts of the desk"

// Record keeps an act about a person, after those that were kept before.
func (d *Directory) Record(id ID, a Act) error {
	if a.Note = tidy(a.Note); len([]rune(a.Note)) > MaxNote {
		return ErrNote
	}
	a.At = a.At.UTC().Truncate(time.Second)
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, ok, err := d.read(id); err != nil || !ok {
		return errors.Join(err, errIf(!ok, ErrNobody))
	}
	acts, err := d.Acts(id)
	if err != nil {
		return err
	}
	acts = append(acts, a)
	doc, err := json.Marshal(acts[max(0, len(acts)-keptActs):])
	if err != nil {
		return fmt.Errorf("write acts: %w", err)
	}
	return d.vault.Put(id, actsDoc, doc)
}

// Acts lists what the desk did about a person, the oldest first.
func (d *Directory) Acts(id ID) ([]Act, error) {
	doc, ok, err := d.vault.Get(id, actsDoc)
	if err != nil || !ok {
		return nil, err
	}
	var acts []Act
	if err := json.Unmarshal(doc, &acts); err != nil {
		return nil, fmt.Errorf("read acts: %w", err)
	}
	return acts, nil
}

// LastAct finds the newest act of a kind; ok is false when there is none.
func LastAct(acts []Act, deed Deed) (last Act, ok bool) {
	for _, a := range acts {
		if a.Deed == deed {
			last, ok = a, true
		}
	}
	return last, ok
}
