package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"grulden/demurrage"
	"grulden/internal/logbook"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/internal/report"
	"grulden/internal/worth"
	"grulden/web/page"
)

// worthRoutes are about what the coin cost and brought.
func worthRoutes() []route {
	return []route{
		{pattern: "GET /worth", roles: evaluator, page: (*Server).showWorth},
		{pattern: "GET /worth.json", roles: evaluator, page: (*Server).worthFile},
		{pattern: "GET /worth/line", roles: evaluator, page: (*Server).askWorthLine},
		{pattern: "POST /worth/line", roles: evaluator, page: (*Server).saveWorthLine},
		{pattern: "POST /worth/remove", roles: evaluator, page: (*Server).removeWorthLine},
	}
}

// actWorth is that somebody changed the sheet.
const actWorth logbook.Kind = "worth-saved"

// worthEarlier is how many earlier sheets are listed.
const worthEarlier = 50

// sheetAsked is the sheet whose number stands in the address, or the last one.
func (s *Server) sheetAsked(r *http.Request) (saved worth.Saved, older bool, err error) {
	last, err := s.worth.Last()
	if err != nil || r.URL.Query().Get("number") == "" {
		return last, false, err
	}
	number, err := strconv.ParseUint(r.URL.Query().Get("number"), 10, 64)
	if err != nil {
		return last, false, errNotFound
	}
	saved, found, err := s.worth.Number(number)
	if err == nil && !found {
		err = errNotFound
	}
	return saved, saved.Number != last.Number, err
}

// showWorth shows the sheet, what comes out, and what is doubtful about it.
func (s *Server) showWorth(w http.ResponseWriter, r *http.Request, v visit) error {
	saved, older, err := s.sheetAsked(r)
	if err != nil {
		return err
	}
	sheet, lang := &saved.Sheet, string(v.lang)
	result := sheet.Reckon()
	p := page.WorthPage{Base: s.base(r, v), Older: older, Answer: result.Answer().In(lang), JSON: "/worth.json?number=" + strconv.FormatUint(saved.Number, 10)}
	if len(sheet.Inputs) == 0 {
		p.Answer = p.T("worth.empty")
	}
	for _, l := range result.Lines() {
		if l.Key == "sroi" {
			p.Formula = l.Formula
		}
	}
	p.Numbers = worthNumbers(result, lang)
	for _, warning := range sheet.Warnings() {
		line := page.WorthWarning{Text: warning.Text.In(lang)}
		if warning.Line >= 0 {
			line.Where = sheet.Name(warning.Part, warning.Line)
		}
		p.Warnings = append(p.Warnings, line)
	}
	for _, part := range worth.Parts {
		p.Parts = append(p.Parts, worthPart(sheet, part, p.Base, older))
	}
	if saved.Number > 0 {
		p.Tables = worthTables(result.Tables(), lang)
		p.Saved, err = s.worthSaid(v, "worth.saved", saved)
	}
	if err == nil {
		p.Earlier, err = s.earlierWorth(v, saved.Number)
	}
	if err != nil {
		return err
	}
	return s.show(w, http.StatusOK, p)
}

// worthNumbers are the low, the likely and the high answer; none before there are
// inputs and outcomes.
func worthNumbers(r *worth.Result, lang string) (all []page.WorthNumber) {
	if len(r.Outcomes) == 0 {
		return nil
	}
	for i, n := range []struct {
		label report.Text
		line  int
	}{{report.Text{NL: "Laag", EN: "Low"}, 0}, {report.Text{NL: "Waarschijnlijk", EN: "Likely"}, 1}, {report.Text{NL: "Hoog", EN: "High"}, 2}} {
		if l := r.Lines()[n.line]; l.Value != "" {
			all = append(all, page.WorthNumber{Label: n.label.In(lang), Value: l.Shown(lang), Main: i == 1})
		}
	}
	return all
}

