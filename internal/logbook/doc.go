// Package logbook is the logbook of the office: who did what, to whom, when and
// why, so that it can be neither denied nor changed later.
//
// What an act was lies in the vault, under the key of the person it is about,
// and goes when that person is erased. That there was an act, of what kind, by
// whom and when, is an entry in the journal (ledger.Note) with a digest of the
// words: whoever changes, adds or removes a line is found by Check.
//
// The order of writing is: the words, a mark that they wait, the journal's entry,
// the line in the index. Whatever stops between two of these, the next start
// goes on where it stopped; the id of an act makes that it is entered once.
//
// The package does not decide who may do what or read what.
package logbook
