package page

// enTeam are the texts about who works in the office.
var enTeam = texts{
	"nav.team":          "Who works here?",
	"proposal.role":     "Who works here",
	"proposal.move":     "What people had before the move",
	"opening.total":     "Together",
	"opening.members":   "People and shops",
	"opening.check":     "Check first",
	"opening.checktext": "Are these euros in the bank, with the foundation?",

	"team.title":      "Who works here?",
	"team.help":       "Two people check who comes and who goes. One asks. Somebody of the board approves.",
	"team.stopped":    "Cannot sign in",
	"team.nopin":      "Has no PIN yet",
	"team.pin":        "Let them choose a PIN",
	"team.change":     "Change",
	"team.new":        "New: somebody for the desk or the board",
	"team.role":       "What will this person do?",
	"team.why":        "Why? (short)",
	"team.ask":        "Ask for it",
	"team.what":       "What happens",
	"team.doadd":      "Gets a login",
	"team.dostop":     "Can no longer sign in",
	"team.dologin":    "Gets a new card and PIN",
	"team.lastboard":  "This is the last of the board. Nothing was changed. Add somebody else to the board first.",
	"team.handout":    "This login was handed out before, or it is not for you to do. Nothing was changed. Ask for a new login.",
	"teamlogin.title": "Choose a PIN",
	"teamlogin.lead":  "{who} now chooses a PIN. Do not look.",
	"act.staff-login": "Login handed out, with a PIN of their own",
}
