package record

import (
	"bytes"
	"math/rand/v2"
	"reflect"
	"testing"

	"grulden/demurrage"
	"grulden/ledger"
)

// some is a list of up to five things, nil for none.
func some[T any](r *rand.Rand, one func() T) (all []T) {
	for range r.IntN(6) {
		all = append(all, one())
	}
	return all
}

// randomRecord is a record of any kind, with facts of any lengths and numbers of
// any size.
func randomRecord(r *rand.Rand) *Record {
	number := func() uint64 { return edges[r.IntN(len(edges))] }
	day := func() demurrage.Day { return demurrage.Day(int32(number())) }
	lot := func() ledger.LotID { return ledger.LotID{Seq: number(), Part: uint32(number())} }
	wide := func() demurrage.Wide { return demurrage.Wide{Hi: number() & -uint64(r.IntN(2)), Lo: number()} }
	all := []*Record{sample(), signed(), ordered()}
	if one := sample(); r.IntN(2) == 0 {
		one.Command = commands()[r.IntN(len(commands()))]
		all[0] = one
	}
	c := all[r.IntN(len(all))]
	if p := c.Auth.Proof; p != nil {
		p.Sig = bytes.Repeat([]byte{byte(r.Uint32())}, r.IntN(80))
	} else {
		c.Auth.How = []string{ByBench, ByPIN, "by pigeon", ""}[r.IntN(4)]
	}
	c.Key[0], c.Auth.By[0] = byte(r.IntN(2)), byte(r.IntN(2))
	c.Seq, c.Moment.At.Nsec = number(), int32(number())
	c.Facts = ledger.Facts{
		Debit: ledger.AccountID(number()), Credit: ledger.AccountID(number()), DebitPrev: number(), CreditPrev: number(),
		Ripe:     some(r, lot),
		Out:      some(r, func() ledger.Out { return ledger.Out{Lot: lot(), Melts: day(), Rest: wide(), Pooled: r.IntN(2) == 0} }),
		In:       some(r, func() ledger.In { return ledger.In{How: ledger.How(number()), Lot: lot(), Melts: day(), Units: wide()} }),
		Promised: some(r, func() ledger.Promise { return ledger.Promise{Melts: day(), Worth: wide()} }),
		Amount:   ledger.Cents(number()), Fee: -ledger.Cents(number()),
	}
	return c
}

// TestADecoderReadsAsOneThatIsNew: nothing of a record is left in the next one,
// whatever that was and however long.
func TestADecoderReadsAsOneThatIsNew(t *testing.T) {
	var d Decoder
	random := rand.New(rand.NewPCG(8, 9))
	for i := range 20_000 {
		want := randomRecord(random)
		data, err := Encode(want)
		if err != nil {
			t.Fatal(err)
		}
		alone, err := Decode(data)
		if err != nil || !reflect.DeepEqual(alone, want) {
			t.Fatalf("record %d: %v\nwrote %+v\nread  %+v", i, err, want, alone)
		}
		if got, err := d.Decode(data); err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("record %d: %v\nafter others %+v\nalone        %+v", i, err, got, want)
		}
	}
}

// TestADecoderRefusesWhatOneThatIsNewDoes, in the same words, and reads a good
// record after that as if nothing had been.
func TestADecoderRefusesWhatOneThatIsNewDoes(t *testing.T) {
	var d Decoder
	random := rand.New(rand.NewPCG(10, 11))
	refused, read := 0, 0
	for range 20_000 {
		good, err := Encode(randomRecord(random))
		if err != nil {
			t.Fatal(err)
		}
		bad := bytes.Clone(good)
		for range 1 + random.IntN(2) {
			bad[random.IntN(len(bad))] ^= 1 << random.IntN(8)
		}
		if random.IntN(4) == 0 {
			bad = bad[:random.IntN(len(bad))]
		}
		for _, data := range [][]byte{bad, good} {
			want, refusal := Decode(data)
			got, err := d.Decode(data)
			if (err == nil) != (refusal == nil) || err != nil && err.Error() != refusal.Error() || !reflect.DeepEqual(got, want) {
				t.Fatalf("%x\nafter others %+v %v\nalone        %+v %v", data, got, err, want, refusal)
			}
			if err != nil {
				refused++
			} else {
				read++
			}
		}
	}
	if refused < 5_000 || read < 20_000 {
		t.Errorf("%d were refused, %d read", refused, read)
	}
}

// TestCommandsOutliveTheirRecord, and the bytes they were read from.
func TestCommandsOutliveTheirRecord(t *testing.T) {
	var d Decoder
	var kept []ledger.Command
	for _, cmd := range commands() {
		r := sample()
		r.Command = cmd
		data, err := Encode(r)
		if err != nil {
			t.Fatal(err)
		}
		back, err := d.Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		kept = append(kept, back.Command)
		clear(data)
	}
	if !reflect.DeepEqual(kept, commands()) {
		t.Errorf("kept %+v", kept)
	}
}

// TestADecoderMakesNothingButCommands: what it once made, it uses again.
func TestADecoderMakesNothingButCommands(t *testing.T) {
	for name, r := range map[string]*Record{"plain": specExample(), "signed": signed(), "standing": ordered()} {
		data, err := Encode(r)
		if err != nil {
			t.Fatal(err)
		}
		var d Decoder
		made := testing.AllocsPerRun(100, func() {
			if _, err := d.Decode(data); err != nil {
				t.Fatal(err)
			}
		})
		if made > 1 {
			t.Errorf("%s: %v things are made for a payment", name, made)
		}
	}
}
