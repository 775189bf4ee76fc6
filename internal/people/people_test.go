package people

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/internal/payreq"
	"grulden/internal/sepa"
	"grulden/internal/store"
	"grulden/internal/vault"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// iban is a made-up account number with check digits that fit.
const iban = "NL91ABNA0417164300"

// place is a disk with a ledger's personal data on it, that can be opened
// again.
type place struct {
	t   testing.TB
	fs  *vfs.MemFS
	key vault.MasterKey
	db  *store.DB
}

func newPlace(t testing.TB) *place {
	t.Helper()
	file := filepath.Join(t.TempDir(), "master.key")
	if err := vault.CreateMasterKey(file); err != nil {
		t.Fatal(err)
	}
	key, err := vault.LoadMasterKey(file)
	if err != nil {
		t.Fatal(err)
	}
	p := &place{t: t, fs: vfs.NewMem(), key: key}
	if err := store.Init("data", p.options()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.close)
	return p
}

func (p *place) options() store.Options { return store.Options{FS: p.fs, MinFreeBytes: 1} }

func (p *place) close() {
	if p.db != nil {
		if err := p.db.Close(); err != nil {
			p.t.Error(err)
		}
		p.db = nil
	}
}

// open opens the vault, afresh when it was open before.
func (p *place) open() *vault.Vault {
	p.t.Helper()
	p.close()
	db, err := store.Open("data", p.options())
	if err != nil {
		p.t.Fatal(err)
	}
	p.db = db
	v, err := vault.New(db, p.key)
	if err != nil {
		p.t.Fatal(err)
	}
	return v
}

func baker() Person {
	return Person{
		ID: NewID(), Role: Merchant, Name: "  Wil\u00a0 Jansen\t", Lang: "nl",
		Shop: "Bakkerij De Korenaar", Address: "Voorbeeldstraat 1", IBAN: "nl91 abna 0417 1643 00",
	}
}

func add(t *testing.T, d *Directory, p Person) (Person, payreq.Code) {
	t.Helper()
	p, code, err := d.Add(p, "hash of a PIN", noon)
	if err != nil {
		t.Fatal(err)
	}
	return p, code
}

// mustBe wants a search by one key to give the person.
func mustBe(t *testing.T, what string, want, got Person, ok bool, err error) {
	t.Helper()
	if err != nil || !ok || got != want {
		t.Errorf("%s: %+v, %v, %v; want %+v", what, got, ok, err, want)
	}
}

func TestAPersonIsFoundByEveryKeyAlsoAfterARestart(t *testing.T) {
	disk := newPlace(t)
	want, code := add(t, New(disk.open()), baker())
	d := New(disk.open())
	got, ok, err := d.Person(want.ID)
	mustBe(t, "by id", want, got, ok, err)
	got, ok, err = d.ByAccount(want.Account)
	mustBe(t, "by account", want, got, ok, err)
	got, ok, err = d.ByReference(want.Reference)
	mustBe(t, "by reference", want, got, ok, err)
	got, pin, ok, err := d.Login(code)
	mustBe(t, "by card", want, got, ok, err)
	if pin != "hash of a PIN" {
		t.Errorf("hash of the PIN is %q", pin)
	}
}

func TestWhatIsTypedGetsItsOneForm(t *testing.T) {
	p, _ := add(t, New(newPlace(t).open()), baker())
	if p.Name != "Wil Jansen" || p.IBAN != iban || p.Title() != "Bakkerij De Korenaar" {
		t.Errorf("kept as %+v", p)
	}
	if ref, err := sepa.ParseRF(p.Reference); err != nil || ref != p.Reference || len(ref) != ReferenceLength {
		t.Errorf("reference %q: %v", p.Reference, err)
	}
	if p.Account == 0 || p.Owner == 0 {
		t.Errorf("account %d, owner %d; want ids", p.Account, p.Owner)
	}
}

