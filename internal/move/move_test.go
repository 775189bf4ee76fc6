package move

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/internal/foureyes"
	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/internal/store"
	"grulden/internal/vault"
	"grulden/ledger"
)

// A wijk of before, as Cyclos 3 and Cyclos 4 list it: commas and points,
// English and Dutch headings.
const (
	members3 = "\xef\xbb\xbfId,Login name,Full name,Email,Creation date,Group,Balance\n" +
		"7,anna,Anna Voorbeeld,anna@example.org,03/02/2019,Members,\"1,012.50\"\n" +
		"8,bakker,Bakkerij Voorbeeld,,14/02/2019,Business members,37.50\n" +
		"9,weg,Is Weg,,14/02/2019,Removed members,0.00\n"
	members4 = "Gebruikersnaam;Volledige naam;Groep;Saldo;Gebruikersstatus\r\n" +
		"anna;Anna Voorbeeld;Bewoners;1.012,50 Talent;Actief\r\n" +
		"bakker;Bakkerij Voorbeeld;Ondernemers;37,50 Talent;Actief\r\n" +
		"weg;Is Weg;Bewoners;0,00 Talent;Verwijderd\r\n"
	payments = "Transactienummer;Datum;Van;Naar;Bedrag;Omschrijving\r\n" +
		"1;13-01-2020 10:00;Systeem;Anna Voorbeeld (anna);1.050,00 Talent;begin\r\n" +
		"2;14-01-2020 11:30;anna;Bakkerij Voorbeeld;-37,50 Talent;brood\r\n"
)

