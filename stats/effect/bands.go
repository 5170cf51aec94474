package effect

import (
	"math"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
)

// Interpretations returns the published words for sizes of effects. They are
// rules of thumb of single authors, for absolute values, and none is part of an
// estimate: which one to use, if any, is the reader's decision.
//
//	b, ok := effect.Interpretation("cohen1988-d")
//	class, ok := b.Class(math.Abs(g.Value))
func Interpretations() []bangkom.Bands {
	return []bangkom.Bands{
		bands("cohen1988-d", "Cohen, J. (1988). Statistical Power Analysis for the Behavioral Sciences, 2nd ed.",
			step{0, "very-small"}, step{.2, "small"}, step{.5, "medium"}, step{.8, "large"}),
		bands("sawilowsky2009-d", "Sawilowsky, S. S. (2009). New Effect Size Rules of Thumb. J. Modern Applied Statistical Methods 8(2)",
			step{0, "tiny"}, step{.1, "very-small"}, step{.2, "small"}, step{.5, "medium"}, step{.8, "large"}, step{1.2, "very-large"}, step{2, "huge"}),
		bands("cohen1988-r", "Cohen, J. (1988). Statistical Power Analysis for the Behavioral Sciences, 2nd ed.",
			step{0, "very-small"}, step{.1, "small"}, step{.3, "medium"}, step{.5, "large"}),
		bands("funder2019-r", "Funder, D. C., Ozer, D. J. (2019). Evaluating Effect Size in Psychological Research. AMPPS 2(2)",
			step{0, "tiny"}, step{.05, "very-small"}, step{.1, "small"}, step{.2, "medium"}, step{.3, "large"}, step{.4, "very-large"}),
		bands("field2013-eta2", "Field, A. (2013). Discovering Statistics Using IBM SPSS Statistics, 4th ed. (also for ω², ε²)",
			step{0, "very-small"}, step{.01, "small"}, step{.06, "medium"}, step{.14, "large"}),
		bands("romano2006-cliff", "Romano, J. et al. (2006). Appropriate statistics for ordinal level data. Florida Association of Institutional Research",
			step{0, "negligible"}, step{.147, "small"}, step{.33, "medium"}, step{.474, "large"}),
		bands("vargha2000-superiority", "Vargha, A., Delaney, H. D. (2000). A Critique and Improvement of the CL Common Language Effect Size. J. Educational and Behavioral Statistics 25(2) (for A or 1 − A, whichever is above 0.5)",
			step{.5, "negligible"}, step{.56, "small"}, step{.64, "medium"}, step{.71, "large"}),
		bands("hake1998-gain", "Hake, R. R. (1998). Interactive-engagement versus traditional methods. American J. Physics 66(1)",
			step{math.Inf(-1), "low"}, step{.3, "medium"}, step{.7, "high"}),
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

func bands(id, source string, steps ...step) bangkom.Bands {
	b := bangkom.Bands{ID: id, Source: source}
	for _, s := range steps {
		b.Bands = append(b.Bands, bangkom.Band{Lower: s.lower, Code: s.code, Label: strings.ReplaceAll(s.code, "-", " ")})
	}
	return b
}
