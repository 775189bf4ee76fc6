package node

import (
	"slices"

	"grulden/demurrage"
	"grulden/internal/record"
	"grulden/ledger"
)

// notTopUps are the ways in which Grulden are issued that are no top-up of a
// person's own: lists that two people approved, a history from elsewhere, and
// the machine's operator.
var notTopUps = []string{record.ByTwo, record.ByReplay, record.ByOperator, record.ByBench}

// TopUp runs fn, which looks how much somebody was topped up and issues what there
// is room for, while nobody else does: neither the bank nor the cash box sees the
// same room as the other.
func (n *Node) TopUp(fn func() error) error {
	n.topping.Lock()
	defer n.topping.Unlock()
	return fn()
}

// ToppedUp is how much an account was topped up with euros, at the bank or in
// cash, since a day.
func (v *View) ToppedUp(id ledger.AccountID, since demurrage.Day) (sum ledger.Cents, err error) {
	a, err := v.Account(id)
	if a == nil || err != nil {
		return 0, err
	}
	for seq := a.Last; seq > 0; {
		r, err := v.Record(seq)
		if err != nil || r.Moment.Day < since {
			return sum, err
		}
		issue, ok := r.Command.(ledger.Issue)
		if ok && issue.To == id && !slices.Contains(notTopUps, r.Auth.How) {
			sum += issue.Amount
		}
		seq = previous(r, id)
	}
	return sum, nil
}
