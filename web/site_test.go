package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"golang.org/x/net/html"

	"grulden/internal/auth"
	"grulden/internal/bank"
	"grulden/internal/cash"
	"grulden/internal/coupon"
	"grulden/internal/foureyes"
	"grulden/internal/logbook"
	"grulden/internal/node"
	"grulden/internal/notice"
	"grulden/internal/payreq"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/internal/report"
	"grulden/internal/rewards"
	"grulden/internal/store"
	"grulden/internal/vault"
	"grulden/ledger"
)

// pin is everybody's PIN in these tests.
const pin = "4071"

// site is a whole site on a disk in memory, with a clock that tests move.
type site struct {
	t       *testing.T
	clock   *clock
	node    *node.Node
	people  *people.Directory
	bank    *bank.Bank
	cash    *cash.Box
	notices *notice.Post
	server  *Server
	http    *httptest.Server
	hash    string
	cards   map[people.ID]payreq.Code
	log     *syncBuffer
	disk    *disk
}

// disk is a disk in memory that can be full.
type disk struct {
	*vfs.MemFS
	full atomic.Bool
}

// GetDiskUsage implements vfs.FS.
func (d *disk) GetDiskUsage(string) (vfs.DiskUsage, error) {
	if d.full.Load() {
		return vfs.DiskUsage{}, nil
	}
	return vfs.DiskUsage{AvailBytes: 1 << 30}, nil
}

// fillDisk fills the disk and waits until the store notices.
func (s *site) fillDisk() {
	s.t.Helper()
	s.disk.full.Store(true)
	for start := time.Now(); s.node.Store().Writable() == nil; time.Sleep(10 * time.Millisecond) {
		if time.Since(start) > 5*time.Second {
			s.t.Fatal("the store does not notice that the disk is full")
		}
	}
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// syncBuffer is a log that many goroutines write to.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// newSite makes a site whose ledger has its rules. change, if not nil, changes
// the configuration.
func newSite(t *testing.T, change func(*Config)) *site {
	t.Helper()
	s := &site{
		t: t, clock: &clock{now: time.Date(2026, 3, 2, 11, 0, 0, 0, time.UTC)},
		cards: make(map[people.ID]payreq.Code), log: &syncBuffer{}, disk: &disk{MemFS: vfs.NewMem()},
	}
	options := store.Options{FS: s.disk, MinFreeBytes: 1 << 20}
	if err := node.Init("wijk", node.Settings{Coin: "Grulden", Wijk: "De Hoogte"}, options); err != nil {
		t.Fatal(err)
	}
	var err error
	if s.node, err = node.Open("wijk", node.Options{Store: options, Clock: s.clock.Now}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.node.Close(); err != nil {
			t.Error(err)
		}
	})
	v := s.openVault()
	s.people = people.New(v)
	if s.bank, err = bank.New(s.node, v, s.people); err != nil {
		t.Fatal(err)
	}
	s.serve(v, change)
	s.submit(ledger.SetPolicy{Policy: ledger.DefaultPolicy()})
	return s
}

func (s *site) openVault() *vault.Vault {
	s.t.Helper()
	file := filepath.Join(s.t.TempDir(), "master.key")
	if err := vault.CreateMasterKey(file); err != nil {
		s.t.Fatal(err)
	}
	key, err := vault.LoadMasterKey(file)
	if err != nil {
		s.t.Fatal(err)
	}
	v, err := vault.New(s.node.Store(), key)
	if err != nil {
		s.t.Fatal(err)
	}
	return v
}

