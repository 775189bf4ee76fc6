package sim

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// flat is a first policy without melting: grains stay what they were.
const flat = `"rate":"0%","grace_days":10,"hops":3,"term_days":365`

// story replays steps like "2026-01-05 pay anna bakker 40.00 p1", after a first
// policy on 2026-01-01 and the opening of anna, bram, chaima (residents), bakker,
// molen (merchants) and bakker-prive (bakker's purse). A step that must be refused
// ends in "! code"; one that starts with { is a line as it is.
func story(t *testing.T, policy string, steps ...string) *Model {
	t.Helper()
	m := New()
	opening := []string{
		`{"kind":"policy","at":"2026-01-01T08:00:00Z",` + policy + `}`,
		"2026-01-01 open anna resident", "2026-01-01 open bram resident", "2026-01-01 open chaima resident",
		"2026-01-01 open bakker merchant", "2026-01-01 open molen merchant",
		`{"kind":"open","at":"2026-01-01T10:00:00Z","account":"bakker-prive","role":"resident","owner":"bakker"}`,
	}
	for _, step := range append(opening, steps...) {
		step, want, _ := strings.Cut(step, " ! ")
		line := step
		if !strings.HasPrefix(step, "{") {
			line = lineOf(t, step)
		}
		refusal, _, err := m.Line([]byte(line))
		if err != nil || refusal != want {
			t.Fatalf("%s: refused with %q, want %q; %v", step, refusal, want, err)
		}
		if err := m.Check(); err != nil {
			t.Fatalf("%s: %v", step, err)
		}
	}
	return m
}

// fieldsOf names the words of a step after its kind.
var fieldsOf = map[string][]string{
	"open": {"account", "role"}, "close": {"account"}, "block": {"account"}, "unblock": {"account"},
	"issue": {"to", "amount"}, "grant": {"to", "amount"}, "pay": {"from", "to", "amount", "id"},
	"refund": {"of", "amount"}, "redeem": {"from", "amount", "id"}, "settle": {"of"}, "reject": {"of"},
}

func lineOf(t *testing.T, step string) string {
	t.Helper()
	words := strings.Fields(step)
	names := fieldsOf[words[1]]
	if names == nil || len(words)-2 > len(names) {
		t.Fatalf("step %q", step)
	}
	line := fmt.Sprintf(`{"kind":%q,"at":"%sT10:00:00Z"`, words[1], words[0])
	for i, word := range words[2:] {
		line += fmt.Sprintf(`,%q:%q`, names[i], word)
	}
	return line + "}"
}

// has compares an account's money, written "convertible | grains hops melts-from | …".
func has(t *testing.T, m *Model, account, want string) {
	t.Helper()
	b, err := m.Balances("")
	if err != nil {
		t.Fatal(err)
	}
	got := b.Accounts[account].Convertible.String()
	for _, l := range b.Accounts[account].Lots {
		got += fmt.Sprintf(" | %s %d %s", l.Grains, l.Hops, l.MeltsFrom)
	}
	if got != want {
		t.Errorf("%s has %s, want %s", account, got, want)
	}
}

func TestNewHandsOnAnotherDayCountAHop(t *testing.T) {
	m := story(t, flat,
		"2026-01-05 issue anna 10.00",
		"2026-01-05 pay anna bakker 10.00 p1", // the first hop may be on the issue day
		"2026-01-05 pay bakker bram 4.00 p2",  // a second new owner on one day counts none
		"2026-01-06 pay bakker bram 6.00 p3")
	has(t, m, "bram", "0 | 400000000 1 2026-01-15 | 600000000 2 2026-01-16")
	m = story(t, flat,
		"2026-01-05 issue anna 10.00",
		"2026-01-05 pay anna bakker 10.00 p1",
		"2026-01-05 pay bakker bram 10.00 p2",
		"2026-01-08 pay bram chaima 10.00 p3")
	has(t, m, "chaima", "0 | 1000000000 2 2026-01-18") // bram is not in the trail
}

