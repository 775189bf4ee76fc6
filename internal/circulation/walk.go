package circulation

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"

	"grulden/internal/network"
)

// walk is a pass through the rows of a list.
type walk struct {
	o        *Options
	from, to edge

	accounts map[string]int
	users    []user
	trackers []tracker
	has      map[int]int64    // what accounts have, seen ahead
	opening  map[int]int64    // what they must have had before
	undone   map[string]int64 // how much of a row, by its id, later rows undo
	found    map[string]way   // the rows that are undone, as they come
	pairs    map[[2]int]int64

	begun  bool
	at     int64 // of the last row, or of the begin of the window
	full   area  // what was with users, times how long
	sums   sums
	result Result
}

// edge is an end of the window.
type edge struct {
	at     int64
	form   form // nought for none
	closed bool // what happens at it still counts, if nothing happens after it
}

// user is an account. Those of the system and those where money waits that
// comes back are no user's.
type user struct {
	system      bool
	balance     int64
	received    int64
	first, last int64 // transfer in the window
	active      bool
	due         []int // where money waits that this one has got and will give back
}

// way is which way a row went that is undone.
type way struct{ from, to int }

// sums are in units.
type sums struct {
	issued, issuedAll, redeemed, melted, in, out, opening, volume, sales, stock int64
}

func newWalk(o *Options) (*walk, error) {
	w := &walk{
		o: o, accounts: make(map[string]int), has: make(map[int]int64), opening: make(map[int]int64), undone: make(map[string]int64),
		found: make(map[string]way), pairs: make(map[[2]int]int64),
	}
	for _, end := range []struct {
		text string
		at   *edge
	}{{o.From, &w.from}, {o.To, &w.to}} {
		if end.text == "" {
			continue
		}
		at, form, err := parseWhen(end.text, o.Dates)
		if err != nil {
			return nil, err
		}
		*end.at = edge{at, form, form != day}
	}
	if w.to.form == day {
		w.to.at += microsPerDay // a day is a whole day
	}
	for _, name := range o.System {
		w.users[w.account(name)].system = true
	}
	for _, rule := range o.Rules {
		switch rule {
		case FIFO, LIFO:
			w.trackers = append(w.trackers, newLots(rule == LIFO))
		case Mixed:
			w.trackers = append(w.trackers, newMixture())
		default:
			return nil, fmt.Errorf("there is no rule %q", rule)
		}
	}
	return w, nil
}

// through calls fn for the rows up to the end of the window, and pause now and
// then. What happens at the very end of the window belongs to the next one, but
// what happens at the very end of the list belongs to the last.
func (w *walk) through(in *reader, fn func(*row) error, pause func() error) error {
	var last []row // at the end of the window
	var r row
	for n := 1; ; n++ {
		if n%4096 == 0 {
			if err := pause(); err != nil {
				return err
			}
		}
		err := in.next(&r)
		switch {
		case errors.Is(err, io.EOF):
			for i := range last {
				if err := fn(&last[i]); err != nil {
					return err
				}
			}
			return pause()
		case err != nil:
			return err
		case w.to.form == 0 || r.at < w.to.at:
			err = fn(&r)
		case r.at > w.to.at || !w.to.closed:
			return pause()
		default:
			last = append(last, r)
		}
		if err != nil {
			return err
		}
	}
}

// foresee looks for what later rows say about earlier ones: that they are
// undone, and how much an account must have had.
func (w *walk) foresee(r *row) error {
	if r.reverses != "" {
		w.undone[r.reverses] += r.amount
	}
	if !w.o.Opening {
		return nil
	}
	if r.kind != issue && (r.kind != redeem || r.reverses == "") {
		from := w.account(r.from)
		w.has[from] -= r.amount
		if !w.users[from].system {
			w.opening[from] = max(w.opening[from], -w.has[from])
		}
	}
	if r.kind == issue || r.kind == transfer || r.reverses != "" {
		w.has[w.account(r.to)] += r.amount
	}
	return nil
}

// begin is the first row.
func (w *walk) begin(r *row) error {
	w.begun = true
	for _, end := range []edge{w.from, w.to} {
		if end.form != 0 && (end.form == number) != (r.form == number) {
			return &Fault{r.line, fmt.Sprintf("the window is given as %s, and the list has %s", end.form, r.form), "give --from and --to as the list says when"}
		}
	}
	if w.from.form == 0 {
		w.from.at = r.at
	}
	w.at = r.at
	for i := range w.users {
		if amount := w.opening[i]; amount > 0 {
			w.sums.opening += amount
			w.enter(i, amount, r.at)
		}
	}
	return nil
}

