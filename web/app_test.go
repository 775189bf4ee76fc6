package web

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"image/png"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"grulden/web/page"
)

// raw gets an address as a browser that says what it can unpack, and leaves the
// answer packed.
func raw(t *testing.T, b *browser, path, accepts string) (*http.Response, []byte) {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, b.base+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", accepts)
	res, err := b.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, body
}

func TestAnswersArePackedForWhoCanUnpackThem(t *testing.T) {
	s := newSite(t, nil)
	b := s.login(s.resident("Anna", 500))
	for _, path := range []string{"/wallet", "/static/app.css", "/static/speak.js"} {
		plain, want := raw(t, b, path, "identity")
		if got := plain.Header.Get("Content-Encoding"); got != "" {
			t.Errorf("%s came as %q unasked", path, got)
		}
		packed, body := raw(t, b, path, "gzip")
		if packed.Header.Get("Content-Encoding") != "gzip" || packed.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s came with %v", path, packed.Header)
			continue
		}
		r, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(r)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is another text when it is packed: %v", path, err)
		}
		if len(body) > len(want)*3/4 {
			t.Errorf("%s: %d bytes of %d are left", path, len(body), len(want))
		}
	}
	if res, _ := raw(t, b, "/static/app.css", "br, gzip;q=0"); res.Header.Get("Content-Encoding") != "" {
		t.Error("gzip came to a browser that refuses it")
	}
}

// TestALengthTellsNothingOfOnePart: two pages of one length before packing, of
// which one repeats what it holds, differ after it by chance as well.
func TestALengthTellsNothingOfOnePart(t *testing.T) {
	s := newSite(t, nil)
	b := s.login(s.resident("Anna", 500))
	comments := map[int]bool{}
	for _, guess := range []string{"aaaa", "aaab", "aaac", "aaad", "aaae", "aaaf"} {
		r, err := http.NewRequest(http.MethodPost, b.base+"/pay", strings.NewReader(url.Values{"code": {guess}}.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Accept-Encoding", "gzip")
		res, err := b.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		z, err := gzip.NewReader(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		comments[len(z.Comment)] = true
		res.Body.Close()
	}
	if len(comments) < 2 {
		t.Errorf("all answers are padded alike: %v", comments)
	}
}

func TestTheManifestNamesIconsThatAreThere(t *testing.T) {
	b := newSite(t, nil).browser()
	var m struct {
		Name, Lang, Dir, Display string
		StartURL                 string `json:"start_url"`
		Icons                    []struct{ Src, Sizes, Purpose string }
	}
	r := b.page("/manifest.webmanifest?lang=en")
	if err := json.Unmarshal([]byte(r.text), &m); err != nil {
		t.Fatal(err)
	}
	if m.Name != "Grulden De Hoogte" || m.Lang != "en" || m.Dir != "ltr" || m.Display != "standalone" || m.StartURL != "/" {
		t.Errorf("the manifest says %+v", m)
	}
	purposes := map[string]bool{}
	for _, icon := range m.Icons {
		purposes[icon.Purpose] = true
		text := b.page(icon.Src).text
		if !strings.HasSuffix(strings.Split(icon.Src, "?")[0], ".png") {
			continue
		}
		img, err := png.DecodeConfig(strings.NewReader(text))
		if err != nil {
			t.Fatal(icon.Src, err)
		}
		if want := strings.Split(icon.Sizes, "x")[0]; want != "192" && want != "512" || img.Width != img.Height {
			t.Errorf("%s is %d by %d, and says %s", icon.Src, img.Width, img.Height, icon.Sizes)
		}
	}
	if !purposes["any"] || !purposes["maskable"] {
		t.Errorf("icons for %v", purposes)
	}
}

func TestTheWorkerKeepsTheShellAndNothingOfAnybody(t *testing.T) {
	s := newSite(t, nil)
	r := s.browser().page("/sw.js")
	list, _, _ := strings.Cut(strings.TrimPrefix(r.text, "const SHELL = "), ";\n")
	var addresses []string
	if err := json.Unmarshal([]byte(list), &addresses); err != nil {
		t.Fatal(err, r.text[:80])
	}
	anna := s.login(s.resident("Anna", 500))
	for _, address := range addresses {
		mine, nobodys := anna.page(address).text, s.browser().page(address).text
		if mine != nobodys {
			t.Errorf("%s is kept, and differs for somebody who signed in", address)
		}
	}
	for _, lang := range page.Languages() {
		s.browser().page("/offline?lang=" + string(lang)).shows(lang.Text("offline.card"))
	}
	if r.header.Get("Cache-Control") != "no-cache" {
		t.Error("a new worker would not be seen")
	}
}
