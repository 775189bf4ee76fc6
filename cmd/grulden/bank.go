package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"grulden/internal/bank"
	"grulden/internal/record"
	"grulden/internal/sepa"
	"grulden/ledger"
)

type bankCmd struct {
	Reserve bankReserveCmd `cmd:"" help:"Show or set the bank account in which the euros are."`
	Import  bankImportCmd  `cmd:"" help:"Take in a bank statement (camt.053, camt.054) of any size: issue top-ups, settle payouts, list the rest."`
	List    bankListCmd    `cmd:"" help:"List bank entries."`
	Approve bankApproveCmd `cmd:"" help:"Approve redemptions that wait, so that the next export pays them."`
	Export  bankExportCmd  `cmd:"" help:"Write approved redemptions as a payment order (pain.001.001.09, or .03 by the rules of the wijk). A large one waits for two people."`
}

type bankReserveCmd struct {
	withKey
	IBAN string `name:"iban" help:"The account's number."`
	Name string `help:"The foundation's name as its bank has it."`
	BIC  string `name:"bic" help:"The bank's BIC, if the bank wants it."`
}

// Run shows or sets the reserve account.
func (c *bankReserveCmd) Run(a *app) error {
	return a.on(c.withKey, func(l *opened) error {
		if c.IBAN != "" || c.Name != "" {
			if err := l.bank.SetReserve(bank.Reserve{IBAN: sepa.IBAN(c.IBAN), Name: c.Name, BIC: c.BIC}); err != nil {
				return err
			}
		}
		r, err := l.bank.Reserve()
		if errors.Is(err, bank.ErrNoReserve) {
			return hint(err, "grulden bank reserve --data %s --iban NL… --name \"Stichting …\"", c.Data)
		}
		if err != nil {
			return err
		}
		a.say("%s  %s\n", r.IBAN.Grouped(), r.Name)
		return nil
	})
}

type bankImportCmd struct {
	withKey
	File string `arg:"" type:"existingfile" help:"A camt.053 or camt.054 file, as the bank gives it."`
	JSON bool   `help:"Print everything that became of every entry, as JSON."`
}

// Run takes in a statement.
func (c *bankImportCmd) Run(a *app) error {
	return a.on(c.withKey, func(l *opened) error {
		file, err := os.Open(c.File)
		if err != nil {
			return err
		}
		defer file.Close()
		var all []*bank.Entry
		outcome, err := l.bank.ImportFrom(a.ctx, file, record.ActorID{}, func(e *bank.Entry) error {
			if c.JSON {
				all = append(all, e)
				return nil
			}
			a.entry(a.stdout, e)
			return nil
		})
		if errors.Is(err, bank.ErrNoReserve) {
			return hint(err, "grulden bank reserve --data %s --iban NL… --name \"Stichting …\"", c.Data)
		}
		var sums *sepa.BalanceError
		var ahead *bank.AheadError
		switch {
		case errors.As(err, &ahead):
			return hint(err, "nothing of it was taken in; a bank does not write of a day to come: get the file from the bank itself, or wait for that day")
		case errors.As(err, &sums):
			return hint(err, "nothing of it was taken in; ask the bank for the file again")
		case errors.Is(err, bank.ErrOtherAccount):
			a.statements(outcome)
			return hint(err, "see which account is the reserve: grulden bank reserve --data %s", c.Data)
		case err != nil:
			return hint(err, "is it the camt.053 file of the reserve account, as the bank gives it? importing a file again does nothing twice")
		case c.JSON:
			outcome.Entries = all
			return a.json(outcome)
		}
		for _, t := range outcome.Totals {
			a.say("%-12s %d, of which %d new; in %v, out %v\n", t.State, t.Count, t.New, t.In, t.Out)
		}
		a.statements(outcome)
		return nil
	})
}

// statements names those that were not taken in.
func (a *app) statements(outcome *bank.Outcome) {
	if outcome == nil {
		return
	}
	for _, s := range outcome.Statements {
		if s.Reason != "" {
			a.note("nothing was done with statement %s of %s: %s", s.ID, sepa.Grouped(s.Account), s.Reason)
		}
	}
}

type bankListCmd struct {
	withKey
	State string `help:"Only entries in this state."`
	JSON  bool   `help:"Print JSON."`
}

