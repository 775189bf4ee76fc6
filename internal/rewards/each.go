package rewards

import "grulden/internal/store"

// Each calls fn for all that anybody ever got from a source, in no order. The
// first error of fn ends the walk.
func (b *Book) Each(fn func(Given) error) error {
	return b.rows.Scan([]byte{givenRow}, func(_, row []byte) error {
		var g Given
		if err := store.ParseRow(row, &g); err != nil {
			return err
		}
		return fn(g)
	})
}

// Changes counts what was written since the start about sources and lists.
func (b *Book) Changes() uint64 { return b.node.Store().Changes(store.Rewards) }
