// Package disclosure decides what of the figures everybody may see, and keeps
// what was published.
//
// In a few hundred people any small cell is somebody. A sum is safe when at least
// ten owners add to it, when none of them adds more than half, and when the second
// largest cannot work out the largest to within a quarter (the p%-rule of the
// European handbook on disclosure control, p = 25). What is not safe is hidden,
// and so is as much of the rest as it takes that nobody finds the hidden sums by
// subtracting: an exact linear program works out the narrowest bounds that the
// published sums leave to each hidden one. What is shown is rounded, and ratios
// are worked out from the rounded sums, so that they tell nothing more.
//
// Releases are about whole months that no other release is about: two that
// overlap could be subtracted. Each is kept for ever, with the hash of the one
// before it.
//
// The package refuses to publish what it cannot judge, and knows no names.
package disclosure
