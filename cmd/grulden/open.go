package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"grulden/internal/bank"
	"grulden/internal/cash"
	"grulden/internal/coupon"
	"grulden/internal/foureyes"
	"grulden/internal/logbook"
	"grulden/internal/node"
	"grulden/internal/notice"
	"grulden/internal/people"
	"grulden/internal/report"
	"grulden/internal/rewards"
	"grulden/internal/store"
	"grulden/internal/vault"
	"grulden/ledger"
	"grulden/web"
)

// opened is a ledger that is open, with the names to it.
type opened struct {
	node    *node.Node
	vault   *vault.Vault
	labels  *people.Labels
	people  *people.Directory
	bank    *bank.Bank
	cash    *cash.Box
	coupons *coupon.Book
	rewards *rewards.Book
	figures *report.Keeper

	notices  *notice.Post
	logbook  *logbook.Book
	foureyes *foureyes.Desk
}

// on runs fn on a ledger. When the ledger is being served, the server runs the
// whole command in this one's place.
func (a *app) on(d withKey, fn func(*opened) error) error {
	if a.here != nil {
		return fn(a.here)
	}
	l, err := openLedger(d, a.clock)
	if errors.Is(err, store.ErrInUse) {
		if status, asked := a.askServer(d.Data); asked {
			if status != 0 {
				return errNo
			}
			return nil
		}
	}
	if err != nil {
		return err
	}
	return errors.Join(fn(l), l.close())
}

func openLedger(d withKey, clock func() time.Time) (*opened, error) {
	n, err := node.Open(d.Data, node.Options{Clock: clock})
	if err != nil {
		return nil, err
	}
	key, err := vault.LoadMasterKey(d.keyFile())
	if err != nil {
		return nil, errors.Join(hint(fmt.Errorf("the key to names cannot be read: %w", err), "point to it: --master-key FILE"), n.Close())
	}
	v, err := vault.New(n.Store(), key)
	if err != nil {
		return nil, errors.Join(err, n.Close())
	}
	l, err := newOpened(n, v)
	if err != nil {
		return nil, errors.Join(err, n.Close())
	}
	return l, nil
}

// newOpened opens all that lies beside a ledger.
func newOpened(n *node.Node, v *vault.Vault) (*opened, error) {
	l := &opened{node: n, vault: v, labels: people.NewLabels(v), people: people.New(v)}
	var err error
	if l.figures, err = report.OpenKeeper(n); err != nil {
		return nil, err
	}
	l.figures.Ask(l.people.SectorOf)
	if l.logbook, err = logbook.New(n, v); err != nil {
		return nil, err
	}
	if l.foureyes, err = foureyes.New(n, v, l.people, l.logbook); err != nil {
		return nil, err
	}
	if l.bank, err = bank.New(n, v, l.people); err != nil {
		return nil, err
	}
	if l.cash, err = cash.New(n, v, l.people, l.bank, l.logbook); err != nil {
		return nil, err
	}
	if l.notices, err = notice.New(n, v, l.people); err != nil {
		return nil, err
	}
	if l.coupons, err = coupon.New(n, v, l.people); err != nil {
		return nil, err
	}
	if l.rewards, err = rewards.New(n, v, l.bank); err != nil {
		return nil, err
	}
	return l, nil
}

// config is what a web server of this ledger needs, but for its address.
func (l *opened) config() web.Config {
	return web.Config{
		Notices: l.notices,
		Node:    l.node, People: l.people, Vault: l.vault, Bank: l.bank, Cash: l.cash, Rewards: l.rewards, Coupons: l.coupons,
		Figures: l.figures,
		Logbook: l.logbook, FourEyes: l.foureyes,
	}
}

// close closes all of it.
func (l *opened) close() error { return errors.Join(l.figures.Close(), l.node.Close()) }

// name is the label of an account, or a number for one that was not replayed.
func (l *opened) name(id ledger.AccountID) (string, error) {
	label, ok, err := l.labels.Name(id)
	if !ok {
		label = fmt.Sprintf("account-%016x", uint64(id))
	}
	return label, err
}

// keyFile is where the master key lies.
func (d withKey) keyFile() string {
	if d.MasterKey != "" {
		return d.MasterKey
	}
	return filepath.Join(d.Data, "master.key")
}
