package page

// nlDesk has the texts of the desk.
var nlDesk = texts{}
