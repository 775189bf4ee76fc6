package node

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"grulden/demurrage"
	"grulden/internal/journal"
	"grulden/internal/record"
	"grulden/internal/store"
	"grulden/ledger"
)

// payOne is a payment that is always possible in a market.
func payOne(i int) ledger.Pay { return ledger.Pay{ID: payID(i), From: 10, To: 12, Amount: 7} }

// rowsOf are the rows under a prefix.
func rowsOf(t *testing.T, db *store.DB, prefix byte) (all []row) {
	t.Helper()
	err := db.Scan([]byte{prefix}, store.End([]byte{prefix}), func(k, v []byte) error {
		all = append(all, row{slices.Clone(k), slices.Clone(v)})
		return nil
	})
	if err != nil || len(all) == 0 {
		t.Fatalf("%d rows under %c, %v", len(all), prefix, err)
	}
	return all
}

// forge is what somebody with the files, the program and the signing key does:
// he changes rows, and then makes all checks over rows true again that do not
// need the journal to be another one.
func forge(t *testing.T, db *store.DB, change func(b *store.Batch)) {
	t.Helper()
	b := db.NewBatch()
	change(b)
	if err := db.Commit(b); err != nil {
		t.Fatal(err)
	}
	b.Reset()
	row, _, err := db.Get(headKey)
	if err != nil {
		t.Fatal(err)
	}
	head, step, policies, err := readHead(row)
	if err != nil {
		t.Fatal(err)
	}
	r := rows{db}
	head.Guard, head.Accounts = 0, 0
	for _, found := range rowsOf(t, db, store.Accounts) {
		a, err := readAccount(ledger.AccountID(number(found.key[1:])), found.value)
		if err != nil {
			t.Fatal(err)
		}
		lots, err := r.Lots(a.ID)
		if err != nil {
			t.Fatal(err)
		}
		a.Lots, a.LotGuard = uint32(len(lots)), 0
		for _, l := range lots {
			a.LotGuard ^= l.Guard
		}
		b.Set(found.key, accountRow(a))
		head.Guard ^= guard(found.key, accountRow(a))
		head.Accounts++
	}
	head.Policies = make(ledger.Policies, policies)
	b.Set(headKey, headRow(&head, step))
	if err := db.Commit(b); err != nil {
		t.Fatal(err)
	}
	b.Close()
}

// plain is what somebody does who changes rows and nothing else.
func plain(t *testing.T, db *store.DB, change func(b *store.Batch)) {
	t.Helper()
	b := db.NewBatch()
	defer b.Close()
	change(b)
	if err := db.Commit(b); err != nil {
		t.Fatal(err)
	}
}

// setLast changes the last row under a prefix.
func setLast(prefix byte, change func([]byte) []byte) func(*testing.T, *store.DB, *store.Batch) []byte {
	return func(t *testing.T, db *store.DB, b *store.Batch) []byte {
		all := rowsOf(t, db, prefix)
		last := all[len(all)-1]
		b.Set(last.key, change(last.value))
		return last.key
	}
}

// dropLast removes the last row under a prefix.
func dropLast(prefix byte) func(*testing.T, *store.DB, *store.Batch) []byte {
	return func(t *testing.T, db *store.DB, b *store.Batch) []byte {
		all := rowsOf(t, db, prefix)
		b.Delete(all[len(all)-1].key)
		return all[len(all)-1].key
	}
}

// dropAll removes all rows under a prefix.
func dropAll(prefix byte) func(*testing.T, *store.DB, *store.Batch) []byte {
	return func(t *testing.T, db *store.DB, b *store.Batch) []byte {
		for _, r := range rowsOf(t, db, prefix) {
			b.Delete(r.key)
		}
		return []byte{prefix}
	}
}

// setNew writes a row that was not there.
func setNew(key, value []byte) func(*testing.T, *store.DB, *store.Batch) []byte {
	return func(_ *testing.T, _ *store.DB, b *store.Batch) []byte {
		b.Set(key, value)
		return key
	}
}

