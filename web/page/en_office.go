package page

// enOffice are the texts of the office: what desk, treasurer, board and
// administrator share.
var enOffice = texts{
	"nav.office":         "Everything",
	"nav.blocked":        "Blocked",
	"role.board":         "Board",
	"role.administrator": "Administrator",

	"office.title": "What do you want to do?",
}
