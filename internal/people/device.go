package people

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"grulden/ledger"
)

// Device is what is on file about a device that signs for somebody. Its key is
// in the ledger; its name is the person's own affair and is not.
type Device struct {
	ID   ledger.DeviceID
	Name string
	Used time.Time // when it last paid, to the hour
}

// MaxDeviceName is the longest name of a device, in characters.
const MaxDeviceName = 40

// deviceDoc is the document with a person's devices: id in hexadecimal → what
// is on file.
const deviceDoc = "devices"

type deviceRow struct {
	Name string    `json:"name"`
	Used time.Time `json:"used"`
}

// Device finds what is on file about a device of a person. Of one that is not
// on file there is nothing but its id.
func (d *Directory) Device(person ID, id ledger.DeviceID) (Device, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	rows, err := d.readDevices(person)
	row := rows[hex.EncodeToString(id[:])]
	return Device{ID: id, Name: row.Name, Used: row.Used}, err
}

// NameDevice puts the name of a device on file.
func (d *Directory) NameDevice(person ID, id ledger.DeviceID, name string, now time.Time) error {
	name = tidy(name)
	if letters := []rune(name); len(letters) > MaxDeviceName {
		name = strings.TrimSpace(string(letters[:MaxDeviceName]))
	}
	return d.changeDevices(person, func(rows map[string]deviceRow) bool {
		rows[hex.EncodeToString(id[:])] = deviceRow{Name: name, Used: now.UTC().Truncate(time.Second)}
		return true
	})
}

// UsedDevice notes that a device was used, and writes that down once an hour at
// most: a payment must not cost a second write to disk.
func (d *Directory) UsedDevice(person ID, id ledger.DeviceID, now time.Time) error {
	return d.changeDevices(person, func(rows map[string]deviceRow) bool {
		key := hex.EncodeToString(id[:])
		row, ok := rows[key]
		if !ok || now.Sub(row.Used) < time.Hour {
			return false
		}
		row.Used = now.UTC().Truncate(time.Second)
		rows[key] = row
		return true
	})
}

// KeepDevices forgets what is on file about all devices of a person but some.
func (d *Directory) KeepDevices(person ID, some []ledger.DeviceID) error {
	return d.changeDevices(person, func(rows map[string]deviceRow) bool {
		before := len(rows)
		for key := range rows {
			if !slices.ContainsFunc(some, func(id ledger.DeviceID) bool { return hex.EncodeToString(id[:]) == key }) {
				delete(rows, key)
			}
		}
		return len(rows) < before
	})
}

// changeDevices writes a person's devices if change says that it changed them.
func (d *Directory) changeDevices(person ID, change func(map[string]deviceRow) bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, ok, err := d.read(person); err != nil || !ok {
		return err // somebody who was erased meanwhile has no devices
	}
	rows, err := d.readDevices(person)
	if err != nil || !change(rows) {
		return err
	}
	doc, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("write devices: %w", err)
	}
	b := d.vault.NewBatch()
	b.Put(person, deviceDoc, doc)
	if err := b.Commit(); err != nil {
		return fmt.Errorf("write devices: %w", err)
	}
	return nil
}

// readDevices reads a person's devices; the lock is held.
func (d *Directory) readDevices(person ID) (map[string]deviceRow, error) {
	rows := make(map[string]deviceRow)
	doc, ok, err := d.vault.Get(person, deviceDoc)
	if err != nil || !ok {
		return rows, err
	}
	if err := json.Unmarshal(doc, &rows); err != nil {
		return nil, fmt.Errorf("read devices: %w", err)
	}
	return rows, nil
}
