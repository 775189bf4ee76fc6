package sepa

import (
	"strings"
	"unicode"
)

// Transliterate turns text into the characters that every SEPA bank accepts:
//
//	a-z A-Z 0-9 / - ? : ( ) . , ' + space
//
// Letters lose their accents (é becomes e), ligatures and ß are spelled out,
// & becomes +, brackets and quotes become the nearest allowed ones, anything
// without a likeness becomes a full stop (EPC217-08, best practices). Runs of
// white space become one space, and there is none at either end. The result
// may be longer than the text; lengths are checked after it.
func Transliterate(text string) string {
	var b strings.Builder
	space := false
	for _, r := range text {
		if unicode.IsSpace(r) {
			space = true
			continue
		}
		to := latin(r)
		if to == "" {
			continue
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		b.WriteString(to)
	}
	return b.String()
}

// latin is one character in SEPA characters; empty for marks that only
// decorate the letter before them.
func latin(r rune) string {
	if inCharset(r) {
		return string(r)
	}
	if to, ok := latinTable[r]; ok {
		return to
	}
	if unicode.In(r, unicode.Mn, unicode.Cf) {
		return ""
	}
	return "."
}

func inCharset(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' ||
		strings.ContainsRune("/-?:().,'+ ", r)
}

// onlyCharset says whether s needs no transliteration. Identifiers must not
// need any: the bank gives them back, and we look for what we sent.
func onlyCharset(s string) bool {
	for _, r := range s {
		if !inCharset(r) {
			return false
		}
	}
	return true
}

var latinTable = makeLatinTable(
	"A", "ÀÁÂÃÄÅĀĂĄǍ", "a", "àáâãäåāăąǎ", "AE", "Æ", "ae", "æ",
	"C", "ÇĆĈĊČ", "c", "çćĉċč", "D", "ÐĎĐ", "d", "ðďđ",
	"E", "ÈÉÊËĒĔĖĘĚ€", "e", "èéêëēĕėęě",
	"G", "ĜĞĠĢ", "g", "ĝğġģ", "H", "ĤĦ", "h", "ĥħ",
	"I", "ÌÍÎÏĨĪĬĮİ", "i", "ìíîïĩīĭįı", "IJ", "Ĳ", "ij", "ĳ",
	"J", "Ĵ", "j", "ĵ", "K", "Ķ", "k", "ķĸ",
	"L", "ĹĻĽĿŁ", "l", "ĺļľŀł", "N", "ÑŃŅŇŊ", "n", "ñńņňŋŉ",
	"O", "ÒÓÔÕÖØŌŎŐ", "o", "òóôõöøōŏő", "OE", "Œ", "oe", "œ",
	"R", "ŔŖŘ", "r", "ŕŗř", "S", "ŚŜŞŠȘ", "s", "śŝşšșſ", "SS", "ẞ", "ss", "ß",
	"T", "ŢŤŦȚ", "t", "ţťŧț", "Th", "Þ", "th", "þ",
	"U", "ÙÚÛÜŨŪŬŮŰŲ", "u", "ùúûüũūŭůűų",
	"W", "Ŵ", "w", "ŵ", "Y", "ÝŶŸ", "y", "ýÿŷ", "Z", "ŹŻŽ", "z", "źżž",
	"+", "&", ",", ";", "(", "[{", ")", "]}", "/", `\|`,
	"-", "_~–—‐‑−", "'", "`´‘’‚‛", "...", "…",
)

// makeLatinTable takes pairs: what to write, and the characters it stands for.
func makeLatinTable(pairs ...string) map[rune]string {
	table := map[rune]string{}
	for i := 0; i < len(pairs); i += 2 {
		for _, r := range pairs[i+1] {
			table[r] = pairs[i]
		}
	}
	return table
}
