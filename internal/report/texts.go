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
	"velocity_income": {
		Text{"Verkoop tegenover geld", "Income velocity"},
		Text{
			"Wat winkels kregen, per jaar van 365 dagen, gedeeld door wat er gemiddeld was. Elke betaling aan een winkel telt als verkoop, ook die van een andere winkel.",
			"What shops got, in a year of 365 days, divided by what there was on average. Every payment to a shop counts as a sale, that of another shop too.",
		},
		"Y / (M × T) × 365",
	},
	"inverse_velocity": {
		Text{"Omloop volgens de ligtijd", "Velocity by holding time"},
		Text{
			"Een jaar van 365 dagen, gedeeld door de gemiddelde tijd tot betalen.",
			"A year of 365 days, divided by the mean holding time before a payment.",
		},
		"365 / h",
	},
	"effective_stock": {
		Text{"Geld dat echt rondgaat", "Effective stock"},
		Text{
			"Zo veel geld is genoeg voor al het betaalde, als alles gemiddeld zo lang lag als het betaalde.",
			"So much money would do for all that was paid, if all of it had lain as long as what was paid did on average.",
		},
		"V × h / T",
	},
	"effective_share": {
		Text{"Deel dat echt rondgaat", "Effective share"},
		Text{
			"Geld dat echt rondgaat, gedeeld door wat er gemiddeld was. De rest lag stil.",
			"The effective stock, divided by what there was on average. The rest lay still.",
		},
		"V × h / (T × M)",
	},
	"moved_share": {
		Text{"Ooit betaald", "Ever paid"},
		Text{
			"Van het geld dat op {to} in handen is: het deel dat minstens één keer telde als betaling.",
			"Of the money held on {to}: the part that made at least one counted transaction.",
		},
		"",
	},
	"lm3": {
		Text{"LM3 van de munt", "LM3 of the coin"},
		Text{
			"Nieuw gemaakt, met wat daarna voor de eerste en de tweede keer telde, gedeeld door nieuw gemaakt. Het ligt tussen 1 en 3 als de periode begint met het grootboek.",
			"Issued, with what then made its first and its second counted transaction, divided by issued. It lies between 1 and 3 if the period begins with the ledger.",
		},
		"(I + H1 + H2) / I",
	},
	"pass_on": {
		Text{"Deel doorgegeven", "Share passed on"},
		Text{
			"Betaald, als deel van wat is betaald en wat euro's werd, met de kosten.",
			"Paid, as a share of what was paid and what became euros, fees included.",
		},
		"r = V / (V + R)",
	},
	"leakage": {
		Text{"Model: vermenigvuldiging", "Model: leakage multiplier"},
		Text{
			"Wat één {coin} zou doen als altijd hetzelfde deel werd doorgegeven en dit eindeloos zo bleef.",
			"What one {coin} would do if the same share were passed on each time and it stayed so for ever.",
		},
		"k = 1 / (1 − r)",
	},
	"demurrage_yield": {
		Text{"Gesmolten per jaar", "Demurrage a year"},
		Text{
			"Wat smolt, per jaar van 365 dagen, als deel van wat er gemiddeld was.",
			"What melted, in a year of 365 days, as a share of what there was on average.",
		},
		"D / (M × T) × 365",
	},
	"volume_hop": {
		Text{"Betaald: {k}e keer dat het telt", "Volume: counted transaction {k}"},
		Text{
			"Betaald met geld dat daarmee voor de {k}e keer telt op weg naar inwisselbaar. Deze regels en de drie hierna zijn samen precies het betaalde, voor het afronden op centen. Bij een terugbetaling van een deel vervalt eerst het laatste deel van de betaling, en inwisselbaar geld het laatst.",
			"Paid with money whose counted transaction {k} on its way to convertible this is. These rows and the three below are the volume exactly, before they are rounded to cents. A refund of a part takes off the last part of the payment first, and convertible money last.",
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

// tableWording is what stands beside a table.
type tableWording struct {
	title, sentence, definition, caveat Text
	formula                             string
}

// tableTexts are the words of tables, by their keys.
var tableTexts = map[string]tableWording{
	"over_time": {
		Text{"Door de tijd", "Over time"},
		Text{"In deze periode wisselde een {coin} gemiddeld {velocity} keer per jaar van eigenaar.", "In this period a {coin} changed owner {velocity} times a year on average."},
		Text{"Per week, en per maand als de periode honderd dagen of langer is. Een week of maand die maar voor een deel in de periode valt, telt voor dat deel. Wat is terugbetaald, gaat af van de week of maand van de betaling.", "By week, and by month if the period has a hundred days or more. A week or month that lies only in part in the period counts for that part. What was refunded is taken off the week or month of the payment."},
		Text{"De eerste en de laatste week of maand kan korter zijn: dan is alles daarin minder. Dit zegt niet waarom iets omhoog of omlaag gaat.", "The first and the last week or month may be shorter: then all in it is less. This does not say why something goes up or down."},
		"V / (M × T) × 365",
	},
	"money_flow": {
		Text{"Waar het geld vandaan kwam en heen ging", "Where the money came from and went"},
		Text{"Links wat erin kwam, rechts wat eruit ging of er nog is, van {from} tot en met {to}.", "On the left what came in, on the right what went out or is still there, from {from} to {to} inclusive."},
		Text{"Tussen twee groepen staat het verschil: wat de ene meer aan de andere gaf dan terugkreeg. Ook wat is terugbetaald telt, op de dag van de terugbetaling. Naar euro's is wat is gevraagd, min wat is geweigerd.", "Between two groups stands the difference: what one gave the other more than it got back. What was refunded counts too, on the day of the refund. To euros is what was asked for, less what was rejected."},
		Text{"Dit is minder dan wat er is betaald: wat heen en weer gaat, valt weg. Betalingen binnen een groep staan er niet in. Kleine verschillen komen door afronden.", "This is less than what was paid: what goes to and fro cancels out. Payments inside a group are not in it. Small differences come from rounding."},
		"",
	},
	"hops": {
		Text{"Betaald, naar de hoeveelste keer", "Volume by counted transaction"},
		Text{"Van het betaalde geld telde {share} % mee op weg naar inwisselbaar.", "{share} % of what was paid counted on its way to convertible."},
		Text{"Elk deel van een betaling telt bij de hoeveelste keer het is dat dit geld telt. De regels zijn samen precies het betaalde.", "Each part of a payment counts under the number of the counted transaction it is for this money. The rows together are the volume exactly."},
		Text{"Dit zegt niet hoe vaak één {coin} is betaald. Wat al inwisselbaar was, staat in één regel: dat geld telt niet verder.", "This does not say how often one {coin} was paid. What was convertible already is in one row: that money counts no further."},
		"V = Σ V(k)",
	},
	"life": {
		Text{"Hoe ver het geld is", "How far the money is"},
		Text{"Van wat er op {to} is, is {share} % inwisselbaar.", "Of what there is on {to}, {share} % is convertible."},
		Text{"Wat houders aan het eind van {to} hebben, naar het aantal keren dat het al telde. Inwisselbaar wordt het door genoeg keren te tellen, of door zijn leeftijd.", "What holders have at the end of {to}, by the number of times it has counted. It becomes convertible by counting often enough, or by its age."},
		Text{"Dit is een foto van één dag. Geld dat al is ingewisseld staat er niet in.", "This is a picture of one day. Money that was redeemed is not in it."},
		"",
	},
	"to_convertible": {
		Text{"Hoe lang tot inwisselbaar", "How long to convertible"},
		Text{"Van wat inwisselbaar werd, kwam {share} % zover door betalen, de rest door zijn leeftijd.", "Of what became convertible, {share} % got there by being paid, the rest by its age."},
		Text{"Wat in deze periode inwisselbaar werd, naar de dagen sinds het is gemaakt.", "What became convertible in this period, by the days since its issue."},
		Text{"Geld dat nog onderweg is telt niet: wie alleen hiernaar kijkt, vindt de weg korter dan hij is.", "Money still on its way does not count: who looks at this alone finds the way shorter than it is."},
		"",
	},
	"exit_hops": {
		Text{"Ingewisseld, naar hoe vaak het telde", "Redeemed by counted transactions"},
		Text{"Van wat is uitbetaald, had {share} % nooit geteld: het werd inwisselbaar door zijn leeftijd.", "Of what was paid out, {share} % never counted: it became convertible by its age."},
		Text{"Wat in deze periode is uitbetaald, de kosten meegeteld, naar het aantal keren dat het telde toen het inwisselbaar werd.", "What was paid out in this period, fees included, by the number of times it had counted when it became convertible."},
		Text{"Hoe vaak het daarna nog is betaald, houdt het grootboek niet bij: het kan vaker zijn rondgegaan. Geld van één smeltdag gaat uit op volgorde van aankomst; dat is een afspraak. Wat de bank terugstuurde blijft geteld.", "How often it was paid after that, the ledger does not keep: it may have gone round more often. Money of one melts-from day goes out in the order in which it came; that is a convention. What the bank sent back stays counted."},
		"",
	},
	"exit_age": {
		Text{"Ingewisseld, naar leeftijd", "Redeemed by age"},
		Text{"Van wat is uitbetaald, was {share} % bij de vraag jonger dan 30 dagen.", "Of what was paid out, {share} % was younger than 30 days when it was asked for."},
		Text{"Wat in deze periode is uitbetaald, de kosten meegeteld, naar de dagen van maken tot de vraag.", "What was paid out in this period, fees included, by the days from its issue to the request."},
		Text{"Wat nog niet is ingewisseld staat er niet in. Geld van één smeltdag gaat uit op volgorde van aankomst; dat is een afspraak.", "What was not redeemed is not in it. Money of one melts-from day goes out in the order in which it came; that is a convention."},
		"",
	},
	"redemption_lag": {
		Text{"Wachten op euro's", "Waiting for euros"},
		Text{"Van wat is uitbetaald, was {share} % er binnen twee dagen.", "Of what was paid out, {share} % was there within two days."},
		Text{"Wat in deze periode is uitbetaald, naar de dagen van de vraag tot de uitbetaling. Alle dagen tellen, ook het weekend.", "What was paid out in this period, by the days from the request to the payout. All days count, weekends too."},
		Text{"Aanvragen die nog wachten staan er niet in.", "Requests that still wait are not in it."},
		"",
	},
	"holding": {
		Text{"Hoe lang geld ligt", "How long money lies"},
		Text{"Betaald geld lag gemiddeld {mean} dagen bij de betaler, de helft {median} dagen of korter. Wat er nog is, ligt er gemiddeld {age} dagen.", "Money that was paid had lain {mean} days at the payer on average, half of it {median} days or less. What is still there has lain {age} days on average."},
		Text{"Links wat in deze periode is betaald, naar hoe lang het bij de betaler lag. Rechts wat houders op {to} hebben, naar hoe lang het er al ligt.", "On the left what was paid in this period, by how long it had lain at the payer. On the right what holders have on {to}, by how long it has lain there."},
		Text{"De twee zijn niet samen te tellen: links is de tijd om, rechts niet. Geld dat stil blijft liggen komt links nooit voor.", "The two cannot be added: on the left the time is over, on the right it is not. Money that never moves is never on the left."},
		"h = Σ(a × d) / Σ a",
	},
	"holding_by_role": {
		Text{"Hoe lang geld ligt, per groep", "How long money lies, by group"},
		Text{"Per groep: hoe lang geld lag dat is betaald, en hoe lang er nu ligt wat er is.", "By group: how long money had lain that was paid, and how long what is there has lain."},
		Text{"Gewogen naar waarde, naar de rekening die betaalde of die het heeft.", "Weighted by value, by the account that paid or that has it."},
		Text{"Een groep met weinig mensen zegt iets over die mensen, niet over de groep.", "A group of few people tells about those people, not about the group."},
		"h = Σ(a × d) / Σ a",
	},
	"cohorts": {
		Text{"Wat er over is, per maand van maken", "What is left, by month of issue"},
		Text{"Welk deel van het geld van elke maand nog in handen is van houders.", "What part of each month's money is still in the hands of holders."},
		Text{"Gemaakt en gegeven in een maand, en hoeveel daarvan aan het eind van die maand en van latere maanden nog in handen is, na het smelten. Een maand die nog niet om is, heeft geen cijfer.", "Issued and granted in a month, and how much of it is still held at the end of that month and of later ones, after melting. A month that is not over has no figure."},
		Text{"Wat weg is, is ingewisseld of gesmolten. Ingewisseld is niet altijd weg uit de wijk. Bij geld van één smeltdag is de volgorde van aankomst een afspraak.", "What is gone was redeemed or melted. Redeemed is not always gone from the neighbourhood. Among money of one melts-from day the order of arrival is a convention."},
		"",
	},
	"groups": {
		Text{"Bewoners en winkels naast elkaar", "Residents and shops side by side"},
		Text{"Wie heeft, betaalt en krijgt hoeveel, en van wie smelt het meest.", "Who has, pays and gets how much, and from whom most melts."},
		Text{"Per groep. Actief is wie in deze periode betaalde of ontving. Gesmolten per jaar is het deel van wat zij gemiddeld hadden. Omloopsnelheid is wat zij betaalden, gedeeld door wat zij gemiddeld hadden, per jaar.", "By group. Active is who paid or received in this period. Demurrage a year is the part of what they had on average. Velocity is what they paid, divided by what they had on average, a year."},
		Text{"Dit zegt niet wie arm of rijk is: het grootboek kent geen inkomens.", "This does not say who is poor or rich: the ledger knows no incomes."},
		"",
	},
	"stuck": {
		Text{"Waar het blijft steken", "Where it gets stuck"},
		Text{"{n} van {all} winkels die iets ontvingen, gaven minder dan de helft daarvan door.", "{n} of {all} shops that received something passed on less than half of it."},
		Text{"Winkels naar het deel van wat zij ontvingen dat zij in deze periode betaalden of vroegen om in te wisselen. Blijft liggen is ontvangen min uitgegaan, voor het smelten.", "Shops by the part of what they received that they paid or asked to be redeemed in this period. Stays is received less gone, before melting."},
		Text{"In een korte periode is niet alles al weer uitgegeven. Wat een winkel al had, telt niet mee. Of het bij winkels oploopt, staat bij 'Loopt het op bij winkels?'.", "In a short period not everything has been spent again. What a shop had before does not count. Whether it rises at shops is told under 'Does it pile up at shops?'."},
		"",
	},
	"pressure": {
		Text{"Loopt het op bij winkels?", "Does it pile up at shops?"},
		Text{
			"In de laatste week of maand ({span}) lag er bij {more} van de {all} winkels met geld meer dan ervoor. Bij {n} daarvan ging hoogstens de helft verder: daar lag {share} % van wat er bij winkels lag.",
			"In the last week or month ({span}) more lay at {more} of the {all} shops with money than before. At {n} of these half at most went on: {share} % of what lay at shops lay there.",
		},
		Text{
			"Per week, en per maand als de periode honderd dagen of langer is. Eerst is geteld bij welke winkels gemiddeld meer ligt dan in de week of maand ervoor, hoe weinig ook. Daarna welke daarvan hoogstens de helft doorgaven van wat zij in die tijd kregen. Ook wie niets kreeg en niets doorgaf, telt daar mee. Doorgeven is betalen of vragen om in te wisselen. Krijgen is betaald worden, kopen, krijgen uit het wijkfonds en terugkrijgen na een weigering. Verplaatsen tussen eigen rekeningen is geen van beide. Gemiddeld is over de einden van alle dagen, na het smelten. Een zaak met meer rekeningen is één winkel. Een winkel met geld had of kreeg die tijd iets. Wat is terugbetaald, gaat af van de week of maand van de betaling. De eerste week of maand heeft niets om mee te vergelijken.",
			"By week, and by month if the period has a hundred days or more. First it is counted at which shops more lies on average than in the week or month before, however little. Then which of these passed on half at most of what they got in that time. Who got nothing and passed on nothing counts there, too. Passing on is paying or asking to redeem. Getting is being paid, buying, getting from the fund and getting back what was rejected. Moving between accounts of one's own is neither. On average is over the ends of all days, after melting. A business with several accounts is one shop. A shop with money had or got some in that time. What was refunded is taken off the week or month of the payment. The first week or month has nothing to compare with.",
		},
		Text{
			"Het zegt niet waarom er meer ligt. Een winkel die spaart om een leverancier te betalen, telt mee. Een nieuwe winkel ook: die had ervoor niets. Wie vlak voor het eind iets kreeg, had nog geen tijd. Een week of maand die maar deels in de periode valt, zegt weinig. Zijn er weinig winkels, dan gaat dit over één zaak.",
			"It does not say why more lies there. A shop that saves to pay a supplier counts. So does a new shop: it had nothing before. Who got something just before the end had no time yet. A week or month that lies only in part in the period says little. Where shops are few this is about a single one.",
		},
		"M(t) > M(t−1), out(t) ≤ in(t) / 2",
	},
	"never_spent": {
		Text{"Nog nooit betaald", "Never paid"},
		Text{"Van {n} van de {all} open rekeningen is nog nooit iets betaald.", "From {n} of {all} open accounts nothing was ever paid."},
		Text{"Open rekeningen op {to} waarvan de houder tot dan toe nooit iemand anders betaalde, en wat die houders hebben. Ook een betaling die later is terugbetaald telt als betaald.", "Open accounts on {to} whose holder had never paid anybody else until then, and what those holders have. A payment that was refunded later counts as paid."},
		Text{"Een nieuwe rekening heeft vaak nog geen tijd gehad. Inwisselen is geen betalen.", "A new account often had no time yet. Redeeming is not paying."},
		"",
	},
}

// pressureNone and pressurePassed are the sentences where nowhere more lies, and
// where all pass on more than half.
var (
	pressureNone = Text{
		"In de laatste week of maand ({span}) lag er bij geen van de {all} winkels met geld meer dan ervoor.",
		"In the last week or month ({span}) more lay at none of the {all} shops with money than before.",
	}
	pressurePassed = Text{
		"In de laatste week of maand ({span}) lag er bij {more} van de {all} winkels met geld meer dan ervoor. Overal daar ging meer dan de helft verder.",
		"In the last week or month ({span}) more lay at {more} of the {all} shops with money than before. At all of these more than half went on.",
	}
)

// pressureShort is the sentence of a period in which nothing can be compared.
var pressureShort = Text{
	"Deze periode heeft geen twee weken of maanden om te vergelijken.",
	"This period has no two weeks or months to compare.",
}

// rowTexts are the names of rows, by their keys; {n} is a number.
var rowTexts = map[string]Text{
	"hop_": {"{n}e keer", "transaction {n}"}, "returned": {"terug bij wie het al had", "back where it had been"},
	"same_day": {"tweede keer op één dag", "a second time on one day"}, "convertible": {"met inwisselbaar geld", "convertible money"},
	"life_": {"{n} keer geteld", "counted {n} times"}, "exit_": {"{n} keer geteld", "counted {n} times"},
	"by_hops": {"inwisselbaar door betalen", "convertible by being paid"}, "by_age": {"inwisselbaar door leeftijd", "convertible by age"},
	"span_0": {"korter dan een dag", "less than a day"}, "span_1": {"1 tot 7 dagen", "1 to 7 days"}, "span_2": {"7 tot 30 dagen", "7 to 30 days"},
	"span_3": {"30 tot 90 dagen", "30 to 90 days"}, "span_4": {"90 tot 180 dagen", "90 to 180 days"},
	"span_5": {"180 tot 365 dagen", "180 to 365 days"}, "span_6": {"365 dagen of langer", "365 days or more"},
	"lag_0": {"korter dan een dag", "less than a day"}, "lag_1": {"1 tot 2 dagen", "1 to 2 days"}, "lag_2": {"2 tot 3 dagen", "2 to 3 days"},
	"lag_3": {"3 tot 6 dagen", "3 to 6 days"}, "lag_4": {"6 tot 11 dagen", "6 to 11 days"}, "lag_5": {"11 dagen of langer", "11 days or more"},
	"passed_0": {"gaf minder dan 25 % door", "passed on less than 25 %"}, "passed_25": {"25 tot 50 %", "25 to 50 %"},
	"passed_50": {"50 tot 75 %", "50 to 75 %"}, "passed_75": {"75 tot 100 %", "75 to 100 %"}, "passed_100": {"100 % of meer", "100 % or more"},
	"resident": {"bewoners", "residents"}, "merchant": {"winkels", "shops"},
	"at_start": {"had men al", "held before"}, "bought": {"nieuw gemaakt", "issued"}, "from_fund": {"uit het wijkfonds", "from the fund"},
	"given_back": {"teruggegeven: niet ingewisseld", "given back: not redeemed"},
	"to_euro":    {"naar euro's", "to euros"}, "melted": {"gesmolten: naar het wijkfonds", "melted: to the fund"}, "at_end": {"nog in handen", "still held"},
}

// caveats say what a figure does not show, by the key of its line, where its
// definition does not.
var caveats = map[string]Text{
	"velocity_income":  {"Dit is niet de waarde die in de wijk ontstaat: de inkoop van winkels is er niet af. Een winkel die zijn geld doorgeeft, telt de verkoop van een ander mee.", "This is not the value added in the neighbourhood: what shops bought is not taken off. A shop that passes its money on adds to the sales of another."},
	"inverse_velocity": {"Alleen wat is betaald telt. Geld dat al die tijd bleef liggen, telt niet: dan lijkt het sneller dan het is.", "Only what was paid counts. Money that lay all the time does not: so it seems faster than it is."},
	"effective_share":  {"Als veel oud geld ineens wordt betaald, kan het meer dan 100 % zijn.", "When much old money is paid at once it may be more than 100 %."},
	"moved_share":      {"Van geld dat door zijn leeftijd rijp is, is dit niet bekend: dat telt aan geen van beide kanten. Het zegt niet wanneer er is betaald.", "Of money that ripened by its age this is not known: it is on neither side. It does not say when it was paid."},
	"lm3":              {"Dit is de LM3 van de munt, niet die van een onderzoek naar euro's. Wat iemand terugkrijgt, of twee keer op een dag, telt niet: daardoor is het te laag. In een korte tijd is het geld nog niet uitgegeven.", "This is the LM3 of the coin, not that of a survey of euros. What comes back to somebody, or moves twice on a day, does not count: so it is too low. In a short time the money has not been spent yet."},
	"pass_on":          {"Geld dat nog ligt, telt niet mee.", "Money that still lies does not count."},
	"leakage":          {"Dit is niet behaald: het is een aanname. Wat wel is behaald, staat bij 'Behaalde vermenigvuldiging'.", "This was not achieved: it is an assumption. What was achieved stands at 'Realised multiplier'."},
	"demurrage_yield":  {"Het zegt niet dat geld hierdoor sneller gaat.", "It does not say that money goes faster for it."},
}
