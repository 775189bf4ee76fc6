package auth

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"time"

	"grulden/internal/store"
)

// MaxTries is how many wrong PINs in a row a code may have before it must wait.
const MaxTries = 5

// Waits after the fifth wrong PIN, the tenth, and so on; the last one repeats.
// They bound guessing to some forty PINs a day, and never shut anybody out
// for longer than four hours. Only who holds the card can cause a wait.
var coolDowns = []time.Duration{5 * time.Minute, 30 * time.Minute, 4 * time.Hour}

// forget is how long after the last wrong PIN a count is kept.
const forget = 24 * time.Hour

var errTries = errors.New("stored count of tries has an unknown form")

// Tries counts wrong PINs per login code, on disk, so that a restart gives
// nobody fresh tries. Codes that do not exist are counted like those that do:
// the answers tell nothing about which is which.
type Tries struct {
	rows store.Space
	mu   sync.Mutex // one count at a time, so that no try goes uncounted
}

// NewTries keeps its counts in the store's space for sessions.
func NewTries(db *store.DB) *Tries { return &Tries{rows: db.Space(store.Sessions)} }

// Key names a login code here: a keyed hash, never the code itself.
type Key [16]byte

// Begin counts a try for key at now. It returns how long to wait when there
// have been too many; then the PIN must not even be looked at.
func (t *Tries) Begin(key Key, now time.Time) (wait time.Duration, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	c, err := t.read(key)
	if err != nil {
		return 0, err
	}
	if now.Sub(c.last) > forget {
		c.wrong = 0
	}
	if wait := c.until().Sub(now); wait > 0 {
		return wait, nil
	}
	// Counted before the PIN is checked: who sends many at once gets five
	// looks all the same.
	c.wrong++
	c.last = now
	return 0, t.rows.Put(triesKey(key), c.encode())
}

// Clear forgets the wrong tries of key, after the right PIN.
func (t *Tries) Clear(key Key) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.rows.Delete(triesKey(key))
}

// Prune forgets counts that no longer matter at now.
func (t *Tries) Prune(now time.Time) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	var old [][]byte
	err := t.rows.Scan([]byte{triesRow}, func(key, row []byte) error {
		c, err := decodeCount(row)
		if err == nil && now.Sub(c.last) > forget {
			old = append(old, append([]byte(nil), key...))
		}
		return err
	})
	if err != nil {
		return err
	}
	return deleteAll(t.rows, old)
}

func (t *Tries) read(key Key) (count, error) {
	row, ok, err := t.rows.Get(triesKey(key))
	if err != nil {
		return count{}, fmt.Errorf("read count of tries: %w", err)
	}
	if !ok {
		return count{}, nil
	}
	return decodeCount(row)
}

// count is the wrong tries of one code.
type count struct {
	wrong uint32
	last  time.Time
}

// until is when the next try may be made.
func (c count) until() time.Time {
	if c.wrong == 0 || c.wrong%MaxTries != 0 {
		return c.last
	}
	round := min(int(c.wrong/MaxTries), len(coolDowns))
	return c.last.Add(coolDowns[round-1])
}

func (c count) encode() []byte {
	row := binary.BigEndian.AppendUint32(nil, c.wrong)
	return binary.BigEndian.AppendUint64(row, uint64(c.last.Unix()))
}

func decodeCount(row []byte) (count, error) {
	if len(row) != 12 {
		return count{}, errTries
	}
	return count{binary.BigEndian.Uint32(row), time.Unix(int64(binary.BigEndian.Uint64(row[4:])), 0)}, nil
}

// Rows of the space for sessions: 't' + key → wrong tries, 's' + hash of the
// token → session.
const (
	triesRow   byte = 't'
	sessionRow byte = 's'
)

func triesKey(k Key) []byte { return append([]byte{triesRow}, k[:]...) }

func deleteAll(rows store.Space, keys [][]byte) error {
	if len(keys) == 0 {
		return nil
	}
	return rows.Update(func(b *store.Batch) {
		for _, key := range keys {
			b.Delete(key)
		}
	})
}
