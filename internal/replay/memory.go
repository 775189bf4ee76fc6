package replay

import (
	"crypto/sha256"
	"encoding/binary"

	"grulden/demurrage"
	"grulden/ledger"
)

// Memory is a ledger that lives in memory only: replays are tried out on it,
// and the past is folded again in it. The zero value is not usable.
type Memory struct {
	State    *ledger.State
	accounts map[string]ledger.AccountID
	Outcome  Outcome
	line     int
}

// NewMemory is an empty ledger in memory.
func NewMemory() *Memory {
	return &Memory{State: ledger.NewState(ledger.Head{}, nil), accounts: make(map[string]ledger.AccountID)}
}

// digest makes an id out of a label; labels in memory are nobody's.
func digest(kind, label string) [sha256.Size]byte {
	return sha256.Sum256([]byte(kind + "\x00" + label))
}

// Account is the id of an account, nought for a label never opened.
func (m *Memory) Account(label string) ledger.AccountID { return m.accounts[label] }

// NewAccount is the id under which an account is to be opened.
func (m *Memory) NewAccount(label string) ledger.AccountID {
	d := digest("account", label)
	return ledger.AccountID(binary.BigEndian.Uint64(d[:]) | 1)
}

// Owner is the id of an owner.
func (m *Memory) Owner(label string) ledger.OwnerID {
	d := digest("owner", label)
	return ledger.OwnerID(binary.BigEndian.Uint64(d[:]) | 1)
}

// ID is the id of a payment or redemption.
func (m *Memory) ID(label string) ledger.ID {
	d := digest("id", label)
	return ledger.ID(d[:16])
}

// Line applies a line. The error is ErrNotJSON, or that the state is corrupt.
func (m *Memory) Line(line []byte) (ledger.Result, error) {
	m.line++
	if Blank(line) {
		return ledger.Applied, nil
	}
	now, cmd, err := Command(line, m)
	if err != nil {
		return ledger.BadCommand, err
	}
	result, err := m.Apply(now, cmd)
	if err != nil {
		return result, err
	}
	if open, ok := cmd.(ledger.Open); ok && result == ledger.Applied {
		m.name(line, open.Account)
	}
	m.Outcome.Note(m.line, result)
	return result, nil
}

// name keeps the label under which an account was opened.
func (m *Memory) name(line []byte, id ledger.AccountID) {
	m.accounts[Label(line)] = id
}

// Apply decides a command and carries the state forward.
func (m *Memory) Apply(now ledger.Moment, cmd ledger.Command) (ledger.Result, error) {
	facts, result, err := ledger.Decide(m.State, now, ledger.Key{}, cmd)
	if result != ledger.Applied || err != nil {
		return result, err
	}
	seq := m.State.Head().Seq + 1
	return result, m.State.Apply(&ledger.Entry{Seq: seq, Moment: now, Command: cmd, Facts: facts})
}

// Balances is the state at the end of a day that is not before the last entry.
func (m *Memory) Balances(day demurrage.Day) (*Balances, error) {
	head := m.State.Head()
	b, err := NewBalances(head, day)
	if err != nil {
		return nil, err
	}
	for label, id := range m.accounts {
		h, err := m.State.Holding(id)
		if err != nil {
			return nil, err
		}
		balance, err := ledger.BalanceOf(head, h, day)
		if err != nil {
			return nil, err
		}
		b.Add(label, balance)
	}
	return b, nil
}
