package sepa

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// entries turns one Ntry into one Entry per payment, where that is certain:
// the details are as many as the bank says, and add up to the entry. Otherwise
// it is one Entry, and Unsplit when there is more than one payment in it.
func (r rawEntry) entries(position, account string) ([]Entry, error) {
	base, err := r.base()
	if err != nil {
		return nil, err
	}
	base.Position = position
	details := r.details()
	if len(details) <= 1 && base.BatchCount <= 1 {
		one := rawDetail{}
		if len(details) == 1 {
			one = details[0]
		}
		base.Info = oneLine(one.Info + " " + r.Info)
		base.fill(one, account, parseCodes(oneLine(r.Info)))
		return []Entry{base}, nil
	}
	base.Group = base.group(account)
	if entries, ok := splitBatch(base, details, account); ok {
		return entries, nil
	}
	base.Unsplit = true
	base.Info = oneLine(r.Info)
	base.Remittance = base.Info
	return []Entry{base}, nil
}

// base is what an entry says about itself and all its details.
func (r rawEntry) base() (Entry, error) {
	e := Entry{
		Currency:    oneLine(r.Amount.Currency),
		AcctSvcrRef: oneLine(r.AcctSvcrRef),
		NtryRef:     oneLine(r.NtryRef),
		Booked:      firstText(r.Status.Code, r.Status.Text) == "BOOK",
		Reversal:    oneLine(r.Reversal) == "true" || oneLine(r.Reversal) == "1",
	}
	var err error
	if e.Cents, err = r.Amount.cents(e.Currency); err != nil {
		return e, err
	}
	if e.Credit, err = readDirection(r.Direction); err != nil {
		return e, err
	}
	if e.BookingDate, err = r.BookingDate.day(); err != nil {
		return e, fmt.Errorf("booking date: %w", err)
	}
	if e.ValueDate, err = r.ValueDate.day(); err != nil {
		return e, fmt.Errorf("value date: %w", err)
	}
	codes := parseCodes(oneLine(r.Info))
	e.BatchPmtInfID, e.BatchCount = codes["PREF"], readCount(codes["NRTX"])
	total := 0
	for _, b := range r.Batches {
		e.BatchMsgID = firstText(e.BatchMsgID, b.MsgID)
		e.BatchPmtInfID = firstText(b.PmtInfID, e.BatchPmtInfID)
		total += readCount(b.Count)
	}
	if total > 0 {
		e.BatchCount = total
	}
	return e, nil
}

// readCount reads a number of payments. One that makes no sense counts as not
// given; the amounts are checked anyway.
func readCount(text string) int {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 0 || n > 1_000_000 {
		return 0
	}
	return n
}

func (r rawEntry) details() []rawDetail {
	var all []rawDetail
	for _, b := range r.Batches {
		all = append(all, b.Details...)
	}
	return all
}

// splitBatch makes an entry of each detail, or reports that the details do not
// tally with the whole.
func splitBatch(base Entry, details []rawDetail, account string) ([]Entry, bool) {
	if base.BatchCount > 0 && base.BatchCount != len(details) {
		return nil, false
	}
	var entries []Entry
	sum := decimal.Zero
	for i, d := range details {
		e := base
		e.Position = fmt.Sprintf("%s.%d", base.Position, i+1)
		var ok bool
		if e.Cents, ok = d.cents(base.Currency); !ok {
			return nil, false
		}
		if oneLine(d.Direction) != "" {
			credit, err := readDirection(d.Direction)
			if err != nil {
				return nil, false
			}
			e.Credit = credit
		}
		e.Info = oneLine(d.Info)
		e.fill(d, account, nil)
		sum = sum.Add(e.signed())
		entries = append(entries, e)
	}
	return entries, sum.Equal(base.signed())
}

// cents is the detail's amount on the account, from the first place that has
// one in the account's currency.
func (d rawDetail) cents(currency string) (int64, bool) {
	for _, a := range []rawAmount{d.Amount, d.TxAmount, d.Instructed} {
		if c, err := a.cents(currency); err == nil {
			return c, true
		}
	}
	return 0, false
}

