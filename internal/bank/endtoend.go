package bank

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strings"

	"grulden/ledger"
)

// endToEndMark is how the end-to-end ids of our payments begin. With the 26
// characters of a redemption's id they have 28, where banks take 35.
const endToEndMark = "GR"

var endToEndText = base32.StdEncoding.WithPadding(base32.NoPadding)

// EndToEndID is the end-to-end id of the payment for a redemption. The bank
// gives it back on statements and returns.
func EndToEndID(redemption ledger.ID) string {
	return endToEndMark + endToEndText.EncodeToString(redemption[:])
}

// ParseEndToEndID reads what EndToEndID writes, in any case and with spaces
// anywhere; ok is false for the end-to-end ids of others.
func ParseEndToEndID(s string) (redemption ledger.ID, ok bool) {
	id, ok := parseEndToEnd(endToEndMark, s)
	return ledger.ID(id), ok
}

// parseEndToEnd reads an end-to-end id of ours that begins with a mark.
func parseEndToEnd(mark, s string) (id ID, ok bool) {
	s, ours := strings.CutPrefix(strings.ToUpper(strings.Join(strings.Fields(s), "")), mark)
	if !ours || len(s) != endToEndText.EncodedLen(len(id)) {
		return ID{}, false
	}
	if _, err := endToEndText.Decode(id[:], []byte(s)); err != nil || endToEndText.EncodeToString(id[:]) != s {
		return ID{}, false
	}
	return id, true
}

// The ledger's keys of the two ways in which a redemption ends.
func settleKey(redemption ledger.ID) ledger.Key { return derive("grulden settle 1", redemption) }
func rejectKey(redemption ledger.ID) ledger.Key { return derive("grulden reject 1", redemption) }

// MatchID names the act of saying that an entry is for an account. It is no key
// of the ledger's issue, so that act and issue are two entries in the journal.
func (e *Entry) MatchID(account ledger.AccountID) ledger.ID {
	return ledger.ID(derive(fmt.Sprintf("grulden match 2 %d", account), ledger.ID(e.ID)))
}

func derive(purpose string, id ledger.ID) ledger.Key {
	sum := sha256.Sum256(append([]byte(purpose+"\x00"), id[:]...))
	return ledger.Key(sum[:16])
}
