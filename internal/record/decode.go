package record

import (
	"bytes"
	"fmt"

	"grulden/demurrage"
	"grulden/ledger"
)

// Decode reads a record. It refuses one of another format, and one that is not
// written as Encode writes it, to the byte.
func Decode(data []byte) (*Record, error) {
	var d Decoder
	return d.Decode(data)
}

// Decoder reads one record after another into the same memory. The zero value is
// ready. It must not be used by two goroutines at once.
type Decoder struct {
	record   *Record
	proof    *Proof
	standing *Standing

	ripe     []ledger.LotID
	out      []ledger.Out
	in       []ledger.In
	promised []ledger.Promise
}

// Decode is as the function of that name, but the record is valid only until the
// next call, with its facts and its proof. Its command stays as it is: that may
// be kept.
func (d *Decoder) Decode(data []byte) (*Record, error) {
	facts, err := d.command(data)
	if err != nil {
		return nil, err
	}
	from := reader{data: facts}
	d.facts(&from)
	if !from.ended() {
		return nil, fmt.Errorf("record %d: facts: %w", d.record.Seq, errForm)
	}
	return d.record, nil
}

// DecodeCommand reads a record but for its facts, which it gives as they are
// written: whoever decides the command again compares them as bytes.
func DecodeCommand(data []byte) (r *Record, facts []byte, err error) {
	var d Decoder
	facts, err = d.command(data)
	if err != nil {
		return nil, nil, err
	}
	return d.record, facts, nil
}

// command reads all before the facts.
func (d *Decoder) command(data []byte) (facts []byte, err error) {
	from := reader{data: data}
	fields := from.head(majorArray)
	format := from.uint(64)
	if d.record == nil {
		d.record = new(Record)
	}
	r := d.record
	last := r.Auth.How
	*r = Record{}
	r.Seq = from.uint(64)
	if (format == 0 || format > Format) && !from.broken {
		return nil, fmt.Errorf("record %d has format %d, and this program reads up to %d", r.Seq, format, Format)
	}
	if fields != 10+format {
		from.fail()
	}
	r.Moment.At = ledger.Instant{Sec: from.int(64), Nsec: int32(from.int(32))}
	r.Moment.Day = from.day()
	r.Auth.By, r.Auth.How = from.some(), from.how(last)
	if format == 2 {
		r.Auth.Proof = d.proofOf(&from)
	}
	r.Key = from.some()
	kind := from.uint(8)
	r.Command = from.command(kind)
	if r.Auth.Proof != nil {
		from.complete(r.Auth.Proof, r.Command)
	}
	switch {
	case from.broken:
		return nil, fmt.Errorf("record %d: %w", r.Seq, errForm)
	case r.Command == nil:
		return nil, fmt.Errorf("record %d: a command of unknown kind %d", r.Seq, kind)
	}
	return data[from.at:], nil
}

// how reads how a command was authorised: mostly as the one before. The words
// there are stand in memory already.
func (r *reader) how(last string) string {
	b := r.bytes(majorText)
	if string(b) == last {
		return last
	}
	for _, word := range known {
		if string(b) == word {
			return word
		}
	}
	return r.valid(b)
}

// proofOf reads a proof but for what its payment says too.
func (d *Decoder) proofOf(r *reader) *Proof {
	if d.proof == nil {
		d.proof = &Proof{Sig: make([]byte, 0, 64)}
	}
	p := d.proof
	r.array(4)
	*p = Proof{Device: r.id(), At: r.int(64), Sig: append(p.Sig[:0], r.bytes(majorBytes)...)}
	switch r.head(majorArray) {
	case 0:
	case 6:
		if d.standing == nil {
			d.standing = new(Standing)
		}
		p.Standing = d.standing
		*p.Standing = Standing{
			ID: r.id(), Every: Every(r.uint(8)), First: r.day(), HasLast: r.flag(), Last: r.day(), Due: r.day(), At: p.At,
		}
	default:
		r.fail()
	}
	return p
}

// complete adds to a proof what its payment says.
func (r *reader) complete(p *Proof, cmd ledger.Command) {
	pay, ok := cmd.(ledger.Pay)
	if s := p.Standing; s != nil {
		s.From, s.To, s.Amount = pay.From, pay.To, pay.Amount
	}
	if !ok || !p.fits(pay) {
		r.fail()
	}
}

// digest takes the digest of a note.
func (r *reader) digest() (d ledger.Digest) {
	if b := r.bytes(majorBytes); len(b) != len(d) {
		r.fail()
	} else {
		copy(d[:], b)
	}
	return d
}

func (r *reader) day() demurrage.Day        { return demurrage.Day(r.int(32)) }
func (r *reader) account() ledger.AccountID { return ledger.AccountID(r.uint(64)) }
func (r *reader) cents() ledger.Cents       { return ledger.Cents(r.int(64)) }

