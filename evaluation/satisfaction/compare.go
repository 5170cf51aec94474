package satisfaction

import (
	"fmt"
	"maps"
	"math"
	"math/big"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
	"github.com/bangkom/bangkom/stats/model"
)

// A UnitChange is one unit before and after.
type UnitChange struct {
	Unit    string  `json:"unit"`
	Trained bool    `json:"trained"`
	Before  *Index  `json:"before"`
	After   *Index  `json:"after"`
	Change  float64 `json:"change"` // after − before, not rounded
}

// A Comparison sets trained units against others.
type Comparison struct {
	Units    []UnitChange     `json:"units"`   // measured on both occasions, by name
	Trained  bangkom.Estimate `json:"trained"` // mean change of the trained units
	Others   bangkom.Estimate `json:"others"`
	Effect   *bangkom.Test    `json:"effect,omitempty"` // difference in differences; nil: see Warnings
	Warnings bangkom.Problems `json:"warnings,omitempty"`
}

// Compare measures every unit before and after, and estimates how much more
// the index changed in trained units than in the others: a difference in
// differences in which the unit is the cluster, each counting once
// ([model.DiffInDiff], separate spreads). The respondents of the two surveys
// are different people, so a unit's change contains their sampling error.
//
// Missing data: a unit measured on one occasion only, or whose index is
// undefined on one, is left out with a warning. Without other units there is no
// effect: the change of trained units alone may have any cause. A change of
// class by itself proves nothing; where one occurred, a warning says so.
//
// The comparison is nil if there is an Error among the problems, except that an
// error of one unit's index (an answer off the scale under [Refuse]) leaves out
// that unit only, with a warning (unit-left-out) that counts its respondents.
func Compare(in Instrument, before, after []Response, trained []string, opt *Options) (*Comparison, bangkom.Problems) {
	o, ps := options(opt)
	ps = append(ps, in.Validate()...)
	if o.Population > 0 {
		ps.Add(bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "Population", Msg: "one population for many units", Need: "leave it out of a comparison"})
	}
	if ps.Err() != nil {
		return nil, ps
	}
	c := &Comparison{}
	was, is := byUnit(before), byUnit(after)
	isTrained := map[string]bool{}
	for _, u := range trained {
		isTrained[u] = true
		if was[u] == nil && is[u] == nil {
			ps.Add(bangkom.Problem{Code: "unknown-unit", Severity: bangkom.Warning, Value: u, Msg: "a trained unit without any respondent"})
		}
	}
	all := maps.Clone(was)
	maps.Copy(all, is)
	dropped := [2]int{}
	for _, u := range slices.Sorted(maps.Keys(all)) {
		unit, found := in.change(u, was[u], is[u], o)
		ps = append(ps, found...)
		g := group(isTrained[u])
		if unit == nil {
			dropped[g]++
			if found.Err() != nil {
				ps.Add(bangkom.Problem{Code: "unit-left-out", Severity: bangkom.Warning, Value: u,
					Msg:  fmt.Sprintf("the unit is left out of the comparison, with its %d respondents before and %d after: its index is undefined", len(was[u]), len(is[u])),
					Need: "correct the sheets, or choose DropAnswer or DropRespondent"})
			}
			continue
		}
		unit.Trained = isTrained[u]
		c.Units = append(c.Units, *unit)
	}
	c.estimate(o.Level, dropped)
	return c, ps
}

func group(trained bool) int {
	if trained {
		return 1
	}
	return 0
}

func byUnit(rs []Response) map[string][]Response {
	m := map[string][]Response{}
	for _, r := range rs {
		m[r.Unit] = append(m[r.Unit], r)
	}
	return m
}

