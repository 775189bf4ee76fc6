package people

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Search lists people by what somebody at a desk says of them: parts of their
// own or their shop's name or address, in any order, case and accents, or their
// reference. Whose name begins with what was typed comes first, and then by
// name; an empty query finds everybody. At most limit are returned; more tells
// that there are others.
func (d *Directory) Search(query string, limit int) (found []Person, more bool, err error) {
	words := strings.Fields(fold(tidy(query)))
	digits := reference(query)
	found, err = d.where(func(p Person) bool {
		return mentions(fold(p.Name+" "+p.Shop+" "+p.Address), words) || digits != "" && strings.Contains(p.Reference, digits)
	})
	start := strings.Join(words, " ")
	slices.SortStableFunc(found, func(a, b Person) int {
		return cmp.Compare(late(a, start), late(b, start))
	})
	if err == nil && len(found) > limit {
		return found[:limit], true, nil
	}
	return found, false, err
}

// mentions tells whether a text has all of some words in it.
func mentions(text string, words []string) bool {
	for _, word := range words {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// late is nought for whom a name begins with what was typed, and one for others.
func late(p Person, start string) int {
	if start == "" || strings.HasPrefix(fold(p.Name), start) || strings.HasPrefix(fold(p.Shop), start) {
		return 0
	}
	return 1
}

// reference is what was typed as the form of references has it; empty for a text
// that is no part of one.
func reference(query string) string {
	text := strings.ToUpper(strings.Join(strings.Fields(query), ""))
	if rest := strings.TrimPrefix(text, "RF"); len(rest) < 4 || strings.Trim(rest, "0123456789") != "" {
		return ""
	}
	return text
}

// folded are letters with a sign, by the letter that somebody types for them.
var folded = func() map[rune]rune {
	all := make(map[rune]rune)
	for plain, signed := range map[rune]string{
		'a': "àáâãäåāăą", 'c': "çćč", 'd': "ďđ", 'e': "èéêëēėęě", 'g': "ğģ", 'i': "ìíîïīįı", 'k': "ķ", 'l': "łľļ", 'n': "ñńňņ",
		'o': "òóôõöøōő", 'r': "řŕ", 's': "śšşș", 't': "ťţț", 'u': "ùúûüūůűų", 'y': "ýÿ", 'z': "źžż", '\'': "’‘",
	} {
		for _, r := range signed {
			all[r] = plain
		}
	}
	return all
}()

// fold is a text without case and accents, for comparing.
func fold(text string) string {
	return strings.Map(func(r rune) rune {
		switch plain, ok := folded[r]; {
		case ok:
			return plain
		case r >= 0x300 && r <= 0x36f: // an accent that stands by itself
			return -1
		}
		return r
	}, strings.ToLower(text))
}

// where lists the people of whom fits is true, by name. Others wait only while
// they are picked, not while they are sorted.
func (d *Directory) where(fits func(Person) bool) ([]Person, error) {
	type named struct {
		name string
		Person
	}
	var picked []named
	d.mu.Lock()
	err := d.loadAll()
	for _, p := range d.all {
		if fits(p) {
			picked = append(picked, named{strings.ToLower(p.Title()), p})
		}
	}
	d.mu.Unlock()
	slices.SortFunc(picked, func(a, b named) int {
		return cmp.Or(cmp.Compare(a.name, b.name), slices.Compare(a.ID[:], b.ID[:]))
	})
	found := make([]Person, len(picked))
	for i, p := range picked {
		found[i] = p.Person
	}
	return found, err
}

// Everybody lists all people, by name.
func (d *Directory) Everybody() ([]Person, error) {
	all, _, err := d.Search("", int(^uint(0)>>1))
	return all, err
}

// Staff lists who works for a shop, by name.
func (d *Directory) Staff(shop ID) ([]Person, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.staff(shop)
}

func (d *Directory) staff(shop ID) (found []Person, err error) {
	if err := d.loadAll(); err != nil {
		return nil, err
	}
	for _, p := range d.all {
		if p.Role == Cashier && p.Works == shop {
			found = append(found, p)
		}
	}
	slices.SortFunc(found, func(a, b Person) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), slices.Compare(a.ID[:], b.ID[:]))
	})
	return found, nil
}

// loadAll reads everybody from disk, the first time; the lock is held.
func (d *Directory) loadAll() error {
	if d.all != nil {
		return nil
	}
	all := make(map[ID]Person)
	err := d.vault.AllNamed(personDoc, func(id ID, name string, doc []byte) error {
		if name != personDoc {
			return nil
		}
		p, err := parse(id, doc)
		all[id] = p
		return err
	})
	if err != nil {
		return fmt.Errorf("list people: %w", err)
	}
	d.all = all
	return nil
}
