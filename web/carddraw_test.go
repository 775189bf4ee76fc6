package web

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"math"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"grulden/internal/payreq"
	"grulden/web/page"
)

// printed is a sheet as a printer of so many dots an inch would print it.
func printed(t *testing.T, sheet []byte, dpi int) (file string, dots image.Image) {
	t.Helper()
	dir := t.TempDir()
	pdf := filepath.Join(dir, "sheet.pdf")
	if err := os.WriteFile(pdf, sheet, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftoppm", "-r", fmt.Sprint(dpi), "-png", "-singlefile", pdf, filepath.Join(dir, "sheet")).CombinedOutput()
	if err != nil {
		t.Fatalf("pdftoppm: %v: %s", err, out)
	}
	file = filepath.Join(dir, "sheet.png")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if dots, err = png.Decode(bytes.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	return file, dots
}

// readCodes reads the QR codes in a picture.
func readCodes(t *testing.T, file string) string {
	t.Helper()
	out, err := exec.Command("zbarimg", "--nodbus", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", file).Output()
	if err != nil {
		t.Fatalf("zbarimg %s: %v", file, err)
	}
	return strings.TrimSpace(string(out))
}

// words is what can be read on a sheet.
func words(t *testing.T, sheet []byte) string {
	t.Helper()
	cmd := exec.Command("pdftotext", "-", "-")
	cmd.Stdin = bytes.NewReader(sheet)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	return strings.Join(strings.Fields(string(out)), " ")
}

func TestAPrintedCardCanBeReadAgain(t *testing.T) {
	for _, origin := range []string{"https://munt.example", "https://grulden.een-lange-naam-van-een-wijk.example"} {
		for _, lang := range page.Languages() {
			base := page.Base{Lang: lang, Coin: "Grulden", Wijk: "De Hoogte"}
			sheet, err := drawCard(base, origin, 1234567)
			if err != nil {
				t.Fatal(err)
			}
			for _, dpi := range []int{100, 300} {
				file, _ := printed(t, sheet, dpi)
				if got, want := readCodes(t, file), payreq.CardLink(origin, 1234567); got != want {
					t.Errorf("%s at %d dpi reads %q, want %q", lang, dpi, got, want)
				}
			}
			text := words(t, sheet)
			for _, part := range []string{"Grulden", "De Hoogte", payreq.Code(1234567).Grouped(), base.T("newcard.use"), base.T("newcard.found")} {
				if !strings.Contains(text, part) {
					t.Errorf("%s: the card does not say %q: %s", lang, part, text)
				}
			}
		}
	}
}

// dark tells whether a dot is printed.
func dark(dots image.Image, x, y int) bool {
	r, g, b, _ := dots.At(x, y).RGBA()
	return r+g+b < 3*0x8000
}

// inkWithin is the smallest rectangle around all ink in a part of a sheet.
func inkWithin(dots image.Image, part image.Rectangle) (ink image.Rectangle) {
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			if dark(dots, x, y) {
				ink = ink.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return ink
}

func TestACardHasTheSizeOfABankCardAndItsCodeCanBeScannedFromAHandAway(t *testing.T) {
	sheet, err := drawCard(page.Base{Lang: page.Dutch, Coin: "Grulden", Wijk: "De Hoogte"}, "https://munt.example", 99)
	if err != nil {
		t.Fatal(err)
	}
	const dpi = 300
	_, dots := printed(t, sheet, dpi)
	dot := func(mm float64) int { return int(math.Round(mm / 25.4 * dpi)) }
	mm := func(dots int) float64 { return float64(dots) / dpi * 25.4 }
	if size := dots.Bounds().Size(); math.Abs(mm(size.X)-210) > 0.2 || math.Abs(mm(size.Y)-297) > 0.2 {
		t.Errorf("the sheet is %.1f × %.1f mm, want A4", mm(size.X), mm(size.Y))
	}
	left := image.Rect(dot(cardLeft)+1, dot(cardTop), dot(cardLeft+35.4), dot(cardTop+cardHeight))
	qr := inkWithin(dots, left)
	for _, side := range []float64{mm(qr.Dx()), mm(qr.Dy())} {
		if side < 25 || side > 30 {
			t.Errorf("the QR code is %.1f mm, want 25 to 30", side)
		}
	}
	white := mm(qr.Min.X) - cardLeft
	module := codeSize / 25 // of the smallest code, which has the largest modules
	if white < quietZone*module*0.8 {
		t.Errorf("%.1f mm of white beside the QR code", white)
	}
	// The marks at the corners lead along the four edges of the card.
	above := inkWithin(dots, image.Rect(0, dot(cardTop-markGap-markLength+1), dots.Bounds().Dx(), dot(cardTop-markGap-1)))
	beside := inkWithin(dots, image.Rect(dot(cardLeft-markGap-markLength+1), 0, dot(cardLeft-markGap-1), dot(cardTop+cardHeight+5)))
	if width, height := mm(above.Dx()), mm(beside.Dy()); math.Abs(width-85.6) > 0.4 || math.Abs(height-54) > 0.4 {
		t.Errorf("the marks are %.1f × %.1f mm apart, want 85.6 × 54", width, height)
	}
}

func TestTheSameCardIsTheSameFile(t *testing.T) {
	base := page.Base{Lang: page.English, Coin: "Grulden", Wijk: "’t Zand"}
	first, err := drawCard(base, "https://munt.example", 42)
	if err != nil {
		t.Fatal(err)
	}
	again, err := drawCard(base, "https://munt.example", 42)
	if err != nil || !bytes.Equal(first, again) {
		t.Errorf("drawn twice, a card is two files: %v", err)
	}
	other, err := drawCard(base, "https://munt.example", 43)
	if err != nil || bytes.Equal(first, other) {
		t.Errorf("two cards are one file: %v", err)
	}
}

func TestTheDeskPrintsACardWithoutANameOnIt(t *testing.T) {
	s := newSite(t, nil)
	desk, anna := s.desk(), s.resident("Anna van Voorbeeld", 0)
	desk.post(at(anna)+"/lost", nil).want(http.StatusSeeOther)
	code := desk.page(at(anna) + "/card").wordsOf("logincode")
	r := desk.page(at(anna) + "/card.pdf")
	if kind := r.header.Get("Content-Type"); kind != "application/pdf" || r.header.Get("Cache-Control") != "no-store" {
		t.Errorf("sent as %v", r.header)
	}
	file, _ := printed(t, []byte(r.text), 100)
	if link := readCodes(t, file); !strings.HasSuffix(link, "/C/"+strings.ReplaceAll(code, "-", "")) {
		t.Errorf("the card %s leads to %s", code, link)
	}
	if text := words(t, []byte(r.text)); strings.Contains(text, "Anna") || strings.Contains(text, "Voorbeeld") {
		t.Errorf("the card says whose it is: %s", text)
	}
	r.hides("Anna")
}