func TestWhatComesBackIsAsOldAsItWas(t *testing.T) {
	m := story(t, flat,
		"2026-01-05 issue anna 10.00",
		"2026-01-07 pay anna bakker 10.00 p1",
		"2026-01-09 pay bakker anna 4.00 p2")
	has(t, m, "anna", "0 | 400000000 1 2026-01-15")
	has(t, m, "bakker", "0 | 600000000 1 2026-01-17")
}

func TestBetweenAccountsOfOneOwnerOnlyTheHolderChanges(t *testing.T) {
	m := story(t, flat,
		"2026-01-05 issue anna 10.00",
		"2026-01-07 pay anna bakker 10.00 p1",
		"2026-01-20 pay bakker bakker-prive 10.00 p2",
		"2026-01-21 refund p2 3.00")
	has(t, m, "bakker-prive", "0 | 700000000 1 2026-01-17")
	has(t, m, "bakker", "0 | 300000000 1 2026-01-17")
	m = story(t, flat,
		"2026-01-05 issue anna 10.00",
		"2026-01-07 pay anna molen 10.00 p1",
		"2026-01-07 pay molen bakker 10.00 p2", // bakker is not in the trail
		"2026-01-20 pay bakker bakker-prive 10.00 p3",
		"2026-01-21 refund p3 3.00")
	has(t, m, "bakker-prive", "0 | 700000000 1 2026-01-17")
	has(t, m, "bakker", "0 | 300000000 1 2026-01-17")
}

func TestLotsAreTakenByMeltsFromDayThenHopsThenAge(t *testing.T) {
	m := story(t, flat,
		"2026-01-05 issue bram 1.00",
		"2026-01-06 issue anna 2.00",
		"2026-01-06 pay bram anna 1.00 p1", // melts from the same day, one hop
		"2026-01-06 issue anna 4.00",
		"2026-01-07 pay anna chaima 5.00 p2")
	has(t, m, "anna", "0 | 100000000 0 2026-01-16 | 100000000 1 2026-01-16")
}

func TestOfEqualLotsTheEarlierIssueGoesFirst(t *testing.T) {
	m := story(t, flat,
		"2026-01-05 issue anna 1.00",
		"2026-01-05 issue anna 2.00",
		"2026-01-05 pay anna bakker 1.50 p1")
	has(t, m, "anna", "0 | 150000000 0 2026-01-15")
	m = story(t, flat,
		"2026-01-05 issue bram 1.00",
		"2026-01-05 issue chaima 2.00",
		"2026-01-06 pay chaima anna 2.00 p1", // arrives first, was issued last
		"2026-01-06 pay bram anna 1.00 p2",
		"2026-01-07 pay anna bakker 1.50 p3")
	has(t, m, "anna", "0 | 150000000 1 2026-01-16")
}

func TestPoolStandsInLineWhereTheRoleMayNotRedeem(t *testing.T) {
	opening := []string{
		"2026-01-05 issue anna 1.00", // convertible from 25 January on
		"2026-01-10 issue anna 2.00", // charged on 25 January, but no pool yet
		"2026-01-20 issue anna 4.00", // in its grace
	}
	policy := `"rate":"0%","grace_days":10,"hops":3,"term_days":20`
	m := story(t, policy, append(opening, "2026-01-25 pay anna bakker 2.50 p1")...)
	has(t, m, "anna", "50000000 | 400000000 0 2026-01-30")
	m = story(t, policy+`,"redeemers":["resident"]`, append(opening, "2026-01-25 pay anna bakker 6.50 p1")...)
	has(t, m, "anna", "50000000")
	m = story(t, policy+`,"redeemers":[]`, append(opening, "2026-01-25 pay anna bakker 6.50 p1")...)
	has(t, m, "anna", "0 | 50000000 0 2026-01-30")
}

func TestOnOneMeltsFromDayLotsGoBeforeThePool(t *testing.T) {
	policy := `"rate":"0%","grace_days":10,"hops":1,"term_days":365,"redeemers":[]`
	m := story(t, policy,
		"2026-01-05 issue bram 1.00",
		"2026-01-05 pay bram anna 1.00 p1", // convertible at once, melts from the 15th
		"2026-01-05 issue anna 2.00",
		"2026-01-04 issue anna 1.00 ! time-went-back",
		"2026-01-06 issue anna 4.00",
		"2026-01-07 pay anna bakker 2.50 p2")
	has(t, m, "anna", "50000000 | 400000000 0 2026-01-16")
}

