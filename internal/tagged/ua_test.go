package tagged

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// inside says which elements an element may stand in (ISO 32000-1, 14.8.4).
var inside = map[string][]string{
	"Document": {""}, "H1": {"Document"}, "H2": {"Document"}, "H3": {"Document"}, "P": {"Document"}, "Figure": {"Document"},
	"L": {"Document"}, "LI": {"L"}, "Lbl": {"LI"}, "LBody": {"LI"},
	"Table": {"Document"}, "THead": {"Table"}, "TBody": {"Table"}, "TR": {"THead", "TBody"}, "TH": {"TR"}, "TD": {"TR"},
}

// painting are the operators that leave something on a sheet.
var painting = regexp.MustCompile(`(Tj|TJ|'|"|Do|BI|sh| [SsfFBb]\*?|^[SsfFBb]\*?)( ET)?( Q)?$`)

// faultsOfUA are the rules of PDF/UA-1 (ISO 14289-1) that a document breaks, of
// those that a machine can check and that can be broken here: it has no links, no
// forms, no pictures in pixels, no scripts and no encryption.
func faultsOfUA(t *testing.T, pdf []byte) (faults []string) {
	t.Helper()
	r := read(t, pdf)
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	needs := func(what, body string, parts ...string) {
		for _, part := range parts {
			if !regexp.MustCompile(part).MatchString(body) {
				fault("%s has no %s", what, part)
			}
		}
	}
	root := r.objects[r.root]
	needs("the catalog", root, `/Lang \((nl|en)\)`, `/MarkInfo <</Marked true>>`, `/DisplayDocTitle true`, `/StructTreeRoot \d+ 0 R`, `/Metadata \d+ 0 R`)
	if about := regexp.MustCompile(`/Metadata (\d+) 0 R`); about.MatchString(root) {
		needs("the metadata", r.objects[r.first(t, r.root, about)], `<dc:title>.*[^>]</rdf:li>`, `<pdfuaid:part>1<`)
	}
	for number, body := range r.objects {
		switch {
		case strings.Contains(body, "/Subtype /Type0"):
			needs("a font", body, `/ToUnicode \d+ 0 R`, `/Encoding /Identity-H`)
		case strings.Contains(body, "/Subtype /CIDFontType2"):
			needs("a font", body, `/CIDToGIDMap`, `/FontDescriptor \d+ 0 R`, `/CIDSystemInfo`)
		case strings.Contains(body, "/Type /FontDescriptor"):
			needs("a font", body, `/FontFile2 \d+ 0 R`)
		case strings.Contains(body, "/Type /Filespec"):
			needs("a file", body, `/F \(`, `/UF <`, `/Desc <FEFF....`, `/AFRelationship`)
		case strings.HasPrefix(body, "<</Type /Page\n"):
			needs("a page", body, `/StructParents \d+`, `/Tabs /S`)
		case regexp.MustCompile(`/Type /(Annot|Action|XObject)|/Encrypt|/AcroForm`).MatchString(body):
			fault("object %d is of a kind that has rules of its own", number)
		}
	}
	pieces, err := Read(pdf)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pieces {
		if p.Role == "" && painting.MatchString(p.Raw) {
			fault("sheet %d: %q is neither tagged nor an artifact", p.Sheet, p.Raw)
		}
	}
	return append(faults, r.elementFaults(t)...)
}

// elementFaults are what is wrong in the tree of elements.
func (r *reader) elementFaults(t *testing.T) (faults []string) {
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	level, columns := 0, 0
	var visit func(object int, parent string)
	visit = func(object int, parent string) {
		body := r.objects[object]
		role := roleOf.FindStringSubmatch(body)[1]
		if !slices.Contains(inside[role], parent) {
			fault("%s stands in %s", role, parent)
		}
		var kids []int
		for _, ref := range reference.FindAllStringSubmatch(markOf.ReplaceAllString(kidsOf.FindStringSubmatch(body)[1], ""), -1) {
			var kid int
			fmt.Sscan(ref[1], &kid)
			kids = append(kids, kid)
		}
		switch role {
		case "H1", "H2", "H3":
			if n := int(role[1] - '0'); n > level+1 {
				fault("%s after a heading of level %d", role, level)
			} else {
				level = n
			}
		case "Figure":
			if !regexp.MustCompile(`/Alt <FEFF[0-9A-F]{4}`).MatchString(body) || !strings.Contains(body, "/BBox [") {
				fault("a figure without words or bounds")
			}
		case "TH":
			if !regexp.MustCompile(`/O /Table /Scope /(Row|Column)`).MatchString(body) {
				fault("a heading of a table without a scope")
			}
		case "Table":
			columns = 0
		case "TR":
			if columns == 0 {
				columns = len(kids)
			}
			if len(kids) != columns {
				fault("a row of %d cells in a table of %d columns", len(kids), columns)
			}
		}
		for _, kid := range kids {
			visit(kid, role)
		}
	}
	tree := r.first(t, r.root, regexp.MustCompile(`/StructTreeRoot (\d+) 0 R`))
	visit(r.first(t, tree, regexp.MustCompile(`/K \[(\d+) 0 R`)), "")
	return faults
}

// TestADocumentKeepsTheRulesOfPDFUA1: and the check finds each rule broken.
func TestADocumentKeepsTheRulesOfPDFUA1(t *testing.T) {
	pdf := string(sample(t))
	for _, fault := range faultsOfUA(t, []byte(pdf)) {
		t.Error(fault)
	}
	for old, other := range map[string]string{
		"/Lang (nl)": "/Leng (nl)", "/DisplayDocTitle true": "/DisplayDocTitle nope", "<</Marked true>>": "<</Marked nope>>",
		"<pdfuaid:part>1<": "<pdfuaid:part>3<", "Loopt het rond?</rdf:li>": "</rdf:li>",
		"/ToUnicode": "/NoUnicode", "/FontFile2": "/FontFile9", "/CIDToGIDMap": "/CIDToNothing",
		"/Tabs /S": "/Tabs /R", "/StructParents 0": "/StructNobody 0", "/Desc <": "/Nope <",
		"/S /H2": "/S /H3", "/S /TBody": "/S /THeat", "/S /LBody": "/S /Table", "/Alt <": "/Elt <", "/BBox [": "/Bounds [",
		"/Scope /Column": "/Scope /Cell", "/Scope /Row": "/Scope /Raw", "/Type /Outlines": "/Type /XObject",
	} {
		forged := strings.ReplaceAll(pdf, old, other)
		if forged == pdf {
			t.Errorf("the document has no %s", old)
		} else if faultsOfUA(t, []byte(forged)) == nil {
			t.Errorf("%s instead of %s is not found", other, old)
		}
	}
}

// TestNothingIsPaintedOutsideTheMarks: on no sheet of a document with each thing,
// and the check finds what is.
func TestNothingIsPaintedOutsideTheMarks(t *testing.T) {
	w := New(About{Title: "t", Lang: "nl"})
	w.Heading(1, "een")
	w.Aside("let op")
	w.pdf.Text(50, 50, "los")
	w.pdf.Line(1, 1, 2, 2)
	pdf, err := w.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if faults := faultsOfUA(t, pdf); len(faults) != 2 {
		t.Errorf("a loose text and a loose line: %q", faults)
	}
}
