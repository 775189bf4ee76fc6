package store

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"
)

// The tests in this file need a second process, because what they are about is
// the end of one or the lock between two. The test binary starts itself again
// with childEnv set to "<role> <directory> <number>".
const childEnv = "GRULDEN_STORE_TEST_CHILD"

func TestMain(m *testing.M) {
	if job := os.Getenv(childEnv); job != "" {
		runChild(strings.Fields(job))
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// runChild is what the second process does. It says on stdout what it did.
func runChild(job []string) {
	role, dir := job[0], job[1]
	n, err := strconv.Atoi(job[2])
	if err != nil {
		panic(err)
	}
	switch role {
	case "open":
		d, err := Open(dir, Options{})
		fmt.Println("opened:", err)
		if err == nil {
			fmt.Println("closed:", d.Close())
		}
	case "write":
		writeForEver(dir, Options{})
	case "fail-log": // one operation on a log fails
		writeForEver(dir, Options{FS: errorfs.Wrap(vfs.Default, nth(n, false, errorfs.ErrInjected, isLog))})
	case "fail-any": // one operation that changes something fails
		writeForEver(dir, Options{FS: errorfs.Wrap(vfs.Default, nth(n, false, errorfs.ErrInjected, isWrite))})
	case "full": // from some operation on, nothing can be written
		writeForEver(dir, Options{FS: errorfs.Wrap(vfs.Default, nth(n, true, syscall.ENOSPC, isGrowth))})
	}
}

// nth makes the n-th of the operations that pick chooses fail, and those after
// it too when it is to stay broken.
func nth(n int, stays bool, err error, pick func(errorfs.Op) bool) errorfs.Injector {
	var seen atomic.Int64
	return errorfs.InjectorFunc(func(op errorfs.Op) error {
		if !pick(op) {
			return nil
		}
		i := int(seen.Add(1))
		if i == n {
			fmt.Println("failing", op.Kind, filepath.Base(op.Path))
		}
		if i == n || stays && i > n {
			return err
		}
		return nil
	})
}

// isLog picks the operations that change a write-ahead log.
func isLog(op errorfs.Op) bool { return isWrite(op) && strings.HasSuffix(op.Path, ".log") }

// isWrite picks the operations that change anything.
func isWrite(op errorfs.Op) bool { return op.Kind.ReadOrWrite() == errorfs.OpIsWrite }

// isGrowth picks the operations that take up space.
func isGrowth(op errorfs.Op) bool {
	return op.Kind == errorfs.OpFileWrite || op.Kind == errorfs.OpCreate
}

// writesInChild is how much writeForEver writes at most, in batches.
const writesInChild = 150

// writeForEver commits numbered batches of two keys and says so after each. It
// flushes now and then, so that tables and manifests are written too.
func writeForEver(dir string, o Options) {
	d, err := Open(dir, o)
	if err != nil {
		fmt.Fprintln(os.Stderr, "open:", err)
		os.Exit(3)
	}
	fmt.Println("opened")
	b := d.NewBatch()
	for i := range writesInChild {
		b.Reset()
		b.Set(fmt.Appendf(nil, "a%06d", i), []byte(strings.Repeat("x", 300)))
		b.Set(fmt.Appendf(nil, "b%06d", i), []byte{1})
		if err := d.Commit(b); err != nil {
			panic(err) // Commit promises not to
		}
		fmt.Println("wrote", i)
		if i%37 == 36 {
			if err := d.Flush(); err != nil {
				fmt.Fprintln(os.Stderr, "flush:", err)
				os.Exit(4)
			}
		}
	}
	b.Close()
	if err := d.Close(); err != nil {
		fmt.Fprintln(os.Stderr, "close:", err)
		os.Exit(5)
	}
	fmt.Println("done")
}

// child starts a second process.
func child(t *testing.T, role, dir string, n int) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s %s %d", childEnv, role, dir, n))
	return cmd
}

// acknowledged is the number of batches that a child said it wrote.
func acknowledged(out string) int {
	count := 0
	for line := range strings.Lines(out) {
		if strings.HasPrefix(line, "wrote ") {
			count++
		}
	}
	return count
}

// checkWritten opens a store and checks that it holds the batches 0, 1, … that
// were acknowledged, at most one more, each whole, and nothing else.
func checkWritten(t *testing.T, dir string, o Options, acked int) {
	t.Helper()
	d := mustOpen(t, dir, o)
	defer mustClose(t, d)
	s := d.Snapshot()
	defer s.Close()
	found := 0
	for ; ; found++ {
		_, okA, errA := s.Get(fmt.Appendf(nil, "a%06d", found))
		_, okB, errB := s.Get(fmt.Appendf(nil, "b%06d", found))
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		if okA != okB {
			t.Fatalf("batch %d is half there", found)
		}
		if !okA {
			break
		}
	}
	keys := 0
	if err := s.Scan(nil, nil, func(_, _ []byte) error { keys++; return nil }); err != nil {
		t.Fatal(err)
	}
	if keys != 2*found {
		t.Fatalf("batches 0 to %d are there, and %d keys after a gap", found-1, keys-2*found)
	}
	if found < acked || found > acked+1 {
		t.Fatalf("%d batches were acknowledged, %d are there", acked, found)
	}
}

func TestSecondProcessIsRefused(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	mustInit(t, dir, Options{})
	d := mustOpen(t, dir, Options{})
	out, err := child(t, "open", dir, 0).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "opened: "+ErrInUse.Error()) {
		t.Fatalf("second process said %q (%v), want %q", out, err, ErrInUse)
	}
	put(t, d, "a", "still works")
	mustClose(t, d)
	out, err = child(t, "open", dir, 0).CombinedOutput()
	if err != nil || string(out) != "opened: <nil>\nclosed: <nil>\n" {
		t.Fatalf("after Close the second process said %q (%v)", out, err)
	}
}

