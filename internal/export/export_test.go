package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"iter"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"grulden/internal/record"
	"grulden/internal/replay"
	"grulden/internal/sim"
	"grulden/ledger"
)

// history is a ledger's records, and the state and labels they lead to.
type history struct {
	records []*record.Record
	memory  *replay.Memory
	labels  map[ledger.AccountID]string
}

func play(t *testing.T, lines [][]byte) *history {
	t.Helper()
	h := &history{memory: replay.NewMemory(), labels: make(map[ledger.AccountID]string)}
	for _, line := range lines {
		if replay.Blank(line) {
			continue
		}
		now, cmd, err := replay.Command(line, h.memory)
		if err != nil {
			t.Fatal(err)
		}
		facts, result, err := ledger.Decide(h.memory.State, now, ledger.Key{}, cmd)
		if err != nil {
			t.Fatal(err)
		}
		if result != ledger.Applied {
			continue
		}
		entry := ledger.Entry{Seq: uint64(len(h.records) + 1), Moment: now, Command: cmd, Facts: facts}
		h.records = append(h.records, &record.Record{Entry: entry})
		if open, ok := cmd.(ledger.Open); ok {
			h.labels[open.Account] = replay.Label(line)
		}
		if _, err := h.memory.Line(line); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

func (h *history) all() iter.Seq2[*record.Record, error] {
	return func(yield func(*record.Record, error) bool) {
		for _, r := range h.records {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func (h *history) name(id ledger.AccountID) (string, error) { return h.labels[id], nil }

func (h *history) balances(t *testing.T) *replay.Balances {
	t.Helper()
	b, err := h.memory.Balances(h.memory.State.Head().Moment.Day)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// withDevices is a history in which some have devices.
const withDevices = `{"kind":"policy","at":"2026-01-01T00:00:00Z","rate":"1%","hops":5,"term_days":365}
{"kind":"open","at":"2026-01-01T08:00:00Z","account":"anna","role":"resident"}
{"kind":"open","at":"2026-01-01T08:00:00Z","account":"bakker","role":"merchant"}
{"kind":"issue","at":"2026-01-05T09:00:00Z","to":"anna","amount":"100.00"}
{"kind":"enrol","at":"2026-01-05T09:00:00Z","account":"anna","device":"phone","alg":"Ed25519","key":"` + keyText + `"}
{"kind":"enrol","at":"2026-01-05T09:00:00Z","account":"anna","device":"old phone","alg":"P-256","key":"04` + keyText + keyText + `"}
{"kind":"pay","at":"2026-01-06T10:00:00Z","from":"anna","to":"bakker","amount":"40.00","id":"p1"}
{"kind":"retire","at":"2026-01-07T10:00:00Z","account":"anna","device":"old phone"}`

const keyText = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

func TestDevicesAreExportedAndSignaturesAreNot(t *testing.T) {
	h := play(t, bytes.Split([]byte(withDevices), []byte("\n")))
	for _, r := range h.records {
		if _, ok := r.Command.(ledger.Pay); ok {
			r.Auth = record.Auth{How: record.ByDevice, Proof: &record.Proof{Sig: []byte("signature")}}
		}
	}
	var out bytes.Buffer
	if err := Lines(&out, h.all(), h.name); err != nil {
		t.Fatal(err)
	}
	again := play(t, bytes.Split(out.Bytes(), []byte("\n")))
	anna, err := again.memory.State.Account(again.memory.Account("anna"))
	if err != nil || len(anna.Devices) != 1 || fmt.Sprintf("%x", anna.Devices[0].Key.Bytes) != keyText {
		t.Errorf("anna has %+v %v", anna, err)
	}
	if strings.Contains(out.String(), "proof") || strings.Contains(out.String(), "sig") {
		t.Errorf("exported %s", &out)
	}
}

// histories are the worked example and some random ones.
func histories(t *testing.T) map[string]*history {
	t.Helper()
	text, err := os.ReadFile("../replay/testdata/worked-example.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]*history{"worked example": play(t, bytes.Split(text, []byte("\n")))}
	all["devices"] = play(t, bytes.Split([]byte(withDevices), []byte("\n")))
	for seed := range uint64(12) {
		all[fmt.Sprintf("seed %d", seed)] = play(t, sim.History(seed, 150))
	}
	return all
}

func TestAnExportReplaysToTheSameState(t *testing.T) {
	for name, h := range histories(t) {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			if err := Lines(&out, h.all(), h.name); err != nil {
				t.Fatal(err)
			}
			again := play(t, bytes.Split(out.Bytes(), []byte("\n")))
			if len(again.records) != len(h.records) {
				t.Fatalf("%d of %d lines were taken again", len(again.records), len(h.records))
			}
			if len(h.records) == 0 {
				return
			}
			a, _ := json.Marshal(h.balances(t))
			b, _ := json.Marshal(again.balances(t))
			if !bytes.Equal(a, b) {
				t.Fatalf("exported %s\nreplayed %s", a, b)
			}
		})
	}
}

func TestPostingsAddUpToTheBalances(t *testing.T) {
	for name, h := range histories(t) {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			if err := CSV(&out, h.all(), h.name); err != nil {
				t.Fatal(err)
			}
			rows, err := csv.NewReader(&out).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			sums, all := make(map[string]*big.Rat), new(big.Rat)
			for _, row := range rows[1:] {
				amount, _ := new(big.Rat).SetString(row[5])
				if sums[row[4]] == nil {
					sums[row[4]] = new(big.Rat)
				}
				sums[row[4]].Add(sums[row[4]], amount)
				all.Add(all, amount)
			}
			if all.Sign() != 0 {
				t.Errorf("postings add up to %v", all)
			}
			if len(h.records) == 0 {
				return
			}
			b := h.balances(t)
			expect := func(account string, grains *big.Int) {
				want := new(big.Rat).SetFrac(grains, big.NewInt(-100_000_000))
				if got := sums[account]; got == nil && want.Sign() != 0 || got != nil && got.Cmp(want) != 0 {
					t.Errorf("%s has %v in the books, want %v", account, got, want)
				}
			}
			for label, account := range b.Accounts {
				expect(holderPrefix+label, account.Grains)
			}
			expect(fundAccount, b.Fund)
			expect(escrowAccount, b.Escrow)
			expect(reserveAccount, new(big.Int).Neg(b.Reserve))
		})
	}
}

// TestHledgerChecks lets hledger itself prove that the books balance and that
// every balance is the ledger's.
func TestHledgerChecks(t *testing.T) {
	for name, h := range histories(t) {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "wijk.journal")
			out, err := os.Create(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := Hledger(out, "Grulden", h.all(), h.name); err != nil {
				t.Fatal(err)
			}
			if err := out.Close(); err != nil {
				t.Fatal(err)
			}
			if text, err := exec.Command("hledger", "-f", file, "check", "--strict", "ordereddates").CombinedOutput(); err != nil {
				t.Fatalf("hledger check: %v\n%s", err, text)
			}
		})
	}
}

func TestAWrongBalanceIsFoundByHledger(t *testing.T) {
	h := histories(t)["worked example"]
	var out bytes.Buffer
	if err := Hledger(&out, "Grulden", h.all(), h.name); err != nil {
		t.Fatal(err)
	}
	wrong := strings.Replace(out.String(), "40.00000000", "41.00000000", 2)
	file := filepath.Join(t.TempDir(), "wijk.journal")
	if err := os.WriteFile(file, []byte(wrong), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := exec.Command("hledger", "-f", file, "check").Run(); err == nil {
		t.Fatal("hledger passed a changed journal")
	}
}

func TestPercentagesAreWrittenAsTheyAreRead(t *testing.T) {
	for billionths, want := range map[uint32]string{0: "0%", 165_000: "0.0165%", 10_000_000: "1%", 999_999_999: "99.9999999%", 1: "0.0000001%"} {
		if got := Percent(billionths); got != want {
			t.Errorf("%d billionths are %s, want %s", billionths, got, want)
		}
	}
}
