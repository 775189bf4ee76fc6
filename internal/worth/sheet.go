package worth

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Sheet is all that was filled in. The order of its parts is that of the steps.
type Sheet struct {
	Title        string        `json:"title"`
	From         string        `json:"from"` // the first day, 2026-01-31
	To           string        `json:"to"`
	Discount     Range         `json:"discount"`     // per cent a year
	Stakeholders []Stakeholder `json:"stakeholders"` // step 1
	Inputs       []Input       `json:"inputs"`
	Outcomes     []Outcome     `json:"outcomes"` // steps 2, 3 and 4
	Green        []Green       `json:"green"`    // EROI
	Projects     []Project     `json:"projects"` // seen in the wijk, beside the figures and in no sum
}

// Stakeholder is a group for whom something changes, and how they were asked.
type Stakeholder struct {
	Who    string `json:"who"`
	Change string `json:"change"` // what leads to what: the theory of change
	Asked  string `json:"asked"`
}

// Input is what went in: euros, hours or things.
type Input struct {
	What     string `json:"what"`
	Who      string `json:"who"`
	Kind     string `json:"kind"`     // one of InputKinds
	Quantity Range  `json:"quantity"` // how many hours or things; 1 for a sum
	Price    Range  `json:"price"`    // euros for one
	Year     Range  `json:"year"`     // after how many years it is given; 0: at the start
	Source   string `json:"source"`
}

// Outcome is what changed for somebody.
type Outcome struct {
	What         string `json:"what"`
	Who          string `json:"who"`
	Kind         string `json:"kind"`      // one of OutcomeKinds
	Indicator    string `json:"indicator"` // by what it is seen
	Quantity     Range  `json:"quantity"`
	Proxy        Range  `json:"proxy"`        // what one is worth in euros a year; under nought for harm
	Deadweight   Range  `json:"deadweight"`   // per cent that would have happened anyway
	Attribution  Range  `json:"attribution"`  // per cent that others did
	Displacement Range  `json:"displacement"` // per cent that went away somewhere else
	DropOff      Range  `json:"dropoff"`      // per cent that is lost each next year
	Years        Range  `json:"years"`        // how long it lasts
	Source       string `json:"source"`
}

// Green is spending on something that is good for the surroundings.
type Green struct {
	What      string `json:"what"`
	Spent     Range  `json:"spent"`     // euros or coins
	Factor    Range  `json:"factor"`    // what one of them does, in the unit
	Footprint Range  `json:"footprint"` // what running the coin took, in the unit
	Unit      string `json:"unit"`      // such as kg CO2e
	Source    string `json:"source"`
}

// Project is an investment or a project that was seen in the wijk.
type Project struct {
	Day    string `json:"day"`
	What   string `json:"what"`
	Amount Range  `json:"amount"` // euros
	Who    string `json:"who"`    // which organisation says so; never a person
	Source string `json:"source"`
}

// The kinds of inputs and outcomes.
const (
	Euros = "euros"
	Hours = "hours"
	Goods = "goods"

	Turnover   = "turnover"   // what shops sold
	Multiplier = "multiplier" // more turnover because the coin goes round
	Income     = "income"
	Spared     = "saved" // costs of others that were not made
)

// InputKinds and OutcomeKinds are what may be chosen.
var (
	InputKinds   = []string{Euros, Hours, Goods}
	OutcomeKinds = []string{Income, "contacts", "health", "skills", Spared, "surroundings", Turnover, Multiplier, "other"}
)

// Part is a part of a sheet that has lines.
type Part string

// The parts of a sheet. The head is one line.
const (
	Head         Part = "head"
	Stakeholders Part = "stakeholders"
	Inputs       Part = "inputs"
	Outcomes     Part = "outcomes"
	GreenSpent   Part = "green"
	Projects     Part = "projects"
)

// Parts are the parts in the order of the steps.
var Parts = []Part{Head, Stakeholders, Inputs, Outcomes, GreenSpent, Projects}

// Kind is what may be typed into a field.
type Kind string

// The kinds of fields.
const (
	Words   Kind = "words"
	Day     Kind = "day"
	Choice  Kind = "choice"
	Amount  Kind = "amount"  // nought or more
	Signed  Kind = "signed"  // harm is under nought
	Percent Kind = "percent" // 0 to 100
	Years   Kind = "years"   // whole, MaxYears at most
)

// Bounds of a sheet.
const (
	MaxLines = 40   // of a part
	MaxWords = 1000 // characters of a text
	MaxYears = 50
	MaxBytes = 4 << 20 // of a file
)

