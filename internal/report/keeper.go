package report

import (
	"cmp"
	"context"
	"sync"

	"grulden/internal/node"
	"grulden/ledger"
)

// Edge is what one owner paid another in a period. Refunds are dropped as they
// are from the volume, so the amounts of all edges are the volume exactly.
type Edge struct {
	From, To         ledger.OwnerID
	FromRole, ToRole string // of the accounts that paid and received
	Amount           ledger.Cents
	Count            int // of payments that count
}

// Keeper makes reports on a ledger that goes on growing. It may be asked from
// many goroutines; each report waits for the one before.
type Keeper struct {
	n       *node.Node
	mu      sync.Mutex
	sectors Sectors
}

// OpenKeeper keeps the sums of a ledger. It is quick: what has to be read is read
// when the first report is asked for.
func OpenKeeper(n *node.Node) (*Keeper, error) { return &Keeper{n: n}, nil }

// Close lets go of the ledger. The keeper must not be used again.
func (k *Keeper) Close() error { return nil }

// Report reports on a period up to the latest entry. The name of the coin and
// the present day are the ledger's, where the options do not say them.
func (k *Keeper) Report(ctx context.Context, p Period, o Options) (r *Report, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if o.Sectors == nil && k.sectors != nil {
		if o.Sectors, err = k.sectors(); err != nil {
			return nil, err
		}
	}
	o.Coin = cmp.Or(o.Coin, k.n.Settings().Coin)
	o.Today = cmp.Or(o.Today, k.n.Today())
	err = k.n.Read(func(v *node.View) error {
		r, err = Make(ctx, v, p, o)
		return err
	})
	return r, err
}

// Edges are the payments between different owners in a period, by payer and
// receiver. There are none in a period without any.
func (k *Keeper) Edges(p Period) ([]Edge, error) {
	r, err := k.Report(context.Background(), p, Options{})
	if err != nil {
		return nil, err
	}
	return r.edges, nil
}
