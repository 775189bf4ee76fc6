package report

// sectorWords are the kinds of business that shops choose from.
var sectorWords = map[string]Text{
	"food":     {"winkel met eten en drinken", "food and drink shop"},
	"eatery":   {"restaurant of koffiehuis", "restaurant or café"},
	"goods":    {"winkel met andere spullen", "shop for other things"},
	"repair":   {"maken en repareren", "making and repairing"},
	"care":     {"kapper, zorg en gezondheid", "hair, care and health"},
	"services": {"hulp en andere diensten", "help and other services"},
	"leisure":  {"cultuur, sport en vrije tijd", "culture, sport and leisure"},
	"other":    {"iets anders", "something else"},
	"":         {"soort niet gezegd", "kind not told"},
}

// SectorWord is the name of a kind of business; of none and of one that is not
// known that nothing was told.
func SectorWord(sector string) Text {
	if word, ok := sectorWords[sector]; ok {
		return word
	}
	return sectorWords[""]
}
