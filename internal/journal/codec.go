package journal

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/fxamacker/cbor/v2"
)

// MaxRecord is the size limit of one record in bytes. A payment takes about
// 250; the limit bounds what a damaged length can make a reader allocate.
const MaxRecord = 1 << 20

// ErrNotCanonical: bytes are CBOR, but not in the one form that RFC 8949 §4.2
// gives to their contents.
var ErrNotCanonical = errors.New("not deterministic CBOR")

// Enc writes Core Deterministic CBOR (RFC 8949 §4.2.1): shortest lengths, sorted
// map keys, no indefinite lengths. Equal values give equal bytes.
var Enc = mustEnc()

// Dec reads CBOR and refuses what Enc cannot have written: duplicate keys,
// indefinite lengths, tags, unknown fields, trailing bytes, deep nesting, long
// arrays, text that is not UTF-8.
var Dec = mustDec()

// mustEnc builds Enc from constants.
func mustEnc() cbor.UserBufferEncMode {
	o := cbor.CoreDetEncOptions()
	o.TagsMd = cbor.TagsForbidden
	m, err := o.UserBufferEncMode()
	if err != nil {
		panic("journal: " + err.Error())
	}
	return m
}

// mustDec builds Dec from constants.
func mustDec() cbor.DecMode {
	m, err := cbor.DecOptions{
		DupMapKey:         cbor.DupMapKeyEnforcedAPF,
		IndefLength:       cbor.IndefLengthForbidden,
		TagsMd:            cbor.TagsForbidden,
		MaxNestedLevels:   16,
		MaxArrayElements:  1 << 16,
		MaxMapPairs:       1 << 10,
		ExtraReturnErrors: cbor.ExtraDecErrorUnknownField,
		UTF8:              cbor.UTF8RejectInvalid,
		FieldNameMatching: cbor.FieldNameMatchingCaseSensitive,
		NaN:               cbor.NaNDecodeForbidden,
		Inf:               cbor.InfDecodeForbidden,
	}.DecMode()
	if err != nil {
		panic("journal: " + err.Error())
	}
	return m
}

// Marshal is the deterministic CBOR of v.
func Marshal(v any) ([]byte, error) { return Enc.Marshal(v) }

// Unmarshal reads data into the value that v points to, by the rules of Dec.
// Data longer than MaxRecord is refused.
func Unmarshal(data []byte, v any) error {
	if len(data) > MaxRecord {
		return fmt.Errorf("record of %d bytes, limit %d", len(data), MaxRecord)
	}
	return Dec.Unmarshal(data, v)
}

// UnmarshalExact is Unmarshal for data that must be exactly what Marshal gives
// for the value; otherwise it returns ErrNotCanonical. It takes about twice the
// time.
func UnmarshalExact(data []byte, v any) error {
	if err := Unmarshal(data, v); err != nil {
		return err
	}
	again, err := Enc.Marshal(v)
	if err != nil {
		return err
	}
	if !bytes.Equal(data, again) {
		return ErrNotCanonical
	}
	return nil
}
