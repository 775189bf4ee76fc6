package report

import (
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"grulden/demurrage"
	"grulden/internal/record"
	"grulden/ledger"
)

// piling is four weeks without demurrage, from a Monday on. SHOP has two accounts.
//
//	day 0   anna buys 1000 and pays SHOP 70
//	day 6   anna pays MILL 7: on average 1 lay there in the first week
//	day 7   anna pays SHOP/2 70, SHOP pays anna 35: half
//	day 14  anna pays SHOP 70, which asks for 36 euros: more than half
//	day 20  anna pays NEW 14: on average 2 in the third week
//	day 21  MILL and NEW pay all they have to anna
//	day 22  anna pays SHOP 50, which pays them back the day after
func piling(t *testing.T) *wijk {
	w := newWijk(t, "2026-01-05", still(2, 1))
	w.open("anna", "SHOP", "SHOP/2", "MILL", "NEW", "IDLE")
	w.issue(0, "anna", 1000)
	w.pay(0, "anna", "SHOP", 70, "1")
	w.pay(6, "anna", "MILL", 7, "2")
	w.pay(7, "anna", "SHOP/2", 70, "3")
	w.pay(7, "SHOP", "anna", 35, "4")
	w.pay(14, "anna", "SHOP", 70, "5")
	w.redeem(14, "SHOP", 36, "r")
	w.pay(20, "anna", "NEW", 14, "6")
	w.pay(21, "MILL", "anna", 7, "7")
	w.pay(21, "NEW", "anna", 14, "8")
	w.pay(22, "anna", "SHOP", 50, "9")
	w.refund(23, "9", 50)
	return w
}

func TestItPilesUpWhereMoreLiesAndLittleIsPassedOn(t *testing.T) {
	w := piling(t)
	r := w.report(0, 20)
	// SHOP has 70, then 105, then 139; MILL 1 on average, then 7 and gets nothing more
	showsRows(
		t, r, "pressure",
		"2026-01-05: - - 2(2) - 71(2) -", "2026-01-12: 2(2) 2(2) 2(2) 112(2) 112(2) 1(2)",
		"2026-01-19: 2(2) 1(1) 3(3) 2(1) 148(3) 1/74(1)",
	)
	tops(t, r, "pressure", "held", "2026-01-05: -", "2026-01-12: 105 7", "2026-01-19: 2 0")
	tops(t, r, "pressure", "share", "2026-01-05: -", "2026-01-12: 15/16 1/16", "2026-01-19: 1/74 0")
	if s := table(t, r, "pressure").Sentence; s.NL != "In de laatste week of maand (19 – 25 januari 2026) lag er bij 2 van de 3 winkels met geld meer dan ervoor. Bij 1 daarvan ging hoogstens de helft verder: daar lag 1 % van wat er bij winkels lag." {
		t.Error(s.NL)
	}
	// what SHOP was paid for a day it had to give back: it got nothing, and it was there
	last := table(t, w.report(0, 27), "pressure").Rows[3]
	if got := last.Cells; got[1].Value.Cmp(whole(1)) != 0 || got[2].Value.Cmp(whole(1)) != 0 || got[3].Value.Cmp(big.NewRat(139*7+50, 7)) != 0 {
		t.Errorf("in the fourth week it rises at %v of %v, with %v", got[1].Value, got[2].Value, got[3].Value)
	}
	// days later nothing moved: no more lies there than before
	later := table(t, w.report(0, 48), "pressure")
	last = later.Rows[5]
	if got := last.Cells; got[0].Value.Sign() != 0 || got[5].Value.Sign() != 0 || got[4].Value.Cmp(whole(139)) != 0 {
		t.Errorf("in the sixth week it rises at %v, of %v", got[0].Value, got[4].Value)
	}
	if s := later.Sentence.EN; s != "In the last week or month (16 – 22 February 2026) more lay at none of the 1 shops with money than before." {
		t.Error(s)
	}
}

