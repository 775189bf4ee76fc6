package page

// noticeStates are the states of what people are told.
func (x sample) noticeStates() map[string]View {
	lines := []NoticeLine{
		{Icon: "lock", Title: x.base.T("told.blocked"), Text: x.base.T("told.blocked.text"), When: "3 december, 09:05", New: true},
		{Icon: "coin", Title: x.base.T("told.topup"), Text: x.base.T("told.topup.text", "amount", "40,00"), When: "2 december, 12:30"},
		{Icon: "people", Title: x.base.T("told.act"), Text: x.base.T("told.act.text", "what", x.typed), When: "1 december, 12:30"},
	}
	return map[string]View{
		"notices":        NoticesPage{Base: x.base, Notices: lines},
		"notices none":   NoticesPage{Base: x.base},
		"tellme":         TellMePage{Base: x.base, Mails: true, PushKey: "A", Letters: true},
		"tellme code":    TellMePage{Base: x.base, Mails: true, Asked: x.typed, PushKey: "A", Letters: true, Problem: x.base.T("tellme.badcode")},
		"tellme wrong":   TellMePage{Base: x.base, Mails: true, Typed: x.typed, PushKey: "A", Letters: true, Problem: x.base.T("tellme.bademail")},
		"tellme all":     TellMePage{Base: x.base, Mails: true, Email: x.typed, PushKey: "A", Phones: x.base.T("tellme.phones", "count", "2")},
		"tellme letters": TellMePage{Base: x.base, Letters: true},
		"letters": LettersPage{
			Base: x.base, Count: x.base.T("letters.count", "count", "2"), UpTo: "1",
			Letters: []LetterLine{{Icon: "person", Who: x.typed, What: x.base.T("told.blocked"), When: "3 december"}, {Icon: "shop", Who: x.typed, What: x.base.T("told.cameback"), When: "2 december"}},
		},
		"letters none": LettersPage{Base: x.base},
	}
}
