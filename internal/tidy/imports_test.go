package tidy

import (
	"go/ast"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// maxPackages keeps the map of the project small enough to learn in an hour.
const maxPackages = 48

// Modules from outside, by the short names that the table below uses.
const (
	compress  = "github.com/klauspost/compress"
	parquet   = "github.com/parquet-go/parquet-go"
	gomail    = "github.com/wneessen/go-mail"
	webpush   = "github.com/SherClockHolmes/webpush-go"
	fpdf      = "codeberg.org/go-pdf/fpdf"
	decimal   = "github.com/shopspring/decimal"
	excelize  = "github.com/xuri/excelize/v2"
	kong      = "github.com/alecthomas/kong"
	pebble    = "github.com/cockroachdb/pebble/v2"
	progress  = "github.com/schollz/progressbar/v3"
	qrcode    = "github.com/skip2/go-qrcode"
	otp       = "github.com/pquerna/otp"
	prom      = "github.com/prometheus/client_golang"
	scs       = "github.com/alexedwards/scs/v2"
	webauthn  = "github.com/go-webauthn/webauthn"
	websocket = "github.com/gorilla/websocket"
	xcrypto   = "golang.org/x/crypto"
	ximage    = "golang.org/x/image"
	xmod      = "golang.org/x/mod"
	xterm     = "golang.org/x/term"
	xtime     = "golang.org/x/time"
	xxhash    = "github.com/cespare/xxhash/v2"
)

// mayImport is the map of the project: what each package may import besides
// the standard library. A package that is not here is refused, and so is a
// line here without a package. An arrow that is missing is missing on purpose:
// wallet and merchant never meet, web never touches the store, the ledger
// knows nobody.
var mayImport = map[string][]string{
	"demurrage": {},
	"ledger":    {"demurrage"},

	"internal/civil":       {"ledger", "demurrage"},                                      // the one time zone
	"internal/record":      {"ledger", "demurrage"},                                      // an entry as bytes
	"internal/replay":      {"internal/civil", "internal/record", "ledger", "demurrage"}, // commands as lines of JSON
	"internal/export":      {"internal/record", "ledger", "demurrage"},                   // and back
	"internal/journal":     {xmod},                                                       // bytes, not money
	"internal/store":       {pebble},                                                     // keys, not their meaning
	"internal/vault":       {"internal/store", xcrypto},                                  // personal data
	"internal/network":     {},                                                           // how payments hang together
	"internal/sepa":        {decimal},                                                    // formats of banks
	"internal/payreq":      {"internal/store", "ledger"},                                 // pay codes
	"internal/wijkmap":     {"internal/store"},                                           // the map of the wijk
	"internal/auth":        {"internal/store", scs, xcrypto, xtime, otp, webauthn},       // PINs, sessions, limits
	"internal/node":        {"internal/store", "internal/journal", "internal/record", "internal/civil", "ledger", "demurrage", xxhash},
	"internal/people":      {"internal/vault", "internal/payreq", "internal/sepa", "ledger"},
	"internal/report":      {"internal/network", "internal/node", "internal/store", "internal/journal", "internal/record", "internal/civil", "ledger", "demurrage"},
	"internal/dataset":     {"internal/report", excelize, parquet},                                                                                                   // figures as files for programs
	"internal/tagged":      {fpdf, ximage},                                                                                                                           // PDF that says what each thing is
	"internal/fund":        {"internal/node", "internal/record", "internal/store", "ledger"},                                                                         // purposes and grants of the wijkfonds
	"internal/winddown":    {"internal/coupon", "internal/node", "internal/people", "internal/record", "ledger", "demurrage"},                                        // how a coin ends
	"internal/policy":      {"internal/fund", "internal/record", "ledger", "demurrage"},                                                                              // what other rules would do
	"internal/evaluation":  {"internal/dataset", "internal/tagged", "internal/worth", "internal/report", "internal/node", "internal/journal", "ledger", "demurrage"}, // the report that can be checked
	"internal/whatif":      {"internal/export", "internal/policy", "internal/record", "internal/replay", "internal/report", "ledger", "demurrage"},                   // several rules beside each other
	"internal/bank":        {"internal/node", "internal/people", "internal/sepa", "internal/store", "internal/vault", "internal/record", "internal/civil", "ledger", "demurrage", decimal},
	"internal/books":       {"internal/bank", "internal/cash", "internal/fund", "internal/node", "internal/record", "internal/rewards", "ledger", "demurrage"},
	"internal/move":        {"internal/foureyes", "internal/node", "internal/people", "internal/record", "internal/vault", "internal/civil", "ledger"}, // in from another program
	"internal/cash":        {"internal/bank", "internal/logbook", "internal/node", "internal/people", "internal/record", "internal/store", "internal/vault", "internal/civil", "ledger", "demurrage"},
	"internal/coupon":      {"internal/bank", "internal/node", "internal/payreq", "internal/people", "internal/record", "internal/store", "internal/vault", "ledger", "demurrage"},
	"internal/rewards":     {"internal/bank", "internal/node", "internal/record", "internal/store", "internal/vault", "ledger", "demurrage"},
	"internal/notice":      {"internal/node", "internal/people", "internal/record", "internal/store", "internal/vault", "ledger", fpdf, gomail, webpush}, // telling people
	"internal/sample":      {"internal/bank", "internal/cash", "internal/foureyes", "internal/rewards", "internal/wijkmap", "internal/node", "internal/payreq", "internal/people", "internal/record", "internal/sepa", "internal/worth", "internal/civil", "ledger", "demurrage"},
	"internal/bench":       {"internal/node", "internal/report", "internal/journal", "internal/record", "internal/store", "internal/civil", "ledger", "demurrage"},
	"internal/logbook":     {"internal/node", "internal/people", "internal/record", "internal/store", "internal/vault", "ledger"},                     // who did what
	"internal/foureyes":    {"internal/logbook", "internal/node", "internal/people", "internal/record", "internal/store", "internal/vault", "ledger"}, // what needs two people
	"internal/disclosure":  {"internal/logbook", "internal/node", "internal/record", "internal/report", "internal/store", "ledger", "demurrage"},      // what everybody may see
	"internal/worth":       {"internal/record", "internal/report", "internal/store"},                                                                  // what the coin cost and brought
	"internal/vitals":      {"internal/node", prom},                                                                                                   // how machine and program are doing
	"internal/circulation": {"internal/network", "internal/report", "demurrage"},                                                                      // any list of transfers

	"wallet":   {"internal/node", "internal/payreq", "internal/people", "internal/record", "internal/sepa", "internal/vault", "internal/civil", "ledger", "demurrage"},
	"merchant": {"internal/node", "internal/payreq", "internal/people", "internal/record", "internal/civil", "ledger", "demurrage"},

	"web/page":   {},
	"web/static": {},
	"web": {
		"web/page", "web/static", "wallet", "merchant", "ledger", "demurrage", compress, fpdf, websocket, qrcode, scs, xtime, excelize,
		"internal/auth",
		"internal/bank",
		"internal/books",
		"internal/cash", "internal/rewards",
		"internal/cash", "internal/rewards", "internal/coupon",
		"internal/bank", "internal/move",
		"internal/cash",
		"internal/dataset", "internal/evaluation",
		"internal/civil",
		"internal/disclosure",
		"internal/foureyes", "internal/fund", "internal/winddown", "internal/policy", "internal/replay", "internal/export",
		"internal/logbook",
		"internal/node",
		"internal/notice",
		"internal/payreq",
		"internal/people",
		"internal/record",
		"internal/report",
		"internal/sepa",
		"internal/vault",
		"internal/vitals",
		"internal/whatif",
		"internal/wijkmap",
		"internal/worth",
	},

	"internal/sim":      {}, // the second telling of the rules shares no code with the first
	"internal/tidy":     {},
	"internal/testwijk": {pebble}, // its disks, for tests alone
	"cmd/grulden": {
		"web", "wallet", "merchant", "ledger", "demurrage", kong, progress, websocket, xterm,
		"internal/auth",
		"internal/bank",
		"internal/bench",
		"internal/books",
		"internal/cash", "internal/rewards",
		"internal/cash", "internal/rewards", "internal/coupon",
		"internal/circulation",
		"internal/civil",
		"internal/dataset", "internal/disclosure", "internal/evaluation",
		"internal/export",
		"internal/foureyes",
		"internal/logbook",
		"internal/move",
		"internal/node",
		"internal/notice",
		"internal/payreq",
		"internal/people",
		"internal/policy",
		"internal/record",
		"internal/replay",
		"internal/report",
		"internal/sample",
		"internal/sepa",
		"internal/store",
		"internal/vault",
		"internal/whatif",
		"internal/wijkmap",
		"internal/worth",
	},
}

// testsMayImport is what the tests of a package may import beyond what lies
// below it: what they are compared with.
var testsMayImport = map[string][]string{
	"internal/books":       {"internal/civil", "internal/replay"},
	"internal/sim":         {"ledger", "demurrage"},
	"internal/report":      {"internal/replay"}, // histories in the replay format
	"internal/export":      {"internal/replay"},
	"internal/circulation": {"internal/export", "internal/replay"},
	"internal/policy":      {"internal/replay", "internal/report"},                                                  // the same sums, counted elsewhere
	"internal/winddown":    {"internal/bank", "internal/fund", "internal/sepa", "internal/vault", "internal/store"}, // the rehearsal
	"wallet":               {"internal/replay"},                                                                     // the past, decided again

	// What can be proposed, and what an audit says of a history.
	"internal/sample": {"web", "internal/books", "internal/coupon", "internal/fund", "internal/notice"},
}

// testOnly packages may be imported by any test and by nothing else.
var testOnly = []string{"internal/sim", "internal/testwijk"}

// testModules may be imported by any test: property tests, scripts of
// commands, and Pebble's file systems that crash or fail on purpose.
var testModules = []string{
	"github.com/fxamacker/cbor/v2",
	"pgregory.net/rapid",
	"github.com/rogpeppe/go-internal",
	"github.com/emersion/go-smtp",
	"github.com/emersion/go-sasl",
	"golang.org/x/net/html",
	pebble + "/vfs",
}

// badNames say nothing about what is inside.
var badNames = []string{"base", "common", "helper", "helpers", "misc", "model", "models", "types", "util", "utils"}

// checkImports holds every import of the tree against the map.
func checkImports(tr *tree, table map[string][]string) (faults []string) {
	for _, s := range tr.files {
		if s.syntax == nil {
			continue
		}
		allowed, known := table[s.dir()]
		if !known {
			continue // checkPackages says so once
		}
		if s.test() {
			allowed = reach(table, s.dir())
		}
		for _, imp := range s.syntax.Imports {
			name, _ := strconv.Unquote(imp.Path.Value)
			local, own := strings.CutPrefix(name, tr.module+"/")
			if !own && standard(name) || slices.ContainsFunc(allowed, func(a string) bool { return within(local, a, own) }) {
				continue
			}
			faults = append(faults, tr.at(imp.Pos(), "%s may not import %s: see mayImport in internal/tidy/imports_test.go", s.dir(), name))
		}
	}
	return faults
}

// within tells whether an import is what an entry of the table allows: that
// very package of our own, or any package of a module from outside.
func within(name, allowed string, own bool) bool {
	if name == allowed {
		return true
	}
	return !own && strings.HasPrefix(name, allowed+"/")
}

// standard tells whether an import is of the standard library: no dot in its
// first element. Ours are cut off before.
func standard(name string) bool {
	first, _, _ := strings.Cut(name, "/")
	return !strings.Contains(first, ".")
}

// reach is what the tests of a package may import: itself, all that lies below
// it, and what is made for tests. Never what lies above or beside it. Pebble
// itself stays with the package that may import it.
func reach(table map[string][]string, dir string) []string {
	all := map[string]bool{dir: true}
	for queue := []string{dir}; len(queue) > 0; queue = queue[1:] {
		for _, next := range table[queue[0]] {
			if !all[next] {
				all[next] = true
				queue = append(queue, next)
			}
		}
	}
	if !slices.Contains(table[dir], pebble) {
		delete(all, pebble)
	}
	return slices.Concat(slices.Sorted(maps.Keys(all)), testsMayImport[dir], testOnly, testModules)
}

// checkPackages wants each package in the map, with a name that says something,
// and each line of the map alive.
func checkPackages(tr *tree, table map[string][]string) (faults []string) {
	dirs := tr.packages()
	if len(dirs) > maxPackages {
		faults = append(faults, "go.mod:1: "+strconv.Itoa(len(dirs))+" packages; "+strconv.Itoa(maxPackages)+" at most, merge two that change together")
	}
	for _, dir := range dirs {
		if _, known := table[dir]; !known {
			faults = append(faults, dir+":1: add the package to mayImport in internal/tidy/imports_test.go, with the fewest imports")
		}
		name := dir[strings.LastIndex(dir, "/")+1:]
		if slices.Contains(badNames, name) {
			faults = append(faults, dir+":1: name the package by what it does")
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(table)) {
		if !slices.Contains(dirs, dir) {
			faults = append(faults, "internal/tidy/imports_test.go:1: there is no package "+dir+": take it out of mayImport")
		}
	}
	return faults
}

// Interfaces: each is one more thing to look up, so few and narrow, each with
// two real implementations. Constraints of type parameters do not count, nor do
// closed lists of types: interfaces whose methods are all unexported.
const (
	maxInterfaces = 6
	maxMethods    = 5
)

func checkInterfaces(tr *tree) (faults []string) {
	var found []string
	for _, s := range tr.goFiles(false) {
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			body, ok := spec.Type.(*ast.InterfaceType)
			if !ok || constraint(body) || closed(body) {
				return true
			}
			found = append(found, tr.at(spec.Pos(), "interface %s", spec.Name.Name))
			if methods := body.Methods.NumFields(); methods > maxMethods {
				faults = append(faults, tr.at(spec.Pos(), "%s has %d methods; %d at most, pass the concrete type or ask for less", spec.Name.Name, methods, maxMethods))
			}
			return true
		})
	}
	if len(found) > maxInterfaces {
		faults = append(faults, "go.mod:1: more than "+strconv.Itoa(maxInterfaces)+" interfaces: use a concrete type for one of\n\t"+strings.Join(found, "\n\t"))
	}
	return faults
}

