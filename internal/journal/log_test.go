package journal

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
)

func TestLogGoesOnAfterReopening(t *testing.T) {
	s := shelf{}
	head := EmptyHead()
	var seq uint64
	for round := range 10 {
		l, err := Open(head, head, s.read)
		if err != nil {
			t.Fatal(err)
		}
		for range round {
			n, entry := l.Append([]byte(fmt.Sprint("record ", seq)))
			if seq++; n != seq {
				t.Fatalf("Append gave number %d, want %d", n, seq)
			}
			s[n] = entry
		}
		if l.Head().Size != seq {
			t.Fatalf("Head() = %v after %d records", l.Head(), seq)
		}
		e, err := l.Read(seq)
		if seq > 0 && (err != nil || !bytes.Equal(e.Record, []byte(fmt.Sprint("record ", seq-1)))) {
			t.Fatalf("Read(%d) = %q, %v", seq, e.Record, err)
		}
		head = l.Head()
	}
}

func TestOpenRefusesAJournalThatDoesNotFit(t *testing.T) {
	const size = 11
	tree, all := grow(size)
	shorter, err := LoadTree(7, all.read)
	if err != nil {
		t.Fatal(err)
	}
	other, otherAll := grow(size)
	without := func(seq uint64) shelf {
		s := shelf{}
		for n, e := range all {
			if n != seq {
				s[n] = e
			}
		}
		return s
	}
	damaged := without(8)
	damaged[8] = bytes.Clone(all[8])
	damaged[8][30] ^= 1
	for name, c := range map[string]struct {
		head, checkpoint Head
		s                shelf
		want             error
	}{
		"fits":                            {tree.Head(), shorter.Head(), all, nil},
		"fits its newest checkpoint":      {tree.Head(), tree.Head(), all, nil},
		"head of another journal":         {other.Head(), EmptyHead(), all, ErrMismatch},
		"head too short":                  {shorter.Head(), EmptyHead(), all, ErrMismatch},
		"size right, root wrong":          {Head{Size: size, Root: [32]byte{1}}, EmptyHead(), all, ErrMismatch},
		"size beyond counting":            {Head{Size: 1 << 63}, EmptyHead(), all, ErrMismatch},
		"last record gone":                {tree.Head(), EmptyHead(), without(size), ErrGap},
		"record on the edge gone":         {tree.Head(), EmptyHead(), without(8), ErrGap},
		"record on the edge damaged":      {tree.Head(), EmptyHead(), damaged, ErrBadEntry},
		"yesterday's copy":                {shorter.Head(), tree.Head(), cut(all, 7), ErrBehind},
		"another history":                 {other.Head(), shorter.Head(), otherAll, ErrForked},
		"another history of equal length": {other.Head(), tree.Head(), otherAll, ErrForked},
		"empty, but should not be":        {EmptyHead(), shorter.Head(), shelf{}, ErrBehind},
		"empty checkpoint of nothing":     {tree.Head(), Head{}, all, ErrForked},
	} {
		_, err := Open(c.head, c.checkpoint, c.s.read)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// cut is the first n entries of s.
func cut(s shelf, n uint64) shelf {
	short := shelf{}
	for seq := uint64(1); seq <= n; seq++ {
		short[seq] = s[seq]
	}
	return short
}

func TestFailingReadIsPassedOn(t *testing.T) {
	tree, all := grow(6)
	boom := errors.New("boom")
	for fail := 1; ; fail++ {
		calls := 0
		_, err := Open(tree.Head(), tree.Head(), func(seq uint64) ([]byte, error) {
			if calls++; calls == fail {
				return nil, boom
			}
			return all[seq], nil
		})
		if calls < fail {
			if err != nil {
				t.Fatal(err)
			}
			break // no more calls to fail
		}
		if !errors.Is(err, boom) {
			t.Fatalf("read %d failed, Open said %v", fail, err)
		}
	}
}

func TestOpeningReadsFewEntriesHoweverLongTheJournal(t *testing.T) {
	tree, all := grow(5000)
	checkpoint, err := LoadTree(4095, all.read)
	if err != nil {
		t.Fatal(err)
	}
	reads := 0
	_, err = Open(tree.Head(), checkpoint.Head(), func(seq uint64) ([]byte, error) {
		reads++
		return all[seq], nil
	})
	if err != nil || reads > 3*13 {
		t.Fatalf("Open took %d reads (%v), want at most 39", reads, err)
	}
}

// wireHead and wireStep are head and step as the CBOR package writes them.
type (
	wireHead struct {
		_    struct{} `cbor:",toarray"`
		Size uint64
		Root [32]byte
	}
	wireStep struct {
		_             struct{} `cbor:",toarray"`
		Before, After wireHead
	}
)

func (s wireStep) step() Step {
	return Step{Head{s.Before.Size, s.Before.Root}, Head{s.After.Size, s.After.Root}}
}

func TestStepIsTheDeterministicCBOROfItsParts(t *testing.T) {
	for _, size := range []uint64{0, 1, 23, 24, 255, 256, 65535, 65536, 1<<32 - 1, 1 << 32, 1<<64 - 1} {
		wire := wireStep{Before: wireHead{Size: size / 2, Root: [32]byte{1}}, After: wireHead{Size: size, Root: [32]byte{2}}}
		want, err := canonical.Marshal(wire)
		if err != nil {
			t.Fatal(err)
		}
		if got := wire.step().Bytes(); !bytes.Equal(got, want) {
			t.Fatalf("step to %d is %x, the CBOR package writes %x", size, got, want)
		}
		if got, err := ParseStep(want); err != nil || got != wire.step() {
			t.Fatalf("ParseStep = %v, %v, want %v", got, err, wire.step())
		}
		for i := range want {
			if _, err := ParseStep(want[:i]); !errors.Is(err, ErrBadStep) {
				t.Fatalf("step cut off at byte %d: %v, want ErrBadStep", i, err)
			}
		}
		if _, err := ParseStep(append(want, 0)); !errors.Is(err, ErrBadStep) {
			t.Fatalf("trailing byte: %v, want ErrBadStep", err)
		}
	}
	back := Step{Before: Head{Size: 2}, After: Head{Size: 1}}
	if _, err := ParseStep(back.Bytes()); !errors.Is(err, ErrBadStep) {
		t.Fatalf("step backwards: %v, want ErrBadStep", err)
	}
}

func FuzzParseStep(f *testing.F) {
	f.Add(Step{Before: EmptyHead(), After: Head{Size: 300}}.Bytes())
	f.Add([]byte{cborArray2, cborArray2, 0x18, 0})
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := ParseStep(data)
		if err != nil {
			return
		}
		var wire wireStep
		if err := unmarshalExact(data, &wire); err != nil || wire.step() != s || !bytes.Equal(s.Bytes(), data) {
			t.Fatalf("%x read as %v; the CBOR package says %v, %v", data, s, wire, err)
		}
	})
}
