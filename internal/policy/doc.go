// Package policy tells what other rules of the coin would do, before two people
// decide on them: what they would have meant for residents and shops over the
// last year, and from which day they can hold.
//
// Theory. The journal has every command that anybody gave. Preview decides
// those commands a second time, in memory, in a wijk where the other rules had
// been announced in time to hold from the first day of the period; beside it
// the wijk as it was is carried forward by the journal's own facts. What people
// have, what melted and what became euros is then compared, group by group.
//
// It is arithmetic and no prophecy: people are taken to do exactly what they
// did. A payment for which somebody would then have had too little is counted
// as one that would have failed, with what follows from it.
//
// The package refuses to name anybody: figures are sums over groups of at least
// Least accounts, never of one.
package policy
