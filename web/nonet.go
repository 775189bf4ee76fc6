package web

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"time"

	"grulden/internal/people"
	"grulden/ledger"
	"grulden/merchant"
	"grulden/wallet"
	"grulden/web/page"
)

// tillSecret is what a shop's tills and the server share (SPEC R110), and its
// name, which tells a till whether the one it keeps is still right. Both change
// with the shop's card and with who works there, so that neither a stolen till
// nor a cashier who left knows anything of use.
func (s *Server) tillSecret(shop people.Person) (secret merchant.Secret, name string, err error) {
	staff, err := s.people.Staff(shop.ID)
	if err != nil {
		return merchant.Secret{}, "", err
	}
	slices.SortFunc(staff, func(a, b people.Person) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	text := fmt.Sprintf("%d %d", shop.Account, shop.Serial)
	for _, p := range staff {
		if !p.Stopped {
			text += fmt.Sprintf(" %v %d", p.ID, p.Serial)
		}
	}
	named := s.vault.HMAC16("name of a till's secret", text)
	return merchant.Secret(s.vault.HMAC16("till without a net", text)), hex.EncodeToString(named[:]), nil
}

// showNoNet shows the till for when the shop has no net. Tills keep this page,
// so nothing stands on it that changes.
func (s *Server) showNoNet(w http.ResponseWriter, r *http.Request, v visit) error {
	_, name, err := s.tillSecret(v.purse)
	if err != nil {
		return err
	}
	p := page.NoNetPage{Base: s.base(r, v), Shop: v.purse.Title(), Secret: name}
	p.Notice = ""
	return s.show(w, http.StatusOK, p)
}

// giveSecret gives a till its secret, which the till keeps where no script can
// read it again.
func (s *Server) giveSecret(w http.ResponseWriter, _ *http.Request, v visit) error {
	secret, name, err := s.tillSecret(v.purse)
	if err != nil {
		return err
	}
	s.sendJSON(w, "application/json", http.StatusOK, map[string]any{"name": name, "secret": secret[:]})
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
	secret, _, err := s.tillSecret(v.purse)
	if err != nil {
		return err
	}
	found, err := s.till.Compare(v.purse.Account, secret, noted)
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
	secret, _, err := s.tillSecret(shop)
	if err != nil {
		return "", err
	}
	code := merchant.Confirmation(secret, paid.ID, paid.Amount, paid.At)
	return code[:3] + " " + code[3:6] + " " + code[6:], nil
}
