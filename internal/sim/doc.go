// Package sim is a second, independent telling of the rules of the coin: slow,
// plain, and made only to check the ledger against. It reads the replay format
// and answers with refusals and balances; it shares no code with the ledger, so
// that a mistake in one is not a mistake in both.
//
// Everything is done the long way. Amounts are big integers, the state is copied
// for every line, and each day that passes is lived through one by one. A big
// integer is never changed once it is made, so copies may share it.
//
// Two scales occur. A grain is 10⁻⁸ Grulden. A worth is counted in grains × 10¹⁸,
// because a stored unit is worth its index and an index starts at 10¹⁸: units ×
// index is then an exact integer.
//
// The package also writes histories: random, but close to the edges where rules
// meet. See [History].
//
// It refuses to be anything else: no storage, no clock, no use outside tests.
package sim
