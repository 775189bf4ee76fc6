package payreq

import (
	"testing"
	"time"

	"grulden/ledger"
)

func TestAnAttemptGivenUpStaysSoWhileItsPageIsGood(t *testing.T) {
	b, now := newBook(t), time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	attempt, other := ledger.ID{1}, ledger.ID{2}
	if err := b.GiveUp(7, attempt, now); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		payer   ledger.AccountID
		attempt ledger.ID
		want    bool
	}{{7, attempt, true}, {7, other, false}, {8, attempt, false}} {
		if got, err := b.GivenUp(tt.payer, tt.attempt); got != tt.want || err != nil {
			t.Errorf("attempt %v of %d: %v, %v; want %v", tt.attempt, tt.payer, got, err, tt.want)
		}
	}
	for _, tt := range []struct {
		after time.Duration
		want  bool
	}{{AttemptLife, true}, {3 * AttemptLife, false}} {
		if err := b.PruneGivenUp(now.Add(tt.after)); err != nil {
			t.Fatal(err)
		}
		if got, err := b.GivenUp(7, attempt); got != tt.want || err != nil {
			t.Errorf("after %v: %v, %v; want %v", tt.after, got, err, tt.want)
		}
	}
}
