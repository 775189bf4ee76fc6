package tagged

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// reader knows the objects of a document as a program that reads it does: of each
// the newest. It shares nothing with what wrote them.
type reader struct {
	objects map[int]string
	root    int
}

var (
	objectStart = regexp.MustCompile(`(?m)^(\d+) 0 obj\n`)
	rootEntry   = regexp.MustCompile(`/Root (\d+) 0 R`)
	reference   = regexp.MustCompile(`(\d+) 0 R`)
	markOf      = regexp.MustCompile(`<</Type /MCR /Pg (\d+) 0 R /MCID (\d+)>>`)
	kidsOf      = regexp.MustCompile(`(?s)/K \[(.*?)\]>>$`)
	roleOf      = regexp.MustCompile(`/S /(\w+)`)
	parentOf    = regexp.MustCompile(`/P (\d+) 0 R`)
	ownersOf    = regexp.MustCompile(`(\d+) \[([^\]]*)\]`)
)

func read(t testing.TB, pdf []byte) *reader {
	t.Helper()
	r := &reader{objects: make(map[int]string)}
	for _, at := range objectStart.FindAllSubmatchIndex(pdf, -1) {
		n, _ := strconv.Atoi(string(pdf[at[2]:at[3]]))
		body, _, ended := bytes.Cut(pdf[at[1]:], []byte("\nendobj"))
		if !ended {
			t.Fatalf("object %d does not end", n)
		}
		r.objects[n] = string(body)
	}
	roots := rootEntry.FindAllSubmatch(pdf, -1)
	r.root, _ = strconv.Atoi(string(roots[len(roots)-1][1]))
	return r
}

// first is the number in the first group of an expression in an object.
func (r *reader) first(t testing.TB, object int, expression *regexp.Regexp) int {
	t.Helper()
	found := expression.FindStringSubmatch(r.objects[object])
	if found == nil {
		t.Fatalf("object %d has no %v: %s", object, expression, r.objects[object])
	}
	n, _ := strconv.Atoi(found[1])
	return n
}

// pages are the pages in their order.
func (r *reader) pages(t testing.TB) (all []int) {
	t.Helper()
	list := r.objects[r.first(t, r.root, regexp.MustCompile(`/Pages (\d+) 0 R`))]
	kids := regexp.MustCompile(`/Kids \[(.*?)\]`).FindStringSubmatch(list)
	for _, ref := range reference.FindAllStringSubmatch(kids[1], -1) {
		n, _ := strconv.Atoi(ref[1])
		all = append(all, n)
	}
	return all
}

// mark is a marked part of a page.
type mark struct{ page, number int }

// walk goes through the tree, and gives whose each mark is and the roles in the
// order of reading.
func (r *reader) walk(t testing.TB) (whose map[mark]int, roles []string) {
	t.Helper()
	whose = make(map[mark]int)
	tree := r.first(t, r.root, regexp.MustCompile(`/StructTreeRoot (\d+) 0 R`))
	var visit func(object, parent int)
	visit = func(object, parent int) {
		body := r.objects[object]
		if got := r.first(t, object, parentOf); got != parent {
			t.Errorf("element %d says that its parent is %d, not %d", object, got, parent)
		}
		roles = append(roles, roleOf.FindStringSubmatch(body)[1])
		kids := kidsOf.FindStringSubmatch(body)
		if kids == nil {
			t.Fatalf("element %d has no list of kids: %s", object, body)
		}
		for _, m := range markOf.FindAllStringSubmatch(kids[1], -1) {
			page, _ := strconv.Atoi(m[1])
			number, _ := strconv.Atoi(m[2])
			if other, taken := whose[mark{page, number}]; taken {
				t.Errorf("mark %d of page %d belongs to %d and %d", number, page, other, object)
			}
			whose[mark{page, number}] = object
		}
		for _, ref := range reference.FindAllStringSubmatch(markOf.ReplaceAllString(kids[1], ""), -1) {
			n, _ := strconv.Atoi(ref[1])
			visit(n, object)
		}
	}
	for _, ref := range reference.FindAllStringSubmatch(regexp.MustCompile(`/K \[(.*?)\]`).FindStringSubmatch(r.objects[tree])[1], -1) {
		n, _ := strconv.Atoi(ref[1])
		visit(n, tree)
	}
	return whose, roles
}

