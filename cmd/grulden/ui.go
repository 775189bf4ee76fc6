package main

// How the command line talks:
//
//   - Data goes to stdout, everything else to stderr, so that output can be piped.
//   - What goes wrong is one line, "grulden: …", lower case, no full stop.
//   - It is followed by "hint: …", the next thing to type, wherever there is one.
//   - Whatever takes longer than a second shows a progress bar on a terminal, and
//     nothing elsewhere.
//   - Exit status: 0 done; 1 no; 2 the command was not understood.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"time"

	"github.com/alecthomas/kong"
	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"grulden/internal/node"
	"grulden/internal/store"
	"grulden/internal/vault"
)

// Exit statuses.
const (
	exitNo    = 1
	exitUsage = 2
)

// app is what every command is given.
type app struct {
	ctx    context.Context
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	args   []string         // the words of the command line
	dir    string           // where relative paths begin; empty for the program's own folder
	clock  func() time.Time // the present; nil for the machine's own
	here   *opened          // the ledger, when the command is run by its server
}

// cli is the whole command line.
type cli struct {
	Init        initCmd        `cmd:"" help:"Make a new, empty ledger."`
	Policy      policyCmd      `cmd:"" help:"Show the rules of the coin, or announce new ones."`
	Limits      limitsCmd      `cmd:"" help:"Show up to how much people pay without PIN or by card, or change it."`
	Person      personCmd      `cmd:"" help:"Give a person or a shop an account and a way to sign in."`
	Move        moveCmd        `cmd:"" help:"Bring members, balances and payments over from Cyclos or a CSV; tells first, moves when asked to."`
	Map         mapCmd         `cmd:"" help:"Take in the map of the wijk, from GeoJSON, for the list of shops."`
	Serve       serveCmd       `cmd:"" help:"Serve wallets, tills, desk and reports to browsers."`
	Demo        demoCmd        `cmd:"" help:"Make a sample wijk with half a year of history, and serve it."`
	Replay      replayCmd      `cmd:"" help:"Apply the commands of a file in the replay format (SPEC.md), with their own times."`
	Balances    balancesCmd    `cmd:"" help:"Show what every account has, on any day, past or future."`
	Verify      verifyCmd      `cmd:"" help:"Go through the whole journal and prove it: every hash, every decision, every row."`
	Export      exportCmd      `cmd:"" help:"Write the ledger out: as replay format, as postings, or as an hledger journal."`
	Backup      backupCmd      `cmd:"" help:"Write everything into one file, while the ledger is being served or not."`
	Restore     restoreCmd     `cmd:"" help:"Take up a backup, after verifying it."`
	Bank        bankCmd        `cmd:"" help:"Take in bank statements; write payment orders."`
	Books       booksCmd       `cmd:"" help:"Print the foundation's books: what stands where, or every line as csv, hledger or audit file."`
	Audit       auditCmd       `cmd:"" help:"Hold every euro and every Grulden against what explains it."`
	Network     networkCmd     `cmd:"" help:"Show the volume of twelve months against the limit of the supervisor."`
	Report      reportCmd      `cmd:"" help:"Figures about a period: does it circulate?"`
	Worth       worthCmd       `cmd:"" help:"What the coin cost and brought (SROI, EROI), from a sheet that people filled in."`
	Whatif      whatifCmd      `cmd:"" help:"What other rules would have meant, on the last year or a made-up wijk."`
	Circulation circulationCmd `cmd:"" help:"The same figures, and more, about any list of transfers: an export of Cyclos, a published data set, one's own."`
	Bench       benchCmd       `cmd:"" help:"Measure how fast this machine is at it."`
}

const description = `The ledger and the payment software of a neighbourhood's own coin.

First steps:
  grulden demo                          a sample wijk to click through
  grulden init --data wijk              a ledger of your own
  grulden policy --data wijk --set      with the usual rules of the coin
  grulden person --data wijk --role desk --name "Balie"
  grulden serve --data wijk`

// inData is embedded by commands that work on a ledger.
type inData struct {
	Data string `required:"" env:"GRULDEN_DATA" type:"path" placeholder:"DIR" help:"The folder of the ledger."`
}

// withKey is embedded by commands that need names and not only numbers.
type withKey struct {
	inData
	MasterKey string `type:"path" placeholder:"FILE" help:"The key to names and bank accounts (default: master.key in the folder of the ledger)."`
}