func (s *site) serve(v *vault.Vault, change func(*Config)) {
	s.t.Helper()
	s.http = httptest.NewUnstartedServer(nil)
	book, err := logbook.New(s.node, v)
	if err != nil {
		s.t.Fatal(err)
	}
	desk, err := foureyes.New(s.node, v, s.people, book)
	if err != nil {
		s.t.Fatal(err)
	}
	if s.cash, err = cash.New(s.node, v, s.people, s.bank, book); err != nil {
		s.t.Fatal(err)
	}
	given, err := rewards.New(s.node, v, s.bank)
	if err != nil {
		s.t.Fatal(err)
	}
	if s.notices, err = notice.New(s.node, v, s.people); err != nil {
		s.t.Fatal(err)
	}
	papers, err := coupon.New(s.node, v, s.people)
	if err != nil {
		s.t.Fatal(err)
	}
	sums, err := report.OpenKeeper(s.node)
	if err != nil {
		s.t.Fatal(err)
	}
	sums.Ask(s.people.SectorOf)
	c := Config{
		Notices: s.notices, Figures: sums,
		Node: s.node, People: s.people, Vault: v, Bank: s.bank, Cash: s.cash, Rewards: given, Coupons: papers, BaseURL: "http://" + s.http.Listener.Addr().String(),
		Logbook: book, FourEyes: desk,
		SecondFactor: FactorOptional, // the tests of second factors ask for them
		Log:          slog.New(slog.NewJSONHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if change != nil {
		change(&c)
	}
	if s.server, err = New(c); err != nil {
		s.t.Fatal(err)
	}
	hasher, err := auth.NewHasher(Pepper(v), 1, rand.Reader)
	if err != nil {
		s.t.Fatal(err)
	}
	if s.hash, err = hasher.Hash(context.Background(), pin); err != nil {
		s.t.Fatal(err)
	}
	s.http.Config.Handler = s.server.Handler()
	s.http.Start()
	s.t.Cleanup(func() {
		s.server.stop()
		s.http.Close()
	})
}

// submit applies a command that must be within the rules.
func (s *site) submit(cmd ledger.Command) node.Receipt {
	s.t.Helper()
	r, err := s.node.Submit(context.Background(), node.Request{Auth: record.Auth{How: record.ByOperator}, Command: cmd})
	if err != nil || r.Result != ledger.Applied {
		s.t.Fatalf("%+v: %v, %v", cmd, r.Result, err)
	}
	return r
}

// add adds somebody who has so many cents to begin with.
func (s *site) add(p people.Person, cents ledger.Cents) people.Person {
	s.t.Helper()
	p.ID = people.NewID()
	if p.Role == people.Cashier && p.Works == (people.ID{}) {
		p.Works = s.shop("Winkel").ID
	}
	p, code, err := s.people.Add(p, s.hash, s.clock.Now())
	if err != nil {
		s.t.Fatal(err)
	}
	s.cards[p.ID] = code
	if p.Role.HasPurse() {
		s.submit(ledger.Open{Account: p.Account, Owner: p.Owner, Role: string(p.Role)})
	}
	if cents > 0 {
		s.submit(ledger.Issue{To: p.Account, Amount: cents})
	}
	return p
}

func (s *site) resident(name string, cents ledger.Cents) people.Person {
	s.t.Helper()
	return s.add(people.Person{Role: people.Resident, Name: name}, cents)
}

func (s *site) shop(name string) people.Person {
	s.t.Helper()
	return s.add(people.Person{
		Role: people.Merchant, Name: "Baas van " + name, Shop: name, Address: "Voorbeeldstraat 1", IBAN: "NL91ABNA0417164300",
		Vouched: true, NameCheck: people.NameCheck{On: s.clock.Now(), Result: people.NameMatches},
	}, 0)
}

// spendable is what somebody can spend, straight from the ledger.
func (s *site) spendable(p people.Person) ledger.Cents {
	s.t.Helper()
	home, err := s.server.wallet.Home(p.Account)
	if err != nil {
		s.t.Fatal(err)
	}
	return home.Spendable
}

// browser is one person's browser: it keeps cookies and follows no redirects
// by itself.
type browser struct {
	t      *testing.T
	base   string
	client *http.Client
}

func (s *site) browser() *browser {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return &browser{t: s.t, base: s.http.URL, client: &http.Client{
		Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{MaxIdleConnsPerHost: 100},
	}}
}

// login is a browser in which somebody signed in.
func (s *site) login(p people.Person) *browser {
	s.t.Helper()
	b := s.browser()
	r := b.post("/login", url.Values{"code": {s.cards[p.ID].String()}, "pin": {pin}})
	if r.status != http.StatusSeeOther {
		s.t.Fatalf("login: %d\n%s", r.status, r.text)
	}
	return b
}

// reply is what a browser got.
type reply struct {
	t      *testing.T
	status int
	header http.Header
	text   string
}

// sendForm sends a form with a file in it as a browser does.
func (b *browser) sendForm(path string, f url.Values, name string, file []byte) reply {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for key, values := range f {
		for _, value := range values {
			if err := w.WriteField(key, value); err != nil {
				b.t.Fatal(err)
			}
		}
	}
	part, err := w.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(file)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		b.t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, b.base+path, &body)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	return b.do(r)
}

func (b *browser) do(r *http.Request) reply {
	b.t.Helper()
	res, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return reply{b.t, res.StatusCode, res.Header, string(text)}
}

func (b *browser) get(path string) reply {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodGet, b.base+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.do(r)
}

func (b *browser) post(path string, form url.Values) reply {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodPost, b.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(r)
}

// page gets an address that must answer with a page.
func (b *browser) page(path string) reply {
	b.t.Helper()
	r := b.get(path)
	if r.status != http.StatusOK {
		b.t.Fatalf("GET %s: %d, want 200\n%s", path, r.status, r.text)
	}
	return r
}

// to is where a redirect leads.
func (r reply) to() string { return r.header.Get("Location") }

// want checks the status.
func (r reply) want(status int) reply {
	r.t.Helper()
	if r.status != status {
		r.t.Fatalf("status %d, want %d\n%s", r.status, status, r.text)
	}
	return r
}

// shows checks that the page says all these, in words a reader sees.
func (r reply) shows(texts ...string) reply {
	r.t.Helper()
	seen := r.words()
	for _, text := range texts {
		if !strings.Contains(seen, text) {
			r.t.Fatalf("the page does not show %q:\n%s", text, seen)
		}
	}
	return r
}

// hides checks that the page says none of these anywhere, marked up or not.
func (r reply) hides(texts ...string) reply {
	r.t.Helper()
	for _, text := range texts {
		if strings.Contains(r.text, text) {
			r.t.Fatalf("the page holds %q:\n%s", text, r.text)
		}
	}
	return r
}

func (r reply) parse() *html.Node {
	r.t.Helper()
	doc, err := html.Parse(strings.NewReader(r.text))
	if err != nil {
		r.t.Fatal(err)
	}
	return doc
}

// words is the text of the page with single spaces.
func (r reply) words() string {
	r.t.Helper()
	var b strings.Builder
	for n := range r.parse().Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "title" && n.Parent.Data != "noscript" {
			b.WriteString(n.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// attr is an attribute of an element, empty when it has none.
func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// byID finds an element, nil when there is none.
func (r reply) byID(id string) *html.Node {
	r.t.Helper()
	for n := range r.parse().Descendants() {
		if n.Type == html.ElementNode && attr(n, "id") == id {
			return n
		}
	}
	return nil
}

// wordsOf is the text of one element.
func (r reply) wordsOf(id string) string {
	r.t.Helper()
	n := r.byID(id)
	if n == nil {
		r.t.Fatalf("the page has no #%s:\n%s", id, r.text)
	}
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// form gives the fields of the form that is sent to an address, as a browser
// would send them.
func (r reply) form(action string) url.Values {
	r.t.Helper()
	for n := range r.parse().Descendants() {
		if n.Type == html.ElementNode && n.Data == "form" && attr(n, "action") == action {
			values := url.Values{}
			for d := range n.Descendants() {
				if name := attr(d, "name"); d.Type == html.ElementNode && name != "" {
					switch d.Data {
					case "input":
						values.Add(name, attr(d, "value"))
					case "textarea", "select":
						values.Add(name, filledIn(d))
					}
				}
			}
			return values
		}
	}
	r.t.Fatalf("the page has no form for %s:\n%s", action, r.text)
	return nil
}

// filledIn is what a text area or a list of choices sends.
func filledIn(n *html.Node) (text string) {
	for d := range n.Descendants() {
		switch {
		case n.Data == "textarea" && d.Type == html.TextNode:
			text += d.Data
		case d.Data == "option" && (text == "" || slices.ContainsFunc(d.Attr, func(a html.Attribute) bool { return a.Key == "selected" })):
			text = attr(d, "value")
		}
	}
	return text
}

// hasForm tells whether the page can send something to an address.
func (r reply) hasForm(action string) bool {
	r.t.Helper()
	for n := range r.parse().Descendants() {
		if n.Type == html.ElementNode && n.Data == "form" && attr(n, "action") == action {
			return true
		}
	}
	return false
}