func TestRefundTakesWhatThatPaymentBroughtLastPartFirst(t *testing.T) {
	m := story(t, flat,
		"2026-01-05 issue anna 1.00",
		"2026-01-06 issue anna 2.00",
		"2026-01-07 pay anna bakker 3.00 p1",
		"2026-01-07 issue bakker 5.00",
		"2026-01-08 refund p1 2.50")
	has(t, m, "bakker", "0 | 500000000 0 2026-01-17 | 50000000 1 2026-01-17")
	has(t, m, "anna", "0 | 50000000 0 2026-01-15 | 200000000 0 2026-01-16")
}

func TestRefundFallsBackOnOtherLotsThenOnThePool(t *testing.T) {
	m := story(t, `"rate":"0%","grace_days":40,"hops":3,"term_days":20`,
		"2026-01-01 issue bakker 8.00", // pool on the 21st
		"2026-01-05 issue anna 3.00",
		"2026-01-07 pay anna bakker 3.00 p1",
		"2026-01-08 pay bakker molen 11.00 p2", // all the shop had, pool money apart
		"2026-01-19 issue bakker 1.00",
		"2026-01-20 issue bakker 1.00",
		"2026-01-20 refund p2 0.50", // the last part of p2: of anna's issue
		"2026-01-22 refund p1 2.00")
	has(t, m, "bakker", "0 | 50000000 0 2026-02-28")
	has(t, m, "anna", "0 | 50000000 0 2026-02-14 | 50000000 0 2026-02-28 | 100000000 0 2026-03-01")
}

func TestRefundOfPoolMoneyTakesThePoolFirst(t *testing.T) {
	m := story(t, `"rate":"0%","grace_days":40,"hops":3,"term_days":20`,
		"2026-01-05 issue anna 3.00",
		"2026-01-26 issue molen 5.00",
		"2026-01-26 pay anna molen 3.00 p1",
		"2026-01-27 refund p1 2.00")
	has(t, m, "molen", "100000000 | 500000000 0 2026-03-07")
	has(t, m, "anna", "200000000")
}

func TestRefundOfPoolMoneyTakesTheLatestMeltsFromDayFirst(t *testing.T) {
	m := story(t, `"rate":"4%","every":"month","grace_days":40,"hops":3,"term_days":5`,
		"2026-01-05 issue anna 96.00", // melts from 14 February, at 0.96
		"2026-01-25 issue anna 92.16", // melts from 6 March, at 0.96 × 0.96
		"2026-01-31 pay anna molen 188.16 p1",
		"2026-01-31 refund p1 140.16",
		"2026-03-02 open dewi resident")
	has(t, m, "molen", "4608000000") // 48.00, charged on 1 March
	has(t, m, "anna", "13824000000") // 92.16 in its grace, and 48.00 charged
}

func TestRefundLosesAHopAlsoWhenThePaymentCountedNone(t *testing.T) {
	m := story(t, flat,
		"2026-01-05 issue anna 1.00",
		"2026-01-07 pay anna bakker 1.00 p1",
		"2026-01-08 pay bakker anna 1.00 p2", // back: one hop, as old as it was
		"2026-01-09 pay anna bakker 1.00 p3", // again: bakker is in the trail, no hop
		"2026-01-10 refund p3")
	has(t, m, "anna", "0 | 100000000 0 2026-01-15")
}

func TestRefundToAnOwnerInTheTrailTakesUpTheirDay(t *testing.T) {
	m := story(t, flat,
		"2026-01-05 issue anna 1.00",
		"2026-01-06 pay anna bakker 1.00 p1",
		"2026-01-07 pay bakker anna 1.00 p2",
		"2026-01-08 pay anna molen 1.00 p3", // trail: anna, bakker, molen
		"2026-01-09 refund p3")
	has(t, m, "anna", "0 | 100000000 2 2026-01-15")
}

