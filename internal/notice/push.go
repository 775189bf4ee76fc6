package notice

import (
	"context"
	"crypto/ecdh"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"syscall"
	"time"

	webpush "github.com/SherClockHolmes/webpush-go"
)

// vapidDoc holds the keys by which push services know this site.
const vapidDoc = "vapid"

// pushTimeout bounds the talk with one push service.
const pushTimeout = 5 * time.Second

// pushKept is how long a push service keeps a message for a phone that is off.
const pushKept = 3 * 24 * time.Hour

// vapid are the keys of this site, in the form of RFC 8292.
type vapid struct {
	Public  string `json:"public"`
	Private string `json:"private"`
}

// keys reads the keys, and makes them the first time.
func (p *Post) keys() (k vapid, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	doc, ok, err := p.vault.Get(p.program, vapidDoc)
	if err == nil && ok {
		err = json.Unmarshal(doc, &k)
	}
	if err == nil && !ok {
		if k.Private, k.Public, err = webpush.GenerateVAPIDKeys(); err == nil {
			doc, err = json.Marshal(k)
		}
		if err == nil {
			err = p.vault.Put(p.program, vapidDoc, doc)
		}
	}
	if err != nil {
		return vapid{}, fmt.Errorf("keys for push messages: %w", err)
	}
	return k, nil
}

// PushKey is the public key that a browser needs before it can be told anything.
func (p *Post) PushKey() (string, error) {
	k, err := p.keys()
	return k.Public, err
}

// sound tells whether a browser's keys are what they should be.
func (p *Phone) sound() bool {
	point, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(p.P256dh, "="))
	if err != nil {
		return false
	}
	_, err = ecdh.P256().NewPublicKey(point)
	secret, other := base64.RawURLEncoding.DecodeString(strings.TrimRight(p.Auth, "="))
	return err == nil && other == nil && len(secret) == 16
}

// NewPushClient is a client for push services. Their addresses come from
// browsers, so from anybody: it does not talk to machines inside our own
// network, and follows no redirection.
func NewPushClient() *http.Client {
	dialer := net.Dialer{Timeout: pushTimeout, Control: func(_, address string, _ syscall.RawConn) error {
		if to, err := netip.ParseAddrPort(address); err != nil || !outside(to) {
			return errInside
		}
		return nil
	}}
	return &http.Client{
		Timeout:       pushTimeout,
		Transport:     &http.Transport{DialContext: dialer.DialContext, TLSHandshakeTimeout: pushTimeout},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// message is what the service worker of a phone shows: nobody's name and no
// amount, because it stands on a locked screen.
type message struct {
	Title string `json:"title"`
	Lang  string `json:"lang"`
	Tag   string `json:"tag"`
}

// push tells all browsers of a person. One that its service does not know any
// more is forgotten.
func (p *Post) push(ctx context.Context, m *Means, at place, phones []Phone, title, lang string) error {
	keys, err := p.keys()
	if err != nil {
		return err
	}
	text, err := json.Marshal(message{Title: title, Lang: lang, Tag: strings.TrimPrefix(at.name, noticeDoc)})
	if err != nil {
		return err
	}
	var reached bool
	var last error
	for _, phone := range phones {
		status, err := m.pushOne(ctx, keys, phone, text)
		switch {
		case err != nil:
			last = errors.Join(err, p.failedPhone(at.who, phone.Endpoint))
		case status == http.StatusNotFound || status == http.StatusGone:
			if err := p.dropPhone(at.who, phone.Endpoint); err != nil {
				return err
			}
			if last == nil {
				last = &refusal{why: "the push service does not know the phone", forGood: true}
			}
		case status >= 300:
			last = errors.Join(&refusal{why: fmt.Sprintf("the push service said %d", status)}, p.failedPhone(at.who, phone.Endpoint))
		default:
			reached = true
			if phone.Failed > 0 {
				if err := p.reachedPhone(at.who, phone.Endpoint); err != nil {
					return err
				}
			}
		}
	}
	if reached {
		return nil // on one phone is enough
	}
	return last
}

// pushOne tells one browser, and gives what its service said.
func (m *Means) pushOne(ctx context.Context, keys vapid, phone Phone, text []byte) (status int, err error) {
	answer, err := webpush.SendNotificationWithContext(ctx, text, &webpush.Subscription{
		Endpoint: phone.Endpoint, Keys: webpush.Keys{Auth: phone.Auth, P256dh: phone.P256dh},
	}, &webpush.Options{
		HTTPClient: m.Push, Subscriber: m.Site, TTL: int(pushKept / time.Second), Urgency: webpush.UrgencyNormal,
		VAPIDPublicKey: keys.Public, VAPIDPrivateKey: keys.Private,
	})
	if err != nil {
		return 0, &refusal{why: "the push service was not reached"} // the error itself names the phone
	}
	defer answer.Body.Close()
	return answer.StatusCode, nil
}
