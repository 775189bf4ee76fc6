package page

// whatIfStates are the states of the pages about other rules.
func (x sample) whatIfStates() map[string]View {
	form := WhatIfPage{
		Base: x.base,
		On: []WhatIfChoice{
			{Value: "history", Label: "Op ons eigen laatste jaar", Help: "Iedereen doet precies wat hij deed.", Here: true},
			{Value: "usual", Label: "Een verzonnen wijk", Help: "120 bewoners en 24 winkels met vaste gewoonten.", Start: "/whatif?start=usual#model"},
			{Value: "own", Label: "Op een wijk die u zelf verzint", Help: "Met uw eigen getallen, hieronder."},
		},
		Worlds: []WhatIfChoice{{Value: "1", Label: "1 keer", Here: true}, {Value: "30", Label: "30 keer. Dit kan een halve minuut duren."}},
		About:  []WhatIfChoice{{Value: "payments_per_week", Help: "Hoe vaak iemand per week wil betalen."}},
		Text:   "{\n  \"seed\": 1\n}",
		Rules: []WhatIfChoice{
			{Value: "three", Label: "Na 3 keer betalen kan het euro’s worden", Here: true},
			{Value: "newest", Label: "Het nieuwste geld gaat eerst", Help: "Dit kan een echte munt hier niet."},
		},
		Fields: []RuleField{
			{Name: "hops", Label: "field.hops", Value: "5"},
			{Name: "spending", Label: "field.spending", Help: "whatif.nolaw", Options: []RuleOption{{"melts-first", "order.melts-first", true}, {"newest-first", "order.newest-first", false}}},
		},
	}
	wrong := form
	wrong.Problem, wrong.Opened, wrong.OwnModel, wrong.Text = x.typed, true, true, x.typed
	seen := WhatIfSeenPage{
		Base: x.base, Lead: "Dit gebeurt in een verzonnen wijk, van 30 december 2024 tot en met 28 december 2025.",
		Caveats: []string{"Deze wijk is verzonnen. De mensen erin houden hun gewoonten, wat de regels ook zijn.", "Echte mensen doen iets anders: zij geven eerder uit wat smelt, of blijven weg."},
		First:   "De regels van nu", Same: "geen duidelijk verschil", Bold: "Dik: in 21 of meer van de 30 werelden is dit meer dan nu, of juist minder.", Chosen: []WhatIfChosen{{"on", "own"}, {"model", x.typed}},
		Assumed: []string{"50 bewoners (gebruikt het elke week): heeft iemand minder dan 25,00, dan laadt die 50,00 op. Zij kijken elke 7 dagen.", x.typed},
	}
	row := func(label, help, was string, would ...string) WhatIfRow {
		r := WhatIfRow{Label: label, Help: help, Cells: []WhatIfCell{{Name: seen.First, Value: was}}}
		for i, value := range would {
			r.Cells = append(r.Cells, WhatIfCell{
				Name: seen.Scenarios[i].Name, Value: value, Moved: value != was,
				Range: "38.120,00 tot 61.204,00", Count: "2× meer, 28× minder",
			})
		}
		return r
	}
	for _, name := range []string{"Na 3 keer betalen kan het euro’s worden", "Elke maand gaat er 1\u00a0% af", x.typed} {
		seen.Scenarios = append(seen.Scenarios, WhatIfScenario{
			Name:    name,
			Changes: []RuleLine{{Icon: "euro", Text: "Na 3 keer betalen van hand tot hand, of na 365 dagen, kan geld euro’s worden.", Was: "Na 5 keer betalen van hand tot hand, of na 365 dagen, kan geld euro’s worden."}},
			Told: []RuleChange{
				{What: "Euro’s in de reserve", Was: "59.848,00", Would: "44.360,00", More: true},
				{What: "In het wijkfonds", Was: "426,83", Would: "314,51", More: true},
				{What: "Betalingen die niet konden", Was: "787", Would: "787"},
			},
		})
	}
	rows := []WhatIfRow{
		row("Euro’s in de reserve (euro)", "Aan het einde. Zoveel euro’s moeten er op de bank staan.", "59.848,00", "44.360,00", "59.651,00", "60.867,00"),
		row("Hoe snel het geld rondgaat (keer per jaar)", "Samen betaald, gedeeld door gemiddeld in omloop.", "4,091", "4,554", "4,100", "4,091"),
	}
	seen.Tables = []WhatIfTable{{Title: "De hele wijk", Rows: rows}, {Title: "Bewoners die weinig betaalden en kregen (40)", Rows: rows}}
	return map[string]View{"whatif": form, "whatif wrong": wrong, "whatifseen": seen}
}