// forgetRefund lets a payment that was refunded be refunded again.
func forgetRefund(t *testing.T, db *store.DB, b *store.Batch) []byte {
	for _, r := range rowsOf(t, db, store.Payments) {
		if p, _, err := readPaper(ledger.ID{}, r.value); err == nil && p != nil && p.Refunded > 0 {
			p.Refunded = 0
			b.Set(r.key, payRow(p))
			return r.key
		}
	}
	t.Fatal("no payment was refunded")
	return nil
}

// changed is a row read, changed and written as the program writes it.
func changed[T any](t *testing.T, read func([]byte) (T, error), change func(T), write func(T) []byte) func([]byte) []byte {
	return func(data []byte) []byte {
		v, err := read(data)
		if err != nil {
			t.Fatal(err)
		}
		change(v)
		return write(v)
	}
}

// rewriteEntry changes the record of one entry, with or without its hashes.
func rewriteEntry(seq uint64, rehash bool) func(*testing.T, *store.DB, *store.Batch) []byte {
	return func(t *testing.T, db *store.DB, b *store.Batch) []byte {
		stored, _, err := db.Get(journalKey(seq))
		if err != nil {
			t.Fatal(err)
		}
		e, err := journal.ParseEntry(stored)
		if err != nil {
			t.Fatal(err)
		}
		r, err := record.Decode(e.Record)
		if err != nil {
			t.Fatal(err)
		}
		r.Auth.By[3]++ // who did it
		data, err := record.Encode(r)
		if err != nil {
			t.Fatal(err)
		}
		if !rehash {
			at := bytes.Index(stored, e.Record)
			copy(stored[at:], data)
			b.Set(journalKey(seq), stored)
			return journalKey(seq)
		}
		tree, err := journal.LoadTree(seq-1, rows{db}.entry)
		if err != nil {
			t.Fatal(err)
		}
		b.Set(journalKey(seq), tree.Append(e.Salt, data))
		return journalKey(seq)
	}
}

// tampering is a change that somebody makes to the rows of a ledger.
type tampering struct {
	name   string
	change func(*testing.T, *store.DB, *store.Batch) []byte
	says   string // in what verify finds; "" for the row that was changed
}

