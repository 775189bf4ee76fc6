package page

// loginStates are the states of signing in, phones, staff and helpers.
func (x sample) loginStates() map[string]View {
	return map[string]View{
		"login":       LoginPage{Base: x.nobody, Next: "/"},
		"login wrong": LoginPage{Base: x.nobody, Next: x.typed, Code: x.typed, Problem: x.base.T("login.wrong")},
		"problem":     ProblemPage{Base: x.nobody, Heading: "problem.notfound", Text: x.typed, Href: "/", Action: "problem.home"},
	}
}
