package sim

// The branches of the rules that a history can reach, as Reached counts them. A
// refusal counts under its own code.
const (
	HopGained           = "hop gained"
	FifthHop            = "fifth hop"
	BackInTrail         = "return to an owner in the trail"
	SameDaySecondOwner  = "second new owner on one day"
	BetweenOwnAccounts  = "between accounts of one owner"
	LotSplit            = "lot split"
	PoolSplit           = "pool split"
	CrumbJoinsPool      = "crumb joins pool"
	ChargedPoolJoined   = "charged pool joined"
	PartsJoined         = "parts joined on arrival"
	PoolPaidByRedeemer  = "pool paid by a redeemer"
	PoolPaidInLine      = "pool paid in line"
	PoolBeforeLots      = "pool paid while lots stay"
	RefundLosesHop      = "refund loses hop"
	RefundTakesUpDay    = "refund takes up the customer's day"
	RefundChangesHolder = "refund changes only the holder"
	RefundOfPool        = "refund of pool money from the pool"
	RefundPoolLast      = "refund takes the pool last"
	RefundOfNewLots     = "refund takes lots that arrived later"
	RipeByTerm          = "ripe by term"
	RipeByHop           = "ripe by hop"
	RipeByPolicy        = "ripe by a policy that lowers hops"
	RejectAfterMelting  = "reject after melting"
	RejectInGrace       = "reject within the grace"
	Reopened            = "reopened after settling"
	SettledWithFee      = "settled with a fee"
	Granted             = "grant"
	GrantedWholeFund    = "grant of the whole fund"
	FundBelowZero       = "fund below zero"
	PolicyScheduled     = "policy scheduled"
	PolicyReplaced      = "policy replaced"
	ClosedWithRest      = "closed with a rest"
	PaidAllShown        = "paid all that is shown"
	IndexAtOne          = "index at one"
	Applied             = "applied"
	Blank               = "blank line"
)

// note remembers that the entry under way went through a branch.
func (s *state) note(branch string) { s.branches = append(s.branches, branch) }
