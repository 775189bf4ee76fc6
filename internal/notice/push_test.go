package notice

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"grulden/internal/people"
	"grulden/ledger"
)

// browser is a browser that wants to be told something, with its push service.
type browser struct {
	Phone
	key    *ecdh.PrivateKey
	secret []byte
	got    []string
	status int
	header http.Header
	client *http.Client
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	must(t, err)
	b := &browser{key: key, secret: make([]byte, 16), status: http.StatusCreated}
	_, _ = rand.Read(b.secret)
	service := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		b.header = r.Header
		b.got = append(b.got, b.decrypt(t, body))
		w.WriteHeader(b.status)
	}))
	t.Cleanup(service.Close)
	b.client = service.Client()
	b.Phone = Phone{
		Endpoint: "https://push.example.com/push/1", P256dh: base64.RawURLEncoding.EncodeToString(key.PublicKey().Bytes()),
		Auth: base64.RawURLEncoding.EncodeToString(b.secret),
	}
	return b
}

// decrypt reads a message as RFC 8291 and RFC 8188 say.
func (b *browser) decrypt(t *testing.T, body []byte) string {
	salt, sender, sealed := body[:16], body[21:21+int(body[20])], body[21+int(body[20]):]
	from, err := ecdh.P256().NewPublicKey(sender)
	must(t, err)
	shared, err := b.key.ECDH(from)
	must(t, err)
	info := "WebPush: info\x00" + string(b.key.PublicKey().Bytes()) + string(sender)
	material, err := hkdf.Key(sha256.New, shared, b.secret, info, 32)
	must(t, err)
	key, err := hkdf.Key(sha256.New, material, salt, "Content-Encoding: aes128gcm\x00", 16)
	must(t, err)
	nonce, err := hkdf.Key(sha256.New, material, salt, "Content-Encoding: nonce\x00", 12)
	must(t, err)
	block, err := aes.NewCipher(key)
	must(t, err)
	gcm, err := cipher.NewGCM(block)
	must(t, err)
	plain, err := gcm.Open(nil, nonce, sealed, nil)
	must(t, err)
	text, _, _ := strings.Cut(string(plain), "\x02")
	return text
}

func TestAPhoneIsToldWithoutNameOrAmountAndOnlyItCanReadThat(t *testing.T) {
	w := newWijk(t)
	anna, b := w.person(people.Resident, "Anna"), newBrowser(t)
	must(t, w.post.AddPhone(anna.ID, b.Phone))
	w.do(ledger.Issue{To: anna.Account, Amount: 50_00})
	must(t, w.post.Follow())
	for range 2 {
		must(t, w.post.Deliver(ctx, means(nil, b.client)))
	}
	if len(b.got) != 1 || !strings.Contains(b.got[0], `"title":"Bericht issued","lang":"nl"`) || strings.Contains(b.got[0], "5000") || strings.Contains(b.got[0], "Anna") {
		t.Errorf("the phone was told %q", b.got)
	}
	if !strings.HasPrefix(b.header.Get("Authorization"), "vapid t=") {
		t.Error("the push service was not told who sends")
	}
	key, err := w.post.PushKey()
	must(t, err)
	if again, err := w.powerCut().post.PushKey(); err != nil || again != key || !strings.Contains(b.header.Get("Authorization"), key) {
		t.Errorf("the key of the site changed: %v", err)
	}
}

func TestAPhoneThatIsGoneIsForgottenAndTheLetterPrinted(t *testing.T) {
	w := newWijk(t)
	anna, b := w.person(people.Resident, "Anna"), newBrowser(t)
	b.status = http.StatusGone
	must(t, w.post.AddPhone(anna.ID, b.Phone))
	w.do(ledger.Block{Account: anna.Account})
	must(t, w.post.Follow())
	if err := w.post.Deliver(ctx, means(nil, b.client)); err == nil || strings.Contains(err.Error(), "127.0.0.1") {
		t.Errorf("the error is %v, want one without the phone's address", err)
	}
	s, err := w.post.Settings(anna.ID)
	must(t, err)
	if len(s.Phones) != 0 || w.letters() != "Anna blocked" {
		t.Errorf("%d phones are left; to print: %q", len(s.Phones), w.letters())
	}
}

