package web

import (
	"net/http"
	"time"

	"grulden/internal/vitals"
)

// measure begins to measure this server for who looks after the machine.
func (s *Server) measure() {
	s.vitals = vitals.New(vitals.Sources{
		Node: s.node, Outbox: s.notices.Outbox, Lines: func() int { return len(s.listeners) },
	})
}

// Metrics answers a Prometheus. It belongs on an address of its own, that no
// visitor reaches.
func (s *Server) Metrics() http.Handler { return s.vitals.Handler() }

// measured counts the answers of a route, with the time they took. A panic is
// counted as the fault that recoverer then shows.
func (s *Server) measured(route string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began, seen := time.Now(), &statusSeen{ResponseWriter: w}
		broke := true
		defer func() {
			switch {
			case broke:
				seen.status = http.StatusInternalServerError
			case seen.status == 0:
				seen.status = http.StatusOK
			}
			s.vitals.Request(route, seen.status, time.Since(began))
		}()
		next.ServeHTTP(seen, r)
		broke = false
	})
}

// statusSeen remembers the status of an answer.
type statusSeen struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements http.ResponseWriter.
func (w *statusSeen) WriteHeader(status int) {
	if w.status == 0 && status >= http.StatusOK { // what comes before that is not yet the answer
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController find what is behind.
func (w *statusSeen) Unwrap() http.ResponseWriter { return w.ResponseWriter }
