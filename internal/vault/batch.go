package vault

import (
	"crypto/cipher"
	"fmt"

	"grulden/internal/store"
)

// Batch collects changes that Commit makes together, all or nothing, with one
// write to disk. Within a batch, later changes see earlier ones. It belongs to
// one goroutine and is used once.
type Batch struct {
	v     *Vault
	steps []func(*change) error
	erase []Subject
}

// change is a batch while it is carried out.
type change struct {
	v       *Vault
	b       *store.Batch
	sealers map[Subject]cipher.AEAD // of subjects met so far
	erased  map[Subject]bool        // in this batch
}

// NewBatch returns an empty batch.
func (v *Vault) NewBatch() *Batch { return &Batch{v: v} }

// Put is Vault.Put as part of the batch. The document must not change before
// Commit.
func (b *Batch) Put(s Subject, name string, doc []byte) {
	b.steps = append(b.steps, func(c *change) error {
		sealer, err := c.sealer(s)
		if err != nil {
			return err
		}
		c.set(store.VaultDocs, docKey(s, name), seal(sealer, doc, aboutDocument(s, name)))
		return nil
	})
}

// Delete removes one document of a subject; it need not be there. Its bytes stay
// on disk, sealed, until the subject is erased.
func (b *Batch) Delete(s Subject, name string) {
	b.steps = append(b.steps, func(c *change) error {
		c.b.Delete(full(store.VaultDocs, docKey(s, name)))
		return nil
	})
}

// SetLookup is Vault.SetLookup as part of the batch.
func (b *Batch) SetLookup(kind, text string, value []byte) {
	b.steps = append(b.steps, func(c *change) error {
		place := c.v.place(kind, text)
		c.set(store.Lookups, place, seal(c.v.lookup.values, value, place))
		return nil
	})
}

// DeleteLookup is Vault.DeleteLookup as part of the batch.
func (b *Batch) DeleteLookup(kind, text string) {
	b.steps = append(b.steps, func(c *change) error {
		c.b.Delete(full(store.Lookups, c.v.place(kind, text)))
		return nil
	})
}

// Erase is Vault.Erase as part of the batch, which then cannot have a Put for the
// subject.
func (b *Batch) Erase(s Subject) { b.erase = append(b.erase, s) }

// Len is the number of changes in the batch.
func (b *Batch) Len() int { return len(b.steps) + len(b.erase) }

// Commit carries out the batch. On an error nothing has changed, except when an
// erasure could not remove the last traces yet: see Vault.Erase.
func (b *Batch) Commit() error {
	if err := b.Write(); err != nil || len(b.erase) == 0 {
		return err
	}
	return b.v.RemoveTraces()
}

// Write is Commit without the removal of the last traces of who is erased: the
// caller calls Vault.RemoveTraces when that does not hold others up.
func (b *Batch) Write() error {
	v := b.v
	v.mu.Lock()
	defer v.mu.Unlock()
	sb := v.db.NewBatch()
	defer sb.Close()
	c := &change{v, sb, map[Subject]cipher.AEAD{}, map[Subject]bool{}}
	for _, s := range b.erase {
		c.erased[s] = true
	}
	for _, step := range b.steps {
		if err := step(c); err != nil {
			return err
		}
	}
	for _, s := range b.erase {
		if err := c.erase(s); err != nil {
			return err
		}
	}
	if err := v.db.Commit(sb); err != nil {
		return fmt.Errorf("write personal data: %w", err)
	}
	if len(b.erase) > 0 {
		v.erasures++
	}
	return nil
}

// full is a key of the store.
func full(space byte, key []byte) []byte { return append([]byte{space}, key...) }

// set writes into one of the vault's spaces.
func (c *change) set(space byte, key, val []byte) { c.b.Set(full(space, key), val) }

// sealer is the cipher of a subject, made with its first document.
func (c *change) sealer(s Subject) (cipher.AEAD, error) {
	if sealer := c.sealers[s]; sealer != nil {
		return sealer, nil
	}
	if c.erased[s] {
		return nil, ErrErased
	}
	key, ok, err := c.v.unwrap(s[:])
	if err != nil {
		return nil, err
	}
	if !ok {
		key = newKey()
		c.set(store.VaultKeys, s[:], c.v.wrap(s[:], key))
	}
	c.sealers[s] = newSealer(key)
	return c.sealers[s], nil
}

// erase replaces the key of a subject by a mark and deletes its documents. The
// note that traces are left goes into the same write.
func (c *change) erase(s Subject) error {
	err := c.v.db.Space(store.VaultDocs).Scan(s[:], func(key, _ []byte) error {
		c.b.Delete(full(store.VaultDocs, key))
		return nil
	})
	if err != nil {
		return err
	}
	c.set(store.VaultKeys, s[:], erasedMark)
	c.set(store.VaultKeys, purgeKey, nil)
	return nil
}

// Erase makes a subject's documents unreadable for ever: it destroys the key and
// deletes the documents. Values of lookups are up to the caller: see
// Batch.DeleteLookup. Erasing twice, or a subject that never was, is not an
// error.
//
// When the error satisfies errors.Is(err, store.ErrStillRead), the person is
// erased for this program, but old files that hold the wrapped key could not be
// removed yet, for example because a backup is being made. Erase may be called
// again; otherwise the next New removes them.
func (v *Vault) Erase(s Subject) error {
	b := v.NewBatch()
	b.Erase(s)
	return b.Commit()
}

// RemoveTraces removes erased keys from tables and logs, then the note that
// there are some, unless somebody else was erased meanwhile. It takes seconds,
// and holds nobody up but others who remove traces.
func (v *Vault) RemoveTraces() error {
	v.purging.Lock()
	defer v.purging.Unlock()
	v.mu.Lock()
	begun := v.erasures
	v.mu.Unlock()
	lower := []byte{store.VaultKeys}
	if err := v.db.Purge(lower, store.End(lower)); err != nil {
		return fmt.Errorf("erased, but old copies are still on disk: %w", err)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.erasures != begun {
		return nil // whoever erased them removes the note
	}
	return v.db.Space(store.VaultKeys).Delete(purgeKey)
}

// finishErasures removes the traces that an interrupted erasure left.
func (v *Vault) finishErasures() error {
	_, ok, err := v.db.Space(store.VaultKeys).Get(purgeKey)
	if err != nil || !ok {
		return err
	}
	return v.RemoveTraces()
}
