// Package web answers browsers and programs: HTML pages for residents, shops,
// the desk and evaluators, a JSON API beside them, and the live till.
//
// Handlers translate and decide nothing: they parse what was sent, call one
// function of package wallet or merchant, and show what came of it. Who may
// call what stands in one table (routes.go), and what each refusal of the
// ledger looks like in another (answers.go).
package web

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/gorilla/websocket"

	"grulden/internal/auth"
	"grulden/internal/bank"
	"grulden/internal/cash"
	"grulden/internal/coupon"
	"grulden/internal/disclosure"
	"grulden/internal/foureyes"
	"grulden/internal/fund"
	"grulden/internal/logbook"
	"grulden/internal/node"
	"grulden/internal/notice"
	"grulden/internal/payreq"
	"grulden/internal/people"
	"grulden/internal/report"
	"grulden/internal/rewards"
	"grulden/internal/vault"
	"grulden/internal/vitals"
	"grulden/internal/wijkmap"
	"grulden/internal/worth"
	"grulden/merchant"
	"grulden/wallet"
	"grulden/web/page"
	"grulden/web/static"
)

// Config is what a Server needs. The names of coin and wijk and the time come
// from the node.
type Config struct {
	Node    *node.Node
	People  *people.Directory
	Vault   *vault.Vault
	Bank    *bank.Bank
	Cash    *cash.Box
	Coupons *coupon.Book
	Rewards *rewards.Book
	// Figures keeps the sums that reports are made of.
	Figures *report.Keeper

	Logbook  *logbook.Book
	FourEyes *foureyes.Desk
	// Notices is what people are told.
	Notices *notice.Post
	// Mail sends e-mail. Optional: nobody is told by e-mail.
	Mail *notice.Mailer
	// BaseURL is the public address of the site without a path, such as
	// https://grulden.example. It stands in QR codes and decides about cookies.
	BaseURL string
	// Log gets one line per request and per fault, without anything personal.
	// Optional: slog.Default().
	Log *slog.Logger
	// Demo opens the gallery of all pages at /dev/states. Optional.
	Demo bool
	// Limits are Optional: the zero value stands for DefaultLimits.
	Limits Limits
	// SecondFactor says who must have a second factor; the zero value asks it
	// of shops and staff.
	SecondFactor SecondFactor
}

// Times after which a connection that does nothing useful is ended.
const (
	headerTimeout = 5 * time.Second
	readTimeout   = 30 * time.Second
	writeTimeout  = 60 * time.Second
	idleTimeout   = 2 * time.Minute
	goodbye       = 10 * time.Second // for requests under way when the server stops
	sweepEvery    = time.Hour
	sumEvery      = 10 * time.Second // how far the sums of days may be behind
	maxHeader     = 16 << 10         // bytes
	limiterKeys   = 10_000           // addresses or persons that a limiter remembers
)

// Server serves one ledger.
type Server struct {
	node    *node.Node
	people  *people.Directory
	vault   *vault.Vault
	bank    *bank.Bank
	cash    *cash.Box
	coupons *coupon.Book
	rewards *rewards.Book
	sums    *report.Keeper

	releases *disclosure.Book
	notices  *notice.Post
	mailer   *notice.Mailer // nil: no e-mail is sent
	book     *payreq.Book
	wallet   *wallet.Wallet
	till     *merchant.Till
	orders   *wallet.Orders

	wijkmap *wijkmap.Book

	logbook  *logbook.Book
	foureyes *foureyes.Desk
	fund     *fund.Fund
	worth    *worth.Book

	hasher   *auth.Hasher
	passkeys *auth.Passkeys // nil at an address for which browsers make none
	tries    *auth.Tries
	sessions *scs.SessionManager
	limiters
	cards cardsAtHand // that lie at a till

	pages    *page.Renderer
	broken   map[page.Lang][]byte // the page for faults, made beforehand
	assets   *static.Assets
	upgrader websocket.Upgrader
	log      *slog.Logger
	vitals   *vitals.Vitals
	origin   string // scheme and host, as in the address bar
	handler  http.Handler
	demo     bool

	factorNeeded bool // shops and staff must have a second factor

	stopping  context.Context // ends the live connections
	stop      func()          // ends them, and waits until they have ended
	listeners chan struct{}   // one token per live connection
	volume    volumeMeter
	figures   figures
	public    publicFiles
	reporting chan struct{} // one token for the report being made
	trying    *trying
	ordered   chan struct{} // rings when something was ordered
}

// Pepper is the secret with which PINs are hashed besides their salt. It
// follows from the vault's keys, so it is not in the database.
func Pepper(v *vault.Vault) []byte {
	pepper := v.HMAC16("pepper", "PIN")
	return pepper[:]
}

