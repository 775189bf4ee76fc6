package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"grulden/internal/bench"
	"grulden/internal/node"
	"grulden/internal/payreq"
	"grulden/internal/people"
	"grulden/internal/vault"
	"grulden/ledger"
	"grulden/web"
)

type benchCmd struct {
	Dir   string `type:"path" placeholder:"DIR" help:"A folder on the disk to be measured (default: the system's temporary one); about 2 GB must be free."`
	Quick bool   `help:"Measure a tiny bit of everything: shows that it works, and nothing about speed."`
	Year  bool   `help:"Build a year of ten million payments too, and report on it: takes half an hour more, and 8 GB."`
}

// Run measures and prints what it found.
func (c *benchCmd) Run(a *app) error {
	o := bench.Options{Dir: c.Dir, Progress: a.progress, HTTP: payOverHTTP, Tills: payAtTills, Sizes: bench.Full}
	if c.Quick {
		o.Sizes = bench.Quick
	}
	if c.Year {
		o.Sizes.Year = bench.TenMillion
	}
	result, err := bench.Run(a.ctx, o)
	if err != nil {
		return err
	}
	return a.json(result)
}

// httpBench is the web server on a ledger that is measured, and those who pay
// through it.
type httpBench struct {
	base    string
	client  *http.Client
	tokens  []string
	posters map[ledger.AccountID]payreq.Code
}

const benchPIN = "864203"

// payOverHTTP serves a ledger and signs in the holders of the payers' accounts,
// so that each can pay another by the code of his poster.
func payOverHTTP(ctx context.Context, n *node.Node, payers []ledger.AccountID) (pay func(int, ledger.AccountID, ledger.Cents) error, stop func() error, err error) {
	dir, err := os.MkdirTemp("", "grulden-bench-key-")
	if err != nil {
		return nil, nil, err
	}
	defer os.RemoveAll(dir)
	l, err := namesBeside(n, filepath.Join(dir, "master.key"))
	if err != nil {
		return nil, nil, err
	}
	h := &httpBench{
		client:  &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: len(payers)}},
		posters: make(map[ledger.AccountID]payreq.Code),
	}
	stop, err = h.serve(ctx, l)
	if err != nil {
		return nil, nil, err
	}
	if err := h.signIn(ctx, l, payers); err != nil {
		return nil, nil, errors.Join(err, stop())
	}
	return func(i int, to ledger.AccountID, amount ledger.Cents) error { return h.pay(ctx, i, to, amount) }, stop, nil
}

// namesBeside makes a vault in a ledger that has none.
func namesBeside(n *node.Node, keyFile string) (*opened, error) {
	if err := vault.CreateMasterKey(keyFile); err != nil {
		return nil, err
	}
	key, err := vault.LoadMasterKey(keyFile)
	if err != nil {
		return nil, err
	}
	v, err := vault.New(n.Store(), key)
	if err != nil {
		return nil, err
	}
	return newOpened(n, v)
}

// serve serves pages and API on loopback until the returned function is called.
func (h *httpBench) serve(ctx context.Context, l *opened) (stop func() error, err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	h.base = "http://" + listener.Addr().String()
	limits := web.DefaultLimits()
	limits.LoginEvery, limits.LoginBurst = time.Microsecond, 1<<20
	limits.ActEvery, limits.ActBurst = time.Microsecond, 1<<20
	const most ledger.Cents = 1 << 60 // a day of payments is measured in a minute
	settings := l.node.Settings()
	settings.Limits = node.Limits{NoPIN: most, NoPINDay: most, Card: most, CardDay: most}
	if err := l.node.SetSettings(settings); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	config := l.config()
	config.BaseURL, config.Limits, config.Log = h.base, limits, slog.New(slog.NewJSONHandler(io.Discard, nil))
	config.SecondFactor = web.FactorOptional // what is measured is paying
	server, err := web.New(config)
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, listener) }()
	return func() error {
		h.client.CloseIdleConnections()
		cancel()
		return <-ended
	}, nil
}

// signIn gives each account a holder who is signed in, and a poster to pay by.
func (h *httpBench) signIn(ctx context.Context, l *opened, payers []ledger.AccountID) error {
	hash, err := l.pinHash(ctx, benchPIN)
	if err != nil {
		return err
	}
	book := payreq.NewBook(l.node.Store(), rand.Reader)
	for i, id := range payers {
		p := people.Person{ID: people.NewID(), Role: people.Resident, Name: fmt.Sprintf("Bewoner %d", i+1), Account: id}
		_, code, err := l.people.Add(p, hash, l.node.Now())
		if err != nil {
			return err
		}
		poster, err := book.Poster(id, l.node.Now())
		if err != nil {
			return err
		}
		h.posters[id] = poster.Code
		var answer struct{ Token string }
		if err := h.post(ctx, "", "/api/v1/login", map[string]string{"code": code.String(), "pin": benchPIN}, &answer); err != nil {
			return err
		}
		h.tokens = append(h.tokens, answer.Token)
	}
	return nil
}

// pay makes one payment and waits for the answer.
func (h *httpBench) pay(ctx context.Context, i int, to ledger.AccountID, amount ledger.Cents) error {
	var id ledger.ID
	_, _ = rand.Read(id[:]) // never fails
	order := map[string]string{"code": h.posters[to].String(), "amount": amount.String(), "payment": id.String()}
	var answer struct{ ID string }
	return h.post(ctx, h.tokens[i], "/api/v1/payments", order, &answer)
}

// post sends one request of the API and reads the answer.
func (h *httpBench) post(ctx context.Context, token, path string, body, answer any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.base+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := h.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s answers %s: %s", path, resp.Status, data)
	}
	return json.Unmarshal(data, answer)
}