// checkTree holds that every mark on every page has one element, that the page
// finds that element again by its own list, and that nothing is marked twice.
func checkTree(t testing.TB, pdf []byte, marks [][]*element) []string {
	t.Helper()
	r := read(t, pdf)
	whose, roles := r.walk(t)
	tree := r.first(t, r.root, regexp.MustCompile(`/StructTreeRoot (\d+) 0 R`))
	owners := r.objects[r.first(t, tree, regexp.MustCompile(`/ParentTree (\d+) 0 R`))]
	lists := ownersOf.FindAllStringSubmatch(owners[strings.Index(owners, "[")+1:], -1)
	pages := r.pages(t)
	if len(lists) != len(pages) || len(marks) != len(pages) {
		t.Fatalf("%d pages, %d lists of owners, %d of marks", len(pages), len(lists), len(marks))
	}
	count := 0
	for i, page := range pages {
		if got := r.first(t, page, regexp.MustCompile(`/StructParents (\d+)`)); got != i || lists[i][1] != fmt.Sprint(i) {
			t.Errorf("page %d is %d to its owners, list %s", i, got, lists[i][1])
		}
		refs := reference.FindAllStringSubmatch(lists[i][2], -1)
		if len(refs) != len(marks[i]) {
			t.Errorf("page %d has %d marks and %d owners", i, len(marks[i]), len(refs))
		}
		for number, ref := range refs {
			owner, _ := strconv.Atoi(ref[1])
			if whose[mark{page, number}] != owner {
				t.Errorf("mark %d of page %d: %d by the page, %d by the tree", number, i, owner, whose[mark{page, number}])
			}
			count++
		}
	}
	if count != len(whose) {
		t.Errorf("%d marks on pages, %d in the tree", count, len(whose))
	}
	return roles
}

func TestEveryMarkBelongsToOneElementAndIsFoundFromBothSides(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := New(About{Title: "t", Lang: "nl", Footer: "voet"})
		text := rapid.StringMatching(`[a-zé€ ]{1,60}`)
		var want []string
		for range rapid.IntRange(1, 12).Draw(rt, "parts") {
			switch rapid.IntRange(0, 5).Draw(rt, "kind") {
			case 0:
				level := rapid.IntRange(1, 3).Draw(rt, "level")
				w.Heading(level, text.Draw(rt, "heading"))
				want = append(want, fmt.Sprintf("H%d", level))
			case 1:
				w.Paragraph(strings.Repeat(text.Draw(rt, "sentence")+" ", rapid.IntRange(1, 200).Draw(rt, "times")))
				want = append(want, "P")
			case 2:
				w.List([]string{text.Draw(rt, "item"), text.Draw(rt, "item")})
				want = append(want, "L", "LI", "Lbl", "LBody", "LI", "Lbl", "LBody")
			case 3:
				w.Figure(text.Draw(rt, "words"), 60, func(c *Canvas) { c.Text(0, 5, 8, 0, "a") })
				want = append(want, "Figure")
			case 4:
				w.Aside(text.Draw(rt, "aside"))
				want = append(want, "P")
			default:
				rows := rapid.IntRange(1, 70).Draw(rt, "rows")
				w.Table([]Column{{Head: "a", Share: 1}, {Head: "b", Share: 2, Right: true}}, tableOf(rows, text.Draw(rt, "cell")))
				want = append(want, "Table", "THead", "TR", "TH", "TH", "TBody")
				for range rows {
					want = append(want, "TR", "TH", "TD")
				}
			}
		}
		pdf, err := w.Bytes()
		if err != nil {
			rt.Fatal(err)
		}
		roles := checkTree(t, pdf, w.marks)
		if got := strings.Join(roles, " "); got != strings.Join(append([]string{"Document"}, want...), " ") {
			rt.Errorf("read in the order %s, want %v", got, want)
		}
	})
}

func tableOf(rows int, text string) [][]string {
	all := make([][]string, rows)
	for i := range all {
		all[i] = []string{fmt.Sprintf("%d %s", i, text), "1"}
	}
	return all
}

// TestNothingIsDrawnUnderTheEdge: a text longer than a page goes on on the next,
// and a table repeats its heads there, not to be read a second time.
func TestNothingIsDrawnUnderTheEdge(t *testing.T) {
	w := New(About{Title: "t", Lang: "nl", Footer: "voet"})
	w.pdf.SetCompression(false)
	w.Paragraph(strings.Repeat("een lange zin ", 700))
	w.Aside(strings.Repeat("een lange opmerking ", 700))
	w.Table([]Column{{Head: "a", Share: 1}, {Head: "b", Share: 1}}, tableOf(120, "rij"))
	w.Figure("een vlak", 200, func(c *Canvas) { c.Area([][2]float64{{0, 0}, {10, 0}, {10, 200}}, RGB{}) })
	pdf, err := w.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	checkTree(t, pdf, w.marks)
	lowest := (sheetHeight - footerLine) / mmPerPoint
	seen := 0
	for _, at := range regexp.MustCompile(`BT (\d+\.\d+) (-?\d+\.\d+) Td`).FindAllSubmatch(pdf, -1) {
		y, err := strconv.ParseFloat(string(at[2]), 64)
		if err != nil || y < lowest-0.1 {
			t.Errorf("text at %s", at[2])
		}
		seen++
	}
	if pages := len(w.marks); pages < 6 || seen < 300 {
		t.Errorf("%d texts on %d pages", seen, pages)
	}
	if n := strings.Count(string(pdf), "(\x00a) Tj"); n != 1+2 && n != 1+3 {
		t.Errorf("the head of the table is drawn %d times", n)
	}
}

