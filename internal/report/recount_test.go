package report

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"testing"

	"grulden/demurrage"
	"grulden/internal/record"
	"grulden/ledger"
)

// recount counts a period again, slowly and its own way: it follows every part
// from the facts of the entries alone, asks every account for its balance on
// every day, and adds up fractions. It answers by the keys of the lines.
type recount struct {
	t       testing.TB
	p       Period
	balance *ledger.State // asked for balances only
	owner   map[ledger.AccountID]ledger.OwnerID
	purse   map[ledger.AccountID]*contents
	paid    map[ledger.ID]*slowPayment
	asked   map[ledger.ID]*slowRedemption
	sums    map[string]*big.Rat // of cents
	closing map[demurrage.Day]*big.Int
	opening map[demurrage.Day]*big.Int
	left    *big.Int
	today   demurrage.Day
	redeems []held
}

// contents is what an account holds: lots by id, pool money by arrival.
type contents struct {
	lots map[ledger.LotID]*slowLot
	pool []*slowPool
}

type slowLot struct {
	units *big.Int
	melts demurrage.Day
	trail []ledger.OwnerID
	hop   demurrage.Day // day of the last hop
	issue uint64
	since int64
}

type slowPool struct {
	units *big.Int
	melts demurrage.Day
	since int64
}

// held is worth that lay for some seconds, counted in a row.
type held struct {
	worth   *big.Rat
	seconds int64
	since   int64
	row     string
}

type slowPayment struct {
	day      demurrage.Day
	from, to ledger.OwnerID
	parts    []held
}

type slowRedemption struct {
	amount, fee ledger.Cents
	at          int64
	parts       [][]held
}

func recountOf(t testing.TB, records []*record.Record, p Period) map[string]*big.Rat {
	return recounted(t, records, p).figures()
}

// recounted goes through the entries up to the end of a period.
func recounted(t testing.TB, records []*record.Record, p Period) *recount {
	c := &recount{
		t: t, p: p, balance: ledger.NewState(ledger.Head{}, nil), left: new(big.Int),
		owner: map[ledger.AccountID]ledger.OwnerID{}, purse: map[ledger.AccountID]*contents{},
		paid: map[ledger.ID]*slowPayment{}, asked: map[ledger.ID]*slowRedemption{},
		sums: map[string]*big.Rat{}, closing: map[demurrage.Day]*big.Int{}, opening: map[demurrage.Day]*big.Int{},
	}
	c.today = records[0].Moment.Day
	for _, r := range records {
		if r.Moment.Day > p.To {
			break
		}
		c.pass(r.Moment.Day)
		c.entry(&r.Entry)
	}
	c.pass(p.To)
	c.closing[c.today] = c.held(c.today)
	return c
}

func (c *recount) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

// held adds up the balances of all accounts, in grains rounded up once.
func (c *recount) held(day demurrage.Day) *big.Int {
	sum := new(big.Int)
	c.must(c.balance.Accounts(func(h *ledger.Holding) error {
		b, err := ledger.BalanceOf(c.balance.Head(), h, day)
		sum.Add(sum, b.Worth.Big())
		return err
	}))
	one := new(big.Int).SetUint64(demurrage.One)
	return sum.Add(sum, one).Sub(sum, big.NewInt(1)).Div(sum, one)
}

func (c *recount) pass(day demurrage.Day) {
	for ; c.today < day; c.today++ {
		if c.today >= c.p.From-1 {
			c.closing[c.today] = c.held(c.today)
			c.opening[c.today+1] = c.held(c.today + 1)
		}
	}
}

func (c *recount) add(key string, cents ledger.Cents) {
	if c.today < c.p.From {
		return
	}
	if c.sums[key] == nil {
		c.sums[key] = new(big.Rat)
	}
	c.sums[key].Add(c.sums[key], big.NewRat(int64(cents), 100))
}

func (c *recount) indexOf(melts demurrage.Day) *big.Int {
	return new(big.Int).SetUint64(c.balance.Head().Index.At(max(melts, c.today)))
}

