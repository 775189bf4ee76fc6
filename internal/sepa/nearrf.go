package sepa

import (
	"slices"
	"strings"
)

// rfLetters are what a reference is made of.
const rfLetters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// NearRF lists the creditor references of the given length that somebody may
// have meant who made one mistake in writing: one character another, missing or
// too many, or two neighbours swapped. Like FindRF it lists candidates, without
// what FindRF finds; only a reference that was issued counts, and a person
// should look at it first. After a thousand it stops.
func NearRF(text string, length int) []string {
	s := squeeze(text)
	exact := FindRF(text, length)
	var found []string
	add := func(ref string) {
		if len(found) < 1000 && validRF(ref) && !slices.Contains(exact, ref) && !slices.Contains(found, ref) {
			found = append(found, ref)
		}
	}
	for i := range s {
		if i+length-1 > len(s) || !strings.ContainsAny(s[i:i+2], "RF") {
			continue // two mistakes in the first two letters alone
		}
		missing(s[i:i+length-1], add)
		if i+length <= len(s) {
			replaced(s[i:i+length], add)
			swapped(s[i:i+length], add)
		}
		if i+length < len(s) {
			dropped(s[i:i+length+1], add)
		}
	}
	return found
}

func missing(w string, add func(string)) {
	for at := range len(w) + 1 {
		for _, c := range rfLetters {
			add(w[:at] + string(c) + w[at:])
		}
	}
}

func replaced(w string, add func(string)) {
	for at := range w {
		for _, c := range rfLetters {
			add(w[:at] + string(c) + w[at+1:])
		}
	}
}

func swapped(w string, add func(string)) {
	for at := range len(w) - 1 {
		add(w[:at] + w[at+1:at+2] + w[at:at+1] + w[at+2:])
	}
}

func dropped(w string, add func(string)) {
	for at := range w {
		add(w[:at] + w[at+1:])
	}
}
