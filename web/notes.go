package web

import (
	"grulden/internal/civil"
	"grulden/wallet"
	"grulden/web/page"
)

// noteDays is how long a wallet speaks of what went wrong or was answered.
const noteDays = 7

// returnNotes tell of payments that should come back.
func returnNotes(s *Server, v visit) (notes []page.Note, err error) {
	returns, err := s.orders.Returns(v.purse)
	if err != nil {
		return nil, err
	}
	today := s.node.Today()
	for _, back := range returns {
		mine := back.Answerer() == v.purse.Account
		recent := civil.Day(back.At)+noteDays >= today
		if back.State != wallet.ReturnOpen && (mine || !recent) {
			continue
		}
		notes = append(notes, page.Note{
			Icon: "back", Text: v.lang.Money(int64(back.Amount)) + ": " + returnText(v, back),
			Href: "/return/" + back.Payment.String(), Word: "return.look",
		})
	}
	return notes, nil
}

// Bounds of what a wallet tells of money that a shop gave back.
const (
	backDays   = 3
	backLooked = 10 // entries
)

// backNotes tell of money that shops gave back a short while ago.
func backNotes(s *Server, v visit) (notes []page.Note, err error) {
	entries, _, err := s.wallet.History(v.purse.Account, 0, backLooked)
	if err != nil {
		return nil, err
	}
	today := s.node.Today()
	for _, e := range entries {
		if e.Kind != wallet.Refunded || e.Amount < 0 || civil.Day(e.At)+backDays < today {
			continue
		}
		name, isShop, err := s.nameOf(v.lang, e.Other)
		if err != nil {
			return nil, err
		}
		if isShop {
			notes = append(notes, page.Note{
				Icon: "back", Text: v.lang.Text("refund.got", "shop", name, "amount", v.lang.Money(int64(e.Amount))),
				Href: "/receipt/" + e.ID.String(), Word: "return.look",
			})
		}
	}
	return notes, nil
}

// standingNotes announce payments that come again, and tell what went wrong
// with them.
func standingNotes(s *Server, v visit) (notes []page.Note, err error) {
	standing, err := s.orders.Standing(v.purse.ID)
	if err != nil {
		return nil, err
	}
	for i := range standing {
		note, ok, err := s.standingNote(v.lang, &standing[i])
		if err != nil {
			return nil, err
		}
		if ok {
			notes = append(notes, note)
		}
	}
	return notes, nil
}

// standingNote announces a payment that comes again, or says what went wrong
// with it.
func (s *Server) standingNote(lang page.Lang, st *wallet.Standing) (note page.Note, ok bool, err error) {
	face, err := s.face(lang, st.To)
	if err != nil {
		return note, false, err
	}
	today := s.node.Today()
	pairs := []string{"amount", lang.Money(int64(st.Amount)), "who", face.Name, "day", lang.ShortDate(max(st.Next, st.Retry).Time())}
	note = page.Note{Icon: "repeat", Href: "/standing", Word: "standing.look"}
	e, happened := st.LastEvent()
	lately := happened && e.On+noteDays >= today
	endedLately := st.EndedOn+noteDays >= today
	switch {
	case st.Tries > 0:
		note.Text, note.Warn = lang.Text("standing.noteshort", pairs...), true
	case st.Announced(today):
		note.Text = lang.Text("standing.notesoon", pairs...)
	case lately && e.What == wallet.WasFailed, lately && e.What == wallet.WasMissed:
		note.Text, note.Warn = lang.Text("standing.notefailed", pairs...), true
	case st.Ended == wallet.NewCard && endedLately:
		note.Text, note.Warn = lang.Text("standing.notecard", pairs...), true
	case (st.Ended == wallet.Closed || st.Ended == wallet.Unsigned) && endedLately:
		note.Text, note.Warn = lang.Text("standing.noteended", pairs...), true
	default:
		return note, false, nil
	}
	return note, true, nil
}
