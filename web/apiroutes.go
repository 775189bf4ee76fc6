package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"grulden/internal/payreq"
	"grulden/internal/people"
	"grulden/ledger"
	"grulden/merchant"
	"grulden/wallet"
	"grulden/web/page"
)

// The bodies of the API. Amounts are text with two decimals, times RFC 3339,
// ids 32 hexadecimal digits. openapi.yaml describes each by the same name.
type (
	loginBody struct {
		Code string `json:"code"`
		PIN  string `json:"pin"`
		OTP  string `json:"otp,omitempty"`
	}
	tokenBody struct {
		Token   string    `json:"token"`
		Expires time.Time `json:"expires"`
		Role    string    `json:"role"`
		Name    string    `json:"name"`
	}
	balanceBody struct {
		Spendable string       `json:"spendable"`
		Blocked   bool         `json:"blocked"`
		Loss      *lossBody    `json:"loss"`
		Euros     *outlookBody `json:"euros"`
		Later     []laterBody  `json:"later"`
		Seq       uint64       `json:"seq"`
	}
	lossBody struct {
		Day    string `json:"day"`
		Amount string `json:"amount"`
	}
	outlookBody struct {
		Now string `json:"now"`
	}
	laterBody struct {
		Amount   string `json:"amount"`
		Payments int    `json:"payments"`
		From     string `json:"from,omitempty"`
	}
	historyBody struct {
		Entries []entryBody `json:"entries"`
		Older   uint64      `json:"older,omitempty"`
	}
	entryBody struct {
		Seq    uint64    `json:"seq"`
		At     time.Time `json:"at"`
		Kind   string    `json:"kind"`
		Amount string    `json:"amount"`
		Other  string    `json:"other,omitempty"`
		ID     string    `json:"id,omitempty"`
	}
	askBody struct {
		Amount string `json:"amount"`
	}
	requestBody struct {
		Code    string     `json:"code"`
		Link    string     `json:"link"`
		Shop    string     `json:"shop"`
		Address string     `json:"address,omitempty"`
		Amount  string     `json:"amount,omitempty"`
		Payment string     `json:"payment,omitempty"`
		State   string     `json:"state"`
		Expires *time.Time `json:"expires,omitempty"`
	}
	payBody struct {
		Code    string `json:"code"`
		Amount  string `json:"amount"`
		Payment string `json:"payment"`
		PIN     string `json:"pin"`
	}
	paymentBody struct {
		Payment  string    `json:"payment"`
		Seq      uint64    `json:"seq"`
		At       time.Time `json:"at"`
		Amount   string    `json:"amount"`
		Refunded string    `json:"refunded"`
		Incoming bool      `json:"incoming"`
		Other    string    `json:"other"`
	}
	redeemBody struct {
		ID     string `json:"id"`
		Amount string `json:"amount"`
	}
	redemptionBody struct {
		ID     string    `json:"id"`
		Seq    uint64    `json:"seq"`
		At     time.Time `json:"at"`
		Amount string    `json:"amount"`
	}
)

func (s *Server) apiLogin(r *http.Request, _ visit) (int, any, error) {
	var in loginBody
	if err := readJSON(r, &in); err != nil {
		return 0, nil, err
	}
	p, err := s.signIn(r, in.Code, in.PIN)
	var wait mustWait
	var factor string
	if err == nil {
		factor, err = s.apiFactor(r, p, in.OTP)
	}
	if errors.As(err, &wait) && wait > 0 {
		err = errOften
	}
	if err != nil {
		return 0, nil, err
	}
	ctx, err := s.sessions.Load(context.Background(), "")
	if err != nil {
		return 0, nil, fmt.Errorf("begin a session: %w", err)
	}
	s.remember(ctx, p, useAPI)
	s.sessions.Put(ctx, sessionFactor, factor)
	token, expires, err := s.sessions.Commit(ctx)
	if err != nil {
		return 0, nil, fmt.Errorf("begin a session: %w", err)
	}
	return http.StatusOK, tokenBody{Token: token, Expires: expires.UTC(), Role: string(p.Role), Name: p.Title()}, nil
}

// apiFactor wants the code of an app from who has one, and refuses a token to
// who needs a second factor and cannot show one here.
func (s *Server) apiFactor(r *http.Request, p people.Person, code string) (factor string, err error) {
	if !hasFactors(p.Role) {
		return "", nil
	}
	f, err := s.factorsOf(p.ID)
	switch {
	case err != nil:
		return "", err
	case f.Secret != "" && code != "":
		return factorCode, s.spendCode(r, p, code)
	case f.Any() || s.factorNeeded:
		return "", errNeedFactor
	}
	return "", nil
}

