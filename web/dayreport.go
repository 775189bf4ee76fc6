package web

import (
	"net/http"
	"strconv"
	"time"

	"grulden/internal/record"
	"grulden/merchant"
	"grulden/web/page"
)

// dayAsked reads the day in the address; without one it is today. Days to come
// are not there yet.
func (s *Server) dayAsked(r *http.Request, v visit) (*merchant.Day, error) {
	day, err := dayIn(r, "day", s.node.Today())
	if err != nil || day > s.node.Today() {
		return nil, errBadForm
	}
	return s.till.Day(v.purse.Account, day)
}

// showDay shows a shop's day.
func (s *Server) showDay(w http.ResponseWriter, r *http.Request, v visit) error {
	d, err := s.dayAsked(r, v)
	if err != nil {
		return err
	}
	p := s.dayPage(s.base(r, v), v, d)
	for _, l := range d.Staff {
		name, err := s.staffOrWay(v.lang, l)
		if err != nil {
			return err
		}
		sum := page.StaffSum{Name: name, Count: l.Count, Paid: v.lang.Money(int64(l.Paid)), Cash: cashText(v.lang, l.Cash)}
		if l.Returned > 0 {
			sum.Returned = v.lang.Money(int64(-l.Returned))
		}
		p.Staff = append(p.Staff, sum)
	}
	return s.show(w, http.StatusOK, p)
}

// dayPage formats the sums of a day.
func (s *Server) dayPage(b page.Base, v visit, d *merchant.Day) page.DayPage {
	day, today := d.Day.String(), s.node.Today()
	p := page.DayPage{
		Base: b, Shop: v.purse.Title(), Date: v.lang.Date(d.Day.Time()), Before: "/shop/day?day=" + (d.Day - 1).String(),
		CSV: "/shop/day.csv?day=" + day, XLSX: "/shop/day.xlsx?day=" + day, Open: d.Day == today,
		Count: len(d.Sales), Paid: v.lang.Money(int64(d.Paid)), Net: v.lang.Money(int64(d.Net())),
		Cash: cashText(v.lang, d.Cash), Returns: len(d.Returns),
	}
	if d.Day < today {
		p.After = "/shop/day?day=" + (d.Day + 1).String()
	}
	if len(d.Returns) > 0 {
		p.Returned = v.lang.Money(int64(-d.Returned))
	}
	if d.FirstSeq > 0 {
		first, last := span(d)
		p.First, p.Last = v.lang.Clock(first), v.lang.Clock(last)
		p.FirstSeq, p.LastSeq = strconv.FormatUint(d.FirstSeq, 10), strconv.FormatUint(d.LastSeq, 10)
	}
	for _, l := range d.VAT {
		p.VAT = append(p.VAT, page.VATSum{Rate: rateText(v.lang, l.Permille), Amount: v.lang.Euro(int64(l.Amount)), VAT: v.lang.Euro(int64(l.VAT))})
	}
	if len(d.VAT) > 0 && d.NoVAT != 0 {
		p.NoVAT = v.lang.Euro(int64(d.NoVAT))
	}
	return p
}

// span is when the first and the last thing of a day happened.
func span(d *merchant.Day) (first, last time.Time) {
	at := func(t time.Time) {
		if first.IsZero() || t.Before(first) {
			first = t
		}
		if t.After(last) {
			last = t
		}
	}
	for _, s := range d.Sales {
		at(s.At)
	}
	for _, r := range d.Returns {
		at(r.At)
	}
	return first, last
}

// staffOrWay is cashierName, with a word for what nobody charged.
func (s *Server) staffOrWay(lang page.Lang, sum merchant.StaffSum) (string, error) {
	switch {
	case sum.By != (record.ActorID{}):
		return s.cashierName(lang, sum.By)
	case sum.How == record.ByStanding:
		return lang.Text("payments.standing"), nil
	case sum.How == record.ByBatch:
		return lang.Text("payments.batch"), nil
	}
	return lang.Text("payments.poster"), nil
}
