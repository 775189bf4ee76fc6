package export

import (
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"math/big"
	"strconv"
	"time"

	"grulden/demurrage"
	"grulden/internal/record"
	"grulden/ledger"
)

// The accounts of the books that are not holders'. Holders are claims on the
// reserve, so what they have stands as a negative amount.
const (
	reserveAccount  = "assets:reserve"
	escrowAccount   = "liabilities:awaiting redemption"
	fundAccount     = "liabilities:wijkfonds"
	roundingAccount = "equity:rounding"
	holderPrefix    = "liabilities:holders:"
)

// Posting is an amount in grains that an account of the books gains.
type Posting struct {
	Account string
	Grains  *big.Int
}

// Transaction is a set of postings that add up to nought.
type Transaction struct {
	Seq      uint64 // the entry; nought for demurrage
	At       ledger.Instant
	Day      demurrage.Day
	Kind     string
	Postings []Posting
}

// Postings turns records into double entry. Demurrage, which the ledger never
// charges to anybody, is posted for each account at the end of every month and
// of the last day, so that the books then agree with the ledger to the grain.
func Postings(records iter.Seq2[*record.Record, error], name Labels, fn func(*Transaction) error) (*Books, error) {
	b := &Books{
		state: ledger.NewState(ledger.Head{}, nil), name: newNames(name),
		booked: make(map[string]*big.Int), fn: fn,
	}
	for r, err := range records {
		if err != nil {
			return nil, err
		}
		if err := b.monthEnds(r.Moment.Day); err != nil {
			return nil, err
		}
		if err := b.book(r); err != nil {
			return nil, err
		}
	}
	if b.state.Head().Seq == 0 {
		return b, nil
	}
	return b, b.demurrage(b.state.Head().Moment.Day)
}

// Books are the balances that postings add up to.
type Books struct {
	state  *ledger.State
	name   *names
	booked map[string]*big.Int
	fn     func(*Transaction) error
}

// monthEnds posts demurrage at each end of a month before a day.
func (b *Books) monthEnds(day demurrage.Day) error {
	last := b.state.Head()
	if last.Seq == 0 {
		return nil
	}
	for d := last.Moment.Day + 1; d <= day; d++ {
		if d.FirstOfMonth() {
			if err := b.demurrage(d - 1); err != nil {
				return err
			}
		}
	}
	return nil
}

// book posts one entry.
func (b *Books) book(r *record.Record) error {
	t := &Transaction{Seq: r.Seq, At: r.Moment.At, Day: r.Moment.Day}
	from, to, amount, err := b.sides(r, t)
	if err != nil {
		return err
	}
	if err := b.state.Apply(&r.Entry); err != nil {
		return err
	}
	if amount == 0 {
		return nil
	}
	grains := amount.Grains().Big()
	t.Postings = append([]Posting{{to, new(big.Int).Neg(grains)}, {from, grains}}, t.Postings...)
	return b.post(t)
}

// sides tells which accounts of the books an entry moves an amount between.
// The holders' side shrinks in from and grows in to.
func (b *Books) sides(r *record.Record, t *Transaction) (from, to string, amount ledger.Cents, err error) {
	holder := func(id ledger.AccountID) string {
		s, e := b.name.holder(id)
		if e != nil {
			err = e
		}
		return s
	}
	switch c := r.Command.(type) {
	case ledger.Issue:
		t.Kind = "issue"
		return reserveAccount, holder(c.To), c.Amount, err
	case ledger.Grant:
		t.Kind = "grant"
		return fundAccount, holder(c.To), c.Amount, err
	case ledger.Pay:
		t.Kind = "pay"
		return holder(c.From), holder(c.To), c.Amount, err
	case ledger.Refund:
		t.Kind = "refund"
		return holder(r.Facts.Debit), holder(r.Facts.Credit), r.Facts.Amount, err
	case ledger.Redeem:
		t.Kind = "redeem"
		return holder(c.From), escrowAccount, c.Amount, err
	case ledger.Settle:
		t.Kind = "settle"
		_, asked, err := b.state.Find(c.Of)
		if err != nil || asked == nil {
			return "", "", 0, err
		}
		fee := asked.Fee.Grains().Big()
		if fee.Sign() > 0 { // it stays in the reserve as the fund's
			t.Postings = []Posting{{reserveAccount, fee}, {fundAccount, new(big.Int).Neg(fee)}}
		}
		return escrowAccount, reserveAccount, asked.Amount, nil
	case ledger.Reopen:
		t.Kind = "reopen"
		_, asked, err := b.state.Find(c.Of)
		if err != nil || asked == nil {
			return "", "", 0, err
		}
		fee := asked.Fee.Grains().Big()
		if fee.Sign() > 0 { // the fund has it no longer
			t.Postings = []Posting{{fundAccount, fee}, {reserveAccount, new(big.Int).Neg(fee)}}
		}
		return reserveAccount, escrowAccount, asked.Amount, nil
	case ledger.Reject:
		t.Kind = "reject"
		_, asked, err := b.state.Find(c.Of)
		if err != nil || asked == nil {
			return "", "", 0, err
		}
		return escrowAccount, holder(asked.Account), asked.Amount, err
	}
	return "", "", 0, nil
}

