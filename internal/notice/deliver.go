package notice

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"grulden/internal/people"
)

// Text is a notice in a person's language.
type Text struct {
	Title string   // says what happened, with nobody's name and no amount
	Lines []string // the rest, a paragraph each
	Link  string   // where to read more; empty: nowhere
}

// Means are the words and the ways of Deliver.
type Means struct {
	// Write puts a notice into words.
	Write func(people.Person, Notice) Text
	// Confirm puts the code for a new address into words.
	Confirm func(p people.Person, code string) Text
	Mail    *Mailer      // nil: no e-mail is sent
	Push    *http.Client // of push services
	Site    string       // the public address, for push services
}

// When sending is tried again: a minute later, then four times as long each
// time, at most six hours, until three days have gone by.
const (
	firstPause = time.Minute
	mostPause  = 6 * time.Hour
	patience   = 3 * 24 * time.Hour
)

// refusal is why something could not be sent. It says nothing personal.
type refusal struct {
	why     string
	forGood bool // trying again is of no use
}

// Error implements error.
func (r *refusal) Error() string { return r.why }

// Deliver sends what is due. What could not be sent waits; the error says why,
// for the log, with nothing personal.
func (p *Post) Deliver(ctx context.Context, m Means) error {
	now := p.node.Now()
	p.mu.Lock()
	var due []place
	for at, next := range p.wait {
		if !next.After(now) {
			due = append(due, at)
		}
	}
	p.mu.Unlock()
	var faults []error
	for _, at := range due {
		if ctx.Err() != nil {
			break
		}
		if err := p.deliver(ctx, &m, at); err != nil {
			faults = append(faults, err)
		}
	}
	if len(faults) > 0 {
		return fmt.Errorf("%d of %d notices were not sent; the last: %w", len(faults), len(due), faults[len(faults)-1])
	}
	return nil
}

// deliver sends one notice on the ways on which it is due.
func (p *Post) deliver(ctx context.Context, m *Means, at place) error {
	k, ok, err := p.get(at)
	person, known, other := p.people.Person(at.who)
	if err := errors.Join(err, other); err != nil {
		return err
	}
	if !ok || !known {
		return p.change(at, func(k *Kept) { k.Mail.State, k.Push.State = failed, failed })
	}
	s, err := p.Settings(at.who)
	if err != nil {
		return err
	}
	now := p.node.Now()
	isDue := func(w way) bool { return w.State == waiting && !w.Next.After(now) }
	var faults []error
	if isDue(k.Mail) {
		err := p.mail(ctx, m, at, k, &s, person)
		k.Mail.after(err, now, k.At)
		faults = append(faults, err)
	}
	if isDue(k.Push) {
		err := error(&refusal{why: "no phone is to be told any more", forGood: true})
		if len(s.Phones) > 0 {
			err = p.push(ctx, m, at, s.Phones, m.Write(person, k.Notice).Title, person.Lang)
		}
		k.Push.after(err, now, k.At)
		faults = append(faults, err)
	}
	mail, push := k.Mail, k.Push
	faults = append(faults, p.change(at, func(k *Kept) { k.Mail, k.Push = mail, push }))
	return errors.Join(faults...)
}

// mail sends a notice by e-mail; the code for a new address goes there.
func (p *Post) mail(ctx context.Context, m *Means, at place, k *Kept, s *Settings, person people.Person) error {
	to, text := s.Email, Text{}
	if k.Kind == confirm {
		code := k.Facts[factCode]
		if s.Code != code {
			return &refusal{why: "another code was sent since", forGood: true}
		}
		to, text = s.Asked, m.Confirm(person, code)
	} else {
		text = m.Write(person, k.Notice)
	}
	if m.Mail == nil || to == "" {
		return &refusal{why: "there is no way to send e-mail", forGood: true}
	}
	return m.Mail.send(ctx, to, strings.TrimPrefix(at.name, noticeDoc), text)
}

// after notes what became of a try.
func (w *way) after(err error, now, since time.Time) {
	if err == nil {
		w.State = done
		return
	}
	w.Tries++
	var r *refusal
	if errors.As(err, &r) && r.forGood || now.Sub(since) > patience {
		w.State = failed
		return
	}
	pause := firstPause
	for range min(w.Tries-1, 10) {
		pause = min(4*pause, mostPause)
	}
	w.Next = now.Add(pause)
}
