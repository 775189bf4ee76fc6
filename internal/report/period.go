package report

import (
	"cmp"
	"errors"
	"math/big"
	"slices"

	"grulden/demurrage"
	"grulden/ledger"
)

// data is what a report is made of: sums by who did it, and ends of days.
type data struct {
	total   *block
	spans   []spanned
	late    *block  // what refunds dropped of payments before the period
	start   *ending // of the day before the period
	end     *ending // of its last day
	last    *block  // its last day alone, with everybody; nil in a brief report
	cohorts []cohort
	holders []holder
	owners  []int // by holder: those of one owner have one number
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
	left  map[int]stat // by the months after it
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
	d := &data{holders: f.holders, owners: f.owners(), roles: f.roles, total: new(block), late: new(block)}
	r := &Report{Period: p, Coin: cmp.Or(o.Coin, "Grulden"), sectors: o.Sectors, data: d, behind: o.Owners}
	want := wanted(o.Owners)
	if d.spans, err = f.spans(p, want); err != nil {
		return nil, err
	}
	drops, err := f.drops(p, want)
	if err != nil {
		return nil, err
	}
	if err := f.allDrops(d.spans, drops); err != nil {
		return nil, err
	}
	if r.windows, err = f.active(p, d, drops); err != nil {
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
	if !o.Brief {
		d.last = new(block)
		if _, err := f.addBlock(d.last, p.To, Period{p.To, p.To}, everybody); err != nil {
			return nil, err
		}
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

// owners numbers the owners: those of one owner have the same number.
func (f *fold) owners() []int {
	all, numbers := make([]int, len(f.holders)), make(map[ledger.OwnerID]int, len(f.holders))
	for i, h := range f.holders {
		number, known := numbers[h.owner]
		if !known {
			number = len(numbers)
			numbers[h.owner] = number
		}
		all[i] = number
	}
	return all
}

// spans are the weeks or months of a period.
func (f *fold) spans(p Period, want wanted) (all []spanned, err error) {
	for day := p.From; day <= p.To; {
		s := spanned{Period{day, 0}, new(block)}
		for ; day <= p.To && (day == s.From || !f.begins(p, day)); day++ {
			last, err := f.addBlock(s.block, day, p, want)
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

// addBlock adds the block of a day, or of the whole month that begins with it, and
// tells the last day of it.
func (f *fold) addBlock(to *block, day demurrage.Day, p Period, want wanted) (demurrage.Day, error) {
	if day >= f.today {
		b := f.seen.blocks[day]
		if b == nil {
			var err error
			if b, err = f.present(day); err != nil {
				return day, err
			}
			f.seen.blocks[day] = b
		}
		return day, to.plus(b)
	}
	level, last := f.level(day, p)
	return last, f.rows.addBlock(to, level, day, f.holders, want)
}

// level is whether the row of a day is to be read, or that of the whole month that
// begins with it, and the last day of it.
func (f *fold) level(day demurrage.Day, p Period) (level byte, last demurrage.Day) {
	if p.long() && day.FirstOfMonth() {
		if last = day.MonthEnd(); last <= p.To && last < f.today {
			return keyMonth, last
		}
	}
	return keyDay, day
}

// seen is what reports found of days that are not over, until the next entry: a
// ledger may be asleep for long.
type seen struct {
	blocks map[demurrage.Day]*block
	ends   map[demurrage.Day]*ending
}

// ahead is the end of the present day or of one after it, as things are.
func (f *fold) ahead(day demurrage.Day) (*ending, error) {
	if end := f.seen.ends[day]; end != nil {
		return end, nil
	}
	end, err := f.look(day, nil, false)
	if err == nil {
		f.seen.ends[day] = end
	}
	return end, err
}

// present is the block of the present day as it would be if it ended now, or of a
// day after it on which nothing has happened yet.
func (f *fold) present(day demurrage.Day) (*block, error) {
	b := new(block)
	end, err := f.look(day, b, false)
	if err != nil {
		return nil, err
	}
	f.seen.ends[day] = end
	if day == f.today {
		if err := b.plus(f.day); err != nil {
			return nil, err
		}
		for _, a := range f.day.exact {
			b.long.at(binOf(a.seconds)).add(a.worth)
		}
		err = f.close(b, end)
	} else {
		var before *ending
		if before, err = f.ahead(day - 1); err != nil {
			return nil, err
		}
		b.demurrage.Sub(&before.held, &end.held)
		err = errors.Join(b.melts(before), b.holds(end))
	}
	return b, firstOf(err, f.addUp(b))
}

// ending is the end of a day; of one before the first, an empty one.
func (f *fold) ending(day demurrage.Day) (*ending, error) {
	switch {
	case day < f.first:
		return new(ending), nil
	case day >= f.today:
		return f.ahead(day)
	}
	row, err := f.rows.must(dayKey(keyEnd, day))
	if err != nil {
		return nil, err
	}
	return unpackEnding(row)
}

// dropping is what refunds of one day dropped from the payments of another.
type dropping struct {
	refund, payment demurrage.Day
	*block
}

// drops are what refunds in a period dropped.
func (f *fold) drops(p Period, want wanted) (all []dropping, err error) {
	lower, upper := dayKey(keyRefunds, p.From), dayKey(keyRefunds, p.To+1)
	parts := 0
	err = f.rows.walk(lower, upper, func(key, row []byte) error {
		if len(key) == 9 {
			b, err := unpackBlock(row)
			all = append(all, dropping{dayOf(key[1:]), dayOf(key[5:]), b})
			return err
		}
		if len(key) != 10 || len(all) == 0 {
			return errRows
		}
		parts++
		switch b := all[len(all)-1].block; key[9] {
		case keyHolders:
			return b.deals.unpack(row, f.holders, want)
		case keyEdges:
			b.edges, err = unpackEdges(row)
			return err
		case keyAges:
			b.exact, err = unpackAges(row)
			return err
		}
		return errRows
	})
	if err == nil && parts != 3*len(all) {
		err = errRows
	}
	if err != nil {
		return nil, err
	}
	if p.has(f.today) {
		for day, b := range f.dropped { // map order does not matter: sums
			if err := f.addUp(b); err != nil {
				return nil, err
			}
			some := &block{totals: b.totals, lay: b.lay, exact: b.exact, edges: b.edges}
			if err := some.deals.unpack(b.deals.pack(f.holders), f.holders, want); err != nil {
				return nil, err
			}
			all = append(all, dropping{f.today, day, some})
		}
	}
	return all, err
}

// allDrops wants as many of them as the days say there were.
func (f *fold) allDrops(spans []spanned, drops []dropping) error {
	left := 0
	for _, s := range spans {
		left += s.dropped
	}
	for _, gone := range drops {
		if gone.refund < f.today {
			left--
		}
	}
	if left != 0 {
		return errRows
	}
	return nil
}

// addUp takes refunds off the weeks or months of the payments, and adds these up.
func (r *Report) addUp(drops []dropping) error {
	d := r.data
	for _, gone := range drops {
		amount, err := cents(gone.totals.all(cellRefunded))
		if err != nil {
			return err
		}
		i := slices.IndexFunc(d.spans, func(s spanned) bool { return s.has(gone.payment) })
		if i < 0 {
			r.RefundedLate += amount
			if err := d.late.plus(gone.block); err != nil {
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
	within := long[in].bin
	plus, minus, err := f.times(p, within, drops)
	if err != nil {
		return nil, err
	}
	all, less := plus.sum(), minus.sum()
	if all.minus(&less); all != long[in].worth {
		return nil, errRows
	}
	for i := range plus {
		for ; len(minus) > 0 && minus[0].seconds <= plus[i].seconds; minus = minus[1:] {
			below.sub(minus[0].worth)
		}
		below.add(plus[i].worth)
		last := i+1 == len(plus) || plus[i+1].seconds > plus[i].seconds
		if twice := below.twice(); last && !twice.less(&total) {
			return big.NewRat(plus[i].seconds, secondsPerDay), nil
		}
	}
	return nil, errRows
}

// times are the times in a bin of what was paid in a period, the shortest first, and
// those of what refunds dropped of it.
func (f *fold) times(p Period, within bin, drops []dropping) (plus, minus ages, err error) {
	add := func(in bin, row []byte) error {
		if in != within {
			return nil
		}
		as, err := unpackAges(row)
		plus = append(plus, as...)
		return err
	}
	for day := p.From; day <= min(p.To, f.today-1); day++ {
		level, last := f.level(day, p)
		if level == keyDay {
			err = f.rows.eachBin(day, add)
		} else if row, ok, problem := f.rows.read(binKey(day, within)); ok && problem == nil {
			err = add(within, row)
		} else {
			err = problem
		}
		if err != nil {
			return nil, nil, err
		}
		day = last
	}
	if p.has(f.today) {
		plus = f.day.exact.in(within, plus)
	}
	for _, gone := range drops {
		if gone.payment >= p.From {
			minus = gone.exact.in(within, minus)
		}
	}
	return byKey(plus), byKey(minus), nil
}

// in adds times of a bin to others.
func (as ages) in(within bin, to ages) ages {
	for _, a := range as {
		if binOf(a.seconds) == within {
			to = append(to, a)
		}
	}
	return to
}

// cohorts are the months of issue up to a day, and what was left of each a number
// of months later.
func (f *fold) cohorts(to demurrage.Day) (all []cohort, err error) {
	for first := f.first.MonthBegin(); first <= to; {
		next := first.MonthEnd() + 1
		end, err := f.ending(min(next-1, to))
		if err != nil {
			return nil, err
		}
		all = append(all, cohort{month: monthOf(first), made: end.made, left: make(map[int]stat)})
		for i := range all {
			if next-1 <= to {
				all[i].left[len(all)-1-i] = end.issuedIn(i)
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
