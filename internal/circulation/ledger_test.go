package circulation

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"math/big"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"grulden/internal/export"
	"grulden/internal/record"
	"grulden/internal/replay"
	"grulden/internal/report"
	"grulden/internal/sim"
	"grulden/ledger"
)

// live is what a ledger in memory makes of commands in the replay format.
func live(t *testing.T, lines [][]byte) (records []*record.Record, owners int64) {
	t.Helper()
	m := replay.NewMemory()
	for _, line := range lines {
		if replay.Blank(line) {
			continue
		}
		now, cmd, err := replay.Command(line, m)
		if err != nil {
			t.Fatal(err)
		}
		facts, result, err := ledger.Decide(m.State, now, ledger.Key{}, cmd)
		if err != nil {
			t.Fatal(err)
		}
		if result == ledger.Applied {
			entry := ledger.Entry{Seq: uint64(len(records) + 1), Moment: now, Command: cmd, Facts: facts}
			records = append(records, &record.Record{Entry: entry})
		}
		if _, opens := cmd.(ledger.Open); opens {
			owners++
		}
		if _, err := m.Line(line); err != nil {
			t.Fatal(err)
		}
	}
	return records, owners
}

// both is a ledger's own figures, and those of its list of transfers; none where
// amounts are too large for a list.
func both(t *testing.T, records []*record.Record) (own, list map[string]string, text string) {
	t.Helper()
	r, err := report.FromRecords(context.Background(), func(fn func(*record.Record) error) error {
		for _, one := range records {
			if err := fn(one); err != nil {
				return err
			}
		}
		return nil
	}, report.Always, report.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	all := func(yield func(*record.Record, error) bool) {
		for _, one := range records {
			if !yield(one, nil) {
				return
			}
		}
	}
	if err := export.Transfers(&out, iter.Seq2[*record.Record, error](all)); err != nil {
		t.Fatal(err)
	}
	text = out.String()
	got, err := Analyse(context.Background(), strings.NewReader(text), Options{
		System: []string{"FUND"}, Rules: []Rule{FIFO}, From: r.Period.From.String(), To: r.Period.To.String(),
	})
	if err != nil && strings.Contains(err.Error(), "too large") {
		return nil, nil, ""
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	own = exact(r.Lines())
	for _, row := range r.Tables("gini")[0].Rows {
		if gini := row.Cells[1].Value; gini != nil {
			own["gini_"+row.Key] = gini.RatString()
		}
	}
	return own, exact(append(got.Lines(), got.PathLines(got.Paths[0])...)), text
}

// same are the figures that a ledger and its list have in common, to the last
// digit: the ledger's own key first.
var same = map[string]string{
	"volume": "volume", "payments": "payments", "participants": "active", "issued": "issued", "multiplier": "realised_multiplier",
}

// TestTheLedgersOwnFiguresAreThoseOfItsList, wherever both are defined. Not
// comparable are hops and holding times: the ledger knows which coins were paid,
// and a list does not. Stock, velocity, what melted and how unequal balances are
// agree but for a grain for each owner, for a list has whole grains, and for what roundings gave to holders.
func TestTheLedgersOwnFiguresAreThoseOfItsList(t *testing.T) {
	example, err := os.ReadFile("../replay/testdata/worked-example.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	histories := map[string][][]byte{"worked example": bytes.Split(example, []byte("\n"))}
	for seed := range uint64(25) {
		histories[fmt.Sprint("seed ", seed)] = sim.History(seed, 200)
	}
	compared, unequal := 0, 0
	for name, lines := range histories {
		records, owners := live(t, lines)
		if len(records) < 20 {
			continue
		}
		own, list, text := both(t, records)
		if own == nil {
			continue
		}
		compared++
		for a, b := range same {
			if own[a] != list[b] {
				t.Errorf("%s: %s is %s, and %s of the list %s\n%s", name, a, own[a], b, list[b], text)
			}
		}
		grain := plus(big.NewRat(owners+1, 100_000_000), rat(t, own["fund_rounding"]))
		near := func(what string, a, b *big.Rat) {
			if off := new(big.Rat).Sub(a, b); off.Abs(off).Cmp(grain) > 0 {
				t.Errorf("%s: %s is %s, and of the list %s\n%s", name, what, a.FloatString(10), b.FloatString(10), text)
			}
		}
		near("stock", rat(t, own["stock_end"]), rat(t, list["outstanding"]))
		near("mean stock", rat(t, own["stock_mean"]), rat(t, list["M_avg"]))
		near("redeemed", plus(rat(t, own["requested"]), neg(rat(t, own["rejected"]))),
			plus(rat(t, list["redeemed"]), rat(t, list["system_out"]), neg(rat(t, list["system_in"])), rat(t, own["granted"]), neg(rat(t, own["fund_left"]))))
		near("melted", plus(rat(t, own["fund_demurrage"]), neg(rat(t, own["fund_rounding"]))), rat(t, list["demurrage"]))
		if stock := rat(t, own["stock_end"]); stock.Sign() > 0 { // what somebody has differs by all that the stock differs, at most
			off := plus(rat(t, own["gini_held"]), neg(rat(t, list["gini_held"])))
			if off.Abs(off).Cmp(new(big.Rat).Quo(times(grain, big.NewRat(4, 1)), stock)) > 0 {
				t.Errorf("%s: the Gini is %s, and of the list %s\n%s", name, own["gini_held"], list["gini_held"], text)
			}
			unequal += off.Sub(rat(t, own["gini_held"]), big.NewRat(1, 10)).Sign()
		}
		if m := rat(t, own["stock_mean"]); m.Sign() > 0 { // the velocity is as near as the stock is
			off := plus(times(rat(t, own["velocity"]), m), neg(times(rat(t, list["V_year"]), rat(t, list["M_avg"]))))
			if off.Sign() != 0 {
				t.Errorf("%s: velocity × stock differs by %v", name, off)
			}
		}
	}
	if compared < 10 || unequal < 5 {
		t.Fatalf("only %d histories were compared, with unequal balances in %d", compared, unequal)
	}
}

func rat(t *testing.T, text string) *big.Rat {
	t.Helper()
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		t.Fatalf("%q is no number", text)
	}
	return r
}

func neg(x *big.Rat) *big.Rat { return new(big.Rat).Neg(x) }

// TestWhereTheLedgerPaysTheOldestFirstHoldingTimesAgree: of convertible money
// the ledger, too, knows arrivals only, and what came first goes first. When
// all is convertible a day after its issue and each day has one payment, the
// list first in first out says the same as the ledger itself.
func TestWhereTheLedgerPaysTheOldestFirstHoldingTimesAgree(t *testing.T) {
	for seed := range uint64(8) {
		chance := rand.New(rand.NewPCG(seed, 3))
		lines := []string{
			`{"kind":"policy","at":"2026-01-01T11:00:00Z","rate":"0%","hops":5,"term_days":1,"grace_days":0,"redeemers":["resident"]}`,
		}
		names := []string{"a", "b", "c", "d"}
		for _, name := range names {
			lines = append(lines, fmt.Sprintf(`{"kind":"open","at":"2026-01-01T11:00:00Z","account":%q,"role":"resident"}`, name))
			lines = append(lines, fmt.Sprintf(`{"kind":"issue","at":"2026-01-01T11:00:00Z","to":%q,"amount":"%d.00"}`, name, 1+chance.IntN(50)))
		}
		for day := 3; day < 29; day++ {
			from, to := names[chance.IntN(4)], names[chance.IntN(4)]
			lines = append(lines, fmt.Sprintf(`{"kind":"pay","at":"2026-01-%02dT11:00:00Z","from":%q,"to":%q,"amount":"%d.%02d","id":"%d"}`,
				day, from, to, 1+chance.IntN(20), chance.IntN(100), day))
		}
		records, _ := live(t, bytes.Split([]byte(strings.Join(lines, "\n")), []byte("\n")))
		own, list, text := both(t, records)
		for a, b := range map[string]string{"holding_mean": "mean_hold_days", "holding_median": "med_hold", "stock_mean": "M_avg", "velocity": "V_year", "volume": "volume"} {
			if own[a] != list[b] {
				t.Errorf("seed %d: %s is %s, and %s of the list %s\n%s", seed, a, own[a], b, list[b], text)
			}
		}
	}
}

// TestAListOfTheLedgerNamesNobody: owners go by role and number.
func TestAListOfTheLedgerNamesNobody(t *testing.T) {
	example, err := os.ReadFile("../replay/testdata/worked-example.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	records, _ := live(t, bytes.Split(example, []byte("\n")))
	_, _, text := both(t, records)
	for _, line := range bytes.Split(example, []byte("\n")) {
		var command struct{ Account, ID string }
		if json.Unmarshal(line, &command) == nil && len(command.Account) > 2 && strings.Contains(text, command.Account) {
			t.Errorf("the list has the name %q", command.Account)
		}
	}
	for _, row := range []string{
		"id,day,type,source,target,amount,reverses\n",
		"10,2026-01-05,issue,BANK,resident-1,100.00000000,\n",
		"11,2026-01-06,transfer,resident-1,merchant-1,40.00000000,\n",
		"12,2026-01-06,transfer,merchant-1,resident-1,2.50000000,11\n",
	} {
		if !strings.Contains(text, row) {
			t.Errorf("the list lacks %q:\n%s", row, text)
		}
	}
	if strings.Contains(text, "resident-1,resident-1") || strings.Contains(text, "merchant-1,merchant-1") {
		t.Error("the list has what one owner pays to himself")
	}
}
