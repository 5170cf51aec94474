// Package bangkom holds the words that all packages of the module speak: what
// an estimate is, what a problem is, money, learning hours, days and classes.
//
// The work it serves is a cycle, and the packages follow it:
//
//	competency   what a job asks for and what a person shows: frameworks, levels, standards, ratings, gaps
//	needs        who lacks what, how sure we are, what comes first
//	program      offerings, sessions, budgets; a plan with its certificate; delivery and learning hours
//	mentoring    who may mentor whom and why; pairs; sessions
//	evaluation   reaction, learning, behaviour, results and return; what was learnt changes the catalogue
//
// Beside them stand table (rows by header name), stats (statistics that know
// nothing of the domain), asn (Indonesia's rules as dated, cited data) and
// store (what must outlive a run).
//
// # Reading order
//
// Start with examples/cycle: it walks once around. Then [Estimate] and
// [Problem], then package competency.
//
// # Conventions
//
// Data are columns, [][]float64 as variable × row; NaN is missing and ±Inf an
// error. Options come last and may be nil. Nothing here mutates or keeps an
// argument, reads the clock or uses global randomness: "as of" is an argument
// and so is the seed. Readers return the good rows and the [Problems]; nothing
// is dropped silently. Unknown is never zero and never "below".
package bangkom
