package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/internal/replay"
	"grulden/ledger"
)

type replayCmd struct {
	withKey
	File   string `arg:"" type:"existingfile" help:"JSON Lines, one command a line, in time order."`
	Strict bool   `help:"Exit with 1 when a line was refused."`
}

// chunkLines is how many lines are under way at once: well below what the
// node's queue takes, so that it never says it is busy.
const chunkLines = 1000

// maxLine bounds a line in bytes.
const maxLine = 1 << 20

// Run replays a file and prints what became of its lines.
func (c *replayCmd) Run(a *app) error {
	return a.on(c.withKey, func(l *opened) error {
		file, err := os.Open(c.File)
		if err != nil {
			return err
		}
		defer file.Close()
		info, err := file.Stat()
		if err != nil {
			return err
		}
		p := player{node: l.node, names: l.labels, progress: a.progress("replaying"), size: uint64(info.Size())}
		err = p.play(file)
		text, jsonErr := json.Marshal(p.outcome)
		if jsonErr != nil {
			return jsonErr
		}
		a.say("%s\n", text)
		if err == nil && c.Strict && len(p.outcome.Rejected) > 0 {
			err = hint(fmt.Errorf("%d lines were refused, the first is line %d", len(p.outcome.Rejected), p.outcome.Rejected[0].Line),
				"correct them and replay into a new ledger")
		}
		return err
	})
}

// player replays lines through a node, a chunk at a time.
type player struct {
	node     *node.Node
	names    *people.Labels
	outcome  replay.Outcome
	progress func(done, of uint64)
	line     int
	read     uint64
	size     uint64
}

// waiting is a line on its way.
type waiting struct {
	line    int
	pending *node.Pending // nil for a line that is no command
	opens   string        // the label it opens
}

func (p *player) play(r io.Reader) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 64<<10), maxLine)
	for {
		stop, err := p.chunk(lines)
		if stop || err != nil {
			return err
		}
		p.progress(p.read, p.size)
	}
}

// parsed is a line that was read.
type parsed struct {
	line   int
	moment ledger.Moment
	cmd    ledger.Command
	opens  string
}

// chunk reads some lines, keeps the labels they bring, and then hands them in:
// an account in the journal always has its label.
func (p *player) chunk(lines *bufio.Scanner) (stop bool, err error) {
	var read []parsed
	var bad error
	for len(read) < chunkLines && bad == nil {
		if !lines.Scan() {
			stop, bad = true, lines.Err()
			break
		}
		p.line++
		p.read += uint64(len(lines.Bytes())) + 1
		if replay.Blank(lines.Bytes()) {
			continue
		}
		now, cmd, err := replay.Command(lines.Bytes(), p.names)
		if err != nil {
			bad = hint(fmt.Errorf("line %d is %w", p.line, err), "the lines before it were applied; correct it and replay the rest")
			break
		}
		one := parsed{line: p.line, moment: now, cmd: cmd}
		if _, ok := cmd.(ledger.Open); ok {
			one.opens = replay.Label(lines.Bytes())
		}
		read = append(read, one)
	}
	if err := p.names.Flush(); err != nil {
		return true, err
	}
	if err := p.apply(read); err != nil {
		return true, err
	}
	return stop || bad != nil, bad
}

// apply hands in lines that were read and waits for what becomes of them.
func (p *player) apply(read []parsed) error {
	var all []waiting
	for _, one := range read {
		w := waiting{line: one.line, opens: one.opens}
		var err error
		if w.pending, err = p.node.Send(node.Request{
			Auth: record.Auth{How: record.ByReplay}, Command: one.cmd, Moment: one.moment,
		}); err != nil {
			return err
		}
		all = append(all, w)
	}
	for _, w := range all {
		receipt, err := w.pending.Wait()
		if err != nil {
			return err
		}
		p.outcome.Note(w.line, receipt.Result)
	}
	return nil
}
