package dataset

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"math/big"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/xuri/excelize/v2"

	"grulden/internal/report"
)

// days is a table with all that can stand in a column.
func days() Table {
	return Table{
		Name: "daily", Title: "Per dag", About: "Eén rij per dag.", Key: []string{"day"},
		Fields: []Field{
			{"day", Date, 0, "Dag", "in de tijd van de wijk"},
			{"volume", Number, 2, "Betaald", "Grulden"},
			{"payments", Count, 0, "Betalingen", ""},
			{"note", Text, 0, "Opmerking", ""},
		},
		Rows: [][]string{
			{"2026-03-01", "1234567890123.45", "12", "een \"zin\", en meer"},
			{"2026-03-02", "-0.5", "0", ""},
			{"2026-03-03", "", "", "€ & <b>"},
		},
	}
}

func set() *Set {
	figures := Figures([]report.Line{
		{Key: "volume", Label: report.Text{NL: "Betaald", EN: "Volume"}, Value: "70.00", Exact: "70", Version: 1, Formula: "V"},
		{Key: "holding_mean", Exact: "", Version: 1, Caveat: report.Text{NL: "Niet alles.", EN: "Not all."}},
	}, "nl")
	flow := Of(report.Table{
		Key: "money_flow", Version: 2, Chart: report.Sankey,
		Columns: []report.Column{{Key: "amount", Unit: report.Text{NL: "Grulden"}, Decimals: 2, Factor: 1}},
		Rows: []report.Row{
			{Key: "a", From: report.Text{NL: "bank"}, To: report.Text{NL: "bewoners"}, Cells: []report.Cell{{Value: big.NewRat(7, 2)}}},
			{Key: "b", From: report.Text{NL: "bewoners"}, To: report.Text{NL: "winkels"}, Cells: []report.Cell{{Value: big.NewRat(9, 1), Hidden: true}}},
		},
	}, "nl")
	return &Set{
		Name: "wijk-2026", Title: "Cijfers", About: "Over maart.", Version: "1", Source: "journal",
		Tables: []Table{days(), figures, flow},
	}
}