// run runs the program; what it returns is the exit status.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	a := &app{ctx: ctx, stdin: stdin, stdout: stdout, stderr: stderr}
	return a.run(args)
}

func (a *app) run(args []string) int {
	exited := -1
	parser, err := kong.New(&cli{}, kong.Name("grulden"), kong.Description(description),
		kong.Writers(a.stdout, a.stderr), kong.Exit(func(code int) { exited = code }),
		kong.NamedMapper("path", a.path(false)), kong.NamedMapper("existingfile", a.path(true)),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		panic(err) // the struct above is wrong
	}
	if a.args = args; len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	if exited >= 0 {
		return exited
	}
	if err != nil {
		complain(a.stderr, err, helpFor(err))
		return exitUsage
	}
	if err := parsed.Run(a); err != nil {
		return a.fail(err)
	}
	return 0
}

// path reads a path as the person who typed it means it, also when the server
// of the ledger runs the command from a folder of its own.
func (a *app) path(mustBeFile bool) kong.MapperFunc {
	return func(ctx *kong.DecodeContext, target reflect.Value) error {
		var name string
		if err := ctx.Scan.PopValueInto("path", &name); err != nil {
			return err
		}
		if !filepath.IsAbs(name) {
			dir := a.dir
			if dir == "" {
				var err error
				if dir, err = os.Getwd(); err != nil {
					return err
				}
			}
			name = filepath.Join(dir, name)
		}
		if info, err := os.Stat(name); mustBeFile && (err != nil || info.IsDir()) {
			return fmt.Errorf("there is no file %s", name)
		}
		target.SetString(name)
		return nil
	}
}

// helpFor is where to read what a command that was not understood can be.
func helpFor(err error) string {
	var parsing *kong.ParseError
	if errors.As(err, &parsing) && parsing.Context.Command() != "" {
		return "grulden " + strings.Fields(parsing.Context.Command())[0] + " --help"
	}
	return "grulden --help"
}

// errNo is a plain "no" whose reason was printed already.
var errNo = errors.New("no")

// hinted is an error with the next thing to type.
type hinted struct {
	error
	hint string
}

func (h hinted) Unwrap() error { return h.error }

func hint(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return hinted{err, fmt.Sprintf(format, args...)}
}

// fail prints what went wrong and gives the exit status.
func (a *app) fail(err error) int {
	if errors.Is(err, errNo) {
		return exitNo
	}
	var h hinted
	next := ""
	if errors.As(err, &h) {
		next = h.hint
	} else {
		next = usualHint(err)
	}
	complain(a.stderr, err, next)
	return exitNo
}

func complain(w io.Writer, err error, next string) {
	fmt.Fprintf(w, "grulden: %s\n", strings.ReplaceAll(err.Error(), "\n", "; "))
	if next != "" {
		fmt.Fprintf(w, "hint: %s\n", next)
	}
}

// usualHint is what helps against errors that any command can meet.
func usualHint(err error) string {
	for _, h := range []struct {
		err  error
		hint string
	}{
		{store.ErrNotLedger, "make a ledger first: grulden init --data DIR"},
		{store.ErrInUse, "stop the other program, or use the pages it serves; backup works while it runs"},
		{store.ErrExists, "choose an empty folder, or go on with this one: grulden serve --data DIR"},
		{store.ErrDiskLow, "free some disk space; nothing is lost"},
		{node.ErrDamaged, "do not write to it; restore the last backup: grulden restore --from FILE --data DIR"},
		{vault.ErrWrongMasterKey, "point to the key that was made with this ledger: --master-key FILE"},
	} {
		if errors.Is(err, h.err) {
			return h.hint
		}
	}
	return ""
}

// note tells something on stderr that is not data and not wrong.
func (a *app) note(format string, args ...any) { fmt.Fprintf(a.stderr, format+"\n", args...) }

// progress shows how far something is, on a terminal and after a second.
func (a *app) progress(what string) func(done, of uint64) {
	file, ok := a.stderr.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return func(_, _ uint64) {}
	}
	var bar *progressbar.ProgressBar
	began := time.Now()
	return func(done, of uint64) {
		if bar == nil && time.Since(began) > time.Second {
			bar = progressbar.NewOptions64(int64(of), progressbar.OptionSetDescription(what),
				progressbar.OptionSetWriter(file), progressbar.OptionClearOnFinish(), progressbar.OptionShowCount())
		}
		if bar != nil {
			_ = bar.Set64(int64(done))
		}
		if done >= of && bar != nil {
			_ = bar.Finish()
		}
	}
}
