package page

import "strings"

// DayMark is the picture and colour of a day. Payer and shop see the same ones
// beside "paid", and a screen that was photographed yesterday shows others.
type DayMark struct {
	Icon       string
	Colour     string // a class of the style sheet
	Word       Key    // of the picture
	ColourWord Key
}

// The pictures and colours that a day can have. Each is told apart without the
// other, by who sees no colours too.
var (
	dayPictures = []string{
		"day-anchor", "day-apple", "day-balloon", "day-bell", "day-bike", "day-bird", "day-boat", "day-bread",
		"day-bus", "day-butterfly", "day-candle", "day-carrot", "day-cat", "day-cup", "day-fish", "day-guitar",
		"day-hat", "day-heart", "day-house", "day-kite", "day-ladder", "day-lamp", "day-mill", "day-moon",
		"day-mushroom", "day-scissors", "day-snail", "day-star", "day-sun", "day-tent", "day-tree", "day-umbrella",
	}
	dayColours = []Key{
		"colour.red", "colour.orange", "colour.yellow", "colour.green", "colour.blue", "colour.purple", "colour.pink", "colour.white",
	}
)

// MakeDayMark gives the mark with the picture and the colour that draw chooses
// among so many.
func MakeDayMark(draw func(what string, among int) int) DayMark {
	picture, colour := dayPictures[draw("picture", len(dayPictures))], dayColours[draw("colour", len(dayColours))]
	return DayMark{
		Icon: picture, Word: Key("day." + strings.TrimPrefix(picture, "day-")),
		Colour: strings.TrimPrefix(string(colour), "colour."), ColourWord: colour,
	}
}

// Face is how somebody who is paid looks to who pays.
type Face struct {
	Name    string
	Address string // empty: none
	Picture string // address of a photograph; empty: none
	Icon    string // instead of a photograph
}
