package page

import (
	"fmt"
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
		qr:    sampleQR(),
	}
	all := make(map[string]View)
	for _, some := range []func() map[string]View{
		x.whatIfStates,
		x.loginStates, x.walletStates, x.deviceStates, x.orderStates, x.tillStates, x.deskStates, x.shopStates, x.appStates, x.cashStates, x.reserveStates, x.noticeStates, x.fundStates, x.topUpStates, x.proposalStates, x.payoutStates, x.sourceStates, x.rulesStates, x.couponStates, x.windStates, x.reportStates, x.publishStates, x.worthStates,
	} {
		maps.Copy(all, some())
	}
	return all
}

// Slug is the name of a state as it stands in an address.
func Slug(name string) string { return strings.ReplaceAll(name, " ", "-") }

// sampleQR looks like a QR code and holds nothing.
func sampleQR() QR {
	const modules, quiet = 25, 4
	var path strings.Builder
	square := func(x, y, size int) { fmt.Fprintf(&path, "M%d %dh%dv%dh-%dz", x+quiet, y+quiet, size, size, size) }
	for _, corner := range [][2]int{{0, 0}, {modules - 7, 0}, {0, modules - 7}} {
		x, y := corner[0], corner[1]
		fmt.Fprintf(&path, "M%d %dh7v7h-7zm1 1v5h5v-5z", x+quiet, y+quiet)
		square(x+2, y+2, 3)
	}
	noise := uint32(1)
	for y := range modules {
		for x := range modules {
			noise = noise*1664525 + 1013904223
			corner := (x < 8 || x >= modules-8) && y < 8 || x < 8 && y >= modules-8
			if !corner && noise>>31 == 1 {
				square(x, y, 1)
			}
		}
	}
	return QR{Size: modules + 2*quiet, Path: path.String()}
}
