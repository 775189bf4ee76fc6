package page

// enPayout are the texts about euros on their way out: payment files, bank
// accounts, returns, and what the bank should have.
var enPayout = texts{
	"reason.payout-not-seen": "the money is back, but the payment itself is on no statement yet",
}
