package vault

import (
	"crypto/cipher"
	"crypto/rand"

	"golang.org/x/crypto/chacha20poly1305"
)

// sealVersion is the first byte of every sealed value: XChaCha20-Poly1305, a
// nonce of 24 bytes, then the ciphertext with its tag of 16.
const sealVersion = 1

// newSealer is the cipher under a key.
func newSealer(key []byte) cipher.AEAD {
	c, err := chacha20poly1305.NewX(key)
	if err != nil {
		panic("vault: " + err.Error()) // keys have the right length by their type
	}
	return c
}

// seal encrypts a value; about is authenticated with it.
func seal(c cipher.AEAD, plain, about []byte) []byte {
	head := 1 + c.NonceSize()
	sealed := make([]byte, head, head+len(plain)+c.Overhead())
	sealed[0] = sealVersion
	_, _ = rand.Read(sealed[1:]) // never fails: it ends the process instead
	return c.Seal(sealed, sealed[1:head], plain, about)
}

// unseal decrypts what seal made of the same about, or says no.
func unseal(c cipher.AEAD, sealed, about []byte) (plain []byte, ok bool) {
	head := 1 + c.NonceSize()
	if len(sealed) < head || sealed[0] != sealVersion {
		return nil, false
	}
	plain, err := c.Open(nil, sealed[1:head], sealed[head:], about)
	return plain, err == nil
}
