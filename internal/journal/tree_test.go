package journal

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

// shelf is a store of entries by number.
type shelf map[uint64][]byte

func (s shelf) read(seq uint64) ([]byte, error) { return s[seq], nil }

// record makes a record whose bytes depend on its number.
func record(seq uint64) []byte {
	r := rand.New(rand.NewPCG(seq, 7))
	data := make([]byte, r.IntN(600))
	for i := range data {
		data[i] = byte(r.Uint32())
	}
	return binary.BigEndian.AppendUint64(data, seq)
}

// grow appends n records to an empty tree.
func grow(n uint64) (*Tree, shelf) {
	var t Tree
	var salts Salts
	s := shelf{}
	for seq := uint64(1); seq <= n; seq++ {
		s[seq] = t.Append(salts.Next(), record(seq))
	}
	return &t, s
}

func TestTreeAgreesWithTlogAtEverySize(t *testing.T) {
	var tree Tree
	var salts Salts
	var stored []tlog.Hash // as tlog itself would keep them
	old := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var hashes []tlog.Hash
		for _, i := range indexes {
			hashes = append(hashes, stored[i])
		}
		return hashes, nil
	})
	s := shelf{}
	for n := int64(0); n < 300; n++ {
		want, err := tlog.TreeHash(n, old)
		if err != nil {
			t.Fatal(err)
		}
		if got := tree.Root(); got != want {
			t.Fatalf("root of %d records is %x, tlog says %x", n, got, want)
		}
		data := tree.Append(salts.Next(), record(uint64(n+1)))
		s[uint64(n+1)] = data
		e, err := ParseEntry(data)
		if err != nil {
			t.Fatal(err)
		}
		commitment := commit(e.Salt, e.Record)
		hashes, err := tlog.StoredHashes(n, commitment[:], old)
		if err != nil {
			t.Fatal(err)
		}
		var flat []byte
		for _, h := range hashes {
			flat = append(flat, h[:]...)
		}
		if !bytes.Equal(e.Hashes, flat) {
			t.Fatalf("record %d completes %x, tlog says %x", n+1, e.Hashes, flat)
		}
		stored = append(stored, hashes...)
	}
	if tree.Size() != 300 {
		t.Fatalf("Size() = %d, want 300", tree.Size())
	}
}

