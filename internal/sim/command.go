package sim

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// command is one line of the replay format, read but not yet judged.
type command struct {
	kind   string
	at     time.Time // to the nanosecond
	today  day
	fields fieldReader

	account, owner, role string
	from, to, id, of     string
	amount               string // as written; "" only where it may be missing and is

	policy    policy
	validFrom day
	hasFrom   bool
}

var (
	amountPattern  = regexp.MustCompile(`^[0-9]{1,10}(\.[0-9]{1,2})?$`)
	percentPattern = regexp.MustCompile(`^[0-9]{1,2}(\.[0-9]{1,7})?%$`)
	aboutPattern   = regexp.MustCompile(`^[a-z0-9-]{1,32}$`)
	digestPattern  = regexp.MustCompile(`^[0-9a-fA-F]{64}$`)
	wholePattern   = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)
	dayPattern     = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
	instantPattern = regexp.MustCompile(
		`^([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?(Z|[+-][0-9]{2}:[0-9]{2})$`)
)

// parseCommand reads one line that is known to be JSON. It says no where
// the format says bad-command, save for what only the ledger's state can tell.
func parseCommand(line []byte) (*command, bool) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(line, &fields); err != nil {
		return nil, false // JSON, but not an object
	}
	c := &command{fields: fieldReader{values: fields}}
	r := &c.fields
	c.kind = r.text("kind")
	at, ok := parseInstant(r.text("at"))
	if !ok {
		return nil, false
	}
	c.at, c.today = at, civilDay(at)
	if c.today < firstDay || c.today > lastDay {
		return nil, false
	}
	if !c.readKind(r) || r.failed {
		return nil, false
	}
	return c, true
}

// readKind reads the fields that this kind of command has.
func (c *command) readKind(r *fieldReader) bool {
	switch c.kind {
	case "policy":
		c.readPolicy(r)
	case "open":
		c.account, c.role = r.text("account"), r.text("role")
		c.owner = r.textOr("owner", c.account)
	case "close", "block", "unblock":
		c.account = r.text("account")
	case "issue", "grant":
		c.to, c.amount = r.text("to"), r.text("amount")
	case "pay":
		c.from, c.to, c.id = r.text("from"), r.text("to"), r.text("id")
		c.amount = r.text("amount")
	case "refund":
		c.of, c.amount = r.text("of"), r.textOr("amount", "")
	case "redeem":
		c.from, c.id, c.amount = r.text("from"), r.text("id"), r.text("amount")
	case "settle", "reject", "reopen":
		c.of = r.text("of")
	case "note":
		c.account = r.textOr("account", "")
		about, digest := r.text("about"), r.text("digest")
		if !aboutPattern.MatchString(about) || !digestPattern.MatchString(digest) {
			r.failed = true
		}
	default:
		return false
	}
	return true
}

func (c *command) readPolicy(r *fieldReader) {
	p := &c.policy
	p.rate = r.percent("rate", "")
	p.monthly = r.oneOf("every", "day", "month") == "month"
	p.grace = r.whole("grace_days", 0, 366, 30)
	p.hops = r.whole("hops", 1, 20, required)
	p.term = r.whole("term_days", 1, 36500, required)
	p.fee = r.percent("redemption_fee", "0%")
	p.redeemers = r.names("redeemers", []string{"merchant"})
	if p.rate >= 5e7 {
		r.failed = true
	}
	if c.hasFrom = r.has("from"); c.hasFrom {
		from, ok := parseDay(r.text("from"))
		c.validFrom = from
		r.failed = r.failed || !ok
	}
}

// fieldReader reads the fields of one object and remembers whether any was wrong.
type fieldReader struct {
	values map[string]json.RawMessage
	failed bool
}

func (r *fieldReader) has(key string) bool { _, ok := r.values[key]; return ok }

