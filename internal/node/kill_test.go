package node

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/internal/record"
	"grulden/internal/store"
	"grulden/ledger"
)

// serveEnv makes this program a server of the ledger in a directory, for tests
// that end it in ways no process survives.
const serveEnv = "GRULDEN_NODE_TEST_SERVE"

func TestMain(m *testing.M) {
	if dir := os.Getenv(serveEnv); dir != "" {
		serve(dir)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// serve opens the ledger and does the payments on its input, a line each:
// number, payer, receiver, cents. It answers with number, entry and result.
func serve(dir string) {
	n, err := Open(dir, Options{Store: store.Options{FS: blind{vfs.Default}}, signEvery: 15 * time.Millisecond})
	if err != nil {
		fmt.Fprintln(os.Stderr, "open:", err)
		os.Exit(3)
	}
	var asked sync.WaitGroup
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var number int
		var pay ledger.Pay
		if _, err := fmt.Sscan(lines.Text(), &number, &pay.From, &pay.To, &pay.Amount); err != nil {
			panic(err)
		}
		pay.ID = payID(number)
		asked.Go(func() {
			r, err := n.Submit(context.Background(), Request{Auth: record.Auth{How: record.ByPIN}, Command: pay})
			if err != nil {
				fmt.Fprintln(os.Stderr, "submit:", err)
				os.Exit(4)
			}
			fmt.Printf("%d %d %v\n", number, r.Seq, r.Result) // one write, so lines stay whole
		})
	}
	asked.Wait()
	if err := n.Close(); err != nil {
		fmt.Fprintln(os.Stderr, "close:", err)
		os.Exit(5)
	}
}

// blind is a file system whose free space is not known before it is used up.
type blind struct{ vfs.FS }

func (blind) GetDiskUsage(string) (vfs.DiskUsage, error) {
	return vfs.DiskUsage{AvailBytes: 1 << 40, TotalBytes: 1 << 40}, nil
}

// Unwrap gives the file system below.
func (b blind) Unwrap() vfs.FS { return b.FS }

// server is a process that serves a ledger, and those who wait for its answers.
type server struct {
	cmd    *exec.Cmd
	input  io.WriteCloser
	stderr lines
	gone   chan struct{} // closed when it has ended and all its answers are read

	mu      sync.Mutex
	waiting map[int]chan answer
}

// answer is what the server said of one payment.
type answer struct {
	seq    uint64
	result string
}

// lines is what a process wrote to its error output.
type lines struct {
	mu   sync.Mutex
	text []byte
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, p...)
	return len(p), nil
}

func startServer(t *testing.T, dir string) *server {
	t.Helper()
	s := &server{cmd: exec.Command(os.Args[0]), gone: make(chan struct{}), waiting: make(map[int]chan answer)}
	s.cmd.Env = append(os.Environ(), serveEnv+"="+dir)
	s.cmd.Stderr = &s.stderr
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if s.input, err = s.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(s.gone)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			var number int
			var a answer
			if _, err := fmt.Sscan(lines.Text(), &number, &a.seq, &a.result); err != nil {
				continue // cut off in the middle: nobody was told
			}
			s.mu.Lock()
			s.waiting[number] <- a
			s.mu.Unlock()
		}
		_ = s.cmd.Wait()
	}()
	return s
}

// pay asks for a payment; ok is false when the server ended before it answered.
func (s *server) pay(number int, p ledger.Pay) (a answer, ok bool) {
	told := make(chan answer, 1)
	s.mu.Lock()
	s.waiting[number] = told
	_, err := fmt.Fprintln(s.input, number, p.From, p.To, int64(p.Amount))
	s.mu.Unlock()
	if err == nil {
		select {
		case a = <-told:
			return a, true
		case <-s.gone:
		}
	}
	select { // answered before it ended
	case <-s.gone:
	case <-time.After(patience):
	}
	select {
	case a = <-told:
		return a, true
	default:
		return a, false
	}
}

// customers pay without end through a server that is killed again and again.
type customers struct {
	mu     sync.Mutex
	server *server
	next   chan struct{} // closed when there is another server
	told   map[int]answer
	sent   map[int]ledger.Pay
}

