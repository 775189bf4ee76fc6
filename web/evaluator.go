package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"grulden/demurrage"
	"grulden/internal/report"
)

// report makes the figures of the period that was asked for.
func (s *Server) report(r *http.Request, brief bool) (figures *report.Report, err error) {
	period, err := periodIn(r)
	if err != nil {
		return nil, err
	}
	return s.sums.Report(r.Context(), period, report.Options{Brief: brief})
}

// periodIn reads a period from the address: all days, where it says none.
func periodIn(r *http.Request) (p report.Period, err error) {
	if p.From, err = dayIn(r, "from", report.Always.From); err != nil {
		return p, err
	}
	p.To, err = dayIn(r, "to", report.Always.To)
	return p, err
}

// runSums keeps the sums of days up to the present, so that a report is quick.
func (s *Server) runSums(ctx context.Context) {
	tick := time.NewTicker(sumEvery)
	defer tick.Stop()
	for s.sums != nil {
		if err := s.sums.Follow(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("sums of days", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
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
	figures, err := s.reportFile(r, true)
	if err != nil {
		return err
	}
	download(w, "text/csv; charset=utf-8", reportName(figures.Period, "")+".csv")
	_ = figures.WriteCSV(w, string(v.lang)) // a visitor who hung up is no error of ours
	return nil
}

// reportJSON sends the figures for a program.
func (s *Server) reportJSON(w http.ResponseWriter, r *http.Request, _ visit) error {
	figures, err := s.reportFile(r, true)
	if err != nil {
		return err
	}
	download(w, "application/json", reportName(figures.Period, "")+".json")
	_ = figures.WriteJSON(w) // a visitor who hung up is no error of ours
	return nil
}

// tableCSV sends the numbers of one table.
func (s *Server) tableCSV(w http.ResponseWriter, r *http.Request, v visit) error {
	key, ok := strings.CutSuffix(r.PathValue("file"), ".csv")
	if !ok || !slices.Contains(report.TableKeys(), key) {
		return errNotFound
	}
	figures, err := s.reportFile(r, !report.AskWhom(key))
	if err != nil {
		return err
	}
	for _, t := range figures.Tables(key) {
		download(w, "text/csv; charset=utf-8", reportName(figures.Period, key)+".csv")
		_ = t.WriteCSV(w, figures.Period, string(v.lang)) // a visitor who hung up is no error of ours
	}
	return nil
}

// reportFile makes the figures of a file; where there are none there is no file.
func (s *Server) reportFile(r *http.Request, brief bool) (*report.Report, error) {
	figures, err := s.report(r, brief)
	if errors.Is(err, report.ErrNothing) || errors.Is(err, report.ErrPeriod) {
		return nil, errNotFound
	}
	return figures, err
}

// reportName names a file of a period, without its ending; key is of a table, and
// empty for all figures.
func reportName(p report.Period, key string) string {
	if key != "" {
		key += "-"
	}
	return "grulden-" + key + p.From.String() + "-" + p.To.String()
}
