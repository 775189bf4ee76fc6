package merchant

import (
	"cmp"
	"fmt"
	"slices"

	"grulden/demurrage"
	"grulden/internal/node"
	"grulden/ledger"
)

// Outlook is what a shop has, and what of it may become euros when.
type Outlook struct {
	Spendable ledger.Cents
	Now       ledger.Cents // may become euros today
	Later     []Later      // the rest, nearest first
	Fee       uint32       // of a redemption, in billionths
	May       bool         // the policy lets this account's role ask for euros
}

// Later is an amount that may become euros later: from a day on if it stays,
// or sooner after more payments from hand to hand.
type Later struct {
	Amount ledger.Cents
	Needs  int           // payments it still lacks; zero: only the day counts
	Day    demurrage.Day // from this day on; zero: the amount has several
}

// Bounds of an outlook: days this near are named one by one, but only so many.
const (
	nearDays  = 60
	nearLines = 3
)

// Outlook reads what a shop has.
func (t *Till) Outlook(shop ledger.AccountID) (Outlook, error) {
	var o Outlook
	today := t.node.Today()
	err := t.node.Read(func(v *node.View) error {
		a, err := v.Account(shop)
		if a == nil || err != nil || len(v.Head().Policies) == 0 {
			return err
		}
		b, err := v.Balance(shop, today)
		if err != nil {
			return err
		}
		policy := v.Head().Policies.InForce(today)
		o = Outlook{
			Spendable: ledger.ShownCents(b.Worth), Now: ledger.ShownCents(b.Convertible),
			Fee: policy.Fee, May: policy.MayRedeem(a.Role),
		}
		o.Later, err = later(b)
		return err
	})
	if err != nil {
		return Outlook{}, fmt.Errorf("read an outlook: %w", err)
	}
	return o, nil
}

// group is lots that ripen alike.
type group struct {
	needs int
	day   demurrage.Day
	worth demurrage.Wide
}

// later groups the lots of a balance: the nearest days one by one, the rest by
// the number of payments still lacking.
func later(b ledger.Balance) ([]Later, error) {
	near, far := map[demurrage.Day]*group{}, map[int]*group{}
	for _, l := range b.Lots {
		var g *group
		if l.Ripe <= b.Day+nearDays && (near[l.Ripe] != nil || len(near) < nearLines) {
			g = groupOf(near, l.Ripe, group{day: l.Ripe})
		} else {
			g = groupOf(far, l.Needs, group{needs: l.Needs, day: l.Ripe})
			if g.day != l.Ripe {
				g.day = 0
			}
		}
		sum, ok := g.worth.Add(l.Worth)
		if !ok {
			return nil, fmt.Errorf("lots of a balance overflow")
		}
		g.worth = sum
	}
	return append(lines(near), lines(far)...), nil
}

func groupOf[K comparable](groups map[K]*group, key K, fresh group) *group {
	g := groups[key]
	if g == nil {
		g = &fresh
		groups[key] = g
	}
	return g
}

func lines[K cmp.Ordered](groups map[K]*group) []Later {
	keys := make([]K, 0, len(groups))
	for key := range groups {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	var out []Later
	for _, key := range keys {
		g := groups[key]
		day := g.day
		if day > demurrage.MaxDay {
			day = 0 // it never ripens by lying
		}
		if amount := ledger.ShownCents(g.worth); amount > 0 {
			out = append(out, Later{Amount: amount, Needs: g.needs, Day: day})
		}
	}
	return out
}
