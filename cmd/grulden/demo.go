package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/sample"
	"grulden/internal/store"
	"grulden/internal/vault"
	"grulden/internal/wijkmap"
	"grulden/web"
)

type demoCmd struct {
	Data string `type:"path" placeholder:"DIR" help:"Keep the sample wijk in this folder (default: a temporary one, removed at the end)."`
	Port int    `default:"8080" help:"The port to listen on; 0 for any."`
	Seed uint64 `default:"1" help:"Another number makes another history."`
}

// loginsFile keeps the codes of a sample wijk, so that it can be served again.
const loginsFile = "demo-logins.json"

// Run makes a sample wijk, serves it, and prints where to click.
func (c *demoCmd) Run(a *app) error {
	dir := c.Data
	if dir == "" {
		temporary, err := os.MkdirTemp("", "grulden-demo-*")
		if err != nil {
			return err
		}
		defer os.RemoveAll(temporary)
		dir = filepath.Join(temporary, "wijk")
	}
	d := withKey{inData: inData{dir}}
	logins, err := readLogins(dir)
	if errors.Is(err, fs.ErrNotExist) {
		logins, err = c.make(a, d)
	}
	if err != nil {
		return err
	}
	l, err := openLedger(d, a.clock)
	if err != nil {
		return err
	}
	s := site{app: a, ledger: l, data: dir, demo: true, factor: web.FactorOptional}
	return s.serve(net.JoinHostPort("localhost", strconv.Itoa(c.Port)), func(url string) { a.invite(url, dir, logins) })
}

// make makes the sample wijk in an empty folder.
func (c *demoCmd) make(a *app, d withKey) (logins []sample.Login, err error) {
	a.note("making a sample wijk in %s", d.Data)
	if err := os.MkdirAll(d.Data, 0o700); err != nil {
		return nil, err
	}
	if err := node.Init(d.Data, node.Settings{Coin: "Grulden", Wijk: "Voorbeeldwijk"}, store.Options{}); err != nil {
		return nil, err
	}
	if err := vault.CreateMasterKey(d.keyFile()); err != nil {
		return nil, err
	}
	now := time.Now()
	if a.clock != nil {
		now = a.clock()
	}
	clock := sample.NewClock(now)
	l, err := openLedger(d, clock.Now)
	if err != nil {
		return nil, err
	}
	defer func() {
		if closing := l.close(); err == nil {
			err = closing
		}
	}()
	hash, err := l.pinHash(a.ctx, sample.PIN)
	if err != nil {
		return nil, err
	}
	config := l.config()
	config.BaseURL = "http://localhost"
	if _, err := web.New(config); err != nil { // which knows what can be proposed
		return nil, err
	}
	parts := sample.Parts{Node: l.node, Clock: clock, People: l.people, Bank: l.bank, FourEyes: l.foureyes}
	w, err := sample.Make(a.ctx, parts, hash, c.Seed, a.progress("living 26 weeks"))
	if err != nil {
		return nil, err
	}
	if err := w.LastStatement(filepath.Join(d.Data, sample.StatementFile)); err != nil {
		return nil, err
	}
	if err := l.notices.FromNow(); err != nil { // the past is nobody's news
		return nil, err
	}
	if err := w.Office(a.ctx, l.cash, l.rewards); err != nil {
		return nil, err
	}
	wijk, err := sample.Map()
	if err != nil {
		return nil, err
	}
	if _, err := wijkmap.New(l.node.Store()).Set(wijk); err != nil {
		return nil, err
	}
	text, err := json.Marshal(w.Logins)
	if err != nil {
		return nil, err
	}
	return w.Logins, os.WriteFile(filepath.Join(d.Data, loginsFile), text, 0o600)
}

func readLogins(dir string) (logins []sample.Login, err error) {
	text, err := os.ReadFile(filepath.Join(dir, loginsFile))
	if err != nil {
		return nil, err
	}
	return logins, json.Unmarshal(text, &logins)
}

// invite prints where to click.
func (a *app) invite(url, dir string, logins []sample.Login) {
	what := map[people.Role]string{
		people.Resident: "resident", people.Merchant: "shop", people.Desk: "desk", people.Evaluator: "evaluator",
		people.Cashier: "cashier", people.Helper: "helper", people.Treasurer: "treasurer", people.Board: "board", people.Administrator: "administrator",
	}
	a.say("\nA sample wijk is open. Everybody's PIN is %s.\n\n", sample.PIN)
	for _, l := range logins {
		a.say("  %-13s %s/login?code=%v   (%s)\n", what[l.Role], url, l.Code, l.Name)
	}
	a.say("\nDoes the money go round? The evaluator's link opens the answer, with its charts, the report as a page\n")
	a.say("or a PDF, and the data. What everybody may know is at %s/circulatie: nothing, until under\n", url)
	a.say("%s/report/publish the evaluator proposes figures and the board agrees.\n", url)
	a.say("Doubt it: %s report --data %s --verify FILE\n", os.Args[0], dir)
	a.say("\nCode and PIN are enough here. A real wijk asks shops and staff for a passkey or an app's code too.\n")
	a.say("Use a private window for the second person: one browser is one person.\n")
	a.say("What two people decide waits at %s/desk/proposals: nobody can approve what they asked for.\n", url)
	a.say("For everybody, without a code: %s/reserve, %s/wijkfonds and %s/circulatie\n", url, url, url)
	a.say("A bank statement for the desk to take in: %s\n", filepath.Join(dir, sample.StatementFile))
	a.say("Every page in every state: %s/dev/states\n", url)
	a.note("Ctrl-C ends it, and removes it unless a folder was given: grulden demo --data DIR")
}
