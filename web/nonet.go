package web

import (
	"encoding/hex"
	"fmt"
	"net/http"
	"time"

	"grulden/internal/people"
	"grulden/ledger"
	"grulden/merchant"
	"grulden/wallet"
	"grulden/web/page"
)

// tillSecret is what a shop's tills and the server share (SPEC R110). It changes
// with the shop's card, so that a till that was stolen knows nothing of use.
func (s *Server) tillSecret(shop people.Person) merchant.Secret {
	return merchant.Secret(s.vault.HMAC16("till without a net", fmt.Sprintf("%d %d", shop.Account, shop.Serial)))
}

// secretName tells a till whether the secret it keeps is still the right one.
func (s *Server) secretName(shop people.Person) string {
	name := s.vault.HMAC16("name of a till's secret", fmt.Sprintf("%d %d", shop.Account, shop.Serial))
	return hex.EncodeToString(name[:])
}

// showNoNet shows the till for when the shop has no net. Tills keep this page,
// so nothing stands on it that changes.
func (s *Server) showNoNet(w http.ResponseWriter, r *http.Request, v visit) error {
	p := page.NoNetPage{Base: s.base(r, v), Shop: v.purse.Title(), Secret: s.secretName(v.purse)}
	p.Notice = ""
	return s.show(w, http.StatusOK, p)
}

// giveSecret gives a till its secret, which the till keeps where no script can
// read it again.
func (s *Server) giveSecret(w http.ResponseWriter, _ *http.Request, v visit) error {
	secret := s.tillSecret(v.purse)
	s.sendJSON(w, "application/json", http.StatusOK, map[string]any{"name": s.secretName(v.purse), "secret": secret[:]})
	return nil
}

// compareNoted tells a till that is back on the net which of the payments that
// it noted the ledger has.
func (s *Server) compareNoted(w http.ResponseWriter, r *http.Request, v visit) error {
	var sent struct {
		Noted []struct {
			Code  string       `json:"code"`
			Cents ledger.Cents `json:"cents"`
			At    int64        `json:"at"` // Unix seconds
		} `json:"noted"`
	}
	if err := readJSON(r, &sent); err != nil {
		return err
	}
	if len(sent.Noted) > merchant.MaxNoted {
		return errBadForm
	}
	noted := make([]merchant.Noted, len(sent.Noted))
	for i, n := range sent.Noted {
		noted[i] = merchant.Noted{Code: n.Code, Amount: n.Cents, At: time.Unix(n.At, 0)}
	}
	found, err := s.till.Compare(v.purse.Account, s.tillSecret(v.purse), noted)
	if err != nil {
		return err
	}
	answer := make([]bool, len(found))
	for i, id := range found {
		answer[i] = id != (ledger.ID{})
	}
	s.sendJSON(w, "application/json", http.StatusOK, map[string]any{"found": answer})
	return nil
}

// confirmable is how long a payment's code is worth showing: a till takes it in
// its own window and the next.
const confirmable = 2 * merchant.ConfirmWindow

// confirmation is the code that proves a payment to a shop without a net, in
// groups of three. Only who paid a poster needs one; otherwise it is empty.
func (s *Server) confirmation(paid wallet.Receipt) (string, error) {
	if paid.In || s.node.Now().Sub(paid.At) > confirmable {
		return "", nil
	}
	if _, asked, err := s.book.OfPayment(paid.ID); asked || err != nil {
		return "", err
	}
	shop, ok, err := s.people.ByAccount(paid.Other)
	if err != nil || !ok || shop.Role != people.Merchant {
		return "", err
	}
	code := merchant.Confirmation(s.tillSecret(shop), paid.ID, paid.Amount, paid.At)
	return code[:3] + " " + code[3:6] + " " + code[6:], nil
}
