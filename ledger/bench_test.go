package ledger

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"grulden/demurrage"
)

// street is a small neighbourhood that pays on and on: 150 accounts, each about
// once a day and a twentieth to a third of what it has. Every third is a shop,
// which turns half of a full till into euros; who is short tops up. After some
// weeks there are about as many lots as there ever will be.
type street struct {
	state  *State
	random *rand.Rand
	purses []int64 // in cents, but for what has melted
	paid   int
}

func newStreet(b *testing.B) *street {
	s := &street{state: NewState(Head{}, nil), random: rand.New(rand.NewPCG(1, 2)), purses: make([]int64, 150)}
	s.do(b, SetPolicy{Policy: DefaultPolicy()})
	for i := range s.purses {
		s.do(b, Open{AccountID(i + 1), OwnerID(i + 1), []string{"resident", "resident", "merchant"}[i%3]})
	}
	for s.paid < 20_000 {
		s.pay(b)
	}
	return s
}

// do decides a command, and applies it unless it is refused.
func (s *street) do(b *testing.B, cmd Command) Result {
	now := Moment{Instant{Sec: int64(s.paid)}, demurrage.Day(20_454 + s.paid/len(s.purses))}
	facts, r, err := Decide(s.state, now, Key{}, cmd)
	if err == nil && r == Applied {
		err = s.state.Apply(&Entry{Seq: s.state.Head().Seq + 1, Moment: now, Command: cmd, Facts: facts})
	}
	if err != nil {
		b.Fatal(err)
	}
	return r
}

func (s *street) id() (id ID) {
	binary.NativeEndian.PutUint64(id[:], s.random.Uint64())
	return id
}

// pay makes one payment, and what has to come before it.
func (s *street) pay(b *testing.B) {
	from, to := s.random.IntN(len(s.purses)), s.random.IntN(len(s.purses)-1)
	if to >= from {
		to++
	}
	have := &s.purses[from]
	if from%3 == 2 && *have > 60_00 {
		if s.do(b, Redeem{s.id(), AccountID(from + 1), Cents(*have / 2)}) == Applied {
			*have -= *have / 2
		}
	}
	if *have < 10_00 {
		s.do(b, Issue{AccountID(from + 1), 40_00})
		*have += 40_00
	}
	amount := *have * int64(5+s.random.IntN(31)) / 100
	*have -= amount
	s.paid++
	if s.do(b, Pay{s.id(), AccountID(from + 1), AccountID(to + 1), Cents(amount)}) == Applied {
		s.purses[to] += amount
	}
}

func BenchmarkPayment(b *testing.B) {
	s := newStreet(b)
	b.ReportAllocs()
	for b.Loop() {
		s.pay(b)
	}
}

func BenchmarkBalance(b *testing.B) {
	s := newStreet(b)
	head := s.state.Head()
	h, err := s.state.Holding(1)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := BalanceOf(head, h, head.Moment.Day); err != nil {
			b.Fatal(err)
		}
	}
}