// customer makes payments of his own, one after the other, until stop. Each is
// asked for again until it is answered; now and then an old one is, too.
func (c *customers) customer(t *testing.T, who int, stop <-chan struct{}) {
	rng := rand.New(rand.NewPCG(uint64(who), 0))
	for i := 0; ; i++ {
		number := who*1_000_000 + i
		if rng.IntN(8) == 0 && i > 0 {
			number, i = who*1_000_000+rng.IntN(i), i-1
		}
		from := ledger.AccountID(1 + rng.IntN(20))
		pay := ledger.Pay{ID: payID(number), From: from, To: from%20 + 1, Amount: ledger.Cents(1 + rng.IntN(3))}
		c.mu.Lock()
		if old, again := c.sent[number]; again {
			pay = old
		}
		c.sent[number] = pay
		c.mu.Unlock()
		for answered := false; !answered; {
			select {
			case <-stop:
				return
			default:
			}
			c.mu.Lock()
			s, next := c.server, c.next
			c.mu.Unlock()
			a, ok := s.pay(number, pay)
			if answered = ok; !ok {
				<-next
				continue
			}
			c.mu.Lock()
			if before, again := c.told[number]; again && before != a {
				t.Errorf("payment %d was told %+v, and told again %+v", number, before, a)
			}
			c.told[number] = a
			c.mu.Unlock()
		}
	}
}

// replace puts another server in the place of one that ended.
func (c *customers) replace(s *server) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.server = s
	close(c.next)
	c.next = make(chan struct{})
}

func TestProcessKilledAgainAndAgainLosesAndDoublesNothing(t *testing.T) {
	rounds := 18
	if *long {
		rounds = 1000
	}
	dir := filepath.Join(t.TempDir(), "wijk")
	o := Options{Store: store.Options{MinFreeBytes: 1}}
	if err := Init(dir, Settings{}, o.Store); err != nil {
		t.Fatal(err)
	}
	n, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	settleWijk(t, n, 20)
	mustClose(t, n)

	c := &customers{server: startServer(t, dir), next: make(chan struct{}), told: make(map[int]answer), sent: make(map[int]ledger.Pay)}
	stop := make(chan struct{})
	var paying sync.WaitGroup
	for who := range 12 {
		paying.Go(func() { c.customer(t, who, stop) })
	}
	rng := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	for round := range rounds {
		time.Sleep(time.Duration(rng.IntN(450)) * time.Millisecond) // early ones hit the opening
		if round%4 == 3 {                                           // in the middle of a clean stop
			_ = c.server.input.Close()
			time.Sleep(time.Duration(rng.IntN(30)) * time.Millisecond)
		}
		_ = c.server.cmd.Process.Kill()
		<-c.server.gone
		if len(c.server.stderr.text) > 0 {
			t.Errorf("the server said: %s", c.server.stderr.text)
		}
		c.replace(startServer(t, dir))
	}
	time.Sleep(300 * time.Millisecond)
	close(stop)
	c.mu.Lock()
	last := c.server
	c.mu.Unlock()
	paying.Wait()
	_ = last.input.Close()
	<-last.gone
	t.Logf("%d payments told, %d sent", len(c.told), len(c.sent))
	c.compare(t, dir, o)
}

// compare wants each payment that was told in the journal at its place, and
// none twice.
func (c *customers) compare(t *testing.T, dir string, o Options) {
	t.Helper()
	if _, err := Verify(context.Background(), dir, o.Store, func(_, _ uint64) {}); err != nil {
		t.Fatal(err)
	}
	n, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	defer mustClose(t, n)
	found := make(map[ledger.ID]uint64)
	err = n.Read(func(v *View) error {
		return v.Records(1, func(r *record.Record) error {
			if p, ok := r.Command.(ledger.Pay); ok {
				if was := found[p.ID]; was != 0 {
					t.Errorf("payment %s is entry %d and entry %d", p.ID[:], was, r.Seq)
				}
				found[p.ID] = r.Seq
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.told) < 100 || len(found) > len(c.sent) {
		t.Errorf("%d payments told, %d sent, %d in the journal", len(c.told), len(c.sent), len(found))
	}
	for number, a := range c.told {
		if a.result != ledger.Applied.Code() || found[payID(number)] != a.seq {
			t.Errorf("payment %d was told %+v and is entry %d", number, a, found[payID(number)])
		}
	}
}
