package tagged

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
)

// ErrUnread says that a document is not written as a Writer does.
var ErrUnread = errors.New("this PDF is not written as this program does")

// Piece is a line of what stands on a sheet, in the order of reading.
type Piece struct {
	Sheet int    // from one on
	Role  string // what it is: H1, P, TH, TD, Figure; Artifact is not to be read; empty between two
	Text  string // empty where it is no text but draws, or says how to
	Raw   string // as the sheet has it
}

var (
	objectBegin = regexp.MustCompile(`(?m)^(\d+) 0 obj\n`)
	pageKids    = regexp.MustCompile(`(?s)^<</Type /Pages\n/Kids \[(.*?)\]`)
	contents    = regexp.MustCompile(`/Contents (\d+) 0 R`)
	streamBegin = regexp.MustCompile(`^<</Filter /FlateDecode /Length (\d+)>>\nstream\n`)
	markBegin   = regexp.MustCompile(`^/(\w+) (?:<</MCID \d+>> BDC|BMC)$`)
)

// Read gives what stands on the sheets of a document. Of an object that was
// written several times the last counts, as for every reader.
func Read(pdf []byte) (all []Piece, err error) {
	objects := make(map[string][]byte)
	for _, at := range objectBegin.FindAllSubmatchIndex(pdf, -1) {
		objects[string(pdf[at[2]:at[3]])] = pdf[at[1]:]
	}
	kids := pageKids.FindSubmatch(objects["1"])
	if kids == nil {
		return nil, ErrUnread
	}
	for i, page := range pageRef.FindAllSubmatch(kids[1], -1) {
		body, _, _ := bytes.Cut(objects[string(page[1])], []byte("\nendobj"))
		drawn := contents.FindSubmatch(body)
		if drawn == nil {
			return nil, ErrUnread
		}
		sheet, err := inflated(objects[string(drawn[1])])
		if err != nil {
			return nil, fmt.Errorf("%w: sheet %d", ErrUnread, i+1)
		}
		role := ""
		for _, line := range operations(sheet) {
			if begin := markBegin.FindStringSubmatch(line); begin != nil {
				role = begin[1]
			}
			all = append(all, Piece{i + 1, role, shownText(line), line})
			if line == "EMC" {
				role = ""
			}
		}
	}
	return all, nil
}

// largestSheet is how much of a sheet is read; no report has half of it.
const largestSheet = 16 << 20

// inflated is the content of a stream.
func inflated(object []byte) ([]byte, error) {
	head := streamBegin.FindSubmatch(object)
	if head == nil {
		return nil, ErrUnread
	}
	size, err := strconv.Atoi(string(head[1]))
	if err != nil || size > len(object)-len(head[0]) {
		return nil, ErrUnread
	}
	r, err := zlib.NewReader(bytes.NewReader(object[len(head[0]) : len(head[0])+size]))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(r, largestSheet))
}

// operations are the lines of a sheet. Between parentheses a line does not end.
func operations(sheet []byte) (lines []string) {
	begin, inside := 0, false
	for i := 0; i < len(sheet); i++ {
		switch c := sheet[i]; {
		case inside && c == '\\':
			i++
		case c == '(':
			inside = true
		case c == ')':
			inside = false
		case c == '\n' && !inside:
			lines = append(lines, string(sheet[begin:i]))
			begin = i + 1
		}
	}
	return append(lines, string(sheet[begin:]))
}

// shownText is the text that a line shows.
func shownText(line string) string {
	_, rest, begun := strings.Cut(line, " Td (")
	end := strings.LastIndex(rest, ") Tj")
	if !begun || end < 0 {
		return ""
	}
	var plain []byte
	for i := 0; i < end; i++ {
		c := rest[i]
		if c == '\\' && i+1 < end {
			i++
			if c = rest[i]; c == 'r' {
				c = '\r'
			}
		}
		plain = append(plain, c)
	}
	units := make([]uint16, len(plain)/2)
	for i := range units {
		units[i] = binary.BigEndian.Uint16(plain[2*i:])
	}
	return string(utf16.Decode(units))
}
