package page

// nlApp has the texts of the app itself: scanner, offline, read aloud.
var nlApp = texts{}
