package tidy

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
)

// tree is every text file of the project, the Go files parsed.
type tree struct {
	module   string // from go.mod
	fset     *token.FileSet
	files    []*source
	binaries []string // names of files that are not text
	faults   []string // files that do not parse
}

// source is one file; syntax is nil when it is not Go.
type source struct {
	path   string // from the root, with slashes
	text   string
	syntax *ast.File
}

// skipped folders hold what others wrote or what a build left behind.
var skipped = []string{".git", ".cache", "node_modules", "bin", "bundled"}

// dir is the folder of a file, which for Go is its package.
func (s *source) dir() string { return path.Dir(s.path) }

func (s *source) test() bool { return strings.HasSuffix(s.path, "_test.go") }

// testdata tells whether a file is an example for a test: it may be wrong on purpose.
func (s *source) testdata() bool { return strings.Contains("/"+s.path, "/testdata/") }

// goFiles are the parsed files; tests chooses test files or the others.
func (tr *tree) goFiles(tests bool) []*source {
	return slices.DeleteFunc(slices.Clone(tr.files), func(s *source) bool {
		return s.syntax == nil || s.test() != tests
	})
}

// packages are the folders that hold Go files, in order.
func (tr *tree) packages() []string {
	var dirs []string
	for _, s := range tr.files {
		if s.syntax != nil && !slices.Contains(dirs, s.dir()) {
			dirs = append(dirs, s.dir())
		}
	}
	return dirs
}

// file gives the file at a path, or nil.
func (tr *tree) file(path string) *source {
	for _, s := range tr.files {
		if s.path == path {
			return s
		}
	}
	return nil
}

// at writes a fault with the place of a node.
func (tr *tree) at(pos token.Pos, format string, args ...any) string {
	p := tr.fset.Position(pos)
	return fmt.Sprintf("%s:%d: %s", p.Filename, p.Line, fmt.Sprintf(format, args...))
}

// lines is how many lines a node covers, its first and last included.
func (tr *tree) lines(n ast.Node) int {
	return tr.fset.Position(n.End()).Line - tr.fset.Position(n.Pos()).Line + 1
}

var moduleLine = regexp.MustCompile(`(?m)^module (\S+)$`)

// readTree reads and parses a tree; of what is binary it keeps the names.
func readTree(fsys fs.FS) (*tree, error) {
	tr := &tree{fset: token.NewFileSet()}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if slices.Contains(skipped, d.Name()) {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil // .git is a file in a second work tree
		}
		if d.IsDir() {
			return nil
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		if strings.Contains(string(text[:min(len(text), 8000)]), "\x00") {
			tr.binaries = append(tr.binaries, name)
			return nil
		}
		tr.add(&source{path: name, text: string(text)})
		return nil
	})
	if gomod := tr.file("go.mod"); gomod != nil {
		if m := moduleLine.FindStringSubmatch(gomod.text); m != nil {
			tr.module = m[1]
		}
	}
	return tr, err
}

func (tr *tree) add(s *source) {
	if strings.HasSuffix(s.path, ".go") && !s.testdata() {
		syntax, err := parser.ParseFile(tr.fset, s.path, s.text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			tr.faults = append(tr.faults, err.Error())
			return
		}
		s.syntax = syntax
	}
	tr.files = append(tr.files, s)
}

// projectTree reads the project once for all tests.
var projectTree = sync.OnceValues(func() (*tree, error) { return readTree(os.DirFS("../..")) })

// mustHold runs a check on the project and prints each fault on its own line.
func mustHold(t *testing.T, check func(*tree) []string) {
	t.Helper()
	tr, err := projectTree()
	if err != nil {
		t.Fatal(err)
	}
	if faults := check(tr); len(faults) > 0 {
		t.Errorf("%d to mend:\n%s", len(faults), strings.Join(faults, "\n"))
	}
}

// mustFind runs a check on a small wrong tree and wants exactly these faults,
// each given by its beginning.
func mustFind(t *testing.T, check func(*tree) []string, files map[string]string, want ...string) {
	t.Helper()
	fsys := fstest.MapFS{"go.mod": {Data: []byte("module m\n")}}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	tr, err := readTree(fsys)
	if err != nil || len(tr.faults) > 0 {
		t.Fatal(err, tr.faults)
	}
	got := check(tr)
	slices.Sort(got)
	same := slices.EqualFunc(got, want, strings.HasPrefix)
	if !same {
		t.Errorf("found\n\t%s\nwant, each from its beginning,\n\t%s",
			strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

func TestEveryGoFileParses(t *testing.T) {
	mustHold(t, func(tr *tree) []string { return tr.faults })
}

func TestTheProjectIsRead(t *testing.T) {
	tr, err := projectTree()
	if err != nil {
		t.Fatal(err)
	}
	if tr.module != "grulden" || tr.file("LICENSE") == nil || len(tr.packages()) < 5 {
		t.Errorf("read module %q with %d packages: is this the root of the project?", tr.module, len(tr.packages()))
	}
}
