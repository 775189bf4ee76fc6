// Package sepa reads and writes the files that banks in the euro area exchange
// with their customers: account statements and notifications in (camt.053,
// camt.054), credit transfers out (pain.001), and the identifiers inside them:
// IBAN, ISO 11649 creditor reference, bank days, character set.
//
// All of them are ISO 20022 XML. Banks agree on the element names and disagree
// on much else: which version they send, whether an entry has a reference,
// whether a batch is listed or summed, where the description is put. The
// reader therefore matches local names only, takes each fact from the first
// place that has it, and checks the one thing that must hold whatever the
// dialect: the opening balance and the booked entries add up to the closing
// balance. What it cannot split with certainty it hands over whole, so that a
// person decides.
//
// Foreign bytes are bounded before they are parsed: size, depth and number of
// entries; a DOCTYPE and any encoding but UTF-8 are refused.
//
// Money is a whole number of cents (int64). Balances are decimals, because a
// bank may state them with more digits than cents have. There is no floating
// point here.
//
// The package knows formats only. Which credit is a top-up, which debit is a
// payout and what either does to the ledger is decided elsewhere. It keeps
// nothing, logs nothing, and its errors never repeat the name or the account of
// the other side of a payment.
package sepa
