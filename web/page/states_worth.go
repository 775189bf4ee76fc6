package page

// worthStates are the states of the page about what the coin cost and brought.
func (x sample) worthStates() map[string]View {
	facts := []WorthFact{{"Wie", x.typed}, {"Hoeveel", "500 (ten minste 400, ten hoogste 700)"}, {"Bron: hoe weet u dit", x.typed}}
	parts := []WorthPart{
		{ID: "head", Title: "Dit blad", Lines: []WorthLine{{Title: x.typed, Href: "/worth/line?part=head&line=0", Facts: []WorthFact{{"Van", "2026-01-01"}}}}},
		{ID: "stakeholders", Title: "Stap 1. Voor wie verandert er iets?", Help: "Alle groepen.", Add: "/worth/line?part=stakeholders"},
		{ID: "inputs", Title: "Wat ging erin?", Help: "Geld, uren en spullen.", Lines: []WorthLine{{Title: "1. " + x.typed, Href: "/worth/line?part=inputs&line=0", Facts: facts}, {Title: "2. Zaal", Href: "/worth/line?part=inputs&line=1", Facts: facts}}, Add: "/worth/line?part=inputs"},
	}
	tables := []WorthTable{{
		Title: "Welke aanname telt het meest?", Sentence: "De bovenste het meest.", Caveat: "Dit is niet gemeten.", Formula: "x × y", Columns: []string{"laag", "hoog"},
		Rows: []WorthRow{{Label: "1. " + x.typed + ": hoeveel", Cells: []string{"0,44", "0,87"}}},
	}}
	full := WorthPage{
		Base: x.base, Answer: "Volgens dit blad bracht elke euro die erin ging waarschijnlijk 0,65 euro op: ten minste 0,13 en ten hoogste 1,89.",
		Numbers:  []WorthNumber{{Label: "Laag", Value: "0,13"}, {Label: "Waarschijnlijk", Value: "0,65", Main: true}, {Label: "Hoog", Value: "1,89"}},
		Warnings: []WorthWarning{{Text: "Dit telt dubbel."}, {Where: x.typed, Text: "Er staat geen bron bij."}},
		Parts:    parts, Tables: tables, Formula: "Σ quantity × proxy × (1−deadweight) / (1+discount)^t, over Σ inputs",
		Saved: "Bewaard op 1 maart.", JSON: "/worth.json?number=2", Earlier: []NavLink{{"/worth?number=1", "Versie 1, 1 maart"}},
	}
	older := full
	older.Older, older.Earlier = true, nil
	line := WorthLinePage{
		Base: x.base, Title: "Stap 2, 3 en 4. Wat veranderde er?", Part: "outcomes", Line: "0", Based: "2", May: true,
		Fields: []WorthField{
			{ID: "what", Name: "Wat", Short: true, Needed: true, Text: x.typed},
			{ID: "kind", Name: "Soort", Options: []WorthOption{{"income", "Inkomen", false}, {"contacts", "Contact met buren", true}}},
			{ID: "change", Name: "Wat verandert er voor hen", Text: x.typed},
			{ID: "proxy", Name: "Wat is één waard, in euro per jaar", Unit: "euro", Wide: true, Needed: true, Least: "300", Likely: "600", Most: "900", Help: "Hoeveel euro zou iemand hiervoor geven?"},
			{ID: "day", Name: "Dag", Day: true, Text: "2026-03-01"},
		},
	}
	wrong := line
	wrong.Problem, wrong.Line, wrong.May = x.typed, "", false
	wrong.Fields = append([]WorthField{{ID: "deadweight", Name: "Was ook zonder de munt gebeurd", Unit: "%", Wide: true, Likely: x.typed, Problem: "Dit is geen getal."}}, line.Fields...)
	return map[string]View{
		"worth":           full,
		"worth new":       WorthPage{Base: x.base, Answer: x.base.T("worth.empty"), Parts: parts[1:2]},
		"worth older":     older,
		"worthline":       line,
		"worthline wrong": wrong,
	}
}
