package circulation

import (
	"context"
	"errors"
	"strings"
	"testing"
)

const heading = "id,day,type,source,target,amount,purpose,reverses\n"

// TestARowThatCannotBeSaysWhereAndWhatToDo goes through all that can be wrong.
func TestARowThatCannotBeSaysWhereAndWhatToDo(t *testing.T) {
	issued := heading + "1,0,issue,x,a,100,,\n"
	for name, c := range map[string]struct {
		list string
		o    Options
		line int
		what string
	}{
		"empty":            {"", Options{}, 1, "no column when"},
		"headings only":    {heading, Options{}, 1, "no rows"},
		"no amount":        {"id,day,type,source,target\n", Options{}, 1, "no column amount"},
		"other heading":    {heading, Options{Columns: map[string]string{"when": "Date"}}, 1, `no column "Date"`},
		"no such column":   {heading, Options{Columns: map[string]string{"datum": "day"}}, 1, "no column is called datum"},
		"short row":        {issued + "2,0,transfer,a\n", Options{}, 3, "wrong number of fields"},
		"open quote":       {issued + "2,0,transfer,\"a,b,5,,\n", Options{}, 3, "quote"},
		"no name":          {issued + "2,1,transfer,a,,5,,\n", Options{}, 3, "must both have a name"},
		"no day":           {issued + "2,soon,transfer,a,b,5,,\n", Options{}, 3, "neither a day nor a time"},
		"far day":          {issued + "2,99999999999999,transfer,a,b,5,,\n", Options{}, 3, "too far away"},
		"days and times":   {issued + "2,2026-01-02,transfer,a,b,5,,\n", Options{}, 3, "a day of the calendar, and the rows before have a number"},
		"back in time":     {issued + "2,-1,transfer,a,b,5,,\n", Options{}, 3, "before the row above"},
		"unknown type":     {issued + "2,1,gift,a,b,5,,\n", Options{}, 3, `"gift" is no type`},
		"nothing":          {issued + "2,1,transfer,a,b,0.00,,\n", Options{}, 3, "no number above nought"},
		"below nought":     {issued + "2,1,transfer,a,b,-5,,\n", Options{}, 3, "no number above nought"},
		"a comma":          {issued + "2,1,transfer,a,b,\"5,00\",,\n", Options{}, 3, "no number above nought"},
		"nine decimals":    {issued + "2,1,transfer,a,b,0.000000001,,\n", Options{}, 3, "more than eight decimals"},
		"too large":        {issued + "2,1,transfer,a,b,99999999999999,,\n", Options{}, 3, "too large to count"},
		"too much in all":  {heading + strings.Repeat("1,0,issue,x,a,20000000000,,\n", 3), Options{}, 3, "too large to add up"},
		"more than it has": {issued + "2,1,transfer,a,b,60,,\n3,1,transfer,a,b,60,,\n", Options{}, 4, "a gives 60.00 and has 40.00"},
		"redeems too much": {issued + "2,1,redeem,a,x,160,,\n", Options{}, 3, "a gives 160.00 and has 100.00"},
		"melts too much":   {issued + "2,1,demurrage,a,x,100.01,,\n", Options{}, 3, "a gives 100.01 and has 100.00"},
		"undoes nothing":   {issued + "2,1,transfer,a,b,5,,\n3,1,transfer,b,a,5,,9\n", Options{}, 4, `no row before it has that id`},
		"undoes elsewhere": {issued + "2,1,transfer,a,b,5,,\n3,1,transfer,a,b,5,,2\n", Options{}, 4, "not go back between the same accounts"},
		"undoes too much":  {issued + "2,1,transfer,a,b,5,,\n3,1,transfer,b,a,6,,2\n", Options{}, 3, "undone for more than its amount"},
		"undoes an issue":  {issued + "2,1,issue,x,a,5,,1\n", Options{}, 3, "cannot undo another"},
		"no such redeem":   {issued + "2,1,redeem,x,a,5,,7\n", Options{}, 3, "no redeem before it"},
		"an id used twice": {issued + "2,1,transfer,a,b,5,,\n2,1,transfer,a,b,5,,\n3,1,transfer,b,a,5,,2\n", Options{}, 4, "used twice"},
		"window in days":   {issued, Options{To: "2026-01-31"}, 2, "the window is given as a day of the calendar"},
		"window before it": {issued, Options{From: "5"}, 1, "no rows in the window"},
	} {
		_, err := Analyse(context.Background(), strings.NewReader(c.list), c.o)
		var f *Fault
		if !errors.As(err, &f) || f.Line != c.line || !strings.Contains(f.What, c.what) || f.Do == "" {
			t.Errorf("%s: %v (%+v), want line %d with %q", name, err, f, c.line, c.what)
		}
	}
	if _, err := Analyse(context.Background(), strings.NewReader(issued), Options{Rules: []Rule{"random"}}); err == nil {
		t.Error("a rule that is none was taken")
	}
	if _, err := Analyse(context.Background(), strings.NewReader(issued), Options{From: "first"}); err == nil {
		t.Error("a window that is none was taken")
	}
}

