package replay

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"reflect"
	"slices"
	"testing"

	"grulden/internal/record"
	"grulden/internal/sim"
	"grulden/ledger"
)

// TestRecordsDecidedAgainLeadToTheSameFacts is what `grulden verify` relies on:
// live and replay are the same. Each entry is written as a record, read back and
// decided again in another state, and must make the same facts to the byte; and
// so must the state that its facts lead to.
func TestRecordsDecidedAgainLeadToTheSameFacts(t *testing.T) {
	var d record.Decoder
	for seed := range uint64(fewHistories / 3) {
		live, records, err := keep(sim.HistoryWithBlocks(seed, 120))
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if err := decideAgain(live, records); err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
		if err := readAgain(&d, records); err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
	}
}

// readAgain reads records into one memory, and each into its own.
func readAgain(d *record.Decoder, records [][]byte) error {
	for _, data := range records {
		got, err := d.Decode(data)
		if err != nil {
			return err
		}
		if want, err := record.Decode(data); err != nil || !reflect.DeepEqual(got, want) {
			return fmt.Errorf("after others it reads %+v, alone %+v %w", got, want, err)
		}
	}
	return nil
}

// keep plays lines and keeps the records of what was applied. Every other
// command that has no id of its own gets a key.
func keep(lines [][]byte) (*Memory, [][]byte, error) {
	m := NewMemory()
	var records [][]byte
	for i, line := range lines {
		if Blank(line) {
			continue
		}
		now, cmd, err := Command(line, m)
		if err != nil {
			return nil, nil, err
		}
		key := ledger.Key{}
		if i%2 == 0 {
			key = ledger.Key{byte(i), byte(i >> 8), 1}
		}
		facts, result, err := ledger.Decide(m.State, now, key, cmd)
		if err != nil {
			return nil, nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		if result != ledger.Applied {
			continue
		}
		e := ledger.Entry{Seq: m.State.Head().Seq + 1, Moment: now, Key: key, Command: cmd, Facts: facts}
		if err := m.State.Apply(&e); err != nil {
			return nil, nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		if open, ok := cmd.(ledger.Open); ok {
			m.name(line, open.Account)
		}
		data, err := record.Encode(&record.Record{Entry: e, Auth: record.Auth{How: record.ByReplay}})
		if err != nil {
			return nil, nil, err
		}
		records = append(records, data)
	}
	return m, records, nil
}

// decideAgain reads records, decides their commands again and compares.
func decideAgain(live *Memory, records [][]byte) error {
	again := ledger.NewState(ledger.Head{}, nil)
	for _, data := range records {
		r, facts, err := record.DecodeCommand(data)
		if err != nil {
			return err
		}
		made, result, err := ledger.Decide(again, r.Moment, r.Key, r.Command)
		if result != ledger.Applied || err != nil {
			return fmt.Errorf("record %d is refused now: %v %w", r.Seq, result, err)
		}
		if now := record.AppendFacts(nil, &made); !bytes.Equal(now, facts) {
			return fmt.Errorf("record %d made the facts %x and makes %x", r.Seq, facts, now)
		}
		r.Facts = made
		if err := again.Apply(&r.Entry); err != nil {
			return err
		}
	}
	folded, err := Fold(read(records), live.State.Head().Moment.Day)
	if err != nil {
		return err
	}
	want := describe(live.State)
	for _, s := range []*ledger.State{again, folded} {
		if got := describe(s); !bytes.Equal(got, want) {
			return fmt.Errorf("the state is\n%s\nand was\n%s", got, want)
		}
	}
	return nil
}

func read(records [][]byte) iter.Seq2[*record.Record, error] {
	return func(yield func(*record.Record, error) bool) {
		for _, data := range records {
			if !yield(record.Decode(data)) {
				return
			}
		}
	}
}

// describe writes down everything that a state is made of.
func describe(s *ledger.State) []byte {
	all := map[string]any{"head": *s.Head(), "first": s.Head().Index.First()}
	_ = s.Accounts(func(h *ledger.Holding) error { // fn gives no error
		all[fmt.Sprint("account ", h.Account.ID)] = []any{*h.Account, h.Lots}
		return nil
	})
	s.Papers(func(p *ledger.Payment, r *ledger.Redemption) {
		if p != nil {
			all["payment "+p.ID.String()] = *p
		} else {
			all["redemption "+r.ID.String()] = *r
		}
	})
	s.Keys(func(k ledger.Key, seq uint64) { all[fmt.Sprintf("key %x", k)] = seq })
	data, err := json.Marshal(all)
	if err != nil {
		panic(err) // numbers, texts, lists and maps
	}
	return data
}

// TestDevicesChangeNoMoney: a history in which people enrol and retire devices
// all the time has the same answers and balances as without.
func TestDevicesChangeNoMoney(t *testing.T) {
	for seed := range uint64(fewHistories / 6) {
		with, without := NewMemory(), NewMemory()
		devices := 0
		for i, line := range sim.HistoryWithBlocks(seed, 120) {
			want, err := without.Line(line)
			if err != nil {
				t.Fatal(err)
			}
			got, err := with.Line(line)
			if err != nil || got != want {
				t.Fatalf("seed %d, line %d: %v %v without devices, %v with", seed, i+1, want, err, got)
			}
			for _, id := range slices.Sorted(maps.Keys(with.accounts)) {
				device := ledger.DeviceID{byte(i % 7), byte(i / 7), byte(seed)}
				var cmd ledger.Command = ledger.Enrol{Account: with.accounts[id], Device: device, Alg: ledger.Ed25519, Key: make([]byte, 32)}
				if i%3 == 2 {
					cmd = ledger.Retire{Account: with.accounts[id], Device: device}
				}
				r, err := with.Apply(with.State.Head().Moment, cmd)
				if err != nil {
					t.Fatal(err)
				}
				if r == ledger.Applied {
					devices++
				}
			}
		}
		if devices == 0 {
			t.Errorf("seed %d: no device", seed)
		}
		if err := with.State.Check(); err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
		day := without.State.Head().Moment.Day
		a, err := without.Balances(day)
		if err != nil {
			t.Fatal(err)
		}
		b, err := with.Balances(day)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(text(a), text(b)) {
			t.Errorf("seed %d:\n%s without devices\n%s with", seed, text(a), text(b))
		}
	}
}
