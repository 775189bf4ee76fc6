package notice

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
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

// Workers send side by side, so that who is slow delays few others.
const (
	mailWorkers = 2
	pushWorkers = 8
	roundMost   = 64 // sent in one round, the longest due first
)

// Deliver sends what is due by e-mail and by push. What could not be sent waits;
// the error says why, for the log, with nothing personal.
func (p *Post) Deliver(ctx context.Context, m Means) error {
	return errors.Join(p.DeliverMail(ctx, m), p.DeliverPush(ctx, m))
}

// DeliverMail is the e-mail of Deliver.
func (p *Post) DeliverMail(ctx context.Context, m Means) error {
	return p.rounds(ctx, &m, false, mailWorkers)
}

// DeliverPush is the push of Deliver. The services are chosen by browsers, so by
// anybody: they may be slow, and nothing else waits for them.
func (p *Post) DeliverPush(ctx context.Context, m Means) error {
	return p.rounds(ctx, &m, true, pushWorkers)
}

// rounds sends what is due on one way. Whom a try failed is left until the next
// time.
func (p *Post) rounds(ctx context.Context, m *Means, push bool, workers int) error {
	tried := make(map[people.ID]bool)
	var faults []error
	for ctx.Err() == nil {
		round := p.due(push, tried)
		if len(round) == 0 {
			break
		}
		came := make([]error, len(round))
		var all sync.WaitGroup
		for w := range min(workers, len(round)) {
			all.Go(func() {
				for i := w; i < len(round) && ctx.Err() == nil; i += workers {
					came[i] = p.deliver(ctx, m, round[i])
				}
			})
		}
		all.Wait()
		for i, err := range came {
			if err != nil {
				tried[round[i].who] = true
				faults = append(faults, err)
			}
		}
	}
	if len(faults) > 0 {
		return fmt.Errorf("%d notices were not sent; the last: %w", len(faults), faults[len(faults)-1])
	}
	return nil
}

// due are the errands of one round: one for each person, the longest due first.
func (p *Post) due(push bool, tried map[people.ID]bool) (round []errand) {
	now := p.node.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	for e, next := range p.wait {
		if e.push == push && !next.After(now) && !tried[e.who] {
			round = append(round, e)
		}
	}
	slices.SortFunc(round, func(a, b errand) int {
		return cmp.Or(p.wait[a].Compare(p.wait[b]), strings.Compare(a.name, b.name))
	})
	one := make(map[people.ID]bool)
	round = slices.DeleteFunc(round, func(e errand) bool {
		again := one[e.who]
		one[e.who] = true
		return again
	})
	return round[:min(len(round), roundMost)]
}

// deliver sends one notice on one way.
func (p *Post) deliver(ctx context.Context, m *Means, e errand) error {
	k, ok, err := p.get(e.place)
	person, known, other := p.people.Person(e.who)
	if err := errors.Join(err, other); err != nil {
		return err
	}
	if !ok || !known {
		return p.change(e.place, func(k *Kept) { k.by(e.push).State = failed })
	}
	s, err := p.Settings(e.who)
	if err != nil {
		return err
	}
	if e.push {
		err = &refusal{why: "no phone is to be told any more", forGood: true}
		if len(s.Phones) > 0 {
			err = p.push(ctx, m, e.place, s.Phones, m.Write(person, k.Notice).Title, person.Lang)
		}
	} else {
		err = p.mail(ctx, m, e.place, k, &s, person)
	}
	now := p.node.Now()
	return errors.Join(err, p.change(e.place, func(k *Kept) { k.by(e.push).after(err, now, k.At) }))
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
