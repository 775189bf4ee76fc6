package whatif

import "grulden/internal/report"

// Field is a number of a model and what it is.
type Field struct {
	Name string // as a file has it
	Is   report.Text
}

// Fields are all numbers of a model, in the order of a file.
func Fields() []Field {
	say := func(name, nl, en string) Field { return Field{name, report.Text{NL: nl, EN: en}} }
	return []Field{
		say("seed", "Hoe de dobbelstenen vallen. Hetzelfde getal geeft altijd dezelfde uitkomst.", "How the dice fall. The same number always gives the same outcome."),
		say("first", "De eerste dag.", "The first day."),
		say("days_before", "Dagen die de wijk leeft zonder dat het telt.", "Days lived before anything is counted."),
		say("days", "Dagen die tellen.", "Days that count."),
		say("payout_days", "Dagen van een vraag om euro’s tot het geld er is.", "Days from asking for euros until they are there."),
		say("residents", "Groepen bewoners met dezelfde gewoonten.", "Groups of residents with the same habits."),
		say("name", "Hoe de groep heet.", "What the group is called."),
		say("count", "Hoeveel er zijn.", "How many there are."),
		say("tops_up", "Hoeveel iemand per keer oplaadt.", "How much somebody tops up at a time."),
		say("below", "Alleen wie minder dan dit heeft, laadt op.", "Only who has less than this tops up."),
		say("every_days", "Om de hoeveel dagen dat gebeurt.", "Every how many days that happens."),
		say("payments_per_week", "Hoe vaak iemand per week wil betalen.", "How often a week somebody wishes to pay."),
		say("least", "Het kleinste bedrag dat iemand betaalt.", "The least that somebody pays."),
		say("most", "Het grootste bedrag dat iemand betaalt.", "The most that somebody pays."),
		say("neighbours", "Het deel van de betalingen dat naar een andere bewoner gaat.", "The share of payments that goes to another resident."),
		say("shops", "Groepen winkels met dezelfde gewoonten.", "Groups of shops with the same habits."),
		say("draws", "Hoeveel bezoek een winkel krijgt, naast de andere.", "How many visits a shop gets, beside the others."),
		say("suppliers", "Bij hoeveel andere winkels hij altijd koopt.", "From how many other shops it always buys."),
		say("buys", "Het deel van zijn geld dat daar elke week heen gaat.", "The share of its money that goes there each week."),
		say("wages", "Het deel dat elke week naar iemand gaat die hielp.", "The share that goes each week to somebody who helped."),
		say("keeps", "Wat hij eerst laat staan.", "What it leaves in the purse first."),
		say("redeems", "Het deel dat hij als euro’s wil, van wat dat kan worden.", "The share it wants in euros, of what may become euros."),
		say("fund", "Wat het wijkfonds doet.", "What the fund does."),
		say("gives", "Het deel dat het weggeeft.", "The share that it gives away."),
		say("people", "Hoeveel bewoners daarin delen.", "How many residents share it."),
	}
}
