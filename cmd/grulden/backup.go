package main

import (
	"errors"
	"os"

	"grulden/internal/node"
)

type backupCmd struct {
	withKey
	To string `required:"" type:"path" placeholder:"FILE" help:"The file to write; it must not be there yet."`
}

// Run writes a backup.
func (c *backupCmd) Run(a *app) error {
	return a.on(c.withKey, func(l *opened) error {
		f, err := os.OpenFile(c.To+".part", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
		if err != nil {
			return err
		}
		defer os.Remove(f.Name())
		if _, err := os.Stat(c.To); err == nil {
			return errors.Join(hint(errors.New("there is a file "+c.To+" already"), "choose another name; a backup is never overwritten"), f.Close())
		}
		if err := errors.Join(l.node.Backup(f, c.Data), f.Sync(), f.Close()); err != nil {
			return err
		}
		if err := os.Rename(f.Name(), c.To); err != nil {
			return err
		}
		a.note("wrote %s; the key to names, %s, is not in it and needs a place of its own", c.To, c.keyFile())
		return nil
	})
}

type restoreCmd struct {
	inData
	From    string `required:"" type:"existingfile" placeholder:"FILE" help:"A file that grulden backup wrote."`
	Replace bool   `help:"Put aside the ledger that is in the folder now."`
}

// Run restores a backup.
func (c *restoreCmd) Run(a *app) error {
	f, err := os.Open(c.From)
	if err != nil {
		return err
	}
	defer f.Close()
	old, v, err := node.Restore(a.ctx, f, c.Data, c.Replace, a.unreadable(), a.progress("verifying"))
	if err != nil {
		return err
	}
	if old != "" {
		a.note("what was there before is now in %s", old)
	}
	a.note("restored and verified %d records", v.Records)
	a.note("hint: put master.key into %s, then: grulden serve --data %s", c.Data, c.Data)
	return nil
}
