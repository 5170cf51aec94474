// Package num holds the numerics of the statistics: distributions by their
// tails, least squares and the kernels. It is the only importer of gonum. Its
// functions are pure and trust their arguments; checks and missing-data
// policies live above it.
package num