// TestListsOfOthersAreRead: other headings and types, semicolons, decimal
// commas, a byte-order mark, times with and without a zone, and no types at all.
func TestListsOfOthersAreRead(t *testing.T) {
	want := exact(example(t, "exA.csv", Options{}).Lines())
	for name, c := range map[string]struct {
		list string
		o    Options
	}{
		"other words": {
			"\xef\xbb\xbfDate;From;To;Amount;Kind\n2026-01-05 10:00:00;pool;ann;1.000,50;DISBURSE\n2026-01-06 10:00:00;ann;bob;400,25;STANDARD\n",
			Options{
				Comma: true, Types: map[string]string{"DISBURSE": "issue", "STANDARD": "transfer"},
				Columns: map[string]string{"when": "Date", "source": "From", "target": "To", "amount": "Amount", "type": "Kind"},
			},
		},
		"no types": {
			"time,source,target,amount\n2026-01-05T11:00:00+01:00,bank,ann,1000.50\n2026-01-06T10:00:00Z,ann,bob,400.25\n",
			Options{Outside: []string{"bank"}},
		},
	} {
		expect(t, analyse(t, c.list, c.o).Lines(), "days 1\nissued 2001/2\nvolume 1601/4\noutstanding 2001/2\nM_avg 2001/2")
		if name == "" || len(want) == 0 {
			t.Fatal("nothing was compared")
		}
	}
}

// TestADayIsAWholeDay: in a list of days a window ends with the last moment of
// its last day, so windows side by side count each row once.
func TestADayIsAWholeDay(t *testing.T) {
	list := "day,type,source,target,amount\n" +
		"2026-03-30,issue,x,a,100\n2026-03-31,transfer,a,b,10\n2026-04-01,transfer,a,b,20\n2026-04-02,transfer,b,a,5\n"
	for _, c := range []struct{ from, to, want string }{
		{"", "", "days 4\nvolume 35\nM_avg 100\nissued 100"},
		{"", "2026-03-31", "days 2\nvolume 10\nM_avg 100\nissued 100"},
		{"2026-04-01", "2026-04-30", "days 30\nvolume 25\nM_avg 100\nissued 0\nretention_end 1\nrealised_multiplier -"},
		{"2026-04-02", "2026-04-02", "days 1\nvolume 5\nissued 0"},
	} {
		expect(t, analyse(t, list, Options{From: c.from, To: c.to}).Lines(), c.want)
	}
}

// TestAMomentBelongsToTheWindowThatItBegins: of two windows side by side the
// second has what happens between; the end of the list has no second one.
func TestAMomentBelongsToTheWindowThatItBegins(t *testing.T) {
	list := "day,type,source,target,amount\n0,issue,x,a,100\n5,transfer,a,b,10\n10,transfer,a,b,20\n15,transfer,b,a,4\n"
	for _, c := range []struct{ from, to, want string }{
		{"0", "5", "volume 0"},
		{"5", "10", "volume 10"},
		{"10", "15", "volume 24"},
		{"0", "15", "volume 34"},
		{"15", "20", "volume 4"},
	} {
		expect(t, analyse(t, list, Options{From: c.from, To: c.to}).Lines(), c.want)
	}
}

// TestSystemAccountsAreNotUsers: what a fund gives and gets is neither volume
// nor issue, and what it has is not in circulation.
func TestSystemAccountsAreNotUsers(t *testing.T) {
	r := analyse(t, `day,type,source,target,amount
0,issue,x,a,100
0,issue,x,FUND,50
1,transfer,FUND,b,30
2,transfer,b,a,10
3,transfer,a,FUND,5
4,demurrage,a,FUND,1
4,demurrage,FUND,x,1
5,redeem,FUND,x,7
10,transfer,FUND,TREASURY,3
`, Options{System: []string{"FUND", "TREASURY"}, Rules: every})
	expect(t, r.Lines(), "issued 100\nsystem_in 30\nsystem_out 5\ndemurrage 1\nredeemed 7\nvolume 10\noutstanding 124\naccounts 2\nforwarding_r 10/23")
	for _, p := range r.Paths {
		expect(t, r.PathLines(p), "hop_volume_1 10\nexit_hops_0 "+exact(r.PathLines(p))["exit_hops_0"]+"\nexit_hops_1 "+
			exact(r.PathLines(p))["exit_hops_1"]+"\nrest_hops_0 "+exact(r.PathLines(p))["rest_hops_0"]+"\nrest_hops_1 "+exact(r.PathLines(p))["rest_hops_1"])
		if left := plus(p.exits()...); left.RatString() != "6" {
			t.Errorf("%s: %v left, want 6", p.Rule, left)
		}
	}
}

