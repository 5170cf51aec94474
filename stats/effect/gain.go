package effect

import (
	"fmt"
	"math"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
	"github.com/bangkom/bangkom/stats/internal/wire"
)

// Gain is what [NormalizedGain] says: three answers to one question, which
// differ, and the gains of each person.
type Gain struct {
	Class      bangkom.Estimate `json:"class"`      // ⟨g⟩ of the group's means (Hake, 1998)
	Individual bangkom.Estimate `json:"individual"` // the mean of the people's own g
	Change     bangkom.Estimate `json:"change"`     // the mean normalised change c (Marx and Cummings, 2007)
	Persons    []PersonGain     `json:"persons"`    // in the order given, also those with a missing score
}

// PersonGain is what one person gained; NaN where it is undefined or unknown.
type PersonGain struct {
	Gain   float64 `json:"gain"`   // g
	Change float64 `json:"change"` // c
}

// NormalizedGain returns what was gained of what could be gained, on a test with
// scores from lowest to highest:
//
//	⟨g⟩ = (mean(after) − mean(before)) / (highest − mean(before))
//	g   = (after − before) / (highest − before)     of each person
//	c   = g for a rise; (after − before)/(before − lowest) for a fall; 0 for neither
//
// Somebody who had the highest score before has no g; c leaves out who had the
// highest or the lowest on both occasions. Both are counted in Missing, beside
// those with a NaN. A mean of g weighs a fall near the top without bound,
// c never leaves [−1, 1].
//
// Intervals: t with n − 1 degrees of freedom; for ⟨g⟩ the standard error is by
// the delta method, with the occasions paired.
//
// Errors: ErrShape, ErrNotFinite, ErrTooFew below two pairs, ErrNoVariation where
// everybody had the highest score before, ErrOption where highest does not lie
// above lowest; "off-scale" for a score outside.
func NormalizedGain(before, after []float64, lowest, highest float64, opt *Options) (Gain, error) {
	o, err := opt.checked()
	if err != nil {
		return Gain{}, err
	}
	if !(lowest < highest) || math.IsInf(lowest, 0) || math.IsInf(highest, 0) {
		return Gain{}, problem(bangkom.ErrOption, "gain", fmt.Sprintf("%g to %g", lowest, highest), "no range of scores", "the lowest and the highest possible score")
	}
	pre, post, diff, err := pairs(before, after)
	if err != nil {
		return Gain{}, err
	}
	for i := range before {
		for _, x := range []float64{before[i], after[i]} {
			if x < lowest || x > highest {
				return Gain{}, problem(bangkom.Problem{Code: "off-scale"}, "gain", fmt.Sprintf("row %d: %g", i, x), fmt.Sprintf("a score outside %g to %g", lowest, highest), "NaN where unknown")
			}
		}
	}
	room := highest - num.Mean(pre)
	if !(room > constant*math.Abs(highest)) {
		return Gain{}, problem(bangkom.ErrNoVariation, "gain", "", "everybody had the highest score before", "a harder test")
	}
	g := Gain{Persons: make([]PersonGain, len(before))}
	var gs, cs []float64
	for i := range before {
		p := personGain(before[i], after[i], lowest, highest)
		g.Persons[i] = p
		if !math.IsNaN(p.Gain) {
			gs = append(gs, p.Gain)
		}
		if !math.IsNaN(p.Change) {
			cs = append(cs, p.Change)
		}
	}
	class := num.Mean(diff) / room
	line := make([]float64, len(pre)) // the influence of each person on ⟨g⟩
	for i := range pre {
		line[i] = (post[i] - pre[i]*(1-class)) / room
	}
	g.Class = o.mean(line, "normalised gain of the group's means", "t, delta method")
	shift := class - g.Class.Value
	g.Class.Value, g.Class.CI.Lo, g.Class.CI.Hi = class, g.Class.CI.Lo+shift, g.Class.CI.Hi+shift
	g.Individual = o.mean(gs, "mean of individual normalised gains", "t")
	g.Change = o.mean(cs, "mean normalised change (Marx & Cummings)", "t")
	for _, e := range []*bangkom.Estimate{&g.Class, &g.Individual, &g.Change} {
		e.Missing = bangkom.Missing{Policy: "listwise", Dropped: len(before) - e.N}
	}
	if n := len(diff) - len(gs); n > 0 {
		g.Individual.Warnings.Add(bangkom.Problem{Code: "at-ceiling", Severity: bangkom.Warning, Value: fmt.Sprint(n), Msg: "people with the highest score before have no gain of their own", Need: "the normalised change, or a harder test"})
	}
	return g, nil
}

