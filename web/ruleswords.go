package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"grulden/demurrage"
	"grulden/internal/export"
	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/ledger"
	"grulden/web/page"
)

// The rules in words: each of these gives the same lines in the same order, so
// that two sets of rules can be held against each other line by line.

// coinLines are the rules of the coin.
func coinLines(b page.Base, p *ledger.Policy) []page.RuleLine {
	grace := b.T("rule.grace", "days", strconv.Itoa(int(p.GraceDays)))
	if p.GraceDays == 0 {
		grace = b.T("rule.nograce")
	}
	fee := b.T("rule.fee", "fee", inPercent(b.Lang, p.Fee))
	if p.Fee == 0 {
		fee = b.T("rule.nofee")
	}
	return []page.RuleLine{
		{Icon: "clock", Text: grace},
		{Icon: "drop", Text: meltingLine(b, p)},
		{Icon: "repeat", Text: b.T("rule.ripe", "hops", strconv.Itoa(int(p.Hops)), "days", strconv.Itoa(int(p.TermDays)))},
		{Icon: "euro", Text: redeemersLine(b, p)},
		{Icon: "gift", Text: fee},
	}
}

// meltingLine tells what comes off, with what is left of 100.00 after a month.
func meltingLine(b page.Base, p *ledger.Policy) string {
	key := page.Key("rule.day")
	switch {
	case p.Rate == 0:
		return b.T("rule.still")
	case p.Every == demurrage.Monthly:
		key = "rule.month"
	}
	const month = 30
	x := demurrage.NewIndex(0, demurrage.Terms{Rate: p.Rate, Every: demurrage.Daily})
	index := x.At(month)
	if p.Every == demurrage.Monthly {
		index = x.At(1)
	}
	left, _ := demurrage.Mul64(100_00, index).Div(demurrage.One)
	return b.T(key, "rate", inPercent(b.Lang, uint32(p.Rate)), "left", b.Lang.Money(int64(left.Lo)))
}

func redeemersLine(b page.Base, p *ledger.Policy) string {
	shops, residents := p.MayRedeem(string(people.Merchant)), p.MayRedeem(string(people.Resident))
	switch {
	case shops && residents:
		return b.T("rule.both")
	case shops:
		return b.T("rule.shops")
	case residents:
		return b.T("rule.residents")
	}
	return b.T("rule.nobody")
}

// inPercent writes billionths as the language does.
func inPercent(lang page.Lang, billionths uint32) string {
	text := strings.TrimSuffix(export.Percent(billionths), "%")
	if lang == page.English {
		return text + "%"
	}
	return strings.Replace(text, ".", ",", 1) + "\u00a0%"
}

// wijkLines are what the wijk agreed about the work around the coin.
func wijkLines(b page.Base, r node.Rules) []page.RuleLine {
	money := func(c ledger.Cents) string { return b.Lang.Money(int64(c)) }
	topUp := b.T("rule.topup", "amount", money(r.TopUpMonth))
	if r.TopUpMonth == 0 {
		topUp = b.T("rule.anytopup")
	}
	between := b.T("rule.apart")
	if r.ResidentsPay {
		between = b.T("rule.between")
	}
	day := demurrage.Day(3 + r.PayoutDay) // 4 January 1970 was a Sunday
	return []page.RuleLine{
		{Icon: "coin", Text: topUp},
		{Icon: "people", Text: between},
		{Icon: "euro", Text: b.T("rule.payout", "day", b.Lang.Weekday(day.Time()), "hour", strconv.Itoa(r.PayoutHour))},
		{Icon: "gift", Text: b.T("rule.promise", "percent", b.Lang.Percent(int64(r.FundPromise)*10))},
		{Icon: "person", Text: b.T("rule.reward", "month", money(r.RewardMonth), "year", money(r.RewardYear))},
		{Icon: "key", Text: b.T("rule.foureyes", "amount", money(r.FourEyesAbove))},
		{Icon: "bank", Text: b.T("rule.namecheck", "days", strconv.Itoa(r.NameCheckDays))},
		publishingLine(b, r.Publishing),
	}
}

