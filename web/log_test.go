package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"grulden/internal/payreq"
	"grulden/internal/people"
	"grulden/ledger"
)

// What must never stand in a log, in any spelling.
const (
	secretPIN     = "907183650271"
	secretIBAN    = "NL91ABNA0417164300"
	secretName    = "Zwaantje Proefpersoon"
	secretShop    = "Kaasboer Schuddebuik"
	secretAddress = "Verzonnenlaantje Achterhuis"
	secretHelper  = "Buurvrouw Quispel"
	secretPayer   = "Overschrijver Wubbels"
)

// weekOf is a site in which everybody has the secret PIN, and a browser of each
// role.
type weekOf struct {
	*site
	staff    map[people.Role]people.Person
	browsers map[people.Role]*browser
	tokens   map[people.Role]string
}

// noLimits lets the week be lived in seconds.
var noLimits = Limits{
	LoginEvery: 1, LoginBurst: 1 << 20, CodeEvery: 1, CodeBurst: 1 << 20,
	ActEvery: 1, ActBurst: 1 << 20, UploadEvery: 1, UploadBurst: 1 << 20,
}

func newWeek(t *testing.T) *weekOf {
	t.Helper()
	w := &weekOf{
		site: newSite(t, func(c *Config) {
			c.Limits = noLimits
		}),
		staff: map[people.Role]people.Person{}, browsers: map[people.Role]*browser{anyone: nil}, tokens: map[people.Role]string{},
	}
	var err error
	if w.hash, err = w.server.hasher.Hash(context.Background(), secretPIN); err != nil {
		t.Fatal(err)
	}
	w.browsers[anyone] = w.browser()
	for _, role := range people.Roles() {
		p := people.Person{Role: role, Name: secretName, Shop: secretShop, Address: secretAddress}
		if role == people.Merchant {
			p.IBAN = secretIBAN
		}
		if role == people.Cashier {
			p.Works = w.staff[people.Merchant].ID
		}
		if p = w.add(p, 0); role == people.Resident {
			w.submit(ledger.Issue{To: p.Account, Amount: 100_000})
		}
		w.staff[role] = p
		w.browsers[role] = w.browser()
		w.browsers[role].post("/login", w.card(p)).want(http.StatusSeeOther)
		body := fmt.Sprintf(`{"code":%q,"pin":%q}`, w.cards[p.ID], secretPIN)
		w.tokens[role], _ = w.api("", "POST", "/api/v1/login", body).want(http.StatusOK).json()["token"].(string)
	}
	return w
}

func (w *weekOf) card(p people.Person) url.Values {
	return url.Values{"code": {w.cards[p.ID].Grouped()}, "pin": {secretPIN}}
}

// everything is a form with all fields that the site knows, full of secrets.
func (w *weekOf) everything(n int) url.Values {
	code := w.cards[w.staff[people.Resident].ID].String()
	form := url.Values{}
	for _, field := range []string{"name", "shop", "address", "text", "note", "q", "form", "what", "who", "hours", "sells", "reason", "why"} {
		form.Set(field, []string{secretName, secretShop, secretAddress}[n%3])
	}
	for field, value := range map[string]string{
		"code": code, "pin": secretPIN, "pin2": secretPIN, "otp": secretPIN, "iban": secretIBAN + strings.Repeat("1", n), "answer": `{"id":"` + secretName + `"}`,
		"role": "resident", "language": "nl", "next": "/" + code, "back": "/" + code, "limit": "10,00", "amount": []string{"1,00", secretName}[n%2],
		"for": w.staff[people.Resident].ID.String(), "helper": w.staff[people.Helper].ID.String(), "person": w.staff[people.Resident].ID.String(),
		"payment": secretName, "seal": secretName, "from": secretName, "to": "nl", "before": secretName, "card": code,
	} {
		form.Set(field, value)
	}
	return form
}

