package page

// nlApp has the texts of the app itself: scanner, offline, read aloud.
var nlApp = texts{
	"offline.title":    "Geen internet",
	"offline.card":     "Betalen met uw telefoon lukt nu niet. Ga met uw kaart naar de kassa. Dat werkt wel.",
	"offline.underway": "Uw betaling is nog bezig. Betaal niet nog een keer. Wacht tot er weer internet is.",
	"offline.last":     "Het laatste tegoed dat we weten",
	"offline.when":     "Bekeken op",
	"offline.paying":   "Was u aan het betalen? Kijk straks bij uw betalingen of het is gelukt. U betaalt nooit dubbel.",
	"offline.again":    "Probeer opnieuw",

	"states.title": "Alle pagina’s",
	"states.lead":  "Elke pagina zoals die eruit kan zien, met verzonnen namen. Voor wie bouwt of vertaalt.",

	"language.title": "Kies uw taal",

	"scan.begin":   "Scan de QR-code",
	"scan.view":    "Beeld van de camera",
	"scan.hint":    "Houd de QR-code stil in beeld.",
	"scan.light":   "Lamp",
	"scan.other":   "Andere camera",
	"scan.end":     "Camera uit",
	"scan.refused": "De camera mag niet aan. Zeg in uw browser ja tegen de camera. Of typ de code.",
	"scan.missing": "We vinden hier geen camera. Typ de code.",
	"scan.busy":    "De camera is al in gebruik. Sluit andere apps met de camera. Of typ de code.",
	"scan.reader":  "Scannen lukt nu niet in deze browser. Typ de code.",
	"scan.foreign": "Deze QR-code is niet van {coin} in {wijk}. We openen hem niet. Zoek de QR-code van de winkel of de kaart.",
}
