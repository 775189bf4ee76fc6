package web

import (
	"context"
	"errors"
	"net/http"

	"grulden/internal/auth"
	"grulden/internal/bank"
	"grulden/internal/cash"
	"grulden/internal/coupon"
	"grulden/internal/disclosure"
	"grulden/internal/foureyes"
	"grulden/internal/fund"
	"grulden/internal/node"
	"grulden/internal/payreq"
	"grulden/internal/people"
	coinpolicy "grulden/internal/policy"
	"grulden/internal/rewards"
	"grulden/internal/whatif"
	"grulden/internal/worth"
	"grulden/ledger"
	"grulden/merchant"
	"grulden/wallet"
	"grulden/web/page"
)

// answer is how a refusal looks from outside: the HTTP status, the code for
// programs, and the words for people.
type answer struct {
	status int
	code   string
	text   page.Key
}

// results says how each of the ledger's results looks. A test holds it against
// the list of results.
var results = map[ledger.Result]answer{
	ledger.Applied:             {http.StatusOK, "applied", "result.applied"},
	ledger.BadCommand:          {http.StatusBadRequest, "bad-command", "result.bad-command"},
	ledger.TimeWentBack:        {http.StatusServiceUnavailable, "time-went-back", "result.time-went-back"},
	ledger.NoPolicy:            {http.StatusConflict, "no-policy", "result.no-policy"},
	ledger.PolicyTooSoon:       {http.StatusConflict, "policy-too-soon", "result.policy-too-soon"},
	ledger.AccountExists:       {http.StatusConflict, "account-exists", "result.account-exists"},
	ledger.UnknownAccount:      {http.StatusNotFound, "unknown-account", "result.unknown-account"},
	ledger.AccountClosed:       {http.StatusConflict, "account-closed", "result.account-closed"},
	ledger.AccountBlocked:      {http.StatusForbidden, "account-blocked", "result.account-blocked"},
	ledger.NotEmpty:            {http.StatusConflict, "not-empty", "result.not-empty"},
	ledger.SameAccount:         {http.StatusConflict, "same-account", "result.same-account"},
	ledger.DuplicateID:         {http.StatusConflict, "duplicate-id", "result.duplicate-id"},
	ledger.BadAmount:           {http.StatusUnprocessableEntity, "bad-amount", "result.bad-amount"},
	ledger.UnknownPayment:      {http.StatusNotFound, "unknown-payment", "result.unknown-payment"},
	ledger.RefundTooLarge:      {http.StatusConflict, "refund-too-large", "result.refund-too-large"},
	ledger.MayNotRedeem:        {http.StatusForbidden, "may-not-redeem", "result.may-not-redeem"},
	ledger.UnknownRedemption:   {http.StatusNotFound, "unknown-redemption", "result.unknown-redemption"},
	ledger.InsufficientFund:    {http.StatusConflict, "insufficient-fund", "result.insufficient-fund"},
	ledger.InsufficientBalance: {http.StatusConflict, "insufficient-balance", "result.insufficient-balance"},
	ledger.NotConvertible:      {http.StatusConflict, "not-convertible", "result.not-convertible"},
	ledger.DeviceExists:        {http.StatusConflict, "device-exists", "result.device-exists"},
	ledger.TooManyDevices:      {http.StatusConflict, "too-many-devices", "result.too-many-devices"},
	ledger.UnknownDevice:       {http.StatusNotFound, "unknown-device", "result.unknown-device"},
	ledger.AlreadyApplied:      {http.StatusConflict, "already-applied", "result.already-applied"},
}

// refused is the error for a result that is not Applied.
type refused ledger.Result

func (r refused) Error() string { return "the ledger refused: " + ledger.Result(r).Code() }

// check turns a receipt into an error when the rules refused.
func check(receipt node.Receipt, err error) error {
	if err == nil && receipt.Result != ledger.Applied {
		return refused(receipt.Result)
	}
	return err
}

// Refusals that arise at the edge, before any rule of the ledger.
var (
	errNotFound  = errors.New("there is nothing at this address")
	errRole      = errors.New("this role may not do that")
	errSignedOut = errors.New("nobody is signed in")
	errBadForm   = errors.New("the form or body cannot be read")
	errOften     = errors.New("too many tries")
	errWrongPIN  = errors.New("code and PIN do not belong together")
	errForeign   = errors.New("this is no code of ours")
	errStopped   = errors.New("this login is shut out")
	errUncounted = errors.New("the cash was not counted")
	errNoIBAN    = errors.New("no bank account is on file")
)

