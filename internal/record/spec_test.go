package record

import (
	"encoding/hex"
	"os"
	"strings"
	"testing"

	"github.com/fxamacker/cbor/v2"

	"grulden/demurrage"
	"grulden/ledger"
)

// specExample is the payment that SPEC.md §10 shows: 12.50 taken whole from one
// lot and split from a second, both with a hop at the shop.
func specExample() *Record {
	return &Record{
		Entry: ledger.Entry{
			Seq:    12_345,
			Moment: ledger.Moment{At: ledger.Instant{Sec: 1_774_000_800, Nsec: 250_000_000}, Day: 20_532},
			Command: ledger.Pay{
				ID:   ledger.ID{0x5d, 0x0c, 0x11, 0x9f, 0x27, 0x46, 0x4e, 0x1b, 0x8f, 0x5b, 0x0e, 0x32, 0xc4, 0x99, 0x6a, 0x70},
				From: 0x8f3a_61d2_0c47_be15, To: 0x2b90_e4f7_5518_a3c6, Amount: 12_50,
			},
			Facts: ledger.Facts{
				Debit: 0x8f3a_61d2_0c47_be15, Credit: 0x2b90_e4f7_5518_a3c6, DebitPrev: 12_001, CreditPrev: 12_340,
				Out: []ledger.Out{
					{Lot: ledger.LotID{Seq: 11_900}},
					{Lot: ledger.LotID{Seq: 12_001, Part: 1}, Rest: demurrage.WideOf(752_684_916)},
				},
				In: []ledger.In{
					{How: ledger.Hopped, Lot: ledger.LotID{Seq: 11_900}, Melts: 20_562, Units: demurrage.WideOf(1_004_962_685)},
					{How: ledger.Hopped, Lot: ledger.LotID{Seq: 12_001, Part: 1}, Melts: 20_562, Units: demurrage.WideOf(251_240_672)},
				},
			},
		},
		Auth: Auth{By: ActorID{0xc3, 0x51, 0x2e, 0x88, 0x0d, 0x3f, 0x4a, 0x66, 0x91, 0x7c, 0x5e, 0xd2, 0x04, 0xb9, 0x18, 0xaf}, How: ByPIN},
	}
}

// TestSpecShowsARealRecord: the bytes and their reading stand in SPEC.md as this
// program writes them.
func TestSpecShowsARealRecord(t *testing.T) {
	data, err := Encode(specExample())
	if err != nil {
		t.Fatal(err)
	}
	reading, err := cbor.Diagnose(data)
	if err != nil {
		t.Fatal(err)
	}
	spec, err := os.ReadFile("../../SPEC.md")
	if err != nil {
		t.Fatal(err)
	}
	closeUp := strings.Join(strings.Fields(string(spec)), "")
	for what, want := range map[string]string{"hex": hex.EncodeToString(data), "reading": strings.Join(strings.Fields(reading), "")} {
		if !strings.Contains(closeUp, want) {
			t.Errorf("SPEC.md has another %s of the example, it is now\n%s", what, want)
		}
	}
	if back, err := Decode(data); err != nil || back.Seq != 12_345 {
		t.Errorf("read back as %+v %v", back, err)
	}
}