func (c *recount) entry(e *ledger.Entry) {
	now := e.Moment.At.Sec
	switch x := e.Command.(type) {
	case ledger.Open:
		c.owner[x.Account] = x.Owner
		c.purse[x.Account] = &contents{lots: map[ledger.LotID]*slowLot{}}
	case ledger.Issue:
		c.add("issued", x.Amount)
		c.bring(e, nil, nil, now)
	case ledger.Grant:
		c.add("granted", x.Amount)
		c.bring(e, nil, nil, now)
	case ledger.Pay:
		c.pay(e, x)
	case ledger.Refund:
		c.refund(e, x)
	case ledger.Redeem:
		c.add("requested", x.Amount)
		parts, _ := c.take(e, x.Amount)
		c.asked[x.ID] = &slowRedemption{x.Amount, e.Facts.Fee, now, parts}
	case ledger.Settle:
		r := c.asked[x.Of]
		c.add("redeemed", r.amount-r.fee)
		c.add("redemption_fees", r.fee)
		for _, h := range slices.Concat(r.parts...) {
			h.seconds = r.at - h.since
			if c.today >= c.p.From {
				c.redeems = append(c.redeems, h)
			}
		}
	case ledger.Reject:
		c.add("rejected", c.asked[x.Of].amount)
		c.bring(e, c.asked[x.Of].parts, nil, now)
	case ledger.Close:
		c.take(e, 1)
		before := c.held(c.today)
		c.must(c.balance.Apply(e))
		if c.today >= c.p.From {
			c.left.Add(c.left, before.Sub(before, c.held(c.today)))
		}
		return
	}
	c.must(c.balance.Apply(e))
}

// take takes what the facts say from the debit account: for each part the
// pieces that it is made of, and the lot it came from.
func (c *recount) take(e *ledger.Entry, amount ledger.Cents) (parts [][]held, lots []*slowLot) {
	from := c.purse[e.Facts.Debit]
	for _, id := range e.Facts.Ripe {
		l := from.lots[id]
		delete(from.lots, id)
		from.pool = append(from.pool, &slowPool{l.units, l.melts, l.since})
	}
	slices.SortStableFunc(from.pool, func(a, b *slowPool) int { return int(a.since - b.since) })
	need := worthOf(amount)
	for _, out := range e.Facts.Out {
		var pieces []held
		var lot *slowLot
		worth := need
		if out.Lot != (ledger.LotID{}) {
			lot = from.lots[out.Lot]
			if out.Rest.IsZero() {
				worth = product(lot.units, c.indexOf(lot.melts))
			}
			was := *lot
			pieces = []held{{worth: worth, since: was.since}}
			if lot.units = out.Rest.Big(); out.Rest.IsZero() || out.Pooled {
				delete(from.lots, out.Lot)
			}
			if out.Pooled {
				from.pool = append(from.pool, &slowPool{out.Rest.Big(), was.melts, was.since})
			}
			lot = &was
		} else {
			pieces, worth = c.takePool(from, &out, worth)
		}
		parts, lots = append(parts, pieces), append(lots, lot)
		need = new(big.Rat).Sub(need, worth)
	}
	return parts, lots
}

// takePool leaves out.Rest of the pool money of a day: what came first goes.
func (c *recount) takePool(from *contents, out *ledger.Out, need *big.Rat) (pieces []held, worth *big.Rat) {
	all := new(big.Int)
	of := func(s *slowPool) bool {
		return s.melts == out.Melts || out.Melts == ledger.Charged && s.melts <= c.today
	}
	first := int64(-1)
	for _, s := range from.pool {
		if of(s) {
			all.Add(all, s.units)
			if first < 0 {
				first = s.since
			}
		}
	}
	going := new(big.Int).Sub(all, out.Rest.Big())
	worth = need
	if out.Rest.IsZero() {
		worth = product(all, c.indexOf(out.Melts))
	}
	covered := new(big.Rat)
	for _, s := range from.pool {
		if !of(s) || going.Sign() == 0 {
			continue
		}
		units := s.units
		if units.Cmp(going) > 0 {
			units = going
		}
		s.units = new(big.Int).Sub(s.units, units)
		going = new(big.Int).Sub(going, units)
		pieces = append(pieces, held{worth: product(units, c.indexOf(out.Melts)), since: s.since})
		covered.Add(covered, pieces[len(pieces)-1].worth)
	}
	if len(pieces) == 0 {
		pieces = []held{{worth: new(big.Rat), since: first}}
	}
	last := &pieces[len(pieces)-1]
	last.worth = new(big.Rat).Add(last.worth, new(big.Rat).Sub(worth, covered))
	from.pool = slices.DeleteFunc(from.pool, func(s *slowPool) bool { return s.units.Sign() == 0 })
	return pieces, worth
}

