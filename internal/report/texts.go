package report

// wording is what stands beside a figure.
type wording struct {
	label      Text
	definition Text
	formula    string
}

// texts are the definitions, by the key of a line. {coin} is the name of the
// coin, {from} and {to} are the days of the period, {k} is the number of a hop.
var texts = map[string]wording{
	"issued": {
		Text{"Nieuw gemaakt", "Issued"},
		Text{
			"Nieuwe {coin}, gemaakt tegen euro's die op de reserverekening kwamen.",
			"New {coin}, made against euros that arrived in the reserve account.",
		},
		"I",
	},
	"granted": {
		Text{"Gegeven uit het wijkfonds", "Granted from the neighbourhood fund"},
		Text{
			"{coin} die het wijkfonds aan iemand gaf. Daar kwamen geen euro's voor binnen: het telt niet als nieuw gemaakt.",
			"{coin} that the neighbourhood fund gave to somebody. No euros came in for it: it does not count as issued.",
		},
		"",
	},
	"redeemed": {
		Text{"Ingewisseld: uitbetaald", "Redeemed: paid out"},
		Text{
			"Euro's die zijn uitbetaald, zonder de kosten. Het telt op de dag dat de uitbetaling klaar is, niet op de dag van de vraag.",
			"Euros that were paid out, without the fees. It counts on the day the payout is settled, not on the day it was asked for.",
		},
		"R",
	},
	"redemption_fees": {
		Text{"Ingewisseld: kosten", "Redeemed: fees"},
		Text{
			"Wat bij die uitbetalingen is ingehouden. Het blijft in de reserve en is van het wijkfonds.",
			"What was kept back from those payouts. It stays in the reserve and belongs to the neighbourhood fund.",
		},
		"",
	},
	"share_redeemed": {
		Text{"Deel ingewisseld", "Share redeemed"},
		Text{
			"Uitbetaald in deze periode, gedeeld door nieuw gemaakt in deze periode. Wat is uitbetaald kan eerder zijn gemaakt. Ingewisseld is niet altijd weg uit de wijk: een winkel kan de euro's in de wijk uitgeven.",
			"Paid out in this period, divided by issued in this period. What was paid out may have been issued earlier. Redeemed is not always gone from the neighbourhood: a shop may spend the euros there.",
		},
		"R / I",
	},
	"requested": {
		Text{"Gevraagd om in te wisselen", "Asked to be redeemed"},
		Text{
			"Wat houders vroegen om in te wisselen, met de kosten. Vanaf de vraag is het niet meer in omloop.",
			"What holders asked to be redeemed, fees included. From then on it is not in circulation.",
		},
		"",
	},
	"rejected": {
		Text{"Niet ingewisseld: terug", "Not redeemed: given back"},
		Text{
			"Aanvragen die zijn geweigerd. Het geld is weer in omloop.",
			"Requests that were rejected. The money is in circulation again.",
		},
		"",
	},
	"waiting": {
		Text{"Wacht op uitbetaling", "Waiting to be paid out"},
		Text{
			"Gevraagd en op {to} nog niet uitbetaald of geweigerd.",
			"Asked for, and on {to} not yet paid out or rejected.",
		},
		"",
	},
	"stock_start": {
		Text{"In omloop aan het begin", "In circulation at the start"},
		Text{
			"Wat alle houders samen hadden aan het eind van de dag voor {from}. Niet meegeteld: het wijkfonds en wat wacht op uitbetaling. Er zijn geen andere rekeningen die niet van een houder zijn.",
			"What all holders had together at the end of the day before {from}. Not counted: the neighbourhood fund and what waits to be paid out. There are no other accounts that are not a holder's.",
		},
		"",
	},
	"stock_end": {
		Text{"In omloop aan het eind", "In circulation at the end"},
		Text{
			"Wat alle houders samen hadden aan het eind van {to}. Het is het begin + nieuw gemaakt + gegeven uit het wijkfonds + terug na weigering − gevraagd om in te wisselen − gesmolten − achtergebleven op gesloten rekeningen + afronding.",
			"What all holders had together at the end of {to}. It is the start + issued + granted + given back − asked to be redeemed − melted − left on closed accounts + rounding.",
		},
		"",
	},
	"stock_mean": {
		Text{"Gemiddeld in omloop", "In circulation on average"},
		Text{
			"Elke dag telt even zwaar, met wat alle houders hadden aan het eind van die dag: na het smelten en na alle boekingen van die dag. T is het aantal dagen.",
			"Every day counts the same, with what all holders had at the end of it: after the melting and all entries of that day. T is the number of days.",
		},
		"M = Σ / T",
	},
	"volume": {
		Text{"Betaald", "Volume"},
		Text{
			"Alle betalingen van de ene eigenaar aan de andere. Niet geteld: betalingen tussen twee rekeningen van één eigenaar, en wat tot en met {to} is terugbetaald; ook de terugbetaling zelf telt niet. Is het pas na {to} terugbetaald, dan telt de betaling hier wel, en staat het bedrag in het verslag van die latere periode apart. Een verslag over een periode die voorbij is verandert dus niet meer.",
			"All payments from one owner to another. Not counted: payments between two accounts of one owner, and what was refunded up to and including {to}; nor does the refund itself count. What was refunded only after {to} does count here, and the report of that later period shows the amount apart. So the report of a period that is over never changes.",
		},
		"V",
	},
	"refunded": {
		Text{"Terugbetaald", "Refunded"},
		Text{
			"Terugbetaald van betalingen uit deze periode. Dit is al van het betaalde af.",
			"Refunded of payments of this period. The volume is without it already.",
		},
		"",
	},
	"refunded_late": {
		Text{"Terugbetaald van eerder", "Refunded of earlier payments"},
		Text{
			"Terugbetaald in deze periode van betalingen van voor {from}. Dit is niet van het betaalde af. Wie perioden optelt, trekt dit er zelf af.",
			"Refunded in this period of payments before {from}. The volume is not reduced by it. Who adds up periods, subtracts it.",
		},
		"",
	},
	"payments": {
		Text{"Aantal betalingen", "Number of payments"},
		Text{
			"De betalingen die meetellen. Een betaling die helemaal is terugbetaald telt niet.",
			"The payments that count. A payment that was refunded in whole does not.",
		},
		"",
	},
	"payers": {
		Text{"Betalers", "Active payers"},
		Text{
			"Eigenaren die iets betaalden dat meetelt. Een eigenaar is een mens of een bedrijf, ook met meer rekeningen.",
			"Owners who made a payment that counts. An owner is a person or a business, with one account or more.",
		},
		"",
	},
	"receivers": {
		Text{"Ontvangers", "Active receivers"},
		Text{
			"Eigenaren die iets ontvingen dat meetelt.",
			"Owners who got a payment that counts.",
		},
		"",
	},
	"participants": {
		Text{"Deelnemers", "Participants"},
		Text{
			"Eigenaren die betaalden of ontvingen. Zijn het er minder dan tien, dan kunnen deze cijfers iets over één mens vertellen: maak ze niet openbaar.",
			"Owners who paid or received. If they are fewer than ten, these figures may tell about one person: do not publish them.",
		},
		"",
	},
	"velocity": {
		Text{"Omloopsnelheid", "Transfer velocity"},
		Text{
			"Hoe vaak per jaar van 365 dagen een {coin} gemiddeld van eigenaar wisselt. Vergelijk dit niet met het nationaal inkomen gedeeld door geld. Lees het samen met de tijd dat geld ligt.",
			"How often in a year of 365 days one {coin} changes owner on average. Do not compare it with national income over money. Read it together with the holding time.",
		},
		"V / (M × T) × 365",
	},
	"multiplier": {
		Text{"Behaalde vermenigvuldiging", "Realised multiplier"},
		Text{
			"Hoeveel er is gemaakt en betaald voor elke {coin} die is gemaakt. Over de hele tijd van het grootboek is dit wat elke euro tot nu toe deed, en het groeit met de tijd. Over een deel van die tijd telt ook het betalen met ouder geld mee. Het is geteld, niet voorspeld.",
			"How much was issued and paid for each {coin} issued. Over the ledger's whole time it is what each euro has done so far, and it grows with time. Over a part of that time payments with older money count too. It is counted, not predicted.",
		},
		"1 + V / I",
	},
	"volume_hop": {
		Text{"Betaald: {k}e keer dat het telt", "Volume: counted transaction {k}"},
		Text{
			"Betaald met geld dat daarmee voor de {k}e keer telt op weg naar inwisselbaar. Deze regels en de drie hierna zijn samen precies het betaalde. Bij een terugbetaling van een deel vervalt eerst het laatste deel van de betaling, en inwisselbaar geld het laatst.",
			"Paid with money whose counted transaction {k} on its way to convertible this is. These rows and the three below are the volume exactly. A refund of a part takes off the last part of the payment first, and convertible money last.",
		},
		"",
	},
	"volume_returned": {
		Text{"Betaald: terug bij wie het al had", "Volume: back where it had been"},
		Text{
			"Betaald aan een eigenaar bij wie dit geld al eerder was. Dat telt niet op weg naar inwisselbaar.",
			"Paid to an owner who had had this money before. That does not count on its way to convertible.",
		},
		"",
	},
	"volume_same_day": {
		Text{"Betaald: tweede keer op één dag", "Volume: a second time on one day"},
		Text{
			"Betaald met geld dat op die dag al een keer telde. Per dag telt één keer.",
			"Paid with money that had counted once on that day. Once a day counts.",
		},
		"",
	},
	"volume_convertible": {
		Text{"Betaald: met inwisselbaar geld", "Volume: convertible money"},
		Text{
			"Betaald met geld dat al inwisselbaar was. Hoe vaak het daarna nog van hand wisselt, houdt het grootboek niet bij.",
			"Paid with money that was convertible already. How often it changes hands from then on, the ledger does not keep.",
		},
		"",
	},
	"holding_mean": {
		Text{"Tijd tot betalen, gemiddeld", "Holding time before payment, mean"},
		Text{
			"Hoe lang het betaalde geld bij de betaler lag, gewogen naar waarde en op de seconde. Van geld dat nog niet inwisselbaar is weet het grootboek het precies. Inwisselbaar geld van één rekening en één smeltdag gaat uit op volgorde van aankomst. De tijd loopt door bij een eigen andere rekening en bij geld dat terugkwam door een terugbetaling of een weigering. Geld dat nog ligt of is ingewisseld telt hier niet.",
			"How long the money that was paid had lain at the payer, weighted by value and to the second. Of money that is not convertible yet the ledger knows it exactly. Convertible money of one account and one melts-from day goes out in the order in which it came. The time runs on at another account of the same owner, and for what came back by a refund or a rejection. Money still held or redeemed does not count here.",
		},
		"h = Σ(a × d) / Σ a",
	},
	"holding_median": {
		Text{"Tijd tot betalen, middelste", "Holding time before payment, median"},
		Text{
			"De helft van het betaalde geld lag zo lang of korter bij de betaler, de andere helft zo lang of langer.",
			"Half of the money that was paid had lain this long or less at the payer, the other half this long or more.",
		},
		"",
	},
	"redeemed_age": {
		Text{"Tijd tot inwisselen, gemiddeld", "Holding time before redemption, mean"},
		Text{
			"Hoe lang het geld dat in deze periode is uitbetaald bij de laatste houder lag tot de vraag, gewogen naar waarde, de kosten meegeteld.",
			"How long the money that was paid out in this period had lain at its last holder when it was asked for, weighted by value, fees included.",
		},
		"",
	},
	"held_age": {
		Text{"Hoe lang het nu ligt, gemiddeld", "Age of what is held, mean"},
		Text{
			"Hoe lang wat houders hebben aan het eind van {to} al bij hen ligt, gewogen naar waarde. Deze tijd is nog niet om: het is geen tijd tot betalen.",
			"How long what holders have at the end of {to} has lain with them, weighted by value. That time is not over: it is no holding time before payment.",
		},
		"",
	},
	"fund_demurrage": {
		Text{"Wijkfonds: gesmolten", "Fund: demurrage"},
		Text{
			"Wat houders verloren door het smelten op de dagen van deze periode.",
			"What holders lost by melting on the days of this period.",
		},
		"D",
	},
	"fund_fees": {
		Text{"Wijkfonds: kosten van inwisselen", "Fund: redemption fees"},
		Text{
			"Van wat in deze periode is uitbetaald.",
			"Of what was paid out in this period.",
		},
		"",
	},
	"fund_left": {
		Text{"Wijkfonds: van gesloten rekeningen", "Fund: from closed accounts"},
		Text{
			"Wat bleef staan op rekeningen die zijn gesloten, minder dan een cent per rekening.",
			"What was left on accounts that were closed, less than a cent each.",
		},
		"",
	},
	"fund_income": {
		Text{"Wijkfonds: inkomsten", "Fund: income"},
		Text{
			"Gesmolten + kosten van inwisselen + van gesloten rekeningen.",
			"Demurrage + redemption fees + from closed accounts.",
		},
		"",
	},
	"fund_granted": {
		Text{"Wijkfonds: uitgaven", "Fund: spent"},
		Text{
			"Wat het wijkfonds aan iemand gaf.",
			"What the neighbourhood fund gave to somebody.",
		},
		"",
	},
	"fund_rounding": {
		Text{"Wijkfonds: afronding", "Fund: rounding"},
		Text{
			"Wat het afronden houders gaf en het wijkfonds kostte: minder dan een honderdmiljoenste {coin} per keer.",
			"What rounding gave to holders and cost the neighbourhood fund: less than a hundred-millionth of one {coin} each time.",
		},
		"",
	},
	"fund_start": {
		Text{"Wijkfonds aan het begin", "Fund at the start"},
		Text{
			"Aan het eind van de dag voor {from}.",
			"At the end of the day before {from}.",
		},
		"",
	},
	"fund_end": {
		Text{"Wijkfonds aan het eind", "Fund at the end"},
		Text{
			"Aan het eind van {to}: het begin + inkomsten − uitgaven − afronding. De reserve in euro's is dit + in omloop + wat wacht op uitbetaling.",
			"At the end of {to}: the start + income − spent − rounding. The reserve in euros is this + in circulation + what waits to be paid out.",
		},
		"",
	},
}
