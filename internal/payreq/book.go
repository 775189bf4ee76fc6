package payreq

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"grulden/internal/store"
	"grulden/ledger"
)

// keep is how long a request is remembered after it expired, so that a payer
// who comes late hears "expired" and not "unknown".
const keep = 24 * time.Hour

// Request is what a code stands for. Only the server knows it.
type Request struct {
	Code    Code
	Shop    ledger.AccountID
	Printed bool         // a poster: whoever pays fills in the amount, as often as they like
	Amount  ledger.Cents // zero when Printed
	// Payment is the id of the one payment this request can lead to: the ledger
	// takes an id once, so the code is single-use even between two payers.
	// Zero when Printed.
	Payment ledger.ID
	Made    time.Time
	Expires time.Time // zero when Printed: a poster does not expire
}

// Expired tells whether the request can no longer be paid at now.
func (r Request) Expired(now time.Time) bool {
	return !r.Expires.IsZero() && !now.Before(r.Expires)
}

// Book keeps payment requests in the store.
type Book struct {
	rows   store.Space
	random io.Reader
	poster sync.Mutex // two first askings at once must make one poster
}

// NewBook makes a book in the store's space for pay codes. random must be a
// cryptographic source.
func NewBook(db *store.DB, random io.Reader) *Book {
	return &Book{rows: db.Space(store.PayCodes), random: random}
}

// Ask makes a request for one payment of amount to shop, which can be paid
// until ttl from now.
func (b *Book) Ask(shop ledger.AccountID, amount ledger.Cents, now time.Time, ttl time.Duration) (Request, error) {
	r := Request{Shop: shop, Amount: amount, Made: now, Expires: now.Add(ttl)}
	if _, err := io.ReadFull(b.random, r.Payment[:]); err != nil {
		return Request{}, fmt.Errorf("draw a payment id: %w", err)
	}
	return b.add(r, func(*store.Batch, Request) {})
}

// Poster gives the shop's printed request, which it makes at the first asking.
func (b *Book) Poster(shop ledger.AccountID, now time.Time) (Request, error) {
	b.poster.Lock()
	defer b.poster.Unlock()
	pointer := posterKey(shop)
	row, ok, err := b.rows.Get(pointer)
	if err != nil {
		return Request{}, fmt.Errorf("find a poster: %w", err)
	}
	if ok {
		if len(row) != 8 {
			return Request{}, errRow
		}
		r, found, err := b.Find(Code(binary.BigEndian.Uint64(row)))
		if err == nil && !found {
			err = errRow
		}
		return r, err
	}
	return b.add(Request{Shop: shop, Printed: true, Made: now}, func(batch *store.Batch, r Request) {
		batch.Set(pointer, binary.BigEndian.AppendUint64(nil, uint64(r.Code)))
	})
}

// add gives the request a code that is not in use and writes it.
func (b *Book) add(r Request, also func(*store.Batch, Request)) (Request, error) {
	for {
		code, err := NewCode(b.random)
		if err != nil {
			return Request{}, err
		}
		_, taken, err := b.rows.Get(requestKey(code))
		if err != nil {
			return Request{}, fmt.Errorf("look up a payment code: %w", err)
		}
		if taken {
			continue
		}
		r.Code = code
		err = b.rows.Update(func(batch *store.Batch) {
			batch.Set(requestKey(code), encode(r))
			also(batch, r)
		})
		if err != nil {
			return Request{}, fmt.Errorf("write a payment request: %w", err)
		}
		return r, nil
	}
}

// Find gives the request behind a code; ok is false when there is none.
func (b *Book) Find(code Code) (r Request, ok bool, err error) {
	row, ok, err := b.rows.Get(requestKey(code))
	if err != nil || !ok {
		return Request{}, false, err
	}
	if r, err = decode(code, row); err != nil {
		return Request{}, false, err
	}
	return r, true, nil
}

// Prune forgets requests that expired more than a day before now, and says how
// many those were.
func (b *Book) Prune(now time.Time) (int, error) {
	var old [][]byte
	err := b.rows.Scan([]byte{requestRow}, func(key, row []byte) error {
		r, err := decode(Code(binary.BigEndian.Uint64(key[1:])), row)
		if err == nil && r.Expired(now.Add(-keep)) {
			old = append(old, append([]byte(nil), key...))
		}
		return err
	})
	if err != nil || len(old) == 0 {
		return 0, err
	}
	err = b.rows.Update(func(batch *store.Batch) {
		for _, key := range old {
			batch.Delete(key)
		}
	})
	return len(old), err
}

// Rows of the space: 'q' + code → request, 'p' + shop → code of its poster.
const (
	requestRow byte = 'q'
	posterRow  byte = 'p'
)

func requestKey(c Code) []byte { return binary.BigEndian.AppendUint64([]byte{requestRow}, uint64(c)) }

func posterKey(shop ledger.AccountID) []byte {
	return binary.BigEndian.AppendUint64([]byte{posterRow}, uint64(shop))
}

// errRow is returned when a stored row is not what this package writes.
var errRow = errors.New("stored payment request has an unknown form")

// Version 1 of a row: version, printed, shop, amount, payment id, made and
// expires in Unix seconds (0: never).
const (
	rowVersion = 1
	rowLength  = 1 + 1 + 8 + 8 + 16 + 8 + 8
)

func encode(r Request) []byte {
	row := make([]byte, 0, rowLength)
	printed := byte(0)
	if r.Printed {
		printed = 1
	}
	row = append(row, rowVersion, printed)
	row = binary.BigEndian.AppendUint64(row, uint64(r.Shop))
	row = binary.BigEndian.AppendUint64(row, uint64(r.Amount))
	row = append(row, r.Payment[:]...)
	row = binary.BigEndian.AppendUint64(row, uint64(r.Made.Unix()))
	expires := int64(0)
	if !r.Expires.IsZero() {
		expires = r.Expires.Unix()
	}
	return binary.BigEndian.AppendUint64(row, uint64(expires))
}

func decode(code Code, row []byte) (Request, error) {
	if len(row) != rowLength || row[0] != rowVersion || row[1] > 1 {
		return Request{}, errRow
	}
	r := Request{
		Code:    code,
		Printed: row[1] == 1,
		Shop:    ledger.AccountID(binary.BigEndian.Uint64(row[2:])),
		Amount:  ledger.Cents(binary.BigEndian.Uint64(row[10:])),
		Made:    time.Unix(int64(binary.BigEndian.Uint64(row[34:])), 0).UTC(),
	}
	copy(r.Payment[:], row[18:34])
	if expires := int64(binary.BigEndian.Uint64(row[42:])); expires != 0 {
		r.Expires = time.Unix(expires, 0).UTC()
	}
	return r, nil
}
