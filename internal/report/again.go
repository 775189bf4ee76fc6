package report

import (
	"errors"
	"slices"
	"strconv"

	"grulden/demurrage"
	"grulden/ledger"
)

// window is a part of a period, and who paid or received in it.
type window struct {
	Period
	owners []ledger.OwnerID // in order
}

// windows are the whole months in a period, or its two halves when it has fewer
// than two. Windows that are compared are as long as each other, but for the
// days that months have more or less: of a period of an odd number of days the
// middle one is in neither half.
func (p Period) windows() (windows []Period, months bool) {
	for first := monthAfter(p.From - 1); ; {
		next := monthAfter(first)
		if next-1 > p.To {
			break
		}
		windows = append(windows, Period{first, next - 1})
		first = next
	}
	if len(windows) >= 2 {
		return windows, true
	}
	half := demurrage.Day(p.Days() / 2)
	if half == 0 {
		return nil, false
	}
	return []Period{{p.From, p.From + half - 1}, {p.To - half + 1, p.To}}, false
}

// monthAfter is the first day of a month that comes after a day.
func monthAfter(d demurrage.Day) demurrage.Day {
	for d++; !d.FirstOfMonth(); d++ {
	}
	return d
}

// active finds who was active in each window of a period.
func active(p Period, in func(Period) ([]ledger.OwnerID, error)) ([]window, error) {
	var all []window
	periods, _ := p.windows()
	for _, period := range periods {
		owners, err := in(period)
		if err != nil {
			return nil, err
		}
		slices.Sort(owners)
		all = append(all, window{period, slices.Compact(owners)})
	}
	return all, nil
}

// activeIn are those who paid or received in a window, as the report of that
// window alone has them: so who is active in a month does not depend on what else
// is looked at. The spans and drops are those of the whole period.
func (f *fold) activeIn(w Period, spans []spanned, drops []dropping) (owners []ledger.OwnerID, err error) {
	if i := slices.IndexFunc(spans, func(s spanned) bool { return s.Period == w }); i >= 0 {
		spans = spans[i : i+1] // a month
	} else if spans, err = f.spans(w); err != nil {
		return nil, err
	}
	var did deals
	each := func(o deals, do func(uint32, cell, demurrage.Wide) error) (err error) {
		for i := range o {
			for _, c := range []cell{cellPayments, cellReceipts} {
				if n := o.of(i, c); !n.IsZero() {
					err = errors.Join(err, do(uint32(i), c, n))
				}
			}
		}
		return err
	}
	for _, s := range spans {
		err = errors.Join(err, each(s.deals, did.add))
	}
	for _, gone := range drops {
		if w.has(gone.payment) && w.has(gone.refund) {
			err = errors.Join(err, each(gone.deals, did.sub))
		}
	}
	for i, h := range f.holders {
		if !did.of(i, cellPayments).IsZero() || !did.of(i, cellReceipts).IsZero() {
			owners = append(owners, h.owner)
		}
	}
	return owners, err
}

// againAfter is after how many windows it is looked who is active again.
var againAfter = []int{1, 3, 6, 12}

// retentionTable is who was active, and active again later.
func (r *Report) retentionTable() Table {
	_, months := r.Period.windows()
	key := "retention.halves"
	if months {
		key = "retention.months"
	}
	t := r.table("retention", Heat, r.column("active", Text{"Deed mee", "Took part"}, count, false).aside())
	t.Sentence = networkTexts[key].label
	for _, n := range againAfter {
		k := strconv.Itoa(n)
		label := Text{"weer na " + k + " maanden", "again after " + k + " months"}
		if n == 1 {
			label = networkTexts[key+".next"].label
		}
		if months || n == 1 {
			t.Columns = append(t.Columns, r.column("again_"+k, label, percent, false))
		}
	}
	var was, stayed int
	for i, w := range r.windows {
		cells := []Cell{{Value: whole(len(w.owners)), Owners: len(w.owners)}}
		for _, n := range againAfter[:len(t.Columns)-1] {
			c := Cell{Owners: len(w.owners)}
			if i+n < len(r.windows) {
				again := inBoth(w.owners, r.windows[i+n].owners)
				c.Value = over(whole(again), whole(len(w.owners)))
				if n == 1 {
					was, stayed = was+len(w.owners), stayed+again
				}
			}
			cells = append(cells, c)
		}
		t.Rows = append(t.Rows, Row{Key: w.From.String(), Label: w.Text(), Cells: cells})
	}
	return r.filled(t, "{share}", shownShare(over(whole(stayed), whole(was))))
}

// inBoth counts who is in two lists, both in order.
func inBoth(a, b []ledger.OwnerID) (n int) {
	for _, owner := range a {
		if _, found := slices.BinarySearch(b, owner); found {
			n++
		}
	}
	return n
}
