package report

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"

	"grulden/demurrage"
	"grulden/ledger"
)

// TestAMonthIsTheSumOfItsDays: in figures and in edges, to the byte.
func TestAMonthIsTheSumOfItsDays(t *testing.T) {
	months := 0
	for seed := range uint64(4) {
		f, err := foldAll(t.Context(), walk(history(t, seed, 150, names{})), Always, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for first := f.first.MonthBegin(); first < f.today.MonthBegin(); first = (first + 31).MonthBegin() {
			sum := new(block)
			var paid [][]edge
			for day := max(first, f.first); day < (first + 31).MonthBegin(); day++ {
				edges, err := f.rows.edges(keyDay, day)
				if err != nil {
					t.Fatal(err)
				}
				paid = append(paid, edges)
				if err := f.rows.addBlock(sum, keyDay, day, f.holders, everybody); err != nil {
					t.Fatal(err)
				}
			}
			month, added := new(block), new(block)
			if err := f.rows.addBlock(month, keyMonth, first, f.holders, everybody); err != nil {
				t.Fatal(err)
			}
			added.deals = month.deals
			f.addUpFor(t, added)
			edges, _, _ := f.rows.read(levelKey(keyEdges, keyMonth, first))
			if !bytes.Equal(month.pack(), sum.pack()) || !bytes.Equal(month.deals.pack(f.holders), sum.deals.pack(f.holders)) ||
				!bytes.Equal(edges, packEdges(joined(paid))) {
				t.Fatalf("seed %d: the month of %v is not the sum of its days", seed, first)
			}
			for c := range cellCount {
				if month.totals.all(c) != added.totals.all(c) {
					t.Fatalf("seed %d: the holders of the month of %v do not add up in cell %d", seed, first, c)
				}
			}
			f.binsAreThoseOfDays(t, first, sum.long)
			months++
		}
	}
	if months < 20 {
		t.Errorf("only %d months", months)
	}
}

// binsAreThoseOfDays wants the times of a month to be those of its days.
func (f *fold) binsAreThoseOfDays(t *testing.T, first demurrage.Day, long histogram) {
	t.Helper()
	for _, in := range long {
		row, err := f.rows.must(binKey(first, in.bin))
		if err != nil {
			t.Fatal(err)
		}
		as, err := unpackAges(row)
		if err != nil {
			t.Fatal(err)
		}
		if got := as.binned(); len(got) != 1 || got[0] != in {
			t.Fatalf("bin %d of the month of %v has %v, its days %v", in.bin, first, got, in.worth)
		}
	}
}

// TestSavedAndTakenUpTheFoldGoesOn: at the end of any day, and with the same rows in
// the end as one that was never interrupted.
func TestSavedAndTakenUpTheFoldGoesOn(t *testing.T) {
	for seed := range uint64(5) {
		records := history(t, seed, 120, names{})
		payments := map[ledger.ID]uint64{}
		for _, r := range records {
			if pay, ok := r.Command.(ledger.Pay); ok {
				payments[pay.ID] = r.Seq
			}
		}
		find := func(id ledger.ID) (uint64, error) { return payments[id], nil }
		whole, cut := newFold(inMemory(), find), newFold(inMemory(), find)
		today := records[0].Moment.Day
		for _, r := range records {
			if err := whole.entry(&r.Entry); err != nil {
				t.Fatal(err)
			}
			if r.Moment.Day != today {
				if err := cut.live(r.Moment.Day); err != nil {
					t.Fatal(err)
				}
				if err := cut.save(); err != nil {
					t.Fatal(err)
				}
				again := newFold(&rows{new: maps.Clone(cut.rows.new)}, find)
				if found, err := again.load(); !found || err != nil {
					t.Fatalf("seed %d, before entry %d: %t, %v", seed, r.Seq, found, err)
				}
				today, cut = r.Moment.Day, again
			}
			if err := cut.entry(&r.Entry); err != nil {
				t.Fatalf("seed %d, entry %d: %v", seed, r.Seq, err)
			}
		}
		for key, want := range whole.rows.new {
			if got := cut.rows.new[key]; !bytes.Equal(got, want) {
				t.Fatalf("seed %d: row %x is\n%x, want\n%x", seed, key, got, want)
			}
		}
		p := Period{demurrage.MinDay, today}
		one, err := whole.report(p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		other, err := cut.report(p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if text(t, one) != text(t, other) {
			t.Fatalf("seed %d: the reports differ", seed)
		}
	}
}

func TestNothingIsTakenUpFromNothing(t *testing.T) {
	f := newFold(inMemory(), nil)
	if found, err := f.load(); found || err != nil {
		t.Errorf("%t, %v", found, err)
	}
}

// TestTheWordsOfTablesAreAllUsed: every table says what it shows, how it is
// counted and what it does not show; no words are left over.
func TestTheWordsOfTablesAreAllUsed(t *testing.T) {
	w := street(t)
	w.redeem(13, "MILL", 5, "again")
	w.do(14, ledger.Reject{Of: w.names.ID("again")})
	used := map[string]bool{}
	for _, r := range []*Report{w.report(0, 14), w.report(14, 14)} {
		for _, table := range r.Tables()[:len(makers)] {
			words, ok := tableTexts[table.Key]
			if !ok {
				t.Errorf("%s has no words", table.Key)
			}
			for _, text := range []Text{words.title, words.sentence, words.definition, words.caveat} {
				if text.NL == "" || text.EN == "" || text.NL == text.EN {
					t.Errorf("%s: %q and %q", table.Key, text.NL, text.EN)
				}
			}
			used[table.Key] = true
			for _, row := range table.Rows {
				from, to, _ := strings.Cut(row.Key, ">")
				used[row.Key], used[from], used[to], used[strings.TrimRight(row.Key, "0123456789")] = true, true, true, true
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(tableTexts)) {
		if !used[key] {
			t.Errorf("the words of %s are for no table", key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(rowTexts)) {
		if seldom := key == "from_fund" || key == "melted" || key == "given_back"; !used[key] && !seldom {
			t.Errorf("the words of %s are for no row", key)
		}
	}
}
