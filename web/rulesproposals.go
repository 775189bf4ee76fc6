package web

import (
	"context"
	"errors"
	"math/big"
	"slices"
	"strconv"

	"grulden/demurrage"
	"grulden/internal/foureyes"
	"grulden/internal/node"
	"grulden/internal/people"
	coinpolicy "grulden/internal/policy"
	"grulden/internal/record"
	"grulden/ledger"
	"grulden/web/page"
)

// rulesBody is what a second person agrees to: the rules, those that held when
// they were proposed, and what they were shown to have done.
type rulesBody struct {
	From   demurrage.Day  `json:"from"`
	Policy *ledger.Policy `json:"policy,omitempty"`
	Rules  *node.Rules    `json:"rules,omitempty"`
	Limits *node.Limits   `json:"limits,omitempty"` // From is nought: they hold at once
	Before ledger.Policy  `json:"policy_before"`
	Was    node.Rules     `json:"rules_before"`
	Till   node.Limits    `json:"limits_before,omitzero"`
	Seen   foreseen       `json:"seen"`
}

func (s *Server) rulesBody(d *rulesDraft, seen foreseen) (rulesBody, error) {
	b := rulesBody{From: d.from, Seen: seen, Was: s.node.Rules(), Till: s.node.Settings().Limits}
	switch d.kind {
	case coinRules:
		b.Policy = &d.policy
	case wijkRules:
		b.Rules = &d.rules
	case payLimits:
		b.Limits = &d.limits
	}
	var err error
	b.Before, err = s.policyNow()
	return b, err
}

// changes are the lines that differ from those that held.
func (b *rulesBody) changes(base page.Base) []page.RuleLine {
	switch {
	case b.Policy != nil:
		return changed(coinLines(base, &b.Before), coinLines(base, b.Policy))
	case b.Rules != nil:
		return changed(wijkLines(base, b.Was), wijkLines(base, *b.Rules))
	case b.Limits != nil:
		return changed(limitLines(base, b.Till), limitLines(base, *b.Limits))
	}
	return nil
}

// foreseen is what rules would have done, in cents.
type foreseen struct {
	From   demurrage.Day   `json:"from"`
	To     demurrage.Day   `json:"to"`
	Groups []seenGroup     `json:"groups,omitempty"`
	Fund   [2]int64        `json:"fund"`
	Grants coinpolicy.Lost `json:"grants"`
	Wijk   *effect         `json:"wijk,omitempty"`
}

// effect is what rules of the wijk would have stopped.
type effect struct{ TopUps, Between coinpolicy.Lost }

// seenGroup is one group, each figure as it was and as it would have been.
type seenGroup struct {
	Role     string          `json:"role"`
	Part     int             `json:"part"`
	Of       int             `json:"of"`
	Accounts int             `json:"accounts"`
	Melted   [2]int64        `json:"melted"`
	Held     [2]int64        `json:"held"`
	Ripe     [2]int64        `json:"ripe"`
	PaidOut  [2]int64        `json:"paid_out"`
	Fees     [2]int64        `json:"fees"`
	Payments coinpolicy.Lost `json:"payments"`
	Requests coinpolicy.Lost `json:"requests"`
}

func foreseenOf(p *coinpolicy.Preview) foreseen {
	f := foreseen{From: p.From, To: p.To, Fund: [2]int64{inCents(p.Fund.Was), inCents(p.Fund.Would)}, Grants: p.Fund.Grants}
	for _, g := range p.Groups {
		a, b := g.Was, g.Would
		f.Groups = append(f.Groups, seenGroup{
			Role: g.Role, Part: g.Part, Of: g.Of, Accounts: g.Accounts, Payments: g.Payments, Requests: g.Requests,
			Melted:  [2]int64{inCents(a.Melted), inCents(b.Melted)},
			Held:    [2]int64{inCents(a.Held), inCents(b.Held)},
			Ripe:    [2]int64{inCents(a.Convertible), inCents(b.Convertible)},
			PaidOut: [2]int64{int64(a.PaidOut), int64(b.PaidOut)},
			Fees:    [2]int64{int64(a.Fees), int64(b.Fees)},
		})
	}
	return f
}

// inCents drops what is less than a whole cent.
func inCents(grains *big.Int) int64 {
	return new(big.Int).Quo(grains, big.NewInt(ledger.GrainsPerCent)).Int64()
}

// ownTopUp tells whether an issue was a person's own top-up, which the month's
// limit is about.
func ownTopUp(how string) bool {
	return !slices.Contains([]string{record.ByTwo, record.ByReplay, record.ByOperator, record.ByBench}, how)
}

// told is what would have been, group by group.
func (f foreseen) told(lang page.Lang) (groups []page.RulesGroup) {
	for _, g := range f.Groups {
		groups = append(groups, g.told(lang))
	}
	if w := f.Wijk; w != nil {
		return []page.RulesGroup{{Icon: "people", Name: lang.Text("rules.wijk"), Lines: []page.RuleChange{
			lostLine(lang, "try.topups", w.TopUps), lostLine(lang, "try.between", w.Between),
		}}}
	}
	if len(groups) == 0 {
		return nil // nothing was tried
	}
	return append(groups, page.RulesGroup{Icon: "gift", Name: lang.Text("try.fund"), Lines: []page.RuleChange{
		moved(lang, "try.infund", f.Fund), lostLine(lang, "try.grants", f.Grants),
	}})
}

