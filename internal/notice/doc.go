// Package notice tells people what happened to their money and their card.
//
// A notice is first of all a document in the vault, sealed with whose it is: the
// person reads it in the app, and needs nothing else. Who wants to hears of it by
// e-mail or on a phone (Web Push) too; what matters and reached nobody that way,
// and was not read, waits to be printed as a letter.
//
// Most notices follow from the journal: Follow reads the entries since the last
// time and writes their notices and how far it came at once, so that after a
// crash none is missing and none is there twice. Deliver then sends what waits,
// and tries again, ever more slowly, for three days. Every e-mail has an id made
// of its notice, so that one that was sent twice because of a crash is shown
// once.
//
// An e-mail goes through other people's machines: it says what happened and how
// much, never who else took part, and has no link that opens an account. An
// address is used only once its owner has typed the code that was sent to it.
// A phone's push service sees nothing but lengths.
//
// The package refuses to decide anything about money, and logs no names,
// addresses or texts.
package notice
