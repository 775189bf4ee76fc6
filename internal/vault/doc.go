// Package vault keeps personal data so that it can be erased although the
// ledger beside it cannot.
//
// A Subject is a random id that stands for one person. Its documents are sealed
// with a key of its own; the key is stored wrapped by the master key, which is in
// a file that the operator keeps, best not on the same disk. Erasing a person
// destroys the wrapped key, in the tables and logs of the store too, and deletes
// the documents. What is left in backups is of use only to somebody who has a
// backup from before the erasure and the master key; backups must therefore
// expire.
//
// Texts are found by a keyed hash (HMAC-SHA256), so that neither a telephone
// number nor an IBAN is stored to look it up, and nobody without the master key
// can test a guess.
//
// In the clear are: subjects, names of documents, lengths, and how many of each
// there are. Document names must say what a document is, never whose.
//
// Sealing is XChaCha20-Poly1305 throughout, with random nonces of 24 bytes, of
// which so many can be drawn that none repeats. What a ciphertext is about (its
// subject and name, or its hash) is authenticated with it, so that one cannot be
// put in the place of another.
package vault
