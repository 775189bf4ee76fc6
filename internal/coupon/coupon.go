// Package coupon makes paper coupons for a day without power or net: printed
// beforehand for a person, given to a shop as money, and booked afterwards.
//
// What is printed is set aside at once, on an account of the same owner, so that
// it cannot be spent a second time with card or phone; in the ledger that
// changes nothing but the holder, and it counts no hop. Booking a coupon pays it
// from there to the shop. Because money that lies may melt until then, a little
// more is set aside than the coupons say, and what is left comes back.
//
// A coupon is booked once: its payment's id follows from its code. One that is
// brought back unused, or whose last day is long past, returns to its owner. The
// ledger's own key signs each coupon, so that a coupon which somebody drew is
// known without asking what it is worth.
//
// The package cannot know on the paper day whether a coupon was given twice as a
// copy: the second shop to book it is refused. Shops are told to keep the paper
// and to look at the name.
package coupon

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"grulden/demurrage"
	"grulden/internal/bank"
	"grulden/internal/node"
	"grulden/internal/payreq"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/internal/store"
	"grulden/internal/vault"
	"grulden/ledger"
)

// Bounds of a sheet.
const (
	MaxCoupons = 24
	MaxCents   = 50_00 // of one coupon
	ValidDays  = 30    // on which shops take it
	GraceDays  = 14    // after that, in which shops can still have it booked
)

// Errors of this package. A rule of the coin that says no is a *bank.Refused.
var (
	ErrSheet    = errors.New("a sheet has 1 to 24 coupons of at most 50.00")
	ErrNobody   = errors.New("this person has no purse")
	ErrUnknown  = errors.New("there is no such coupon")
	ErrForged   = errors.New("the signature on the coupon is not ours")
	ErrUsed     = errors.New("this coupon was booked before")
	ErrReturned = errors.New("this coupon was brought back or is too old")
	ErrNotShop  = errors.New("coupons are paid to shops")
	ErrEnding   = errors.New("no coupons are printed once it was decided that the coin ends")
)

// ID names a sheet.
type ID = bank.ID

// State is what became of a coupon.
type State string

// The states of a coupon. Only the first two ever change.
const (
	Made     State = "made"     // its money is being set aside
	Open     State = "open"     // printed and not booked
	Paid     State = "paid"     // booked to a shop
	Returned State = "returned" // its money is the owner's again
)

// Coupon is one coupon. Nothing in it is personal.
type Coupon struct {
	Code   payreq.Code      `json:"code"`
	Number uint64           `json:"number"` // counts from one
	Sheet  ID               `json:"sheet"`
	Owner  ledger.AccountID `json:"owner,string"` // whose money it is
	Held   ledger.AccountID `json:"held,string"`  // where that is set aside
	Cents  ledger.Cents     `json:"cents"`
	Until  bank.Date        `json:"until"` // the last day on which shops take it
	State  State            `json:"state"`

	Shop ledger.AccountID `json:"shop,omitempty,string"` // that it was paid to
	At   time.Time        `json:"at,omitzero"`           // when it was booked or came back
	By   record.Auth      `json:"by,omitzero"`           // who booked it or took it back
}

// Sheet is what one person had printed at once.
type Sheet struct {
	ID      ID               `json:"id"`
	Account ledger.AccountID `json:"account,string"`
	Held    ledger.AccountID `json:"held,string"`
	Aside   ledger.Cents     `json:"aside"` // set aside for it
	Made    time.Time        `json:"made"`
	By      record.Auth      `json:"by"`
	Codes   []payreq.Code    `json:"codes"`
	Done    bool             `json:"done"`
}

// Book keeps coupons. Its methods may be called from many goroutines.
type Book struct {
	node   *node.Node
	people *people.Directory
	vault  *vault.Vault
	rows   store.Space
	key    ed25519.PrivateKey

	mu sync.Mutex // held over every change
}

// The keys of the book's space, by their first byte:
//
//	c code         coupon
//	s sheet        sheet
//	o account code coupon of an owner; no value
//	h account      owner's account of one on which money is set aside
//	n              number of the last coupon
const (
	couponRow = 'c'
	sheetRow  = 's'
	ownerRow  = 'o'
	heldRow   = 'h'
)

