package main

import (
	"fmt"
	"os"

	"grulden/internal/worth"
)

type worthCmd struct {
	File string `arg:"" type:"existingfile" help:"The sheet, as JSON: docs/worth.md says how."`
	Lang string `default:"en" enum:"nl,en" help:"The language of names and explanations."`
}

// Run reckons a sheet and prints it in six steps, with every assumption.
func (c *worthCmd) Run(a *app) error {
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	sheet, err := worth.Read(f)
	for _, fault := range worth.Problems(err) {
		a.note("%s", fault)
	}
	if err != nil {
		return hint(fmt.Errorf("%s is no sheet that can be reckoned with", c.File), "docs/worth.md has an example, and tells what each field is")
	}
	return sheet.WriteText(a.stdout, c.Lang)
}
