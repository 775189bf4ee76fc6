package page

// enLogin has the texts of signing in, phones, staff and helpers.
var enLogin = texts{}
