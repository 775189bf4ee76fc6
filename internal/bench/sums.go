package bench

import (
	"errors"
	"fmt"
	"time"

	"grulden/internal/node"
	"grulden/internal/report"
)

// year measures part i on a ledger that is a year old: every account pays once a
// day, so of 27 400 accounts it has ten million payments.
func (b *bench) year() error {
	accounts := b.Sizes.Year / 365
	if accounts == 0 {
		return nil
	}
	t, err := b.build(b.place("year"), accounts)
	if err != nil {
		return err
	}
	_, err = b.grow(t, uint64(b.Sizes.Year))
	if err == nil {
		err = b.sums(t.n, "year")
	}
	return errors.Join(err, t.n.Close())
}

// sums measures part i on a ledger: daily sums made from nothing, and the report
// that is made of them. The page of the report asks for as much.
func (b *bench) sums(n *node.Node, name string) error {
	k, err := report.OpenKeeper(n)
	if err != nil {
		return err
	}
	var records uint64
	if err := n.Read(func(v *node.View) error { records = v.Head().Seq; return nil }); err != nil {
		return err
	}
	cpu, begin := cpuTime(), time.Now()
	progress := b.Progress("adding up days")
	if _, err := k.Report(b.ctx, report.Always, report.Options{Brief: true, Progress: progress}); err != nil {
		return err
	}
	cpu, took := cpuTime()-cpu, time.Since(begin)
	perCore := float64(records) / cpu.Seconds()
	b.tell("i", name+"-sums", fmt.Sprintf("records added up by day for each second of processor time, of %d", records), "records/s", perCore)
	b.tell("i", name+"-sums-time", "adding them up", "s", took.Seconds())
	b.aimAtLeast(name+"-sums", "records added up by day a second and core (i)", 500_000, perCore)
	return b.reports(n, k, name)
}

// reports times the report of a year: by the keeper that has made one before, and
// by one that was just opened.
func (b *bench) reports(n *node.Node, k *report.Keeper, name string) error {
	today := n.Today()
	period := report.Period{From: today - 364, To: today}
	var again, opened []float64
	for range b.Sizes.Rounds {
		fresh, err := report.OpenKeeper(n)
		if err != nil {
			return err
		}
		for _, x := range []struct {
			keeper *report.Keeper
			times  *[]float64
		}{{k, &again}, {fresh, &opened}} {
			begin := time.Now()
			r, err := x.keeper.Report(b.ctx, period, report.Options{Brief: true})
			if err != nil {
				return err
			}
			r.Lines()
			r.Tables()
			*x.times = append(*x.times, millis(time.Since(begin)))
		}
	}
	b.tell("i", name+"-report", "the report of a year, with all its figures and tables but those of who paid whom", "ms", again...)
	b.tell("i", name+"-report-opened", "the same, when nothing was asked since the ledger was opened", "ms", opened...)
	b.aimAtMost(name+"-report", "milliseconds to the report of a year (i)", 100, again...)
	return nil
}
