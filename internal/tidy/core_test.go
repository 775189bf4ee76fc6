package tidy

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// core are the packages that must give the same state to the last unit on any
// machine, today and in twenty years.
var core = []string{"demurrage", "ledger"}

// impure packages bring in a clock, chance, other goroutines or the machine.
var impure = []string{"crypto/rand", "io/fs", "math/rand", "net", "os", "runtime", "sync", "syscall", "unsafe"}

// clockCalls read a clock or the machine's idea of the time.
var clockCalls = []string{
	"After", "AfterFunc", "LoadLocation", "Local", "NewTicker", "NewTimer", "Now", "Since", "Sleep", "Tick", "Until",
}

// unordered calls of package maps give what they give in any order.
var unordered = []string{"All", "Keys", "Values"}

// orderRemark allows a range over a map; what follows the colon is the reason.
var orderRemark = regexp.MustCompile(`// map order does not matter: \S`)

// coreCheck type-checks the core packages of a tree and finds what is not pure.
type coreCheck struct {
	tr     *tree
	std    types.Importer // reads the standard library from its source
	done   map[string]*types.Package
	faults []string
}

func checkCore(tr *tree) []string {
	c := &coreCheck{tr: tr, std: importer.ForCompiler(tr.fset, "source", nil), done: map[string]*types.Package{}}
	for _, dir := range core {
		if _, err := c.Import(tr.module + "/" + dir); err != nil {
			c.faults = append(c.faults, err.Error())
		}
	}
	return c.faults
}

// Import type-checks a package of the tree, or one of the standard library,
// and examines the first kind on the way.
func (c *coreCheck) Import(name string) (*types.Package, error) {
	dir, own := strings.CutPrefix(name, c.tr.module+"/")
	if !own {
		return c.std.Import(name)
	}
	if pkg := c.done[dir]; pkg != nil {
		return pkg, nil
	}
	var files []*ast.File
	for _, s := range c.tr.goFiles(false) {
		if s.dir() == dir {
			files = append(files, s.syntax)
		}
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s:1: there is no such package", dir)
	}
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}}
	config := types.Config{Importer: c, Error: func(err error) { c.faults = append(c.faults, err.Error()) }}
	pkg, _ := config.Check(name, c.tr.fset, files, info) // errors went to config.Error
	c.done[dir] = pkg
	for _, file := range files {
		c.examine(file, info)
	}
	return pkg, nil
}

// examine finds every impure thing in a file.
func (c *coreCheck) examine(file *ast.File, info *types.Info) {
	c.examineImports(file)
	remarks := remarkLines(c.tr.fset, file)
	sorted := map[ast.Expr]bool{} // arguments of slices.Sorted and its kin
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			c.fault(n, "the core starts no goroutine: do it in internal/node")
		case *ast.SelectStmt:
			c.fault(n, "the core waits for nobody: do it in internal/node")
		case *ast.RangeStmt:
			line := c.tr.fset.Position(n.Pos()).Line
			if isMap(info.TypeOf(n.X)) && !remarks[line] && !remarks[line-1] {
				c.fault(n, "range over a map: sort the keys, or say why on this line: // map order does not matter: reason")
			}
		case *ast.CallExpr:
			if pkg, name := called(n.Fun, info); pkg == "slices" && strings.HasPrefix(name, "Sorted") && len(n.Args) > 0 {
				sorted[n.Args[0]] = true
			} else if pkg == "maps" && slices.Contains(unordered, name) && !sorted[n] {
				c.fault(n, "maps.%s has no order: wrap it in slices.Sorted", name)
			}
		case *ast.SelectorExpr:
			if pkg, name := called(n, info); pkg == "time" && slices.Contains(clockCalls, name) {
				c.fault(n, "time.%s: time comes in with the command", name)
			}
		}
		if e, ok := n.(ast.Expr); ok && isFloat(info.Types[e]) {
			c.fault(n, "floating point: count in whole units, products in demurrage.Wide")
			return false
		}
		return true
	})
}