func TestRefundToAnOwnerOutsideTheTrailChangesOnlyTheHolder(t *testing.T) {
	m := story(t, flat,
		"2026-01-05 issue anna 1.00",
		"2026-01-06 pay anna bakker 1.00 p1",
		"2026-01-06 pay bakker bram 1.00 p2", // bram stays outside
		"2026-01-07 pay bram molen 1.00 p3",
		"2026-01-09 refund p3")
	has(t, m, "bram", "0 | 100000000 2 2026-01-17")
}

func TestPartsOfOneHistoryArriveAsOneLot(t *testing.T) {
	m := story(t, flat,
		"2026-01-05 issue anna 3.00",
		"2026-01-06 pay anna bakker 1.00 p1",
		"2026-01-06 refund p1")
	has(t, m, "anna", "0 | 200000000 0 2026-01-15 | 100000000 0 2026-01-15")
	m = story(t, flat,
		"2026-01-05 issue anna 3.00",
		"2026-01-06 pay anna bakker 1.00 p1",
		"2026-01-06 refund p1",
		"2026-01-07 pay anna bram 3.00 p2")
	has(t, m, "bram", "0 | 300000000 1 2026-01-17")
}

func TestLessThanAGrainOfALotJoinsThePool(t *testing.T) {
	m := story(t, `"rate":"3.3333333%","every":"day","grace_days":2,"hops":3,"term_days":365`,
		"2026-01-05 issue anna 1.00", // rounded up to units of an index that is no power of ten
		"2026-01-06 pay anna bakker 1.00 p1")
	has(t, m, "anna", "0")
	anna := m.state.accounts["anna"]
	if len(anna.lots) != 0 || len(anna.pool) != 1 || m.Reached()[CrumbJoinsPool] != 1 {
		t.Errorf("anna keeps %v and %v", anna.lots, anna.pool)
	}
}

func TestExactlyAGrainOfALotStaysALot(t *testing.T) {
	m := story(t, `"rate":"0.0999999%","every":"day","grace_days":0,"hops":3,"term_days":365`,
		"2026-01-01 issue anna 10.00", // 999000001 grains the day after
		"2026-01-02 pay anna bakker 9.99 p1")
	has(t, m, "anna", "0 | 1 0 2026-01-01")
}

func TestChargedPoolIsOnePartOfARedemption(t *testing.T) {
	m := story(t, `"rate":"0.5%","every":"day","grace_days":3,"hops":1,"term_days":365`,
		"2026-01-05 issue anna 9.00",
		"2026-01-06 pay anna bakker 2.00 p1",
		"2026-01-07 pay anna bakker 2.00 p2",
		"2026-01-15 pay anna bakker 2.00 p3",
		"2026-01-16 redeem bakker 4.00 r1")
	parts := m.state.redemptions["r1"].parts
	if len(parts) != 2 || parts[0].melts > m.state.today || parts[1].melts.String() != "2026-01-18" {
		t.Errorf("parts %v", parts)
	}
}

func TestLotRipensUnderAPolicyThatNobodySawInForce(t *testing.T) {
	m := story(t, `"rate":"0%","grace_days":0,"hops":3,"term_days":365`,
		"2026-01-05 issue anna 1.00",
		"2026-01-06 pay anna bakker 1.00 p1",
		`{"kind":"policy","at":"2026-01-06T11:00:00Z","rate":"0%","grace_days":0,"hops":1,"term_days":365,"from":"2026-01-10"}`,
		`{"kind":"policy","at":"2026-01-06T11:00:00Z","rate":"0%","grace_days":0,"hops":9,"term_days":365,"from":"2026-01-11"}`,
		"2026-02-01 redeem bakker 1.00 r1")
	has(t, m, "bakker", "0")
}