// text reads a non-empty string.
func (r *fieldReader) text(key string) string {
	s, ok := stringOf(r.values[key])
	if !ok || s == "" {
		r.failed = true
	}
	return s
}

func (r *fieldReader) textOr(key, missing string) string {
	if !r.has(key) {
		return missing
	}
	return r.text(key)
}

// oneOf reads one of the options; missing means the first.
func (r *fieldReader) oneOf(key string, options ...string) string {
	s := r.textOr(key, options[0])
	for _, option := range options {
		if s == option {
			return s
		}
	}
	r.failed = true
	return s
}

// required marks a number that may not be missing.
const required = -1

// whole reads an integer literal between low and high: 30, but not 30.0 or 3e1.
func (r *fieldReader) whole(key string, low, high, missing int) int {
	raw := string(r.values[key])
	if !r.has(key) && missing != required {
		return missing
	}
	n, err := strconv.Atoi(raw)
	if !wholePattern.MatchString(raw) || err != nil || n < low || n > high {
		r.failed = true
	}
	return n
}

// percent reads "0.0165%" as 165000 billionths. An empty default means required.
func (r *fieldReader) percent(key, missing string) int64 {
	text := missing
	if r.has(key) || missing == "" {
		text = r.text(key)
	}
	if !percentPattern.MatchString(text) {
		r.failed = true
		return 0
	}
	return decimal(strings.TrimSuffix(text, "%"), 7)
}

func (r *fieldReader) names(key string, missing []string) []string {
	if !r.has(key) {
		return missing
	}
	var list []json.RawMessage
	if err := json.Unmarshal(r.values[key], &list); err != nil || list == nil {
		r.failed = true
		return nil
	}
	var names []string
	for _, raw := range list {
		name, ok := stringOf(raw)
		if !ok || name == "" {
			r.failed = true
		}
		names = append(names, name)
	}
	return names
}

func stringOf(raw json.RawMessage) (string, bool) {
	if len(raw) == 0 || raw[0] != '"' {
		return "", false
	}
	var s string
	err := json.Unmarshal(raw, &s)
	return s, err == nil
}

// decimal reads digits, and at most places digits after a point, as an integer of
// that many places. The text must have been checked; 17 digits at most fit.
func decimal(text string, places int) int64 {
	whole, fraction, _ := strings.Cut(text, ".")
	fraction += strings.Repeat("0", places-len(fraction))
	n, err := strconv.ParseInt(whole+fraction, 10, 64)
	if err != nil {
		panic("sim: unchecked decimal " + text)
	}
	return n
}

// parseCents reads an amount above zero.
func parseCents(text string) (cents int64, ok bool) {
	if !amountPattern.MatchString(text) {
		return 0, false
	}
	cents = decimal(text, 2)
	return cents, cents > 0
}

// parseInstant reads RFC 3339 as narrowly as the format does: capital T and Z, no
// leap second, a point before the fraction; what is finer than a nanosecond is cut off.
func parseInstant(text string) (time.Time, bool) {
	m := instantPattern.FindStringSubmatch(text)
	if m == nil {
		return time.Time{}, false
	}
	date, err := time.Parse(dayLayout, m[1])
	hour, minute, second := number(m[2]), number(m[3]), number(m[4])
	if err != nil || hour > 23 || minute > 59 || second > 59 {
		return time.Time{}, false
	}
	nanos := number((m[5] + "000000000")[:9])
	t := time.Date(date.Year(), date.Month(), date.Day(), hour, minute, second, nanos, time.UTC)
	if m[6] == "Z" {
		return t, true
	}
	hours, minutes := number(m[6][1:3]), number(m[6][4:6])
	if hours > 23 || minutes > 59 {
		return time.Time{}, false
	}
	ahead := time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
	if m[6][0] == '-' {
		ahead = -ahead
	}
	return t.Add(-ahead), true
}

// number reads digits that a pattern has already checked.
func number(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		panic("sim: unchecked number " + digits)
	}
	return n
}
