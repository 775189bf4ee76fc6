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
	"errors"
	"fmt"
	"math/big"

	"github.com/fxamacker/cbor/v2"

	"grulden/demurrage"
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

type wireRecord struct {
	_       struct{} `cbor:",toarray"`
	Format  uint
	Seq     uint64
	Sec     int64
	Nsec    int32
	Day     demurrage.Day
	By      []byte
	How     string
	Key     []byte
	Kind    uint8
	Command cbor.RawMessage
	Facts   cbor.RawMessage
}

type wirePolicy struct {
	_         struct{} `cbor:",toarray"`
	From      demurrage.Day
	HasFrom   bool
	Rate      demurrage.Rate
	Every     demurrage.Every
	GraceDays uint16
	Hops      uint8
	TermDays  uint16
	Fee       uint32
	Redeemers []string
}

type wireOpen struct {
	_       struct{} `cbor:",toarray"`
	Account ledger.AccountID
	Owner   ledger.OwnerID
	Role    string
}

// wireCredit is an issue or a grant.
type wireCredit struct {
	_      struct{} `cbor:",toarray"`
	To     ledger.AccountID
	Amount ledger.Cents
}

type wirePay struct {
	_      struct{} `cbor:",toarray"`
	ID     []byte
	From   ledger.AccountID
	To     ledger.AccountID
	Amount ledger.Cents
}

type wireRefund struct {
	_      struct{} `cbor:",toarray"`
	Of     []byte
	Amount ledger.Cents
	All    bool
}

type wireRedeem struct {
	_      struct{} `cbor:",toarray"`
	ID     []byte
	From   ledger.AccountID
	Amount ledger.Cents
}

type wireFacts struct {
	_          struct{} `cbor:",toarray"`
	Debit      ledger.AccountID
	Credit     ledger.AccountID
	DebitPrev  uint64
	CreditPrev uint64
	Ripe       []wireLotID
	Out        []wireOut
	In         []wireIn
	Promised   []wirePromise
	Amount     ledger.Cents
	Fee        ledger.Cents
}

type wireLotID struct {
	_    struct{} `cbor:",toarray"`
	Seq  uint64
	Part uint32
}

type wireOut struct {
	_      struct{} `cbor:",toarray"`
	Seq    uint64
	Part   uint32
	Melts  demurrage.Day
	Rest   wide
	Pooled bool
}

type wireIn struct {
	_     struct{} `cbor:",toarray"`
	How   ledger.How
	Seq   uint64
	Part  uint32
	Melts demurrage.Day
	Units wide
}

type wirePromise struct {
	_     struct{} `cbor:",toarray"`
	Melts demurrage.Day
	Worth wide
}

// wide is a Wide as an unsigned integer or bignum.
type wide demurrage.Wide

var encMode, decMode = modes()

func modes() (cbor.EncMode, cbor.DecMode) {
	enc, err := cbor.CoreDetEncOptions().EncMode()
	if err != nil {
		panic(err) // the options are constants
	}
	dec, err := cbor.DecOptions{
		DupMapKey:   cbor.DupMapKeyEnforcedAPF,
		IndefLength: cbor.IndefLengthForbidden,
		MaxMapPairs: 16, MaxArrayElements: 1 << 20, MaxNestedLevels: 8,
	}.DecMode()
	if err != nil {
		panic(err)
	}
	return enc, dec
}

// MarshalCBOR writes the shortest of the two forms.
func (w wide) MarshalCBOR() ([]byte, error) {
	if w.Hi == 0 {
		return encMode.Marshal(w.Lo)
	}
	return encMode.Marshal(demurrage.Wide(w).Big())
}

var errWide = errors.New("an integer of more than 128 bits, or below nought")

// UnmarshalCBOR reads either form.
func (w *wide) UnmarshalCBOR(data []byte) error {
	if len(data) > 0 && data[0]>>5 == 0 { // major type 0: an unsigned integer
		w.Hi = 0
		return decMode.Unmarshal(data, &w.Lo)
	}
	var b big.Int
	if err := decMode.Unmarshal(data, &b); err != nil {
		return err
	}
	if b.Sign() < 0 || b.BitLen() > 128 {
		return errWide
	}
	w.Lo = new(big.Int).And(&b, new(big.Int).SetUint64(^uint64(0))).Uint64()
	w.Hi = new(big.Int).Rsh(&b, 64).Uint64()
	return nil
}

