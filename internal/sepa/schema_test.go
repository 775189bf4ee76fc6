package sepa

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// validate holds file against an official schema with xmllint.
func validate(t *testing.T, schema, file string) {
	t.Helper()
	cmd := exec.Command("xmllint", "--noout", "--nonet", "--schema", schemaPath(t, schema), "-")
	cmd.Stdin = strings.NewReader(file)
	if out, err := cmd.CombinedOutput(); err != nil {
		if _, missing := exec.LookPath("xmllint"); missing != nil {
			t.Fatal("xmllint is missing: install the Debian package libxml2-utils, or run make tools")
		}
		t.Errorf("not valid %s: %v\n%s\n%s", schema, err, out, file)
	}
}

// schemaPath finds a schema where GRULDEN_SCHEMAS says, else in .cache/schemas
// beside go.mod.
func schemaPath(t *testing.T, name string) string {
	t.Helper()
	folder := os.Getenv("GRULDEN_SCHEMAS")
	if folder == "" {
		root, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for !exists(filepath.Join(root, "go.mod")) {
			if root == filepath.Dir(root) {
				t.Fatal("no go.mod above the test's folder")
			}
			root = filepath.Dir(root)
		}
		folder = filepath.Join(root, ".cache", "schemas")
	}
	path := filepath.Join(folder, name+".xsd")
	if !exists(path) {
		t.Fatalf("the schema %s is missing: run make schemas", path)
	}
	return path
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// asReport makes a camt.053.001.02 statement a camt.052.001.02 account report.
// The schema of the first is in no package we can fetch; the second has the
// same account, balances and entries under other names.
func asReport(statement string) string {
	return strings.NewReplacer(
		"camt.053.001.02", "camt.052.001.02",
		"BkToCstmrStmt>", "BkToCstmrAcctRpt>",
		"<Stmt>", "<Rpt>", "</Stmt>", "</Rpt>",
	).Replace(statement)
}

func TestOwnFixturesAreWhatABankMaySend(t *testing.T) {
	validate(t, "camt.053.001.08", readFile(t, "plain-08.xml"))
	validate(t, "camt.052.001.02", asReport(readFile(t, "plain-02.xml")))
	validate(t, "camt.052.001.02", asReport(readFile(t, "batch-02.xml")))
}