// demurrage posts, at the end of a day, what holders lost since the last time.
func (b *Books) demurrage(day demurrage.Day) error {
	head := b.state.Head()
	t := &Transaction{Day: day, Kind: "demurrage"}
	total := new(big.Int)
	err := b.state.Accounts(func(h *ledger.Holding) error {
		balance, err := ledger.BalanceOf(head, h, day)
		if err != nil {
			return err
		}
		account, err := b.name.holder(h.Account.ID)
		if err != nil {
			return err
		}
		// booked is minus what they have in the books
		lost := new(big.Int).Neg(new(big.Int).Add(b.balance(account), ledger.Grains(balance.Worth).Big()))
		if lost.Sign() != 0 {
			t.Postings = append(t.Postings, Posting{account, lost})
			total.Add(total, lost)
		}
		return nil
	})
	if err != nil {
		return err
	}
	fund, negative, err := head.Fund(day)
	if err != nil {
		return err
	}
	income := fund.Big()
	if negative {
		income.Neg(income)
	}
	income.Add(income, b.balance(fundAccount))
	if income.Sign() != 0 {
		t.Postings = append(t.Postings, Posting{fundAccount, new(big.Int).Neg(income)})
	}
	if rounding := income.Sub(income, total); rounding.Sign() != 0 {
		t.Postings = append(t.Postings, Posting{roundingAccount, rounding})
	}
	if len(t.Postings) == 0 {
		return nil
	}
	return b.post(t)
}

func (b *Books) balance(account string) *big.Int {
	if b.booked[account] == nil {
		b.booked[account] = new(big.Int)
	}
	return b.booked[account]
}

func (b *Books) post(t *Transaction) error {
	for _, p := range t.Postings {
		b.balance(p.Account).Add(b.balance(p.Account), p.Grains)
	}
	return b.fn(t)
}

// CSV writes postings, one a row: seq, at, day, kind, account, amount in
// Grulden with eight decimals. Rows of one entry add up to nought.
func CSV(w io.Writer, records iter.Seq2[*record.Record, error], name Labels) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"seq", "at", "day", "kind", "account", "amount"}); err != nil {
		return err
	}
	_, err := Postings(records, name, func(t *Transaction) error {
		seq, at := "", ""
		if t.Seq > 0 {
			seq, at = strconv.FormatUint(t.Seq, 10), t.At.Time().Format(time.RFC3339Nano)
		}
		for _, p := range t.Postings {
			if err := out.Write([]string{seq, at, t.Day.String(), t.Kind, p.Account, decimal(p.Grains)}); err != nil {
				return err
			}
		}
		return nil
	})
	out.Flush()
	if err == nil {
		err = out.Error()
	}
	return err
}

// decimal writes grains as Grulden with eight decimals.
func decimal(grains *big.Int) string {
	sign := ""
	if grains.Sign() < 0 {
		sign = "-"
	}
	whole, rest := new(big.Int).DivMod(new(big.Int).Abs(grains), big.NewInt(100*ledger.GrainsPerCent), new(big.Int))
	return fmt.Sprintf("%s%s.%08d", sign, whole, rest.Int64())
}
