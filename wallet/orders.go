package wallet

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"grulden/internal/node"
	"grulden/internal/payreq"
	"grulden/internal/people"
	"grulden/internal/vault"
	"grulden/ledger"
)

// Orders are what people agree on or ask for beyond one payment: requests by
// link, payments that come again, payments to be given back, and an
// organisation's lists. What they say is sealed with whose it is; that a
// payment was made is never kept here, because the ledger knows.
type Orders struct {
	node   *node.Node
	vault  *vault.Vault
	people *people.Directory
	book   *payreq.Book
	mint   *payreq.Mint
	wallet *Wallet // for its limits

	running sync.Mutex // held while lists are paid

	mu       sync.Mutex // held while an order is changed or carried out
	standing map[ledger.ID]place
	batches  map[ledger.ID]people.ID // not finished
}

// NewOrders reads which orders of a wallet's holders are under way.
func NewOrders(w *Wallet, v *vault.Vault, d *people.Directory) (*Orders, error) {
	o := &Orders{
		node: w.node, vault: v, people: d, book: w.book, mint: w.mint, wallet: w,
		standing: make(map[ledger.ID]place), batches: make(map[ledger.ID]people.ID),
	}
	err := v.AllNamed(standingDoc, func(who people.ID, _ string, doc []byte) error {
		var s Standing
		if err := json.Unmarshal(doc, &s); err != nil {
			return err
		}
		o.place(who, s)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read standing orders: %w", err)
	}
	err = v.AllNamed(batchDoc, func(who people.ID, _ string, doc []byte) error {
		var b Batch
		if err := json.Unmarshal(doc, &b); err != nil {
			return err
		}
		if b.Started && !b.Finished {
			o.batches[b.ID] = who
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read lists of payments: %w", err)
	}
	return o, nil
}

// Names of documents of a person; what follows is an id or a code.
const (
	standingDoc = "standing/"
	linkDoc     = "link/"
	returnDoc   = "return/"
	batchDoc    = "batch/"
	resultDoc   = "batch result/"
)

// Errors of orders.
var (
	ErrUnknownOrder = errors.New("there is no such order")
	ErrTooMany      = errors.New("there are too many orders of this kind")
	ErrText         = errors.New("the text is too long")
	ErrDay          = errors.New("the day is not one to begin or end on")
	ErrSelf         = errors.New("nobody can pay themselves")
)

// MaxText is the longest text with a request or an order, in characters.
const MaxText = 60

// put writes one document of a person.
func (o *Orders) put(who people.ID, name string, doc any) error {
	text, err := json.Marshal(doc)
	if err == nil {
		err = o.vault.Put(who, name, text)
	}
	if err != nil {
		return fmt.Errorf("write an order: %w", err)
	}
	return nil
}

// get reads one document of a person.
func (o *Orders) get(who people.ID, name string, doc any) (ok bool, err error) {
	text, ok, err := o.vault.Get(who, name)
	if err == nil && ok {
		err = json.Unmarshal(text, doc)
	}
	if err != nil {
		return false, fmt.Errorf("read an order: %w", err)
	}
	return ok, nil
}

// deliver hands a command to the ledger and waits for it.
func (o *Orders) deliver(ctx context.Context, r node.Request) (node.Receipt, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	receipt, err := o.node.Submit(ctx, r)
	if errors.Is(err, context.DeadlineExceeded) {
		err = ErrUnsure
	}
	return receipt, err
}
