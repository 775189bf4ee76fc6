package ledger

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"grulden/demurrage"
)

var update = flag.Bool("update", false, "write what the scripts under testdata lead to; read the difference before you commit it")

// TestScripts plays the scripts under testdata: the rules of the coin as
// somebody who does not program can read them. testdata/README.md is their key.
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) { playScript(t, file) })
	}
}

func playScript(t *testing.T, file string) {
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := newScript(t)
	var after strings.Builder
	for i, line := range strings.SplitAfter(string(before), "\n") {
		step, want, isStep := strings.Cut(strings.TrimRight(line, "\n"), "->")
		if !isStep || strings.HasPrefix(line, "#") {
			if strings.TrimSpace(line) == "new" {
				s = newScript(t)
			}
			after.WriteString(line)
			continue
		}
		got := s.step(i+1, strings.Fields(step))
		if want = strings.TrimSpace(want); got != want && !*update {
			t.Errorf("%s:%d: %s\n\tgot  %s\n\twant %s", file, i+1, strings.TrimSpace(step), got, want)
		}
		fmt.Fprintf(&after, "%-48s -> %s\n", strings.TrimRight(step, " "), got)
	}
	if *update {
		if err := os.WriteFile(file, []byte(after.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// script is a ledger with names for its accounts, payments and redemptions.
type script struct {
	*testing.T
	state *State
	names []string
	now   Moment
	order Order
}

func newScript(t *testing.T) *script { return &script{T: t, state: NewState(Head{}, nil)} }

// number is the same for the same name, from 1.
func (s *script) number(name string) uint64 {
	if !slices.Contains(s.names, name) {
		s.names = append(s.names, name)
	}
	return uint64(slices.Index(s.names, name) + 1)
}

func (s *script) account(name string) AccountID { return AccountID(s.number(name)) }
func (s *script) owner(name string) OwnerID     { return OwnerID(s.number(name)) }
func (s *script) id(name string) ID             { return ID{15: byte(s.number(name))} }

func (s *script) day(text string) demurrage.Day {
	d, err := demurrage.ParseDay(text)
	if err != nil {
		s.Fatal(err)
	}
	return d
}

// cents is an amount, nought for what is not one.
func (s *script) cents(text string) Cents {
	c, err := ParseCents(text)
	if err != nil {
		return 0
	}
	return c
}

// step does what a line says and tells what came of it.
func (s *script) step(line int, words []string) string {
	if len(words) < 2 {
		s.Fatalf("line %d: a day and a word, at least", line)
	}
	day := s.day(words[0])
	s.now = Moment{At: Instant{Sec: int64(day)*86_400 + int64(line)}, Day: day}
	words = append(words[1:], "", "", "", "")
	if answer, ok := s.look(day, words[0], words[1]); ok {
		return answer
	}
	if words[0] == "order" {
		s.order = Order(slices.IndexFunc(Orders(), func(o Order) bool { return o.String() == words[1] }))
		return s.order.String()
	}
	cmd := s.command(words)
	facts, r, err := DecideIn(s.order, s.state, s.now, Key{}, cmd)
	if err != nil {
		s.Fatalf("line %d: %v", line, err)
	}
	if r != Applied {
		return r.Code()
	}
	if err := s.state.Apply(&Entry{Seq: s.state.Head().Seq + 1, Moment: s.now, Command: cmd, Facts: facts}); err != nil {
		s.Fatalf("line %d: %v", line, err)
	}
	if err := s.state.Check(); err != nil {
		s.Fatalf("line %d: %v", line, err)
	}
	switch cmd.(type) {
	case Refund:
		return "applied, " + facts.Amount.String()
	case Redeem:
		return "applied, fee " + facts.Fee.String()
	}
	return "applied"
}

func (s *script) command(w []string) Command {
	switch w[0] {
	case "policy":
		return s.policy(w[1:])
	case "open":
		owner, second := strings.CutPrefix(w[3], "owner=")
		if !second {
			owner = w[1]
		}
		return Open{s.account(w[1]), s.owner(owner), w[2]}
	case "close":
		return Close{s.account(w[1])}
	case "block":
		return Block{s.account(w[1])}
	case "unblock":
		return Unblock{s.account(w[1])}
	case "issue":
		return Issue{s.account(w[1]), s.cents(w[2])}
	case "grant":
		return Grant{s.account(w[1]), s.cents(w[2])}
	case "pay":
		return Pay{s.id(w[1]), s.account(w[2]), s.account(w[3]), s.cents(w[4])}
	case "refund":
		return Refund{Of: s.id(w[1]), Amount: s.cents(w[2]), All: w[2] == ""}
	case "redeem":
		return Redeem{s.id(w[1]), s.account(w[2]), s.cents(w[3])}
	case "settle":
		return Settle{s.id(w[1])}
	case "reject":
		return Reject{s.id(w[1])}
	case "reopen":
		return Reopen{s.id(w[1])}
	case "note":
		c := Note{About: w[1]}
		if len(w) > 2 && w[2] != "" {
			c.Account = s.account(w[2])
		}
		return c
	case "enrol":
		return Enrol{s.account(w[2]), DeviceID(s.id(w[1])), Ed25519, make([]byte, 32)}
	case "retire":
		return Retire{s.account(w[2]), DeviceID(s.id(w[1]))}
	}
	return nil
}

func (s *script) policy(words []string) Command {
	c := SetPolicy{Policy: DefaultPolicy()}
	for _, w := range words {
		name, value, _ := strings.Cut(w, "=")
		switch name {
		case "rate":
			c.Policy.Rate = demurrage.Rate(s.billionths(value))
		case "every":
			if value == "month" {
				c.Policy.Every = demurrage.Monthly
			}
		case "grace":
			c.Policy.GraceDays = uint16(s.whole(value))
		case "hops":
			c.Policy.Hops = uint8(s.whole(value))
		case "term":
			c.Policy.TermDays = uint16(s.whole(value))
		case "fee":
			c.Policy.Fee = uint32(s.billionths(value))
		case "redeemers":
			c.Policy.Redeemers = strings.Split(value, ",")
		case "from":
			c.Policy.From, c.HasFrom = s.day(value), true
		}
	}
	return c
}

func (s *script) whole(text string) (n int) {
	if _, err := fmt.Sscanf(text, "%d", &n); err != nil {
		s.Fatalf("%q is not a number", text)
	}
	return n
}

// billionths reads a percentage.
func (s *script) billionths(text string) int {
	whole, decimals, _ := strings.Cut(strings.TrimSuffix(text, "%"), ".")
	return s.whole(whole + decimals + "0000000"[len(decimals):])
}

// look answers a question about a day; nothing changes by it.
func (s *script) look(day demurrage.Day, what, name string) (answer string, ok bool) {
	head := s.state.Head()
	if day < head.Moment.Day && head.Index != nil && what == "pool" {
		s.Fatalf("%v: the pool of a day before the last entry is not known any more", day)
	}
	switch what {
	case "index":
		x := head.Index.At(day)
		return fmt.Sprintf("%d.%018d", x/demurrage.One, x%demurrage.One), true
	case "fund":
		grains, negative, err := head.Fund(day)
		if err != nil {
			s.Fatal(err)
		}
		if negative {
			return "-" + decimals(grains), true
		}
		return decimals(grains), true
	case "reserve":
		return head.Reserve().String(), true
	case "escrow":
		return head.Escrow.String(), true
	case "has":
		b := s.balance(name, day)
		return fmt.Sprintf("%s, convertible %s", decimals(Grains(b.Worth)), decimals(Grains(b.Convertible))), true
	case "sees":
		return ShownCents(s.balance(name, day).Worth).String(), true
	case "lots":
		return s.lots(name, day), true
	case "pool":
		return s.pool(name, day), true
	case "trails":
		return s.trails(name, day), true
	case "needs":
		return s.needs(name, day), true
	}
	return "", false
}

// decimals writes grains in Grulden.
func decimals(grains demurrage.Wide) string {
	whole, rest := grains.Div(100 * GrainsPerCent)
	return fmt.Sprintf("%v.%08d", whole, rest)
}

func (s *script) holding(name string) *Holding {
	h, err := s.state.Holding(s.account(name))
	if err != nil || h == nil {
		s.Fatalf("account %s: %v", name, err)
	}
	return h
}

func (s *script) balance(name string, day demurrage.Day) Balance {
	b, err := BalanceOf(s.state.Head(), s.holding(name), day)
	if err != nil {
		s.Fatal(err)
	}
	return b
}

func list(parts []string) string {
	if len(parts) == 0 {
		return "none"
	}
	return strings.Join(parts, " + ")
}

// lots are what is not convertible, in the order in which it is paid.
func (s *script) lots(name string, day demurrage.Day) string {
	var parts []string
	for _, l := range s.balance(name, day).Lots {
		parts = append(parts, fmt.Sprintf("%s (%s, melts from %v)", decimals(Grains(l.Worth)), hops(l.Hops), l.Melts))
	}
	return list(parts)
}

func hops(n int) string {
	if n == 1 {
		return "1 hop"
	}
	return fmt.Sprintf("%d hops", n)
}

// needs tells of each lot why it is not convertible yet.
func (s *script) needs(name string, day demurrage.Day) string {
	var parts []string
	for _, l := range s.balance(name, day).Lots {
		parts = append(parts, fmt.Sprintf("%s needs %s, or waits until %v", decimals(Grains(l.Worth)), hops(l.Needs), l.Ripe))
	}
	return list(parts)
}

// pool is what is convertible, by melts-from day.
func (s *script) pool(name string, day demurrage.Day) string {
	p, err := newPurse(s.state, s.account(name), Moment{Day: day})
	if err != nil {
		s.Fatal(err)
	}
	var parts []string
	for _, a := range p.pool {
		worth, _ := s.state.Head().Index.Worth(a.Units, a.Melts, day)
		when := "melts from " + a.Melts.String()
		if a.Melts == Charged {
			when = "melting"
		}
		parts = append(parts, fmt.Sprintf("%s (%s)", decimals(Grains(worth)), when))
	}
	return list(parts)
}

// trails are the owners that each lot has passed.
func (s *script) trails(name string, day demurrage.Day) string {
	var parts []string
	for _, l := range s.holding(name).Lots {
		if s.state.Head().Policies.ripeDay(l) <= day {
			continue
		}
		var owners []string
		for _, stop := range l.Trail {
			owners = append(owners, s.names[stop.Owner-1])
		}
		parts = append(parts, strings.Join(owners, " > "))
	}
	return list(parts)
}
