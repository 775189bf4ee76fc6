package cash

import "grulden/ledger"

// Key is the ledger's key of the issue that a top-up led to.
func (m *Movement) Key() ledger.Key { return issueKey(m.ID) }
