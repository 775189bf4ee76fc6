package circulation

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// manyRows is a list of a wijk of a thousand accounts over two years: money
// comes in, is paid about and goes out, all by the second.
func manyRows(rows int) string {
	chance := rand.New(rand.NewPCG(1, 2))
	const accounts = 1000
	var balance [accounts]int
	var list strings.Builder
	list.WriteString("id,time,type,source,target,amount\n")
	at := int64(0)
	for i := range rows {
		at += int64(chance.IntN(126))
		from, to := chance.IntN(accounts), chance.IntN(accounts)
		when := fmt.Sprintf("20%02d-%02d-%02dT%02d:%02d:%02dZ", 26+at/(372*86400), at/(31*86400)%12+1, min(at/86400%31+1, 28), at/3600%24, at/60%60, at%60)
		if at/86400%31 >= 28 { // the days that not every month has
			when = when[:8] + "28T23:59:59Z"
		}
		switch what := chance.IntN(100); {
		case balance[from] < 100 || from == to || what < 2:
			n := 5000 + chance.IntN(20000)
			balance[to] += n
			fmt.Fprintf(&list, "%d,%s,issue,BANK,p%d,%d.%02d\n", i, when, to, n/100, n%100)
		case what < 97:
			n := 1 + chance.IntN(balance[from])
			balance[from] -= n
			balance[to] += n
			fmt.Fprintf(&list, "%d,%s,transfer,p%d,p%d,%d.%02d\n", i, when, from, to, n/100, n%100)
		default:
			n := 1 + chance.IntN(balance[from])
			balance[from] -= n
			fmt.Fprintf(&list, "%d,%s,redeem,p%d,BANK,%d.%02d\n", i, when, from, n/100, n%100)
		}
	}
	return list.String()
}

// BenchmarkAMillionRows: ten seconds at most for the sums and first in first out.
func BenchmarkAMillionRows(b *testing.B) {
	const rows = 1_000_000
	list := manyRows(rows)
	for _, c := range []struct {
		name  string
		rules []Rule
	}{{"sums", nil}, {"fifo", []Rule{FIFO}}, {"lifo", []Rule{LIFO}}, {"mixed", []Rule{Mixed}}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := Analyse(context.Background(), strings.NewReader(list), Options{Rules: c.rules}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(rows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