// bring lets arrive what the facts say, since now or as long as it was carried.
func (c *recount) bring(e *ledger.Entry, carried [][]held, lots []*slowLot, now int64) {
	to := c.purse[e.Facts.Credit]
	pools := map[demurrage.Day][]held{} // of the parts carried, those that were pool money
	for i := range carried {
		if lots == nil { // a redemption: part for part
			pools[e.Facts.In[i].Melts] = carried[i]
		} else if lots[i] == nil {
			pools[e.Facts.Out[i].Melts] = carried[i]
		}
	}
	for i, in := range e.Facts.In {
		if in.How == ledger.Pooled {
			c.bringPool(to, in, pools[in.Melts], now)
			continue
		}
		l := &slowLot{units: in.Units.Big(), melts: in.Melts, since: now}
		if in.How == ledger.Fresh {
			l.trail, l.hop, l.issue = []ledger.OwnerID{c.owner[e.Facts.Credit]}, c.today, e.Seq
		} else {
			at := slices.IndexFunc(e.Facts.Out, func(o ledger.Out) bool { return o.Lot == in.Lot })
			from := lots[at]
			l.trail, l.hop, l.issue = from.trail, from.hop, from.issue
			if carried != nil {
				l.since = carried[at][0].since
			}
			switch in.How {
			case ledger.Hopped:
				l.trail, l.hop = append(slices.Clone(from.trail), c.owner[e.Facts.Credit]), c.today
			case ledger.Undone:
				l.trail = from.trail[:len(from.trail)-1]
				l.hop = c.dayOfHop(e, i)
			}
		}
		to.lots[ledger.LotID{Seq: e.Seq, Part: uint32(i)}] = l
	}
}

// dayOfHop asks the ledger for the one thing that facts do not tell: the day of
// the hop that is the last again after a refund.
func (c *recount) dayOfHop(e *ledger.Entry, part int) demurrage.Day {
	h, err := c.balance.Holding(e.Facts.Debit)
	c.must(err)
	for _, l := range h.Lots {
		if l.ID == e.Facts.In[part].Lot {
			return l.Trail[len(l.Trail)-2].Day
		}
	}
	c.t.Fatal("a lot that left was not there")
	return 0
}

func (c *recount) bringPool(to *contents, in ledger.In, pieces []held, now int64) {
	left := in.Units.Big()
	pieces = atOneTime(pieces)
	for _, p := range pieces[:max(len(pieces), 1)-1] {
		quotient := new(big.Rat).Quo(p.worth, new(big.Rat).SetInt(c.indexOf(in.Melts)))
		units := new(big.Int).Quo(quotient.Num(), quotient.Denom())
		left = new(big.Int).Sub(left, units)
		to.pool = append(to.pool, &slowPool{units, in.Melts, p.since})
	}
	if len(pieces) > 0 {
		now = pieces[len(pieces)-1].since
	}
	to.pool = append(to.pool, &slowPool{left, in.Melts, now})
}

// atOneTime adds up neighbours that came at one time: they are rounded as one.
func atOneTime(pieces []held) (all []held) {
	for _, p := range pieces {
		if n := len(all); n > 0 && all[n-1].since == p.since {
			p.worth = new(big.Rat).Add(p.worth, all[n-1].worth)
			all = all[:n-1]
		}
		all = append(all, p)
	}
	return all
}

func (c *recount) pay(e *ledger.Entry, x ledger.Pay) {
	parts, lots := c.take(e, x.Amount)
	from, to := c.owner[x.From], c.owner[x.To]
	if from == to {
		c.bring(e, parts, lots, e.Moment.At.Sec)
		return
	}
	p := &slowPayment{day: c.today, from: from, to: to}
	var pool, rest []held
	for i, pieces := range parts {
		for _, h := range pieces {
			h.seconds = e.Moment.At.Sec - h.since
			if lots[i] == nil {
				h.row = "volume_convertible"
				pool = append(pool, h)
			} else {
				h.row = c.row(e, i, lots[i], to)
				rest = append(rest, h)
			}
		}
	}
	p.parts = append(pool, rest...)
	c.paid[x.ID] = p
	c.bring(e, nil, lots, e.Moment.At.Sec)
}