// edges says how errors look that are not results of the ledger; the first
// that fits counts.
var edges = []struct {
	err    error
	answer answer
}{
	{errNotFound, answer{http.StatusNotFound, "not-found", "problem.notfoundtext"}},
	{errRole, answer{http.StatusForbidden, "wrong-role", "problem.role"}},
	{errSignedOut, answer{http.StatusUnauthorized, "signed-out", "login.title"}},
	{errOften, answer{http.StatusTooManyRequests, "too-often", "problem.oftentext"}},
	{errWrongPIN, answer{http.StatusUnprocessableEntity, "wrong-pin", "login.wrong"}},
	{errForeign, answer{http.StatusUnprocessableEntity, "foreign-code", "scan.foreign"}},
	{errActing, answer{http.StatusForbidden, "helper", "helping.maynot"}},
	{people.ErrNoInvitation, answer{http.StatusGone, "no-invitation", "invite.gone"}},
	{people.ErrHelpLimit, answer{http.StatusUnprocessableEntity, "bad-limit", "helpers.badlimit"}},
	{people.ErrHelpers, answer{http.StatusConflict, "enough-helpers", "helpers.enough"}},
	{people.ErrHelpSelf, answer{http.StatusConflict, "own-invitation", "invite.self"}},
	{people.ErrName, answer{http.StatusUnprocessableEntity, "no-name", "form.name"}},
	{errStopped, answer{http.StatusUnprocessableEntity, "stopped", "login.stopped"}},
	{errHalfway, answer{http.StatusForbidden, "second-factor", "safe.needed"}},
	{errNeedFactor, answer{http.StatusForbidden, "second-factor", "safe.needed"}},
	{errLastFactor, answer{http.StatusConflict, "last-factor", "safe.last"}},
	{errNoName, answer{http.StatusUnprocessableEntity, "no-name", "safe.noname"}},
	{auth.ErrCode, answer{http.StatusUnprocessableEntity, "wrong-otp", "second.wrong"}},
	{auth.ErrPasskey, answer{http.StatusUnprocessableEntity, "wrong-passkey", "login.passkeywrong"}},
	{auth.ErrPasskeys, answer{http.StatusConflict, "enough-passkeys", "safe.enough"}},
	{errCardGone, answer{http.StatusGone, "card-gone", "newcard.gone"}},
	{bank.ErrNoReserve, answer{http.StatusConflict, "no-reserve", "bank.noreserve"}},
	{errSendWhy, answer{http.StatusUnprocessableEntity, "no-reason", "sendback.nowhy"}},
	{bank.ErrNoSender, answer{http.StatusConflict, "no-sender", "sendback.nobody"}},
	{bank.ErrSentBack, answer{http.StatusConflict, "sent-back", "sendback.going"}},
	{bank.ErrNotMatchable, answer{http.StatusConflict, "not-matchable", "bank.already"}},
	{bank.ErrOverLimit, answer{http.StatusConflict, "over-limit", "bank.overlimit"}},
	{errNoIBAN, answer{http.StatusConflict, "no-iban", "redeem.noiban"}},
	{ledger.ErrAmount, answer{http.StatusUnprocessableEntity, "bad-amount", "pay.badamount"}},
	{payreq.ErrNotCode, answer{http.StatusNotFound, "unknown-code", "paycode.wrong"}},
	{wallet.ErrUnknownCode, answer{http.StatusNotFound, "unknown-code", "paycode.unknown"}},
	{wallet.ErrPINNeeded, answer{http.StatusForbidden, "pin-needed", "pay.pinneeded"}},
	{errEnrolled, answer{http.StatusForbidden, "enrolled", "enrol.already"}},
	{errEnrolPIN, answer{http.StatusForbidden, "pin-needed", "enrol.pinneeded"}},
	{wallet.ErrLate, answer{http.StatusConflict, "late", "pay.late"}},
	{wallet.ErrGivenUp, answer{http.StatusConflict, "given-up", "pay.givenup"}},
	{errUnsigned, answer{http.StatusForbidden, "unsigned", "pay.unsigned"}},
	{wallet.ErrApart, answer{http.StatusForbidden, "residents-apart", "pay.apart"}},
	{wallet.ErrExpired, answer{http.StatusGone, "expired", "pay.expired"}},
	{wallet.ErrTaken, answer{http.StatusConflict, "taken", "link.taken"}},
	{wallet.ErrBatchShort, answer{http.StatusConflict, "insufficient-balance", "batch.short"}},
	{wallet.ErrBatchFile, answer{http.StatusUnprocessableEntity, "bad-file", "batch.badfile"}},
	{wallet.ErrPeople, answer{http.StatusUnprocessableEntity, "bad-people", "ask.badpeople"}},
	{wallet.ErrText, answer{http.StatusUnprocessableEntity, "bad-text", "ask.badtext"}},
	{wallet.ErrTooMany, answer{http.StatusConflict, "too-many", "ask.toomany"}},
	{wallet.ErrDay, answer{http.StatusUnprocessableEntity, "bad-day", "standing.badday"}},
	{wallet.ErrSelf, answer{http.StatusConflict, "same-account", "standing.self"}},
	{wallet.ErrAskedTwice, answer{http.StatusConflict, "asked-before", "return.askedtwice"}},
	{wallet.ErrNoReturn, answer{http.StatusConflict, "no-return", "return.none"}},
	{wallet.ErrStale, answer{http.StatusConflict, "stale-form", "pay.stale"}},
	{wallet.ErrNoID, answer{http.StatusBadRequest, "payment-id-missing", "problem.badtext"}},
	{wallet.ErrUnsure, answer{http.StatusGatewayTimeout, "unsure", "pay.unsure"}},
	{merchant.ErrStale, answer{http.StatusConflict, "stale-form", "problem.badtext"}},
	{merchant.ErrCash, answer{http.StatusUnprocessableEntity, "bad-cash", "till.badcash"}},
	{merchant.ErrVAT, answer{http.StatusUnprocessableEntity, "bad-vat", "till.badvat"}},
	{merchant.ErrUnsure, answer{http.StatusGatewayTimeout, "unsure", "pay.unsure"}},
	{rewards.ErrName, answer{http.StatusUnprocessableEntity, "no-name", "source.badname"}},
	{rewards.ErrKind, answer{http.StatusUnprocessableEntity, "bad-kind", "source.badkind"}},
	{rewards.ErrUnknown, answer{http.StatusNotFound, "not-found", "problem.notfoundtext"}},
	{rewards.ErrCredit, answer{http.StatusConflict, "explained", "cash.explained"}},
	{rewards.ErrShort, answer{http.StatusConflict, "source-short", "sourcelist.short"}},
	{rewards.ErrEmpty, answer{http.StatusConflict, "empty-list", "sourcelist.empty"}},
	{rewards.ErrStarted, answer{http.StatusConflict, "started", "sourcelist.started"}},
	{coupon.ErrSheet, answer{http.StatusUnprocessableEntity, "bad-coupons", "coupons.bad"}},
	{coupon.ErrEnding, answer{http.StatusConflict, "coin-ends", "coupons.ending"}},
	{coupon.ErrNobody, answer{http.StatusNotFound, "not-found", "problem.notfoundtext"}},
	{coupon.ErrUnknown, answer{http.StatusNotFound, "unknown-coupon", "coupons.unknown"}},
	{coupon.ErrForged, answer{http.StatusUnprocessableEntity, "forged-coupon", "coupons.forged"}},
	{coupon.ErrUsed, answer{http.StatusConflict, "used-coupon", "coupons.used"}},
	{coupon.ErrReturned, answer{http.StatusGone, "old-coupon", "coupons.late"}},
	{coupon.ErrNotShop, answer{http.StatusUnprocessableEntity, "no-shop", "coupons.noshop"}},
	{errManyCodes, answer{http.StatusUnprocessableEntity, "too-many", "couponbook.many"}},
	{cash.ErrAmount, answer{http.StatusUnprocessableEntity, "bad-amount", "cash.badamount"}},
	{cash.ErrOverMonth, answer{http.StatusConflict, "over-limit", "cash.over"}},
	{errUncounted, answer{http.StatusUnprocessableEntity, "not-counted", "cash.unchecked"}},
	{cash.ErrShort, answer{http.StatusConflict, "cash-short", "cash.short"}},
	{cash.ErrPieces, answer{http.StatusUnprocessableEntity, "bad-count", "cash.pieces"}},
	{cash.ErrOtherUse, answer{http.StatusConflict, "form-used", "cash.otheruse"}},
	{cash.ErrArrived, answer{http.StatusConflict, "already-arrived", "cash.arrived"}},
	{cash.ErrSamePerson, answer{http.StatusForbidden, "same-person", "cash.samecarrier"}},
	{cash.ErrDirection, answer{http.StatusConflict, "explained", "cash.explained"}},
	{bank.ErrAssigned, answer{http.StatusConflict, "explained", "cash.explained"}},
	{bank.ErrUnknownEntry, answer{http.StatusNotFound, "not-found", "problem.notfoundtext"}},
	{cash.ErrUnknown, answer{http.StatusNotFound, "not-found", "problem.notfoundtext"}},
	{cash.ErrNobody, answer{http.StatusNotFound, "not-found", "problem.notfoundtext"}},
	{errNoWhy, answer{http.StatusUnprocessableEntity, "no-reason", "correct.nowhy"}},
	{errLastBoard, answer{http.StatusConflict, "last-board", "team.lastboard"}},
	{errHandOut, answer{http.StatusForbidden, "handed-out", "team.handout"}},
	{foureyes.ErrSamePerson, answer{http.StatusForbidden, "same-person", "problem.proposalsame"}},
	{foureyes.ErrOwnCase, answer{http.StatusForbidden, "own-case", "problem.proposalown"}},
	{foureyes.ErrRole, answer{http.StatusForbidden, "wrong-role", "problem.proposalrole"}},
	{foureyes.ErrChanged, answer{http.StatusConflict, "changed", "problem.proposalchanged"}},
	{foureyes.ErrDecided, answer{http.StatusConflict, "decided", "problem.proposaldecided"}},
	{foureyes.ErrUnknown, answer{http.StatusNotFound, "not-found", "problem.notfoundtext"}},
	{worth.ErrStale, answer{http.StatusConflict, "stale-sheet", "worth.stale"}},
	{errSheetFull, answer{http.StatusConflict, "full-sheet", "worth.full"}},
	{people.ErrNobody, answer{http.StatusNotFound, "not-found", "problem.notfoundtext"}},
	{node.ErrSignature, answer{http.StatusForbidden, "bad-signature", "result.bad-signature"}},
	{node.ErrBusy, answer{http.StatusServiceUnavailable, "busy", "problem.busytext"}},
	{node.ErrClosed, answer{http.StatusServiceUnavailable, "busy", "problem.busytext"}},
	{context.DeadlineExceeded, answer{http.StatusServiceUnavailable, "busy", "problem.busytext"}},
	{context.Canceled, answer{http.StatusServiceUnavailable, "busy", "problem.busytext"}},
	{fund.ErrPromise, answer{http.StatusConflict, "promise", "grant.breaks"}},
	{fund.ErrShort, answer{http.StatusConflict, "insufficient-fund", "grant.short"}},
	{fund.ErrPurpose, answer{http.StatusNotFound, "no-purpose", "grant.nopurpose"}},
	{fund.ErrText, answer{http.StatusUnprocessableEntity, "bad-text", "grant.text"}},
	{fund.ErrAmount, answer{http.StatusUnprocessableEntity, "bad-amount", "pay.badamount"}},
	{errBadDay, answer{http.StatusUnprocessableEntity, "bad-day", "rules.badday"}},
	{disclosure.ErrMonths, answer{http.StatusConflict, "months", "problem.publishmonths"}},
	{disclosure.ErrBroken, answer{http.StatusConflict, "broken", "problem.publishbroken"}},
	{disclosure.ErrOverlap, answer{http.StatusConflict, "overlap", "problem.publishoverlap"}},
	{errBadRules, answer{http.StatusUnprocessableEntity, "bad-rules", "rules.cannot"}},
	{errNoRules, answer{http.StatusUnprocessableEntity, "no-rules", "whatif.norules"}},
	{errTooMuch, answer{http.StatusUnprocessableEntity, "too-much", "whatif.toomuch"}},
	{errReplaced, answer{http.StatusConflict, "replaced", "whatif.replaced"}},
	{errNoModel, answer{http.StatusUnprocessableEntity, "no-model", "whatif.nomodel"}},
	{whatif.ErrModel, answer{http.StatusUnprocessableEntity, "bad-model", "whatif.badmodel"}},
	{coinpolicy.ErrNothing, answer{http.StatusConflict, "no-history", "whatif.nothing"}},
	{errBadLimits, answer{http.StatusUnprocessableEntity, "bad-limits", "rules.badlimits"}},
	{errBadForm, answer{http.StatusBadRequest, "bad-request", "problem.badtext"}},
}

