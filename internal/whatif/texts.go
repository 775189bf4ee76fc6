package whatif

import (
	"fmt"
	"strconv"
	"strings"

	"grulden/internal/report"
)

var (
	coins   = report.Text{NL: "Grulden", EN: "Grulden"}
	euros   = report.Text{NL: "euro", EN: "euros"}
	perYear = report.Text{NL: "keer per jaar", EN: "times a year"}
	times   = report.Text{NL: "keer", EN: "times"}
	none    = report.Text{}
)

// wijkFigures are of the wijk as a whole.
var wijkFigures = []Figure{
	{
		"reserve",
		report.Text{NL: "Euro’s in de reserve", EN: "Euros in the reserve"},
		euros, 2,
		report.Text{NL: "Aan het einde. Zoveel euro’s moeten er op de bank staan.", EN: "At the end. So many euros must be in the bank."},
	},
	{
		"fund",
		report.Text{NL: "In het wijkfonds", EN: "In the neighbourhood fund"},
		coins, 2,
		report.Text{NL: "Aan het einde: wat er smolt en wat euro’s kostten, min wat het gaf.", EN: "At the end: what melted and what euros cost, less what it gave."},
	},
	{
		"grants_refused",
		report.Text{NL: "Giften die niet konden", EN: "Gifts that could not be"},
		none, 0,
		report.Text{NL: "Het wijkfonds had dan te weinig.", EN: "The fund would have had too little."},
	},
	{
		"issued",
		report.Text{NL: "Nieuw geld tegen euro’s", EN: "New money against euros"},
		coins, 2,
		report.Text{NL: "Wat er in de tijd bij kwam.", EN: "What came in over the period."},
	},
	{
		"volume",
		report.Text{NL: "Samen betaald", EN: "Paid, all together"},
		coins, 2,
		report.Text{NL: "Betalingen van de een aan de ander, min wat terugging.", EN: "Payments from one owner to another, less refunds."},
	},
	{
		"stock_mean",
		report.Text{NL: "Gemiddeld in omloop", EN: "In circulation on average"},
		coins, 2,
		report.Text{NL: "Wat iedereen samen had, gemiddeld over de dagen.", EN: "What all had together, averaged over the days."},
	},
	{
		"velocity",
		report.Text{NL: "Hoe snel het geld rondgaat", EN: "Velocity of transfer"},
		perYear, 3,
		report.Text{NL: "Samen betaald, gedeeld door gemiddeld in omloop, over een jaar van 365 dagen.", EN: "V/(M·T): volume over mean stock, for a year of 365 days."},
	},
	{
		"k_real",
		report.Text{NL: "Wat één nieuwe munt deed", EN: "Realised multiplier"},
		times, 3,
		report.Text{NL: "1 + samen betaald gedeeld door nieuw geld. Het groeit met de tijd.", EN: "1 + V/I. It grows with time."},
	},
}

// groupFigures are of one group.
var groupFigures = []Figure{
	{
		"held",
		report.Text{NL: "In de portemonnee", EN: "In the purses"},
		coins, 2,
		report.Text{NL: "Aan het einde.", EN: "At the end."},
	},
	{
		"convertible",
		report.Text{NL: "Daarvan kon euro’s worden", EN: "Of that, could become euros"},
		coins, 2,
		report.Text{NL: "Aan het einde: genoeg keer betaald, of oud genoeg.", EN: "At the end: enough hops, or old enough."},
	},
	{
		"melted",
		report.Text{NL: "Gesmolten", EN: "Melted"},
		coins, 2,
		report.Text{NL: "Naar het wijkfonds gegaan omdat het stil lag.", EN: "Gone to the fund because it lay still."},
	},
	{
		"spent",
		report.Text{NL: "Betaald", EN: "Paid"},
		coins, 2,
		report.Text{NL: "Min wat terugging.", EN: "Less refunds."},
	},
	{
		"received",
		report.Text{NL: "Gekregen uit betalingen", EN: "Received from payments"},
		coins, 2,
		report.Text{NL: "Min wat terugging.", EN: "Less refunds."},
	},
	{
		"paid_out",
		report.Text{NL: "Euro’s gekregen", EN: "Paid out in euros"},
		euros, 2,
		report.Text{NL: "Zonder de kosten.", EN: "After fees."},
	},
	{
		"fees",
		report.Text{NL: "Kosten daarvan", EN: "Fees for that"},
		coins, 2,
		report.Text{NL: "Ze gaan naar het wijkfonds.", EN: "They go to the fund."},
	},
	{
		"payments_refused",
		report.Text{NL: "Betalingen die niet konden", EN: "Payments that could not be"},
		none, 0,
		report.Text{NL: "Wie betaalde had dan te weinig.", EN: "The payer would have had too little."},
	},
	{
		"payments_refused_sum",
		report.Text{NL: "Samen", EN: "Their sum"},
		coins, 2,
		report.Text{NL: "Van die betalingen.", EN: "Of those payments."},
	},
	{
		"requests_refused",
		report.Text{NL: "Vragen om euro’s die niet konden", EN: "Requests for euros that could not be"},
		none, 0,
		report.Text{NL: "Het geld was nog niet vaak genoeg betaald en niet oud genoeg, of deze groep mag het niet.", EN: "The money was not convertible yet, or this role may not redeem."},
	},
	{
		"requests_refused_sum",
		report.Text{NL: "Samen", EN: "Their sum"},
		coins, 2,
		report.Text{NL: "Van die vragen.", EN: "Of those requests."},
	},
}

