package web

import (
	"net/http"
	"slices"

	"grulden/internal/people"
	"grulden/web/page"
)

// tile is one place of the office: who goes there, and how it looks.
type tile struct {
	page.NavItem
	roles []people.Role
}

// tiles are all places of the office, in the order in which they are shown.
func tiles() []tile {
	place := func(href, icon string, word page.Key, roles []people.Role) tile {
		return tile{page.NavItem{Href: href, Icon: icon, Word: word}, roles}
	}
	return []tile{
		place("/desk/proposals", "eyes", "nav.proposals", office),
		place("/desk/people", "people", "nav.people", desk),
		place("/desk/blocked", "lock", "nav.blocked", desk),
		place("/desk/cash", "coin", "nav.cash", money),
		place("/desk/coupons", "scissors", "nav.coupons", desk),
		place("/desk/sources", "gift", "nav.sources", sourceful),
		place("/desk/bank", "bank", "nav.bank", money),
		place("/desk/redemptions", "euro", "nav.redemptions", money),
		place("/desk/fund", "gift", "nav.fund", spenders),
		place("/desk/team", "people", "nav.team", office),
		place("/desk/log", "book", "nav.log", seers),
		place("/desk/reconcile", "check", "nav.reconcile", payouts),
		place("/desk/letters", "mail", "nav.letters", desk),
		place("/reserve", "coin", "nav.reserve", everybody),
		place("/books", "book", "nav.books", auditors),
		place("/audit", "search", "nav.audit", auditors),
		place("/network", "shop", "nav.network", watchers),
		place("/desk/rules/coin", "book", "nav.rules", rulers),
		place("/desk/stop", "cross", "nav.wind", enders),
		place("/report", "report", "nav.report", evaluator),
		place("/report/publish", "share", "nav.publish", evaluator),
		place("/circulatie", "repeat", "nav.circulation", everybody),
		place("/worth", "euro", "nav.worth", evaluator),
		place("/whatif", "split", "nav.whatif", auditors),
		place("/shops", "map", "nav.shops", everybody),
		place("/safe", "key", "nav.safe", staff),
	}
}

// showOffice shows the places that are open to the visitor.
func (s *Server) showOffice(w http.ResponseWriter, r *http.Request, v visit) error {
	p := page.OfficePage{Base: s.base(r, v)}
	for _, t := range tiles() {
		if slices.Contains(t.roles, v.person.Role) || slices.Contains(t.roles, anyone) {
			p.Places = append(p.Places, t.NavItem)
		}
	}
	return s.show(w, http.StatusOK, p)
}
