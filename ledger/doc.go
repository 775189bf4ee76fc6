// Package ledger is the coin: its words, its rules and nothing else. It is a
// pure state machine. Decide looks at a state, a moment and a command, and tells
// the facts it leads to or the first rule it breaks; Apply carries the state
// forward by an entry's facts and knows no rule. The rules are SPEC.md §1–9,
// and comments here name them by number.
//
//	facts, result, err := ledger.Decide(state, now, key, command)
//	if result == ledger.Applied {
//		err = state.Apply(&ledger.Entry{Seq: …, Moment: now, Command: command, Facts: facts})
//	}
//
// # Words and units
//
// An account has an owner, a role, lots and a pool. A Lot is Grulden that were
// issued together and passed through the same hands, its Trail; the pool is what
// may become euros. Amounts at the surface are Cents. Inside, a grain is 10⁻⁸
// Grulden, and what is stored are units (demurrage.Wide), whose worth on a day,
// in grains × 10¹⁸, is units × the day's index: so money melts without a touch to
// anybody's account. Whatever must be rounded is rounded for the holder.
//
// # State
//
// A State is the working set in memory of what lies behind a Source; without one
// it is the whole ledger. What an entry touched is taken by TakeChanges, to be
// written; what was written may be forgotten (Forget) and is fetched again when
// it is needed. No reader can tell the difference.
//
// # Invariants
//
//	I1   the units of all accounts are those of the head: so reserve =
//	     held + wijkfonds + awaiting redemption, to the grain
//	I2   what is awaited is the sum of the redemptions that wait
//	I3   no lot and no pool amount is empty; a closed account has none
//	I4   a trail holds no owner twice and begins on the issue day
//	I5   the hops of a trail are on different days, in order
//	I6   a lot held by an owner of its trail melts as it did when he got it
//	I7   the fund is below nought by no more than roundings
//	I8   hops fall by a refund only
//	I9   time never runs backwards
//	I10  a refused command leaves no trace
//	I11  the same entries give the same state, to the last unit
//	I12  what is in memory and what behind the Source makes no difference
//
// Check proves I1 to I7 on a state; the tests hold all of them.
//
// # What it refuses
//
// It reads no clock and throws no dice: moments, ids and keys come in with the
// command. It starts no goroutine, knows no person, page or disk, and has no
// floating point. A refusal is a Result, never an error: an error means that the
// state cannot be what the rules make of any history, and whoever meets it must
// stop.
package ledger