func (s *Server) apiLogout(r *http.Request, _ visit) (int, any, error) {
	if err := s.sessions.Destroy(r.Context()); err != nil {
		return 0, nil, fmt.Errorf("end a session: %w", err)
	}
	return http.StatusNoContent, nil, nil
}

func (s *Server) apiBalance(_ *http.Request, v visit) (int, any, error) {
	now, err := s.wallet.Home(v.purse.Account)
	if err != nil {
		return 0, nil, err
	}
	out := balanceBody{Spendable: now.Spendable.String(), Blocked: now.Blocked, Later: []laterBody{}, Seq: now.Seq}
	if now.Loss.Some {
		out.Loss = &lossBody{Day: now.Loss.Day.String(), Amount: now.Loss.Amount.String()}
	}
	if v.person.Role != people.Merchant {
		return http.StatusOK, out, nil
	}
	outlook, err := s.till.Outlook(v.purse.Account)
	if err != nil {
		return 0, nil, err
	}
	out.Euros = &outlookBody{Now: outlook.Now.String()}
	for _, l := range outlook.Later {
		b := laterBody{Amount: l.Amount.String(), Payments: l.Needs}
		if l.Day != 0 {
			b.From = l.Day.String()
		}
		out.Later = append(out.Later, b)
	}
	return http.StatusOK, out, nil
}

// kindNames are the kinds of entries as programs see them.
var kindNames = map[wallet.Kind]string{
	wallet.Issued: "issue", wallet.Granted: "grant", wallet.Paid: "payment", wallet.Refunded: "refund",
	wallet.Redeemed: "redemption", wallet.Settled: "settled", wallet.Rejected: "rejected", wallet.Reopened: "reopened",
}

func (s *Server) apiHistory(r *http.Request, v visit) (int, any, error) {
	from, err := before(r)
	if err != nil {
		return 0, nil, err
	}
	limit := pageLines
	if text := r.URL.Query().Get("limit"); text != "" {
		if limit, err = strconv.Atoi(text); err != nil || limit < 1 || limit > 200 {
			return 0, nil, errBadForm
		}
	}
	entries, older, err := s.wallet.History(v.purse.Account, from, limit)
	if err != nil {
		return 0, nil, err
	}
	out := historyBody{Entries: make([]entryBody, len(entries)), Older: older}
	for i, e := range entries {
		out.Entries[i] = entryBody{Seq: e.Seq, At: e.At, Kind: kindNames[e.Kind], Amount: e.Amount.String()}
		if e.ID != (ledger.ID{}) {
			out.Entries[i].ID = e.ID.String()
		}
		if out.Entries[i].Other, _, err = s.nameOf(v.lang, e.Other); err != nil {
			return 0, nil, err
		}
	}
	return http.StatusOK, out, nil
}

func (s *Server) apiAsk(r *http.Request, v visit) (int, any, error) {
	var in askBody
	if err := readJSON(r, &in); err != nil {
		return 0, nil, err
	}
	amount, err := ledger.ParseCents(in.Amount)
	if err != nil {
		return 0, nil, err
	}
	request, err := s.till.Ask(v.purse.Account, amount)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusCreated, s.requestBody(request, v.purse, "waiting"), nil
}

func (s *Server) requestBody(r payreq.Request, shop people.Person, state string) requestBody {
	out := requestBody{
		Code: r.Code.String(), Link: payreq.Link(s.origin, r.Code), Shop: shop.Title(), Address: shop.Address, State: state,
	}
	if shop.Role == people.Resident { // whose own name is for nobody else
		out.Shop = residentName(page.ParseLang(shop.Lang), shop)
	}
	if !r.AsksAmount() {
		expires := r.Expires.UTC()
		out.Amount, out.Expires = r.Amount.String(), &expires
	}
	if r.Kind == payreq.Till {
		out.Payment = r.Payment.String()
	}
	return out
}

// stateNames are the states of a request as programs see them. That somebody
// else paid is all that a payer learns.
var stateNames = map[wallet.State]string{
	wallet.Payable: "waiting", wallet.AskAmount: "waiting", wallet.PaidByPayer: "paid", wallet.PaidByOther: "taken",
	wallet.Expired: "expired", wallet.OwnCode: "waiting",
}

