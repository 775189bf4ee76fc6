package merchant

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"grulden/demurrage"
	"grulden/internal/civil"
	"grulden/internal/node"
	"grulden/internal/payreq"
	"grulden/internal/record"
	"grulden/ledger"
)

// Return is a refund that a shop gave.
type Return struct {
	Seq    uint64
	At     time.Time
	Amount ledger.Cents
	By     record.ActorID   // who gave it back
	Of     ledger.ID        // the payment
	Sale   payreq.Request   // what the till had asked
	VAT    []payreq.VATLine // the part of the sale's VAT lines that went back
}

// Day is a shop's day as it stands in the ledger: the daily (Z) report. A
// refund counts on the day on which it was given, so a day that is over never
// changes.
type Day struct {
	Day     demurrage.Day
	Sales   []Sale   // oldest first
	Returns []Return // oldest first

	Paid     ledger.Cents // all sales
	Returned ledger.Cents // all refunds
	Cash     ledger.Cents // noted beside the sales, in euros
	VAT      []VATSum     // highest rate first; only what the shop noted
	NoVAT    ledger.Cents // sales less refunds, cash included, for which no rate was noted
	Staff    []StaffSum   // who asked most first
	FirstSeq uint64       // entries of the ledger; zero: nothing happened
	LastSeq  uint64
}

// Net is what the day brought in.
func (d *Day) Net() ledger.Cents { return d.Paid - d.Returned }

// VATSum is what a day sold at one rate, less what went back.
type VATSum struct {
	Permille uint16
	Amount   ledger.Cents // with VAT
	VAT      ledger.Cents // in that amount
}

// StaffSum is what one person charged and gave back on a day.
type StaffSum struct {
	By       record.ActorID // zero: nobody charged
	How      string         // where nobody charged: record.ByStanding, record.ByBatch, or empty for the poster
	Count    int
	Paid     ledger.Cents
	Cash     ledger.Cents
	Returned ledger.Cents
}

// Day reads a shop's day. It takes as long as there are entries of the shop
// since that day.
func (t *Till) Day(shop ledger.AccountID, day demurrage.Day) (*Day, error) {
	d := &Day{Day: day}
	err := t.node.Read(func(v *node.View) error {
		var fault error
		err := eachEntry(v, shop, func(r *record.Record) bool {
			if r.Moment.Day == day {
				fault = t.enter(v, d, shop, r)
			}
			return r.Moment.Day >= day && fault == nil
		})
		return errors.Join(err, fault)
	})
	if err != nil {
		return nil, fmt.Errorf("read a day: %w", err)
	}
	slices.Reverse(d.Sales)
	slices.Reverse(d.Returns)
	d.sum()
	return d, nil
}

// enter adds an entry of the day, if it is a sale or a refund of the shop.
func (t *Till) enter(v *node.View, d *Day, shop ledger.AccountID, r *record.Record) error {
	switch c := r.Command.(type) {
	case ledger.Pay:
		if c.To != shop {
			return nil
		}
		s, err := t.sale(v, r, c)
		if err != nil {
			return err
		}
		d.Sales = append(d.Sales, s)
	case ledger.Refund:
		if r.Facts.Debit != shop {
			return nil
		}
		back := Return{
			Seq: r.Seq, At: r.Moment.At.Time().In(civil.Zone), Amount: r.Facts.Amount, By: r.Auth.By, Of: c.Of,
		}
		if err := t.returned(v, shop, &back); err != nil {
			return err
		}
		d.Returns = append(d.Returns, back)
	default:
		return nil
	}
	d.LastSeq, d.FirstSeq = max(d.LastSeq, r.Seq), r.Seq // they come newest first
	return nil
}

// returned finds what of a sale's VAT lines went back with a refund: its place
// among the refunds of the same payment decides about the odd cents.
func (t *Till) returned(v *node.View, shop ledger.AccountID, back *Return) error {
	request, ok, err := t.book.OfPayment(back.Of)
	if !ok || err != nil || len(request.VAT) == 0 {
		back.Sale.Kind = payreq.Poster
		if ok {
			back.Sale = request
		}
		return err
	}
	back.Sale = request
	paid, err := v.Payment(back.Of)
	if err != nil || paid == nil {
		return err
	}
	var before ledger.Cents
	err = eachEntry(v, shop, func(r *record.Record) bool {
		if c, ok := r.Command.(ledger.Refund); ok && c.Of == back.Of && r.Seq < back.Seq {
			before += r.Facts.Amount
		}
		return r.Seq > paid.Seq
	})
	total := request.Amount + request.Cash
	from, to := share(request.VAT, before, total), share(request.VAT, before+back.Amount, total)
	for i := range to {
		back.VAT = append(back.VAT, payreq.VATLine{Permille: to[i].Permille, Amount: to[i].Amount - from[i].Amount})
	}
	return err
}

// sum adds up what was entered.
func (d *Day) sum() {
	type key struct {
		by  record.ActorID
		how string
	}
	rates, staff := map[uint16]ledger.Cents{}, map[key]*StaffSum{}
	of := func(by record.ActorID, how string) *StaffSum {
		if by != (record.ActorID{}) || how != record.ByStanding && how != record.ByBatch {
			how = ""
		}
		k := key{by, how}
		if staff[k] == nil {
			staff[k] = &StaffSum{By: by, How: how}
		}
		return staff[k]
	}
	for _, s := range d.Sales {
		who := of(record.ActorID(s.Request.By), s.How)
		who.Count++
		who.Paid += s.Amount
		who.Cash += s.Request.Cash
		d.Paid += s.Amount
		d.Cash += s.Request.Cash
		d.NoVAT += s.Amount + s.Request.Cash - noted(rates, s.Request.VAT, 1)
	}
	for _, r := range d.Returns {
		of(r.By, "").Returned += r.Amount
		d.Returned += r.Amount
		d.NoVAT -= r.Amount + noted(rates, r.VAT, -1)
	}
	for permille, amount := range rates {
		d.VAT = append(d.VAT, VATSum{Permille: permille, Amount: amount, VAT: within(amount, permille)})
	}
	slices.SortFunc(d.VAT, func(a, b VATSum) int { return cmp.Compare(b.Permille, a.Permille) })
	for _, s := range staff {
		d.Staff = append(d.Staff, *s)
	}
	slices.SortFunc(d.Staff, func(a, b StaffSum) int {
		return cmp.Or(cmp.Compare(b.Paid, a.Paid), slices.Compare(a.By[:], b.By[:]), cmp.Compare(a.How, b.How))
	})
}

// noted adds VAT lines to the sums per rate, with a sign, and gives their sum
// with that sign.
func noted(rates map[uint16]ledger.Cents, lines []payreq.VATLine, sign ledger.Cents) (sum ledger.Cents) {
	for _, l := range lines {
		rates[l.Permille] += sign * l.Amount
		sum += sign * l.Amount
	}
	return sum
}
