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

// ErrRequest is returned for a request that cannot be: a till or a link without
// an amount, a link for nobody or too many, more VAT lines than MaxVAT.
var ErrRequest = errors.New("not a payment request")

// Book keeps payment requests in the store.
type Book struct {
	rows   store.Space
	random io.Reader
	once   sync.Mutex // two first askings at once must make one printed code
}

// NewBook makes a book in the store's space for pay codes. random must be a
// cryptographic source.
func NewBook(db *store.DB, random io.Reader) *Book {
	return &Book{rows: db.Space(store.PayCodes), random: random}
}

// Ask makes a request for one payment of amount to shop, which can be paid
// until ttl from now.
func (b *Book) Ask(shop ledger.AccountID, amount ledger.Cents, now time.Time, ttl time.Duration) (Request, error) {
	return b.Make(Request{Shop: shop, Amount: amount, Made: now, Expires: now.Add(ttl)})
}

// Make makes a request of the kind Till or ByLink as the caller filled it in; the
// code and the payment id are drawn here. It returns ErrRequest for one that
// cannot be.
func (b *Book) Make(r Request) (Request, error) {
	link := r.Kind == ByLink
	if r.AsksAmount() || r.Kind >= kinds || r.Amount < 0 || r.Expires.IsZero() || len(r.VAT) > MaxVAT ||
		link && (r.Times < 1 || r.Times > MaxTimes || r.Amount == 0) || !link && r.Times != 0 {
		return Request{}, ErrRequest
	}
	r.Payment = ledger.ID{}
	if !link {
		if _, err := io.ReadFull(b.random, r.Payment[:]); err != nil {
			return Request{}, fmt.Errorf("draw a payment id: %w", err)
		}
	}
	return b.add(r, func(batch *store.Batch, r Request) {
		batch.Set(dueKey(r), nil)
		if link {
			batch.Set(linkKey(r.Shop, r.Code), nil)
		} else {
			batch.Set(saleKey(r.Payment), codeRow(r.Code))
		}
	})
}

// Poster gives the shop's printed request, which it makes at the first asking.
func (b *Book) Poster(shop ledger.AccountID, now time.Time) (Request, error) {
	return b.printed(Request{Kind: Poster, Shop: shop, Made: now})
}

// Personal gives a resident's own code, which it makes at the first asking.
func (b *Book) Personal(account ledger.AccountID, now time.Time) (Request, error) {
	return b.printed(Request{Kind: Personal, Shop: account, Made: now})
}

// printed finds the one code of its kind that an account has, or makes it.
func (b *Book) printed(r Request) (Request, error) {
	b.once.Lock()
	defer b.once.Unlock()
	pointer := printedKey(r.Kind, r.Shop)
	code, ok, err := b.code(pointer)
	if err != nil {
		return Request{}, fmt.Errorf("find a printed code: %w", err)
	}
	if ok {
		return b.must(code)
	}
	return b.add(r, func(batch *store.Batch, r Request) { batch.Set(pointer, codeRow(r.Code)) })
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

// OfPayment gives the request of a till or a link that a payment answers; ok is
// false when it answers none, because its payer filled in the amount.
func (b *Book) OfPayment(id ledger.ID) (r Request, ok bool, err error) {
	code, ok, err := b.code(saleKey(id))
	if err != nil || !ok {
		return Request{}, false, err
	}
	return b.Find(code)
}

// code reads a row that holds a code.
func (b *Book) code(key []byte) (c Code, ok bool, err error) {
	row, ok, err := b.rows.Get(key)
	if err != nil || !ok {
		return 0, false, err
	}
	if len(row) != 8 {
		return 0, false, errRow
	}
	return Code(binary.BigEndian.Uint64(row)), true, nil
}

// must finds a request that another row speaks of.
func (b *Book) must(code Code) (Request, error) {
	r, ok, err := b.Find(code)
	if err == nil && !ok {
		err = errRow
	}
	return r, err
}

// Rows of the space:
//
//	'q' + code                → request
//	'p' or 'r' + account      → code of its poster, or of its own code
//	's' + payment             → code of the request it answers
//	'l' + account + code      → nothing: a link that the account made
//	'k' + code + account      → who is paying or has paid a link: payment, since when
//	'e' + expires + code      → nothing: a request that Prune has still to look at
//	'v'                       → the version from which on all requests have their rows 's' and 'e'
const (
	requestRow  byte = 'q'
	posterRow   byte = 'p'
	personalRow byte = 'r'
	saleRow     byte = 's'
	linkRow     byte = 'l'
	claimRow    byte = 'k'
	dueRow      byte = 'e'
	versionRow  byte = 'v'
)

func rowKey(kind byte, first, second uint64) []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64([]byte{kind}, first), second)
}

func requestKey(c Code) []byte { return binary.BigEndian.AppendUint64([]byte{requestRow}, uint64(c)) }

func printedKey(kind Kind, account ledger.AccountID) []byte {
	row := posterRow
	if kind == Personal {
		row = personalRow
	}
	return binary.BigEndian.AppendUint64([]byte{row}, uint64(account))
}

func saleKey(id ledger.ID) []byte { return append([]byte{saleRow}, id[:]...) }

func linkKey(account ledger.AccountID, c Code) []byte {
	return rowKey(linkRow, uint64(account), uint64(c))
}

func dueKey(r Request) []byte { return rowKey(dueRow, uint64(r.Expires.Unix()), uint64(r.Code)) }

func codeRow(c Code) []byte { return binary.BigEndian.AppendUint64(nil, uint64(c)) }
