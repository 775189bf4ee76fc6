package record

import (
	"encoding/binary"
	"errors"
	"unicode/utf8"

	"grulden/demurrage"
)

// The few forms of CBOR that a record is made of, in the one encoding that
// RFC 8949 §4.2.1 gives to each. They are written by hand because each payment
// is written once and read for ever: reflection took most of a verification's
// time. Tests hold every form against a CBOR package.

// The major types of CBOR, in the upper three bits of an item's first byte, and
// the whole items that occur.
const (
	majorUint   = 0 << 5
	majorNegInt = 1 << 5
	majorBytes  = 2 << 5
	majorText   = 3 << 5
	majorArray  = 4 << 5
	bignum      = 6<<5 | 2 // tag 2: the next byte string is an unsigned integer
	cborFalse   = 0xf4
	cborTrue    = 0xf5
)

// The lower five bits: a number itself below 24, else in how many of the next
// bytes it stands.
const (
	inByte  = 24
	inTwo   = 25
	inFour  = 26
	inEight = 27
)

// writer appends CBOR items.
type writer []byte

// head appends the first byte of an item and its number, as short as it can be.
func (w *writer) head(major byte, n uint64) {
	switch {
	case n < inByte:
		*w = append(*w, major|byte(n))
	case n < 1<<8:
		*w = append(*w, major|inByte, byte(n))
	case n < 1<<16:
		*w = binary.BigEndian.AppendUint16(append(*w, major|inTwo), uint16(n))
	case n < 1<<32:
		*w = binary.BigEndian.AppendUint32(append(*w, major|inFour), uint32(n))
	default:
		*w = binary.BigEndian.AppendUint64(append(*w, major|inEight), n)
	}
}

func (w *writer) array(n int)   { w.head(majorArray, uint64(n)) }
func (w *writer) uint(n uint64) { w.head(majorUint, n) }

func (w *writer) int(n int64) {
	if n < 0 {
		w.head(majorNegInt, uint64(^n)) // −1 − n
		return
	}
	w.head(majorUint, uint64(n))
}

func (w *writer) bytes(b []byte) {
	w.head(majorBytes, uint64(len(b)))
	*w = append(*w, b...)
}

func (w *writer) text(s string) {
	w.head(majorText, uint64(len(s)))
	*w = append(*w, s...)
}

func (w *writer) flag(f bool) {
	if f {
		*w = append(*w, cborTrue)
		return
	}
	*w = append(*w, cborFalse)
}

// wide appends an integer, or a bignum where 64 bits are too few.
func (w *writer) wide(n demurrage.Wide) {
	if n.Hi == 0 {
		w.uint(n.Lo)
		return
	}
	var b [16]byte
	binary.BigEndian.PutUint64(b[:], n.Hi)
	binary.BigEndian.PutUint64(b[8:], n.Lo)
	first := 0
	for b[first] == 0 {
		first++
	}
	*w = append(*w, bignum)
	w.bytes(b[first:])
}

// some appends an id, which is empty if it is nought.
func (w *writer) some(id [16]byte) {
	if id == [16]byte{} {
		w.bytes(nil)
		return
	}
	w.bytes(id[:])
}

// errForm says that bytes are not the one encoding of a record.
var errForm = errors.New("not a record in deterministic CBOR")

// reader takes CBOR items. After the first one that is not what was asked for,
// or not in its shortest form, it is broken, and what it gives means nothing.
type reader struct {
	data   []byte
	at     int // what comes next; never beyond the end
	broken bool
}

func (r *reader) fail() uint64 {
	r.at, r.broken = len(r.data), true
	return 0
}

// ended tells whether all was read, and was what was asked for.
func (r *reader) ended() bool { return !r.broken && r.at == len(r.data) }

// next is the first byte of the next item, or one that no item begins with.
func (r *reader) next() byte {
	if uint(r.at) < uint(len(r.data)) {
		return r.data[r.at]
	}
	return 0xff
}

