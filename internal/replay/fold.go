package replay

import (
	"iter"

	"grulden/demurrage"
	"grulden/internal/record"
	"grulden/ledger"
)

// Fold folds the records of a journal again, up to the end of a day, into a
// state in memory: the ledger as it was.
func Fold(records iter.Seq2[*record.Record, error], until demurrage.Day) (*ledger.State, error) {
	s := ledger.NewState(ledger.Head{}, nil)
	for r, err := range records {
		if err != nil {
			return nil, err
		}
		if r.Moment.Day > until {
			break
		}
		if err := s.Apply(&r.Entry); err != nil {
			return nil, err
		}
	}
	return s, nil
}