// fill adds what the detail says. codes are the bank's own, used for what the
// detail leaves out.
func (e *Entry) fill(d rawDetail, account string, codes map[string]string) {
	e.AcctSvcrRef = firstText(d.AcctSvcrRef, e.AcctSvcrRef)
	e.BatchMsgID = firstText(d.MsgID, e.BatchMsgID)
	e.BatchPmtInfID = firstText(d.PmtInfID, e.BatchPmtInfID)
	e.EndToEndID = firstText(d.EndToEndID, codes["EREF"])
	if e.EndToEndID == "NOTPROVIDED" {
		e.EndToEndID = ""
	}
	e.ReturnReason = firstText(d.ReturnCode, d.ReturnText, codes["RTRN"])

	other := d.counterparty(e.Credit, e.Reversal || e.ReturnReason != "", account)
	e.CounterpartyName = firstText(other.name, codes["NAME"])
	e.CounterpartyIBAN = other.iban
	if e.CounterpartyIBAN == "" {
		e.CounterpartyIBAN = rawAccount{IBAN: codes["IBAN"]}.number()
	}

	var more []string
	for _, s := range d.Structured {
		if ref := oneLine(s.Reference); ref != "" {
			e.RemittanceRefs = append(e.RemittanceRefs, ref)
		}
		more = append(more, s.Info...)
	}
	e.Remittance = firstText(strings.Join(d.Unstructured, " "), strings.Join(more, " "))
	if e.Remittance == "" && e.RemittanceRefs == nil {
		e.Remittance = firstText(codes["REMI"], e.Info)
	}
}

type party struct{ name, iban string }

// counterparty is the other side of the payment: the debtor of a credit, the
// creditor of a debit. A returned payment may still name the parties of the
// original payment, where we were the debtor; there, the one that has an IBAN
// which is not ours.
func (d rawDetail) counterparty(credit, returned bool, account string) party {
	sides := []party{
		{d.Debtor.name(), d.DebtorAccount.iban()},
		{d.Creditor.name(), d.CreditorAccount.iban()},
	}
	if !credit {
		sides[0], sides[1] = sides[1], sides[0]
	}
	if returned || sides[0].iban == account {
		for _, p := range sides {
			if p.iban != "" && p.iban != account {
				return p
			}
		}
	}
	return sides[0]
}

// parseCodes reads the text that ABN AMRO, and banks on its systems, put in
// AddtlNtryInf: /TRTP/kind/IBAN/number/BIC/code/NAME/name/REMI/text/EREF/id.
// The slashes are not escaped in what a payer may write, so everything from
// /REMI/ to the last /EREF/ is the payer's text, and codes inside it are not
// codes. Other text gives nil.
func parseCodes(text string) map[string]string {
	if !strings.HasPrefix(text, "/TRTP/") && !strings.HasPrefix(text, "/RTYP/") {
		return nil
	}
	codes := map[string]string{}
	head, remi, found := strings.Cut(text, "/REMI/")
	if found {
		if at := strings.LastIndex(remi, "/EREF/"); at >= 0 {
			codes["EREF"] = remi[at+len("/EREF/"):]
			remi = remi[:at]
		}
		codes["REMI"] = remi
	}
	tag := ""
	for _, part := range strings.Split(head, "/") {
		if infoTags[part] {
			tag = part
		} else if tag != "" {
			codes[tag] = strings.Trim(codes[tag]+"/"+part, "/ ")
		}
	}
	return codes
}

// infoTags are the codes that stand before /REMI/.
var infoTags = map[string]bool{
	"TRTP": true, "RTYP": true, "IBAN": true, "BIC": true, "NAME": true, "EREF": true,
	"PREF": true, "NRTX": true, "PIND": true, "MARF": true, "CSID": true, "RTRN": true,
	"ORDP": true, "BENM": true, "ID": true, "PURP": true, "ULTD": true, "ULTC": true, "SWOD": true, "SWOC": true,
}
