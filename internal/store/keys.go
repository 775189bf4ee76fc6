package store

// Every key starts with one of these bytes. A prefix is never given a second
// meaning: a part that changes its layout takes a new letter, or a new format
// version.
//
//	prefix  what                                  written by
//	'h'     head of the journal, ledger identity  node
//	'j'     journal entries, by sequence          node
//	'a'     account rows                          node
//	'l'     lots                                  node
//	'e'     payments and redemptions              node
//	'r'     open redemptions                      node
//	'k'     idempotency keys                      node
//	'p'     policies                              node
//	'v'     wrapped keys of persons               vault
//	'w'     sealed documents of persons           vault
//	'n'     lookups: keyed hash to id             vault
//	's'     sessions                              auth
//	'c'     pay codes                             payreq
//	'b'     bank entries and payouts              bank
//	'm'     map of the wijk                       wijkmap
//	'd'     cash box                              cash
//	'i'     sources and lists of money            rewards
//	'u'     paper coupons                         coupon
//	'f'     purposes and grants of the wijkfonds      fund
//	'g'     logbook                               logbook
//	'y'     sums of days for reports              report
//	'4'     proposals that need two people        foureyes
//	'q'     published figures                     disclosure
//	'$'     what the coin cost and brought        worth
const (
	Head        byte = 'h'
	Journal     byte = 'j'
	Accounts    byte = 'a'
	Lots        byte = 'l'
	Payments    byte = 'e'
	Redemptions byte = 'r'
	Idempotency byte = 'k'
	Policies    byte = 'p'
	VaultKeys   byte = 'v'
	VaultDocs   byte = 'w'
	Lookups     byte = 'n'
	Sessions    byte = 's'
	PayCodes    byte = 'c'
	Bank        byte = 'b'
	Map         byte = 'm'
	Cash        byte = 'd'
	Rewards     byte = 'i'
	Coupons     byte = 'u'
	Fund        byte = 'f'
	Logbook     byte = 'g'
	Sums        byte = 'y'
	FourEyes    byte = '4'
	Releases    byte = 'q'
	Worth       byte = '$'
)

// End returns the first key after all keys that start with prefix, so that
// [prefix, End(prefix)) holds exactly those. It returns nil, meaning "no upper
// bound", for an empty prefix and for one of 0xff bytes only.
func End(prefix []byte) []byte {
	for i := len(prefix) - 1; i >= 0; i-- {
		if prefix[i] != 0xff {
			end := append([]byte(nil), prefix[:i+1]...)
			end[i]++
			return end
		}
	}
	return nil
}
