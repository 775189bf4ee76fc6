package coupon

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/internal/bank"
	"grulden/internal/node"
	"grulden/internal/payreq"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/internal/store"
	"grulden/internal/testwijk"
	"grulden/internal/vault"
	"grulden/ledger"
)

var (
	ctx  = context.Background()
	desk = record.Auth{By: record.ActorID{15: 2}, How: record.ByPIN}
	own  = record.Auth{By: record.ActorID{15: 3}, How: record.ByPINNow}
)

// wijk is a small wijk with a book of coupons.
type wijk struct {
	t      testing.TB
	fs     vfs.FS
	now    time.Time
	master vault.MasterKey
	node   *node.Node
	people *people.Directory
	book   *Book
}

func newWijk(t testing.TB, fs vfs.FS) *wijk {
	t.Helper()
	w := &wijk{t: t, fs: fs, now: time.Date(2026, 4, 2, 10, 0, 0, 0, time.UTC)}
	path := filepath.Join(t.TempDir(), "master.key")
	must(t, vault.CreateMasterKey(path))
	var err error
	w.master, err = vault.LoadMasterKey(path)
	must(t, err)
	must(t, node.Init("wijk", node.Settings{Coin: "Grulden", Wijk: "Voorbeeld"}, w.options()))
	w.open()
	p := ledger.DefaultPolicy()
	p.GraceDays = 0 // so that money melts from the first day
	w.do(ledger.SetPolicy{Policy: p})
	return w
}

func (w *wijk) options() store.Options { return store.Options{FS: w.fs, MinFreeBytes: 1} }

func (w *wijk) open() {
	w.t.Helper()
	var err error
	w.node, err = node.Open("wijk", node.Options{Store: w.options(), Clock: func() time.Time { return w.now }})
	must(w.t, err)
	v, err := vault.New(w.node.Store(), w.master)
	must(w.t, err)
	w.people = people.New(v)
	w.book, err = New(w.node, v, w.people)
	must(w.t, err)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantErr(t testing.TB, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Fatalf("%v, want: %v", got, want)
	}
}

func (w *wijk) do(cmd ledger.Command) {
	w.t.Helper()
	r, err := w.node.Submit(ctx, node.Request{Auth: record.Auth{How: record.ByOperator}, Command: cmd})
	must(w.t, err)
	if r.Result != ledger.Applied {
		w.t.Fatalf("%+v: %v", cmd, r.Result)
	}
}

func (w *wijk) add(role people.Role, name string, cents ledger.Cents) people.Person {
	w.t.Helper()
	p := people.Person{ID: people.NewID(), Role: role, Name: name}
	if role == people.Merchant {
		p.Shop = name
	}
	p, _, err := w.people.Add(p, "hash", w.now)
	must(w.t, err)
	w.do(ledger.Open{Account: p.Account, Owner: p.Owner, Role: string(p.Role)})
	if cents > 0 {
		w.do(ledger.Issue{To: p.Account, Amount: cents})
	}
	return p
}

func (w *wijk) has(account ledger.AccountID, want ledger.Cents) {
	w.t.Helper()
	must(w.t, w.node.Read(func(v *node.View) error {
		now, err := v.Balance(account, w.node.Today())
		if got := ledger.ShownCents(now.Worth); err == nil && got != want {
			w.t.Fatalf("there is %v, want %v", got, want)
		}
		return err
	}))
}

// sheet prints coupons for somebody.
func (w *wijk) sheet(p people.Person, cents ...ledger.Cents) []Coupon {
	w.t.Helper()
	_, err := w.book.Print(ctx, ID{1}, p.ID, cents, own)
	must(w.t, err)
	_, all, err := w.book.Sheet(ID{1})
	must(w.t, err)
	return all
}

func TestACouponIsBookedOnceAndItsMoneyIsSpentOnce(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	anna, bakker, kapper := w.add(people.Resident, "Anna", 30_00), w.add(people.Merchant, "Bakker", 0), w.add(people.Merchant, "Kapper", 0)
	for range 2 {
		if all := w.sheet(anna, 10_00, 10_00); len(all) != 2 || all[0].State != Open || all[1].Number != 2 {
			t.Fatalf("%+v", all)
		}
	}
	all := w.sheet(anna, 10_00, 10_00)
	w.has(anna.Account, 9_85) // 20.00 and what may melt until the last booking is aside
	_, err := w.book.Print(ctx, ID{2}, anna.ID, []ledger.Cents{10_00}, own)
	var refused *bank.Refused
	if !errors.As(err, &refused) || refused.Result != ledger.InsufficientBalance {
		t.Fatal(err)
	}
	if left, err := w.book.Of(anna.Account); err != nil || len(left) != 2 {
		t.Fatalf("%d coupons: %v", len(left), err)
	}
	c, err := w.book.Pay(ctx, all[0].Code, bakker.Account, desk)
	must(t, err)
	if c.State != Paid || c.Shop != bakker.Account {
		t.Fatalf("%+v", c)
	}
	for _, shop := range []people.Person{bakker, kapper} {
		c, err = w.book.Pay(ctx, all[0].Code, shop.Account, desk)
		wantErr(t, err, ErrUsed)
		if c.Shop != bakker.Account {
			t.Fatalf("it was paid to %v", c.Shop)
		}
	}
	w.has(bakker.Account, 10_00)
	w.has(kapper.Account, 0)
	_, err = w.book.Pay(ctx, all[1].Code, anna.Account, desk)
	wantErr(t, err, ErrNotShop)
	_, err = w.book.Return(ctx, all[0].Code, desk)
	wantErr(t, err, ErrUsed)
	must(t, w.node.Close())
}

