package page

import "strconv"

// reportStates are the states of the evaluator's pages. Their figures are made up.
func (x sample) reportStates() map[string]View {
	head := x.reportHead("/report/flow")
	head.Compared = x.base.T("report.alone")
	empty := head
	empty.Period, empty.Problem, empty.Compared = "", x.base.T("report.nothing"), ""
	answer := ReportPage{
		ReportHead: head, Verdict: "report.partly", Icon: "recycle", Sentence: x.base.T("report.again", "count", "43"), Facts: x.facts(),
		Files: []File{{"/report/evaluation.html", x.base.T("report.filepage")}, {"/report/evaluation.pdf", x.base.T("report.filepdf")}, {"/report/data.zip", x.base.T("report.filedata")}, {"/report.csv", "CSV"}, {"/report.json", "JSON"}},
	}
	yes := answer
	yes.Verdict, yes.Icon, yes.Good, yes.Compared = "report.yes", "check", true, x.base.T("report.compared", "period", "1 juli 2025 – 31 december 2025")
	yes.Facts = x.facts()
	for i := range yes.Facts {
		yes.Facts[i].Before = x.base.T("report.thenmore", "value", "1.000,00", "more", "+23,5 %")
	}
	row := ReportRow{Label: x.typed, Value: "12,50", Unit: "Grulden", Before: x.base.T("report.thenmore", "value", "50,00", "more", "−75,0 %"), Definition: x.typed, Caveat: x.typed, Formula: "V/I", Version: "1"}
	return map[string]View{
		"report":             answer,
		"report yes":         yes,
		"report nothing":     ReportPage{ReportHead: empty},
		"reporttopic":        TopicPage{ReportHead: head, Title: "report.flow", Lead: "report.flowlead", Rows: []ReportRow{row}, Figures: x.madeUp()},
		"reporttopic empty":  TopicPage{ReportHead: head, Title: "report.network", Lead: "report.networklead"},
		"reportfigures":      FiguresPage{ReportHead: yes.ReportHead, Rows: []ReportRow{row, row}, CSV: "/report.csv?from=x", JSON: "/report.json"},
		"reportmap":          ReportMapPage{ReportHead: head, Map: x.paidMap(), Rows: []MapRow{{"1", x.typed, "1.234,50", "82 %"}, {"", x.typed, "12,50", "1 %"}}, Blank: x.base.T("report.offmap", "count", "1")},
		"reportmap no shops": ReportMapPage{ReportHead: head},
	}
}

// reportHead is the top of each of these pages.
func (x sample) reportHead(here string) ReportHead {
	return ReportHead{
		Base: x.base, Here: here, From: "2026-01-01", To: "2026-06-30", Period: "1 januari 2026 tot en met 30 juni 2026",
		Choices: []SpanChoice{{here, "report.month", false}, {here, "report.quarter", false}, {here, "report.always", true}},
		Topics: []NavItem{
			{Href: "/report", Icon: "recycle", Word: "report.title"},
			{Href: "/report/flow", Icon: "report", Word: "report.flow", Here: true},
			{Href: "/report/stuck", Icon: "lock", Word: "report.stuck"},
		},
	}
}

// paidMap is a map with what two shops were paid.
func (x sample) paidMap() *WijkMap {
	m := x.wijkMap()
	m.Marks[0].Around, m.Marks[1].Around = 120, 30
	return m
}

func (x sample) facts() (facts []Fact) {
	for _, question := range []Key{"report.often", "report.still", "report.fifth", "report.euro", "report.who", "report.cost"} {
		facts = append(facts, Fact{Icon: "clock", Question: x.base.T(question, "hops", "5"), Value: "1.234,50", Sentence: x.base.T("report.stillsays"), Not: x.typed, Href: "/report/flow"})
	}
	return facts
}

