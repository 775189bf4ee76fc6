package tidy

import (
	"fmt"
	"path"
	"regexp"
	"strings"
	"testing"
)

// checkDeadPages finds templates and icons that nothing shows: a page is named
// by its folder, a shared template and an icon by their own name, each in
// quotes somewhere in web.
func checkDeadPages(tr *tree) (faults []string) {
	var users strings.Builder
	for _, s := range tr.files {
		if strings.HasPrefix(s.path, "web/") && !s.test() {
			users.WriteString(definition.ReplaceAllString(s.text, ""))
		}
	}
	for _, s := range tr.files {
		folder, name := path.Base(s.dir()), strings.TrimSuffix(path.Base(s.path), path.Ext(s.path))
		if path.Dir(s.dir()) != "web/page" || path.Ext(s.path) == ".css" || s.syntax != nil {
			continue
		}
		names := []string{name}
		if folder != "icon" && folder != "shared" {
			names = []string{folder}
		} else if path.Ext(s.path) == ".tmpl" {
			names = nil
			for _, m := range definition.FindAllStringSubmatch(s.text, -1) {
				names = append(names, m[1])
			}
		}
		for _, name := range names {
			if !strings.Contains(users.String(), `"`+name+`"`) {
				faults = append(faults, fmt.Sprintf("%s:1: nothing shows %q: take it out", s.path, name))
			}
		}
	}
	return faults
}

// definition is where a template gets its name.
var definition = regexp.MustCompile(`\{\{-?\s*define\s+"([^"]+)"`)

func TestEveryTemplateIsShown(t *testing.T) {
	mustHold(t, checkDeadPages)
	mustFind(t, checkDeadPages, map[string]string{
		"web/page/p.go":             "package page\n\nvar pages = []string{\"pay\", \"layout\"}\n",
		"web/page/pay/pay.tmpl":     "{{define \"main\"}}{{template \"used\"}}{{icon \"coin\"}}{{end}}",
		"web/page/old/old.tmpl":     "",
		"web/page/shared/all.tmpl":  "{{define \"layout\"}}{{template \"main\"}}{{end}}{{- define \"used\"}}{{end}}{{define \"unused\"}}{{end}}",
		"web/page/shared/all.css":   "",
		"web/page/icon/coin.svg":    "",
		"web/page/icon/dragon.svg":  "",
		"web/page/old/testdata.txt": "",
	},
		"web/page/icon/dragon.svg:1: nothing shows \"dragon\"",
		"web/page/old/old.tmpl:1: nothing shows \"old\"",
		"web/page/old/testdata.txt:1: nothing shows \"old\"",
		"web/page/shared/all.tmpl:1: nothing shows \"unused\"",
	)
}