// Encode writes a record.
func Encode(r *Record) ([]byte, error) {
	kind, command, err := encodeCommand(r.Command)
	if err != nil {
		return nil, err
	}
	facts, err := EncodeFacts(&r.Facts)
	if err != nil {
		return nil, err
	}
	w := wireRecord{
		Format: Format, Seq: r.Seq, Sec: r.Moment.At.Sec, Nsec: r.Moment.At.Nsec, Day: r.Moment.Day,
		By: some(r.Auth.By), How: r.Auth.How, Key: some(r.Key), Kind: kind, Command: command,
		Facts: facts,
	}
	return encMode.Marshal(w)
}

// EncodeFacts writes facts as they stand in a record.
func EncodeFacts(f *ledger.Facts) ([]byte, error) { return encMode.Marshal(toWire(f)) }

// some is the bytes of an id, none if it is nought.
func some(id [16]byte) []byte {
	if id == [16]byte{} {
		return []byte{}
	}
	return id[:]
}

// id reads what some wrote.
func id(b []byte) (id [16]byte, err error) {
	if n := copy(id[:], b); n != len(b) || n != 0 && n != len(id) {
		return id, fmt.Errorf("an id of %d bytes", len(b))
	}
	return id, nil
}

func encodeCommand(cmd ledger.Command) (uint8, []byte, error) {
	kind, v := wireCommand(cmd)
	if v == nil {
		return 0, nil, fmt.Errorf("a command of type %T cannot be recorded", cmd)
	}
	b, err := encMode.Marshal(v)
	return kind, b, err
}

func wireCommand(cmd ledger.Command) (uint8, any) {
	switch c := cmd.(type) {
	case ledger.SetPolicy:
		p := c.Policy
		return kindPolicy, wirePolicy{
			From: p.From, HasFrom: c.HasFrom, Rate: p.Rate, Every: p.Every, GraceDays: p.GraceDays,
			Hops: p.Hops, TermDays: p.TermDays, Fee: p.Fee, Redeemers: append([]string{}, p.Redeemers...),
		}
	case ledger.Open:
		return kindOpen, wireOpen{Account: c.Account, Owner: c.Owner, Role: c.Role}
	case ledger.Close:
		return kindClose, c.Account
	case ledger.Block:
		return kindBlock, c.Account
	case ledger.Unblock:
		return kindUnblock, c.Account
	case ledger.Issue:
		return kindIssue, wireCredit{To: c.To, Amount: c.Amount}
	case ledger.Grant:
		return kindGrant, wireCredit{To: c.To, Amount: c.Amount}
	case ledger.Pay:
		return kindPay, wirePay{ID: c.ID[:], From: c.From, To: c.To, Amount: c.Amount}
	case ledger.Refund:
		return kindRefund, wireRefund{Of: c.Of[:], Amount: c.Amount, All: c.All}
	case ledger.Redeem:
		return kindRedeem, wireRedeem{ID: c.ID[:], From: c.From, Amount: c.Amount}
	case ledger.Settle:
		return kindSettle, c.Of[:]
	case ledger.Reject:
		return kindReject, c.Of[:]
	}
	return 0, nil
}

func toWire(f *ledger.Facts) wireFacts {
	w := wireFacts{
		Debit: f.Debit, Credit: f.Credit, DebitPrev: f.DebitPrev, CreditPrev: f.CreditPrev,
		Ripe: make([]wireLotID, len(f.Ripe)), Out: make([]wireOut, len(f.Out)),
		In: make([]wireIn, len(f.In)), Promised: make([]wirePromise, len(f.Promised)),
		Amount: f.Amount, Fee: f.Fee,
	}
	for i, l := range f.Ripe {
		w.Ripe[i] = wireLotID{Seq: l.Seq, Part: l.Part}
	}
	for i, o := range f.Out {
		w.Out[i] = wireOut{Seq: o.Lot.Seq, Part: o.Lot.Part, Melts: o.Melts, Rest: wide(o.Rest), Pooled: o.Pooled}
	}
	for i, in := range f.In {
		w.In[i] = wireIn{How: in.How, Seq: in.Lot.Seq, Part: in.Lot.Part, Melts: in.Melts, Units: wide(in.Units)}
	}
	for i, p := range f.Promised {
		w.Promised[i] = wirePromise{Melts: p.Melts, Worth: wide(p.Worth)}
	}
	return w
}
