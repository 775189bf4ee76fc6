package journal

import (
	"crypto/sha256"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// MaxRecord is the size limit of one record in bytes. A payment takes about
// 250; one that takes a whole year's lots at once, two million of them, still
// fits. The limit bounds what a damaged length can make a reader allocate.
const MaxRecord = 64 << 20

// SaltSize is the length of a salt in bytes.
const SaltSize = 16

// Salt is the random part of a commitment.
type Salt [SaltSize]byte

// maxHashes is the most subtrees one record can complete in a journal of at
// most 2⁶³ records.
const maxHashes = 64

// ErrBadEntry: bytes are not an entry of a journal.
var ErrBadEntry = errors.New("not a journal entry")

// Entry is one record with its salt and the tree hashes it completes. Its bytes
// are a CBOR array [salt: bytes .size 16, record: bytes, hashes: bytes], in
// deterministic encoding.
type Entry struct {
	Salt   Salt
	Record []byte
	// Hashes are 32 bytes each: the leaf, then the root of each larger subtree
	// that this record is the last leaf of, as tlog.StoredHashes gives them.
	Hashes []byte
}

// Leaf is the leaf hash that salt and record stand for, computed anew.
func (e Entry) Leaf() tlog.Hash {
	return leafHash(e.Salt, e.Record)
}

// Hash is the stored hash of the subtree of 2^level leaves that ends with this
// record; ok is false when there is none.
func (e Entry) Hash(level int) (h tlog.Hash, ok bool) {
	at := level * tlog.HashSize
	if level < 0 || at+tlog.HashSize > len(e.Hashes) {
		return h, false
	}
	copy(h[:], e.Hashes[at:])
	return h, true
}

// Check tells whether the entry can be record seq by itself: the right number
// of hashes, and a leaf that belongs to salt and record. Larger subtrees need
// the rest of the journal: see Tree.
func (e Entry) Check(seq uint64) error {
	if want := hashCount(seq) * tlog.HashSize; len(e.Hashes) != want {
		return fmt.Errorf("%w: record %d has %d bytes of tree hashes, want %d", ErrBadEntry, seq, len(e.Hashes), want)
	}
	if leaf, _ := e.Hash(0); leaf != e.Leaf() {
		return fmt.Errorf("%w: record %d does not match its leaf hash", ErrBadEntry, seq)
	}
	return nil
}

// commit is the commitment to a record: its hash with the salt.
func commit(salt Salt, record []byte) [sha256.Size]byte {
	var buf [512]byte // big enough for a payment, on the stack
	return sha256.Sum256(append(append(buf[:0], salt[:]...), record...))
}

// leafHash is the RFC 6962 leaf over the commitment to a record, as
// tlog.RecordHash computes it.
func leafHash(salt Salt, record []byte) tlog.Hash {
	var leaf [1 + sha256.Size]byte // 0x00 marks a leaf
	commitment := commit(salt, record)
	copy(leaf[1:], commitment[:])
	return sha256.Sum256(leaf[:])
}

// appendEntry appends the encoding of an entry. It is written by hand because
// it runs for every payment; a test holds it against the CBOR package.
func appendEntry(dst []byte, salt Salt, record, hashes []byte) []byte {
	dst = append(dst, cborArray3, cborSalt)
	dst = append(dst, salt[:]...)
	dst = append(appendHead(dst, cborBytes, uint64(len(record))), record...)
	return append(appendHead(dst, cborBytes, uint64(len(hashes))), hashes...)
}

// entryBefore is how many bytes of an entry come before its record.
const entryBefore = 2 + SaltSize

// entrySize bounds the length of an encoded entry.
func entrySize(record, hashes int) int { return entryBefore + 5 + record + 5 + hashes }

// ParseEntry reads an encoded entry. Record and Hashes are parts of data, not
// copies. Anything but the one deterministic encoding of an entry is
// ErrBadEntry.
func ParseEntry(data []byte) (Entry, error) {
	var e Entry
	if len(data) < entryBefore || data[0] != cborArray3 || data[1] != cborSalt {
		return e, fmt.Errorf("%w: bad start", ErrBadEntry)
	}
	copy(e.Salt[:], data[2:])
	record, rest, ok := cutBytes(data[entryBefore:], MaxRecord)
	if !ok {
		return e, fmt.Errorf("%w: bad record", ErrBadEntry)
	}
	hashes, rest, ok := cutBytes(rest, maxHashes*tlog.HashSize)
	if !ok || len(rest) != 0 || len(hashes) == 0 || len(hashes)%tlog.HashSize != 0 {
		return e, fmt.Errorf("%w: bad tree hashes", ErrBadEntry)
	}
	e.Record, e.Hashes = record, hashes
	return e, nil
}
