package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"grulden/internal/replay"
	"grulden/internal/sim"
)

// grulden runs the program in this process and gives what it prints.
func grulden(t *testing.T, args ...string) []byte {
	t.Helper()
	var out, errs bytes.Buffer
	a := &app{ctx: t.Context(), stdin: bytes.NewReader(nil), stdout: &out, stderr: &errs}
	if status := a.run(args); status != 0 {
		t.Fatalf("%v: exit status %d: %s", args, status, errs.String())
	}
	return out.Bytes()
}

// TestRandomHistoriesOnTheCommandLine replays random histories through the whole
// program, down to the disk, and compares with the second telling of the rules:
// what was refused, the state on days past, present and future, and the proof.
func TestRandomHistoriesOnTheCommandLine(t *testing.T) {
	for seed := range uint64(15) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			compareHistory(t, 7000+seed)
		})
	}
}

func compareHistory(t *testing.T, seed uint64) {
	dir := t.TempDir()
	data, file := filepath.Join(dir, "wijk"), filepath.Join(dir, "history.jsonl")
	lines := sim.HistoryWithBlocks(seed, 250)
	if err := os.WriteFile(file, sim.Format(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	model, want := sim.New(), replay.Outcome{}
	for i, line := range lines {
		refusal, blank, err := model.Line(line)
		switch {
		case err != nil:
			t.Fatal(err)
		case refusal != "":
			want.Rejected = append(want.Rejected, replay.Rejected{Line: i + 1, Error: refusal})
		case !blank:
			want.Applied++
		}
	}
	grulden(t, "init", "--data", data)
	sameJSON(t, "replay", grulden(t, "replay", "--data", data, file), want)
	now, err := model.Balances("")
	if err != nil {
		t.Fatal(err)
	}
	sameJSON(t, "balances", grulden(t, "balances", "--data", data, "--json"), now)
	for _, day := range []string{now.Day, "2399-12-31"} {
		then, err := model.Balances(day)
		if err != nil {
			t.Fatal(err)
		}
		sameJSON(t, "balances as of "+day, grulden(t, "balances", "--data", data, "--json", "--as-of", day), then)
	}
	grulden(t, "verify", "--data", data)
}

func sameJSON(t *testing.T, what string, got []byte, want any) {
	t.Helper()
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	if a, b := sortedJSON(t, got), sortedJSON(t, text); !bytes.Equal(a, b) {
		t.Fatalf("%s\ngot  %s\nwant %s", what, a, b)
	}
}

// sortedJSON is JSON with its keys in order and its numbers as they stand.
func sortedJSON(t *testing.T, text []byte) []byte {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	sorted, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return sorted
}
