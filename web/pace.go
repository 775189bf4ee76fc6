package web

import (
	"net/http"
	"strings"
	"time"

	"grulden/internal/auth"
)

// Limits hold back who asks too often. Of a pair that is zero, the default
// counts.
type Limits struct {
	LoginEvery  time.Duration // one more login per address after this long…
	LoginBurst  int           // …beyond this many at once
	PINEvery    time.Duration // one more wrong PIN per till, or per person who is signed in, after this long…
	PINBurst    int           // …beyond this many at once
	CodeEvery   time.Duration // one more unknown code per person after this long…
	CodeBurst   int           // …beyond this many at once
	ActEvery    time.Duration // one more form or call per person, or per address before signing in, after this long…
	ActBurst    int           // …beyond this many at once
	UploadEvery time.Duration // one more file per person after this long…
	UploadBurst int           // …beyond this many at once
	Hashes      int           // PINs checked at the same time, 19 MiB each
}

// DefaultLimits are for a wijk in which a community centre's visitors share one
// address.
func DefaultLimits() Limits {
	return Limits{
		LoginEvery: 2 * time.Second, LoginBurst: 30,
		PINEvery: 2 * time.Second, PINBurst: 60,
		CodeEvery: 10 * time.Second, CodeBurst: 20,
		ActEvery: 500 * time.Millisecond, ActBurst: 240,
		UploadEvery: 20 * time.Second, UploadBurst: 12,
		Hashes: 2,
	}
}

// filled puts the defaults where nothing was chosen.
func (l Limits) filled() Limits {
	d := DefaultLimits()
	fill := func(every *time.Duration, burst *int, e time.Duration, b int) {
		if *burst == 0 {
			*every, *burst = e, b
		}
	}
	fill(&l.LoginEvery, &l.LoginBurst, d.LoginEvery, d.LoginBurst)
	fill(&l.PINEvery, &l.PINBurst, d.PINEvery, d.PINBurst)
	fill(&l.CodeEvery, &l.CodeBurst, d.CodeEvery, d.CodeBurst)
	fill(&l.ActEvery, &l.ActBurst, d.ActEvery, d.ActBurst)
	fill(&l.UploadEvery, &l.UploadBurst, d.UploadEvery, d.UploadBurst)
	if l.Hashes == 0 {
		l.Hashes = d.Hashes
	}
	return l
}

// limiters are the limits at work.
type limiters struct {
	logins  *auth.Limiter // by address
	pins    *auth.Limiter // wrong PINs, by shop or person
	codes   *auth.Limiter // unknown codes, by person or address
	asks    *auth.Limiter // requests made, by person
	acts    *auth.Limiter // whatever changes something, by person or address
	uploads *auth.Limiter // files, by person
}

func newLimiters(l Limits) limiters {
	return limiters{
		logins:  auth.NewLimiter(l.LoginEvery, l.LoginBurst, limiterKeys),
		pins:    auth.NewLimiter(l.PINEvery, l.PINBurst, limiterKeys),
		codes:   auth.NewLimiter(l.CodeEvery, l.CodeBurst, limiterKeys),
		asks:    auth.NewLimiter(l.CodeEvery, l.CodeBurst, limiterKeys),
		acts:    auth.NewLimiter(l.ActEvery, l.ActBurst, limiterKeys),
		uploads: auth.NewLimiter(l.UploadEvery, l.UploadBurst, limiterKeys),
	}
}

// pace holds back who sends more than a person does, whatever it is: each form
// costs a write to disk, and a file costs much more.
func (s *Server) pace(rt route, r *http.Request, v visit) error {
	if r.Method != http.MethodPost {
		return nil
	}
	who := "address " + address(r)
	if v.signedIn {
		who = "person " + v.person.ID.String()
	}
	now := s.node.Now()
	if !s.acts.Allow(who, now) || rt.body > maxForm && !s.uploads.Allow(who, now) {
		return errOften
	}
	return nil
}

// languageCookie is the name of the cookie with the language of a visitor who
// is not signed in. On https it is bound to this host alone.
func (s *Server) languageCookie() string {
	if strings.HasPrefix(s.origin, "https:") {
		return "__Host-" + languageName
	}
	return languageName
}