// madeUp is a figure of each kind.
func (x sample) madeUp() []Figure {
	coins, people := FigureColumn{Label: "Voorraad", Unit: "Grulden"}, FigureColumn{Label: "Betalingen", Unit: "keer"}
	paid := FigureColumn{Label: "Betaald", Unit: "Grulden"}
	weeks := x.figure("over_time", "line", "Voorraad en betalingen per week", []FigureColumn{coins, paid, people})
	for i := range 26 {
		weeks.Rows = append(weeks.Rows, FigureRow{Label: "week " + strconv.Itoa(i+1), Cells: cells(4000+150*i-i*i*3, 900+(i*37)%11*90, 40+(i*13)%17)})
	}
	hops := x.figure("hops", "bars", "Waarde per betaling", []FigureColumn{paid, {Label: "Deel", Unit: "%", Aside: true}})
	for i, value := range []int{13000, 7400, 4100, 2100, 900} {
		hops.Rows = append(hops.Rows, FigureRow{Label: strconv.Itoa(i+1) + "e betaling", Cells: cells(value, value/275)})
	}
	life := x.figure("life", "stack", "Waar het geld nu is", []FigureColumn{{Label: "Bewoners", Unit: "Grulden"}, {Label: "Winkels", Unit: "Grulden"}})
	for i, word := range []string{"nog niet betaald", "1 keer", "2 keer", "rijp"} {
		life.Rows = append(life.Rows, FigureRow{Label: word, Cells: cells(3200-700*i, 800+500*i)})
	}
	life.Rows[3].Cells[0] = FigureCell{Hidden: true}
	cohorts := x.figure("cohorts", "heat", "Wat er over is", []FigureColumn{{Label: "nieuw", Unit: "Grulden", Aside: true}, {Label: "na 1 maand", Unit: "%"}, {Label: "na 3 maanden", Unit: "%"}, {Label: "na 6 maanden", Unit: "%"}})
	for i, month := range []string{"januari", "februari", "maart", "april"} {
		row := FigureRow{Label: month + " 2026", Cells: cells(1200+100*i, 92-3*i, 70-4*i, 51)}
		if i > 1 {
			row.Cells[3] = FigureCell{Shown: "–"}
		}
		cohorts.Rows = append(cohorts.Rows, row)
	}
	flow := x.figure("money_flow", "sankey", "De weg van het geld", []FigureColumn{{Label: "Bedrag", Unit: "Grulden"}})
	for _, f := range []struct {
		from, to string
		value    int
	}{{"nieuw", "bewoners", 6000}, {"bewoners", "winkels", 5200}, {"bewoners", "wijkfonds", 90}, {"bewoners", "nog bij bewoners", 710}, {"winkels", "euro’s", 2900}, {"winkels", x.typed, 2300}} {
		flow.Rows = append(flow.Rows, FigureRow{Label: f.from + " → " + f.to, From: f.from, To: f.to, Cells: cells(f.value)})
	}
	flow.Flow = true
	round := flow // somebody pays back to where it came from
	round.Key, round.Title = "sector_flow", "Tussen soorten winkels"
	round.Rows = []FigureRow{
		{From: "eten", To: "eten", Cells: cells(120)}, {From: "eten", To: "diensten", Cells: cells(410)}, {From: "diensten", To: "eten", Cells: cells(380)},
	}
	none := x.figure("gini", "bars", "Verdeling", []FigureColumn{coins})
	return []Figure{weeks, hops, life, cohorts, flow, round, none}
}

func (x sample) figure(key, chart, title string, columns []FigureColumn) Figure {
	return Figure{
		Key: key, Chart: chart, Title: title, Sentence: x.typed, Definition: x.typed, Caveat: x.typed, Formula: "V / (M·T)", Version: "1",
		Columns: columns, CSV: "/report/table/" + key + ".csv", File: "grulden-" + key, Source: x.base.T("report.foot", "period", "maart", "version", "1"),
	}
}

func cells(values ...int) (row []FigureCell) {
	for _, v := range values {
		row = append(row, FigureCell{Value: strconv.Itoa(v), Shown: Dutch.Money(int64(100 * v))})
	}
	return row
}
