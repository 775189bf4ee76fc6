// Package tidy holds tests about the source tree itself: which package may
// import which, what the money rules must never touch, how long a function may
// grow, what has to be documented. They say in what direction the project may
// grow, so that nobody has to say it in a review.
//
// A fault is printed as file:line: what to do. The limits stand at the top of
// the files here, each with its reason; to change one is a decision, not a way
// around a red test. Every check is itself tested on a small tree that is wrong.
//
// The package has no code of its own and refuses to rewrite anything.
package tidy
