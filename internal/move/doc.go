// Package move brings a wijk over from another program: its members, what they
// have and what they paid before, from two CSV files as Cyclos and spreadsheets
// write them.
//
// Reading comes first and changes nothing: a Plan says what would be done, and
// line by line what cannot be. Only a plan without faults is carried out.
// Members get an account here and no PIN, which they choose at the desk. Every
// id follows from the name in the old program, so that a plan that was carried
// out halfway, or twice, ends the same.
//
// What members have is not issued here: that takes two people, like every issue
// without an entry at the bank. Payments of before are kept with the personal
// data, sealed, for their owners to read. They are not made again in the
// ledger: the old coin did not melt and knew no trails, so a ledger of them
// would tell a history that never was.
package move
