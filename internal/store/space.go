package store

// Space is one key range of a store, for a part that keeps its own small rows.
// Its keys are those of the store without the prefix byte. Every write is
// synced before it returns.
type Space struct {
	d      *DB
	prefix []byte
}

// Space returns the key range under prefix, one of the letters in keys.go.
func (d *DB) Space(prefix byte) Space { return Space{d, []byte{prefix}} }

// full is the key of the store for a key of the space.
func (s Space) full(key []byte) []byte {
	return append(append(make([]byte, 0, len(s.prefix)+len(key)), s.prefix...), key...)
}

// Get returns a copy of the value of key; ok is false when there is none.
func (s Space) Get(key []byte) (val []byte, ok bool, err error) {
	return s.d.Get(s.full(key))
}

// Put writes val under key.
func (s Space) Put(key, val []byte) error {
	return s.Update(func(b *Batch) { b.Set(key, val) })
}

// Delete removes key; it need not be there.
func (s Space) Delete(key []byte) error {
	return s.Update(func(b *Batch) { b.Delete(key) })
}

// Scan calls fn for every key that starts with prefix, in order and without
// the byte of the space. Key and value are valid only during the call. The
// first error of fn ends the scan and is returned, except Stop.
func (s Space) Scan(prefix []byte, fn func(key, val []byte) error) error {
	lower := s.full(prefix)
	return s.d.scan(s.d.p, lower, End(lower), forward, func(k, v []byte) error {
		return fn(k[len(s.prefix):], v)
	})
}

// Update commits what fill puts into the batch, all or nothing. The keys of the
// batch are those of the space.
func (s Space) Update(fill func(*Batch)) error {
	b := s.d.NewBatch()
	defer b.Close()
	b.prefix = s.prefix
	fill(b)
	return s.d.Commit(b)
}
