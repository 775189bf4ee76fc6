package sepa

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A creditor reference (ISO 11649) is "RF", two check digits and 1 to 21
// letters or digits. Banks carry it in a field of its own, and the Dutch
// "betalingskenmerk" field of a banking app accepts it.
const (
	rfMinLength = 5
	rfMaxLength = 25
)

// MakeRF makes the creditor reference for a payload of 1 to 21 letters and
// digits. Case and spaces of the payload do not matter. The check digits are
// 98 − (payload + "RF00") mod 97.
func MakeRF(payload string) (string, error) {
	p, err := compact(payload)
	if err != nil {
		return "", fmt.Errorf("reference: %w", err)
	}
	if len(p) < 1 || len(p) > rfMaxLength-4 {
		return "", errors.New("reference: a payload has 1 to 21 letters and digits")
	}
	return fmt.Sprintf("RF%02d%s", 98-mod97(p+"RF00"), p), nil
}

// ParseRF reads a creditor reference as people type it, in any case and with
// spaces anywhere, and returns it in upper case without spaces. Use Grouped to
// print it.
func ParseRF(s string) (string, error) {
	s, err := compact(s)
	if err != nil {
		return "", fmt.Errorf("reference: %w", err)
	}
	if !validRF(s) {
		return "", errors.New("reference: not RF, two check digits that fit, and 1 to 21 letters and digits")
	}
	return s, nil
}

func validRF(s string) bool {
	return len(s) >= rfMinLength && len(s) <= rfMaxLength && s[:2] == "RF" && validCheckDigits(s)
}

// FindRF lists the creditor references of the given length (all characters
// counted, 5 to 25) that may stand in free text, in order of appearance and
// each once. Everything but letters and digits is taken out first, so a
// reference is found in any case, with spaces, dots or a line break inside, and
// glued to other words.
//
// What it lists are candidates: in glued text one stray string in 97 passes the
// check. The caller accepts only a reference that it has issued. Length 0
// looks for every length and finds far more strays; issuing references of one
// fixed length avoids that. After a hundred candidates it stops: no honest text
// has as many.
func FindRF(text string, length int) []string {
	shortest, longest := length, length
	if length == 0 {
		shortest, longest = rfMinLength, rfMaxLength
	}
	s := squeeze(text)
	var found []string
	for i := 0; i+shortest <= len(s) && len(found) < 100; i++ {
		if !strings.HasPrefix(s[i:], "RF") {
			continue
		}
		for n := min(longest, len(s)-i); n >= shortest; n-- {
			if ref := s[i : i+n]; validRF(ref) && !slices.Contains(found, ref) {
				found = append(found, ref)
			}
		}
	}
	return found
}
