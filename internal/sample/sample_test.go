package sample

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/store"
	"grulden/internal/vault"
	"grulden/ledger"
)

// made makes the sample with a seed, and gives what is in the ledger then.
func made(t *testing.T, seed uint64) (*Wijk, ledger.Head, map[string]ledger.Cents) {
	t.Helper()
	dir := t.TempDir()
	data, keyFile := filepath.Join(dir, "wijk"), filepath.Join(dir, "master.key")
	if err := node.Init(data, node.Settings{Coin: "Grulden"}, store.Options{}); err != nil {
		t.Fatal(err)
	}
	if err := vault.CreateMasterKey(keyFile); err != nil {
		t.Fatal(err)
	}
	key, err := vault.LoadMasterKey(keyFile)
	if err != nil {
		t.Fatal(err)
	}
	n, err := node.Open(data, node.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	v, err := vault.New(n.Store(), key)
	if err != nil {
		t.Fatal(err)
	}
	directory := people.New(v)
	until := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	w, err := Make(context.Background(), n, directory, "hash", seed, until, func(_, _ uint64) {})
	if err != nil {
		t.Fatal(err)
	}
	balances := make(map[string]ledger.Cents)
	var head ledger.Head
	err = n.Read(func(view *node.View) error {
		head = *view.Head()
		return view.Accounts(func(a *ledger.Account) error {
			p, _, err := directory.ByAccount(a.ID)
			if err != nil {
				return err
			}
			b, err := view.Balance(a.ID, head.Moment.Day)
			balances[p.Title()] = ledger.ShownCents(b.Worth)
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return w, head, balances
}

func TestTheSampleWijkLives(t *testing.T) {
	w, head, balances := made(t, 1)
	if len(balances) != residents+len(trades) {
		t.Errorf("%d accounts", len(balances))
	}
	if head.Seq < 5000 || head.Redeemed == 0 || head.Escrow == 0 {
		t.Errorf("%d entries, redeemed %v, waiting %v: not much of a wijk", head.Seq, head.Redeemed, head.Escrow)
	}
	if fund, negative, err := head.Fund(head.Moment.Day); err != nil || negative || fund.IsZero() {
		t.Error("the wijkfonds has nothing", err)
	}
	roles := make(map[people.Role]bool)
	for _, l := range w.Logins {
		roles[l.Role] = true
	}
	if len(roles) != len(people.Roles()) {
		t.Errorf("logins for %v", roles)
	}
	t.Logf("%d entries, issued %v, redeemed %v, waiting %v, reserve %v", head.Seq, head.Issued, head.Redeemed, head.Escrow, head.Reserve())
}

func TestTheSameSeedMakesTheSameHistory(t *testing.T) {
	_, a, first := made(t, 7)
	_, b, second := made(t, 7)
	if a.Seq != b.Seq || a.Issued != b.Issued || a.Redeemed != b.Redeemed {
		t.Errorf("%d entries and then %d", a.Seq, b.Seq)
	}
	for name, cents := range first {
		if second[name] != cents {
			t.Errorf("%s has %v and then %v", name, cents, second[name])
		}
	}
}
