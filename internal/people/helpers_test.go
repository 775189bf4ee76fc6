package people

import (
	"errors"
	"testing"
	"time"

	"grulden/internal/payreq"
	"grulden/ledger"
)

var monday = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func someone(t *testing.T, d *Directory, role Role) Person {
	t.Helper()
	p, _, err := d.Add(Person{ID: NewID(), Role: role, Name: "Iemand"}, "hash", monday)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func invite(t *testing.T, d *Directory, owner ID) Invitation {
	t.Helper()
	i, err := d.Invite(owner, " Buurvrouw ", 20_00, monday)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func TestAnInvitationMakesAHelperOnce(t *testing.T) {
	disk := newPlace(t)
	d := New(disk.open())
	anna, bea := someone(t, d, Resident), someone(t, d, Helper)
	i := invite(t, d, anna.ID)
	if p, found, err := d.Invited(i.Code, monday); err != nil || p.ID != anna.ID || found.Name != "Buurvrouw" || found.Limit != 20_00 {
		t.Fatalf("invited by %v: %+v, %v", p.ID, found, err)
	}
	if _, err := d.Accept(i.Code, anna.ID, monday); !errors.Is(err, ErrHelpSelf) {
		t.Errorf("one's own invitation: %v, want ErrHelpSelf", err)
	}
	if _, err := d.Accept(i.Code, bea.ID, monday); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Accept(i.Code, bea.ID, monday); !errors.Is(err, ErrNoInvitation) {
		t.Errorf("the invitation again: %v, want ErrNoInvitation", err)
	}
	d = New(disk.open())
	given, ok, err := d.HelpOf(anna.ID, bea.ID)
	if err != nil || !ok || given.Limit != 20_00 || given.Owner != anna.ID || given.Name != "Buurvrouw" {
		t.Errorf("help %+v, %v, %v", given, ok, err)
	}
	if all, err := d.Helping(bea.ID); err != nil || len(all) != 1 || all[0] != given {
		t.Errorf("helps %+v, %v", all, err)
	}
	if _, ok, err := d.HelpOf(bea.ID, anna.ID); ok || err != nil {
		t.Errorf("help goes both ways: %v, %v", ok, err)
	}
}

func TestAnInvitationEndsAfterAWeek(t *testing.T) {
	d := New(newPlace(t).open())
	anna, bea := someone(t, d, Resident), someone(t, d, Helper)
	i := invite(t, d, anna.ID)
	if _, err := d.Accept(i.Code, bea.ID, monday.Add(InvitationFor)); !errors.Is(err, ErrNoInvitation) {
		t.Errorf("a week later: %v, want ErrNoInvitation", err)
	}
	if _, _, err := d.Invited(i.Code, monday.Add(InvitationFor-time.Second)); err != nil {
		t.Errorf("a second before: %v", err)
	}
	for range MaxHelpers - 1 {
		invite(t, d, anna.ID)
	}
	if _, err := d.Invite(anna.ID, "Nog een", 100, monday); !errors.Is(err, ErrHelpers) {
		t.Errorf("one too many: %v, want ErrHelpers", err)
	}
	if _, err := d.Invite(anna.ID, "Later", 100, monday.Add(InvitationFor)); err != nil {
		t.Errorf("when the old ones have ended: %v", err)
	}
	if _, open, err := d.Helpers(anna.ID, monday.Add(InvitationFor)); err != nil || len(open) != 1 {
		t.Errorf("open invitations %v, %v; want one", open, err)
	}
}

func TestLimitsOfHelpersAreBounded(t *testing.T) {
	d := New(newPlace(t).open())
	anna, bea := someone(t, d, Resident), someone(t, d, Helper)
	if _, err := d.Accept(invite(t, d, anna.ID).Code, bea.ID, monday); err != nil {
		t.Fatal(err)
	}
	for limit, want := range map[int64]error{0: ErrHelpLimit, -1: ErrHelpLimit, int64(MaxHelpLimit) + 1: ErrHelpLimit, 1: nil, int64(MaxHelpLimit): nil} {
		_, err := d.Invite(anna.ID, "X", ledger.Cents(limit), monday)
		if !errors.Is(err, want) {
			t.Errorf("invite with %d: %v, want %v", limit, err, want)
		}
		if err := d.LimitHelp(anna.ID, bea.ID, ledger.Cents(limit)); !errors.Is(err, want) {
			t.Errorf("limit %d: %v, want %v", limit, err, want)
		}
	}
	if _, err := d.Invite(anna.ID, " ", 100, monday); !errors.Is(err, ErrName) {
		t.Errorf("without a name: %v, want ErrName", err)
	}
}

func TestHelpEndsAtOnce(t *testing.T) {
	d := New(newPlace(t).open())
	anna, bea := someone(t, d, Resident), someone(t, d, Helper)
	if _, err := d.Accept(invite(t, d, anna.ID).Code, bea.ID, monday); err != nil {
		t.Fatal(err)
	}
	if err := d.StopHelp(anna.ID, bea.ID); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := d.HelpOf(anna.ID, bea.ID); ok || err != nil {
		t.Errorf("still helps: %v, %v", ok, err)
	}
	if all, err := d.Helping(bea.ID); err != nil || len(all) != 0 {
		t.Errorf("still helps %+v, %v", all, err)
	}
	if err := d.StopHelp(anna.ID, bea.ID); !errors.Is(err, ErrNobody) {
		t.Errorf("stopping twice: %v, want ErrNobody", err)
	}
	i := invite(t, d, anna.ID)
	if err := d.Uninvite(anna.ID, i.Code); err != nil {
		t.Fatal(err)
	}
	if _, _, err := d.Invited(i.Code, monday); !errors.Is(err, ErrNoInvitation) {
		t.Errorf("an invitation taken back: %v, want ErrNoInvitation", err)
	}
	if err := d.Uninvite(bea.ID, i.Code); !errors.Is(err, ErrNobody) {
		t.Errorf("somebody else's invitation: %v, want ErrNobody", err)
	}
}

func TestErasingLeavesNoHelpBehind(t *testing.T) {
	disk := newPlace(t)
	d := New(disk.open())
	anna, bea := someone(t, d, Resident), someone(t, d, Helper)
	if _, err := d.Accept(invite(t, d, anna.ID).Code, bea.ID, monday); err != nil {
		t.Fatal(err)
	}
	open := invite(t, d, anna.ID)
	if err := d.Erase(bea.ID); err != nil {
		t.Fatal(err)
	}
	if helpers, _, err := d.Helpers(anna.ID, monday); err != nil || len(helpers) != 0 {
		t.Errorf("helpers %v, %v after the helper was erased", helpers, err)
	}
	if err := d.Erase(anna.ID); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := d.vault.Lookup(byInvitation, open.Code.String()); ok || err != nil {
		t.Errorf("the invitation of an erased person is left: %v, %v", ok, err)
	}
}

func TestErasingAShopErasesItsCashiers(t *testing.T) {
	d := New(newPlace(t).open())
	shop, other := baker(), baker()
	other.ID = NewID()
	add(t, d, shop)
	add(t, d, other)
	var codes []payreq.Code
	for _, works := range []ID{shop.ID, other.ID} {
		_, code, err := d.Add(Person{ID: NewID(), Role: Cashier, Name: "Kees", Works: works}, "hash", monday)
		if err != nil {
			t.Fatal(err)
		}
		codes = append(codes, code)
	}
	if err := d.Erase(shop.ID); err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{false, true} {
		if _, _, ok, err := d.Login(codes[i]); ok != want || err != nil {
			t.Errorf("cashier %d can sign in: %v, %v; want %v", i, ok, err, want)
		}
	}
	if left, err := d.Staff(other.ID); err != nil || len(left) != 1 {
		t.Errorf("staff of the other shop: %v, %v", left, err)
	}
}

func TestErasingHoldsNobodyUp(t *testing.T) {
	disk := newPlace(t)
	d := New(disk.open())
	anna, bea := someone(t, d, Resident), someone(t, d, Resident)
	reader := disk.db.Snapshot() // as a backup holds one: the last traces must wait for it
	erased := make(chan error, 1)
	go func() { erased <- d.Erase(anna.ID) }()
	for known := true; known; {
		var err error
		if _, known, err = d.Person(anna.ID); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Stop(bea.ID, true); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-erased:
		t.Errorf("the erasure was over before others could go on: %v", err)
	default:
	}
	if err := reader.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-erased; err != nil {
		t.Error(err)
	}
}
