package auth

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"testing"
	"time"
)

func newHasher(t *testing.T) *Hasher {
	t.Helper()
	h, err := NewHasher([]byte("pepper of this test"), 2, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestOnlyTheRightPINOpens(t *testing.T) {
	h, ctx := newHasher(t), context.Background()
	stored, err := h.Hash(ctx, "4071")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(stored, "4071") {
		t.Fatalf("the stored hash %q shows the PIN", stored)
	}
	for pin, want := range map[string]bool{"4071": true, "4072": false, "": false, "40710": false} {
		if got, err := h.Check(ctx, stored, pin); err != nil || got != want {
			t.Errorf("Check(%q) = %v, %v; want %v", pin, got, err, want)
		}
	}
}

func TestSamePINGivesAnotherHashEachTime(t *testing.T) {
	h, ctx := newHasher(t), context.Background()
	a, errA := h.Hash(ctx, "4071")
	b, errB := h.Hash(ctx, "4071")
	if errA != nil || errB != nil || a == b {
		t.Errorf("two hashes of one PIN: %q, %q (%v, %v)", a, b, errA, errB)
	}
}

func TestAHashIsWorthlessWithoutThePepper(t *testing.T) {
	h, ctx := newHasher(t), context.Background()
	stored, err := h.Hash(ctx, "4071")
	if err != nil {
		t.Fatal(err)
	}
	other, err := NewHasher([]byte("another pepper"), 1, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := other.Check(ctx, stored, "4071"); ok || err != nil {
		t.Errorf("Check with another pepper = %v, %v; want false", ok, err)
	}
}

func TestALoginThatDoesNotExistNeverOpens(t *testing.T) {
	h := newHasher(t)
	if ok, err := h.Check(context.Background(), "", "4071"); ok || err != nil {
		t.Errorf("Check of no hash = %v, %v; want false, nil", ok, err)
	}
}

func TestAForeignHashIsAnErrorAndNotAWrongPIN(t *testing.T) {
	h := newHasher(t)
	for _, stored := range []string{"x", "$argon2id$v=19$m=8,t=1,p=1$AAAA$AAAA", hashPrefix, hashPrefix + "*$*", hashPrefix + "AAAA$*"} {
		if ok, err := h.Check(context.Background(), stored, "4071"); ok || !errors.Is(err, errFormat) {
			t.Errorf("Check(%q) = %v, %v; want errFormat", stored, ok, err)
		}
	}
}

func TestWeakPINsAreRefused(t *testing.T) {
	h := newHasher(t)
	for _, pin := range []string{"", "123", "1234", "98765", "0000", "12a4", "1234567890123", "４０７１"} {
		if _, err := h.Hash(context.Background(), pin); !errors.Is(err, ErrWeakPIN) {
			t.Errorf("Hash(%q) = %v, want ErrWeakPIN", pin, err)
		}
	}
}

func TestHashesWaitForAFreeSlotAndGiveUpWithTheirContext(t *testing.T) {
	h := newHasher(t)
	h.slots <- struct{}{}
	h.slots <- struct{}{} // both slots are taken
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	if _, err := h.Check(ctx, "", "4071"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Check without a free slot = %v, want a deadline error", err)
	}
}
