// Package store is the only part of Grulden that knows Pebble. It keeps keys
// and bytes; what they mean is the business of the packages above it.
//
// What it promises:
//
//   - Commit returns only after the batch is on disk. A batch is there whole or
//     not at all, also after a power cut.
//   - A store whose disk fails is not trusted again by the running process: a
//     failed write, a failed sync, a corrupt read or a commit that hangs ends
//     the process (Options.Exit), and the next Open recovers from what is on
//     disk. There is no other error path out of Commit.
//   - Open never creates and Init never overwrites. Two processes cannot have
//     the same directory open.
//   - A Snapshot shows only what is on disk, never a batch that is still being
//     synced.
//   - Damage to the files that say which data there is, which the engine would
//     take for the end of the data, is found at Open (see seal.go); damage to the
//     data itself when it is read. What cannot be found here is a last batch whose
//     log is damaged before the next start: it looks like one that was never
//     acknowledged. For that there is the signed checkpoint above this package.
//   - Low disk space is seen before Pebble runs into it: see DB.Writable.
//
// What it refuses to do: it has no notion of records, accounts or people, it
// does not retry, and it does not repair.
package store
