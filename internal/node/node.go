// Package node is one running ledger: the single writer that decides commands
// and makes them durable, the readers beside it, and the feed of what happened.
//
// The writer is a pipeline of two goroutines. The first decides commands in the
// order of their arrival on a state in memory, and gathers entries, rows and
// tree hashes into one batch; the second writes the batch with a sync, and only
// then tells those who wait. While a batch is being synced, the next one is
// decided. After a crash the store holds whole batches only, so recovery is the
// normal way of opening. Whatever fails on the way to the disk ends the
// process: what is in memory may then be ahead of the disk, and must not be
// told to anybody.
package node

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"grulden/demurrage"
	"grulden/internal/civil"
	"grulden/internal/journal"
	"grulden/internal/record"
	"grulden/internal/store"
	"grulden/ledger"
)

// Errors of Submit. A rule's refusal is not an error but a Receipt.Result.
var (
	ErrBusy   = errors.New("the ledger is busy: try again in a moment")
	ErrClosed = errors.New("the ledger is stopped")

	// ErrSignature says that a payment's proof is not one of a device in use, or
	// not of this payment, or not of now. The payment was not made.
	ErrSignature = errors.New("the signature is not one of a device that may pay")
)

// The bounds of a node.
const (
	queueLength = 4096 // commands that may wait; more are refused with ErrBusy
	batchLength = 512  // commands decided for one sync, so that none waits long
	batchBytes  = 1 << 20
	stateBound  = 400_000 // accounts and lots kept in memory, about 100 bytes each
	signEvery   = time.Minute
)

// Options are how a node is run. The zero value is for production.
type Options struct {
	Store store.Options
	Clock func() time.Time // the present, for commands without a time of their own; time.Now if nil

	signEvery  time.Duration // for tests: a minute when nought
	stateBound int           // for tests: the bound above when nought
}

// Request is a command and who authorised it.
type Request struct {
	Auth    record.Auth
	Command ledger.Command
	Key     ledger.Key    // makes a command without an id of its own idempotent; nought for none
	Moment  ledger.Moment // of a replayed command; nought for now
}

// Receipt is what became of a command, told after it is on disk.
type Receipt struct {
	Seq    uint64 // the entry; of an earlier command with the same id or key, if Repeat
	Moment ledger.Moment
	Result ledger.Result
	Repeat bool // the same command was applied before, and this is its entry
}

// Node is a ledger that is open for writing.
type Node struct {
	db       *store.DB
	files    store.Files
	key      *journal.Key
	setting  sync.Mutex // held while the settings are changed
	topping  sync.Mutex // held while somebody is topped up
	settings atomic.Pointer[Settings]
	clock    func() time.Time

	signEvery time.Duration
	signing   sync.Mutex // held while the checkpoint is written

	queue   chan *Pending
	commits chan *batch
	gone    chan struct{} // closed when the committer has ended
	closing sync.RWMutex  // held for reading while sending to queue
	closed  bool

	settled atomic.Uint64                 // the last batch on disk
	vital   vital                         // for who looks after the machine
	lastDay atomic.Int32                  // of the last entry on disk
	known   atomic.Pointer[knownPolicies] // for readers
	fault   func(string)                  // ends the process
	feed    feed

	writtenMu sync.Mutex
	written   store.Load // under writtenMu

	// The decider's own.
	state      *ledger.State
	stateBound int
	source     *guarded
	log        *journal.Log
	step       journal.Head // where the batch being built began
}

// knownPolicies are the policies and the index made from them, shared by readers.
type knownPolicies struct {
	policies ledger.Policies
	index    *demurrage.Index
}

// Pending is a command on its way.
type Pending struct {
	request Request
	proved  bool // its proof was good when it was sent, or it needs none
	receipt Receipt
	err     error
	done    chan struct{}
}