var numberKey = []byte("n")

func couponKey(code payreq.Code) []byte {
	return binary.BigEndian.AppendUint64([]byte{couponRow}, uint64(code))
}

func sheetKey(id ID) []byte { return append([]byte{sheetRow}, id[:]...) }

func accountKey(kind byte, account ledger.AccountID) []byte {
	return binary.BigEndian.AppendUint64([]byte{kind}, uint64(account))
}

func ownerKey(c Coupon) []byte {
	return binary.BigEndian.AppendUint64(accountKey(ownerRow, c.Owner), uint64(c.Code))
}

// New opens the book of a ledger, and finishes what was cut short.
func New(n *node.Node, v *vault.Vault, p *people.Directory) (*Book, error) {
	first, second := v.HMAC16("coupon key", "1"), v.HMAC16("coupon key", "2")
	b := &Book{
		node: n, people: p, vault: v, rows: n.Store().Space(store.Coupons),
		key: ed25519.NewKeyFromSeed(slices.Concat(first[:], second[:])),
	}
	if err := b.resume(context.Background()); err != nil {
		return nil, fmt.Errorf("open the book of coupons: %w", err)
	}
	return b, nil
}

// held is the account on which somebody's money for coupons is set aside.
func (b *Book) held(account ledger.AccountID) ledger.AccountID {
	sum := b.vault.HMAC16("coupon account", strconv.FormatUint(uint64(account), 10))
	return ledger.AccountID(binary.BigEndian.Uint64(sum[:8]) | 1)
}

// OwnerOf is whose money lies on an account that coupons are paid from; ok is
// false for any other account.
func (b *Book) OwnerOf(account ledger.AccountID) (owner ledger.AccountID, ok bool, err error) {
	ok, err = b.rows.Read(accountKey(heldRow, account), &owner)
	return owner, ok, err
}

