// Package whatif sets other rules of the coin beside each other: what they would
// have meant for residents, shops, the wijkfonds and the reserve.
//
// Theory. Two questions need two ways. Of the wijk's own history, package policy
// decides every command again under the other rules: exact, but people are held
// to what they did. A model wijk (Model) is made up: residents who top up when
// their purse runs low and have habits, shops that pay suppliers and helpers and
// ask for what may become euros. There the same intentions meet other rules, and
// what people top up, fail to pay and ask for follows. Each agent throws dice of
// its own, from one seed and on every day alike, whatever became of its wishes: so
// two scenarios differ by their rules and not by chance.
//
// Neither is a forecast. Nobody in them spends sooner because money melts, comes
// to the wijk or leaves it because of the rules; real people would. The package
// says so with every outcome.
//
// It refuses to show figures of fewer than policy.Least accounts.
package whatif
