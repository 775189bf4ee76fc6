package notice

import (
	"context"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/internal/store"
	"grulden/internal/vault"
	"grulden/ledger"
)

var ctx = context.Background()

// wijk is a small wijk whose people are told things.
type wijk struct {
	t      testing.TB
	fs     vfs.FS
	clock  *clock
	master vault.MasterKey

	node   *node.Node
	vault  *vault.Vault
	people *people.Directory
	post   *Post
}

// clock is moved by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// newWijk makes a ledger in which one hop makes Grulden convertible.
func newWijk(t testing.TB) *wijk {
	t.Helper()
	w := &wijk{t: t, fs: vfs.NewCrashableMem(), clock: &clock{now: time.Date(2026, 4, 2, 10, 0, 0, 0, time.UTC)}}
	path := filepath.Join(t.TempDir(), "master.key")
	must(t, vault.CreateMasterKey(path))
	var err error
	w.master, err = vault.LoadMasterKey(path)
	must(t, err)
	must(t, node.Init("wijk", node.Settings{Coin: "Grulden", Wijk: "Voorbeeld"}, w.options()))
	w.open()
	p := ledger.DefaultPolicy()
	p.Hops = 1
	w.do(ledger.SetPolicy{Policy: p})
	must(t, w.post.Follow())
	return w
}

func (w *wijk) options() store.Options {
	return store.Options{FS: w.fs, MinFreeBytes: 1, Exit: func(reason string) {
		w.t.Error("wanted to exit:", reason)
		select {} // as a process that ended, it does nothing more
	}}
}

func (w *wijk) open() {
	w.t.Helper()
	var err error
	w.node, err = node.Open("wijk", node.Options{Store: w.options(), Clock: w.clock.Now})
	must(w.t, err)
	w.vault, err = vault.New(w.node.Store(), w.master)
	must(w.t, err)
	w.people = people.New(w.vault)
	w.post, err = New(w.node, w.vault, w.people)
	must(w.t, err)
	open := w.node
	w.t.Cleanup(func() { _ = open.Close() })
}

// powerCut is the same wijk on another disk, as a power cut left it.
func (w *wijk) powerCut() *wijk {
	w.t.Helper()
	other := &wijk{t: w.t, fs: w.fs.(*vfs.MemFS).CrashClone(vfs.CrashCloneCfg{}), clock: w.clock, master: w.master}
	other.open()
	return other
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *wijk) do(cmd ledger.Command, how ...string) {
	w.t.Helper()
	auth := record.Auth{How: record.ByOperator}
	if len(how) > 0 {
		auth.How = how[0]
	}
	r, err := w.node.Submit(ctx, node.Request{Auth: auth, Command: cmd})
	must(w.t, err)
	if r.Result != ledger.Applied {
		w.t.Fatalf("%+v: %v", cmd, r.Result)
	}
}

// person adds a person and opens the account.
func (w *wijk) person(role people.Role, name string) people.Person {
	w.t.Helper()
	p := people.Person{ID: people.NewID(), Role: role, Name: name, Lang: "nl"}
	if role == people.Merchant {
		p.Shop = name
	}
	p, _, err := w.people.Add(p, "hash", w.clock.Now())
	must(w.t, err)
	w.do(ledger.Open{Account: p.Account, Owner: p.Owner, Role: string(role)})
	return p
}

// kinds are the kinds and amounts of what a person was told, the latest first.
func (w *wijk) kinds(p people.Person) string {
	w.t.Helper()
	all, err := w.post.Of(p.ID)
	must(w.t, err)
	var words []string
	for _, k := range all {
		words = append(words, strings.TrimSpace(string(k.Kind)+" "+k.Facts[FactAmount]+k.Facts[FactAct]+k.Facts[FactDay]))
	}
	return strings.Join(words, ", ")
}

// letters are the names and kinds of what is to be printed.
func (w *wijk) letters() string {
	w.t.Helper()
	all, err := w.post.Letters()
	must(w.t, err)
	var words []string
	for _, l := range all {
		words = append(words, l.Who.Name+" "+string(l.Kind))
	}
	return strings.Join(words, ", ")
}

// means are words that a test can recognise, and ways that a test gives.
func means(m *Mailer, push *http.Client) Means {
	return Means{
		Write: func(p people.Person, n Notice) Text {
			return Text{Title: "Bericht " + string(n.Kind), Lines: []string{p.Lang, n.Facts[FactAmount]}, Link: "https://wijk.test/notices"}
		},
		Confirm: func(_ people.Person, code string) Text { return Text{Title: "Uw code", Lines: []string{code}} },
		Mail:    m, Push: push, Site: "https://wijk.test",
	}
}
