package payreq

import (
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"grulden/internal/store"
	"grulden/ledger"
)

// Claim is one payer's place on a link. It is written before the payment is
// made, so it does not prove that there is one: the ledger knows.
type Claim struct {
	Payer   ledger.AccountID
	Payment ledger.ID
	At      time.Time
}

// Claim notes that somebody is about to pay a link, with this payment id.
func (b *Book) Claim(code Code, c Claim) error {
	row := binary.BigEndian.AppendUint64(append([]byte(nil), c.Payment[:]...), uint64(c.At.Unix()))
	err := b.rows.Update(func(batch *store.Batch) {
		batch.Set(claimKey(code, c.Payer), row)
		batch.Set(saleKey(c.Payment), codeRow(code))
	})
	if err != nil {
		return fmt.Errorf("note who pays a link: %w", err)
	}
	return nil
}

// Unclaim gives a place on a link back, because the ledger refused the payment.
func (b *Book) Unclaim(code Code, c Claim) error {
	err := b.rows.Update(func(batch *store.Batch) {
		batch.Delete(claimKey(code, c.Payer))
		batch.Delete(saleKey(c.Payment))
	})
	if err != nil {
		return fmt.Errorf("give back a place on a link: %w", err)
	}
	return nil
}

// Claims lists who is paying or has paid a link, in no particular order.
func (b *Book) Claims(code Code) (claims []Claim, err error) {
	prefix := binary.BigEndian.AppendUint64([]byte{claimRow}, uint64(code))
	err = b.rows.Scan(prefix, func(key, row []byte) error {
		if len(key) != 17 || len(row) != 24 {
			return errRow
		}
		claims = append(claims, Claim{
			Payer:   ledger.AccountID(binary.BigEndian.Uint64(key[9:])),
			Payment: ledger.ID(row[:16]),
			At:      time.Unix(int64(binary.BigEndian.Uint64(row[16:])), 0).UTC(),
		})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list who paid a link: %w", err)
	}
	return claims, nil
}

// Stop ends a link: nobody can pay it any more.
func (b *Book) Stop(code Code) error {
	r, ok, err := b.Find(code)
	if err == nil && (!ok || r.Kind != ByLink) {
		err = ErrRequest
	}
	if err != nil {
		return err
	}
	r.Stopped = true
	return b.rows.Put(requestKey(code), encode(r))
}

// Links lists the links that an account made, newest first.
func (b *Book) Links(account ledger.AccountID) (links []Request, err error) {
	prefix := binary.BigEndian.AppendUint64([]byte{linkRow}, uint64(account))
	var codes []Code
	err = b.rows.Scan(prefix, func(key, _ []byte) error {
		if len(key) != 17 {
			return errRow
		}
		codes = append(codes, Code(binary.BigEndian.Uint64(key[9:])))
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list links: %w", err)
	}
	for _, code := range codes {
		r, err := b.must(code)
		if err != nil {
			return nil, err
		}
		links = append(links, r)
	}
	slices.SortFunc(links, func(x, y Request) int { return y.Made.Compare(x.Made) })
	return links, nil
}

func claimKey(code Code, payer ledger.AccountID) []byte {
	return rowKey(claimRow, uint64(code), uint64(payer))
}
