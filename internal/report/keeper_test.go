package report

import (
	"context"
	"errors"
	"maps"
	"math/big"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/internal/node"
	"grulden/internal/record"
	"grulden/internal/store"
	"grulden/ledger"
)

// disk is a ledger on a disk in memory whose clock is the history's.
type disk struct {
	*node.Node
	t   testing.TB
	fs  *vfs.MemFS
	now atomic.Int64 // in nanoseconds: the node reads it while it is set
}

func (d *disk) set(now time.Time) { d.now.Store(now.UnixNano()) }

func (d *disk) clock() time.Time { return time.Unix(0, d.now.Load()).UTC() }

func newDisk(t testing.TB) *disk {
	d := &disk{t: t, fs: vfs.NewCrashableMem()}
	d.set(time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC))
	if err := node.Init("wijk", node.Settings{Coin: "Korrel", Wijk: "De Hoogte"}, d.options().Store); err != nil {
		t.Fatal(err)
	}
	d.open()
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

func (d *disk) options() node.Options {
	return node.Options{Store: store.Options{FS: d.fs, MinFreeBytes: 1}, Clock: d.clock}
}

func (d *disk) open() {
	d.t.Helper()
	n, err := node.Open("wijk", d.options())
	if err != nil {
		d.t.Fatal(err)
	}
	d.Node = n
}

// take writes down the entries of a history again, each at its own time.
func (d *disk) take(records []*record.Record) {
	d.t.Helper()
	for _, r := range records {
		d.set(r.Moment.At.Time())
		got, err := d.Submit(context.Background(), node.Request{
			Auth: record.Auth{How: record.ByReplay}, Command: r.Command, Moment: r.Moment,
		})
		if err != nil || got.Result != ledger.Applied {
			d.t.Fatal(r.Seq, got.Result, err)
		}
	}
}

func (d *disk) keeper() *Keeper {
	d.t.Helper()
	k, err := OpenKeeper(d.Node)
	if err != nil {
		d.t.Fatal(err)
	}
	return k
}

