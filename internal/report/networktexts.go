package report

// networkTexts are the words of the tables about who pays whom, by the key of a
// table or of a row.
var networkTexts = map[string]wording{
	"network": {
		formula: "max Σ c, 0 ≤ c ≤ w, Σ in = Σ out; / V",
		label:   Text{"Gaat het geld rond?", "Does the money go round?"},
		definition: Text{
			"Alle betalingen van de periode zijn opgeteld, per betaler en ontvanger. Dan is gezocht wat daarvan het meeste in rondjes past. In een rondje komt het geld terug bij wie betaalde. De rest kan alleen één kant op zijn gegaan. De volgorde van de betalingen maakt niets uit. Kringen van 2, 3, 4 en 5 zijn er een voor een af gehaald. De kortste eerst, en bij gelijke lengte op nummer in het grootboek. Een andere volgorde geeft voor 3, 4 en 5 een ander getal. De kern is de grootste groep waarin geld van ieder bij ieder kan komen.",
			"All payments of the period are added up by payer and receiver. Then the most of them is found that fits into loops. In a loop the money comes back to who paid. The rest can only have gone one way. The order of the payments does not matter. Cycles of 2, 3, 4 and 5 were taken off one by one: the shortest first, and of one length by number in the ledger. Another order gives another number for 3, 4 and 5. The core is the largest group in which money can get from each to each.",
		},
	},
	"network.sentence": {label: Text{
		"Van elke 100 {coin} die betaald is, kan hoogstens {share} rond zijn gegaan.",
		"Of every 100 {coin} paid, at most {share} can have gone round.",
	}},
	"network.caveat": {label: Text{
		"Het telt bedragen en geen munten: dat dezelfde {coin} terugkwam, staat hier niet. Het is het meeste dat kan. De regels overlappen en tellen niet op. Wie spaart of inwisselt, breekt de kring. Dat is niet altijd slecht: een winkel kan de euro's in de wijk uitgeven.",
		"It counts amounts and no coins: it does not say that the same {coin} came back. It is the most that is possible. The rows overlap and do not add up. Who saves or redeems breaks the loop. That is not always bad: a shop may spend the euros in the neighbourhood.",
	}},
	"circulating": {label: Text{"past in rondjes (grootste kringloop)", "fits into loops (largest circulation)"}},
	"one_way":     {label: Text{"kan alleen één kant op", "can only have gone one way"}},
	"imbalance":   {label: Text{"bleef bij wie meer kreeg dan betaalde", "stayed with who got more than they paid"}},
	"mutual":      {label: Text{"over en weer tussen twee", "both ways between two"}},
	"cycles":      {label: Text{"kringen van {n}", "cycles of {n}"}},
	"core":        {label: Text{"betaald binnen de kern", "paid inside the core"}},

	"network_shape": {
		label: Text{"Wie is met wie verbonden?", "Who is connected with whom?"},
		definition: Text{
			"Een paar is een betaler en een ontvanger, hoe vaak er ook betaald is. Over en weer: er ging ook geld terug. De kern is de grootste groep waarin geld van ieder bij ieder kan komen. Samenhang: onder 0 betalen mensen met weinig adressen vooral aan wie er veel heeft, zoals winkels.",
			"A pair is a payer and a receiver, however often was paid. Both ways: money went back, too. The core is the largest group in which money can get from each to each. Correlation: below 0, those with few partners pay mostly those with many, such as shops. (Pearson, over both ends of each pair.)",
		},
	},
	"network_shape.sentence": {label: Text{
		"{share} % van wie meedeed hoort bij de kern: geld kan daar van ieder bij ieder komen.",
		"{share} % of those who took part are in the core: money can get from each to each.",
	}},
	"network_shape.caveat": {label: Text{
		"Dat geld van ieder bij ieder kan komen, betekent niet dat het gebeurt. Eén kleine betaling telt net zo zwaar als een grote.",
		"That money can get from each to each does not mean that it does. One small payment counts as much as a large one.",
	}},
	"nodes":        {label: Text{"mensen en winkels die meededen", "people and shops that took part"}},
	"core_nodes":   {label: Text{"daarvan in de kern", "of them in the core"}},
	"edges":        {label: Text{"paren van betaler en ontvanger", "pairs of payer and receiver"}},
	"mutual_edges": {label: Text{"daarvan over en weer", "of them both ways"}},
	"partners":     {label: Text{"samenhang van aantallen adressen", "correlation of numbers of partners"}},

	"concentration": {
		formula: "HHI = Σ s²",
		label:   Text{"Bij hoe weinig komt het terecht?", "In how few hands does it end?"},
		definition: Text{
			"Wat ieder kreeg, gedeeld door wat allen kregen. Dat deel van de grootste, van de grootste drie, en alle delen in het kwadraat opgeteld (HHI). De HHI is 1 als één alles krijgt. Bij tien die evenveel krijgen is hij 0,1.",
			"What each got, divided by what all got: for the largest, for the largest three, and the squares of all shares added up (HHI). The HHI is 1 when a single one gets everything, and 0.1 for ten who get the same.",
		},
	},
	"concentration.sentence": {label: Text{
		"De drie winkels die het meeste kregen, kregen {share} % van wat bij winkels kwam.",
		"The three shops that got most got {share} % of what came to shops.",
	}},
	"concentration.caveat": {label: Text{
		"Een zaak die veel krijgt, kan ook de zaak zijn waar iedereen komt. Het zegt niets over winst of over omzet in euro's. Cijfers over één of drie zaken zijn niet om te publiceren.",
		"A business that gets much may be the one that everybody visits. It says nothing about profit or turnover in euros. Figures about one or three businesses are not for publishing.",
	}},
	"to_everybody": {label: Text{"alle ontvangers", "all receivers"}},
	"to_shops":     {label: Text{"winkels", "shops"}},

	"gini": {
		formula: "G = 2·Σ i·x(i) / (n·Σ x) − (n+1)/n",
		label:   Text{"Hoe ongelijk is het verdeeld?", "How unequal is it?"},
		definition: Text{
			"De Gini is 0 als ieder evenveel heeft en bijna 1 als één alles heeft. Erbij staat altijd wie zijn geteld: wie niets kreeg weegt zwaar. Wat iemand heeft, is wat er aan het eind van {to} op al zijn rekeningen samen staat. Wie minder dan een cent heeft, telt daarbij niet mee.",
			"The Gini is 0 when all have the same and nearly 1 when a single one has everything. It says each time who is counted: those who got nothing weigh heavily. What somebody holds is what lies on all of their accounts together at the end of {to}. Who has less than a cent is not counted there.",
		},
	},
	"gini.sentence": {label: Text{
		"Tussen winkels is de Gini van wat zij kregen {gini}: 0 is gelijk, 1 is alles bij één.",
		"Among shops the Gini of what they got is {gini}: 0 is equal, 1 is everything with one.",
	}},
	"gini.caveat": {label: Text{
		"Dit is geen maat voor arm en rijk: euro's tellen niet mee. Wie vlak voor de laatste dag geld kocht, heeft die dag veel. Bij weinig winkels zegt het deel van de grootste meer. Vergelijk alleen dezelfde regel van een andere periode.",
		"This does not measure poor and rich: euros are not in it. Who bought coins just before the last day holds much on it. With few shops the share of the largest says more. Compare only the same row of another period.",
	}},
	"received_all":   {label: Text{"gekregen, van allen die meededen", "received, of all who took part"}},
	"received":       {label: Text{"gekregen, van wie iets kreeg", "received, of those who got something"}},
	"received_shops": {label: Text{"gekregen, van winkels die iets kregen", "received, of shops that got something"}},
	"paid":           {label: Text{"betaald, van wie iets betaalde", "paid, of those who paid something"}},
	"held":           {label: Text{"in handen op de laatste dag, van wie iets heeft", "held on the last day, of those who hold something"}},
	"held_residents": {label: Text{"in handen op de laatste dag, van bewoners die iets hebben", "held on the last day, of residents who hold something"}},
	"held_shops":     {label: Text{"in handen op de laatste dag, van winkels die iets hebben", "held on the last day, of shops that hold something"}},
	"paid_residents": {label: Text{"betaald, van bewoners die iets betaalden", "paid, of residents who paid something"}},

	"sectors": {
		label: Text{"Geld per soort zaak", "Money by kind of business"},
		definition: Text{
			"Elke winkel zegt zelf wat voor zaak het is. Gekregen: alle betalingen aan deze zaken, zonder wat terug is gegeven. Betaald: wat deze zaken zelf in {coin} betaalden, aan bewoners of aan andere zaken.",
			"Each shop says itself what kind of business it is. Received: all payments to these businesses, without what was given back. Paid: what these businesses themselves paid in {coin}, to residents or to other businesses.",
		},
	},
	"sectors.sentence": {label: Text{
		"Van elke 100 {coin} die winkels kregen, kwam {share} van een andere winkel.",
		"Of every 100 {coin} that shops got, {share} came from another shop.",
	}},
	"sectors.caveat": {label: Text{
		"De soort is die van vandaag, ook voor vroeger. Wat winkels in euro's kopen staat hier niet in. Gekregen geld hoeft nog niet te zijn uitgegeven.",
		"The kind is that of today, for earlier days, too. What shops buy in euros is not in it. Money received may not have been spent yet.",
	}},
	"sector_flow": {
		formula: "V = Σ w",
		label:   Text{"Van wie naar wie", "From whom to whom"},
		definition: Text{
			"De betalingen van de periode, opgeteld per groep van de betaler en groep van de ontvanger. Bewoners zijn één groep, elke soort zaak is er een. Alle stromen samen zijn het hele bedrag V.",
			"The payments of the period, added up by the payer's group and the receiver's. Residents are one group, each kind of business is one. All flows together are the whole volume V.",
		},
	},
	"sector_flow.sentence": {label: Text{
		"Van elke 100 {coin} die betaald is, ging {share} naar winkels.",
		"Of every 100 {coin} paid, {share} went to shops.",
	}},
	"sector_flow.caveat": {label: Text{
		"Dit zijn de betalingen zelf. Of het geld later verder ging, staat bij de rondjes. Wat niet gezegd is, telt als eigen groep.",
		"These are the payments themselves. Whether the money went further later is told with the loops. Kinds that were not told are a group of their own.",
	}},

	"retention": {
		label: Text{"Blijven mensen meedoen?", "Do people go on?"},
		definition: Text{
			"Meedoen is betalen of betaald worden, minstens één keer. Van wie in een maand meedeed, is geteld wie dat na 1, 3, 6 en 12 maanden weer deed. Alleen hele maanden tellen. Wat in dezelfde maand is teruggegeven, telt niet. Is de periode korter, dan zijn de twee helften vergeleken.",
			"Taking part is paying or being paid, at least once. Of those who took part in a month it is counted who did so again after 1, 3, 6 and 12 months. Whole months only count. What was given back in the same month does not. When the period is shorter, its two halves are compared.",
		},
	},
	"retention.months": {label: Text{
		"Van elke 100 die in een maand meededen, deden er {share} de maand daarna weer mee.",
		"Of every 100 who took part in a month, {share} did so in the next month again.",
	}},
	"retention.halves": {label: Text{
		"Van elke 100 die in de eerste helft meededen, deden er {share} in de tweede weer mee.",
		"Of every 100 who took part in the first half, {share} did so in the second again.",
	}},
	"retention.months.next": {label: Text{"weer na 1 maand", "again after 1 month"}},
	"retention.halves.next": {label: Text{"weer in de tweede helft", "again in the second half"}},
	"retention.caveat": {label: Text{
		"Wie niet terugkwam, kan verhuisd zijn, of een maand niets nodig hebben gehad. Wie nooit meedeed, staat hier niet. Eén kleine betaling is genoeg om mee te tellen.",
		"Who did not come back may have moved, or needed nothing for a month. Who never took part is not here. One small payment is enough to count.",
	}},
}

// networkWording puts the words of a table about who pays whom together.
func networkWording(key string) tableWording {
	w := networkTexts[key]
	return tableWording{w.label, networkTexts[key+".sentence"].label, w.definition, networkTexts[key+".caveat"].label, w.formula}
}
