package report

import (
	"math/big"
	"testing"

	"grulden/ledger"
)

func TestTheAnswerFollowsFromWhatWasPaidAgain(t *testing.T) {
	for _, tt := range []struct {
		name   string
		volume ledger.Cents
		first  *big.Rat // of the volume, in Grulden
		people int
		want   Verdict
		again  *big.Rat
	}{
		{"nothing was paid", 0, nil, 0, TooFew, nil},
		{"nine took part", 10000, big.NewRat(10, 1), 9, TooFew, big.NewRat(9, 10)},
		{"vouchers: all of it went to a shop and stayed there", 10000, big.NewRat(100, 1), 10, No, new(big.Rat)},
		{"a cent was paid again", 10000, big.NewRat(9999, 100), 10, Partly, big.NewRat(1, 10000)},
		{"a cent under the half was paid again", 10000, big.NewRat(5001, 100), 10, Partly, big.NewRat(4999, 10000)},
		{"every Grulden was paid twice", 10000, big.NewRat(50, 1), 10, Yes, big.NewRat(1, 2)},
		{"all money was ripe", 10000, nil, 10, Yes, big.NewRat(1, 1)},
	} {
		r := Report{Volume: tt.volume, Participants: tt.people}
		if tt.first != nil {
			r.ByHop = []*big.Rat{tt.first}
		}
		got, again := r.Answer()
		if got != tt.want || (again == nil) != (tt.again == nil) || again != nil && again.Cmp(tt.again) != 0 {
			t.Errorf("%s: %s, %v, want %s, %v", tt.name, got, again, tt.want, tt.again)
		}
	}
}

// TestTheAnswerOfTheFirstExample takes exA of the worked examples: 70 of its 200
// were paid again under the order that the ledger has, oldest first.
func TestTheAnswerOfTheFirstExample(t *testing.T) {
	r := Report{Volume: 20000, Participants: 10, ByHop: []*big.Rat{big.NewRat(130, 1), big.NewRat(40, 1), big.NewRat(30, 1)}}
	if verdict, again := r.Answer(); verdict != Partly || again.Cmp(big.NewRat(7, 20)) != 0 {
		t.Errorf("%s, %s, want partly, 7/20", verdict, again)
	}
}