func (g seenGroup) told(lang page.Lang) page.RulesGroup {
	key, icon := page.Key("try.everybody"), "people"
	switch g.Role {
	case "resident":
		key, icon = "try.residents", "person"
	case "merchant":
		key, icon = "try.shops", "shop"
	}
	name := lang.Text(key, "count", strconv.Itoa(g.Accounts))
	switch {
	case g.Of > 1 && g.Part == 1:
		name = lang.Text("try.small", "who", name)
	case g.Of > 1 && g.Part == g.Of:
		name = lang.Text("try.large", "who", name)
	case g.Of > 1:
		name = lang.Text("try.middle", "who", name)
	}
	return page.RulesGroup{Icon: icon, Name: name, Lines: []page.RuleChange{
		moved(lang, "try.melted", g.Melted), moved(lang, "try.held", g.Held), moved(lang, "try.ripe", g.Ripe),
		moved(lang, "try.paidout", g.PaidOut), moved(lang, "try.fees", g.Fees),
		lostLine(lang, "try.failed", g.Payments), lostLine(lang, "try.noeuros", g.Requests),
	}}
}

func moved(lang page.Lang, what page.Key, v [2]int64) page.RuleChange {
	return page.RuleChange{What: lang.Text(what), Was: lang.Money(v[0]), Would: lang.Money(v[1]), More: v[0] != v[1]}
}

func lostLine(lang page.Lang, what page.Key, l coinpolicy.Lost) page.RuleChange {
	c := page.RuleChange{What: lang.Text(what), Was: lang.Text("try.nothing")}
	if l.Count > 0 {
		c.Would, c.More = lang.Text("try.sum", "count", strconv.Itoa(l.Count), "sum", lang.Money(int64(l.Sum))), true
	}
	return c
}

// rulesProposals are the rules, which the board and one other decide.
func (s *Server) rulesProposals() map[foureyes.Kind]proposal {
	after := map[people.Role][]people.Role{people.Board: {people.Treasurer}} // one of the two is of the board
	rule := foureyes.Rule{First: rulers, Second: board, After: after, Check: s.checkRules, Do: s.setRules}
	return map[foureyes.Kind]proposal{
		coinRules: {Rule: rule, told: s.toldRules},
		wijkRules: {Rule: rule, told: s.toldRules},
		payLimits: {Rule: foureyes.Rule{
			First: []people.Role{people.Treasurer, people.Board}, Second: board, After: after, Check: s.checkLimits, Do: s.setLimits,
		}, told: s.toldRules},
	}
}

func (s *Server) checkRules(_ context.Context, p *foureyes.Proposal) error {
	var b rulesBody
	switch err := p.Into(&b); {
	case err != nil:
		return err
	case b.Policy != nil:
		return s.settable(*b.Policy)
	case b.Rules != nil:
		return s.rulesSettable(b.From, *b.Rules)
	}
	return errBadRules
}

// setRules sets what two people agreed to. What could begin when they agreed may
// be too late now: then it ends there.
func (s *Server) setRules(ctx context.Context, p *foureyes.Proposal) error {
	var b rulesBody
	if err := p.Into(&b); err != nil {
		return foureyes.Impossible(err)
	}
	if b.Policy == nil {
		return s.setWijkRules(b)
	}
	r, err := s.node.Submit(ctx, node.Request{
		Auth: p.Auth(), Key: p.Key(), Command: ledger.SetPolicy{Policy: *b.Policy, HasFrom: true},
	})
	if err == nil && r.Result != ledger.Applied {
		err = foureyes.Impossible(&coinpolicy.RefusedError{Result: r.Result})
	}
	return err
}

func (s *Server) setWijkRules(b rulesBody) error {
	if b.Rules == nil {
		return foureyes.Impossible(errBadRules)
	}
	if slices.Contains(s.node.Settings().Rules, node.DatedRules{From: b.From, Rules: *b.Rules}) {
		return nil // set before, and the note of it was cut short
	}
	err := s.node.SetRules(b.From, *b.Rules)
	if errors.Is(err, node.ErrRules) || errors.Is(err, node.ErrRulesAgo) {
		err = foureyes.Impossible(err)
	}
	return err
}

// toldRules tells the second person what changes, and what it would have done.
func (s *Server) toldRules(lang page.Lang, p *foureyes.Proposal) ([]page.Told, error) {
	var b rulesBody
	if err := p.Into(&b); err != nil {
		return nil, err
	}
	told := []page.Told{{What: lang.Text("rules.toldfrom"), Value: lang.Text("rules.atonce")}}
	if b.From != 0 {
		told[0].Value = lang.Date(b.From.Time())
	}
	for _, line := range b.changes(s.nobody(lang)) {
		told = append(told, page.Told{What: lang.Text("rules.toldnow"), Value: line.Was}, page.Told{What: lang.Text("rules.toldnew"), Value: line.Text})
	}
	for _, g := range b.Seen.told(lang) {
		for _, line := range g.Lines {
			if line.More {
				told = append(told, page.Told{What: lang.Text("rules.toldyear", "who", g.Name), Value: line.What + ": " + line.Was + " → " + line.Would})
			}
		}
	}
	return told, nil
}
