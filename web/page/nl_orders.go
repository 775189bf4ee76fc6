package page

// nlOrders has the texts of requests, standing payments and batches.
var nlOrders = texts{
	"link.taken": "Er hebben al genoeg mensen betaald met deze link. U hoeft niets meer te doen.",
}
