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
	accBegan    = "0500"
	accBox      = "1000"
	accCarried  = "1010"
	accBank     = "1100"
	accUnasked  = "1300"
	accNoEuros  = "1310"
	accNoProof  = "1320"
	accHolders  = "2000"
	accFund     = "2010"
	accAsked    = "2020"
	accPaid     = "2030"
	accUnclear  = "2100"
	accReceipts = "2110"
	accGivers   = "2120"
	accCosts    = "4000"
	accDiff     = "4010"
)

// Chart is the chart of accounts, by number.
func Chart() []Account {
	return []Account{
		{Number: accBegan, Name: "Eigen geld van de stichting", English: "the foundation's own money", RGS: "BEivOvrAlr", Own: true},
		{Number: accBox, Name: "Kas", English: "cash box", RGS: "BLimKasKas"},
		{Number: accCarried, Name: "Kasgeld onderweg naar de bank", English: "cash on its way to the bank", RGS: "BLimKruSto"},
		{Number: accBank, Name: "Bank (reserve)", English: "bank (reserve)", RGS: "BLimBanRba"},
		{Number: accUnasked, Name: "Afschrijvingen die niemand vroeg", English: "debits nobody asked for", RGS: "BVorOvrOvk", Empty: true},
		{Number: accNoEuros, Name: "Uitgegeven zonder euro's, door twee mensen", English: "issued without euros, by two people", RGS: "BVorOvrOvk", Empty: true},
		{Number: accNoProof, Name: "Uitgegeven zonder bewijs", English: "issued without proof", RGS: "BVorOvrOvk", Empty: true},
		{Number: accHolders, Name: "Grulden van bewoners en winkels", English: "Grulden of residents and shops", RGS: "BSchOvsOvs"},
		{Number: accFund, Name: "Wijkfonds", English: "wijkfonds", RGS: "BEivBefBef"},
		{Number: accAsked, Name: "Gevraagd in euro's, nog niet betaald", English: "asked in euros, not paid yet", RGS: "BSchOvsOvs"},
		{Number: accPaid, Name: "Betaald, nog niet op het afschrift", English: "paid, not on the statement yet", RGS: "BSchOpaOop"},
		{Number: accUnclear, Name: "Ontvangen, nog uit te zoeken", English: "received, to be looked into", RGS: "BSchOpaOop"},
		{Number: accReceipts, Name: "Kasbonnen, nog geen Grulden", English: "cash receipts without Grulden yet", RGS: "BSchOpaOop"},
		{Number: accGivers, Name: "Geld van gevers voor veel mensen", English: "givers' money for many people", RGS: "BSchOvsOvs"},
		{Number: accCosts, Name: "Bankkosten", English: "bank costs", RGS: "WBedAdlBan", Result: true, Own: true},
		{Number: accDiff, Name: "Kasverschillen", English: "cash differences", RGS: "WBedAdlBet", Result: true, Own: true},
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
