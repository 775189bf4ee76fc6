// Package journal keeps the append-only record of a ledger so that nobody, the
// keeper of the ledger included, can change or drop a record unnoticed. It
// knows bytes, not money: what a record says is decided by internal/node.
//
// Records are numbered 1, 2, 3, … without gaps. Over them lies the Merkle tree
// of RFC 6962 (Certificate Transparency); record seq is leaf seq−1. A leaf does
// not hash the record itself but a commitment to it:
//
//	commitment = SHA-256(salt ‖ record)
//	leaf       = SHA-256(0x00 ‖ commitment)
//	node       = SHA-256(0x01 ‖ left ‖ right)
//
// Somebody who sees only the tree, such as a witness in a neighbouring town,
// cannot test guesses ("did account 17 pay 12.50 at noon?") without the 16
// random bytes of the salt. An auditor has the entry, and with it the salt.
//
// An Entry is what is stored for one record: salt, record, and the hashes of
// the subtrees that this record completes. Tree hashes so cost no key of their
// own, and are durable together with the record they belong to.
//
// A Head names a journal by its size and root. A signed checkpoint is a head in
// the form of C2SP tlog-checkpoint, kept in a file beside the store; Open
// refuses a journal that is behind it or contradicts it.
//
// The package does no storage. Entries go where the caller puts them, in one
// batch with the state they lead to, and are read back through a ReadFunc. The
// seam towards a later, replicated journal is the Log: append, read, head.
package journal