func (c *bankListCmd) filter() bank.Filter {
	f := bank.Filter{Limit: 10_000}
	if c.State != "" {
		f.States = []bank.State{bank.State(c.State)}
	}
	return f
}

// Run lists bank entries.
func (c *bankListCmd) Run(a *app) error {
	return a.on(c.withKey, func(l *opened) error {
		all, err := l.bank.Entries(c.filter())
		if err != nil {
			return err
		}
		if c.JSON {
			return a.json(all)
		}
		return a.entries(all)
	})
}

// entries prints bank entries as a table.
func (a *app) entries(all []*bank.Entry) error {
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	for _, e := range all {
		a.entry(w, e)
	}
	return w.Flush()
}

// entry prints one bank entry on a line: the day, the amount, what became of it
// and why, and the name of the other side.
func (a *app) entry(w io.Writer, e *bank.Entry) {
	amount, name := e.Cents, ""
	if !e.Credit {
		amount = -amount
	}
	if e.Details != nil {
		name = e.Name
	}
	fmt.Fprintf(w, "%v\t%10v %s\t%s\t%s\t%s\t\n", e.Day, amount, e.Currency, e.State, e.Reason, name)
}

type bankApproveCmd struct {
	withKey
	All bool     `xor:"which" help:"Everything that waits."`
	IDs []string `arg:"" optional:"" xor:"which" name:"redemption" help:"Ids of redemptions (default: list those that wait)."`
}

// Run approves redemptions, or lists what waits.
func (c *bankApproveCmd) Run(a *app) error {
	return a.on(c.withKey, func(l *opened) error {
		all, err := l.bank.Payouts()
		if err != nil {
			return err
		}
		ids := c.IDs
		for _, p := range all {
			if c.All && p.Approved == nil && p.Batch == "" {
				ids = append(ids, p.Redemption.String())
			}
		}
		for _, text := range ids {
			id, err := ledger.ParseID(text)
			if err != nil {
				return err
			}
			if err := l.bank.Approve(id, record.ActorID{}); err != nil {
				return fmt.Errorf("%s: %w", text, err)
			}
		}
		if all, err = l.bank.Payouts(); err != nil {
			return err
		}
		return a.payouts(all)
	})
}

// payouts prints redemptions that wait.
func (a *app) payouts(all []*bank.Payout) error {
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	for _, p := range all {
		state := "waits"
		switch {
		case p.Batch != "":
			state = "in " + p.Batch
		case p.Approved != nil:
			state = "approved"
		}
		fmt.Fprintf(w, "%v\t%10v\t%s\t%s\t%s\t\n", p.Redemption, p.Cents, state, p.Name, p.Problem)
	}
	return w.Flush()
}

type bankExportCmd struct {
	withKey
	Out   string `type:"path" placeholder:"FILE" help:"Where to write the payment order (default: stdout)."`
	Again string `placeholder:"BATCH" help:"The same file as before, byte for byte, of a batch that was exported."`
}

// Run writes a payment order.
func (c *bankExportCmd) Run(a *app) error {
	return a.on(c.withKey, func(l *opened) error {
		if c.Again != "" {
			file, err := l.bank.File(c.Again)
			if err != nil {
				return err
			}
			return c.write(a, file)
		}
		e, err := l.bank.Export(record.ActorID{})
		if errors.Is(err, bank.ErrNothingToPay) {
			return hint(err, "see what waits, and approve it: grulden bank approve --data %s", c.Data)
		}
		if err != nil {
			return err
		}
		for _, p := range e.Left {
			a.note("not in the file: %v, %v: %s", p.Redemption, p.Cents, p.Problem)
		}
		a.note("batch %s: %d payments, %v euro, to be paid on %v", e.Batch.ID, len(e.Batch.Redemptions), e.Batch.Cents, e.Batch.Pays)
		if e.Batch.State != bank.BatchReady {
			return hint(errTwo, "let two people look at it on their pages: the site's /desk/payouts/%s; then grulden bank export --data %s --again %s", e.Batch.ID, c.Data, e.Batch.ID)
		}
		return c.write(a, e.File)
	})
}

// errTwo says that a file is kept and not given.
var errTwo = errors.New("the payment file is kept, and goes out when a second person has looked at it")

func (c *bankExportCmd) write(a *app, file []byte) error {
	if c.Out == "" {
		_, err := a.stdout.Write(file)
		return err
	}
	return os.WriteFile(c.Out, file, 0o600)
}
