package sim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// How many histories the tests live through, and how long they are. Reaching needs
// more of them than checking, and costs less.
const (
	checkedSeeds = 150
	reachedSeeds = 300
	testLength   = 150
)

func TestEveryInvariantHoldsAfterEveryLine(t *testing.T) {
	for seed := range uint64(checkedSeeds) {
		m := New()
		for i, line := range HistoryWithBlocks(seed, testLength) {
			refusal, blank, err := m.Line(line)
			if err != nil {
				t.Fatalf("seed %d line %d: %v", seed, i+1, err)
			}
			if refusal != "" || blank {
				continue
			}
			if err := m.Check(); err != nil {
				t.Fatalf("seed %d line %d %s: %v", seed, i+1, line, err)
			}
		}
		if err := m.CheckRefold(); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}

func TestHistoriesReachEveryRefusalAndBranch(t *testing.T) {
	reached, lines := map[string]int{}, 0
	for seed := range uint64(reachedSeeds) {
		a := newAuthor(seed, false)
		lines += len(a.write(testLength))
		for what, n := range a.m.Reached() {
			reached[what] += n
		}
	}
	for _, what := range everything {
		if reached[what] < 10 {
			t.Errorf("%s: reached %d times in %d lines", what, reached[what], lines)
		}
	}
	if refused := lines - reached[Applied] - reached[Blank]; refused*100 < 25*lines || refused*100 > 35*lines {
		t.Errorf("%d of %d lines are refused", refused, lines)
	}
	if reached[AccountBlocked] > 0 {
		t.Errorf("%d refusals for blocked accounts, but no blocks were asked for", reached[AccountBlocked])
	}
	t.Log(reached)
}

// everything is what some hundred histories must reach.
var everything = []string{
	BadCommand, TimeWentBack, NoPolicy, PolicyTooSoon, AccountExists, UnknownAccount, AccountClosed,
	NotEmpty, SameAccount, DuplicateID, BadAmount, UnknownPayment, RefundTooLarge, MayNotRedeem,
	UnknownRedemption, InsufficientFund, InsufficientBalance, NotConvertible,
	HopGained, FifthHop, BackInTrail, SameDaySecondOwner, BetweenOwnAccounts, LotSplit, PoolSplit,
	CrumbJoinsPool, ChargedPoolJoined, PartsJoined, PoolPaidByRedeemer, PoolPaidInLine, PoolBeforeLots,
	RefundLosesHop, RefundTakesUpDay, RefundChangesHolder, RefundOfPool, RefundPoolLast, RefundOfNewLots,
	RipeByTerm, RipeByHop, RipeByPolicy, RejectAfterMelting, RejectInGrace, SettledWithFee, Granted,
	GrantedWholeFund, FundBelowZero, PolicyScheduled, PolicyReplaced, ClosedWithRest, PaidAllShown,
	IndexAtOne, Applied, Blank,
}

func TestHistoriesWithBlocksReachBlockedPayers(t *testing.T) {
	reached, lines := map[string]int{}, 0
	for seed := range uint64(60) {
		a := newAuthor(seed, true)
		lines += len(a.write(testLength))
		for what, n := range a.m.Reached() {
			reached[what] += n
		}
	}
	if reached[Reopened] < 10 {
		t.Errorf("%d redemptions reopened in %d lines", reached[Reopened], lines)
	}
	if reached[AccountBlocked] < 10 {
		t.Errorf("%d refusals for blocked accounts in %d lines", reached[AccountBlocked], lines)
	}
	if refused := lines - reached[Applied] - reached[Blank]; refused*100 > 40*lines {
		t.Errorf("%d of %d lines are refused", refused, lines)
	}
}

func TestHistoryDependsOnItsSeedOnly(t *testing.T) {
	for seed := range uint64(10) {
		first, again := Format(History(seed, 80)), Format(History(seed, 80))
		if !bytes.Equal(first, again) {
			t.Errorf("seed %d gives two histories", seed)
		}
		if bytes.Equal(first, Format(History(seed+1, 80))) {
			t.Errorf("seeds %d and %d give one history", seed, seed+1)
		}
		if longer := Format(History(seed, 160)); !bytes.HasPrefix(longer, first) {
			t.Errorf("seed %d: a longer history does not begin like a shorter one", seed)
		}
	}
}

func TestHistoryHasTheLinesAskedForAndNoMoreThanJSON(t *testing.T) {
	for _, n := range []int{0, 1, 7, 200} {
		lines := History(1, n)
		if len(lines) != n {
			t.Errorf("asked for %d lines, got %d", n, len(lines))
		}
		for _, line := range lines {
			if len(bytes.TrimSpace(line)) > 0 && !json.Valid(line) {
				t.Errorf("%s is not JSON", line)
			}
		}
		file := Format(lines)
		if bytes.Count(file, []byte("\n")) != n {
			t.Errorf("%d lines become %d", n, bytes.Count(file, []byte("\n")))
		}
	}
}

func TestHistoryOfFiveHundredLinesTakesUnderASecond(t *testing.T) {
	for seed := range uint64(20) {
		lines := History(seed, 500)
		start := time.Now()
		m := New()
		for _, line := range lines {
			if _, _, err := m.Line(line); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(start); took > time.Second {
			t.Errorf("seed %d took %s", seed, took)
		}
	}
}

func TestWhoSeesAnAmountCanPayIt(t *testing.T) {
	for seed := range uint64(40) {
		m := New()
		for i, line := range History(seed, testLength) {
			if _, _, err := m.Line(line); err != nil {
				t.Fatal(err)
			}
			if i%5 == 0 && m.state.cal != nil {
				payAll(t, m, seed)
			}
		}
	}
}

// payAll lets every account pay all that it shows, each time from the same state,
// and lets none pay a cent more.
func payAll(t *testing.T, m *Model, seed uint64) {
	t.Helper()
	for _, from := range m.state.names() {
		for _, to := range m.state.names() {
			shown := cents(m.state.accountWorth(m.state.accounts[from]))
			usable := !m.state.accounts[from].closed && !m.state.accounts[to].closed
			if from == to || !usable || shown == 0 || shown >= largest {
				continue
			}
			for more, want := range []string{"", InsufficientBalance} {
				next := m.state.copy()
				refusal := next.apply(&command{
					kind: "pay", at: m.state.last, today: m.state.today, from: from, to: to, id: "all of it",
					amount: fmt.Sprintf("%d.%02d", (shown+int64(more))/100, (shown+int64(more))%100),
				})
				if refusal != want {
					t.Fatalf("seed %d: %s shows %d cents, paying %d more gives %q", seed, from, shown, more, refusal)
				}
			}
		}
	}
}

func TestBalancesOfAPastDayAreThoseOfThatDay(t *testing.T) {
	for seed := range uint64(25) {
		m, lines := New(), History(seed, testLength)
		shown := map[string]string{}
		for _, line := range lines {
			if _, _, err := m.Line(line); err != nil {
				t.Fatal(err)
			}
			if b, err := m.Balances(""); err == nil {
				shown[b.Day] = marshal(t, b)
			}
		}
		for day, want := range shown {
			b, err := m.Balances(day)
			if err != nil {
				t.Fatalf("seed %d %s: %v", seed, day, err)
			}
			if got := marshal(t, b); got != want {
				t.Fatalf("seed %d: %s shows %s, later %s", seed, day, want, got)
			}
		}
	}
}

func TestBalancesOfADayToComeAreThoseOfAnEntryThen(t *testing.T) {
	for seed := range uint64(25) {
		m := New()
		for _, line := range History(seed, testLength) {
			if _, _, err := m.Line(line); err != nil {
				t.Fatal(err)
			}
		}
		d := m.state.today + 40
		ahead, err := m.Balances(d.String())
		if err != nil {
			t.Fatal(err)
		}
		line := fmt.Sprintf(`{"kind":"open","at":"%sT12:00:00Z","account":"late","role":"club"}`, d)
		if refusal, _, err := m.Line([]byte(line)); refusal != "" || err != nil {
			t.Fatal(refusal, err)
		}
		then, err := m.Balances("")
		if err != nil {
			t.Fatal(err)
		}
		delete(then.Accounts, "late")
		if got, want := marshal(t, ahead), marshal(t, then); got != want {
			t.Errorf("seed %d: foreseen %s, came %s", seed, got, want)
		}
	}
}

func marshal(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(data), "null") {
		t.Fatalf("%s has a null", data)
	}
	return string(data)
}
