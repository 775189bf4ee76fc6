package auth

import (
	"fmt"
	"testing"
	"time"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func TestLimiterHoldsBackOneKeyAndNotAnother(t *testing.T) {
	l := NewLimiter(time.Minute, 3, 10)
	for i := range 3 {
		if !l.Allow("a", noon) {
			t.Fatalf("try %d of a was held back", i+1)
		}
	}
	if l.Allow("a", noon) {
		t.Error("the fourth try of a went through")
	}
	if !l.Allow("b", noon) {
		t.Error("b was held back by a")
	}
	if !l.Allow("a", noon.Add(time.Minute)) {
		t.Error("a is still held back after a minute")
	}
}

func TestWhatIsGivenBackWasNotCounted(t *testing.T) {
	l := NewLimiter(time.Minute, 2, 10)
	for range 10 {
		if !l.Allow("a", noon) {
			t.Fatal("held back after giving back")
		}
		l.GiveBack("a", noon)
	}
	l.GiveBack("a", noon)
	for i := range 3 {
		if got := l.Allow("a", noon); got != (i < 2) {
			t.Errorf("after giving back too much, try %d: %v", i+1, got)
		}
	}
}

func TestLimiterRemembersABoundedNumberOfKeys(t *testing.T) {
	l := NewLimiter(time.Hour, 1, 100)
	for i := range 10_000 {
		l.Allow(fmt.Sprint(i), noon)
		l.Allow("in use", noon)
	}
	if len(l.byKey) != 100 || l.used.Len() != 100 {
		t.Errorf("remembers %d keys in a list of %d, want 100", len(l.byKey), l.used.Len())
	}
	if l.Allow("in use", noon) {
		t.Error("a key in use was forgotten")
	}
}

func TestWhatIsCountedOnlyWhenItFails(t *testing.T) {
	l := NewLimiter(time.Minute, 2, 10)
	for i := range 2 {
		if l.Spent("a", noon) {
			t.Fatalf("spent after %d failures", i)
		}
		l.Allow("a", noon)
	}
	if !l.Spent("a", noon) || !l.Spent("a", noon.Add(59*time.Second)) || l.Spent("a", noon.Add(time.Minute)) {
		t.Errorf("spent at once %v, after 59 s %v, after a minute %v; want true, true, false",
			l.Spent("a", noon), l.Spent("a", noon.Add(59*time.Second)), l.Spent("a", noon.Add(time.Minute)))
	}
	if l.Spent("b", noon) || len(l.byKey) != 1 {
		t.Error("asking about a key counts as a failure of it")
	}
}
