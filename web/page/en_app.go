package page

// enApp has the texts of the app itself: scanner, offline, read aloud.
var enApp = texts{}
