package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/websocket"

	"grulden/internal/node"
	"grulden/internal/payreq"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/ledger"
)

// tillBench is the web server on a ledger that is measured, with tills and
// phones before it. Both use the same pages and fields as people do.
type tillBench struct {
	httpBench
	n      *node.Node
	payers []*benchPhone
	tills  []*benchTill
}

// benchPhone is a payer who is signed in and whose phone signs.
type benchPhone struct {
	account ledger.AccountID
	cookie  *http.Cookie
	device  record.DeviceID
	key     ed25519.PrivateKey
}

// benchTill is a shop that is signed in, and its live line.
type benchTill struct {
	account ledger.AccountID
	cookie  *http.Cookie
	line    *websocket.Conn
}

// patience is how long a till may wait for "paid" before that is an error.
const tillPatience = 30 * time.Second

// payAtTills serves a ledger, and gives each payer a phone and each shop a till.
func payAtTills(ctx context.Context, n *node.Node, payers, shops []ledger.AccountID) (ask func(int, ledger.Cents) (func() (time.Duration, error), error), stop func() error, err error) {
	dir, err := os.MkdirTemp("", "grulden-bench-key-")
	if err != nil {
		return nil, nil, err
	}
	defer os.RemoveAll(dir)
	l, err := namesBeside(n, filepath.Join(dir, "master.key"))
	if err != nil {
		return nil, nil, err
	}
	b := &tillBench{n: n}
	b.client = &http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: len(payers) + len(shops)},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	served, err := b.serve(ctx, l)
	if err != nil {
		return nil, nil, err
	}
	stop = func() error {
		for _, t := range b.tills {
			_ = t.line.Close() // nobody listens any more
		}
		return errors.Join(b.allSigned(), served())
	}
	if err := b.open(ctx, l, payers, shops); err != nil {
		return nil, nil, errors.Join(err, served())
	}
	return func(i int, amount ledger.Cents) (func() (time.Duration, error), error) { return b.ask(ctx, i, amount) }, stop, nil
}

// open signs everybody in, enrols the phones and opens the live lines.
func (b *tillBench) open(ctx context.Context, l *opened, payers, shops []ledger.AccountID) error {
	hash, err := l.pinHash(ctx, benchPIN)
	if err != nil {
		return err
	}
	for i, account := range payers {
		p := &benchPhone{account: account}
		if p.cookie, err = b.person(ctx, l, people.Person{Role: people.Resident, Name: fmt.Sprintf("Bewoner %d", i+1), Account: account}, hash); err != nil {
			return err
		}
		if err := b.enrol(ctx, p); err != nil {
			return err
		}
		b.payers = append(b.payers, p)
	}
	for i, account := range shops {
		t := &benchTill{account: account}
		if t.cookie, err = b.person(ctx, l, people.Person{Role: people.Merchant, Name: "Winkelier", Shop: fmt.Sprintf("Winkel %d", i+1), Account: account}, hash); err != nil {
			return err
		}
		if err := b.listen(ctx, t); err != nil {
			return err
		}
		b.tills = append(b.tills, t)
	}
	return nil
}

// person makes somebody and signs them in, as the form does.
func (b *tillBench) person(ctx context.Context, l *opened, p people.Person, hash string) (*http.Cookie, error) {
	p.ID = people.NewID()
	_, code, err := l.people.Add(p, hash, l.node.Now())
	if err != nil {
		return nil, err
	}
	resp, _, err := b.form(ctx, nil, "/login", url.Values{"code": {code.String()}, "pin": {benchPIN}})
	if err != nil {
		return nil, err
	}
	for _, c := range resp.Cookies() {
		if strings.HasSuffix(c.Name, "grulden") {
			return c, nil
		}
	}
	return nil, fmt.Errorf("signing in answers %s without a session", resp.Status)
}

// enrol gives a payer a phone with a key of its own.
func (b *tillBench) enrol(ctx context.Context, p *benchPhone) error {
	public, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	_, _ = rand.Read(p.device[:]) // never fails
	p.key = key
	r, err := b.n.Submit(ctx, node.Request{
		Auth:    record.Auth{How: record.ByBench},
		Command: ledger.Enrol{Account: p.account, Device: p.device, Alg: ledger.Ed25519, Key: public},
	})
	if err == nil && r.Result != ledger.Applied {
		err = fmt.Errorf("enrolling a phone: %v", r.Result)
	}
	return err
}

