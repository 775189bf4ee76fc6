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
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.loadAll(); err != nil {
		return nil, false, err
	}
	query = strings.ToLower(tidy(query))
	for _, p := range d.all {
		if strings.Contains(strings.ToLower(p.Name), query) || strings.Contains(strings.ToLower(p.Shop), query) {
			found = append(found, p)
		}
	}
	slices.SortFunc(found, func(a, b Person) int {
		return cmp.Or(
			cmp.Compare(strings.ToLower(a.Title()), strings.ToLower(b.Title())),
			slices.Compare(a.ID[:], b.ID[:]),
		)
	})
	if len(found) > limit {
		return found[:limit], true, nil
	}
	return found, false, nil
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
