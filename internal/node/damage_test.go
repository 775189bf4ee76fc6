package node

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/internal/journal"
	"grulden/internal/store"
)

// original is a ledger that was well, to be compared with damaged copies of it.
type original struct {
	clock  *testClock
	mem    *vfs.MemFS
	heads  []journal.Head // of the journal, at each size
	signed journal.Head
	rows   [32]byte // hash over every row of the ledger
}

// closedLedger is one after a clean stop, crashedLedger one after a power cut:
// what was written last is in the log only, and the checkpoint is older.
func closedLedger(t *testing.T) *original  { return makeOriginal(t, true) }
func crashedLedger(t *testing.T) *original { return makeOriginal(t, false) }

func makeOriginal(t *testing.T, closed bool) *original {
	t.Helper()
	w, m := newMarket(3), newMachine(vfs.NewCrashableMem())
	o := m.options(w.clock)
	mustInit(t, o)
	for from := 0; from <= 18; from += 9 {
		n := mustOpen(t, o)
		if err := w.run(context.Background(), n, from, from+9); err != nil {
			t.Fatal(err)
		}
		if from == 18 && !closed {
			x := &original{clock: w.clock, mem: copyOf(m.mem)}
			mustClose(t, n)
			x.look(t)
			return x
		}
		mustClose(t, n)
	}
	x := &original{clock: w.clock, mem: copyOf(m.mem)}
	x.look(t)
	return x
}

