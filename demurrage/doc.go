// Package demurrage is the arithmetic of a coin that melts: days, the index by
// which every amount loses worth, and the wide integers that carry both.
//
// The idea. Nobody's account is ever charged. An account holds units, which do
// not change by themselves; one index for the whole ledger falls on each charge
// day, and the worth of units on a day is units × index. A payment, a receipt
// and a balance so cost the same on any day, for one account or a million.
// Units that are still in their grace are valued at the index of their
// melts-from day: their worth stands still until then.
//
// The package knows no accounts, reads no clock, rounds only where the name of
// a function says so, and refuses floating point. The rules are SPEC.md §2.
package demurrage
