package ledger

import "slices"

// DeviceID names a device that signs for an account. Whoever enrols it makes
// it, at random; it is never used twice.
type DeviceID [16]byte

// Alg is a way of signing.
type Alg uint8

// The ways of signing, as they stand in a record; never renumbered.
const (
	Ed25519 Alg = 1 // RFC 8032: a key of 32 bytes
	P256    Alg = 2 // ECDSA over P-256 and SHA-256: a key of 65 bytes, the point uncompressed
)

// String is the name of the algorithm.
func (a Alg) String() string {
	switch a {
	case Ed25519:
		return "Ed25519"
	case P256:
		return "P-256"
	}
	return "unknown"
}

// PublicKey is what the signatures of a device are checked with. The ledger
// keeps it and checks none.
type PublicKey struct {
	Alg   Alg
	Bytes []byte
}

// Equal tells whether two keys are the same.
func (k PublicKey) Equal(other PublicKey) bool {
	return k.Alg == other.Alg && slices.Equal(k.Bytes, other.Bytes)
}

// wellFormed tells whether the key has the form of its kind.
func (k PublicKey) wellFormed() bool {
	switch k.Alg {
	case Ed25519:
		return len(k.Bytes) == 32
	case P256:
		return len(k.Bytes) == 65 && k.Bytes[0] == 4
	}
	return false
}

// PublicKey is the key of the device to be enrolled.
func (c Enrol) PublicKey() PublicKey { return PublicKey{c.Alg, c.Key} }

// Device is a device in use: it may sign payments from its account.
type Device struct {
	ID  DeviceID
	Key PublicKey
	Seq uint64 // the entry that enrolled it
}

// MaxDevices is how many devices may sign for one account at a time.
const MaxDevices = 8

// Device finds a device that is in use, nil if there is none of this id.
func (a *Account) Device(id DeviceID) *Device {
	if i := slices.IndexFunc(a.Devices, func(d Device) bool { return d.ID == id }); i >= 0 {
		return &a.Devices[i]
	}
	return nil
}

// enrol lets a device sign for an account (SPEC.md R78, R79). Its id stands
// among the keys of commands, where none is used twice.
func enrol(v View, c Enrol) (Facts, Result, error) {
	a, r, err := payer(v, c.Account)
	if r != Applied || err != nil {
		return Facts{}, r, err
	}
	if seq, err := v.Used(Key(c.Device)); seq != 0 || err != nil {
		return Facts{}, DeviceExists, err
	}
	if len(a.Devices) >= MaxDevices {
		return Facts{}, TooManyDevices, nil
	}
	return Facts{Debit: a.ID, DebitPrev: a.Last}, Applied, nil
}

// retire ends what a device may do. A blocked account may: a phone that was
// stolen must not wait for the desk (SPEC.md R80).
func retire(v View, c Retire) (Facts, Result, error) {
	a, r, err := receiver(v, c.Account)
	switch {
	case r != Applied || err != nil:
		return Facts{}, r, err
	case a.Device(c.Device) == nil:
		return Facts{}, UnknownDevice, nil
	}
	return Facts{Debit: a.ID, DebitPrev: a.Last}, Applied, nil
}
