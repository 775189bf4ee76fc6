package web

import (
	"bytes"
	"errors"
	"net/http"
	"strings"

	"grulden/internal/dataset"
	"grulden/internal/disclosure"
	"grulden/internal/evaluation"
	"grulden/internal/report"
	"grulden/web/page"
)

// evaluation makes the report on the days that were asked for, of which those that
// are over count.
func (s *Server) evaluation(r *http.Request, v visit) (e *evaluation.Evaluation, err error) {
	period, err := periodIn(r)
	if err != nil {
		return nil, err
	}
	e, err = evaluation.Make(r.Context(), s.node, s.sums, period, string(v.lang))
	if errors.Is(err, evaluation.ErrNotOver) || errors.Is(err, report.ErrNothing) || errors.Is(err, report.ErrPeriod) {
		return nil, errNotFound
	}
	return e, err
}

// evaluationHTML shows the report as the file that it is: a page that needs nothing
// from this site, and may load nothing.
func (s *Server) evaluationHTML(w http.ResponseWriter, r *http.Request, v visit) error {
	e, err := s.evaluation(r, v)
	if err != nil {
		return err
	}
	return sendReport(w, e)
}

// sendReport sends a report as a page of its own.
func sendReport(w http.ResponseWriter, e *evaluation.Evaluation) error {
	file, err := e.HTML()
	if err != nil {
		return err
	}
	sendReportPage(w, evaluationName(e), file)
	return nil
}

// sendReportPage sends a report that is drawn.
func sendReportPage(w http.ResponseWriter, name string, file []byte) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Disposition", `inline; filename="`+name+`.html"`)
	h.Set("Content-Security-Policy", evaluation.Policy())
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(file) // a visitor who hung up is no error of ours
}

// evaluationPDF sends the report as sheets.
func (s *Server) evaluationPDF(w http.ResponseWriter, r *http.Request, v visit) error {
	e, err := s.evaluation(r, v)
	if err != nil {
		return err
	}
	return sendSheets(w, e)
}

// sendSheets sends a report to be printed.
func sendSheets(w http.ResponseWriter, e *evaluation.Evaluation) error {
	sheets, err := e.PDF()
	if err != nil {
		return err
	}
	return sendPDF(w, evaluationName(e), sheets)
}

// PublishedWords are the words of a release in a language, for its report.
func PublishedWords(r *disclosure.Release, wijk, lang string) evaluation.Published {
	b := page.Base{Lang: page.Dutch, Coin: r.Coin, Wijk: wijk}
	if lang == string(page.English) {
		b.Lang = page.English
	}
	verdict, _ := verdictOn(r)
	p := evaluation.Published{
		Number: r.Number, Hash: r.Hash, Period: r.Period(), Coin: r.Coin, Wijk: wijk,
		Answer: b.T(verdict), Rules: rulesTold(b, r), Tables: publishedTables(b, r),
	}
	both := func(text string) report.Text { return report.Text{NL: text, EN: text} }
	for _, f := range figureWords {
		line := report.Line{
			Key: f.key, Label: both(b.T(f.word)), Definition: both(b.T(f.help)),
			Unit: both(strings.TrimSpace(b.T(f.unit, "number", ""))),
		}
		for _, figure := range r.Figures {
			if figure.Key == f.key {
				line.Value, line.Version = figure.Value, figure.Version
			}
		}
		p.Lines = append(p.Lines, line)
	}
	return p
}

// evaluationData sends the figures and those of each day as a data package.
func (s *Server) evaluationData(w http.ResponseWriter, r *http.Request, v visit) error {
	e, err := s.evaluation(r, v)
	if err != nil {
		return err
	}
	set, err := e.Data(r.Context(), s.sums)
	if err != nil {
		return err
	}
	files, err := set.Files()
	if err != nil {
		return err
	}
	var archive bytes.Buffer
	if err := dataset.WriteZIP(&archive, files); err != nil {
		return err
	}
	download(w, "application/zip", set.Name+".zip")
	_, _ = w.Write(archive.Bytes()) // a visitor who hung up is no error of ours
	return nil
}

// evaluationName names the file of a report, without its ending.
func evaluationName(e *evaluation.Evaluation) string { return "grulden-" + e.From + "-" + e.To }
