package people

import (
	"errors"

	"grulden/ledger"
)

// Sector is what kind of business a shop is, one word of a closed list: figures
// tell between which kinds the money goes. It is empty until somebody says.
type Sector string

// The sectors. The list is short, for in a wijk of a few dozen shops a finer one
// would tell about single ones.
const (
	Food     Sector = "food"     // sells food and drink
	Eatery   Sector = "eatery"   // serves it
	Goods    Sector = "goods"    // sells other things
	Repair   Sector = "repair"   // makes and mends
	Care     Sector = "care"     // of people: health, hair
	Services Sector = "services" // does other work for people
	Leisure  Sector = "leisure"  // culture, sport, free time
	Other    Sector = "other"
)

// ErrSector says that a word is not in the list of sectors.
var ErrSector = errors.New("no such sector")

// Sectors lists every sector, in the order of the form.
func Sectors() []Sector {
	return []Sector{Food, Eatery, Goods, Repair, Care, Services, Leisure, Other}
}

// SectorOf tells the sector of each shop that has one, by the owner that the
// ledger knows.
func (d *Directory) SectorOf() (map[ledger.OwnerID]string, error) {
	shops, err := d.where(func(p Person) bool { return p.Role == Merchant })
	if err != nil {
		return nil, err
	}
	sectors := make(map[ledger.OwnerID]string)
	for _, shop := range shops {
		profile, err := d.Profile(shop.ID)
		if err != nil {
			return nil, err
		}
		if profile.Sector != "" {
			sectors[shop.Owner] = string(profile.Sector)
		}
	}
	return sectors, nil
}
