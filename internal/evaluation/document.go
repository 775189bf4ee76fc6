package evaluation

// kind is what a block of a document is.
type kind string

// The kinds of blocks.
const (
	heading1   kind = "h1"
	heading2   kind = "h2"
	heading3   kind = "h3"
	sentence   kind = "p"
	answer     kind = "answer" // the sentence for who reads only one
	caveat     kind = "caveat"
	smallPrint kind = "small"
	list       kind = "list"
	grid       kind = "table"
	drawn      kind = "picture"
)

// block is a part of a document.
type block struct {
	kind    kind
	text    string
	items   []string
	columns []gridColumn
	rows    [][]string
	picture *Picture
}

// gridColumn is a column of a printed table.
type gridColumn struct {
	head  string
	share float64 // of the width
	right bool
}

// document is blocks under way.
type document struct {
	blocks []block
	under  string // the heading of what is written
}

func (d *document) text(k kind, text string) {
	if k == heading1 || k == heading2 {
		d.under = text
	}
	if text != "" {
		d.blocks = append(d.blocks, block{kind: k, text: text})
	}
}

func (d *document) list(items []string) {
	d.blocks = append(d.blocks, block{kind: list, items: items})
}

// grid prints a table. Its name is the heading above it.
func (d *document) grid(columns []gridColumn, rows [][]string) {
	d.blocks = append(d.blocks, block{kind: grid, text: d.under, columns: columns, rows: rows})
}

func (d *document) picture(p *Picture) {
	if p != nil {
		d.blocks = append(d.blocks, block{kind: drawn, picture: p, text: p.Words})
	}
}
