package report

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"grulden/internal/record"
	"grulden/ledger"
)

// sameParty compares a party with what owners added.
func sameParty(t *testing.T, where string, value *big.Rat, got Party, want byOwner) {
	t.Helper()
	sameCell(t, where, Cell{Value: value, Owners: got.Owners, Top: got.Top}, want.cell())
}

// noBetter tells whether a party is no safer than what owners really added.
func noBetter(got Party, want Cell) bool {
	both := new(big.Rat).Add(orZero(got.Top[0]), orZero(got.Top[1]))
	return got.Owners <= want.Owners && orZero(got.Top[0]).Cmp(want.Top[0]) >= 0 &&
		both.Cmp(new(big.Rat).Add(want.Top[0], want.Top[1])) >= 0
}

func orZero(v *big.Rat) *big.Rat {
	if v == nil {
		return new(big.Rat)
	}
	return v
}

func TestBothSidesOfWhatWasPaidAreThoseOfASlowRecount(t *testing.T) {
	met := 0
	for seed := range uint64(8) {
		records := history(t, seed, 150, names{})
		for _, p := range periods(records, rand.New(rand.NewPCG(seed, 12)))[:2] {
			r := reportOn(t, records, p, p.To)
			sides, s := r.Sides(), slowly(t, records, r.Period)
			from, to := map[string]byOwner{}, map[string]byOwner{}
			s.payments(func(p *slowPayment, h held) {
				keys := []string{"hops " + h.row, "holding volume_span_" + fmt.Sprint(spanIndex(h.seconds))}
				if h.row != "volume_hop_1" {
					keys = append(keys, "again")
				}
				for _, key := range keys {
					if from[key] == nil {
						from[key], to[key] = byOwner{}, byOwner{}
					}
					from[key].add(p.from, asGrulden(h.worth))
					to[key].add(p.to, asGrulden(h.worth))
				}
			})
			parts := sides.Parts()
			for _, table := range []string{"hops", "holding"} {
				for _, part := range parts[table] {
					key := table + " volume_" + part.Key
					where := fmt.Sprintf("seed %d, %v to %v: %s", seed, p.From, p.To, key)
					sameParty(t, where+", payers", part.Value, part.Parties[0], from[key])
					sameParty(t, where+", receivers", part.Value, part.Parties[1], to[key])
					met += part.Value.Sign()
				}
			}
			again := sides.Wholes()["paid_again"]
			sameParty(t, "paid again", again.Value, again.Parties[0], from["again"])
			sameParty(t, "paid again, receivers", again.Value, again.Parties[1], to["again"])
		}
	}
	if met < 30 {
		t.Errorf("%d parts that are not nought are too few to tell", met)
	}
}

// What is held at the end adds up to the stock, and nobody who holds it is taken to
// be more than one, or smaller than they are.
func TestWhoHoldsWhatAtTheEndIsNoSaferThanTheyAre(t *testing.T) {
	several := 0
	for seed := range uint64(8) {
		records := history(t, seed, 150, names{})
		for _, p := range periods(records, rand.New(rand.NewPCG(seed, 13)))[:2] {
			r := reportOn(t, records, p, p.To)
			sides, s := r.Sides(), slowly(t, records, r.Period)
			several += sides.twice
			var lain [7]byOwner
			for i := range lain {
				lain[i] = byOwner{}
			}
			life, end := map[string]byOwner{}, endOf(s.p.To)
			s.inHand(func(id ledger.AccountID, worth *big.Rat, since int64, l *slowLot) {
				owner := s.c.owner[id]
				lain[spanIndex(end-since)].add(owner, worth)
				if l == nil { // in the pool
					if life["convertible"] == nil {
						life["convertible"] = byOwner{}
					}
					life["convertible"].add(owner, worth)
				}
			})
			parts := sides.Parts()
			for i, part := range parts["lain"] {
				if want := lain[i].cell(); part.Value.Cmp(want.Value) != 0 || !noBetter(part.Parties[0], want) {
					t.Errorf("seed %d, %s: %+v, and it is %+v", seed, part.Key, part, want)
				}
			}
			for _, table := range []string{"life", "lain", "age"} {
				sum := new(big.Rat)
				for _, part := range parts[table] {
					sum.Add(sum, part.Value)
				}
				if !near(sum, r.StockEnd, len(records)) {
					t.Errorf("seed %d: %s adds up to %v of %v", seed, table, sum, r.StockEnd)
				}
			}
			_, ripe := r.ConvertibleHeld()
			at := slices.IndexFunc(parts["life"], func(p Part) bool { return p.Key == "convertible" })
			if parts["life"][at].Value.Cmp(ripe) != 0 {
				t.Errorf("seed %d: %v is convertible, and %v", seed, parts["life"][at].Value, ripe)
			}
			if pool := life["convertible"]; pool != nil && parts["life"][at].Value.Cmp(pool.cell().Value) < 0 {
				t.Errorf("seed %d: in the pool lies more than is convertible", seed)
			}
		}
	}
	if several == 0 {
		t.Error("nobody has accounts of two roles")
	}
}

func worthSum(c ledger.Cents) (s sum) {
	s.add(c.Worth())
	return s
}

func TestWhatIsOnlyKnownAtMostIsJudgedByItsWorst(t *testing.T) {
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 14))
		var most []sum
		really := byOwner{}
		for owner := range ledger.OwnerID(1 + rng.IntN(20)) {
			has := ledger.Cents(1 + rng.IntN(5000))
			most = append(most, worthSum(has))
			really.add(owner, ofCents(ledger.Cents(rng.Int64N(int64(has)+1))))
		}
		want := really.cell()
		if got := worst(most, want.Value); !noBetter(got, want) {
			t.Fatalf("seed %d: %+v is taken to be %+v", seed, want, got)
		}
	}
	if got := worst([]sum{worthSum(10_00), {}}, whole(30)); got.Owners != 1 || got.Top[0].Cmp(whole(30)) != 0 {
		t.Errorf("30, of which one can have paid 10: %+v", got)
	}
}

func TestPartsOfSumsAddUpToThem(t *testing.T) {
	ripe := 0
	somePeriods(t, 6, func(t *testing.T, records []*record.Record, r *Report) {
		sides := r.Sides()
		parts, wholes := sides.Parts(), sides.Wholes()
		for _, x := range []struct {
			table string
			want  *big.Rat
		}{
			{"hops", ofCents(r.Volume)},
			{"holding", ofCents(r.Volume)},
			{"sectors", ofCents(r.paid(toShop).sum)},
			{"ripe", wholes["ripe"].Value},
			{"melted", wholes["melted"].Value},
		} {
			sum := new(big.Rat)
			for _, part := range parts[x.table] {
				sum.Add(sum, part.Value)
				if len(part.Parties) == 0 || RowText(x.table, part.Key).NL == "" {
					t.Errorf("%s of %s: nobody is behind it, or it has no name", part.Key, x.table)
				}
			}
			if sum.Cmp(x.want) != 0 {
				t.Errorf("%s adds up to %v, want %v", x.table, sum, x.want)
			}
		}
		if wholes["issued"].Value.Cmp(ofCents(r.Issued)) != 0 || wholes["asked"].Value.Cmp(ofCents(r.Requested)) != 0 || wholes["stock"].Value.Cmp(r.StockMean) != 0 {
			t.Error("what was issued, asked and there is not that of the report")
		}
		ripe += wholes["ripe"].Value.Sign()
	})
	if ripe == 0 {
		t.Error("nothing ripened")
	}
}
