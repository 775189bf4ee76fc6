package main

import (
	"errors"
	"os"
	"time"

	"grulden/internal/disclosure"
	"grulden/internal/node"
	"grulden/internal/store"
)

type verifyCmd struct{ inData }

// Run verifies a ledger that is not being served.
func (c *verifyCmd) Run(a *app) error {
	began := time.Now()
	v, err := node.Verify(a.ctx, c.Data, a.unreadable(), a.progress("verifying"))
	if errors.Is(err, store.ErrInUse) {
		return hint(err, "a ledger that is being served is verified from a backup: grulden backup --data %s --to FILE; grulden restore --from FILE --data OTHER; grulden verify --data OTHER", c.Data)
	}
	if err != nil {
		return hint(err, "nothing was changed; restore the last backup: grulden restore --from FILE --data OTHER")
	}
	released, err := c.releases()
	if err != nil {
		return hint(err, "what everybody may see at /circulatie was changed or taken away; the last backup has it: grulden restore --from FILE --data OTHER")
	}
	took := time.Since(began)
	a.say("records    %d, without a gap, each decided again with the same facts\n", v.Records)
	a.say("batches    %d, each root that of the tree\n", v.Batches)
	a.say("accounts   %d, each row what the journal leads to\n", v.Accounts)
	a.say("payments   %d, of which %d were signed by a device of the payer, each signature checked\n", v.Payments, v.Signed)
	a.say("journal    %v, and the signed checkpoint is part of it\n", v.Journal)
	a.say("releases   %d of figures for everybody, each as the journal has it\n", released)
	a.say("took       %v, %.0f records a second\n", took.Round(time.Millisecond), float64(v.Records)/took.Seconds())
	return nil
}

// releases holds what was published of the figures against the journal.
func (c *verifyCmd) releases() (int, error) {
	n, err := node.Open(c.Data, node.Options{})
	if err != nil {
		return 0, err
	}
	all, err := disclosure.Open(n, nil).Releases()
	return len(all), errors.Join(err, n.Close())
}

// unreadable are the options for looking at a store that may be damaged: what
// cannot be read is a finding, and no emergency.
func (a *app) unreadable() store.Options {
	return store.Options{Exit: func(reason string) {
		complain(a.stderr, errors.New("the store cannot be read: "+reason), "nothing was changed; restore the last backup: grulden restore --from FILE --data OTHER")
		os.Exit(exitNo)
	}}
}
