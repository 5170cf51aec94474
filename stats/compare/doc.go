// Package compare describes columns and tests differences between groups and
// occasions. It knows nothing of the domain: numbers in, a [bangkom.Test] or a
// result with a Table out.
//
// # Choosing a method
//
// The same people twice:
//
//   - how much they changed on average: [Paired];
//   - whether they rose, on a scale whose steps are not alike: [Wilcoxon], or
//     [Sign], which asks for the direction only;
//   - whether more of them say yes: [McNemar];
//   - three occasions or more: [Friedman].
//
// Groups of different people:
//
//   - two: [Welch]. It does not ask for equal variances and loses next to
//     nothing where they are equal, so no test of variances goes before it.
//     [Student] is there for comparison with what others reported;
//   - two, by ranks: [MannWhitney];
//   - several: [WelchANOVA] and [GamesHowell] for the pairs; with one variance
//     for all [ANOVA] and [Tukey]; by ranks [KruskalWallis]. The pairs need no
//     test of all groups before them.
//
// Shares and tables: [Proportion], [ProportionTest], [TwoProportions],
// [ChiSquare], [Fisher], [TopBox].
//
// Two columns: [Pearson], [Spearman], [Kendall].
//
// That there is no difference worth the name: [PairedTOST], [WelchTOST]. A large
// p elsewhere does not show it.
//
// Many tests at once: [AdjustP].
//
// # What a result says
//
// Tests come with an estimate and its interval, and the method that was really
// used: exact or an approximation, which correction, what was done with zeros.
// Rank tests take O(n log n) time, their exact distributions up to a number
// that each names. [ShapiroWilk], [BrownForsythe] and [Levene] are diagnostics:
// report them, but do not let their p choose a test, for such a choice has no
// error rate of its own.
//
// A missing value is NaN; what was left out stands in the result. An infinite
// value, or one beyond 1e150, is an error, and so are values whose spread is
// below 1e-140: their squares are no numbers. Nothing is rounded.
package compare
