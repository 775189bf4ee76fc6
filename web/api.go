package web

import (
	_ "embed" // for the description of the API
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"grulden/internal/record"
	"grulden/web/page"
)

//go:embed openapi.yaml
var openAPIText []byte

// apiHandler answers a program with a status and a body to be sent as JSON, or
// with an error. A nil body is no body.
type apiHandler func(s *Server, r *http.Request, v visit) (status int, body any, err error)

// problemBody is an error as programs see it (RFC 9457).
type problemBody struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// serveAPI is the one adapter between the API and HTTP. Programs show who they
// are with a bearer token and never with a cookie, so another site's page
// cannot use them.
func (s *Server) serveAPI(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r, v, err := s.caller(r)
		if err == nil {
			err = admit(rt, v)
		}
		if err == nil {
			err = s.pace(rt, r, v)
		}
		var status int
		var body any
		if err == nil {
			status, body, err = rt.api(s, r, v)
		}
		if err != nil {
			s.sendProblem(w, r, err)
			return
		}
		s.sendJSON(w, "application/json", status, body)
	})
}

// caller finds out who calls.
func (s *Server) caller(r *http.Request) (*http.Request, visit, error) {
	v := visit{lang: page.English, how: record.ByToken}
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	ctx, err := s.sessions.Load(r.Context(), token)
	if err != nil {
		return r, v, err
	}
	r = r.WithContext(ctx)
	err = s.recognise(&v, r, useAPI)
	if err == nil && v.signedIn {
		_, _, err = s.sessions.Commit(ctx) // puts off the idle expiry, mostly without a write
	}
	return r, v, err
}

func (s *Server) sendProblem(w http.ResponseWriter, r *http.Request, err error) {
	a := s.answer(err)
	s.logFault(r, a, err)
	h := w.Header()
	if a.status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="grulden"`)
	}
	if a.status == http.StatusServiceUnavailable || a.status == http.StatusGatewayTimeout || a.status == http.StatusTooManyRequests {
		h.Set("Retry-After", "2")
	}
	base := s.nobody(page.English)
	s.sendJSON(w, "application/problem+json", a.status, problemBody{
		Type: "about:blank", Title: http.StatusText(a.status), Status: a.status, Code: a.code, Detail: base.T(a.text),
	})
}

func (s *Server) sendJSON(w http.ResponseWriter, kind string, status int, body any) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	if body == nil {
		w.WriteHeader(status)
		return
	}
	text, err := json.Marshal(body)
	if err != nil {
		s.log.Error("write JSON", "error", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	h.Set("Content-Type", kind)
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n')) // a caller who hung up is no error of ours
}

// readJSON reads the body into v. Fields that are not known are refused, so
// that a misspelt one is not silently ignored, and so is anything after it.
func readJSON(r *http.Request, v any) error {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return errBadForm
	}
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return badBody(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return badBody(err)
	}
	return nil
}

// badBody keeps the error that says a body is too large.
func badBody(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return err
	}
	return errBadForm
}

// openAPI serves the description of the API.
func (s *Server) openAPI(w http.ResponseWriter, _ *http.Request, _ visit) error {
	w.Header().Set("Content-Type", "application/yaml")
	_, _ = w.Write(openAPIText) // a caller who hung up is no error of ours
	return nil
}
