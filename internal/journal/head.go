package journal

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// Head names a journal: how many records it has and the root of the tree over
// them. As CBOR it is the array [size, root].
type Head struct {
	_    struct{} `cbor:",toarray"`
	Size uint64
	Root [32]byte
}

// EmptyHead is the head of a journal without records.
func EmptyHead() Head { return Head{Root: emptyRoot} }

// String is "size root", the root in base64 as in a checkpoint.
func (h Head) String() string { return fmt.Sprintf("%d %s", h.Size, tlog.Hash(h.Root)) }

// Step is what one batch of records did to the journal. The writer stores it
// with the batch, so that each batch names the root before and after. As CBOR
// it is [[size, root], [size, root]].
type Step struct {
	_             struct{} `cbor:",toarray"`
	Before, After Head
}

// Bytes is the deterministic CBOR of the step.
func (s Step) Bytes() []byte {
	data, err := Marshal(s)
	if err != nil {
		panic("journal: " + err.Error()) // fixed fields always have an encoding
	}
	return data
}

// ParseStep reads what Bytes wrote. A step that takes records away is refused.
func ParseStep(data []byte) (Step, error) {
	var s Step
	if err := UnmarshalExact(data, &s); err != nil {
		return Step{}, fmt.Errorf("journal head: %w", err)
	}
	if s.After.Size < s.Before.Size {
		return Step{}, fmt.Errorf("%w: a batch led from %d records to %d", ErrMismatch, s.Before.Size, s.After.Size)
	}
	return s, nil
}