// TestMoreMayLieWhereMostIsPassedOn: at MILL 100/7 lay on average and then 200/7, and it
// asked for 30 euros when nothing came in; SHOP has less.
func TestMoreMayLieWhereMostIsPassedOn(t *testing.T) {
	r := street(t).report(0, 13)
	showsRows(t, r, "pressure", "2026-01-05: - - 2(2) - 40(2) -", "2026-01-12: 1(1) 0(0) 2(2) 0(0) 230/7(2) 0(0)")
	if s := table(t, r, "pressure").Sentence.NL; s != "In de laatste week of maand (12 – 18 januari 2026) lag er bij 1 van de 2 winkels met geld meer dan ervoor. Overal daar ging meer dan de helft verder." {
		t.Error(s)
	}
}

func TestAPeriodOfOneWeekComparesNothing(t *testing.T) {
	for _, r := range []*Report{piling(t).report(7, 9), newWijk(t, "2026-01-05", still(2, 1)).report(0, 0)} {
		pressure := table(t, r, "pressure")
		if s := pressure.Sentence.EN; s != "This period has no two weeks or months to compare." || pressure.Rows[0].Cells[0].Value != nil {
			t.Errorf("%s %v", s, pressure.Rows[0])
		}
	}
}

// slowShop is what one shop had at the end of each day, got and passed on.
type slowShop struct{ has, in, gone map[demurrage.Day]*big.Rat }

