package replay

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"grulden/demurrage"
	"grulden/internal/civil"
	"grulden/ledger"
)

// ErrNotJSON says that a line is not JSON: it stops the replay.
var ErrNotJSON = errors.New("not JSON")

// Names turns labels into the ids the ledger knows them by. An account that
// was never opened may have any id the ledger does not know, such as nought.
type Names interface {
	Account(label string) ledger.AccountID
	NewAccount(label string) ledger.AccountID
	Owner(label string) ledger.OwnerID
	ID(label string) ledger.ID
}

// object is one command of the replay format while its fields are read.
type object struct {
	moment ledger.Moment
	fields map[string]json.RawMessage
	broken bool
}

// Blank tells whether a line holds nothing but the white space of JSON: it is
// skipped, but counted.
func Blank(line []byte) bool { return len(bytes.Trim(line, " \t\r\n")) == 0 }

// Command reads a line as a command. What is missing, mistyped or out of range
// gives a nil command, which the ledger refuses as bad-command; an amount that
// cannot be read gives nought, which it refuses as bad-amount in its turn.
// The error is ErrNotJSON or nil.
func Command(line []byte, names Names) (ledger.Moment, ledger.Command, error) {
	if !json.Valid(line) || !utf8.Valid(line) {
		return ledger.Moment{}, nil, ErrNotJSON
	}
	l := &object{}
	if json.Unmarshal(line, &l.fields) != nil {
		return ledger.Moment{}, nil, nil
	}
	l.moment = l.at()
	cmd := l.command(names)
	if l.broken {
		return l.moment, nil, nil
	}
	return l.moment, cmd, nil
}

// command reads the fields of a kind. Every field is read before a label is
// looked up, so that a broken line leaves no trace among the labels.
func (l *object) command(names Names) ledger.Command {
	switch l.text("kind") {
	case "policy":
		return l.policy()
	case "open":
		account, role := l.text("account"), l.text("role")
		owner := account
		if l.has("owner") {
			owner = l.text("owner")
		}
		if l.broken {
			return nil
		}
		return ledger.Open{Account: names.NewAccount(account), Owner: names.Owner(owner), Role: role}
	case "close":
		return ledger.Close{Account: names.Account(l.text("account"))}
	case "block":
		return ledger.Block{Account: names.Account(l.text("account"))}
	case "unblock":
		return ledger.Unblock{Account: names.Account(l.text("account"))}
	case "issue":
		return ledger.Issue{To: names.Account(l.text("to")), Amount: l.amount()}
	case "grant":
		return ledger.Grant{To: names.Account(l.text("to")), Amount: l.amount()}
	case "pay":
		return ledger.Pay{
			ID: names.ID(l.text("id")), From: names.Account(l.text("from")),
			To: names.Account(l.text("to")), Amount: l.amount(),
		}
	case "refund":
		c := ledger.Refund{Of: names.ID(l.text("of")), All: !l.has("amount")}
		if !c.All {
			c.Amount = l.amount()
		}
		return c
	case "redeem":
		return ledger.Redeem{ID: names.ID(l.text("id")), From: names.Account(l.text("from")), Amount: l.amount()}
	case "settle":
		return ledger.Settle{Of: names.ID(l.text("of"))}
	case "reject":
		return ledger.Reject{Of: names.ID(l.text("of"))}
	case "enrol":
		c := ledger.Enrol{Account: names.Account(l.text("account")), Device: ledger.DeviceID(names.ID(l.text("device")))}
		c.Alg, c.Key = l.key()
		return c
	case "retire":
		return ledger.Retire{Account: names.Account(l.text("account")), Device: ledger.DeviceID(names.ID(l.text("device")))}
	case "reopen":
		return ledger.Reopen{Of: names.ID(l.text("of"))}
	case "note":
		c := ledger.Note{About: l.text("about"), Digest: l.digest()}
		if l.has("account") {
			c.Account = names.Account(l.text("account"))
			if c.Account == 0 {
				c.Account = nobody
			}
		}
		return c
	}
	l.broken = true
	return nil
}

// Label is the account that a line of kind open names; the line was read before.
func Label(line []byte) string {
	var l object
	_ = json.Unmarshal(line, &l.fields)
	return l.text("account")
}

func (l *object) policy() ledger.Command {
	p := ledger.DefaultPolicy()
	c := ledger.SetPolicy{HasFrom: l.has("from")}
	if c.HasFrom {
		p.From = l.day("from")
	}
	p.Rate = demurrage.Rate(l.percent("rate"))
	if l.has("every") {
		switch l.text("every") {
		case "day":
			p.Every = demurrage.Daily
		case "month":
			p.Every = demurrage.Monthly
		default:
			l.broken = true
		}
	}
	if l.has("grace_days") {
		p.GraceDays = uint16(l.whole("grace_days", 0, ledger.MaxGrace))
	}
	p.Hops = uint8(l.whole("hops", 1, ledger.MaxHops))
	p.TermDays = uint16(l.whole("term_days", 1, ledger.MaxTerm))
	if l.has("redemption_fee") {
		p.Fee = l.percent("redemption_fee")
	}
	if l.has("redeemers") {
		p.Redeemers = l.texts("redeemers")
	}
	c.Policy = p
	return c
}

