package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"
)

// metricsTimeout is how long a Prometheus may take to ask, and to read.
const metricsTimeout = 10 * time.Second

// serveMetrics answers a Prometheus on an address of its own, when there is one.
// done ends it; nothing is asked of the ledger after that.
func (s *site) serveMetrics(metrics http.Handler) (done func(), err error) {
	if s.metrics == "" {
		return func() {}, nil
	}
	listener, err := net.Listen("tcp", s.metrics)
	if err != nil {
		return nil, hint(fmt.Errorf("--metrics: %w", err), "choose another address: --metrics 127.0.0.1:9464")
	}
	if at, ok := listener.Addr().(*net.TCPAddr); ok && !at.IP.IsLoopback() {
		s.app.note("metrics on %s: whoever reaches that address reads them, without a password", at)
	}
	mux, ended := http.NewServeMux(), make(chan struct{})
	mux.Handle("GET /metrics", metrics)
	server := &http.Server{Handler: mux, ReadTimeout: metricsTimeout, WriteTimeout: metricsTimeout}
	go func() {
		defer close(ended)
		_ = server.Serve(listener) // it ends when it is told to, or the operator misses it
	}()
	return func() { // waits for who is being answered
		late, cancel := context.WithTimeout(context.Background(), metricsTimeout)
		defer cancel()
		_ = server.Shutdown(late)
		<-ended
	}, nil
}
