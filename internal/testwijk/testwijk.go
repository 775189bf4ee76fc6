// Package testwijk is what the tests of several parts put a wijk through: a power
// cut at every write, and two people at the same moment. It is for tests alone.
package testwijk

import (
	"sync"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"
)

// Disk is a disk in memory that keeps what a power cut would leave of it.
type Disk struct {
	mem *vfs.MemFS

	mu   sync.Mutex // guards what follows
	on   bool
	cuts []vfs.FS
}

// NewDisk is an empty disk that keeps nothing yet.
func NewDisk() *Disk { return &Disk{mem: vfs.NewCrashableMem()} }

// FS is the disk to write on.
func (d *Disk) FS() vfs.FS {
	return errorfs.Wrap(d.mem, errorfs.InjectorFunc(func(op errorfs.Op) error {
		if op.Kind == errorfs.OpFileSync || op.Kind == errorfs.OpFileSyncData {
			d.keep()
		}
		return nil
	}))
}

func (d *Disk) keep() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.on {
		d.cuts = append(d.cuts, d.Now())
	}
}

// Begin keeps from now on what a power cut before each sync would leave.
func (d *Disk) Begin() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.on = true
}

// Cuts ends that, and gives what was kept.
func (d *Disk) Cuts() []vfs.FS {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.on = false
	return d.cuts
}

// Now is what a power cut at this moment would leave.
func (d *Disk) Now() vfs.FS { return d.mem.CrashClone(vfs.CrashCloneCfg{}) }

// Together runs all of these at the same moment, and waits for them.
func Together(all ...func()) {
	var begin, end sync.WaitGroup
	begin.Add(1)
	for _, fn := range all {
		end.Go(func() {
			begin.Wait()
			fn()
		})
	}
	begin.Done()
	end.Wait()
}
