package foureyes

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"grulden/internal/logbook"
	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/internal/store"
	"grulden/internal/vault"
	"grulden/ledger"
)

// Errors of this package.
var (
	ErrUnknown    = errors.New("there is no such proposal")
	ErrRole       = errors.New("this role may not propose or approve this")
	ErrSamePerson = errors.New("who proposed it cannot approve it")
	ErrOwnCase    = errors.New("nobody approves what is about themself")
	ErrChanged    = errors.New("this is not the proposal that was shown")
	ErrDecided    = errors.New("the proposal was decided before")
)

// Kind is what sort of proposal it is, such as "role".
type Kind string

// ID names a proposal.
type ID = ledger.ID

// State is how far a proposal is.
type State string

// The states. Open becomes Approved, Refused or Withdrawn, and Approved becomes
// Done or Failed.
const (
	Open      State = "open"
	Approved  State = "approved" // and being done
	Done      State = "done"
	Refused   State = "refused"   // by the second person
	Withdrawn State = "withdrawn" // by who proposed it
	Failed    State = "failed"    // approved, and then it could not be done
)

// Rule is who may propose and approve one kind, and what doing it means.
type Rule struct {
	First, Second []people.Role
	// After are more roles that may approve what somebody of a role proposed.
	After map[people.Role][]people.Role
	// Check refuses what could not be done. It is asked when a proposal is made and
	// again before it is approved. Optional.
	Check func(context.Context, *Proposal) error
	// Do does it; doing it twice must be doing it once, by Proposal.Key. An error
	// made by Impossible ends the proposal; after any other it is tried again.
	Do func(context.Context, *Proposal) error
}

// Impossible marks the error of a Do that will never succeed.
func Impossible(err error) error { return &impossible{err} }

type impossible struct{ error }

func (i *impossible) Unwrap() error { return i.error }

// Draft is what somebody wants to propose.
type Draft struct {
	ID     ID // makes that it is proposed once; drawn when nought
	Kind   Kind
	Person people.ID // whom it is about; nought: the wijk
	Body   any       // all that will be done, as JSON
	Why    string
}

// Proposal is what one person proposed.
type Proposal struct {
	ID      ID        `json:"id"`
	Kind    Kind      `json:"kind"`
	State   State     `json:"state"`
	Person  people.ID `json:"person,omitzero"` // whom it is about; nought: the wijk
	By      people.ID `json:"by"`
	At      time.Time `json:"at"`
	Hash    string    `json:"hash"`             // SHA-256 of kind, person and body, in hexadecimal
	Second  people.ID `json:"second,omitzero"`  // who approved or refused it
	Decided time.Time `json:"decided,omitzero"` //
	Logged  State     `json:"logged,omitempty"` // the last state that stands in the logbook

	Body    json.RawMessage `json:"-"` // empty when the person was erased
	Why     string          `json:"-"`
	Answer  string          `json:"-"` // why it was refused
	Failure string          `json:"-"` // why it could not be done
}

// Into reads the body.
func (p *Proposal) Into(body any) error {
	if err := json.Unmarshal(p.Body, body); err != nil {
		return fmt.Errorf("read a proposal: %w", err)
	}
	return nil
}

// Auth is by whom a command is authorised that the proposal leads to.
func (p *Proposal) Auth() record.Auth {
	return record.Auth{By: record.ActorID(p.Second), How: record.ByTwo}
}

// Key is the ledger's key of the command that the proposal leads to.
func (p *Proposal) Key() ledger.Key {
	sum := sha256.Sum256(append([]byte("grulden proposal 1\x00"), p.ID[:]...))
	return ledger.Key(sum[:16])
}

// sealed is what of a proposal lies in the vault.
type sealed struct {
	Body    json.RawMessage `json:"body"`
	Why     string          `json:"why,omitempty"`
	Answer  string          `json:"answer,omitempty"`
	Failure string          `json:"failure,omitempty"`
}

