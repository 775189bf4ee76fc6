package page

// enOrders has the texts of requests, standing payments and batches.
var enOrders = texts{
	"link.taken": "Enough people have paid with this link already. There is nothing left for you to do.",
}
