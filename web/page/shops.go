package page

// ShopsPage is the public list of the shops, with the map of the wijk.
type ShopsPage struct {
	Base
	Query string
	Map   *WijkMap // nil: there is none
	Shops []ShopLine
}

func (ShopsPage) name() string { return "shops" }

// ShopLine is one shop in the list.
type ShopLine struct {
	Anchor  string
	Number  string // on the map; empty: not there
	Name    string
	Goods   string
	Address string
	Picture string // address of its picture; empty: none
	Icon    string // instead
	Hours   []string
	Open    Key // open now or not; empty: not known
	IsOpen  bool
}

// WijkMap is the map as a picture.
type WijkMap struct {
	Width, Height int
	Areas         []MapArea
	Streets       []string // paths
	Names         []MapName
	Marks         []MapMark
}

// MapArea is water, green, or the ground of the wijk.
type MapArea struct {
	Fill string
	Path string
}

// MapName is the name of a street along its line.
type MapName struct {
	X, Y, Angle int
	Text        string
}

// MapMark is a shop on the map.
type MapMark struct {
	X, Y int
	Text string // its number; empty: a mark without one

	Around int // radius of a ring around it, as large as what it tells of; nought: none
}

// ProfilePage lets a shop, or the desk for it, tell what everybody may see.
type ProfilePage struct {
	Base
	At       string // address of the page
	Name     string
	Goods    string
	Listed   bool
	Sectors  []SectorChoice
	Icons    []IconChoice
	Days     []DayHours
	Picture  string // address; empty: none
	HasMap   bool
	Placed   bool
	Problems map[string]string // field → what is wrong
}

func (ProfilePage) name() string { return "profile" }

// IconChoice is a pictogram to choose.
type IconChoice struct {
	Name   string
	Word   Key
	Chosen bool
}

// SectorChoice is a kind of business to choose.
type SectorChoice struct {
	Name, Word string
	Chosen     bool
}

// DayHours is when a shop is open on a day, as typed.
type DayHours struct {
	Index       string // of the fields of this day
	Word        Key
	Open, Close string
}

// PlacePage asks where on the map a shop is.
type PlacePage struct {
	Base
	At      string // address of the page
	Name    string
	Streets []string
	Placed  bool
	Back    string // address of the profile
	Picture string // address of the map as a picture to press
	Width   int    // of that picture, in pixels
	Height  int
}

func (PlacePage) name() string { return "place" }

// ShopIcons are the pictograms that a shop can choose, by name; the first is of
// any shop.
var ShopIcons = []string{
	"shop", "basket", "bread", "apple", "cheese", "fish", "plate", "cup", "flower", "scissors", "needle", "shoe",
	"bike", "tool", "brush", "wash", "recycle", "book", "toy", "paw", "screen", "print",
}

// IconWord is the word beside a shop's pictogram.
func IconWord(icon string) Key { return Key("shopicon." + icon) }