// fault is the answer to everything unexpected. What happened is for the log.
var fault = answer{http.StatusInternalServerError, "internal", "problem.brokentext"}

// full is the answer while the disk is nearly full: the ledger then refuses new
// work before it is begun.
var full = answer{http.StatusServiceUnavailable, "disk-low", "problem.busytext"}

// answer is answerTo for errors that depend on the state of the machine.
func (s *Server) answer(err error) answer {
	a := answerTo(err)
	if a == fault && s.node.Store().Writable() != nil {
		return full
	}
	return a
}

// answerTo finds how an error looks from outside.
func answerTo(err error) answer {
	var r refused
	if errors.As(err, &r) {
		if a, ok := results[ledger.Result(r)]; ok {
			return a
		}
		return fault
	}
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return answer{http.StatusRequestEntityTooLarge, "too-large", "problem.largetext"}
	}
	var over wallet.ErrOverLimit
	if errors.As(err, &over) {
		return answer{http.StatusForbidden, "over-limit", "pay.over"}
	}
	var wait mustWait
	if errors.As(err, &wait) {
		return answer{http.StatusTooManyRequests, "too-often", "problem.oftentext"}
	}
	for _, e := range edges {
		if errors.Is(err, e.err) {
			return e.answer
		}
	}
	return fault
}
