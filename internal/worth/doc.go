// Package worth reckons what the coin cost and brought, on a sheet that people
// fill in: the SROI in the six steps of Dutch practice, and what green spending
// did for the surroundings (EROI, the ecological return on investment).
//
// Theory. SROI = present value of the outcomes / present value of the inputs.
// What an outcome is worth in its year t is
//
//	quantity × proxy × (1−deadweight) × (1−attribution) × (1−displacement) × (1−drop-off)^(t−1) / (1+discount)^t
//
// counted at the end of each year (Guide to SROI, 2012, stage 5). The ledger can
// give quantities; it knows nothing of what would have happened anyway. So every
// number is somebody's, with its source, and has a range: the least, the likely
// and the most that it may be. The low answer takes of each number the end that
// makes the ratio lower, the high answer the other; the discount rate is the same
// in all three. Numbers are decimal texts and exact fractions, so that a sheet
// gives the same answer for ever.
//
// The EROI has no one definition: its formula (spent × factor − footprint) and
// its unit are written each time. GROI is not reckoned: no source was found that
// says what it is.
//
// The package refuses to add up in silence: it warns where a sum counts twice,
// where a source is missing, and where somebody's hours were left out. It takes
// no figure from the ledger by itself, and no person belongs on a sheet.
package worth