func TestSignsThatTurnTheWritingAreInNoName(t *testing.T) {
	d := New(newPlace(t).open())
	for _, r := range "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069" {
		spoilt := func(name string) string { return string(r) + name[:3] + string(r) + name[3:] }
		p := baker()
		p.ID = NewID()
		p.Name, p.Shop, p.Address = spoilt("Wil Jansen"), spoilt("Bakkerij"), spoilt("Kade 1")
		p, _ = add(t, d, p)
		if p.Name != "Wil Jansen" || p.Shop != "Bakkerij" || p.Address != "Kade 1" {
			t.Errorf("%U: kept as %+q, %+q, %+q", r, p.Name, p.Shop, p.Address)
		}
		p, err := d.Update(p.ID, func(p *Person) { p.Name, p.Shop = spoilt("Wil Jansen"), spoilt("Bakkerij") })
		if err != nil || p.Name != "Wil Jansen" || p.Shop != "Bakkerij" {
			t.Errorf("%U: changed to %+q, %+q, %v", r, p.Name, p.Shop, err)
		}
		cashier, _ := add(t, d, Person{ID: NewID(), Role: Cashier, Name: spoilt("Kees"), Works: p.ID})
		if cashier.Name != "Kees" {
			t.Errorf("%U: a cashier is called %+q", r, cashier.Name)
		}
		anna, _ := add(t, d, Person{ID: NewID(), Role: Resident, Name: "Anna"})
		if err := d.Show(anna.ID, spoilt("Anna")); !errors.Is(err, ErrShown) {
			t.Errorf("%U: shown: %v, want ErrShown", r, err)
		}
	}
	p := baker()
	p.Name = string(rune(0x202e))
	if err := Check(p); !errors.Is(err, ErrName) {
		t.Errorf("a name of nothing but a turn: %v, want ErrName", err)
	}
}

func TestStaffHaveNoPurse(t *testing.T) {
	d := New(newPlace(t).open())
	p, _ := add(t, d, Person{ID: NewID(), Role: Desk, Name: "Balie 1", Shop: "no shop", IBAN: "nonsense"})
	if p.Account != 0 || p.Owner != 0 || p.Reference != "" || p.Shop != "" || p.IBAN != "" {
		t.Errorf("a member of staff has %+v", p)
	}
	if _, ok, err := d.ByAccount(0); ok || err != nil {
		t.Errorf("account 0 is somebody's: %v, %v", ok, err)
	}
}

