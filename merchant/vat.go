package merchant

import (
	_ "embed"
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"time"

	"grulden/internal/payreq"
	"grulden/ledger"
)

// The rates are data: a line of this file per day on which they changed.
//
//go:embed vatrates.txt
var vatFile string

var vatTable = mustReadRates(vatFile)

// rates are the rates of VAT from a day on, in thousandths.
type rates struct {
	from     time.Time
	permille []uint16
}

// Rates gives the rates of VAT on a day, in thousandths, the usual one first.
func Rates(day time.Time) []uint16 {
	var in []uint16
	for _, r := range vatTable {
		if !r.from.After(day) {
			in = r.permille
		}
	}
	return slices.Clone(in)
}

func mustReadRates(text string) []rates {
	all, err := readRates(text)
	if err != nil {
		panic(err)
	}
	return all
}

// readRates reads lines of a day and its rates in percent, rising by day.
func readRates(text string) (all []rates, err error) {
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		r := rates{}
		if r.from, err = time.Parse(time.DateOnly, words[0]); err != nil {
			return nil, fmt.Errorf("rates of VAT: %w", err)
		}
		if len(all) > 0 && !r.from.After(all[len(all)-1].from) {
			return nil, fmt.Errorf("rates of VAT: %s is not after the line before", words[0])
		}
		for _, word := range words[1:] {
			whole, tenth, point := strings.Cut(word, ".")
			if !point {
				tenth = "0"
			}
			n, err := strconv.ParseUint(whole+tenth, 10, 16)
			if err != nil || len(tenth) != 1 || n >= 1000 {
				return nil, fmt.Errorf("rates of VAT: %q is not a percentage", word)
			}
			r.permille = append(r.permille, uint16(n))
		}
		all = append(all, r)
	}
	return all, nil
}

// within is the part of an amount at a rate that is VAT, rounded to the nearest
// cent: the amount has the VAT in it.
func within(amount ledger.Cents, permille uint16) ledger.Cents {
	sign := ledger.Cents(1)
	if amount < 0 {
		sign, amount = -1, -amount
	}
	whole := uint64(1000) + uint64(permille)
	return sign * scaled(amount, ledger.Cents(permille), ledger.Cents(whole), whole/2)
}

// VATOf says how much VAT is in each line of a sale.
func VATOf(lines []payreq.VATLine) []VATSum {
	sums := make([]VATSum, len(lines))
	for i, l := range lines {
		sums[i] = VATSum{Permille: l.Permille, Amount: l.Amount, VAT: within(l.Amount, l.Permille)}
	}
	return sums
}

// scaled is ⌊(amount × part + round) / whole⌋ without overflow; part ≤ whole.
func scaled(amount, part, whole ledger.Cents, round uint64) ledger.Cents {
	hi, lo := bits.Mul64(uint64(amount), uint64(part))
	lo, carry := bits.Add64(lo, round, 0)
	q, _ := bits.Div64(hi+carry, lo, uint64(whole))
	return ledger.Cents(q)
}

// share is what the first x cents of a sale of total take of each of its VAT
// lines. What several shares of one sale take adds up to the cent: the share of
// all of it is the lines themselves.
func share(lines []payreq.VATLine, x, total ledger.Cents) []payreq.VATLine {
	out := make([]payreq.VATLine, len(lines))
	var sum, before ledger.Cents
	for i, l := range lines {
		sum += l.Amount
		upTo := scaled(x, sum, total, 0)
		out[i] = payreq.VATLine{Permille: l.Permille, Amount: upTo - before}
		before = upTo
	}
	return out
}
