package ledger

// Result is what became of a command: Applied, or the first rule it breaks. The
// values stand in the order in which they are checked and are never
// renumbered (SPEC.md §9).
type Result uint8

// The results, in the order of their checks.
const (
	Applied             Result = iota // the command is now an entry
	BadCommand                        // unknown kind, missing or mistyped field, value out of range
	AlreadyApplied                    // a command with this key was applied before
	TimeWentBack                      // earlier than the last entry
	NoPolicy                          // nothing but a policy can come first
	PolicyTooSoon                     // its first day is within a grace already given
	AccountExists                     // the account was opened before
	UnknownAccount                    // the payer, holder or receiver was never opened
	AccountClosed                     // the payer, holder or receiver is closed
	AccountBlocked                    // the payer or holder is blocked
	NotEmpty                          // closing needs less than a cent and no open redemption
	SameAccount                       // payer and receiver are one
	DuplicateID                       // the id was used by a payment or redemption before
	BadAmount                         // not an amount, or beyond what the ledger can hold
	UnknownPayment                    // no payment has this id
	RefundTooLarge                    // more than is left of the payment, or nothing left
	MayNotRedeem                      // the policy does not let this role redeem
	UnknownRedemption                 // no redemption with this id is waiting
	InsufficientFund                  // the wijkfonds has less
	InsufficientBalance               // the payer has less
	NotConvertible                    // the holder has less that may become euros
	DeviceExists                      // a device of this id was enrolled before
	TooManyDevices                    // the account has as many devices as it may
	UnknownDevice                     // the account has no such device in use
	resultCount
)

var resultCodes = [resultCount]string{
	Applied:             "applied",
	BadCommand:          "bad-command",
	AlreadyApplied:      "already-applied",
	TimeWentBack:        "time-went-back",
	NoPolicy:            "no-policy",
	PolicyTooSoon:       "policy-too-soon",
	AccountExists:       "account-exists",
	UnknownAccount:      "unknown-account",
	AccountClosed:       "account-closed",
	AccountBlocked:      "account-blocked",
	NotEmpty:            "not-empty",
	SameAccount:         "same-account",
	DuplicateID:         "duplicate-id",
	BadAmount:           "bad-amount",
	UnknownPayment:      "unknown-payment",
	RefundTooLarge:      "refund-too-large",
	MayNotRedeem:        "may-not-redeem",
	UnknownRedemption:   "unknown-redemption",
	InsufficientFund:    "insufficient-fund",
	InsufficientBalance: "insufficient-balance",
	NotConvertible:      "not-convertible",
	DeviceExists:        "device-exists",
	TooManyDevices:      "too-many-devices",
	UnknownDevice:       "unknown-device",
}

// Code is the result's name in the replay format and the API.
func (r Result) Code() string {
	if r >= resultCount {
		return "unknown-result"
	}
	return resultCodes[r]
}

// String is the result's code.
func (r Result) String() string { return r.Code() }

// Results lists every result, in order.
func Results() []Result {
	all := make([]Result, resultCount)
	for i := range all {
		all[i] = Result(i)
	}
	return all
}