func TestPolicyForTheSameDayReplacesTheOther(t *testing.T) {
	m := story(t, `"rate":"0%","grace_days":5,"hops":3,"term_days":365`,
		"2026-01-05 issue anna 1.00",
		`{"kind":"policy","at":"2026-01-06T11:00:00Z","rate":"1%","hops":1,"term_days":365,"from":"2026-01-20"}`,
		`{"kind":"policy","at":"2026-01-14T11:00:00Z","rate":"2%","hops":1,"term_days":365,"from":"2026-01-20"}`,
		`{"kind":"policy","at":"2026-01-15T11:00:00Z","rate":"3%","hops":1,"term_days":365,"from":"2026-01-20"} ! policy-too-soon`,
		`{"kind":"policy","at":"2026-01-15T11:00:00Z","rate":"3%","hops":1,"term_days":365,"from":"2026-01-21"}`)
	for day, want := range map[string]string{
		"2026-01-19": "1000000000000000000", "2026-01-20": "980000000000000000", "2026-01-21": "950600000000000000",
	} {
		b, err := m.Balances(day)
		if err != nil || b.Index != want {
			t.Errorf("index of %s is %v, want %s; %v", day, b, want, err)
		}
	}
}

func TestNoticeIsCountedFromPastGracesToo(t *testing.T) {
	story(t, `"rate":"0%","grace_days":100,"hops":3,"term_days":365`,
		`{"kind":"policy","at":"2026-01-02T11:00:00Z","rate":"1%","grace_days":0,"hops":3,"term_days":9,"from":"2026-04-12"} ! policy-too-soon`,
		`{"kind":"policy","at":"2026-01-02T11:00:00Z","rate":"1%","grace_days":0,"hops":3,"term_days":9,"from":"2026-04-13"}`,
		// The last day with a hundred days' grace is 12 April.
		`{"kind":"policy","at":"2026-04-20T11:00:00Z","rate":"1%","grace_days":0,"hops":3,"term_days":9,"from":"2026-07-21"} ! policy-too-soon`,
		`{"kind":"policy","at":"2026-04-20T11:00:00Z","rate":"1%","grace_days":0,"hops":3,"term_days":9,"from":"2026-07-22"}`)
}

func TestFeeIsRoundedDownAndStaysInTheFund(t *testing.T) {
	m := story(t, `"rate":"0%","grace_days":0,"hops":1,"term_days":365,"redemption_fee":"2.5%"`,
		"2026-01-05 issue anna 10.00",
		"2026-01-06 pay anna bakker 10.00 p1",
		"2026-01-07 redeem bakker 0.79 r1", // the fee is 1.975 cents
		"2026-01-08 settle r1",
		"2026-01-08 reject r1 ! unknown-redemption",
		"2026-01-09 redeem bakker 1.00 r2")
	b, err := m.Balances("")
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(b.Fund, b.Redeemed, b.Escrow, b.Reserve)
	if want := "1000000 78000000 100000000 922000000"; got != want {
		t.Errorf("fund, redeemed, escrow, reserve are %s, want %s", got, want)
	}
}

func TestRejectedPartsComeBackWithTheWorthTheyHad(t *testing.T) {
	m := story(t, `"rate":"4%","every":"month","grace_days":40,"hops":1,"term_days":365`,
		"2026-01-05 issue anna 188.16",
		"2026-01-06 pay anna bakker 96.00 p1", // melts from 15 February
		"2026-02-01 pay anna bakker 92.16 p2", // melts from 13 March
		"2026-02-20 redeem bakker 150.00 r1",
		"2026-03-02 reject r1")
	has(t, m, "bakker", "18816000000") // what waited was not charged on 1 March
	b, err := m.Balances("2026-04-01")
	if err != nil {
		t.Fatal(err)
	}
	if got := b.Accounts["bakker"].Convertible.String(); got != "18063360000" {
		t.Errorf("on 1 April bakker has %s", got)
	}
}

func TestIndexFallsToOneAndNoFurther(t *testing.T) {
	m := story(t, `"rate":"4.9999999%","every":"day","grace_days":0,"hops":1,"term_days":365`)
	b, err := m.Balances("2029-01-01")
	if err != nil {
		t.Fatal(err)
	}
	if b.Index != "1" {
		t.Errorf("index is %s", b.Index)
	}
}

