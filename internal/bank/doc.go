// Package bank ties the ledger to the foundation's account at the bank: euros
// that come in become Grulden, redemptions become payment orders, and what the
// bank says it did is held against what was asked of it.
//
// A bank entry is known by a keyed hash of its fingerprint (see package sepa).
// It is kept once, however often and in whatever files it comes, and it is acted
// on once: the order is
//
//	keep the entry, hand the command to the ledger, note what became of it
//
// where the ledger knows the command by a key made of the entry. Whatever stops
// between two of these steps, the same file or the next start goes on where it
// stopped, and the ledger refuses to do a thing twice. The other way out is the
// same: a batch of payments is on disk before anybody is given its file, a
// redemption is in one batch for ever, and a file is never built again.
//
// Amounts, days and states are rows in the clear; names, account numbers and
// texts are sealed in the vault. Nothing is dropped: what cannot be matched is
// listed with the reason until a person has dealt with it.
//
// The package does not decide who may do what, and does not give money back
// that was returned: it says that it was.
package bank
