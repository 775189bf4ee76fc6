package notice

import (
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"grulden/internal/people"
	"grulden/ledger"
)

// TestWhatWaitsToBeSentIsSentOnceAfterAStart: the mail server had no time, the
// power was cut, and then it had.
func TestWhatWaitsToBeSentIsSentOnceAfterAStart(t *testing.T) {
	w := newWijk(t)
	anna, ben := w.person(people.Resident, "Anna"), w.person(people.Resident, "Ben")
	server, m := startMail(t)
	confirmed(t, w, anna, server, m, "anna@buurt.test")
	confirmed(t, w, ben, server, m, "ben@buurt.test")
	server.refuseWith(&smtp.SMTPError{Code: 451, Message: "busy"})
	for _, p := range []people.Person{anna, ben} {
		w.do(ledger.Block{Account: p.Account})
	}
	must(t, w.post.Follow())
	if err := w.post.Deliver(ctx, means(m, nil)); err == nil {
		t.Fatal("a busy mail server is no error")
	}
	server.refuseWith(nil)
	before := len(server.got())
	w = w.powerCut()
	must(t, w.people.Erase(ben.ID)) // nobody writes to who is not there any more
	must(t, w.post.Deliver(ctx, means(m, nil)))
	if got := len(server.got()); got != before {
		t.Errorf("%d sent before the pause was over", got-before)
	}
	w.clock.add(firstPause + time.Second)
	must(t, w.post.Deliver(ctx, means(m, nil)))
	w = w.powerCut()
	w.clock.add(time.Hour)
	must(t, w.post.Follow())
	must(t, w.post.Deliver(ctx, means(m, nil)))
	all := server.got()[before:]
	if len(all) != 1 || all[0].to != "anna@buurt.test" || all[0].Header.Get("Subject") != "Bericht blocked" {
		t.Errorf("%d e-mails after the start: %+v", len(all), all)
	}
	if got := w.letters(); got != "" {
		t.Errorf("what was sent is printed too: %q", got)
	}
}

func TestWhatIsOldIsNotSentAnyMore(t *testing.T) {
	w := newWijk(t)
	anna := w.person(people.Resident, "Anna")
	server, m := startMail(t)
	confirmed(t, w, anna, server, m, "anna@buurt.test")
	sent := len(server.got())
	must(t, w.post.Send(anna.ID, Notice{Key: "a", Kind: Blocked}))
	w.clock.add(keptFor + time.Hour)
	must(t, w.post.Sweep(w.clock.Now()))
	must(t, w.post.Deliver(ctx, means(m, nil)))
	if got := len(server.got()); got != sent {
		t.Errorf("%d e-mails about what is not on file any more", got-sent)
	}
	if w = w.powerCut(); w.kinds(anna) != "" || len(w.post.wait) != 0 {
		t.Errorf("after a start there is %q, and %d wait", w.kinds(anna), len(w.post.wait))
	}
}
