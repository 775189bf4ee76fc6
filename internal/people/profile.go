package people

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Profile is what a shop tells about itself, for everybody to see. The zero
// Profile is of a shop that has told nothing yet.
type Profile struct {
	Goods   string `json:"goods,omitempty"` // what it sells, in a few words
	Hours   Week   `json:"hours"`
	Sector  Sector `json:"sector,omitempty"`  // for the figures; nobody is shown it
	Icon    string `json:"icon,omitempty"`    // name of a pictogram
	Picture string `json:"picture,omitempty"` // name of its picture; empty: none
	Place   Place  `json:"place"`
	Hidden  bool   `json:"hidden,omitempty"` // not in the public list
}

// Span is when a shop is open on a day, in minutes after midnight. A shop that
// closes after midnight closes at an earlier minute than it opens. The zero
// Span is a day on which it is closed.
type Span struct {
	Open  int `json:"open"`
	Close int `json:"close"`
}

// Week has the opening hours of each time.Weekday.
type Week [7]Span

// Place is where a shop is, in millionths of a degree.
type Place struct {
	Known bool  `json:"known,omitempty"`
	Lon   int32 `json:"lon,omitempty"`
	Lat   int32 `json:"lat,omitempty"`
}

const dayMinutes = 24 * 60

// MaxGoods is how long the words about what a shop sells may be, in characters.
const MaxGoods = 80

// Errors of profiles.
var (
	ErrGoods = errors.New("what a shop sells takes at most 80 characters")
	ErrHours = errors.New("opening hours are two different times of a day")
)

// Closed tells whether the shop is closed all day.
func (s Span) Closed() bool { return s == Span{} }

// late tells whether a span ends on the next day.
func (s Span) late() bool { return s.Close <= s.Open && !s.Closed() }

// OpenAt tells whether a shop is open at a time, by the clocks of t's zone.
func (w Week) OpenAt(t time.Time) bool {
	minute := 60*t.Hour() + t.Minute()
	today, yesterday := w[t.Weekday()], w[(t.Weekday()+6)%7]
	if yesterday.late() && minute < yesterday.Close {
		return true
	}
	return !today.Closed() && minute >= today.Open && (minute < today.Close || today.late())
}

// Known tells whether any hours are filled in.
func (w Week) Known() bool { return w != Week{} }

func (w Week) check() error {
	for _, s := range w {
		if s.Closed() {
			continue
		}
		if s.Open == s.Close || min(s.Open, s.Close) < 0 || max(s.Open, s.Close) > dayMinutes {
			return ErrHours
		}
	}
	return nil
}

// Names of a shop's documents, and the kind of lookup that leads to a picture.
const (
	profileDoc = "shop profile"
	pictureDoc = "shop picture"
	byPicture  = "picture"
)

// Profile reads what a shop tells about itself.
func (d *Directory) Profile(id ID) (Profile, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.profile(id)
}

// profile is Profile while the lock is held.
func (d *Directory) profile(id ID) (p Profile, err error) {
	if p, ok := d.profiles[id]; ok {
		return p, nil
	}
	doc, ok, err := d.vault.Get(id, profileDoc)
	if err != nil {
		return Profile{}, err
	}
	if ok {
		if err := json.Unmarshal(doc, &p); err != nil {
			return Profile{}, fmt.Errorf("read the profile of a shop: %w", err)
		}
	}
	d.profiles[id] = p
	return p, nil
}

// ChangeProfile changes what a shop tells about itself, except its picture.
func (d *Directory) ChangeProfile(id ID, change func(*Profile)) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	p, err := d.shopProfile(id)
	if err != nil {
		return err
	}
	picture := p.Picture
	change(&p)
	p.Goods, p.Picture = tidy(p.Goods), picture
	if len([]rune(p.Goods)) > MaxGoods {
		return ErrGoods
	}
	if p.Sector != "" && !slices.Contains(Sectors(), p.Sector) {
		return ErrSector
	}
	if err := p.Hours.check(); err != nil {
		return err
	}
	return d.putProfile(id, p, nil)
}

// shopProfile is the profile of a shop; the lock is held.
func (d *Directory) shopProfile(id ID) (Profile, error) {
	shop, ok, err := d.read(id)
	if err != nil || !ok {
		return Profile{}, errors.Join(err, errIf(!ok, ErrNobody))
	}
	if shop.Role != Merchant {
		return Profile{}, ErrRole
	}
	return d.profile(id)
}

// SetPicture gives a shop a picture: any JPEG or PNG of a camera, made small
// and clean. ErrPicture says that it is none, ErrPictureSize that it is too
// large to look at.
func (d *Directory) SetPicture(id ID, upload []byte) error {
	d.shrinking.Lock() // one at a time: a large picture takes much memory
	small, err := shrink(upload)
	d.shrinking.Unlock()
	if err != nil {
		return err
	}
	return d.changePicture(id, small)
}

// RemovePicture takes a shop's picture away.
func (d *Directory) RemovePicture(id ID) error { return d.changePicture(id, nil) }

func (d *Directory) changePicture(id ID, jpeg []byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	p, err := d.shopProfile(id)
	if err != nil {
		return err
	}
	p.Picture = ""
	if jpeg != nil {
		p.Picture = pictureName(id, jpeg)
	}
	return d.putProfile(id, p, jpeg)
}

// putProfile writes a profile, and with it the picture when that is another
// one; the lock is held.
func (d *Directory) putProfile(id ID, p Profile, jpeg []byte) error {
	doc, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("write the profile of a shop: %w", err)
	}
	b := d.vault.NewBatch()
	b.Put(id, profileDoc, doc)
	if old := d.profiles[id].Picture; old != p.Picture {
		if old != "" {
			b.DeleteLookup(byPicture, old)
			b.Delete(id, pictureDoc)
		}
		if p.Picture != "" {
			b.SetLookup(byPicture, p.Picture, id[:])
			b.Put(id, pictureDoc, jpeg)
		}
	}
	if err := b.Commit(); err != nil {
		return fmt.Errorf("write the profile of a shop: %w", err)
	}
	d.profiles[id] = p
	return nil
}

// Picture finds the picture with a name, a JPEG.
func (d *Directory) Picture(name string) (jpeg []byte, ok bool, err error) {
	value, ok, err := d.vault.Lookup(byPicture, name)
	if err != nil || !ok || len(value) != len(ID{}) {
		return nil, false, err
	}
	return d.vault.Get(ID(value), pictureDoc)
}

// Shop is a shop as the public list shows it.
type Shop struct {
	Person  Person
	Profile Profile
}

// Shops lists the shops that want to be in the public list and whose name,
// goods or address contains the query, in any case, by name.
func (d *Directory) Shops(query string) ([]Shop, error) {
	all, err := d.where(func(p Person) bool { return p.Role == Merchant })
	if err != nil {
		return nil, err
	}
	query = strings.ToLower(tidy(query))
	var shops []Shop
	for _, p := range all {
		profile, err := d.Profile(p.ID)
		if err != nil {
			return nil, err
		}
		if text := strings.ToLower(p.Shop + "\n" + profile.Goods + "\n" + p.Address); !profile.Hidden && strings.Contains(text, query) {
			shops = append(shops, Shop{p, profile})
		}
	}
	return shops, nil
}
