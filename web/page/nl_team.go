package page

// nlTeam are the texts about who works in the office.
var nlTeam = texts{
	"nav.team":          "Wie werkt hier?",
	"proposal.role":     "Wie hier werkt",
	"proposal.move":     "Tegoed van voor de verhuizing",
	"opening.total":     "Samen",
	"opening.members":   "Aantal mensen en winkels",
	"opening.check":     "Kijk eerst",
	"opening.checktext": "Staan deze euro’s op de rekening van de stichting?",

	"team.title":      "Wie werkt hier?",
	"team.help":       "Wie erbij komt of weggaat, kijken twee mensen na. Eén vraagt het. Iemand van het bestuur keurt het goed.",
	"team.stopped":    "Kan niet inloggen",
	"team.nopin":      "Heeft nog geen pincode",
	"team.pin":        "Laat een pincode kiezen",
	"team.change":     "Veranderen",
	"team.new":        "Nieuw: iemand van de balie of het bestuur",
	"team.role":       "Wat gaat deze persoon doen?",
	"team.why":        "Waarom? (kort)",
	"team.ask":        "Vraag het aan",
	"team.what":       "Wat gebeurt er",
	"team.doadd":      "Mag hier inloggen",
	"team.dostop":     "Kan niet meer inloggen",
	"team.dologin":    "Krijgt een nieuwe kaart en pincode",
	"team.lastboard":  "Dit is de laatste van het bestuur. Er is niets veranderd. Voeg eerst iemand anders aan het bestuur toe.",
	"team.handout":    "Deze kaart is al uitgedeeld, of het is niet aan u. Er is niets veranderd. Vraag een nieuwe kaart aan.",
	"teamlogin.title": "Pincode kiezen",
	"teamlogin.lead":  "{who} kiest nu zelf een pincode. Kijk niet mee.",
	"act.staff-login": "Kaart uitgedeeld, met een zelf gekozen pincode",
}
