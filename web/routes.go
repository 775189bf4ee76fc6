package web

import (
	"net/http"
	"slices"

	"grulden/internal/people"
	"grulden/internal/vitals"
)

// anyone as a role lets everybody in, signed in or not.
const anyone people.Role = "anyone"

// The groups of roles that share routes.
var (
	everybody = []people.Role{anyone}
	members   = people.Roles() // whoever is signed in
	resident  = []people.Role{people.Resident}
	shop      = []people.Role{people.Merchant}
	holders   = []people.Role{people.Resident, people.Merchant}
	desk      = []people.Role{people.Desk}
	money     = []people.Role{people.Desk, people.Treasurer}
	board     = []people.Role{people.Board}
	treasurer = []people.Role{people.Treasurer}
	payouts   = []people.Role{people.Desk, people.Treasurer, people.Board} // who sees what goes to the bank
	admins    = []people.Role{people.Administrator, people.Board}          // of who works in the office
	office    = []people.Role{people.Desk, people.Treasurer, people.Board, people.Administrator}
	seers     = []people.Role{people.Desk, people.Treasurer, people.Board, people.Administrator, people.Evaluator} // of the logbook
	evaluator = []people.Role{people.Evaluator, people.Treasurer}
	auditors  = []people.Role{people.Evaluator, people.Treasurer, people.Board}
	watchers  = []people.Role{people.Evaluator, people.Treasurer, people.Board, people.Desk}
	helpers   = []people.Role{people.Resident, people.Helper}
	tills     = []people.Role{people.Merchant, people.Cashier}
	staff     = []people.Role{people.Merchant, people.Desk, people.Treasurer, people.Evaluator, people.Board, people.Administrator} // who can have second factors
)

// The largest bodies, in bytes.
const (
	maxForm      = 16 << 10
	maxNotes     = 64 << 10
	maxStatement = 64 << 20 // a bank statement of a busy year; the command line takes any
)

// route is one address of the site: a pattern of http.ServeMux, who may use
// it, and what answers. Exactly one of page, api and live is set.
type route struct {
	pattern string
	roles   []people.Role
	page    pageHandler
	api     apiHandler
	live    pageHandler
	body    int64 // largest body; zero: maxForm
	scans   bool  // its page has the scanner, which may run WebAssembly
	setup   bool  // part of setting up a second factor
	helps   bool  // a helper may do it in the name of another
	helping bool  // about whom somebody helps: open while helping too
}

// routes is the whole site.
func routes() []route {
	return slices.Concat(loginRoutes(), walletRoutes(), orderRoutes(), shopRoutes(), deskRoutes(), profileRoutes(), moneyRoutes(), noticeRoutes(), cashRoutes(), fundRoutes(), apiRoutes(), proposalRoutes(), sourceRoutes(), rulesRoutes(), couponRoutes(), windRoutes(), publishRoutes(), worthRoutes(), whatIfRoutes())
}

// loginRoutes are for everybody, and about getting in.
func loginRoutes() []route {
	return []route{
		{pattern: "GET /{$}", roles: everybody, page: (*Server).start},
		{pattern: "GET /login", roles: everybody, page: (*Server).askLogin},
		{pattern: "POST /login", roles: everybody, page: (*Server).login},
		{pattern: "GET /login/second", roles: everybody, page: (*Server).askSecond},
		{pattern: "POST /login/second", roles: everybody, page: (*Server).takeSecond},
		{pattern: "POST /login/passkey/options", roles: everybody, page: (*Server).askPasskey},
		{pattern: "POST /login/passkey", roles: everybody, page: (*Server).loginPasskey},
		{pattern: "GET /C/{code}", roles: everybody, page: (*Server).showOwnCard},
		{pattern: "GET /c/{code}", roles: everybody, page: (*Server).showOwnCard},
		{pattern: "GET /I/{code}", roles: everybody, page: (*Server).showInvitation},
		{pattern: "POST /I/{code}", roles: everybody, page: (*Server).acceptInvitation},
		{pattern: "POST /I/{code}/new", roles: everybody, page: (*Server).joinAsHelper},
		{pattern: "POST /logout", roles: everybody, page: (*Server).logout},
		{pattern: "GET /language", roles: everybody, page: (*Server).askLanguage},
		{pattern: "POST /language", roles: everybody, page: (*Server).language},
		{pattern: "GET /manifest.webmanifest", roles: everybody, page: (*Server).manifest},
		{pattern: "GET /sw.js", roles: everybody, page: (*Server).worker},
		{pattern: "GET /offline", roles: everybody, page: (*Server).showOffline},
		{pattern: "GET /static/{file}", roles: everybody, page: (*Server).asset},
		{pattern: "GET /healthz", roles: everybody, page: (*Server).health},

		{pattern: "GET /dev/states", roles: everybody, page: (*Server).showStates},
		{pattern: "GET /dev/states/{lang}/{state}", roles: everybody, page: (*Server).showState},

		{pattern: "GET /safe", roles: staff, page: (*Server).showSafe, setup: true},
		{pattern: "POST /safe/app", roles: staff, page: (*Server).confirmApp, setup: true},
		{pattern: "POST /safe/passkey/options", roles: staff, page: (*Server).askNewPasskey, setup: true},
		{pattern: "POST /safe/passkey", roles: staff, page: (*Server).addPasskey, setup: true},
		{pattern: "POST /safe/remove", roles: staff, page: (*Server).dropFactor, setup: true},
	}
}

