// Package circulation tells how money goes round in any list of transfers: an
// export of Cyclos, a published data set, or Grulden's own.
//
// Theory. A list says who gave how much to whom and when, not which coins. The
// sums (volume, stock, velocity, leakage) need no more. How long money lay and
// how often it had moved does depend on which coins a payer is taken to hand
// over, so those figures are always those of a rule: the oldest first, the
// newest first, or a fraction of each (Mattsson, Luedtke and Takes, arXiv
// 2209.01512). The three differ much; no list can say which is right, only a
// ledger that follows its coins can.
//
// All is exact: amounts are whole numbers of a hundred-millionth, and shares
// are fractions. Under the rule of fractions the divisor grows with each row;
// when it has 256 bits it grows no more, and from then on what does not divide
// is rounded down. The result then says so.
//
// The package refuses to repair a list: a row that cannot be so is an error
// with its line and what to do. It names nobody in its figures.
package circulation