// Desk is where proposals lie. Its methods may be called from many goroutines,
// once all kinds are registered.
type Desk struct {
	node   *node.Node
	vault  *vault.Vault
	people *people.Directory
	book   *logbook.Book
	rows   store.Space
	own    vault.Subject
	rules  map[Kind]Rule

	mu sync.Mutex // held over every step
}

// The keys of the space, by their first byte:
//
//	o         subject of proposals about the wijk
//	p id      proposal
//	n time id index, the newest first; no value
var ownKey = []byte("o")

const (
	proposalRow = 'p'
	timeRow     = 'n'
)

// New opens the desk of a ledger.
func New(n *node.Node, v *vault.Vault, p *people.Directory, b *logbook.Book) (*Desk, error) {
	d := &Desk{node: n, vault: v, people: p, book: b, rows: n.Store().Space(store.FourEyes), rules: map[Kind]Rule{}}
	row, found, err := d.rows.Get(ownKey)
	if err == nil && found {
		d.own = vault.Subject(row)
		return d, nil
	}
	if err == nil {
		d.own = vault.NewSubject()
		err = d.rows.Put(ownKey, d.own[:])
	}
	if err != nil {
		return nil, fmt.Errorf("open proposals: %w", err)
	}
	return d, nil
}

// Register tells what a kind of proposal is. It is called before anything else.
func (d *Desk) Register(kind Kind, r Rule) { d.rules[kind] = r }

// Kinds lists what may be proposed.
func (d *Desk) Kinds() []Kind {
	var all []Kind
	for k := range d.rules {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}

// MayPropose tells whether a role may propose a kind.
func (d *Desk) MayPropose(role people.Role, kind Kind) bool {
	return slices.Contains(d.rules[kind].First, role)
}

// MayApprove tells whether a role may approve a kind, whoever proposed it.
func (d *Desk) MayApprove(role people.Role, kind Kind) bool {
	return slices.Contains(d.rules[kind].Second, role)
}

// Seconds are the roles that may approve a proposal, by who made it.
func (d *Desk) Seconds(p *Proposal) ([]people.Role, error) {
	rule := d.rules[p.Kind]
	first, _, err := d.people.Person(p.By)
	return slices.Concat(rule.Second, rule.After[first.Role]), err
}

// allowedSecond tells whether somebody may decide about a proposal.
func (d *Desk) allowedSecond(by people.ID, p *Proposal) error {
	seconds, err := d.Seconds(p)
	if err != nil {
		return err
	}
	return d.allowed(by, seconds)
}

// Propose keeps a proposal, once it is on disk and in the logbook. One with the id
// of an earlier one is that one.
func (d *Desk) Propose(ctx context.Context, by people.ID, draft Draft) (*Proposal, error) {
	body, err := json.Marshal(draft.Body)
	if err != nil {
		return nil, fmt.Errorf("propose: %w", err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if draft.ID == (ID{}) {
		_, _ = rand.Read(draft.ID[:]) // never fails
	} else if p, err := d.load(draft.ID); !errors.Is(err, ErrUnknown) {
		return p, err
	}
	p := &Proposal{
		ID: draft.ID, Kind: draft.Kind, State: Open, Person: draft.Person, By: by, At: d.node.Now().UTC(),
		Hash: hashOf(draft.Kind, draft.Person, body), Body: body, Why: draft.Why,
	}
	rule := d.rules[draft.Kind]
	if err := d.allowed(by, rule.First); err != nil {
		return nil, err
	}
	if rule.Check != nil {
		if err := rule.Check(ctx, p); err != nil {
			return nil, err
		}
	}
	if err := d.save(p); err != nil {
		return nil, err
	}
	return p, d.log(ctx, p)
}

func hashOf(kind Kind, person people.ID, body []byte) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "grulden-proposal-1\n%s\n%v\n%s", kind, person, body))
	return hex.EncodeToString(sum[:])
}

