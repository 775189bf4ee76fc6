// Package tagged draws a document as a PDF that says what each thing on its
// pages is, so that who cannot see it hears headings, paragraphs and tables and
// not loose words.
//
// Theory. In a tagged PDF (ISO 32000-1, 14.7 and 14.8) every piece of a page is
// between two marks that bear a number, a tree of elements names those numbers in
// the order of reading, and what is not to be read is marked as an artifact. The
// pages are drawn by fpdf, which knows no tags; the marks are put between what it
// draws. The tree, and what else PDF/UA-1 (ISO 14289-1) asks for, is then appended
// as an incremental update (ISO 32000-1, 7.5.6), which leaves what fpdf wrote as
// it is. No checker of PDF/UA can be installed by the tests; the rules that a machine
// can check are a test here. Fonts are the Go fonts, which may be given on and are put into the file.
//
// The same calls give the same bytes: no clock, no random identifier. The package
// refuses links, forms and pictures in pixels: a report has none, and each would
// need rules of its own.
package tagged