// Caveats say what an outcome does not show.
func (o *Outcome) Caveats() []report.Text {
	if o.Model == nil {
		return []report.Text{
			{NL: "De kolom ‘Zoals het was’ is geteld. De andere zijn uitgerekend.", EN: "The column ‘As it was’ was counted. The others are worked out."},
			{NL: "Wij nemen aan dat iedereen precies hetzelfde deed.", EN: "Everybody is taken to have done exactly what they did."},
			{NL: "Echte mensen doen iets anders: zij geven eerder uit wat smelt, of vragen eerder om euro’s.", EN: "Real people would do otherwise: spend sooner what melts, or ask for euros sooner."},
			{NL: "Wie met minder keer betalen euro’s kon krijgen, vroeg er hier toch niet om.", EN: "Who could have had euros after fewer payments does not ask for them here."},
			{NL: "Lukte een betaling niet, dan telt ook niet wat daarna met dat geld gebeurde.", EN: "What would have followed from a payment that could not be is lost with it."},
			{NL: "Dit jaar is één keer gebeurd. Of een verschil toeval is, ziet u hier niet.", EN: "This year happened once. Whether a difference is chance is not seen here."},
		}
	}
	all := []report.Text{
		{NL: "Deze wijk is verzonnen. Elk getal over gewoonten is een aanname. Niemand heeft het gemeten.", EN: "This neighbourhood is made up. Every number about habits is an assumption. Nobody measured it."},
		{NL: "De mensen erin houden hun gewoonten, wat de regels ook zijn.", EN: "Its people keep their habits, whatever the rules."},
		{NL: "Echte mensen doen iets anders: zij geven eerder uit wat smelt, of blijven weg.", EN: "Real people would do otherwise: spend sooner what melts, or stay away."},
		{NL: "Het is geen voorspelling. Neem ook eens iets anders aan: blijft het antwoord dan zo?", EN: "It is no forecast. Assume something else, too: does the answer stay the same?"},
	}
	if o.Worlds == 1 {
		return append(all, report.Text{
			NL: "Dit is één worp van de dobbelstenen. Een klein verschil kan toeval zijn. Probeer 10 of 30 werelden.",
			EN: "This is one throw of the dice. A small difference may be chance. Try 10 or 30 worlds.",
		})
	}
	return append(all, o.dice()...)
}

// dice say what several worlds tell, and what they do not.
func (o *Outcome) dice() []report.Text {
	fill := func(nl, en string) report.Text {
		r := strings.NewReplacer("{n}", strconv.Itoa(o.Worlds), "{k}", strconv.Itoa(Chance(o.Worlds)),
			"{from}", strconv.FormatUint(o.Model.Seed, 10), "{to}", strconv.FormatUint(o.Model.Seed+uint64(o.Worlds)-1, 10))
		return report.Text{NL: r.Replace(nl), EN: r.Replace(en)}
	}
	told := fill(
		"Dezelfde wijk leefde {n} keer, elke keer met andere dobbelstenen (seed {from} tot en met {to}). U ziet van elke regel apart het middelste getal, het laagste en het hoogste. Middelste getallen tellen niet precies op.",
		"The same neighbourhood lived {n} times, each time with other dice (seeds {from} to {to}). You see the median, the lowest and the highest, of each row by itself: medians do not quite add up.",
	)
	if Chance(o.Worlds) > o.Worlds {
		return []report.Text{told, fill("{n} werelden zijn te weinig om toeval uit te sluiten.", "{n} worlds are too few to rule out chance.")}
	}
	return []report.Text{
		told,
		fill(
			"Meer of minder in {k} van de {n} werelden, of vaker: dat is bijna nooit toeval (hoogstens 1 op 20). Er staan veel cijfers: één ervan kan toch toeval zijn.",
			"More, or less, in {k} of the {n} worlds or in more of them is hardly chance (at most 1 in 20). There are many figures: a single one may be chance all the same.",
		),
		fill("Dit gaat alleen over toeval. Of de aannamen kloppen, zeggen meer werelden niet.", "This is about chance alone. More worlds do not say whether the assumptions are right."),
	}
}

// The words around several worlds and assumptions.
var (
	// HopsTitle is what the hops are called.
	HopsTitle = report.Text{NL: "Op weg naar euro’s", EN: "On the way to euros"}
	// AssumedTitle is what the assumptions of a model are called.
	AssumedTitle = report.Text{NL: "Wat wij aannemen", EN: "What is assumed"}

	lowest    = report.Text{NL: "laagste", EN: "lowest"}
	highest   = report.Text{NL: "hoogste", EN: "highest"}
	oftenMore = report.Text{NL: "meer / minder dan nu", EN: "more / less than today"}
)

func ofWorlds(n int) report.Text {
	return report.Text{NL: fmt.Sprintf("van %d werelden", n), EN: fmt.Sprintf("of %d worlds", n)}
}

// First is how the first scenario is called.
func (o *Outcome) First() report.Text {
	if o.Model != nil {
		return report.Text{NL: "De regels van nu", EN: "The rules of today"}
	}
	return report.Text{NL: "Zoals het was", EN: "As it was"}
}

// Title is what a group is called.
func (g *Group) Title() report.Text {
	t := report.Text{NL: "Iedereen samen", EN: "Everybody"}
	switch g.Role {
	case "resident":
		t = report.Text{NL: "Bewoners", EN: "Residents"}
	case "merchant":
		t = report.Text{NL: "Winkels", EN: "Shops"}
	}
	switch {
	case g.Of > 1 && g.Part == 1:
		t = report.Text{NL: t.NL + " die weinig betaalden en kregen", EN: t.EN + " that paid and received little"}
	case g.Of > 1 && g.Part == g.Of:
		t = report.Text{NL: t.NL + " die veel betaalden en kregen", EN: t.EN + " that paid and received much"}
	case g.Of > 1:
		t = report.Text{NL: t.NL + " daartussen", EN: t.EN + " in between"}
	}
	return t
}
