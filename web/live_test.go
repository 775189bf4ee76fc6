package web

import (
	"context"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"grulden/internal/people"
	"grulden/ledger"
)

// second is how soon a till must hear of a payment.
const second = time.Second

// hear opens the live connection of a till that knows the ledger up to after.
func (b *browser) hear(after uint64, header http.Header) (*websocket.Conn, *http.Response, error) {
	b.t.Helper()
	dialer := websocket.Dialer{Jar: b.client.Jar, HandshakeTimeout: 5 * time.Second}
	address := "ws" + strings.TrimPrefix(b.base, "http") + "/till/live?after=" + strconv.FormatUint(after, 10)
	conn, res, err := dialer.Dial(address, header)
	if conn != nil {
		b.t.Cleanup(func() { _ = conn.Close() }) // some tests close it themselves
	}
	return conn, res, err
}

func (b *browser) mustHear(after uint64) *websocket.Conn {
	b.t.Helper()
	conn, _, err := b.hear(after, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return conn
}

// next is what the till hears next, within a second.
func next(t *testing.T, conn *websocket.Conn) liveMessage {
	t.Helper()
	if err := conn.SetReadDeadline(time.Now().Add(second)); err != nil {
		t.Fatal(err)
	}
	var m liveMessage
	if err := conn.ReadJSON(&m); err != nil {
		t.Fatalf("nothing heard within a second: %v", err)
	}
	return m
}

// wantEnd wants the server to hang up with a code.
func wantEnd(t *testing.T, conn *websocket.Conn, code int) {
	t.Helper()
	if err := conn.SetReadDeadline(time.Now().Add(5 * second)); err != nil {
		t.Fatal(err)
	}
	for {
		if _, _, err := conn.ReadMessage(); err != nil {
			if !websocket.IsCloseError(err, code) {
				t.Fatalf("the line ended with %v, want code %d", err, code)
			}
			return
		}
	}
}

// tillSite is a site with a resident, a shop and the shop's till.
func tillSite(t *testing.T) (s *site, anna, bakker people.Person, till *browser) {
	t.Helper()
	s = newSite(t, nil)
	anna, bakker = s.resident("Anna", 50000), s.shop("Bakker")
	return s, anna, bakker, s.login(bakker)
}

func (s *site) pays(from, to people.Person, id byte, amount ledger.Cents) uint64 {
	s.t.Helper()
	return s.submit(ledger.Pay{ID: ledger.ID{id}, From: from.Account, To: to.Account, Amount: amount}).Seq
}

func TestTheTillHearsOfItsPaymentWithinASecond(t *testing.T) {
	s, anna, _, till := tillSite(t)
	code := askFor(t, till, "4,50")
	page := till.page("/till/" + code)
	node := page.byID("till")
	after, err := strconv.ParseUint(attr(node, "data-seq"), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	conn := till.mustHear(after)
	b := s.login(anna)
	b.post("/P/"+code, b.page("/P/"+code).form("/P/"+code)).want(http.StatusSeeOther)
	m := next(t, conn)
	if m.Payment != attr(node, "data-payment") || m.Amount != "4,50" || m.At != "om 12:00" || m.Seq <= after {
		t.Errorf("heard %+v, want payment %s", m, attr(node, "data-payment"))
	}
}

func TestATillThatWasAwayHearsWhatItMissedOnceAndInOrder(t *testing.T) {
	s, anna, bakker, till := tillSite(t)
	first := s.pays(anna, bakker, 1, 100)
	conn := till.mustHear(0)
	if m := next(t, conn); m.Seq != first {
		t.Fatalf("heard %+v, want entry %d", m, first)
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	second, third := s.pays(anna, bakker, 2, 200), s.pays(anna, bakker, 3, 300)
	conn = till.mustHear(first)
	fourth := s.pays(anna, bakker, 4, 400)
	for _, want := range []uint64{second, third, fourth} {
		if m := next(t, conn); m.Seq != want {
			t.Fatalf("heard %+v, want entry %d", m, want)
		}
	}
}

func TestATillHearsOfNothingButItsOwnReceipts(t *testing.T) {
	s, anna, bakker, till := tillSite(t)
	kapper := s.shop("Kapper")
	conn := till.mustHear(0)
	s.pays(anna, kapper, 1, 100)
	s.pays(anna, bakker, 2, 200)
	s.pays(bakker, kapper, 3, 50)
	last := s.pays(anna, bakker, 4, 300)
	if m := next(t, conn); m.Payment != (ledger.ID{2}).String() {
		t.Fatalf("heard %+v, want payment 2", m)
	}
	if m := next(t, conn); m.Seq != last {
		t.Fatalf("heard %+v, want entry %d", m, last)
	}
}

func TestManyPaymentsAtOnceAllArrive(t *testing.T) {
	s, anna, bakker, till := tillSite(t)
	conn := till.mustHear(0)
	const many = 90
	for i := range byte(many) {
		s.pays(anna, bakker, i+1, 10)
	}
	for i := range byte(many) {
		if m := next(t, conn); m.Payment != (ledger.ID{i + 1}).String() {
			t.Fatalf("heard %+v as number %d", m, i+1)
		}
	}
}

func TestATillThatIsFarBehindStartsAfresh(t *testing.T) {
	s, anna, bakker, till := tillSite(t)
	for i := range byte(120) {
		s.pays(anna, bakker, i+1, 10)
	}
	wantEnd(t, till.mustHear(0), websocket.ClosePolicyViolation)
}

func TestOnlyAShopOnItsOwnSiteMayListen(t *testing.T) {
	s, anna, _, till := tillSite(t)
	for name, tt := range map[string]struct {
		b      *browser
		header http.Header
		want   int
	}{
		"nobody":         {s.browser(), nil, http.StatusUnauthorized},
		"a resident":     {s.login(anna), nil, http.StatusForbidden},
		"another origin": {till, http.Header{"Origin": {"https://evil.example"}}, http.StatusForbidden},
	} {
		conn, res, err := tt.b.hear(0, tt.header)
		if conn != nil || res == nil || res.StatusCode != tt.want {
			t.Errorf("%s: %v, %v; want %d", name, res, err, tt.want)
		}
	}
	if r := till.get("/till/live?after=x"); r.status != http.StatusBadRequest {
		t.Errorf("after=x: %d", r.status)
	}
}

func TestLiveLinesEndWithTheServer(t *testing.T) {
	s, _, _, till := tillSite(t)
	conn := till.mustHear(0)
	s.server.stop()
	wantEnd(t, conn, websocket.CloseServiceRestart)
}

func TestASignedOutTillIsNotRecognised(t *testing.T) {
	s, _, bakker, till := tillSite(t)
	r, err := http.NewRequest(http.MethodGet, s.http.URL+"/till/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range till.client.Jar.Cookies(mustURL(t, s.http.URL)) {
		r.AddCookie(c)
	}
	v, err := s.server.listener(r)
	if err != nil {
		t.Fatal(err)
	}
	l := &liveLine{s: s.server, request: r, visit: v}
	if code := l.recognise(); code != 0 {
		t.Fatalf("a till that is signed in is hung up on with %d", code)
	}
	if _, _, err := s.people.NewCard(bakker.ID); err != nil {
		t.Fatal(err)
	}
	if code := l.recognise(); code != websocket.ClosePolicyViolation {
		t.Errorf("a till whose card was replaced: %d", code)
	}
}

func TestServeAnswersUntilItIsStopped(t *testing.T) {
	s := newSite(t, nil)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.server.Serve(ctx, listener) }()
	b := s.browser()
	b.base = "http://" + listener.Addr().String()
	b.page("/healthz").shows("ok")
	cancel()
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("Serve = %v, want nil after being stopped", err)
		}
	case <-time.After(5 * second):
		t.Fatal("Serve goes on after being stopped")
	}
}

