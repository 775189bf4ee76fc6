package page

// nlShops has the texts of the list of shops and the map.
var nlShops = texts{}
