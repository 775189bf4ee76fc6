package whatif

import (
	"strconv"
	"strings"

	"grulden/demurrage"
	"grulden/internal/export"
	"grulden/internal/policy"
	"grulden/internal/report"
)

func hopKey(k int) string { return "hop_" + strconv.Itoa(k) }

// hopFigures are what the volume is made of, up to the hops that some scenario
// asks, and what became convertible.
func hopFigures(most int) (all []Figure) {
	add := func(key string, label, definition report.Text) {
		all = append(all, Figure{key, label, coins, 2, definition})
	}
	again := report.Text{NL: "Van hand tot hand, en niet bij wie het al had. Hoogstens één keer per dag.", EN: "From hand to hand, not to who had it before, and at most once a day."}
	for k := 1; k <= most; k++ {
		n := strconv.Itoa(k)
		add(hopKey(k), report.Text{NL: "Betaald: " + n + "e keer dat het telt", EN: "Paid: counted payment " + n}, again)
		again = report.Text{NL: "Hetzelfde geld, een keer verder.", EN: "The same money, one counted payment on."}
	}
	add("hop_returned",
		report.Text{NL: "Betaald: terug bij wie het al had", EN: "Paid: back where it had been"},
		report.Text{NL: "Dat telt niet op weg naar euro’s.", EN: "That does not count on the way to euros."})
	add("hop_same_day",
		report.Text{NL: "Betaald: tweede keer op één dag", EN: "Paid: a second time on one day"},
		report.Text{NL: "Per dag telt één keer.", EN: "Once a day counts."})
	add("hop_convertible",
		report.Text{NL: "Betaald: het kon al euro’s worden", EN: "Paid: could be euros already"},
		report.Text{NL: "Vraagt een regel minder keren, dan valt meer hieronder. Tot hier is het samen precies wat er betaald is.", EN: "Where a rule asks for fewer payments more falls under this. The rows up to here are all that was paid, exactly."})
	add("hop_late",
		report.Text{NL: "Terugbetaald van eerder", EN: "Refunded of earlier payments"},
		report.Text{NL: "Van betalingen van voor deze tijd. Dit gaat nog van de regels hierboven af.", EN: "Of payments before this period. It is still to be taken off the rows above."})
	add("ripe_hops",
		report.Text{NL: "Mocht euro’s worden door betalen", EN: "Became convertible by payments"},
		report.Text{NL: "In deze tijd was het vaak genoeg betaald. Met de waarde van die dag.", EN: "In this period it had been paid often enough to become euros. At its worth on that day."})
	add("ripe_age",
		report.Text{NL: "Mocht euro’s worden door leeftijd", EN: "Became convertible by age"},
		report.Text{NL: "Het lag lang genoeg, en was niet vaak genoeg betaald.", EN: "It was old enough, and not paid often enough."})
	return all
}

// without drops the rows of a key in which nothing is anything.
func without(rows []Row, key string) (rest []Row) {
	for _, r := range rows {
		empty := r.Key == key
		for _, v := range r.Values {
			empty = empty && v.Sign() == 0
		}
		if !empty {
			rest = append(rest, r)
		}
	}
	return rest
}

var orderWords = map[string]report.Text{
	"melts-first":  {NL: "Eerst gaat wat het eerst smelt.", EN: "What melts first goes first."},
	"oldest-first": {NL: "Eerst gaat wat iemand het eerst kreeg.", EN: "What somebody got first goes first."},
	"newest-first": {NL: "Eerst gaat wat iemand het laatst kreeg.", EN: "What somebody got last goes first."},
	"ripest-first": {NL: "Eerst gaat wat het vaakst betaald is.", EN: "What was paid on most often goes first."},
}

// wordsOf are the rules of a scenario in one line.
func wordsOf(s *policy.Scenario) (t report.Text) {
	p := &s.Policy
	say := func(nl, en string, filled ...report.Text) {
		for i, place := range []string{"{}", "[]"}[:len(filled)] {
			nl, en = strings.ReplaceAll(nl, place, filled[i].NL), strings.ReplaceAll(en, place, filled[i].EN)
		}
		t.NL, t.EN = t.NL+nl+" ", t.EN+en+" "
	}
	number := func(n int) report.Text { return report.Text{NL: strconv.Itoa(n), EN: strconv.Itoa(n)} }
	rate, fee := percent(uint32(p.Rate)), percent(p.Fee)
	grace := report.Text{NL: "vanaf de eerste dag", EN: "from the first day on"}
	if days := strconv.Itoa(int(p.GraceDays)); p.GraceDays > 0 {
		grace = report.Text{NL: "niet in de eerste " + days + " dagen", EN: "not in the first " + days + " days"}
	}
	switch {
	case p.Rate == 0:
		say("Er smelt niets.", "Nothing melts.")
	case p.Every == demurrage.Monthly:
		say("Per maand smelt {}, [].", "{} melts each month, [].", rate, grace)
	default:
		say("Per dag smelt {}, [].", "{} melts each day, [].", rate, grace)
	}
	say("Euro’s na {} keer betalen of [] dagen.", "Euros after {} counted payments or [] days.", number(int(p.Hops)), number(int(p.TermDays)))
	var nl, en []string
	for _, role := range p.Redeemers {
		g := Group{Role: role}
		nl, en = append(nl, strings.ToLower(g.Title().NL)), append(en, strings.ToLower(g.Title().EN))
	}
	if len(nl) == 0 {
		say("Niemand mag om euro’s vragen.", "Nobody may ask for euros.")
	} else {
		who := report.Text{NL: strings.Join(nl, ", "), EN: strings.Join(en, ", ")}
		say("Om euro’s vragen: {}. Dat kost [].", "May ask for euros: {}. That costs [].", who, fee)
	}
	order := orderWords[s.Order.String()]
	say(order.NL, order.EN)
	return report.Text{NL: strings.TrimSpace(t.NL), EN: strings.TrimSpace(t.EN)}
}

// percent is billionths as each language writes them.
func percent(billionths uint32) report.Text {
	en := export.Percent(billionths)
	return report.Text{NL: strings.NewReplacer(".", ",", "%", "\u00a0%").Replace(en), EN: en}
}
