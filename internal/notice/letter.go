package notice

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"grulden/internal/people"
)

// Letter is a notice that is to be printed, because it matters and reached
// nobody in another way.
type Letter struct {
	Who people.Person
	Notice
}

// Letters lists what is to be printed, by name and then by time.
func (p *Post) Letters() (all []Letter, err error) {
	settings := make(map[people.ID]*Settings)
	err = p.vault.AllNamed(noticeDoc, func(who people.ID, _ string, doc []byte) error {
		var k Kept
		if err := json.Unmarshal(doc, &k); err != nil {
			return err
		}
		s := settings[who]
		if s == nil {
			own, err := p.Settings(who)
			if err != nil {
				return err
			}
			s = &own
			settings[who] = s
		}
		if !k.wantsLetter(s) {
			return nil
		}
		person, ok, err := p.people.Person(who)
		if err == nil && ok {
			all = append(all, Letter{Who: person, Notice: k.Notice})
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("letters to print: %w", err)
	}
	slices.SortStableFunc(all, func(a, b Letter) int {
		if c := bytes.Compare([]byte(a.Who.Title()), []byte(b.Who.Title())); c != 0 {
			return c
		}
		return a.At.Compare(b.At)
	})
	return all, nil
}

// Printed notes that the letters that had to be printed up to a time are on
// paper. Those that came since then wait on.
func (p *Post) Printed(upTo time.Time) error {
	all, err := p.Letters()
	if err != nil {
		return err
	}
	now := p.node.Now()
	for _, l := range all {
		if l.At.After(upTo) {
			continue
		}
		if err := p.change(place{l.Who.ID, p.nameOf(l.Key)}, func(k *Kept) { k.Printed = now }); err != nil {
			return err
		}
	}
	return nil
}

// Sizes of a letter, in millimetres: the address is where the window of a Dutch
// envelope is.
const (
	letterLeft  = 25.0
	letterWidth = 160.0
	addressTop  = 50.0
	bodyTop     = 100.0
	lineHeight  = 7.0
	textPoints  = 13 // large: many readers are old
	titlePoints = 17
)

// Paper is one letter as it is printed.
type Paper struct {
	Sender  string
	Address []string
	Day     string
	Text    Text
}

// DrawLetters draws letters, a page each. The same letters give the same bytes.
func DrawLetters(lang, title string, letters []Paper) ([]byte, error) {
	pdf := fpdf.New("P", "mm", "A4", "")
	fixed := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	pdf.SetCreationDate(fixed)
	pdf.SetModificationDate(fixed)
	pdf.SetCatalogSort(true)
	pdf.SetTitle(title, true)
	pdf.SetLang(lang)
	pdf.SetMargins(letterLeft, 20, letterLeft)
	latin := pdf.UnicodeTranslatorFromDescriptor("")
	write := func(points float64, style, text string) {
		pdf.SetFont("Helvetica", style, points)
		pdf.MultiCell(letterWidth, lineHeight, latin(text), "", "L", false)
	}
	for _, l := range letters {
		pdf.AddPage()
		write(textPoints, "B", l.Sender)
		pdf.SetXY(letterLeft, addressTop)
		for _, line := range l.Address {
			write(textPoints, "", line)
		}
		pdf.SetXY(letterLeft, bodyTop-2*lineHeight)
		write(textPoints, "", l.Day)
		pdf.SetXY(letterLeft, bodyTop)
		write(titlePoints, "B", l.Text.Title)
		for _, line := range l.Text.Lines {
			pdf.Ln(lineHeight / 2)
			write(textPoints, "", line)
		}
	}
	var out bytes.Buffer
	if err := pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("draw letters: %w", err)
	}
	return out.Bytes(), nil
}
