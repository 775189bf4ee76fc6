//go:build race

package replay

// fewHistories is smaller under the race detector, which makes big integers slow.
const fewHistories = 30
