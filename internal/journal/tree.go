package journal

import (
	"errors"
	"fmt"
	"math"
	"math/bits"

	"golang.org/x/mod/sumdb/tlog"
)

// ErrGap: a record that must be in the journal is not there.
var ErrGap = errors.New("record is missing from the journal")

// ErrMismatch: records and head do not belong together.
var ErrMismatch = errors.New("journal and head disagree")

// ReadFunc gives the stored bytes of the entry of record seq, or nil when there
// is none. The bytes must stay as they are.
type ReadFunc func(seq uint64) (entry []byte, err error)

// Tree is the right edge of the Merkle tree over a journal: all that is needed
// to append. It is a value of about 2 kB; a copy goes on by itself, so that a
// writer can try an append and drop it. The zero Tree is empty. A Tree belongs
// to one goroutine.
type Tree struct {
	size uint64
	// edge[i] is the root of the complete subtree of 2^i leaves on the right
	// edge; it counts only where bit i of size is set.
	edge [maxHashes]tlog.Hash
}

// Size is the number of records.
func (t *Tree) Size() uint64 { return t.size }

// Head is the size and root of the tree.
func (t *Tree) Head() Head { return Head{Size: t.size, Root: t.Root()} }

// Root is the RFC 6962 root hash; it takes log₂(size) hashes. The empty tree
// has the hash of the empty string.
func (t *Tree) Root() [32]byte {
	if t.size == 0 {
		return emptyRoot
	}
	level := bits.TrailingZeros64(t.size)
	root := t.edge[level]
	for rest := t.size >> (level + 1) << (level + 1); rest != 0; rest &= rest - 1 {
		root = tlog.NodeHash(t.edge[bits.TrailingZeros64(rest)], root)
	}
	return root
}

// Append adds a record as number Size()+1 and returns its entry, ready to be
// stored. It never reads the store. The salt must be random and used once; see
// Salts. A record over MaxRecord is a mistake of the caller and panics, as the
// entry could not be read back.
func (t *Tree) Append(salt Salt, record []byte) (entry []byte) {
	if len(record) > MaxRecord {
		panic(fmt.Sprintf("journal: record of %d bytes, limit %d", len(record), MaxRecord))
	}
	leaf := leafHash(salt, record)
	var hashes [maxHashes * tlog.HashSize]byte
	n := t.push(leaf, hashes[:0])
	return appendEntry(make([]byte, 0, entrySize(len(record), len(n))), salt, record, n)
}

// push adds a leaf to the edge and appends to dst the hashes of the subtrees it
// completes, itself first.
func (t *Tree) push(leaf tlog.Hash, dst []byte) []byte {
	h := leaf
	dst = append(dst, h[:]...)
	level := 0
	for ; t.size>>level&1 == 1; level++ {
		h = tlog.NodeHash(t.edge[level], h)
		dst = append(dst, h[:]...)
	}
	t.edge[level] = h
	t.size++
	return dst
}

// Replay adds the record of a stored entry, as a walk over the whole journal
// does, after checking that each byte of the entry is what Append would have
// made of it.
func (t *Tree) Replay(e Entry) error {
	seq := t.size + 1
	next := *t
	var hashes [maxHashes * tlog.HashSize]byte
	if string(next.push(e.Leaf(), hashes[:0])) != string(e.Hashes) {
		return fmt.Errorf("%w: record %d does not fit its tree hashes", ErrMismatch, seq)
	}
	*t = next
	return nil
}

// hashCount is the number of subtrees that record seq completes.
func hashCount(seq uint64) int { return 1 + bits.TrailingZeros64(seq) }

// emptyRoot is the root of a tree without leaves, RFC 6962 §2.1.
var emptyRoot = func() [32]byte {
	root, err := tlog.TreeHash(0, nil)
	if err != nil {
		panic("journal: " + err.Error())
	}
	return root
}()

// LoadTree restores the tree over the first size records from at most log₂(size)
// of their entries, each checked against its own leaf hash. It returns ErrGap
// when one of them is missing. Whether the root is the right one is for the
// caller to compare.
func LoadTree(size uint64, read ReadFunc) (*Tree, error) {
	if size > math.MaxInt64 {
		return nil, fmt.Errorf("%w: a journal of %d records cannot be", ErrMismatch, size)
	}
	t := &Tree{size: size}
	for rest := size; rest != 0; rest &= rest - 1 {
		// Of the complete subtrees, the one for the lowest set bit of rest ends
		// with record rest.
		level := bits.TrailingZeros64(rest)
		e, err := readEntry(rest, read)
		if err != nil {
			return nil, err
		}
		t.edge[level], _ = e.Hash(level) // Check counted the hashes
	}
	return t, nil
}

// readEntry reads and checks the entry of one record.
func readEntry(seq uint64, read ReadFunc) (Entry, error) {
	data, err := read(seq)
	if err != nil {
		return Entry{}, fmt.Errorf("read record %d: %w", seq, err)
	}
	if data == nil {
		return Entry{}, fmt.Errorf("%w: record %d", ErrGap, seq)
	}
	e, err := ParseEntry(data)
	if err != nil {
		return Entry{}, fmt.Errorf("record %d: %w", seq, err)
	}
	return e, e.Check(seq)
}

// HashReader gives tlog, which makes and checks proofs, the tree hashes out of
// the stored entries.
func HashReader(read ReadFunc) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			level, n := tlog.SplitStoredHashIndex(index)
			seq := uint64(n+1) << level // the record that completed the subtree
			e, err := readEntry(seq, read)
			if err != nil {
				return nil, err
			}
			hashes[i], _ = e.Hash(level)
		}
		return hashes, nil
	})
}
