// Package record is how an entry is written in the journal: one record of
// deterministic CBOR (RFC 8949 §4.2), readable in any language with the table
// in SPEC.md §10. It knows what a ledger's entries are made of and no rule.
//
// A record is an array:
//
//	[format, seq, seconds, nanoseconds, day, by, how, key, kind, command, facts]
//
// Commands and facts are arrays too, in the order of their fields below. Units
// and worths are unsigned integers, as bignums where 64 bits are too few; ids
// are byte strings; a field that may be empty is empty, never missing.
package record

import (
	"fmt"

	"grulden/ledger"
)

// Format is the format of the records written now.
//
//	1: first
const Format = 1

// Auth says who authorised a command and how.
type Auth struct {
	By  ActorID // the person or login; nought for none
	How string  // one of the words below
}

// ActorID names a person or a login; it is random and tells nothing else.
type ActorID [16]byte

// How a command may be authorised.
const (
	ByReplay   = "replay"   // it came with a file of the replay format
	ByPIN      = "pin"      // a person signed in with code and PIN
	ByToken    = "token"    // a program, with a token that such a person got
	ByBank     = "bank"     // an entry in a bank statement
	ByOperator = "operator" // on the command line of the machine itself
	ByBench    = "bench"    // a measurement
)

// Record is an entry and who authorised it.
type Record struct {
	ledger.Entry
	Auth Auth
}

// kinds of commands, as they stand in a record; never renumbered.
const (
	kindPolicy = iota + 1
	kindOpen
	kindClose
	kindBlock
	kindUnblock
	kindIssue
	kindGrant
	kindPay
	kindRefund
	kindRedeem
	kindSettle
	kindReject
)

// Encode writes a record.
func Encode(r *Record) ([]byte, error) {
	w := make(writer, 0, 96+16*(len(r.Facts.Ripe)+len(r.Facts.Promised))+24*(len(r.Facts.Out)+len(r.Facts.In)))
	w.array(11)
	w.uint(Format)
	w.uint(r.Seq)
	w.int(r.Moment.At.Sec)
	w.int(int64(r.Moment.At.Nsec))
	w.int(int64(r.Moment.Day))
	w.some(r.Auth.By)
	w.text(r.Auth.How)
	w.some(r.Key)
	if !w.command(r.Command) {
		return nil, fmt.Errorf("a command of type %T cannot be recorded", r.Command)
	}
	w.facts(&r.Facts)
	return w, nil
}

// AppendFacts appends facts as they stand in a record.
func AppendFacts(dst []byte, f *ledger.Facts) []byte {
	w := writer(dst)
	w.facts(f)
	return w
}

// command appends the kind of a command and the command.
func (w *writer) command(cmd ledger.Command) (known bool) {
	switch c := cmd.(type) {
	case ledger.SetPolicy:
		w.uint(kindPolicy)
		w.policy(&c)
	case ledger.Open:
		w.uint(kindOpen)
		w.array(3)
		w.uint(uint64(c.Account))
		w.uint(uint64(c.Owner))
		w.text(c.Role)
	case ledger.Close:
		w.account(kindClose, c.Account)
	case ledger.Block:
		w.account(kindBlock, c.Account)
	case ledger.Unblock:
		w.account(kindUnblock, c.Account)
	case ledger.Issue:
		w.credit(kindIssue, c.To, c.Amount)
	case ledger.Grant:
		w.credit(kindGrant, c.To, c.Amount)
	default:
		return w.payment(cmd)
	}
	return true
}

// payment appends the commands that name a payment or a redemption.
func (w *writer) payment(cmd ledger.Command) (known bool) {
	switch c := cmd.(type) {
	case ledger.Pay:
		w.uint(kindPay)
		w.array(4)
		w.bytes(c.ID[:])
		w.uint(uint64(c.From))
		w.uint(uint64(c.To))
		w.int(int64(c.Amount))
	case ledger.Refund:
		w.uint(kindRefund)
		w.array(3)
		w.bytes(c.Of[:])
		w.int(int64(c.Amount))
		w.flag(c.All)
	case ledger.Redeem:
		w.uint(kindRedeem)
		w.array(3)
		w.bytes(c.ID[:])
		w.uint(uint64(c.From))
		w.int(int64(c.Amount))
	case ledger.Settle:
		w.uint(kindSettle)
		w.bytes(c.Of[:])
	case ledger.Reject:
		w.uint(kindReject)
		w.bytes(c.Of[:])
	default:
		return false
	}
	return true
}

func (w *writer) account(kind uint64, a ledger.AccountID) {
	w.uint(kind)
	w.uint(uint64(a))
}

func (w *writer) credit(kind uint64, to ledger.AccountID, amount ledger.Cents) {
	w.uint(kind)
	w.array(2)
	w.uint(uint64(to))
	w.int(int64(amount))
}

func (w *writer) policy(c *ledger.SetPolicy) {
	p := &c.Policy
	w.array(9)
	w.int(int64(p.From))
	w.flag(c.HasFrom)
	w.uint(uint64(p.Rate))
	w.uint(uint64(p.Every))
	w.uint(uint64(p.GraceDays))
	w.uint(uint64(p.Hops))
	w.uint(uint64(p.TermDays))
	w.uint(uint64(p.Fee))
	w.array(len(p.Redeemers))
	for _, role := range p.Redeemers {
		w.text(role)
	}
}

func (w *writer) lot(id ledger.LotID) {
	w.uint(id.Seq)
	w.uint(uint64(id.Part))
}

func (w *writer) facts(f *ledger.Facts) {
	w.array(10)
	w.uint(uint64(f.Debit))
	w.uint(uint64(f.Credit))
	w.uint(f.DebitPrev)
	w.uint(f.CreditPrev)
	w.array(len(f.Ripe))
	for _, id := range f.Ripe {
		w.array(2)
		w.lot(id)
	}
	w.array(len(f.Out))
	for i := range f.Out {
		out := &f.Out[i]
		w.array(5)
		w.lot(out.Lot)
		w.int(int64(out.Melts))
		w.wide(out.Rest)
		w.flag(out.Pooled)
	}
	w.array(len(f.In))
	for i := range f.In {
		in := &f.In[i]
		w.array(5)
		w.uint(uint64(in.How))
		w.lot(in.Lot)
		w.int(int64(in.Melts))
		w.wide(in.Units)
	}
	w.array(len(f.Promised))
	for _, p := range f.Promised {
		w.array(2)
		w.int(int64(p.Melts))
		w.wide(p.Worth)
	}
	w.int(int64(f.Amount))
	w.int(int64(f.Fee))
}