// look takes down what a ledger is like.
func (x *original) look(t *testing.T) {
	t.Helper()
	o := newMachine(copyOf(x.mem)).options(x.clock)
	n := mustOpen(t, o)
	var tree journal.Tree
	x.heads = []journal.Head{tree.Head()}
	if err := n.Read(func(v *View) error {
		for seq := uint64(1); seq <= v.Head().Seq; seq++ {
			row, err := v.entry(seq)
			if err != nil {
				return err
			}
			e, err := journal.ParseEntry(row)
			if err != nil {
				return err
			}
			if err := tree.Replay(e); err != nil {
				return err
			}
			x.heads = append(x.heads, tree.Head())
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	x.rows = hashOfRows(t, n)
	mustClose(t, n)
	signed, err := journal.ReadCheckpoint(filesIn("wijk", store.Options{FS: x.mem}), checkpointFile, n.key)
	if err != nil {
		t.Fatal(err)
	}
	x.signed = signed
	t.Logf("%d records, of which %d signed", len(x.heads)-1, signed.Size)
}

// hashOfRows is a hash over all that is in a node's store.
func hashOfRows(t *testing.T, n *Node) (sum [32]byte) {
	t.Helper()
	h := sha256.New()
	s := n.Store().Snapshot()
	err := s.Scan(nil, nil, func(k, v []byte) error {
		fmt.Fprintf(h, "%x %x\n", k, v)
		return nil
	})
	if err := errors.Join(err, s.Close()); err != nil {
		t.Error(err)
	}
	return [32]byte(h.Sum(nil))
}

// outcome is what came of opening a damaged ledger.
type outcome string

const (
	refused   outcome = "refused"   // it does not open, and says why
	ended     outcome = "ended"     // the process ended itself, and said why
	noticed   outcome = "noticed"   // it opens, and verify finds the damage
	shortened outcome = "shortened" // what was not yet signed is missing, and nothing else
	unharmed  outcome = "unharmed"  // nothing is missing or changed
)

// openDamaged opens a damaged copy and verifies it. The error is for what must
// never be: a state that is wrong and not found.
func (x *original) openDamaged(t *testing.T, mem *vfs.MemFS) (what outcome, why string, err error) {
	t.Helper()
	m := newMachine(mem)
	if !m.finish(t, func() { what, why, err = x.tryDamaged(t, m.options(x.clock)) }) {
		what, why = ended, m.why
	}
	if what == refused && !knownRefusal(why) || what == ended && !strings.Contains(why, "corrupt") {
		err = fmt.Errorf("%s, and it is not clear why: %s", what, why)
	}
	return what, why, err
}

// knownRefusal tells whether somebody told this would know what is the matter.
func knownRefusal(why string) bool {
	for _, clear := range []error{
		ErrDamaged, ErrHalfMade, store.ErrDamaged, store.ErrNotLedger, store.ErrFormat, journal.ErrBadKey,
		journal.ErrBadCheckpoint, journal.ErrBehind, journal.ErrForked, journal.ErrMismatch, journal.ErrGap,
	} {
		if strings.Contains(why, clear.Error()) {
			return true
		}
	}
	return strings.Contains(why, "signing key")
}

func (x *original) tryDamaged(t *testing.T, o Options) (outcome, string, error) {
	n, err := Open("wijk", o)
	if err != nil {
		return refused, err.Error(), nil
	}
	rows := hashOfRows(t, n)
	if err := n.Close(); err != nil {
		return refused, err.Error(), nil
	}
	v, err := Verify(context.Background(), "wijk", o.Store, func(_, _ uint64) {})
	switch size := v.Journal.Size; {
	case err != nil:
		return noticed, err.Error(), nil
	case size >= uint64(len(x.heads)) || v.Journal != x.heads[size]:
		return "", "", fmt.Errorf("it is another history, of %d records, and verifies", size)
	case size < x.signed.Size:
		return "", "", fmt.Errorf("%d records are left, %d were signed, and it verifies", size, x.signed.Size)
	case size < uint64(len(x.heads)-1):
		return shortened, fmt.Sprint("to ", size), nil
	case rows != x.rows:
		return "", "", errors.New("the journal is the same, rows are not, and it verifies")
	}
	return unharmed, "", nil
}

// eachFile calls fn for each file on a disk, in the order of their names.
func eachFile(t *testing.T, mem *vfs.MemFS, fn func(path string, size int)) {
	t.Helper()
	for _, dir := range []string{"wijk", "wijk/store"} {
		names, err := mem.List(dir)
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(names)
		for _, name := range names {
			info, err := mem.Stat(dir + "/" + name)
			if err != nil {
				t.Fatal(err)
			}
			if !info.IsDir() {
				fn(dir+"/"+name, int(info.Size()))
			}
		}
	}
}

// rewrite changes the bytes of one file on a copy of a disk. Nil removes it.
func rewrite(t *testing.T, mem *vfs.MemFS, path string, change func([]byte) []byte) *vfs.MemFS {
	t.Helper()
	mem = copyOf(mem)
	data, err := store.NewFiles(mem, mem.PathDir(path)).ReadFile(mem.PathBase(path))
	if err != nil {
		t.Fatal(err)
	}
	if data = change(data); data == nil {
		if err := mem.Remove(path); err != nil {
			t.Fatal(err)
		}
		return mem
	}
	if err := store.NewFiles(mem, mem.PathDir(path)).WriteFile(mem.PathBase(path), data); err != nil {
		t.Fatal(err)
	}
	return mem
}

// kindOf is the kind of a file, by its name.
func kindOf(path string) string {
	name := path[strings.LastIndex(path, "/")+1:]
	for _, kind := range []string{".sst", ".log"} {
		if strings.HasSuffix(name, kind) {
			return kind
		}
	}
	kind, _, _ := strings.Cut(name, "-0")
	kind, _, _ = strings.Cut(kind, ".00")
	return kind
}

// tally counts outcomes by the kind of file that was damaged.
type tally struct {
	mu     sync.Mutex
	counts map[string]map[outcome]int
}

func (c *tally) add(path string, what outcome) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.counts == nil {
		c.counts = make(map[string]map[outcome]int)
	}
	kind := kindOf(path)
	if c.counts[kind] == nil {
		c.counts[kind] = make(map[outcome]int)
	}
	c.counts[kind][what]++
}

// noticed counts the damages that somebody is told of.
func (c *tally) noticed() (n int) {
	for _, counts := range c.counts {
		n += counts[refused] + counts[ended] + counts[noticed]
	}
	return n
}

func (c *tally) log(t *testing.T) {
	for _, kind := range slices.Sorted(maps.Keys(c.counts)) {
		t.Logf("%-22s %v", kind, c.counts[kind])
	}
}

// damage is one thing done to one file.
type damage struct {
	path   string
	what   string
	change func([]byte) []byte
}

// open opens a ledger with each damage, and counts what comes of it.
func (x *original) open(t *testing.T, all []damage) {
	t.Helper()
	var c tally
	inParallel(len(all), func(i int) {
		d := all[i]
		what, _, err := x.openDamaged(t, rewrite(t, x.mem, d.path, d.change))
		if err != nil {
			t.Errorf("%s, %s: %v", d.path, d.what, err)
		}
		c.add(d.path, what)
	})
	c.log(t)
	if n := c.noticed(); n < len(all)/4 {
		t.Errorf("only %d of %d damages were noticed", n, len(all))
	}
}

func TestFlippedBitIsRefusedOrFoundOrHarmless(t *testing.T) {
	t.Parallel()
	flips := 24 // in each file
	if *long {
		flips = 400
	}
	for name, x := range map[string]*original{"closed": closedLedger(t), "crashed": crashedLedger(t)} {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(1, uint64(len(name))))
			var all []damage
			eachFile(t, x.mem, func(path string, size int) {
				for range min(flips, 8*size) {
					bit := rng.IntN(8 * size)
					all = append(all, damage{path, fmt.Sprintf("bit %d of byte %d", bit%8, bit/8), func(data []byte) []byte {
						data[bit/8] ^= 1 << (bit % 8)
						return data
					}})
				}
			})
			x.open(t, all)
		})
	}
}

