package main

import (
	"errors"
	"io/fs"
	"os"

	"grulden/internal/node"
	"grulden/internal/store"
	"grulden/internal/vault"
)

type initCmd struct {
	withKey
	Coin string `default:"Grulden" help:"The name of the coin."`
	Wijk string `default:"De Hoogte" help:"The name of the neighbourhood."`
}

// Run makes a ledger and the key to its names.
func (c *initCmd) Run(a *app) error {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return err
	}
	if _, err := os.Stat(c.keyFile()); !errors.Is(err, fs.ErrNotExist) {
		return hint(store.ErrExists, "choose an empty folder")
	}
	if err := node.Init(c.Data, node.Settings{Coin: c.Coin, Wijk: c.Wijk}, store.Options{}); err != nil {
		return err
	}
	if err := vault.CreateMasterKey(c.keyFile()); err != nil {
		return err
	}
	a.note("made an empty ledger in %s", c.Data)
	a.note("the key to names is %s: keep a copy elsewhere, without it no name can be read", c.keyFile())
	a.note("hint: grulden policy --data %s --set", c.Data)
	return nil
}
