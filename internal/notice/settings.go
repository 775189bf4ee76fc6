package notice

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"time"

	"grulden/internal/people"
)

// Errors of what a person chooses.
var (
	ErrEmail = errors.New("not an e-mail address")
	ErrCode  = errors.New("not the code that was sent, or too late")
	ErrPhone = errors.New("not an address at which a phone can be told something")
	ErrBusy  = errors.New("too many codes were sent today")
)

// Bounds of what a person chooses.
const (
	codeFor     = time.Hour
	codeTries   = 5
	codesADay   = 5
	maxEmail    = 200 // characters
	maxPhones   = 5
	maxEndpoint = 1000 // characters
	maxFailed   = 12   // tries in a row: one notice is tried so long for more than a day
)

// Settings are how somebody wants to hear of notices. The zero value: in the
// app, and on paper what matters.
type Settings struct {
	Email     string  `json:"email,omitempty"` // its owner typed the code that was sent there
	Phones    []Phone `json:"phones,omitempty"`
	NoLetters bool    `json:"noLetters,omitempty"`

	// An address that waits for its code.
	Asked string    `json:"asked,omitempty"`
	Code  string    `json:"code,omitempty"`
	Until time.Time `json:"until,omitzero"`
	Wrong int       `json:"wrong,omitempty"` // codes that were typed
	// The codes that were sent within a day.
	Sent []time.Time `json:"sent,omitempty"`
}

// Phone is a browser that can be told something by its push service.
type Phone struct {
	Endpoint string `json:"endpoint"`
	P256dh   string `json:"p256dh"`
	Auth     string `json:"auth"`
	Failed   int    `json:"failed,omitempty"` // tries in a row
}

// Settings reads how somebody wants to hear of notices.
func (p *Post) Settings(who people.ID) (s Settings, err error) {
	doc, ok, err := p.vault.Get(who, settingsDoc)
	if err == nil && ok {
		err = json.Unmarshal(doc, &s)
	}
	if err != nil {
		return s, fmt.Errorf("read how somebody is told: %w", err)
	}
	return s, nil
}

// set changes how somebody wants to hear of notices; an error of how changes
// nothing but what wrong says.
func (p *Post) set(who people.ID, how func(*Settings) error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	s, err := p.Settings(who)
	if err != nil {
		return err
	}
	refused := how(&s)
	if refused != nil && !errors.Is(refused, ErrCode) {
		return refused
	}
	doc, err := json.Marshal(s)
	if err == nil {
		err = p.vault.Put(who, settingsDoc, doc)
	}
	if err != nil {
		return fmt.Errorf("write how somebody is told: %w", err)
	}
	return refused
}

// AskEmail sends a code to an address. Only whoever can read it there has the
// address used.
func (p *Post) AskEmail(who people.ID, address string) error {
	address, err := checkEmail(address)
	if err != nil {
		return err
	}
	now := p.node.Now()
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return fmt.Errorf("draw a code: %w", err)
	}
	code := fmt.Sprintf("%06d", n)
	err = p.set(who, func(s *Settings) error {
		s.Sent = slices.DeleteFunc(s.Sent, func(at time.Time) bool { return now.Sub(at) > 24*time.Hour })
		if len(s.Sent) >= codesADay {
			return ErrBusy
		}
		s.Sent = append(s.Sent, now)
		s.Asked, s.Code, s.Until, s.Wrong = address, code, now.Add(codeFor), 0
		return nil
	})
	if err != nil {
		return err
	}
	return p.Send(who, Notice{Key: "confirm " + code + now.String(), Kind: confirm, Facts: map[string]string{factCode: code}})
}

// checkEmail takes an address that a mail program would, without a name.
func checkEmail(text string) (string, error) {
	text = strings.TrimSpace(text)
	a, err := mail.ParseAddress(text)
	if err != nil || a.Address != text || len(text) > maxEmail || strings.ContainsAny(text, "\"\\ ") {
		return "", ErrEmail
	}
	return text, nil
}

// ConfirmEmail takes the code that was sent to an address, which is used from
// then on. After five wrong ones another code is needed.
func (p *Post) ConfirmEmail(who people.ID, code string) error {
	now := p.node.Now()
	code = strings.ReplaceAll(code, " ", "")
	return p.set(who, func(s *Settings) error {
		if s.Asked == "" || now.After(s.Until) || s.Wrong >= codeTries || subtle.ConstantTimeCompare([]byte(code), []byte(s.Code)) == 0 {
			s.Wrong++
			return ErrCode
		}
		s.Email, s.Asked, s.Code, s.Until, s.Wrong = s.Asked, "", "", time.Time{}, 0
		return nil
	})
}

// NoEmail forgets an address, also one that waits for its code.
func (p *Post) NoEmail(who people.ID) error {
	return p.set(who, func(s *Settings) error {
		*s = Settings{Phones: s.Phones, NoLetters: s.NoLetters, Sent: s.Sent}
		return nil
	})
}

// AddPhone has a browser told of notices too. One that is known stays as it is;
// more than five are too many, and the oldest goes.
func (p *Post) AddPhone(who people.ID, phone Phone) error {
	u, err := url.Parse(phone.Endpoint)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || u.Port() != "" && u.Port() != "443" || len(phone.Endpoint) > maxEndpoint || !phone.sound() {
		return ErrPhone
	}
	return p.set(who, func(s *Settings) error {
		if i := slices.IndexFunc(s.Phones, func(known Phone) bool { return known.Endpoint == phone.Endpoint }); i >= 0 {
			phone.Failed = s.Phones[i].Failed
			s.Phones = slices.Delete(s.Phones, i, i+1)
		}
		s.Phones = append(s.Phones, phone)
		s.Phones = s.Phones[max(0, len(s.Phones)-maxPhones):]
		return nil
	})
}

// NoPhones has no browser told any more.
func (p *Post) NoPhones(who people.ID) error {
	return p.set(who, func(s *Settings) error {
		s.Phones = nil
		return nil
	})
}

// dropPhone forgets one browser that its push service does not know any more.
func (p *Post) dropPhone(who people.ID, endpoint string) error {
	return p.set(who, func(s *Settings) error {
		s.Phones = slices.DeleteFunc(s.Phones, func(known Phone) bool { return known.Endpoint == endpoint })
		return nil
	})
}

// failedPhone counts a try that failed; after many in a row the browser is
// forgotten.
func (p *Post) failedPhone(who people.ID, endpoint string) error {
	return p.set(who, func(s *Settings) error {
		s.Phones = slices.DeleteFunc(s.Phones, func(known Phone) bool { return known.Endpoint == endpoint && known.Failed+1 >= maxFailed })
		for i := range s.Phones {
			if s.Phones[i].Endpoint == endpoint {
				s.Phones[i].Failed++
			}
		}
		return nil
	})
}

// reachedPhone notes that a browser could be told again.
func (p *Post) reachedPhone(who people.ID, endpoint string) error {
	return p.set(who, func(s *Settings) error {
		for i := range s.Phones {
			if s.Phones[i].Endpoint == endpoint {
				s.Phones[i].Failed = 0
			}
		}
		return nil
	})
}

// WantLetters says whether somebody wants letters.
func (p *Post) WantLetters(who people.ID, wanted bool) error {
	return p.set(who, func(s *Settings) error {
		s.NoLetters = !wanted
		return nil
	})
}