// allowed tells whether somebody has one of these roles, and may sign in.
func (d *Desk) allowed(by people.ID, roles []people.Role) error {
	p, ok, err := d.people.Person(by)
	if err == nil && (!ok || p.Stopped || !slices.Contains(roles, p.Role)) {
		err = ErrRole
	}
	return err
}

// Approve approves a proposal that was shown with this hash, and has it done. When
// doing it failed on the way, approving it again goes on.
func (d *Desk) Approve(ctx context.Context, by people.ID, id ID, hash string) (*Proposal, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p, err := d.load(id)
	if err != nil {
		return nil, err
	}
	rule := d.rules[p.Kind]
	if err := d.allowedSecond(by, p); err != nil {
		return p, err
	}
	switch {
	case by == p.By:
		return p, ErrSamePerson
	case by == p.Person:
		return p, ErrOwnCase
	case hash != p.Hash:
		return p, ErrChanged
	case p.State == Done:
		return p, nil
	case p.State != Open && p.State != Approved:
		return p, ErrDecided
	}
	if p.State == Open {
		if rule.Check != nil {
			if err := rule.Check(ctx, p); err != nil {
				return p, err
			}
		}
		p.State, p.Second, p.Decided = Approved, by, d.node.Now().UTC()
		if err := d.step(ctx, p); err != nil {
			return p, err
		}
	}
	return p, d.carryOut(ctx, p)
}

// carryOut does what was approved.
func (d *Desk) carryOut(ctx context.Context, p *Proposal) error {
	failed := d.rules[p.Kind].Do(ctx, p)
	never := (*impossible)(nil)
	switch {
	case failed == nil:
		p.State = Done
	case errors.As(failed, &never):
		p.State, p.Failure = Failed, failed.Error()
	default:
		return failed
	}
	return errors.Join(failed, d.step(ctx, p))
}

// Refuse says no to a proposal.
func (d *Desk) Refuse(ctx context.Context, by people.ID, id ID, why string) error {
	return d.end(ctx, id, func(p *Proposal) error {
		if by == p.By {
			return ErrSamePerson
		}
		p.State, p.Second, p.Answer = Refused, by, why
		return d.allowedSecond(by, p)
	})
}

// Withdraw takes a proposal back.
func (d *Desk) Withdraw(ctx context.Context, by people.ID, id ID) error {
	return d.end(ctx, id, func(p *Proposal) error {
		if by != p.By {
			return ErrRole
		}
		p.State = Withdrawn
		return nil
	})
}

func (d *Desk) end(ctx context.Context, id ID, how func(*Proposal) error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	p, err := d.load(id)
	if err != nil {
		return err
	}
	if p.State != Open {
		return ErrDecided
	}
	if err := how(p); err != nil {
		return err
	}
	p.Decided = d.node.Now().UTC()
	return d.step(ctx, p)
}

// step keeps the state of a proposal, and enters it in the logbook.
func (d *Desk) step(ctx context.Context, p *Proposal) error {
	if err := d.save(p); err != nil {
		return err
	}
	return d.log(ctx, p)
}

// log enters the state of a proposal in the logbook, once.
func (d *Desk) log(ctx context.Context, p *Proposal) error {
	who, kind := p.Second, logbook.Kind(p.State)
	switch p.State {
	case Open:
		who, kind = p.By, "proposed"
	case Withdrawn:
		who = p.By
	}
	sum := sha256.Sum256(append([]byte("grulden proposal "+string(p.State)+"\x00"), p.ID[:]...))
	_, err := d.book.Record(ctx, logbook.Entry{
		ID: ledger.ID(sum[:16]), By: who, Kind: kind, Person: p.Person, Why: p.Why, Note: p.Answer + p.Failure,
		Facts: []logbook.Fact{{Name: "proposal", Value: string(p.Kind)}, {Name: "hash", Value: p.Hash}},
	})
	if err != nil {
		return err
	}
	p.Logged = p.State
	return d.save(p)
}

