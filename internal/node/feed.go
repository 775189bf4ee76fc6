package node

import (
	"sync"

	"grulden/ledger"
)

// Event tells that an entry touched an account. It carries the entry's sequence
// number, so that somebody who missed some can catch up from the journal.
type Event struct {
	Seq     uint64
	Command ledger.Command
	Debit   ledger.AccountID
	Credit  ledger.AccountID
}

func eventOf(e *ledger.Entry) Event {
	return Event{Seq: e.Seq, Command: e.Command, Debit: e.Facts.Debit, Credit: e.Facts.Credit}
}

// feedLength is how far a subscriber may lag before he is dropped.
const feedLength = 64

// feed hands events to those who watch an account.
type feed struct {
	mu   sync.Mutex
	subs map[ledger.AccountID]map[chan Event]bool
}

// Subscribe watches an account. The channel is closed when the watcher falls
// behind or cancels; he then catches up from the journal and subscribes again.
func (n *Node) Subscribe(id ledger.AccountID) (events <-chan Event, cancel func()) {
	f := &n.feed
	ch := make(chan Event, feedLength)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.subs == nil {
		f.subs = make(map[ledger.AccountID]map[chan Event]bool)
	}
	if f.subs[id] == nil {
		f.subs[id] = make(map[chan Event]bool)
	}
	f.subs[id][ch] = true
	return ch, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.drop(id, ch)
	}
}

// drop ends a subscription; the lock is held.
func (f *feed) drop(id ledger.AccountID, ch chan Event) {
	if !f.subs[id][ch] {
		return
	}
	close(ch)
	delete(f.subs[id], ch)
	if len(f.subs[id]) == 0 {
		delete(f.subs, id)
	}
}

// publish hands on what is now on disk.
func (f *feed) publish(events []Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.subs) == 0 {
		return
	}
	for _, e := range events {
		for _, id := range []ledger.AccountID{e.Debit, e.Credit} {
			for ch := range f.subs[id] {
				select {
				case ch <- e:
				default:
					f.drop(id, ch)
				}
			}
		}
	}
}
