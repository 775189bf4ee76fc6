package evaluation

import (
	"context"
	"math/big"
	"strings"
	"testing"
	"time"

	"grulden/internal/dataset"
	"grulden/ledger"
)

// column is the values of a field.
func column(t *testing.T, table dataset.Table, name string) (values []string) {
	t.Helper()
	for i, f := range table.Fields {
		if f.Name == name {
			for _, row := range table.Rows {
				values = append(values, row[i])
			}
			return values
		}
	}
	t.Fatalf("there is no field %s", name)
	return nil
}

// added is the sum of amounts.
func added(t *testing.T, values []string) *big.Rat {
	t.Helper()
	sum := new(big.Rat)
	for _, v := range values {
		amount, ok := new(big.Rat).SetString(v)
		if !ok {
			t.Fatalf("%q is no amount", v)
		}
		sum.Add(sum, amount)
	}
	return sum
}

// TestTheDaysAddUpToThePeriod, also when a payment is refunded two days later: the
// day of the payment has it, and the day of the refund says what to subtract.
func TestTheDaysAddUpToThePeriod(t *testing.T) {
	w := march(t)
	w.must(ledger.Refund{Of: ledger.ID{w.paid - 1}, Amount: 7_00})
	w.now = w.now.Add(48 * time.Hour)
	e := w.make("nl")
	set, err := e.Data(context.Background(), w.figures)
	if err != nil {
		t.Fatal(err)
	}
	days := set.Tables[0]
	if days.Name != "daily" || len(days.Rows) != e.period.Days() || days.Rows[0][0] != e.From || days.Rows[len(days.Rows)-1][0] != e.To {
		t.Fatalf("%s has %d days, %v to %v", days.Name, len(days.Rows), days.Rows[0], days.Rows[len(days.Rows)-1])
	}
	volume, ok := e.line("volume")
	sum := added(t, column(t, days, "volume"))
	sum.Sub(sum, added(t, column(t, days, "refunded_late")))
	if text := sum.FloatString(2); !ok || text != volume.Value || text != "293.00" {
		t.Errorf("the days add up to %s, the period has %s", text, volume.Value)
	}
	issued, _ := e.line("issued")
	if sum := added(t, column(t, days, "issued")).FloatString(2); sum != issued.Value {
		t.Errorf("issued %s by days, %s in the period", sum, issued.Value)
	}
	stock, _ := e.line("stock_end")
	if all := column(t, days, "stock_end"); all[len(all)-1] != stock.Value {
		t.Errorf("in circulation at the end: %s, %s", all[len(all)-1], stock.Value)
	}
	for _, f := range days.Fields {
		if f.Title == "" || f.About == "" || strings.Contains(f.About, date(e.period.From, e.Lang)) {
			t.Errorf("%s: %q %q", f.Name, f.Title, f.About)
		}
	}
	if _, err := set.Files(); err != nil {
		t.Error(err)
	}
}
