package tidy

import (
	"go/ast"
	"testing"
)

// checkOrder finds whoever could let payments take money in another order than
// the law's. Only a "what if" may ask for one: what goes into a journal is
// decided by Decide, which knows no other.
func checkOrder(tr *tree) (faults []string) {
	for _, s := range tr.goFiles(false) {
		if s.dir() == "ledger" || s.dir() == "internal/policy" {
			continue
		}
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			if name, ok := n.(*ast.Ident); ok && name.Name == "DecideIn" {
				faults = append(faults, tr.at(n.Pos(), "DecideIn is for what never was: use Decide, or internal/policy"))
			}
			return true
		})
	}
	return faults
}

func TestARealLedgerHasTheLawsOrderOnly(t *testing.T) {
	mustHold(t, checkOrder)
	mustFind(t, checkOrder, map[string]string{
		"ledger/l.go":          "package ledger\n\nfunc DecideIn() {}\n",
		"internal/policy/p.go": "package policy\n\nvar _ = ledger.DecideIn\n",
		"internal/node/n.go":   "package node\n\nvar _ = ledger.DecideIn\n",
		"internal/node/t.go":   "package node\n\nvar _ = ledger.Decide\n",
	},
		"internal/node/n.go:3: DecideIn is for what never was",
	)
}
