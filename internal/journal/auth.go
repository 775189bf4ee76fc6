package journal

// Auth says who authorised a record's command and how, in words that name
// nobody. As CBOR it is the array [by, how].
type Auth struct {
	_ struct{} `cbor:",toarray"`
	// By is the random id of the account or staff member that authorised the
	// command; zero for none.
	By uint64
	// How is the means: one of the constants below.
	How string
}

// The means of authorisation. Their texts are in the journal and are never
// given another meaning.
const (
	ByPIN      = "pin"      // a resident or shop, signed in with a PIN
	ByDesk     = "desk"     // a staff member at the desk
	ByBank     = "bank"     // a credit on the bank statement
	ByOperator = "operator" // the person at the command line
	ByReplay   = "replay"   // a line of a replayed file
)
