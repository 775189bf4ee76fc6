package payreq

import (
	"encoding/binary"
	"errors"
	"math"
	"time"

	"grulden/ledger"
)

// Kind is what a request is for.
type Kind uint8

// The kinds of requests. Their numbers are stored.
const (
	Till     Kind = iota // one payment of an amount, shown on a shop's till
	Poster               // a shop's printed code: whoever pays fills in the amount
	Personal             // a resident's own code: whoever pays fills in the amount
	ByLink               // an amount by link, that some people can pay once each
	kinds
)

// MaxTimes is how many people a link can ask, and MaxVAT how many rates of VAT
// a request can name.
const (
	MaxTimes = 1000
	MaxVAT   = 16
)

// VATLine is the part of a sale that falls under one rate of VAT.
type VATLine struct {
	Permille uint16 // the rate: 210 is 21 %
	Amount   ledger.Cents
}

// Request is what a code stands for. Only the server knows it. What a person
// wrote with it is not here: that is sealed with the person's own things.
type Request struct {
	Code   Code
	Kind   Kind
	Shop   ledger.AccountID // who is paid: a shop, or a resident
	Amount ledger.Cents     // what one payer pays; zero when AsksAmount
	// Payment is the id of the one payment that a request of the till can lead
	// to: the ledger takes an id once, so the code is single-use even between
	// two payers. Zero for other kinds, whose payments have ids of their own.
	Payment ledger.ID
	Made    time.Time
	Expires time.Time // zero when AsksAmount: a printed code does not expire

	Times   int          // how many people can pay a link; zero for other kinds
	Stopped bool         // whoever made the link wants no more payments
	Cash    ledger.Cents // what the customer of a till pays in euros beside it
	VAT     []VATLine    // of the whole sale, if the shop noted it
	By      [16]byte     // the person who asked, at a till with several; zero: not noted
}

// AsksAmount tells whether the payer fills in the amount, and may pay as often
// as they like.
func (r Request) AsksAmount() bool { return r.Kind == Poster || r.Kind == Personal }

// Expired tells whether the request can no longer be paid at now.
func (r Request) Expired(now time.Time) bool {
	return r.Stopped || !r.Expires.IsZero() && !now.Before(r.Expires)
}

// errRow is returned when a stored row is not what this package writes.
var errRow = errors.New("stored payment request has an unknown form")

// Version 1 of a row: version, kind (0 or 1), shop, amount, payment id, made and
// expires in Unix seconds (0: never). Version 2 has all kinds, and after these:
// times, stopped, cash, by, the number of VAT lines, and each one's rate and
// amount.
const (
	oldVersion = 1
	rowVersion = 2
	oldLength  = 1 + 1 + 8 + 8 + 16 + 8 + 8
	rowLength  = oldLength + 4 + 1 + 8 + 16 + 1
	vatLength  = 2 + 8
)

func encode(r Request) []byte {
	row := make([]byte, 0, rowLength+len(r.VAT)*vatLength)
	row = append(row, rowVersion, byte(r.Kind))
	row = binary.BigEndian.AppendUint64(row, uint64(r.Shop))
	row = binary.BigEndian.AppendUint64(row, uint64(r.Amount))
	row = append(row, r.Payment[:]...)
	row = binary.BigEndian.AppendUint64(row, uint64(r.Made.Unix()))
	expires := int64(0)
	if !r.Expires.IsZero() {
		expires = r.Expires.Unix()
	}
	row = binary.BigEndian.AppendUint64(row, uint64(expires))
	row = binary.BigEndian.AppendUint32(row, uint32(r.Times))
	stopped := byte(0)
	if r.Stopped {
		stopped = 1
	}
	row = append(row, stopped)
	row = binary.BigEndian.AppendUint64(row, uint64(r.Cash))
	row = append(row, r.By[:]...)
	row = append(row, byte(len(r.VAT)))
	for _, line := range r.VAT {
		row = binary.BigEndian.AppendUint16(row, line.Permille)
		row = binary.BigEndian.AppendUint64(row, uint64(line.Amount))
	}
	return row
}

func decode(code Code, row []byte) (Request, error) {
	if len(row) < oldLength {
		return Request{}, errRow
	}
	r := Request{
		Code:   code,
		Kind:   Kind(row[1]),
		Shop:   ledger.AccountID(binary.BigEndian.Uint64(row[2:])),
		Amount: ledger.Cents(binary.BigEndian.Uint64(row[10:])),
		Made:   time.Unix(int64(binary.BigEndian.Uint64(row[34:])), 0).UTC(),
	}
	copy(r.Payment[:], row[18:34])
	if expires := int64(binary.BigEndian.Uint64(row[42:])); expires != 0 {
		r.Expires = time.Unix(expires, 0).UTC()
	}
	switch {
	case row[0] == oldVersion && r.Kind <= Poster && len(row) == oldLength:
		return r, nil
	case row[0] == rowVersion && r.Kind < kinds:
		return r, decodeNew(&r, row[oldLength:])
	}
	return Request{}, errRow
}

// decodeNew reads what version 2 has beyond version 1.
func decodeNew(r *Request, row []byte) error {
	const head = rowLength - oldLength
	if len(row) < head || row[4] > 1 {
		return errRow
	}
	times := binary.BigEndian.Uint32(row)
	lines, n := row[head:], int(row[head-1])
	if times > math.MaxInt32 || len(lines) != n*vatLength {
		return errRow
	}
	r.Times, r.Stopped = int(times), row[4] == 1
	r.Cash = ledger.Cents(binary.BigEndian.Uint64(row[5:]))
	copy(r.By[:], row[13:29])
	for ; len(lines) > 0; lines = lines[vatLength:] {
		r.VAT = append(r.VAT, VATLine{
			Permille: binary.BigEndian.Uint16(lines), Amount: ledger.Cents(binary.BigEndian.Uint64(lines[2:])),
		})
	}
	return nil
}
