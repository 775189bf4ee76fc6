package journal

import "encoding/binary"

// The few pieces of CBOR (RFC 8949) that entries and steps are made of, written
// by hand because entries are made and read for every payment. Lengths are
// always in the shortest form, as §4.2 wants it; the tests hold the bytes
// against a CBOR package.
const (
	cborUint   = 0 << 5   // major type: unsigned integer
	cborBytes  = 2 << 5   // major type: byte string
	cborArray2 = 4<<5 | 2 // an array of two
	cborArray3 = 4<<5 | 3 // an array of three
	cborSalt   = cborBytes | SaltSize
	cborUint8  = 24            // the number is in the next byte
	cborUint64 = cborUint8 + 3 // in the next eight
)

// appendHead appends the head of an item: its major type and its number, which
// is the value of an integer or the length of a byte string.
func appendHead(dst []byte, major byte, n uint64) []byte {
	switch {
	case n < cborUint8:
		return append(dst, major|byte(n))
	case n < 1<<8:
		return append(dst, major|cborUint8, byte(n))
	case n < 1<<16:
		return binary.BigEndian.AppendUint16(append(dst, major|cborUint8+1), uint16(n))
	case n < 1<<32:
		return binary.BigEndian.AppendUint32(append(dst, major|cborUint8+2), uint32(n))
	default:
		return binary.BigEndian.AppendUint64(append(dst, major|cborUint64), n)
	}
}

// cutLength takes the head of an item of the major type off the front of data.
func cutLength(data []byte, major byte) (n uint64, rest []byte, ok bool) {
	if len(data) == 0 || data[0]&0xe0 != major {
		return 0, nil, false
	}
	info := data[0] & 0x1f
	if info < cborUint8 {
		return uint64(info), data[1:], true
	}
	if info > cborUint64 { // reserved or indefinite
		return 0, nil, false
	}
	size := 1 << (info - cborUint8)
	if len(data) < 1+size {
		return 0, nil, false
	}
	for _, b := range data[1 : 1+size] {
		n = n<<8 | uint64(b)
	}
	least := uint64(cborUint8) // that needs so many bytes
	if size > 1 {
		least = 1 << (4 * size)
	}
	return n, data[1+size:], n >= least
}

// cutBytes takes a byte string of at most limit bytes off the front of data. The
// string is a part of data, not a copy.
func cutBytes(data []byte, limit int) (val, rest []byte, ok bool) {
	n, rest, ok := cutLength(data, cborBytes)
	if !ok || n > uint64(limit) || n > uint64(len(rest)) {
		return nil, nil, false
	}
	return rest[:n:n], rest[n:], true
}
