package books

import "grulden/ledger"

// outside looks at what is in no journal: the bank's entries and the cash box.
func (e *examiner) outside() error {
	if e.fromFile > 0 {
		f := Finding{Day: e.src.Today, What: WhatPay, Grade: Look, Why: FromFile, Cents: e.fileCents}
		if err := e.found(f); err != nil {
			return err
		}
	}
	if e.overTaken > 0 { // each was counted, and all are looked at once
		e.audit.Sums[WhatIssue].Look++
		f := Finding{Day: e.src.Today, What: WhatIssue, Grade: Look, Why: FromFile, Cents: e.overTaken}
		if err := e.tell(f); err != nil {
			return err
		}
	}
	for i := range e.src.Bank {
		b := &e.src.Bank[i]
		f := Finding{Day: b.Day, What: WhatBank, Cents: b.Signed(), Ref: ref(b.ID)}
		f.Grade, f.Why = e.booking(b)
		if err := e.found(f); err != nil {
			return err
		}
	}
	return e.box()
}

// booking looks at one bank entry.
func (e *examiner) booking(b *BankEntry) (Grade, Why) {
	old := int(e.src.Today-b.Day) > waitsDays
	switch {
	case b.Use == Foreign:
		return Red, OtherMoney
	case b.Day > e.src.Today, b.Noticed && e.src.Last != nil && b.Day <= e.src.Last.Day:
		return Red, NotAtBank // announced, and its day passed without it
	case b.Use == Unasked && b.Two, b.Use == Own && b.Two:
		return Good, ByPeople
	case b.Use == Unasked:
		return Red, AskedFor
	case b.Use == Own && !b.Credit:
		return Red, OnePerson
	case b.Waits && old:
		return Look, Waits
	}
	return Good, ByBooking
}

// box looks at the cash box: money brought to the bank must arrive there, the
// oldest first.
func (e *examiner) box() error {
	var arrived ledger.Cents
	for i := range e.src.Bank {
		if b := &e.src.Bank[i]; b.Use == Deposit {
			arrived += b.Signed()
		}
	}
	for _, c := range e.src.Cash { // what the bank found too little arrived too, and is a difference
		if c.Kind == Arrived {
			arrived -= c.Cents
		}
	}
	for i := range e.src.Cash {
		c := &e.src.Cash[i]
		f := Finding{Day: c.Day, What: WhatCash, Cents: c.Cents, Ref: ref(c.ID), Grade: Good, Why: ByPeople}
		old := int(e.src.Today-c.Day) > bankDays
		switch c.Kind {
		case Receipt:
			f.What, f.Why = WhatReceipt, ByReceipt
			if !e.issued[c.Issue] {
				f.Grade, f.Why = Look, Waits
			}
		case Counted, Arrived:
			if c.Cents != 0 {
				f.Grade, f.Why = differenceGrade(c), Difference
			}
		case Brought:
			arrived += c.Cents // which is below nought
			switch {
			case arrived >= 0:
				f.Why = ByBooking
			case old:
				f.Grade, f.Why = Red, NotAtBank
			default:
				f.Grade, f.Why = Look, NotYet
			}
		}
		if err := e.found(f); err != nil {
			return err
		}
	}
	return nil
}

// smallDifference is what a count may miss without a second pair of eyes.
const smallDifference ledger.Cents = 10_00

// differenceGrade is red when one person alone found that more than a little was
// missing.
func differenceGrade(c *CashMovement) Grade {
	if c.Two || c.Cents >= -smallDifference {
		return Look
	}
	return Red
}
