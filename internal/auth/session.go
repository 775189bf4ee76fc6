package auth

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"grulden/internal/store"
)

// How long a session lasts: this long without a visit, and this long at all.
// A phone in use stays signed in for weeks; one that lies unused does not.
const (
	IdleExpiry     = 7 * 24 * time.Hour
	AbsoluteExpiry = 30 * 24 * time.Hour
)

// touchEvery is how much later an expiry must be before it is written again: a
// visit must not cost a write to disk.
const touchEvery = time.Hour

var errSession = errors.New("stored session has an unknown form")

// NewSessions makes the session manager over the store. baseURL decides about
// the cookie: on https it is bound to the host and never sent in the clear.
func NewSessions(db *store.DB, baseURL string) *scs.SessionManager {
	sm := scs.New()
	sm.Store = &sessionStore{db.Space(store.Sessions)}
	sm.Codec = jsonCodec{}
	sm.HashTokenInStore = true // a stolen database opens no session
	sm.IdleTimeout = IdleExpiry
	sm.Lifetime = AbsoluteExpiry
	sm.Cookie.Name = "grulden"
	sm.Cookie.SameSite = http.SameSiteLaxMode // a link from the camera app must arrive signed in
	if strings.HasPrefix(strings.ToLower(baseURL), "https:") {
		sm.Cookie.Name = "__Host-grulden"
		sm.Cookie.Secure = true
	}
	return sm
}

// PruneSessions deletes the sessions that ended before now.
func PruneSessions(db *store.DB, now time.Time) error {
	rows := db.Space(store.Sessions)
	var old [][]byte
	err := rows.Scan([]byte{sessionRow}, func(key, row []byte) error {
		_, expiry, err := cutExpiry(row)
		if err == nil && !now.Before(expiry) {
			old = append(old, append([]byte(nil), key...))
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("prune sessions: %w", err)
	}
	return deleteAll(rows, old)
}

// sessionStore is scs.Store over a space of the store. A row is the expiry in
// Unix seconds and then the session.
type sessionStore struct{ rows store.Space }

// Find gives the session of a token.
func (s *sessionStore) Find(token string) ([]byte, bool, error) {
	row, ok, err := s.rows.Get(sessionKey(token))
	if err != nil || !ok {
		return nil, false, err
	}
	data, expiry, err := cutExpiry(row)
	if err != nil || !time.Now().Before(expiry) {
		return nil, false, err
	}
	return data, true, nil
}

// Commit writes the session of a token, unless nothing changed but a little of
// its expiry.
func (s *sessionStore) Commit(token string, data []byte, expiry time.Time) error {
	row, ok, err := s.rows.Get(sessionKey(token))
	if err != nil {
		return err
	}
	if ok {
		old, was, err := cutExpiry(row)
		if err == nil && string(old) == string(data) && expiry.Sub(was) < touchEvery {
			return nil
		}
	}
	row = binary.BigEndian.AppendUint64(nil, uint64(expiry.Unix()))
	return s.rows.Put(sessionKey(token), append(row, data...))
}

// Delete ends the session of a token.
func (s *sessionStore) Delete(token string) error { return s.rows.Delete(sessionKey(token)) }

func sessionKey(token string) []byte { return append([]byte{sessionRow}, token...) }

func cutExpiry(row []byte) (data []byte, expiry time.Time, err error) {
	if len(row) < 8 {
		return nil, time.Time{}, errSession
	}
	return row[8:], time.Unix(int64(binary.BigEndian.Uint64(row)), 0), nil
}

// jsonCodec writes a session the same way each time, so that Commit can see
// that nothing changed. The values are strings.
type jsonCodec struct{}

type sessionJSON struct {
	Deadline time.Time         `json:"deadline"`
	Values   map[string]string `json:"values"`
}

// Encode implements scs.Codec.
func (jsonCodec) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	out := sessionJSON{deadline, make(map[string]string, len(values))}
	for key, value := range values {
		text, ok := value.(string)
		if !ok {
			return nil, fmt.Errorf("session value %s is not text", key)
		}
		out.Values[key] = text
	}
	return json.Marshal(out)
}

// Decode implements scs.Codec.
func (jsonCodec) Decode(data []byte) (time.Time, map[string]any, error) {
	var in sessionJSON
	if err := json.Unmarshal(data, &in); err != nil {
		return time.Time{}, nil, fmt.Errorf("read session: %w", err)
	}
	values := make(map[string]any, len(in.Values))
	for key, value := range in.Values {
		values[key] = value
	}
	return in.Deadline, values, nil
}
