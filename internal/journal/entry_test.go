package journal

import (
	"bytes"
	"errors"
	"testing"

	"github.com/fxamacker/cbor/v2"
	"golang.org/x/mod/sumdb/tlog"
)

// canonical is the mode of the CBOR package that writes what RFC 8949 §4.2 wants.
var canonical = func() cbor.EncMode {
	mode, err := cbor.CoreDetEncOptions().EncMode()
	if err != nil {
		panic(err)
	}
	return mode
}()

// unmarshalExact reads CBOR and wants it to be what canonical writes.
func unmarshalExact(data []byte, v any) error {
	if err := cbor.Unmarshal(data, v); err != nil {
		return err
	}
	again, err := canonical.Marshal(v)
	if err == nil && !bytes.Equal(again, data) {
		err = errors.New("not deterministic")
	}
	return err
}

// wireEntry is an entry as the CBOR package writes it.
type wireEntry struct {
	_      struct{} `cbor:",toarray"`
	Salt   [SaltSize]byte
	Record []byte
	Hashes []byte
}

func TestEntryIsTheDeterministicCBOROfItsParts(t *testing.T) {
	for _, n := range []int{0, 1, 23, 24, 25, 255, 256, 257, 65535, 65536, MaxRecord} {
		for _, hashes := range []int{1, 2, 8, 64} {
			e := wireEntry{Salt: Salt{1, 2, 3}, Record: bytes.Repeat([]byte{7}, n), Hashes: make([]byte, hashes*tlog.HashSize)}
			want, err := canonical.Marshal(e)
			if err != nil {
				t.Fatal(err)
			}
			got := appendEntry(nil, e.Salt, e.Record, e.Hashes)
			if !bytes.Equal(got, want) {
				t.Fatalf("entry with record of %d bytes differs from the CBOR package's", n)
			}
			if len(got) > entrySize(n, len(e.Hashes)) {
				t.Fatalf("entry takes %d bytes, bound is %d", len(got), entrySize(n, len(e.Hashes)))
			}
			back, err := ParseEntry(got)
			if err != nil {
				t.Fatal(err)
			}
			if back.Salt != e.Salt || !bytes.Equal(back.Record, e.Record) || !bytes.Equal(back.Hashes, e.Hashes) {
				t.Fatalf("entry with record of %d bytes reads back differently", n)
			}
		}
	}
}

// badEntries are near misses of an entry: each is wrong in one way.
func badEntries() map[string][]byte {
	salt := append([]byte{cborArray3, cborSalt}, make([]byte, SaltSize)...)
	hash := append([]byte{0x58, 32}, make([]byte, 32)...)
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	return map[string][]byte{
		"nothing":                   {},
		"array of two":              join([]byte{0x82}, salt[1:], hash),
		"array of four":             join([]byte{0x84}, salt[1:], []byte{0x40}, hash, []byte{0x40}),
		"array of unknown length":   join([]byte{0x9f}, salt[1:], []byte{0x40}, hash, []byte{0xff}),
		"short salt":                join([]byte{cborArray3, 0x4f}, make([]byte, 15), []byte{0x40}, hash),
		"salt only":                 salt,
		"record is text":            join(salt, []byte{0x60}, hash),
		"record is a number":        join(salt, []byte{0x01}, hash),
		"record of unknown length":  join(salt, []byte{0x5f, 0x41, 0x00, 0xff}, hash),
		"record length not short 1": join(salt, []byte{0x58, 1, 0}, hash),
		"record length not short 2": join(salt, []byte{0x59, 0, 1, 0}, hash),
		"record length not short 4": join(salt, []byte{0x5a, 0, 0, 0, 1, 0}, hash),
		"record length in 8 bytes":  join(salt, []byte{0x5b, 0, 0, 0, 0, 0, 0, 0, 1, 0}, hash),
		"record cut off":            join(salt, []byte{0x42, 0}),
		"record length cut off":     join(salt, []byte{0x59, 1}),
		"record too long":           join(salt, []byte{0x5a, 4, 0, 0, 1}, make([]byte, MaxRecord+1), hash),
		"record of 4 GB":            join(salt, []byte{0x5a, 0xff, 0xff, 0xff, 0xff}, hash),
		"no hashes":                 join(salt, []byte{0x40, 0x40}),
		"hashes missing":            join(salt, []byte{0x40}),
		"half a hash":               join(salt, []byte{0x40, 0x50}, make([]byte, 16)),
		"65 hashes":                 join(salt, []byte{0x40, 0x59, 0x08, 0x20}, make([]byte, 65*32)),
		"trailing byte":             join(salt, []byte{0x40}, hash, []byte{0}),
	}
}

func TestParseEntryRefusesEverythingElse(t *testing.T) {
	for name, data := range badEntries() {
		if e, err := ParseEntry(data); !errors.Is(err, ErrBadEntry) {
			t.Errorf("%s: got %v, %v; want ErrBadEntry", name, e, err)
		}
	}
}

func TestEntryKnowsItsNumberAndLeaf(t *testing.T) {
	_, all := grow(8)
	for seq := uint64(1); seq <= 8; seq++ {
		e, err := ParseEntry(all[seq])
		if err != nil {
			t.Fatal(err)
		}
		if err := e.Check(seq); err != nil {
			t.Fatal(err)
		}
		// A number that completes another number of subtrees is noticed here;
		// the rest is up to the tree.
		if hashCount(seq+1) != hashCount(seq) && !errors.Is(e.Check(seq+1), ErrBadEntry) {
			t.Errorf("entry %d passes as %d", seq, seq+1)
		}
		e.Salt[3]++
		if !errors.Is(e.Check(seq), ErrBadEntry) {
			t.Errorf("entry %d passes with another salt", seq)
		}
	}
}

func TestRecordOverTheLimitIsNotAppended(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Fatal("Append took a record that ParseEntry would refuse")
		}
	}()
	var tree Tree
	tree.Append(Salt{}, make([]byte, MaxRecord+1))
}

func FuzzParseEntry(f *testing.F) {
	for _, data := range badEntries() {
		if len(data) < 1000 { // fuzzing is for structure, not for size
			f.Add(data)
		}
	}
	_, all := grow(9)
	for _, data := range all {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := ParseEntry(data)
		var wire wireEntry
		if err != nil {
			// The CBOR package must not find an entry in it either.
			if unmarshalExact(data, &wire) == nil && len(wire.Hashes) > 0 && len(wire.Hashes)%32 == 0 && len(wire.Hashes) <= 64*32 {
				t.Fatalf("refused %x, which is an entry: %v", data, err)
			}
			return
		}
		if !bytes.Equal(appendEntry(nil, e.Salt, e.Record, e.Hashes), data) {
			t.Fatalf("two encodings of one entry: %x", data)
		}
		if err := unmarshalExact(data, &wire); err != nil || wire.Salt != e.Salt || !bytes.Equal(wire.Record, e.Record) || !bytes.Equal(wire.Hashes, e.Hashes) {
			t.Fatalf("the CBOR package reads %x as %v, %v", data, wire, err)
		}
		_ = e.Check(1)
	})
}
