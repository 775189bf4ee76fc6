package sepa

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

const (
	painNamespace = "urn:iso:std:iso:20022:tech:xsd:pain.001.001."
	painTime      = "2006-01-02T15:04:05"
)

// dialect is what differs between the versions of the format.
type dialect struct {
	suffix string             // of the namespace
	bic    string             // the name of a BIC's element
	day    func(string) *node // what is in the execution date
}

func (f PaymentFile) dialect() dialect {
	if f.Version == 3 {
		return dialect{"03", "BIC", func(day string) *node { return leaf("ReqdExctnDt", day) }}
	}
	return dialect{"09", "BICFI", func(day string) *node { return el("ReqdExctnDt", leaf("Dt", day)) }}
}

// document lays f out in the order of the schema.
func (f PaymentFile) document() []byte {
	count, sum := strconv.Itoa(len(f.Payments)), centsText(f.Total())
	name, d := Transliterate(f.DebtorName), f.dialect()
	block := el("PmtInf",
		leaf("PmtInfId", f.MessageID),
		leaf("PmtMtd", "TRF"),
		leaf("BtchBookg", strconv.FormatBool(f.BatchBooking)),
		leaf("NbOfTxs", count),
		leaf("CtrlSum", sum),
		el("PmtTpInf", el("SvcLvl", leaf("Cd", "SEPA"))),
		d.day(f.ExecutionDate.String()),
		el("Dbtr", leaf("Nm", name)),
		el("DbtrAcct", el("Id", leaf("IBAN", string(f.DebtorIBAN)))),
		el("DbtrAgt", d.debtorBank(f.DebtorBIC)),
		leaf("ChrgBr", "SLEV"),
	)
	for _, p := range f.Payments {
		block.kids = append(block.kids, p.element(d))
	}
	return document(painNamespace+d.suffix, el("CstmrCdtTrfInitn",
		el("GrpHdr",
			leaf("MsgId", f.MessageID),
			leaf("CreDtTm", f.Created.Format(painTime)),
			leaf("NbOfTxs", count),
			leaf("CtrlSum", sum),
			el("InitgPty", leaf("Nm", name)),
		),
		block,
	))
}

// debtorBank is mandatory in the schema; NOTPROVIDED is the agreed word for
// "see the IBAN".
func (d dialect) debtorBank(bic string) *node {
	if bic == "" {
		return el("FinInstnId", el("Othr", leaf("Id", "NOTPROVIDED")))
	}
	return el("FinInstnId", leaf(d.bic, bic))
}

func (p Payment) element(d dialect) *node {
	remittance := opt("Ustrd", Transliterate(p.Text))
	if p.Reference != "" {
		remittance = el("Strd", el("CdtrRefInf",
			el("Tp", el("CdOrPrtry", leaf("Cd", "SCOR")), leaf("Issr", "ISO")),
			leaf("Ref", p.Reference),
		))
	}
	return el("CdtTrfTxInf",
		el("PmtId", leaf("EndToEndId", p.EndToEndID)),
		el("Amt", euros("InstdAmt", p.Cents)),
		when(p.BIC != "", el("CdtrAgt", el("FinInstnId", leaf(d.bic, p.BIC)))),
		el("Cdtr", leaf("Nm", Transliterate(p.Name))),
		el("CdtrAcct", el("Id", leaf("IBAN", string(p.IBAN)))),
		el("RmtInf", remittance),
	)
}

type rawGroup struct {
	MessageID string `xml:"MsgId"`
	Created   string `xml:"CreDtTm"`
	Count     string `xml:"NbOfTxs"`
	Sum       string `xml:"CtrlSum"`
}

type rawPayments struct {
	Count         string `xml:"NbOfTxs"`
	Sum           string `xml:"CtrlSum"`
	BatchBooking  string `xml:"BtchBookg"`
	ExecutionDate rawDay `xml:"ReqdExctnDt"`
	DebtorName    string `xml:"Dbtr>Nm"`
	DebtorIBAN    string `xml:"DbtrAcct>Id>IBAN"`
	DebtorBIC     string `xml:"DbtrAgt>FinInstnId>BICFI"`
	DebtorBIC3    string `xml:"DbtrAgt>FinInstnId>BIC"`

	Payments []rawPayment `xml:"CdtTrfTxInf"`
}

