package sepa

import (
	"bytes"
	"encoding/xml"
	"strings"

	"github.com/shopspring/decimal"
)

// node is an element to be written. Files are built as a tree in the order of
// the schema, because encoding/xml cannot leave out an empty element that lies
// inside another, and a bank refuses an empty one.
type node struct {
	name     string
	currency string // written as the attribute Ccy
	text     string
	kids     []*node
}

// el is an element with others inside; nil ones are left out.
func el(name string, kids ...*node) *node {
	return &node{name: name, kids: kids}
}

func leaf(name, text string) *node {
	return &node{name: name, text: text}
}

// opt is a leaf, or nothing when there is no text.
func opt(name, text string) *node {
	if text == "" {
		return nil
	}
	return leaf(name, text)
}

// when is n, or nothing.
func when(yes bool, n *node) *node {
	if yes {
		return n
	}
	return nil
}

func euros(name string, cents int64) *node {
	return &node{name: name, currency: "EUR", text: centsText(cents)}
}

// centsText is an amount with a point and two decimals.
func centsText(cents int64) string {
	return decimal.New(cents, -2).StringFixed(2)
}

// document is the whole file, indented, in UTF-8: the same bytes for the same
// tree.
func document(namespace string, root *node) []byte {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	b.WriteString(`<Document xmlns="` + namespace + `">` + "\n")
	root.write(&b, 1)
	b.WriteString("</Document>\n")
	return b.Bytes()
}

func (n *node) write(b *bytes.Buffer, depth int) {
	indent := strings.Repeat("  ", depth)
	b.WriteString(indent + "<" + n.name)
	if n.currency != "" {
		b.WriteString(` Ccy="` + n.currency + `"`)
	}
	b.WriteString(">")
	if n.kids == nil {
		_ = xml.EscapeText(b, []byte(n.text)) // a bytes.Buffer takes everything
	} else {
		b.WriteString("\n")
		for _, kid := range n.kids {
			if kid != nil {
				kid.write(b, depth+1)
			}
		}
		b.WriteString(indent)
	}
	b.WriteString("</" + n.name + ">\n")
}
