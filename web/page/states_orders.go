package page

// orderStates are the states of requests, standing payments and batches.
func (x sample) orderStates() map[string]View {
	return nil
}
