package bank

import (
	"crypto/sha256"
	"encoding/base32"
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
	s = strings.ToUpper(strings.Join(strings.Fields(s), ""))
	s, ours := strings.CutPrefix(s, endToEndMark)
	if !ours || len(s) != endToEndText.EncodedLen(len(redemption)) {
		return ledger.ID{}, false
	}
	if _, err := endToEndText.Decode(redemption[:], []byte(s)); err != nil || EndToEndID(redemption) != endToEndMark+s {
		return ledger.ID{}, false
	}
	return redemption, true
}

// The ledger's keys of the two ways in which a redemption ends.
func settleKey(redemption ledger.ID) ledger.Key { return derive("grulden settle 1", redemption) }
func rejectKey(redemption ledger.ID) ledger.Key { return derive("grulden reject 1", redemption) }

func derive(purpose string, id ledger.ID) ledger.Key {
	sum := sha256.Sum256(append([]byte(purpose+"\x00"), id[:]...))
	return ledger.Key(sum[:16])
}