// Print makes coupons for somebody, who has agreed to it, and sets their money
// aside. The same id prints once. *bank.Refused when there is not enough money;
// then there are no coupons.
func (b *Book) Print(ctx context.Context, id ID, person people.ID, cents []ledger.Cents, by record.Auth) (*Sheet, error) {
	p, ok, err := b.people.Person(person)
	switch {
	case err != nil:
		return nil, err
	case !ok || p.Role != people.Resident:
		return nil, ErrNobody
	case len(cents) == 0 || len(cents) > MaxCoupons || slices.Min(cents) < 1 || slices.Max(cents) > MaxCents:
		return nil, ErrSheet
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	s := &Sheet{}
	if found, err := b.rows.Read(sheetKey(id), s); err != nil || found && s.Account != p.Account {
		return nil, errors.Join(err, errIf(err == nil, ErrSheet))
	} else if found {
		return s, b.finish(ctx, s)
	}
	if err := b.ending(); err != nil {
		return nil, err
	}
	s = &Sheet{ID: id, Account: p.Account, Held: b.held(p.Account), Made: b.node.Now().UTC(), By: by}
	var sum ledger.Cents
	var all []Coupon
	until := bank.Date(b.node.Today() + ValidDays)
	for _, c := range cents {
		code, err := payreq.NewCode(rand.Reader)
		if err != nil {
			return nil, err
		}
		sum += c
		s.Codes = append(s.Codes, code)
		all = append(all, Coupon{Code: code, Sheet: id, Owner: s.Account, Held: s.Held, Cents: c, Until: until, State: Made})
	}
	if s.Aside, err = b.aside(sum); err != nil {
		return nil, err
	}
	if err := b.keepSheet(s, all); err != nil {
		return nil, err
	}
	return s, b.finish(ctx, s)
}

func errIf(condition bool, err error) error {
	if condition {
		return err
	}
	return nil
}

// keepSheet writes a new sheet and its coupons.
func (b *Book) keepSheet(s *Sheet, all []Coupon) error {
	var last uint64
	if _, err := b.rows.Read(numberKey, &last); err != nil {
		return err
	}
	return b.rows.Update(func(rows *store.Batch) {
		for i := range all {
			last++
			all[i].Number = last
			rows.Set(couponKey(all[i].Code), store.Row(all[i]))
			rows.Set(ownerKey(all[i]), nil)
		}
		rows.Set(numberKey, store.Row(last))
		rows.Set(accountKey(heldRow, s.Held), store.Row(s.Account))
		rows.Set(sheetKey(s.ID), store.Row(s))
	})
}

// ending is ErrEnding once the last policy of the coin was decided: a coupon could
// then be booked after the purses were emptied.
func (b *Book) ending() error {
	return b.node.Read(func(v *node.View) error {
		all := v.Head().Policies
		if len(all) > 0 && all[len(all)-1].Ends() {
			return ErrEnding
		}
		return nil
	})
}

// aside is how much to set aside so that the coupons can be paid on the last day
// on which they are booked, whatever melts until then.
func (b *Book) aside(sum ledger.Cents) (aside ledger.Cents, err error) {
	var rate demurrage.Rate
	err = b.node.Read(func(v *node.View) error {
		for _, p := range v.Head().Policies {
			rate = max(rate, p.Rate) // a bound: some of them are over
		}
		return nil
	})
	need, billion := big.NewInt(int64(sum)*ledger.GrainsPerCent), big.NewInt(demurrage.Billion)
	left := big.NewInt(demurrage.Billion - int64(rate))
	for range ValidDays + GraceDays + 1 { // at most one charge a day
		need.Mul(need, billion)
		need.Add(need, left).Sub(need, big.NewInt(1)).Div(need, left) // rounded up
	}
	cents := need.Div(need, big.NewInt(ledger.GrainsPerCent)).Int64()
	return ledger.Cents(cents) + 1, err
}

// paymentID is the id of a payment that follows from something, always the same.
func paymentID(purpose string, of []byte) ledger.ID {
	sum := sha256.Sum256(append([]byte("grulden-coupon 1\n"+purpose+"\n"), of...))
	return ledger.ID(sum[:16])
}

// finish sets the money of a sheet aside and opens its coupons. When a rule
// forbids it, the sheet is forgotten.
func (b *Book) finish(ctx context.Context, s *Sheet) error {
	if s.Done {
		return nil
	}
	err := b.setAside(ctx, s)
	var refused *bank.Refused
	if errors.As(err, &refused) {
		return errors.Join(err, b.forget(s))
	}
	if err != nil {
		return err
	}
	s.Done = true
	return b.each(s, func(rows *store.Batch, c Coupon) {
		c.State = Open
		rows.Set(couponKey(c.Code), store.Row(c))
		rows.Set(sheetKey(s.ID), store.Row(s))
	})
}

func (b *Book) forget(s *Sheet) error {
	return b.each(s, func(rows *store.Batch, c Coupon) {
		rows.Delete(couponKey(c.Code))
		rows.Delete(ownerKey(c))
		rows.Delete(sheetKey(s.ID))
	})
}

// each does something with all coupons of a sheet in one step.
func (b *Book) each(s *Sheet, do func(*store.Batch, Coupon)) error {
	var all []Coupon
	for _, code := range s.Codes {
		c, err := b.coupon(code)
		if err != nil {
			return err
		}
		all = append(all, c)
	}
	return b.rows.Update(func(rows *store.Batch) {
		for _, c := range all {
			do(rows, c)
		}
	})
}

// setAside moves the money of a sheet to its own account of the same owner.
func (b *Book) setAside(ctx context.Context, s *Sheet) error {
	var account *ledger.Account
	err := b.node.Read(func(v *node.View) (err error) {
		account, err = v.Account(s.Account)
		return err
	})
	if err != nil {
		return err
	}
	if account == nil {
		return &bank.Refused{Result: ledger.UnknownAccount}
	}
	err = b.give(ctx, s.By, ledger.Open{Account: s.Held, Owner: account.Owner, Role: account.Role})
	var refused *bank.Refused
	if err != nil && !(errors.As(err, &refused) && refused.Result == ledger.AccountExists) {
		return err
	}
	return b.give(ctx, s.By, ledger.Pay{ID: paymentID("aside", s.ID[:]), From: s.Account, To: s.Held, Amount: s.Aside})
}

// give gives a command and makes an error of a refusal.
func (b *Book) give(ctx context.Context, by record.Auth, cmd ledger.Command) error {
	r, err := b.node.Submit(ctx, node.Request{Auth: by, Command: cmd})
	if err == nil && r.Result != ledger.Applied {
		err = &bank.Refused{Result: r.Result}
	}
	return err
}

// Sheet finds a sheet with its coupons, or ErrUnknown.
func (b *Book) Sheet(id ID) (s *Sheet, all []Coupon, err error) {
	s = &Sheet{}
	found, err := b.rows.Read(sheetKey(id), s)
	if err == nil && !found {
		err = ErrUnknown
	}
	for _, code := range s.Codes {
		c, failed := b.coupon(code)
		all, err = append(all, c), errors.Join(err, failed)
	}
	return s, all, err
}

// Coupon finds a coupon by its code, or ErrUnknown.
func (b *Book) Coupon(code payreq.Code) (Coupon, error) { return b.coupon(code) }

func (b *Book) coupon(code payreq.Code) (c Coupon, err error) {
	found, err := b.rows.Read(couponKey(code), &c)
	if err == nil && !found {
		err = ErrUnknown
	}
	return c, err
}

// Of lists the coupons of an account, by number.
func (b *Book) Of(account ledger.AccountID) (all []Coupon, err error) {
	var codes []payreq.Code
	err = b.rows.Scan(accountKey(ownerRow, account), func(key, _ []byte) error {
		codes = append(codes, payreq.Code(binary.BigEndian.Uint64(key[len(key)-8:])))
		return nil
	})
	for _, code := range codes {
		c, failed := b.coupon(code)
		all, err = append(all, c), errors.Join(err, failed)
	}
	slices.SortFunc(all, func(a, b Coupon) int { return int(a.Number) - int(b.Number) })
	return all, err
}

var signText = base32.StdEncoding.WithPadding(base32.NoPadding)

// message is what is signed of a coupon.
func (b *Book) message(code payreq.Code, cents ledger.Cents, until bank.Date) []byte {
	return fmt.Appendf(nil, "grulden-coupon 1\n%s\n%v\n%d\n%v", b.node.Settings().Ledger, code, cents, until)
}

// Text is what the QR code of a coupon says: what can be read of it without the
// ledger, and the ledger's signature. All of it fits the alphanumeric mode.
func (b *Book) Text(c Coupon) string {
	day := strings.ReplaceAll(c.Until.String(), "-", "")
	sig := ed25519.Sign(b.key, b.message(c.Code, c.Cents, c.Until))
	return fmt.Sprintf("GRB1/%v/%d/%s/%s", c.Code, c.Cents, day, signText.EncodeToString(sig))
}

// PublicKey is the key that proves a coupon.
func (b *Book) PublicKey() ed25519.PublicKey { return b.key.Public().(ed25519.PublicKey) }

// Find reads what is scanned or typed from a coupon: the text of its QR code, of
// which the signature is checked, or its code alone. ErrForged, ErrUnknown, or
// payreq.ErrNotCode for what is neither.
func (b *Book) Find(text string) (Coupon, error) {
	text = strings.ToUpper(strings.TrimSpace(text))
	parts := strings.Split(text, "/")
	if len(parts) != 5 || parts[0] != "GRB1" {
		code, err := payreq.Parse(text)
		if err != nil {
			return Coupon{}, err
		}
		return b.coupon(code)
	}
	code, err := payreq.Parse(parts[1])
	if err != nil {
		return Coupon{}, err
	}
	cents, wrong := strconv.ParseInt(parts[2], 10, 64)
	day, unread := time.Parse("20060102", parts[3])
	sig, bad := signText.DecodeString(parts[4])
	message := b.message(code, ledger.Cents(cents), bank.Date(demurrage.CivilDay(day)))
	if wrong != nil || unread != nil || bad != nil || !ed25519.Verify(b.PublicKey(), message, sig) {
		return Coupon{}, ErrForged
	}
	return b.coupon(code)
}