// worthPart is one part of the sheet, to be read.
func worthPart(sheet *worth.Sheet, part worth.Part, b page.Base, older bool) page.WorthPart {
	lang, at := string(b.Lang), "/worth/line?part="+string(part)
	p := page.WorthPart{ID: string(part), Title: worth.PartName(part).In(lang), Help: b.T(page.Key("worthhelp." + string(part)))}
	if !older && part != worth.Head && sheet.Lines(part) < worth.MaxLines {
		p.Add = at
	}
	for n := range sheet.Lines(part) {
		line := page.WorthLine{Title: sheet.Name(part, n)}
		if line.Title == "" {
			line.Title = worth.PartName(part).In(lang)
		}
		if !older {
			line.Href = at + "&line=" + strconv.Itoa(n)
		}
		for _, f := range sheet.Fields(part, n) {
			value := worth.Shown(f, lang)
			if day, err := demurrage.ParseDay(value); f.Kind == worth.Day && err == nil {
				value = b.Lang.Date(day.Time())
			}
			if value != "" {
				line.Facts = append(line.Facts, page.WorthFact{Name: worth.FieldName(f.Name).In(lang), Value: value})
			}
		}
		p.Lines = append(p.Lines, line)
	}
	return p
}

// worthTables are the parts of the answer that are not on the sheet itself.
func worthTables(tables []report.Table, lang string) (all []page.WorthTable) {
	for _, t := range tables {
		if len(t.Rows) == 0 || slices.Contains([]string{"worth_assumptions", "worth_projects"}, t.Key) {
			continue
		}
		shown := page.WorthTable{Title: t.Title.In(lang), Sentence: t.Sentence.In(lang), Caveat: t.Caveat.In(lang)}
		if t.Key == "worth_green" { // the others have that of the whole
			shown.Formula = t.Formula
		}
		for _, c := range t.Columns {
			shown.Columns = append(shown.Columns, c.Label.In(lang))
		}
		for _, row := range t.Rows {
			line := page.WorthRow{Label: row.Label.In(lang)}
			for i, cell := range row.Cells {
				line.Cells = append(line.Cells, t.Columns[i].Shown(cell, lang))
			}
			shown.Rows = append(shown.Rows, line)
		}
		all = append(all, shown)
	}
	return all
}

// worthSaid tells when a sheet was saved, and somebody of which role did.
func (s *Server) worthSaid(v visit, key page.Key, saved worth.Saved) (string, error) {
	by, _, err := s.people.Person(people.ID(saved.By))
	return v.lang.Text(key, "number", strconv.FormatUint(saved.Number, 10),
		"when", v.lang.Date(inWijk(saved.At)), "role", v.lang.Text(roleKey(by.Role))), err
}

// earlierWorth links to the sheets that were saved, but for the one shown.
func (s *Server) earlierWorth(v visit, shown uint64) (links []page.NavLink, err error) {
	all, err := s.worth.Earlier(worthEarlier)
	for _, saved := range all {
		if saved.Number == shown || err != nil {
			continue
		}
		link := page.NavLink{Href: "/worth?number=" + strconv.FormatUint(saved.Number, 10)}
		if link.Text, err = s.worthSaid(v, "worth.version", saved); err == nil {
			links = append(links, link)
		}
	}
	return links, err
}

// worthFile sends the sheet as the command line reads it.
func (s *Server) worthFile(w http.ResponseWriter, r *http.Request, _ visit) error {
	saved, _, err := s.sheetAsked(r)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	out := json.NewEncoder(&text)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	if err := out.Encode(saved.Sheet); err != nil {
		return err
	}
	download(w, "application/json", "grulden-worth-"+strconv.FormatUint(saved.Number, 10)+".json")
	_, _ = w.Write(text.Bytes()) // a visitor who hung up is no error of ours
	return nil
}

// keepWorth saves a changed sheet. The logbook has the digest of what was saved,
// so that nobody changes an assumption afterwards unseen.
func (s *Server) keepWorth(r *http.Request, v visit, sheet worth.Sheet, based uint64) error {
	saved, err := s.worth.Save(sheet, based, record.ActorID(v.person.ID), s.node.Now())
	if err != nil {
		return err
	}
	text, err := json.Marshal(saved.Sheet)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(text)
	number := strconv.FormatUint(saved.Number, 10)
	_, err = s.logbook.Record(r.Context(), logbook.Entry{
		ID: actID(actWorth, number), By: v.person.ID, How: v.how, Kind: actWorth,
		Facts: []logbook.Fact{{Name: "sheet", Value: number}, {Name: "sheetdigest", Value: hex.EncodeToString(sum[:])}},
	})
	return err
}

// errSheetFull says that a part of the sheet has as many lines as it may have.
var errSheetFull = errors.New("the sheet has as many lines as it may have")
