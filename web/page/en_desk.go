package page

// enDesk has the texts of the desk.
var enDesk = texts{}