// head takes the first byte of an item of one major type, and its number.
func (r *reader) head(major byte) uint64 {
	n := r.next() ^ major
	if n < inByte { // most numbers stand in that byte
		r.at++
		return uint64(n)
	}
	return r.after(major)
}

// after takes the head of an item whose number stands after its first byte, in
// no more bytes than it needs.
func (r *reader) after(major byte) uint64 {
	rest := r.data[r.at:]
	switch r.next() ^ major {
	case inByte:
		if len(rest) > 1 && rest[1] >= inByte {
			r.at += 2
			return uint64(rest[1])
		}
	case inTwo:
		if len(rest) > 2 && rest[1] != 0 {
			r.at += 3
			return uint64(binary.BigEndian.Uint16(rest[1:]))
		}
	case inFour:
		if len(rest) > 4 && binary.BigEndian.Uint16(rest[1:]) != 0 {
			r.at += 5
			return uint64(binary.BigEndian.Uint32(rest[1:]))
		}
	case inEight:
		if len(rest) > 8 && binary.BigEndian.Uint32(rest[1:]) != 0 {
			r.at += 9
			return binary.BigEndian.Uint64(rest[1:])
		}
	}
	return r.fail()
}

// uint takes an unsigned integer of at most so many bits.
func (r *reader) uint(bits int) uint64 {
	n := r.next()
	if n < inByte {
		r.at++
		return uint64(n)
	}
	return r.within(bits, r.after(majorUint))
}

// int takes an integer that fits so many bits with its sign.
func (r *reader) int(bits int) int64 {
	n := r.next()
	if n < inByte {
		r.at++
		return int64(n)
	}
	if n&0xe0 == majorNegInt {
		return ^int64(r.within(bits-1, r.head(majorNegInt)))
	}
	return int64(r.within(bits-1, r.after(majorUint)))
}

// within is a number that was read, if it fits so many bits.
func (r *reader) within(bits int, n uint64) uint64 {
	if n>>(bits-1)>>1 != 0 {
		return r.fail()
	}
	return n
}

// array takes the head of an array of exactly n items, less than 24.
func (r *reader) array(n byte) {
	if r.next() != majorArray|n {
		r.fail()
		return
	}
	r.at++
}

// bytes takes a byte string, or another string of the major type given.
func (r *reader) bytes(major byte) []byte {
	n := r.head(major)
	if n > uint64(len(r.data)-r.at) {
		n = r.fail()
	}
	end := r.at + int(n)
	b := r.data[r.at:end:end]
	r.at = end
	return b
}

func (r *reader) text() string { return r.valid(r.bytes(majorText)) }

// valid is a text that was read.
func (r *reader) valid(b []byte) string {
	if !utf8.Valid(b) {
		r.fail()
		return ""
	}
	return string(b)
}

func (r *reader) flag() bool {
	b := r.next()
	if b != cborFalse && b != cborTrue {
		return r.fail() != 0
	}
	r.at++
	return b == cborTrue
}

func (r *reader) wide() demurrage.Wide {
	if r.next() != bignum {
		return demurrage.WideOf(r.uint(64))
	}
	r.at++
	b := r.bytes(majorBytes)
	if len(b) <= 8 || len(b) > 16 || b[0] == 0 { // fewer bytes are no bignum
		r.fail()
		return demurrage.Wide{}
	}
	var whole [16]byte
	copy(whole[16-len(b):], b)
	return demurrage.Wide{Hi: binary.BigEndian.Uint64(whole[:]), Lo: binary.BigEndian.Uint64(whole[8:])}
}

// id takes an id of 16 bytes.
func (r *reader) id() (id [16]byte) {
	if b := r.bytes(majorBytes); len(b) != len(id) {
		r.fail()
	} else {
		copy(id[:], b)
	}
	return id
}

// some takes an id, which is nought if it is empty.
func (r *reader) some() (id [16]byte) {
	if r.next() == majorBytes {
		r.at++
		return id
	}
	if id = r.id(); id == [16]byte{} {
		r.fail()
	}
	return id
}
