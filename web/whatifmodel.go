package web

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"grulden/internal/people"
	"grulden/internal/whatif"
	"grulden/web/page"
)

// What other rules are tried on, beside the presets of made-up wijken.
const (
	onHistory = "history"
	onOwn     = "own"
)

// The bounds of what a page reckons.
const (
	maxModelForm = 4 * whatif.MaxFile // a model, perhaps as text and as file, and the rules
	maxWork      = 100_000_000        // of whatif.Model.Work: half a minute of two cores
	maxAtOnce    = 6_000_000          // of all that one world holds in memory: some 400 MB
	patience     = 50 * time.Second   // the connection is ended soon after
)

// manyWorlds are how many seeds can be chosen.
var manyWorlds = []struct {
	n     int
	label page.Key
}{{1, "whatif.worlds1"}, {10, "whatif.worlds10"}, {30, "whatif.worlds30"}}

var (
	errTooMuch  = errors.New("this is too much to be reckoned on a page")
	errReplaced = errors.New("the same person asked something else meanwhile")
	errNoModel  = errors.New("there is no such made-up wijk")
)

// trying are the questions about other rules that are being reckoned: one at a
// time, and of each person the last one alone.
type trying struct {
	turn chan struct{}
	mu   sync.Mutex
	last map[people.ID]*context.CancelCauseFunc
}

func newTrying() *trying {
	return &trying{turn: make(chan struct{}, 1), last: make(map[people.ID]*context.CancelCauseFunc)}
}

// begin ends what a person asked before, and bounds what is asked now. It ends by
// itself when the person goes away.
func (t *trying) begin(ctx context.Context, who people.ID) (context.Context, func()) {
	ctx, tired := context.WithTimeoutCause(ctx, patience, errTooMuch)
	ctx, stop := context.WithCancelCause(ctx)
	t.mu.Lock()
	defer t.mu.Unlock()
	if before := t.last[who]; before != nil {
		(*before)(errReplaced)
	}
	t.last[who] = &stop
	return ctx, func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if t.last[who] == &stop {
			delete(t.last, who)
		}
		stop(nil)
		tired()
	}
}

// readModel takes what the rules are tried on.
func (q *question) readModel(typed url.Values) error {
	q.on, q.text, q.worlds = typed.Get("on"), typed.Get("model"), 1
	for _, w := range manyWorlds {
		if strconv.Itoa(w.n) == typed.Get("worlds") {
			q.worlds = w.n
		}
	}
	preset, known := whatif.PresetOf(q.on)
	switch {
	case known:
		q.model = preset.Model
	case q.on == onOwn:
		var err error
		q.model, err = whatif.ReadModel(strings.NewReader(q.text))
		return err
	case q.on == "" || q.on == onHistory:
		q.on, q.worlds = onHistory, 1
	default:
		q.on = onHistory
		return errNoModel
	}
	return nil
}

// startText puts a preset into the field for one's own model.
func (q *question) startText(key string) error {
	p, chosen := whatif.PresetOf(key)
	if chosen {
		q.on = onOwn
	} else if p = whatif.Presets()[0]; strings.TrimSpace(q.text) != "" {
		return nil
	}
	text, err := json.MarshalIndent(p.Model, "", "  ")
	q.text = string(text)
	return err
}

// grounds are what the rules can be tried on, to choose from.
func (q *question) grounds(b page.Base) []page.WhatIfChoice {
	lang := string(b.Lang)
	all := []page.WhatIfChoice{{Value: onHistory, Label: b.T("whatif.history"), Help: b.T("whatif.historyhelp")}}
	for _, p := range whatif.Presets() {
		all = append(all, page.WhatIfChoice{Value: p.Key, Label: p.Name.In(lang), Help: p.About.In(lang), Start: "/whatif?start=" + p.Key + "#model"})
	}
	all = append(all, page.WhatIfChoice{Value: onOwn, Label: b.T("whatif.ownmodel"), Help: b.T("whatif.ownmodelhelp")})
	for i := range all {
		all[i].Here = all[i].Value == q.on
	}
	return all
}

