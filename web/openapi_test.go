package web

import (
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// openAPI is what the tests read of openapi.yaml: it is written with two
// spaces a level, so that a few lines of code can hold it against the routes.
type openAPIFile struct {
	routes  []string            // as "POST /api/v1/login"
	open    []string            // those that need no token
	schemas map[string][]string // properties by schema
	refs    []string            // schemas that are referred to
}

func readOpenAPI() openAPIFile {
	f := openAPIFile{schemas: make(map[string][]string)}
	var path, operation, schema string
	part := ""
	for line := range strings.Lines(string(openAPIText)) {
		line = strings.TrimRight(line, "\n")
		text := strings.TrimLeft(line, " ")
		depth := (len(line) - len(text)) / 2
		key, _, _ := strings.Cut(text, ":")
		switch {
		case depth == 0:
			part = key
		case part == "components" && depth == 1:
			part = "components/" + key
		case strings.HasPrefix(part, "components/") && depth == 1:
			part = "components/" + key
		case part == "paths" && depth == 1:
			path = key
		case part == "paths" && depth == 2:
			operation = strings.ToUpper(key) + " " + path
			f.routes = append(f.routes, operation)
		case part == "paths" && depth == 3 && text == "security: []":
			f.open = append(f.open, operation)
		case part == "components/schemas" && depth == 2:
			schema = key
			f.schemas[schema] = nil
		case part == "components/schemas" && depth == 4:
			f.schemas[schema] = append(f.schemas[schema], key)
		}
	}
	for _, m := range regexp.MustCompile(`#/components/schemas/(\w+)`).FindAllStringSubmatch(string(openAPIText), -1) {
		f.refs = append(f.refs, m[1])
	}
	return f
}

func TestTheDescriptionOfTheAPIHasExactlyItsRoutes(t *testing.T) {
	f := readOpenAPI()
	var served, open []string
	for _, rt := range routes() {
		if !strings.Contains(rt.pattern, " /api/") {
			continue
		}
		served = append(served, rt.pattern)
		if slices.Contains(rt.roles, anyone) {
			open = append(open, rt.pattern)
		}
	}
	slices.Sort(served)
	slices.Sort(f.routes)
	if !slices.Equal(served, f.routes) {
		t.Errorf("served are\n%s\ndescribed are\n%s", strings.Join(served, "\n"), strings.Join(f.routes, "\n"))
	}
	slices.Sort(open)
	slices.Sort(f.open)
	if !slices.Equal(open, f.open) {
		t.Errorf("open to everybody are %v, described so are %v", open, f.open)
	}
}

// bodies are the bodies of the API by the names of their schemas.
var bodies = map[string]any{
	"Login": loginBody{}, "Token": tokenBody{}, "Balance": balanceBody{}, "Loss": lossBody{}, "Outlook": outlookBody{},
	"Later": laterBody{}, "History": historyBody{}, "Entry": entryBody{}, "Ask": askBody{}, "Request": requestBody{},
	"Pay": payBody{}, "Payment": paymentBody{}, "Redeem": redeemBody{}, "Redemption": redemptionBody{}, "Problem": problemBody{},
}

func TestTheDescriptionOfTheAPIHasExactlyTheFieldsOfItsBodies(t *testing.T) {
	f := readOpenAPI()
	if described, sent := slices.Sorted(maps.Keys(f.schemas)), slices.Sorted(maps.Keys(bodies)); !slices.Equal(described, sent) {
		t.Fatalf("described are %v, sent are %v", described, sent)
	}
	for name, body := range bodies {
		var fields []string
		for field := range reflect.TypeOf(body).Fields() {
			tag, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			fields = append(fields, tag)
		}
		described := slices.Clone(f.schemas[name])
		slices.Sort(fields)
		slices.Sort(described)
		if !slices.Equal(fields, described) {
			t.Errorf("%s has the fields %v, described are %v", name, fields, described)
		}
		if !slices.Contains(f.refs, name) {
			t.Errorf("nothing refers to %s", name)
		}
	}
	for _, ref := range f.refs {
		if _, ok := f.schemas[ref]; !ok {
			t.Errorf("%s is referred to and not described", ref)
		}
	}
}

func TestTheDescriptionOfTheAPIIsServed(t *testing.T) {
	s := newSite(t, nil)
	r := s.browser().page("/api/v1/openapi.yaml")
	if r.text != string(openAPIText) || r.header.Get("Content-Type") != "application/yaml" {
		t.Errorf("%d bytes of %s", len(r.text), r.header.Get("Content-Type"))
	}
}
