package notice

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/vault"
)

// Kind says what a notice is about. The words for it are those of the pages.
type Kind string

// The kinds of notices.
const (
	TopUp     Kind = "topup"     // euros came in and became Grulden
	Issued    Kind = "issued"    // Grulden were added otherwise
	Granted   Kind = "granted"   // the fund of the wijk gave something
	PaidOut   Kind = "paidout"   // the bank paid what a shop asked for
	CameBack  Kind = "cameback"  // the bank sent the euros of a payout back
	Rejected  Kind = "rejected"  // a payout was called off; the Grulden are back
	Blocked   Kind = "blocked"   // the desk blocked an account
	Unblocked Kind = "unblocked" // and let it in again
	Act       Kind = "act"       // the desk did something else about a person
	Standing  Kind = "standing"  // a payment that comes again was made
	Policy    Kind = "policy"    // the rules of the coin change
	confirm   Kind = "confirm"   // the code for a new e-mail address
)

// onPaper are the kinds that somebody must hear of who uses no phone at all.
var onPaper = []Kind{CameBack, Rejected, Blocked, Unblocked, Act, Policy}

// The facts that a notice may have.
const (
	FactAmount = "amount" // in cents
	FactDay    = "day"    // as YYYY-MM-DD
	FactAct    = "act"    // the kind of what the desk did
	factCode   = "code"   // to be typed
)

// Notice is something that a person is to know.
type Notice struct {
	// Key is the same for the same event: a person gets one notice of a key.
	Key   string            `json:"key"`
	Kind  Kind              `json:"kind"`
	Facts map[string]string `json:"facts,omitempty"`
	At    time.Time         `json:"at"` // when it happened; zero: now
}

// state is how far a notice has come on one way to a person.
type state string

const (
	unused  state = ""
	waiting state = "waiting"
	done    state = "done"
	failed  state = "failed" // given up
)

// way is one way to a person: how far a notice came, and when it is tried again.
type way struct {
	State state     `json:"state,omitempty"`
	Tries int       `json:"tries,omitempty"`
	Next  time.Time `json:"next,omitzero"`
}

// Kept is a notice as it is on file.
type Kept struct {
	Notice
	Seen    time.Time `json:"seen,omitzero"`    // when it was read in the app
	Printed time.Time `json:"printed,omitzero"` // as a letter
	Mail    way       `json:"mail,omitzero"`
	Push    way       `json:"push,omitzero"`
}

// wantsLetter tells whether a notice is to be printed: it matters, and as far as
// we know it reached nobody.
func (k *Kept) wantsLetter(s *Settings) bool {
	sent := k.Mail.State == waiting || k.Mail.State == done || k.Push.State == waiting || k.Push.State == done
	return slices.Contains(onPaper, k.Kind) && !sent && k.Seen.IsZero() && k.Printed.IsZero() && !s.NoLetters
}

// by is how far a notice has come by e-mail, or by push.
func (k *Kept) by(push bool) *way {
	if push {
		return &k.Push
	}
	return &k.Mail
}

// place is where a notice is.
type place struct {
	who  people.ID
	name string
}

// errand is a notice to be sent by e-mail, or by push.
type errand struct {
	place
	push bool
}

// Post keeps notices and what waits to be sent. Its methods may be called from
// many goroutines.
type Post struct {
	node    *node.Node
	vault   *vault.Vault
	people  *people.Directory
	program people.ID // the program's own documents: how far it followed, its keys

	// mu is held over every change of a document.
	mu   sync.Mutex
	wait map[errand]time.Time // what is to be sent, and when
}

// Names of documents of a person.
const (
	noticeDoc   = "notice/"
	settingsDoc = "notice settings"
)

// New opens the post of a ledger, and finds what waits there.
func New(n *node.Node, v *vault.Vault, d *people.Directory) (*Post, error) {
	p := &Post{
		node: n, vault: v, people: d, program: people.ID(v.HMAC16("notice", "the program")),
		wait: make(map[errand]time.Time),
	}
	err := v.AllNamed(noticeDoc, func(who people.ID, name string, doc []byte) error {
		var k Kept
		if err := json.Unmarshal(doc, &k); err != nil {
			return err
		}
		p.note(place{who, name}, &k)
		return nil
	})
	if err == nil {
		err = p.begin()
	}
	if err != nil {
		return nil, fmt.Errorf("open notices: %w", err)
	}
	return p, nil
}

// note remembers when a notice is to be sent; p.mu is held, or nobody else knows
// p yet.
func (p *Post) note(at place, k *Kept) {
	for _, push := range []bool{false, true} {
		if w := k.by(push); w.State == waiting {
			p.wait[errand{at, push}] = w.Next
		} else {
			delete(p.wait, errand{at, push})
		}
	}
}

