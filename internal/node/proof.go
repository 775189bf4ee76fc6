package node

import (
	"errors"
	"runtime"
	"sync"

	"grulden/internal/record"
	"grulden/ledger"
)

// needsProof tells whether a payment that is authorised so must be signed.
func needsProof(how string) bool { return how == record.ByDevice || how == record.ByDevicePIN }

// proved checks the signature under a payment, in the goroutine of whoever asks
// for it, so that the writer need not. The device may be retired before the
// payment comes to its turn; stillProved looks again.
func (n *Node) proved(r *Request) (bool, error) {
	pay, isPay := r.Command.(ledger.Pay)
	proof := r.Auth.Proof
	if proof == nil {
		return !isPay || !needsProof(r.Auth.How), nil
	}
	a, err := rows{n.db}.Account(pay.From)
	if a == nil || err != nil {
		return false, err
	}
	d := a.Device(proof.Device)
	return isPay && d != nil && proof.Proves(d.Key, n.Settings().Ledger, pay), nil
}

// stillProved tells whether the device that signed a payment is in use at the
// moment at which it is made, and whether it signed for that moment. A device
// keeps its key: the id is never used again.
func stillProved(s *ledger.State, now ledger.Moment, r *Request) (bool, error) {
	proof := r.Auth.Proof
	pay, isPay := r.Command.(ledger.Pay)
	if proof == nil || !isPay {
		return true, nil
	}
	a, err := s.Account(pay.From)
	if a == nil || err != nil {
		return false, err
	}
	return a.Device(proof.Device) != nil && proof.Timely(now), nil
}

// The findings about proofs.
var (
	errUnsigned  = errors.New("it says that a device signed it, and has no signature")
	errNoDevice  = errors.New("the device that signed it was not in use")
	errUntimely  = errors.New("it was signed for another time")
	errSignature = errors.New("its signature is not that of the device")
)

// proofs checks the signatures of a journal beside the walk over it, on all
// processors: a signature takes longer than all else about a payment.
type proofs struct {
	ledger   string
	payments uint64
	signed   uint64
	queue    chan signature
	workers  sync.WaitGroup

	mu  sync.Mutex
	bad *Finding // the first that does not fit
}

// signature is one to be checked.
type signature struct {
	seq   uint64
	key   ledger.PublicKey
	proof *record.Proof
	pay   ledger.Pay
}

func newProofs(ledgerID string) *proofs {
	p := &proofs{ledger: ledgerID, queue: make(chan signature, 1024)}
	for range runtime.GOMAXPROCS(0) {
		p.workers.Go(p.work)
	}
	return p
}

func (p *proofs) work() {
	for s := range p.queue {
		if s.proof.Proves(s.key, p.ledger, s.pay) {
			continue
		}
		p.mu.Lock()
		if p.bad == nil || s.seq < p.bad.Seq {
			p.bad = &Finding{s.seq, errSignature}
		}
		p.mu.Unlock()
	}
}

// take looks at the proof of a record before it is applied to the state, and
// leaves its signature to the workers.
func (p *proofs) take(s *ledger.State, r *record.Record) error {
	pay, isPay := r.Command.(ledger.Pay)
	if !isPay {
		return nil
	}
	p.payments++
	proof := r.Auth.Proof
	if proof == nil {
		if needsProof(r.Auth.How) {
			return errUnsigned
		}
		return nil
	}
	p.signed++
	a, err := s.Account(pay.From)
	if err != nil {
		return err
	}
	d := a.Device(proof.Device)
	switch {
	case d == nil:
		return errNoDevice
	case !proof.Timely(r.Moment):
		return errUntimely
	}
	p.queue <- signature{r.Seq, d.Key, proof, pay}
	return nil
}

// wait ends the checks and gives the first signature that does not fit.
func (p *proofs) wait() *Finding {
	close(p.queue)
	p.workers.Wait()
	return p.bad
}

// comesBefore tells whether an error is a finding at an earlier entry.
func comesBefore(err error, bad *Finding) bool {
	var f *Finding
	return errors.As(err, &f) && 0 < f.Seq && f.Seq <= bad.Seq
}
