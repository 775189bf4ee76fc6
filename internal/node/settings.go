package node

import (
	"encoding/json"
	"errors"
	"fmt"

	"grulden/ledger"
)

// Settings are kept in the store. All but the first may be changed.
type Settings struct {
	Ledger string `json:"ledger"` // random id of this ledger, in every checkpoint and under every signature
	Coin   string `json:"coin"`   // name of the coin
	Wijk   string `json:"wijk"`   // name of the wijk
	Limits Limits `json:"limits"` // for one account

	Rules []DatedRules `json:"rules,omitempty"` // by day; see SetRules
}

// Limits are up to how much one account may pay in which way. They are the
// wijk's own policy and no rule of the coin: the ledger does not know them.
type Limits struct {
	NoPIN    ledger.Cents `json:"no_pin"`     // one payment for which no PIN is asked; nought: it is always asked
	NoPINDay ledger.Cents `json:"no_pin_day"` // all such payments of one day
	Card     ledger.Cents `json:"card"`       // one payment with a card at a till; nought: none
	CardDay  ledger.Cents `json:"card_day"`   // all such payments of one day
}

// DefaultLimits are those of a new ledger, and of one from before there were any.
func DefaultLimits() Limits {
	return Limits{NoPIN: 25_00, NoPINDay: 100_00, Card: 50_00, CardDay: 150_00}
}

// Valid tells whether no limit is below nought, and none of a payment above
// that of a day.
func (l Limits) Valid() bool {
	return 0 <= l.NoPIN && l.NoPIN <= l.NoPINDay && 0 <= l.Card && l.Card <= l.CardDay
}

// Refusals of SetSettings.
var (
	ErrLimits = errors.New("the limit of one payment lies between nought and that of a day")
	ErrOther  = errors.New("these are the settings of another ledger")
)

// Settings are the ledger's own.
func (n *Node) Settings() Settings { return *n.settings.Load() }

// SetSettings changes the settings but for the rules, and returns when they are
// on disk. It refuses with ErrLimits, and with ErrOther when the ledger's id is
// not its own.
func (n *Node) SetSettings(s Settings) error {
	if !s.Limits.Valid() {
		return ErrLimits
	}
	return n.changeSettings(func(old *Settings) error {
		if s.Ledger != old.Ledger {
			return ErrOther
		}
		rules := old.Rules
		*old = s
		old.Rules = rules
		return nil
	})
}

// changeSettings changes a copy of the settings, and puts it in their place once
// it is on disk.
func (n *Node) changeSettings(change func(*Settings) error) error {
	if err := n.db.Writable(); err != nil {
		return err
	}
	n.closing.RLock()
	defer n.closing.RUnlock()
	if n.closed {
		return ErrClosed
	}
	n.setting.Lock()
	defer n.setting.Unlock()
	s := n.Settings()
	if err := change(&s); err != nil {
		return err
	}
	row, err := encodeSettings(s)
	if err != nil {
		return err
	}
	b := n.db.NewBatch()
	defer b.Close()
	b.Set(settingsKey, row)
	if err := n.db.Commit(b); err != nil {
		return err
	}
	n.settings.Store(&s)
	return nil
}

// encodeSettings writes settings as they lie in the store.
func encodeSettings(s Settings) ([]byte, error) { return json.Marshal(s) }

func decodeSettings(row []byte) (Settings, error) {
	s := Settings{Limits: DefaultLimits()}
	if err := json.Unmarshal(row, &s); err != nil {
		return s, fmt.Errorf("%w: settings: %w", errRow, err)
	}
	return s, nil
}