func TestATextStringIsWrittenAsPDFDoes(t *testing.T) {
	for in, want := range map[string]string{"": "<FEFF>", "a€": "<FEFF006120AC>", "𝄞": "<FEFFD834DD1E>", ")(\\": "<FEFF00290028005C>"} {
		if got := text(in); got != want {
			t.Errorf("%q is %s", in, got)
		}
	}
}

func TestWhatTheDocumentSaysOfItselfIsEscaped(t *testing.T) {
	about := string(metadata(About{Title: "A < B & C", Lang: "nl"}))
	if !strings.Contains(about, "A &lt; B &amp; C") || !strings.Contains(about, "<rdf:li>nl</rdf:li>") {
		t.Error(about)
	}
}

func TestWhatIsKeptTogetherBeginsOnAPageWithRoom(t *testing.T) {
	lines := func(n int) func(*Writer) {
		return func(w *Writer) {
			for range n {
				w.Paragraph("een zin")
			}
		}
	}
	w := New(About{Title: "t", Lang: "nl"})
	if w.Together(lines(9)); len(w.marks) != 1 {
		t.Error("an empty page was left")
	}
	if high, want := w.height(lines(9)), w.y-top; high < want-0.01 || high > want+0.01 {
		t.Errorf("nine lines are %v high, said to be %v", want, high)
	}
	w.y = bottom - 80
	if w.Together(lines(9)); len(w.marks) != 1 {
		t.Error("a page was left that had room")
	}
	w.y = bottom - 50
	if w.Together(lines(9)); len(w.marks) != 2 || w.y > top+80 {
		t.Error("no new page")
	}
	if w.Together(lines(60)); len(w.marks) != 4 {
		t.Errorf("what fits on no page ends on page %d", len(w.marks))
	}
	if n := len(w.root.kids); n != 9+9+9+60 {
		t.Errorf("%d paragraphs: what was only measured is in the document", n)
	}
}

// TestANoteStandsWithTheLastRowsOfItsTable: wherever on a page the table begins, and
// not alone on the next.
func TestANoteStandsWithTheLastRowsOfItsTable(t *testing.T) {
	w := New(About{Title: "t", Lang: "nl"})
	tables := 0
	for begin := top; begin < bottom-40; begin += 3 {
		w.page()
		w.y = begin
		w.NotedTable([]Column{{Head: "a", Share: 1}, {Head: "b", Share: 1}}, tableOf(30, "rij"), func(w *Writer) { w.Aside("een opmerking") })
		tables++
	}
	pdf, err := w.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	pieces, err := Read(pdf)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range pieces {
		if p.Text != "een opmerking" {
			continue
		}
		tables--
		sheet := ""
		for j := i; j >= 0 && pieces[j].Sheet == p.Sheet; j-- {
			sheet += pieces[j].Text + "\n"
		}
		if !strings.Contains(sheet, "29 rij") || !strings.Contains(sheet, "28 rij") {
			t.Errorf("a note stands without its table on sheet %d", p.Sheet)
		}
	}
	if tables != 0 {
		t.Errorf("%d notes are missing", tables)
	}
}

// TestAColumnIsAsWideAsItsWords: it takes from the others, no further than there is.
func TestAColumnIsAsWideAsItsWords(t *testing.T) {
	w := New(About{Title: "t", Lang: "nl"})
	long := strings.Repeat("m", 30)
	for name, words := range map[string][]string{"one": {"a", long, "b"}, "none": {"a", "b", "c"}, "more than there is": {strings.Repeat("m", 90), long, "b"}} {
		table := &table{Writer: w, columns: []Column{{Share: 4}, {Share: 1}, {Share: 1}}, text: cellText, heads: cellHead}
		table.measure(words, [][]string{words})
		w.font(cellHead)
		end := left - cellGap
		for i, wide := range table.wide {
			if table.x[i] < end+cellGap-0.01 || wide <= 0 {
				t.Errorf("%s: column %d is %v wide at %v", name, i, wide, table.x[i])
			}
			if need := w.pdf.GetStringWidth(words[i]); name == "one" && wide < need {
				t.Errorf("%s: column %d is %v wide for %v", name, i, wide, need)
			}
			end = table.x[i] + wide
		}
		if end < left+Width-0.01 || end > left+Width+0.01 {
			t.Errorf("%s: the table ends at %v", name, end)
		}
	}
}
