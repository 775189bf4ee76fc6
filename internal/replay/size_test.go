//go:build !race

package replay

// fewHistories is how many histories an ordinary test run compares.
const fewHistories = 300
