package page

// nlTill has the texts of the till and the shop.
var nlTill = texts{}
