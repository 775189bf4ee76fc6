package page

// enTill has the texts of the till and the shop.
var enTill = texts{}