func tamperings(t *testing.T, size uint64) []tampering {
	account := func(change func(*ledger.Account)) func([]byte) []byte {
		return changed(t, func(d []byte) (*ledger.Account, error) { return readAccount(1, d) }, change, accountRow)
	}
	lot := func(d []byte) (*ledger.Lot, error) { return readLot(make([]byte, 21), d) }
	paper := func(d []byte) []byte {
		p, r, err := readPaper(ledger.ID{}, d)
		switch {
		case err != nil:
			t.Fatal(err)
		case p != nil:
			p.Amount++
			return payRow(p)
		}
		r.Progress = (r.Progress + 1) % 3
		return redeemRow(r)
	}
	policy := func(d []byte) []byte {
		p, err := readPolicy(d)
		if err != nil {
			t.Fatal(err)
		}
		p.Rate++
		return policyRow(&p)
	}
	head := func(d []byte) []byte {
		h, step, policies, err := readHead(d)
		if err != nil {
			t.Fatal(err)
		}
		h.Issued++
		h.Policies = make(ledger.Policies, policies)
		return headRow(&h, step)
	}
	return []tampering{
		{name: "account unblocked or blocked", change: setLast(store.Accounts, account(func(a *ledger.Account) { a.Blocked = !a.Blocked }))},
		{name: "pool money made", change: setLast(store.Accounts, account(func(a *ledger.Account) { a.Pool = append(a.Pool, ledger.Amount{Melts: 99_999}) }))},
		{name: "device made up", change: setLast(store.Accounts, account(func(a *ledger.Account) { a.Devices = append(a.Devices, ledger.Device{ID: ledger.DeviceID{1}}) }))},
		{name: "device forgotten", change: setLast(store.Accounts, account(func(a *ledger.Account) { a.Devices = nil }))},
		{name: "device with another key", change: setLast(store.Accounts, account(func(a *ledger.Account) { a.Devices[0].Key.Bytes[7]++ }))},
		{name: "account gone", change: dropLast(store.Accounts)},
		{name: "lot worth more", change: setLast(store.Lots, changed(t, lot, func(l *ledger.Lot) { l.Units.Lo++ }, lotRow))},
		{name: "lot convertible sooner", change: setLast(store.Lots, changed(t, lot, func(l *ledger.Lot) { l.Trail = append(l.Trail, ledger.Stop{Owner: 77, Day: 30_000}) }, lotRow))},
		{name: "lot gone", change: dropLast(store.Lots)},
		{name: "payment of another amount", change: setLast(store.Payments, paper)},
		{name: "payment forgotten", change: dropLast(store.Payments)},
		{name: "refund forgotten", change: forgetRefund},
		{name: "payment made up", change: setNew(paperKey(store.Payments, payID(7)), payRow(&ledger.Payment{Seq: 9, From: 10, To: 12, Amount: 5}))},
		{name: "account made up", change: setNew(accountKey(99), accountRow(&ledger.Account{Owner: 9, Role: "merchant", Last: 3}))},
		{name: "lot made up", change: setNew(lotKey(10, ledger.LotID{Seq: 9, Part: 3}), lotRow(&ledger.Lot{
			Units: demurrage.WideOf(1 << 40), Issue: 9, Melts: 21_000, Trail: []ledger.Stop{{Owner: 10, Day: 20_514, Melts: 20_544}},
		}))},
		{name: "key forgotten", change: dropLast(store.Idempotency)},
		{name: "key made up", change: setNew(paperKey(store.Idempotency, keyNamed("made up")), []byte{7: 9})},
		{name: "key of another entry", change: setLast(store.Idempotency, func(d []byte) []byte { d[7]++; return d })},
		{name: "policy made up", says: "policies", change: setNew(policyKey(40_000), policyRow(&ledger.Policy{From: 40_000, Hops: 1, TermDays: 1}))},
		{name: "policy changed", change: setLast(store.Policies, policy)},
		{name: "redemption waits again", change: setNew(paperKey(store.Redemptions, payID(77)), nil)},
		{name: "more issued", says: "head", change: func(t *testing.T, db *store.DB, b *store.Batch) []byte {
			row, _, err := db.Get(headKey)
			if err != nil {
				t.Fatal(err)
			}
			b.Set(headKey, head(row))
			return headKey
		}},
		{name: "record changed", says: "record 9", change: rewriteEntry(9, false)},
		{name: "record changed with its hashes", says: "record ", change: rewriteEntry(9, true)},
		{name: "last record changed with its hashes", says: fmt.Sprint(size), change: rewriteEntry(size, true)},
		{name: "record gone", says: "record 9", change: func(_ *testing.T, _ *store.DB, b *store.Batch) []byte {
			b.Delete(journalKey(9))
			return journalKey(9)
		}},
		{name: "record made up", says: "record " + fmt.Sprint(size), change: func(t *testing.T, db *store.DB, b *store.Batch) []byte {
			row, _, err := db.Get(journalKey(size))
			if err != nil {
				t.Fatal(err)
			}
			b.Set(journalKey(size+1), row)
			return journalKey(size + 1)
		}},
		{name: "root between two batches changed", says: "another root", change: func(t *testing.T, db *store.DB, b *store.Batch) []byte {
			var before, after journal.Step
			steps := slices.DeleteFunc(rowsOf(t, db, store.Head), func(r row) bool { return r.key[1] != 'b' })
			var err error
			if before, err = journal.ParseStep(steps[2].value); err != nil {
				t.Fatal(err)
			}
			if after, err = journal.ParseStep(steps[3].value); err != nil {
				t.Fatal(err)
			}
			before.After.Root[5]++
			after.Before = before.After
			b.Set(steps[2].key, before.Bytes())
			b.Set(steps[3].key, after.Bytes())
			return steps[2].key
		}},
		{name: "root of a batch changed", says: "record ", change: func(t *testing.T, db *store.DB, b *store.Batch) []byte {
			key := rowsOf(t, db, store.Head)[2].key
			row, _, err := db.Get(key)
			if err != nil {
				t.Fatal(err)
			}
			step, err := journal.ParseStep(row)
			if err != nil {
				t.Fatal(err)
			}
			step.After.Root[5]++
			b.Set(key, step.Bytes())
			return key
		}},
	}
}

