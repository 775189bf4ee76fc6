package whatif

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"grulden/internal/report"
)

// Fault is what is wrong with a file: at which field, and what to do about it.
type Fault struct{ Says report.Text }

// Error says it in English.
func (f *Fault) Error() string { return f.Says.EN }

// faulty is a fault whose words are filled in, in either language alike.
func faulty(nl, en string, filled ...any) *Fault {
	return &Fault{report.Text{NL: fmt.Sprintf(nl, filled...), EN: fmt.Sprintf(en, filled...)}}
}

// at says where in a file a fault is.
func at(nl, en string, err error) error {
	var f *Fault
	if !errors.As(err, &f) {
		return err
	}
	return &Fault{report.Text{NL: nl + ": " + f.Says.NL, EN: en + ": " + f.Says.EN}}
}

// in says in which group of a list a fault is, the first being number 1.
func in(list string, i int, name string, err error) error {
	if name != "" {
		name = fmt.Sprintf(" (%q)", name)
	}
	return at(fmt.Sprintf("%s, groep %d%s", list, i+1, name), fmt.Sprintf("%s, group %d%s", list, i+1, name), err)
}

// strict reads JSON and refuses fields that nobody knows: a misspelt rule would
// otherwise be tried as if it had not been written.
func strict(text []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return faultOf(text, err)
	}
	if d.More() {
		return faulty("er staat nog iets na het einde. Haal het weg.", "there is something after the end: take it out")
	}
	return nil
}

// faultOf says what is wrong with JSON in words.
func faultOf(text []byte, err error) error {
	var kind *json.UnmarshalTypeError
	var form *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF):
		return faulty("er staat niets. Begin met het voorbeeld.", "there is nothing: begin with the example")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return faulty("het houdt te vroeg op. Sluit elk haakje en elk aanhalingsteken.", "it ends too soon: close each bracket and each quote")
	case errors.As(err, &form):
		line := 1 + bytes.Count(text[:min(int(form.Offset), len(text))], []byte("\n"))
		return faulty("regel %d is niet te lezen. Kijk daar naar de komma’s, de aanhalingstekens en de haakjes.",
			"line %d cannot be read: look for commas, quotes and brackets there", line)
	case errors.As(err, &kind):
		field := kind.Field[strings.LastIndexByte(kind.Field, '.')+1:]
		if field == "" {
			return faulty("begin met { en eindig met }.", "begin with { and end with }")
		}
		wants := wanted(kind.Type)
		return faulty("%[1]s: schrijf %[2]s.", "%[1]s: write %[3]s", field, wants.NL, wants.EN)
	}
	if field, unknown := strings.CutPrefix(err.Error(), "json: unknown field "); unknown {
		return faulty("het veld %s ken ik niet. Kijk hoe u het schrijft, of haal het weg.", "the field %s is not known: look at its spelling, or take it out", field)
	}
	return err
}

// wanted says how a value of a kind is written.
func wanted(t reflect.Type) report.Text {
	switch t {
	case reflect.TypeFor[Amount]():
		return report.Text{NL: `een bedrag tussen aanhalingstekens, met een punt: "12.50"`, EN: `an amount between quotes, with a point: "12.50"`}
	case reflect.TypeFor[share]():
		return report.Text{NL: `een deel tussen aanhalingstekens, met een punt en %: "2.5%"`, EN: `a percentage between quotes, with a point and %: "2.5%"`}
	}
	switch t.Kind() {
	case reflect.String:
		return report.Text{NL: `tekst tussen aanhalingstekens`, EN: `a text between quotes`}
	case reflect.Slice:
		return report.Text{NL: `een lijst tussen [ en ]`, EN: `a list between [ and ]`}
	case reflect.Struct:
		return report.Text{NL: `een groep tussen { en }`, EN: `a group between { and }`}
	}
	return report.Text{NL: `een heel getal zonder aanhalingstekens, zoals 12`, EN: `a whole number without quotes, such as 12`}
}

// unreadable is a value that is not written as its kind is.
func unreadable[T any](b []byte) error {
	return &json.UnmarshalTypeError{Value: string(b), Type: reflect.TypeFor[T]()}
}

// within tells whether a number is in its limits.
func within(what string, n, lo, hi int) error {
	if n < lo || n > hi {
		return faulty("%[1]s is %[2]d. Dat kan %[3]d tot en met %[4]d zijn.", "%[1]s is %[2]d, and can be %[3]d to %[4]d", what, n, lo, hi)
	}
	return nil
}
