package node

import "grulden/internal/store"

// Written is what this node has written to its store since it was opened. Its
// transfers are all entries, of whatever kind. It may be asked for at any time.
func (n *Node) Written() store.Load {
	n.writtenMu.Lock()
	defer n.writtenMu.Unlock()
	return n.written
}

// count adds a batch to what was written.
func (n *Node) count(b *batch) {
	n.writtenMu.Lock()
	defer n.writtenMu.Unlock()
	n.written.Transfers += uint64(len(b.events))
	n.written.Rows += uint64(b.rows.Count())
	n.written.Bytes += uint64(b.rows.Len())
}