func TestChangedRowIsFoundAndNamed(t *testing.T) {
	x := closedLedger(t)
	size := uint64(len(x.heads) - 1)
	for _, c := range tamperings(t, size) {
		for name, how := range map[string]func(*testing.T, *store.DB, func(*store.Batch)){"plainly": plain, "with its checks": forge} {
			t.Run(c.name+" "+name, func(t *testing.T) {
				m := newMachine(copyOf(x.mem))
				o := m.options(x.clock)
				db, err := store.Open(storePath("wijk"), o.Store)
				if err != nil {
					t.Fatal(err)
				}
				var key []byte
				how(t, db, func(b *store.Batch) { key = c.change(t, db, b) })
				if err := db.Close(); err != nil {
					t.Fatal(err)
				}
				_, err = Verify(context.Background(), "wijk", o.Store, func(_, _ uint64) {})
				m.mustLive(t)
				says := c.says
				if says == "" {
					says = fmt.Sprintf("%x", key[1:])
				}
				var f *Finding
				switch {
				case err == nil || !errors.As(err, &f):
					t.Fatalf("verify says: %v", err)
				case strings.Contains(err.Error(), says):
				case name == "plainly" && c.says == "" && errors.Is(err, ErrDamaged): // it does not even open
				default:
					t.Fatalf("verify says: %v; want %q in it", err, says)
				}
			})
		}
	}
}

// Somebody with the signing key writes another history, and signs it: as long as
// one old checkpoint is kept elsewhere, it is noticed.
func TestAnotherHistoryUnderAnOldCheckpointIsRefused(t *testing.T) {
	x := closedLedger(t)
	history := func(payments ...int) *machine {
		m := newMachine(copyOf(x.mem))
		n := mustOpen(t, m.options(x.clock))
		for _, i := range payments {
			must(t, n, payOne(i))
		}
		mustClose(t, n)
		verify(t, m.options(x.clock))
		return m
	}
	first := history(1, 2, 3)
	for name, other := range map[string]struct {
		payments []int
		want     error
	}{
		"as long":                 {[]int{1, 2, 4}, journal.ErrForked},
		"longer":                  {[]int{5, 1, 2, 3, 4}, journal.ErrForked},
		"the same but other salt": {[]int{1, 2, 3}, journal.ErrForked},
		"shorter":                 {[]int{1, 2}, journal.ErrBehind},
	} {
		m := history(other.payments...)
		copyFile(t, first.mem, m.mem, "wijk/checkpoint")
		if _, err := Open("wijk", m.options(x.clock)); !errors.Is(err, other.want) || !errors.Is(err, ErrDamaged) {
			t.Errorf("a history that is %s: %v, want %v", name, err, other.want)
		}
	}
}

// A table of the store that goes missing takes rows with it, and no checksum of
// the store's tells. The ledger's own guards do, before anything is paid with
// what is left.
func TestMissingRowIsNoticedBeforeItIsUsed(t *testing.T) {
	x := closedLedger(t)
	without := func(t *testing.T, change func(*testing.T, *store.DB, *store.Batch) []byte) (*machine, []byte) {
		m := newMachine(copyOf(x.mem))
		db, err := store.Open(storePath("wijk"), m.options(x.clock).Store)
		if err != nil {
			t.Fatal(err)
		}
		var key []byte
		plain(t, db, func(b *store.Batch) { key = change(t, db, b) })
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		return m, key
	}
	for name, change := range map[string]func(*testing.T, *store.DB, *store.Batch) []byte{
		"an account":      dropLast(store.Accounts),
		"a policy":        dropLast(store.Policies),
		"the last record": dropLast(store.Journal),
		"all payments":    dropAll(store.Payments),
		"all records":     dropAll(store.Journal),
		"its head":        dropAll(store.Head),
	} {
		m, _ := without(t, change)
		if _, err := Open("wijk", m.options(x.clock)); !errors.Is(err, ErrDamaged) {
			t.Errorf("without %s: %v", name, err)
		}
	}
	m, key := without(t, dropLast(store.Lots))
	holder := ledger.AccountID(number(key[1:]))
	n := mustOpen(t, m.options(x.clock))
	err := n.Read(func(v *View) error {
		_, err := v.Balance(holder, n.Today())
		return err
	})
	if !errors.Is(err, errRow) {
		t.Errorf("the balance without a lot: %v", err)
	}
	pay := Request{Command: ledger.Pay{ID: payID(1), From: holder, To: 10, Amount: 1}}
	if m.finish(t, func() { _, _ = n.Submit(context.Background(), pay) }) {
		t.Error("a payment was made without a lot that is missing")
	}
	if !strings.Contains(m.why, errRow.Error()) {
		t.Errorf("the process ended itself: %s", m.why)
	}
}

