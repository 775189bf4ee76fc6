package report

import (
	"math/big"
	"strconv"
)

// makers make the tables of a report, in the order of reading.
var makers = []func(*Report) Table{
	(*Report).hopTable,
}

// Tables are the figures of many numbers, in the order of reading.
func (r *Report) Tables() []Table {
	all := make([]Table, len(makers))
	for i, make := range makers {
		all[i] = make(r)
	}
	return append(all, r.networkTables()...)
}

// column makes a column in a unit that figures have too.
func (r *Report) column(key string, label Text, s scale, sum bool) Column {
	return Column{
		Key: key, Label: label, Unit: s.unit.fill("{coin}", r.Coin), Decimals: s.decimals, Factor: s.factor, Sum: sum,
	}
}

// filled puts the words of the report into all texts of a table.
func (r *Report) filled(t Table, pairs ...string) Table {
	pairs = append(pairs, "{coin}", r.Coin, "{from}", r.Period.From.String(), "{to}", r.Period.To.String())
	for _, text := range []*Text{&t.Title, &t.Sentence, &t.Definition, &t.Caveat} {
		*text = text.fill(pairs...)
	}
	return t
}

// hopTable is the volume by the number of its counted transaction.
func (r *Report) hopTable() Table {
	t := Table{
		Key: "hops", Version: 1, Chart: Bars, Formula: "V = Σ V(k)",
		Title: Text{"Betaald, naar de hoeveelste keer", "Volume by counted transaction"},
		Sentence: Text{
			"Van het betaalde geld telde {share} % mee op weg naar inwisselbaar.",
			"{share} % of what was paid counted on its way to convertible.",
		},
		Definition: texts["volume_hop"].definition.fill("{k}e", "zoveelste", "{k}", "number so-and-so"),
		Caveat: Text{
			"Dit zegt niet hoe vaak één {coin} is betaald. Wat al inwisselbaar was, staat in één regel: dat geld telt niet verder.",
			"This does not say how often one {coin} was paid. What was convertible already is in one row: that money counts no further.",
		},
		Columns: []Column{
			r.column("volume", Text{"Betaald", "Volume"}, money, true),
			r.column("share", Text{"Deel", "Share"}, percent, false),
		},
	}
	volume, counted := ofCents(r.Volume), new(big.Rat)
	add := func(key string, label Text, value *big.Rat) {
		t.Rows = append(t.Rows, Row{Key: key, Label: label, Cells: []Cell{{Value: value}, {Value: over(value, volume)}}})
	}
	for i, value := range r.ByHop {
		k := strconv.Itoa(i + 1)
		add("hop_"+k, Text{k + "e keer", "transaction " + k}, value)
		counted.Add(counted, value)
	}
	add("returned", Text{"terug bij wie het al had", "back where it had been"}, r.Returned)
	add("same_day", Text{"tweede keer op één dag", "a second time on one day"}, r.SameDay)
	add("convertible", Text{"met inwisselbaar geld", "convertible money"}, r.Convertible)
	return r.filled(t, "{share}", shownShare(over(counted, volume)))
}

// over is a / b, nil if b is nought.
func over(a, b *big.Rat) *big.Rat {
	if b.Sign() == 0 {
		return nil
	}
	return new(big.Rat).Quo(a, b)
}

// shownShare is a share as whole percents, a dash for none.
func shownShare(share *big.Rat) string {
	if share == nil {
		return "–"
	}
	return decimal(new(big.Rat).Mul(share, big.NewRat(100, 1)), 0)
}
