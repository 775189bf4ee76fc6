// Package export writes a ledger out for others: as the replay format, from
// which another ledger gets the same state; as double-entry postings in CSV;
// and as a journal for hledger whose balances agree with the ledger's own.
//
// Accounts go by the labels the caller gives. The package only reads.
package export

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"

	"grulden/demurrage"
	"grulden/internal/record"
	"grulden/ledger"
)

// Labels names an account for the reader of an export.
type Labels func(ledger.AccountID) (string, error)

// line is one command of the replay format; what is empty is left out.
type line struct {
	Kind      string    `json:"kind"`
	At        string    `json:"at"`
	Account   string    `json:"account,omitempty"`
	Role      string    `json:"role,omitempty"`
	Owner     string    `json:"owner,omitempty"`
	From      string    `json:"from,omitempty"`
	To        string    `json:"to,omitempty"`
	Amount    string    `json:"amount,omitempty"`
	ID        string    `json:"id,omitempty"`
	Of        string    `json:"of,omitempty"`
	Rate      string    `json:"rate,omitempty"`
	Every     string    `json:"every,omitempty"`
	GraceDays *uint16   `json:"grace_days,omitempty"`
	Hops      uint8     `json:"hops,omitempty"`
	TermDays  uint16    `json:"term_days,omitempty"`
	Fee       string    `json:"redemption_fee,omitempty"`
	Redeemers *[]string `json:"redeemers,omitempty"`
	Device    string    `json:"device,omitempty"`
	Alg       string    `json:"alg,omitempty"`
	Key       string    `json:"key,omitempty"`
	About     string    `json:"about,omitempty"`
	Digest    string    `json:"digest,omitempty"`
}

// Lines writes records in the replay format. Ids of owners, payments,
// redemptions and devices are the ledger's own numbers. Who authorised what, and
// the signatures of devices, stay behind: they belong to that ledger and its ids,
// and would fit no other.
func Lines(w io.Writer, records iter.Seq2[*record.Record, error], name Labels) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for r, err := range records {
		if err != nil {
			return err
		}
		l, err := lineOf(r, name)
		if err != nil {
			return err
		}
		if err := enc.Encode(l); err != nil {
			return err
		}
	}
	return nil
}

func lineOf(r *record.Record, name Labels) (line, error) {
	l := line{At: r.Moment.At.Time().Format(time.RFC3339Nano)}
	var err error
	label := func(id ledger.AccountID) string {
		s, e := name(id)
		if e != nil {
			err = e
		}
		return s
	}
	switch c := r.Command.(type) {
	case ledger.SetPolicy:
		l.policy(c)
	case ledger.Open:
		l.Kind, l.Account, l.Role = "open", label(c.Account), c.Role
		l.Owner = fmt.Sprintf("owner-%016x", uint64(c.Owner))
	case ledger.Close:
		l.Kind, l.Account = "close", label(c.Account)
	case ledger.Block:
		l.Kind, l.Account = "block", label(c.Account)
	case ledger.Unblock:
		l.Kind, l.Account = "unblock", label(c.Account)
	case ledger.Issue:
		l.Kind, l.To, l.Amount = "issue", label(c.To), c.Amount.String()
	case ledger.Grant:
		l.Kind, l.To, l.Amount = "grant", label(c.To), c.Amount.String()
	case ledger.Pay:
		l.Kind, l.From, l.To = "pay", label(c.From), label(c.To)
		l.Amount, l.ID = c.Amount.String(), c.ID.String()
	case ledger.Refund:
		l.Kind, l.Of = "refund", c.Of.String()
		if !c.All {
			l.Amount = c.Amount.String()
		}
	case ledger.Redeem:
		l.Kind, l.From, l.Amount, l.ID = "redeem", label(c.From), c.Amount.String(), c.ID.String()
	case ledger.Settle:
		l.Kind, l.Of = "settle", c.Of.String()
	case ledger.Reject:
		l.Kind, l.Of = "reject", c.Of.String()
	case ledger.Enrol:
		l.Kind, l.Account, l.Device = "enrol", label(c.Account), ledger.ID(c.Device).String()
		l.Alg, l.Key = c.Alg.String(), hex.EncodeToString(c.Key)
	case ledger.Retire:
		l.Kind, l.Account, l.Device = "retire", label(c.Account), ledger.ID(c.Device).String()
	case ledger.Reopen:
		l.Kind, l.Of = "reopen", c.Of.String()
	case ledger.Note:
		l.Kind, l.About, l.Digest = "note", c.About, hex.EncodeToString(c.Digest[:])
		if c.Account != 0 {
			l.Account = label(c.Account)
		}
	}
	return l, err
}

func (l *line) policy(c ledger.SetPolicy) {
	p := c.Policy
	l.Kind, l.Rate, l.Every = "policy", Percent(uint32(p.Rate)), "day"
	if p.Every == demurrage.Monthly {
		l.Every = "month"
	}
	l.GraceDays, l.Hops, l.TermDays, l.Fee = &p.GraceDays, p.Hops, p.TermDays, Percent(p.Fee)
	redeemers := append([]string{}, p.Redeemers...)
	l.Redeemers = &redeemers
	if c.HasFrom {
		l.From = p.From.String()
	}
}

// Percent writes billionths as a percentage: 165 000 is 0.0165%.
func Percent(billionths uint32) string {
	s := fmt.Sprintf("%d.%07d", billionths/1e7, billionths%1e7)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".") + "%"
}
