package report

import (
	"cmp"
	"maps"
	"math/big"
	"slices"

	"grulden/demurrage"
	"grulden/ledger"
)

// data is what a report is made of: sums by who did it, and ends of days.
type data struct {
	total   *block
	spans   []spanned
	late    deals   // what refunds dropped of payments before the period
	start   *ending // of the day before the period
	end     *ending // of its last day
	last    *block  // its last day alone
	cohorts []cohort
	holders []holder
	roles   []string
}

// spanned is a week or a month of a period, or as much of one as is in it.
type spanned struct {
	Period
	*block
}

// cohort is what was issued and granted in a month, and what was left of it.
type cohort struct {
	month uint32
	made  ledger.Cents
	left  map[int]*stat // by the months after it
}

// long tells whether a period is told in months, and not in weeks.
func (p Period) long() bool { return p.Days() >= 100 }

// has tells whether a day is in the period.
func (p Period) has(day demurrage.Day) bool { return p.From <= day && day <= p.To }

// report makes the report of a period of what was folded.
func (f *fold) report(p Period, o Options) (*Report, error) {
	p, err := f.cut(p, o)
	if err != nil {
		return nil, err
	}
	d := &data{holders: f.holders, roles: f.roles, total: newBlock()}
	r := &Report{Period: p, Coin: cmp.Or(o.Coin, "Grulden"), sectors: o.Sectors, data: d}
	if d.spans, err = f.spans(p); err != nil {
		return nil, err
	}
	drops, err := f.drops(p)
	if err != nil {
		return nil, err
	}
	r.windows, err = active(p, func(w Period) ([]ledger.OwnerID, error) { return f.activeIn(w, d.spans, drops) })
	if err != nil {
		return nil, err
	}
	if err := r.addUp(drops); err != nil {
		return nil, err
	}
	if d.start, err = f.ending(p.From - 1); err != nil {
		return nil, err
	}
	if d.end, err = f.ending(p.To); err != nil {
		return nil, err
	}
	if d.last, _, err = f.blockFrom(p.To, Period{p.To, p.To}); err != nil {
		return nil, err
	}
	if d.cohorts, err = f.cohorts(p.To); err != nil {
		return nil, err
	}
	if r.HoldingMedian, err = f.median(p, d.total.long, drops); err != nil {
		return nil, err
	}
	if r.brief = o.Brief; !r.brief {
		if r.edges, err = f.edges(p, drops); err != nil {
			return nil, err
		}
	}
	r.Entries = d.end.seq
	return r, r.fill(f)
}

// cut cuts a period to the days that the ledger has lived.
func (f *fold) cut(p Period, o Options) (Period, error) {
	if p.From > p.To {
		return p, ErrPeriod
	}
	p = Period{max(p.From, f.first), min(p.To, max(f.today, o.Today))}
	if !f.begun || p.From > p.To {
		return p, ErrNothing
	}
	return p, nil
}

// spans are the weeks or months of a period.
func (f *fold) spans(p Period) (all []spanned, err error) {
	for day := p.From; day <= p.To; {
		s := spanned{Period{day, 0}, newBlock()}
		for ; day <= p.To && (day == s.From || !f.begins(p, day)); day++ {
			b, last, err := f.blockFrom(day, p)
			if err == nil {
				err = s.block.plus(b)
			}
			if err != nil {
				return nil, err
			}
			day, s.To = last, last
		}
		all = append(all, s)
	}
	return all, nil
}

// begins tells whether a week or a month of a period begins on a day.
func (f *fold) begins(p Period, day demurrage.Day) bool {
	if p.long() {
		return day.FirstOfMonth()
	}
	return day.Time().Weekday() == 1
}

// blockFrom is the block of a day, or of the whole month that begins with it, and
// the last day of it.
func (f *fold) blockFrom(day demurrage.Day, p Period) (*block, demurrage.Day, error) {
	if day.FirstOfMonth() && p.long() {
		last := firstOfMonth(day+31) - 1
		row, ok, err := f.rows.read(dayKey(keyMonth, day))
		if err != nil {
			return nil, 0, err
		}
		if ok && last <= p.To && last < f.today {
			b, err := unpackBlock(row)
			return b, last, err
		}
	}
	if day >= f.today {
		b, err := f.present(day)
		return b, day, err
	}
	row, ok, err := f.rows.read(dayKey(keyDay, day))
	if err != nil || !ok {
		return nil, 0, cmp.Or(err, errRows)
	}
	b, err := unpackBlock(row)
	return b, day, err
}

// present is the block of the present day as it would be if it ended now, or of a
// day after it on which nothing has happened yet.
func (f *fold) present(day demurrage.Day) (*block, error) {
	end, err := f.look(day)
	if err != nil {
		return nil, err
	}
	b := newBlock()
	if err := f.countRipe(b, day, false); err != nil {
		return nil, err
	}
	if day == f.today {
		if err := b.plus(f.day); err != nil {
			return nil, err
		}
		for _, a := range f.day.exact {
			b.long.at(binOf(a.seconds)).add(a.worth)
		}
		return b, f.close(b, end)
	}
	before, err := f.look(day - 1)
	if err != nil {
		return nil, err
	}
	b.demurrage.Sub(&before.held, &end.held)
	for holder, melted := range before.melts {
		if err := b.deals.add(uint32(holder), cellMelted, melted); err != nil {
			return nil, err
		}
	}
	return b, b.holds(end)
}

