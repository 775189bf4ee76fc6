package payreq

import (
	"crypto/rand"
	"strings"
	"testing"

	"grulden/ledger"
)

func TestASealHoldsForOneIDOneAccountAndOnePurpose(t *testing.T) {
	m := NewMint([]byte("key"), rand.Reader)
	id, seal, err := m.New(7, "ABC")
	if err != nil {
		t.Fatal(err)
	}
	other, _, err := m.New(7, "ABC")
	if err != nil || other == id {
		t.Fatalf("the second id is %v, %v", other, err)
	}
	for _, tt := range []struct {
		what    string
		mint    *Mint
		account ledger.AccountID
		purpose string
		id      ledger.ID
		seal    string
		want    bool
	}{
		{"as it was made", m, 7, "ABC", id, seal, true},
		{"another account", m, 8, "ABC", id, seal, false},
		{"another purpose", m, 7, "ABD", id, seal, false},
		{"another id", m, 7, "ABC", other, seal, false},
		{"no seal", m, 7, "ABC", id, "", false},
		{"no hexadecimal", m, 7, "ABC", id, strings.Repeat("x", 32), false},
		{"another key", NewMint([]byte("other"), rand.Reader), 7, "ABC", id, seal, false},
	} {
		if got := tt.mint.Valid(tt.account, tt.purpose, tt.id, tt.seal); got != tt.want {
			t.Errorf("%s: Valid = %v, want %v", tt.what, got, tt.want)
		}
	}
}
