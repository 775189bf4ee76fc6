package page

// shopStates are the states of the list of shops and the map.
func (x sample) shopStates() map[string]View {
	return nil
}
