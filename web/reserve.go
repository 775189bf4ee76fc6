package web

import (
	"fmt"
	"net/http"
	"strconv"

	"grulden/demurrage"
	"grulden/internal/books"
	"grulden/ledger"
	"grulden/web/page"
)

// showReserve tells everybody, signed in or not, whether there is a euro for each
// Grulden.
func (s *Server) showReserve(w http.ResponseWriter, r *http.Request, v visit) error {
	now, err := s.reserveNow()
	if err != nil {
		return err
	}
	p := page.ReservePage{
		Base: s.base(r, v), Verdict: verdictOf(now), Good: now.Covered(), Known: now.HasBank, Percent: coverText(v.lang, now),
		NeedSum: euros(v.lang, now.Owed()), HaveSum: euros(v.lang, now.Have()),
		Need: needLines(v.lang, s.nobody(v.lang), now), Have: haveLines(v.lang, s.nobody(v.lang), now),
	}
	if now.HasBank && now.Short() > 0 {
		p.Short = euros(v.lang, now.Short())
	}
	clock, err := s.payoutClock()
	if err != nil {
		return err
	}
	if p.Clock = p.T("reserve.clocknone"); clock.Paid > 0 {
		p.Clock = p.T("reserve.clocktext", "half", daysText(v.lang, clock.Median), "slow", daysText(v.lang, clock.Slowest), "count", strconv.Itoa(clock.Paid))
	}
	if clock.Waiting > 0 {
		p.Clock += " " + p.T("reserve.clockwaits", "count", strconv.Itoa(clock.Waiting), "longest", daysText(v.lang, clock.Longest))
	}
	for _, doubt := range []page.Key{"reserve.doubtbank", "reserve.doubtpaper", "reserve.doubtowed", "reserve.doubtbox", "reserve.doubtwe"} {
		p.Doubts = append(p.Doubts, p.T(doubt))
	}
	return s.show(w, http.StatusOK, p)
}

// daysText is a number of days in words.
func daysText(lang page.Lang, days int) string {
	if days == 1 {
		return lang.Text("reserve.day")
	}
	return lang.Text("reserve.days", "count", strconv.Itoa(days))
}

// books are where the foundation's books find what they are made of.
func (s *Server) books() books.Places {
	return books.Places{Node: s.node, Bank: s.bank, Box: s.cash, Lists: s.rewards}
}

// verdictOf is the answer in one sentence.
func verdictOf(now *books.Reserve) page.Key {
	switch {
	case now.Covered() && now.Owed() == 0:
		return "reserve.none"
	case now.Covered():
		return "reserve.yes"
	case !now.HasBank:
		return "reserve.unknown"
	}
	return "reserve.no"
}

// coverText is the cover in per cent; empty when nothing is owed or the bank has
// not said anything.
func coverText(lang page.Lang, now *books.Reserve) string {
	permille, ok := now.Permille()
	if !ok || !now.HasBank {
		return ""
	}
	return percentText(lang, permille)
}

// percentText writes thousandths as a percentage with one decimal.
func percentText(lang page.Lang, permille int64) string {
	sign := ""
	if permille < 0 {
		sign, permille = "−", -permille
	}
	point := ","
	if lang == page.English {
		point = "."
	}
	return fmt.Sprintf("%s%d%s%d\u00a0%%", sign, permille/10, point, permille%10)
}

func euros(lang page.Lang, cents ledger.Cents) string { return lang.Euro(int64(cents)) }

// dayText is a day in words.
func dayText(lang page.Lang, day demurrage.Day) string { return lang.Date(day.Time()) }

// needLines are what is owed. The first three always stand there; the others when
// there is something.
func needLines(lang page.Lang, b page.Base, now *books.Reserve) []page.ReserveLine {
	ledgered := b.T("reserve.ledger", "day", dayText(lang, now.Day))
	both := b.T("reserve.both")
	lines := []page.ReserveLine{
		{Icon: "people", Word: "reserve.holders", Amount: euros(lang, now.Holders), From: ledgered},
		{Icon: "gift", Word: "reserve.fund", Amount: euros(lang, now.Fund), From: ledgered},
		{Icon: "clock", Word: "reserve.asked", Amount: euros(lang, now.Asked), From: ledgered},
	}
	for _, l := range []struct {
		icon  string
		word  page.Key
		cents ledger.Cents
	}{{"euro", "reserve.paid", now.Paid}, {"question", "reserve.unclear", now.Unclear}, {"gift", "reserve.givers", now.Givers}} {
		if l.cents != 0 {
			lines = append(lines, page.ReserveLine{Icon: l.icon, Word: l.word, Amount: euros(lang, l.cents), From: both})
		}
	}
	return lines
}

// haveLines are the euros that there are.
func haveLines(lang page.Lang, b page.Base, now *books.Reserve) []page.ReserveLine {
	atBank, inBox := b.T("reserve.nobank"), b.T("reserve.boxnever")
	if now.HasBank {
		atBank = b.T("reserve.bankfrom", "day", dayText(lang, now.BankDay))
	}
	if now.Counted != 0 {
		inBox = b.T("reserve.boxfrom", "day", dayText(lang, now.Counted))
	}
	lines := []page.ReserveLine{{Icon: "bank", Word: "reserve.bank", Amount: euros(lang, now.Bank), From: atBank}}
	if now.Since != 0 {
		lines = append(lines, page.ReserveLine{Icon: "bank", Word: "reserve.since", Amount: euros(lang, now.Since), From: b.T("reserve.sincefrom")})
	}
	lines = append(lines, page.ReserveLine{Icon: "coin", Word: "reserve.box", Amount: euros(lang, now.Box), From: inBox})
	if now.Carried != 0 {
		lines = append(lines, page.ReserveLine{Icon: "leave", Word: "reserve.carried", Amount: euros(lang, now.Carried), From: b.T("reserve.carriedby")})
	}
	return lines
}

// showReservePoster is the same on a sheet for the door.
func (s *Server) showReservePoster(w http.ResponseWriter, r *http.Request, v visit) error {
	now, err := s.reserveNow()
	if err != nil {
		return err
	}
	p := page.ReservePosterPage{
		Base: s.base(r, v), Verdict: verdictOf(now), Good: now.Covered(), Percent: coverText(v.lang, now),
		Need: euros(v.lang, now.Owed()), Have: euros(v.lang, now.Have()), Day: dayText(v.lang, now.Day), Address: s.origin + "/reserve",
	}
	if now.HasBank {
		p.Bank = dayText(v.lang, now.BankDay)
	}
	if p.QR, err = drawQR(p.Address, onPaper); err != nil {
		return err
	}
	return s.show(w, http.StatusOK, p)
}
