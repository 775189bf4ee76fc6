package store

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
)

// Manifests and write-ahead logs are framed alike, as LevelDB began it and
// Pebble's package record documents it: blocks of 32 kB, filled with chunks that
// do not cross them; what is too short for a chunk is left zero. A chunk is
//
//	CRC-32C, masked (4 bytes) | payload length (2) | kind (1) | payload
//
// and between kind and payload, by the kind: nothing (1–4, manifests), the log's
// number (4 bytes; 5–8, and the mark at the end of a log), or the log's number
// and the offset up to which the log was synced when the chunk was written
// (4 + 8 bytes; 9–12, logs). All numbers are little-endian.
const (
	blockSize   = 32 << 10
	plainHead   = 7
	markHead    = plainHead + 4
	logHead     = markHead + 8
	lastPlain   = 4
	lastMark    = 8
	lastLogKind = 12
)

// crcTable is the polynomial of the checksums.
var crcTable = crc32.MakeTable(crc32.Castagnoli)

// chunk is one valid chunk.
type chunk struct {
	size   int // with its head
	kind   byte
	log    uint32 // number of the log, for kinds above lastPlain
	synced uint64 // offset, for kinds above lastMark
}

// parseChunk reads the chunk at the start of data, which must end where its
// block does; ok is false when there is none or its checksum is wrong.
func parseChunk(data []byte) (c chunk, ok bool) {
	if len(data) < plainHead {
		return c, false
	}
	c.kind = data[6]
	head := 0
	switch {
	case c.kind == 0 || c.kind > lastLogKind:
		return c, false
	case c.kind <= lastPlain:
		head = plainHead
	case c.kind <= lastMark:
		head = markHead
	default:
		head = logHead
	}
	c.size = head + int(binary.LittleEndian.Uint16(data[4:]))
	if c.size > len(data) {
		return c, false
	}
	sum := crc32.Checksum(data[6:c.size], crcTable)
	if binary.LittleEndian.Uint32(data) != (sum>>15|sum<<17)+0xa282ead8 {
		return c, false
	}
	if head >= markHead {
		c.log = binary.LittleEndian.Uint32(data[plainHead:])
	}
	if head >= logHead {
		c.synced = binary.LittleEndian.Uint64(data[markHead:])
	}
	return c, true
}

// blockEnd is the end of the block that a position lies in, or of the data.
func blockEnd(data []byte, at int) int {
	return min(len(data), at-at%blockSize+blockSize)
}

// walk goes over the chunks that good accepts and returns the position of the
// first thing that is not one, or the length of the data.
func walk(data []byte, least int, good func(chunk) bool) int {
	at := 0
	for at < len(data) {
		end := blockEnd(data, at)
		c, ok := parseChunk(data[at:end])
		if ok && good(c) {
			at += c.size
			continue
		}
		if left := data[at:end]; len(left) >= least || end%blockSize != 0 || !allZero(left) {
			return at
		}
		at = end // the rest of the block is too short for a chunk
	}
	return at
}

// allZero tells whether there is nothing but zeros.
func allZero(data []byte) bool { return len(bytes.Trim(data, "\x00")) == 0 }

// manifestBreak finds damage to a manifest that was written to until a crash. A
// broken chunk is accepted only where and as a crash leaves one: at the very end,
// and not all there.
func manifestBreak(data []byte) (at int, broken bool) {
	plain := func(c chunk) bool { return c.kind <= lastPlain }
	at = walk(data, plainHead, plain)
	if at == len(data) {
		return at, false
	}
	for next := at + 1; next < len(data); next++ {
		if c, ok := parseChunk(data[next:blockEnd(data, next)]); ok && plain(c) {
			return at, true // there was no end here
		}
	}
	return at, !isTorn(data[at:])
}

// isTorn tells whether the last chunk of a file is only partly there: the file
// ends too early or too late for it, or a part was never written and reads as
// zeros.
func isTorn(last []byte) bool {
	if len(last) < plainHead {
		return true
	}
	size := plainHead + int(binary.LittleEndian.Uint16(last[4:]))
	return size != len(last) || bytes.Contains(last, make([]byte, 16))
}

// logBreak finds damage to a write-ahead log. Beyond the last chunk there may be
// anything: what a crash left of a write, or an older log that the file was used
// for before. Damage it is when a later chunk of the same log says that the log
// had been synced beyond the place. Pebble looks for that too, but not within the
// block of 32 kB, a hundred payments, that is damaged.
func logBreak(data []byte, log uint32) (at int, broken bool) {
	own := func(c chunk) bool { return c.kind > lastMark && c.log == log }
	at = walk(data, logHead, own)
	for next := at + 1; next < len(data); next++ {
		// Look at the kind first: this runs over megabytes.
		if next+6 >= len(data) || data[next+6] <= lastMark || data[next+6] > lastLogKind {
			continue
		}
		c, ok := parseChunk(data[next:blockEnd(data, next)])
		if ok && own(c) && c.synced > uint64(at) {
			return at, true
		}
	}
	return at, false
}
