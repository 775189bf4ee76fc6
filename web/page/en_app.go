package page

// enApp has the texts of the app itself: scanner, offline, read aloud.
var enApp = texts{
	"offline.title":    "No internet",
	"offline.card":     "You cannot pay with your phone now. Go to the till with your card. That works.",
	"offline.underway": "Your payment is still under way. Do not pay again. Wait until there is internet.",
	"offline.last":     "The last amount we know",
	"offline.when":     "Looked up on",
	"offline.paying":   "Were you paying? Look at your payments later, to see if it worked. You never pay twice.",
	"offline.again":    "Try again",

	"states.title": "All pages",
	"states.lead":  "Each page as it can look, with made-up names. For who builds or translates.",

	"language.title": "Choose your language",

	"scan.begin":   "Scan the QR code",
	"scan.view":    "Picture from the camera",
	"scan.hint":    "Hold the QR code still in the picture.",
	"scan.light":   "Light",
	"scan.other":   "Other camera",
	"scan.end":     "Camera off",
	"scan.refused": "The camera may not be used. Say yes to the camera in your browser. Or type the code.",
	"scan.missing": "We find no camera here. Type the code.",
	"scan.busy":    "The camera is in use already. Close other apps with the camera. Or type the code.",
	"scan.reader":  "Scanning does not work in this browser now. Type the code.",
	"scan.foreign": "This QR code is not of {coin} in {wijk}. We do not open it. Look for the QR code of the shop or the card.",
}
