package vitals

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"grulden/internal/node"
	"grulden/internal/store"
	"grulden/ledger"
)

// newNode is a ledger in memory.
func newNode(t testing.TB) *node.Node {
	t.Helper()
	o := store.Options{FS: vfs.NewMem(), MinFreeBytes: 1}
	if err := node.Init("wijk", node.Settings{Coin: "Grulden", Wijk: "De Hoogte"}, o); err != nil {
		t.Fatal(err)
	}
	n, err := node.Open("wijk", node.Options{Store: o})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	})
	return n
}

// newVitals measures a ledger with three lines open and five notices waiting.
func newVitals(t *testing.T) (*Vitals, *node.Node) {
	n := newNode(t)
	return New(Sources{Node: n, Lines: func() int { return 3 }, Outbox: func() (int, int) { return 4, 1 }}), n
}

// told is what Prometheus is told, a line for each number.
func told(t *testing.T, v *Vitals) []string {
	t.Helper()
	w := httptest.NewRecorder()
	v.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	text, err := io.ReadAll(w.Body)
	if err != nil || w.Code != http.StatusOK {
		t.Fatalf("status %d, %v: %s", w.Code, err, text)
	}
	return slices.DeleteFunc(strings.Split(strings.TrimSpace(string(text)), "\n"), func(line string) bool {
		return strings.HasPrefix(line, "#")
	})
}

func wantLines(t *testing.T, all []string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !slices.Contains(all, w) {
			t.Errorf("no line %q in\n%s", w, strings.Join(all, "\n"))
		}
	}
}

func TestWhatIsAskedIsToldAsItIsNow(t *testing.T) {
	v, n := newVitals(t)
	wantLines(t, told(t, v), "grulden_live_lines 3", "grulden_outbox_email 4", "grulden_outbox_phone 1",
		"grulden_journal_entries 0", "grulden_queue_commands 0", "grulden_disk_low 0", "grulden_commit_entries_count 0",
		"grulden_checkpoint_timestamp_seconds 0")
	if _, err := n.Submit(context.Background(), node.Request{Command: ledger.SetPolicy{Policy: ledger.DefaultPolicy()}}); err != nil {
		t.Fatal(err)
	}
	wantLines(t, told(t, v), "grulden_journal_entries 1", "grulden_commit_entries_count 1", "grulden_commit_entries_sum 1",
		`grulden_commit_seconds_bucket{le="+Inf"} 1`)
}

func TestAnswersAreCountedByRouteAndClass(t *testing.T) {
	v, _ := newVitals(t)
	v.Request("GET /pay", 200, 30*time.Millisecond)
	v.Request("GET /pay", 204, time.Millisecond)
	v.Request("GET /pay", 503, 2*time.Second)
	v.Request(Elsewhere, 404, 0)
	v.Request(Elsewhere, 0, 0)
	v.Request(Elsewhere, 999, 0)
	wantLines(t, told(t, v),
		`grulden_http_requests_total{class="2xx",route="GET /pay"} 2`,
		`grulden_http_requests_total{class="5xx",route="GET /pay"} 1`,
		`grulden_http_requests_total{class="4xx",route="elsewhere"} 1`,
		`grulden_http_requests_total{class="other",route="elsewhere"} 2`,
		`grulden_http_request_seconds_bucket{route="GET /pay",le="0.005"} 1`,
		`grulden_http_request_seconds_bucket{route="GET /pay",le="0.05"} 2`,
		`grulden_http_request_seconds_bucket{route="GET /pay",le="5"} 3`)
}

// full has one of everything, so that every name is told.
func full(t *testing.T) *Vitals {
	v, _ := newVitals(t)
	v.Request("GET /pay", 200, time.Millisecond)
	return v
}

var named = regexp.MustCompile(`\b(?:grulden|go|process)_[a-z_]+`)

