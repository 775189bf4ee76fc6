package web

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"grulden/internal/people"
)

// placeOf is a place of the office: the first two parts of an address, the first
// one where there is no more.
func placeOf(pattern string) (place string, acts bool) {
	method, path, _ := strings.Cut(pattern, " ")
	parts := strings.SplitN(strings.Trim(path, "/"), "/", 3)
	if len(parts) > 1 && parts[0] == "desk" {
		parts = parts[:2]
	} else {
		parts = parts[:1]
	}
	return "/" + strings.Join(parts, "/"), method == "POST"
}

// rightsTable is who may see and do what, as docs/rights.md has it.
func rightsTable() string {
	rights := map[string]map[people.Role]string{}
	for _, rt := range routes() {
		place, acts := placeOf(rt.pattern)
		for _, role := range officeRoles {
			if !slices.Contains(rt.roles, role) || len(rt.roles) == len(members) {
				continue
			}
			if rights[place] == nil {
				rights[place] = map[people.Role]string{}
			}
			if acts {
				rights[place][role] = "acts"
			} else if rights[place][role] == "" {
				rights[place][role] = "sees"
			}
		}
	}
	var b strings.Builder
	b.WriteString("| place | desk | treasurer | board | administrator | evaluator |\n| --- | --- | --- | --- | --- | --- |\n")
	for _, place := range slices.Sorted(maps.Keys(rights)) {
		fmt.Fprintf(&b, "| `%s` |", place)
		for _, role := range officeRoles {
			fmt.Fprintf(&b, " %s |", rights[place][role])
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestTheRightsOfTheOfficeAreThoseThatAreWrittenDown(t *testing.T) {
	doc, err := os.ReadFile("../docs/rights.md")
	if err != nil {
		t.Fatal(err)
	}
	if want := rightsTable(); !strings.Contains(string(doc), want) {
		t.Errorf("docs/rights.md does not have this table; think about each line that differs, and then put it there:\n\n%s", want)
	}
}

func TestNoRoleOfTheOfficeHasBothHalvesOfWhatTwoPeopleDo(t *testing.T) {
	for _, rt := range routes() {
		place, acts := placeOf(rt.pattern)
		if !acts {
			continue
		}
		for role, never := range map[people.Role][]string{
			people.Desk:          {"/desk/team"},
			people.Treasurer:     {"/desk/team"},
			people.Board:         {"/desk/people", "/desk/bank"},
			people.Administrator: {"/desk/people", "/desk/bank", "/desk/redemptions", "/desk/cash", "/desk/fund"},
			people.Evaluator:     {"/desk/people", "/desk/bank", "/desk/redemptions", "/desk/cash", "/desk/fund", "/desk/team", "/desk/proposals"},
		} {
			if slices.Contains(rt.roles, role) && slices.Contains(never, place) {
				t.Errorf("%s may %s", role, rt.pattern)
			}
		}
	}
}