// row books a row.
func (w *walk) row(r *row) error {
	if !w.begun {
		if err := w.begin(r); err != nil {
			return err
		}
	}
	w.result.Rows++
	w.live(r.at)
	counts := r.at >= w.from.at
	if r.reverses != "" && r.kind != transfer && r.kind != redeem {
		return &Fault{r.line, fmt.Sprintf("a row of type %s cannot undo another", r.kind), "only a transfer or a redeem can be undone; leave out both rows"}
	}
	var err error
	switch r.kind {
	case issue:
		w.issue(r, counts)
	case transfer:
		err = w.transfer(r, counts)
	case redeem:
		err = w.redeem(r, counts)
	case melt:
		err = w.leave(r, w.account(r.from), r.amount, byDemurrage, counts)
	}
	if s := &w.sums; err == nil && max(s.issuedAll, s.redeemed, s.in, s.out, s.opening, s.volume, s.stock) > math.MaxInt64/4 {
		return &Fault{r.line, "the amounts are too large to add up", "count in thousands"}
	}
	return err
}

// live brings the pass to a time.
func (w *walk) live(at int64) {
	if since := max(w.at, w.from.at); at > since {
		w.full.add(w.sums.stock, at-since)
	}
	w.at = at
}

// account is the number of an account.
func (w *walk) account(name string) int {
	i, known := w.accounts[name]
	if !known {
		i = len(w.users)
		w.accounts[name] = i
		w.users = append(w.users, user{})
	}
	return i
}

func (w *walk) issue(r *row, counts bool) {
	to := w.account(r.to)
	if w.users[to].system {
		return
	}
	w.sums.issuedAll += r.amount
	if counts {
		w.sums.issued += r.amount
	}
	w.enter(to, r.amount, r.at)
}

func (w *walk) enter(to int, amount, at int64) {
	w.users[to].balance += amount
	w.sums.stock += amount
	for _, t := range w.trackers {
		t.enter(to, amount, at)
	}
}

// transfer is a transfer between users, or between a user and the system.
func (w *walk) transfer(r *row, counts bool) error {
	from, to := w.account(r.from), w.account(r.to)
	payer, receiver := &w.users[from], &w.users[to]
	switch {
	case from == to:
		w.result.Self++
		return nil
	case payer.system && receiver.system:
		return nil
	case payer.system:
		if counts {
			w.sums.in += r.amount
		}
		w.enter(to, r.amount, r.at)
		return nil
	case receiver.system:
		return w.leave(r, from, r.amount, bySystem, counts)
	case r.reverses != "":
		return w.back(r, from, to)
	}
	if err := w.needs(r, from, r.amount); err != nil {
		return err
	}
	back, err := w.undoneOf(r, from, to)
	if err != nil {
		return err
	}
	if amount := r.amount - back; amount > 0 {
		if counts {
			w.result.Payments++
			w.sums.volume += amount
			if r.sale {
				w.sums.sales += amount
			}
			receiver.received += amount
			w.pairs[[2]int{from, to}] += amount
			payer.moved(r.at)
			receiver.moved(r.at)
		}
		for _, t := range w.trackers {
			t.pay(from, to, amount, r.at, counts)
		}
	}
	payer.balance -= r.amount - back
	receiver.balance += r.amount - back
	if back > 0 {
		waits := w.waiting(r.id)
		w.carry(from, waits, back)
		w.users[to].due = append(w.users[to].due, waits)
	}
	return nil
}

// moved marks a user as active.
func (u *user) moved(at int64) {
	if !u.active {
		u.active, u.first = true, at
	}
	u.last = at
}

// carry moves money as if it had lain there all the time.
func (w *walk) carry(from, to int, amount int64) {
	if amount == 0 {
		return
	}
	for _, t := range w.trackers {
		t.carry(from, to, amount)
	}
	w.users[from].balance -= amount
	w.users[to].balance += amount
}

// undoneOf tells how much of a row later rows undo, and remembers which way it
// went.
func (w *walk) undoneOf(r *row, from, to int) (int64, error) {
	back := w.undone[r.id]
	if back == 0 || r.id == "" {
		return 0, nil
	}
	if _, twice := w.found[r.id]; twice {
		return 0, &Fault{r.line, fmt.Sprintf("the id %q is used twice, and a later row undoes it", r.id), "give each row an id of its own"}
	}
	if back > r.amount {
		return 0, &Fault{r.line, fmt.Sprintf("row %q is undone for more than its amount", r.id), "see the rows that undo it"}
	}
	w.found[r.id] = way{from, to}
	return back, nil
}

// back lets an amount go back the way it came: from where it waits, and as much
// of it as was spent meanwhile from what the user has now.
func (w *walk) back(r *row, from, to int) error {
	came, found := w.found[r.reverses]
	switch {
	case !found && !w.o.Opening:
		return &Fault{r.line, fmt.Sprintf("it undoes %q, and no row before it has that id", r.reverses), "if the list begins after the money did, add --opening"}
	case found && came != way{to, from}:
		return &Fault{r.line, fmt.Sprintf("it undoes %q, but does not go back between the same accounts", r.reverses), "exchange source and target"}
	}
	w.result.Undone++
	waits := w.waiting(r.reverses)
	waiting := min(w.users[waits].balance, r.amount)
	w.carry(waits, to, waiting)
	if err := w.needs(r, from, r.amount-waiting); err != nil {
		return err
	}
	w.carry(from, to, r.amount-waiting)
	return nil
}