func plan(t *testing.T, members, payments string) *Plan {
	t.Helper()
	var list []byte
	if payments != "" {
		list = []byte(payments)
	}
	p, err := Read([]byte(members), list, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestListsOfCyclosAreRead(t *testing.T) {
	for name, members := range map[string]string{"Cyclos 3": members3, "Cyclos 4": members4} {
		p := plan(t, members, payments)
		if len(p.Faults) != 0 {
			t.Fatalf("%s: faults %+v", name, p.Faults)
		}
		anna, shop := p.Members[0], p.Members[1]
		if anna.Person.Role != people.Resident || anna.Person.Name != "Anna Voorbeeld" || anna.Balance != 1012_50 {
			t.Errorf("%s: %+v", name, anna)
		}
		if shop.Person.Role != people.Merchant || shop.Person.Shop != "Bakkerij Voorbeeld" || shop.Balance != 37_50 {
			t.Errorf("%s: %+v", name, shop)
		}
		if p.Total() != 1050_00 {
			t.Errorf("%s: together %v", name, p.Total())
		}
	}
	p := plan(t, members4, payments)
	if len(p.Members) != 2 || len(p.Notes) != 1 || p.Notes[0].Why != Left {
		t.Errorf("%d members, notes %+v: who left with nothing stays behind", len(p.Members), p.Notes)
	}
	if q := p.Payments[1]; q.Cents != 37_50 || q.At.Format("2006-01-02 15:04") != "2020-01-14 11:30" {
		t.Errorf("payment %+v", q)
	}
}

func TestEveryBadLineOfAMoveIsNamed(t *testing.T) {
	p := plan(t, "login,name,balance,iban,company\n"+
		"a,Anna,-5.00,,\n"+
		"b,Bram,1.234,,\n"+
		"b,Bram,2.00,,\n"+
		"B,Boris,2.00,,\n"+
		",Niemand,2.00,,\n"+
		"c,,2.00,,\n"+
		"d,Dirk,2.00,NL00NOPE,Bij Dirk\n",
		"date,from,to,amount\n"+
			"2020-13-40,b,x,1.00\n"+
			"2020-01-04,b,x,veel\n")
	want := []Remark{
		{MembersFile, 2, Negative, "-5.00"},
		{MembersFile, 3, BadAmount, "1.234"},
		{MembersFile, 5, Twice, "B"},
		{MembersFile, 6, NoLogin, ""},
		{MembersFile, 7, BadPerson, "c"},
		{MembersFile, 8, BadPerson, "NL00NOPE"},
		{PaymentsFile, 2, BadDay, "2020-13-40"},
		{PaymentsFile, 3, BadAmount, "veel"},
	}
	if len(p.Faults) != len(want) {
		t.Fatalf("faults %+v", p.Faults)
	}
	for i, f := range p.Faults {
		if f != want[i] {
			t.Errorf("fault %+v, want %+v", f, want[i])
		}
	}
}

func TestAmountsOfOtherProgramsAreReadOrRefused(t *testing.T) {
	for text, want := range map[string]ledger.Cents{
		"": 0, "0,00": 0, "12": 12_00, "12,5": 12_50, "12.50": 12_50, "-3,25": -3_25, "+3.25": 3_25, "−1": -1_00, "- 2,00": -2_00,
		"1.234,56": 1234_56, "1,234.56": 1234_56, "1.234.567": 1234567_00, "1 234,50": 1234_50, "€ 7,00": 7_00, "7,00 Talent": 7_00,
		"12.5000": 12_50, "0.500": 50,
	} {
		if got, err := readAmount(text); err != nil || got != want {
			t.Errorf("%q is %v (%v), want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"1.234", "1,234", "12.345.6", "1.23.456,00", "12,345678", "twaalf", "1e3", "--1", "99999999999"} {
		if got, err := readAmount(text); err == nil {
			t.Errorf("%q is %v, want an error", text, got)
		}
	}
}

func TestDaysAreReadInTheOneOrderThatFitsAll(t *testing.T) {
	order, ok := dayOrder([]string{"03/04/2020", "12/31/2020 3:04:05 PM"})
	if at, read := readTime("03/04/2020", order); !ok || !read || at.Month() != time.March {
		t.Errorf("American days: %v, %v", at, ok)
	}
	order, ok = dayOrder([]string{"03-04-2020", "2020-01-05T10:00:00Z"})
	if at, read := readTime("03-04-2020", order); !ok || !read || at.Month() != time.April {
		t.Errorf("Dutch days: %v, %v", at, ok)
	}
	if _, ok = dayOrder([]string{"31/12/2020", "12/31/2020"}); ok {
		t.Error("days of two orders in one file were taken")
	}
}

func TestAFileThatIsNoListIsRefused(t *testing.T) {
	for _, file := range []string{"", "login;saldo\nx;1\n", "PK\x03\x04\x00", "login,name\n\xff\xfe,x\n"} {
		if _, err := Read([]byte(file), nil, Options{}); !errors.Is(err, ErrFile) {
			t.Errorf("%q: %v", file, err)
		}
	}
	if _, err := Read([]byte(members3), []byte("datum,bedrag\n"), Options{}); !errors.Is(err, ErrFile) {
		t.Errorf("payments without sides: %v", err)
	}
}

// place is an empty ledger with the rules of the coin.
func place(t *testing.T) Place {
	t.Helper()
	fs := vfs.NewMem()
	o := node.Options{
		Store: store.Options{FS: fs, MinFreeBytes: 1},
		Clock: func() time.Time { return time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC) },
	}
	if err := node.Init("data", node.Settings{Wijk: "De Proef"}, o.Store); err != nil {
		t.Fatal(err)
	}
	n, err := node.Open("data", o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	})
	file := filepath.Join(t.TempDir(), "master.key")
	if err := vault.CreateMasterKey(file); err != nil {
		t.Fatal(err)
	}
	key, err := vault.LoadMasterKey(file)
	if err != nil {
		t.Fatal(err)
	}
	v, err := vault.New(n.Store(), key)
	if err != nil {
		t.Fatal(err)
	}
	at := Place{n, v, people.New(v)}
	if _, err := n.Submit(context.Background(), node.Request{Command: ledger.SetPolicy{Policy: ledger.DefaultPolicy()}}); err != nil {
		t.Fatal(err)
	}
	return at
}

func carry(t *testing.T, at Place, p *Plan) Done {
	t.Helper()
	done, err := Carry(t.Context(), at, p, record.Auth{How: record.ByOperator}, func(_, _ uint64) {})
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// has is what a member has, in cents.
func (at Place) has(t *testing.T, login string) (cents ledger.Cents) {
	t.Helper()
	p, ok, err := at.People.Person(at.id(login))
	if err != nil || !ok {
		t.Fatalf("%s: %v, %v", login, ok, err)
	}
	err = at.Node.Read(func(v *node.View) error {
		b, err := v.Balance(p.Account, at.Node.Today())
		cents = ledger.ShownCents(b.Worth)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return cents
}

func TestAMoveTwiceMovesOnce(t *testing.T) {
	at := place(t)
	p := plan(t, members4, payments)
	done := carry(t, at, p)
	if done.Added != 2 || done.There != 0 || done.Payments != 3 || done.Opening.Total != 1050_00 {
		t.Errorf("first time: %+v", done)
	}
	if got := at.has(t, "anna"); got != 0 {
		t.Errorf("Anna has %v before two people said so", got)
	}
	again := carry(t, at, plan(t, members3, payments))
	if again.Added != 0 || again.There != 2 {
		t.Errorf("second time: %+v", again)
	}
	for range 2 {
		if err := Issue(t.Context(), at, again.Opening, record.Auth{How: record.ByOperator}); err != nil {
			t.Fatal(err)
		}
	}
	if anna, shop := at.has(t, "anna"), at.has(t, "bakker"); anna != 1012_50 || shop != 37_50 {
		t.Errorf("Anna has %v and the bakery %v", anna, shop)
	}
	old, err := History(at.Vault, at.id("anna"))
	if err != nil || len(old) != 2 || old[0].Name != "Systeem" || old[1].Cents != -37_50 || old[1].Other != at.id("bakker") {
		t.Errorf("Anna's old payments: %+v, %v", old, err)
	}
}

func TestAPlanWithAFaultChangesNothing(t *testing.T) {
	at := place(t)
	p := plan(t, members4+"schuld;Heeft Schuld;Bewoners;-1,00;Actief\r\n", "")
	if _, err := Carry(t.Context(), at, p, record.Auth{}, func(_, _ uint64) {}); !errors.Is(err, ErrFaults) {
		t.Errorf("carried out with a debt: %v", err)
	}
	if all, err := at.People.Everybody(); err != nil || len(all) != 0 {
		t.Errorf("%d people were added (%v)", len(all), err)
	}
}

func TestSomebodyErasedDoesNotComeBackWithTheNextMove(t *testing.T) {
	at := place(t)
	p := plan(t, members4, "")
	carry(t, at, p)
	if err := at.People.Erase(at.id("anna")); err != nil {
		t.Fatal(err)
	}
	done := carry(t, at, p)
	if len(done.Notes) != 1 || done.Notes[0] != (Remark{MembersFile, 2, Erased, ""}) || done.Opening.Total != 37_50 {
		t.Errorf("%+v", done)
	}
	gone := Opening{Total: 2, Lines: []OpeningLine{{at.id("bakker"), 1}, {at.id("anna"), 1}}}
	refused := (*RefusedError)(nil)
	if err := Issue(t.Context(), at, gone, record.Auth{}); !errors.As(err, &refused) || len(refused.Lines) != 1 || !strings.HasPrefix(refused.Lines[0], "line 2: ") {
		t.Errorf("an opening with somebody who is gone: %v", err)
	}
	if got := at.has(t, "bakker"); got != 0 {
		t.Errorf("the bakery got %v of an opening that failed", got)
	}
}

func TestPaymentsThatDoNotAddUpAreTold(t *testing.T) {
	p := plan(t, members4, "Datum;Van;Naar;Bedrag\n14-01-2020;anna;bakker;37,50\n")
	if len(p.Faults) != 0 || len(p.Notes) != 2 || p.Notes[1] != (Remark{MembersFile, 2, Different, "-37.50 by payments, 1012.50 on the list"}) {
		t.Errorf("faults %+v, notes %+v", p.Faults, p.Notes)
	}
}

func TestAnOpeningThatCannotBeIssuedWholeEndsAndSaysWhy(t *testing.T) {
	at := place(t)
	first := carry(t, at, plan(t, members4, "")).Opening
	issue := func(o Opening) error {
		return Issue(t.Context(), at, o, record.Auth{How: record.ByOperator})
	}
	anna, _, err := at.People.Person(at.id("anna"))
	if err != nil {
		t.Fatal(err)
	}
	bakker, _, err := at.People.Person(at.id("bakker"))
	if err != nil {
		t.Fatal(err)
	}
	if r, err := at.Node.Submit(t.Context(), node.Request{Command: ledger.Close{Account: bakker.Account}}); err != nil || r.Result != ledger.Applied {
		t.Fatal(r.Result, err)
	}
	refused := (*RefusedError)(nil)
	if err := issue(first); !errors.As(err, &refused) || len(refused.Lines) != 1 || !strings.Contains(err.Error(), ledger.AccountClosed.Code()) {
		t.Errorf("with a closed account: %v", err)
	}
	if got := at.has(t, "anna"); got != 0 {
		t.Errorf("Anna got %v of an opening that failed", got)
	}
	one := Opening{Total: 5, Lines: []OpeningLine{{anna.ID, 5}}}
	for range 2 {
		if err := issue(one); err != nil {
			t.Fatal(err)
		}
	}
	one.Total, one.Lines[0].Cents = 6, 6
	if err := issue(one); !errors.As(err, &refused) || !strings.Contains(err.Error(), "got 0.05 before") {
		t.Errorf("another amount for the same member: %v", err)
	}
	text, err := json.Marshal(one)
	if err != nil {
		t.Fatal(err)
	}
	if err := at.Rule().Do(t.Context(), &foureyes.Proposal{Body: text}); !errors.As(err, &refused) || errors.Is(err, ErrEmpty) {
		t.Errorf("the proposal: %v", err)
	}
	if got := at.has(t, "anna"); got != 5 {
		t.Errorf("Anna has %v", got)
	}
}
