package journal

import (
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// ErrBadStep: bytes are not a step of a journal.
var ErrBadStep = errors.New("not a step of a journal")

// Head names a journal: how many records it has and the root of the tree over
// them.
type Head struct {
	Size uint64
	Root [32]byte
}

// EmptyHead is the head of a journal without records.
func EmptyHead() Head { return Head{Root: emptyRoot} }

// String is "size root", the root in base64 as in a checkpoint.
func (h Head) String() string { return fmt.Sprintf("%d %s", h.Size, tlog.Hash(h.Root)) }

// Step is what one batch of records did to the journal. The writer stores it
// with the batch, so that each batch names the root before and after.
type Step struct {
	Before, After Head
}

// Bytes is the deterministic CBOR of the step: [[size, root], [size, root]].
func (s Step) Bytes() []byte {
	return s.After.append(s.Before.append([]byte{cborArray2}))
}

// append appends the CBOR of a head.
func (h Head) append(dst []byte) []byte {
	dst = appendHead(append(dst, cborArray2), cborUint, h.Size)
	return append(appendHead(dst, cborBytes, uint64(len(h.Root))), h.Root[:]...)
}

// ParseStep reads what Bytes wrote, and nothing else. A step that takes records
// away is ErrBadStep too.
func ParseStep(data []byte) (Step, error) {
	if len(data) == 0 || data[0] != cborArray2 {
		return Step{}, fmt.Errorf("%w: bad start", ErrBadStep)
	}
	before, rest, ok := cutHead(data[1:])
	if !ok {
		return Step{}, fmt.Errorf("%w: bad head before", ErrBadStep)
	}
	after, rest, ok := cutHead(rest)
	if !ok || len(rest) != 0 {
		return Step{}, fmt.Errorf("%w: bad head after", ErrBadStep)
	}
	if after.Size < before.Size {
		return Step{}, fmt.Errorf("%w: it leads from %d records to %d", ErrBadStep, before.Size, after.Size)
	}
	return Step{before, after}, nil
}

// cutHead takes a head off the front of data.
func cutHead(data []byte) (h Head, rest []byte, ok bool) {
	if len(data) == 0 || data[0] != cborArray2 {
		return h, nil, false
	}
	h.Size, rest, ok = cutLength(data[1:], cborUint)
	if !ok {
		return h, nil, false
	}
	root, rest, ok := cutBytes(rest, len(h.Root))
	if !ok || len(root) != len(h.Root) {
		return h, nil, false
	}
	copy(h.Root[:], root)
	return h, rest, true
}