// walletRoutes are about one's own purse.
func walletRoutes() []route {
	return []route{
		{pattern: "GET /wallet", roles: resident, page: (*Server).showWallet},
		{pattern: "GET /helping", roles: helpers, page: (*Server).showHelping, helping: true},
		{pattern: "POST /helping", roles: helpers, page: (*Server).actFor, helping: true},
		{pattern: "GET /helpers", roles: resident, page: (*Server).showHelpers},
		{pattern: "POST /helpers", roles: resident, page: (*Server).inviteHelper},
		{pattern: "POST /helpers/limit", roles: resident, page: (*Server).limitHelper},
		{pattern: "POST /helpers/stop", roles: resident, page: (*Server).stopHelper},
		{pattern: "POST /helpers/uninvite", roles: resident, page: (*Server).uninvite},
		{pattern: "GET /topup", roles: resident, page: (*Server).showTopUp},
		{pattern: "GET /topup/code.png", roles: resident, page: (*Server).topUpPicture},
		{pattern: "GET /history", roles: holders, page: (*Server).showHistory},
		{pattern: "GET /pay", roles: holders, page: (*Server).askCode, scans: true, helps: true},
		{pattern: "POST /pay", roles: holders, page: (*Server).takeCode, scans: true, helps: true},
		{pattern: "GET /P/{code}", roles: holders, page: (*Server).showPay, helps: true},
		{pattern: "GET /p/{code}", roles: holders, page: (*Server).showPay, helps: true},
		{pattern: "POST /P/{code}", roles: holders, page: (*Server).pay, helps: true},
		{pattern: "GET /P/{code}/state", roles: holders, page: (*Server).payState, helps: true},
		{pattern: "POST /P/{code}/stop", roles: holders, page: (*Server).stopPay, helps: true},
		{pattern: "GET /receipt/{id}", roles: holders, page: (*Server).showReceipt, helps: true},
		{pattern: "GET /devices", roles: holders, page: (*Server).listDevices},
		{pattern: "GET /devices/new", roles: members, page: (*Server).askDevice},
		{pattern: "POST /devices/new", roles: holders, page: (*Server).addDevice},
		{pattern: "POST /devices/here", roles: holders, page: (*Server).hereDevice},
		{pattern: "POST /devices/{id}/remove", roles: holders, page: (*Server).dropDevice},
	}
}