// row says where a part of a lot counts, and that the facts say the same.
func (c *recount) row(e *ledger.Entry, i int, l *slowLot, to ledger.OwnerID) (row string) {
	hopped := false
	switch {
	case slices.Contains(l.trail, to):
		row = "volume_returned"
	case len(l.trail) > 1 && l.hop == c.today:
		row = "volume_same_day"
	default:
		row, hopped = fmt.Sprintf("volume_hop_%d", len(l.trail)), true
	}
	for _, in := range e.Facts.In {
		if in.Lot == e.Facts.Out[i].Lot && in.How != ledger.Pooled && (in.How == ledger.Hopped) != hopped {
			c.t.Errorf("entry %d: the facts do not say that part %d is %s", e.Seq, i, row)
		}
	}
	return row
}

func (c *recount) refund(e *ledger.Entry, x ledger.Refund) {
	parts, lots := c.take(e, e.Facts.Amount)
	p := c.paid[x.Of]
	if p == nil {
		c.bring(e, parts, lots, e.Moment.At.Sec)
		return
	}
	if p.day < c.p.From {
		c.add("refunded_late", e.Facts.Amount)
	} else {
		c.add("refunded", e.Facts.Amount)
	}
	// what comes back, last part first, lies at the customer as it had
	var back []held
	for off := worthOf(e.Facts.Amount); off.Sign() > 0; {
		last := &p.parts[len(p.parts)-1]
		piece := *last
		if piece.worth.Cmp(off) > 0 {
			piece.worth = off
		}
		off = new(big.Rat).Sub(off, piece.worth)
		if last.worth = new(big.Rat).Sub(last.worth, piece.worth); last.worth.Sign() == 0 {
			p.parts = p.parts[:len(p.parts)-1]
		}
		if piece.worth.Sign() > 0 {
			back = append(back, piece)
		}
	}
	for i := range parts {
		need := new(big.Rat)
		for _, h := range parts[i] {
			need.Add(need, h.worth)
		}
		parts[i] = nil
		for need.Sign() > 0 {
			piece := back[0]
			if piece.worth.Cmp(need) > 0 {
				piece.worth = new(big.Rat).Set(need)
			}
			parts[i] = append(parts[i], piece)
			need.Sub(need, piece.worth)
			if back[0].worth = new(big.Rat).Sub(back[0].worth, piece.worth); back[0].worth.Sign() == 0 {
				back = back[1:]
			}
		}
	}
	c.bring(e, parts, lots, e.Moment.At.Sec)
}

// figures makes the figures of what was followed.
func (c *recount) figures() map[string]*big.Rat {
	f := maps.Clone(c.sums)
	for _, key := range []string{"issued", "granted", "redeemed", "redemption_fees", "requested", "rejected", "refunded", "refunded_late"} {
		if f[key] == nil {
			f[key] = new(big.Rat)
		}
	}
	head := c.balance.Head()
	f["waiting"] = big.NewRat(int64(head.Escrow), 100)
	f["fund_fees"], f["fund_granted"] = f["redemption_fees"], f["granted"]
	c.payments(f)
	c.stocks(f)
	f["fund_end"] = new(big.Rat).Sub(big.NewRat(int64(head.Issued-head.Redeemed-head.Escrow), 100), f["stock_end"])
	f["redeemed_age"] = meanOf(c.redeems)
	f["held_age"] = meanOf(c.lying())
	if f["issued"].Sign() > 0 {
		f["multiplier"] = new(big.Rat).Quo(f["volume"], f["issued"])
		f["multiplier"].Add(f["multiplier"], big.NewRat(1, 1))
		f["share_redeemed"] = new(big.Rat).Quo(f["redeemed"], f["issued"])
		f["share_redeemed"].Mul(f["share_redeemed"], big.NewRat(100, 1))
	}
	if f["stock_mean"].Sign() > 0 {
		f["velocity"] = new(big.Rat).Quo(f["volume"], f["stock_mean"])
		f["velocity"].Mul(f["velocity"], big.NewRat(365, int64(c.p.To-c.p.From)+1))
	}
	return f
}

