package web

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"grulden/internal/logbook"
	"grulden/internal/move"
	"grulden/internal/people"
	"grulden/wallet"
	"grulden/web/page"
)

// mostEntries bounds how many payments one file of somebody's data has: far more
// than anybody makes in seven years.
const mostEntries = 100_000

// secretDocs are what lets somebody in: it is nobody's to read, the owner's neither.
var secretDocs = []string{"login", "factors"}

// ownData is all that is on file about somebody, as programs read it.
type ownData struct {
	Made     time.Time                  `json:"made"`
	Person   people.ID                  `json:"person"`
	OnFile   map[string]json.RawMessage `json:"on_file"`
	Payments []wallet.Entry             `json:"payments,omitempty"` // in Grulden cents, the newest first
	Before   []move.Old                 `json:"before_the_move,omitempty"`
	Acts     []logbook.Entry            `json:"acts,omitempty"` // what the office did
}

// dataOf gathers all that is on file about somebody.
func (s *Server) dataOf(person people.Person) (d ownData, err error) {
	d = ownData{Made: s.node.Now().UTC(), Person: person.ID, OnFile: make(map[string]json.RawMessage)}
	err = s.vault.Docs(person.ID, func(name string, doc []byte) error {
		if slices.Contains(secretDocs, name) || strings.HasPrefix(name, "logbook/") {
			return nil // of the logbook, the entries follow
		}
		if !json.Valid(doc) {
			var err error
			doc, err = json.Marshal(doc) // a picture: in base64
			if err != nil {
				return err
			}
		}
		d.OnFile[name] = doc
		return nil
	})
	if err != nil {
		return d, err
	}
	if person.Role.HasPurse() {
		if d.Payments, _, err = s.wallet.History(person.Account, 0, mostEntries); err != nil {
			return d, err
		}
	}
	if d.Before, err = move.History(s.vault, person.ID); err != nil {
		return d, err
	}
	d.Acts, err = s.logbook.About(person.ID, 0, mostEntries)
	return d, err
}

// dataPage is the same as people read it, in the person's own language.
func (s *Server) dataPage(person people.Person, d ownData) (page.DataPage, error) {
	v := visit{person: person, purse: person, signedIn: true, lang: page.ParseLang(person.Lang)}
	p := page.DataPage{Base: s.nobody(v.lang), Made: dayAndTime(v.lang, d.Made)}
	fact := func(key page.Key, value string) {
		if value != "" {
			p.Facts = append(p.Facts, page.Told{What: v.lang.Text(key), Value: value})
		}
	}
	fact("newperson.name", person.Name)
	fact("person.role", v.lang.Text(roleKey(person.Role)))
	fact("newperson.shop", person.Shop)
	fact("newperson.address", person.Address)
	fact("mydata.iban", inGroups(person.IBAN))
	fact("person.reference", inGroups(person.Reference))
	fact("mydata.added", dayAndTime(v.lang, person.Added))
	var err error
	if p.Payments, err = s.lines(v, d.Payments); err != nil {
		return p, err
	}
	for i := range p.Payments {
		p.Payments[i].When, p.Payments[i].Href = dayAndTime(v.lang, d.Payments[i].At), ""
	}
	for _, o := range d.Before {
		name := o.Name
		if o.Other != (people.ID{}) {
			if name, err = s.staffName(v.lang, o.Other); err != nil {
				return p, err
			}
		}
		p.Before = append(p.Before, page.Line{Icon: "list", Who: strings.TrimSpace(name + " " + o.Text), When: dayAndTime(v.lang, o.At), Amount: v.lang.Money(int64(o.Cents)), In: o.Cents > 0})
	}
	for _, e := range d.Acts {
		line, err := s.logLine(v, e, false)
		if err != nil {
			return p, err
		}
		p.Acts = append(p.Acts, line)
	}
	return p, nil
}

// sendData sends all that is on file about somebody, as a ZIP with a page to
// read and a file for programs.
func (s *Server) sendData(w http.ResponseWriter, person people.Person) error {
	d, err := s.dataOf(person)
	if err != nil {
		return err
	}
	p, err := s.dataPage(person, d)
	if err != nil {
		return err
	}
	text, err := s.pages.Render(p)
	if err != nil {
		return err
	}
	programs, err := json.MarshalIndent(d, "", " ")
	if err != nil {
		return fmt.Errorf("write somebody's data: %w", err)
	}
	var file bytes.Buffer
	z := zip.NewWriter(&file)
	for name, content := range map[string][]byte{"gegevens.html": text, "gegevens.json": programs} {
		f, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: d.Made})
		if err == nil {
			_, err = f.Write(content)
		}
		if err != nil {
			return fmt.Errorf("write somebody's data: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write somebody's data: %w", err)
	}
	download(w, "application/zip", "gegevens.zip")
	_, _ = w.Write(file.Bytes()) // a visitor who hung up is no error of ours
	return nil
}

// giveOwnData gives somebody all that is on file about them.
func (s *Server) giveOwnData(w http.ResponseWriter, _ *http.Request, v visit) error {
	return s.sendData(w, v.person)
}

// giveData is the same at the desk, for somebody who is there and types the PIN:
// the desk sees nobody's payments otherwise.
func (s *Server) giveData(w http.ResponseWriter, r *http.Request, v visit) error {
	person, err := s.memberOf(r)
	if err != nil {
		return err
	}
	f, err := form(r, "pin")
	if err != nil {
		return err
	}
	if err := s.checkPIN(r.Context(), person, f[0]); err != nil {
		return err
	}
	if err := s.record(r.Context(), v, person, logbook.Entry{Kind: actExported}); err != nil {
		return err
	}
	return s.sendData(w, person)
}
