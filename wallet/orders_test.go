package wallet

import (
	"context"
	"crypto/rand"
	"path/filepath"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/internal/node"
	"grulden/internal/payreq"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/internal/store"
	"grulden/internal/vault"
	"grulden/ledger"
)

// town is a wijk with people in it, that can be stopped and started again.
type town struct {
	*wijk
	options store.Options
	master  vault.MasterKey
	vault   *vault.Vault
	people  *people.Directory
	orders  *Orders
}

func newTown(t *testing.T) *town {
	t.Helper()
	w := &wijk{t: t, now: noon}
	s := &town{wijk: w, options: store.Options{FS: vfs.NewMem(), MinFreeBytes: 1}}
	key := filepath.Join(t.TempDir(), "key")
	if err := vault.CreateMasterKey(key); err != nil {
		t.Fatal(err)
	}
	var err error
	if s.master, err = vault.LoadMasterKey(key); err != nil {
		t.Fatal(err)
	}
	if err := node.Init("wijk", node.Settings{Ledger: "ledger", Coin: "Grulden"}, s.options); err != nil {
		t.Fatal(err)
	}
	s.start()
	t.Cleanup(s.stop)
	s.submit(ledger.SetPolicy{Policy: ledger.DefaultPolicy()})
	return s
}

func (s *town) start() {
	s.t.Helper()
	var err error
	if s.node, err = node.Open("wijk", node.Options{Store: s.options, Clock: s.clock}); err != nil {
		s.t.Fatal(err)
	}
	if s.vault, err = vault.New(s.node.Store(), s.master); err != nil {
		s.t.Fatal(err)
	}
	s.people = people.New(s.vault)
	mint := payreq.NewMint([]byte("key"), rand.Reader)
	s.book = payreq.NewBook(s.node.Store(), rand.Reader)
	s.wallet = New(s.node, s.book, mint)
	if s.orders, err = NewOrders(s.wallet, s.vault, s.people); err != nil {
		s.t.Fatal(err)
	}
}

func (s *town) stop() {
	s.t.Helper()
	if err := s.node.Close(); err != nil {
		s.t.Error(err)
	}
}

func (s *town) restart() {
	s.t.Helper()
	s.stop()
	s.start()
}

// add adds somebody with an account and some money.
func (s *town) add(name string, role people.Role, has ledger.Cents) people.Person {
	s.t.Helper()
	p := people.Person{ID: people.NewID(), Role: role, Name: name}
	if role == people.Merchant {
		p.Shop = name
	}
	p, _, err := s.people.Add(p, "hash", s.clock())
	if err != nil {
		s.t.Fatal(err)
	}
	s.submit(ledger.Open{Account: p.Account, Owner: p.Owner, Role: string(role)})
	if has > 0 {
		s.submit(ledger.Issue{To: p.Account, Amount: has})
	}
	return p
}

func holderOf(p people.Person) Holder {
	return Holder{Account: p.Account, Auth: record.Auth{By: record.ActorID(p.ID), How: record.ByPINNow}}
}

func (s *town) has(p people.Person) ledger.Cents { return s.home(p.Account).Spendable }

func (s *town) made(id ledger.ID) bool {
	s.t.Helper()
	made, err := s.wallet.Made(id)
	if err != nil {
		s.t.Fatal(err)
	}
	return made
}

func (s *town) runDue() {
	s.t.Helper()
	if err := s.orders.RunDue(context.Background()); err != nil {
		s.t.Fatal(err)
	}
}
