package sepa

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// How a booking is recognised in another file
//
// Statement files overlap: a week and then the month, the same day at noon and
// in the evening, the same file twice, version 02 and then 08. No field names a
// booking reliably: some banks give no reference at all, one repeats its
// reference for every payment of a batch, at others the entry reference counts
// from 1 in each file. So a booked entry is known by what it says, and by
// being the first, second, … that says exactly that in its statement.
//
// The fingerprint of a booked entry is the first 16 bytes, in hex, of SHA-256
// over these lines, each text quoted as Go's %q does:
//
//	camt-entry-1
//	account, currency
//	booking date
//	C or D, cents
//	AcctSvcrRef: of the transaction detail, else of the entry, else empty
//	counterparty IBAN
//	EndToEndId, empty for NOTPROVIDED
//	structured references and description, letters A-Z and digits only
//	occurrence: 1 for the first booked entry of this Stmt with the lines above, 2 for the next, …
//
// Left out on purpose, because banks give them differently in different files:
// the entry reference, the statement's id and number, the value date, names,
// times, the bank's additional text (unless it is the only description).
//
// Why this holds:
//
//   - An entry keeps its fingerprint in every statement that holds all earlier
//     entries of its booking day. That covers whole days however they are cut
//     into files, and a day that grows between two files.
//   - Two entries with the same lines are the same in everything that decides
//     what is done with them: amount, day, payer, references. It does not matter
//     which of them gets which number, so a bank may also list them in another
//     order.
//   - Two real payments of the same amount, payer and description on one day
//     have different numbers, so both count.
//   - Entries that are not booked have no fingerprint and do not shift the
//     count.
//
// Where it ends: when a bank gives no AcctSvcrRef and cuts one booking day over
// two statements of which the second starts where the first stopped, then two
// payments that say the same, one in each, have one fingerprint; the second is
// taken for known. The count starts anew with every statement all the same:
// the other choice would make a statement's entries depend on which file they
// came in, and a payment that counts twice is worse than one that a person must
// look at. Likewise a batch that is first given as one sum and later in parts
// has other fingerprints in parts; as one sum it is marked Unsplit, and must
// not be booked by itself.
//
// A fingerprint is a plain hash over personal data of little variety: who holds
// it can test guesses. Store it under a keyed hash.

// counter gives the booked entries of one statement their fingerprints. It
// remembers a hash of each, so that a long statement does not fill the memory.
type counter map[[32]byte]int

// set gives an entry its fingerprint.
func (c counter) set(e *Entry, account string) {
	if !e.Booked {
		return
	}
	lines := e.content(account)
	key := sha256.Sum256([]byte(lines))
	c[key]++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s%d\n", lines, c[key]))
	e.Fingerprint = hex.EncodeToString(sum[:16])
}

// number makes the groups of two bookings that say the same two groups: some
// banks give the sum and the parts of two batches one reference.
func (c counter) number(entries []Entry) {
	if len(entries) == 0 || entries[0].Group == "" {
		return
	}
	key := [32]byte([]byte(entries[0].Group))
	c[key]++
	for i := range entries {
		entries[i].Group += fmt.Sprintf("-%d", c[key])
	}
}

// group tells by which booking a batch is known, whether it comes as one sum or
// in parts: account, day, sum, and the reference that the bank gives the
// booking, or else the batch. Without any it cannot be told from another one.
func (e *Entry) group(account string) string {
	reference := firstText(e.AcctSvcrRef, e.BatchPmtInfID, e.BatchMsgID)
	if !e.Booked || reference == "" {
		return ""
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "camt-group-1\n%q %q\n%s\n%s %d\n%q\n",
		account, e.Currency, e.BookingDate, e.direction(), e.Cents, reference))
	return hex.EncodeToString(sum[:16])
}

func (e *Entry) direction() string {
	if e.Credit {
		return "C"
	}
	return "D"
}

func (e *Entry) content(account string) string {
	said := squeeze(strings.Join(e.RemittanceRefs, "") + e.Remittance)
	return fmt.Sprintf("camt-entry-1\n%q %q\n%s\n%s %d\n%q\n%q\n%q\n%s\n",
		account, e.Currency, e.BookingDate, e.direction(), e.Cents,
		e.AcctSvcrRef, e.CounterpartyIBAN, e.EndToEndID, said)
}
