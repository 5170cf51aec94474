package program

import (
	"cmp"
	"fmt"
	"iter"
	"math"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
)

// A Need is one gap of one person, and what closing a level of it is worth.
type Need struct {
	Person competency.PersonID     `json:"person"`
	Of     competency.CompetencyID `json:"of"`
	Held   competency.Level        `json:"held"`   // the level shown
	Gap    float64                 `json:"gap"`    // levels missing
	Weight float64                 `json:"weight"` // relative: only ratios of weights matter
}

// Settled is what is already decided about one person.
type Settled struct {
	Person competency.PersonID
	Done   []OfferingID // attended before: not again, and fulfils prerequisites
	Must   []OfferingID // to attend, in any session
	Not    []SessionID  // not to attend
	Lock   []SessionID  // seated for sure
	Earned bangkom.JP   // hours already credited this year: they count towards both limits
	Where  string       `json:"-"` // where it was read, for problems about it
}

// A Cover asks that a share of a group gets at least one seat.
type Cover struct {
	Who   []competency.PersonID
	Share float64 // of the people who can attend something, in [0, 1]
	Price float64 // per person short of it; 0: 1; +Inf: hard
}

// A Floor asks that the people of a unit, with those below it, close so many
// levels on average: the mean over everybody there who has a need. It is soft.
// [Solve] searches prices for it from outside, in five searches that share its
// limits: the bound holds for the plan with its floors, but is rarely tight.
type Floor struct {
	Unit  competency.UnitID `json:"unit"`
	Mean  float64           `json:"mean"`  // levels
	Price float64           `json:"price"` // per level that the mean is short and person; 0: 1
}

// A Policy is what the agency decides. The zero value but for Year plans
// without hour limits and with hard money lines. Prices are in levels of the
// most needed competency: see the package comment.
//
// A unit, for Coverage and Away, is the people who share a budget line; people
// without a line are parted by their own unit.
type Policy struct {
	Year    int                   // the year of the plan
	AsOf    bangkom.Date          // sessions that began before are no longer offered; zero: all are
	Hours   map[string]HourLimits // by status of the person; "" for every other status
	Settled []Settled             // several entries of one person add up

	MissingHour float64 // price of 1 JP below the minimum; 0: 0.05; +Inf: hard; negative: free
	Coverage    float64 // share of each unit's people to be reached; 0: no such rule
	Uncovered   float64 // price of a person missing from it; 0: 1; +Inf: hard
	Covers      []Cover // the same for other groups
	Away        float64 // at most this share of a unit is away at once; 0: no such rule
	AwayPrice   float64 // per person and occasion above; 0 or +Inf: hard
	OverTotal   float64 // price of a rupiah above the total; 0 or +Inf: hard
	OverUnit    float64 // price of a rupiah above a unit's line; 0 or +Inf: hard
	Money       float64 // price of a rupiah spent; 0: spending within the budget is free
	Caution     float64 // plan with Mean − Caution·SE of each gain; 0: with the mean
	Again       float64 // what is closed beyond the most that one session gives counts this much, from 0 to 1; 0: all of it
	TierReached bool    // money lines are charged the tier that a session reaches, where its partner counts per session; else the list price
	Floors      []Floor // equity of outcome: see [Floor]
}

// A Model is one planning problem in the words of the agency.
type Model struct {
	Workforce *competency.Workforce
	Needs     []Need
	Catalogue Catalogue
	Policy    Policy
}

// Build makes a model from the gaps of a workforce. Gaps that are Below become
// needs with the weight of their competency, as package needs ranks it; where
// a person has several gaps in one competency (the job held and the job to be
// held) the largest counts. Cells that are not assessed or expired are no
// needs. A competency with gaps but without a positive weight is a Problem
// (zero-weight) and stays out of the plan.
//
// The problems are those of the weights and of [Model.Validate]. What is
// wrong is left out of the model with a Problem, so that the rest can be
// planned; only a faulty Policy stays as it is, for [Solve] to refuse.
func Build(w *competency.Workforce, gaps iter.Seq[competency.Gap], weights map[competency.CompetencyID]float64, c Catalogue, p Policy) (*Model, bangkom.Problems) {
	needs, problems := needsOf(w, gaps, weights)
	m, more := (&Model{w, needs, c, p}).clean()
	problems = append(problems, more...)
	if _, rest := m.clean(); rest.Err() == nil {
		problems = append(problems, m.compile().audit()...)
	}
	return m, problems
}

// needsOf turns the gaps that are below into needs, by person and competency.
func needsOf(w *competency.Workforce, gaps iter.Seq[competency.Gap], weights map[competency.CompetencyID]float64) ([]Need, bangkom.Problems) {
	type cell struct {
		person int
		of     competency.CompetencyID
	}
	at := map[cell]int{}
	var needs []Need
	unweighted := map[competency.CompetencyID]int{}
	for g := range gaps {
		levels, known := g.Levels()
		if !known || levels <= 0 {
			continue
		}
		of := g.Required.Competency
		weight := weights[of]
		if !(weight > 0) || math.IsInf(weight, 0) {
			unweighted[of]++
			continue
		}
		key := cell{g.Person, of}
		i, again := at[key]
		if !again {
			i = len(needs)
			at[key] = i
			needs = append(needs, Need{Person: w.At(g.Person).ID, Of: of, Held: g.Attained.Level, Weight: weight})
		}
		needs[i].Gap = max(needs[i].Gap, float64(levels))
	}
	slices.SortFunc(needs, func(a, b Need) int { return cmp.Or(cmp.Compare(a.Person, b.Person), cmp.Compare(a.Of, b.Of)) })
	return needs, unweightedProblems(unweighted, weights)
}

func unweightedProblems(cells map[competency.CompetencyID]int, weights map[competency.CompetencyID]float64) bangkom.Problems {
	var ps bangkom.Problems
	for _, of := range sortedKeys(cells) {
		value := "absent"
		if x, ok := weights[of]; ok {
			value = fmt.Sprint(x)
		}
		ps.Add(bangkom.Problem{Code: "zero-weight", Where: "weights/" + string(of), Value: value,
			Msg:  fmt.Sprintf("a competency with %d gaps has no positive weight and is left out of the plan", cells[of]),
			Need: "rank the needs, or give it a weight"})
	}
	return ps
}

// Validate reports everything that keeps the model from meaning something, by path.
func (m *Model) Validate() bangkom.Problems {
	_, problems := m.clean()
	if problems.Err() == nil {
		problems = append(problems, m.compile().audit()...)
	}
	return problems
}
