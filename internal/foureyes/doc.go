// Package foureyes holds what one person proposes and another must approve
// before it is done: issuing without a bank entry, a new account number, rules,
// roles, grants.
//
// A proposal says exactly what will be done. Its hash is over all of that: the
// second person sees it and sends it back, so that nobody approves what they did
// not see. Who proposes cannot approve, and nobody approves what is about
// themself. Every step is an act in the logbook, and so in the journal.
//
// What is approved is done once: doing it is idempotent by the proposal's key,
// and what was cut short is done at the next start.
//
// The package does not know what is proposed; each kind is registered with who
// may propose and approve it, and what doing it means.
package foureyes
