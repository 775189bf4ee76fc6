package people

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"grulden/internal/payreq"
	"grulden/internal/vault"
)

// login is how a person proves to be the person: the code on the card and the
// hash of the PIN. It is a document of its own, so that pages that show a
// person never hold it.
type login struct {
	Code string `json:"code"`
	PIN  string `json:"pin"`
}

// Login finds the person who carries a card, and the hash of the PIN that goes
// with it; ok is false when there is no such card.
func (d *Directory) Login(code payreq.Code) (p Person, pinHash string, ok bool, err error) {
	p, ok, err = d.find(byLogin, code.String())
	if err != nil || !ok {
		return Person{}, "", false, err
	}
	l, ok, err := d.readLogin(p.ID)
	return p, l.PIN, ok, err
}

// LoginOf gives the code on a person's card and the hash of the PIN; ok is
// false for a person without a login.
func (d *Directory) LoginOf(id ID) (code payreq.Code, pinHash string, ok bool, err error) {
	l, ok, err := d.readLogin(id)
	if err != nil || !ok {
		return 0, "", false, err
	}
	if code, err = payreq.Parse(l.Code); err != nil {
		return 0, "", false, fmt.Errorf("read a login: %w", err)
	}
	return code, l.PIN, true, nil
}

// NewCard gives a person a new card, whose code it returns, with the PIN that
// the person had. The old card no longer works, and sessions begun with it end.
func (d *Directory) NewCard(id ID) (Person, payreq.Code, error) {
	return d.changeLogin(id, func(old login) (payreq.Code, string, error) {
		code, err := d.newCode()
		return code, old.PIN, err
	})
}

// SetPIN gives a person another PIN, or the first one. The card stays the same;
// sessions begun with the old PIN end. It returns the code of the card.
func (d *Directory) SetPIN(id ID, pinHash string) (Person, payreq.Code, error) {
	return d.changeLogin(id, func(old login) (payreq.Code, string, error) {
		code, err := payreq.Parse(old.Code)
		return code, pinHash, err
	})
}

// changeLogin replaces a person's login by what change makes of it. Second
// factors are forgotten: who has lost them gets back in this way.
func (d *Directory) changeLogin(id ID, change func(login) (payreq.Code, string, error)) (Person, payreq.Code, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p, ok, err := d.read(id)
	if err != nil || !ok {
		return Person{}, 0, errors.Join(err, errIf(!ok, ErrNobody))
	}
	old, _, err := d.readLogin(id)
	if err != nil {
		return Person{}, 0, err
	}
	code, pinHash, err := change(old)
	if err != nil {
		return Person{}, 0, err
	}
	b := d.vault.NewBatch()
	b.DeleteLookup(byLogin, old.Code)
	b.Delete(id, factorsDoc)
	if err := d.putLogin(b, id, code, pinHash); err != nil {
		return Person{}, 0, err
	}
	p.Serial++
	return p, code, d.put(b, p)
}

// Factors is the document of a person's second factors; nothing when there are
// none. What is in it is the matter of package auth.
func (d *Directory) Factors(id ID) ([]byte, error) {
	doc, _, err := d.vault.Get(id, factorsDoc)
	return doc, err
}

// ChangeFactors changes that document, one change at a time, so that nothing in
// it is used twice. When change gives an error, nothing is written.
func (d *Directory) ChangeFactors(id ID, change func(doc []byte) ([]byte, error)) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, ok, err := d.read(id); err != nil || !ok {
		return errors.Join(err, errIf(!ok, ErrNobody))
	}
	doc, _, err := d.vault.Get(id, factorsDoc)
	if err != nil {
		return err
	}
	changed, err := change(doc)
	if err != nil || bytes.Equal(changed, doc) {
		return err
	}
	return d.vault.Put(id, factorsDoc, changed)
}

// newCode draws a code that is on no other card.
func (d *Directory) newCode() (payreq.Code, error) {
	for {
		code, err := payreq.NewCode(d.random)
		if err != nil {
			return 0, err
		}
		_, taken, err := d.vault.Lookup(byLogin, code.String())
		if err != nil || !taken {
			return code, err
		}
	}
}

func (d *Directory) putLogin(b *vault.Batch, id ID, code payreq.Code, pinHash string) error {
	doc, err := json.Marshal(login{Code: code.String(), PIN: pinHash})
	if err != nil {
		return fmt.Errorf("write a login: %w", err)
	}
	b.Put(id, loginDoc, doc)
	b.SetLookup(byLogin, code.String(), id[:])
	return nil
}

func (d *Directory) readLogin(id ID) (l login, ok bool, err error) {
	doc, ok, err := d.vault.Get(id, loginDoc)
	if err != nil || !ok {
		return login{}, false, err
	}
	if err := json.Unmarshal(doc, &l); err != nil {
		return login{}, false, fmt.Errorf("read a login: %w", err)
	}
	return l, true, nil
}
