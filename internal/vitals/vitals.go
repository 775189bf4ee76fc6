// Package vitals tells a Prometheus how the machine and the program are doing:
// how many requests, how fast, how full the disk is, whether anything waits.
//
// Theory. Operations and economics are kept apart. Who looks after the machine
// need not know what the wijk pays, so nothing here counts money, payments,
// people or shops, and no label holds anything that a visitor typed: the values
// of every label come from a list in the program. What cannot be hidden is said
// in docs/operating.md: that the journal grew by an entry, or that the page for
// paying was asked for once, is seen by whoever reads this every few seconds;
// not by whom, nor how much.
//
// The package keeps no history, sends nothing and judges nothing: Prometheus
// asks, keeps and warns.
package vitals

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"grulden/internal/node"
)

// Sources are what is asked at the moment that Prometheus asks.
type Sources struct {
	Node   *node.Node
	Lines  func() int                // live lines to tills that are open
	Outbox func() (email, phone int) // notices that wait to be sent
}

// Vitals are the measurements of one server. They are safe for concurrent use.
type Vitals struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	commits  prometheus.Histogram
	entries  prometheus.Histogram
}

// Buckets, upper bounds. A page takes milliseconds; half a second is felt, and
// five are a fault. A sync takes a tenth of a millisecond on a good disk.
var (
	requestBuckets = []float64{.005, .02, .05, .1, .25, .5, 1, 5}
	commitBuckets  = []float64{.0001, .0005, .001, .002, .005, .01, .02, .05, .1, .5, 1, 10}
	entryBuckets   = []float64{1, 2, 4, 8, 16, 32, 64, 128, 256, 512}
)

// Elsewhere is the route of all addresses that are none of the program's.
const Elsewhere = "elsewhere"

// classes are the values of the label class: the first digit of the answer.
var classes = [...]string{"other", "1xx", "2xx", "3xx", "4xx", "5xx"}

// New begins to measure. The registry is its own: what other packages count for
// themselves does not come along.
func New(from Sources) *Vitals {
	v := &Vitals{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "grulden_http_requests_total", Help: "Requests answered, by route and class of the answer.",
		}, []string{"route", "class"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "grulden_http_request_seconds", Help: "Time to an answer, by route.", Buckets: requestBuckets,
		}, []string{"route"}),
		commits: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "grulden_commit_seconds", Help: "Time to write a batch of entries to the disk, synced.", Buckets: commitBuckets,
		}),
		entries: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "grulden_commit_entries", Help: "Entries in a batch.", Buckets: entryBuckets,
		}),
	}
	v.registry.MustRegister(v.requests, v.seconds, v.commits, v.entries,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), collectors.NewBuildInfoCollector())
	v.gauges(from)
	v.ofNode(from.Node)
	from.Node.OnCommit(func(c node.Commit) {
		v.commits.Observe(c.Took.Seconds())
		v.entries.Observe(float64(c.Entries))
	})
	return v
}

// gauges are what waits: lines that are open, notices to be sent.
func (v *Vitals) gauges(from Sources) {
	v.gauge("grulden_live_lines", "Open live lines to tills.", func() float64 { return float64(from.Lines()) })
	v.gauge("grulden_outbox_email", "Notices that wait to be sent by e-mail.", func() float64 {
		email, _ := from.Outbox()
		return float64(email)
	})
	v.gauge("grulden_outbox_phone", "Notices that wait to be sent to a phone.", func() float64 {
		_, phone := from.Outbox()
		return float64(phone)
	})
}

// ofNode are the measurements of journal and disk.
func (v *Vitals) ofNode(n *node.Node) {
	db := n.Store()
	v.gauge("grulden_journal_entries", "Entries in the journal, on disk.", func() float64 { return float64(n.Length()) })
	v.gauge("grulden_queue_commands", "Commands that wait to be decided.", func() float64 { return float64(n.Queued()) })
	v.gauge("grulden_checkpoint_timestamp_seconds", "When the last checkpoint was signed; nought before the first.", func() float64 {
		if at := n.Signed(); !at.IsZero() {
			return float64(at.Unix())
		}
		return 0
	})
	v.gauge("grulden_store_bytes", "What the store takes on the disk.", func() float64 { return float64(db.DiskBytes()) })
	v.gauge("grulden_disk_free_bytes", "What is free on the disk of the store.", func() float64 {
		free, err := db.FreeBytes()
		if err != nil {
			return 0 // a disk that cannot be asked is as good as full
		}
		return float64(free)
	})
	v.gauge("grulden_disk_low", "1 while payments are refused because the disk is nearly full.", func() float64 {
		if db.Writable() != nil {
			return 1
		}
		return 0
	})
}

func (v *Vitals) gauge(name, help string, value func() float64) {
	v.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value))
}

// Request counts one answer. The route is one of the program's own list, never
// the address that a visitor asked for.
func (v *Vitals) Request(route string, status int, took time.Duration) {
	class := classes[0]
	if digit := status / 100; digit > 0 && digit < len(classes) {
		class = classes[digit]
	}
	v.requests.WithLabelValues(route, class).Inc()
	v.seconds.WithLabelValues(route).Observe(took.Seconds())
}

// Handler answers Prometheus, on every address.
func (v *Vitals) Handler() http.Handler {
	return promhttp.HandlerFor(v.registry, promhttp.HandlerOpts{})
}
