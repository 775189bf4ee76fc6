package web

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"grulden/internal/payreq"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/ledger"
	"grulden/wallet"
	"grulden/web/page"
)

// sessionDevice in a session names the device that it belongs to. Such a
// session pays by that device's signature and by nothing else, and ends when
// the device is taken away.
const sessionDevice = "device"

// errUnsigned says that a session of a device sent a payment without its
// signature.
var errUnsigned = errors.New("the device did not sign the payment")

// Errors of making a phone a wallet.
var (
	errEnrolled = errors.New("a session of a device enrols no device")
	errEnrolPIN = errors.New("to enrol a device the PIN is needed")
)

// tellNew is how long other devices are told that one was added.
const tellNew = 7 * 24 * time.Hour

// readDevice reads the id of a device as forms and sessions hold it.
func readDevice(text string) (id ledger.DeviceID, ok bool) {
	if len(text) != 2*len(id) {
		return id, false
	}
	_, err := hex.Decode(id[:], []byte(text))
	return id, err == nil
}

func deviceText(id ledger.DeviceID) string { return hex.EncodeToString(id[:]) }

// accountText is an account as it stands in what phones sign.
func accountText(id ledger.AccountID) string { return fmt.Sprintf("%016x", uint64(id)) }

// checkDevice looks whether the device of a session is still in use; otherwise
// nobody is signed in.
func (s *Server) checkDevice(ctx context.Context, v *visit) error {
	id, ok := readDevice(s.sessions.GetString(ctx, sessionDevice))
	if !ok {
		return nil
	}
	has, err := s.wallet.HasDevice(v.purse.Account, id)
	if err == nil && has {
		v.device = id
	} else {
		v.person, v.purse, v.signedIn = people.Person{}, people.Person{}, false
	}
	return err
}

// showOwnCard is where the QR code on a card leads. What it shows is the same
// whether there is such a card or not.
func (s *Server) showOwnCard(w http.ResponseWriter, r *http.Request, v visit) error {
	p := page.OwnCardPage{Base: s.oneTask(r, v)}
	code, err := payreq.Parse(r.PathValue("code"))
	if err != nil {
		p.Problem = p.T("login.notcard")
		return s.show(w, http.StatusNotFound, p)
	}
	if v.signedIn {
		own, _, _, err := s.people.LoginOf(v.person.ID)
		switch {
		case err != nil:
			return err
		case own == code && v.person.Role.HasPurse():
			return goTo(w, r, "/devices/new")
		case own == code:
			return goTo(w, r, home(v.person.Role))
		}
		p.AtTill = v.person.Role == people.Merchant || v.person.Role == people.Cashier
	}
	p.Code, p.Grouped = code.String(), code.Grouped()
	return s.show(w, http.StatusOK, p)
}

// askDevice offers to make this phone a wallet.
func (s *Server) askDevice(w http.ResponseWriter, r *http.Request, v visit) error {
	if !v.person.Role.HasPurse() || v.device != (ledger.DeviceID{}) {
		return goTo(w, r, home(v.person.Role))
	}
	var id ledger.DeviceID
	_, _ = rand.Read(id[:]) // never fails
	p, err := s.enrolPage(r, v, id, deviceName(v.lang, r.UserAgent()))
	if err != nil {
		return err
	}
	return s.show(w, http.StatusOK, p)
}

func (s *Server) enrolPage(r *http.Request, v visit, id ledger.DeviceID, name string) (page.EnrolPage, error) {
	all, err := s.wallet.Devices(v.purse.Account)
	return page.EnrolPage{
		Base: s.oneTask(r, v), ID: deviceText(id), Device: name,
		Account: accountText(v.purse.Account), Devices: devicesText(all), Home: home(v.person.Role),
		AsksPIN: !s.freshPIN(r.Context()),
	}, err
}

// deviceName is how a device is called until its owner calls it otherwise.
func deviceName(lang page.Lang, agent string) string {
	for _, kind := range []struct {
		mark string
		key  page.Key
	}{
		{"Android", "device.android"},
		{"iPhone", "device.iphone"},
		{"iPad", "device.ipad"},
		{"Windows", "device.windows"},
		{"Macintosh", "device.mac"},
	} {
		if strings.Contains(agent, kind.mark) {
			return lang.Text(kind.key)
		}
	}
	return lang.Text("device.other")
}

// The words by which a page says how its key signs.
var algs = map[string]ledger.Alg{"Ed25519": ledger.Ed25519, "P-256": ledger.P256}

