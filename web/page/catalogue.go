package page

import "strings"

// Key names one text of the catalogue. Every text stands in every language;
// a test holds the languages, the templates and the code against each other.
type Key string

// catalogue holds the texts. In a text, {coin} and {wijk} stand for the names
// of the coin and the neighbourhood, and other {words} for what the page
// fills in.
var catalogue = map[Lang]map[Key]string{Dutch: dutch, English: english}

// Text gives the text of key in the language. pairs are words and what to put
// in their place: Text("pay.until", "time", "14:05").
func (l Lang) Text(key Key, pairs ...string) string {
	text, ok := catalogue[l][key]
	if !ok {
		return string(key)
	}
	if !strings.Contains(text, "{") {
		return text
	}
	old := make([]string, len(pairs))
	copy(old, pairs)
	for i := 0; i < len(old); i += 2 {
		old[i] = "{" + old[i] + "}"
	}
	return strings.NewReplacer(old...).Replace(text)
}

// Has tells whether the catalogue knows the key.
func Has(key Key) bool {
	_, ok := catalogue[Dutch][key]
	return ok
}