func (s *Server) apiRequest(r *http.Request, v visit) (int, any, error) {
	code, err := s.parseCode(r, v)
	if err != nil {
		return 0, nil, err
	}
	request, ok, err := s.book.Find(code)
	if err == nil && !ok {
		err = wallet.ErrUnknownCode
	}
	if err != nil {
		return 0, nil, s.countUnknown(v, err)
	}
	shop, _, err := s.people.ByAccount(request.Shop)
	if err != nil {
		return 0, nil, err
	}
	if request.Shop == v.purse.Account && request.Kind == payreq.Till {
		status, _, err := s.till.Status(v.purse.Account, code)
		if err != nil {
			return 0, nil, err
		}
		return http.StatusOK, s.requestBody(request, shop, statusNames[status.State]), nil
	}
	offer, err := s.wallet.Offer(v.purse.Account, code, 0)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, s.requestBody(request, shop, stateNames[offer.State]), nil
}

// statusNames are the states of a request as its own shop sees them.
var statusNames = map[merchant.State]string{
	merchant.Waiting: "waiting", merchant.Paid: "paid", merchant.Expired: "expired",
}

func (s *Server) apiPay(r *http.Request, v visit) (int, any, error) {
	var in payBody
	if err := readJSON(r, &in); err != nil {
		return 0, nil, err
	}
	if s.codes.Spent(v.person.ID.String(), s.node.Now()) {
		return 0, nil, errOften
	}
	code, err := payreq.Parse(in.Code)
	if err != nil {
		return 0, nil, s.countUnknown(v, err)
	}
	order := wallet.Order{Code: code}
	if in.Amount != "" {
		if order.Amount, err = ledger.ParseCents(in.Amount); err != nil {
			return 0, nil, err
		}
	}
	if in.Payment != "" {
		if order.Payment, err = ledger.ParseID(in.Payment); err != nil {
			return 0, nil, errBadForm
		}
	}
	h, err := s.payer(r, v, in.PIN, nil)
	if err != nil {
		return 0, nil, err
	}
	id, receipt, err := s.wallet.Pay(r.Context(), h, order)
	if err = check(receipt, err); err != nil {
		return 0, nil, s.countUnknown(v, err)
	}
	if receipt.Repeat {
		return s.paymentAnswer(v, id, http.StatusOK)
	}
	paid, err := s.wallet.Paid(order, id, receipt)
	if err != nil {
		return 0, nil, err
	}
	return s.paymentOf(v, paid, http.StatusCreated)
}

func (s *Server) apiPayment(r *http.Request, v visit) (int, any, error) {
	id, err := ledger.ParseID(r.PathValue("payment"))
	if err != nil {
		return 0, nil, errNotFound
	}
	return s.paymentAnswer(v, id, http.StatusOK)
}

func (s *Server) paymentAnswer(v visit, id ledger.ID, status int) (int, any, error) {
	paid, ok, err := s.wallet.Receipt(v.purse.Account, id)
	if err != nil {
		return 0, nil, err
	}
	if !ok {
		return 0, nil, errNotFound
	}
	return s.paymentOf(v, paid, status)
}

// paymentOf is a receipt as programs see it.
func (s *Server) paymentOf(v visit, paid wallet.Receipt, status int) (int, any, error) {
	other, _, err := s.nameOf(v.lang, paid.Other)
	return status, paymentBody{
		Payment: paid.ID.String(), Seq: paid.Seq, At: paid.At, Amount: paid.Amount.String(),
		Refunded: paid.Refunded.String(), Incoming: paid.In, Other: other,
	}, err
}

func (s *Server) apiRedeem(r *http.Request, v visit) (int, any, error) {
	var in redeemBody
	if err := readJSON(r, &in); err != nil {
		return 0, nil, err
	}
	if v.purse.IBAN == "" {
		return 0, nil, errNoIBAN
	}
	id, err := ledger.ParseID(in.ID)
	if err != nil || id == (ledger.ID{}) {
		return 0, nil, errBadForm
	}
	amount, err := ledger.ParseCents(in.Amount)
	if err != nil {
		return 0, nil, err
	}
	receipt, err := s.till.Redeem(r.Context(), merchant.Holder{Account: v.purse.Account, Auth: v.auth()}, id, amount)
	if err = check(receipt, err); err != nil {
		return 0, nil, err
	}
	status := http.StatusCreated
	if receipt.Repeat {
		status = http.StatusOK
	}
	return status, redemptionBody{ID: in.ID, Seq: receipt.Seq, At: receipt.Moment.At.Time(), Amount: amount.String()}, nil
}
