package books

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"grulden/demurrage"
	"grulden/ledger"
)

// Ledgered writes a journal for hledger and ledger: the chart declared, every
// transaction of the days from one on, what stood before them as one opening
// transaction, and an assertion of every balance at the end, so that `hledger
// check --strict` proves the sums.
func Ledgered(w io.Writer, src *Sources, from demurrage.Day) (*Close, error) {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "; %s\n", "Boekhouding van de stichting achter de Grulden, in euro. Debet is positief.")
	fmt.Fprintf(out, "commodity 1000.00 EUR\n")
	for _, a := range Chart() {
		fmt.Fprintf(out, "account %s  ; RGS %s\n", a.ledgered(), a.RGS)
	}
	before, opened := Balances{}, false
	open := func() {
		opened = true
		if len(before) > 0 {
			transaction(out, &Transaction{Day: from, Kind: "Beginbalans", Lines: before.lines()})
		}
	}
	end, err := Post(src, func(t *Transaction) error {
		if t.Day < from {
			before.add(t)
			return nil
		}
		if !opened {
			open()
		}
		transaction(out, t)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if !opened {
		open()
	}
	fmt.Fprintf(out, "\n%v * Controle van elk saldo", max(end.Day, from))
	for _, a := range Chart() {
		fmt.Fprintf(out, "\n    %s  0.00 EUR = %v EUR", a.ledgered(), end.Balances[a.Number])
	}
	fmt.Fprintln(out)
	return end, out.Flush()
}

// ledgered is how an account is called in a journal for hledger.
func (a Account) ledgered() string {
	side := "balans"
	if a.Result {
		side = "resultaat"
	}
	plain := strings.NewReplacer(",", "", "(", "", ")", "", "'", "").Replace(a.Name)
	return side + ":" + a.Number + " " + plain
}

// add takes a transaction into balances.
func (b Balances) add(t *Transaction) {
	for _, l := range t.Lines {
		b[l.Account] += l.Cents
	}
}

// lines are the balances as lines, in the order of the chart, empty ones left out.
func (b Balances) lines() (lines []Line) {
	for _, a := range Chart() {
		if b[a.Number] != 0 {
			lines = append(lines, Line{a.Number, b[a.Number]})
		}
	}
	return lines
}

func transaction(out io.Writer, t *Transaction) {
	fmt.Fprintf(out, "\n%v * %s", t.Day, t.text())
	if t.Seq > 0 {
		fmt.Fprintf(out, "  ; nr:%d", t.Seq)
	}
	for _, l := range t.Lines {
		fmt.Fprintf(out, "\n    %s  %v EUR", account(l.Account).ledgered(), l.Cents)
	}
	fmt.Fprintln(out)
}

// text describes a transaction in one line.
func (t *Transaction) text() string {
	text := string(t.Kind)
	if t.Count > 0 {
		text += fmt.Sprintf(", %d betalingen", t.Count)
	}
	if t.Ref != "" {
		text += " " + t.Ref
	}
	return text
}

// CSV writes the transactions of the days from one on, one line a row, as Dutch
// spreadsheets read it: semicolons, and commas in the amounts.
func CSV(w io.Writer, src *Sources, from demurrage.Day) (*Close, error) {
	out := csv.NewWriter(w)
	out.Comma, out.UseCRLF = ';', true
	head := []string{"datum", "dagboek", "stuk", "omschrijving", "rekening", "naam", "rgs", "debet", "credit", "nr"}
	if err := out.Write(head); err != nil {
		return nil, err
	}
	end, err := Post(src, func(t *Transaction) error {
		if t.Day < from {
			return nil
		}
		for _, l := range t.Lines {
			a := account(l.Account)
			debit, credit := sides(l.Cents)
			row := []string{t.Day.String(), t.Kind.journal(), t.Ref, t.text(), a.Number, a.Name, a.RGS, debit, credit, number(t.Seq)}
			if err := out.Write(row); err != nil {
				return err
			}
		}
		return nil
	})
	out.Flush()
	if err == nil {
		err = out.Error()
	}
	return end, err
}

// sides writes an amount in the column where it belongs.
func sides(cents ledger.Cents) (debit, credit string) {
	if cents < 0 {
		return "", comma(-cents)
	}
	return comma(cents), ""
}

func comma(cents ledger.Cents) string { return strings.Replace(cents.String(), ".", ",", 1) }

func number(seq uint64) string {
	if seq == 0 {
		return ""
	}
	return strconv.FormatUint(seq, 10)
}

// byJournal puts transactions under the day book in which they stand.
func byJournal(all []Transaction) map[string][]Transaction {
	found := make(map[string][]Transaction)
	for _, t := range slices.Clone(all) {
		id := t.Kind.journal()
		found[id] = append(found[id], t)
	}
	return found
}
