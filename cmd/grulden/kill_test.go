package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	mrand "math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"grulden/internal/node"
	"grulden/internal/payreq"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/ledger"
	"grulden/merchant"
)

// killRounds is how often the server is killed; payers is how many pay meanwhile.
const (
	killRounds = 12
	payers     = 8
)

// market is a ledger with a shop and residents, made before it is served.
type market struct {
	data   withKey
	poster payreq.Code
	codes  []payreq.Code // the residents' cards
}

const marketPIN = "135724"

func newMarket(t *testing.T) *market {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "wijk")
	a := &app{ctx: t.Context(), stdin: bytes.NewReader(nil), stdout: io.Discard, stderr: io.Discard}
	for _, args := range [][]string{{"init", "--data", dir}, {"policy", "--data", dir, "--set"}} {
		if status := a.run(args); status != 0 {
			t.Fatalf("%v: exit status %d", args, status)
		}
	}
	m := &market{data: withKey{inData: inData{dir}}}
	l, err := openLedger(m.data, nil)
	if err != nil {
		t.Fatal(err)
	}
	shop := m.add(t, l, people.Person{Role: people.Merchant, Name: "Eigenaar", Shop: "Bakker"})
	for range payers {
		p := m.add(t, l, people.Person{Role: people.Resident, Name: "Bewoner"})
		r, err := l.node.Submit(t.Context(), node.Request{
			Auth: record.Auth{How: record.ByOperator}, Command: ledger.Issue{To: p.Account, Amount: 1_000_000_00},
		})
		if err != nil || r.Result != ledger.Applied {
			t.Fatal(r.Result, err)
		}
	}
	till := merchant.New(l.node, payreq.NewBook(l.node.Store(), rand.Reader), payreq.NewMint([]byte("a key"), rand.Reader))
	poster, err := till.Poster(shop.Account)
	if err != nil {
		t.Fatal(err)
	}
	m.poster = poster.Code
	if err := l.node.Close(); err != nil {
		t.Fatal(err)
	}
	return m
}

func (m *market) add(t *testing.T, l *opened, p people.Person) people.Person {
	t.Helper()
	p.ID, p.Lang = people.NewID(), "nl"
	p, code, err := l.addPerson(t.Context(), p, marketPIN)
	if err != nil {
		t.Fatal(err)
	}
	if p.Role == people.Resident {
		m.codes = append(m.codes, code)
	}
	return p
}

// server is the real program, serving; it is killed and started again.
type server struct {
	mu      sync.Mutex
	binary  string
	data    string
	address string
	cmd     *exec.Cmd
}

func (s *server) start(t *testing.T) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cmd = exec.Command(s.binary, "serve", "--data", s.data, "--listen", s.address)
	s.cmd.Stderr = io.Discard
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
}

// end ends the server with a signal and waits until it is gone.
func (s *server) end(sig syscall.Signal) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.cmd.Process.Signal(sig); err != nil {
		return err
	}
	return s.cmd.Wait()
}

// buildProgram builds the program itself.
func buildProgram(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "grulden")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return binary
}

// freeAddress is an address on this machine that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// payer pays over HTTP, again and again, each payment until it is acknowledged.
type payer struct {
	paid   *atomic.Int64 // by all payers
	base   string
	code   payreq.Code
	poster payreq.Code
	token  string
	acked  []ledger.ID
	sent   int
}

func (p *payer) post(ctx context.Context, path string, body, answer any) int {
	text, _ := json.Marshal(body)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.base+path, bytes.NewReader(text))
	if err != nil {
		return 0
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+p.token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0
	}
	defer resp.Body.Close()
	if json.NewDecoder(resp.Body).Decode(answer) != nil {
		return 0
	}
	return resp.StatusCode
}