func TestServeReportsAListenerThatBreaks(t *testing.T) {
	s := newSite(t, nil)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.server.Serve(context.Background(), listener); err == nil {
		t.Error("Serve on a closed listener returned nil")
	}
}

func TestWhatHasExpiredIsSweptAway(t *testing.T) {
	s := newSite(t, nil)
	till := s.login(s.shop("Bakker"))
	code := askFor(t, till, "4,50")
	s.clock.add(24 * time.Hour)
	s.server.sweep(time.Now())
	till.page("/till/" + code) // expired, and still known for a day
	s.clock.add(time.Hour)
	s.server.sweep(time.Now())
	till.get("/till/" + code).want(http.StatusNotFound)
	s.server.sweep(time.Now().AddDate(0, 2, 0))
	till.get("/till").want(http.StatusSeeOther) // the session is over
	if log := s.log.String(); strings.Contains(log, `"sweep"`) {
		t.Error(log)
	}
}

func TestWalletPages(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 5000), s.shop("Bakker")
	b := s.login(anna)
	b.page("/wallet").shows(
		"U kunt nu uitgeven 50,00 Grulden",
		"Geef vóór 2 april 50,00 Grulden uit, dan gaat er die dag niets af.", "Anders gaat er 0,01 Grulden af. Dat geld is voor de wijk.",
		"Opgeladen met euro’s",
	)
	for i := range byte(60) {
		s.pays(anna, bakker, i+1, 10)
	}
	page := b.page("/history").shows("U kunt nu 44,00 Grulden uitgeven.", "Oudere betalingen")
	if n := strings.Count(page.words(), "Bakker"); n != pageLines {
		t.Errorf("%d lines on the first page, want %d", n, pageLines)
	}
	var older string
	for n := range page.parse().Descendants() {
		if strings.HasPrefix(attr(n, "href"), "/history?") {
			older = attr(n, "href")
		}
	}
	rest := b.page(older).shows("Opgeladen met euro’s", "+50,00")
	if n := strings.Count(rest.words(), "Bakker"); n != 10 {
		t.Errorf("%d payments on the second page, want 10", n)
	}
	b.get("/history?before=x").want(http.StatusBadRequest)
	b.get("/history?before=1").want(http.StatusOK).shows("Er zijn nog geen betalingen.")
}
