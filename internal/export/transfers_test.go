package export

import (
	"bytes"
	"strings"
	"testing"
)

// withEverything is a history with all that a list of transfers tells apart:
// a second account of one owner, a refund, a redemption with a fee that is
// rejected, a grant, and an account that is closed with less than a cent.
const withEverything = `{"kind":"policy","at":"2026-01-01T08:00:00Z","rate":"2%","every":"month","grace_days":0,"hops":5,"term_days":1,"redemption_fee":"2%","redeemers":["merchant"]}
{"kind":"open","at":"2026-01-02T08:00:00Z","account":"anna","role":"resident"}
{"kind":"open","at":"2026-01-02T08:00:00Z","account":"bakker","role":"merchant","owner":"bakker"}
{"kind":"open","at":"2026-01-02T08:00:00Z","account":"bakker-prive","role":"resident","owner":"bakker"}
{"kind":"open","at":"2026-01-02T08:00:00Z","account":"chaima","role":"resident"}
{"kind":"issue","at":"2026-01-05T09:00:00Z","to":"anna","amount":"100.00"}
{"kind":"pay","at":"2026-01-06T10:00:00Z","from":"anna","to":"bakker","amount":"40.00","id":"p1"}
{"kind":"refund","at":"2026-01-07T10:00:00Z","of":"p1","amount":"2.50"}
{"kind":"pay","at":"2026-01-07T11:00:00Z","from":"bakker","to":"bakker-prive","amount":"7.50","id":"p2"}
{"kind":"redeem","at":"2026-01-10T10:00:00Z","from":"bakker","amount":"10.00","id":"r1"}
{"kind":"redeem","at":"2026-01-11T10:00:00Z","from":"bakker","amount":"5.00","id":"r2"}
{"kind":"settle","at":"2026-01-12T10:00:00Z","of":"r1"}
{"kind":"reject","at":"2026-01-13T10:00:00Z","of":"r2"}
{"kind":"pay","at":"2026-01-14T10:00:00Z","from":"anna","to":"chaima","amount":"0.01","id":"p3"}
{"kind":"grant","at":"2026-02-01T10:00:00Z","to":"anna","amount":"0.20"}
{"kind":"close","at":"2026-02-03T10:00:00Z","account":"chaima"}
`

// TestAListOfTransfersTellsWhoGaveWhatToWhom. On 1 February two percent melt: of
// anna's 62.49, of the baker's 27.50 in two accounts, and of chaima's cent.
func TestAListOfTransfersTellsWhoGaveWhatToWhom(t *testing.T) {
	h := play(t, bytes.Split([]byte(withEverything), []byte("\n")))
	var out bytes.Buffer
	if err := Transfers(&out, h.all()); err != nil {
		t.Fatal(err)
	}
	want := `id,day,type,source,target,amount,reverses
6,2026-01-05,issue,BANK,resident-1,100.00000000,
7,2026-01-06,transfer,resident-1,merchant-1,40.00000000,
8,2026-01-07,transfer,merchant-1,resident-1,2.50000000,7
10,2026-01-10,redeem,merchant-1,BANK,9.80000000,
10-fee,2026-01-10,transfer,merchant-1,FUND,0.20000000,
11,2026-01-11,redeem,merchant-1,BANK,4.90000000,
11-fee,2026-01-11,transfer,merchant-1,FUND,0.10000000,
13,2026-01-13,redeem,BANK,merchant-1,4.90000000,11
13-fee,2026-01-13,transfer,FUND,merchant-1,0.10000000,
14,2026-01-14,transfer,resident-1,resident-2,0.01000000,
melt-2026-02-01-resident-1,2026-02-01,demurrage,resident-1,FUND,1.24980000,
melt-2026-02-01-merchant-1,2026-02-01,demurrage,merchant-1,FUND,0.55000000,
melt-2026-02-01-resident-2,2026-02-01,demurrage,resident-2,FUND,0.00020000,
15,2026-02-01,transfer,FUND,resident-1,0.20000000,
16,2026-02-03,transfer,resident-2,FUND,0.00980000,
`
	if got := out.String(); got != want {
		t.Errorf("the list is\n%s\nwant\n%s", got, want)
	}
}

// TestNoOwnerOfAListHasLessThanNothing: whatever the history, every row can be.
func TestNoOwnerOfAListHasLessThanNothing(t *testing.T) {
	for name, h := range histories(t) {
		var out bytes.Buffer
		if err := Transfers(&out, h.all()); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(out.String(), ",-") {
			t.Errorf("%s: an amount is below nought\n%s", name, &out)
		}
		ids := make(map[string]bool)
		for _, row := range strings.Split(strings.TrimSpace(out.String()), "\n") {
			id, _, _ := strings.Cut(row, ",")
			if ids[id] {
				t.Errorf("%s: two rows have the id %s", name, id)
			}
			ids[id] = true
		}
	}
}
