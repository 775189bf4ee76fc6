package move

import (
	"context"
	"errors"

	"grulden/internal/foureyes"
	"grulden/internal/people"
)

// Kind is the proposal to issue what members had when they moved.
const Kind foureyes.Kind = "move"

// ErrEmpty is returned for an opening in which nobody has anything, or whose lines
// are not its total.
var ErrEmpty = errors.New("there is nothing to issue")

// Rule says who may agree to an opening: the treasurer, who answers for the euros
// being there, and somebody else of the board or a second treasurer.
func (at Place) Rule() foureyes.Rule {
	return foureyes.Rule{
		First:  []people.Role{people.Treasurer},
		Second: []people.Role{people.Board, people.Treasurer},
		Check: func(_ context.Context, p *foureyes.Proposal) error {
			var o Opening
			if err := p.Into(&o); err != nil {
				return err
			}
			for _, line := range o.Lines {
				if line.Cents <= 0 {
					return ErrEmpty
				}
				o.Total -= line.Cents
			}
			if len(o.Lines) == 0 || o.Total != 0 {
				return ErrEmpty
			}
			return nil
		},
		Do: func(ctx context.Context, p *foureyes.Proposal) error {
			var o Opening
			if err := p.Into(&o); err != nil {
				return foureyes.Impossible(err)
			}
			err := Issue(ctx, at, o, p.Auth())
			if refused := (*RefusedError)(nil); errors.As(err, &refused) {
				err = foureyes.Impossible(err)
			}
			return err
		},
	}
}
