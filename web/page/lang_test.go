package page

import (
	"math"
	"testing"
	"time"
)

func TestMoneyIsWrittenAsTheLanguageDoes(t *testing.T) {
	for _, tt := range []struct {
		cents  int64
		nl, en string
	}{
		{0, "0,00", "0.00"},
		{5, "0,05", "0.05"},
		{1250, "12,50", "12.50"},
		{100000, "1.000,00", "1,000.00"},
		{123456789, "1.234.567,89", "1,234,567.89"},
		{-1250, "−12,50", "−12.50"},
		{math.MinInt64, "−92.233.720.368.547.758,08", "−92,233,720,368,547,758.08"},
	} {
		if got := Dutch.Money(tt.cents); got != tt.nl {
			t.Errorf("Dutch.Money(%d) = %q, want %q", tt.cents, got, tt.nl)
		}
		if got := English.Money(tt.cents); got != tt.en {
			t.Errorf("English.Money(%d) = %q, want %q", tt.cents, got, tt.en)
		}
	}
	if got := Dutch.Euro(1250); got != "€\u00a012,50" {
		t.Errorf("Euro = %q", got)
	}
	if got := Dutch.Input(123450); got != "1234,50" {
		t.Errorf("Input = %q, want no groups", got)
	}
}

func TestDatesAreWrittenInWords(t *testing.T) {
	at := time.Date(2026, 12, 3, 9, 5, 0, 0, time.UTC)
	for _, tt := range []struct{ got, want string }{
		{Dutch.Date(at), "3\u00a0december 2026"},
		{English.Date(at), "3\u00a0December 2026"},
		{Dutch.DateTime(at), "3\u00a0december, 09:05"},
		{English.ShortDate(at), "3\u00a0December"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}

func TestUnknownLanguagesAreDutch(t *testing.T) {
	for tag, want := range map[string]Lang{"nl": Dutch, "en": English, "": Dutch, "xx": Dutch} {
		if got := ParseLang(tag); got != want {
			t.Errorf("ParseLang(%q) = %q, want %q", tag, got, want)
		}
	}
}
