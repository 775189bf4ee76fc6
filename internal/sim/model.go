package sim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"unicode/utf8"
)

// ErrNotJSON means that a line is no JSON text at all: a replay stops there.
var ErrNotJSON = errors.New("line is not JSON")

// Model is a ledger in memory, fed with lines of the replay format.
// It is not safe for use by several goroutines.
type Model struct {
	state   *state
	before  *state // the state before the last applied line
	newest  *command
	log     []applied
	reached map[string]int
}

// applied is a line that became an entry.
type applied struct {
	line []byte
	day  day
	cmd  *command
}

// New makes an empty ledger.
func New() *Model {
	return &Model{state: newState(), before: newState(), reached: map[string]int{}}
}

// Line applies one line of the replay format. The refusal is empty when the line
// was applied or blank, and else one of the error codes of the format; a refused
// line changes nothing. It returns ErrNotJSON when the line is not JSON.
func (m *Model) Line(line []byte) (refusal string, blank bool, err error) {
	if len(bytes.Trim(line, " \t\r\n")) == 0 {
		m.reached[Blank]++
		return "", true, nil
	}
	if !utf8.Valid(line) || !json.Valid(line) {
		return "", false, ErrNotJSON
	}
	c, ok := parseCommand(line)
	if !ok {
		m.reached[BadCommand]++
		return BadCommand, false, nil
	}
	next := m.state.copy()
	if refusal := next.apply(c); refusal != "" {
		m.reached[refusal]++
		return refusal, false, nil
	}
	m.before, m.state, m.newest = m.state, next, c
	m.log = append(m.log, applied{line: bytes.Clone(line), day: next.today, cmd: c})
	m.count()
	return "", false, nil
}

// count adds what the newest entry went through to the reach.
func (m *Model) count() {
	m.reached[Applied]++
	for _, branch := range m.state.branches {
		m.reached[branch]++
	}
	if m.state.fund().Sign() < 0 {
		m.reached[FundBelowZero]++
	}
	if m.state.cal.index(m.state.today).Cmp(one) == 0 {
		m.reached[IndexAtOne]++
	}
}

// Reached counts, for this model so far, the refusals by their code and the
// branches of the rules by their name.
func (m *Model) Reached() map[string]int { return maps.Clone(m.reached) }

// upTo folds the applied lines of the days up to d into a fresh state.
func (m *Model) upTo(d day) (*state, error) {
	again := New()
	for _, entry := range m.log {
		if entry.day > d {
			break
		}
		if refusal, _, err := again.Line(entry.line); refusal != "" || err != nil {
			return nil, fmt.Errorf("refold %s: %q %w", entry.line, refusal, err)
		}
	}
	return again.state, nil
}