// listen opens the live line of a till.
func (b *tillBench) listen(ctx context.Context, t *benchTill) error {
	var seq uint64
	if err := b.n.Read(func(v *node.View) error { seq = v.Head().Seq; return nil }); err != nil {
		return err
	}
	header := http.Header{"Cookie": {t.cookie.Name + "=" + t.cookie.Value}, "Origin": {b.base}}
	address := "ws" + strings.TrimPrefix(b.base, "http") + "/till/live?after=" + strconv.FormatUint(seq, 10)
	line, resp, err := websocket.DefaultDialer.DialContext(ctx, address, header)
	if err != nil {
		if resp != nil {
			err = fmt.Errorf("%s: %w", resp.Status, err)
		}
		return fmt.Errorf("open a live line: %w", err)
	}
	t.line = line
	return resp.Body.Close()
}

// ask has a till ask for an amount and its payer look at the page, and gives
// what confirms the payment.
func (b *tillBench) ask(ctx context.Context, i int, amount ledger.Cents) (confirm func() (time.Duration, error), err error) {
	till, payer := b.tills[i], b.payers[i]
	resp, body, err := b.form(ctx, till.cookie, "/till", url.Values{"amount": {amount.String()}})
	if err != nil {
		return nil, err
	}
	code, err := payreq.Parse(resp.Header.Get("Location")[len("/till/"):])
	if err != nil {
		return nil, fmt.Errorf("the till answers %s: %s", resp.Status, body)
	}
	_, body, err = b.page(ctx, payer.cookie, http.MethodGet, "/P/"+code.String(), nil)
	if err != nil {
		return nil, err
	}
	fields := hidden(body)
	id, err := ledger.ParseID(fields.Get("payment"))
	if err != nil {
		return nil, fmt.Errorf("the page to pay has no payment: %w", err)
	}
	return func() (time.Duration, error) {
		began := time.Now()
		payer.sign(b.n, ledger.Pay{ID: id, From: payer.account, To: till.account, Amount: amount}, fields)
		failed := make(chan error, 1)
		go func() {
			resp, body, err := b.form(ctx, payer.cookie, "/P/"+code.String(), fields)
			if err == nil && resp.StatusCode != http.StatusSeeOther {
				err = fmt.Errorf("paying answers %s: %s", resp.Status, body)
			}
			failed <- err
		}()
		err := till.hears(id)
		took := time.Since(began)
		return took, errors.Join(<-failed, err)
	}, nil
}

// sign puts the phone's signature into the form.
func (p *benchPhone) sign(n *node.Node, pay ledger.Pay, fields url.Values) {
	at := n.Now().Unix()
	sig := ed25519.Sign(p.key, record.PayMessage(n.Settings().Ledger, pay, at))
	fields.Set("device", hex.EncodeToString(p.device[:]))
	fields.Set("at", strconv.FormatInt(at, 10))
	fields.Set("sig", base64.RawURLEncoding.EncodeToString(sig))
}

// hears waits until the till is told of a payment.
func (t *benchTill) hears(id ledger.ID) error {
	if err := t.line.SetReadDeadline(time.Now().Add(tillPatience)); err != nil {
		return err
	}
	for {
		var told struct{ Payment string }
		if err := t.line.ReadJSON(&told); err != nil {
			return fmt.Errorf("wait for a till: %w", err)
		}
		if told.Payment == id.String() {
			return nil
		}
	}
}

// allSigned wants every payment of the phones to have its signature in the
// journal: otherwise something else was measured.
func (b *tillBench) allSigned() error {
	return b.n.Read(func(v *node.View) error {
		for _, p := range b.payers {
			all, err := v.History(p.account, 0, 1)
			if err != nil {
				return err
			}
			if _, isPay := all[0].Command.(ledger.Pay); !isPay || all[0].Auth.Proof == nil {
				return fmt.Errorf("record %d is no payment that a phone signed", all[0].Seq)
			}
		}
		return nil
	})
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([a-z]+)" value="([^"]*)">`)

// hidden are the hidden fields of a page's form.
func hidden(body string) url.Values {
	fields := url.Values{}
	for _, f := range hiddenField.FindAllStringSubmatch(body, -1) {
		fields.Set(f[1], f[2])
	}
	return fields
}

// form sends a form.
func (b *tillBench) form(ctx context.Context, cookie *http.Cookie, path string, fields url.Values) (*http.Response, string, error) {
	return b.page(ctx, cookie, http.MethodPost, path, strings.NewReader(fields.Encode()))
}

// page asks for a page and reads the answer.
func (b *tillBench) page(ctx context.Context, cookie *http.Cookie, method, path string, body io.Reader) (*http.Response, string, error) {
	req, err := http.NewRequestWithContext(ctx, method, b.base+path, body)
	if err != nil {
		return nil, "", err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if cookie != nil {
		req.AddCookie(cookie)
	}
	resp, err := b.client.Do(req)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode >= http.StatusBadRequest {
		err = fmt.Errorf("%s answers %s: %s", path, resp.Status, text)
	}
	return resp, string(text), err
}
