package sepa

// The raw types are camt.053 and camt.054 as encoding/xml decodes it: local names only, so
// that one set of types reads every version. What is spelled two ways across
// versions has two fields, of which one is filled.

type rawPeriod struct {
	From string `xml:"FrDtTm"`
	To   string `xml:"ToDtTm"`
}

type rawAccount struct {
	IBAN     string `xml:"Id>IBAN"`
	Other    string `xml:"Id>Othr>Id"`
	Currency string `xml:"Ccy"`
}

type rawAmount struct {
	Currency string `xml:"Ccy,attr"`
	Text     string `xml:",chardata"`
}

type rawDate struct {
	Day  string `xml:"Dt"`
	Time string `xml:"DtTm"`
}

type rawBalance struct {
	Code      string    `xml:"Tp>CdOrPrtry>Cd"`
	Amount    rawAmount `xml:"Amt"`
	Direction string    `xml:"CdtDbtInd"`
	Date      rawDate   `xml:"Dt"`
}

type rawEntry struct {
	NtryRef     string     `xml:"NtryRef"`
	Amount      rawAmount  `xml:"Amt"`
	Direction   string     `xml:"CdtDbtInd"`
	Reversal    string     `xml:"RvslInd"`
	Status      rawStatus  `xml:"Sts"`
	BookingDate rawDate    `xml:"BookgDt"`
	ValueDate   rawDate    `xml:"ValDt"`
	AcctSvcrRef string     `xml:"AcctSvcrRef"`
	Batches     []rawBatch `xml:"NtryDtls"`
	Info        string     `xml:"AddtlNtryInf"`
}

// rawStatus is text up to version 04 and holds a code from 05 on.
type rawStatus struct {
	Text string `xml:",chardata"`
	Code string `xml:"Cd"`
}

type rawBatch struct {
	MsgID    string `xml:"Btch>MsgId"`
	PmtInfID string `xml:"Btch>PmtInfId"`
	Count    string `xml:"Btch>NbOfTxs"`

	Details []rawDetail `xml:"TxDtls"`
}

type rawDetail struct {
	MsgID       string `xml:"Refs>MsgId"`
	PmtInfID    string `xml:"Refs>PmtInfId"`
	AcctSvcrRef string `xml:"Refs>AcctSvcrRef"`
	EndToEndID  string `xml:"Refs>EndToEndId"`

	Amount     rawAmount `xml:"Amt"` // from version 04 on
	TxAmount   rawAmount `xml:"AmtDtls>TxAmt>Amt"`
	Instructed rawAmount `xml:"AmtDtls>InstdAmt>Amt"`
	Direction  string    `xml:"CdtDbtInd"` // from version 04 on

	Debtor          rawParty   `xml:"RltdPties>Dbtr"`
	DebtorAccount   rawAccount `xml:"RltdPties>DbtrAcct"`
	Creditor        rawParty   `xml:"RltdPties>Cdtr"`
	CreditorAccount rawAccount `xml:"RltdPties>CdtrAcct"`

	Unstructured []string        `xml:"RmtInf>Ustrd"`
	Structured   []rawStructured `xml:"RmtInf>Strd"`

	ReturnCode string `xml:"RtrInf>Rsn>Cd"`
	ReturnText string `xml:"RtrInf>Rsn>Prtry"`
	Info       string `xml:"AddtlTxInf"`
}

type rawStructured struct {
	Reference string   `xml:"CdtrRefInf>Ref"`
	Info      []string `xml:"AddtlRmtInf"`
}

// rawParty has the name directly up to version 06, inside Pty or Agt later.
type rawParty struct {
	Name      string `xml:"Nm"`
	PartyName string `xml:"Pty>Nm"`
	AgentName string `xml:"Agt>FinInstnId>Nm"`
}

func (p rawParty) name() string {
	return firstText(p.Name, p.PartyName, p.AgentName)
}
