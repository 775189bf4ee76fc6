package wallet

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"grulden/internal/civil"
	"grulden/internal/node"
	"grulden/internal/payreq"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/internal/sepa"
	"grulden/ledger"
)

// batchChunk is how many payments of a list are handed to the ledger at once,
// and batchesKept how many lists an organisation can look back at.
const (
	batchChunk  = 100
	batchesKept = 20
)

// ErrBatchShort is returned when there is not enough money for a whole list.
var ErrBatchShort = errors.New("there is not enough money for the whole list")

// Outcome is what is to become of a line of a list, or what became of it: a
// word below, or the code of the ledger's refusal.
type Outcome string

// The outcomes of a line.
const (
	OutcomeGood    Outcome = "good"            // will be paid
	OutcomePaid    Outcome = "paid"            // was paid
	OutcomeApart   Outcome = "residents-apart" // residents may not pay each other
	OutcomeUnknown Outcome = "unknown"         // nobody has this code or reference
	OutcomeOwn     Outcome = "own"             // it is the organisation's own
	OutcomeTwice   Outcome = "twice"           // an earlier line is the same
	OutcomeAmount  Outcome = "amount"          // the amount cannot be read
	OutcomeText    Outcome = "text"            // the text is too long
)

// BatchLine is one line of a list.
type BatchLine struct {
	Row    int              `json:"row"` // of the file
	Ref    string           `json:"ref"` // code or reference, as it was typed
	To     ledger.AccountID `json:"to"`  // zero: nobody
	Amount ledger.Cents     `json:"amount"`
	Text   string           `json:"text"`
	Fate   Outcome          `json:"fate"` // before it is paid
}

// Batch is an organisation's list of payments.
type Batch struct {
	ID       ledger.ID        `json:"id"`
	Name     string           `json:"name"` // of the file
	Made     time.Time        `json:"made"`
	From     ledger.AccountID `json:"from"`
	By       record.Auth      `json:"by"` // who had it paid, and how
	Started  bool             `json:"started"`
	Finished bool             `json:"finished"`
	Lines    []BatchLine      `json:"lines"`
	Outcomes []Outcome        `json:"-"` // of each line, as far as it is known
}

// Good counts the lines that are to be paid, and adds them up.
func (b Batch) Good() (lines int, sum ledger.Cents) {
	for _, line := range b.Lines {
		if line.Fate == OutcomeGood {
			lines++
			sum += line.Amount
		}
	}
	return lines, sum
}

// Done counts the good lines that are dealt with, and adds up those paid.
func (b Batch) Done() (lines int, paid int, sum ledger.Cents) {
	for i, line := range b.Lines {
		if line.Fate != OutcomeGood || b.Outcomes[i] == OutcomeGood {
			continue
		}
		lines++
		if b.Outcomes[i] == OutcomePaid {
			paid++
			sum += line.Amount
		}
	}
	return lines, paid, sum
}

// payment is the id of the payment of a line: always the same, so that a line
// is never paid twice.
func (b Batch) payment(line BatchLine) ledger.ID {
	sum := sha256.Sum256(fmt.Appendf(nil, "grulden-batch-payment\n%v\n%d", b.ID, line.Row))
	return ledger.ID(sum[:16])
}

// Write writes what became of a list as CSV, with headings and outcomes in the
// words of the caller.
func (b Batch) Write(w io.Writer, heads []string, word func(Outcome) string) error {
	return writeBatch(w, heads, b, word)
}

