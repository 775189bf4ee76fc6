package notice

import (
	"errors"
	"net/netip"
	"slices"
)

// errInside: a push service would be a machine that is not on the open internet.
var errInside = errors.New("not an address outside")

// pushPort is the only port on which push services are talked to.
const pushPort = 443

// open6 is all of IPv6 that is given out to the open internet.
var open6 = netip.MustParsePrefix("2000::/3")

// closed are networks that lead inside, or nowhere: the special-purpose addresses
// of RFC 6890, and those of IPv6 that hold an address of IPv4.
var closed = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
	"192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
	"198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
	"64:ff9b::/96", "64:ff9b:1::/48", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
)

func prefixes(texts ...string) (all []netip.Prefix) {
	for _, text := range texts {
		all = append(all, netip.MustParsePrefix(text))
	}
	return all
}

// outside tells whether an address is one of the open internet, and its port that
// of push services.
func outside(to netip.AddrPort) bool {
	a := to.Addr().Unmap()
	if to.Port() != pushPort || a.Is6() && !open6.Contains(a) {
		return false
	}
	return !slices.ContainsFunc(closed, func(p netip.Prefix) bool { return p.Contains(a) })
}