func TestFileCutShortOrGoneIsRefusedOrFoundOrHarmless(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]*original{"closed": closedLedger(t), "crashed": crashedLedger(t)} {
		t.Run(name, func(t *testing.T) {
			var all []damage
			eachFile(t, x.mem, func(path string, size int) {
				all = append(all, damage{path, "gone", func([]byte) []byte { return nil }})
				for _, left := range []int{0, size / 4, size / 2, size - 8, size - 1} {
					if left >= 0 && left < size {
						all = append(all, damage{path, fmt.Sprintf("cut to %d of %d bytes", left, size), func(data []byte) []byte { return data[:left] }})
					}
				}
				all = append(all, damage{path, "longer", func(data []byte) []byte { return append(data, bytes.Repeat([]byte{7}, 100)...) }},
					damage{path, "zeros at its end", func(data []byte) []byte { return append(data, make([]byte, 100)...) }},
					damage{path, "zeros in it", func(data []byte) []byte { clear(data[size/3 : size/2]); return data }})
			})
			x.open(t, all)
		})
	}
}

// copyFile copies a file, or all files of a directory, from one disk to another.
func copyFile(t *testing.T, from, to *vfs.MemFS, path string) {
	t.Helper()
	if ok, err := vfs.Clone(from, to, path, path, vfs.CloneSync); err != nil || !ok {
		t.Fatal(path, ok, err)
	}
}

func TestYesterdaysCopyUnderTodaysCheckpointIsRefused(t *testing.T) {
	x := closedLedger(t)
	later := newMachine(copyOf(x.mem))
	n := mustOpen(t, later.options(x.clock))
	must(t, n, payOne(1))
	mustClose(t, n)
	old := copyOf(x.mem)
	copyFile(t, later.mem, old, "wijk/checkpoint")
	_, err := Open("wijk", newMachine(old).options(x.clock))
	if !errors.Is(err, journal.ErrBehind) || !errors.Is(err, ErrDamaged) {
		t.Errorf("yesterday's store with today's checkpoint: %v", err)
	}
	// Single files of yesterday among those of today.
	today := *x
	today.mem = later.mem
	today.look(t)
	var c tally
	eachFile(t, x.mem, func(path string, _ int) {
		mixed := copyOf(later.mem)
		copyFile(t, x.mem, mixed, path)
		what, _, err := today.openDamaged(t, mixed)
		if err != nil {
			t.Errorf("yesterday's %s: %v", path, err)
		}
		c.add(path, what)
	})
	c.log(t)
}
