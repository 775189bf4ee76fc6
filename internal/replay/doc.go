// Package replay is the replay format of SPEC.md §9: how history from another
// system comes in, how a ledger is written out, and how the rules are tested.
// One command a line in JSON, in time order; names in it are labels, which a
// ledger keeps outside its journal.
//
// The package reads and writes the format and knows no rule of the coin. What
// is wrong with a line as a line becomes a command that the ledger refuses as
// bad-command or bad-amount, in its turn.
package replay
