// Package report counts how the coin circulates in a period: how much there
// was, how often it changed hands, how long it lay, and how much left as euros.
//
// Theory. The journal tells of every payment which parts of which lots it
// moved, so the way of the money is known and not estimated: the value that
// makes its k-th counted transaction, and the time each part lay at the payer,
// are exact. Convertible money has lost its lots; of it only the melts-from day
// is known, and among money of one such day what came first goes first. All
// sums are whole numbers or fractions of whole numbers, and every figure comes
// with its definition: velocity is Fisher's (V = P·T / M), holding times are
// those of Mattsson, Luedtke and Takes (arXiv 2209.01512), the multiplier is
// the one observed and no model's.
//
// A report of a period looks at nothing that happened after it. So the report
// of a period that is over never changes.
//
// One pass over the entries (fold.go) leaves rows for each day that is over
// (rows.go), and of the past holds only what is still held: lots with their
// trails, and convertible money by the time it came and by where it came from. The
// rows are sums by role and, apart from them, who is behind them; a month is the
// sum of its days. A report is added up from the rows of its days and months
// (period.go), and reads who is behind them only as far as it needs. A Keeper keeps
// the rows in the ledger's store and follows the journal.
//
// The package refuses to name anybody: there are sums over the whole wijk and over
// groups, no figure per account, no list. The cells of tables say how many owners
// they are made of and what the largest added: that is for who judges what may be
// published, and is not shown.
package report
