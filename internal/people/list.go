package people

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Search lists people whose own or shop's name contains the query, in any
// case, by name; an empty query finds everybody. At most limit are returned;
// more tells that there are others.
func (d *Directory) Search(query string, limit int) (found []Person, more bool, err error) {
	query = strings.ToLower(tidy(query))
	found, err = d.where(func(p Person) bool {
		return strings.Contains(strings.ToLower(p.Name), query) || strings.Contains(strings.ToLower(p.Shop), query)
	})
	if err == nil && len(found) > limit {
		return found[:limit], true, nil
	}
	return found, false, err
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
