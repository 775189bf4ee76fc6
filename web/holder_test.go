package web

import (
	"context"
	"errors"
	"testing"

	"grulden/internal/people"
)

func TestACardIsCheckedWithoutASession(t *testing.T) {
	s := newSite(t, nil)
	anna := s.resident("Anna", 0)
	code := s.cards[anna.ID].String()
	if p, err := s.server.holderOfCard(context.Background(), code, "9999"); !errors.Is(err, errWrongPIN) || p.ID != (people.ID{}) {
		t.Errorf("a wrong PIN: %v, %v", p.ID, err)
	}
	if p, err := s.server.holderOfCard(context.Background(), code, pin); err != nil || p.ID != anna.ID {
		t.Errorf("the right PIN: %v, %v", p.ID, err)
	}
}

func TestAPINAskedAgainCountsWithTheCards(t *testing.T) {
	s := newSite(t, nil)
	anna := s.resident("Anna", 0)
	ctx := context.Background()
	for range 3 {
		if err := s.server.checkPIN(ctx, anna, "9999"); !errors.Is(err, errWrongPIN) {
			t.Fatal(err)
		}
	}
	for range 2 {
		if _, err := s.server.holderOfCard(ctx, s.cards[anna.ID].String(), "9999"); !errors.Is(err, errWrongPIN) {
			t.Fatal(err)
		}
	}
	var wait mustWait
	if err := s.server.checkPIN(ctx, anna, pin); !errors.As(err, &wait) || wait <= 0 {
		t.Errorf("the sixth try: %v, want a wait", err)
	}
}

func TestACashierUsesThePurseOfTheShop(t *testing.T) {
	s := newSite(t, nil)
	shop := s.shop("Bakker")
	cashier := s.add(people.Person{Role: people.Cashier, Name: "Kees", Works: shop.ID}, 0)
	purse, err := s.server.purseOf(cashier)
	if err != nil || purse.Account != shop.Account || purse.Account == 0 {
		t.Errorf("the cashier uses account %d (%v), want the shop's %d", purse.Account, err, shop.Account)
	}
}
