package page

// enOrders has the texts of requests, standing payments and batches.
var enOrders = texts{}
