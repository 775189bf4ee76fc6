package page

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template/parse"
)

func TestEveryLanguageHasEveryText(t *testing.T) {
	for lang, texts := range catalogue {
		for key, text := range dutch {
			other, ok := texts[key]
			switch {
			case !ok:
				t.Errorf("%s has no text for %q", lang, key)
			case strings.TrimSpace(other) == "":
				t.Errorf("%s has an empty text for %q", lang, key)
			case !slices.Equal(holes(text), holes(other)):
				t.Errorf("%s: %q fills in %v, Dutch fills in %v", lang, key, holes(other), holes(text))
			}
		}
		for key := range texts {
			if _, ok := dutch[key]; !ok {
				t.Errorf("%s has %q, which Dutch has not", lang, key)
			}
		}
	}
}

var hole = regexp.MustCompile(`\{[a-z]+\}`)

// holes are the words that a text lets the page fill in, except the names that
// every page knows.
func holes(text string) []string {
	found := hole.FindAllString(text, -1)
	found = slices.DeleteFunc(found, func(s string) bool { return s == "{coin}" || s == "{wijk}" })
	slices.Sort(found)
	return slices.Compact(found)
}

// hardWords are words that many readers stumble over; the texts say it plainer.
var hardWords = map[Lang][]string{
	Dutch: {
		"saldo", "transactie", "betreffende", "verstrekken", "verstrekt", "authenticatie", "autoriseren", "valideren",
		"geldigheid", "demurrage", "inwisselen", "teneinde", "middels", "indien", "gelieve", "dient", "omtrent",
		"conform", "crediteren", "debet", "begunstigde", "mutatie", "initiëren", "accorderen", "fiatteren", "retour",
		"token", "server", "sessie", "account", "database", "error", "annuleren", "bevestigen", "registreren",
		"teneinde", "derhalve", "aangaande", "inzake", "desbetreffend", "voorts", "tevens", "alsmede", "ondanks het feit",
		"verificatie", "verifiëren", "identificatie", "geautoriseerd", "ongeldig", "periodiek", "machtiging", "incasso",
		"restitutie", "resterend", "cumulatief", "additioneel", "optioneel", "configur", "initialis", "synchronis",
		"retourneren", "rectificatie", "specificatie", "toekennen", "dienaangaande", "uiterlijk op", "ten behoeve", "met betrekking tot",
		"biometri", "cryptogra", "credential", "browsergeschiedenis", "cache", "offline", "online", "device", "login ", "passkey ",
	},
	English: {
		"transaction", "balance", "authenticate", "authorise", "authorize", "validate", "demurrage", "redeem",
		"redemption", "remittance", "beneficiary", "commence", "regarding", "pursuant", "session", "account ",
		"token", "server", "database", "error", "cancel", "confirm", "register",
		"hereby", "notwithstanding", "prior to", "subsequent", "utilise", "utilize", "in order to", "in the event",
		"verification", "identification", "invalid", "periodic", "mandate", "reimburse", "residual", "cumulative", "optional",
		"configur", "initiali", "synchroni", "specification", "on behalf of", "with regard to", "biometric", "cryptogra", "credential", "cache", "offline", "device",
	},
}

func TestNoHardWords(t *testing.T) {
	for lang, words := range hardWords {
		for key, text := range catalogue[lang] {
			for _, word := range words {
				if strings.Contains(strings.ToLower(text)+" ", word) && !allowedWord(key, word) {
					t.Errorf("%s %q: %q is a hard word: %s", lang, key, word, text)
				}
			}
		}
	}
}

// allowedWord tells where a hard word is the everyday one: a bank account is
// called account by everybody.
func allowedWord(key Key, word string) bool {
	return word == "account " && slices.Contains([]Key{"redeem.iban", "bank.noreserve", "bank.otheraccount", "reason.other-account"}, key)
}

func TestSentencesAreShort(t *testing.T) {
	const most = 20 // words; the average is far lower
	for lang, texts := range catalogue {
		for key, text := range texts {
			for _, sentence := range regexp.MustCompile(`[.!?]( |$)`).Split(text, -1) {
				if n := len(strings.Fields(sentence)); n > most {
					t.Errorf("%s %q: a sentence of %d words: %s", lang, key, n, sentence)
				}
			}
		}
	}
}