// shopRoutes are for shops and who works there.
func shopRoutes() []route {
	return []route{
		{pattern: "GET /till", roles: tills, page: (*Server).askAmount},
		{pattern: "POST /till", roles: tills, page: (*Server).takeAmount},
		{pattern: "GET /till/{code}", roles: tills, page: (*Server).showRequest},
		{pattern: "GET /till/{code}/card", roles: tills, page: (*Server).readCard, scans: true},
		{pattern: "POST /till/{code}/card", roles: tills, page: (*Server).takeCard, scans: true},
		{pattern: "GET /till/{code}/card/show", roles: tills, page: (*Server).showAmount},
		{pattern: "GET /till/{code}/card/pin", roles: tills, page: (*Server).askPIN},
		{pattern: "POST /till/{code}/card/pin", roles: tills, page: (*Server).payByCard},
		{pattern: "GET /till/offline", roles: tills, page: (*Server).showNoNet},
		{pattern: "POST /till/offline/secret", roles: tills, page: (*Server).giveSecret},
		{pattern: "POST /till/offline/compare", roles: tills, page: (*Server).compareNoted, body: maxNotes},
		{pattern: "GET /till/live", roles: tills, live: (*Server).live},
		{pattern: "GET /shop/payments", roles: tills, page: (*Server).listPayments},
		{pattern: "GET /shop/payments/{id}", roles: tills, page: (*Server).showPayment},
		{pattern: "POST /shop/payments/{id}/refund", roles: tills, page: (*Server).refund},
		{pattern: "GET /shop/day", roles: tills, page: (*Server).showDay},
		{pattern: "GET /shop/day.csv", roles: tills, page: (*Server).dayCSV},
		{pattern: "GET /shop/day.xlsx", roles: tills, page: (*Server).dayXLSX},
		{pattern: "GET /shop/payments/{id}/slip", roles: tills, page: (*Server).showSlip},
		{pattern: "GET /shop", roles: shop, page: (*Server).showShop},
		{pattern: "GET /shop/staff", roles: shop, page: (*Server).showStaff},
		{pattern: "POST /shop/staff", roles: shop, page: (*Server).addStaff},
		{pattern: "POST /shop/staff/{id}/stop", roles: shop, page: (*Server).stopStaff},
		{pattern: "POST /shop/staff/{id}/start", roles: shop, page: (*Server).letStaff},
		{pattern: "POST /shop/staff/{id}/remove", roles: shop, page: (*Server).removeStaff},
		{pattern: "POST /shop/staff/{id}/login", roles: shop, page: (*Server).renewStaff},
		{pattern: "GET /shop/poster", roles: shop, page: (*Server).showPoster},
		{pattern: "GET /shop/euros", roles: shop, page: (*Server).askEuros},
		{pattern: "POST /shop/euros", roles: shop, page: (*Server).takeEuros},
	}
}

// deskRoutes are about people.
func deskRoutes() []route {
	return []route{
		{pattern: "GET /desk", roles: office, page: (*Server).showOffice},
		{pattern: "GET /desk/people", roles: desk, page: (*Server).listPeople},
		{pattern: "GET /desk/people/card", roles: desk, page: (*Server).askFindCard, scans: true},
		{pattern: "POST /desk/people/card", roles: desk, page: (*Server).findCard, scans: true},
		{pattern: "GET /desk/people/new", roles: desk, page: (*Server).askPerson},
		{pattern: "POST /desk/people/new", roles: desk, page: (*Server).addPerson},
		{pattern: "GET /desk/people/{id}", roles: desk, page: (*Server).showPerson},
		{pattern: "POST /desk/people/{id}/details", roles: desk, page: (*Server).changeDetails},
		{pattern: "POST /desk/people/{id}/erase", roles: desk, page: (*Server).erase},
		{pattern: "GET /desk/people/{id}/pin", roles: desk, page: (*Server).askTurn},
		{pattern: "GET /desk/people/{id}/pin/choose", roles: desk, page: (*Server).choosePIN},
		{pattern: "POST /desk/people/{id}/pin/choose", roles: desk, page: (*Server).takePIN},
		{pattern: "GET /desk/people/{id}/pin/again", roles: desk, page: (*Server).choosePINAgain},
		{pattern: "POST /desk/people/{id}/pin/again", roles: desk, page: (*Server).takePINAgain},
		{pattern: "GET /desk/people/{id}/pin/ready", roles: desk, page: (*Server).pinReady},
		{pattern: "GET /desk/people/{id}/topup", roles: desk, page: (*Server).showTopUpSheet},
		{pattern: "GET /desk/people/{id}/card", roles: desk, page: (*Server).showCard},
		{pattern: "GET /desk/people/{id}/card.pdf", roles: desk, page: (*Server).cardPDF},
		{pattern: "POST /desk/people/{id}/lost", roles: desk, page: (*Server).loseCard},
		{pattern: "GET /desk/people/{id}/lost", roles: desk, page: (*Server).askLost},
		{pattern: "GET /desk/people/{id}/block", roles: desk, page: (*Server).askBlock},
		{pattern: "GET /desk/people/{id}/helpers", roles: desk, page: (*Server).showHelpers},
		{pattern: "POST /desk/people/{id}/helpers", roles: desk, page: (*Server).inviteHelper},
		{pattern: "POST /desk/people/{id}/helpers/limit", roles: desk, page: (*Server).limitHelper},
		{pattern: "POST /desk/people/{id}/helpers/stop", roles: desk, page: (*Server).stopHelper},
		{pattern: "POST /desk/people/{id}/helpers/uninvite", roles: desk, page: (*Server).uninvite},
		{pattern: "POST /desk/people/{id}/block", roles: desk, page: (*Server).block},
		{pattern: "GET /desk/people/{id}/unblock", roles: desk, page: (*Server).askUnblock},
		{pattern: "POST /desk/people/{id}/unblock", roles: desk, page: (*Server).unblock},
		{pattern: "POST /desk/people/{id}/devices/{device}/remove", roles: desk, page: (*Server).losePhone},
		{pattern: "GET /desk/people/{id}/correct", roles: desk, page: (*Server).askCorrection},
		{pattern: "POST /desk/people/{id}/correct", roles: desk, page: (*Server).takeCorrection},
		{pattern: "GET /desk/blocked", roles: desk, page: (*Server).listBlocked},
	}
}

