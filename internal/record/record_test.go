package record

import (
	"reflect"
	"testing"

	"grulden/demurrage"
	"grulden/ledger"
)

func sample() *Record {
	return &Record{
		Entry: ledger.Entry{
			Seq: 12_345, Moment: ledger.Moment{At: ledger.Instant{Sec: 1_790_000_000, Nsec: 123_456_789}, Day: 20_717},
			Command: ledger.Pay{ID: ledger.ID{1, 2, 3}, From: 1 << 63, To: 77, Amount: 1250},
			Facts: ledger.Facts{
				Debit: 1 << 63, Credit: 77, DebitPrev: 12_001, CreditPrev: 12_340,
				Out: []ledger.Out{{Lot: ledger.LotID{Seq: 11_900}, Rest: demurrage.WideOf(987_654_321)}},
				In:  []ledger.In{{How: ledger.Hopped, Lot: ledger.LotID{Seq: 11_900}, Melts: 20_747, Units: demurrage.WideOf(1_255_000_000)}},
			},
		},
		Auth: Auth{By: ActorID{9}, How: ByPIN},
	}
}

// commands are one of every kind, and a second where two are written otherwise.
func commands() []ledger.Command {
	id := ledger.ID{15: 7}
	return []ledger.Command{
		ledger.SetPolicy{Policy: ledger.DefaultPolicy(), HasFrom: true},
		ledger.Open{Account: 1, Owner: 2, Role: "resident"},
		ledger.Close{Account: 3},
		ledger.Block{Account: 4},
		ledger.Unblock{Account: 5},
		ledger.Issue{To: 6, Amount: 100},
		ledger.Grant{To: 7, Amount: 5},
		ledger.Pay{ID: id, From: 8, To: 9, Amount: 1},
		ledger.Refund{Of: id, All: true},
		ledger.Redeem{ID: id, From: 1, Amount: 2},
		ledger.Settle{Of: id},
		ledger.Reject{Of: id},
		ledger.Enrol{Account: 3, Device: ledger.DeviceID{5}, Alg: ledger.P256, Key: []byte{4, 65: 1}},
		ledger.Retire{Account: 3, Device: ledger.DeviceID{5}},
		ledger.Note{Account: 3, About: "blocked", Digest: ledger.Digest{31: 6}},
		ledger.Note{About: "count"},
		ledger.Reopen{Of: id},
	}
}

func TestEveryCommandComesBackAsItWas(t *testing.T) {
	for _, cmd := range commands() {
		r := sample()
		r.Command = cmd
		r.Key = ledger.Key{4}
		r.Facts.Ripe = []ledger.LotID{{Seq: 4, Part: 70_000}}
		r.Facts.Promised = []ledger.Promise{{Melts: ledger.Charged, Worth: demurrage.Wide{Hi: 1 << 60, Lo: 3}}}
		data, err := Encode(r)
		if err != nil {
			t.Fatal(err)
		}
		back, err := Decode(data)
		if err != nil || !reflect.DeepEqual(r, back) {
			t.Fatalf("%T: %v\nwrote %+v\nread  %+v", cmd, err, r, back)
		}
	}
}

func FuzzDecode(f *testing.F) {
	data, _ := Encode(sample())
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Decode(data)
		if err != nil {
			return
		}
		if _, err := Encode(r); err != nil {
			t.Fatalf("read but cannot be written: %v", err)
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	r := sample()
	for b.Loop() {
		data, _ := Encode(r)
		b.SetBytes(int64(len(data)))
	}
}

// BenchmarkDecode reads a payment of two parts.
func BenchmarkDecode(b *testing.B) {
	data, _ := Encode(specExample())
	var d Decoder
	for name, decode := range map[string]func([]byte) (*Record, error){"kept": Decode, "reused": d.Decode} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := decode(data); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
