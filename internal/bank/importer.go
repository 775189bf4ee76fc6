package bank

import (
	"context"

	"grulden/internal/sepa"
)

// importer takes in one file.
type importer struct {
	bank    *Bank
	ctx     context.Context
	by      ID
	reserve Reserve
	today   Date
	each    func(*Entry) error // is told what became of each entry; may be nil

	outcome *Outcome
	ours    bool        // some statement is about the reserve account
	seen    map[ID]bool // the entries of this file
	totals  map[State]*Total
	waiting []*Entry // read, and not taken in yet
}

// list notes a statement, at the first reading.
func (i *importer) list(s *sepa.Statement) error {
	if err := i.notAhead(Date(s.From)); err != nil {
		return err
	}
	i.ours = i.ours || s.Account == string(i.reserve.IBAN)
	i.outcome.Statements = append(i.outcome.Statements, Statement{
		Notice: s.Notice, ID: s.ID, Account: s.Account, Currency: s.Currency, From: Date(s.From), To: Date(s.To),
		Reason: foreign(s, i.reserve),
	})
	return nil
}

func (i *importer) count(_ *sepa.Statement, said sepa.Entry) error {
	i.statement().Entries++
	if !said.Booked { // what is announced may be of any day
		return nil
	}
	return i.notAhead(newEntry(said).Day)
}

// notAhead refuses what a bank cannot have said yet: an entry that no statement
// reaches for years would never be held against one, and a closing balance of
// such a day would be the last for ever.
func (i *importer) notAhead(day Date) error {
	if day > i.today {
		return &AheadError{Day: day, Today: i.today}
	}
	return nil
}

// statement is the one that is being read for the first time.
func (i *importer) statement() *Statement { return &i.outcome.Statements[len(i.outcome.Statements)-1] }

func (i *importer) closing(s *sepa.Statement) error {
	line := i.statement()
	line.Opening, line.Closing, line.Closes = shown(s.Opening), shown(s.Closing), Date(s.ClosingDate)
	return i.notAhead(line.Closes)
}

// take takes in one entry, at the second reading.
func (i *importer) take(s *sepa.Statement, said sepa.Entry) error {
	e := newEntry(said)
	if e.Reason = foreign(s, i.reserve); e.Reason == "" && e.Currency != "" {
		e.Reason = OtherCurrency
	}
	if s.Account != string(i.reserve.IBAN) {
		e.OwnAccount = s.Account
	}
	e.Seen, e.By, e.Notice = i.bank.node.Now().UTC(), i.by, s.Notice
	if said.Booked {
		e.ID = i.bank.vault.HMAC16("bank entry", said.Fingerprint)
		if said.Group != "" {
			e.Group = i.bank.vault.HMAC16("bank batch", said.Group)
		}
		if i.seen[e.ID] {
			i.outcome.Repeated++
			return nil
		}
		i.seen[e.ID] = true
	}
	if i.waiting = append(i.waiting, e); len(i.waiting) < chunk {
		return nil
	}
	return i.flush()
}

// flush keeps the entries that were read and does what is to be done with them.
func (i *importer) flush() error {
	read := i.waiting
	i.waiting = nil
	i.bank.mu.Lock()
	defer i.bank.mu.Unlock()
	kept, err := i.bank.keep(read)
	if err != nil {
		return err
	}
	for _, e := range kept {
		if e.open() {
			e.By = i.by // what is done with it now, this one is answerable for
		}
	}
	if err := i.bank.handle(i.ctx, kept); err != nil {
		return err
	}
	for _, e := range kept {
		if err := i.tell(e); err != nil {
			return err
		}
	}
	return nil
}

// retry looks again at what waited for a new month.
func (i *importer) retry() error {
	i.bank.mu.Lock()
	defer i.bank.mu.Unlock()
	open, err := i.bank.waitingEntries(Unmatched)
	if err != nil {
		return err
	}
	var again []*Entry
	for _, e := range open {
		if e.Reason == OverLimit && !i.seen[e.ID] {
			e.By = i.by
			again = append(again, e)
		}
	}
	if err := i.bank.handle(i.ctx, again); err != nil {
		return err
	}
	for _, e := range again {
		if !e.New {
			continue
		}
		if err := i.tell(e); err != nil {
			return err
		}
	}
	return nil
}

// tell adds an entry to the totals and shows it to the caller.
func (i *importer) tell(e *Entry) error {
	t := i.totals[e.State]
	if t == nil {
		t = &Total{State: e.State}
		i.totals[e.State] = t
	}
	t.Count++
	if e.New {
		t.New++
	}
	switch {
	case e.Currency != "": // has no place in a sum of euros
	case e.Credit:
		t.In += e.Cents
	default:
		t.Out += e.Cents
	}
	if i.each == nil {
		return nil
	}
	return i.each(e)
}

// sum lists the totals in the order of States.
func (i *importer) sum() {
	for _, s := range States() {
		if t := i.totals[s]; t != nil {
			i.outcome.Totals = append(i.outcome.Totals, *t)
		}
	}
}
