package people

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"grulden/internal/payreq"
	"grulden/internal/vault"
	"grulden/ledger"
)

// Bounds of helping.
const (
	MaxHelpers    = 5  // helpers and open invitations of one person
	MaxHelped     = 20 // people that one helper helps
	MaxHelpLimit  = ledger.Cents(250_00)
	InvitationFor = 7 * 24 * time.Hour
)

// Errors of helping.
var (
	ErrNoInvitation = errors.New("this invitation does not work any more")
	ErrHelpLimit    = errors.New("not a limit for a day")
	ErrHelpers      = errors.New("there are enough helpers")
	ErrHelpSelf     = errors.New("nobody helps themselves")
)

// Help is what somebody lets a helper do: pay this much a day.
type Help struct {
	Owner  ID           `json:"-"`
	Helper ID           `json:"helper"`
	Name   string       `json:"name"` // what the owner calls the helper
	Limit  ledger.Cents `json:"limit"`
	Since  time.Time    `json:"since"`
}

// Invitation lets whoever has its code become a helper, once.
type Invitation struct {
	Code  payreq.Code  `json:"code"`
	Name  string       `json:"name"`
	Limit ledger.Cents `json:"limit"`
	Until time.Time    `json:"until"`
}

// helped is the document of somebody who has helpers.
type helped struct {
	Helpers     []Help       `json:"helpers,omitempty"`
	Invitations []Invitation `json:"invitations,omitempty"`
}

// helping is the document of a helper: whom to look for. What counts is what
// they have on file.
type helping struct {
	Owners []ID `json:"owners"`
}

const (
	helpedDoc    = "helped"
	helpingDoc   = "helping"
	byInvitation = "invitation"
)