// rawDay is an execution date: version 3 has the day itself, 9 an element.
type rawDay struct {
	Plain string `xml:",chardata"`
	Day   string `xml:"Dt"`
}

type rawPayment struct {
	EndToEndID string    `xml:"PmtId>EndToEndId"`
	Amount     rawAmount `xml:"Amt>InstdAmt"`
	Name       string    `xml:"Cdtr>Nm"`
	IBAN       string    `xml:"CdtrAcct>Id>IBAN"`
	BIC        string    `xml:"CdtrAgt>FinInstnId>BICFI"`
	BIC3       string    `xml:"CdtrAgt>FinInstnId>BIC"`
	Text       string    `xml:"RmtInf>Ustrd"`
	Reference  string    `xml:"RmtInf>Strd>CdtrRefInf>Ref"`
}

// ReadPayments reads back a file of WritePayments, so that a second person can
// see what a file on disk would pay, and the bank simulator can book it. It
// refuses what Check refuses, and counts or sums that do not hold. It is not a
// reader for the files of other programs.
func ReadPayments(r io.Reader, l Limits) (PaymentFile, error) {
	dec := newDecoder(r, l)
	var group rawGroup
	var blocks []rawPayments
	err := walkMessage(dec, []string{"CstmrCdtTrfInitn"}, func(start *xml.StartElement) error {
		switch start.Name.Local {
		case "GrpHdr":
			return dec.DecodeElement(&group, start)
		case "PmtInf":
			blocks = append(blocks, rawPayments{})
			return dec.DecodeElement(&blocks[len(blocks)-1], start)
		}
		return dec.Skip()
	})
	if err != nil {
		return PaymentFile{}, fmt.Errorf("pain.001: %w", err)
	}
	if len(blocks) != 1 {
		return PaymentFile{}, fmt.Errorf("pain.001: %d payment blocks, where ours have one", len(blocks))
	}
	f, err := readPaymentFile(group, blocks[0])
	if err != nil {
		return PaymentFile{}, fmt.Errorf("pain.001: %w", err)
	}
	return f, nil
}

func readPaymentFile(group rawGroup, block rawPayments) (PaymentFile, error) {
	f := PaymentFile{
		Version:      9,
		MessageID:    group.MessageID,
		BatchBooking: block.BatchBooking == "true",
		DebtorName:   block.DebtorName,
		DebtorIBAN:   IBAN(block.DebtorIBAN),
		DebtorBIC:    block.DebtorBIC + block.DebtorBIC3,
	}
	var err error
	if f.Created, err = time.Parse(painTime, group.Created); err != nil {
		return f, errors.New("the time of creation is not like " + painTime)
	}
	day := block.ExecutionDate.Day
	if day == "" {
		day, f.Version = strings.TrimSpace(block.ExecutionDate.Plain), 3
	}
	if f.ExecutionDate, err = ParseDate(day); err != nil {
		return f, fmt.Errorf("execution date: %w", err)
	}
	for i, raw := range block.Payments {
		cents, err := raw.Amount.cents("EUR")
		if err != nil {
			return f, fmt.Errorf("payment %d: %w", i+1, err)
		}
		f.Payments = append(f.Payments, Payment{
			EndToEndID: raw.EndToEndID, Cents: cents, Name: raw.Name, IBAN: IBAN(raw.IBAN),
			BIC: raw.BIC + raw.BIC3, Text: raw.Text, Reference: raw.Reference,
		})
	}
	if err := f.Check(); err != nil {
		return f, err
	}
	count, sum := strconv.Itoa(len(f.Payments)), centsText(f.Total())
	if group.Count != count || block.Count != count || group.Sum != sum || block.Sum != sum {
		return f, fmt.Errorf("it says %.20q payments of %.30q together, but has %s of %s", group.Count, group.Sum, count, sum)
	}
	return f, nil
}
