package store

import (
	"encoding/json"
	"fmt"
)

// Parts that keep a few small rows of their own write them as JSON.

// Row writes v as a row. It panics for what JSON cannot say: rows are made of
// numbers, words and ids.
func Row(v any) []byte {
	row, err := json.Marshal(v)
	if err != nil {
		panic("store: " + err.Error())
	}
	return row
}

// ParseRow reads what Row wrote into v.
func ParseRow(row []byte, v any) error {
	if err := json.Unmarshal(row, v); err != nil {
		return fmt.Errorf("a row cannot be read: %w", err)
	}
	return nil
}

// Read fills v from the row of key; found is false when there is none.
func (s Space) Read(key []byte, v any) (found bool, err error) {
	row, found, err := s.Get(key)
	if err != nil || !found {
		return false, err
	}
	if err := ParseRow(row, v); err != nil {
		return false, fmt.Errorf("store %q: %w", s.prefix, err)
	}
	return true, nil
}