func TestRefusalsComeInTheOrderOfTheLaw(t *testing.T) {
	story(t, `"rate":"0%","grace_days":0,"hops":3,"term_days":365,"redemption_fee":"1%"`,
		"2026-01-05 issue anna 10.00",
		"2026-01-05 pay anna bakker 4.00 p1",
		"2026-01-05 pay anna bram 1.00 p2",
		"2026-01-06 refund p2",
		"2026-01-06 refund p2 ! refund-too-large",
		"2026-01-06 issue chaima 0.01",
		"2026-01-06 close chaima ! not-empty",
		"2026-01-06 pay chaima anna 0.01 p0",
		"2026-01-06 close bram",
		"2026-01-06 close bram ! account-closed",
		"2026-01-06 close nobody ! unknown-account",
		"2026-01-06 close anna ! not-empty",
		"2026-01-06 open bram resident ! account-exists",
		"2026-01-05 pay nobody bram 1 p1 ! time-went-back",
		"2026-01-06 pay nobody bram 0 p1 ! unknown-account",
		"2026-01-06 pay bram nobody 0 p1 ! account-closed",
		"2026-01-06 pay anna nobody 0 p1 ! unknown-account",
		"2026-01-06 pay bram bram 0 p1 ! account-closed",
		"2026-01-06 pay anna anna 0 p1 ! same-account",
		"2026-01-06 pay anna bakker 0 p1 ! duplicate-id",
		"2026-01-06 pay anna bakker 0 p3 ! bad-amount",
		"2026-01-06 pay anna bakker 6.02 p3 ! insufficient-balance",
		"2026-01-06 refund p2 ! account-closed",
		"2026-01-06 refund p9 0 ! bad-amount",
		"2026-01-06 refund p9 ! unknown-payment",
		"2026-01-06 refund p1 0 ! bad-amount",
		"2026-01-06 refund p1 4.01 ! refund-too-large",
		"2026-01-06 pay bakker molen 1.00 p3",
		"2026-01-06 refund p1 3.01 ! insufficient-balance",
		"2026-01-06 refund p1 3.00",
		"2026-01-06 refund p1 1.01 ! refund-too-large",
		"2026-01-06 issue nobody 0 ! unknown-account",
		"2026-01-06 issue anna 0 ! bad-amount",
		"2026-01-06 grant anna 0.00 ! bad-amount",
		"2026-01-06 grant anna 0.01 ! insufficient-fund",
		"2026-01-06 redeem nobody 0 p1 ! unknown-account",
		"2026-01-06 redeem bram 0 p1 ! account-closed",
		"2026-01-06 redeem anna 0 p1 ! duplicate-id",
		"2026-01-06 redeem anna 0 r1 ! bad-amount",
		"2026-01-06 redeem anna 99 r1 ! may-not-redeem",
		"2026-01-06 redeem molen 1.00 r1 ! not-convertible",
		"2026-01-07 pay molen chaima 1.00 p4",
		"2026-01-07 pay chaima molen 1.00 p5",
		"2026-01-07 redeem molen 1.00 r1",
		"2026-01-07 close molen ! not-empty",
		"2026-01-07 refund r1 ! unknown-payment",
		"2026-01-07 pay anna bakker 1.00 r1 ! duplicate-id",
		"2026-01-07 settle p1 ! unknown-redemption",
		"2026-01-07 settle r1",
		"2026-01-07 settle r1 ! unknown-redemption",
		"2026-01-07 close molen",
		"2026-01-07 grant anna 0.01")
}

