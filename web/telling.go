package web

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"

	"grulden/demurrage"
	"grulden/internal/notice"
	"grulden/internal/people"
	"grulden/web/page"
)

// tellEvery is how often the server looks whether somebody is to be told
// something.
const tellEvery = 2 * time.Second

// runNotices follows the journal and sends what waits, until ctx ends. None of
// these waits for another: a slow push service stops no e-mail.
func (s *Server) runNotices(ctx context.Context, push *http.Client) {
	var all sync.WaitGroup
	for _, work := range []func() error{
		s.notices.Follow,
		func() error { return s.notices.DeliverMail(ctx, s.means(push)) },
		func() error { return s.notices.DeliverPush(ctx, s.means(push)) },
	} {
		all.Go(func() { s.every(ctx, tellEvery, work) })
	}
	all.Wait()
}

// every does something again and again until ctx ends.
func (s *Server) every(ctx context.Context, pause time.Duration, work func() error) {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		if err := work(); err != nil && ctx.Err() == nil {
			s.log.Warn("notices", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// means are the words and the ways by which people are told.
func (s *Server) means(push *http.Client) notice.Means {
	return notice.Means{
		Mail: s.mailer, Push: push, Site: s.origin,
		Write: func(p people.Person, n notice.Notice) notice.Text {
			b := s.nobody(page.ParseLang(p.Lang))
			title, text := told(b, n)
			return notice.Text{Title: title, Lines: []string{text, b.T("told.safe"), b.T("told.from")}, Link: s.origin + "/notices"}
		},
		Confirm: func(p people.Person, code string) notice.Text {
			b := s.nobody(page.ParseLang(p.Lang))
			return notice.Text{Title: b.T("told.confirm") + " " + b.Coin, Lines: []string{b.T("told.confirm.text", "code", code), b.T("told.from")}}
		},
	}
}

// told puts a notice into words: what happened, and the rest.
func told(b page.Base, n notice.Notice) (title, text string) {
	amount, _ := strconv.ParseInt(n.Facts[notice.FactAmount], 10, 64) // those without an amount have no place for it
	day, _ := demurrage.ParseDay(n.Facts[notice.FactDay])
	what := page.Key("act." + n.Facts[notice.FactAct])
	if !page.Has(what) {
		what = "act.other"
	}
	return b.T(page.Key("told." + n.Kind)), b.T(
		page.Key("told."+n.Kind+".text"), "amount", b.Lang.Money(amount), "day", b.Lang.Date(day.Time()), "what", b.T(what),
	)
}

// noticeIcons are the pictograms of notices.
var noticeIcons = map[notice.Kind]string{
	notice.TopUp: "coin", notice.Issued: "coin", notice.Granted: "gift", notice.PaidOut: "euro", notice.CameBack: "warning", notice.Rejected: "back",
	notice.Blocked: "lock", notice.Unblocked: "check", notice.Act: "people", notice.Standing: "repeat", notice.Policy: "book",
}
