package web

import (
	"sync"

	"grulden/demurrage"
	"grulden/internal/bank"
	"grulden/internal/books"
	"grulden/internal/fund"
)

// kept is what takes time to work out and everybody may ask for: it is kept
// until its rows or the day change, and worked out once for all who wait, so that
// many visits cost no more than one.
type kept[T any] struct {
	mu    sync.Mutex
	since stamp
	value T
	known bool
}

// stamp is what a figure follows from: the changes of its rows, and the day.
type stamp struct {
	changes uint64
	day     demurrage.Day
}

// at gives the figure of a stamp. The stamp is made before the rows are read, so
// that a change in between has the figure worked out again.
func (f *kept[T]) at(now func() stamp, work func() (T, error)) (T, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	since := now()
	if f.known && f.since == since {
		return f.value, nil
	}
	value, err := work()
	if err != nil {
		return value, err
	}
	f.since, f.value, f.known = since, value, true
	return value, nil
}

// figures are what the public pages tell, and what takes time to work out.
type figures struct {
	euros  kept[books.Reserve]
	clock  kept[bank.Clock]
	grants kept[[]fund.Grant]
}

// reserveNow is the cover of the Grulden: of the ledger as it is now, and of bank,
// box and lists since they last changed.
func (s *Server) reserveNow() (*books.Reserve, error) {
	places := s.books()
	return places.ReserveWith(func(day demurrage.Day) (books.Reserve, error) {
		return s.figures.euros.at(func() stamp {
			return stamp{s.bank.Changes() + s.cash.Changes() + s.rewards.Changes(), day}
		}, func() (books.Reserve, error) { return places.Euros(day) })
	})
}

// payoutClock tells how long shops waited for their euros.
func (s *Server) payoutClock() (bank.Clock, error) {
	return s.figures.clock.at(func() stamp {
		return stamp{s.bank.Changes(), s.node.Today()}
	}, s.bank.Clock)
}

// promiseBreaks are the grants of the wijkfonds that broke its promise.
func (s *Server) promiseBreaks() ([]fund.Grant, error) {
	return s.figures.grants.at(func() stamp {
		return stamp{changes: s.fund.Changes()}
	}, func() (broke []fund.Grant, err error) {
		all, err := s.fund.Grants()
		for _, g := range all {
			if g.Why != "" && g.Seq != 0 {
				broke = append(broke, g)
			}
		}
		return broke, err
	})
}
