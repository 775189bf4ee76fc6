package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"grulden/demurrage"
	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/replay"
	"grulden/ledger"
	"grulden/web/page"
)

// figure is one figure of the rules: how it stands in a form, and how what was
// typed goes into the rules; set is false for what cannot be read.
type figure struct {
	page.RuleField
	set func(text string) bool
}

func whole[T ~uint8 | ~uint16 | ~int](name string, label page.Key, v *T) figure {
	return figure{page.RuleField{Name: name, Label: label, Value: strconv.Itoa(int(*v))}, func(text string) bool {
		n, err := strconv.Atoi(text)
		*v = T(n)
		return err == nil && int(*v) == n
	}}
}

func cents(lang page.Lang, name string, label page.Key, v *ledger.Cents) figure {
	return figure{page.RuleField{Name: name, Label: label, Value: lang.Input(int64(*v))}, func(text string) bool {
		if strings.Trim(text, "0.,") == "" && text != "" {
			*v = 0
			return true
		}
		amount, err := typedAmount(text)
		*v = amount
		return err == nil
	}}
}

func billionths[T ~uint32](lang page.Lang, name string, label page.Key, v *T) figure {
	value := strings.TrimRight(inPercent(lang, uint32(*v)), "\u00a0%")
	return figure{page.RuleField{Name: name, Label: label, Value: value}, func(text string) bool {
		n, err := replay.ParsePercent(strings.Replace(text, ",", ".", 1) + "%")
		*v = T(n)
		return err == nil
	}}
}

// choice is a figure with a few answers.
func choice(name string, label page.Key, here string, set func(string), options ...page.RuleOption) figure {
	for i := range options {
		options[i].Here = options[i].Value == here
	}
	return figure{page.RuleField{Name: name, Label: label, Value: here, Options: options}, func(text string) bool {
		set(text)
		return slices.ContainsFunc(options, func(o page.RuleOption) bool { return o.Value == text })
	}}
}

func yesNo(name string, label page.Key, v bool, set func(bool)) figure {
	here := "no"
	if v {
		here = "yes"
	}
	return choice(name, label, here, func(text string) { set(text == "yes") },
		page.RuleOption{Value: "yes", Label: "field.yes"}, page.RuleOption{Value: "no", Label: "field.no"})
}

// coinFigures are those of the coin.
func coinFigures(lang page.Lang, p *ledger.Policy) []figure {
	may := func(role people.Role) func(bool) {
		return func(yes bool) {
			p.Redeemers = slices.DeleteFunc(slices.Clone(p.Redeemers), func(r string) bool { return r == string(role) })
			if yes {
				p.Redeemers = append(p.Redeemers, string(role))
				slices.Sort(p.Redeemers)
			}
		}
	}
	every := "day"
	if p.Every == demurrage.Monthly {
		every = "month"
	}
	return []figure{
		whole("grace", "field.grace", &p.GraceDays),
		billionths(lang, "rate", "field.rate", &p.Rate),
		choice("every", "field.every", every, func(text string) {
			if p.Every = demurrage.Daily; text == "month" {
				p.Every = demurrage.Monthly
			}
		}, page.RuleOption{Value: "day", Label: "field.day"}, page.RuleOption{Value: "month", Label: "field.month"}),
		whole("hops", "field.hops", &p.Hops),
		whole("term", "field.term", &p.TermDays),
		yesNo("merchants", "field.merchants", p.MayRedeem(string(people.Merchant)), may(people.Merchant)),
		yesNo("residents", "field.residents", p.MayRedeem(string(people.Resident)), may(people.Resident)),
		billionths(lang, "fee", "field.fee", &p.Fee),
	}
}

// wijkFigures are those that the wijk agreed.
func wijkFigures(lang page.Lang, r *node.Rules) []figure {
	days := make([]page.RuleOption, 0, 7)
	for _, d := range []time.Weekday{1, 2, 3, 4, 5} {
		days = append(days, page.RuleOption{Value: strconv.Itoa(int(d)), Label: page.Key("weekday." + strconv.Itoa(int(d)))})
	}
	return []figure{
		cents(lang, "topup", "field.topup", &r.TopUpMonth),
		yesNo("between", "field.between", r.ResidentsPay, func(yes bool) { r.ResidentsPay = yes }),
		choice("payoutday", "field.payoutday", strconv.Itoa(int(r.PayoutDay)), func(text string) {
			n, _ := strconv.Atoi(text) // one of the options, or the figure is refused
			r.PayoutDay = time.Weekday(n)
		}, days...),
		whole("payouthour", "field.payouthour", &r.PayoutHour),
		cents(lang, "foureyes", "field.foureyes", &r.FourEyesAbove),
		whole("namecheck", "field.namecheck", &r.NameCheckDays),
		whole("pain", "field.pain", &r.PainVersion),
		cents(lang, "rewardmonth", "field.rewardm", &r.RewardMonth),
		cents(lang, "rewardyear", "field.rewardy", &r.RewardYear),
		whole("promise", "field.promise", &r.FundPromise),
		whole("owners", "field.owners", &r.Publishing.Owners),
		whole("largest", "field.largest", &r.Publishing.Largest),
		whole("guess", "field.guess", &r.Publishing.Percent),
		cents(lang, "round", "field.round", &r.Publishing.Round),
		whole("months", "field.months", &r.Publishing.Months),
	}
}

// fillIn puts what was typed into the figures, and returns the label of the first
// that cannot be read. Fields show what was typed.
func fillIn(figures []figure, typed url.Values) (bad page.Key) {
	for i := range figures {
		f := &figures[i]
		text := strings.TrimSpace(typed.Get(f.Name))
		f.Value = text
		for j := range f.Options {
			f.Options[j].Here = f.Options[j].Value == text
		}
		if !f.set(text) && bad == "" {
			bad = f.Label
		}
	}
	return bad
}

func fields(figures []figure) (all []page.RuleField) {
	for _, f := range figures {
		all = append(all, f.RuleField)
	}
	return all
}
