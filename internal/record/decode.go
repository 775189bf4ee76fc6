package record

import (
	"fmt"

	"grulden/demurrage"
	"grulden/ledger"
)

// Decode reads a record. It refuses one of another format.
func Decode(data []byte) (*Record, error) {
	r, facts, err := DecodeCommand(data)
	if err != nil {
		return nil, err
	}
	w, err := as[wireFacts](facts)
	if err != nil {
		return nil, fmt.Errorf("record %d: %w", r.Seq, err)
	}
	r.Facts = fromWire(&w)
	return r, nil
}

// DecodeCommand reads a record but for its facts, which it gives as they are
// written: whoever decides the command again compares them as bytes.
func DecodeCommand(data []byte) (r *Record, facts []byte, err error) {
	w, err := as[wireRecord](data)
	if err != nil {
		return nil, nil, fmt.Errorf("reading a record: %w", err)
	}
	if w.Format != Format {
		return nil, nil, fmt.Errorf("record %d has format %d, and this program reads %d", w.Seq, w.Format, Format)
	}
	r = &Record{Auth: Auth{How: w.How}}
	r.Seq = w.Seq
	r.Moment = ledger.Moment{At: ledger.Instant{Sec: w.Sec, Nsec: w.Nsec}, Day: w.Day}
	if r.Auth.By, err = id(w.By); err != nil {
		return nil, nil, err
	}
	if r.Key, err = id(w.Key); err != nil {
		return nil, nil, err
	}
	r.Command, err = decodeCommand(w.Kind, w.Command)
	if err != nil {
		return nil, nil, fmt.Errorf("record %d: %w", w.Seq, err)
	}
	return r, w.Facts, nil
}

func decodeCommand(kind uint8, data []byte) (ledger.Command, error) {
	switch kind {
	case kindPolicy:
		return decodePolicy(data)
	case kindOpen:
		w, err := as[wireOpen](data)
		return ledger.Open{Account: w.Account, Owner: w.Owner, Role: w.Role}, err
	case kindClose:
		a, err := as[ledger.AccountID](data)
		return ledger.Close{Account: a}, err
	case kindBlock:
		a, err := as[ledger.AccountID](data)
		return ledger.Block{Account: a}, err
	case kindUnblock:
		a, err := as[ledger.AccountID](data)
		return ledger.Unblock{Account: a}, err
	case kindIssue:
		w, err := as[wireCredit](data)
		return ledger.Issue{To: w.To, Amount: w.Amount}, err
	case kindGrant:
		w, err := as[wireCredit](data)
		return ledger.Grant{To: w.To, Amount: w.Amount}, err
	}
	return decodePayment(kind, data)
}

// decodePayment reads the commands that name a payment or a redemption.
func decodePayment(kind uint8, data []byte) (ledger.Command, error) {
	switch kind {
	case kindPay:
		w, err := as[wirePay](data)
		if err != nil {
			return nil, err
		}
		paid, err := id(w.ID)
		return ledger.Pay{ID: paid, From: w.From, To: w.To, Amount: w.Amount}, err
	case kindRefund:
		w, err := as[wireRefund](data)
		if err != nil {
			return nil, err
		}
		of, err := id(w.Of)
		return ledger.Refund{Of: of, Amount: w.Amount, All: w.All}, err
	case kindRedeem:
		w, err := as[wireRedeem](data)
		if err != nil {
			return nil, err
		}
		asked, err := id(w.ID)
		return ledger.Redeem{ID: asked, From: w.From, Amount: w.Amount}, err
	case kindSettle, kindReject:
		b, err := as[[]byte](data)
		if err != nil {
			return nil, err
		}
		of, err := id(b)
		if kind == kindSettle {
			return ledger.Settle{Of: of}, err
		}
		return ledger.Reject{Of: of}, err
	}
	return nil, fmt.Errorf("a command of unknown kind %d", kind)
}

func decodePolicy(data []byte) (ledger.Command, error) {
	w, err := as[wirePolicy](data)
	return ledger.SetPolicy{HasFrom: w.HasFrom, Policy: ledger.Policy{
		From: w.From, Rate: w.Rate, Every: w.Every, GraceDays: w.GraceDays,
		Hops: w.Hops, TermDays: w.TermDays, Fee: w.Fee, Redeemers: w.Redeemers,
	}}, err
}

func as[T any](data []byte) (v T, err error) {
	err = decMode.Unmarshal(data, &v)
	return v, err
}

func fromWire(w *wireFacts) ledger.Facts {
	f := ledger.Facts{
		Debit: w.Debit, Credit: w.Credit, DebitPrev: w.DebitPrev, CreditPrev: w.CreditPrev,
		Amount: w.Amount, Fee: w.Fee,
	}
	for _, l := range w.Ripe {
		f.Ripe = append(f.Ripe, ledger.LotID{Seq: l.Seq, Part: l.Part})
	}
	for _, o := range w.Out {
		f.Out = append(f.Out, ledger.Out{
			Lot: ledger.LotID{Seq: o.Seq, Part: o.Part}, Melts: o.Melts, Rest: demurrage.Wide(o.Rest), Pooled: o.Pooled,
		})
	}
	for _, in := range w.In {
		f.In = append(f.In, ledger.In{
			How: in.How, Lot: ledger.LotID{Seq: in.Seq, Part: in.Part}, Melts: in.Melts, Units: demurrage.Wide(in.Units),
		})
	}
	for _, p := range w.Promised {
		f.Promised = append(f.Promised, ledger.Promise{Melts: p.Melts, Worth: demurrage.Wide(p.Worth)})
	}
	return f
}