func TestACouponPaysInFullOnItsLastDayWhateverMelted(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	anna, bakker := w.add(people.Resident, "Anna", 100_00), w.add(people.Merchant, "Bakker", 0)
	var cents []ledger.Cents
	for range MaxCoupons {
		cents = append(cents, 3_33)
	}
	all := w.sheet(anna, cents...)
	w.now = w.now.AddDate(0, 0, ValidDays+GraceDays)
	for _, c := range all {
		_, err := w.book.Pay(ctx, c.Code, bakker.Account, desk)
		must(t, err)
	}
	w.has(bakker.Account, MaxCoupons*3_33)
	must(t, w.book.Sweep(ctx))
	if held, ok, err := w.book.OwnerOf(all[0].Held); err != nil || !ok || held != anna.Account {
		t.Fatalf("whose it is: %v %v %v", held, ok, err)
	}
	w.has(all[0].Held, 0)
	must(t, w.node.Close())
}

func TestAnUnusedCouponComesBackOnceAndThenIsWorthNothing(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	anna, bakker := w.add(people.Resident, "Anna", 30_00), w.add(people.Merchant, "Bakker", 0)
	all := w.sheet(anna, 10_00, 5_00)
	if clear, err := w.book.Clear(ctx, anna.Account, desk); err != nil || clear {
		t.Fatalf("two coupons are open, and the account is clear: %v", err)
	}
	for range 2 {
		c, err := w.book.Return(ctx, all[0].Code, desk)
		must(t, err)
		if c.State != Returned {
			t.Fatalf("%+v", c)
		}
	}
	_, err := w.book.Pay(ctx, all[0].Code, bakker.Account, desk)
	wantErr(t, err, ErrReturned)
	w.now = w.now.AddDate(0, 0, ValidDays+GraceDays+1)
	_, err = w.book.Pay(ctx, all[1].Code, bakker.Account, desk)
	wantErr(t, err, ErrReturned)
	for range 2 {
		must(t, w.book.Sweep(ctx))
	}
	w.has(all[0].Held, 0)
	w.has(bakker.Account, 0)
	for _, p := range []people.Person{anna, bakker} {
		if clear, err := w.book.Clear(ctx, p.Account, desk); err != nil || !clear {
			t.Fatalf("no coupon is open, and the account is not clear: %v", err)
		}
	}
	w.has(anna.Account, 29_77) // all of it, less what melted in 45 days
	must(t, w.node.Close())
}

func TestACouponThatSomebodyDrewIsKnown(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	c := w.sheet(w.add(people.Resident, "Anna", 30_00), 10_00)[0]
	text := w.book.Text(c)
	for _, good := range []string{text, strings.ToLower(text), c.Code.Grouped(), " " + c.Code.String()} {
		if found, err := w.book.Find(good); err != nil || found.Number != 1 {
			t.Fatalf("%q: %+v, %v", good, found, err)
		}
	}
	for _, forged := range []string{
		strings.Replace(text, "/1000/", "/5000/", 1), strings.Replace(text, "/2026", "/2036", 1),
		text[:len(text)-2] + "AA", strings.Replace(text, "/1000/", "/x/", 1), strings.Replace(text, "/2026", "/x", 1),
	} {
		_, err := w.book.Find(forged)
		wantErr(t, err, ErrForged)
	}
	other, err := payreq.NewCode(strings.NewReader("12345678"))
	must(t, err)
	_, err = w.book.Find(other.String())
	wantErr(t, err, ErrUnknown)
	_, err = w.book.Find("zomaar")
	wantErr(t, err, payreq.ErrNotCode)
	if len(text) > 200 || strings.Trim(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ/") != "" {
		t.Fatalf("%d characters: %s", len(text), text)
	}
	must(t, w.node.Close())
}

func TestASheetHasItsBounds(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	anna, bakker := w.add(people.Resident, "Anna", 300_00), w.add(people.Merchant, "Bakker", 0)
	for _, bad := range [][]ledger.Cents{nil, make([]ledger.Cents, MaxCoupons+1), {0}, {-1}, {MaxCents + 1}} {
		_, err := w.book.Print(ctx, ID{1}, anna.ID, bad, own)
		wantErr(t, err, ErrSheet)
	}
	for _, who := range []people.ID{bakker.ID, people.NewID()} {
		_, err := w.book.Print(ctx, ID{1}, who, []ledger.Cents{5_00}, own)
		wantErr(t, err, ErrNobody)
	}
	w.has(anna.Account, 300_00)
	must(t, w.node.Close())
}

// TestThePaperDayEndsRightWhereverThePowerIsCut prints, loses the power at any
// moment, and afterwards books what shops took and takes back what was not used.
func TestThePaperDayEndsRightWhereverThePowerIsCut(t *testing.T) {
	disk := testwijk.NewDisk()
	w := newWijk(t, disk.FS())
	anna, bakker := w.add(people.Resident, "Anna", 50_00), w.add(people.Merchant, "Bakker", 0)
	day := func(w *wijk) {
		all := w.sheet(anna, 10_00, 10_00, 5_00)
		for _, c := range all[:2] {
			if _, err := w.book.Pay(ctx, c.Code, bakker.Account, desk); err != nil && !errors.Is(err, ErrUsed) {
				t.Fatal(err)
			}
		}
		_, err := w.book.Return(ctx, all[2].Code, desk)
		must(t, err)
		w.has(bakker.Account, 20_00)
		w.has(anna.Account, 30_00)
		w.has(all[0].Held, 0)
	}
	disk.Begin()
	day(w)
	must(t, w.node.Close())
	cuts := disk.Cuts()
	if len(cuts) < 10 {
		t.Errorf("only %d cuts", len(cuts))
	}
	for _, fs := range cuts {
		again := &wijk{t: t, fs: fs, now: w.now, master: w.master}
		again.open()
		day(again)
		must(t, again.node.Close())
	}
}
