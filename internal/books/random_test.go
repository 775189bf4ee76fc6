package books

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"grulden/internal/record"
	"grulden/internal/replay"
	"grulden/internal/sim"
	"grulden/ledger"
)

// histories are random ones, with all edges that package sim knows.
func histories(t *testing.T, seed uint64) *wijk {
	t.Helper()
	w := &wijk{t: t}
	m := replay.NewMemory()
	for _, line := range sim.History(seed, 200) {
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
			e := ledger.Entry{Seq: uint64(len(w.records) + 1), Moment: now, Command: cmd, Facts: facts}
			w.records = append(w.records, &record.Record{Entry: e, Auth: record.Auth{How: record.ByReplay}})
			w.now = now.At.Time()
		}
		if _, err := m.Line(line); err != nil {
			t.Fatal(err)
		}
	}
	w.state = m.State
	return w
}

func TestTheBooksOfAnyHistoryAgreeWithItsLedger(t *testing.T) {
	for seed := range uint64(20) {
		w := histories(t, seed)
		if len(w.records) == 0 {
			continue
		}
		src := w.sources()
		end := post(t, src)
		for _, tie := range end.Ties(src)[:3] {
			if !tie.Holds() {
				t.Errorf("seed %d, %s: the books say %v and the ledger %v", seed, tie.Name, tie.Books, tie.Other)
			}
		}
		if end.Balances[accNoProof] != w.state.Head().Issued {
			t.Errorf("seed %d: %v of %v issued stands without proof", seed, end.Balances[accNoProof], w.state.Head().Issued)
		}
	}
}

func TestAnAuditOfAnyHistoryCountsEveryEntryOnce(t *testing.T) {
	for seed := range uint64(20) {
		w := histories(t, seed)
		want := map[What]int{}
		for _, r := range w.records {
			switch r.Command.(type) {
			case ledger.Issue:
				want[WhatIssue]++
			case ledger.Grant:
				want[WhatGrant]++
			case ledger.Settle:
				want[WhatSettle]++
			case ledger.Reject:
				want[WhatReject]++
			case ledger.Reopen:
				want[WhatReopen]++
			case ledger.SetPolicy:
				want[WhatPolicy]++
			}
		}
		_, audit := examine(t, w.sources())
		for what, count := range want {
			if got := audit.Sums[what].Count; got != count {
				t.Errorf("seed %d: %d of %d entries of kind %s were looked at", seed, got, count, what)
			}
		}
		if red := audit.Sums[WhatIssue].Red; red != want[WhatIssue] {
			t.Errorf("seed %d: %d issues without euros, %d of them red", seed, want[WhatIssue], red)
		}
	}
}

// TestTheOrderInWhichTheBankTellsDoesNotMatter shuffles what came from outside,
// as files that overlap and come late do.
func TestTheOrderInWhichTheBankTellsDoesNotMatter(t *testing.T) {
	w := year(t)
	first := post(t, w.sources())
	red, audit := examine(t, w.sources())
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		src := w.sources()
		src.Bank, src.Cash = slices.Clone(src.Bank), slices.Clone(src.Cash)
		rng.Shuffle(len(src.Bank), func(i, j int) { src.Bank[i], src.Bank[j] = src.Bank[j], src.Bank[i] })
		again := post(t, src)
		for _, a := range Chart() {
			if again.Balances[a.Number] != first.Balances[a.Number] {
				t.Fatalf("account %s: %v, and before %v", a.Number, again.Balances[a.Number], first.Balances[a.Number])
			}
		}
		found, other := examine(t, src)
		if strings.Join(found, "\n") != strings.Join(red, "\n") || other.Red() != audit.Red() {
			t.Fatalf("found %v, and before %v", found, red)
		}
	}
}

// TestOneEuroTooFewIsSeenWhereverItWentMissing takes a euro out of each entry of
// bank and box in turn: the ties, the alarms or the audit must show every one.
func TestOneEuroTooFewIsSeenWhereverItWentMissing(t *testing.T) {
	w := year(t)
	had := w.sources().Last.Closing
	for i := range w.src.Bank {
		src := w.sources()
		src.Bank = slices.Clone(src.Bank)
		src.Bank[i].Cents -= 1_00
		src.Last.Closing = had
		tie := post(t, src).Ties(src)[3]
		if tie.Name != TieBank || tie.Holds() {
			t.Errorf("bank entry %d of %v is a euro less, and the books agree with the bank", i, src.Bank[i].Cents)
		}
	}
	for i, c := range w.src.Cash {
		src := w.sources()
		src.Cash = slices.Clone(src.Cash)
		src.Cash[i].Cents -= 1_00
		whole, less := post(t, w.sources()), post(t, src)
		if whole.Balances[accBox]-less.Balances[accBox] != 1_00 {
			t.Errorf("movement %d of %v is a euro less, and the box has %v", i, c.Cents, less.Balances[accBox])
		}
	}
}
