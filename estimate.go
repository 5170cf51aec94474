package bangkom

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// An Interval is a range of plausible values. An open end is infinite.
type Interval struct {
	Lo, Hi float64
	Level  float64 // the level achieved, in (0, 1): 0.95
	Method string  // how it was made: "t", "wilson", "bca", …
}

// Contains reports whether x lies in the closed interval.
func (i Interval) Contains(x float64) bool { return i.Lo <= x && x <= i.Hi }

// String gives "95 % CI 1.2 to 3.4".
func (i Interval) String() string {
	return fmt.Sprintf("%s %% CI %s to %s", short(100*i.Level), short(i.Lo), short(i.Hi))
}

// intervalJSON freezes the keys. A null bound is an open end.
type intervalJSON struct {
	Lo     *float64 `json:"lo"`
	Hi     *float64 `json:"hi"`
	Level  *float64 `json:"level"`
	Method string   `json:"method,omitempty"`
}

// MarshalJSON writes {lo, hi, level, method}; an infinite or unknown bound is null.
func (i Interval) MarshalJSON() ([]byte, error) {
	return json.Marshal(intervalJSON{finite(i.Lo), finite(i.Hi), finite(i.Level), i.Method})
}

// UnmarshalJSON reads what MarshalJSON wrote; a null bound reads as open (-Inf, +Inf).
func (i *Interval) UnmarshalJSON(data []byte) error {
	var w intervalJSON
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	*i = Interval{or(w.Lo, math.Inf(-1)), or(w.Hi, math.Inf(1)), or(w.Level, math.NaN()), w.Method}
	return nil
}

// Missing says what was done about missing data, and how much was lost by it.
type Missing struct {
	Policy  string `json:"policy,omitempty"` // "listwise", "pairwise", "available", …
	Dropped int    `json:"dropped"`          // rows that were given and not used
}

// String gives "listwise, 3 dropped".
func (m Missing) String() string {
	if m.Policy == "" {
		return "nothing missing"
	}
	return fmt.Sprintf("%s, %d dropped", m.Policy, m.Dropped)
}

// An Estimate is a number together with what must be known to trust it.
// Unknown parts are NaN (Value, SE) or the zero value (CI with Level 0, N).
type Estimate struct {
	Value    float64
	SE       float64
	CI       Interval
	N        int    // rows really used
	Method   string // the method really used, also after a fallback
	Missing  Missing
	Warnings Problems
}

// estimateJSON freezes the keys of an estimate.
type estimateJSON struct {
	Estimate *float64  `json:"estimate"`
	SE       *float64  `json:"se"`
	CI       *Interval `json:"ci,omitempty"`
	N        int       `json:"n"`
	Method   string    `json:"method,omitempty"`
	Missing  Missing   `json:"missing,omitzero"`
	Warnings []warning `json:"warnings,omitempty"`
}

// warning is a Problem inside an estimate: its severity is known.
type warning struct {
	Code  string `json:"code"`
	Where string `json:"where,omitempty"`
	Value string `json:"value,omitempty"`
	Msg   string `json:"message"`
	Need  string `json:"need,omitempty"`
}

func (e Estimate) wire() estimateJSON {
	w := estimateJSON{Estimate: finite(e.Value), SE: finite(e.SE), N: e.N, Method: e.Method, Missing: e.Missing}
	if e.CI != (Interval{}) {
		w.CI = &e.CI
	}
	for _, p := range e.Warnings {
		w.Warnings = append(w.Warnings, warning{p.Code, p.Where, p.Value, p.Msg, p.Need})
	}
	return w
}

func (w estimateJSON) estimate() Estimate {
	e := Estimate{Value: or(w.Estimate, math.NaN()), SE: or(w.SE, math.NaN()), N: w.N, Method: w.Method, Missing: w.Missing}
	if w.CI != nil {
		e.CI = *w.CI
	}
	for _, p := range w.Warnings {
		e.Warnings.Add(Problem{p.Code, Warning, p.Where, p.Value, p.Msg, p.Need})
	}
	return e
}

// MarshalJSON writes the keys estimate, se, ci, n, method, missing, warnings.
// NaN and ±Inf are null. Do not embed an Estimate in a struct that is encoded:
// its MarshalJSON would take over the outer one. Give it a field name.
func (e Estimate) MarshalJSON() ([]byte, error) { return json.Marshal(e.wire()) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (e *Estimate) UnmarshalJSON(data []byte) error {
	var w estimateJSON
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	*e = w.estimate()
	return nil
}

// String gives one line: "1.23 (95 % CI 0.5 to 2, n = 30)".
func (e Estimate) String() string {
	var parts []string
	if e.CI != (Interval{}) {
		parts = append(parts, e.CI.String())
	} else if !math.IsNaN(e.SE) && e.SE != 0 {
		parts = append(parts, "SE "+short(e.SE))
	}
	parts = append(parts, fmt.Sprintf("n = %d", e.N))
	return short(e.Value) + " (" + strings.Join(parts, ", ") + ")"
}

// A Test is an estimate with the test of a hypothesis about it.
// Parts that a test does not have are NaN.
type Test struct {
	Estimate    Estimate
	Statistic   float64
	DF, DF2     float64
	P           float64
	Alternative string // "two-sided", "less", "greater"
}

type testJSON struct {
	estimateJSON
	Statistic   *float64 `json:"statistic"`
	DF          *float64 `json:"df,omitempty"`
	DF2         *float64 `json:"df2,omitempty"`
	P           *float64 `json:"p"`
	Alternative string   `json:"alternative,omitempty"`
}

// MarshalJSON writes the keys of the estimate and statistic, df, df2, p, alternative, all on one level.
func (t Test) MarshalJSON() ([]byte, error) {
	return json.Marshal(testJSON{t.Estimate.wire(), finite(t.Statistic), finite(t.DF), finite(t.DF2), finite(t.P), t.Alternative})
}

// UnmarshalJSON reads what MarshalJSON wrote; absent numbers are NaN.
func (t *Test) UnmarshalJSON(data []byte) error {
	var w testJSON
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	nan := math.NaN()
	*t = Test{w.estimate(), or(w.Statistic, nan), or(w.DF, nan), or(w.DF2, nan), or(w.P, nan), w.Alternative}
	return nil
}

// String gives one line: the estimate, the statistic with its degrees of freedom, and p.
func (t Test) String() string {
	s := t.Estimate.String() + "; statistic " + short(t.Statistic)
	if !math.IsNaN(t.DF) {
		s += ", df " + short(t.DF)
	}
	if !math.IsNaN(t.DF2) {
		s += " and " + short(t.DF2)
	}
	return s + ", p " + FormatP(t.P)
}

// FormatP prints a p-value as papers do: "= 0.032", "< 0.001".
func FormatP(p float64) string {
	switch {
	case math.IsNaN(p):
		return "unknown"
	case p < 0.001:
		return "< 0.001"
	}
	return "= " + strconv.FormatFloat(p, 'f', 3, 64)
}

// finite is nil for NaN and ±Inf, which JSON cannot hold.
func finite(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

func or(p *float64, otherwise float64) float64 {
	if p == nil {
		return otherwise
	}
	return *p
}

// short prints four significant digits, for people; values are never rounded.
func short(x float64) string {
	if math.IsNaN(x) {
		return "unknown"
	}
	return strconv.FormatFloat(x, 'g', 4, 64)
}