// New makes a server; it does not listen yet.
func New(c Config) (*Server, error) {
	base, err := url.Parse(c.BaseURL)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" || strings.Trim(base.Path, "/") != "" {
		return nil, fmt.Errorf("base URL %q must be http:// or https:// and a host, without a path", c.BaseURL)
	}
	limits := c.Limits.filled()
	hasher, err := auth.NewHasher(Pepper(c.Vault), limits.Hashes, rand.Reader)
	if err != nil {
		return nil, err
	}
	db := c.Node.Store()
	mintKey := c.Vault.HMAC16("mint", "payment ids")
	book, mint := payreq.NewBook(db, rand.Reader), payreq.NewMint(mintKey[:], rand.Reader)
	s := &Server{
		notices: c.Notices, mailer: c.Mail,
		node: c.Node, people: c.People, vault: c.Vault, bank: c.Bank, cash: c.Cash, rewards: c.Rewards, coupons: c.Coupons, sums: c.Figures, releases: disclosure.Open(c.Node, c.Figures),
		book: book, wallet: wallet.New(c.Node, book, mint), till: merchant.New(c.Node, book, mint),
		hasher: hasher, tries: auth.NewTries(db), sessions: auth.NewSessions(db, c.BaseURL),
		logbook: c.Logbook, foureyes: c.FourEyes, fund: fund.New(c.Node), worth: worth.NewBook(db),
		demo:     c.Demo,
		limiters: newLimiters(limits),
		log:      c.Log,
		origin:   base.Scheme + "://" + base.Host, factorNeeded: c.SecondFactor == FactorRequired,
		wijkmap:   wijkmap.New(db),
		listeners: make(chan struct{}, maxListeners), reporting: make(chan struct{}, 1), trying: newTrying(),
		ordered: make(chan struct{}, 1),
	}
	if s.log == nil {
		s.log = slog.Default()
	}
	if s.orders, err = wallet.NewOrders(s.wallet, c.Vault, c.People); err != nil {
		return nil, err
	}
	set := c.Node.Settings()
	if s.passkeys, err = auth.NewPasskeys(s.origin, strings.TrimSpace(set.Coin+" "+set.Wijk)); err != nil {
		return nil, err
	}
	var end context.CancelFunc
	s.stopping, end = context.WithCancel(context.Background())
	s.stop = sync.OnceFunc(func() {
		end()
		for range cap(s.listeners) { // live lines read the ledger: none may outlive it
			s.listeners <- struct{}{}
		}
	})
	s.upgrader.HandshakeTimeout = headerTimeout
	s.sessions.ErrorFunc = s.sessionFault
	s.measure()
	if err := s.makePages(); err != nil {
		return nil, err
	}
	if s.handler, err = s.build(); err != nil {
		return nil, err
	}
	return s, s.registerProposals()
}

// makePages reads templates and static files, and renders the pages that must
// not fail.
func (s *Server) makePages() error {
	css, err := page.CSS()
	if err != nil {
		return err
	}
	if s.assets, err = static.New(map[string][]byte{"app.css": css}); err != nil {
		return err
	}
	if s.pages, err = page.New(s.assets.Address); err != nil {
		return err
	}
	s.broken = make(map[page.Lang][]byte)
	for _, lang := range page.Languages() {
		base := s.nobody(lang)
		s.broken[lang], err = s.pages.Render(page.ProblemPage{
			Base: base, Heading: "problem.broken", Text: base.T("problem.brokentext"), Href: "/", Action: "problem.home",
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// nobody is what pages have in common for a visitor who is not signed in.
func (s *Server) nobody(lang page.Lang) page.Base {
	set := s.node.Settings()
	return page.Base{Lang: lang, Coin: set.Coin, Wijk: set.Wijk, Path: "/"}
}

// Handler is the whole site.
func (s *Server) Handler() http.Handler { return s.handler }

// Serve answers on a listener until ctx ends, and then lets requests under way
// finish. It also forgets, each hour, what has expired.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	server := &http.Server{
		Handler:           s.handler,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	ordering := make(chan struct{})
	go func() {
		defer close(ordering)
		s.runOrders(s.stopping)
	}()
	telling := make(chan struct{})
	go func() {
		defer close(telling)
		s.runNotices(s.stopping, notice.NewPushClient())
	}()
	summing := make(chan struct{})
	go func() {
		defer close(summing)
		s.runSums(s.stopping)
	}()
	defer func() { <-ordering; <-telling; <-summing }() // nothing is written once Serve has returned
	tick, minute := time.NewTicker(sweepEvery), time.NewTicker(time.Minute)
	defer tick.Stop()
	defer minute.Stop()
	for {
		select {
		case err := <-ended:
			s.stop()
			return fmt.Errorf("serve pages: %w", err)
		case <-tick.C:
			s.sweep(time.Now())
		case <-minute.C:
			s.weeklyRun()
		case <-ctx.Done():
			s.stop()
			late, cancel := context.WithTimeout(context.WithoutCancel(ctx), goodbye)
			defer cancel()
			if err := server.Shutdown(late); err != nil {
				return fmt.Errorf("stop serving pages: %w", err)
			}
			if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
				return fmt.Errorf("serve pages: %w", err)
			}
			return nil
		}
	}
}

// sweep forgets sessions, wrong tries and payment codes that have expired.
func (s *Server) sweep(now time.Time) {
	if err := s.coupons.Sweep(s.stopping); err != nil {
		s.log.Error("coupons", "error", err)
	}
	_, err := s.book.Prune(s.node.Now(), s.wallet.Made)
	err = errors.Join(err, s.book.PruneGivenUp(s.node.Now()), auth.PruneSessions(s.node.Store(), now), s.tries.Prune(s.node.Now()), s.notices.Sweep(s.node.Now()))
	if err != nil {
		s.log.Error("sweep", "error", err)
	}
}
