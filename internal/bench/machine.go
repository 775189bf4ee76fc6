package bench

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// Machine is where it was measured.
type Machine struct {
	Cores      int    `json:"cores"`
	System     string `json:"system"`
	Go         string `json:"go"`
	Processor  string `json:"processor,omitempty"`
	FileSystem string `json:"file_system,omitempty"`
}

func machine(dir string) Machine {
	return Machine{
		Cores: runtime.GOMAXPROCS(0), System: runtime.GOOS + "/" + runtime.GOARCH, Go: runtime.Version(),
		Processor: processor(), FileSystem: fileSystem(dir),
	}
}

// processor is the name of the first core, where the system tells.
func processor() string {
	info, _ := os.ReadFile("/proc/cpuinfo") // elsewhere than on Linux it stays unknown
	for line := range strings.Lines(string(info)) {
		if name, value, _ := strings.Cut(line, ":"); strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// fileSystem is the kind of the file system that a directory is on, where the
// system tells: that of the longest mount point above it.
func fileSystem(dir string) (kind string) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return ""
	}
	mounts, _ := os.ReadFile("/proc/mounts")
	longest := 0
	for line := range strings.Lines(string(mounts)) {
		fields := strings.Fields(line) // device, mount point, kind, …
		if len(fields) < 3 || len(fields[1]) < longest {
			continue
		}
		if below, err := filepath.Rel(fields[1], dir); err == nil && below != ".." && !strings.HasPrefix(below, "../") {
			longest, kind = len(fields[1]), fields[2]
		}
	}
	return kind
}

// cpuTime is the processor time that this process has taken on all cores.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
