package page

// appStates are the states of the app itself.
func (x sample) appStates() map[string]View {
	return nil
}