// rewriteLast gives the last record other contents, and makes tree, batch and head
// true again, as somebody can who has the store and no need to fear a checkpoint.
func rewriteLast(t *testing.T, db *store.DB, change func(*record.Record)) {
	t.Helper()
	row, _, err := db.Get(headKey)
	if err != nil {
		t.Fatal(err)
	}
	head, step, policies, err := readHead(row)
	if err != nil {
		t.Fatal(err)
	}
	stored, _, err := db.Get(journalKey(head.Seq))
	if err != nil {
		t.Fatal(err)
	}
	e, err := journal.ParseEntry(stored)
	if err != nil {
		t.Fatal(err)
	}
	r, err := record.Decode(e.Record)
	if err != nil {
		t.Fatal(err)
	}
	change(r)
	data, err := record.Encode(r)
	if err != nil {
		t.Fatal(err)
	}
	tree, err := journal.LoadTree(head.Seq-1, rows{db}.entry)
	if err != nil {
		t.Fatal(err)
	}
	head.Policies = make(ledger.Policies, policies)
	plain(t, db, func(b *store.Batch) {
		b.Set(journalKey(head.Seq), tree.Append(e.Salt, data))
		step.After = tree.Head()
		b.Set(stepKey(head.Seq), step.Bytes())
		b.Set(headKey, headRow(&head, step))
	})
}

func TestRecordThatTheRulesDoNotLeadToIsFound(t *testing.T) {
	x := crashedLedger(t) // its last records are not signed yet
	for says, change := range map[string]func(*record.Record){
		"other facts":     func(r *record.Record) { r.Facts.Fee++ },
		"calls itself":    func(r *record.Record) { r.Seq++ },
		"time-went-back":  func(r *record.Record) { r.Moment.At.Sec -= 10_000_000 },
		"already-applied": func(r *record.Record) { r.Key = keyNamed("first") },
		"duplicate-id": func(r *record.Record) {
			r.Command = ledger.Redeem{ID: ledger.ID(keyNamed("caller 0 no. 4")), From: 10, Amount: 1}
		},
		"unknown-account": func(r *record.Record) { r.Command = ledger.Issue{To: 999, Amount: 1} },
		"policy-too-soon": func(r *record.Record) { r.Command = ledger.SetPolicy{HasFrom: true, Policy: ledger.DefaultPolicy()} },
		"is missing": func(r *record.Record) { // the facts are right, what they lead to is not in the rows
			r.Command, r.Facts = ledger.Open{Account: 999, Owner: 1, Role: "merchant"}, ledger.Facts{}
		},
	} {
		m := newMachine(copyOf(x.mem))
		o := m.options(x.clock)
		db, err := store.Open(storePath("wijk"), o.Store)
		if err != nil {
			t.Fatal(err)
		}
		rewriteLast(t, db, change)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		_, err = Verify(context.Background(), "wijk", o.Store, func(_, _ uint64) {})
		var f *Finding
		if !errors.As(err, &f) || !strings.Contains(err.Error(), says) {
			t.Errorf("verify says: %v; want %q in it", err, says)
		}
		if last := uint64(len(x.heads) - 1); f != nil && f.Seq != last && says != "is missing" {
			t.Errorf("verify names record %d, it was record %d: %v", f.Seq, last, err)
		}
	}
}
