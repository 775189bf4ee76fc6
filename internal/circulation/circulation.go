package circulation

import (
	"context"
	"io"
	"math/big"

	"grulden/internal/network"
)

// Options say what to look at and how to read it. The zero value looks at a
// whole list in the plain form, under no rule.
type Options struct {
	From, To string                // of the window, as the list says when; empty for all of it
	Rules    []Rule                // by which to follow the money
	System   []string              // accounts that are not users': a fund, a treasury
	Outside  []string              // where money comes from and goes to, in a list without types
	Columns  map[string]string     // the list's own headings of our columns
	Types    map[string]string     // our types of the list's own
	Sale     string                // the purpose that makes a transfer a final sale; empty if nobody says
	Comma    bool                  // amounts are written 1.234,50
	Dates    Dates                 // the order of day, month and year
	Opening  bool                  // what accounts lack they had before the list begins
	Network  bool                  // also tell how payments hang together
	Progress func(done, of uint64) // called now and then; may be nil
}

// Result is what a list comes to in a window. Amounts are in coins. A number
// that is nil has no value.
type Result struct {
	Days     *big.Rat // T
	Rows     int      // looked at
	Self     int      // rows from an account to itself, dropped
	Undone   int      // rows that undo another, dropped with what they undo
	Accounts int      // of users, seen until the end of the window
	Active   int      // of these, sent or received a transfer in it
	Payments int      // that V is made of
	Pairs    int      // of payer and receiver

	Issued    *big.Rat // I
	Redeemed  *big.Rat // R
	Melted    *big.Rat // D
	SystemIn  *big.Rat // from system accounts to users
	SystemOut *big.Rat // and from users to them
	Opening   *big.Rat // what users must have had before the list begins
	IssuedAll *big.Rat // issued from the begin of the list to the end of the window
	Volume    *big.Rat // V
	Sales     *big.Rat // Y; nil if nobody says which are
	StockDays *big.Rat // Σ coins × days with users
	Stock     *big.Rat // with users at the end

	ActiveFirst int // active in the first half of the window
	ActiveAgain int // of these, active in the second half, too

	Balances []*big.Rat // of all users at the end
	Received []*big.Rat // by each of them in transfers
	Network  *network.Figures
	Paths    []*Path
}

// Analyse goes through a list: twice, where a later row can change what an
// earlier one means. A row that cannot be so ends it with a *Fault.
func Analyse(ctx context.Context, file io.ReadSeeker, o Options) (*Result, error) {
	w, err := newWalk(&o)
	if err != nil {
		return nil, err
	}
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	in, err := rewind(file, &o)
	if err != nil {
		return nil, err
	}
	passes := []func(*row) error{w.row}
	if _, undoes := in.place[colReverses]; undoes || o.Opening {
		passes = []func(*row) error{w.foresee, w.row}
	}
	for i, pass := range passes {
		if in, err = rewind(file, &o); err != nil {
			return nil, err
		}
		err := w.through(in, pass, func() error {
			if o.Progress != nil {
				o.Progress(uint64(i)*uint64(size)+uint64(in.csv.InputOffset()), uint64(len(passes))*uint64(size))
			}
			return ctx.Err()
		})
		if err != nil {
			return nil, err
		}
	}
	return w.finish(ctx, in.form)
}

func rewind(file io.ReadSeeker, o *Options) (*reader, error) {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	return newReader(file, o)
}
