package web

import (
	"net/http"
	"strconv"
	"time"

	"github.com/gorilla/websocket"

	"grulden/internal/node"
	"grulden/internal/record"
	"grulden/web/page"
)

// Bounds of the live connections of tills.
const (
	maxListeners = 2000             // at the same time
	liveTick     = 20 * time.Second // something is said this often, so that silence means a dead line
	liveWrite    = 10 * time.Second
	maxHeard     = 512 // bytes a till may say at once; it has nothing to say
)

// liveMessage is what a till hears: how far the ledger is, and if Payment is
// set, a payment that came in. Amount and At are formatted for people.
type liveMessage struct {
	Seq     uint64 `json:"seq"`
	Payment string `json:"payment,omitempty"`
	Amount  string `json:"amount,omitempty"`
	At      string `json:"at,omitempty"`
}

// serveLive is the adapter for the live connection. It reads the session and
// does not write it, because the connection leaves HTTP behind.
func (s *Server) serveLive(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v, err := s.listener(r)
		if err == nil {
			err = admit(rt, v)
		}
		if err == nil {
			err = rt.live(s, w, r, v)
		}
		if err != nil {
			a := answerTo(err)
			s.logFault(r, a, err)
			http.Error(w, http.StatusText(a.status), a.status)
		}
	})
}

// listener finds out who is behind a request for a live connection, as of now.
func (s *Server) listener(r *http.Request) (visit, error) {
	v := visit{lang: page.Dutch, how: record.ByPIN}
	token := ""
	if c, err := r.Cookie(s.sessions.Cookie.Name); err == nil {
		token = c.Value
	}
	ctx, err := s.sessions.Load(r.Context(), token)
	if err != nil {
		return v, err
	}
	err = s.recognise(&v, r.WithContext(ctx), usePages)
	v.lang = page.ParseLang(v.person.Lang)
	return v, err
}

// live tells a till of the payments that come in, from the entry on that it
// knows already. Events of the ledger only ring the bell; what is told is read
// from the ledger itself, so nothing is missed and nothing is told twice.
func (s *Server) live(w http.ResponseWriter, r *http.Request, v visit) error {
	select {
	case s.listeners <- struct{}{}:
		defer func() { <-s.listeners }()
	default:
		return node.ErrBusy
	}
	after, err := strconv.ParseUint(r.URL.Query().Get("after"), 10, 64)
	if err != nil {
		return errBadForm
	}
	conn, err := s.upgrader.Upgrade(w, r, nil)
	if err != nil {
		return nil // the upgrader has answered already
	}
	l := &liveLine{s: s, conn: conn, request: r, visit: v, after: after}
	l.run()
	return nil
}

// liveLine is one live connection. Only run writes to it.
type liveLine struct {
	s       *Server
	conn    *websocket.Conn
	request *http.Request
	visit   visit
	after   uint64 // the last entry that the till knows
}

// run tells until the till hangs up, the session ends, or the server stops.
func (l *liveLine) run() {
	defer func() { _ = l.conn.Close() }() // nobody is left to hear of it
	bell, unsubscribe := l.s.node.Subscribe(l.visit.purse.Account)
	defer unsubscribe()
	gone := make(chan struct{})
	go l.listen(gone)
	tick := time.NewTicker(liveTick)
	defer tick.Stop()
	for code := l.catchUp(); ; {
		if code != 0 {
			l.hangUp(code)
			return
		}
		select {
		case _, open := <-bell:
			if code = l.catchUp(); !open && code == 0 {
				code = websocket.CloseTryAgainLater // too slow to follow; the till comes back
			}
		case <-tick.C:
			if code = l.recognise(); code == 0 {
				code = l.say(liveMessage{Seq: l.after})
			}
		case <-gone:
			return
		case <-l.s.stopping.Done():
			code = websocket.CloseServiceRestart
		}
	}
}

// listen reads until the line breaks, so that pongs and the end are noticed.
func (l *liveLine) listen(gone chan<- struct{}) {
	defer close(gone)
	l.conn.SetReadLimit(maxHeard)
	for {
		if _, _, err := l.conn.ReadMessage(); err != nil {
			return
		}
	}
}

// catchUp tells all payments after the last one told. It returns the code to
// hang up with, zero to go on.
func (l *liveLine) catchUp() int {
	arrivals, last, complete, err := l.s.till.Arrivals(l.visit.purse.Account, l.after)
	if err != nil {
		l.s.log.Error("live till", "error", err)
		return websocket.CloseInternalServerErr
	}
	if !complete {
		return websocket.ClosePolicyViolation // too far behind: the page must be read afresh
	}
	lang := l.visit.lang
	for _, a := range arrivals {
		code := l.say(liveMessage{
			Seq: a.Seq, Payment: a.Payment.String(), Amount: lang.Money(int64(a.Amount)), At: atText(lang, a.At),
		})
		if code != 0 {
			return code
		}
	}
	l.after = max(l.after, last)
	return 0
}

// recognise looks whether the session still holds.
func (l *liveLine) recognise() int {
	v, err := l.s.listener(l.request)
	if err != nil {
		return websocket.CloseInternalServerErr
	}
	if !v.signedIn || v.person.ID != l.visit.person.ID || v.purse.Account != l.visit.purse.Account {
		return websocket.ClosePolicyViolation
	}
	l.visit = v
	return 0
}

// say sends one message. A line that does not take it is given up.
func (l *liveLine) say(m liveMessage) int {
	if err := l.conn.SetWriteDeadline(time.Now().Add(liveWrite)); err != nil {
		return websocket.CloseGoingAway
	}
	if err := l.conn.WriteJSON(m); err != nil {
		return websocket.CloseGoingAway
	}
	return 0
}

// hangUp says why and ends.
func (l *liveLine) hangUp(code int) {
	_ = l.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(time.Second))
}
