package tagged

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"regexp"
	"strconv"
)

// errPages says that fpdf wrote something else than what is built upon here.
var errPages = errors.New("the pages are not written as expected")

// file is something put into the document.
type file struct {
	name, words, kind string
	content           []byte
}

// Attach puts a file into the document as it is, so that Attached finds it. Its
// name and kind (a MIME type) are plain ASCII.
func (w *Writer) Attach(name, words, kind string, content []byte) {
	w.files = append(w.files, file{name, words, kind, content})
}

var attached = regexp.MustCompile(`/Type /EmbeddedFile /Subtype /([^ ]+) /Length (\d+)>>\nstream\n`)

// Attached gives the first file that Attach put into a document.
func Attached(pdf []byte) (content []byte, ok bool) {
	at := attached.FindSubmatchIndex(pdf)
	if at == nil {
		return nil, false
	}
	size, err := strconv.Atoi(string(pdf[at[4]:at[5]]))
	if err != nil || size > len(pdf)-at[1] {
		return nil, false
	}
	return pdf[at[1] : at[1]+size], true
}

// update is what is appended to the pages.
type update struct {
	bytes.Buffer
	offsets map[int]int
	next    int // the number of the next new object
}

// object writes an object, new with number 0, and gives its number.
func (u *update) object(number int, body string) int {
	if number == 0 {
		number = u.next
		u.next++
	}
	u.offsets[number] = u.Len()
	fmt.Fprintf(u, "%d 0 obj\n%s\nendobj\n", number, body)
	return number
}

var (
	trailer = regexp.MustCompile(`(?s)trailer\n<<\n/Size (\d+)\n/Root (\d+) 0 R\n/Info (\d+) 0 R\n>>\nstartxref\n(\d+)\n%%EOF\s*$`)
	pageRef = regexp.MustCompile(`(\d+) 0 R`)
)

// tag appends the tree, the catalog that names it and the pages that are in it.
func (w *Writer) tag(pdf []byte) ([]byte, error) {
	end := trailer.FindSubmatch(pdf)
	if end == nil {
		return nil, errPages
	}
	u := &update{offsets: make(map[int]int)}
	u.Write(pdf)
	u.next, _ = strconv.Atoi(string(end[1]))
	root, _ := strconv.Atoi(string(end[2]))
	list := regexp.MustCompile(`(?s)\n1 0 obj\n<</Type /Pages\n/Kids \[(.*?)\]`).FindSubmatch(pdf)
	if list == nil {
		return nil, errPages
	}
	var pages []int
	for _, ref := range pageRef.FindAllSubmatch(list[1], -1) {
		n, _ := strconv.Atoi(string(ref[1]))
		pages = append(pages, n)
	}
	if len(pages) != len(w.marks) {
		return nil, errPages
	}
	tree := w.tree(u, pages)
	for i, page := range pages {
		more := fmt.Sprintf("/StructParents %d /Tabs /S", i)
		if err := u.extend(pdf, page, "<</Type /Page\n", more); err != nil {
			return nil, err
		}
	}
	more := fmt.Sprintf("/Version /1.7\n/MarkInfo <</Marked true>>\n/ViewerPreferences <</DisplayDocTitle true>>\n/StructTreeRoot %d 0 R", tree)
	more += u.attach(w.files)
	if err := u.extend(pdf, root, "<<\n/Type /Catalog\n", more); err != nil {
		return nil, err
	}
	u.close(root, string(end[3]), string(end[4]))
	return u.Bytes(), nil
}

// extend writes an object of the pages again, with more in it.
func (u *update) extend(pdf []byte, number int, begin, more string) error {
	_, after, found := bytes.Cut(pdf, []byte(fmt.Sprintf("\n%d 0 obj\n%s", number, begin)))
	body, _, ended := bytes.Cut(after, []byte("\nendobj"))
	if !found || !ended {
		return errPages
	}
	// fpdf writes an empty name tree; the files are named beside it
	body = bytes.ReplaceAll(body, []byte("/Names <<\n/EmbeddedFiles << /Names [\n  \n] >>\n>>\n"), nil)
	u.object(number, begin+more+"\n"+string(body))
	return nil
}