// dice are how many worlds can be tried.
func (q *question) dice(b page.Base) (all []page.WhatIfChoice) {
	for _, w := range manyWorlds {
		all = append(all, page.WhatIfChoice{Value: strconv.Itoa(w.n), Label: b.T(w.label), Here: w.n == q.worlds})
	}
	return all
}

// leadOf says on what rules were tried.
func leadOf(on string) page.Key {
	if on == onHistory {
		return "whatif.onhistory"
	}
	return "whatif.onmodel"
}

// chosen is what was asked, to be sent again for a file or to be changed.
func chosen(typed url.Values) (all []page.WhatIfChosen) {
	for _, name := range slices.Sorted(maps.Keys(typed)) {
		for _, value := range typed[name] {
			if name != "as" {
				all = append(all, page.WhatIfChosen{Name: name, Value: value})
			}
		}
	}
	return all
}

// tryWhatIf takes the form, perhaps with a file. What fits into an address goes
// there, so that it can be kept; one's own model is in the form alone, and nothing
// of it is kept here.
func (s *Server) tryWhatIf(w http.ResponseWriter, r *http.Request, v visit) error {
	typed, err := typedParts(r)
	if err != nil {
		return err
	}
	as := typed.Get("as")
	if typed.Get("on") != onOwn {
		typed.Del("model")
		typed.Del("as")
		at := map[string]string{"": "/whatif/seen", "csv": "/whatif.csv", "json": "/whatif.json", "form": "/whatif"}[as]
		if at == "" {
			return errBadForm
		}
		return goTo(w, r, at+"?"+typed.Encode())
	}
	switch as {
	case "csv", "json":
		return s.whatIfFile(w, r, v, typed, as)
	case "form":
		q, err := s.questionOf(v)
		if err != nil {
			return err
		}
		_ = q.read(v.lang, typed) // what is wrong is said when it is asked again
		return s.whatIfForm(w, r, v, http.StatusOK, q, "")
	}
	return s.answerWhatIf(w, r, v, typed)
}

// typedParts reads a form with a file into memory; a file takes the place of the
// field for one's own model.
func typedParts(r *http.Request) (url.Values, error) {
	if r.Header.Get("Content-Type") == "application/x-www-form-urlencoded" {
		_, err := form(r)
		return r.PostForm, err
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, errBadForm
	}
	typed := url.Values{}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, badBody(err)
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return nil, badBody(err)
		}
		typed.Add(part.FormName(), string(value))
	}
	if file := typed.Get("file"); file != "" {
		typed.Set("on", onOwn)
		typed.Set("model", file)
	}
	typed.Del("file")
	return typed, nil
}

// whatIfCSV sends the same for a spreadsheet.
func (s *Server) whatIfCSV(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.whatIfFile(w, r, v, r.URL.Query(), "csv")
}

// whatIfJSON sends the same for a program.
func (s *Server) whatIfJSON(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.whatIfFile(w, r, v, r.URL.Query(), "json")
}

// whatIfFile reckons and sends it as a file.
func (s *Server) whatIfFile(w http.ResponseWriter, r *http.Request, v visit, typed url.Values, ending string) error {
	_, o, err := s.outcome(r, v, typed)
	if whatIfProblem(v.lang, err) != "" && !isErr(err, errTooMuch, errReplaced) {
		return errNotFound
	}
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Disposition", `attachment; filename="grulden-whatif-`+o.From.String()+`-`+o.To.String()+`.`+ending+`"`)
	if ending == "csv" {
		h.Set("Content-Type", "text/csv; charset=utf-8")
		_ = o.WriteCSV(w, string(v.lang)) // a visitor who hung up is no error of ours
		return nil
	}
	h.Set("Content-Type", "application/json")
	_ = o.WriteJSON(w) // a visitor who hung up is no error of ours
	return nil
}
