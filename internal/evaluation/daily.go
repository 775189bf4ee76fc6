package evaluation

import (
	"context"
	"strings"

	"grulden/demurrage"
	"grulden/internal/dataset"
	"grulden/internal/report"
)

// dailyKeys are the figures that say something about a single day.
var dailyKeys = []string{
	"issued", "granted", "requested", "rejected", "redeemed", "redemption_fees",
	"volume", "refunded", "refunded_late", "payments", "payers", "receivers", "participants",
	"stock_end", "fund_demurrage", "fund_end",
}

// daily is a table with a row for each day of the report. Adding the volumes up
// gives that of the period only less what was refunded late, since a day knows
// nothing of what is refunded after it.
func (e *Evaluation) daily(ctx context.Context, figures *report.Keeper) (dataset.Table, error) {
	t := dataset.Table{Name: "daily", Title: e.say("daily"), About: e.say("daily_about"), Key: []string{"day"}}
	t.Fields = []dataset.Field{{Name: "day", Kind: dataset.Date, Title: e.say("day"), About: e.say("day_about")}}
	for day := e.period.From; day <= e.period.To; day++ {
		r, err := figures.Report(ctx, report.Period{From: day, To: day}, report.Options{Coin: e.Coin, Sectors: e.Sectors})
		if err != nil {
			return t, err
		}
		lines := make(map[string]report.Line)
		for _, l := range r.Lines() {
			lines[l.Key] = l
		}
		if day == e.period.From {
			for _, key := range dailyKeys {
				t.Fields = append(t.Fields, e.dailyField(lines[key]))
			}
		}
		t.Rows = append(t.Rows, dailyRow(day, lines))
	}
	return t, nil
}

// dailyField is the column of a figure. Amounts have two decimals as they are
// shown; what has no unit is counted.
func (e *Evaluation) dailyField(l report.Line) dataset.Field {
	about := strings.ReplaceAll(l.Definition.In(e.Lang), date(e.period.From, e.Lang), e.say("that_day"))
	f := dataset.Field{Name: l.Key, Kind: dataset.Number, Decimals: 2, Title: l.Label.In(e.Lang), About: about}
	if unit := l.Unit.In(e.Lang); unit != "" {
		f.About = unit + ". " + f.About
	} else {
		f.Kind, f.Decimals = dataset.Count, 0
	}
	return f
}

func dailyRow(day demurrage.Day, lines map[string]report.Line) []string {
	row := []string{day.String()}
	for _, key := range dailyKeys {
		row = append(row, lines[key].Value)
	}
	return row
}
