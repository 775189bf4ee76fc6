package books

import "slices"

// Account is one account of the chart. Amounts on it are positive for debit.
type Account struct {
	Number  string
	Name    string // in Dutch, as it stands in the files
	English string
	RGS     string // reference code of the Referentie GrootboekSchema 3.5
	Result  bool   // it is income or cost; otherwise it is on the balance sheet
	Own     bool   // it is the foundation's own and no part of what is owed
	Empty   bool   // a balance here means that somebody has to do something
}

// The accounts that are named elsewhere.
const (
	began     = "0500"
	box       = "1000"
	carried   = "1010"
	bank      = "1100"
	unasked   = "1300"
	noEuros   = "1310"
	noProof   = "1320"
	holders   = "2000"
	fund      = "2010"
	asked     = "2020"
	paid      = "2030"
	unclear   = "2100"
	receipts  = "2110"
	givers    = "2120"
	bankCosts = "4000"
	cashDiff  = "4010"
)

// Chart is the chart of accounts, by number.
func Chart() []Account {
	return []Account{
		{Number: began, Name: "Eigen geld van de stichting", English: "the foundation's own money", RGS: "BEivOvrAlr", Own: true},
		{Number: box, Name: "Kas", English: "cash box", RGS: "BLimKasKas"},
		{Number: carried, Name: "Kasgeld onderweg naar de bank", English: "cash on its way to the bank", RGS: "BLimKruSto"},
		{Number: bank, Name: "Bank (reserve)", English: "bank (reserve)", RGS: "BLimBanRba"},
		{Number: unasked, Name: "Afschrijvingen die niemand vroeg", English: "debits nobody asked for", RGS: "BVorOvrOvk", Empty: true},
		{Number: noEuros, Name: "Uitgegeven zonder euro's, door twee mensen", English: "issued without euros, by two people", RGS: "BVorOvrOvk", Empty: true},
		{Number: noProof, Name: "Uitgegeven zonder bewijs", English: "issued without proof", RGS: "BVorOvrOvk", Empty: true},
		{Number: holders, Name: "Grulden van bewoners en winkels", English: "Grulden of residents and shops", RGS: "BSchOvsOvs"},
		{Number: fund, Name: "Wijkfonds", English: "wijkfonds", RGS: "BEivBefBef"},
		{Number: asked, Name: "Gevraagd in euro's, nog niet betaald", English: "asked in euros, not paid yet", RGS: "BSchOvsOvs"},
		{Number: paid, Name: "Betaald, nog niet op het afschrift", English: "paid, not on the statement yet", RGS: "BSchOpaOop"},
		{Number: unclear, Name: "Ontvangen, nog uit te zoeken", English: "received, to be looked into", RGS: "BSchOpaOop"},
		{Number: receipts, Name: "Kasbonnen, nog geen Grulden", English: "cash receipts without Grulden yet", RGS: "BSchOpaOop"},
		{Number: givers, Name: "Geld van gevers voor veel mensen", English: "givers' money for many people", RGS: "BSchOvsOvs"},
		{Number: bankCosts, Name: "Bankkosten", English: "bank costs", RGS: "WBedAdlBan", Result: true, Own: true},
		{Number: cashDiff, Name: "Kasverschillen", English: "cash differences", RGS: "WBedAdlBet", Result: true, Own: true},
	}
}

// account finds an account of the chart.
func account(number string) Account {
	chart := Chart()
	i := slices.IndexFunc(chart, func(a Account) bool { return a.Number == number })
	return chart[i] // numbers come from the constants above
}

// Kind says what a transaction of the books is.
type Kind string

// The kinds of transactions, in Dutch, as they stand in the files.
const (
	kindBegan     Kind = "Beginsaldo van de bank"
	kindBank      Kind = "Bank"
	kindCash      Kind = "Kas"
	kindIssue     Kind = "Grulden uitgegeven"
	kindGrant     Kind = "Uit het wijkfonds"
	kindPaid      Kind = "Van hand tot hand"
	kindRedeem    Kind = "Euro's gevraagd"
	kindSettle    Kind = "Euro's betaald"
	kindReject    Kind = "Aanvraag teruggegeven"
	kindReopen    Kind = "Betaling teruggekomen"
	kindDemurrage Kind = "Minder waard geworden, naar het wijkfonds"
)

// Journal is the day book in which a transaction stands.
type Journal struct {
	ID, Name, Type string // Type as the audit file has it
}

// Journals are the day books.
func Journals() []Journal {
	return []Journal{{"BNK", "Bankboek", "B"}, {"KAS", "Kasboek", "C"}, {"GRL", "Grulden", "M"}}
}

// journal is the day book of a kind.
func (k Kind) journal() string {
	switch k {
	case kindBank, kindBegan:
		return "BNK"
	case kindCash:
		return "KAS"
	}
	return "GRL"
}
