package bank

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/internal/store"
	"grulden/ledger"
)

// creditsAtOnce is how many top-ups are handed to the ledger before the first
// is waited for: many share one write to disk, and the ledger's queue stays free
// for others.
const creditsAtOnce = 256

// handle does what is to be done with entries that were kept.
func (b *Bank) handle(ctx context.Context, entries []*Entry) error {
	var credits, debits, returns []*Entry
	for _, e := range entries {
		if e.State == Kept && e.Group != (ID{}) {
			if err := b.tellGroup(e); err != nil {
				return err
			}
		}
		back, err := b.isReturn(e)
		switch {
		case err != nil:
			return err
		case !e.open():
		case back:
			returns = append(returns, e)
		case e.Credit:
			credits = append(credits, e)
		default:
			debits = append(debits, e)
		}
	}
	for chunk := range slices.Chunk(credits, creditsAtOnce) {
		if err := b.handleCredits(ctx, chunk); err != nil {
			return err
		}
	}
	for _, e := range debits {
		if err := b.handleDebit(ctx, e); err != nil {
			return err
		}
	}
	for _, e := range returns { // after the payments that they undo
		if err := b.handleReturn(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

// handleCredits issues what can be matched, and says of the rest why not.
func (b *Bank) handleCredits(ctx context.Context, entries []*Entry) error {
	var failed error
	err := b.node.TopUp(func() error {
		err := b.judgeCredits(entries)
		if err == nil {
			failed = b.issue(ctx, entries, record.ByBank)
		}
		return err
	})
	if err != nil {
		return err
	}
	entries = slices.DeleteFunc(slices.Clone(entries), func(e *Entry) bool { return e.State == Kept })
	back, err := b.ordersBack(entries)
	if err != nil {
		return errors.Join(err, failed)
	}
	senders, err := b.senders(back)
	if err != nil {
		return errors.Join(err, failed)
	}
	return errors.Join(b.saveWith(entries, func(rows *store.Batch) {
		for _, o := range back {
			o.put(rows)
		}
		putSenders(rows, senders)
	}), failed)
}

// judgeCredits decides about money that came in, each after those before it.
func (b *Bank) judgeCredits(entries []*Entry) error {
	return b.node.Read(func(v *node.View) error {
		room := rooms{view: v, rules: b.node.Rules(), today: b.node.Today()}
		for _, e := range entries {
			if err := b.judgeCredit(v, e); err != nil {
				return err
			}
			if err := room.judge(e); err != nil {
				return err
			}
		}
		return nil
	})
}

// judgeCredit decides about money that came in. What is to be issued stays
// Kept and has its account.
func (b *Bank) judgeCredit(v *node.View, e *Entry) error {
	seq, err := v.Used(issueKey(e.ID))
	if err != nil {
		return err
	}
	if seq != 0 { // issued before, and the note of it was cut short
		return e.fromRecord(v, seq)
	}
	undone, err := isUndone(v, e)
	if err != nil {
		return err
	}
	switch {
	case undone:
		e.State = Returned
	case e.Unsplit:
		e.State = Whole
	default:
		return b.matchReference(e)
	}
	return nil
}

// isUndone tells whether money came in only because a payment of ours did not
// arrive: the bank says so, or it has the end-to-end id of one. Returned payouts
// are handled apart (handleReturn), unless the bank took its own booking back.
func isUndone(v *node.View, e *Entry) (bool, error) {
	if id, ours := ParseEndToEndID(e.EndToEndID); ours {
		r, err := v.Redemption(id)
		if err != nil {
			return false, err
		}
		if r != nil {
			e.Redemption = ID(id)
		}
	}
	if id, ours := parseOrderID(e.EndToEndID); ours {
		e.Order = id
	}
	switch {
	case e.IsReversal:
		e.Reason = Reversal
	case e.ReturnReason != "" || e.Redemption != ID{} || e.Order != ID{}:
		e.Reason = Return
	default:
		return false, nil
	}
	return true, nil
}

// matchReference finds whose reference a top-up has.
func (b *Bank) matchReference(e *Entry) error {
	before := e.Reason
	if e.State, e.Reason, e.Account = Unmatched, NoReference, 0; before == ReturnFailed {
		e.Reason = ReturnFailed
	}
	for _, reference := range e.references(people.ReferenceLength) {
		p, ok, err := b.people.ByReference(reference)
		if err != nil {
			return fmt.Errorf("look up a reference: %w", err)
		}
		switch {
		case !ok || p.Account == 0:
			if e.Account == 0 {
				e.Reason = UnknownReference
			}
		case e.Account != 0 && e.Account != p.Account:
			e.State, e.Reason, e.Account = Unmatched, SeveralReferences, 0
			return nil
		default:
			e.State, e.Reason, e.Account = Kept, "", p.Account
		}
	}
	return nil
}

// issue hands the entries that are to be issued to the ledger, each authorised by
// its By, and notes what became of them. On an error some may stay Kept.
func (b *Bank) issue(ctx context.Context, entries []*Entry, how string) error {
	type ticket struct {
		entry   *Entry
		pending *node.Pending
	}
	var sent []ticket
	var failed error
	for _, e := range entries {
		if e.State != Kept {
			continue
		}
		auth := record.Auth{By: record.ActorID(e.By), How: how}
		p, err := b.send(ctx, node.Request{Auth: auth, Command: ledger.Issue{To: e.Account, Amount: e.Cents}, Key: issueKey(e.ID)})
		if err != nil {
			failed = err
			break
		}
		sent = append(sent, ticket{e, p})
	}
	seqs := map[*Entry]uint64{}
	for _, t := range sent {
		r, err := t.pending.Wait()
		switch {
		case err != nil:
			failed = err
		case r.Result != ledger.Applied:
			t.entry.State, t.entry.Reason, t.entry.refused = Unmatched, Reason(r.Result.Code()), r.Result
		default:
			seqs[t.entry] = r.Seq
		}
	}
	return errors.Join(failed, b.node.Read(func(v *node.View) error {
		for e, seq := range seqs {
			if err := e.fromRecord(v, seq); err != nil {
				return err
			}
		}
		return nil
	}))
}

// busyPause is how long to wait when the ledger has too much to do. An import
// is patient; only its caller's context ends it.
const busyPause = 20 * time.Millisecond

// send hands in a command, again and again while the ledger is busy.
func (b *Bank) send(ctx context.Context, r node.Request) (*node.Pending, error) {
	for {
		p, err := b.node.Send(r)
		if !errors.Is(err, node.ErrBusy) {
			return p, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(busyPause):
		}
	}
}

// give hands in one command and waits for what became of it.
func (b *Bank) give(ctx context.Context, r node.Request) (node.Receipt, error) {
	p, err := b.send(ctx, r)
	if err != nil {
		return node.Receipt{}, err
	}
	return p.Wait()
}

// MatchByHand issues an entry that could not be matched to the account that a
// person says it is for. Doing it twice issues once. It returns the entry as it
// is then, also with ErrAlreadyIssued when it went to another account before;
// ErrNotMatchable for an entry that is no single top-up; ErrOverLimit when it is
// more than may be topped up this month; *Refused when a rule of the coin
// forbids it.
func (b *Bank) MatchByHand(ctx context.Context, id ID, account ledger.AccountID, by record.Auth) (*Entry, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	e, err := b.Entry(id)
	if err != nil {
		return nil, err
	}
	checked := false
	err = b.node.TopUp(func() error {
		if err := b.CheckMatch(e, account); err != nil || e.State == Issued {
			return err
		}
		checked, e.State, e.Account, e.By = true, Kept, account, ID(by.By)
		return b.issue(ctx, []*Entry{e}, by.How)
	})
	switch {
	case !checked:
		return e, err
	case err != nil:
		return nil, err
	}
	if e.State == Unmatched { // which says nothing about the entry, but about the account
		return nil, &Refused{e.refused}
	}
	if err := b.save([]*Entry{e}); err != nil {
		return nil, err
	}
	return e, b.sameAccount(e, account)
}

// CheckMatch tells whether MatchByHand would take an entry for an account, as far
// as the bank's own rules say.
func (b *Bank) CheckMatch(e *Entry, account ledger.AccountID) error {
	switch {
	case e.State == Issued:
		return b.sameAccount(e, account)
	case e.State != Unmatched:
		return ErrNotMatchable
	}
	room, err := b.Room(account)
	if err == nil && e.Cents > room {
		err = ErrOverLimit
	}
	return err
}

func (b *Bank) sameAccount(e *Entry, account ledger.AccountID) error {
	if e.Account != account {
		return ErrAlreadyIssued
	}
	return nil
}
