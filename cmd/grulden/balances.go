package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"text/tabwriter"

	"grulden/demurrage"
	"grulden/internal/export"
	"grulden/internal/node"
	"grulden/internal/replay"
	"grulden/ledger"
)

type balancesCmd struct {
	withKey
	JSON bool   `help:"Print JSON (SPEC.md), in grains."`
	AsOf string `placeholder:"DAY" help:"At the end of this day, YYYY-MM-DD, past or future (default: the day of the last entry)."`
}

// Run prints balances.
func (c *balancesCmd) Run(a *app) error {
	return a.on(c.withKey, func(l *opened) error {
		var b *replay.Balances
		err := l.node.Read(func(v *node.View) (err error) {
			day := v.Head().Moment.Day
			if c.AsOf != "" {
				if day, err = demurrage.ParseDay(c.AsOf); err != nil {
					return err
				}
			}
			b, err = balancesAt(v, day, l.name)
			return err
		})
		if err != nil {
			return err
		}
		if c.JSON {
			return a.json(b)
		}
		return a.table(b)
	})
}

var errNoPolicy = errors.New(ledger.NoPolicy.Code())

// balancesAt is the state at the end of a day. A past day is folded again from
// the journal.
func balancesAt(v *node.View, day demurrage.Day, name export.Labels) (*replay.Balances, error) {
	head := v.Head()
	holdings := func(fn func(*ledger.Holding) error) error {
		return v.Accounts(func(a *ledger.Account) error {
			h, err := v.Holding(a.ID)
			if err != nil {
				return err
			}
			return fn(h)
		})
	}
	if day < head.Moment.Day {
		past, err := replay.Fold(v.All(), day)
		if err != nil {
			return nil, err
		}
		head, holdings = past.Head(), past.Accounts
	}
	if head.Seq == 0 {
		return nil, hint(errNoPolicy, "on that day the ledger had no entry: the first one is a policy")
	}
	ahead := *head
	ahead.Index = head.Index.Extended(day) // counted once, however far the day is
	head = &ahead
	b, err := replay.NewBalances(head, day)
	if err != nil {
		return nil, err
	}
	return b, holdings(func(h *ledger.Holding) error {
		label, err := name(h.Account.ID)
		if err != nil {
			return err
		}
		balance, err := ledger.BalanceOf(head, h, day)
		if err != nil {
			return err
		}
		b.Add(label, balance)
		return nil
	})
}

// table prints balances for people, in Grulden.
func (a *app) table(b *replay.Balances) error {
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "account\thas\tcan become euros\tlots\t\n")
	for _, label := range slices.Sorted(maps.Keys(b.Accounts)) {
		acc := b.Accounts[label]
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\t\n", label, coins(acc.Grains), coins(acc.Convertible), len(acc.Lots))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	a.say("\nat the end of %s: issued %s, redeemed %s, awaiting redemption %s, reserve %s, wijkfonds %s\n", b.Day,
		coins(b.Issued), coins(b.Redeemed), coins(b.Escrow), coins(b.Reserve), coins(b.Fund))
	return nil
}

// coins writes grains with two decimals, rounded down.
func coins(grains *big.Int) string {
	cents, _ := new(big.Int).DivMod(grains, big.NewInt(ledger.GrainsPerCent), new(big.Int))
	return ledger.Cents(cents.Int64()).String()
}

// json prints a value in a form that is good to read and to pipe.
func (a *app) json(v any) error {
	enc := json.NewEncoder(a.stdout)
	enc.SetIndent("", " ")
	return enc.Encode(v)
}

func (a *app) say(format string, args ...any) { fmt.Fprintf(a.stdout, format, args...) }
