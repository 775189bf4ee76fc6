package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"

	"github.com/cockroachdb/pebble/v2/vfs/atomicfs"
)

// Pebble keeps the list of its tables in a file called the manifest. It takes a
// broken piece for the torn end of a write, opens without an error, and leaves
// out the tables that the rest of the file names. Two checks before it gets
// there:
//
//   - Close leaves a seal, the hash of the whole manifest; Open compares it and
//     breaks it. That finds any damage to a store that was closed.
//   - After a crash there is no seal. Then a broken piece is accepted only where
//     and as a crash leaves one: at the very end, and not all there.
const sealFile = "SEAL"

// manifest reads the current manifest: its name and its bytes.
func (d *DB) manifest() (name string, data []byte, err error) {
	name, err = atomicfs.ReadMarker(d.fs, d.dir, "manifest")
	if err != nil {
		return "", nil, err
	}
	if name == "" {
		return "", nil, fmt.Errorf("%w: the list of tables is missing", ErrDamaged)
	}
	data, err = NewFiles(d.fs, d.dir).ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil, fmt.Errorf("%w: the list of tables %s is missing", ErrDamaged, name)
	}
	return name, data, err
}

// seal is the text of a seal over a manifest.
func seal(name string, data []byte) []byte {
	return fmt.Appendf(nil, "%s %d %x\n", name, len(data), sha256.Sum256(data))
}

// sealManifest leaves the seal of a store whose engine has been closed.
func (d *DB) sealManifest() error {
	name, data, err := d.manifest()
	if err != nil {
		return fmt.Errorf("seal store: %w", err)
	}
	return NewFiles(d.fs, d.dir).WriteFile(sealFile, seal(name, data))
}

// breakSeal checks the manifest before the engine is started and removes the
// seal, which the engine's first change to the manifest makes untrue.
func (d *DB) breakSeal() error {
	name, data, err := d.manifest()
	if err != nil {
		return fmt.Errorf("open store: %w", err)
	}
	sealed, err := NewFiles(d.fs, d.dir).ReadFile(sealFile)
	if errors.Is(err, fs.ErrNotExist) {
		return checkManifest(name, data)
	}
	if err != nil {
		return fmt.Errorf("open store: %w", err)
	}
	if !bytes.Equal(sealed, seal(name, data)) {
		return fmt.Errorf("%w: the list of tables %s is not as it was when the store was closed", ErrDamaged, name)
	}
	if err := d.fs.Remove(d.fs.PathJoin(d.dir, sealFile)); err != nil {
		return fmt.Errorf("open store: %w", err)
	}
	return syncDir(d.fs, d.dir)
}

// The framing of a manifest, as LevelDB defined it and Pebble's package record
// documents it: blocks of 32 kB, filled with chunks of a 7-byte head (masked
// CRC-32C, length, type, little-endian) and a payload; fewer than 7 bytes at
// the end of a block are left empty.
const (
	blockSize = 32 << 10
	chunkHead = 7
)

// checkManifest finds damage to the manifest of a store that was not closed.
func checkManifest(name string, data []byte) error {
	at := 0
	for at < len(data) {
		if left := blockSize - at%blockSize; left < chunkHead {
			at += left
			continue
		}
		n := chunkAt(data, at)
		if n == 0 {
			break
		}
		at += n
	}
	if at >= len(data) || isTorn(data[at:]) {
		return nil
	}
	return fmt.Errorf("%w: the list of tables %s is broken at byte %d", ErrDamaged, name, at)
}

// chunkAt is the length of the valid chunk that starts at a position, or 0.
func chunkAt(data []byte, at int) int {
	n := declaredLength(data[at:])
	if n == 0 || n > len(data)-at || n > blockSize-at%blockSize {
		return 0
	}
	sum := crc32.Checksum(data[at+6:at+n], crc32.MakeTable(crc32.Castagnoli))
	if binary.LittleEndian.Uint32(data[at:]) != (sum>>15|sum<<17)+0xa282ead8 {
		return 0
	}
	return n
}

// declaredLength is what a chunk says it takes, or 0 when even its head is cut
// off.
func declaredLength(chunk []byte) int {
	if len(chunk) < chunkHead {
		return 0
	}
	return chunkHead + int(binary.LittleEndian.Uint16(chunk[4:]))
}

// isTorn tells whether rest, which starts with an invalid chunk, can be what a
// crash left of the last write: no valid chunk follows, and either the file ends
// before the chunk does, or a part of it was never written and reads as zeros.
func isTorn(rest []byte) bool {
	for at := 1; at < len(rest); at++ {
		// The start in the block does not matter: a longer chunk than fits
		// would only be missed.
		if n := declaredLength(rest[at:]); n > chunkHead && n <= len(rest)-at && validAnywhere(rest[at:at+n]) {
			return false
		}
	}
	return declaredLength(rest) != len(rest) || bytes.Contains(rest, make([]byte, 16))
}

// validAnywhere tells whether the bytes are one chunk, wherever it lies.
func validAnywhere(chunk []byte) bool { return chunkAt(chunk, 0) == len(chunk) }