// constraint tells whether an interface only limits a type parameter.
func constraint(body *ast.InterfaceType) bool {
	return slices.ContainsFunc(body.Methods.List, func(f *ast.Field) bool {
		switch f.Type.(type) {
		case *ast.BinaryExpr, *ast.UnaryExpr:
			return true
		}
		return false
	})
}

// closed tells whether only the package itself can implement an interface, so
// that it is a list of types and no seam.
func closed(body *ast.InterfaceType) bool {
	return len(body.Methods.List) > 0 && !slices.ContainsFunc(body.Methods.List, func(f *ast.Field) bool {
		return len(f.Names) != 1 || f.Names[0].IsExported()
	})
}

func TestImportsFollowTheMap(t *testing.T) {
	mustHold(t, func(tr *tree) []string { return checkImports(tr, mayImport) })
	table := map[string][]string{"a": {}, "b": {"a", pebble}, "c": {"b"}}
	mustFind(t, func(tr *tree) []string { return checkImports(tr, table) }, map[string]string{
		"a/a.go":      "package a\n\nimport _ \"m/b\"\n",
		"a/a_test.go": "package a\n\nimport _ \"m/c\"\nimport _ \"fmt\"\nimport _ \"pgregory.net/rapid\"\nimport _ \"m/internal/sim\"\n",
		"b/b.go":      "package b\n\nimport _ \"m/a\"\nimport _ \"m/a/inner\"\nimport _ \"" + pebble + "/sstable\"\n",
		"c/c.go":      "package c\n\nimport _ \"m/internal/sim\"\nimport _ \"" + pebble + "/vfs\"\n",
		"c/c_test.go": "package c\n\nimport _ \"m/a\"\nimport _ \"" + pebble + "/vfs\"\nimport _ \"" + pebble + "\"\n",
	},
		"a/a.go:3: a may not import m/b",
		"a/a_test.go:3: a may not import m/c",
		"b/b.go:4: b may not import m/a/inner",
		"c/c.go:3: c may not import m/internal/sim",
		"c/c.go:4: c may not import "+pebble+"/vfs",
		"c/c_test.go:5: c may not import "+pebble+":",
	)
}