// proposalRoutes are about what takes two people, and what anybody did.
func proposalRoutes() []route {
	return []route{
		{pattern: "GET /desk/team", roles: office, page: (*Server).showTeam},
		{pattern: "POST /desk/team", roles: admins, page: (*Server).proposeRole},
		{pattern: "GET /desk/team/{id}/pin", roles: admins, page: (*Server).askTeamPIN},
		{pattern: "POST /desk/team/{id}/pin", roles: admins, page: (*Server).takeTeamPIN},
		{pattern: "POST /acts/data", roles: members, page: (*Server).giveOwnData},
		{pattern: "POST /desk/people/{id}/data", roles: desk, page: (*Server).giveData},
		{pattern: "GET /acts", roles: members, page: (*Server).showOwnLog},
		{pattern: "GET /desk/log", roles: seers, page: (*Server).showLog},
		{pattern: "GET /desk/people/{id}/log", roles: desk, page: (*Server).showPersonLog},
		{pattern: "GET /desk/proposals", roles: office, page: (*Server).listProposals},
		{pattern: "GET /desk/proposals/{id}", roles: office, page: (*Server).showProposal},
		{pattern: "POST /desk/proposals/{id}/approve", roles: office, page: (*Server).approveProposal},
		{pattern: "POST /desk/proposals/{id}/refuse", roles: office, page: (*Server).refuseProposal},
		{pattern: "POST /desk/proposals/{id}/withdraw", roles: office, page: (*Server).withdrawProposal},
	}
}

// profileRoutes are about what shops tell: the public list and the map, and the
// pages on which a shop, or the desk for it, fills it in.
func profileRoutes() []route {
	routes := []route{
		{pattern: "GET /shops", roles: everybody, page: (*Server).listShops},
		{pattern: "GET /shops/pictures/{file}", roles: everybody, page: (*Server).shopPicture},
		{pattern: "GET /shops/map.svg", roles: everybody, page: (*Server).mapPicture},
	}
	for at, roles := range map[string][]people.Role{"/shop/profile": shop, "/desk/people/{id}/profile": desk} {
		routes = append(
			routes,
			route{pattern: "GET " + at, roles: roles, page: (*Server).askProfile},
			route{pattern: "POST " + at, roles: roles, page: (*Server).takeProfile},
			route{pattern: "POST " + at + "/picture", roles: roles, page: (*Server).takePicture, body: people.MaxUpload + maxForm},
			route{pattern: "POST " + at + "/picture/remove", roles: roles, page: (*Server).removePicture},
			route{pattern: "GET " + at + "/place", roles: roles, page: (*Server).askPlace},
			route{pattern: "POST " + at + "/place", roles: roles, page: (*Server).takePlace},
		)
	}
	return routes
}