// slowShops asks every account for its balance on every day, and goes through the
// entries with pencil and paper.
func slowShops(t *testing.T, records []*record.Record, p Period) map[ledger.OwnerID]*slowShop {
	t.Helper()
	shops := map[ledger.OwnerID]*slowShop{}
	state := ledger.NewState(ledger.Head{}, nil)
	owner, role := map[ledger.AccountID]ledger.OwnerID{}, map[ledger.AccountID]string{}
	type paid struct {
		day demurrage.Day
		ledger.Pay
	}
	payments, asked := map[ledger.ID]paid{}, map[ledger.ID]ledger.Redeem{}
	add := func(to func(*slowShop) map[demurrage.Day]*big.Rat, id ledger.AccountID, day demurrage.Day, cents ledger.Cents) {
		if role[id] != "merchant" {
			return
		}
		days := to(shops[owner[id]])
		if days[day] == nil {
			days[day] = new(big.Rat)
		}
		days[day].Add(days[day], ofCents(cents))
	}
	in := func(s *slowShop) map[demurrage.Day]*big.Rat { return s.in }
	gone := func(s *slowShop) map[demurrage.Day]*big.Rat { return s.gone }
	next := 0
	for day := records[0].Moment.Day; day <= p.To; day++ {
		for ; next < len(records) && records[next].Moment.Day <= day; next++ {
			e := &records[next].Entry
			if err := state.Apply(e); err != nil {
				t.Fatal(err)
			}
			switch x := e.Command.(type) {
			case ledger.Open:
				owner[x.Account], role[x.Account] = x.Owner, x.Role
				if x.Role == "merchant" && shops[x.Owner] == nil {
					shops[x.Owner] = &slowShop{map[demurrage.Day]*big.Rat{}, map[demurrage.Day]*big.Rat{}, map[demurrage.Day]*big.Rat{}}
				}
			case ledger.Issue:
				add(in, x.To, day, x.Amount)
			case ledger.Grant:
				add(in, x.To, day, x.Amount)
			case ledger.Redeem:
				asked[x.ID] = x
				add(gone, x.From, day, x.Amount)
			case ledger.Reject:
				add(in, asked[x.Of].From, day, asked[x.Of].Amount)
			case ledger.Pay:
				if owner[x.From] != owner[x.To] {
					payments[x.ID] = paid{day, x}
					add(in, x.To, day, x.Amount)
					add(gone, x.From, day, x.Amount)
				}
			case ledger.Refund:
				if was, between := payments[x.Of]; between {
					add(in, was.To, was.day, -e.Facts.Amount)
					add(gone, was.From, was.day, -e.Facts.Amount)
				}
			}
		}
		worth := map[ledger.OwnerID]*big.Int{}
		err := state.Accounts(func(h *ledger.Holding) error {
			b, err := ledger.BalanceOf(state.Head(), h, day)
			if id := h.Account.ID; role[id] == "merchant" {
				if worth[owner[id]] == nil {
					worth[owner[id]] = new(big.Int)
				}
				worth[owner[id]].Add(worth[owner[id]], b.Worth.Big())
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for o, w := range worth {
			shops[o].has[day] = ofGrains(w.Quo(w, new(big.Int).SetUint64(demurrage.One)))
		}
	}
	return shops
}

// between adds up days.
func between(days map[demurrage.Day]*big.Rat, p Period) *big.Rat {
	sum := new(big.Rat)
	for day := p.From; day <= p.To; day++ {
		if days[day] != nil {
			sum.Add(sum, days[day])
		}
	}
	return sum
}

// TestWhereItPilesUpIsThatOfASlowRecount, with how many shops and the largest two.
func TestWhereItPilesUpIsThatOfASlowRecount(t *testing.T) {
	rising := 0
	for seed := range uint64(10) {
		records := history(t, seed, 150, names{})
		for _, p := range periods(records, rand.New(rand.NewPCG(seed, 8)))[:2] {
			r := reportOn(t, records, p, p.To)
			shops := slowShops(t, records, r.Period)
			for i, s := range r.data.spans {
				pressed, all, live, more := byOwner{}, byOwner{}, 0, 0
				for o, shop := range shops {
					mean := new(big.Rat).Quo(between(shop.has, s.Period), whole(s.Days()))
					in, gone := between(shop.in, s.Period), between(shop.gone, s.Period)
					all.add(o, mean)
					if mean.Sign() > 0 || in.Sign() > 0 {
						live++
					}
					if i == 0 {
						continue
					}
					last := r.data.spans[i-1].Period
					if before := new(big.Rat).Quo(between(shop.has, last), whole(last.Days())); mean.Cmp(before) > 0 {
						if more++; gone.Add(gone, gone).Cmp(in) <= 0 {
							pressed.add(o, mean)
						}
					}
				}
				row := table(t, r, "pressure").Rows[i]
				where := s.From.String()
				if sameCell(t, where+" all", row.Cells[4], all.cell()); row.Cells[2].Value.Cmp(whole(live)) != 0 {
					t.Errorf("seed %d, %s: %v shops have money, want %d", seed, where, row.Cells[2].Value, live)
				}
				if i == 0 {
					continue
				}
				if sameCell(t, where, row.Cells[3], pressed.cell()); row.Cells[1].Value.Cmp(whole(len(pressed))) != 0 || row.Cells[0].Value.Cmp(whole(more)) != 0 {
					t.Errorf("seed %d, %s: it rises at %v, stays at %v, want %d and %d", seed, where, row.Cells[0].Value, row.Cells[1].Value, more, len(pressed))
				}
				if share := over(pressed.cell().Value, all.cell().Value); share != nil && share.Cmp(row.Cells[5].Value) != 0 {
					t.Errorf("seed %d, %s: the share is %v, want %v", seed, where, row.Cells[5].Value, share)
				}
				rising += len(pressed)
			}
		}
	}
	if rising < 10 {
		t.Errorf("it rises %d times only", rising)
	}
}

// TestTheStuckTablePointsToTheOneOverTime by its title.
func TestTheStuckTablePointsToTheOneOverTime(t *testing.T) {
	r := piling(t).report(0, 27)
	not, title := table(t, r, "stuck").Caveat, table(t, r, "pressure").Title
	if !strings.Contains(not.NL, title.NL) || !strings.Contains(not.EN, title.EN) {
		t.Errorf("%v does not name %v", not, title)
	}
}
