package circulation

import "grulden/internal/report"

// wording is what stands beside a figure: what it is, how it is reckoned, and
// what it does not show.
type wording struct {
	label, definition, caveat report.Text
	formula                   string
}

func text(nl, en string) report.Text { return report.Text{NL: nl, EN: en} }

// caveats that stand at more than one figure.
var (
	byRule = text(
		"Een lijst zegt niet welke munten iemand gaf. Met een andere regel is dit getal anders, soms veel anders.",
		"A list does not say which coins somebody gave. Under another rule this number is another, sometimes much so.",
	)
	noForecast = text(
		"Dit is niet bereikt. Het zegt waar het heen zou gaan als alles altijd zo bleef.",
		"This was not achieved. It says where things would go if all stayed like this for ever.",
	)
	persons = text(
		"Bij weinig deelnemers zegt dit iets over één persoon of winkel. Maak het dan niet openbaar.",
		"With few users this tells about one person or shop. Do not publish it then.",
	)
	oneWindow = text(
		"In een korte tijd is er minder kans om rond te gaan. Vergelijk alleen even lange tijden.",
		"In a short time there is less chance to go round. Compare only windows of one length.",
	)
)

// texts are the words of figures that need no rule and of those that do, by key.
var texts = map[string]wording{
	"days": {
		label:      text("Tijd", "Window"),
		definition: text("De dagen waar de cijfers over gaan.", "The days that the figures are about."),
		formula:    "T",
	},
	"rows": {
		label:      text("Regels gelezen", "Rows looked at"),
		definition: text("Tot het eind van deze tijd, ook van voor het begin.", "Until the end of the window, those before its begin too."),
	},
	"dropped_self": {
		label:      text("Regels aan zichzelf", "Rows from an account to itself"),
		definition: text("Deze tellen niet mee.", "They are dropped."),
	},
	"dropped_undone": {
		label:      text("Regels die een andere regel terugdraaien", "Rows that undo another"),
		definition: text("Deze tellen niet mee, en wat ze terugdraaien ook niet.", "They are dropped, and so is what they undo."),
	},
	"accounts": {
		label:      text("Rekeningen", "Accounts"),
		definition: text("Van gebruikers, tot het eind van deze tijd. Ook wie nu niets heeft.", "Of users, until the end of the window. Those who have nothing, too."),
	},
	"active": {
		label:      text("Actieve rekeningen", "Active accounts"),
		definition: text("Gebruikers die in deze tijd iets betaalden of kregen van een ander.", "Users who paid another or got something from one in the window."),
	},
	"issued": {
		label:      text("Nieuw gemaakt", "Issued"),
		definition: text("Nieuw geld voor gebruikers.", "New money for users."),
		formula:    "I",
	},
	"redeemed": {
		label:      text("Ingewisseld", "Redeemed"),
		definition: text("Geld dat gebruikers inwisselden.", "Money that users turned into euros or other money."),
		caveat:     text("Dat is niet altijd weg uit de wijk: wie inwisselt kan het geld daar uitgeven.", "It is not always gone from the neighbourhood: it may be spent there."),
		formula:    "R",
	},
	"demurrage": {
		label:      text("Gesmolten", "Demurrage"),
		definition: text("Wat van tegoeden af ging. Het is geen betaling.", "What was taken from balances. It is no payment."),
		formula:    "D",
	},
	"system_in": {
		label:      text("Van systeemrekeningen", "From system accounts"),
		definition: text("Wat een fonds of kas aan gebruikers gaf. Het telt niet als nieuw gemaakt en niet als betaling.", "What a fund or a treasury gave to users. It counts neither as issued nor as a payment."),
	},
	"system_out": {
		label:      text("Naar systeemrekeningen", "To system accounts"),
		definition: text("Wat gebruikers aan een fonds of kas betaalden.", "What users paid to a fund or a treasury."),
	},
	"opening": {
		label:      text("Wat er al was", "Had before"),
		definition: text("Wat gebruikers minstens hadden voor de lijst begint: zo veel dat niemand onder nul komt.", "What users had at least before the list begins: as much as it takes for nobody to go below nought."),
		caveat:     text("Wie niets uitgaf kan meer hebben gehad. Dan is er meer in omloop dan hier staat.", "Who spent nothing may have had more. Then there is more in circulation than stands here."),
	},
	"outstanding": {
		label:      text("In omloop aan het eind", "In circulation at the end"),
		definition: text("Wat alle gebruikers samen hebben.", "What all users have together."),
	},
	"M_avg": {
		label:      text("Gemiddeld in omloop", "In circulation on average"),
		definition: text("Wat alle gebruikers samen hadden, gemiddeld over elk moment van deze tijd.", "What all users had together, on average over every moment of the window."),
		formula:    "M",
	},
	"volume": {
		label:      text("Betaald", "Volume"),
		definition: text("Alle betalingen tussen twee gebruikers, zonder wat is teruggedraaid.", "All payments between two users, less what was undone."),
		formula:    "V",
	},
	"payments": {
		label:      text("Betalingen", "Payments"),
		definition: text("Waar dat uit bestaat.", "That the volume is made of."),
	},
	"V_period": {
		label:      text("Omloopsnelheid in deze tijd", "Velocity in the window"),
		definition: text("Hoe vaak een munt in deze tijd van hand ging, gemiddeld.", "How often a coin changed hands in the window, on average."),
		caveat:     text("Dit is betaald gedeeld door aanwezig geld. Vergelijk het niet met inkomen gedeeld door geld (zoals bbp / M1). Een gemiddelde zegt niet hoeveel geld stil ligt.", "This is turnover by stock. Do not compare it with income by stock (such as GDP / M1). An average does not tell how much lies still."),
		formula:    "V / M",
	},
	"V_year": {
		label:      text("Omloopsnelheid per jaar", "Velocity a year"),
		definition: text("Hetzelfde, omgerekend naar 365 dagen.", "The same, for 365 days."),
		caveat:     text("Een korte tijd zegt weinig over een heel jaar.", "A short window tells little about a whole year."),
		formula:    "V / (M·T) × 365",
	},
	"income_volume": {
		label:      text("Verkoop aan wie het gebruikt", "Final sales"),
		definition: text("Betalingen die de lijst zo noemt.", "Payments that the list calls so."),
		formula:    "Y",
	},
	"income_velocity_period": {
		label:      text("Verkoop per munt in deze tijd", "Income velocity in the window"),
		definition: text("Hoe vaak een munt in deze tijd voor een verkoop diende, gemiddeld.", "How often a coin served for a final sale in the window, on average."),
		caveat:     text("Het hangt af van wat in de lijst verkoop heet.", "It depends on what the list calls a sale."),
		formula:    "Y / M",
	},
	"income_velocity_year": {
		label:      text("Verkoop per munt per jaar", "Income velocity a year"),
		definition: text("Hetzelfde, omgerekend naar 365 dagen.", "The same, for 365 days."),
		formula:    "Y / (M·T) × 365",
	},
	"realised_multiplier": {
		label:      text("Wat een nieuwe munt deed", "Realised multiplier"),
		definition: text("Nieuw gemaakt en betaald samen, gedeeld door nieuw gemaakt. Gezien, niet geschat.", "Issued and paid together, divided by issued. Seen, not estimated."),
		caveat:     text("Het groeit met de tijd. Wat in deze tijd betaald is kan eerder gemaakt zijn.", "It grows with time. What was paid in the window may have been issued before."),
		formula:    "1 + V / I",
	},
	"vol_per_issued": {
		label:      text("Betaald per nieuwe munt", "Volume per coin issued"),
		definition: text("Betaald, gedeeld door nieuw gemaakt.", "Volume, divided by issued."),
		caveat:     oneWindow,
		formula:    "V / I",
	},
	"retention_end": {
		label:      text("Nog in omloop", "Still in circulation"),
		definition: text("Van alles wat sinds het begin van de lijst is gemaakt: het deel dat gebruikers nu hebben.", "Of all that was issued since the list begins: the share that users have now."),
		caveat:     text("Geld dat er ligt gaat nog niet rond. Wat uit een fonds kwam of er al was telt wel boven en niet onder de streep.", "Money that is there does not go round yet. What a fund gave or what was there before counts above the line and not below."),
		formula:    "M(end) / I(all)",
	},
	"demurrage_yield": {
		label:      text("Deel gesmolten", "Demurrage yield"),
		definition: text("Gesmolten in deze tijd, als deel van wat er gemiddeld was.", "Demurrage in the window, as a share of what there was on average."),
		caveat:     text("Het zegt niet dat geld daardoor sneller gaat.", "It does not say that money goes faster for it."),
		formula:    "D / M",
	},
	"forwarding_r": {
		label:      text("Deel doorgegeven", "Share handed on"),
		definition: text("Betaald aan gebruikers, als deel van alles wat gebruikers weggaven. Inwisselen, smelten en wat een fonds kreeg tellen als weg.", "Paid to users, as a share of all that users gave away. Redeeming, demurrage and what a fund got count as gone."),
		caveat:     text("Wat nog ligt telt niet: dat kan nog weggaan.", "What still lies does not count: it may yet go."),
		formula:    "r = V / (V + R + D)",
	},
	"leak_multiplier": {
		label:      text("Model: als het altijd zo bleef", "Model: leakage multiplier"),
		definition: text("Wat een nieuwe munt in al zijn stappen samen doet voor hij weg is, als elke keer hetzelfde deel wordt doorgegeven.", "What a coin comes to before it is gone, if each time the same share is handed on."),
		caveat:     noForecast,
		formula:    "k = 1 / (1 − r)",
	},
	"redeem_multiplier": {
		label:      text("Model: alleen inwisselen is weg", "Model: only redeeming is leakage"),
		definition: text("Hetzelfde, maar smelten en wat een fonds kreeg tellen niet als weg: dat geld blijft in de wijk.", "The same, but demurrage and what a fund got do not count as gone: they stay in the neighbourhood."),
		caveat:     noForecast,
		formula:    "1 + V / R",
	},
	"pass_on_share": {
		label:      text("Deel van ontvangst doorgegeven", "Share of receipts passed on"),
		definition: text("Wat van de ontvangst niet is ingewisseld. Zo rekent de Chiemgauer.", "What of receipts was not redeemed. The Chiemgauer reckons like this."),
		caveat:     text("Dit is een ander deel dan r: vergelijk alleen gelijk met gelijk.", "This is another share than r: compare like with like."),
		formula:    "r′ = 1 − R / V",
	},
	"pass_on_multiplier": {
		label:      text("Model van de Chiemgauer", "Model as the Chiemgauer has it"),
		definition: text("Betaald, gedeeld door ingewisseld. Het is een minder dan 1 + V / R.", "Volume, divided by redeemed. It is one less than 1 + V / R."),
		caveat:     noForecast,
		formula:    "V / R",
	},
	"six_rounds": {
		label:      text("Model: zes keer betaald", "Model: six rounds"),
		definition: text("Wat een munt in zes stappen samen is, als elke stap het deel r doorgeeft.", "What a coin comes to in six rounds, if each round hands on the share r."),
		caveat:     noForecast,
		formula:    "1 + r + r² + … + r⁵",
	},
	"user_retention": {
		label:      text("Gebruikers die bleven", "Users who came back"),
		definition: text("Van wie in de eerste helft van deze tijd actief was: het deel dat dat in de tweede helft ook was.", "Of those active in the first half of the window: the share that was active in the second half, too."),
		caveat:     persons,
	},
	"gini_balance": {
		label:      text("Ongelijkheid van tegoeden", "Gini of balances"),
		definition: text("Nul: iedereen heeft evenveel. Bijna een: één heeft alles. Van alle rekeningen, ook de lege.", "Nought: all have the same. Nearly one: one has everything. Of all accounts, empty ones too."),
		caveat:     text("Een tegoed is geen rijkdom. Lege rekeningen maken het getal hoger.", "A balance is no wealth. Empty accounts raise the number."),
	},
	"gini_held": {
		label:      text("Ongelijkheid van wie iets heeft", "Gini of those who hold something"),
		definition: text("Hetzelfde, van rekeningen met een honderdste munt of meer aan het eind.", "The same, of accounts with a hundredth of a coin or more at the end."),
		caveat:     text("Een tegoed is geen rijkdom. Wie niets heeft, telt hier niet mee.", "A balance is no wealth. Those who hold nothing are not counted here."),
	},
	"gini_income": {
		label:      text("Ongelijkheid van ontvangst", "Gini of receipts"),
		definition: text("Hetzelfde, van wat elke rekening in betalingen kreeg.", "The same, of what each account got in payments."),
		caveat:     text("Winkels krijgen meer dan bewoners; dat is de bedoeling.", "Shops get more than residents; that is intended."),
	},
	"edges": {
		label:      text("Paren", "Pairs"),
		definition: text("Wie wie betaalde: paren van betaler en ontvanger.", "Who paid whom: pairs of payer and receiver."),
		caveat:     persons,
	},
	"nodes": {
		label:      text("Rekeningen in het net", "Accounts in the network"),
		definition: text("Die een ander betaalden of door een ander betaald zijn.", "That paid another or were paid by one."),
	},
	"recip_binary": {
		label:      text("Paren die elkaar betalen", "Reciprocity of pairs"),
		definition: text("Het deel van de paren dat ook andersom bestaat.", "The share of the pairs that exist the other way, too."),
		caveat:     oneWindow,
	},
	"recip_weighted": {
		label:      text("Heen en terug betaald", "Reciprocity by volume"),
		definition: text("Het deel van het bedrag dat twee aan elkaar betaalden, heen en terug.", "The share of the volume that two paid each other, there and back."),
		caveat:     oneWindow,
		formula:    "Σ min(w_ij, w_ji) / V",
	},
	"scc_largest_nodes": {
		label:      text("Grootste kern", "Largest strongly connected part"),
		definition: text("Zo veel rekeningen kunnen elkaar allemaal bereiken, betaling na betaling.", "So many accounts can all reach each other, payment after payment."),
		caveat:     text("Dat het geld rond kan gaan, zegt nog niet dat het rond gaat.", "That money can go round does not say that it does."),
	},
	"scc_largest_node_share": {
		label:      text("Deel van de rekeningen in de kern", "Share of accounts in it"),
		definition: text("Als deel van alle rekeningen in het net.", "As a share of all accounts in the network."),
	},
	"vol_inside_largest_scc": {
		label:      text("Deel betaald in de kern", "Share of volume in it"),
		definition: text("Betalingen tussen twee rekeningen van de kern, als deel van alle betalingen.", "Payments between two accounts of that part, as a share of the volume."),
		caveat:     text("Nodig om rond te gaan, maar niet genoeg.", "Necessary for going round, not sufficient."),
	},
	"vol_inside_any_scc": {
		label:      text("Kan terug zijn gekomen", "Share that could come back"),
		definition: text("Betalingen tussen twee rekeningen die elkaar kunnen bereiken, als deel van alle betalingen.", "Payments between two accounts that can reach each other, as a share of the volume."),
		caveat:     text("Nodig om rond te gaan, maar niet genoeg.", "Necessary for going round, not sufficient."),
	},
	"max_circular_share": {
		label:      text("Kan hooguit rond zijn gegaan", "Maximum circulation share"),
		definition: text("Het grootste deel van de betalingen dat als gesloten rondjes te lezen is. Het hangt van geen volgorde af.", "The largest share of the volume that can be read as closed loops. It depends on no order."),
		caveat:     text("Het zegt niet dat dezelfde munten rond gingen.", "It does not say that the same coins went round."),
	},
	"net_imbalance_share": {
		label:      text("Blijft hangen", "Net imbalance"),
		definition: text("Wat ontvangers meer kregen dan gaven, als deel van alle betalingen.", "What receivers got more than they gave, as a share of the volume."),
		caveat:     oneWindow,
	},
	"cycle_share_le5": {
		label:      text("In rondjes van twee tot vijf", "In cycles of two to five"),
		definition: text("Rondjes worden er één voor één af gehaald: de kortste eerst, dan op volgorde van de rekeningen in de lijst.", "Cycles are taken off one by one: the shortest first, then in the order of accounts in the list."),
		caveat:     text("Een andere volgorde geeft een ander getal.", "Another order gives another number."),
	},
	"cycle_vol": {
		label:      text("In rondjes van %s", "In cycles of %s"),
		definition: text("Bedrag in rondjes van deze lengte, in die volgorde.", "Volume in cycles of this length, in that order."),
	},
	"assortativity": {
		label:      text("Zoekt druk elkaar op?", "Degree assortativity"),
		definition: text("Of rekeningen met veel partners vooral elkaar betalen (1) of juist rekeningen met weinig (−1).", "Whether accounts with many partners pay each other (1) or those with few (−1)."),
	},
	"largest_receiver": {
		label:      text("Grootste ontvanger", "Largest receiver"),
		definition: text("Het deel van de betalingen dat één rekening kreeg.", "The share of the volume that one account got."),
		caveat:     persons,
	},
	"three_largest_receivers": {
		label:      text("Drie grootste ontvangers", "Three largest receivers"),
		definition: text("Het deel dat drie rekeningen samen kregen.", "The share that three accounts got together."),
		caveat:     persons,
	},
	"hhi_receipts": {
		label:      text("Hoe verdeeld is de ontvangst", "Concentration of receipts (HHI)"),
		definition: text("De som van de kwadraten van de delen: bijna nul is verdeeld, een is alles bij één.", "The sum of the squared shares: nearly nought is spread, one is all with one."),
		caveat:     persons,
	},

	"mean_hold_days": {
		label:      text("Lag bij de betaler", "Holding time, mean"),
		definition: text("Hoe lang geld bij iemand lag voor hij ermee betaalde.", "How long money lay at its payer before it was paid."),
		caveat:     text("Geld dat nog ligt of is ingewisseld telt niet mee. Met een andere regel is dit getal anders.", "Money that still lies or was redeemed does not count. Under another rule this number is another."),
		formula:    "h = Σ amount·days / V",
	},
	"med_hold": {
		label:      text("Lag bij de betaler, middelste", "Holding time, median"),
		definition: text("De helft van het bedrag lag niet langer dan dit.", "Half of the volume lay no longer than this."),
		caveat:     text("Bij de gemengde regel en een lange lijst is dit niet te doen; dan staat hier niets.", "Under the mixed rule a long list is too much for it; then nothing stands here."),
	},
	"V_inv_period": {
		label:      text("Omloopsnelheid uit de ligtijd", "Inverse velocity"),
		definition: text("De hele tijd, gedeeld door hoe lang geld lag.", "The window, divided by the holding time."),
		caveat:     text("Het gaat alleen over geld dat bewoog, en is meestal hoger dan de gewone omloopsnelheid.", "It is about money that moved only, and mostly above the ordinary velocity."),
		formula:    "T / h",
	},
	"M_eff": {
		label:      text("Geld dat werkte", "Effective balance"),
		definition: text("Zo veel munten zouden al deze betalingen kunnen doen als er geen stil lag.", "So many coins could make all these payments if none lay still."),
		caveat:     byRule,
		formula:    "V·h / T",
	},
	"M_eff_frac": {
		label:      text("Deel dat werkte", "Share of the stock that is effective"),
		definition: text("Als deel van wat er gemiddeld in omloop was.", "As a share of what was in circulation on average."),
		caveat:     text("Oud geld dat gaat bewegen kan dit boven de 100 brengen.", "Old money that begins to move can bring this above 100."),
		formula:    "V·h / (M·T)",
	},
	"LM3": {
		label:      text("LM3 van de munt", "LM3 of the coin"),
		definition: text("Nieuw gemaakt, plus een eerste en een tweede keer betaald, gedeeld door nieuw gemaakt.", "Issued, plus paid a first and a second time, divided by issued."),
		caveat:     text("Alleen van deze munt: wat mensen in euro's uitgeven staat er niet in. Vergelijk het niet met een LM3 uit een vragenlijst. Hoe korter de tijd, hoe lager het getal.", "Of this coin only: what people spend in euros is not in it. Do not compare it with an LM3 from a survey. The shorter the window, the lower the number."),
		formula:    "(I + H1 + H2) / I",
	},
	"hop_volume": {
		label:      text("Betaald, keer %s", "Volume, transfer %s"),
		definition: text("Bedrag dat voor de zoveelste keer van hand ging sinds het gemaakt is.", "Value making its transfer of this number since it was issued."),
		caveat:     text("Heen en weer tussen twee telt ook. Met een andere regel is dit getal anders.", "To and fro between two counts too. Under another rule this number is another."),
	},
	"exit_hops": {
		label:      text("Weg na %s keer", "Gone after %s transfers"),
		definition: text("Wat gebruikers niet meer hebben (ingewisseld, gesmolten, naar een fonds), naar hoe vaak ermee was betaald.", "What users no longer have (redeemed, demurrage, to a fund), by how often it had been paid."),
		caveat:     byRule,
	},
	"mean_hops_exit": {
		label:      text("Hoe vaak betaald voor het weg was", "Mean transfers at exit"),
		definition: text("Gemiddeld over alles wat weg is.", "On average over all that is gone."),
		caveat:     byRule,
	},
	"mean_age_exit": {
		label:      text("Hoe oud toen het weg was", "Mean age at exit"),
		definition: text("Dagen sinds het gemaakt is, gemiddeld over alles wat weg is.", "Days since it was issued, on average over all that is gone."),
		caveat:     byRule,
	},
	"share_exit_ge5": {
		label:      text("Weg na vijf keer of meer", "Gone after five transfers or more"),
		definition: text("Als deel van alles wat weg is.", "As a share of all that is gone."),
		caveat:     byRule,
	},
	"exit_redeemed": {
		label:      text("Ingewisseld na %s keer", "Redeemed after %s transfers"),
		definition: text("Alleen wat is ingewisseld, naar hoe vaak ermee was betaald.", "What was redeemed only, by how often it had been paid."),
		caveat:     byRule,
	},
	"rest_hops": {
		label:      text("In omloop na %s keer", "Held after %s transfers"),
		definition: text("Wat gebruikers aan het eind hebben, naar hoe vaak ermee was betaald.", "What users have at the end, by how often it had been paid."),
		caveat:     byRule,
	},
	"share_rest_ge5": {
		label:      text("In omloop na vijf keer of meer", "Held after five transfers or more"),
		definition: text("Als deel van alles wat gebruikers aan het eind hebben.", "As a share of all that users have at the end."),
		caveat:     byRule,
	},
}