// moneyRoutes are about the bank and the figures.
func moneyRoutes() []route {
	return []route{
		{pattern: "GET /desk/bank", roles: money, page: (*Server).showBank},
		{pattern: "POST /desk/bank", roles: money, page: (*Server).upload, body: maxStatement},
		{pattern: "GET /desk/bank/{id}", roles: money, page: (*Server).showEntry},
		{pattern: "POST /desk/bank/{id}/back", roles: money, page: (*Server).proposeSendBack},
		{pattern: "POST /desk/bank/{id}/issue", roles: money, page: (*Server).issue},
		{pattern: "GET /desk/redemptions", roles: money, page: (*Server).showRedemptions},
		{pattern: "POST /desk/redemptions/approve", roles: money, page: (*Server).approve},
		{pattern: "GET /desk/redemptions/files/{file}", roles: money, page: (*Server).payoutFile},
		{pattern: "GET /desk/payouts/{file}", roles: payouts, page: (*Server).showPayout},
		{pattern: "POST /desk/payouts/{file}/release", roles: money, page: (*Server).release},
		{pattern: "POST /desk/payouts/{file}/discard", roles: money, page: (*Server).discard},
		{pattern: "GET /desk/people/{id}/account", roles: payouts, page: (*Server).showAccount},
		{pattern: "POST /desk/people/{id}/account", roles: money, page: (*Server).proposeAccount},
		{pattern: "POST /desk/people/{id}/namecheck", roles: money, page: (*Server).checkName},
		{pattern: "GET /desk/reconcile", roles: payouts, page: (*Server).showReconcile},
		{pattern: "POST /desk/reconcile/{id}/costs", roles: treasurer, page: (*Server).proposeCosts},
		{pattern: "POST /desk/redemptions/{id}/settle", roles: money, page: (*Server).settle},
		{pattern: "POST /desk/redemptions/{id}/reject", roles: money, page: (*Server).reject},

		{pattern: "GET /reserve", roles: everybody, page: (*Server).showReserve},
		{pattern: "GET /reserve/poster", roles: everybody, page: (*Server).showReservePoster},
		{pattern: "GET /books", roles: auditors, page: (*Server).showBooks},
		{pattern: "GET /books.csv", roles: auditors, page: (*Server).booksCSV},
		{pattern: "GET /books.journal", roles: auditors, page: (*Server).booksJournal},
		{pattern: "GET /books.xaf", roles: auditors, page: (*Server).booksXAF},
		{pattern: "GET /audit", roles: auditors, page: (*Server).showAudit},
		{pattern: "GET /network", roles: watchers, page: (*Server).showNetwork},
		{pattern: "GET /network.csv", roles: watchers, page: (*Server).networkCSV},
		{pattern: "GET /report", roles: evaluator, page: (*Server).showReport},
		{pattern: "GET /report/{topic}", roles: evaluator, page: (*Server).showTopic},
		{pattern: "GET /report/figures", roles: evaluator, page: (*Server).showFigures},
		{pattern: "GET /report/map", roles: evaluator, page: (*Server).showReportMap},
		{pattern: "GET /report/table/{file}", roles: evaluator, page: (*Server).tableCSV},
		{pattern: "GET /report.csv", roles: evaluator, page: (*Server).reportCSV},
		{pattern: "GET /report.json", roles: evaluator, page: (*Server).reportJSON},
		{pattern: "GET /report/evaluation.html", roles: evaluator, page: (*Server).evaluationHTML},
		{pattern: "GET /report/evaluation.pdf", roles: evaluator, page: (*Server).evaluationPDF},
		{pattern: "GET /report/data.zip", roles: evaluator, page: (*Server).evaluationData},
	}
}

// apiRoutes are for programs.
func apiRoutes() []route {
	return []route{
		{pattern: "POST /api/v1/login", roles: everybody, api: (*Server).apiLogin},
		{pattern: "POST /api/v1/logout", roles: members, api: (*Server).apiLogout},
		{pattern: "GET /api/v1/balance", roles: holders, api: (*Server).apiBalance},
		{pattern: "GET /api/v1/history", roles: holders, api: (*Server).apiHistory},
		{pattern: "POST /api/v1/requests", roles: shop, api: (*Server).apiAsk},
		{pattern: "GET /api/v1/requests/{code}", roles: holders, api: (*Server).apiRequest},
		{pattern: "POST /api/v1/payments", roles: holders, api: (*Server).apiPay},
		{pattern: "GET /api/v1/payments/{payment}", roles: holders, api: (*Server).apiPayment},
		{pattern: "POST /api/v1/redemptions", roles: shop, api: (*Server).apiRedeem},
		{pattern: "GET /api/v1/openapi.yaml", roles: everybody, page: (*Server).openAPI},
	}
}

// build puts the routes behind what all of them share.
func (s *Server) build() (http.Handler, error) {
	packed, err := packer()
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	for _, rt := range routes() {
		var h http.Handler
		switch {
		case rt.page != nil:
			h = s.measured(rt.pattern, packed(s.servePage(rt)))
		case rt.api != nil:
			h = s.measured(rt.pattern, packed(s.serveAPI(rt)))
		default:
			h = s.serveLive(rt)
		}
		mux.Handle(rt.pattern, limitBody(rt, h))
	}
	mux.Handle("/api/", s.measured(vitals.Elsewhere, s.serveAPI(route{roles: everybody, api: func(*Server, *http.Request, visit) (int, any, error) {
		return 0, nil, errNotFound
	}})))
	mux.Handle("/", s.measured(vitals.Elsewhere, s.servePage(route{roles: everybody, page: func(*Server, http.ResponseWriter, *http.Request, visit) error {
		return errNotFound
	}})))
	return s.recoverer(s.secure(s.sameOrigin(mux))), nil
}
