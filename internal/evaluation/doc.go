// Package evaluation writes the report on a period that a municipality or a
// university can hold in its hands, and check.
//
// Theory. A figure is believed when somebody else gets the same. So a report says
// what it follows from: how long the journal was at the end of the period and the
// root of its Merkle tree, which is another as soon as one bit of one entry is;
// the version of the program; and the few inputs that are not in the journal. All
// of these are in the file, and Verify makes the report again from the ledger and
// compares: byte for byte, and figure by figure where the bytes are not the same.
// That proves that the figures follow from the journal. It does not prove that
// what was entered happened.
//
// The summary comes first and the definitions last; beside each figure stands what
// it does not show. One composition makes the page (HTML with a style for print)
// and the sheets (tagged PDF); charts are drawn here, in both the same.
//
// The package refuses to report on a day that is not over, to name anybody, and
// to decide what may be published: it prints what it is given.
package evaluation