// names are all that is told, as it would be asked for.
func names(t *testing.T) map[string]bool {
	all := make(map[string]bool)
	for _, line := range told(t, full(t)) {
		name, _, _ := strings.Cut(strings.ReplaceAll(line, " ", "{"), "{")
		all[name] = true
	}
	return all
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	text, err := os.ReadFile("../../docs/" + file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestTheDashboardAsksForWhatIsTold(t *testing.T) {
	var board struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(read(t, "grafana/grulden.json"), &board); err != nil {
		t.Fatal(err)
	}
	known, asked := names(t), make(map[string]bool)
	for _, p := range board.Panels {
		for _, target := range p.Targets {
			found := named.FindAllString(target.Expr, -1)
			if len(found) == 0 {
				t.Errorf("panel %q asks for nothing: %s", p.Title, target.Expr)
			}
			for _, name := range found {
				asked[name] = true
				if !known[name] {
					t.Errorf("panel %q asks for %s, which nobody tells", p.Title, name)
				}
			}
		}
	}
	for name := range known {
		base := regexp.MustCompile(`_(bucket|sum|count)$`).ReplaceAllString(name, "")
		if strings.HasPrefix(name, "grulden_") && !asked[name] && !asked[base+"_bucket"] && !asked[base+"_sum"] {
			t.Errorf("no panel shows %s", name)
		}
	}
}

// TestMetricsKeepTheNamingRules of Prometheus, by its own linter; ours and those
// that come with the Go runtime.
func TestMetricsKeepTheNamingRules(t *testing.T) {
	w := httptest.NewRecorder()
	full(t).Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	text := w.Body.String()
	lint := func(text string) []promlint.Problem {
		problems, err := promlint.New(strings.NewReader(text)).Lint()
		if err != nil {
			t.Fatal(err)
		}
		return problems
	}
	for _, problem := range lint(text) {
		t.Errorf("%s: %s", problem.Metric, problem.Text)
	}
	if lint(strings.ReplaceAll(text, "grulden_store_bytes", "grulden_storeKilobytes")) == nil {
		t.Error("the linter finds nothing")
	}
}

func TestTheManualNamesWhatIsTold(t *testing.T) {
	known := names(t)
	manual := string(read(t, "operating.md"))
	for _, name := range named.FindAllString(manual, -1) {
		if strings.HasPrefix(name, "grulden_") && !known[name] && !known[name+"_bucket"] {
			t.Errorf("the manual tells of %s, which nobody tells", name)
		}
	}
	for name := range known {
		base := regexp.MustCompile(`_(bucket|sum|count)$`).ReplaceAllString(name, "")
		if strings.HasPrefix(name, "grulden_") && !strings.Contains(manual, "`"+base+"`") {
			t.Errorf("the manual says nothing of %s", base)
		}
	}
}

// Labels are the one place where something of a person could slip in.
func TestLabelsComeFromTheProgram(t *testing.T) {
	allowed := map[string]*regexp.Regexp{
		"route": regexp.MustCompile(`^(GET /pay|elsewhere)$`),
		"class": regexp.MustCompile(`^([1-5]xx|other)$`),
		"le":    regexp.MustCompile(`^[0-9.e+-]+$|^\+Inf$`),
	}
	for _, line := range told(t, full(t)) {
		if !strings.HasPrefix(line, "grulden_") {
			continue
		}
		for _, label := range regexp.MustCompile(`(\w+)="([^"]*)"`).FindAllStringSubmatch(line, -1) {
			if form := allowed[label[1]]; form == nil || !form.MatchString(label[2]) {
				t.Errorf("label %s in %s", label[1], line)
			}
		}
	}
}

func BenchmarkRequest(b *testing.B) {
	v := New(Sources{Node: newNode(b), Lines: func() int { return 0 }, Outbox: func() (int, int) { return 0, 0 }})
	for b.Loop() {
		v.Request("GET /pay", 200, 3*time.Millisecond)
	}
}