func TestLoadedTreeGoesOnAsTheOriginal(t *testing.T) {
	const most = 260
	whole, all := grow(most)
	var tree Tree
	for n := uint64(0); n <= most; n++ {
		reads := 0
		loaded, err := LoadTree(n, func(seq uint64) ([]byte, error) {
			reads++
			if seq > n {
				t.Fatalf("tree of %d records read record %d", n, seq)
			}
			return all[seq], nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if reads > 9 {
			t.Fatalf("tree of %d records took %d reads", n, reads)
		}
		if loaded.Head() != tree.Head() {
			t.Fatalf("loaded tree of %d records has head %v, want %v", n, loaded.Head(), tree.Head())
		}
		for seq := n + 1; seq <= most; seq++ {
			e, err := ParseEntry(all[seq])
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(loaded.Append(e.Salt, e.Record), all[seq]) {
				t.Fatalf("tree loaded at %d records appends another record %d", n, seq)
			}
			if seq == n+1 {
				tree.Append(e.Salt, e.Record)
			}
		}
		if loaded.Head() != whole.Head() {
			t.Fatalf("tree loaded at %d records ends with head %v, want %v", n, loaded.Head(), whole.Head())
		}
	}
}

func TestEveryRecordHasAProof(t *testing.T) {
	for _, size := range []int64{1, 2, 3, 7, 8, 100} {
		tree, all := grow(uint64(size))
		hr := HashReader(all.read)
		for n := int64(0); n < size; n++ {
			e, err := ParseEntry(all[uint64(n+1)])
			if err != nil {
				t.Fatal(err)
			}
			proof, err := tlog.ProveRecord(size, n, hr)
			if err != nil {
				t.Fatal(err)
			}
			if err := tlog.CheckRecord(proof, size, tree.Root(), n, e.Leaf()); err != nil {
				t.Fatalf("record %d of %d: %v", n+1, size, err)
			}
			other := e
			other.Record = append(bytes.Clone(e.Record), 'x')
			if tlog.CheckRecord(proof, size, tree.Root(), n, other.Leaf()) == nil {
				t.Fatalf("proof of record %d of %d holds for another record", n+1, size)
			}
		}
	}
}

func TestEveryOlderHeadHasAConsistencyProof(t *testing.T) {
	const size = 70
	tree, all := grow(size)
	hr := HashReader(all.read)
	for n := int64(1); n <= size; n++ {
		older, err := LoadTree(uint64(n), all.read)
		if err != nil {
			t.Fatal(err)
		}
		proof, err := tlog.ProveTree(size, n, hr)
		if err != nil {
			t.Fatal(err)
		}
		if err := tlog.CheckTree(proof, size, tree.Root(), n, older.Root()); err != nil {
			t.Fatalf("%d of %d: %v", n, size, err)
		}
	}
}

func TestReplayNoticesEveryChangedByte(t *testing.T) {
	const size = 12
	whole, all := grow(size)
	replay := func(s shelf) error {
		var tree Tree
		for seq := uint64(1); seq <= size; seq++ {
			e, err := ParseEntry(s[seq])
			if err != nil {
				return err
			}
			if err := tree.Replay(e); err != nil {
				return err
			}
		}
		if tree.Head() != whole.Head() {
			return ErrMismatch
		}
		return nil
	}
	if err := replay(all); err != nil {
		t.Fatal(err)
	}
	for seq := range all {
		for i := range all[seq] {
			all[seq][i] ^= 0x10
			if replay(all) == nil {
				t.Fatalf("byte %d of entry %d changed unnoticed", i, seq)
			}
			all[seq][i] ^= 0x10
		}
	}
}

func TestCopyOfATreeGoesOnByItself(t *testing.T) {
	tree, _ := grow(5)
	before := tree.Head()
	trial := *tree
	trial.Append(Salt{1}, []byte("dropped"))
	if tree.Head() != before || trial.Size() != 6 {
		t.Fatalf("tree went from %v to %v with its copy", before, tree.Head())
	}
}

func TestMissingRecordIsAGap(t *testing.T) {
	_, all := grow(6)
	delete(all, 6)
	if _, err := LoadTree(6, all.read); !errors.Is(err, ErrGap) {
		t.Fatalf("LoadTree: %v, want ErrGap", err)
	}
	if _, err := tlog.TreeHash(6, HashReader(all.read)); !errors.Is(err, ErrGap) {
		t.Fatalf("TreeHash: %v, want ErrGap", err)
	}
}

func TestSaltsDoNotRepeat(t *testing.T) {
	var s Salts
	seen := map[Salt]bool{{}: true} // all zero would mean: not filled
	for range 1000 {
		salt := s.Next()
		if seen[salt] {
			t.Fatalf("salt %x came twice", salt)
		}
		seen[salt] = true
	}
}

func BenchmarkTreeAppend(b *testing.B) {
	var tree Tree
	var salts Salts
	rec := make([]byte, 250)
	b.ReportAllocs()
	for b.Loop() {
		tree.Append(salts.Next(), rec)
	}
}

func BenchmarkTreeReplay(b *testing.B) {
	_, all := grow(1 << 12)
	b.ReportAllocs()
	var tree Tree
	for b.Loop() {
		e, err := ParseEntry(all[tree.Size()+1])
		if err != nil {
			b.Fatal(err)
		}
		if err := tree.Replay(e); err != nil {
			b.Fatal(err)
		}
		if tree.Size() == 1<<12 {
			tree = Tree{}
		}
	}
}

func BenchmarkRoot(b *testing.B) {
	tree, _ := grow(1<<12 - 1)
	for b.Loop() {
		tree.Root()
	}
}
