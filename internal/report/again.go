package report

import (
	"errors"
	"math/bits"
	"slices"
	"strconv"

	"grulden/demurrage"
)

// window is a part of a period, and who paid or received in it.
type window struct {
	Period
	owners crowd
}

// crowd is some of the owners, by their numbers.
type crowd []uint64

func (c *crowd) add(owner int) {
	for owner/64 >= len(*c) {
		*c = append(*c, 0)
	}
	(*c)[owner/64] |= 1 << (owner % 64)
}

// size is how many they are.
func (c crowd) size() (n int) {
	for _, some := range c {
		n += bits.OnesCount64(some)
	}
	return n
}

// both are those who are in two crowds.
func (c crowd) both(o crowd) crowd {
	all := slices.Clone(c[:min(len(c), len(o))])
	for i := range all {
		all[i] &= o[i]
	}
	return all
}

// did are the owners who added something to cells.
func (d *data) did(by *deals, cells ...cell) (who crowd) {
	for _, c := range cells {
		for holder := range by[c].each() {
			who.add(d.owners[holder])
		}
	}
	return who
}

// windows are the whole months in a period, or its two halves when it has fewer
// than two. Windows that are compared are as long as each other, but for the
// days that months have more or less: of a period of an odd number of days the
// middle one is in neither half.
func (p Period) windows() (windows []Period, months bool) {
	for first := (p.From - 1).MonthEnd() + 1; ; {
		next := first.MonthEnd() + 1
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

// active finds who paid or received in each window of a period, as the report of
// that window alone has them: so who is active in a month does not depend on what
// else is looked at. The drops are those of the whole period.
func (f *fold) active(p Period, d *data, drops []dropping) (all []window, err error) {
	periods, _ := p.windows()
	for _, w := range periods {
		spans := d.spans
		if i := slices.IndexFunc(spans, func(s spanned) bool { return s.Period == w }); i >= 0 {
			spans = spans[i : i+1] // a month
		} else if spans, err = f.spans(w, theFew); err != nil {
			return nil, err
		}
		var did deals
		for _, c := range []cell{cellPayments, cellReceipts} {
			for _, s := range spans {
				for holder, n := range s.deals[c].each() {
					err = errors.Join(err, did.add(holder, c, n))
				}
			}
			for _, gone := range drops {
				if w.has(gone.payment) && w.has(gone.refund) {
					for holder, n := range gone.deals[c].each() {
						err = errors.Join(err, did.sub(holder, c, n))
					}
				}
			}
		}
		all = append(all, window{w, d.did(&did, cellPayments, cellReceipts)})
	}
	return all, err
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
		size := w.owners.size()
		cells := []Cell{{Value: whole(size), Owners: size}}
		for _, n := range againAfter[:len(t.Columns)-1] {
			c := Cell{Owners: size}
			if i+n < len(r.windows) {
				again := w.owners.both(r.windows[i+n].owners).size()
				c.Value = over(whole(again), whole(size))
				if n == 1 {
					was, stayed = was+size, stayed+again
				}
			}
			cells = append(cells, c)
		}
		t.Rows = append(t.Rows, Row{Key: w.From.String(), Label: w.Text(), Cells: cells})
	}
	return r.filled(t, "{share}", shownShare(over(whole(stayed), whole(was))))
}
