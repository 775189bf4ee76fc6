// Package civil says which civil day an instant falls on in the wijk. It is
// the one place that knows the time zone; what it says is kept with each entry,
// so that the past stays as it was when the law on summer time changes.
package civil

import (
	"time"
	_ "time/tzdata" // the day must not depend on what a machine has installed

	"grulden/demurrage"
	"grulden/ledger"
)

// Zone is Europe/Amsterdam, whose civil days a ledger counts.
var Zone = mustLoad("Europe/Amsterdam")

func mustLoad(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic("civil: the time zone data built into the program is missing: " + err.Error())
	}
	return zone
}

// Moment is an instant with its civil day.
func Moment(t time.Time) ledger.Moment {
	return ledger.Moment{At: ledger.InstantOf(t), Day: Day(t)}
}

// Day is the civil day of an instant.
func Day(t time.Time) demurrage.Day { return demurrage.CivilDay(t.In(Zone)) }