// publishingLine tells which figures everybody may see.
func publishingLine(b page.Base, p node.Publishing) page.RuleLine {
	return page.RuleLine{Icon: "report", Text: b.T(
		"rule.publishing", "owners", strconv.Itoa(p.Owners), "largest", strconv.Itoa(p.Largest),
		"guess", strconv.Itoa(p.Percent), "round", b.Lang.Money(int64(p.Round)), "months", strconv.Itoa(p.Months),
	)}
}

// changed are the lines that differ, each with what it was.
func changed(was, will []page.RuleLine) (lines []page.RuleLine) {
	for i, line := range will {
		if line.Text != was[i].Text {
			line.Was = was[i].Text
			lines = append(lines, line)
		}
	}
	return lines
}

// dated are the rules of both kinds that begin on one later day.
type dated struct {
	from   demurrage.Day
	policy *ledger.Policy
	rules  *node.Rules
}

// ahead are the rules that will hold, by the day on which they begin.
func (s *Server) ahead() (all []dated, err error) {
	at := func(day demurrage.Day) *dated {
		for i := range all {
			if all[i].from == day {
				return &all[i]
			}
		}
		all = append(all, dated{from: day})
		return &all[len(all)-1]
	}
	err = s.node.Read(func(v *node.View) error {
		for _, p := range v.Head().Policies {
			if p.From > s.node.Today() {
				at(p.From).policy = &p
			}
		}
		return nil
	})
	for _, d := range s.node.RulesAhead() {
		at(d.From).rules = &d.Rules
	}
	slices.SortFunc(all, func(a, b dated) int { return int(a.from - b.from) })
	return all, err
}

// announcing are the pages that say that rules will change: where residents and
// shops begin, and the till.
var announcing = []string{"/wallet", "/shop", "/till"}

// aheadLine says on which day rules change next; empty when none will.
func (s *Server) aheadLine(lang page.Lang) string {
	all, err := s.ahead()
	if err != nil {
		s.log.Error("read the rules to come", "error", err)
	}
	if len(all) == 0 {
		return ""
	}
	return lang.Text("rules.ahead", "day", lang.Date(all[0].from.Time()))
}

// showRules tells everybody the rules, and which will change.
func (s *Server) showRules(w http.ResponseWriter, r *http.Request, v visit) error {
	p := page.RulesPage{Base: s.base(r, v)}
	policy, err := s.policyNow()
	if err != nil {
		return err
	}
	coin, wijk := coinLines(p.Base, &policy), wijkLines(p.Base, s.node.Rules())
	p.Now = slices.Concat(coin, wijk, limitLines(p.Base, s.node.Settings().Limits))
	all, err := s.ahead()
	if err != nil {
		return err
	}
	for _, d := range all {
		on := page.RulesAhead{From: v.lang.Date(d.from.Time())}
		if d.policy != nil {
			lines := coinLines(p.Base, d.policy)
			on.Changes, coin = changed(coin, lines), lines
		}
		if d.rules != nil {
			lines := wijkLines(p.Base, *d.rules)
			on.Changes, wijk = append(on.Changes, changed(wijk, lines)...), lines
		}
		if len(on.Changes) > 0 {
			p.Coming = append(p.Coming, on)
		}
	}
	return s.show(w, http.StatusOK, p)
}

// policyNow is the policy in force today; the default one in a ledger without.
func (s *Server) policyNow() (p ledger.Policy, err error) {
	p = ledger.DefaultPolicy()
	err = s.node.Read(func(v *node.View) error {
		if policies := v.Head().Policies; len(policies) > 0 {
			p = *policies.InForce(s.node.Today())
		}
		return nil
	})
	return p, err
}
