package replay

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"testing"

	"grulden/demurrage"
)

// TestWorkedExample is the hand-checkable case of SPEC.md, line by line.
func TestWorkedExample(t *testing.T) {
	m := playFile(t, NewMemory(), "testdata/worked-example.jsonl", demurrage.MaxDay)
	sameJSON(t, m.Outcome, "testdata/worked-example-replay.json")
	b, err := m.Balances(m.State.Head().Moment.Day)
	if err != nil {
		t.Fatal(err)
	}
	sameJSON(t, b, "testdata/worked-example.json")
}

func TestWorkedExampleOnAPastDay(t *testing.T) {
	day, _ := demurrage.ParseDay("2026-03-20")
	m := playFile(t, NewMemory(), "testdata/worked-example.jsonl", day)
	b, err := m.Balances(day)
	if err != nil {
		t.Fatal(err)
	}
	sameJSON(t, b, "testdata/worked-example-2026-03-20.json")
}

// playFile replays the lines of a file up to the end of a day.
func playFile(t *testing.T, m *Memory, file string, until demurrage.Day) *Memory {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		now, _, err := Command(lines.Bytes(), m)
		if err != nil {
			t.Fatal(err)
		}
		if now.Day > until {
			break
		}
		if _, err := m.Line(lines.Bytes()); err != nil {
			t.Fatal(err)
		}
		if err := m.State.Check(); err != nil {
			t.Fatalf("after %s: %v", lines.Bytes(), err)
		}
	}
	return m
}

func sameJSON(t *testing.T, got any, file string) {
	t.Helper()
	text, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var a, b any
	if json.Unmarshal(text, &a) != nil || json.Unmarshal(want, &b) != nil {
		t.Fatal("not JSON")
	}
	if !reflect.DeepEqual(a, b) {
		t.Fatalf("%s:\ngot  %s\nwant %s", file, text, want)
	}
}