// Resume finishes what was cut short: it is called once at the start, after all
// kinds were registered.
func (d *Desk) Resume(ctx context.Context) error {
	all, err := d.List(math.MaxInt)
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	var failed error
	for _, p := range all {
		if p.Logged != p.State {
			failed = errors.Join(failed, d.log(ctx, p))
		}
		if p.State != Approved {
			continue
		}
		err := d.carryOut(ctx, p)
		if never := (*impossible)(nil); !errors.As(err, &never) {
			failed = errors.Join(failed, err)
		}
	}
	return failed
}

func docName(id ID) string { return "proposal/" + id.String() }

func (d *Desk) subject(p *Proposal) vault.Subject {
	if p.Person == (people.ID{}) {
		return d.own
	}
	return p.Person
}

// save writes a proposal: what is sealed first.
func (d *Desk) save(p *Proposal) error {
	if len(p.Body) > 0 {
		doc, err := json.Marshal(sealed{p.Body, p.Why, p.Answer, p.Failure})
		if err != nil {
			return fmt.Errorf("keep a proposal: %w", err)
		}
		if err := d.vault.Put(d.subject(p), docName(p.ID), doc); err != nil && !errors.Is(err, vault.ErrErased) {
			return fmt.Errorf("keep a proposal: %w", err)
		}
	}
	row, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("keep a proposal: %w", err)
	}
	return d.rows.Update(func(rows *store.Batch) {
		rows.Set(append([]byte{proposalRow}, p.ID[:]...), row)
		at := binary.BigEndian.AppendUint64([]byte{timeRow}, math.MaxUint64-uint64(p.At.UnixNano()))
		rows.Set(append(at, p.ID[:]...), nil)
	})
}

// Proposal finds a proposal; ErrUnknown when there is none.
func (d *Desk) Proposal(id ID) (*Proposal, error) { return d.load(id) }

func (d *Desk) load(id ID) (*Proposal, error) {
	row, found, err := d.rows.Get(append([]byte{proposalRow}, id[:]...))
	if err != nil || !found {
		return nil, errors.Join(err, errIf(!found && err == nil, ErrUnknown))
	}
	p := &Proposal{}
	if err := json.Unmarshal(row, p); err != nil {
		return nil, fmt.Errorf("read a proposal: %w", err)
	}
	doc, found, err := d.vault.Get(d.subject(p), docName(id))
	if err != nil || !found {
		return p, err
	}
	var s sealed
	if err := json.Unmarshal(doc, &s); err != nil {
		return nil, fmt.Errorf("read a proposal: %w", err)
	}
	p.Body, p.Why, p.Answer, p.Failure = s.Body, s.Why, s.Answer, s.Failure
	if hashOf(p.Kind, p.Person, p.Body) != p.Hash {
		return nil, fmt.Errorf("proposal %v is not as it was made", id)
	}
	return p, nil
}

func errIf(condition bool, err error) error {
	if condition {
		return err
	}
	return nil
}

// List lists proposals, the newest first, at most limit of them.
func (d *Desk) List(limit int) ([]*Proposal, error) {
	return d.list(limit, func(*Proposal) bool { return true })
}

// Open lists the proposals that wait for a second person, the newest first.
func (d *Desk) Open() ([]*Proposal, error) {
	return d.list(math.MaxInt, func(p *Proposal) bool { return p.State == Open })
}

func (d *Desk) list(limit int, wanted func(*Proposal) bool) (all []*Proposal, err error) {
	var ids []ID
	err = d.rows.Scan([]byte{timeRow}, func(key, _ []byte) error {
		ids = append(ids, ID(key[len(key)-len(ID{}):]))
		return nil
	})
	for _, id := range ids {
		if err != nil || len(all) >= limit {
			break
		}
		var p *Proposal
		if p, err = d.load(id); err == nil && wanted(p) {
			all = append(all, p)
		}
	}
	return all, err
}