func TestTheKeptReportIsThatOfOnePass(t *testing.T) {
	for seed := range uint64(4) {
		records := history(t, seed, 120, names{})
		d := newDisk(t)
		k := d.keeper()
		half := len(records) / 2
		d.take(records[:half])
		if _, err := k.Report(t.Context(), Always, Options{}); err != nil {
			t.Fatal(err)
		}
		d.take(records[half:])
		for _, p := range periods(records, rand.New(rand.NewPCG(seed, 3))) {
			d.isRight(k, records, p)
		}
		if err := k.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestTheEdgesAreThoseOfASlowRecount: who paid whom, and as what, as the slow
// recount has it after all refunds.
func TestTheEdgesAreThoseOfASlowRecount(t *testing.T) {
	for seed := range uint64(20) {
		records := history(t, seed, 150, names{})
		for _, p := range periods(records, rand.New(rand.NewPCG(seed, 4))) {
			type way [2]ledger.OwnerID
			want, counts := map[way]*big.Rat{}, map[way]int{}
			for _, paid := range recounted(t, records, p).paid {
				if paid.day < p.From || len(paid.parts) == 0 {
					continue
				}
				w := way{paid.from, paid.to}
				counts[w]++
				if want[w] == nil {
					want[w] = new(big.Rat)
				}
				for _, h := range paid.parts {
					want[w].Add(want[w], asGrulden(h.worth))
				}
			}
			got := map[way]*big.Rat{}
			for _, e := range reportOn(t, records, p, p.To).edges {
				w := way{e.From, e.To}
				if e.FromRole == "" || e.ToRole == "" || e.From == e.To {
					t.Fatalf("seed %d: %+v", seed, e)
				}
				if got[w] == nil {
					got[w] = new(big.Rat)
				}
				got[w].Add(got[w], ofCents(e.Amount))
				counts[w] -= e.Count
			}
			for w, n := range counts {
				if n != 0 || want[w] == nil || got[w] == nil || want[w].Cmp(got[w]) != 0 {
					t.Fatalf("seed %d, %v to %v: %v paid %v, want %v; %d payments more", seed, p.From, p.To, w, got[w], want[w], n)
				}
			}
		}
	}
}

func TestAKeeperOfNothingSaysSo(t *testing.T) {
	k := newDisk(t).keeper()
	if _, err := k.Report(t.Context(), Always, Options{}); !errors.Is(err, ErrNothing) {
		t.Errorf("no entries: %v", err)
	}
	if _, err := k.Edges(Period{2, 1}); !errors.Is(err, ErrPeriod) {
		t.Errorf("a period that ends before it begins: %v", err)
	}
}

// dump is all rows that a keeper keeps.
func (d *disk) dump() map[string]string {
	d.t.Helper()
	all := map[string]string{}
	err := d.Store().Space(store.Sums).Scan(nil, func(key, val []byte) error {
		all[string(key)] = string(val)
		return nil
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return all
}

// TestTheSumsMadeAgainAreTheSameToTheByte: kept day by day by many keepers one
// after the other, and made again at once from nothing.
func TestTheSumsMadeAgainAreTheSameToTheByte(t *testing.T) {
	for seed := range uint64(6) {
		records := history(t, seed, 150, names{})
		d := newDisk(t)
		for i := 0; i < len(records); i += 20 {
			d.take(records[i:min(i+20, len(records))])
			k := d.keeper()
			k.readAtOnce, k.writeAfter = 7, 1
			if err := k.Follow(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		grown := d.dump()
		if err := kept(d.Store()).empty(d.Store()); err != nil {
			t.Fatal(err)
		}
		if left := d.dump(); len(left) > 0 {
			t.Fatalf("%d rows were left", len(left))
		}
		if err := d.keeper().Follow(t.Context()); err != nil {
			t.Fatal(err)
		}
		again := d.dump()
		if len(grown) != len(again) {
			t.Errorf("seed %d: %d rows, made again %d", seed, len(grown), len(again))
		}
		for key, val := range again {
			if grown[key] != val {
				t.Fatalf("seed %d: row %x was\n%x and made again is\n%x", seed, key, grown[key], val)
			}
		}
	}
}

// TestSumsOfAnotherVersionAreMadeAgain: also when they cannot be read.
func TestSumsOfAnotherVersionAreMadeAgain(t *testing.T) {
	records := history(t, 5, 150, names{})
	d := newDisk(t)
	d.take(records)
	if err := d.keeper().Follow(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := d.dump()
	for _, spoil := range []map[string]string{
		{"v": "\x00"}, {"v": ""}, {"s": ""}, {"s": want["s"][:20]}, {"s": want["s"] + "x"}, {"ayyyyyyyy": "\x01"}, {"wyyyyyyyyyyyyyyyy": "\x01"},
	} {
		for key, val := range spoil {
			if err := d.Store().Space(store.Sums).Put([]byte(key), []byte(val)); err != nil {
				t.Fatal(err)
			}
		}
		if err := d.keeper().Follow(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := d.dump(); !maps.Equal(got, want) {
			t.Errorf("spoilt by %q, %d rows were not made again as they were", spoil, len(want))
		}
	}
}

// TestAfterAPowerCutTheSumsGoOn: the disk is cut at any moment of the keeping, and
// the next keeper ends with the same rows.
func TestAfterAPowerCutTheSumsGoOn(t *testing.T) {
	records := history(t, 8, 150, names{})
	for cut := 3; cut < 60; cut += 7 {
		d := newDisk(t)
		d.take(records)
		k := d.keeper()
		k.readAtOnce, k.writeAfter = 5, 1
		stopped, writes := errors.New("cut"), 0
		if err := k.load(); err != nil {
			t.Fatal(err)
		}
		err := d.Read(func(v *node.View) error {
			if _, err := k.read(t.Context(), v, Options{}); err != nil {
				return err
			}
			k.f.rows.over = func(*fold) error {
				if writes++; writes == cut {
					return stopped
				}
				return k.write()
			}
			return v.Records(k.f.seq+1, func(r *record.Record) error { return k.f.entry(&r.Entry) })
		})
		if !errors.Is(err, stopped) {
			t.Fatal(err)
		}
		d.crash()
		if err := d.keeper().Follow(t.Context()); err != nil {
			t.Fatal(err)
		}
		after := d.dump()
		if err := kept(d.Store()).empty(d.Store()); err != nil {
			t.Fatal(err)
		}
		if err := d.keeper().Follow(t.Context()); err != nil {
			t.Fatal(err)
		}
		if !maps.Equal(after, d.dump()) {
			t.Errorf("cut at day %d, the sums are others", cut)
		}
	}
}

// crash cuts the power: what was not synced is gone.
func (d *disk) crash() {
	d.t.Helper()
	after := d.fs.CrashClone(vfs.CrashCloneCfg{})
	if err := d.Close(); err != nil {
		d.t.Fatal(err)
	}
	d.fs = after
	d.open()
}

// TestADiskThatFailsAsTheAskerHangsUp leaves no half of an entry behind: the next
// report is right.
func TestADiskThatFailsAsTheAskerHangsUp(t *testing.T) {
	records := manyPayments(t, 3000)
	d := newDisk(t)
	d.fill(records)
	k := d.keeper()
	k.readAtOnce, k.writeAfter = 500, 1
	if err := k.load(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	broken, reads, get := errors.New("the disk does not answer"), 0, k.f.rows.get
	k.f.rows.get = func(key []byte) ([]byte, bool, error) {
		if reads++; reads == 40 {
			cancel()
			return nil, false, broken
		}
		return get(key)
	}
	if err := k.Follow(ctx); !errors.Is(err, broken) {
		t.Fatal(err)
	}
	d.isRight(k, records, Always)
}

// TestARowThatIsGoneOrDamagedIsMadeAgain by the report that needs it, asked of a
// new keeper and of the one that kept it.
func TestARowThatIsGoneOrDamagedIsMadeAgain(t *testing.T) {
	records := manyPayments(t, 3000)
	first := records[0].Moment.Day
	week := Period{first, first + 6}
	d := newDisk(t)
	d.fill(records)
	k := d.keeper()
	if err := k.Follow(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := d.dump()
	edges := string(levelKey(keyEdges, keyDay, first+3))
	ages, acted := string(levelKey(keyAges, keyDay, first+2)), string(append(levelKey(keyHolders, keyDay, first+3), byte(whoActed)))
	for _, key := range []string{string(dayKey(keyDay, first+3)), string(dayKey(keyEnd, first+6)), edges, ages, acted} {
		for _, spoil := range []func(*store.Batch){
			func(b *store.Batch) { b.Delete([]byte(key)) },
			func(b *store.Batch) { b.Set([]byte(key), []byte(want[key][:len(want[key])-1])) },
		} {
			for _, k := range []*Keeper{k, d.keeper()} {
				if err := d.Store().Space(store.Sums).Update(spoil); err != nil {
					t.Fatal(err)
				}
				d.isRight(k, records, week)
				if got := d.dump(); !maps.Equal(got, want) {
					t.Fatalf("row %x: the rows were not made again as they were", key)
				}
				if _, err := k.Edges(week); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// TestNoRowIsMissedInSilence: whichever row is gone, the report of always is right.
func TestNoRowIsMissedInSilence(t *testing.T) {
	records := history(t, 4, 150, names{})
	d := newDisk(t)
	d.take(records)
	if err := d.keeper().Follow(t.Context()); err != nil {
		t.Fatal(err)
	}
	kinds := map[byte]int{}
	for key := range d.dump() {
		if kinds[key[0]]++; kinds[key[0]] > 4 {
			continue
		}
		if err := d.Store().Space(store.Sums).Update(func(b *store.Batch) { b.Delete([]byte(key)) }); err != nil {
			t.Fatal(err)
		}
		d.isRight(d.keeper(), records, Always)
	}
	for _, kind := range []byte{keyPurse, keyDay, keyMonth, keyEnd, keyHolders, keyEdges, keyAges, keyRefunds, keyPayments, keySettled} {
		if kinds[kind] == 0 {
			t.Errorf("no row of kind %c was there to be missed", kind)
		}
	}
}

// TestSumsAheadOfTheJournalAreMadeAgain: somebody put back an older copy of it.
func TestSumsAheadOfTheJournalAreMadeAgain(t *testing.T) {
	records := manyPayments(t, 3000)
	long, short := newDisk(t), newDisk(t)
	long.fill(records)
	short.fill(records[:1000])
	if err := long.keeper().Follow(t.Context()); err != nil {
		t.Fatal(err)
	}
	for key, val := range long.dump() {
		if err := short.Store().Space(store.Sums).Put([]byte(key), []byte(val)); err != nil {
			t.Fatal(err)
		}
	}
	short.isRight(short.keeper(), records[:1000], Always)
}

// TestAHolderIsTheSameAfterTheSumsWereTakenUp: a second account is no second holder.
func TestAHolderIsTheSameAfterTheSumsWereTakenUp(t *testing.T) {
	r := inMemory()
	f := newFold(r, nil)
	if err := f.live(100); err != nil {
		t.Fatal(err)
	}
	f.holderOf(7, "resident")
	f.holderOf(7, "merchant")
	f.holderOf(8, "resident")
	if err := f.save(); err != nil {
		t.Fatal(err)
	}
	again := newFold(r, nil)
	if _, err := again.load(); err != nil {
		t.Fatal(err)
	}
	for i, h := range f.holders {
		if number := again.holderOf(h.owner, f.roles[h.role]); int(number) != i {
			t.Errorf("holder %d is %d afterwards", i, number)
		}
	}
	if len(again.holders) != 3 {
		t.Errorf("%d holders", len(again.holders))
	}
}

// isRight compares a keeper's report with the one made in one pass.
func (d *disk) isRight(k *Keeper, records []*record.Record, p Period) {
	d.t.Helper()
	got, err := k.Report(d.t.Context(), p, Options{Coin: "Grulden", Owners: true})
	if err != nil {
		d.t.Fatal(err)
	}
	if want := reportOn(d.t, records, p, d.Today()); text(d.t, got) != text(d.t, want) {
		d.t.Fatalf("%v to %v: kept\n%s\nin one pass\n%s", p.From, p.To, text(d.t, got), text(d.t, want))
	}
}