// tree writes the elements, and which mark of which page belongs to which.
func (w *Writer) tree(u *update, pages []int) int {
	root := u.next
	u.next++
	number(w.root, u)
	var write func(e *element)
	write = func(e *element) {
		parent := root
		if e.parent != nil {
			parent = e.parent.number
		}
		var kids bytes.Buffer
		for _, k := range e.kids {
			if k.element != nil {
				fmt.Fprintf(&kids, "%d 0 R ", k.element.number)
				continue
			}
			fmt.Fprintf(&kids, "<</Type /MCR /Pg %d 0 R /MCID %d>> ", pages[k.page], k.mark)
		}
		u.object(e.number, fmt.Sprintf("<</Type /StructElem /S /%s /P %d 0 R %s /K [%s]>>", e.role, parent, e.more, kids.Bytes()))
		for _, k := range e.kids {
			if k.element != nil {
				write(k.element)
			}
		}
	}
	write(w.root)
	var owners bytes.Buffer
	for i, marks := range w.marks {
		fmt.Fprintf(&owners, "%d [", i)
		for _, e := range marks {
			fmt.Fprintf(&owners, "%d 0 R ", e.number)
		}
		owners.WriteString("] ")
	}
	parents := u.object(0, fmt.Sprintf("<</Nums [%s]>>", owners.Bytes()))
	return u.object(root, fmt.Sprintf("<</Type /StructTreeRoot /K [%d 0 R] /ParentTree %d 0 R /ParentTreeNextKey %d>>", w.root.number, parents, len(w.marks)))
}

// number gives an element and all inside it the numbers of their objects.
func number(e *element, u *update) {
	e.number = u.next
	u.next++
	for _, k := range e.kids {
		if k.element != nil {
			number(k.element, u)
		}
	}
}

// attach writes the files, and gives what the catalog says of them.
func (u *update) attach(files []file) string {
	if len(files) == 0 {
		return ""
	}
	var names, refs bytes.Buffer
	for _, f := range files {
		kind := bytes.ReplaceAll([]byte(f.kind), []byte("/"), []byte("#2F"))
		stream := u.object(0, fmt.Sprintf("<</Type /EmbeddedFile /Subtype /%s /Length %d>>\nstream\n%s\nendstream", kind, len(f.content), f.content))
		spec := u.object(0, fmt.Sprintf("<</Type /Filespec /F (%s) /UF %s /Desc %s /AFRelationship /Data /EF <</F %d 0 R>>>>",
			f.name, text(f.name), text(f.words), stream))
		fmt.Fprintf(&names, "(%s) %d 0 R ", f.name, spec)
		fmt.Fprintf(&refs, "%d 0 R ", spec)
	}
	return fmt.Sprintf("\n/Names <</EmbeddedFiles <</Names [%s]>>>>\n/AF [%s]", names.Bytes(), refs.Bytes())
}

// close writes where the objects of the update stand.
func (u *update) close(root int, info, before string) {
	at := u.Len()
	u.WriteString("xref\n")
	for n := range u.next {
		if offset, ok := u.offsets[n]; ok {
			fmt.Fprintf(u, "%d 1\n%010d 00000 n \n", n, offset)
		}
	}
	fmt.Fprintf(u, "trailer\n<<\n/Size %d\n/Root %d 0 R\n/Info %s 0 R\n/Prev %s\n>>\nstartxref\n%d\n%%%%EOF\n", u.next, root, info, before, at)
}

// metadata is what the document says of itself in XMP: its title, its language,
// and that it keeps PDF/UA-1.
func metadata(about About) []byte {
	var title, lang bytes.Buffer
	_ = xml.EscapeText(&title, []byte(about.Title)) // a buffer takes all
	_ = xml.EscapeText(&lang, []byte(about.Lang))
	return fmt.Appendf(nil, `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>%s</rdf:li></rdf:Bag></dc:language>
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>`, title.Bytes(), lang.Bytes())
}