// ending is the end of a day; of one before the first, an empty one.
func (f *fold) ending(day demurrage.Day) (*ending, error) {
	switch {
	case day < f.first:
		return &ending{}, nil
	case day >= f.today:
		return f.look(day)
	}
	row, ok, err := f.rows.read(dayKey(keyEnd, day))
	if err != nil || !ok {
		return nil, cmp.Or(err, errRows)
	}
	return unpackEnding(row)
}

// dropping is what refunds of one day dropped from the payments of another.
type dropping struct {
	refund, payment demurrage.Day
	*block
}

// drops are what refunds in a period dropped.
func (f *fold) drops(p Period) (all []dropping, err error) {
	lower, upper := dayKey(keyRefunds, p.From), dayKey(keyRefunds, p.To+1)
	err = f.rows.walk(lower, upper, func(key, row []byte) error {
		if len(key) < 9 {
			return errRows
		}
		if len(key) == 9 {
			b, err := unpackBlock(row)
			all = append(all, dropping{dayOf(key[1:]), dayOf(key[5:]), b})
			return err
		}
		if len(all) == 0 {
			return errRows
		}
		switch b := all[len(all)-1].block; key[9] {
		case keyEdges:
			return unpackEdges(row, +1, b.edges)
		case keyAges:
			b.exact, err = unpackAges(row)
			return err
		}
		return errRows
	})
	if p.has(f.today) {
		for day, b := range f.dropped { // map order does not matter: sums
			all = append(all, dropping{f.today, day, b})
		}
	}
	return all, err
}

// addUp takes refunds off the weeks or months of the payments, and adds these up.
func (r *Report) addUp(drops []dropping) error {
	d := r.data
	for _, gone := range drops {
		amount, err := cents(gone.deals.all(cellRefunded))
		if err != nil {
			return err
		}
		i := slices.IndexFunc(d.spans, func(s spanned) bool { return s.has(gone.payment) })
		if i < 0 {
			r.RefundedLate += amount
			if err := d.late.plus(gone.deals); err != nil {
				return err
			}
			continue
		}
		r.Refunded += amount
		if err := d.spans[i].minus(gone.block); err != nil {
			return err
		}
	}
	for _, s := range d.spans {
		if err := d.total.plus(s.block); err != nil {
			return err
		}
	}
	return nil
}

// median is the shortest time that half of the volume did not exceed, in days,
// nil for none. Bins say nearly where it is; the times in that bin say exactly.
func (f *fold) median(p Period, long histogram, drops []dropping) (*big.Rat, error) {
	var total, below sum
	for i := range long {
		total.plus(&long[i].worth)
	}
	if total == (sum{}) {
		return nil, nil
	}
	in := 0
	for ; ; in++ {
		next := below
		next.plus(&long[in].worth)
		if twice := next.twice(); !twice.less(&total) {
			break
		}
		below = next
	}
	at := make(map[int64]sum)
	for day := p.From; day <= min(p.To, f.today-1); day++ {
		row, ok, err := f.rows.read(binKey(day, long[in].bin))
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		as, err := unpackAges(row)
		if err != nil {
			return nil, err
		}
		as.into(at, long[in].bin, (*sum).add)
	}
	if p.has(f.today) {
		f.day.exact.into(at, long[in].bin, (*sum).add)
	}
	for _, gone := range drops {
		if gone.payment >= p.From {
			gone.exact.into(at, long[in].bin, (*sum).sub)
		}
	}
	for _, seconds := range slices.Sorted(maps.Keys(at)) {
		worth := at[seconds]
		below.plus(&worth)
		if twice := below.twice(); !twice.less(&total) {
			return big.NewRat(seconds, secondsPerDay), nil
		}
	}
	return nil, errRows
}

// into adds times of a bin to a map, or takes them away.
func (as ages) into(at map[int64]sum, in bin, change func(*sum, demurrage.Wide)) {
	for _, a := range as {
		if binOf(a.seconds) == in {
			s := at[a.seconds]
			change(&s, a.worth)
			at[a.seconds] = s
		}
	}
}

// cohorts are the months of issue up to a day, and what was left of each a number
// of months later.
func (f *fold) cohorts(to demurrage.Day) (all []cohort, err error) {
	for first := firstOfMonth(f.first); first <= to; {
		next := firstOfMonth(first + 31)
		end, err := f.ending(min(next-1, to))
		if err != nil {
			return nil, err
		}
		all = append(all, cohort{month: monthOf(first), made: end.made, left: make(map[int]*stat)})
		for i := range all {
			if next-1 <= to {
				all[i].left[len(all)-1-i] = end.issued[all[i].month]
			}
		}
		first = next
	}
	return all, nil
}

// monthOf numbers months.
func monthOf(d demurrage.Day) uint32 {
	year, month, _ := d.Time().Date()
	return uint32(year*12 + int(month) - 1)
}

// cents is an amount that is whole cents, in them.
func cents(s sum) (ledger.Cents, error) {
	whole := new(big.Int).Div(s.big(), ledger.Cents(1).Worth().Big())
	if !whole.IsInt64() {
		return 0, errTooLarge
	}
	return ledger.Cents(whole.Int64()), nil
}