// TestWhatIsUndoneNeverHappened: both legs are dropped, and what comes back has
// lain at its payer all the time.
func TestWhatIsUndoneNeverHappened(t *testing.T) {
	plain := heading + "1,0,issue,x,a,100,,\n2,4,transfer,a,b,30,,\n4,10,transfer,a,b,65,,\n"
	undone := heading + "1,0,issue,x,a,100,,\n2,4,transfer,a,b,40,,\n3,6,transfer,b,a,10,,2\n4,10,transfer,a,b,65,,\n"
	also := heading + "1,0,issue,x,a,100,,\n2,4,transfer,a,b,30,,\n5,5,redeem,a,x,20,,\n6,7,redeem,x,a,20,,5\n" +
		"7,8,transfer,a,a,9,,\n4,10,transfer,a,b,65,,\n"
	for _, rule := range every {
		want := analyse(t, plain, Options{Rules: []Rule{rule}})
		for _, list := range []string{undone, also} {
			got := analyse(t, list, Options{Rules: []Rule{rule}})
			for _, key := range []string{"volume", "payments", "edges", "outstanding", "redeemed", "active", "accounts"} {
				if a, b := exact(got.Lines())[key], exact(want.Lines())[key]; a != b {
					t.Errorf("%s: %s is %s, want %s", rule, key, a, b)
				}
			}
			for key, b := range exact(want.PathLines(want.Paths[0])) {
				if a := exact(got.PathLines(got.Paths[0]))[key]; a != b && !strings.HasPrefix(key, "M_eff_frac") {
					t.Errorf("%s: %s is %s, want %s\n%s", rule, key, a, b, list)
				}
			}
		}
	}
	r := analyse(t, also, Options{})
	expect(t, r.Lines(), "dropped_self 1\ndropped_undone 1\nM_avg 96")
	before := analyse(t, undone, Options{To: "6"}) // what is undone on day 6 was not yet
	expect(t, before.Lines(), "volume 40\ndropped_undone 0")
}

// TestMoneyThatComesBackMayBeSpentMeanwhile: b spends on day 2 what a gets back
// on day 6, from what c paid.
func TestMoneyThatComesBackMayBeSpentMeanwhile(t *testing.T) {
	list := heading + "1,0,issue,x,a,40,,\n2,1,transfer,a,b,40,,\n3,2,transfer,b,c,30,,\n4,5,transfer,c,b,30,,\n5,6,transfer,b,a,40,,2\n"
	for _, rule := range every {
		r := analyse(t, list, Options{Rules: []Rule{rule}})
		expect(t, r.Lines(), "volume 60\npayments 2\nedges 2\noutstanding 40\nM_avg 40")
		expect(t, r.PathLines(r.Paths[0]), "hop_volume_1 30\nhop_volume_2 30\nrest_hops_0 10\nrest_hops_2 30\nmean_hold_days 5/2")
	}
}

// TestWhatAccountsLackTheyHadBefore: a list that begins in the middle. a must
// have had 35 and b 20. By hand, first in first out:
//
//	day 0 a→b 30 of 35, hop 1           day 3 c→a 5 of the 20, hop 2, lay 1
//	day 2 b→c 20 hop 1, 30 hop 2, lay 2 day 4 a→b 5 hop 1, lay 4, 5 hop 3, lay 1
//	day 10 c redeems 15 of hop 1 and 30 of hop 2
func TestWhatAccountsLackTheyHadBefore(t *testing.T) {
	list := heading + "1,0,transfer,a,b,30,,\n2,2,transfer,b,c,50,,\n3,3,transfer,c,a,5,,\n4,4,transfer,a,b,10,,\n5,10,redeem,c,x,45,,\n"
	r := analyse(t, list, Options{Opening: true, Rules: []Rule{FIFO}})
	expect(t, r.Lines(), "opening 55\nissued 0\nvolume 95\nM_avg 55\noutstanding 10\nretention_end -\nrealised_multiplier -")
	expect(t, r.PathLines(r.Paths[0]), "hop_volume_1 55\nhop_volume_2 35\nhop_volume_3 5\nexit_hops_1 15\nexit_hops_2 30\nrest_hops_1 5\nrest_hops_3 5\nmean_hold_days 26/19")
}

// TestProgressIsToldAndWorkIsEndedOnDemand: with a list longer than a pause.
func TestProgressIsToldAndWorkIsEndedOnDemand(t *testing.T) {
	list := heading + "0,0,issue,x,a,100,,\n" + strings.Repeat("1,1,transfer,a,b,1,,\n2,1,transfer,b,a,1,,\n", 5000)
	var last, of uint64
	told := 0
	analyse(t, list, Options{Progress: func(done, all uint64) {
		if done < last || done > all {
			t.Errorf("%d of %d after %d", done, all, last)
		}
		last, of, told = done, all, told+1
	}})
	if told < 4 || last != of || of != 2*uint64(len(list)) {
		t.Errorf("told %d times, last %d of %d", told, last, of)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Analyse(ctx, strings.NewReader(list), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled work ended with %v", err)
	}
}
