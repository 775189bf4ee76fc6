package auth

import (
	"container/list"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limiter holds back whoever asks too often, per key (a person, an address).
// It remembers a bounded number of keys; the one unused for longest is
// forgotten first, which only ever gives somebody a fresh allowance.
type Limiter struct {
	every rate.Limit
	burst int
	max   int

	mu    sync.Mutex               // guards what follows
	byKey map[string]*list.Element // of *limited
	used  *list.List               // most recently used first
}

type limited struct {
	key    string
	tokens *rate.Limiter
}

// NewLimiter allows burst at once and after that one per interval for each
// key, and remembers at most keys keys.
func NewLimiter(interval time.Duration, burst, keys int) *Limiter {
	return &Limiter{
		every: rate.Every(interval), burst: burst, max: keys,
		byKey: make(map[string]*list.Element), used: list.New(),
	}
}

// Allow tells whether key may go on at now, and counts it.
func (l *Limiter) Allow(key string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.find(key).AllowN(now, 1)
}

// GiveBack takes back what Allow counted, for what turned out to be in order.
func (l *Limiter) GiveBack(key string, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.find(key).AllowN(now, -1) // more than the burst is not kept
}

// Spent tells whether key has nothing left at now, and counts nothing: for
// what is counted only when it fails.
func (l *Limiter) Spent(key string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	e, ok := l.byKey[key]
	return ok && e.Value.(*limited).tokens.TokensAt(now) < 1
}

// find gives the allowance of a key; the lock is held.
func (l *Limiter) find(key string) *rate.Limiter {
	if e, ok := l.byKey[key]; ok {
		l.used.MoveToFront(e)
		return e.Value.(*limited).tokens
	}
	if l.used.Len() >= l.max {
		oldest := l.used.Back()
		delete(l.byKey, oldest.Value.(*limited).key)
		l.used.Remove(oldest)
	}
	fresh := &limited{key: key, tokens: rate.NewLimiter(l.every, l.burst)}
	l.byKey[key] = l.used.PushFront(fresh)
	return fresh.tokens
}
