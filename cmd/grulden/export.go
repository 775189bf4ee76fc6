package main

import (
	"grulden/internal/export"
	"grulden/internal/node"
)

type exportCmd struct {
	withKey
	Format string `required:"" enum:"jsonl,csv,hledger,transfers" placeholder:"jsonl|csv|hledger|transfers" help:"jsonl: the replay format; csv: double-entry postings; hledger: a journal for hledger, with every balance asserted; transfers: who gave how much to whom on which day, without names, for grulden circulation."`
}

// Run writes the ledger to stdout.
func (c *exportCmd) Run(a *app) error {
	return a.on(c.withKey, func(l *opened) error {
		return l.node.Read(func(v *node.View) error {
			switch c.Format {
			case "jsonl":
				return export.Lines(a.stdout, v.All(), l.name)
			case "transfers":
				a.note("this list has no names, but each row tells about persons all the same: do not publish it")
				return export.Transfers(a.stdout, v.All())
			case "csv":
				return export.CSV(a.stdout, v.All(), l.name)
			}
			return export.Hledger(a.stdout, l.node.Settings().Coin, v.All(), l.name)
		})
	})
}