func personGain(before, after, lowest, highest float64) PersonGain {
	d := after - before
	p := PersonGain{Gain: math.NaN(), Change: math.NaN()}
	if math.IsNaN(d) {
		return p
	}
	if before < highest {
		p.Gain = d / (highest - before)
	}
	switch {
	case d > 0:
		p.Change = p.Gain
	case d < 0:
		p.Change = d / (before - lowest)
	case before > lowest && before < highest:
		p.Change = 0
	}
	return p
}

// mean is a mean with Student's interval; its parts are NaN where too few are known.
func (o Options) mean(xs []float64, method, interval string) bangkom.Estimate {
	e := bangkom.Estimate{Value: math.NaN(), SE: math.NaN(), N: len(xs), Method: method}
	if len(xs) > 0 {
		var half float64
		e.Value, e.SE, half = num.MeanInterval(xs, o.Level)
		if len(xs) > 1 {
			e.CI = bangkom.Interval{Lo: e.Value - half, Hi: e.Value + half, Level: o.Level, Method: interval}
		}
	}
	if len(xs) < 2 {
		e.Warnings.Add(bangkom.Problem{Code: bangkom.ErrTooFew.Code, Severity: bangkom.Warning, Value: fmt.Sprint(len(xs)), Msg: "fewer than two people for whom it is defined", Need: "at least 2"})
	}
	return e
}

// String gives the gain of the group and the mean normalised change.
func (g Gain) String() string {
	return fmt.Sprintf("⟨g⟩ = %s, mean c = %s", g.Class, wire.Short(g.Change.Value))
}

// Table gives the three, and what they are.
func (g Gain) Table() string {
	var b strings.Builder
	t := wire.NewGrid("gain", "SE", "lower", "upper", "n", "left out")
	for _, e := range []bangkom.Estimate{g.Class, g.Individual, g.Change} {
		lo, hi := e.CI.Lo, e.CI.Hi
		if e.CI == (bangkom.Interval{}) {
			lo, hi = math.NaN(), math.NaN()
		}
		t.Row(e.Method, e.Value, e.SE, lo, hi, float64(e.N), float64(e.Missing.Dropped))
	}
	t.Write(&b)
	fmt.Fprintf(&b, "\n%s %% intervals: t; of the group's means by the delta method.\n", wire.Short(100*g.Class.CI.Level))
	notes(&b, g.Class.Warnings, g.Individual.Warnings, g.Change.Warnings)
	return b.String()
}

func notes(b *strings.Builder, lists ...bangkom.Problems) {
	for _, ps := range lists {
		for _, p := range ps {
			fmt.Fprintf(b, "%s: %s\n", p.Severity, p.Error())
		}
	}
}

// MarshalJSON writes the fields by their tags; what is no number is null.
func (g Gain) MarshalJSON() ([]byte, error) { return wire.Marshal(g) }

// UnmarshalJSON reads what MarshalJSON wrote; null is NaN.
func (g *Gain) UnmarshalJSON(data []byte) error {
	type plain Gain
	return wire.Unmarshal(data, (*plain)(g))
}

// MarshalJSON writes the fields by their tags; what is no number is null.
func (p PersonGain) MarshalJSON() ([]byte, error) { return wire.Marshal(p) }

// UnmarshalJSON reads what MarshalJSON wrote; null is NaN.
func (p *PersonGain) UnmarshalJSON(data []byte) error {
	type plain PersonGain
	return wire.Unmarshal(data, (*plain)(p))
}
