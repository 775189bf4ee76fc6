package whatif

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"grulden/demurrage"
	"grulden/internal/policy"
	"grulden/internal/replay"
	"grulden/ledger"
)

// MaxScenarios is how many can stand beside each other.
const MaxScenarios = 8

// ErrScenarios says that a file of scenarios cannot be used; the text says why.
var ErrScenarios = errors.New("these scenarios cannot be used")

// written is a scenario as a file has it: what is missing is as the rules are.
type written struct {
	Name      string    `json:"name"`
	Rate      *share    `json:"rate"`
	Every     *string   `json:"every"`
	GraceDays *uint16   `json:"grace_days"`
	Hops      *uint8    `json:"hops"`
	TermDays  *uint16   `json:"term_days"`
	Fee       *share    `json:"redemption_fee"`
	Redeemers *[]string `json:"redeemers"`
	Spending  string    `json:"spending"`
}

// share is a percentage in a file, in billionths.
type share uint32

// UnmarshalJSON reads "8%".
func (s *share) UnmarshalJSON(b []byte) error {
	var text string
	if json.Unmarshal(b, &text) == nil {
		if text == "100%" {
			*s = demurrage.Billion
			return nil
		}
		if n, err := replay.ParsePercent(text); err == nil {
			*s = share(n)
			return nil
		}
	}
	return unreadable[share](b)
}

// ReadScenarios reads one scenario, or a list of them: the fields of a policy in
// the replay format, a name, and "spending" for the order in which payments take
// money. What a scenario leaves out is as in base.
func ReadScenarios(r io.Reader, base ledger.Policy) ([]policy.Scenario, error) {
	text, err := io.ReadAll(io.LimitReader(r, 1<<20))
	if err != nil {
		return nil, err
	}
	var list []written
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
		list = make([]written, 1)
		err = strict(text, &list[0])
	} else {
		err = strict(text, &list)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrScenarios, err)
	}
	if len(list) == 0 || len(list) > MaxScenarios {
		return nil, fmt.Errorf("%w: there are %d, and 1 to %d fit beside each other", ErrScenarios, len(list), MaxScenarios)
	}
	all := make([]policy.Scenario, len(list))
	for i, w := range list {
		if all[i], err = w.on(base); err != nil {
			return nil, fmt.Errorf("%w: number %d: %w", ErrScenarios, i+1, err)
		}
	}
	return all, nil
}

// on is the scenario where it stands on other rules.
func (w *written) on(base ledger.Policy) (policy.Scenario, error) {
	p := base
	put(&p.GraceDays, w.GraceDays)
	put(&p.Hops, w.Hops)
	put(&p.TermDays, w.TermDays)
	put(&p.Redeemers, w.Redeemers)
	if w.Rate != nil {
		p.Rate = demurrage.Rate(*w.Rate)
	}
	if w.Fee != nil {
		p.Fee = uint32(*w.Fee)
	}
	if w.Every != nil {
		switch *w.Every {
		case "day":
			p.Every = demurrage.Daily
		case "month":
			p.Every = demurrage.Monthly
		default:
			return policy.Scenario{}, fmt.Errorf("every is %q, and can be day or month", *w.Every)
		}
	}
	s := policy.Scenario{Name: strings.TrimSpace(w.Name), Policy: p}
	if s.Name == "" {
		return s, errors.New("it has no name")
	}
	if w.Spending != "" {
		i := slices.IndexFunc(ledger.Orders(), func(o ledger.Order) bool { return o.String() == w.Spending })
		if i < 0 {
			return s, fmt.Errorf("spending is %q, and can be one of %v", w.Spending, ledger.Orders())
		}
		s.Order = ledger.Orders()[i]
	}
	return s, Settable(p)
}

func put[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

// Settable tells whether a ledger could have these rules from its first day on.
func Settable(p ledger.Policy) error {
	empty := ledger.NewState(ledger.Head{}, nil)
	_, result, err := ledger.Decide(empty, ledger.Moment{}, ledger.Key{}, ledger.SetPolicy{Policy: p})
	if err == nil && result != ledger.Applied {
		err = errors.New("a figure of its rules is beyond its limits (rate under 5%, grace 0 to 366 days, hops 1 to 20, term 1 to 36500 days)")
	}
	return err
}
