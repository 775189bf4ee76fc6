package web

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"grulden/internal/people"
	"grulden/wallet"
	"grulden/web/page"
)

// showStatement shows one month of the visitor's account.
func (s *Server) showStatement(w http.ResponseWriter, r *http.Request, v visit) error {
	today := s.node.Today().Time()
	month := time.Date(today.Year(), today.Month(), 1, 0, 0, 0, 0, time.UTC)
	if text := r.URL.Query().Get("month"); text != "" {
		var err error
		if month, err = time.Parse("2006-01", text); err != nil {
			return errNotFound
		}
	}
	st, err := s.wallet.Statement(v.purse.Account, month.Year(), month.Month())
	if errors.Is(err, wallet.ErrNoStatement) {
		return errNotFound
	}
	if err != nil {
		return err
	}
	p, err := s.statementPage(r, v, st, month)
	if err != nil {
		return err
	}
	return s.show(w, http.StatusOK, p)
}

func (s *Server) statementPage(r *http.Request, v visit, st wallet.Statement, month time.Time) (page.StatementPage, error) {
	p := page.StatementPage{
		Base: s.base(r, v), Month: v.lang.Month(month), Who: v.purse.Title(), Open: st.Open,
		Opening: v.lang.Money(int64(st.Opening)), Closing: v.lang.Money(int64(st.Closing)),
	}
	p.Period = p.T("statement.period", "from", v.lang.Date(st.First.Time()), "to", v.lang.Date(st.Last.Time()))
	if st.Melted != 0 {
		p.Melted, p.MeltedOn = signedMoney(v.lang, int64(-st.Melted)), v.lang.ShortDate(st.Last.Time())
		p.Rounding = st.Melted < 0
	}
	if st.Earlier {
		p.Earlier = statementAddress(month.AddDate(0, -1, 0))
	}
	if !st.Open {
		p.Later = statementAddress(month.AddDate(0, 1, 0))
	}
	lines, err := s.lines(v, st.Lines)
	for i, line := range lines {
		what := line.Who
		if st.Lines[i].Kind == wallet.Paid && v.purse.Role == people.Resident {
			what = p.T("statement.to", "who", line.Who)
			if line.In {
				what = p.T("statement.from", "who", line.Who)
			}
		}
		p.Lines = append(p.Lines, page.StatementLine{When: v.lang.ShortDate(st.Lines[i].At), What: what, Amount: line.Amount})
	}
	return p, err
}

func statementAddress(month time.Time) string {
	return fmt.Sprintf("/statement?month=%04d-%02d", month.Year(), month.Month())
}

// signedMoney writes an amount with its sign, also when it is above zero.
func signedMoney(lang page.Lang, cents int64) string {
	if cents > 0 {
		return "+" + lang.Money(cents)
	}
	return lang.Money(cents)
}
