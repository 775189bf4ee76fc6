package evaluation

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"

	"grulden/demurrage"
	"grulden/internal/report"
	"grulden/internal/tagged"
	"grulden/internal/worth"
	"grulden/ledger"
)

// format is the version of Inputs. A report of another one cannot be checked.
const format = 1

// Inputs are what a report follows from, and what it says: they are in the file.
type Inputs struct {
	Format  int    `json:"format"`
	Program string `json:"program"` // its version
	Lang    string `json:"lang"`
	Wijk    string `json:"wijk"`
	Coin    string `json:"coin"`
	From    string `json:"from"` // the days as they are in the report
	To      string `json:"to"`
	Public  bool   `json:"public"`

	Entries uint64 `json:"entries,omitempty"` // of the journal at the end of the period; not said in public
	Root    string `json:"root"`              // of the tree over them, in hexadecimal

	Release     int    `json:"release,omitempty"` // of a public report: the number of what was published
	ReleaseHash string `json:"release_hash,omitempty"`

	// Sectors is what kind of business each shop said it is, by its owner. It is not
	// in the journal.
	Sectors map[ledger.OwnerID]string `json:"sectors,omitempty"`

	// Worth is the sheet of what the coin cost and brought, nil when nobody filled
	// one in. It is not in the journal either.
	Worth *worth.Sheet `json:"worth,omitempty"`

	Figures map[string]string `json:"figures"` // as shown, by key, key/before, and table/row/column
}

// Period is the days of the report.
func (in *Inputs) Period() (p report.Period, err error) {
	if p.From, err = demurrage.ParseDay(in.From); err != nil {
		return p, fmt.Errorf("first day: %w", err)
	}
	if p.To, err = demurrage.ParseDay(in.To); err != nil {
		return p, fmt.Errorf("last day: %w", err)
	}
	return p, nil
}

// Of says what the report is of: a public one does not tell how long the journal is.
func (in *Inputs) Of() string {
	if in.Public {
		return fmt.Sprintf("publication %d", in.Release)
	}
	return fmt.Sprintf("%d entries", in.Entries)
}

// Program is the version of the running program, of its source control if it was
// built there.
func Program() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "grulden (unknown)"
	}
	return "grulden " + info.Main.Version
}

// The marks around the inputs in a page. The JSON between them has no <.
const (
	inputsBegin = `<script type="application/json" id="inputs">`
	inputsEnd   = `</script>`
)

// ErrNoReport says that a file is no report that this program can check.
var ErrNoReport = errors.New("this file is no evaluation report of this program")

// Read finds the inputs in a report, and tells whether it is a PDF.
func Read(file []byte) (in *Inputs, pdf bool, err error) {
	pdf = bytes.HasPrefix(file, []byte("%PDF-"))
	var text []byte
	if pdf {
		text, _ = tagged.Attached(file)
	} else {
		_, rest, _ := bytes.Cut(file, []byte(inputsBegin))
		text, _, _ = bytes.Cut(rest, []byte(inputsEnd))
	}
	in = new(Inputs)
	if err := json.Unmarshal(text, in); err != nil || in.Format != format {
		return nil, pdf, ErrNoReport
	}
	return in, pdf, nil
}

// json is the inputs as they are put into a file: the same each time, since maps
// are written in the order of their keys.
func (in *Inputs) json() ([]byte, error) {
	text, err := json.Marshal(in)
	if err != nil {
		return nil, fmt.Errorf("inputs: %w", err)
	}
	return text, nil
}

// shown are the figures of a report by their names.
func shown(lines []report.Line, tables []report.Table) map[string]string {
	all := make(map[string]string)
	for _, l := range lines {
		all[l.Key] = l.Value
		if l.Before != nil {
			all[l.Key+"/before"] = l.Before.Before
		}
	}
	for _, t := range tables {
		for _, row := range t.Rows {
			for i, cell := range row.Cells {
				all[t.Key+"/"+row.Key+"/"+t.Columns[i].Key] = t.Columns[i].Decimal(cell)
			}
		}
	}
	return all
}