// addDevice lets a phone sign for who is signed in, from the key that the phone
// made. The secret half of it never leaves the phone. A session of a phone lets
// no other phone in, and any session only with the PIN, shown now or moments ago.
func (s *Server) addDevice(w http.ResponseWriter, r *http.Request, v visit) error {
	if v.device != (ledger.DeviceID{}) {
		return errEnrolled
	}
	f, err := form(r, "device", "alg", "key", "name", "pin")
	if err != nil {
		return err
	}
	id, ok := readDevice(f[0])
	if !ok {
		return errBadForm
	}
	bytes, err := base64.RawURLEncoding.DecodeString(f[2])
	if err != nil {
		return errBadForm
	}
	key, err := record.NewPublicKey(algs[f[1]], bytes)
	if err != nil {
		return errBadForm
	}
	if f[3] == "" {
		f[3] = deviceName(v.lang, r.UserAgent())
	}
	if err = s.mayEnrol(r, v, f[4]); err == nil {
		err = check(s.wallet.Enrol(r.Context(), v.holder(), id, key))
	}
	if err == nil {
		err = s.people.NameDevice(v.person.ID, id, f[3], s.node.Now())
	}
	if err != nil {
		return s.enrolFailed(w, r, v, id, f[3], err)
	}
	s.sessions.Put(r.Context(), sessionDevice, deviceText(id))
	return goTo(w, r, home(v.person.Role)+"?done=enrolled")
}

// mayEnrol wants the PIN, unless it was shown for this session moments ago: a
// screen that somebody left must not be enough to make another phone a wallet.
func (s *Server) mayEnrol(r *http.Request, v visit, pin string) error {
	switch {
	case pin != "":
		return s.checkPIN(r.Context(), v.person, pin)
	case !s.freshPIN(r.Context()):
		return errEnrolPIN
	}
	return nil
}

// enrolFailed shows the page again with what is wrong, or passes the error on.
func (s *Server) enrolFailed(w http.ResponseWriter, r *http.Request, v visit, id ledger.DeviceID, name string, failure error) error {
	a := answerTo(failure)
	problem := v.lang.Text(a.text)
	var wait mustWait
	switch {
	case errors.As(failure, &wait) && wait > 0:
		problem = v.lang.Text("login.wait", "time", waitText(v.lang, time.Duration(wait)))
	case errors.Is(failure, refused(ledger.TooManyDevices)):
		problem = v.lang.Text("devices.full")
	case !isErr(failure, errWrongPIN, errEnrolPIN):
		return failure
	}
	p, err := s.enrolPage(r, v, id, name)
	if err != nil {
		return err
	}
	p.Problem = problem
	if !p.AsksPIN {
		p.AsksPIN = isErr(failure, errWrongPIN)
	}
	return s.show(w, a.status, p)
}

