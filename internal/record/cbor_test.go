package record

import (
	"bytes"
	"math"
	"math/big"
	"reflect"
	"testing"

	"github.com/fxamacker/cbor/v2"

	"grulden/demurrage"
	"grulden/ledger"
)

// edges are numbers on both sides of each length that CBOR has.
var edges = []uint64{
	0, 1, 23, 24, 255, 256, 1<<16 - 1, 1 << 16, 1<<31 - 1, 1 << 31, 1<<32 - 1, 1 << 32, 1<<63 - 1, 1 << 63, math.MaxUint64,
}

// standard writes a value with the CBOR package.
func standard(t *testing.T, v any) []byte {
	t.Helper()
	mode, err := cbor.CoreDetEncOptions().EncMode()
	if err != nil {
		t.Fatal(err)
	}
	data, err := mode.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// agree wants bytes of ours to be those of the CBOR package, and read back.
func agree(t *testing.T, v any, write func(*writer), read func(*reader) any) {
	t.Helper()
	var w writer
	write(&w)
	if want := standard(t, v); !bytes.Equal(w, want) {
		t.Fatalf("%v is written %x, the CBOR package writes %x", v, w, want)
	}
	r := reader{data: w}
	if back := read(&r); !r.ended() || !reflect.DeepEqual(back, v) {
		t.Fatalf("%v comes back as %v", v, back)
	}
}

func TestEveryFormIsThatOfTheCBORPackage(t *testing.T) {
	for _, n := range edges {
		agree(t, n, func(w *writer) { w.uint(n) }, func(r *reader) any { return r.uint(64) })
		for _, i := range []int64{int64(n), -int64(n), ^int64(n)} {
			agree(t, i, func(w *writer) { w.int(i) }, func(r *reader) any { return r.int(64) })
		}
		for _, hi := range edges {
			wide := demurrage.Wide{Hi: hi, Lo: n}
			var w writer
			w.wide(wide)
			if want := standard(t, wide.Big()); !bytes.Equal(w, want) {
				t.Fatalf("%v is written %x, the CBOR package writes %x", wide, w, want)
			}
			r := reader{data: w}
			if back := r.wide(); !r.ended() || back != wide {
				t.Fatalf("%v comes back as %v", wide, back)
			}
		}
	}
	for _, n := range []int{0, 23, 24, 255, 256, 65_535, 65_536} {
		b := bytes.Repeat([]byte("é"), n)[:n/2*2]
		agree(t, b, func(w *writer) { w.bytes(b) }, func(r *reader) any { return r.bytes(majorBytes) })
		agree(t, string(b), func(w *writer) { w.text(string(b)) }, func(r *reader) any { return r.text() })
	}
	for _, f := range []bool{true, false} {
		agree(t, f, func(w *writer) { w.flag(f) }, func(r *reader) any { return r.flag() })
	}
}

func TestNumbersThatDoNotFitAreRefused(t *testing.T) {
	read := map[string]func(*reader){
		"1a80000000":           func(r *reader) { r.int(32) },  // 2³¹
		"3a80000000":           func(r *reader) { r.int(32) },  // −2³¹ − 1
		"1b8000000000000000":   func(r *reader) { r.int(64) },  // 2⁶³
		"1b0000000100000000":   func(r *reader) { r.uint(32) }, // 2³²
		"190100":               func(r *reader) { r.uint(8) },  // 256
		"20":                   func(r *reader) { r.uint(64) }, // −1
		"c2490100000000000000": func(r *reader) { r.wide() },   // cut off
		"c251010000000000000000000000000000000000": func(r *reader) { r.wide() }, // 2¹²⁸
	}
	for text, fn := range read {
		n, _ := new(big.Int).SetString(text, 16)
		r := reader{data: n.Bytes()}
		if fn(&r); !r.broken {
			t.Errorf("%s is read", text)
		}
	}
}

// TestOnlyOneFormOfBytesIsARecord changes a record in every way that leaves its
// meaning to a lenient reader of CBOR, and in every single bit.
func TestOnlyOneFormOfBytesIsARecord(t *testing.T) {
	onlyForm(t, sample(), 11)
	onlyForm(t, signed(), 12)
	onlyForm(t, ordered(), 12)
}

func onlyForm(t *testing.T, r *Record, fields int) {
	t.Helper()
	data, err := Encode(r)
	if err != nil {
		t.Fatal(err)
	}
	var items []cbor.RawMessage
	if err := cbor.Unmarshal(data, &items); err != nil || len(items) != fields {
		t.Fatalf("a reader of CBOR finds %d items: %v", len(items), err)
	}
	var longer []byte // every number of the record in one byte more than it needs
	longer = append(longer, 0x98, byte(fields))
	for _, item := range items {
		longer = append(longer, item...)
	}
	for what, bad := range map[string][]byte{
		"a longer head":        longer,
		"one byte more":        append(bytes.Clone(data), 0),
		"one byte less":        data[:len(data)-1],
		"an indefinite length": append(append([]byte{0x9f}, data[1:]...), 0xff),
		"nothing":              nil,
	} {
		if _, err := Decode(bad); err == nil {
			t.Errorf("a record with %s is read", what)
		}
	}
	for i := range data {
		for bit := range 8 {
			changed := bytes.Clone(data)
			changed[i] ^= 1 << bit
			r, err := Decode(changed)
			if err != nil {
				continue
			}
			if again, err := Encode(r); err != nil || !bytes.Equal(again, changed) {
				t.Fatalf("with bit %d of byte %d changed it is read, and written otherwise", bit, i)
			}
		}
	}
}

func TestTheCBORPackageFindsRecordsDeterministic(t *testing.T) {
	r := sample()
	r.Facts.Promised = []ledger.Promise{{Melts: ledger.Charged, Worth: demurrage.Wide{Hi: 1 << 60, Lo: 3}}}
	data, err := Encode(r)
	if err != nil {
		t.Fatal(err)
	}
	var any []any
	if err := cbor.Unmarshal(data, &any); err != nil {
		t.Fatal(err)
	}
	if again := standard(t, any); !bytes.Equal(again, data) {
		t.Fatalf("ours   %x\ntheirs %x", data, again)
	}
}

func FuzzOnlyOneFormOfBytesIsARecord(f *testing.F) {
	data, _ := Encode(sample())
	f.Add(data)
	for _, r := range []*Record{signed(), ordered()} {
		data, _ := Encode(r)
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Decode(data)
		if err != nil {
			return
		}
		if again, err := Encode(r); err != nil || !bytes.Equal(again, data) {
			t.Fatalf("%x is read, and written as %x", data, again)
		}
	})
}
