package whatif

import (
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestEveryNumberOfAModelIsExplained: each field of a file is in the list that the
// page shows and in the manual, and nothing else is.
func TestEveryNumberOfAModelIsExplained(t *testing.T) {
	manual, err := os.ReadFile("../../docs/whatif.md")
	if err != nil {
		t.Fatal(err)
	}
	_, about, _ := strings.Cut(string(manual), "## The made-up wijk")
	var names []string
	var walk func(reflect.Type)
	walk = func(of reflect.Type) {
		for i := range of.NumField() {
			f := of.Field(i)
			if name := f.Tag.Get("json"); !slices.Contains(names, name) {
				names = append(names, name)
			}
			switch inner := f.Type; {
			case inner.Kind() == reflect.Slice:
				walk(inner.Elem())
			case inner.Kind() == reflect.Struct:
				walk(inner)
			}
		}
	}
	walk(reflect.TypeFor[Model]())
	var said []string
	for _, f := range Fields() {
		said = append(said, f.Name)
		if f.Is.NL == f.Is.EN || !strings.HasSuffix(f.Is.NL, ".") || !strings.HasSuffix(f.Is.EN, ".") {
			t.Errorf("%s: %+v", f.Name, f.Is)
		}
		if !strings.Contains(about, "`"+f.Name+"`") {
			t.Errorf("the manual does not have %s", f.Name)
		}
	}
	slices.Sort(names)
	slices.Sort(said)
	if !slices.Equal(names, said) {
		t.Errorf("the fields are %v, and explained are %v", names, said)
	}
}
