package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"grulden/internal/disclosure"
	"grulden/internal/evaluation"
	"grulden/web/page"
)

// publicKept is how many reports for everybody are kept as they were drawn: those
// of four years, when a release is of three months.
const publicKept = 64

// publicName is what a report for everybody depends on: a release stays as it is.
type publicName struct{ hash, wijk, lang, ending string }

// publicFiles keep the reports for everybody that were drawn, so that whoever asks
// for them again and again makes no work.
type publicFiles struct {
	mu    sync.Mutex
	files map[publicName][]byte
	order []publicName // the first is the oldest
}

func (f *publicFiles) find(name publicName) ([]byte, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	file, found := f.files[name]
	return file, found
}

// keep keeps a file, and forgets the oldest when there are too many.
func (f *publicFiles) keep(name publicName, file []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.files == nil {
		f.files = make(map[publicName][]byte)
	}
	if _, found := f.files[name]; !found {
		f.order = append(f.order, name)
	}
	f.files[name] = file
	for len(f.order) > publicKept {
		delete(f.files, f.order[0])
		f.order = f.order[1:]
	}
}

// publicReport shows everybody the report on one release: 3.html or 3.pdf.
func (s *Server) publicReport(w http.ResponseWriter, r *http.Request, v visit) error {
	number, ending, _ := strings.Cut(r.PathValue("file"), ".")
	all, err := s.releases.Releases()
	if err != nil && !errors.Is(err, disclosure.ErrBroken) { // some of them are as they were
		return err
	}
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > len(all) || ending != "html" && ending != "pdf" {
		return errNotFound
	}
	name := publicName{all[n-1].Hash, s.node.Settings().Wijk, string(page.Dutch), ending}
	if v.lang == page.English {
		name.lang = string(v.lang) // the report has no other
	}
	file, err := s.publicFile(r.Context(), &all[n-1], name)
	if err != nil {
		return err
	}
	title := reportName(all[n-1].Period(), "")
	if ending == "pdf" {
		return sendPDF(w, title, file)
	}
	sendReportPage(w, title, file)
	return nil
}

// publicFile finds the report on a release, or draws it. Who asks while it is drawn
// waits for it: it is drawn once.
func (s *Server) publicFile(ctx context.Context, r *disclosure.Release, name publicName) (file []byte, err error) {
	if file, found := s.public.find(name); found {
		return file, nil
	}
	err = s.oneAtATime(ctx, func() error {
		var found bool
		if file, found = s.public.find(name); found {
			return nil
		}
		if file, err = s.drawPublic(ctx, r, name); err == nil {
			s.public.keep(name, file)
		}
		return err
	})
	return file, err
}

func (s *Server) drawPublic(ctx context.Context, r *disclosure.Release, name publicName) ([]byte, error) {
	words := PublishedWords(r, name.wijk, name.lang)
	e, err := evaluation.Public(ctx, s.node, s.sums, words, name.lang)
	if err != nil {
		return nil, err
	}
	if name.ending == "pdf" {
		return e.PDF()
	}
	return e.HTML()
}
