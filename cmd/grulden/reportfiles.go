package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"grulden/internal/dataset"
	"grulden/internal/disclosure"
	"grulden/internal/evaluation"
	"grulden/internal/report"
	"grulden/web"
)

// reportFiles are the forms of a report that are files, and the check of one.
type reportFiles struct {
	HTML   string `name:"html" xor:"form" type:"path" placeholder:"FILE" help:"Write the evaluation report as a page, of days that are over."`
	PDF    string `name:"pdf" xor:"form" type:"path" placeholder:"FILE" help:"Write it as a tagged PDF."`
	Files  string `name:"files" xor:"form" type:"path" placeholder:"DIR|ZIP" help:"Write the figures as a Frictionless data package: CSV, JSON, XLSX and Parquet."`
	Verify string `name:"verify" xor:"form" type:"existingfile" placeholder:"FILE" help:"Make an evaluation report again and say whether it is the same, or where it is not."`
}

// asked tells whether one of them is wanted.
func (c *reportFiles) asked() bool { return c.HTML+c.PDF+c.Files+c.Verify != "" }

// run writes or checks what is asked for.
func (c *reportFiles) run(a *app, l *opened, p report.Period, lang string) error {
	if c.Verify != "" {
		return c.verify(a, l)
	}
	e, err := evaluation.Make(a.ctx, l.node, l.figures, p, lang)
	switch {
	case errors.Is(err, evaluation.ErrNotOver), errors.Is(err, report.ErrNothing):
		return hint(err, "ask for earlier days: grulden report --from DAY --to DAY")
	case err != nil:
		return err
	case c.Files != "":
		set, err := e.Data(a.ctx, l.figures)
		if err != nil {
			return err
		}
		return writeData(a, set, c.Files)
	}
	file, make := c.HTML, e.HTML
	if c.PDF != "" {
		file, make = c.PDF, e.PDF
	}
	content, err := make()
	if err != nil {
		return err
	}
	if err := os.WriteFile(file, content, 0o600); err != nil {
		return err
	}
	a.note("wrote %s, confidential: it follows from %d entries with root %s", file, e.Entries, e.Root)
	return nil
}

// writeData writes a data package into a folder, or into one archive.
func writeData(a *app, set *dataset.Set, to string) error {
	files, err := set.Files()
	if err != nil {
		return err
	}
	if strings.HasSuffix(strings.ToLower(to), ".zip") {
		var b bytes.Buffer
		if err := dataset.WriteZIP(&b, files); err != nil {
			return err
		}
		files, to = []dataset.File{{Path: filepath.Base(to), Content: b.Bytes()}}, filepath.Dir(to)
	}
	for _, f := range files {
		name := filepath.Join(to, filepath.FromSlash(f.Path))
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o700), os.WriteFile(name, f.Content, 0o600)); err != nil {
			return err
		}
	}
	a.note("wrote %d files, confidential, into %s", len(files), to)
	return nil
}

// verify makes a report again. A report that differs is a failure.
func (c *reportFiles) verify(a *app, l *opened) error {
	file, err := os.ReadFile(c.Verify)
	if err != nil {
		return err
	}
	check, err := evaluation.Verify(a.ctx, l.node, l.figures, file)
	if errors.Is(err, evaluation.ErrPublic) {
		check, err = verifyPublic(a, l, file)
	}
	if err != nil {
		return err
	}
	in := check.Inputs
	a.say("report     %s to %s, %s, root %s, by %s\n", in.From, in.To, in.Of(), in.Root, in.Program)
	a.say("checked    by %s\n", check.Program)
	switch {
	case check.Same:
		a.say("same       every byte: it follows from this journal, and from what the file itself brings: the kinds\n           of shops, the names of coin and wijk, and the sheet of what it is worth\n")
		return nil
	case !check.Journal && check.Root == "":
		a.say("journal    another one: this one has fewer entries\n")
	case !check.Journal:
		a.say("journal    another one: after %d entries its root is %s\n", in.Entries, check.Root)
	default:
		a.say("journal    the one that the report names\n")
	}
	for _, d := range check.Differences {
		a.say("differs    %s: %s in the report, %s by the ledger\n", d.Key, named(d.Report), named(d.Ledger))
	}
	a.locate(check.Passages)
	if check.Journal && len(check.Differences) == 0 {
		return hint(errors.New("the figures that the report carries in itself are right, but the file is not the one that this program makes: somebody may have changed what it shows, or another version of the program sets it otherwise"),
			"make it anew and compare: grulden report --from %s --to %s --lang %s --html FILE (this is %s)", in.From, in.To, in.Lang, check.Program)
	}
	return fmt.Errorf("this report does not follow from this ledger: %d figures differ", len(check.Differences))
}

// locate says where a report differs from the one made again.
func (a *app) locate(all []evaluation.Passage) {
	const most = 10
	for _, p := range all[:min(most, len(all))] {
		kind := "drawn "
		if p.Text {
			kind = "reads "
		}
		a.say("%s     %s: %s in the report, %s when made again\n", kind, p.Where, quoted(p.Report), quoted(p.Ledger))
	}
	if len(all) > most {
		a.say("           and %d places more\n", len(all)-most)
	}
}

// quoted is a text between quotes, or that there is none.
func quoted(text string) string {
	if text == "" {
		return "nothing"
	}
	return strconv.Quote(text)
}

// verifyPublic makes a report for everybody again from what was published.
func verifyPublic(a *app, l *opened, file []byte) (*evaluation.Check, error) {
	in, _, err := evaluation.Read(file)
	if err != nil {
		return nil, err
	}
	all, err := disclosure.Open(l.node, l.figures).Releases()
	if err != nil {
		return nil, err
	}
	if in.Release < 1 || in.Release > len(all) {
		return nil, fmt.Errorf("the report names publication %d; this ledger has %d", in.Release, len(all))
	}
	return evaluation.VerifyPublic(a.ctx, l.node, l.figures, web.PublishedWords(&all[in.Release-1], in.Wijk, in.Lang), file)
}

// named is a figure, or that there is none.
func named(value string) string {
	if value == "" {
		return "none"
	}
	return value
}
