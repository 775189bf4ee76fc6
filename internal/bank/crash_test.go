package bank

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/sepa"
	"grulden/ledger"
)

// cutDisk keeps, from just before every sync, a clone of itself as a power cut
// at that moment leaves it: what was synced, and percent of the rest.
type cutDisk struct {
	mem     *vfs.MemFS
	percent int
	mu      sync.Mutex
	rng     *rand.Rand
	cuts    []*vfs.MemFS
}

func newCutDisk(percent int) *cutDisk {
	return &cutDisk{mem: vfs.NewCrashableMem(), percent: percent, rng: rand.New(rand.NewPCG(uint64(percent), 1))}
}

func (c *cutDisk) fs() vfs.FS {
	return errorfs.Wrap(c.mem, errorfs.InjectorFunc(func(op errorfs.Op) error {
		if op.Kind == errorfs.OpFileSync || op.Kind == errorfs.OpFileSyncData {
			c.cut()
		}
		return nil
	}))
}

func (c *cutDisk) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cuts = append(c.cuts, c.mem.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: c.percent, RNG: c.rng}))
}

// week is what a treasurer does in one: a statement with a top-up that has its
// reference, two alike, and one without; a match by hand; payouts; and the
// statement that shows them. Each step may be done again when it is not sure that
// it was done.
type week struct {
	anna       people.Person
	redemption []ledger.ID
	credits    []sepa.SimBooking
}

func newWeek(w *wijk) *week {
	baker := w.shop("Bakkerij Voorbeeld", bakerIBAN)
	k := &week{anna: w.resident("Anna Voorbeeld")}
	k.redemption = []ledger.ID{w.redemption(1, baker, 10_00), w.redemption(2, baker, 20_00)}
	k.credits = []sepa.SimBooking{
		w.topUp(10_00, k.anna.Reference), w.topUp(3_50, k.anna.Reference),
		w.topUp(3_50, k.anna.Reference), w.topUp(7_00, "kenmerk vergeten"),
	}
	return k
}

func (k *week) live(w *wijk) error {
	o, err := w.bank.Import(ctx, w.statement(8, k.credits...), treasurer)
	if err != nil {
		return err
	}
	if _, err := w.bank.MatchByHand(ctx, o.Entries[3].ID, k.anna.Account, desk); err != nil {
		return err
	}
	for _, r := range k.redemption {
		if err := w.bank.Approve(r, treasurer); err != nil && !errors.Is(err, ErrUnknownRedemption) {
			return err
		}
	}
	if _, err := w.bank.Export(treasurer); err != nil && !errors.Is(err, ErrNothingToPay) {
		return err
	}
	batches, err := w.bank.Batches()
	if err != nil || len(batches) != 1 {
		return fmt.Errorf("%d batches: %w", len(batches), err)
	}
	file, err := w.bank.File(batches[0].ID)
	if err != nil {
		return err
	}
	f, err := sepa.ReadPayments(bytes.NewReader(file), sepa.Limits{})
	if err != nil {
		return err
	}
	paid := sepa.BookPayments(f, f.ExecutionDate)
	paid = append(paid, paid[0].Returned(f.ExecutionDate, "AC04")) // 9.80 comes back
	_, err = w.bank.Import(ctx, w.statement(2, append(k.credits, paid...)...), treasurer)
	return err
}

// check holds the end of the week against what it must be.
func (k *week) check(t *testing.T, w *wijk) {
	t.Helper()
	wantCents(t, "Anna", w.has(k.anna.Account), 24_00)
	wantCents(t, "issued", w.head().Issued, 24_00+30_00)
	wantCents(t, "redeemed", w.head().Redeemed, 19_60)
	wantCents(t, "waiting", w.head().Escrow, 0)
	all, err := w.bank.Entries(Filter{})
	must(t, err)
	var states []string
	for _, e := range all {
		states = append(states, string(e.State))
		if e.Seq == 0 || e.ByHand != (e.Cents == 7_00) {
			t.Fatalf("%s by hand %v", e.show(), e.ByHand)
		}
	}
	if got := strings.Count(strings.Join(states, " "), string(Issued)); got != 4 || len(states) != 7 {
		t.Fatalf("entries %v", states)
	}
}

func TestAPowerCutAtAnyStepEndsRight(t *testing.T) {
	for _, percent := range []int{0, 60} {
		disk := newCutDisk(percent)
		w := newWijk(t, disk.fs())
		k := newWeek(w)
		disk.cuts = nil
		must(t, k.live(w))
		disk.cut()
		w.close()
		if len(disk.cuts) < 12 {
			t.Errorf("only %d cuts", len(disk.cuts))
		}
		for i, fs := range disk.cuts {
			again := w.at(t, fs)
			again.checkNotes(t)
			if err := k.live(again); err != nil {
				t.Fatalf("cut %d of %d: %v", i, len(disk.cuts), err)
			}
			k.check(t, again)
			again.close()
		}
	}
}