func TestTheTextsOfTheTemplatesExistAndNoTextIsUnused(t *testing.T) {
	used := map[Key]bool{}
	for key, where := range templateKeys(t) {
		used[key] = true
		if !Has(key) {
			t.Errorf("%s shows %q, which the catalogue has not", where, key)
		}
	}
	code := goSource(t)
	for _, key := range slices.Sorted(maps.Keys(dutch)) {
		if family, _, _ := strings.Cut(string(key), "."); slices.Contains([]string{"result", "role", "notice", "told", "day", "why", "how", "weekday", "shopicon", "proposal", "act", "fact", "bankcode", "bankpart"}, family) {
			continue // made from names of results, roles, acts, facts, reasons, pictures and authorities; their own tests see to them
		}
		if family, _, _ := strings.Cut(string(key), "."); slices.Contains([]string{"what", "because", "tie", "worthhelp"}, family) {
			continue // made from what an audit found and from the fields of a sheet; their own tests see to them
		}
		if !used[key] && !strings.Contains(code, `"`+string(key)+`"`) {
			t.Errorf("no page shows %q", key)
		}
	}
}

// templateKeys finds what is asked of .T in all templates, and where.
func templateKeys(t *testing.T) map[Key]string {
	t.Helper()
	r := newRenderer(t)
	found := map[Key]string{}
	for name, set := range r.pages {
		for _, tmpl := range set.Templates() {
			if tmpl.Tree != nil {
				walk(tmpl.Tree.Root, func(key string) { found[Key(key)] = name })
			}
		}
	}
	return found
}

// walk calls found with the first argument of every call of T below a node.
func walk(n parse.Node, found func(string)) {
	switch n := n.(type) {
	case *parse.ListNode:
		if n != nil {
			for _, child := range n.Nodes {
				walk(child, found)
			}
		}
	case *parse.ActionNode:
		walk(n.Pipe, found)
	case *parse.TemplateNode:
		if n.Pipe != nil {
			walk(n.Pipe, found)
		}
	case *parse.IfNode:
		walkBranch(&n.BranchNode, found)
	case *parse.RangeNode:
		walkBranch(&n.BranchNode, found)
	case *parse.WithNode:
		walkBranch(&n.BranchNode, found)
	case *parse.PipeNode:
		for _, cmd := range n.Cmds {
			walk(cmd, found)
		}
	case *parse.CommandNode:
		for i, arg := range n.Args {
			if i == 1 && asksForText(n.Args[0]) {
				if s, ok := arg.(*parse.StringNode); ok {
					found(s.Text)
				}
			}
			walk(arg, found)
		}
	}
}

func walkBranch(n *parse.BranchNode, found func(string)) {
	walk(n.Pipe, found)
	walk(n.List, found)
	walk(n.ElseList, found)
}

func asksForText(n parse.Node) bool {
	switch n := n.(type) {
	case *parse.FieldNode:
		return n.Ident[len(n.Ident)-1] == "T"
	case *parse.VariableNode:
		return n.Ident[len(n.Ident)-1] == "T"
	}
	return false
}

// goSource is the code of the pages and of the handlers above them.
func goSource(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	for _, dir := range []string{".", ".."} {
		files, err := fs.Glob(os.DirFS(dir), "*.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasPrefix(file, "nl") || strings.HasPrefix(file, "en") || strings.HasSuffix(file, "_test.go") {
				continue
			}
			text, err := os.ReadFile(filepath.Join(dir, file))
			if err != nil {
				t.Fatal(err)
			}
			b.Write(text)
		}
	}
	return b.String()
}

func TestTextFillsInWhatIsGiven(t *testing.T) {
	b := Base{Lang: Dutch, Coin: "Grulden", Wijk: "De Hoogte"}
	for _, tt := range []struct {
		got, want string
	}{
		{b.T("login.lead"), "Betaal met Grulden in De Hoogte."},
		{b.T("pay.confirm", "amount", "4,50"), "Ja, betaal 4,50"},
		{b.T("pay.confirm", "amount", "{coin}"), "Ja, betaal {coin}"},
		{English.Text("pay.confirm", "amount", "4.50"), "Yes, pay 4.50"},
		{b.T("no.such.text"), "no.such.text"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}
