package sim

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"testing"
)

func read(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// loose decodes JSON with its numbers as written.
func loose(t *testing.T, data []byte) any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

type rejected struct {
	Error string `json:"error"`
	Line  int    `json:"line"`
}

// replay feeds a file to a new model, with every check after every line.
func replay(t *testing.T, data []byte) (m *Model, applied int, refused []rejected) {
	t.Helper()
	m = New()
	for i, line := range bytes.Split(bytes.TrimSuffix(data, []byte("\n")), []byte("\n")) {
		refusal, blank, err := m.Line(line)
		if err != nil {
			t.Fatalf("line %d: %v", i+1, err)
		}
		if refusal != "" {
			refused = append(refused, rejected{refusal, i + 1})
		} else if !blank {
			applied++
		}
		if err := m.Check(); err != nil {
			t.Fatalf("line %d %s: %v", i+1, line, err)
		}
	}
	return m, applied, refused
}

func TestWorkedExampleMatchesToTheGrain(t *testing.T) {
	m, applied, refused := replay(t, read(t, "worked-example.jsonl"))
	got, err := json.Marshal(map[string]any{"applied": applied, "rejected": refused})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "replay", got, read(t, "worked-example-replay.json"))
	for file, day := range map[string]string{
		"worked-example.json":            "",
		"worked-example-2026-03-20.json": "2026-03-20",
	} {
		balances, err := m.Balances(day)
		if err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(balances)
		if err != nil {
			t.Fatal(err)
		}
		same(t, file, got, read(t, file))
	}
}

func same(t *testing.T, what string, got, want []byte) {
	t.Helper()
	if !reflect.DeepEqual(loose(t, got), loose(t, want)) {
		t.Errorf("%s: got %s, want %s", what, got, want)
	}
}
