package page

// nlOffice are the texts of the office: what desk, treasurer, board and
// administrator share.
var nlOffice = texts{
	"nav.office":         "Alles",
	"nav.blocked":        "Geblokkeerd",
	"role.board":         "Bestuur",
	"role.administrator": "Beheerder",

	"office.title": "Wat wilt u doen?",
}