func TestBadPeopleAreRefused(t *testing.T) {
	d := New(newPlace(t).open())
	for name, tt := range map[string]struct {
		spoil func(*Person)
		want  error
	}{
		"no role":      {func(p *Person) { p.Role = "king" }, ErrRole},
		"no name":      {func(p *Person) { p.Name = " \u00a0" }, ErrName},
		"long name":    {func(p *Person) { p.Name = strings.Repeat("é", MaxName+1) }, ErrName},
		"no shop":      {func(p *Person) { p.Shop = "" }, ErrShop},
		"long address": {func(p *Person) { p.Address = strings.Repeat("x", MaxAddress+1) }, ErrShop},
		"wrong IBAN":   {func(p *Person) { p.IBAN = "NL91ABNA0417164301" }, ErrIBAN},
	} {
		p := baker()
		tt.spoil(&p)
		if _, _, err := d.Add(p, "hash", noon); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
	if all, err := d.Everybody(); err != nil || len(all) != 0 {
		t.Errorf("refused people were kept: %v, %v", all, err)
	}
}

func TestTheSameFormTwiceAddsOnePerson(t *testing.T) {
	d := New(newPlace(t).open())
	p := baker()
	add(t, d, p)
	if _, _, err := d.Add(p, "hash", noon); !errors.Is(err, ErrExists) {
		t.Errorf("second time: %v, want ErrExists", err)
	}
}

func TestANewCardReplacesTheOldOne(t *testing.T) {
	d := New(newPlace(t).open())
	p, old := add(t, d, baker())
	changed, code, err := d.NewCard(p.ID)
	if err != nil {
		t.Fatal(err)
	}
	if changed.Serial != p.Serial+1 || changed.Account != p.Account {
		t.Errorf("after a new card: %+v", changed)
	}
	if _, _, ok, err := d.Login(old); ok || err != nil {
		t.Errorf("the old card still works: %v, %v", ok, err)
	}
	got, pin, ok, err := d.Login(code)
	mustBe(t, "by the new card", changed, got, ok, err)
	if pin != "hash of a PIN" {
		t.Errorf("hash of the PIN is %q, want the one from before", pin)
	}
	if _, _, err := d.NewCard(NewID()); !errors.Is(err, ErrNobody) {
		t.Errorf("a card for nobody: %v", err)
	}
}

func TestAPINCanBeChosenLaterAndAgainWithoutANewCard(t *testing.T) {
	d := New(newPlace(t).open())
	p, code, err := d.Add(baker(), "", noon)
	if err != nil {
		t.Fatal(err)
	}
	if on, hash, ok, err := d.LoginOf(p.ID); on != code || hash != "" || !ok || err != nil {
		t.Errorf("a card without a PIN: %v, %q, %v, %v", on, hash, ok, err)
	}
	for i, hash := range []string{"first hash", "second hash"} {
		changed, on, err := d.SetPIN(p.ID, hash)
		if err != nil || on != code || changed.Serial != p.Serial+uint32(i)+1 {
			t.Fatalf("%+v, %v, %v", changed, on, err)
		}
		if _, pin, ok, err := d.Login(code); pin != hash || !ok || err != nil {
			t.Errorf("the card leads to %q, %v, %v", pin, ok, err)
		}
	}
}

func TestUpdateChangesWhatMayChange(t *testing.T) {
	disk := newPlace(t)
	d := New(disk.open())
	p, _ := add(t, d, baker())
	_, err := d.Update(p.ID, func(p *Person) {
		p.Lang, p.IBAN, p.Role, p.Account, p.Serial = "en", "", Desk, 1, 99
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Update(NewID(), func(*Person) {}); !errors.Is(err, ErrNobody) {
		t.Errorf("update of nobody: %v", err)
	}
	got, ok, err := New(disk.open()).Person(p.ID)
	p.Lang = "en"
	mustBe(t, "after an update", p, got, ok, err)
}

func TestAnErasedPersonIsGoneForEver(t *testing.T) {
	disk := newPlace(t)
	d := New(disk.open())
	p, code := add(t, d, baker())
	if _, err := d.Everybody(); err != nil {
		t.Fatal(err)
	}
	if err := d.Erase(p.ID); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		_, byID, err1 := d.Person(p.ID)
		_, byAccount, err2 := d.ByAccount(p.Account)
		_, byReference, err3 := d.ByReference(p.Reference)
		_, _, byCard, err4 := d.Login(code)
		all, err5 := d.Everybody()
		if err := errors.Join(err1, err2, err3, err4, err5); err != nil {
			t.Fatal(err)
		}
		if byID || byAccount || byReference || byCard || len(all) != 0 {
			t.Errorf("erased, but found by id %v, account %v, reference %v, card %v, list %v", byID, byAccount, byReference, byCard, all)
		}
		d = New(disk.open())
	}
	if _, _, err := d.Add(p, "hash", noon); !errors.Is(err, vault.ErrErased) {
		t.Errorf("an erased person was added again: %v", err)
	}
	if err := d.Erase(p.ID); err != nil {
		t.Errorf("erasing twice: %v", err)
	}
}

func TestNothingPersonalLiesInTheStoreAsItIs(t *testing.T) {
	disk := newPlace(t)
	_, code := add(t, New(disk.open()), baker())
	secrets := []string{"Jansen", "Korenaar", "Voorbeeld", iban, code.String(), "hash of a PIN"}
	for _, prefix := range []byte{store.VaultKeys, store.VaultDocs, store.Lookups} {
		rows := 0
		err := disk.db.Space(prefix).Scan(nil, func(key, val []byte) error {
			rows++
			for _, secret := range secrets {
				if strings.Contains(string(key), secret) || strings.Contains(string(val), secret) {
					t.Errorf("%q stands in a row of space %q", secret, prefix)
				}
			}
			return nil
		})
		if err != nil || rows == 0 {
			t.Errorf("space %q: %d rows, %v", prefix, rows, err)
		}
	}
}

func TestSearchFindsByNameInAnyCase(t *testing.T) {
	disk := newPlace(t)
	d := New(disk.open())
	add(t, d, baker())
	add(t, d, Person{ID: NewID(), Role: Resident, Name: "Zoë Äbel"})
	add(t, d, Person{ID: NewID(), Role: Resident, Name: "anna"})
	wantFound := func() {
		t.Helper()
		for query, want := range map[string]string{
			"":        "anna, Bakkerij De Korenaar, Zoë Äbel",
			"äBEL":    "Zoë Äbel",
			"jansen":  "Bakkerij De Korenaar",
			" koren ": "Bakkerij De Korenaar",
			"nobody":  "",
		} {
			found, more, err := d.Search(query, 10)
			var names []string
			for _, p := range found {
				names = append(names, p.Title())
			}
			if got := strings.Join(names, ", "); got != want || more || err != nil {
				t.Errorf("Search(%q) = %q, %v, %v; want %q", query, got, more, err, want)
			}
		}
	}
	wantFound()
	d = New(disk.open())
	wantFound()
	if found, more, err := d.Search("", 2); len(found) != 2 || !more || err != nil {
		t.Errorf("a list of two: %d, more %v, %v", len(found), more, err)
	}
}

func TestPeopleAreFoundByWhatADeskHears(t *testing.T) {
	d := New(newPlace(t).open())
	shop := baker()
	shop.Shop, shop.Address = "Bakkerij de Dageraad", "Dorpsstraat 12"
	shop, _ = add(t, d, shop)
	add(t, d, Person{ID: NewID(), Role: Resident, Name: "Gülşen Öztürk"})
	add(t, d, Person{ID: NewID(), Role: Resident, Name: "Piet de Boer"})
	add(t, d, Person{ID: NewID(), Role: Resident, Name: "Boer Jansen"})
	for query, want := range map[string]string{
		"ozturk gul":              "Gülşen Öztürk",
		"ÖZTÜRK":                  "Gülşen Öztürk",
		"dorpsstraat":             "Bakkerij de Dageraad",
		"boer":                    "Boer Jansen, Piet de Boer", // who is called so comes first
		"boer piet":               "Piet de Boer",
		shop.Reference:            "Bakkerij de Dageraad",
		shop.Reference[4:10]:      "Bakkerij de Dageraad",
		"rf" + shop.Reference[2:]: "Bakkerij de Dageraad",
		"boer dageraad":           "",
		"12":                      "Bakkerij de Dageraad", // too short for a reference
	} {
		found, _, err := d.Search(query, 10)
		var names []string
		for _, p := range found {
			names = append(names, p.Title())
		}
		if got := strings.Join(names, ", "); got != want || err != nil {
			t.Errorf("Search(%q) = %q, %v; want %q", query, got, err, want)
		}
	}
}

func TestTheCacheStaysBounded(t *testing.T) {
	d := New(newPlace(t).open())
	p, _ := add(t, d, baker())
	d.mu.Lock()
	for range cached + 10 {
		d.remember(Person{ID: NewID()})
	}
	size := len(d.cache)
	d.mu.Unlock()
	if size != cached {
		t.Errorf("%d people in memory, want %d", size, cached)
	}
	got, ok, err := d.Person(p.ID)
	mustBe(t, "after being forgotten", p, got, ok, err)
}

func TestACashierNeedsAShopAndNobodyElseHasOne(t *testing.T) {
	d := New(newPlace(t).open())
	for _, p := range []Person{
		{ID: NewID(), Role: Cashier, Name: "Kees"},
		{ID: NewID(), Role: Resident, Name: "Anna", Works: NewID()},
	} {
		if _, _, err := d.Add(p, "hash", time.Now()); !errors.Is(err, ErrWorks) {
			t.Errorf("adding %+v: %v, want ErrWorks", p, err)
		}
	}
	kees := Person{ID: NewID(), Role: Cashier, Name: "Kees", Works: NewID()}
	if _, _, err := d.Add(kees, "hash", time.Now()); err != nil {
		t.Fatal(err)
	}
	if got, ok, err := New(d.vault).Person(kees.ID); err != nil || !ok || got.Works != kees.Works {
		t.Errorf("read back: works for %v (%v, %v), want %v", got.Works, ok, err, kees.Works)
	}
}
