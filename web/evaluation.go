package web

import (
	"bytes"
	"errors"
	"net/http"

	"grulden/internal/dataset"
	"grulden/internal/evaluation"
	"grulden/internal/report"
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
	file, err := e.HTML()
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Disposition", `inline; filename="`+evaluationName(e)+`.html"`)
	h.Set("Content-Security-Policy", evaluation.Policy())
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(file) // a visitor who hung up is no error of ours
	return nil
}

// evaluationPDF sends the report as sheets.
func (s *Server) evaluationPDF(w http.ResponseWriter, r *http.Request, v visit) error {
	e, err := s.evaluation(r, v)
	if err != nil {
		return err
	}
	sheets, err := e.PDF()
	if err != nil {
		return err
	}
	return sendPDF(w, evaluationName(e), sheets)
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
