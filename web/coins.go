package web

import (
	"strconv"
	"strings"

	"grulden/ledger"
	"grulden/web/page"
)

// piece is a banknote or a coin: its worth in cents and its real width in
// millimetres, because people know money by its size.
type piece struct {
	cents ledger.Cents
	width int
	note  bool
}

// denominations are what an amount is laid out in, the largest first. The notes over
// fifty are left out, as most tills do not take them.
var denominations = []piece{
	{5000, 140, true},
	{2000, 133, true},
	{1000, 127, true},
	{500, 120, true},
	{200, 26, false},
	{100, 23, false},
	{50, 24, false},
	{20, 22, false},
	{10, 20, false},
	{5, 21, false},
	{2, 19, false},
	{1, 16, false},
}

// drawnAlone is how many pieces of a kind are drawn one by one; of more, one is
// drawn with the number beside it.
const drawnAlone = 3

// coinScale draws coins larger than notes, so that the digit on them is read.
const coinScale = 2

// inMoney lays an amount out in notes and coins, as few as can be.
func inMoney(b page.Base, amount ledger.Cents) page.Money {
	var m page.Money
	var words []string
	for _, p := range denominations {
		n := amount / p.cents
		if n == 0 {
			continue
		}
		amount %= p.cents
		drawing := drawingOf(p)
		words = append(words, b.T(pieceKey(p), "count", strconv.FormatInt(int64(n), 10), "face", drawing.Face))
		if n > drawnAlone {
			drawing.Times = strconv.FormatInt(int64(n), 10)
			n = 1
		}
		for range n {
			m.Pieces = append(m.Pieces, drawing)
		}
	}
	m.Words = strings.Join(words, ", ")
	return m
}

// drawingOf is how one piece is drawn.
func drawingOf(p piece) page.Piece {
	d := page.Piece{Note: p.note, Width: p.width, Face: strconv.FormatInt(int64(p.cents/100), 10)}
	d.Class = "euro" + d.Face
	if p.cents < 100 {
		d.Face, d.Cent = strconv.FormatInt(int64(p.cents), 10), true
		d.Class = "cent" + d.Face
	}
	if !p.note {
		d.Width *= coinScale
	}
	return d
}

func pieceKey(p piece) page.Key {
	switch {
	case p.note:
		return "money.note"
	case p.cents < 100:
		return "money.cent"
	}
	return "money.coin"
}

// spoken is an amount as one says it.
func spoken(b page.Base, amount ledger.Cents) string {
	whole, cents := strconv.FormatInt(int64(amount/100), 10), strconv.FormatInt(int64(amount%100), 10)
	switch {
	case amount%100 == 0:
		return b.T("money.saywhole", "whole", whole)
	case amount < 100:
		return b.T("money.saycents", "cents", cents)
	}
	return b.T("money.say", "whole", whole, "cents", cents)
}