// Field is one thing to fill in: a text or a range, whichever is set.
type Field struct {
	Name    string
	Kind    Kind
	Text    *string
	Range   *Range
	Choices []string
	Needed  bool
}

// Problem says what of a sheet cannot be reckoned with.
type Problem struct {
	Part  Part
	Line  int // counted from nought
	Field string
	Text  string // of what was typed; empty: it is missing
	Err   error
}

// Errors of a field, within a Problem.
var (
	ErrMissing = errors.New("is missing")
	ErrLong    = errors.New("is too long")
	ErrDay     = errors.New("is not a day such as 2026-01-31")
	ErrChoice  = errors.New("is none of the choices")
	ErrNumber  = errors.New("is not a number such as 12 or 12.5")
	ErrBounds  = errors.New("is outside what is possible")
	ErrOrder   = errors.New("is not in the order least, likely, most")
	ErrLines   = errors.New("has more lines than a sheet may have")
)

// Error names the part, the line and the field.
func (p *Problem) Error() string {
	return fmt.Sprintf("%s, line %d, %s: %q %v", p.Part, p.Line+1, p.Field, p.Text, p.Err)
}

// Unwrap is what is wrong.
func (p *Problem) Unwrap() error { return p.Err }

// Lines is how many lines a part has.
func (s *Sheet) Lines(part Part) int {
	switch part {
	case Head:
		return 1
	case Stakeholders:
		return len(s.Stakeholders)
	case Inputs:
		return len(s.Inputs)
	case Outcomes:
		return len(s.Outcomes)
	case GreenSpent:
		return len(s.Green)
	case Projects:
		return len(s.Projects)
	}
	return 0
}

// Add adds an empty line to a part, and tells which.
func (s *Sheet) Add(part Part) int {
	switch part {
	case Stakeholders:
		s.Stakeholders = append(s.Stakeholders, Stakeholder{})
	case Inputs:
		s.Inputs = append(s.Inputs, Input{})
	case Outcomes:
		s.Outcomes = append(s.Outcomes, Outcome{})
	case GreenSpent:
		s.Green = append(s.Green, Green{})
	case Projects:
		s.Projects = append(s.Projects, Project{})
	}
	return s.Lines(part) - 1
}

// Copy is a sheet that can be changed without this one.
func (s *Sheet) Copy() Sheet {
	c := *s
	c.Stakeholders, c.Inputs, c.Outcomes = slices.Clone(s.Stakeholders), slices.Clone(s.Inputs), slices.Clone(s.Outcomes)
	c.Green, c.Projects = slices.Clone(s.Green), slices.Clone(s.Projects)
	return c
}

// Remove takes a line away.
func (s *Sheet) Remove(part Part, n int) {
	switch part {
	case Stakeholders:
		s.Stakeholders = without(s.Stakeholders, n)
	case Inputs:
		s.Inputs = without(s.Inputs, n)
	case Outcomes:
		s.Outcomes = without(s.Outcomes, n)
	case GreenSpent:
		s.Green = without(s.Green, n)
	case Projects:
		s.Projects = without(s.Projects, n)
	}
}

// without is a copy without one line.
func without[T any](all []T, n int) []T {
	if n < 0 || n >= len(all) {
		return all
	}
	return append(append([]T(nil), all[:n]...), all[n+1:]...)
}

