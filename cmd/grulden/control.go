package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// A server listens on a socket in the folder of its ledger, which only the same
// user can reach. A command that finds the ledger in use hands its words over
// and prints what comes back: so everything works while the ledger is served.

const socketName = "control.sock"

// words are what a client hands over: its command line, and where its relative
// paths begin.
type words struct {
	Args []string `json:"args"`
	Dir  string   `json:"dir"`
}

// frame is one piece of what a command run by the server prints; the last one
// has its exit status.
type frame struct {
	Out    []byte `json:"out,omitempty"`
	Err    []byte `json:"err,omitempty"`
	Status *int   `json:"status,omitempty"`
}

// frames writes frames to one client.
type frames struct {
	mu  sync.Mutex
	enc *json.Encoder
}

func (f *frames) send(x frame) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.enc.Encode(x)
}

// stream is one of a command's two outputs.
type stream struct {
	to   *frames
	wrap func([]byte) frame
}

func (s stream) Write(p []byte) (int, error) {
	if err := s.to.send(s.wrap(p)); err != nil {
		return 0, err
	}
	return len(p), nil
}

// listen serves commands on the socket until ctx ends.
func (a *app) listen(ctx context.Context, dir string, l *opened) error {
	path := filepath.Join(dir, socketName)
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	socket, err := net.Listen("unix", path)
	if err != nil {
		return err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return errors.Join(err, socket.Close())
	}
	handle := func(w http.ResponseWriter, r *http.Request) { a.runFor(w, r, l) }
	server := &http.Server{Handler: http.HandlerFunc(handle), ReadHeaderTimeout: 5 * time.Second}
	go func() {
		<-ctx.Done()
		_ = server.Close()
	}()
	go func() { _ = server.Serve(socket) }()
	return nil
}

// runFor runs the words of a client on the ledger that is open here.
func (a *app) runFor(w http.ResponseWriter, r *http.Request, l *opened) {
	var asked words
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&asked); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	to := &frames{enc: json.NewEncoder(flusher{w})}
	out := stream{to, func(p []byte) frame { return frame{Out: p} }}
	errs := stream{to, func(p []byte) frame { return frame{Err: p} }}
	served := &app{ctx: r.Context(), stdin: http.NoBody, stdout: out, stderr: errs, clock: a.clock, here: l, dir: asked.Dir}
	status := served.run(asked.Args)
	_ = to.send(frame{Status: &status}) // the client may be gone
}

// flusher hands on each frame at once.
type flusher struct{ w http.ResponseWriter }

func (f flusher) Write(p []byte) (int, error) {
	n, err := f.w.Write(p)
	if err == nil {
		err = http.NewResponseController(f.w).Flush()
	}
	return n, err
}

// askServer lets the server of a ledger run this command; asked is false when
// there is no server to ask.
func (a *app) askServer(dir string) (status int, asked bool) {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", filepath.Join(dir, socketName))
	}
	client := http.Client{Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}}
	here, err := os.Getwd()
	if err != nil {
		return 0, false
	}
	ask, err := json.Marshal(words{a.args, here})
	if err != nil {
		return 0, false
	}
	req, err := http.NewRequestWithContext(a.ctx, http.MethodPost, "http://ledger/run", bytes.NewReader(ask))
	if err != nil {
		return 0, false
	}
	resp, err := client.Do(req)
	if err != nil {
		return 0, false
	}
	defer resp.Body.Close()
	for frames := json.NewDecoder(resp.Body); ; {
		var f frame
		if err := frames.Decode(&f); err != nil {
			complain(a.stderr, errors.New("the server that has the ledger stopped answering"), "try again")
			return exitNo, true
		}
		_, _ = a.stdout.Write(f.Out)
		_, _ = a.stderr.Write(f.Err)
		if f.Status != nil {
			return *f.Status, true
		}
	}
}
