package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"grulden/internal/report"
	"grulden/web/page"
)

// showTopic shows the figures of one question as charts and tables.
func (s *Server) showTopic(w http.ResponseWriter, r *http.Request, v visit) error {
	i := slices.IndexFunc(topics, func(t topic) bool { return t.path == r.PathValue("topic") })
	if i < 0 {
		return errNotFound
	}
	t := topics[i]
	at, err := s.reportOn(r, v, "/report/"+t.path, !report.AskWhom(t.keys()...))
	if err == nil && len(t.lines) > 0 {
		err = s.compare(r, &at)
	}
	if err != nil {
		return err
	}
	p := page.TopicPage{ReportHead: at.head, Title: t.title, Lead: t.lead}
	if at.figures != nil {
		for _, table := range at.figures.Tables(t.keys()...) {
			p.Figures = append(p.Figures, at.figure(v.lang, table))
		}
		for _, line := range at.figures.Lines() {
			if slices.Contains(t.lines, line.Key) {
				p.Rows = append(p.Rows, reportRow(at.head.Base, line))
			}
		}
	}
	return s.show(w, at.status, p)
}

// keys are those of the tables that belong to a question.
func (t topic) keys() []string {
	return slices.DeleteFunc(report.TableKeys(), func(key string) bool {
		asks := func(t topic) bool { return slices.Contains(t.tables, key) }
		return !asks(t) && (t.path != topics[0].path || slices.ContainsFunc(topics, asks))
	})
}

// showFigures lists all figures that are one number.
func (s *Server) showFigures(w http.ResponseWriter, r *http.Request, v visit) error {
	at, err := s.reportOn(r, v, "/report/figures", true)
	if err == nil {
		err = s.compare(r, &at)
	}
	if err != nil {
		return err
	}
	p := page.FiguresPage{ReportHead: at.head}
	if at.figures != nil {
		p.CSV, p.JSON = "/report.csv"+at.files(), "/report.json"+at.files()
		for _, line := range at.figures.Lines() {
			p.Rows = append(p.Rows, reportRow(at.head.Base, line))
		}
	}
	return s.show(w, at.status, p)
}

// reportRow is a figure in a language.
func reportRow(b page.Base, l report.Line) page.ReportRow {
	in := string(b.Lang)
	row := page.ReportRow{
		Label: l.Label.In(in), Value: l.Shown(in), Unit: l.Unit.In(in), Before: earlier(b, l.Before),
		Definition: l.Definition.In(in), Caveat: l.Caveat.In(in), Formula: l.Formula,
	}
	if l.Version > 0 {
		row.Version = strconv.Itoa(l.Version)
	}
	return row
}

// figure is a table in a language, for drawing.
func (at *reportSpan) figure(lang page.Lang, t report.Table) page.Figure {
	in := string(lang)
	f := page.Figure{
		Key: t.Key, Chart: string(t.Chart), Flow: t.Chart == report.Sankey, Version: strconv.Itoa(t.Version), Formula: t.Formula,
		Title: t.Title.In(in), Sentence: t.Sentence.In(in), Definition: t.Definition.In(in), Caveat: t.Caveat.In(in),
		CSV: "/report/table/" + t.Key + ".csv" + at.files(), File: reportName(at.figures.Period, t.Key),
	}
	f.Source = strings.ReplaceAll(at.head.T("report.foot", "period", at.head.Period, "version", f.Version), "\u00a0", " ")
	for _, c := range t.Columns {
		f.Columns = append(f.Columns, page.FigureColumn{Label: c.Label.In(in), Unit: c.Unit.In(in), Aside: c.Aside})
	}
	for _, row := range t.Rows {
		line := page.FigureRow{Label: row.Label.In(in)}
		if f.Flow {
			line.From, line.To = row.From.In(in), row.To.In(in)
		}
		for i, cell := range row.Cells {
			line.Cells = append(line.Cells, page.FigureCell{Value: t.Columns[i].Decimal(cell), Shown: t.Columns[i].Shown(cell, in), Hidden: cell.Hidden})
		}
		f.Rows = append(f.Rows, line)
	}
	return f
}