// command reads a command of a kind, nil for a kind that is unknown.
func (r *reader) command(kind uint64) ledger.Command {
	switch kind {
	case kindPolicy:
		return r.policy()
	case kindOpen:
		r.array(3)
		return ledger.Open{Account: r.account(), Owner: ledger.OwnerID(r.uint(64)), Role: r.text()}
	case kindClose:
		return ledger.Close{Account: r.account()}
	case kindBlock:
		return ledger.Block{Account: r.account()}
	case kindUnblock:
		return ledger.Unblock{Account: r.account()}
	case kindIssue:
		r.array(2)
		return ledger.Issue{To: r.account(), Amount: r.cents()}
	case kindGrant:
		r.array(2)
		return ledger.Grant{To: r.account(), Amount: r.cents()}
	case kindNote:
		r.array(3)
		return ledger.Note{Account: r.account(), About: r.text(), Digest: r.digest()}
	}
	return r.payment(kind)
}

// payment reads the commands that name a payment or a redemption.
func (r *reader) payment(kind uint64) ledger.Command {
	switch kind {
	case kindPay:
		r.array(4)
		return ledger.Pay{ID: r.id(), From: r.account(), To: r.account(), Amount: r.cents()}
	case kindRefund:
		r.array(3)
		return ledger.Refund{Of: r.id(), Amount: r.cents(), All: r.flag()}
	case kindRedeem:
		r.array(3)
		return ledger.Redeem{ID: r.id(), From: r.account(), Amount: r.cents()}
	case kindSettle:
		return ledger.Settle{Of: r.id()}
	case kindReject:
		return ledger.Reject{Of: r.id()}
	case kindEnrol:
		r.array(4)
		return ledger.Enrol{Account: r.account(), Device: r.id(), Alg: ledger.Alg(r.uint(8)), Key: bytes.Clone(r.bytes(majorBytes))}
	case kindRetire:
		r.array(2)
		return ledger.Retire{Account: r.account(), Device: r.id()}
	case kindReopen:
		return ledger.Reopen{Of: r.id()}
	}
	return nil
}

func (r *reader) policy() ledger.SetPolicy {
	r.array(9)
	c := ledger.SetPolicy{}
	p := &c.Policy
	p.From = r.day()
	c.HasFrom = r.flag()
	p.Rate = demurrage.Rate(r.uint(32))
	p.Every = demurrage.Every(r.uint(8))
	p.GraceDays = uint16(r.uint(16))
	p.Hops = uint8(r.uint(8))
	p.TermDays = uint16(r.uint(16))
	p.Fee = uint32(r.uint(32))
	p.Redeemers = make([]string, r.length(1))
	for i := range p.Redeemers {
		p.Redeemers[i] = r.text()
	}
	return c
}

func (r *reader) lot() ledger.LotID {
	return ledger.LotID{Seq: r.uint(64), Part: uint32(r.uint(32))}
}

// length takes the head of an array of items, each of at least so many bytes.
func (r *reader) length(size int) uint64 {
	n := r.head(majorArray)
	if n > uint64((len(r.data)-r.at)/size) {
		n = r.fail()
	}
	return n
}

// list makes room for n items, in what was kept if that is large enough.
func list[T any](kept *[]T, n uint64) []T {
	if n == 0 {
		return nil
	}
	if n > uint64(cap(*kept)) {
		*kept = make([]T, n)
	}
	return (*kept)[:n]
}

// facts reads the facts.
func (d *Decoder) facts(r *reader) {
	f := &d.record.Facts
	r.array(10)
	f.Debit, f.Credit = r.account(), r.account()
	f.DebitPrev, f.CreditPrev = r.uint(64), r.uint(64)
	f.Ripe = list(&d.ripe, r.length(3))
	for i := range f.Ripe {
		r.array(2)
		f.Ripe[i] = r.lot()
	}
	f.Out = list(&d.out, r.length(6))
	for i := range f.Out {
		r.array(5)
		f.Out[i] = ledger.Out{Lot: r.lot(), Melts: r.day(), Rest: r.wide(), Pooled: r.flag()}
	}
	f.In = list(&d.in, r.length(6))
	for i := range f.In {
		r.array(5)
		f.In[i] = ledger.In{How: ledger.How(r.uint(8)), Lot: r.lot(), Melts: r.day(), Units: r.wide()}
	}
	f.Promised = list(&d.promised, r.length(3))
	for i := range f.Promised {
		r.array(2)
		f.Promised[i] = ledger.Promise{Melts: r.day(), Worth: r.wide()}
	}
	f.Amount, f.Fee = r.cents(), r.cents()
}
