package delivery

import (
	"fmt"
	"math"
	"math/big"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/internal/word"
	"github.com/bangkom/bangkom/program"
)

// Verdict is how a person's hours stand to the limits of the status.
type Verdict uint8

const (
	Unknown      Verdict = iota // no entry, or one of unknown hours that could decide
	NoLimit                     // the status has no limit
	Within                      // at least the minimum, at most the maximum
	BelowMinimum                // a right that was not met
	AboveMaximum                // a warning on the plan, not a failed person
)

var verdictWords = word.Of[Verdict]("verdict", "unknown", "no-limit", "within", "below-minimum", "above-maximum")

// String returns "unknown", "no-limit", "within", "below-minimum" or "above-maximum".
func (v Verdict) String() string { return verdictWords.String(v) }

// MarshalText writes the word of [Verdict.String].
func (v Verdict) MarshalText() ([]byte, error) { return verdictWords.Marshal(v) }

// UnmarshalText reads what [Verdict.MarshalText] wrote.
func (v *Verdict) UnmarshalText(text []byte) error { return verdictWords.Unmarshal(text, v) }

// Judge compares a year's hours with limits. Hours that are not known can only
// add: known hours above the maximum, or at the minimum where there is no
// maximum, decide whatever else there may be.
func Judge(h Hours, limits program.HourLimits) Verdict {
	switch {
	case limits == program.HourLimits{}:
		return NoLimit
	case limits.Max > 0 && h.JP > limits.Max:
		return AboveMaximum
	case limits.Max == 0 && h.JP >= limits.Min:
		return Within
	case h.Unknown > 0:
		return Unknown
	case h.JP < limits.Min:
		return BelowMinimum
	}
	return Within
}

// ComplianceOptions of [Ledger.Compliance]; nil is the zero value.
type ComplianceOptions struct {
	Apart    []string // statuses counted apart, such as people on probation
	Complete bool     // the ledger is complete: no entry means 0 JP. Otherwise it means not known
}

// Standing is one person in a [Compliance].
type Standing struct {
	Person  competency.PersonID `json:"person"`
	Unit    competency.UnitID   `json:"unit"`
	Status  string              `json:"status"`
	Hours   Hours               `json:"hours"`
	NoData  bool                `json:"no_data,omitempty"` // no entry, in a ledger not said to be complete
	Verdict Verdict             `json:"verdict"`
	Apart   bool                `json:"apart,omitempty"`
}

// Group sums up people. Those set apart are in Apart only.
type Group struct {
	Unit    competency.UnitID `json:"unit"`   // "": everybody
	People  int               `json:"people"` // = Within + Below + Above + NoLimit + Unknown
	Within  int               `json:"within"`
	Below   int               `json:"below"`
	Above   int               `json:"above"`
	NoLimit int               `json:"no_limit"`
	Unknown int               `json:"unknown"`
	NoData  int               `json:"no_data"`
	Apart   int               `json:"apart"`
	Mean    bangkom.Estimate  `json:"mean"`    // JP per person, pooled over people whose hours are known
	Reached bangkom.Estimate  `json:"reached"` // share at or above the minimum, of people who have one and whose verdict is known
}

// Compliance is the table of a year's hours.
type Compliance struct {
	Year     int              `json:"year"`
	All      Group            `json:"all"`
	Units    []Group          `json:"units"` // own people of each unit, by id
	People   []Standing       `json:"people"`
	Warnings bangkom.Problems `json:"warnings,omitempty"` // one per person above a maximum
}

// Compliance compares everybody's hours of a year with the limits of their
// status ("" for every other). The mean of a group is pooled: all hours over
// all people, never a mean of the units' means. It describes the people
// counted and has no standard error.
func (l *Ledger) Compliance(w *competency.Workforce, year int, limits map[string]program.HourLimits, opt *ComplianceOptions) Compliance {
	if opt == nil {
		opt = &ComplianceOptions{}
	}
	c := Compliance{Year: year}
	all := sums{}
	units := map[competency.UnitID]*sums{}
	for _, u := range w.Units() {
		units[u.ID] = &sums{Group: Group{Unit: u.ID}}
	}
	for _, p := range w.People() {
		limit := limitsOf(limits, p.Status)
		s := l.standing(p, year, limit, opt)
		c.People = append(c.People, s)
		all.add(s, limit)
		if unit, ok := units[p.Unit]; ok {
			unit.add(s, limit)
		}
		if s.Verdict == AboveMaximum {
			c.Warnings.Add(bangkom.Problem{Code: "above-maximum", Severity: bangkom.Warning, Where: fmt.Sprintf("%d/%s", year, p.ID), Value: s.Hours.JP.String(),
				Msg: fmt.Sprintf("more learning hours than the %s JP of status %s", limit.Max, p.Status)})
		}
	}
	c.All = all.group()
	for _, id := range sortedKeys(units) {
		c.Units = append(c.Units, units[id].group())
	}
	return c
}

func limitsOf(limits map[string]program.HourLimits, status string) program.HourLimits {
	if h, ok := limits[status]; ok {
		return h
	}
	return limits[""]
}

func (l *Ledger) standing(p competency.Person, year int, limit program.HourLimits, opt *ComplianceOptions) Standing {
	h := l.Hours(p.ID, year)
	s := Standing{Person: p.ID, Unit: p.Unit, Status: p.Status, Hours: h, Apart: slices.Contains(opt.Apart, p.Status)}
	s.NoData = h.Entries == 0 && !opt.Complete
	if s.NoData && limit != (program.HourLimits{}) {
		return s // Unknown
	}
	s.Verdict = Judge(h, limit)
	return s
}

// sums is a group being counted.
type sums struct {
	Group
	hours   big.Int // thousandths, of people whose hours are known
	known   int
	asked   int // people with a minimum
	judged  int // of these, with a verdict
	reached int
}

func (g *sums) add(s Standing, limit program.HourLimits) {
	if s.Apart {
		g.Apart++
		return
	}
	g.People++
	*[]*int{&g.Unknown, &g.NoLimit, &g.Within, &g.Below, &g.Above}[s.Verdict]++
	if s.NoData {
		g.NoData++
	}
	if !s.NoData && s.Hours.Unknown == 0 {
		g.known++
		g.hours.Add(&g.hours, big.NewInt(int64(s.Hours.JP)))
	}
	if limit.Min == 0 {
		return
	}
	g.asked++
	if s.Verdict != Unknown {
		g.judged++
	}
	if s.Verdict == Within || s.Verdict == AboveMaximum {
		g.reached++
	}
}

func (g *sums) group() Group {
	g.Mean = pooled("pooled mean", &g.hours, int64(g.known)*int64(bangkom.OneJP), g.known, g.People-g.known)
	g.Reached = pooled("share of people", big.NewInt(int64(g.reached)), int64(g.judged), g.judged, g.asked-g.judged)
	return g.Group
}

// pooled divides exactly; of nobody nothing is known.
func pooled(method string, sum *big.Int, by int64, n, dropped int) bangkom.Estimate {
	e := bangkom.Estimate{Value: math.NaN(), SE: math.NaN(), N: n, Method: method, Missing: bangkom.Missing{Policy: "available", Dropped: dropped}}
	if n > 0 {
		e.Value, _ = new(big.Rat).SetFrac(sum, big.NewInt(by)).Float64()
		return e
	}
	e.Warnings.Add(bangkom.Problem{Code: bangkom.ErrTooFew.Code, Severity: bangkom.Warning, Msg: "nobody's hours are known", Need: "1 person"})
	return e
}
