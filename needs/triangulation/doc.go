// Package triangulation puts what several sources say about the same people
// side by side: themselves, superiors, peers, an assessment centre, tests,
// performance records, counts of complaints.
//
// Self-ratings agree weakly with those of others, so which source is believed,
// and how much, is the caller's declaration: there are no weights by default,
// and without any the sources stand side by side.
//
//	r, err := triangulation.Combine(ratings, []triangulation.Source{
//		{Name: "self", Worst: 1, Best: 5, Steps: 5, Weight: 0.2},
//		{Name: "superior", Worst: 1, Best: 5, Steps: 5, Weight: 0.5},
//		{Name: "complaints", Worst: 20, Best: 0, Rate: 1000, Weight: 0.3}, // per thousand cases
//	}, nil)
//
// # What is told
//
//   - Cells: each person and item with the value of each source on one scale, 0
//     worst and 1 best; the weighted score of those that are there, and how much
//     of the weight that is (coverage).
//   - Between: each pair of sources, how far they agree and whether one is milder.
//   - Within: each source, how far its raters agree on a person, and halo: whether
//     the items are judged apart.
//   - Raters: how mild or severe one is against the others on the same people, and
//     whether all answers are the same.
//   - Overall: agreement of all sources together.
//
// A mark is a reason to look. Nobody is left out for one, unless
// [Options.DropStraight] asks for it, and then the result says how many were.
//
// [Shift] compares a judgement made before a training with the same made
// afterwards about the time before (then-test): who learns what there is to be
// known judges differently, and gaps from before are too small.
package triangulation
