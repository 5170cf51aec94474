package compare

import (
	"fmt"
	"math"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
	"github.com/bangkom/bangkom/stats/internal/wire"
)

// A Pair is the comparison of two groups among several: mean(B) − mean(A),
// with interval and p adjusted for all pairs. Statistic is the studentized range.
type Pair struct {
	A    string       `json:"a"`
	B    string       `json:"b"`
	Test bangkom.Test `json:"test"`
}

// A PostHoc compares all pairs of groups.
type PostHoc struct {
	Method string  `json:"method"`
	Groups []Group `json:"groups"`
	Pairs  []Pair  `json:"pairs"`
}

// Tukey compares all pairs of groups with one variance for all of them, so
// that the probability of any false difference stays within 1 − Level:
//
//	q = |mean(b) − mean(a)| / √(MSwithin/2 · (1/na + 1/nb))
//
// has the studentized range of k means and n − k degrees of freedom (Tukey,
// 1953; Kramer, 1956, for unequal sizes). It needs no ANOVA before it.
//
// Missing values and errors are those of [ANOVA].
//
// In R: TukeyHSD(aov(x ~ g)), whose quantiles hold to 4 decimals.
func Tukey(groups [][]float64, opt *Options) (PostHoc, error) {
	o, err := opt.checked(usesNames)
	if err != nil {
		return PostHoc{}, err
	}
	s, err := newSamples("tukey", groups, 1, o)
	if err != nil {
		return PostHoc{}, err
	}
	if _, err := s.anova("tukey", "", o); err != nil {
		return PostHoc{}, err
	}
	_, within, _ := s.squares()
	df := float64(s.n - len(s.x))
	critical := num.StudentizedRangeQuantile(o.Level, len(s.x), df)
	return s.pairs("Tukey HSD, one variance, studentized range", o, func(a, b Group) (unit, d, q float64) {
		return math.Sqrt(within / df / 2 * (1/float64(a.N) + 1/float64(b.N))), df, critical
	}), nil
}

// GamesHowell compares all pairs of groups without asking for equal variances
// or sizes (Games and Howell, 1976): each pair has the standard error and
// degrees of freedom of [Welch], and the studentized range of k means.
//
// Missing values and errors are those of [WelchANOVA].
//
// In Python: pingouin.pairwise_gameshowell.
func GamesHowell(groups [][]float64, opt *Options) (PostHoc, error) {
	o, err := opt.checked(usesNames)
	if err != nil {
		return PostHoc{}, err
	}
	s, err := newSamples("games-howell", groups, 2, o)
	if err != nil {
		return PostHoc{}, err
	}
	if err := s.spread("games-howell"); err != nil {
		return PostHoc{}, err
	}
	return s.pairs("Games–Howell, own variances, studentized range", o, func(a, b Group) (unit, df, critical float64) {
		se, df := num.WelchSE(a.SD*a.SD, a.N, b.SD*b.SD, b.N)
		return se / math.Sqrt2, df, num.StudentizedRangeQuantile(o.Level, len(s.x), df)
	}), nil
}

// pairs asks scale for the unit of the studentized range, its degrees of
// freedom and its critical value.
func (s samples) pairs(method string, o Options, scale func(a, b Group) (unit, df, critical float64)) PostHoc {
	out := PostHoc{Method: method, Groups: s.groups}
	for j := range s.groups {
		for i := range j {
			a, b := s.groups[i], s.groups[j]
			d := s.about[j] - s.about[i]
			unit, df, critical := scale(a, b)
			q := math.Abs(d) / unit
			t := bangkom.Test{Statistic: q, DF: df, DF2: math.NaN(), P: num.StudentizedRangeSurvival(q, len(s.groups), df), Alternative: TwoSided}
			t.Estimate = bangkom.Estimate{Value: d, SE: unit * math.Sqrt2, N: a.N + b.N, Method: method,
				CI:      bangkom.Interval{Lo: d - critical*unit, Hi: d + critical*unit, Level: o.Level, Method: "studentized range"},
				Missing: bangkom.Missing{Policy: "available", Dropped: a.Missing + b.Missing}}
			out.Pairs = append(out.Pairs, Pair{a.Name, b.Name, t})
		}
	}
	return out
}

// String says how many pairs differ at their level.
func (p PostHoc) String() string {
	apart := 0
	for _, x := range p.Pairs {
		if !x.Test.Estimate.CI.Contains(0) {
			apart++
		}
	}
	return fmt.Sprintf("%s: %d of %d pairs differ", p.Method, apart, len(p.Pairs))
}

// Table gives every pair for people.
func (p PostHoc) Table() string {
	var b strings.Builder
	g := wire.NewGrid("difference", "se", "lower", "upper", "q", "df", "p")
	for _, x := range p.Pairs {
		e := x.Test.Estimate
		g.Row(x.B+" − "+x.A, e.Value, e.SE, e.CI.Lo, e.CI.Hi, x.Test.Statistic, x.Test.DF, x.Test.P)
	}
	g.Write(&b)
	n, missing := 0, 0
	for _, x := range p.Groups {
		n, missing = n+x.N, missing+x.Missing
	}
	fmt.Fprintf(&b, "\n%s; n = %d; missing values: %d left out.\n", p.Method, n, missing)
	if len(p.Pairs) > 0 {
		fmt.Fprintf(&b, "Intervals of %s %% and p-values are for all %d pairs together.\n", wire.Short(100*p.Pairs[0].Test.Estimate.CI.Level), len(p.Pairs))
	}
	return b.String()
}
