package auth

import (
	base32std "encoding/base32"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
)

var base32 = base32std.StdEncoding.WithPadding(base32std.NoPadding)

// ceremony is how long a browser may take to make or show a passkey.
const ceremony = 5 * time.Minute

// Passkey is one key pair of a person, whose secret half stays in a telephone,
// a computer or a key on a ring.
type Passkey struct {
	Name       string              `json:"name"` // what its owner calls it
	Added      time.Time           `json:"added"`
	Credential webauthn.Credential `json:"credential"`
}

// ID names a passkey in forms.
func (p Passkey) ID() string { return hex.EncodeToString(p.Credential.ID) }

// Passkeys makes and checks passkeys for one site (WebAuthn level 3).
type Passkeys struct{ site *webauthn.WebAuthn }

// NewPasskeys is for the site at an origin, such as https://grulden.example.
// Browsers make no passkeys for bare numbers: then it gives nil.
func NewPasskeys(origin, name string) (*Passkeys, error) {
	u, err := url.Parse(origin)
	if err != nil {
		return nil, fmt.Errorf("passkeys: %w", err)
	}
	if net.ParseIP(u.Hostname()) != nil || u.Scheme == "http" && u.Hostname() != "localhost" {
		return nil, nil
	}
	timeout := webauthn.TimeoutConfig{Enforce: true, Timeout: ceremony, TimeoutUVD: ceremony}
	site, err := webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: name, RPOrigins: []string{origin},
		Timeouts: webauthn.TimeoutsConfig{Login: timeout, Registration: timeout},
	})
	if err != nil {
		return nil, fmt.Errorf("passkeys: %w", err)
	}
	return &Passkeys{site}, nil
}

// Keeper is somebody who has passkeys, or is to get one.
type Keeper struct {
	ID      [16]byte
	Name    string
	Factors Factors
}

// keeper is a Keeper as the library wants it.
type keeper struct{ Keeper }

// WebAuthnID implements webauthn.User.
func (k keeper) WebAuthnID() []byte { return k.ID[:] }

// WebAuthnName implements webauthn.User.
func (k keeper) WebAuthnName() string { return k.Name }

// WebAuthnDisplayName implements webauthn.User.
func (k keeper) WebAuthnDisplayName() string { return k.Name }

// WebAuthnCredentials implements webauthn.User.
func (k keeper) WebAuthnCredentials() []webauthn.Credential {
	all := make([]webauthn.Credential, len(k.Factors.Passkeys))
	for i, p := range k.Factors.Passkeys {
		all[i] = p.Credential
	}
	return all
}

// AskNew gives what a browser needs to make a passkey, and what to remember
// until it answers.
func (p *Passkeys) AskNew(k Keeper) (options []byte, state string, err error) {
	known := webauthn.Credentials(keeper{k}.WebAuthnCredentials()).CredentialDescriptors()
	creation, session, err := p.site.BeginRegistration(keeper{k},
		webauthn.WithExclusions(known),
		webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: protocol.ResidentKeyRequired(),
			UserVerification: protocol.VerificationRequired,
		}))
	if err != nil {
		return nil, "", fmt.Errorf("ask for a passkey: %w", err)
	}
	return both(creation.Response, session)
}

// both writes the two halves of a question.
func both(options, session any) ([]byte, string, error) {
	text, err := json.Marshal(options)
	if err != nil {
		return nil, "", fmt.Errorf("ask for a passkey: %w", err)
	}
	state, err := json.Marshal(session)
	if err != nil {
		return nil, "", fmt.Errorf("ask for a passkey: %w", err)
	}
	return text, string(state), nil
}

// TakeNew checks a browser's answer to AskNew.
func (p *Passkeys) TakeNew(k Keeper, state string, answer []byte, name string, now time.Time) (Passkey, error) {
	session, err := parseState(state)
	if err != nil {
		return Passkey{}, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return Passkey{}, errors.Join(ErrPasskey, err)
	}
	made, err := p.site.CreateCredential(keeper{k}, session, parsed)
	if err != nil {
		return Passkey{}, errors.Join(ErrPasskey, err)
	}
	made.Attestation = webauthn.CredentialAttestation{} // says which make of device: nobody's business
	return Passkey{Name: name, Added: now.UTC().Truncate(time.Second), Credential: *made}, nil
}

func parseState(state string) (session webauthn.SessionData, err error) {
	if state == "" {
		return session, ErrPasskey
	}
	if err := json.Unmarshal([]byte(state), &session); err != nil {
		return session, errors.Join(ErrPasskey, err)
	}
	return session, nil
}

// Ask gives what a browser needs to sign in whoever has a passkey for this
// site, and what to remember until it answers.
func (p *Passkeys) Ask() (options []byte, state string, err error) {
	assertion, session, err := p.site.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, "", fmt.Errorf("ask for a passkey: %w", err)
	}
	return both(assertion.Response, session)
}

// Take checks a browser's answer to Ask. find gives the person whose id the
// passkey carries. It returns the passkey as it is to be kept from then on.
func (p *Passkeys) Take(state string, answer []byte, find func(id [16]byte) (Keeper, error)) (Keeper, Passkey, error) {
	session, err := parseState(state)
	if err != nil {
		return Keeper{}, Passkey{}, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return Keeper{}, Passkey{}, errors.Join(ErrPasskey, err)
	}
	var found Keeper
	used, err := p.site.ValidateDiscoverableLogin(func(_, handle []byte) (webauthn.User, error) {
		if len(handle) != len(found.ID) {
			return nil, ErrPasskey
		}
		k, err := find([16]byte(handle))
		found = k
		return keeper{k}, err
	}, session, parsed)
	if err != nil {
		return Keeper{}, Passkey{}, errors.Join(ErrPasskey, err)
	}
	if used.Authenticator.CloneWarning {
		return Keeper{}, Passkey{}, fmt.Errorf("%w: it counts backwards, as a copy would", ErrPasskey)
	}
	return found, Passkey{Credential: *used}, nil
}