// Fields are the fields of a line, to be read and to be filled in; nil when there
// is no such line.
func (s *Sheet) Fields(part Part, n int) []Field {
	if n < 0 || n >= s.Lines(part) {
		return nil
	}
	words := func(name string, text *string) Field { return Field{Name: name, Kind: Words, Text: text} }
	needed := func(f Field) Field { f.Needed = true; return f }
	choice := func(text *string, of []string) Field {
		return Field{Name: "kind", Kind: Choice, Text: text, Choices: of, Needed: true}
	}
	in := func(name string, kind Kind, r *Range) Field { return Field{Name: name, Kind: kind, Range: r} }
	switch part {
	case Head:
		return []Field{words("title", &s.Title), {Name: "from", Kind: Day, Text: &s.From}, {Name: "to", Kind: Day, Text: &s.To}, in("discount", Percent, &s.Discount)}
	case Stakeholders:
		l := &s.Stakeholders[n]
		return []Field{needed(words("who", &l.Who)), words("change", &l.Change), words("asked", &l.Asked)}
	case Inputs:
		l := &s.Inputs[n]
		return []Field{needed(words("what", &l.What)), words("who", &l.Who), choice(&l.Kind, InputKinds), needed(in("quantity", Amount, &l.Quantity)), needed(in("price", Amount, &l.Price)), in("year", Years, &l.Year), words("source", &l.Source)}
	case Outcomes:
		l := &s.Outcomes[n]
		return []Field{
			needed(words("what", &l.What)), words("who", &l.Who), choice(&l.Kind, OutcomeKinds), words("indicator", &l.Indicator),
			needed(in("quantity", Amount, &l.Quantity)), needed(in("proxy", Signed, &l.Proxy)), in("deadweight", Percent, &l.Deadweight), in("attribution", Percent, &l.Attribution),
			in("displacement", Percent, &l.Displacement), in("dropoff", Percent, &l.DropOff), needed(in("years", Years, &l.Years)), words("source", &l.Source),
		}
	case GreenSpent:
		l := &s.Green[n]
		return []Field{needed(words("what", &l.What)), needed(in("spent", Amount, &l.Spent)), needed(in("factor", Amount, &l.Factor)), needed(words("unit", &l.Unit)), in("footprint", Amount, &l.Footprint), words("source", &l.Source)}
	case Projects:
		l := &s.Projects[n]
		return []Field{needed(Field{Name: "day", Kind: Day, Text: &l.Day}), needed(words("what", &l.What)), in("amount", Amount, &l.Amount), needed(words("who", &l.Who)), words("source", &l.Source)}
	}
	return nil
}

// Check gives what cannot be reckoned with; each error is a *Problem.
func (s *Sheet) Check() error {
	var all []error
	for _, part := range Parts {
		if s.Lines(part) > MaxLines {
			all = append(all, &Problem{Part: part, Line: MaxLines, Err: ErrLines})
			continue
		}
		for n := range s.Lines(part) {
			for _, f := range s.Fields(part, n) {
				if typed, err := f.check(); err != nil {
					all = append(all, &Problem{part, n, f.Name, typed, err})
				}
			}
		}
	}
	return errors.Join(all...)
}

// Problems are the parts of an error of Check or Read, one for each line.
func Problems(err error) []error {
	if all, ok := err.(interface{ Unwrap() []error }); ok {
		return all.Unwrap()
	}
	if err == nil {
		return nil
	}
	return []error{err}
}

// check gives what is wrong with a field, and what was typed there.
func (f Field) check() (typed string, err error) {
	if f.Range != nil {
		return f.checkRange()
	}
	text := strings.TrimSpace(*f.Text)
	switch {
	case text == "" && f.Needed:
		return "", ErrMissing
	case utf8.RuneCountInString(text) > MaxWords:
		return "", ErrLong
	case f.Kind == Day && text != "":
		if _, err := time.Parse(time.DateOnly, text); err != nil {
			return text, ErrDay
		}
	case f.Kind == Choice:
		for _, c := range f.Choices {
			if c == text {
				return text, nil
			}
		}
		return text, ErrChoice
	}
	return text, nil
}

func (f Field) checkRange() (typed string, err error) {
	r := f.Range
	if !r.known() {
		if f.Needed || r.Least != "" || r.Most != "" {
			return "", ErrMissing
		}
		return "", nil
	}
	for _, text := range []string{r.Least, r.Likely, r.Most} {
		n, ok := number(text)
		if !ok {
			return text, ErrNumber
		}
		if text != "" && !f.Kind.may(n) {
			return text, ErrBounds
		}
	}
	shown := r.Least + " – " + r.Likely + " – " + r.Most
	switch low, mid, high := r.at(least), r.at(likely), r.at(most); {
	case low.Cmp(mid) > 0, mid.Cmp(high) > 0:
		return shown, ErrOrder
	case low.Sign() < 0 && high.Sign() > 0: // good and harm are two outcomes
		return shown, ErrBounds
	}
	return shown, nil
}

// may tells whether a field of this kind can be a number.
func (k Kind) may(n *big.Rat) bool {
	switch k {
	case Amount:
		return n.Sign() >= 0
	case Percent:
		return n.Sign() >= 0 && n.Cmp(big.NewRat(100, 1)) <= 0
	case Years:
		return n.Sign() >= 0 && n.IsInt() && n.Cmp(big.NewRat(MaxYears, 1)) <= 0
	}
	return true
}

// Read reads a sheet from JSON and checks it.
func Read(r io.Reader) (*Sheet, error) {
	d := json.NewDecoder(io.LimitReader(r, MaxBytes))
	d.DisallowUnknownFields()
	s := new(Sheet)
	if err := d.Decode(s); err != nil {
		return nil, fmt.Errorf("not a sheet: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("not a sheet: something stands after it")
	}
	return s, s.Check()
}