func TestATableIsTheSameInEveryForm(t *testing.T) {
	table := days()
	var text, list, columns bytes.Buffer
	for _, err := range []error{table.CSV(&text), table.JSON(&list), table.Parquet(&columns)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	want := "day,volume,payments,note\r\n2026-03-01,1234567890123.45,12,\"een \"\"zin\"\", en meer\"\r\n2026-03-02,-0.5,0,\r\n2026-03-03,,,€ & <b>\r\n"
	if text.String() != want {
		t.Errorf("CSV: %q", text.String())
	}
	var rows []map[string]any
	d := json.NewDecoder(&list)
	d.UseNumber()
	if err := d.Decode(&rows); err != nil {
		t.Fatal(err)
	}
	if len(rows) != 3 || rows[0]["volume"] != json.Number("1234567890123.45") || rows[2]["volume"] != nil || rows[1]["payments"] != json.Number("0") {
		t.Errorf("JSON: %v", rows)
	}
	type line struct {
		Day      *int32  `parquet:"day,optional,date"`
		Volume   *int64  `parquet:"volume,optional,decimal(2:18)"`
		Payments *int64  `parquet:"payments,optional"`
		Note     *string `parquet:"note,optional"`
	}
	read, err := parquet.Read[line](bytes.NewReader(columns.Bytes()), int64(columns.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if *read[0].Day != 20513 || *read[0].Volume != 123456789012345 || *read[1].Volume != -50 || *read[1].Payments != 0 || read[1].Note != nil || read[2].Volume != nil {
		t.Errorf("Parquet: %+v", read)
	}
	file, err := parquet.OpenFile(bytes.NewReader(columns.Bytes()), int64(columns.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if kind := file.Schema().Fields()[1].Type().String(); kind != "DECIMAL(18,2)" {
		t.Errorf("the amount is a %s", kind)
	}
}

func TestANumberThatDoesNotFitIsRefused(t *testing.T) {
	for _, bad := range []string{"1.234", "twelve", "12345678901234567.00"} {
		table := days()
		table.Rows[0][1] = bad
		if table.Parquet(io.Discard) == nil {
			t.Errorf("Parquet took %s", bad)
		}
	}
	table := days()
	table.Rows[0][1] = "twelve"
	if table.JSON(io.Discard) == nil || Workbook(io.Discard, []Table{table}) == nil {
		t.Error("a word was taken as a number")
	}
}

func TestAWorkbookSaysWhatItsColumnsAre(t *testing.T) {
	var b bytes.Buffer
	if err := Workbook(&b, set().Tables); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	if sheets := f.GetSheetList(); !slices.Equal(sheets, []string{"about", "daily", "figures", "money_flow"}) {
		t.Errorf("sheets %v", sheets)
	}
	for cell, want := range map[string]string{"A1": "day", "B2": "1234567890123.45", "A3": "2026-03-02", "B4": "", "D2": `een "zin", en meer`} {
		if got, err := f.GetCellValue("daily", cell); err != nil || got != want {
			t.Errorf("%s is %q, %v", cell, got, err)
		}
	}
	if kind, err := f.GetCellType("daily", "B2"); err != nil || kind != excelize.CellTypeNumber && kind != excelize.CellTypeUnset {
		t.Errorf("an amount is no number: %v, %v", kind, err)
	}
	if got, err := f.GetCellValue("about", "D4"); err != nil || got != "Grulden" {
		t.Errorf("about the amount: %q, %v", got, err)
	}
}

func TestWhatIsHiddenIsNotInTheData(t *testing.T) {
	files, err := set().Files()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if strings.HasSuffix(f.Path, "money_flow.csv") && string(f.Content) != "row,label,source,target,amount,hidden\r\na,,bank,bewoners,3.50,\r\nb,,bewoners,winkels,,amount\r\n" {
			t.Errorf("%s", f.Content)
		}
		if strings.Contains(f.Path, "money_flow") && bytes.Contains(f.Content, []byte("9.00")) {
			t.Errorf("%s has the hidden number", f.Path)
		}
	}
}

func TestTheSameDataHasTheSameBytes(t *testing.T) {
	var first, second bytes.Buffer
	for _, b := range []*bytes.Buffer{&first, &second} {
		files, err := set().Files()
		if err != nil {
			t.Fatal(err)
		}
		if err := WriteZIP(b, files); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("other bytes")
	}
}

// Rules of the Data Package specification, version 1: the names that are allowed,
// what each resource must have, and the types of Table Schema.
var (
	packageName = regexp.MustCompile(`^[-a-z0-9._/]+$`)
	tableTypes  = []string{"string", "number", "integer", "boolean", "object", "array", "date", "time", "datetime", "year", "yearmonth", "duration", "geopoint", "geojson", "any"}
)

// TestThePackageIsADataPackage reads the archive as a program does that knows the
// specification and nothing of us.
func TestThePackageIsADataPackage(t *testing.T) {
	files, err := set().Files()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := WriteZIP(&b, files); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	content := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if content[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	var d struct {
		Profile, Name string
		Resources     []struct {
			Profile, Name, Path, Hash, Encoding string
			Bytes                               int
			Schema                              *struct {
				Fields        []struct{ Name, Type string }
				PrimaryKey    []string
				MissingValues []string
			}
		}
	}
	if err := json.Unmarshal(content["datapackage.json"], &d); err != nil {
		t.Fatal(err)
	}
	if d.Profile != "data-package" || !packageName.MatchString(d.Name) || len(d.Resources) != len(files)-1 {
		t.Errorf("package %q %q with %d resources of %d files", d.Profile, d.Name, len(d.Resources), len(files))
	}
	names := map[string]bool{}
	for _, r := range d.Resources {
		data, there := content[r.Path]
		if !there || path.IsAbs(r.Path) || strings.Contains(r.Path, "..") || names[r.Name] || !packageName.MatchString(r.Name) {
			t.Errorf("resource %q at %q", r.Name, r.Path)
		}
		names[r.Name] = true
		if r.Bytes != len(data) || r.Hash != hash(data) {
			t.Errorf("%s is another file than described", r.Path)
		}
		if (r.Profile == "tabular-data-resource") != strings.HasSuffix(r.Path, ".csv") || (r.Schema != nil) != strings.HasSuffix(r.Path, ".csv") {
			t.Errorf("%s has profile %q", r.Path, r.Profile)
		}
		if r.Schema == nil {
			continue
		}
		head, _, _ := strings.Cut(string(data), "\r\n")
		var fields []string
		for _, f := range r.Schema.Fields {
			if !slices.Contains(tableTypes, f.Type) {
				t.Errorf("%s: type %q", r.Path, f.Type)
			}
			fields = append(fields, f.Name)
		}
		if head != strings.Join(fields, ",") {
			t.Errorf("%s: the schema is %v, the file has %s", r.Path, fields, head)
		}
		for _, key := range r.Schema.PrimaryKey {
			if !slices.Contains(fields, key) {
				t.Errorf("%s: no field %s", r.Path, key)
			}
		}
	}
}
