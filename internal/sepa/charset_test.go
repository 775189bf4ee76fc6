package sepa

import "testing"

var transliterations = []struct{ text, want string }{
	{"", ""},
	{"Bakkerij De Voorbeeld / 't Hoekje (noord) +1", "Bakkerij De Voorbeeld / 't Hoekje (noord) +1"},
	{"Café Ruïne & Zoën", "Cafe Ruine + Zoen"},
	{"Cafe\u0301 Zoe\u0308n", "Cafe Zoen"}, // accents as marks of their own
	{"ĲSSALON Ĳs ĳs", "IJSSALON IJs ijs"},
	{"Straße, Łódź, Ærø, Þór, Škoda, Ñandú", "Strasse, Lodz, AEro, Thor, Skoda, Nandu"},
	{"a_b~c–d", "a-b-c-d"},
	{"[x] {y} a\\b|c;d", "(x) (y) a/b/c,d"},
	{"“goed” ‘ja’ §", ".goed. 'ja' ."},
	{"€ 5 @ 10%", "E 5 . 10."},
	{"  veel \t\n ruimte\u00a0 ", "veel ruimte"},
	{"na\u200bam", "naam"},
	{"中文", ".."},
	{"\xff", "."},
	{"\x00", "."},
}

func TestTextIsWrittenInTheCharactersBanksTake(t *testing.T) {
	for _, c := range transliterations {
		if got := Transliterate(c.text); got != c.want {
			t.Errorf("%q gives %q, want %q", c.text, got, c.want)
		}
	}
}