func TestAPushServiceInsideOurNetworkIsNotReached(t *testing.T) {
	w := newWijk(t)
	anna, b := w.person(people.Resident, "Anna"), newBrowser(t)
	inside := b.Phone
	inside.Endpoint = strings.Replace(inside.Endpoint, "https:", "http:", 1)
	if err := w.post.AddPhone(anna.ID, inside); !errors.Is(err, ErrPhone) {
		t.Errorf("a phone without TLS: %v", err)
	}
	inside = b.Phone
	inside.P256dh = inside.Auth
	if err := w.post.AddPhone(anna.ID, inside); !errors.Is(err, ErrPhone) {
		t.Errorf("a phone with a key that is none: %v", err)
	}
	must(t, w.post.AddPhone(anna.ID, b.Phone))
	w.do(ledger.Block{Account: anna.Account})
	must(t, w.post.Follow())
	for _, to := range []string{"127.0.0.1:443", "localhost:443", "[64:ff9b::7f00:1]:443"} {
		if _, err := NewPushClient().Transport.(*http.Transport).DialContext(ctx, "tcp", to); !errors.Is(err, errInside) {
			t.Errorf("%s is dialled: %v", to, err)
		}
	}
	other := b.Phone
	other.Endpoint = "https://push.example.com:8443/push/1"
	if err := w.post.AddPhone(anna.ID, other); !errors.Is(err, ErrPhone) {
		t.Errorf("another port: %v", err)
	}
}

func TestOnlyTheOpenInternetHasPushServices(t *testing.T) {
	for to, want := range map[string]bool{
		"8.8.8.8:443": true, "[2a00:1450::1]:443": true, "[::ffff:8.8.8.8]:443": true,
		"8.8.8.8:80": false, "10.1.2.3:443": false, "100.64.0.1:443": false, "169.254.169.254:443": false,
		"[::ffff:10.0.0.1]:443": false, "[64:ff9b::a00:1]:443": false, "[2002:a00:1::]:443": false, "[2001::1]:443": false,
		"[fd00::1]:443": false, "[fe80::1%eth0]:443": false, "[::1]:443": false, "255.255.255.255:443": false,
	} {
		if outside(netip.MustParseAddrPort(to)) != want {
			t.Errorf("%s: want %v", to, want)
		}
	}
}

func TestAServiceThatNeverAnswersStopsNoEmailAndIsDropped(t *testing.T) {
	w := newWijk(t)
	anna, b := w.person(people.Resident, "Anna"), newBrowser(t)
	server, m := startMail(t)
	confirmed(t, w, anna, server, m, "anna@buurt.test")
	must(t, w.post.AddPhone(anna.ID, b.Phone))
	stuck, let := make(chan struct{}), make(chan struct{})
	slow := &http.Client{Transport: transport(func(*http.Request) (*http.Response, error) {
		close(stuck)
		<-let
		return nil, errors.New("never")
	})}
	w.do(ledger.Block{Account: anna.Account})
	must(t, w.post.Follow())
	ended := make(chan error)
	go func() { ended <- w.post.DeliverPush(ctx, means(nil, slow)) }()
	<-stuck
	w.do(ledger.Unblock{Account: anna.Account})
	must(t, w.post.Follow())
	must(t, w.post.DeliverMail(ctx, means(m, nil)))
	if all := server.got(); len(all) != 3 {
		t.Errorf("%d e-mails while the push service hangs, want the code and two notices", len(all))
	}
	close(let)
	if err := <-ended; err == nil {
		t.Error("a push service that does not answer was told")
	}
	tries := 1 // one for both notices
	broken := &http.Client{Transport: transport(func(*http.Request) (*http.Response, error) {
		tries++
		return nil, errors.New("never")
	})}
	for range 100 {
		w.clock.add(6 * time.Hour / 10)
		_ = w.post.DeliverPush(ctx, means(nil, broken))
	}
	if s, err := w.post.Settings(anna.ID); err != nil || len(s.Phones) != 0 || tries != maxFailed {
		t.Errorf("%d phones are left after %d tries, %v", len(s.Phones), tries, err)
	}
}

// transport answers as a test says.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
