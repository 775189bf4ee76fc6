package payreq

import (
	"bytes"
	"crypto/rand"
	"errors"
	"strings"
	"testing"
)

func TestCodeReadsBackAsItWasWritten(t *testing.T) {
	for range 1000 {
		c, err := NewCode(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Parse(c.String())
		if err != nil || got != c {
			t.Fatalf("Parse(%q) = %v, %v; want %v", c.String(), got, err, c)
		}
		if len(c.String()) != Length {
			t.Fatalf("%q has %d symbols, want %d", c.String(), len(c.String()), Length)
		}
	}
}

// Vectors that another program can check: nine data symbols and the check
// symbol that makes the polynomial in α zero.
func TestCheckSymbolVectors(t *testing.T) {
	for _, tt := range []struct {
		code Code
		want string
	}{
		{1, "0000000012"},
		{31, "00000000ZV"},
		{1<<45 - 1, "ZZZZZZZZZX"},
		{0x123456789ABC & (1<<45 - 1), "J6HB7H6NW1"},
	} {
		if got := tt.code.String(); got != tt.want {
			t.Errorf("Code(%#x).String() = %q, want %q", uint64(tt.code), got, tt.want)
		}
	}
}

func TestParseForgivesHowPeopleType(t *testing.T) {
	want := Code(0x0110000)
	text := want.String() // holds both 0 and 1
	for _, typed := range []string{
		text,
		strings.ToLower(text),
		want.Grouped(),
		" " + text[:3] + " " + text[3:] + "\r\n",
		strings.NewReplacer("0", "O", "1", "I").Replace(text),
		strings.NewReplacer("0", "o", "1", "l").Replace(text),
		Link("https://grulden.example", want),
		CardLink("https://grulden.example", want),
		strings.ToLower(Link("http://localhost:8080/", want)),
	} {
		if got, err := Parse(typed); err != nil || got != want {
			t.Errorf("Parse(%q) = %v, %v; want %v", typed, got, err, want)
		}
	}
}

func TestParseRefusesWhatIsNotACode(t *testing.T) {
	good := Code(12345678901).String()
	for _, text := range []string{
		"", "-", good[:9], good + "0", good[:9] + "U", good[:9] + "é",
		"0000000000", "https://grulden.example/P/", strings.Repeat("0", 1000),
		"ﬃ/P/" + good[:9],
	} {
		if c, err := Parse(text); !errors.Is(err, ErrNotCode) {
			t.Errorf("Parse(%q) = %v, %v; want ErrNotCode", text, c, err)
		}
	}
}

func TestEverySingleMistakeAndEverySwapIsNoticed(t *testing.T) {
	for _, c := range []Code{1, 987654321, 1<<45 - 1, 0x0F0F0F0F0F} {
		text := []byte(c.String())
		for i := range text {
			for _, wrong := range []byte(alphabet) {
				if wrong == text[i] {
					continue
				}
				typed := bytes.Clone(text)
				typed[i] = wrong
				if _, err := Parse(string(typed)); err == nil {
					t.Fatalf("%s typed as %s was accepted", text, typed)
				}
			}
			for j := range i {
				typed := bytes.Clone(text)
				typed[i], typed[j] = typed[j], typed[i]
				if _, err := Parse(string(typed)); err == nil && text[i] != text[j] {
					t.Fatalf("%s typed as %s was accepted", text, typed)
				}
			}
		}
	}
}

func TestLinksUseOnlyTheAlphanumericSetOfAQRCode(t *testing.T) {
	for got, want := range map[string]string{
		Link("https://grulden.example", 42):     "HTTPS://GRULDEN.EXAMPLE/P/",
		CardLink("https://grulden.example", 42): "HTTPS://GRULDEN.EXAMPLE/C/",
	} {
		if got != want+Code(42).String() {
			t.Errorf("the link is %q, want %q and the code", got, want)
		}
		const alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
		if i := strings.IndexFunc(got, func(r rune) bool { return !strings.ContainsRune(alphanumeric, r) }); i >= 0 {
			t.Errorf("%q: %q forces the QR code into byte mode", got, got[i])
		}
	}
}

func TestNewCodeReportsADryRandomSource(t *testing.T) {
	if _, err := NewCode(strings.NewReader("short")); err == nil {
		t.Error("a code was made from too few random bytes")
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", Code(1).String(), Link("https://a.b", 99), CardLink("https://a.b", 99), "ILO-ilo 01", "/p//P/", "ı/P/x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := Parse(text)
		if err != nil {
			return
		}
		again, err := Parse(c.String())
		if err != nil || again != c {
			t.Fatalf("Parse(%q) = %v, but that reads back as %v, %v", text, c, again, err)
		}
	})
}