// Open opens a ledger for writing. It never creates one. It refuses a store
// that another process has open, that is older than its signed checkpoint, that
// has a gap, or whose tree, head and rows disagree.
func Open(dir string, o Options) (*Node, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Store.Exit == nil {
		o.Store.Exit = exit
	}
	if o.signEvery == 0 {
		o.signEvery = signEvery
	}
	if o.stateBound == 0 {
		o.stateBound = stateBound
	}
	db, files, err := openStore(dir, o.Store)
	if err != nil {
		return nil, err
	}
	n := &Node{
		db: db, files: files, clock: o.Clock, signEvery: o.signEvery, stateBound: o.stateBound, fault: o.Store.Exit,
		queue:   make(chan *Pending, queueLength),
		commits: make(chan *batch, 1),
		gone:    make(chan struct{}),
	}
	if err := n.recover(); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	go n.commit(n.log.Head())
	go n.decide()
	return n, nil
}

// recover takes up the state where the store has it.
func (n *Node) recover() error {
	found, err := inspect(n.db, n.files)
	if err != nil {
		return err
	}
	n.settings.Store(&found.settings)
	n.key, n.log, n.step = found.key, found.log, found.log.Head()
	n.source = &guarded{rows: rows{n.db}, db: n.db}
	n.state = ledger.NewState(found.head, n.source)
	n.known.Store(&knownPolicies{found.head.Policies, found.head.Index})
	n.lastDay.Store(int32(found.head.Moment.Day))
	n.vital.length.Store(found.head.Seq)
	return nil
}

// Store is the store, for the parts that keep their rows beside the ledger's.
func (n *Node) Store() *store.DB { return n.db }

// Now is the present by the node's clock.
func (n *Node) Now() time.Time { return n.clock() }

// Today is the civil day of the present, and never before that of the last
// entry: what is shown for today is what can be paid today, also when the
// machine's clock was set back.
func (n *Node) Today() demurrage.Day {
	return max(civil.Day(n.clock()), demurrage.Day(n.lastDay.Load()))
}

// Send hands in a command and does not wait for it. It refuses at once with
// ErrBusy when too many wait, with store.ErrDiskLow when the disk is nearly
// full, and with ErrClosed when the node stops. A proof is checked here, in the
// caller's own time, and must not be changed afterwards.
func (n *Node) Send(r Request) (*Pending, error) {
	if err := n.db.Writable(); err != nil {
		return nil, err
	}
	proved, err := n.proved(&r)
	if err != nil {
		return nil, err
	}
	p := &Pending{request: r, proved: proved, done: make(chan struct{})}
	n.closing.RLock()
	defer n.closing.RUnlock()
	if n.closed {
		return nil, ErrClosed
	}
	select {
	case n.queue <- p:
		return p, nil
	default:
		return nil, ErrBusy
	}
}

// Wait waits until what became of the command is on disk.
func (p *Pending) Wait() (Receipt, error) {
	<-p.done
	return p.receipt, p.err
}

// Submit hands in a command and waits until what became of it is on disk. When
// ctx ends first, the command may still be applied: ask again with the same id.
// A payment that has a proof which proves nothing, or has none and needs one, is
// refused with ErrSignature, unless it was made before.
func (n *Node) Submit(ctx context.Context, r Request) (Receipt, error) {
	p, err := n.Send(r)
	if err != nil {
		return Receipt{}, err
	}
	select {
	case <-p.done:
		if p.receipt.Repeat {
			return n.firstReceipt(p.receipt)
		}
		return p.receipt, p.err
	case <-ctx.Done():
		return Receipt{}, ctx.Err()
	}
}

// firstReceipt completes the receipt of a repeated command from its entry.
func (n *Node) firstReceipt(r Receipt) (Receipt, error) {
	err := n.Read(func(v *View) error {
		rec, err := v.Record(r.Seq)
		if err == nil {
			r.Moment = rec.Moment
		}
		return err
	})
	return r, err
}

// Close stops taking commands, finishes those that wait, signs a checkpoint and
// closes the store.
func (n *Node) Close() error {
	n.closing.Lock()
	if n.closed {
		n.closing.Unlock()
		return ErrClosed
	}
	n.closed = true
	close(n.queue)
	n.closing.Unlock()
	<-n.gone
	return n.db.Close()
}
