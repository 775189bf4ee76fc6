package store

import "github.com/cockroachdb/pebble/v2"

// Look is the store at one moment, for keys that are hardly ever there, such
// as the ids of new payments. Get reads the lowest level without asking its
// filters first, because what one looks for is mostly there; for a new key
// that is a block read for nothing, from the disk when the store is large. A
// Look asks the filters of all levels.
//
// It belongs to one goroutine. As DB.Get does, it may show what is still being
// synced. Close it soon: as long as it is open, old values are kept.
type Look struct {
	d  *DB
	it *pebble.Iterator
}

// Look returns the store as it is now.
func (d *DB) Look() (*Look, error) {
	it, err := d.p.NewIter(&pebble.IterOptions{UseL6Filters: true})
	if err != nil {
		return nil, d.check("look into store", err)
	}
	return &Look{d, it}, nil
}

// Get returns a copy of the value of key; ok is false when there is none.
func (l *Look) Get(key []byte) (val []byte, ok bool, err error) {
	if !l.it.SeekPrefixGE(key) { // the prefix of a key is all of it
		return nil, false, l.d.check("look into store", l.it.Error())
	}
	found, err := l.it.ValueAndErr()
	if err != nil {
		return nil, false, l.d.check("look into store", err)
	}
	return append(make([]byte, 0, len(found)), found...), true, nil
}

// Close lets go of what the Look sees.
func (l *Look) Close() error {
	return l.d.check("look into store", l.it.Close())
}
