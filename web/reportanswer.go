package web

import (
	"math/big"
	"net/http"
	"slices"
	"strconv"

	"grulden/demurrage"
	"grulden/internal/report"
	"grulden/ledger"
	"grulden/web/page"
)

// showReport answers on one screen whether the money goes round; without a
// period, in the whole life of the ledger.
func (s *Server) showReport(w http.ResponseWriter, r *http.Request, v visit) error {
	at, err := s.reportOn(r, v, "/report", true)
	if err == nil {
		err = s.compare(r, &at)
	}
	if err != nil {
		return err
	}
	p := page.ReportPage{ReportHead: at.head}
	if at.figures != nil {
		answerIn(&p, at.figures)
		p.Files = at.downloads(s.node.Today())
		p.Facts = at.facts()
	}
	return s.show(w, at.status, p)
}

// downloads are what an evaluator takes home. The report to print and the data are
// of days that are over only.
func (at *reportSpan) downloads(today demurrage.Day) (all []page.File) {
	if at.figures.Period.From < today {
		for _, f := range []struct {
			name page.Key
			path string
		}{{"report.filepage", "evaluation.html"}, {"report.filepdf", "evaluation.pdf"}, {"report.filedata", "data.zip"}} {
			all = append(all, page.File{Href: "/report/" + f.path + at.files(), Name: at.head.T(f.name)})
		}
	}
	return append(all, page.File{Href: "/report.csv" + at.files(), Name: "CSV"}, page.File{Href: "/report.json" + at.files(), Name: "JSON"})
}

// verdicts are the short answers in words.
var verdicts = map[report.Verdict]page.Key{
	report.TooFew: "report.toofew", report.No: "report.no", report.Partly: "report.partly", report.Yes: "report.yes",
}

// answerIn writes the verdict and what it follows from.
func answerIn(p *page.ReportPage, figures *report.Report) {
	verdict, again := figures.Answer()
	p.Verdict, p.Icon = verdicts[verdict], "recycle"
	p.Good = verdict == report.Yes
	if again == nil {
		p.Sentence = p.T("report.unpaid")
		return
	}
	p.Sentence = p.T("report.again", "count", outOf100(p.Base, again))
	if verdict == report.TooFew {
		p.Sentence = p.T("report.few") + " " + p.Sentence
	}
}

// outOf100 says how many of a hundred a share is. Rounding makes no nought of
// something and no hundred of less.
func outOf100(b page.Base, share *big.Rat) string {
	hundred := new(big.Rat).Mul(share, big.NewRat(100, 1))
	switch {
	case share.Sign() > 0 && hundred.Cmp(big.NewRat(1, 1)) < 0:
		return b.T("report.below1")
	case share.Cmp(big.NewRat(1, 1)) < 0 && hundred.Cmp(big.NewRat(99, 1)) > 0:
		return b.T("report.above99")
	}
	return rounded(b.Lang, share, 100, 0)
}

// rounded writes a number times a factor; a dash for none.
func rounded(lang page.Lang, value *big.Rat, factor int64, decimals int) string {
	return report.Column{Factor: factor, Decimals: decimals}.Shown(report.Cell{Value: value}, string(lang))
}

// facts are the six figures below the verdict.
func (at *reportSpan) facts() []page.Fact {
	f, b := at.figures, at.head.Base
	coins := func(amount ledger.Cents) string { return b.Lang.Money(int64(amount)) }
	turned := quotient(big.NewRat(int64(f.Volume), 100), f.StockMean)
	first, last := new(big.Rat), new(big.Rat)
	if hops := len(f.ByHop); hops > 0 {
		first, last = f.ByHop[0], f.ByHop[hops-1]
	}
	fact := func(icon string, words [3]page.Key, where, value string, pairs ...string) page.Fact {
		return page.Fact{
			Icon: icon, Question: b.T(words[0], pairs...), Href: "/report/" + where + at.asked, Value: value,
			Sentence: b.T(words[1], pairs...), Not: b.T(words[2], pairs...),
		}
	}
	inout := []string{"issued", coins(f.Issued), "volume", coins(f.Volume)}
	return at.told([]page.Fact{
		fact("repeat", [3]page.Key{"report.often", "report.oftensays", "report.oftennot"}, "flow", b.T("report.oftenvalue", "count", rounded(b.Lang, turned, 1, 2)), inout...),
		fact("clock", [3]page.Key{"report.still", "report.stillsays", "report.stillnot"}, "flow", b.T("report.days", "count", rounded(b.Lang, f.HoldingMedian, 1, 1)), "held", rounded(b.Lang, f.HeldAge, 1, 1)),
		fact("finger", [3]page.Key{"report.fifth", "report.fifthsays", "report.fifthnot"}, "five", rounded(b.Lang, last, 1, 2)+" "+b.Coin, "first", rounded(b.Lang, first, 1, 2), "hops", strconv.Itoa(len(f.ByHop))),
		fact("euro", [3]page.Key{"report.euro", "report.eurosays", "report.euronot"}, "five", euros(b.Lang, f.PaidOut), inout...),
		fact("people", [3]page.Key{"report.who", "report.whosays", "report.whonot"}, "network", strconv.Itoa(f.Participants), "payers", strconv.Itoa(f.Payers), "receivers", strconv.Itoa(f.Receivers)),
		fact("drop", [3]page.Key{"report.cost", "report.costsays", "report.costnot"}, "stuck", rounded(b.Lang, f.Demurrage, 1, 2)+" "+b.Coin),
	}, "", "holding_median", "volume_hop_"+strconv.Itoa(len(f.ByHop)), "redeemed", "participants", "fund_demurrage")
}

// told says of each fact what it was in the period before, by the keys of their
// figures. How often money was paid is no figure by itself.
func (at *reportSpan) told(facts []page.Fact, keys ...string) []page.Fact {
	b, before := at.head.Base, at.figures.Before()
	if before == nil {
		return facts
	}
	for _, line := range at.figures.Lines() {
		if i := slices.Index(keys, line.Key); i >= 0 {
			facts[i].Before = earlier(b, line.Before)
		}
	}
	turned := quotient(big.NewRat(int64(before.Volume), 100), before.StockMean)
	facts[0].Before = b.T("report.then", "value", b.T("report.oftenvalue", "count", rounded(b.Lang, turned, 1, 2)))
	return facts
}

// quotient is a / b, nil if b is nought.
func quotient(a, b *big.Rat) *big.Rat {
	if b.Sign() == 0 {
		return nil
	}
	return new(big.Rat).Quo(a, b)
}
