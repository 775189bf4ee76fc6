// Package record is how an entry is written in the journal: one record of
// deterministic CBOR (RFC 8949 §4.2), readable in any language with the table
// in SPEC.md §10. It knows what a ledger's entries are made of and no rule.
//
// A record is an array:
//
//	[1, seq, seconds, nanoseconds, day, by, how, key, kind, command, facts]
//	[2, seq, seconds, nanoseconds, day, by, how, proof, key, kind, command, facts]
//
// The second is that of a payment which a device signed.
//
// Commands and facts are arrays too, in the order of their fields below. Units
// and worths are unsigned integers, as bignums where 64 bits are too few; ids
// are byte strings; a field that may be empty is empty, never missing.
package record

import (
	"fmt"
	"slices"

	"grulden/ledger"
)

// Format is the latest format of a record. A record is written in the first one
// that can say what it says.
//
//	1: first
//	2: with the proof of a payment
const Format = 2

// Auth says who authorised a command and how.
type Auth struct {
	By    ActorID // the person or login; nought for none
	How   string  // one of the words below
	Proof *Proof  // of a payment: what a device signed; nil for none
}

// ActorID names a person or a login; it is random and tells nothing else.
type ActorID [16]byte

// How a command may be authorised.
const (
	ByReplay    = "replay"     // it came with a file of the replay format
	ByPIN       = "pin"        // a person signed in with code and PIN, and nothing was asked for this command
	ByPINNow    = "pin-now"    // the PIN was asked for this very payment
	ByDevice    = "device"     // signed by the person's phone
	ByDevicePIN = "device-pin" // signed by the phone, and the PIN was asked
	ByCard      = "card"       // card and PIN at a shop's till
	ByHelper    = "helper"     // a helper, with a login of their own
	ByStanding  = "standing"   // a standing order that the person gave before
	ByBatch     = "batch"      // a line of an organisation's list of payments
	ByPasskey   = "passkey"    // a person signed in with a passkey
	ByToken     = "token"      // a program, with a token that such a person got
	ByBank      = "bank"       // an entry in a bank statement
	ByOperator  = "operator"   // on the command line of the machine itself
	ByTwo       = "two"        // two people: one proposed it, and another, who stands in the record, approved
	ByBench     = "bench"      // a measurement
)

// known are the words above, so that a reader need not make them anew.
var known = []string{
	ByPIN, ByDevice, ByPINNow, ByDevicePIN, ByCard, ByHelper, ByStanding, ByBatch, ByPasskey,
	ByToken, ByBank, ByOperator, ByReplay, ByTwo, ByBench,
}

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
	kindEnrol
	kindRetire
	kindNote
	kindReopen
)

// Encode writes a record.
func Encode(r *Record) ([]byte, error) {
	w := make(writer, 0, 96+16*(len(r.Facts.Ripe)+len(r.Facts.Promised))+24*(len(r.Facts.Out)+len(r.Facts.In)))
	pay, isPay := r.Command.(ledger.Pay)
	proof := r.Auth.Proof
	format := 1
	if proof != nil {
		if !isPay || !proof.fits(pay) {
			return nil, fmt.Errorf("a proof that is not of this %T cannot be recorded", r.Command)
		}
		format = 2
		w = slices.Grow(w, 160)
	}
	w.array(10 + format)
	w.uint(uint64(format))
	w.uint(r.Seq)
	w.int(r.Moment.At.Sec)
	w.int(int64(r.Moment.At.Nsec))
	w.int(int64(r.Moment.Day))
	w.some(r.Auth.By)
	w.text(r.Auth.How)
	if proof != nil {
		w.proof(proof)
	}
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
	case ledger.Note:
		w.uint(kindNote)
		w.array(3)
		w.uint(uint64(c.Account))
		w.text(c.About)
		w.bytes(c.Digest[:])
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
	case ledger.Enrol:
		w.uint(kindEnrol)
		w.array(4)
		w.uint(uint64(c.Account))
		w.bytes(c.Device[:])
		w.uint(uint64(c.Alg))
		w.bytes(c.Key)
	case ledger.Retire:
		w.uint(kindRetire)
		w.array(2)
		w.uint(uint64(c.Account))
		w.bytes(c.Device[:])
	case ledger.Reopen:
		w.uint(kindReopen)
		w.bytes(c.Of[:])
	default:
		return false
	}
	return true
}

// proof appends a proof. What a standing order says of the payment itself
// stands in the command.
func (w *writer) proof(p *Proof) {
	w.array(4)
	w.bytes(p.Device[:])
	w.int(p.At)
	w.bytes(p.Sig)
	s := p.Standing
	if s == nil {
		w.array(0)
		return
	}
	w.array(6)
	w.bytes(s.ID[:])
	w.uint(uint64(s.Every))
	w.int(int64(s.First))
	w.flag(s.HasLast)
	w.int(int64(s.Last))
	w.int(int64(s.Due))
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
