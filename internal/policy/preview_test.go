package policy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"reflect"
	"strings"
	"testing"

	"grulden/demurrage"
	"grulden/internal/record"
	"grulden/internal/replay"
	"grulden/internal/sim"
	"grulden/ledger"
)

// told decides lines of the replay format, and gives what became of them.
func told(t *testing.T, lines []string) []*record.Record {
	t.Helper()
	m := replay.NewMemory()
	var all []*record.Record
	for _, line := range lines {
		now, cmd, err := replay.Command([]byte(line), m)
		if err != nil {
			t.Fatal(err)
		}
		facts, result, err := ledger.Decide(m.State, now, ledger.Key{}, cmd)
		if err != nil {
			t.Fatal(err)
		}
		if result != ledger.Applied {
			continue
		}
		e := ledger.Entry{Seq: m.State.Head().Seq + 1, Moment: now, Command: cmd, Facts: facts}
		if _, err := m.Line([]byte(line)); err != nil {
			t.Fatal(err)
		}
		all = append(all, &record.Record{Entry: e})
	}
	return all
}

func try(t *testing.T, all []*record.Record, other ledger.Policy, today demurrage.Day) *Preview {
	t.Helper()
	p, err := Try(context.Background(), func(yield func(*record.Record, error) bool) {
		for _, r := range all {
			if !yield(r, nil) {
				return
			}
		}
	}, other, today, func(uint64) {})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// onePolicy is a random history under the rules of its first line alone.
func onePolicy(seed uint64) (lines []string) {
	m := replay.NewMemory()
	for _, line := range sim.HistoryWithBlocks(seed, 400) {
		if replay.Blank(line) || len(lines) > 0 && strings.Contains(string(line), `"policy"`) {
			continue
		}
		if r, err := m.Line(line); err == nil && r == ledger.Applied {
			lines = append(lines, string(line))
		}
	}
	return lines
}

func policyOf(t *testing.T, all []*record.Record) ledger.Policy {
	t.Helper()
	if len(all) == 0 {
		t.Fatal("nothing was applied")
	}
	return all[0].Command.(ledger.SetPolicy).Policy
}

// TestTheSameRulesWouldHaveChangedNothing: with the rules that held anyway both
// worlds are one, wherever in the history the period begins.
func TestTheSameRulesWouldHaveChangedNothing(t *testing.T) {
	for seed := range uint64(30) {
		all := told(t, onePolicy(seed))
		last := all[len(all)-1].Moment.Day
		for _, later := range []demurrage.Day{0, 90, 300, 363} {
			p := try(t, all, policyOf(t, all), last+later)
			if p.Fund.Was.Cmp(p.Fund.Would) != 0 || p.Fund.Grants.Count > 0 {
				t.Fatalf("seed %d, %d days later: the fund is %v and would be %v", seed, later, p.Fund.Was, p.Fund.Would)
			}
			for _, g := range p.Groups {
				if !reflect.DeepEqual(text(t, g.Was), text(t, g.Would)) || g.Payments.Count+g.Requests.Count > 0 {
					t.Fatalf("seed %d, %d days later: %+v", seed, later, g)
				}
			}
		}
	}
}

func text(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// otherRules in the replay format and as a policy.
const otherRules = `"rate":"0.2%","every":"month","grace_days":3,"hops":1,"term_days":20,"redemption_fee":"2%","redeemers":["resident","merchant"]`

func other() ledger.Policy {
	return ledger.Policy{
		Rate: 2_000_000, Every: demurrage.Monthly, GraceDays: 3, Hops: 1, TermDays: 20, Fee: 20_000_000,
		Redeemers: []string{"resident", "merchant"},
	}
}

// TestOtherRulesDoWhatTheSlowModelSays tells the history, with the other rules
// announced in it, to the second telling of the rules.
func TestOtherRulesDoWhatTheSlowModelSays(t *testing.T) {
	middle := 0
	for seed := range uint64(25) {
		lines := onePolicy(seed)
		all := told(t, lines)
		first, last := all[0].Moment, all[len(all)-1].Moment.Day
		today := max(last, (first.Day+last)/2+Year-1) // the period begins in the middle, if it can
		p := try(t, all, other(), today)

		model := sim.New()
		begin := fmt.Sprintf(`{"kind":"policy","at":%q,%s`, first.At.Time().Format("2006-01-02T15:04:05.999999999Z07:00"), otherRules)
		if p.From == first.Day {
			lines[0] = begin + "}"
		} else {
			middle++
			lines = append([]string{lines[0], fmt.Sprintf(`%s,"from":%q}`, begin, p.From)}, lines[1:]...)
		}
		for i, line := range lines {
			if refusal, _, err := model.Line([]byte(line)); err != nil || i == 0 && refusal != "" {
				t.Fatal(line, refusal, err)
			}
		}
		want, err := model.Balances(today.String())
		if err != nil {
			t.Fatal(err)
		}
		held, convertible := new(big.Int), new(big.Int)
		for _, a := range want.Accounts {
			held.Add(held, a.Grains)
			convertible.Add(convertible, a.Convertible)
		}
		got := p.Groups[0].Would
		if p.Fund.Would.Cmp(want.Fund) != 0 || got.Held.Cmp(held) != 0 || got.Convertible.Cmp(convertible) != 0 {
			t.Errorf("seed %d from %v to %v: fund %v, held %v, convertible %v; the model says %v, %v, %v", seed, p.From, p.To, p.Fund.Would, got.Held, got.Convertible, want.Fund, held, convertible)
		}
	}
	if middle < 5 {
		t.Errorf("only %d histories had the other rules halfway", middle)
	}
}

// small is a wijk that can be followed by hand: Anna gets 100.00 on 5 January
// and pays the baker 40.00 the next day; nothing happens after that.
var small = []string{
	`{"kind":"policy","at":"2026-01-01T00:00:00Z","rate":"0%","grace_days":0,"hops":5,"term_days":365}`,
	`{"kind":"open","at":"2026-01-01T08:00:00Z","account":"anna","role":"resident"}`,
	`{"kind":"open","at":"2026-01-01T08:00:00Z","account":"bakker","role":"merchant"}`,
	`{"kind":"issue","at":"2026-01-05T09:00:00Z","to":"anna","amount":"100.00"}`,
	`{"kind":"pay","at":"2026-01-06T10:00:00Z","from":"anna","to":"bakker","amount":"40.00","id":"p1"}`,
}

func day(t *testing.T, s string) demurrage.Day {
	t.Helper()
	d, err := demurrage.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestWhatMeltsIsCountedByHand: with 1 % on the first of each month and no
// grace, 100.00 is 99.00 after 1 February: 1.00 for the wijkfonds.
func TestWhatMeltsIsCountedByHand(t *testing.T) {
	p := try(t, told(t, small), ledger.Policy{Rate: 10_000_000, Every: demurrage.Monthly, Hops: 1, TermDays: 365, Redeemers: []string{"merchant"}}, day(t, "2026-02-10"))
	everybody := p.Groups[0]
	if len(p.Groups) != 1 || everybody.Accounts != 2 {
		t.Fatalf("two accounts are %d groups: nobody may be recognised", len(p.Groups))
	}
	grains := func(cents int64) *big.Int { return big.NewInt(cents * ledger.GrainsPerCent) }
	for _, c := range []struct {
		what      string
		got, want *big.Int
	}{
		{"held", everybody.Was.Held, grains(100_00)},
		{"held under the others", everybody.Would.Held, grains(99_00)},
		{"melted", everybody.Was.Melted, grains(0)},
		{"melted under the others", everybody.Would.Melted, grains(1_00)},
		{"fund", p.Fund.Was, grains(0)},
		{"fund under the others", p.Fund.Would, grains(1_00)},
		{"convertible", everybody.Was.Convertible, grains(0)},
		{"convertible after one hop", everybody.Would.Convertible, grains(39_60)},
	} {
		if c.got.Cmp(c.want) != 0 {
			t.Errorf("%s: %v grains, want %v", c.what, c.got, c.want)
		}
	}
	if everybody.Was.Spent != 40_00 || everybody.Would.Spent != 40_00 {
		t.Errorf("spent %v and %v", everybody.Was.Spent, everybody.Would.Spent)
	}
}

// TestAPaymentThatWouldHaveFailedIsCounted: after the melting Anna no longer
// has the 60.00 that she spent.
func TestAPaymentThatWouldHaveFailedIsCounted(t *testing.T) {
	lines := append(small[:len(small):len(small)], `{"kind":"pay","at":"2026-02-03T10:00:00Z","from":"anna","to":"bakker","amount":"60.00","id":"p2"}`)
	p := try(t, told(t, lines), ledger.Policy{Rate: 10_000_000, Every: demurrage.Monthly, Hops: 5, TermDays: 365}, day(t, "2026-02-10"))
	if g := p.Groups[0]; g.Payments != (Lost{1, 60_00}) || g.Was.Spent != 100_00 || g.Would.Spent != 40_00 {
		t.Errorf("lost %+v, spent %v and %v", g.Payments, g.Was.Spent, g.Would.Spent)
	}
}

// TestGiftsAreTheWijkfondsAndNoGroup: they lie on an account of its role.
func TestGiftsAreTheWijkfondsAndNoGroup(t *testing.T) {
	lines := append(small[:len(small):len(small)],
		`{"kind":"open","at":"2026-02-03T09:00:00Z","account":"gifts","owner":"gifts","role":"fund"}`,
		`{"kind":"issue","at":"2026-02-03T10:00:00Z","to":"gifts","amount":"90.00"}`)
	rules := ledger.Policy{Every: demurrage.Monthly, Hops: 5, TermDays: 365}
	without := try(t, told(t, small), rules, day(t, "2026-02-03"))
	p := try(t, told(t, lines), rules, day(t, "2026-02-03"))
	gifts := new(big.Int).Sub(p.Fund.Was, without.Fund.Was)
	if want := ledger.Cents(90_00).Grains().Big(); gifts.Cmp(want) != 0 {
		t.Errorf("gifts of %v grains in the wijkfonds, want %v", gifts, want)
	}
	if len(p.Groups) != len(without.Groups) || p.Groups[0].Accounts != without.Groups[0].Accounts || p.Groups[0].Was.Held.Cmp(without.Groups[0].Was.Held) != 0 {
		t.Errorf("with gifts %+v, without %+v", p.Groups, without.Groups)
	}
}

// TestARoleOfFewIsShownWithEverybodyOnly: nine shops and forty residents are
// one group, as the residents alone would tell about the nine.
func TestARoleOfFewIsShownWithEverybodyOnly(t *testing.T) {
	for shops, want := range map[int][]string{
		9:  {" 1/1 49"},
		10: {" 1/1 50", "resident 1/3 13", "resident 2/3 13", "resident 3/3 14", "merchant 1/1 10"},
		20: {" 1/1 60", "resident 1/3 13", "resident 2/3 13", "resident 3/3 14", "merchant 1/2 10", "merchant 2/2 10"},
	} {
		lines := small[:1:1]
		for i := range 40 + shops {
			role := "resident"
			if i >= 40 {
				role = "merchant"
			}
			lines = append(lines, fmt.Sprintf(`{"kind":"open","at":"2026-01-02T00:00:00Z","account":"a%d","role":%q}`, i, role))
		}
		var got []string
		for _, g := range try(t, told(t, lines), other(), day(t, "2026-02-10")).Groups {
			got = append(got, fmt.Sprintf("%s %d/%d %d", g.Role, g.Part, g.Of, g.Accounts))
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%d shops: %q, want %q", shops, got, want)
		}
	}
}

// TestTheEarliestDayIsTheLedgersOwn: thirty days of grace were promised today.
func TestTheEarliestDayIsTheLedgersOwn(t *testing.T) {
	m := replay.NewMemory()
	if r, err := m.Line([]byte(strings.Replace(small[0], `"grace_days":0`, `"grace_days":30`, 1))); r != ledger.Applied || err != nil {
		t.Fatal(r, err)
	}
	got, err := Earliest(m.State, m.State.Head().Moment)
	if err != nil || got != day(t, "2026-02-01") {
		t.Errorf("%v, %v", got, err)
	}
}

// TestRulesThatWereToFollowAreReplacedToo: what the ledger announced for a day
// within the period does not hold there; the other rules do until today.
func TestRulesThatWereToFollowAreReplacedToo(t *testing.T) {
	lines := append(small[:1:1],
		`{"kind":"policy","at":"2026-01-01T00:00:01Z","rate":"4%","every":"month","grace_days":0,"hops":5,"term_days":365,"from":"2027-06-01"}`)
	lines = append(lines, small[1:]...)
	lines = append(lines,
		`{"kind":"policy","at":"2026-06-01T00:00:00Z","rate":"3%","every":"month","grace_days":0,"hops":5,"term_days":365,"from":"2027-09-01"}`,
		`{"kind":"issue","at":"2028-01-05T09:00:00Z","to":"anna","amount":"1.00"}`)
	still := policyOf(t, told(t, small))
	p := try(t, told(t, lines), still, day(t, "2028-02-10"))
	if p.From != day(t, "2027-02-11") {
		t.Fatalf("the period begins on %v", p.From)
	}
	if g := p.Groups[0]; g.Would.Melted.Sign() != 0 || g.Was.Melted.Sign() <= 0 {
		t.Errorf("melted %v and would %v: under rules without melting nothing melts", g.Was.Melted, g.Would.Melted)
	}
}

// TestEurosThatTheBankSentBackAreNotPaidOut: a redemption that reopens, and is
// rejected, leaves the shop with what it had.
func TestEurosThatTheBankSentBackAreNotPaidOut(t *testing.T) {
	rules := strings.Replace(small[0], `"hops":5`, `"hops":1,"redemption_fee":"10%"`, 1)
	lines := append([]string{rules}, small[1:]...)
	lines = append(lines, `{"kind":"redeem","at":"2026-01-07T10:00:00Z","from":"bakker","amount":"30.00","id":"r1"}`,
		`{"kind":"settle","at":"2026-01-08T10:00:00Z","of":"r1"}`)
	all := told(t, lines)
	paid := try(t, all, policyOf(t, all), day(t, "2026-02-10")).Groups[0]
	if paid.Was.PaidOut != 27_00 || paid.Was.Fees != 3_00 || paid.Would.PaidOut != 27_00 {
		t.Errorf("paid out: %+v", paid)
	}
	id := all[len(all)-1].Command.(ledger.Settle).Of
	all = then(t, all, ledger.Reopen{Of: id}, ledger.Reject{Of: id})
	back := try(t, all, policyOf(t, all), day(t, "2026-02-10")).Groups[0]
	if back.Was.PaidOut != 0 || back.Was.Fees != 0 || back.Was.Held.Cmp(big.NewInt(100_00*ledger.GrainsPerCent)) != 0 || back.Was.Melted.Sign() != 0 {
		t.Errorf("sent back: %+v", back)
	}
}

// then decides commands after a history, at the moment of its last entry.
func then(t *testing.T, all []*record.Record, commands ...ledger.Command) []*record.Record {
	t.Helper()
	s := ledger.NewState(ledger.Head{}, nil)
	for _, r := range all {
		if err := s.Apply(&r.Entry); err != nil {
			t.Fatal(err)
		}
	}
	for _, cmd := range commands {
		now := s.Head().Moment
		facts, result, err := ledger.Decide(s, now, ledger.Key{}, cmd)
		if err != nil || result != ledger.Applied {
			t.Fatal(result, err)
		}
		r := &record.Record{Entry: ledger.Entry{Seq: s.Head().Seq + 1, Moment: now, Command: cmd, Facts: facts}}
		if err := s.Apply(&r.Entry); err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

func TestAnEmptyLedgerHasNoPreview(t *testing.T) {
	nothing := func(func(*record.Record, error) bool) {}
	if _, err := Try(context.Background(), nothing, other(), 0, func(uint64) {}); !errors.Is(err, ErrNothing) {
		t.Error(err)
	}
}

func TestAPreviewStopsWhenNobodyWaits(t *testing.T) {
	all := told(t, small)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := Try(ctx, func(yield func(*record.Record, error) bool) { yield(all[0], nil) }, other(), day(t, "2026-02-10"), func(uint64) {})
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
