package web

import (
	"errors"
	"net/http"
	"strconv"

	"grulden/internal/worth"
	"grulden/web/page"
)

// worthLine is one line of the sheet that is being filled in.
type worthLine struct {
	saved worth.Saved // the sheet that it is made from
	sheet worth.Sheet // a copy to be changed
	part  worth.Part
	n     int
	fresh bool
}

// worthLineOf finds the line that an address or a form names; without a number it
// is a new one.
func (s *Server) worthLineOf(part, line string) (l worthLine, err error) {
	if l.saved, err = s.worth.Last(); err != nil {
		return l, err
	}
	l.sheet, l.part, l.fresh = l.saved.Sheet.Copy(), worth.Part(part), line == ""
	switch {
	case !l.fresh:
		if l.n, err = strconv.Atoi(line); err != nil {
			return l, errNotFound
		}
	case l.sheet.Lines(l.part) >= worth.MaxLines:
		return l, errSheetFull
	default:
		l.n = l.sheet.Add(l.part)
	}
	if l.sheet.Fields(l.part, l.n) == nil {
		return l, errNotFound
	}
	return l, nil
}

// askWorthLine asks for one line of the sheet.
func (s *Server) askWorthLine(w http.ResponseWriter, r *http.Request, v visit) error {
	q := r.URL.Query()
	l, err := s.worthLineOf(q.Get("part"), q.Get("line"))
	if err != nil {
		return err
	}
	return s.show(w, http.StatusOK, s.worthLinePage(r, v, l, nil))
}

// worthLinePage shows a line as it is filled in, and what is wrong with it.
func (s *Server) worthLinePage(r *http.Request, v visit, l worthLine, wrong error) page.WorthLinePage {
	p := page.WorthLinePage{
		Base: s.base(r, v), Part: string(l.part), Based: strconv.FormatUint(l.saved.Number, 10),
		Title: worth.PartName(l.part).In(string(v.lang)), May: !l.fresh && l.part != worth.Head,
	}
	if !l.fresh {
		p.Line = strconv.Itoa(l.n)
	}
	said := make(map[string]string)
	for _, err := range worth.Problems(wrong) {
		var problem *worth.Problem
		if errors.As(err, &problem) {
			p.Problem = p.T("worth.bad")
			said[problem.Field] = p.T(worthProblems[problem.Err])
		}
	}
	for _, f := range l.sheet.Fields(l.part, l.n) {
		field := worthField(p.Base, f)
		field.Problem = said[f.Name]
		p.Fields = append(p.Fields, field)
	}
	return p
}

// worthProblems are the words for what is wrong with a field.
var worthProblems = map[error]page.Key{
	worth.ErrMissing: "worth.badmissing", worth.ErrLong: "worth.badlong", worth.ErrDay: "worth.badday", worth.ErrChoice: "worth.badchoice",
	worth.ErrNumber: "worth.badnumber", worth.ErrBounds: "worth.badbounds", worth.ErrOrder: "worth.badorder",
}

// worthField is one field of the form.
func worthField(b page.Base, f worth.Field) page.WorthField {
	lang := string(b.Lang)
	shown := page.WorthField{
		ID: f.Name, Name: worth.FieldName(f.Name).In(lang), Needed: f.Needed,
		Day: f.Kind == worth.Day, Wide: f.Range != nil, Short: f.Name == "what" || f.Name == "who" || f.Name == "title" || f.Name == "unit",
	}
	if f.Kind == worth.Percent {
		shown.Unit = "%"
	}
	if help := page.Key("worthhelp." + f.Name); page.Has(help) {
		shown.Help = b.T(help)
	}
	if f.Range != nil {
		shown.Least, shown.Likely, shown.Most = f.Range.Least, f.Range.Likely, f.Range.Most
		return shown
	}
	shown.Text = *f.Text
	for _, c := range f.Choices {
		shown.Options = append(shown.Options, page.WorthOption{Value: c, Word: worth.KindName(c).In(lang), Chosen: c == *f.Text})
	}
	return shown
}

// worthForm reads which line a form is about, refusing one that was made from an
// older sheet: lines may have moved.
func (s *Server) worthForm(r *http.Request) (worthLine, error) {
	f, err := form(r, "part", "line", "based")
	if err != nil {
		return worthLine{}, err
	}
	l, err := s.worthLineOf(f[0], f[1])
	if err == nil && f[2] != strconv.FormatUint(l.saved.Number, 10) {
		err = worth.ErrStale
	}
	return l, err
}

// saveWorthLine takes a line as it was filled in.
func (s *Server) saveWorthLine(w http.ResponseWriter, r *http.Request, v visit) error {
	l, err := s.worthForm(r)
	if err != nil {
		return err
	}
	for _, f := range l.sheet.Fields(l.part, l.n) {
		typed, err := form(r, f.Name, f.Name+"-least", f.Name+"-most")
		if err != nil {
			return err
		}
		if f.Range != nil {
			*f.Range = worth.Range{Least: typed[1], Likely: typed[0], Most: typed[2]}
		} else {
			*f.Text = typed[0]
		}
	}
	if wrong := l.sheet.Check(); wrong != nil {
		return s.show(w, http.StatusUnprocessableEntity, s.worthLinePage(r, v, l, wrong))
	}
	if err := s.keepWorth(r, v, l.sheet, l.saved.Number); err != nil {
		return err
	}
	return goTo(w, r, "/worth?done=worthsaved")
}

// removeWorthLine takes a line away; earlier sheets keep it.
func (s *Server) removeWorthLine(w http.ResponseWriter, r *http.Request, v visit) error {
	l, err := s.worthForm(r)
	if err != nil {
		return err
	}
	if l.fresh || l.part == worth.Head {
		return errBadForm
	}
	l.sheet.Remove(l.part, l.n)
	if err := s.keepWorth(r, v, l.sheet, l.saved.Number); err != nil {
		return err
	}
	return goTo(w, r, "/worth?done=worthsaved")
}
