package page

// publishStates are the states of the pages about published figures.
func (x sample) publishStates() map[string]View {
	release := CirculationRelease{
		Files:  []File{{"/circulatie/1.html", x.base.T("report.filepage")}, {"/circulatie/1.pdf", x.base.T("report.filepdf")}},
		Period: "Van 1 juli 2026 tot en met 30 september 2026", Passes: "Een Grulden is in deze maanden gemiddeld 2,4 keer betaald.",
		Made: "Nummer 2, openbaar gemaakt met cijfers van 3 oktober 2026. Controlecode: 12ab 34cd.",
		Lines: []CirculationLine{
			{"repeat", x.nobody.T("figure.passes"), "2,4 keer", x.nobody.T("figure.passeshelp")},
			{"pay", x.nobody.T("figure.volume"), "28.450 Grulden", x.nobody.T("figure.volumehelp")},
			{"euro", x.nobody.T("figure.share_asked"), "31 %", x.typed},
		},
		About: x.nobody.T("circulation.about", "round", "10"),
		Tables: []CirculationTable{{Title: x.nobody.T("table.hops"), Help: x.nobody.T("table.hopshelp"), Rows: []CirculationRow{
			{"1e keer", "12.340 Grulden", "72"}, {"2e keer", "4.850 Grulden", "28"}, {x.typed, x.nobody.T("publish.hidden"), ""},
		}}},
		Hidden: x.nobody.T("circulation.hidden", "what", x.nobody.T("figure.shops")+"; "+x.nobody.T("figure.asked")),
	}
	older := release
	older.Period, older.Hidden = "Van 1 april 2026 tot en met 30 juni 2026", ""
	rules := x.nobody.T("circulation.rules", "owners", "10", "largest", "50", "round", "10,00", "months", "3")
	few := release
	release.MoreWord, release.MoreTables = x.nobody.T("circulation.more"), []CirculationTable{{
		Title: x.nobody.T("table.life"), Help: x.nobody.T("table.lifehelp"), Rows: []CirculationRow{{"0 keer", "", "60"}, {"1 keer", "", "40"}},
	}}
	release.More = release.Lines[2:]
	few.Lines, few.Tables, few.Passes = nil, nil, ""
	periods := &CirculationTable{Title: x.nobody.T("circulation.periods"), Help: x.nobody.T("circulation.periodshelp"), Rows: []CirculationRow{
		{release.Period, "2,4 keer, ongeveer 28.450 Grulden", ""}, {older.Period, "2,1 keer, ongeveer 19.030 Grulden", ""},
	}}
	publish := PublishPage{
		Base: x.base, Period: release.Period, Rules: rules, Form: "f", Tables: release.Tables,
		Lines: []PublishLine{
			{Word: "figure.passes", Value: "2,4 keer"},
			{Word: "figure.volume", Value: "28.450 Grulden"},
			{Word: "figure.shops", Why: "publish.few"},
			{Word: "figure.paid_shops_residents", Why: "publish.guess"},
		},
	}
	asked := publish
	asked.Asked = true
	return map[string]View{
		"circulation":        CirculationPage{Base: x.nobody, Verdict: "circulation.yes", Good: true, Rules: rules, Releases: []CirculationRelease{release, older}, Periods: periods},
		"circulation broken": CirculationPage{Base: x.nobody, Verdict: "circulation.yes", Good: true, Rules: rules, Releases: []CirculationRelease{release}, Broken: true},
		"circulation few":    CirculationPage{Base: x.base, Verdict: "circulation.few", Rules: rules, Releases: []CirculationRelease{few}},
		"circulation none":   CirculationPage{Base: x.nobody, Verdict: "circulation.none"},
		"publish":            publish,
		"publish asked":      asked,
		"publish wait":       PublishPage{Base: x.base, Period: release.Period, Wait: x.base.T("publish.wait", "day", "1 oktober 2026")},
	}
}
