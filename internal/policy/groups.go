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
func groups(was, would *World, today demurrage.Day) ([]Group, error) {
	var everybody []ledger.AccountID
	byRole := make(map[string][]ledger.AccountID)
	roles := []string{}
	err := was.state.Accounts(func(h *ledger.Holding) error {
		role := h.Account.Role
		if role == fund.Role {
			return nil
		}
		if byRole[role] == nil {
			roles = append(roles, role)
		}
		everybody = append(everybody, h.Account.ID)
		byRole[role] = append(byRole[role], h.Account.ID)
		return nil
	})
	if err != nil {
		return nil, err
	}
	whole, err := group(was, would, everybody, today)
	if err != nil {
		return nil, err
	}
	whole.Part, whole.Of = 1, 1
	all := []Group{whole}
	slices.Sort(roles)
	slices.Reverse(roles) // residents before merchants
	if slices.ContainsFunc(roles, func(r string) bool { return len(byRole[r]) < Least }) {
		return all, nil
	}
	for _, role := range roles {
		ids := byRole[role]
		slices.SortStableFunc(ids, func(a, b ledger.AccountID) int {
			return cmp.Compare(was.life(a).turnover, was.life(b).turnover)
		})
		parts := min(mostParts, len(ids)/Least)
		for i := range parts {
			g, err := group(was, would, ids[i*len(ids)/parts:(i+1)*len(ids)/parts], today)
			if err != nil {
				return nil, err
			}
			g.Role, g.Part, g.Of = role, i+1, parts
			all = append(all, g)
		}
	}
	return all, nil
}

// group adds up what some accounts lived through in both worlds.
func group(was, would *World, ids []ledger.AccountID, today demurrage.Day) (g Group, err error) {
	g.Accounts = len(ids)
	for _, id := range ids {
		a, b := was.life(id), would.life(id)
		g.WasPayments.join(a.payments)
		g.WasRequests.join(a.requests)
		g.Payments.join(b.payments)
		g.Requests.join(b.requests)
	}
	if g.Was, err = was.figures(ids, today); err != nil {
		return g, err
	}
	g.Would, err = would.figures(ids, today)
	return g, err
}

func (l *Lost) join(other Lost) {
	l.Count += other.Count
	l.Sum += other.Sum
}
