package wallet

import (
	"context"
	"fmt"
	"time"

	"grulden/internal/node"
	"grulden/internal/record"
	"grulden/ledger"
)

// newFor is how long after its enrolment a device has the limits of the card
// that enrolled it: a thief with card and PIN wins nothing by a phone.
const newFor = 24 * time.Hour

// Device is a device that may sign for an account.
type Device struct {
	ID    ledger.DeviceID
	Since time.Time
}

// Devices are those in use on an account, the oldest first.
func (w *Wallet) Devices(account ledger.AccountID) (all []Device, err error) {
	err = w.node.Read(func(v *node.View) error {
		a, err := v.Account(account)
		if a == nil || err != nil {
			return err
		}
		for _, d := range a.Devices {
			r, err := v.Record(d.Seq)
			if err != nil {
				return err
			}
			all = append(all, Device{ID: d.ID, Since: civilTime(r)})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read devices: %w", err)
	}
	return all, nil
}

// HasDevice tells whether a device may sign for an account now.
func (w *Wallet) HasDevice(account ledger.AccountID, id ledger.DeviceID) (has bool, err error) {
	err = w.node.Peek(func(v *node.View) error {
		a, err := v.Account(account)
		has = a != nil && a.Device(id) != nil
		return err
	})
	return has, err
}

// Enrol lets a device sign for a holder's account. The same device with the
// same key again is no mistake.
func (w *Wallet) Enrol(ctx context.Context, h Holder, id ledger.DeviceID, key record.PublicKey) (node.Receipt, error) {
	receipt, err := w.node.Submit(ctx, node.Request{
		Auth: h.Auth, Command: ledger.Enrol{Account: h.Account, Device: id, Alg: key.Alg, Key: key.Bytes},
	})
	if err != nil || receipt.Result != ledger.DeviceExists {
		return receipt, err
	}
	err = w.node.Read(func(v *node.View) error {
		a, err := v.Account(h.Account)
		if a != nil && err == nil {
			if d := a.Device(id); d != nil && d.Key.Equal(key) {
				receipt.Result, receipt.Repeat = ledger.Applied, true
			}
		}
		return err
	})
	return receipt, err
}

// Retire ends what a device may do for a holder's account. A device that is
// gone already is no mistake.
func (w *Wallet) Retire(ctx context.Context, h Holder, id ledger.DeviceID) (node.Receipt, error) {
	receipt, err := w.node.Submit(ctx, node.Request{Auth: h.Auth, Command: ledger.Retire{Account: h.Account, Device: id}})
	if receipt.Result == ledger.UnknownDevice {
		receipt.Result, receipt.Repeat = ledger.Applied, true
	}
	return receipt, err
}

// isNew tells whether a device was enrolled within a day before a moment, in
// Unix seconds. One that is not in use any more counts as new.
func isNew(v *node.View, a *ledger.Account, id ledger.DeviceID, at int64) (bool, error) {
	d := a.Device(id)
	if d == nil {
		return true, nil
	}
	r, err := v.Record(d.Seq)
	if err != nil {
		return false, err
	}
	return at-r.Moment.At.Sec < int64(newFor/time.Second), nil
}
