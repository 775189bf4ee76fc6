package books

import (
	"grulden/demurrage"
	"grulden/internal/record"
	"grulden/ledger"
)

// Threshold is the volume of payments in twelve months above which an issuer under
// the limited-network exception must notify De Nederlandsche Bank (Wft article
// 1:5a, second paragraph, k).
const Threshold ledger.Cents = 1_000_000_00

// Meter adds up payments by day, for the volume of any twelve months. Payments
// between two accounts of one owner do not count; refunds take nothing off, so
// that the meter is rather too high than too low.
type Meter struct {
	owners map[ledger.AccountID]ledger.OwnerID
	days   map[demurrage.Day]dayVolume
	first  demurrage.Day
	last   demurrage.Day
	seq    uint64
}

type dayVolume struct {
	cents ledger.Cents
	count int
}

// NewMeter is a meter that has seen nothing.
func NewMeter() *Meter {
	return &Meter{owners: make(map[ledger.AccountID]ledger.OwnerID), days: make(map[demurrage.Day]dayVolume)}
}

// Seq is the last entry that the meter has seen.
func (m *Meter) Seq() uint64 { return m.seq }

// Add takes in the next entry of the journal.
func (m *Meter) Add(r *record.Record) {
	if m.seq = r.Seq; m.seq == 1 {
		m.first = r.Moment.Day
	}
	m.last = r.Moment.Day
	switch c := r.Command.(type) {
	case ledger.Open:
		m.owners[c.Account] = c.Owner
	case ledger.Pay:
		if m.owners[c.From] != m.owners[c.To] {
			d := m.days[r.Moment.Day]
			m.days[r.Moment.Day] = dayVolume{d.cents + c.Amount, d.count + 1}
		}
	}
}

// Volume is what was paid in the twelve months up to a day.
type Volume struct {
	From, To demurrage.Day
	Cents    ledger.Cents
	Payments int
	Peak     ledger.Cents  // the most in any twelve months so far
	PeakDay  demurrage.Day // with which those ended
}

// Permille is the volume as thousandths of the threshold, rounded down.
func (v Volume) Permille() int64 { return int64(v.Cents) * 1000 / int64(Threshold) }

// Warning is the highest of 50, 80, 95 and 100 per cent of the threshold that the
// volume reached, nought for none.
func (v Volume) Warning() int {
	for _, percent := range []int64{100, 95, 80, 50} {
		if v.Permille() >= 10*percent {
			return int(percent)
		}
	}
	return 0
}

// Year is the volume of the twelve months that end with a day.
func (m *Meter) Year(today demurrage.Day) Volume {
	v := Volume{From: yearBefore(today), To: today}
	if m.seq == 0 {
		return v
	}
	var sum dayVolume
	out := m.first
	for day := m.first; day <= min(max(m.last, m.first), today); day++ {
		sum.cents += m.days[day].cents
		sum.count += m.days[day].count
		for from := yearBefore(day); out < from; out++ {
			sum.cents -= m.days[out].cents
			sum.count -= m.days[out].count
		}
		if sum.cents > v.Peak {
			v.Peak, v.PeakDay = sum.cents, day
		}
	}
	for ; out < v.From; out++ { // quiet days since the last entry
		sum.cents -= m.days[out].cents
		sum.count -= m.days[out].count
	}
	v.Cents, v.Payments = sum.cents, sum.count
	return v
}

// yearBefore is the first day of the twelve months that end with a day: the day
// after the same date a year before.
func yearBefore(day demurrage.Day) demurrage.Day {
	return demurrage.CivilDay(day.Time().AddDate(-1, 0, 1))
}
