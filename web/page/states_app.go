package page

// appStates are the states of the app itself.
func (x sample) appStates() map[string]View {
	done := x.base
	done.Notice = "notice.issued"
	return map[string]View{
		"wallet notice": WalletPage{Base: done, Spendable: "173,45", Loss: x.base.T("wallet.safe"), Lines: x.lines},
		"offline":       OfflinePage{Base: x.nobody},
		"states":        StatesPage{Base: x.nobody, States: []State{{Name: "pay", Slug: "pay", Links: []StateLink{{Lang: Dutch, Href: "/dev/states/nl/pay"}}}}},
		"language":      LanguagePage{Base: x.nobody, Back: "/"},
	}
}
