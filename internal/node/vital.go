package node

import (
	"sync/atomic"
	"time"
)

// Commit is one batch that went to the disk.
type Commit struct {
	Entries int
	Took    time.Duration // of the write with its sync
}

// vital is what a node tells about its health, without a look into the store.
type vital struct {
	length   atomic.Uint64                // entries on disk
	signed   atomic.Int64                 // when the last checkpoint was written, Unix seconds of the machine
	onCommit atomic.Pointer[func(Commit)] // told of every batch
}

// OnCommit has a function told of every batch that went to the disk, from the
// writer's own goroutine: it must return at once. A second call takes the place
// of the first.
func (n *Node) OnCommit(told func(Commit)) { n.vital.onCommit.Store(&told) }

// tell tells of a batch that is on disk.
func (n *Node) tell(b *batch, took time.Duration) {
	n.vital.length.Store(b.head.Size)
	if told := n.vital.onCommit.Load(); told != nil {
		(*told)(Commit{len(b.events), took})
	}
}

// Length is how many entries are on disk.
func (n *Node) Length() uint64 { return n.vital.length.Load() }

// Queued is how many commands wait to be decided.
func (n *Node) Queued() int { return len(n.queue) }

// Signed is when the last checkpoint was written, by the clock of the machine;
// the zero time while none was since the ledger was opened.
func (n *Node) Signed() time.Time {
	if at := n.vital.signed.Load(); at != 0 {
		return time.Unix(at, 0)
	}
	return time.Time{}
}
