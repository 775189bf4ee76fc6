package dataset

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// Set is tables that belong together.
type Set struct {
	Name    string // of the package: small letters, digits and -
	Title   string
	About   string
	Version string // of the program that made it
	Source  string // what it follows from
	Tables  []Table
}

// File is a file of a package, by its path in it.
type File struct {
	Path    string
	Content []byte
}

// descriptor is datapackage.json.
type descriptor struct {
	Profile     string         `json:"profile"`
	Name        string         `json:"name"`
	Title       string         `json:"title"`
	Description string         `json:"description"`
	Version     string         `json:"version,omitempty"`
	Sources     []namedSource  `json:"sources,omitempty"`
	Resources   []fileResource `json:"resources"`
}

type namedSource struct {
	Title string `json:"title"`
}

type fileResource struct {
	Profile     string   `json:"profile"`
	Name        string   `json:"name"`
	Path        string   `json:"path"`
	Title       string   `json:"title"`
	Description string   `json:"description"`
	Format      string   `json:"format"`
	MediaType   string   `json:"mediatype"`
	Encoding    string   `json:"encoding,omitempty"`
	Bytes       int      `json:"bytes"`
	Hash        string   `json:"hash"`
	Dialect     *dialect `json:"dialect,omitempty"`
	Schema      *schema  `json:"schema,omitempty"`
}

type dialect struct {
	Delimiter      string `json:"delimiter"`
	LineTerminator string `json:"lineTerminator"`
	DoubleQuote    bool   `json:"doubleQuote"`
	Header         bool   `json:"header"`
}

type schema struct {
	Fields        []column `json:"fields"`
	MissingValues []string `json:"missingValues"`
	PrimaryKey    []string `json:"primaryKey,omitempty"`
}

type column struct {
	Name        string `json:"name"`
	Type        Kind   `json:"type"`
	Title       string `json:"title"`
	Description string `json:"description"`
}

// form is a way to write a table.
type form struct {
	ending, media string
	write         func(*Table, io.Writer) error
}

var forms = []form{
	{"csv", "text/csv", (*Table).CSV},
	{"json", "application/json", (*Table).JSON},
	{"parquet", "application/vnd.apache.parquet", (*Table).Parquet},
}

const workbookMedia = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// Files are the files of the package: each table in each form, one workbook, and
// datapackage.json, which comes first.
func (s *Set) Files() ([]File, error) {
	d := descriptor{
		Profile: "data-package", Name: s.Name, Title: s.Title, Description: s.About, Version: s.Version,
		Sources: []namedSource{{s.Source}},
	}
	files := []File{{Path: "datapackage.json"}}
	for i := range s.Tables {
		t := &s.Tables[i]
		for _, f := range forms {
			var b bytes.Buffer
			if err := f.write(t, &b); err != nil {
				return nil, err
			}
			files = append(files, File{"data/" + t.Name + "." + f.ending, b.Bytes()})
			d.Resources = append(d.Resources, t.resource(f, b.Bytes()))
		}
	}
	var book bytes.Buffer
	if err := Workbook(&book, s.Tables); err != nil {
		return nil, err
	}
	files = append(files, File{"data/" + s.Name + ".xlsx", book.Bytes()})
	d.Resources = append(d.Resources, fileResource{
		Profile: "data-resource", Name: "workbook", Path: "data/" + s.Name + ".xlsx", Title: s.Title, Description: s.About,
		Format: "xlsx", MediaType: workbookMedia, Bytes: book.Len(), Hash: hash(book.Bytes()),
	})
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(d); err != nil {
		return nil, fmt.Errorf("describe the data: %w", err)
	}
	files[0].Content = b.Bytes()
	return files, nil
}

// resource describes a file of the table. The schema stands at the CSV: programs
// that read data packages read that; the other forms have their own.
func (t *Table) resource(f form, content []byte) fileResource {
	r := fileResource{
		Profile: "data-resource", Name: t.Name + "-" + f.ending, Path: "data/" + t.Name + "." + f.ending, Title: t.Title, Description: t.About,
		Format: f.ending, MediaType: f.media, Bytes: len(content), Hash: hash(content),
	}
	if f.ending != "parquet" {
		r.Encoding = "utf-8"
	}
	if f.ending != "csv" {
		return r
	}
	r.Profile, r.Name = "tabular-data-resource", t.Name
	r.Dialect = &dialect{Delimiter: ",", LineTerminator: "\r\n", DoubleQuote: true, Header: true}
	r.Schema = &schema{MissingValues: []string{""}, PrimaryKey: t.Key}
	for _, f := range t.Fields {
		r.Schema.Fields = append(r.Schema.Fields, column{f.Name, f.Kind, f.Title, f.About})
	}
	return r
}

func hash(content []byte) string {
	sum := sha256.Sum256(content)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// WriteZIP writes files into one archive. The same files give the same bytes.
func WriteZIP(w io.Writer, files []File) error {
	z := zip.NewWriter(w)
	for _, f := range files {
		out, err := z.CreateHeader(&zip.FileHeader{Name: f.Path, Method: zip.Deflate, Modified: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			return fmt.Errorf("archive: %w", err)
		}
		if _, err := out.Write(f.Content); err != nil {
			return fmt.Errorf("archive: %w", err)
		}
	}
	return z.Close()
}
