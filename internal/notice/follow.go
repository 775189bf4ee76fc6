package notice

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/internal/store"
	"grulden/internal/vault"
	"grulden/ledger"
)

// followedDoc says up to which entry of the journal people were told.
const followedDoc = "followed"

// atOnce is how many entries are followed with one write.
const atOnce = 500

// begin starts at the end of the journal, the first time: nobody is told of what
// happened before there were notices.
func (p *Post) begin() error {
	_, ok, err := p.vault.Get(p.program, followedDoc)
	if err != nil || ok {
		return err
	}
	return p.atEnd()
}

// FromNow has nobody told of what is in the journal so far: a history that was
// replayed, or the sample's.
func (p *Post) FromNow() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.atEnd()
}

// atEnd notes that people were told of all there is.
func (p *Post) atEnd() error {
	var last uint64
	err := p.node.Read(func(v *node.View) error {
		last = v.Journal().Size
		return nil
	})
	if err != nil {
		return err
	}
	return p.vault.Put(p.program, followedDoc, binary.BigEndian.AppendUint64(nil, last))
}

// told is a notice and who gets it.
type told struct {
	account ledger.AccountID
	all     bool      // everybody with an account
	by      people.ID // who did it
	Notice
}

// Follow gives people the notices of all entries of the journal since the last
// time.
func (p *Post) Follow() error {
	for {
		more, err := p.follow()
		if err != nil {
			return fmt.Errorf("follow the journal: %w", err)
		}
		if !more {
			return nil
		}
	}
}

// follow is Follow for at most atOnce entries: their notices and how far it came
// are one write.
func (p *Post) follow() (more bool, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	doc, ok, err := p.vault.Get(p.program, followedDoc)
	if err != nil {
		return false, err
	}
	if !ok || len(doc) != 8 {
		return false, errors.New("it is not on file how far people were told")
	}
	from := binary.BigEndian.Uint64(doc)
	last, all, err := p.since(from)
	if err != nil || last == from {
		return false, err
	}
	b := p.vault.NewBatch()
	noted := make(map[place]*Kept)
	for _, t := range all {
		if err := p.address(b, t, noted); err != nil {
			return false, err
		}
	}
	b.Put(p.program, followedDoc, binary.BigEndian.AppendUint64(nil, last))
	if err := b.Commit(); err != nil {
		return false, err
	}
	for at, k := range noted {
		p.note(at, k)
	}
	return last-from == atOnce, nil
}

// since reads the notices of at most atOnce entries after one.
func (p *Post) since(from uint64) (last uint64, all []told, err error) {
	last = from
	err = p.node.Read(func(v *node.View) error {
		return v.Records(from+1, func(r *record.Record) error {
			t, ok, err := tell(v, r)
			if err != nil {
				return err
			}
			if ok {
				t.Key = "entry " + strconv.FormatUint(r.Seq, 10)
				t.At, t.by = r.Moment.At.Time(), people.ID(r.Auth.By)
				all = append(all, t)
			}
			last = r.Seq
			if last-from == atOnce {
				return store.Stop
			}
			return nil
		})
	})
	return last, all, err
}

// address puts a notice into a batch for everybody who gets it.
func (p *Post) address(b *vault.Batch, t told, noted map[place]*Kept) error {
	var to []people.ID
	if t.all {
		everybody, err := p.people.Everybody()
		if err != nil {
			return err
		}
		for i := range everybody {
			if everybody[i].Account != 0 && !everybody[i].Added.After(t.At) { // who came later came under it
				to = append(to, everybody[i].ID)
			}
		}
	} else {
		person, ok, err := p.people.ByAccount(t.account)
		if err != nil {
			return err
		}
		if ok && (t.Kind != Act || t.by != person.ID) { // who did it knows it
			to = append(to, person.ID)
		}
	}
	for _, who := range to {
		k, err := p.add(b, who, t.Notice)
		if err != nil {
			return err
		}
		noted[place{who, p.nameOf(t.Key)}] = k
	}
	return nil
}

// untold are acts that have a notice of their own, and the steps of what two
// people decide: what comes of them is an act itself.
var untold = []string{
	"blocked", "unblocked", "topup-matched", "cash-topup", "person-added", "person-erased", "name-check",
	"proposed", "approved", "done", "refused", "withdrawn", "failed",
}

// tell says what an entry has somebody told, if anything.
func tell(v *node.View, r *record.Record) (t told, ok bool, err error) {
	switch c := r.Command.(type) {
	case ledger.Issue:
		kind := Issued
		if r.Auth.How == record.ByBank {
			kind = TopUp
		}
		return about(c.To, kind, c.Amount), true, nil
	case ledger.Grant:
		return about(c.To, Granted, c.Amount), true, nil
	case ledger.Settle:
		return payout(v, c.Of, PaidOut)
	case ledger.Reopen:
		return payout(v, c.Of, CameBack)
	case ledger.Reject:
		return payout(v, c.Of, Rejected)
	case ledger.Block:
		return told{account: c.Account, Notice: Notice{Kind: Blocked}}, true, nil
	case ledger.Unblock:
		return told{account: c.Account, Notice: Notice{Kind: Unblocked}}, true, nil
	case ledger.Note:
		ok = c.Account != 0 && !slices.Contains(untold, c.About)
		return told{account: c.Account, Notice: Notice{Kind: Act, Facts: map[string]string{FactAct: c.About}}}, ok, nil
	case ledger.Pay:
		return about(c.From, Standing, c.Amount), r.Auth.How == record.ByStanding, nil
	case ledger.SetPolicy:
		ahead := c.Policy.From > r.Moment.Day // the first policy is nobody's news
		return told{all: true, Notice: Notice{Kind: Policy, Facts: map[string]string{FactDay: c.Policy.From.String()}}}, ahead, nil
	}
	return told{}, false, nil
}

// about is a notice about an amount.
func about(account ledger.AccountID, kind Kind, amount ledger.Cents) told {
	return told{account: account, Notice: Notice{Kind: kind, Facts: map[string]string{FactAmount: strconv.FormatInt(int64(amount), 10)}}}
}

// payout is a notice about what a shop asked for in euros.
func payout(v *node.View, id ledger.ID, kind Kind) (told, bool, error) {
	redemption, err := v.Redemption(id)
	if err != nil || redemption == nil {
		return told{}, false, err
	}
	return about(redemption.Account, kind, redemption.Amount), true, nil
}