func (c *coreCheck) examineImports(file *ast.File) {
	for _, imp := range file.Imports {
		name, _ := strconv.Unquote(imp.Path.Value)
		for _, bad := range impure {
			if name == bad || strings.HasPrefix(name, bad+"/") {
				c.fault(imp, "the core may not import %s: its inputs come in with the command", name)
			}
		}
	}
}

func (c *coreCheck) fault(n ast.Node, format string, args ...any) {
	c.faults = append(c.faults, c.tr.at(n.Pos(), format, args...))
}

// remarkLines are the lines with a reason why the order of a map does not matter.
func remarkLines(fset *token.FileSet, file *ast.File) map[int]bool {
	lines := map[int]bool{}
	for _, group := range file.Comments {
		for _, comment := range group.List {
			if orderRemark.MatchString(comment.Text) {
				lines[fset.Position(comment.Pos()).Line] = true
			}
		}
	}
	return lines
}

// called gives package and name of what an expression like time.Now names,
// empty for methods and for what is declared here.
func called(e ast.Expr, info *types.Info) (pkg, name string) {
	switch indexed := e.(type) {
	case *ast.IndexExpr:
		e = indexed.X
	case *ast.IndexListExpr:
		e = indexed.X
	}
	sel, ok := e.(*ast.SelectorExpr)
	if !ok {
		return "", ""
	}
	object := info.Uses[sel.Sel]
	if object == nil || object.Pkg() == nil || object.Parent() != object.Pkg().Scope() {
		return "", ""
	}
	return object.Pkg().Path(), object.Name()
}

func isMap(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Map)
	return ok
}

// isFloat tells whether an expression is a floating-point or complex value or
// type. A constant without a type, such as 1e9, is exact and no float yet.
func isFloat(tv types.TypeAndValue) bool {
	if tv.Type == nil {
		return false
	}
	basic, ok := tv.Type.Underlying().(*types.Basic)
	return ok && basic.Info()&(types.IsFloat|types.IsComplex) != 0 && basic.Info()&types.IsUntyped == 0
}

func TestTheCoreIsPure(t *testing.T) {
	mustHold(t, checkCore)
	mustFind(t, checkCore, map[string]string{
		"demurrage/d.go": `package demurrage

import "time"

const big = 1e9

type Rate float64

func Now() int64 { return time.Now().Unix()/big + time.Unix(0, 0).Unix() }
`,
		"ledger/l.go": `package ledger

import (
	"m/demurrage"
	"maps"
	"math/rand/v2"
	"slices"
)

func sum(m map[string]int) (n int) {
	for _, v := range m {
		n += v
	}
	for _, v := range m { // map order does not matter: a sum
		n += v
	}
	for range maps.Keys(m) {
		n++
	}
	for i, k := range slices.Sorted(maps.Keys(m)) {
		n += i + m[k]
	}
	go sum(nil)
	select {}
}

var _ = rand.Int() + int(demurrage.Rate(2))
`,
		"ledger/l_test.go": "package ledger\n\nimport _ \"time\"\n\nvar f float64\n",
	},
		"demurrage/d.go:7: floating point",
		"demurrage/d.go:9: time.Now: time comes in",
		"ledger/l.go:11: range over a map",
		"ledger/l.go:17: maps.Keys has no order",
		"ledger/l.go:23: the core starts no goroutine",
		"ledger/l.go:24: the core waits for nobody",
		"ledger/l.go:27: floating point",
		"ledger/l.go:6: the core may not import math/rand/v2",
	)
}

func TestTheCoreMustTypeCheck(t *testing.T) {
	mustFind(t, checkCore, map[string]string{
		"ledger/l.go": "package ledger\n\nvar n int = \"one\"\n",
	},
		"demurrage:1: there is no such package",
		"ledger/l.go:3:13: cannot use",
	)
}