func TestBlockedAccountsReceiveButDoNotPay(t *testing.T) {
	story(t, `"rate":"0%","grace_days":0,"hops":1,"term_days":365`,
		"2026-01-05 issue anna 10.00",
		"2026-01-05 pay anna bakker 4.00 p1",
		"2026-01-05 block bakker", "2026-01-05 block bakker", "2026-01-05 block nobody ! unknown-account",
		"2026-01-05 pay anna bakker 1.00 p2",
		"2026-01-05 pay bakker nobody 1.00 p3 ! unknown-account",
		"2026-01-05 pay bakker bakker 1.00 p3 ! account-blocked",
		"2026-01-05 pay bakker anna 1.00 p1 ! account-blocked",
		"2026-01-05 redeem bakker 1.00 p1 ! account-blocked",
		"2026-01-05 refund p1 ! account-blocked",
		"2026-01-05 unblock bakker", "2026-01-05 unblock bakker",
		"2026-01-05 redeem bakker 1.00 r1",
		"2026-01-05 block bakker",
		"2026-01-05 reject r1",
		"2026-01-05 block anna",
		"2026-01-05 unblock bakker",
		"2026-01-05 refund p1")
}

func TestRefusedLineLeavesNoTrace(t *testing.T) {
	m := story(t, flat,
		"2026-01-05 issue anna 10.00",
		"2026-06-05 pay anna bakker 10.01 p1 ! insufficient-balance",
		"2026-01-06 pay anna bakker 10.00 p1")
	if got := m.state.today.String(); got != "2026-01-06" || m.state.entries != 9 {
		t.Errorf("day %s, %d entries", got, m.state.entries)
	}
}

func TestBeforeThePolicyThereIsNothing(t *testing.T) {
	m := New()
	if _, err := m.Balances(""); !errors.Is(err, ErrNoPolicy) {
		t.Errorf("balances of an empty ledger: %v", err)
	}
	refusal, _, err := m.Line([]byte(`{"kind":"open","at":"2026-01-01T10:00:00Z","account":"anna","role":"resident"}`))
	if refusal != NoPolicy || err != nil {
		t.Errorf("%q %v", refusal, err)
	}
	m = story(t, flat)
	for _, day := range []string{"2025-12-31", "0001-01-01"} {
		if _, err := m.Balances(day); !errors.Is(err, ErrNoPolicy) {
			t.Errorf("balances of %s: %v", day, err)
		}
	}
	for _, day := range []string{"2026-02-30", "2026-1-1", "0000-01-01", "10000-01-01", "today"} {
		if _, err := m.Balances(day); err == nil || errors.Is(err, ErrNoPolicy) {
			t.Errorf("balances of %s: %v", day, err)
		}
	}
}

func TestChecksSeeWhatIsWrong(t *testing.T) {
	spoils := map[string]func(*state){
		"a unit more":        func(s *state) { s.accounts["anna"].lots[0].units = scale },
		"a grain less":       func(s *state) { s.issued = grainsOf(1) },
		"no units":           func(s *state) { s.accounts["anna"].lots[0].units = newState().issued },
		"melts later":        func(s *state) { s.accounts["bakker"].lots[0].melts++ },
		"one hop more":       func(s *state) { l := s.accounts["anna"].lots[0]; l.trail = append(l.trail, stop{"x", 0, 0}) },
		"owner twice":        func(s *state) { l := s.accounts["bakker"].lots[0]; l.trail = append(l.trail, l.trail[0]) },
		"pool became a lot":  func(s *state) { a := s.accounts["molen"]; a.pool, a.lots = nil, s.accounts["anna"].lots },
		"ripe but not moved": func(s *state) { s.cal.policies[0].hops = 1 },
		"refunded too much":  func(s *state) { s.payments["p1"] = payment{amount: 1, refunded: 2} },
		"paid out in secret": func(s *state) { s.redeemed = grainsOf(1) },
		"entry lost":         func(s *state) { s.entries-- },
		"closed but rich":    func(s *state) { s.accounts["anna"].closed = true },
		"another's money":    func(s *state) { s.accounts["chaima"].lots = slices.Clone(s.accounts["anna"].lots) },
	}
	for what, spoil := range spoils {
		m := story(t, `"rate":"0%","grace_days":10,"hops":2,"term_days":365`,
			"2026-01-05 issue anna 10.00",
			"2026-01-05 pay anna bakker 4.00 p1",
			"2026-01-06 pay bakker molen 2.00 p2",
			"2026-01-07 pay anna bram 1.00 p3")
		spoil(m.state)
		if m.Check() == nil {
			t.Errorf("%s: not seen", what)
		}
	}
}
