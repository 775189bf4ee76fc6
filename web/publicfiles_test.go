package web

import (
	"net/http"
	"strconv"
	"testing"

	"grulden/internal/record"
)

// Anybody may ask for the report on a release, as often as they like.
func TestAReportForEverybodyIsDrawnOnce(t *testing.T) {
	s := newSite(t, nil)
	s.lively(20, 12)
	d, err := s.server.draftRelease(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	release, err := s.server.releases.Publish(t.Context(), d.Release, record.Auth{How: record.ByOperator})
	if err != nil {
		t.Fatal(err)
	}
	b := s.browser()
	for _, ending := range []string{"html", "pdf"} {
		at := "/circulatie/1." + ending
		first := b.get(at).want(http.StatusOK).text
		name := publicName{release.Hash, s.node.Settings().Wijk, "nl", ending}
		kept, found := s.server.public.find(name)
		if !found || string(kept) != first {
			t.Fatalf("%s: what was drawn is not kept", ending)
		}
		s.server.public.keep(name, []byte("what is kept"))
		if again := b.get(at).want(http.StatusOK).text; again != "what is kept" {
			t.Errorf("%s is drawn again", ending)
		}
	}
	for _, file := range []string{"2.html", "1.txt", "1.htm", "x.pdf"} {
		b.get("/circulatie/" + file).want(http.StatusNotFound)
	}
	if n := len(s.server.public.files); n != 2 {
		t.Errorf("%d files are kept", n)
	}
}

func TestFewReportsForEverybodyAreKept(t *testing.T) {
	var f publicFiles
	name := func(i int) publicName { return publicName{hash: strconv.Itoa(i)} }
	for i := range publicKept + 10 {
		f.keep(name(i), nil)
		f.keep(name(i), nil) // drawn by two
	}
	if len(f.files) != publicKept || len(f.order) != publicKept {
		t.Errorf("%d files and %d names", len(f.files), len(f.order))
	}
	if _, found := f.find(name(9)); found {
		t.Error("the oldest is kept")
	}
	if _, found := f.find(name(10)); !found {
		t.Error("one that there is room for is not")
	}
}
