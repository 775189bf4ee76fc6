package page

import "strings"

// Key names one text of the catalogue. Every text stands in every language;
// a test holds the languages, the templates and the code against each other.
type Key string

// catalogue holds the texts. In a text, {coin} and {wijk} stand for the names
// of the coin and the neighbourhood, and other {words} for what the page
// fills in.
var catalogue = map[Lang]texts{Dutch: dutch, English: english}

// texts are the texts of one language, or of some of its pages.
type texts map[Key]string

// The texts of a language lie in a file per group of pages, the same files in
// every language: nl.go beside en.go, nl_till.go beside en_till.go. Another
// language is one more such row.
var (
	dutch   = join(nlShared, nlLogin, nlWallet, nlOrders, nlTill, nlDesk, nlShops, nlApp, nlOffice, nlNotice, nlPayout, nlCash, nlFund, nlTopUp, nlProposals, nlLog, nlSources, nlReserve, nlTeam, nlRules, nlCoupons, nlWind, nlReport, nlPublish, nlWorth, nlWhatIf)
	english = join(enShared, enLogin, enWallet, enOrders, enTill, enDesk, enShops, enApp, enOffice, enNotice, enPayout, enCash, enFund, enTopUp, enProposals, enLog, enSources, enReserve, enTeam, enRules, enCoupons, enWind, enReport, enPublish, enWorth, enWhatIf)
)

// join makes one catalogue of several files. A key that two of them have is a
// mistake that stops the program at its start.
func join(files ...texts) texts {
	all := make(texts)
	for _, file := range files {
		for key, text := range file {
			if _, twice := all[key]; twice {
				panic("two texts for " + string(key))
			}
			all[key] = text
		}
	}
	return all
}

// Text gives the text of key in the language. pairs are words and what to put
// in their place: Text("pay.until", "time", "14:05").
func (l Lang) Text(key Key, pairs ...string) string {
	text, ok := catalogue[l][key]
	if l == Trial {
		text, ok = stretch(dutch[key]), Has(key)
	}
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

// stretch makes the Trial text of a Dutch one: half as long again, in brackets
// that show where a text ends, with what the page fills in left alone.
func stretch(text string) string {
	var b strings.Builder
	inside := false
	b.WriteString("[")
	for _, r := range text {
		b.WriteRune(r)
		inside = r == '{' || inside && r != '}'
		if !inside && strings.ContainsRune("aeiou", r) {
			b.WriteRune(r)
		}
	}
	b.WriteString("]")
	return b.String()
}

// Has tells whether the catalogue knows the key.
func Has(key Key) bool {
	_, ok := catalogue[Dutch][key]
	return ok
}
