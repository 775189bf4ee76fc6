package page

// enShops has the texts of the list of shops and the map.
var enShops = texts{}