// redeem lets money become euros. What is sent back waits until then.
func (w *walk) redeem(r *row, counts bool) error {
	if r.reverses != "" {
		waits, to := w.waiting(r.reverses), w.account(r.to)
		if w.users[waits].balance < r.amount {
			return &Fault{r.line, fmt.Sprintf("it undoes %q, and no redeem before it has that id", r.reverses), "leave the row out, or add the one that it undoes"}
		}
		w.sums.stock += r.amount
		w.result.Undone++
		w.carry(waits, to, r.amount)
		return nil
	}
	from := w.account(r.from)
	if w.users[from].system {
		if counts {
			w.sums.redeemed += r.amount
		}
		return nil
	}
	if err := w.needs(r, from, r.amount); err != nil {
		return err
	}
	back, err := w.undoneOf(r, from, from)
	if err != nil {
		return err
	}
	if counts {
		w.sums.redeemed += r.amount - back
	}
	w.sums.stock -= back
	w.carry(from, w.waiting(r.id), back)
	return w.leave(r, from, r.amount-back, byRedeem, counts)
}

// waiting is where the money of a row waits that comes back.
func (w *walk) waiting(id string) int {
	i := w.account("\x00" + id)
	w.users[i].system = true
	return i
}

// leave takes money out of a user's hands.
func (w *walk) leave(r *row, from int, amount int64, by exit, counts bool) error {
	if w.users[from].system || amount == 0 {
		return nil
	}
	if err := w.needs(r, from, amount); err != nil {
		return err
	}
	w.users[from].balance -= amount
	w.sums.stock -= amount
	if counts && by == byDemurrage {
		w.sums.melted += amount
	} else if counts && by == bySystem {
		w.sums.out += amount
	}
	for _, t := range w.trackers {
		t.leave(from, amount, r.at, by, counts)
	}
	return nil
}

// needs makes sure that a user has an amount. Money that the user has got and
// will give back waits elsewhere, as if it had never come; only who spends it
// meanwhile has it.
func (w *walk) needs(r *row, from int, amount int64) error {
	u := &w.users[from]
	for len(u.due) > 0 && u.balance < amount {
		w.carry(u.due[0], from, min(w.users[u.due[0]].balance, amount-u.balance))
		if u.balance < amount {
			u.due = u.due[1:]
		}
	}
	if u.balance >= amount {
		return nil
	}
	return &Fault{
		r.line, fmt.Sprintf("%s gives %s and has %s", r.from, coins(amount).FloatString(2), coins(u.balance).FloatString(2)),
		fmt.Sprintf("the earliest row must come first; if the list begins after the money did, add --opening; if %q is no user, say so: --outside where money is made in a list without types, --system for a fund", r.from),
	}
}

// finish ends the window.
func (w *walk) finish(ctx context.Context, is form) (*Result, error) {
	if !w.begun {
		return nil, &Fault{1, "there are no rows in the window", "see --from and --to, and whether the file has more than its headings"}
	}
	end := w.at
	if w.to.form != 0 {
		end = w.to.at
	} else if is == day {
		end += microsPerDay
	}
	if end < w.from.at {
		return nil, &Fault{1, "there are no rows in the window", "see --from and --to"}
	}
	w.live(end)
	r, s := &w.result, &w.sums
	r.Days, r.StockDays = days(end-w.from.at), w.full.coinDays()
	for _, sum := range []struct {
		to    **big.Rat
		units int64
	}{
		{&r.Issued, s.issued},
		{&r.Redeemed, s.redeemed},
		{&r.Melted, s.melted},
		{&r.SystemIn, s.in},
		{&r.SystemOut, s.out},
		{&r.Opening, s.opening},
		{&r.IssuedAll, s.issuedAll},
		{&r.Volume, s.volume},
		{&r.Stock, s.stock},
	} {
		*sum.to = coins(sum.units)
	}
	if w.o.Sale != "" {
		r.Sales = coins(s.sales)
	}
	w.finishUsers(w.from.at + (end-w.from.at)/2)
	for _, t := range w.trackers {
		r.Paths = append(r.Paths, t.path())
	}
	return r, w.finishNetwork(ctx)
}

// finishUsers counts users; half is the middle of the window.
func (w *walk) finishUsers(half int64) {
	r := &w.result
	for i := range w.users {
		u := &w.users[i]
		if u.system {
			continue
		}
		r.Accounts++
		r.Balances, r.Received = append(r.Balances, coins(u.balance)), append(r.Received, coins(u.received))
		if u.active {
			r.Active++
		}
		if u.active && u.first < half {
			r.ActiveFirst++
			if u.last >= half {
				r.ActiveAgain++
			}
		}
	}
}

// finishNetwork looks at how payments hang together.
func (w *walk) finishNetwork(ctx context.Context) (err error) {
	w.result.Pairs = len(w.pairs)
	if !w.o.Network {
		return nil
	}
	edges := make([]network.Edge, 0, len(w.pairs))
	for pair, amount := range w.pairs {
		edges = append(edges, network.Edge{From: pair[0], To: pair[1], Weight: amount})
	}
	w.result.Network, err = network.Of(ctx, edges, w.o.Progress)
	if errors.Is(err, network.ErrLarge) {
		return &Fault{1, "the amounts are too large for the figures of the network", "count in thousands"}
	}
	return err
}
