package policy

import (
	"cmp"
	"slices"

	"grulden/demurrage"
	"grulden/internal/fund"
	"grulden/ledger"
)

// Least is how many accounts a group has at least; smaller ones are not shown,
// nor what would follow from the rest.
const Least = 10

// mostParts is into how many parts of like turnover a role is cut.
const mostParts = 3

// groups cuts the accounts by role and turnover: first all of them together,
// then each role in up to three parts. When one role is too small to be shown,
// no role is: the other's figures would tell. Gifts to the wijkfonds are in
// nobody's hands, and in no group.
func (t *trial) groups(today demurrage.Day) ([]Group, error) {
	var all []ledger.AccountID
	byRole := make(map[string][]ledger.AccountID)
	roles := []string{}
	err := t.was.state.Accounts(func(h *ledger.Holding) error {
		role := h.Account.Role
		if role == fund.Role {
			return nil
		}
		if byRole[role] == nil {
			roles = append(roles, role)
		}
		all = append(all, h.Account.ID)
		byRole[role] = append(byRole[role], h.Account.ID)
		return nil
	})
	if err != nil {
		return nil, err
	}
	whole, err := t.group("", 1, 1, all, today)
	if err != nil {
		return nil, err
	}
	groups := []Group{whole}
	slices.Sort(roles)
	slices.Reverse(roles) // residents before merchants
	if slices.ContainsFunc(roles, func(r string) bool { return len(byRole[r]) < Least }) {
		return groups, nil
	}
	for _, role := range roles {
		ids := byRole[role]
		slices.SortStableFunc(ids, func(a, b ledger.AccountID) int {
			return cmp.Compare(t.was.life(a).turnover, t.was.life(b).turnover)
		})
		parts := min(mostParts, len(ids)/Least)
		for i := range parts {
			g, err := t.group(role, i+1, parts, ids[i*len(ids)/parts:(i+1)*len(ids)/parts], today)
			if err != nil {
				return nil, err
			}
			groups = append(groups, g)
		}
	}
	return groups, nil
}

func (t *trial) group(role string, part, of int, ids []ledger.AccountID, today demurrage.Day) (Group, error) {
	g := Group{Role: role, Part: part, Of: of, Accounts: len(ids)}
	for _, id := range ids {
		l := t.would.life(id)
		g.Payments.join(l.payments)
		g.Requests.join(l.requests)
	}
	var err error
	if g.Was, err = t.was.figures(ids, today); err != nil {
		return g, err
	}
	g.Would, err = t.would.figures(ids, today)
	return g, err
}

func (l *Lost) join(other Lost) {
	l.Count += other.Count
	l.Sum += other.Sum
}