// hereDevice takes a session for that of a device, because the device says so.
// That gives a session nothing but the duty to sign.
func (s *Server) hereDevice(w http.ResponseWriter, r *http.Request, v visit) error {
	f, err := form(r, "device")
	if err != nil {
		return err
	}
	id, ok := readDevice(f[0])
	if !ok {
		return errBadForm
	}
	has, err := s.wallet.HasDevice(v.purse.Account, id)
	if err != nil {
		return err
	}
	if !has {
		return errNotFound
	}
	s.sessions.Put(r.Context(), sessionDevice, deviceText(id))
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// listDevices shows the phones that can pay from this account.
func (s *Server) listDevices(w http.ResponseWriter, r *http.Request, v visit) error {
	p, err := s.devicesPage(r, v)
	if err != nil {
		return err
	}
	return s.show(w, http.StatusOK, p)
}

func (s *Server) devicesPage(r *http.Request, v visit) (page.DevicesPage, error) {
	p := page.DevicesPage{Base: s.base(r, v), Account: accountText(v.purse.Account)}
	all, err := s.wallet.Devices(v.purse.Account)
	if err != nil {
		return p, err
	}
	p.In = devicesText(all)
	if v.device != (ledger.DeviceID{}) {
		p.Here = deviceText(v.device)
	}
	for _, d := range all {
		file, err := s.people.Device(v.person.ID, d.ID)
		if err != nil {
			return p, err
		}
		line := page.DeviceLine{ID: deviceText(d.ID), Name: file.Name, Since: whenText(v.lang, d.Since, s.node.Now()), Here: d.ID == v.device}
		if line.Name == "" {
			line.Name = p.T("device.other")
		}
		if file.Used.After(d.Since) {
			line.Used = whenText(v.lang, inWijk(file.Used), s.node.Now())
		}
		p.Devices = append(p.Devices, line)
	}
	return p, nil
}

// devicesText is a list of ids for a script.
func devicesText(all []wallet.Device) string {
	ids := make([]string, len(all))
	for i, d := range all {
		ids[i] = deviceText(d.ID)
	}
	return strings.Join(ids, " ")
}

// dropDevice takes a phone away from an account. Sessions of that phone end
// with it.
func (s *Server) dropDevice(w http.ResponseWriter, r *http.Request, v visit) error {
	id, ok := readDevice(r.PathValue("id"))
	if !ok {
		return errNotFound
	}
	f, err := form(r, "sure")
	if err != nil {
		return err
	}
	if f[0] != "yes" {
		return s.notSure(w, r, v, id)
	}
	if err := s.retire(r.Context(), v.holder(), v.person.ID, id); err != nil {
		return err
	}
	return goTo(w, r, "/devices?done=retired")
}

// retire takes a phone away from a person's account, and forgets its name.
func (s *Server) retire(ctx context.Context, h wallet.Holder, person people.ID, id ledger.DeviceID) error {
	if err := check(s.wallet.Retire(ctx, h, id)); err != nil {
		return err
	}
	left, err := s.wallet.Devices(h.Account)
	if err != nil {
		return err
	}
	ids := make([]ledger.DeviceID, len(left))
	for i, d := range left {
		ids[i] = d.ID
	}
	return s.people.KeepDevices(person, ids)
}

// notSure shows the list again, and what to tick.
func (s *Server) notSure(w http.ResponseWriter, r *http.Request, v visit, id ledger.DeviceID) error {
	p, err := s.devicesPage(r, v)
	if err != nil {
		return err
	}
	p.Problem = p.T("devices.unsure")
	for i := range p.Devices {
		p.Devices[i].Removing = p.Devices[i].ID == deviceText(id)
	}
	return s.show(w, http.StatusUnprocessableEntity, p)
}

// deviceNotes tell of phones that were added a short while ago, on all others.
func deviceNotes(s *Server, v visit) (notes []page.Note, err error) {
	all, err := s.wallet.Devices(v.purse.Account)
	if err != nil {
		return nil, err
	}
	for _, d := range all {
		if d.ID == v.device || s.node.Now().Sub(d.Since) > tellNew {
			continue
		}
		file, err := s.people.Device(v.person.ID, d.ID)
		if err != nil {
			return nil, err
		}
		notes = append(notes, page.Note{
			Icon: "phone", Text: v.lang.Text("devices.new", "date", v.lang.DateTime(d.Since), "name", file.Name),
			Href: "/devices", Word: "devices.look",
		})
	}
	return notes, nil
}

// walletNotes make the notices on a resident's first page, the most pressing
// first.
var walletNotes = []func(*Server, visit) ([]page.Note, error){noticeNotes, deviceNotes, returnNotes, backNotes, standingNotes}

// notes gathers them.
func (s *Server) notes(v visit) (all []page.Note, err error) {
	for _, some := range walletNotes {
		notes, err := some(s, v)
		if err != nil {
			return nil, err
		}
		all = append(all, notes...)
	}
	return all, nil
}

// signing is what a form needs for a phone to sign message, which ends where
// the time is to stand.
func (s *Server) signing(v visit, message string) (page.Signing, error) {
	all, err := s.wallet.Devices(v.purse.Account)
	p := page.Signing{
		Account: accountText(v.purse.Account), Devices: devicesText(all), Message: message,
		Now: strconv.FormatInt(s.node.Now().Unix(), 10),
	}
	if v.device != (ledger.DeviceID{}) {
		p.Here = deviceText(v.device)
	}
	return p, err
}

// payMessage is what a phone signs for a payment, up to the time.
func (s *Server) payMessage(pay ledger.Pay) string {
	return strings.TrimSuffix(string(record.PayMessage(s.node.Settings().Ledger, pay, 0)), "0\n")
}

// signature reads what a phone put into a form; nil when it signed nothing.
func signature(device, at, sig string) (*record.Proof, error) {
	if sig == "" {
		return nil, nil
	}
	id, ok := readDevice(device)
	seconds, err := strconv.ParseInt(at, 10, 64)
	bytes, sigErr := base64.RawURLEncoding.DecodeString(sig)
	if !ok || err != nil || sigErr != nil {
		return nil, errBadForm
	}
	return &record.Proof{Device: id, At: seconds, Sig: bytes}, nil
}
