package main

import (
	"fmt"
	"text/tabwriter"

	"grulden/demurrage"
	"grulden/internal/books"
	"grulden/internal/node"
)

type booksCmd struct {
	withKey
	From   string `placeholder:"DAY" help:"The first day of the files, YYYY-MM-DD (default: 1 January)."`
	To     string `placeholder:"DAY" help:"The day of the balance (default: today)."`
	Format string `default:"text" enum:"text,csv,hledger,xaf" placeholder:"text|csv|hledger|xaf" help:"text: what stands on each account; csv, hledger, xaf (XML Auditfile Financieel 3.2): every line."`
}

// Run prints the foundation's books. With text it fails when they do not agree
// with ledger, bank and box.
func (c *booksCmd) Run(a *app) error {
	return a.on(c.withKey, func(l *opened) error {
		to := l.node.Today()
		if c.To != "" {
			day, err := demurrage.ParseDay(c.To)
			if err != nil {
				return fmt.Errorf("--to: %w", err)
			}
			to = day
		}
		if c.From == "" {
			c.From = to.String()[:4] + "-01-01"
		}
		from, err := demurrage.ParseDay(c.From)
		if err != nil {
			return fmt.Errorf("--from: %w", err)
		}
		if c.Format == "xaf" && (from.String()[:4] != to.String()[:4] || from > to) {
			return hint(fmt.Errorf("an audit file is about days of one year"), "grulden books --from %s-01-01 --to %v", to.String()[:4], to)
		}
		return l.withBooks(to, func(src *books.Sources) error { return c.write(a, l, src, from) })
	})
}

// withBooks gathers the sources of the books up to a day.
func (l *opened) withBooks(to demurrage.Day, fn func(*books.Sources) error) error {
	return l.node.Read(func(v *node.View) error {
		src, err := l.books().Sources(v)
		if err != nil {
			return err
		}
		src.Today = min(src.Today, to)
		return fn(src)
	})
}

func (l *opened) books() books.Places {
	return books.Places{Node: l.node, Bank: l.bank, Box: l.cash, Lists: l.rewards}
}

func (c *booksCmd) write(a *app, l *opened, src *books.Sources, from demurrage.Day) (err error) {
	switch c.Format {
	case "csv":
		_, err = books.CSV(a.stdout, src, from)
	case "hledger":
		_, err = books.Ledgered(a.stdout, src, from)
	case "xaf":
		company := books.Company{Name: l.node.Settings().Wijk, Software: "Grulden", Made: l.node.Today()}
		if reserve, err := l.bank.Reserve(); err == nil {
			company.Name = reserve.Name
		}
		_, err = books.AuditFile(a.stdout, src, from, company)
	default:
		err = printBooks(a, src)
	}
	return err
}

// printBooks prints what stands on each account and what it is held against.
func printBooks(a *app, src *books.Sources) error {
	end, err := books.Post(src, nil)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	for _, account := range books.Chart() {
		fmt.Fprintf(w, "%s\t%s\t%s\t%14v\t\n", account.Number, account.RGS, account.English, end.Balances[account.Number])
	}
	wrong := 0
	for _, t := range end.Ties(src) {
		verdict := "agrees"
		if !t.Holds() {
			verdict, wrong = "DIFFERS", wrong+1
		}
		fmt.Fprintf(w, "\t%s\tbooks %v, other %v\t%s\t\n", t.Name, t.Books, t.Other, verdict)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	a.say("there is %v for %v that is owed\n", end.Have(), end.Owed())
	for _, account := range end.Alarms() {
		a.say("look into %s %s: %v\n", account.Number, account.English, end.Balances[account.Number])
	}
	if wrong > 0 {
		return hint(fmt.Errorf("the books and %d of the figures they are held against differ", wrong), "grulden audit")
	}
	return nil
}

type auditCmd struct {
	withKey
	All bool `help:"Print also what is explained."`
}

// Run holds everything against what explains it, and fails when something is red.
func (c *auditCmd) Run(a *app) error {
	return a.on(c.withKey, func(l *opened) error {
		var audit *books.Audit
		w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
		err := l.withBooks(demurrage.MaxDay, func(src *books.Sources) (err error) {
			audit, err = books.Examine(src, func(f books.Finding) error {
				if c.All || f.Grade != books.Good {
					fmt.Fprintf(w, "%s\t%v\t%s\t%v\t%s\tentry %d\t%s\t\n", f.Grade, f.Day, f.What, f.Cents, f.Why, f.Seq, f.Ref)
				}
				return nil
			})
			return err
		})
		if err != nil {
			return err
		}
		for _, what := range books.Whats() {
			s := audit.Sums[what]
			fmt.Fprintf(w, "%s\t%d\t%v\tto look at %d\tred %d\t\n", what, s.Count, s.Cents, s.Look, s.Red)
		}
		if err := w.Flush(); err != nil {
			return err
		}
		if red := audit.Red(); red > 0 {
			return hint(fmt.Errorf("%d are explained by no bank entry, receipt, list or two people", red), "they stand above, marked red; ask who did them and why")
		}
		return nil
	})
}

// networkCmd prints the volume of the last twelve months.
type networkCmd struct{ withKey }

// Run prints how near the wijk is to the limit of the supervisor.
func (c *networkCmd) Run(a *app) error {
	return a.on(c.withKey, func(l *opened) error {
		m := books.NewMeter()
		err := l.node.Read(func(v *node.View) error {
			for r, err := range v.All() {
				if err != nil {
					return err
				}
				m.Add(r)
			}
			return nil
		})
		if err != nil {
			return err
		}
		v := m.Year(l.node.Today())
		a.say("%v to %v: %v in %d payments, %d.%d %% of %v\n", v.From, v.To, v.Cents, v.Payments, v.Permille()/10, v.Permille()%10, books.Threshold)
		if warning := v.Warning(); warning > 0 {
			a.note("over %d %% of what must be told to the supervisor", warning)
		}
		return nil
	})
}