func (c *recount) payments(f map[string]*big.Rat) {
	payers, receivers, all := map[ledger.OwnerID]bool{}, map[ledger.OwnerID]bool{}, map[ledger.OwnerID]bool{}
	var counted []held
	count := int64(0)
	volume := new(big.Rat)
	for _, p := range c.paid {
		if p.day < c.p.From || len(p.parts) == 0 {
			continue
		}
		count++
		payers[p.from], receivers[p.to], all[p.from], all[p.to] = true, true, true, true
		for _, h := range p.parts {
			if f[h.row] == nil {
				f[h.row] = new(big.Rat)
			}
			f[h.row] = new(big.Rat).Add(f[h.row], asGrulden(h.worth))
			volume.Add(volume, asGrulden(h.worth))
		}
		counted = append(counted, p.parts...)
	}
	f["volume"], f["payments"] = volume, big.NewRat(count, 1)
	f["payers"], f["receivers"] = big.NewRat(int64(len(payers)), 1), big.NewRat(int64(len(receivers)), 1)
	f["participants"] = big.NewRat(int64(len(all)), 1)
	f["holding_mean"], f["holding_median"] = meanOf(counted), medianOf(counted)
}

func (c *recount) stocks(f map[string]*big.Rat) {
	sum, melted := new(big.Int), new(big.Int)
	for day := c.p.From; day <= c.p.To; day++ {
		sum.Add(sum, c.closing[day])
		if before := c.closing[day-1]; before != nil {
			melted.Add(melted, before).Sub(melted, c.opening[day])
		}
	}
	inGrulden := func(g *big.Int) *big.Rat { return new(big.Rat).SetFrac(g, big.NewInt(100_000_000)) }
	f["stock_start"], f["stock_end"] = new(big.Rat), inGrulden(c.closing[c.p.To])
	if before := c.closing[c.p.From-1]; before != nil {
		f["stock_start"] = inGrulden(before)
	}
	f["stock_mean"] = new(big.Rat).Quo(inGrulden(sum), big.NewRat(int64(c.p.To-c.p.From)+1, 1))
	f["fund_demurrage"], f["fund_left"] = inGrulden(melted), inGrulden(c.left)
	f["fund_income"] = new(big.Rat).Add(f["fund_demurrage"], f["fund_left"])
	f["fund_income"].Add(f["fund_income"], f["fund_fees"])
}

// lying is all that everybody holds at the end, and how long it has lain there.
func (c *recount) lying() (all []held) {
	end := endOf(c.p.To)
	c.today = c.p.To
	for _, a := range c.purse {
		for _, l := range a.lots {
			all = append(all, held{worth: product(l.units, c.indexOf(l.melts)), seconds: end - l.since})
		}
		for _, s := range a.pool {
			all = append(all, held{worth: product(s.units, c.indexOf(s.melts)), seconds: end - s.since})
		}
	}
	return all
}

// meanOf is Σ(worth × days) / Σ worth, nil for nothing.
func meanOf(all []held) *big.Rat {
	sum, total := new(big.Rat), new(big.Rat)
	for _, h := range all {
		total.Add(total, h.worth)
		sum.Add(sum, new(big.Rat).Mul(h.worth, big.NewRat(h.seconds, 86400)))
	}
	if total.Sign() == 0 {
		return nil
	}
	return sum.Quo(sum, total)
}

// medianOf tries every time there is, the shortest first.
func medianOf(all []held) *big.Rat {
	times := map[int64]bool{}
	for _, h := range all {
		times[h.seconds] = true
	}
	for _, seconds := range slices.Sorted(maps.Keys(times)) {
		within, beyond := new(big.Rat), new(big.Rat)
		for _, h := range all {
			if h.seconds <= seconds {
				within.Add(within, h.worth)
			} else {
				beyond.Add(beyond, h.worth)
			}
		}
		if within.Cmp(beyond) >= 0 {
			return big.NewRat(seconds, 86400)
		}
	}
	return nil
}

// worthOf and product are worth, in grains × 10¹⁸; asGrulden is worth in Grulden.
func worthOf(c ledger.Cents) *big.Rat {
	grains := new(big.Rat).Mul(big.NewRat(int64(c), 1), big.NewRat(1_000_000, 1))
	return grains.Mul(grains, big.NewRat(1_000_000_000_000_000_000, 1))
}

func product(units, index *big.Int) *big.Rat {
	return new(big.Rat).SetInt(new(big.Int).Mul(units, index))
}

func asGrulden(worth *big.Rat) *big.Rat { return new(big.Rat).Quo(worth, worthOf(100)) }