// Invite makes an invitation to help a person, with a limit for a day.
func (d *Directory) Invite(owner ID, name string, limit ledger.Cents, now time.Time) (Invitation, error) {
	name = tidy(name)
	switch {
	case name == "" || len([]rune(name)) > MaxName:
		return Invitation{}, ErrName
	case limit <= 0 || limit > MaxHelpLimit:
		return Invitation{}, ErrHelpLimit
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	h, err := d.helped(owner)
	if err != nil {
		return Invitation{}, err
	}
	b := d.vault.NewBatch()
	h.Invitations = slices.DeleteFunc(h.Invitations, func(i Invitation) bool {
		old := !now.Before(i.Until)
		if old {
			b.DeleteLookup(byInvitation, i.Code.String())
		}
		return old
	})
	if len(h.Helpers)+len(h.Invitations) >= MaxHelpers {
		return Invitation{}, ErrHelpers
	}
	code, err := payreq.NewCode(d.random)
	if err != nil {
		return Invitation{}, err
	}
	i := Invitation{Code: code, Name: name, Limit: limit, Until: now.UTC().Truncate(time.Second).Add(InvitationFor)}
	h.Invitations = append(h.Invitations, i)
	b.SetLookup(byInvitation, code.String(), owner[:])
	return i, d.putHelped(b, owner, h)
}

// Invited finds the invitation with a code, and who made it. It returns
// ErrNoInvitation when there is none, or none any more.
func (d *Directory) Invited(code payreq.Code, now time.Time) (Person, Invitation, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p, _, i, err := d.invited(code, now)
	return p, i, err
}

// invited is Invited with the document that the invitation is in.
func (d *Directory) invited(code payreq.Code, now time.Time) (Person, helped, Invitation, error) {
	value, ok, err := d.vault.Lookup(byInvitation, code.String())
	if err != nil {
		return Person{}, helped{}, Invitation{}, err
	}
	if !ok || len(value) != len(ID{}) {
		return Person{}, helped{}, Invitation{}, ErrNoInvitation
	}
	p, ok, err := d.read(ID(value))
	if err != nil || !ok {
		return Person{}, helped{}, Invitation{}, errors.Join(err, errIf(!ok, ErrNoInvitation))
	}
	h, err := d.helped(p.ID)
	if err != nil {
		return Person{}, helped{}, Invitation{}, err
	}
	for _, i := range h.Invitations {
		if i.Code == code && now.Before(i.Until) {
			return p, h, i, nil
		}
	}
	return Person{}, helped{}, Invitation{}, ErrNoInvitation
}

// Accept makes a person the helper that an invitation asks for. The invitation
// is used up. Who was a helper before gets the new limit.
func (d *Directory) Accept(code payreq.Code, helper ID, now time.Time) (Help, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	owner, h, i, err := d.invited(code, now)
	switch {
	case err != nil:
		return Help{}, err
	case owner.ID == helper:
		return Help{}, ErrHelpSelf
	}
	theirs, err := d.helping(helper)
	if err != nil {
		return Help{}, err
	}
	if !slices.Contains(theirs.Owners, owner.ID) {
		if len(theirs.Owners) >= MaxHelped {
			return Help{}, ErrHelpers
		}
		theirs.Owners = append(theirs.Owners, owner.ID)
	}
	given := Help{Owner: owner.ID, Helper: helper, Name: i.Name, Limit: i.Limit, Since: now.UTC().Truncate(time.Second)}
	h.Helpers = append(slices.DeleteFunc(h.Helpers, func(x Help) bool { return x.Helper == helper }), given)
	h.Invitations = slices.DeleteFunc(h.Invitations, func(x Invitation) bool { return x.Code == code })
	b := d.vault.NewBatch()
	b.DeleteLookup(byInvitation, code.String())
	if err := d.addDoc(b, helper, helpingDoc, theirs); err != nil {
		return Help{}, err
	}
	return given, d.putHelped(b, owner.ID, h)
}

// Helpers lists who helps a person, and the invitations that are still open.
func (d *Directory) Helpers(owner ID, now time.Time) ([]Help, []Invitation, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	h, err := d.helped(owner)
	if err != nil {
		return nil, nil, err
	}
	open := slices.DeleteFunc(h.Invitations, func(i Invitation) bool { return !now.Before(i.Until) })
	return h.Helpers, open, nil
}

// Helping lists whom a person helps.
func (d *Directory) Helping(helper ID) (all []Help, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	theirs, err := d.helping(helper)
	if err != nil {
		return nil, err
	}
	for _, owner := range theirs.Owners {
		given, ok, err := d.help(owner, helper)
		if err != nil {
			return nil, err
		}
		if ok {
			all = append(all, given)
		}
	}
	return all, nil
}

// HelpOf tells what an owner lets a helper do; ok is false for nothing.
func (d *Directory) HelpOf(owner, helper ID) (given Help, ok bool, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.help(owner, helper)
}

func (d *Directory) help(owner, helper ID) (given Help, ok bool, err error) {
	h, err := d.helped(owner)
	if err != nil {
		return Help{}, false, err
	}
	for _, given := range h.Helpers {
		if given.Helper == helper {
			return given, true, nil
		}
	}
	return Help{}, false, nil
}

// LimitHelp changes what a helper may pay a day.
func (d *Directory) LimitHelp(owner, helper ID, limit ledger.Cents) error {
	if limit <= 0 || limit > MaxHelpLimit {
		return ErrHelpLimit
	}
	return d.changeHelped(owner, func(_ *vault.Batch, h *helped) bool {
		at := slices.IndexFunc(h.Helpers, func(x Help) bool { return x.Helper == helper })
		if at >= 0 {
			h.Helpers[at].Limit = limit
		}
		return at >= 0
	})
}

// StopHelp ends somebody's helping at once.
func (d *Directory) StopHelp(owner, helper ID) error {
	return d.changeHelped(owner, func(_ *vault.Batch, h *helped) bool {
		before := len(h.Helpers)
		h.Helpers = slices.DeleteFunc(h.Helpers, func(x Help) bool { return x.Helper == helper })
		return len(h.Helpers) < before
	})
}

// Uninvite takes back an invitation.
func (d *Directory) Uninvite(owner ID, code payreq.Code) error {
	return d.changeHelped(owner, func(b *vault.Batch, h *helped) bool {
		before := len(h.Invitations)
		h.Invitations = slices.DeleteFunc(h.Invitations, func(x Invitation) bool { return x.Code == code })
		if len(h.Invitations) == before {
			return false
		}
		b.DeleteLookup(byInvitation, code.String())
		return true
	})
}

// changeHelped changes what a person's helpers may do; a change that finds
// nothing to change gives ErrNobody.
func (d *Directory) changeHelped(owner ID, change func(*vault.Batch, *helped) bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	h, err := d.helped(owner)
	if err != nil {
		return err
	}
	b := d.vault.NewBatch()
	if !change(b, &h) {
		return ErrNobody
	}
	return d.putHelped(b, owner, h)
}

// helped reads the document of somebody who has helpers; the lock is held.
func (d *Directory) helped(owner ID) (h helped, err error) {
	err = d.readDoc(owner, helpedDoc, &h)
	for i := range h.Helpers {
		h.Helpers[i].Owner = owner
	}
	return h, err
}

func (d *Directory) helping(helper ID) (h helping, err error) {
	return h, d.readDoc(helper, helpingDoc, &h)
}

func (d *Directory) putHelped(b *vault.Batch, owner ID, h helped) error {
	if err := d.addDoc(b, owner, helpedDoc, h); err != nil {
		return err
	}
	if err := b.Commit(); err != nil {
		return fmt.Errorf("write who helps: %w", err)
	}
	return nil
}

// readDoc reads a document of a person into v, which stays as it is when there
// is none.
func (d *Directory) readDoc(id ID, name string, v any) error {
	doc, ok, err := d.vault.Get(id, name)
	if err != nil || !ok {
		return err
	}
	if err := json.Unmarshal(doc, v); err != nil {
		return fmt.Errorf("read who helps: %w", err)
	}
	return nil
}

func (d *Directory) addDoc(b *vault.Batch, id ID, name string, v any) error {
	doc, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write who helps: %w", err)
	}
	b.Put(id, name, doc)
	return nil
}

// leaveHelp takes a person who is to be erased out of what others have on
// file; the lock is held.
func (d *Directory) leaveHelp(b *vault.Batch, id ID) error {
	own, err := d.helped(id)
	if err != nil {
		return err
	}
	for _, i := range own.Invitations {
		b.DeleteLookup(byInvitation, i.Code.String())
	}
	theirs, err := d.helping(id)
	if err != nil {
		return err
	}
	for _, owner := range theirs.Owners {
		h, err := d.helped(owner)
		if err != nil {
			return err
		}
		kept := slices.DeleteFunc(h.Helpers, func(x Help) bool { return x.Helper == id })
		if len(kept) == len(h.Helpers) {
			continue
		}
		if err := d.addDoc(b, owner, helpedDoc, helped{kept, h.Invitations}); err != nil {
			return err
		}
	}
	return nil
}
