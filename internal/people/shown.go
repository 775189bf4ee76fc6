package people

import (
	"strings"
	"unicode"
)

// MaxShown is the longest name that a resident can show, in characters.
const MaxShown = 24

// Show changes the name that others see of a resident; empty shows none. It
// returns ErrShown for one that is too long, has more than one line, holds signs
// that are in no name, or is a shop's: nobody is to be mistaken for a shop.
func (d *Directory) Show(id ID, name string) error {
	odd := strings.ContainsFunc(name, turns) || strings.ContainsAny(name, "\n\v\f\r\u0085\u2028\u2029")
	name = tidy(name)
	if odd || len([]rune(name)) > MaxShown || strings.ContainsFunc(name, oddInName) {
		return ErrShown
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	p, ok, err := d.read(id)
	if err != nil {
		return err
	}
	if !ok || p.Role != Resident {
		return ErrNobody
	}
	if err := d.loadAll(); err != nil {
		return err
	}
	for _, other := range d.all {
		if name != "" && other.Shop != "" && plain(other.Shop) == plain(name) {
			return ErrShown
		}
	}
	p.Shown = name
	return d.put(d.vault.NewBatch(), p)
}

// oddInName tells of signs that would let a name look like something else.
func oddInName(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) && !strings.ContainsRune(" .'’-", r)
}

// plain is a name without case and signs, so that names that look alike are alike.
func plain(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}
