package page

// nlTopUp has the texts of topping up by bank transfer.
var nlTopUp = texts{
	"topup.title":     "Tegoed opladen",
	"topup.whose":     "Opladen voor {who}",
	"topup.howmuch":   "Hoeveel euro wilt u opladen?",
	"topup.own":       "Een ander bedrag in euro’s",
	"topup.go":        "Verder",
	"topup.room":      "U kunt deze maand nog {amount} opladen.",
	"topup.full":      "U kunt deze maand niet meer opladen. Vanaf de eerste dag van de volgende maand kan het weer.",
	"topup.over":      "Dit is te veel. U kunt deze maand nog {amount} opladen. Kies een lager bedrag.",
	"topup.step1":     "Open de app van uw bank.",
	"topup.step2":     "Scan deze code met die app. Of neem over wat eronder staat.",
	"topup.step3":     "Betaal. Uw tegoed komt erbij als het geld er is. Dat duurt meestal één werkdag.",
	"topup.save":      "Bewaar de code",
	"topup.savehelp":  "Staat de app van uw bank op deze telefoon? Bewaar de code. Kies hem daarna in die app. Niet elke bank kan dat.",
	"topup.iban":      "IBAN",
	"topup.name":      "Naam",
	"topup.reference": "Betalingskenmerk",
	"topup.amount":    "Bedrag",
	"topup.copy":      "Kopieer",
	"topup.copied":    "Gekopieerd. Plak het in de app van uw bank.",
	"topup.mind":      "Het kenmerk hoort bij uw tegoed. Zonder kenmerk weten wij niet van wie het geld is.",
	"topup.print":     "Printen",
	"topup.other":     "Ander bedrag",
	"topup.back":      "Terug",

	"bank.overlimit": "Dit is meer dan deze persoon in deze maand mag opladen. Het geld blijft wachten. Probeer het volgende maand weer, of stuur het geld terug.",
}
