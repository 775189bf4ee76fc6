package report

import (
	"context"
	"fmt"
	"testing"

	"grulden/demurrage"
	"grulden/internal/record"
	"grulden/internal/replay"
	"grulden/internal/sim"
	"grulden/ledger"
)

// wijk is a ledger in memory with its entries written down. Day 0 is the day it
// begins; everything happens at eleven in the morning UTC, noon in winter.
type wijk struct {
	t       testing.TB
	state   *ledger.State
	records []*record.Record
	names   names
	zero    demurrage.Day
}

func newWijk(t testing.TB, first string, p ledger.Policy) *wijk {
	t.Helper()
	zero, err := demurrage.ParseDay(first)
	if err != nil {
		t.Fatal(err)
	}
	w := &wijk{t: t, state: ledger.NewState(ledger.Head{}, nil), zero: zero}
	w.do(0, ledger.SetPolicy{Policy: p})
	return w
}

// still is a policy under which nothing melts.
func still(hops uint8, term uint16) ledger.Policy {
	p := ledger.DefaultPolicy()
	p.Rate, p.Hops, p.TermDays = 0, hops, term
	return p
}

// apply decides a command; what the rules refuse is no entry.
func (w *wijk) apply(now ledger.Moment, cmd ledger.Command) ledger.Result {
	w.t.Helper()
	facts, result, err := ledger.Decide(w.state, now, ledger.Key{}, cmd)
	if err != nil {
		w.t.Fatal(err)
	}
	if result != ledger.Applied {
		return result
	}
	e := ledger.Entry{Seq: w.state.Head().Seq + 1, Moment: now, Command: cmd, Facts: facts}
	if err := w.state.Apply(&e); err != nil {
		w.t.Fatal(err)
	}
	w.records = append(w.records, &record.Record{Entry: e})
	return result
}

// do applies a command on a day.
func (w *wijk) do(day int, cmd ledger.Command) {
	w.t.Helper()
	d := w.zero + demurrage.Day(day)
	now := ledger.Moment{At: ledger.Instant{Sec: int64(d)*secondsPerDay + 11*3600}, Day: d}
	if result := w.apply(now, cmd); result != ledger.Applied {
		w.t.Fatalf("day %d, %+v: %v", day, cmd, result)
	}
}

// open opens accounts, each with an owner of its own; shops have names of one
// capital letter, and "anna/2" is a second account of anna's.
func (w *wijk) open(labels ...string) {
	w.t.Helper()
	for _, label := range labels {
		role, owner := "resident", label
		if 'A' <= label[0] && label[0] <= 'Z' {
			role = "merchant"
		}
		if n := len(label) - len("/2"); n > 0 && label[n:] == "/2" {
			owner = label[:n]
		}
		w.do(0, ledger.Open{Account: w.names.Account(label), Owner: w.names.Owner(owner), Role: role})
	}
}

func (w *wijk) issue(day int, to string, euros ledger.Cents) {
	w.t.Helper()
	w.do(day, ledger.Issue{To: w.names.Account(to), Amount: euros * 100})
}

// pay pays whole Grulden; the id is for refunds.
func (w *wijk) pay(day int, from, to string, whole ledger.Cents, id string) {
	w.t.Helper()
	w.do(day, ledger.Pay{ID: w.names.ID(id), From: w.names.Account(from), To: w.names.Account(to), Amount: whole * 100})
}

func (w *wijk) refund(day int, id string, whole ledger.Cents) {
	w.t.Helper()
	w.do(day, ledger.Refund{Of: w.names.ID(id), Amount: whole * 100})
}

func (w *wijk) redeem(day int, from string, whole ledger.Cents, id string) {
	w.t.Helper()
	w.do(day, ledger.Redeem{ID: w.names.ID(id), From: w.names.Account(from), Amount: whole * 100})
}

// report reports on the days from one to another.
func (w *wijk) report(from, to int) *Report {
	w.t.Helper()
	return reportOn(w.t, w.records, Period{w.zero + demurrage.Day(from), w.zero + demurrage.Day(to)}, w.zero+demurrage.Day(to))
}

func reportOn(t testing.TB, records []*record.Record, p Period, today demurrage.Day) *Report {
	t.Helper()
	r, err := FromRecords(context.Background(), walk(records), p, Options{Today: today, Owners: true})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// walk goes through entries as a ledger's view does.
func walk(records []*record.Record) Records {
	return func(fn func(*record.Record) error) error {
		for _, r := range records {
			if err := fn(r); err != nil {
				return err
			}
		}
		return nil
	}
}

// expect compares figures, written as fractions, by their keys; "-" is no value.
func expect(t testing.TB, r *Report, want map[string]string) {
	t.Helper()
	for _, l := range r.Lines() {
		exact := l.Exact
		if l.Value == "" {
			exact = "-"
		}
		if w, ok := want[l.Key]; ok && w != exact {
			t.Errorf("%s is %s, want %s", l.Key, exact, w)
		}
		delete(want, l.Key)
	}
	for key := range want {
		t.Errorf("there is no figure %s", key)
	}
}

// names make ids out of labels. With a salt, they are other ids.
type names struct{ salt string }

func (n names) number(kind, label string) uint64 {
	hash := uint64(14695981039346656037) // FNV-1a
	for _, c := range []byte(n.salt + kind + label) {
		hash = (hash ^ uint64(c)) * 1099511628211
	}
	return hash | 1
}

func (n names) Account(label string) ledger.AccountID {
	return ledger.AccountID(n.number("account", label))
}

func (n names) NewAccount(label string) ledger.AccountID { return n.Account(label) }

func (n names) Owner(label string) ledger.OwnerID { return ledger.OwnerID(n.number("owner", label)) }

func (n names) ID(label string) (id ledger.ID) {
	copy(id[:], fmt.Sprintf("%016x", n.number("id", label)))
	return id
}

// history is the entries that a random history leads to.
func history(t testing.TB, seed uint64, lines int, n names) []*record.Record {
	t.Helper()
	w := &wijk{t: t, state: ledger.NewState(ledger.Head{}, nil)}
	for _, line := range sim.History(seed, lines) {
		if replay.Blank(line) {
			continue
		}
		now, cmd, err := replay.Command(line, n)
		if err != nil {
			t.Fatal(err)
		}
		w.apply(now, cmd)
	}
	return w.records
}