// Prepare reads a list of payments and says what would become of each line.
// Nothing is paid. A list that was prepared before and not started is forgotten.
func (o *Orders) Prepare(who people.Person, name string, file []byte) (ledger.ID, error) {
	typed, err := readBatch(file)
	if err != nil {
		return ledger.ID{}, err
	}
	b := Batch{Name: name, Made: o.node.Now().UTC(), From: who.Account}
	if b.ID, _, err = o.mint.New(who.Account, batchDoc); err != nil {
		return ledger.ID{}, err
	}
	seen := make(map[string]bool)
	for _, t := range typed {
		line := BatchLine{Row: t.row, Ref: t.ref, Amount: t.amount, Text: t.text}
		if line.To, err = o.recipient(t.ref); err != nil {
			return ledger.ID{}, err
		}
		same := fmt.Sprintf("%d %d %s", line.To, line.Amount, line.Text)
		if line.Fate, err = o.fateOf(line, who.Account, seen[same]); err != nil {
			return ledger.ID{}, err
		}
		seen[same] = true
		b.Lines = append(b.Lines, line)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.forgetBatches(who.ID); err != nil {
		return ledger.ID{}, err
	}
	return b.ID, o.put(who.ID, batchDoc+b.ID.String(), b)
}

func (o *Orders) fateOf(line BatchLine, own ledger.AccountID, twice bool) (Outcome, error) {
	switch {
	case line.To == 0:
		return OutcomeUnknown, nil
	case line.To == own:
		return OutcomeOwn, nil
	case line.Amount <= 0:
		return OutcomeAmount, nil
	case len([]rune(line.Text)) > MaxText:
		return OutcomeText, nil
	case twice:
		return OutcomeTwice, nil
	}
	err := apartNow(o.node, ledger.Pay{From: own, To: line.To})
	if errors.Is(err, ErrApart) {
		return OutcomeApart, nil
	}
	return OutcomeGood, err
}

// recipient finds who is meant by a personal or a shop's code, or by the
// reference that marks somebody's bank transfers; zero: nobody.
func (o *Orders) recipient(ref string) (ledger.AccountID, error) {
	if code, err := payreq.Parse(ref); err == nil {
		r, ok, err := o.book.Find(code)
		if err != nil || !ok || !r.AsksAmount() {
			return 0, err
		}
		return r.Shop, nil
	}
	rf, err := sepa.ParseRF(ref)
	if err != nil {
		return 0, nil
	}
	p, ok, err := o.people.ByReference(rf)
	if err != nil || !ok {
		return 0, err
	}
	return p.Account, nil
}

// forgetBatches makes room: lists that were never started go, and of the others
// the oldest; o.mu is held.
func (o *Orders) forgetBatches(who people.ID) error {
	all, err := o.batchesOf(who)
	if err != nil {
		return err
	}
	batch, kept := o.vault.NewBatch(), 0
	for _, b := range all {
		if kept++; b.Started && (!b.Finished || kept < batchesKept) {
			continue
		}
		batch.Delete(who, batchDoc+b.ID.String())
		batch.Delete(who, resultDoc+b.ID.String())
	}
	return batch.Commit()
}

// batchesOf reads a person's lists, the newest first.
func (o *Orders) batchesOf(who people.ID) (all []Batch, err error) {
	err = o.vault.DocsNamed(who, batchDoc, func(_ string, doc []byte) error {
		var b Batch
		if err := json.Unmarshal(doc, &b); err != nil {
			return err
		}
		all = append(all, b)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list batches: %w", err)
	}
	slices.SortFunc(all, func(a, b Batch) int { return b.Made.Compare(a.Made) })
	return all, nil
}

// Batches lists a person's lists of payments, the newest first.
func (o *Orders) Batches(who people.ID) (all []Batch, err error) {
	if all, err = o.batchesOf(who); err != nil {
		return nil, err
	}
	for i := range all {
		if err := o.outcomes(who, &all[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Batch finds one list of payments of a person.
func (o *Orders) Batch(who people.ID, id ledger.ID) (b Batch, err error) {
	ok, err := o.get(who, batchDoc+id.String(), &b)
	if err == nil && !ok {
		err = ErrUnknownOrder
	}
	if err != nil {
		return Batch{}, err
	}
	return b, o.outcomes(who, &b)
}

// outcomes fills in what is known of each line.
func (o *Orders) outcomes(who people.ID, b *Batch) error {
	known := make(map[int]Outcome)
	if _, err := o.get(who, resultDoc+b.ID.String(), &known); err != nil {
		return err
	}
	b.Outcomes = make([]Outcome, len(b.Lines))
	for i, line := range b.Lines {
		b.Outcomes[i] = line.Fate
		if outcome, ok := known[i]; ok {
			b.Outcomes[i] = outcome
		}
	}
	return nil
}

// StartBatch has a prepared list paid, as far as its lines are good. Starting
// it again changes nothing. It returns ErrBatchShort when there is not enough
// money for all of it.
func (o *Orders) StartBatch(who people.ID, h Holder, id ledger.ID) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	b, err := o.Batch(who, id)
	if err != nil || b.Started {
		return err
	}
	lines, sum := b.Good()
	if lines == 0 {
		return ErrBatchFile
	}
	var has ledger.Cents
	err = o.node.Read(func(v *node.View) error {
		now, err := v.Balance(h.Account, o.node.Today())
		has = ledger.ShownCents(now.Worth)
		return err
	})
	if err == nil && sum > has {
		err = ErrBatchShort
	}
	if err != nil {
		return err
	}
	b.Started, b.By = true, h.Auth
	b.By.How, b.By.Proof = record.ByBatch, nil
	if err := o.put(who, batchDoc+id.String(), b); err != nil {
		return err
	}
	o.batches[id] = who
	return nil
}

// RunBatches pays the lists that were started. It goes on where an earlier call
// or an earlier server stopped, and no line is paid twice.
func (o *Orders) RunBatches(ctx context.Context) error {
	o.running.Lock()
	defer o.running.Unlock()
	o.mu.Lock()
	under := make(map[ledger.ID]people.ID, len(o.batches))
	for id, who := range o.batches { // map order does not matter: each list is paid by itself
		under[id] = who
	}
	o.mu.Unlock()
	var errs []error
	for id, who := range under {
		if err := o.runBatch(ctx, who, id); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func (o *Orders) runBatch(ctx context.Context, who people.ID, id ledger.ID) error {
	b, err := o.Batch(who, id)
	if errors.Is(err, ErrUnknownOrder) { // its organisation was erased
		o.mu.Lock()
		delete(o.batches, id)
		o.mu.Unlock()
		return nil
	}
	if err != nil {
		return err
	}
	var todo []int
	known := make(map[int]Outcome)
	for i, line := range b.Lines {
		switch {
		case line.Fate == OutcomeGood && b.Outcomes[i] == OutcomeGood:
			todo = append(todo, i)
		case line.Fate == OutcomeGood:
			known[i] = b.Outcomes[i]
		}
	}
	for chunk := range slices.Chunk(todo, batchChunk) {
		if ctx.Err() != nil {
			return nil
		}
		if err := o.payChunk(&b, chunk, known); err != nil {
			return err
		}
		if err := o.put(who, resultDoc+id.String(), known); err != nil {
			return err
		}
	}
	return o.finishBatch(who, id)
}

// payChunk hands some lines to the ledger, waits for all of them, and notes
// what became of each. An error leaves lines open, for the next time.
func (o *Orders) payChunk(b *Batch, lines []int, known map[int]Outcome) (failed error) {
	waiting := make([]*node.Pending, len(lines))
	for i, at := range lines {
		line := b.Lines[at]
		pay := ledger.Pay{ID: b.payment(line), From: b.From, To: line.To, Amount: line.Amount}
		if failed = apartNow(o.node, pay); errors.Is(failed, ErrApart) {
			known[at], failed = OutcomeApart, nil
			continue
		} else if failed != nil {
			break
		}
		if waiting[i], failed = o.node.Send(node.Request{Auth: b.By, Command: pay}); failed != nil {
			break
		}
	}
	for i, p := range waiting {
		if p == nil {
			continue // not handed in: refused before, or for the next time
		}
		receipt, err := p.Wait()
		switch {
		case err != nil:
			failed = err
		case receipt.Result == ledger.Applied:
			known[lines[i]] = OutcomePaid
		default:
			known[lines[i]] = Outcome(receipt.Result.Code())
		}
	}
	if failed != nil {
		return fmt.Errorf("pay a list: %w", failed)
	}
	return nil
}

// finishBatch notes that a list is done.
func (o *Orders) finishBatch(who people.ID, id ledger.ID) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	b, err := o.Batch(who, id)
	if err != nil {
		return err
	}
	b.Finished = true
	if err := o.put(who, batchDoc+id.String(), b); err != nil {
		return err
	}
	delete(o.batches, id)
	return nil
}

// MadeAt is when a list was prepared, by the clocks of the wijk.
func (b Batch) MadeAt() time.Time { return b.Made.In(civil.Zone) }
