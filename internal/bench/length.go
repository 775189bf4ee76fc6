package bench

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"grulden/internal/node"
	"grulden/internal/store"
)

// wijkAccounts is the size of the wijk whose ledger grows long: about that of
// the demo.
const wijkAccounts = 150

// stage is a ledger as it was when it had a certain length.
type stage struct {
	records uint64
	dir     string // closed cleanly
	killed  string // as a process leaves it that is killed
	w       *wijk
}

// length measures parts d to g: how the length of a ledger matters.
func (b *bench) length() error {
	stages, err := b.stages()
	if err != nil {
		return err
	}
	if err := b.opening(stages[0], stages[2]); err != nil {
		return err
	}
	if err := b.cost(stages); err != nil {
		return err
	}
	if err := b.verifying(stages[2]); err != nil {
		return err
	}
	return b.space(stages[2])
}

// stages builds one ledger and keeps it as it is at each of the lengths.
func (b *bench) stages() (all []stage, err error) {
	dir := b.place("length")
	t, err := b.build(dir, wijkAccounts)
	if err != nil {
		return nil, err
	}
	for _, records := range b.Sizes.Lengths {
		cost, err := b.grow(t, records)
		if err != nil {
			return nil, errors.Join(err, t.n.Close())
		}
		b.tell("f", fmt.Sprintf("building-%d", records),
			fmt.Sprintf("processor time for a record on the way to %d, all work in the background included", records), "µs", micros(cost))
		s := stage{records: records, dir: fmt.Sprint(dir, "-", records), killed: fmt.Sprint(dir, "-killed-", records), w: t.w.fork()}
		if err := copyLedger(dir, s.killed); err != nil {
			return nil, errors.Join(err, t.n.Close())
		}
		if err := errors.Join(b.rest(dir), t.n.Close()); err != nil {
			return nil, err
		}
		if err := copyLedger(dir, s.dir); err != nil {
			return nil, err
		}
		if t.n, err = open(dir, t.w); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, t.n.Close()
}

// rest waits until the store under a directory has no tables left to tidy up, so
// that what is measured in a copy is not work left over from before.
func (b *bench) rest(dir string) error {
	before, err := filesOf(dir)
	for quiet := 0; quiet < 5 && err == nil; quiet++ {
		select {
		case <-b.ctx.Done():
			return b.ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
		var after []string
		if after, err = filesOf(dir); !slices.Equal(before, after) {
			before, quiet = after, 0
		}
	}
	return err
}

// opening measures part e.
func (b *bench) opening(short, long stage) error {
	var times [2][]float64
	progress := b.Progress("opening ledgers")
	for i := range b.Sizes.Opens {
		for j, s := range []stage{short, long} {
			took, err := b.openOnce(s.dir, s.w)
			if err != nil {
				return err
			}
			times[j] = append(times[j], millis(took))
		}
		progress(uint64(i+1), uint64(b.Sizes.Opens))
	}
	for j, s := range []stage{short, long} {
		b.tell("e", fmt.Sprintf("open-%d", s.records), fmt.Sprintf("opening a ledger of %d records that was closed", s.records), "ms", times[j]...)
		took, err := b.openOnce(s.killed, s.w)
		if err != nil {
			return err
		}
		b.tell("e", fmt.Sprintf("open-killed-%d", s.records), fmt.Sprintf("opening a ledger of %d records that was killed", s.records), "ms", millis(took))
	}
	b.aimAtMost("open", "opening the longest ledger (e), in the time of the shortest", 1.3, ratios(times[1], times[0])...)
	return nil
}

func (b *bench) openOnce(dir string, w *wijk) (time.Duration, error) {
	if err := b.ctx.Err(); err != nil {
		return 0, err
	}
	begin := time.Now()
	n, err := open(dir, w)
	took := time.Since(begin)
	if err != nil {
		return 0, err
	}
	return took, n.Close()
}

// cost measures part f, each time on a fresh copy, so that the ledgers do not
// grow on the way.
func (b *bench) cost(stages []stage) error {
	each, cpu := make([][]float64, len(stages)), make([][]float64, len(stages))
	progress := b.Progress("paying in short and long ledgers")
	for round := range b.Sizes.Rounds {
		for i, s := range stages {
			p, err := b.costOnce(s)
			if err != nil {
				return err
			}
			each[i], cpu[i] = append(each[i], micros(p.each)), append(cpu[i], micros(p.cpu))
		}
		progress(uint64(round+1), uint64(b.Sizes.Rounds))
	}
	for i, s := range stages {
		b.tell("f", fmt.Sprintf("cost-%d", s.records), fmt.Sprintf("a payment at %d records, 64 callers", s.records), "µs", each[i]...)
		b.tell("f", fmt.Sprintf("cpu-%d", s.records), "the processor time of it", "µs", cpu[i]...)
	}
	for i, s := range stages[1:] {
		b.aimAtMost(fmt.Sprintf("cost-%d", s.records), fmt.Sprintf("a payment at %d records (f), in the time of one at %d", s.records, stages[0].records),
			1.3, ratios(each[i+1], each[0])...)
	}
	return nil
}

func (b *bench) costOnce(s stage) (pace, error) {
	dir := b.place("cost")
	if err := copyLedger(s.dir, dir); err != nil {
		return pace{}, err
	}
	w := s.w.fork()
	n, err := open(dir, w)
	if err != nil {
		return pace{}, err
	}
	_, warming := b.pay(n, w, callersAtOnce, b.Sizes.Samples/5) // brings the accounts into memory
	p, err := b.pay(n, w, callersAtOnce, b.Sizes.Samples)
	return p, errors.Join(warming, err, n.Close(), os.RemoveAll(dir))
}

// verifying measures part d.
func (b *bench) verifying(s stage) error {
	cpu, begin := cpuTime(), time.Now()
	v, err := node.Verify(b.ctx, s.dir, store.Options{}, b.Progress("verifying"))
	if err != nil {
		return err
	}
	cpu, took := cpuTime()-cpu, time.Since(begin)
	perCore := float64(v.Records) / cpu.Seconds()
	b.tell("d", "verify", "records verified for each second of processor time: tree, rules, facts, state", "records/s", perCore)
	b.tell("d", "verify-time", fmt.Sprintf("verifying all %d records", v.Records), "s", took.Seconds())
	b.aimAtLeast("verify", "records verified a second and core (d)", 200_000, perCore)
	return nil
}

// space measures part g.
func (b *bench) space(s stage) error {
	payments := float64(s.w.paid.Load())
	before, err := sizeOf(s.dir)
	if err != nil {
		return err
	}
	db, err := store.Open(filepath.Join(s.dir, "store"), store.Options{})
	if err != nil {
		return err
	}
	if err := errors.Join(db.Compact(b.ctx), db.Close()); err != nil {
		return err
	}
	after, err := sizeOf(s.dir)
	if err != nil {
		return err
	}
	b.tell("g", "space", "on disk for each payment, with everything else the wijk did", "bytes", float64(before)/payments)
	b.tell("g", "space-compacted", "the same when the store has tidied up", "bytes", float64(after)/payments)
	return nil
}

// sizeOf is the size of all files under a directory.
func sizeOf(dir string) (sum int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			sum += info.Size()
		}
		return err
	})
	return sum, err
}

// copyLedger copies a ledger that nobody writes to at the moment. It may be open:
// then the copy is what a killed process leaves. Tables, which never change, are
// linked. The store may tidy up meanwhile; then it begins again.
func copyLedger(from, to string) error {
	for range 100 {
		before, err := filesOf(from)
		if err != nil {
			return err
		}
		err = copyFiles(from, to, before)
		after, listing := filesOf(from)
		if err == nil && listing == nil && slices.Equal(before, after) {
			return nil
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err := os.RemoveAll(to); err != nil {
			return err
		}
		time.Sleep(100 * time.Millisecond)
	}
	return fmt.Errorf("%s does not come to rest", from)
}

// filesOf lists the files under a directory.
func filesOf(dir string) (names []string, err error) {
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			path, err = filepath.Rel(dir, path)
			names = append(names, path)
		}
		return err
	})
	return names, err
}

func copyFiles(from, to string, names []string) error {
	for _, name := range names {
		source, target := filepath.Join(from, name), filepath.Join(to, name)
		if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
			return err
		}
		var err error
		if filepath.Ext(name) == ".sst" {
			err = os.Link(source, target)
		} else {
			err = copyFile(source, target)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func copyFile(from, to string) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	return errors.Join(err, target.Close())
}
