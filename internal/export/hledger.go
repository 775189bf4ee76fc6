package export

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"
	"unicode"

	"grulden/internal/record"
	"grulden/ledger"
)

// Hledger writes a journal for hledger (and ledger): every account and the
// commodity declared, every entry a transaction, and at the end an assertion
// of every balance, so that `hledger check --strict` proves the books agree
// with the ledger.
func Hledger(w io.Writer, coin string, records iter.Seq2[*record.Record, error], name Labels) error {
	out := bufio.NewWriter(w)
	symbol := `"` + strings.Map(plain, coin) + `"`
	fmt.Fprintf(out, "; Holders are claims on the reserve, so what they have is negative.\n")
	fmt.Fprintf(out, "; Demurrage is posted at the end of each month and of the last day.\n")
	fmt.Fprintf(out, "commodity 1.00000000 %s\n", symbol)
	declared := make(map[string]bool)
	var last *Transaction
	books, err := Postings(records, name, func(t *Transaction) error {
		for _, p := range t.Postings {
			if !declared[p.Account] {
				declared[p.Account] = true
				fmt.Fprintf(out, "account %s\n", p.Account)
			}
		}
		fmt.Fprintf(out, "\n%v * %s", t.Day, t.Kind)
		if t.Seq > 0 {
			fmt.Fprintf(out, "  ; entry %d at %s", t.Seq, t.At.Time().Format("15:04:05Z"))
		}
		for _, p := range t.Postings {
			fmt.Fprintf(out, "\n    %s  %s %s", p.Account, decimal(p.Grains), symbol)
		}
		fmt.Fprintln(out)
		last = t
		return nil
	})
	if err != nil {
		return err
	}
	if last != nil {
		fmt.Fprintf(out, "\n%v * the ledger's own balances", books.state.Head().Moment.Day)
		for _, account := range slices.Sorted(maps.Keys(declared)) {
			fmt.Fprintf(out, "\n    %s  0 %s = %s %s", account, symbol, decimal(books.balance(account)), symbol)
		}
		fmt.Fprintln(out)
	}
	return out.Flush()
}

// plain keeps what every accounting program takes in a name.
func plain(r rune) rune {
	if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '.' {
		return r
	}
	return '_'
}

// names gives each holder one account of the books.
type names struct {
	label Labels
	known map[ledger.AccountID]string
	taken map[string]bool
}

func newNames(label Labels) *names {
	return &names{label, make(map[ledger.AccountID]string), make(map[string]bool)}
}

func (n *names) holder(id ledger.AccountID) (string, error) {
	if s, ok := n.known[id]; ok {
		return s, nil
	}
	label, err := n.label(id)
	if err != nil {
		return "", err
	}
	s := holderPrefix + strings.Map(plain, label)
	if n.taken[s] { // two labels that differ in what is not kept
		s += fmt.Sprintf("-%016x", uint64(id))
	}
	n.known[id], n.taken[s] = s, true
	return s, nil
}