// change measures one unit twice; nil if it cannot be measured.
func (in Instrument) change(name string, before, after []Response, o Options) (*UnitChange, bangkom.Problems) {
	if len(before) == 0 || len(after) == 0 {
		occasion := "before"
		if len(after) == 0 {
			occasion = "after"
		}
		return nil, bangkom.Problems{{Code: "one-occasion", Severity: bangkom.Warning, Value: name,
			Msg: "a unit without respondents " + occasion + ": left out of the comparison", Need: "both surveys in the unit"}}
	}
	b, ps := Measure(in, before, &o)
	a, found := Measure(in, after, &o)
	ps = append(ps, found...)
	if a == nil || b == nil {
		return nil, ps
	}
	d, _ := new(big.Rat).Sub(a.exact, b.exact).Float64()
	return &UnitChange{Unit: name, Before: b, After: a, Change: d}, ps
}

// estimate fills the groups and the effect.
func (c *Comparison) estimate(level float64, dropped [2]int) {
	var before, after []float64
	var treated []bool
	var n [2]int
	var classes []string
	for _, u := range c.Units {
		n[group(u.Trained)]++
		before, after, treated = append(before, u.Before.Value.Value), append(after, u.After.Value.Value), append(treated, u.Trained)
		if u.Before.Class != nil && u.After.Class != nil && u.Before.Class.Code != u.After.Class.Code {
			classes = append(classes, fmt.Sprintf("%s %s→%s", u.Unit, u.Before.Class.Code, u.After.Class.Code))
		}
	}
	c.Trained, c.Others = c.mean(true, level, dropped[1]), c.mean(false, level, dropped[0])
	warn := func(code, value, msg, need string) {
		c.Warnings.Add(bangkom.Problem{Code: code, Severity: bangkom.Warning, Value: value, Msg: msg, Need: need})
	}
	if len(classes) > 0 {
		warn("class-change", strings.Join(classes, ", "), "a change of class alone proves nothing: a hundredth of a point can do it", "read the change with its interval, against the units that were not trained")
	}
	switch {
	case n[0] == 0 && n[1] == 0:
		warn("too-few", "0", "no unit was measured on both occasions", "both surveys in the same units")
	case n[0] == 0:
		warn("no-comparison-group", "", "no other unit was measured: what trained units changed by may have any cause", "survey units that were not trained")
	case n[1] == 0:
		warn("no-trained-unit", "", "no trained unit was measured on both occasions", "survey the trained units before and after")
	default:
		t, err := model.DiffInDiff(before, after, treated, &model.Options{Level: level})
		if err != nil {
			for _, p := range bangkom.AsProblems(err, "too-few") {
				warn(p.Code, p.Value, "no interval for the effect: "+p.Msg, p.Need)
			}
			return
		}
		t.Estimate.Missing.Dropped = dropped[0] + dropped[1]
		c.Effect = &t
	}
}

// mean is the mean change of one group of units, each counting once.
func (c *Comparison) mean(trained bool, level float64, dropped int) bangkom.Estimate {
	var d []float64
	for _, u := range c.Units {
		if u.Trained == trained {
			d = append(d, u.Change)
		}
	}
	e := meanOf(d, level)
	e.Method, e.Missing = "mean change of units, each counting once", bangkom.Missing{Policy: "units with both occasions", Dropped: dropped}
	if len(d) == 0 {
		e.Value = math.NaN()
	}
	return e
}

// meanOf is a mean with Student's interval; what cannot be known is NaN with a warning.
func meanOf(xs []float64, level float64) bangkom.Estimate {
	mean, se, half := num.MeanInterval(xs, level)
	e := bangkom.Estimate{Value: mean, SE: se, N: len(xs)}
	switch {
	case len(xs) < 2:
		e.Warnings.Add(bangkom.Problem{Code: bangkom.ErrTooFew.Code, Severity: bangkom.Warning, Value: fmt.Sprint(len(xs)), Msg: "too few units for an interval", Need: "at least 2 units"})
	case se == 0:
		e.Warnings.Add(bangkom.Problem{Code: bangkom.ErrNoVariation.Code, Severity: bangkom.Warning, Msg: "all units changed by the same: the interval is unknown", Need: "more units"})
	default:
		e.CI = bangkom.Interval{Lo: mean - half, Hi: mean + half, Level: level, Method: "t"}
	}
	return e
}