// Outbox is how many notices wait to be sent by e-mail, and how many to a phone.
func (p *Post) Outbox() (email, phone int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for e := range p.wait {
		if e.push {
			phone++
		} else {
			email++
		}
	}
	return email, phone
}

// gone forgets what was to be sent of a notice; p.mu is held.
func (p *Post) gone(at place) { p.note(at, &Kept{}) }

// nameOf is the document of a notice.
func (p *Post) nameOf(key string) string {
	id := p.vault.HMAC16("notice", key)
	return noticeDoc + hex.EncodeToString(id[:])
}

// Send gives a person a notice, once for each key. It returns when the notice is
// on disk; what is to be sent is sent later. Nobody is told about the erased.
func (p *Post) Send(who people.ID, n Notice) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, known, err := p.vault.Get(who, p.nameOf(n.Key)); known || err != nil {
		return err
	}
	b := p.vault.NewBatch()
	kept, err := p.add(b, who, n)
	if err == nil {
		err = b.Commit()
	}
	if errors.Is(err, vault.ErrErased) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("write a notice: %w", err)
	}
	p.note(place{who, p.nameOf(n.Key)}, kept)
	return nil
}

// add puts a new notice into a batch, with the ways that its person chose.
func (p *Post) add(b *vault.Batch, who people.ID, n Notice) (*Kept, error) {
	s, err := p.Settings(who)
	if err != nil {
		return nil, err
	}
	if n.At.IsZero() {
		n.At = p.node.Now()
	}
	k := Kept{Notice: n}
	now := p.node.Now()
	if s.Email != "" || n.Kind == confirm {
		k.Mail = way{State: waiting, Next: now}
	}
	if len(s.Phones) > 0 && n.Kind != confirm {
		k.Push = way{State: waiting, Next: now}
	}
	doc, err := json.Marshal(k)
	if err != nil {
		return nil, err
	}
	b.Put(who, p.nameOf(n.Key), doc)
	return &k, nil
}

// get reads a notice; ok is false when there is none, or none any more.
func (p *Post) get(at place) (k *Kept, ok bool, err error) {
	doc, ok, err := p.vault.Get(at.who, at.name)
	if err != nil || !ok {
		return nil, false, err
	}
	k = new(Kept)
	return k, true, json.Unmarshal(doc, k)
}

// change changes a notice on file.
func (p *Post) change(at place, how func(*Kept)) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	k, ok, err := p.get(at)
	if err != nil || !ok {
		p.gone(at)
		return err
	}
	how(k)
	doc, err := json.Marshal(k)
	if err == nil {
		err = p.vault.Put(at.who, at.name, doc)
	}
	if err != nil && !errors.Is(err, vault.ErrErased) {
		return fmt.Errorf("write a notice: %w", err)
	}
	p.note(at, k)
	return nil
}

// Of lists a person's notices, the latest first.
func (p *Post) Of(who people.ID) (all []Kept, err error) {
	err = p.vault.DocsNamed(who, noticeDoc, func(_ string, doc []byte) error {
		var k Kept
		if err := json.Unmarshal(doc, &k); err != nil {
			return err
		}
		if k.Kind != confirm {
			all = append(all, k)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read notices: %w", err)
	}
	slices.SortStableFunc(all, func(a, b Kept) int { return b.At.Compare(a.At) })
	return all, nil
}

// Saw notes that a person has read these notices in the app: what was read is
// not printed any more.
func (p *Post) Saw(who people.ID, read []Kept) error {
	now := p.node.Now()
	for i := range read {
		if !read[i].Seen.IsZero() {
			continue
		}
		if err := p.change(place{who, p.nameOf(read[i].Key)}, func(k *Kept) { k.Seen = now }); err != nil {
			return err
		}
	}
	return nil
}

// kept is how long a notice stays on file.
const keptFor = 400 * 24 * time.Hour

// Sweep removes notices that are older than is of use to anybody.
func (p *Post) Sweep(now time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	b := p.vault.NewBatch()
	err := p.vault.AllNamed(noticeDoc, func(who people.ID, name string, doc []byte) error {
		var k Kept
		if err := json.Unmarshal(doc, &k); err != nil {
			return err
		}
		if now.Sub(k.At) > keptFor {
			b.Delete(who, name)
			p.gone(place{who, name})
		}
		return nil
	})
	if err == nil && b.Len() > 0 {
		err = b.Commit()
	}
	if err != nil {
		return fmt.Errorf("remove old notices: %w", err)
	}
	return nil
}