func TestPackagesAreFewAndKnown(t *testing.T) {
	mustHold(t, func(tr *tree) []string { return checkPackages(tr, mayImport) })
	table := map[string][]string{"a": {}, "gone": {}, "internal/util": {}}
	mustFind(t, func(tr *tree) []string { return checkPackages(tr, table) }, map[string]string{
		"a/a.go":             "package a\n",
		"internal/util/u.go": "package util\n",
		"new/n.go":           "package new\n",
		"new/testdata/t.go":  "package broken(\n",
	},
		"internal/tidy/imports_test.go:1: there is no package gone",
		"internal/util:1: name the package by what it does",
		"new:1: add the package to mayImport",
	)
}

func TestInterfacesAreFewAndNarrow(t *testing.T) {
	mustHold(t, checkInterfaces)
	mustFind(t, checkInterfaces, map[string]string{
		"a/a.go": "package a\n\ntype wide interface{ A(); B(); C(); D(); E(); F() }\n\ntype number interface{ ~int | ~uint }\n\ntype sum interface{ a(); b(); c(); d(); e(); f() }\n",
	}, "a/a.go:3: wide has 6 methods")
	many := "package a\n"
	for _, name := range []string{"A", "B", "C", "D", "E", "F", "G"} {
		many += "\ntype " + name + " interface{ Do() }\n"
	}
	mustFind(t, checkInterfaces, map[string]string{"a/a.go": many}, "go.mod:1: more than 6 interfaces")
}
