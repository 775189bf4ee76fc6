package web

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"grulden/web/page"
)

// TestNoTwoDaysInARowHaveTheSamePicture goes through three years, and wants
// every picture and colour to have its day.
func TestNoTwoDaysInARowHaveTheSamePicture(t *testing.T) {
	s := newSite(t, nil)
	day := s.clock.Now()
	last := s.server.dayMark(day)
	pictures, colours := map[string]int{}, map[string]int{}
	for range 3 * 365 {
		day = day.Add(24 * time.Hour)
		mark := s.server.dayMark(day)
		if mark.Icon == last.Icon || mark.Colour == last.Colour {
			t.Fatalf("%v has the picture or colour of the day before: %+v", day, mark)
		}
		pictures[mark.Icon]++
		colours[mark.Colour]++
		last = mark
	}
	if len(pictures) < 24 || len(colours) != 8 {
		t.Errorf("%d pictures and %d colours in three years, want at least 24 and 8", len(pictures), len(colours))
	}
	for icon, n := range pictures {
		if n > 3*3*365/len(pictures) {
			t.Errorf("%s comes on %d days of %d", icon, n, 3*365)
		}
	}
}

func TestTheMarkChangesAtMidnightInTheWijk(t *testing.T) {
	s := newSite(t, nil)
	before := time.Date(2026, 3, 2, 22, 59, 59, 0, time.UTC)
	if a, b := s.server.dayMark(before), s.server.dayMark(before.Add(-22*time.Hour)); a != b {
		t.Errorf("one day has two marks: %+v and %+v", a, b)
	}
	if a, b := s.server.dayMark(before), s.server.dayMark(before.Add(time.Second)); a == b {
		t.Errorf("midnight changes nothing: %+v", a)
	}
}

// TestAnotherWijkHasAnotherMark: without the keys of the vault nobody tells
// the mark of tomorrow.
func TestAnotherWijkHasAnotherMark(t *testing.T) {
	a, b := newSite(t, nil), newSite(t, nil)
	same := 0
	for i := range 30 {
		day := a.clock.Now().Add(time.Duration(i) * 24 * time.Hour)
		if a.server.dayMark(day) == b.server.dayMark(day) {
			same++
		}
	}
	if same > 5 {
		t.Errorf("two wijks have the same mark on %d days of 30", same)
	}
}

func TestTheReceiptShowsTheMarkOnItsDayOnly(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 5000), s.shop("Bakker")
	b, till := s.login(anna), s.login(bakker)
	code := askFor(t, till, "4,50")
	to := b.post("/P/"+code, b.page("/P/"+code).form("/P/"+code)).to()
	mark := s.server.dayMark(s.clock.Now())
	word := page.Dutch.Text(mark.Word) + ", " + page.Dutch.Text(mark.ColourWord)
	for _, who := range []*browser{b, till} {
		who.page(to).shows("Teken van vandaag: "+word, "12:00:00", "zojuist")
	}
	s.clock.add(12 * time.Second)
	b.page(to).shows("12 seconden geleden")
	s.clock.add(50 * time.Second)
	b.page(to).shows("1 minuut geleden")
	s.clock.add(24 * time.Hour)
	b.page(to).shows("2 maart 2026, 12:00:00").hides("Teken van", "geleden", "daymark")
}

func TestEveryColourOfADayHasItsRule(t *testing.T) {
	css, err := page.CSS()
	if err != nil {
		t.Fatal(err)
	}
	s := newSite(t, nil)
	seen := map[string]bool{}
	for i := range 300 {
		seen[s.server.dayMark(s.clock.Now().Add(time.Duration(i)*24*time.Hour)).Colour] = true
	}
	for colour := range seen {
		if !regexp.MustCompile(`\.daymark\.` + colour + ` \{ --day: #[0-9a-f]{6}; \}`).Match(css) {
			t.Errorf("the style sheet has no %s", colour)
		}
	}
	if strings.Count(string(css), "--day: #") != len(seen) {
		t.Errorf("%d colours were seen, the style sheet has %d", len(seen), strings.Count(string(css), "--day: #"))
	}
}
