package web

import (
	"encoding/hex"
	"fmt"
	"net"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/klauspost/compress/gzhttp"

	"grulden/internal/people"
	"grulden/web/page"
)

// policy is the Content-Security-Policy of every answer: only what this site
// serves itself, and nothing written into a page. The live till's connection
// is named in full, because not every browser counts it as 'self'.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' %s; " +
	"manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// secure sets the headers that every answer has.
func (s *Server) secure(next http.Handler) http.Handler {
	csp := strings.Replace(policy, "%s", "ws"+strings.TrimPrefix(s.origin, "http"), 1)
	https := strings.HasPrefix(s.origin, "https:")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", csp)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(self), geolocation=(), microphone=(), payment=(), usb=()")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if https {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// Pages hold a name, an amount and the seal of a payment; who cuts in on the
// line and sees only lengths must not learn them by having the visitor ask for
// texts of his choice (BREACH). Cookies are not sent along from other sites but
// for a visit that everybody sees, so there are few tries; and each answer gets a
// comment of a length that depends on all of its content, so that a length says
// nothing about one part of it.
const padding = 64 // bytes at most

// packer gives what compresses the answers of a handler, for browsers that can
// unpack them.
func packer() (func(http.Handler) http.HandlerFunc, error) {
	wrap, err := gzhttp.NewWrapper(gzhttp.RandomJitter(padding, 0, true), gzhttp.SetContentType(false))
	if err != nil {
		return nil, fmt.Errorf("compress answers: %w", err)
	}
	return wrap, nil
}

// allowReader lets a page run the WebAssembly of the scanner, which the policy
// of all other pages forbids.
func allowReader(h http.Header) {
	const name = "Content-Security-Policy"
	h.Set(name, strings.Replace(h.Get(name), "script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'", 1))
}

// sameOrigin refuses forms that come from another site.
func (s *Server) sameOrigin(next http.Handler) http.Handler {
	c := http.NewCrossOriginProtection()
	c.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		base := s.nobody(page.Dutch)
		err := s.show(w, http.StatusForbidden, page.ProblemPage{
			Base: base, Heading: "problem.cross", Text: base.T("problem.crosstext"), Href: "/", Action: "problem.home",
		})
		if err != nil {
			s.log.Error("render", "error", err)
		}
	}))
	return c.Handler(next)
}

// recoverer keeps one broken request from ending the program, and shows the
// page that was made beforehand.
func (s *Server) recoverer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if p == http.ErrAbortHandler {
				panic(p)
			}
			s.log.Error("panic", "route", r.Pattern, "panic", p, "stack", string(debug.Stack()))
			sendPage(w, http.StatusInternalServerError, s.broken[page.Dutch])
		}()
		next.ServeHTTP(w, r)
	})
}

// sessionFault answers when a session cannot be read or written.
func (s *Server) sessionFault(w http.ResponseWriter, r *http.Request, err error) {
	s.log.Error("session", "route", r.Pattern, "error", err)
	sendPage(w, http.StatusInternalServerError, s.broken[page.Dutch])
}

// limitBody bounds what a visitor may send.
func limitBody(rt route, next http.Handler) http.Handler {
	limit := rt.body
	if limit == 0 {
		limit = maxForm
	}
	return http.MaxBytesHandler(next, limit)
}

// address is where a request comes from. A proxy on the same machine is
// trusted to say so; nobody else is.
func address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() {
		// The last entry is the one that our own proxy wrote.
		list := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		if last := net.ParseIP(strings.TrimSpace(list[len(list)-1])); last != nil {
			return network(last)
		}
	}
	if ip := net.ParseIP(host); ip != nil {
		return network(ip)
	}
	return host
}

// network is what counts as one address: all of an IPv4 address, and of an
// IPv6 address the half that a household gets.
func network(ip net.IP) string {
	if v4 := ip.To4(); v4 != nil {
		return v4.String()
	}
	return ip.Mask(net.CIDRMask(64, 128)).String()
}

// parsePersonID reads a person's id as it stands in addresses.
func parsePersonID(text string) (id people.ID, ok bool) {
	if len(text) != 2*len(id) {
		return id, false
	}
	_, err := hex.Decode(id[:], []byte(text))
	return id, err == nil
}
