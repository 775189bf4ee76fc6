package page

// nlLogin has the texts of signing in, phones, staff and helpers.
var nlLogin = texts{}
