package bench

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime/pprof"
	"testing"
)

func TestZZFull(t *testing.T) {
	if os.Getenv("FULL") == "" {
		return
	}
	if p := os.Getenv("PROF"); p != "" {
		f, _ := os.Create(p)
		pprof.StartCPUProfile(f)
		defer pprof.StopCPUProfile()
	}
	r, err := Run(t.Context(), Options{Dir: "/var/tmp/gb", HTTP: direct, Sizes: Full})
	if err != nil {
		t.Fatal(err)
	}
	out, _ := json.Marshal(r.Machine)
	fmt.Println(string(out), r.Seconds)
	for _, m := range r.Measurements {
		fmt.Printf("%s %-20s %10v %-12s %v – %v\n", m.Part, m.Name, m.Value, m.Unit, m.Low, m.High)
	}
	for _, a := range r.Aims {
		fmt.Printf("%-14s %6v  ≥%v ≤%v %v\n", a.Name, a.Value, a.AtLeast, a.AtMost, a.Met)
	}
}
