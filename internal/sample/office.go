package sample

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed" // the sheet
	"errors"
	"fmt"

	"grulden/internal/cash"
	"grulden/internal/foureyes"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/internal/rewards"
	"grulden/internal/worth"
	"grulden/ledger"
)

// Those who work in the office of the sample.
const (
	clerk     = "Balie"
	treasurer = "Penningmeester"
	second    = "Tweede penningmeester"
	board     = "Bestuurslid"
)

// two has one person propose something and another one approve it.
func (w *Wijk) two(draft foureyes.Draft, by, second string) error {
	p, err := w.FourEyes.Propose(w.ctx, w.office[by], draft)
	if err == nil {
		p, err = w.FourEyes.Approve(w.ctx, w.office[second], p.ID, p.Hash)
	}
	if err == nil && p.State != foureyes.Done {
		err = errors.New(p.Failure)
	}
	if err != nil {
		return fmt.Errorf("%s of the sample: %w", draft.Kind, err)
	}
	return nil
}

// Office leaves something in the office of the sample for each who works there:
// cash that was taken in and counted, money of a source for volunteers, a name
// that the bank knows otherwise, two proposals that wait for a second person, and
// a sheet of what the coin cost and brought.
func (w *Wijk) Office(ctx context.Context, box *cash.Box, book *rewards.Book) error {
	clerk, treasurer := w.office[clerk], w.office[treasurer]
	if clerk == (people.ID{}) || treasurer == (people.ID{}) {
		return errors.New("the sample has no office")
	}
	if err := w.box(ctx, box, auth(clerk)); err != nil {
		return fmt.Errorf("cash box of the sample: %w", err)
	}
	if err := book.AddSource(rewards.ID(sampleID("source")), "Gemeente, vrijwilligers", rewards.Reward, auth(treasurer)); err != nil {
		return fmt.Errorf("source of the sample: %w", err)
	}
	if err := w.propose(ctx, clerk, treasurer); err != nil {
		return fmt.Errorf("proposals of the sample: %w", err)
	}
	if err := w.sheet(treasurer); err != nil {
		return fmt.Errorf("sheet of the sample: %w", err)
	}
	return nil
}

// sheetFile is what the coin cost and brought; it says of itself that it is made up.
//
//go:embed sheet.json
var sheetFile []byte

// sheet fills in what the coin cost and brought, as an example of how that is done.
func (w *Wijk) sheet(by people.ID) error {
	filled, err := worth.Read(bytes.NewReader(sheetFile))
	if err != nil {
		return err
	}
	_, err = worth.NewBook(w.Node.Store()).Save(*filled, 0, record.ActorID(by), w.Node.Now())
	if errors.Is(err, worth.ErrStale) { // it is filled in already
		return nil
	}
	return err
}

// box takes in cash of three residents and counts it.
func (w *Wijk) box(ctx context.Context, box *cash.Box, by record.Auth) error {
	for i, cents := range []ledger.Cents{20_00, 15_00, 10_00} {
		if _, err := box.TakeIn(ctx, cash.ID(sampleID(fmt.Sprint("receipt ", i))), w.residents[10+i].person.ID, cents, by); err != nil {
			return err
		}
	}
	pieces := []cash.Pieces{{Cents: 20_00, Count: 1}, {Cents: 10_00, Count: 2}, {Cents: 2_00, Count: 2}, {Cents: 20, Count: 5}}
	_, err := box.Count(ctx, cash.ID(sampleID("count")), pieces, "", by)
	return err
}

// propose asks for what a second person has to look at: another bank account of a
// shop, whose name the bank knows nearly so, and a purpose of the wijkfonds. The
// bodies are those that the pages send.
func (w *Wijk) propose(ctx context.Context, clerk, treasurer people.ID) error {
	shop := w.shops[1].person
	account := map[string]any{
		"iban": madeUpIBAN(2001), "holder": shop.Shop + " V.O.F.",
		"name_check": people.NameCheck{On: w.Node.Now(), Result: people.NameClose, By: clerk},
	}
	_, err := w.FourEyes.Propose(ctx, clerk, foureyes.Draft{
		ID: foureyes.ID(sampleID("account")), Kind: "iban", Person: shop.ID, Body: account, Why: "De winkel ging naar een andere bank.",
	})
	if err != nil {
		return err
	}
	_, err = w.FourEyes.Propose(ctx, treasurer, foureyes.Draft{
		ID: foureyes.ID(sampleID("purpose")), Kind: "purpose", Body: map[string]any{"name": "Eerste hulp bij geldzorgen", "need": true},
		Why: "Besproken in de vergadering.",
	})
	return err
}

// sampleID is an id that is the same in every sample.
func sampleID(what string) (id people.ID) {
	sum := sha256.Sum256([]byte("sample " + what))
	copy(id[:], sum[:])
	return id
}
