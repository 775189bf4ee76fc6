package page

import (
	"maps"
	"strings"
)

// sample is what the pages of the gallery show.
type sample struct {
	base   Base // of somebody who is signed in
	nobody Base // of a visitor who is not
	task   Base // of somebody who is in the middle of something, without the places to go
	typed  string
	lines  []Line
	euros  EuroOutlook
	qr     QR
}

// States are all pages in all their states, by a name that begins with the
// page's own. The tests render each, and the demo shows them at /dev/states.
// typed is what people typed wherever they can: a name, or something that
// means harm.
func States(lang Lang, typed string) map[string]View {
	b := Base{
		Lang: lang, Coin: "Grulden", Wijk: "De Hoogte", Person: "Anna", Path: "/wallet",
		Nav: []NavItem{{Href: "/wallet", Icon: "wallet", Word: "nav.wallet", Here: true}, {Href: "/pay", Icon: "pay", Word: "nav.pay"}},
	}
	nobody := b
	nobody.Person, nobody.Nav = "", nil
	task := b
	task.Nav = nil
	x := sample{
		base: b, nobody: nobody, task: task, typed: typed,
		lines: []Line{
			{Icon: "shop", Who: typed, When: "3 december, 14:05", Amount: "−4,50", Href: "/receipt/1"},
			{Icon: "coin", Who: "Opgeladen", When: "2 december", Amount: "+50,00", In: true},
		},
		euros: EuroOutlook{Now: "84,00", Some: true, Line: "€ 84,00 kan nu, € 31,00 vanaf 12 maart, € 96,00 na nog 2 betalingen", Later: []LaterEuro{{Amount: "31,00", Why: "kan euro’s worden vanaf 12 maart."}}},
		qr:    QR{Size: 33, Path: "M4 4h7v1h-7z"},
	}
	all := make(map[string]View)
	for _, some := range []func() map[string]View{
		x.loginStates, x.walletStates, x.deviceStates, x.orderStates, x.tillStates, x.deskStates, x.shopStates, x.appStates,
	} {
		maps.Copy(all, some())
	}
	return all
}

// Slug is the name of a state as it stands in an address.
func Slug(name string) string { return strings.ReplaceAll(name, " ", "-") }
