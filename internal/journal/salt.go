package journal

import "crypto/rand"

// Salts hands out salts. They are random bytes and not derived from a secret
// and the sequence number, for three reasons: there is no key to keep, lose or
// leak; a ledger restored from a backup never gives two different records the
// same salt; and a salt shown with one receipt says nothing about any other.
// The price, 16 stored bytes a record, is paid either way, because an auditor
// must find the salt in the entry. Random bytes are fetched for many salts at
// once, which makes them about as cheap as derived ones.
//
// The zero Salts is ready. It belongs to one goroutine.
type Salts struct {
	buf  [256 * SaltSize]byte
	left int // bytes of buf not handed out, at its end
}

// Next is a fresh salt. Like crypto/rand, it ends the process when the machine
// has no randomness.
func (s *Salts) Next() (salt Salt) {
	if s.left == 0 {
		_, _ = rand.Read(s.buf[:]) // never fails: it ends the process instead
		s.left = len(s.buf)
	}
	fresh := s.buf[len(s.buf)-s.left:][:SaltSize]
	copy(salt[:], fresh)
	clear(fresh) // a handed-out salt is kept in its entry only
	s.left -= SaltSize
	return salt
}
