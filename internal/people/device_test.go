package people

import (
	"strings"
	"testing"
	"time"

	"grulden/ledger"
)

func TestDevicesAreOnFileUntilTheyAreGone(t *testing.T) {
	d := New(newPlace(t).open())
	anna, _, err := d.Add(Person{ID: NewID(), Role: Resident, Name: "Anna"}, "hash", noon)
	if err != nil {
		t.Fatal(err)
	}
	first, second := ledger.DeviceID{1}, ledger.DeviceID{2}
	for id, name := range map[ledger.DeviceID]string{first: "  Oude \n telefoon ", second: strings.Repeat("é", 60)} {
		if err := d.NameDevice(anna.ID, id, name, noon); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		after time.Duration
		want  time.Duration
	}{{59 * time.Minute, 0}, {61 * time.Minute, 61 * time.Minute}, {70 * time.Minute, 61 * time.Minute}} {
		if err := d.UsedDevice(anna.ID, first, noon.Add(tt.after)); err != nil {
			t.Fatal(err)
		}
		got, err := d.Device(anna.ID, first)
		if err != nil || got.Name != "Oude telefoon" || !got.Used.Equal(noon.Add(tt.want)) {
			t.Errorf("used after %v: %+v, %v; want %v", tt.after, got, err, noon.Add(tt.want))
		}
	}
	if got, err := d.Device(anna.ID, second); err != nil || got.Name != strings.Repeat("é", MaxDeviceName) {
		t.Errorf("a long name: %+v, %v", got, err)
	}
	if err := d.KeepDevices(anna.ID, []ledger.DeviceID{second}); err != nil {
		t.Fatal(err)
	}
	if got, err := d.Device(anna.ID, first); err != nil || got.Name != "" {
		t.Errorf("one that is gone: %+v, %v", got, err)
	}
	if err := d.UsedDevice(anna.ID, first, noon); err != nil {
		t.Fatal(err)
	}
	if err := d.Erase(anna.ID); err != nil {
		t.Fatal(err)
	}
	if got, err := d.Device(anna.ID, second); err != nil || got.Name != "" {
		t.Errorf("of somebody erased: %+v, %v", got, err)
	}
	if err := d.NameDevice(anna.ID, second, "x", noon); err != nil {
		t.Errorf("naming a device of somebody erased: %v", err)
	}
}
