package web

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"grulden/internal/people"
)

// unpacked are the files of a ZIP.
func (r reply) unpacked() map[string]string {
	r.t.Helper()
	z, err := zip.NewReader(bytes.NewReader([]byte(r.text)), int64(len(r.text)))
	if err != nil {
		r.t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		file, err := f.Open()
		if err != nil {
			r.t.Fatal(err)
		}
		text, err := io.ReadAll(file)
		if err != nil {
			r.t.Fatal(err)
		}
		files[f.Name] = string(text)
	}
	return files
}

func TestPeopleGetAllThatIsKnownAboutThemAndNoSecret(t *testing.T) {
	s := newSite(t, nil)
	desk, anna := s.desk(), s.resident("Anna Voorbeeld", 5000)
	at := "/desk/people/" + anna.ID.String()
	desk.post(at+"/block", url.Values{"why": {"odd"}, "note": {"gek bedrag"}}).want(http.StatusSeeOther)
	files := s.login(anna).post("/acts/data", nil).want(http.StatusOK).unpacked()
	for _, want := range []string{"Anna Voorbeeld", "50,00", "Geblokkeerd", "gek bedrag", "maart"} {
		if !strings.Contains(files["gegevens.html"], want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	var d ownData
	if err := json.Unmarshal([]byte(files["gegevens.json"]), &d); err != nil {
		t.Fatal(err)
	}
	if len(d.Payments) == 0 || len(d.Acts) != 1 || d.Acts[0].Note != "gek bedrag" || !strings.Contains(string(d.OnFile["person"]), "Anna Voorbeeld") {
		t.Errorf("for programs: %s", files["gegevens.json"])
	}
	for name, text := range files {
		if strings.Contains(text, s.hash) || strings.Contains(text, s.cards[anna.ID].String()) {
			t.Errorf("%s holds what lets somebody in", name)
		}
	}

	desk.post(at+"/data", url.Values{"pin": {"9999"}}).want(http.StatusUnprocessableEntity)
	given := desk.post(at+"/data", url.Values{"pin": {pin}}).want(http.StatusOK).unpacked()
	if !strings.Contains(given["gegevens.html"], "Anna Voorbeeld") {
		t.Error("the desk gave no data along")
	}
	s.login(anna).page("/acts").shows("Alle gegevens meegegeven")
	s.login(s.add(people.Person{Role: people.Treasurer, Name: "Piet"}, 0)).post(at+"/data", url.Values{"pin": {pin}}).want(http.StatusForbidden)
}

func TestWhatTheDeskChangesOnFileIsToldToItsOwner(t *testing.T) {
	s := newSite(t, nil)
	desk, anna := s.desk(), s.resident("Anna Voorbeeld", 0)
	at := "/desk/people/" + anna.ID.String()
	form := desk.page(at).form(at + "/details")
	form.Set("name", "Anna Anders")
	desk.post(at+"/details", form).want(http.StatusSeeOther)
	s.login(anna).page("/acts").shows("Gegevens aangepast", "Naam: Anna Voorbeeld → Anna Anders", "Balie (Balie)")
}

func TestOfSomebodyErasedTheLogbookKeepsTheActAndNoWord(t *testing.T) {
	s := newSite(t, nil)
	desk, anna := s.desk(), s.resident("Anna Voorbeeld", 0)
	at := "/desk/people/" + anna.ID.String()
	desk.post(at+"/block", url.Values{"why": {"odd"}, "note": {"gek bedrag"}}).want(http.StatusSeeOther)
	desk.page(at).shows("7 jaar", "regels van de bank")
	desk.post(at+"/erase", url.Values{"sure": {"yes"}}).want(http.StatusSeeOther)
	_, board, _ := s.twoToDecide()
	board.page("/desk/log").shows("Geblokkeerd", "Gegevens gewist", "De woorden zijn gewist").hides("Anna", "gek bedrag")
	c, err := s.server.logbook.Check()
	if err != nil || len(c.Faults) != 0 || c.Erased != 2 {
		t.Errorf("%+v, %v", c, err)
	}
}
