package people

import (
	"fmt"
	"strings"
	"testing"

	"grulden/internal/store"
	"grulden/ledger"
)

func TestALabelAlwaysGivesTheSameID(t *testing.T) {
	disk := newPlace(t)
	l := NewLabels(disk.open())
	if id := l.Account("anna"); id != 0 {
		t.Fatalf("an account never opened has id %d", id)
	}
	anna, owner, paid := l.NewAccount("anna"), l.Owner("anna"), l.ID("p1")
	if anna == 0 || owner == 0 || paid == (ledger.ID{}) || uint64(anna) == uint64(owner) {
		t.Fatalf("ids %d, %d, %v", anna, owner, paid)
	}
	if l.NewAccount("anna") != anna || l.Account("anna") != anna || l.Owner("anna") != owner || l.ID("p1") != paid || l.ID("p2") == paid {
		t.Error("asking again gives another id")
	}
	if err := l.Flush(); err != nil {
		t.Fatal(err)
	}
	l = NewLabels(disk.open())
	if l.Account("anna") != anna || l.Owner("anna") != owner || l.ID("p1") != paid {
		t.Error("another id after a restart")
	}
	if name, ok, err := l.Name(anna); name != "anna" || !ok || err != nil {
		t.Errorf("Name = %q, %v, %v", name, ok, err)
	}
}

func TestLabelsThatWereNotFlushedAreForgotten(t *testing.T) {
	disk := newPlace(t)
	NewLabels(disk.open()).NewAccount("anna")
	if id := NewLabels(disk.open()).Account("anna"); id != 0 {
		t.Errorf("anna has id %d", id)
	}
}

func TestAllLabelsAreListed(t *testing.T) {
	disk := newPlace(t)
	v := disk.open()
	l := NewLabels(v)
	want := map[ledger.AccountID]string{}
	for i := range 500 {
		label := fmt.Sprintf("account %d", i)
		want[l.NewAccount(label)] = label
		l.Owner(label)
	}
	if err := l.Flush(); err != nil {
		t.Fatal(err)
	}
	add(t, New(v), baker()) // a person is no label
	got, err := l.AllAccounts()
	if err != nil || len(got) != len(want) {
		t.Fatalf("%d accounts, %v; want %d", len(got), err, len(want))
	}
	for id, label := range want {
		if got[id] != label {
			t.Errorf("account %d is %q, want %q", id, got[id], label)
		}
	}
	owners, err := l.AllOwners()
	if err != nil || len(owners) != 500 || owners[l.Owner("account 7")] != "account 7" {
		t.Errorf("%d owners, %v", len(owners), err)
	}
}

func TestAnErasedLabelIsGoneForEver(t *testing.T) {
	disk := newPlace(t)
	l := NewLabels(disk.open())
	anna := l.NewAccount("anna")
	if err := l.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := l.EraseAccount(anna); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, ok, err := l.Name(anna); ok || err != nil {
			t.Errorf("the erased label is still there: %v, %v", ok, err)
		}
		if id := l.Account("anna"); id != 0 {
			t.Errorf("anna still leads to %d", id)
		}
		l = NewLabels(disk.open())
	}
	if err := l.EraseAccount(anna); err != nil {
		t.Errorf("erasing twice: %v", err)
	}
}

func TestLabelsAreSealed(t *testing.T) {
	disk := newPlace(t)
	l := NewLabels(disk.open())
	l.NewAccount("a very private name")
	if err := l.Flush(); err != nil {
		t.Fatal(err)
	}
	for _, prefix := range []byte{store.VaultDocs, store.Lookups} {
		err := disk.db.Space(prefix).Scan(nil, func(key, val []byte) error {
			if strings.Contains(string(key)+string(val), "private") {
				t.Errorf("the label stands in space %q", prefix)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func BenchmarkNewLabels(b *testing.B) {
	l := NewLabels(newPlace(b).open())
	for i := range b.N {
		l.NewAccount(fmt.Sprint(i))
		if i%10_000 == 9999 {
			if err := l.Flush(); err != nil {
				b.Fatal(err)
			}
		}
	}
}
