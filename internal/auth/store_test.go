package auth

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/internal/store"
)

func openStore(t *testing.T) *store.DB {
	t.Helper()
	options := store.Options{FS: vfs.NewMem()}
	if err := store.Init("data", options); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open("data", options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// try makes n tries in a row and wants each to be allowed.
func try(t *testing.T, tries *Tries, key Key, now time.Time, n int) {
	t.Helper()
	for i := range n {
		if wait, err := tries.Begin(key, now); wait != 0 || err != nil {
			t.Fatalf("try %d: wait %v, %v; want none", i+1, wait, err)
		}
	}
}

func wantWait(t *testing.T, tries *Tries, key Key, now time.Time, want time.Duration) {
	t.Helper()
	if wait, err := tries.Begin(key, now); wait != want || err != nil {
		t.Fatalf("wait %v, %v; want %v", wait, err, want)
	}
}

func TestFiveWrongPINsAndThenAWaitThatGrows(t *testing.T) {
	tries, key, now := NewTries(openStore(t)), Key{1}, noon
	for _, wait := range []time.Duration{5 * time.Minute, 30 * time.Minute, 4 * time.Hour, 4 * time.Hour} {
		try(t, tries, key, now, MaxTries)
		wantWait(t, tries, key, now, wait)
		wantWait(t, tries, key, now.Add(wait-time.Second), time.Second)
		now = now.Add(wait)
	}
}

func TestTheRightPINClearsTheCount(t *testing.T) {
	tries, key := NewTries(openStore(t)), Key{1}
	try(t, tries, key, noon, MaxTries-1)
	if err := tries.Clear(key); err != nil {
		t.Fatal(err)
	}
	try(t, tries, key, noon, MaxTries)
}

func TestOneCodeDoesNotShutOutAnother(t *testing.T) {
	tries := NewTries(openStore(t))
	try(t, tries, Key{1}, noon, MaxTries)
	try(t, tries, Key{2}, noon, 1)
}

func TestARestartGivesNoFreshTries(t *testing.T) {
	db := openStore(t)
	try(t, NewTries(db), Key{1}, noon, MaxTries)
	wantWait(t, NewTries(db), Key{1}, noon, 5*time.Minute)
}

func TestOldCountsAreForgotten(t *testing.T) {
	tries := NewTries(openStore(t))
	try(t, tries, Key{1}, noon, MaxTries)
	try(t, tries, Key{1}, noon.Add(forget+time.Second), MaxTries)
	if err := tries.Prune(noon.Add(2*forget + 2*time.Second)); err != nil {
		t.Fatal(err)
	}
	if c, err := tries.read(Key{1}); c.wrong != 0 || err != nil {
		t.Errorf("count after pruning = %+v, %v", c, err)
	}
}

func TestASessionSurvivesARestartAndEndsWithLogout(t *testing.T) {
	db := openStore(t)
	sm := NewSessions(db, "https://grulden.example")
	ctx, err := sm.Load(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	sm.Put(ctx, "person", "p1")
	token, _, err := sm.Commit(ctx)
	if err != nil {
		t.Fatal(err)
	}
	sm = NewSessions(db, "https://grulden.example")
	if ctx, err = sm.Load(context.Background(), token); err != nil || sm.GetString(ctx, "person") != "p1" {
		t.Fatalf("after a restart: %q, %v", sm.GetString(ctx, "person"), err)
	}
	if err := sm.Destroy(ctx); err != nil {
		t.Fatal(err)
	}
	if ctx, err = sm.Load(context.Background(), token); err != nil || sm.Exists(ctx, "person") {
		t.Errorf("the session outlived its logout (%v)", err)
	}
}

func TestTheDatabaseHoldsNoToken(t *testing.T) {
	db := openStore(t)
	sm := NewSessions(db, "https://grulden.example")
	ctx, err := sm.Load(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := sm.Commit(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok, err := db.Space(store.Sessions).Get(sessionKey(token)); ok || err != nil {
		t.Errorf("the token lies in the store as it is: %v, %v", ok, err)
	}
}

func TestAVisitCostsNoWriteUnlessTheExpiryMovedAnHour(t *testing.T) {
	s := &sessionStore{openStore(t).Space(store.Sessions)}
	start := time.Now().Add(time.Hour).Truncate(time.Second)
	expiry := func() time.Time {
		row, _, err := s.rows.Get(sessionKey("x"))
		if err != nil {
			t.Fatal(err)
		}
		_, at, err := cutExpiry(row)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, step := range []struct {
		data string
		at   time.Time
		want time.Time
	}{
		{"a", start, start},
		{"a", start.Add(touchEvery - time.Second), start},
		{"a", start.Add(touchEvery), start.Add(touchEvery)},
		{"b", start.Add(touchEvery + time.Second), start.Add(touchEvery + time.Second)},
	} {
		if err := s.Commit("x", []byte(step.data), step.at); err != nil {
			t.Fatal(err)
		}
		if got := expiry(); !got.Equal(step.want) {
			t.Fatalf("expiry on disk %v, want %v", got, step.want)
		}
	}
}

func TestEndedSessionsAreNotFoundAndArePruned(t *testing.T) {
	db := openStore(t)
	s := &sessionStore{db.Space(store.Sessions)}
	now := time.Now()
	if err := s.Commit("old", []byte("x"), now.Add(-time.Second)); err != nil {
		t.Fatal(err)
	}
	if err := s.Commit("new", []byte("y"), now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := s.Find("old"); ok || err != nil {
		t.Errorf("an ended session was found: %v, %v", ok, err)
	}
	if err := PruneSessions(db, now); err != nil {
		t.Fatal(err)
	}
	if _, ok, _ := s.rows.Get(sessionKey("old")); ok {
		t.Error("an ended session is still there after pruning")
	}
	if _, ok, err := s.Find("new"); !ok || err != nil {
		t.Errorf("a living session was pruned: %v, %v", ok, err)
	}
}

func TestTheCookieIsBoundToTheHostOnHTTPS(t *testing.T) {
	for base, want := range map[string]string{
		"https://grulden.example": "__Host-grulden",
		"http://localhost:8080":   "grulden",
	} {
		sm := NewSessions(openStore(t), base)
		h := sm.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			sm.Put(r.Context(), "person", "p1")
		}))
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
		c := w.Result().Cookies()[0]
		if c.Name != want || !c.HttpOnly || c.Path != "/" || c.Domain != "" || c.SameSite != http.SameSiteLaxMode {
			t.Errorf("%s: cookie %+v, want name %s", base, c, want)
		}
		if c.Secure != (want == "__Host-grulden") {
			t.Errorf("%s: Secure = %v", base, c.Secure)
		}
	}
}
