package tidy

import (
	"fmt"
	"go/ast"
	"strings"
	"testing"
)

// checkComments wants a comment on every package and every export. A program
// exports nothing, but its package comment is its purpose.
func checkComments(tr *tree) (faults []string) {
	described := map[string]int{}
	for _, s := range tr.goFiles(false) {
		if s.syntax.Doc != nil {
			described[s.dir()]++
		}
		if s.syntax.Name.Name == "main" {
			continue
		}
		for _, decl := range s.syntax.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				if decl.Doc == nil && exported(decl) {
					faults = append(faults, tr.at(decl.Pos(), "say what %s does", nameOf(decl)))
				}
			case *ast.GenDecl:
				faults = append(faults, undescribed(tr, decl)...)
			}
		}
	}
	for _, s := range tr.goFiles(false) {
		if n := described[s.dir()]; n != 1 {
			faults = append(faults, fmt.Sprintf("%s:1: the package has %d package comments, want one: purpose, theory, what it refuses to do", s.path, n))
			described[s.dir()] = 1 // said once
		}
	}
	return faults
}

// exported tells whether a function can be named from outside.
func exported(fn *ast.FuncDecl) bool {
	receiver, _, _ := strings.Cut(nameOf(fn), ".")
	return fn.Name.IsExported() && ast.IsExported(receiver)
}

// undescribed finds exported types, constants and variables without a comment
// on the group, above, or behind on the line.
func undescribed(tr *tree, decl *ast.GenDecl) (faults []string) {
	for _, spec := range decl.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			if spec.Name.IsExported() && spec.Doc == nil && spec.Comment == nil && (decl.Doc == nil || decl.Lparen.IsValid()) {
				faults = append(faults, tr.at(spec.Pos(), "say what %s is", spec.Name.Name))
			}
		case *ast.ValueSpec:
			for _, name := range spec.Names {
				if name.IsExported() && decl.Doc == nil && spec.Doc == nil && spec.Comment == nil {
					faults = append(faults, tr.at(name.Pos(), "say what %s is, with its unit", name.Name))
				}
			}
		}
	}
	return faults
}

func TestEveryExportIsDescribed(t *testing.T) {
	mustHold(t, checkComments)
	mustFind(t, checkComments, map[string]string{
		"a/a.go": "// Package a.\npackage a\n\nfunc Bare() {}\n\ntype T struct{}\n\nfunc (*T) Bare() {}\n\ntype t struct{}\n\nfunc (t) Hidden() {}\n\n" +
			"// All of them.\nconst (\n\tA = 1\n\tB = 2\n)\n\nvar C = 1\n\nvar D = 1 // in cents\n",
		"c/main.go":   "package main\n\nfunc Run() {}\n",
		"a/b_test.go": "package a\n\nfunc TestX() {}\n",
	},
		"a/a.go:20: say what C is",
		"a/a.go:4: say what Bare does",
		"a/a.go:6: say what T is",
		"a/a.go:8: say what T.Bare does",
		"c/main.go:1: the package has 0 package comments",
	)
}