// login signs in, as often as it takes.
func (p *payer) login(ctx context.Context) {
	for ctx.Err() == nil {
		var answer struct{ Token string }
		p.token = ""
		if p.post(ctx, "/api/v1/login", map[string]string{"code": p.code.String(), "pin": marketPIN}, &answer) == http.StatusOK {
			p.token = answer.Token
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func (p *payer) run(ctx context.Context) error {
	p.login(ctx)
	for ctx.Err() == nil {
		var id ledger.ID
		_, _ = rand.Read(id[:])
		p.sent++
		if err := p.pay(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// pay sends one payment until the server says that it is paid.
func (p *payer) pay(ctx context.Context, id ledger.ID) error {
	for ctx.Err() == nil {
		var answer struct{ Code string }
		order := map[string]string{"code": p.poster.String(), "amount": "0.01", "payment": id.String()}
		switch status := p.post(ctx, "/api/v1/payments", order, &answer); {
		case status == http.StatusOK || status == http.StatusCreated:
			p.acked = append(p.acked, id)
			p.paid.Add(1)
			return nil
		case status == http.StatusUnauthorized:
			p.login(ctx)
		case 400 <= status && status < 500 && status != http.StatusTooManyRequests:
			return fmt.Errorf("a payment was refused: %d %s", status, answer.Code)
		default:
			time.Sleep(10 * time.Millisecond)
		}
	}
	return nil
}

// TestKilledUnderLoadItLosesAndDoublesNothing kills the real program with
// SIGKILL, again and again, while people pay.
func TestKilledUnderLoadItLosesAndDoublesNothing(t *testing.T) {
	binary := buildProgram(t)
	m := newMarket(t)
	s := &server{binary: binary, data: m.data.Data, address: freeAddress(t)}
	s.start(t)
	ctx, stop := context.WithTimeout(t.Context(), 4*time.Minute)
	defer stop()
	all := make([]*payer, payers)
	var paid atomic.Int64
	var wg sync.WaitGroup
	for i, code := range m.codes {
		all[i] = &payer{paid: &paid, base: "http://" + s.address, code: code, poster: m.poster}
		wg.Go(func() {
			if err := all[i].run(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	for round := range killRounds {
		// On a busy machine the program may need long to start: every other
		// time it is killed only after it took a payment.
		for before := paid.Load(); round%2 == 0 && paid.Load() == before && ctx.Err() == nil; {
			time.Sleep(10 * time.Millisecond)
		}
		time.Sleep(time.Duration(300+mrand.IntN(900)) * time.Millisecond)
		_ = s.end(syscall.SIGKILL) // it reports that it was killed
		s.start(t)
	}
	time.Sleep(time.Second)
	stop()
	wg.Wait()
	if err := s.end(syscall.SIGTERM); err != nil {
		t.Error("told to stop, it said", err)
	}
	if out, err := exec.Command(binary, "verify", "--data", m.data.Data).CombinedOutput(); err != nil {
		t.Fatalf("verify: %v\n%s", err, out)
	}
	m.check(t, all)
}

// check holds what was acknowledged against what is in the ledger.
func (m *market) check(t *testing.T, all []*payer) {
	t.Helper()
	l, err := openLedger(m.data, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer l.node.Close()
	paid := make(map[ledger.ID]int)
	err = l.node.Read(func(v *node.View) error {
		return v.Records(1, func(r *record.Record) error {
			if pay, ok := r.Command.(ledger.Pay); ok {
				paid[pay.ID]++
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	acked, sent := 0, 0
	for _, p := range all {
		sent += p.sent
		acked += len(p.acked)
		for _, id := range p.acked {
			if paid[id] != 1 {
				t.Errorf("payment %v was acknowledged and is there %d times", id, paid[id])
			}
		}
	}
	if len(paid) > sent || acked < 10*killRounds {
		t.Errorf("%d payments were sent, %d acknowledged, %d are in the ledger", sent, acked, len(paid))
	}
	t.Logf("killed %d times: %d payments sent, %d acknowledged, %d in the ledger", killRounds, sent, acked, len(paid))
}

// TestCommandsWorkWhileTheLedgerIsServed types commands in another folder than
// the server's: paths mean what the person who types them means.
func TestCommandsWorkWhileTheLedgerIsServed(t *testing.T) {
	binary, m := buildProgram(t), newMarket(t)
	s := &server{binary: binary, data: m.data.Data, address: freeAddress(t)}
	s.start(t)
	here := t.TempDir()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if _, err := os.Stat(filepath.Join(m.data.Data, socketName)); err == nil {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the server does not listen for commands")
		}
	}
	for _, args := range [][]string{{"balances"}, {"report"}, {"export", "--format", "hledger"}, {"backup", "--to", "here.backup"}} {
		cmd := exec.Command(binary, append(args, "--data", m.data.Data)...)
		cmd.Dir = here
		if out, err := cmd.CombinedOutput(); err != nil || len(out) == 0 {
			t.Errorf("%v: %v\n%s", args, err, out)
		}
	}
	if _, err := os.Stat(filepath.Join(here, "here.backup")); err != nil {
		t.Error("the backup is not where it was asked for:", err)
	}
	cmd := exec.Command(binary, "replay", "--data", m.data.Data, "nowhere.jsonl")
	cmd.Dir = here
	if out, err := cmd.CombinedOutput(); err == nil || !bytes.Contains(out, []byte(filepath.Join(here, "nowhere.jsonl"))) {
		t.Errorf("a file that is not there: %v\n%s", err, out)
	}
	if err := s.end(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
}
