package page

// nlPayout are the texts about euros on their way out: payment files, bank
// accounts, returns, and what the bank should have.
var nlPayout = texts{
	"reason.payout-not-seen": "het geld is terug, maar de betaling zelf staat nog op geen afschrift",
}