func (l *object) has(name string) bool {
	_, ok := l.fields[name]
	return ok
}

// read reads a field that must be there and of the type of v; null is neither.
func (l *object) read(name string, v any) {
	raw, ok := l.fields[name]
	if !ok || string(raw) == "null" || json.Unmarshal(raw, v) != nil {
		l.broken = true
	}
}

// text reads a string that must not be empty.
func (l *object) text(name string) (s string) {
	l.read(name, &s)
	if s == "" {
		l.broken = true
	}
	return s
}

func (l *object) texts(name string) []string {
	var raws []json.RawMessage
	l.read(name, &raws)
	texts := make([]string, len(raws))
	for i, raw := range raws {
		one := object{fields: map[string]json.RawMessage{name: raw}}
		texts[i] = one.text(name)
		l.broken = l.broken || one.broken
	}
	return texts
}

func (l *object) whole(name string, lo, hi int64) int64 {
	var n int64
	l.read(name, &n)
	if n < lo || n > hi {
		l.broken = true
		return lo
	}
	return n
}

// amount reads an amount in cents, nought for a text that is not an amount.
func (l *object) amount() ledger.Cents {
	cents, err := ledger.ParseCents(l.text("amount"))
	if err != nil {
		return 0
	}
	return cents
}

// percent reads a percentage as billionths.
func (l *object) percent(name string) uint32 {
	billionths, err := ParsePercent(l.text(name))
	if err != nil {
		l.broken = true
	}
	return billionths
}

// nobody is an account that no ledger has: a note about an account that was
// never opened must not become one about nobody in particular.
const nobody = ^ledger.AccountID(0)

// digest reads the digest of a note.
func (l *object) digest() (d ledger.Digest) {
	b, err := hex.DecodeString(l.text("digest"))
	if err != nil || len(b) != len(d) {
		l.broken = true
		return d
	}
	return ledger.Digest(b)
}

// key reads the public key of a device.
func (l *object) key() (ledger.Alg, []byte) {
	bytes, err := hex.DecodeString(l.text("key"))
	if err != nil {
		l.broken = true
	}
	switch l.text("alg") {
	case "Ed25519":
		return ledger.Ed25519, bytes
	case "P-256":
		return ledger.P256, bytes
	}
	l.broken = true
	return 0, nil
}

// ErrPercent says that a text is not a percentage.
var ErrPercent = errors.New("a percentage is one or two digits, at most seven decimals after a point, and %")

// ParsePercent reads a percentage as billionths: 0.0165% is 165 000.
func ParsePercent(s string) (billionths uint32, err error) {
	number, sign := strings.CutSuffix(s, "%")
	whole, decimals, point := strings.Cut(number, ".")
	if !sign || len(whole) < 1 || len(whole) > 2 || point && len(decimals) < 1 || len(decimals) > 7 {
		return 0, ErrPercent
	}
	for _, c := range []byte(whole + decimals + "0000000"[len(decimals):]) {
		if c < '0' || c > '9' {
			return 0, ErrPercent
		}
		billionths = billionths*10 + uint32(c-'0')
	}
	return billionths, nil
}

func (l *object) day(name string) demurrage.Day {
	d, err := demurrage.ParseDay(l.text(name))
	if err != nil {
		l.broken = true
	}
	return d
}

// at reads the time of a command: RFC 3339 with a capital T, seconds 00–59
// with a fraction if wanted, and Z or an offset in hours and minutes.
func (l *object) at() ledger.Moment {
	s := l.text("at")
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil || !strictTime(s) {
		l.broken = true
		return ledger.Moment{}
	}
	m := civil.Moment(t)
	if m.Day < demurrage.MinDay || m.Day > demurrage.MaxDay {
		l.broken = true
	}
	return m
}

// strictTime refuses what the time package lets pass: a comma before the
// fraction, one digit for the hour, an offset of 24 hours and more.
func strictTime(s string) bool {
	const shape = "0000-00-00T00:00:00"
	if len(s) <= len(shape) || s[10] != 'T' || s[13] != ':' || strings.Contains(s, ",") {
		return false
	}
	zone := strings.TrimLeft(s[len(shape):], ".0123456789")
	if zone == "Z" {
		return true
	}
	return len(zone) == len("+00:00") && zone[1:3] < "24" && zone[4:6] < "60"
}
