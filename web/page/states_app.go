package page

// appStates are the states of the app itself.
func (x sample) appStates() map[string]View {
	return map[string]View{
		"offline":  OfflinePage{Base: x.nobody},
		"states":   StatesPage{Base: x.nobody, States: []State{{Name: "pay", Slug: "pay", Links: []StateLink{{Lang: Dutch, Href: "/dev/states/nl/pay"}}}}},
		"language": LanguagePage{Base: x.nobody, Back: "/"},
	}
}