// shoot sends something to every route as everybody, with secrets wherever
// something can be put.
func (w *weekOf) shoot(n int) {
	w.t.Helper()
	form := w.everything(n)
	for role, b := range w.browsers {
		for _, rt := range routes() {
			method, path, _ := strings.Cut(rt.pattern, " ")
			if strings.HasSuffix(path, "/logout") || strings.HasSuffix(path, "/erase") || strings.HasSuffix(path, "/remove") {
				continue // the week goes on
			}
			code := w.cards[w.staff[people.Merchant].ID].String()
			id := []string{w.staff[people.Resident].ID.String(), code, url.PathEscape(secretName)}[n%3]
			path = strings.NewReplacer("{$}", "", "{code}", code, "{id}", id, "{payment}", id, "{file}", url.PathEscape(secretName)).Replace(path)
			body, kind := form.Encode(), "application/x-www-form-urlencoded"
			if rt.api != nil {
				text, err := json.Marshal(map[string]string{"code": code, "pin": secretPIN, "amount": secretName})
				if err != nil {
					w.t.Fatal(err)
				}
				body, kind = string(text), "application/json"
			}
			r, err := http.NewRequest(method, w.http.URL+path+"?"+form.Encode(), strings.NewReader(body))
			if err != nil {
				w.t.Fatal(err)
			}
			r.Header.Set("Content-Type", kind)
			if rt.api != nil {
				r.Header.Set("Authorization", "Bearer "+w.tokens[role])
			}
			b.do(r)
		}
	}
}

// live lets a day pass as days do: payments, a helper, a statement, wrong PINs.
func (w *weekOf) live() {
	w.t.Helper()
	w.clock.add(24 * time.Hour)
	for role, p := range w.staff {
		w.browsers[role] = w.browser()
		w.browsers[role].post("/login", w.card(p)).want(http.StatusSeeOther)
	}
	anna, desk := w.browsers[people.Resident], w.browsers[people.Desk]
	poster := w.poster(w.staff[people.Merchant])
	form := anna.get(poster + "?amount=12,00").form(poster)
	anna.post(poster, form).want(http.StatusSeeOther)
	form.Set("amount", "9999.00")
	anna.post(poster, form)
	anna.post("/helpers", url.Values{"name": {secretHelper}, "limit": {"20,00"}, "pin": {secretPIN}})
	anna.post("/login", url.Values{"code": {w.cards[w.staff[people.Desk].ID].String()}, "pin": {secretPIN + "1"}})
	desk.upload([]byte(`<?xml version="1.0"?><Document><Nm>` + secretPayer + `</Nm><IBAN>` + secretIBAN + `</IBAN></Document>`))
	desk.upload([]byte(secretPayer))
}

// TestLogsHoldNothingPersonal lives a week with the log at its most talkative,
// and looks in it for everything that it must not know.
func TestLogsHoldNothingPersonal(t *testing.T) {
	w := newWeek(t)
	for day := range 7 {
		w.live()
		if day < 3 {
			w.shoot(day)
		}
	}
	anna, poster := w.browsers[people.Resident], w.poster(w.staff[people.Merchant])
	form := anna.get(poster + "?amount=2,00").form(poster)
	w.fillDisk() // what goes wrong is told too
	anna.post(poster, form).want(http.StatusServiceUnavailable)
	w.server.sweep(time.Now())

	log := strings.ToLower(w.log.String())
	if lines := strings.Count(log, "\n"); lines < 500 {
		t.Fatalf("the log has %d lines: it cannot prove anything", lines)
	}
	if !strings.Contains(log, `"level":"error"`) || !strings.Contains(log, `"level":"debug"`) {
		t.Error("the log has no errors or no details: it cannot prove anything")
	}
	secrets := []string{secretPIN, secretIBAN, "0417164300", secretHelper, secretPayer}
	secrets = append(secrets, strings.Fields(secretName+" "+secretShop+" "+secretAddress)...)
	for _, code := range w.cards {
		secrets = append(secrets, code.String(), code.Grouped())
	}
	for _, p := range w.staff {
		secrets = append(secrets, p.Reference)
	}
	requests, err := w.server.till.Poster(w.staff[people.Merchant].Account)
	if err != nil {
		t.Fatal(err)
	}
	secrets = append(secrets, payreq.Code(requests.Code).String())
	bare := strings.NewReplacer(" ", "", "-", "", "%20", "", "+", "").Replace(log)
	for _, secret := range secrets {
		secret = strings.ToLower(secret)
		if secret == "" {
			continue
		}
		if i := strings.Index(log, secret); i >= 0 {
			t.Errorf("the log knows %q: …%s…", secret, log[max(0, i-200):min(len(log), i+100)])
		} else if strings.Contains(bare, strings.NewReplacer(" ", "", "-", "").Replace(secret)) {
			t.Errorf("the log knows %q, spelt in another way", secret)
		}
	}
}
