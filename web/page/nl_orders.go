package page

// nlOrders has the texts of requests, standing payments and batches.
var nlOrders = texts{}
