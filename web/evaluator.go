package web

import (
	"errors"
	"net/http"

	"grulden/demurrage"
	"grulden/internal/report"
	"grulden/web/page"
)

// showReport shows the circulation figures of a period; without one, of the
// whole life of the ledger.
func (s *Server) showReport(w http.ResponseWriter, r *http.Request, v visit) error {
	p := page.ReportPage{Base: s.base(r, v), From: r.URL.Query().Get("from"), To: r.URL.Query().Get("to")}
	figures, err := s.report(r)
	switch {
	case errors.Is(err, report.ErrNothing):
		p.Problem = p.T("report.nothing")
		return s.show(w, http.StatusOK, p)
	case errors.Is(err, report.ErrPeriod):
		p.Problem = p.T("report.badperiod")
		return s.show(w, http.StatusUnprocessableEntity, p)
	case err != nil:
		return err
	}
	from, to := figures.Period.From, figures.Period.To
	p.From, p.To = from.String(), to.String()
	p.Period = p.T("report.period", "from", v.lang.Date(from.Time()), "to", v.lang.Date(to.Time()))
	query := "?from=" + p.From + "&to=" + p.To
	p.CSV, p.JSON = "/report.csv"+query, "/report.json"+query
	for _, l := range figures.Lines() {
		p.Rows = append(p.Rows, page.ReportRow{
			Label: l.Label.In(string(v.lang)), Value: l.Shown(string(v.lang)), Unit: l.Unit.In(string(v.lang)),
			Definition: l.Definition.In(string(v.lang)), Formula: l.Formula,
		})
	}
	return s.show(w, http.StatusOK, p)
}

// report makes the figures of the period that was asked for.
func (s *Server) report(r *http.Request) (figures *report.Report, err error) {
	period := report.Always
	if period.From, err = dayIn(r, "from", period.From); err != nil {
		return nil, err
	}
	if period.To, err = dayIn(r, "to", period.To); err != nil {
		return nil, err
	}
	return s.sums.Report(r.Context(), period, report.Options{})
}

// dayIn reads a day from the address.
func dayIn(r *http.Request, name string, otherwise demurrage.Day) (demurrage.Day, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return otherwise, nil
	}
	day, err := demurrage.ParseDay(text)
	if err != nil {
		return 0, errBadForm
	}
	return day, nil
}

// reportCSV sends the figures for a spreadsheet.
func (s *Server) reportCSV(w http.ResponseWriter, r *http.Request, v visit) error {
	figures, err := s.reportFile(w, r, "text/csv; charset=utf-8", "csv")
	if err != nil {
		return err
	}
	_ = figures.WriteCSV(w, string(v.lang)) // a visitor who hung up is no error of ours
	return nil
}

// reportJSON sends the figures for a program.
func (s *Server) reportJSON(w http.ResponseWriter, r *http.Request, _ visit) error {
	figures, err := s.reportFile(w, r, "application/json", "json")
	if err != nil {
		return err
	}
	_ = figures.WriteJSON(w) // a visitor who hung up is no error of ours
	return nil
}

// reportFile counts and sets the headers of a download.
func (s *Server) reportFile(w http.ResponseWriter, r *http.Request, kind, ending string) (*report.Report, error) {
	figures, err := s.report(r)
	if errors.Is(err, report.ErrNothing) || errors.Is(err, report.ErrPeriod) {
		return nil, errNotFound
	}
	if err != nil {
		return nil, err
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Disposition", `attachment; filename="grulden-`+figures.Period.From.String()+`-`+figures.Period.To.String()+`.`+ending+`"`)
	return figures, nil
}
