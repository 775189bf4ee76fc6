package page

// enTopUp has the texts of topping up by bank transfer.
var enTopUp = texts{
	"topup.title":     "Top up",
	"topup.whose":     "Top up for {who}",
	"topup.howmuch":   "How many euros do you want to add?",
	"topup.own":       "Another amount in euros",
	"topup.go":        "Next",
	"topup.room":      "You can add {amount} more this month.",
	"topup.full":      "You cannot add more this month. From the first day of next month you can again.",
	"topup.over":      "This is too much. You can add {amount} more this month. Choose a lower amount.",
	"topup.step1":     "Open your bank’s app.",
	"topup.step2":     "Scan this code with it. Or fill in what stands below the code.",
	"topup.step3":     "Pay. Your money is added when it arrives. Usually that takes one working day.",
	"topup.save":      "Save the code",
	"topup.savehelp":  "Is your bank’s app on this phone? Save the code, then choose it in that app. Not every bank can do that.",
	"topup.iban":      "IBAN",
	"topup.name":      "Name",
	"topup.reference": "Payment reference",
	"topup.amount":    "Amount",
	"topup.copy":      "Copy",
	"topup.copied":    "Copied. Paste it in your bank’s app.",
	"topup.mind":      "The reference belongs to your wallet. Without it we do not know whose money it is.",
	"topup.print":     "Print",
	"topup.other":     "Another amount",
	"topup.back":      "Back",

	"bank.overlimit": "This is more than this person may add this month. The money keeps waiting. Try again next month, or send it back.",
}