// checkNotes holds the entries, as they are after opening, against the journal:
// nothing is only kept, and what was issued is known to be.
func (w *wijk) checkNotes(t *testing.T) {
	t.Helper()
	all, err := w.bank.Entries(Filter{})
	must(t, err)
	must(t, w.node.Read(func(v *node.View) error {
		for _, e := range all {
			seq, err := v.Used(issueKey(e.ID))
			if err != nil {
				return err
			}
			if e.State == Kept || (e.State == Issued) != (seq != 0) {
				t.Fatalf("after opening: %s, in the journal as %d", e.show(), seq)
			}
		}
		return nil
	}))
}

// What opening finishes is what the file, imported again, would have led to.
func TestOpeningFinishesAnImportThatWasCutShort(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	k := newWeek(w)
	statements, err := sepa.ReadStatements(bytes.NewReader(w.statement(8, k.credits...)), sepa.Limits{})
	must(t, err)
	i := &importer{bank: w.bank, by: ID(treasurer), reserve: Reserve{IBAN: reserveIBAN}, outcome: &Outcome{}, seen: map[ID]bool{}}
	for _, said := range statements[0].Entries {
		must(t, i.take(&statements[0], said))
	}
	kept, err := w.bank.keep(i.waiting)
	must(t, err)
	if len(kept) != 4 || w.head().Issued != 30_00 {
		t.Fatalf("%d kept, %v issued", len(kept), w.head().Issued)
	}
	_, err = w.bank.MatchByHand(ctx, kept[3].ID, k.anna.Account, desk)
	wantErr(t, err, ErrNotMatchable)
	w.close()
	w.open()
	wantCents(t, "Anna", w.has(k.anna.Account), 17_00)
	e, err := w.bank.Entry(kept[0].ID)
	must(t, err)
	if wantState(t, e, Issued, ""); e.By != ID(treasurer) {
		t.Errorf("issued by %v", e.By)
	}
	must(t, k.live(w))
	k.check(t, w)
	w.close()
}

// inFiles tells in which files on the disk a text stands.
func inFiles(t *testing.T, fs vfs.FS, text string) (names []string) {
	t.Helper()
	for _, dir := range []string{"wijk", "wijk/store"} {
		list, err := fs.List(dir)
		must(t, err)
		for _, name := range list {
			path := fs.PathJoin(dir, name)
			info, err := fs.Stat(path)
			must(t, err)
			if info.IsDir() {
				continue
			}
			f, err := fs.Open(path)
			must(t, err)
			var data bytes.Buffer
			_, err = data.ReadFrom(f)
			must(t, errors.Join(err, f.Close()))
			if bytes.Contains(data.Bytes(), []byte(text)) {
				names = append(names, path)
			}
		}
	}
	return names
}

func TestNothingPersonalIsOnDiskInTheClear(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	k := newWeek(w)
	must(t, k.live(w))
	stranger := w.topUp(5_00, "voor mijn buurvrouw Wilhelmina")
	stranger.EndToEndID, stranger.BankRef = "EIGEN-KENMERK-77", "BANKKENMERK-88"
	w.take(w.statement(8, stranger))
	must(t, w.bank.Reject(ctx, w.redemption(3, w.shop("Zonder Voorbeeld", ""), 5_00), desk, Refusal{Reason: "verhuisd naar Delfzijl"}))
	statements, err := sepa.ReadStatements(bytes.NewReader(w.statement(8, stranger)), sepa.Limits{})
	must(t, err)
	fingerprint := statements[0].Entries[0].Fingerprint // guesses can be tested against it
	raw, err := hex.DecodeString(fingerprint)
	must(t, err)
	for _, text := range []string{
		fingerprint[:16], string(raw[:8]), "Anna Voorbeeld", annaIBAN, k.anna.Reference, "Bakkerij", bakerIBAN, "Wilhelmina", "Delfzijl",
		"EIGEN-KENMERK", "BANKKENMERK", "Document xmlns",
	} {
		if found := inFiles(t, w.fs, text); len(found) > 0 {
			t.Errorf("%q is in %v", text, found)
		}
	}
	if len(inFiles(t, w.fs, "Stichting Voorbeeld")) == 0 || len(inFiles(t, w.fs, `"state":"issued"`)) == 0 {
		t.Error("not even what is in the clear is found: the search is wrong")
	}
}
