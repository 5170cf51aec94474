package agreement

import (
	"math"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
)

// Interpretations returns the published words for sizes of agreement. They are
// rules of thumb of single authors; none is part of an estimate, and which one to
// use, if any, is the reader's decision. A coefficient whose interval crosses a
// bound has no one word.
//
//	b, ok := agreement.Interpretation("koo2016-icc")
//	class, ok := b.Class(r.ICC2.Estimate.Value)
func Interpretations() []bangkom.Bands {
	below := math.Inf(-1)
	return []bangkom.Bands{
		bands("landis1977-kappa", "Landis, J. R., Koch, G. G. (1977). The Measurement of Observer Agreement for Categorical Data. Biometrics 33(1)", bangkom.HalfUp(2),
			step{below, "poor"}, step{0, "slight"}, step{.21, "fair"}, step{.41, "moderate"}, step{.61, "substantial"}, step{.81, "almost-perfect"}),
		bands("cicchetti1994-icc", "Cicchetti, D. V. (1994). Guidelines, Criteria, and Rules of Thumb for Evaluating Instruments. Psychological Assessment 6(4) (also for weighted kappa)", bangkom.HalfUp(2),
			step{below, "poor"}, step{.4, "fair"}, step{.6, "good"}, step{.75, "excellent"}),
		bands("koo2016-icc", "Koo, T. K., Li, M. Y. (2016). A Guideline of Selecting and Reporting Intraclass Correlation Coefficients. J. Chiropractic Medicine 15(2) (of the interval's ends, not of the estimate)", bangkom.Rounding{},
			step{below, "poor"}, step{.5, "moderate"}, step{.75, "good"}, step{.9, "excellent"}),
		bands("krippendorff2004-alpha", "Krippendorff, K. (2004). Content Analysis, 2nd ed.", bangkom.Rounding{},
			step{below, "not-reliable"}, step{.667, "tentative"}, step{.8, "reliable"}),
		bands("lebreton2008-rwg", "LeBreton, J. M., Senter, J. L. (2008). Answers to 20 Questions About Interrater Reliability and Interrater Agreement. Organizational Research Methods 11(4)", bangkom.HalfUp(2),
			step{below, "lack"}, step{.31, "weak"}, step{.51, "moderate"}, step{.71, "strong"}, step{.91, "very-strong"}),
	}
}

// Interpretation returns one of [Interpretations] by its ID.
func Interpretation(id string) (bangkom.Bands, bool) {
	all := Interpretations()
	i := slices.IndexFunc(all, func(b bangkom.Bands) bool { return b.ID == id })
	if i < 0 {
		return bangkom.Bands{}, false
	}
	return all[i], true
}

type step struct {
	lower float64
	code  string
}

func bands(id, source string, round bangkom.Rounding, steps ...step) bangkom.Bands {
	b := bangkom.Bands{ID: id, Source: source, Round: round}
	for _, s := range steps {
		b.Bands = append(b.Bands, bangkom.Band{Lower: s.lower, Code: s.code, Label: strings.ReplaceAll(s.code, "-", " ")})
	}
	return b
}