func TestKilledProcessLosesNothingAcknowledged(t *testing.T) {
	for round := range 8 {
		dir := filepath.Join(t.TempDir(), "store")
		mustInit(t, dir, Options{})
		cmd := child(t, "write", dir, 0)
		pipe, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		out, lines := "", bufio.NewScanner(pipe)
		for lines.Scan() {
			out += lines.Text() + "\n"
			if lines.Text() == fmt.Sprint("wrote ", round*17+3) {
				_ = cmd.Process.Signal(syscall.SIGKILL)
			}
		}
		if err := cmd.Wait(); err == nil {
			t.Fatal("the process ended well before it could be killed")
		}
		checkWritten(t, dir, Options{}, acknowledged(out))
	}
}

// failEverywhere runs a child with the error at operation 1, 2, 3, … (in
// growing steps) until there is no such operation any more, and checks the store
// each time. It gives tell the operation that failed and how the child ended.
func failEverywhere(t *testing.T, role string, tell func(failed string, err error)) {
	t.Helper()
	for n := 1; ; n += 1 + n/12 {
		dir := filepath.Join(t.TempDir(), "store")
		mustInit(t, dir, Options{})
		cmd := child(t, role, dir, n)
		var stdout, stderr strings.Builder
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		err := cmd.Run()
		out := stdout.String()
		_, failed, found := strings.Cut(out, "failing ")
		failed, _, _ = strings.Cut(failed, "\n")
		if !found {
			if err != nil {
				t.Fatalf("child ended with %v without an injected failure: %s", err, &stderr)
			}
			return
		}
		acked := acknowledged(out)
		checkWritten(t, dir, Options{}, acked)
		if err == nil && acked != writesInChild {
			t.Fatalf("%s: child ended well after %d batches; stderr: %s", failed, acked, &stderr)
		}
		if err != nil && stderr.Len() == 0 {
			t.Errorf("%s: child ended with %v and said nothing", failed, err)
		}
		tell(failed, err)
	}
}

// harmless tells whether an operation may fail without ending the process: it
// only tidies up or only speeds up.
func harmless(failed string) bool {
	for _, kind := range []errorfs.OpKind{errorfs.OpRemove, errorfs.OpFilePreallocate, errorfs.OpFileSyncTo} {
		if strings.HasPrefix(failed, fmt.Sprint(kind, " ")) {
			return true
		}
	}
	return false
}

func TestFailingLogEndsTheProcessAndLosesNothing(t *testing.T) {
	ends := 0
	failEverywhere(t, "fail-log", func(failed string, err error) {
		if err == nil && !harmless(failed) {
			t.Errorf("operation %s failed, and all was well", failed)
		}
		if err != nil {
			ends++
		}
	})
	if ends < 20 {
		t.Fatalf("only %d failures ended the process", ends)
	}
}

func TestAnyFailingWriteLosesNothing(t *testing.T) {
	failEverywhere(t, "fail-any", func(failed string, err error) {
		if err == nil && !harmless(failed) {
			t.Errorf("operation %s failed, and all was well", failed)
		}
	})
}

func TestFullDiskEndsTheProcessAndLosesNothing(t *testing.T) {
	failEverywhere(t, "full", func(failed string, err error) {
		if err == nil {
			t.Errorf("full disk at %s, and all was well", failed)
		}
	})
}
