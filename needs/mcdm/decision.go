package mcdm

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
)

// A DecisionTable says for each combination of criteria whether to train: the
// DIF analysis (difficulty, importance, frequency) and, with thresholds on mean
// ratings, DACUM. It is data with a source; there is no default, because no
// table was found that all agree on. [DIFExample] is an example.
type DecisionTable struct {
	Name     string      `json:"name"`
	Source   string      `json:"source"`
	Criteria []Criterion `json:"criteria"`
	Rules    []Rule      `json:"rules"` // every combination once
}

// A Criterion has two or three levels, from low to high, parted by cuts of the
// mean rating: a mean at a cut belongs to the higher level.
type Criterion struct {
	Name   string    `json:"name"`
	Levels []string  `json:"levels"`
	Cuts   []float64 `json:"cuts,omitempty"` // one less than levels, ascending; none: only [DecisionTable.Decide]
}

// A Rule is one combination, a level per criterion, and the decision.
type Rule struct {
	When     []string `json:"when"`
	Decision string   `json:"decision"` // "overtrain", "train" or "none"
}

// The decisions of a table.
const (
	Overtrain  = "overtrain"
	Train      = "train"
	NoTraining = "none"
)

// DIFExample is an example of a table, not a recommendation.
func DIFExample() *DecisionTable {
	t := &DecisionTable{Name: "DIF, two levels", Source: "example"}
	for _, n := range []string{"difficulty", "importance", "frequency"} {
		t.Criteria = append(t.Criteria, Criterion{Name: n, Levels: []string{"low", "high"}})
	}
	for i := range 8 {
		var when []string
		for b := range 3 {
			when = append(when, t.Criteria[b].Levels[i>>(2-b)&1])
		}
		difficult, important, frequent := when[0] == "high", when[1] == "high", when[2] == "high"
		d := NoTraining
		switch {
		case difficult && important && !frequent:
			d = Overtrain
		case difficult && (important || frequent):
			d = Train
		case difficult || important:
			d = Train
		}
		t.Rules = append(t.Rules, Rule{when, d})
	}
	return t
}

// ReadDecisionTable reads a table as JSON and checks it.
func ReadDecisionTable(r io.Reader) (*DecisionTable, error) {
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	var t DecisionTable
	if err := d.Decode(&t); err != nil {
		return nil, bangkom.Problem{Code: "decision-table", Msg: "mcdm: no decision table: " + err.Error()}
	}
	if err := t.Validate().Err(); err != nil {
		return nil, err
	}
	return &t, nil
}

// Validate finds what is wrong: a table is total, and says everything once.
func (t *DecisionTable) Validate() bangkom.Problems {
	var ps bangkom.Problems
	report := func(where, value, msg string) {
		ps.Add(bangkom.Problem{Code: "decision-table", Where: where, Value: value, Msg: "mcdm: " + msg})
	}
	if t.Source == "" {
		report("source", "", "a table without a source")
	}
	if len(t.Criteria) == 0 || len(t.Criteria) > 6 {
		report("criteria", fmt.Sprint(len(t.Criteria)), "one to six criteria")
		return ps
	}
	want := 1
	for i, c := range t.Criteria {
		where := fmt.Sprintf("criteria[%d]", i)
		if c.Name == "" || len(c.Levels) < 2 || len(c.Levels) > 3 {
			report(where, c.Name, "a criterion has a name and two or three levels")
		}
		for k, l := range c.Levels {
			if l == "" || slices.Contains(c.Levels[:k], l) {
				report(where, l, "a level without a name of its own")
			}
		}
		if c.Cuts != nil && (len(c.Cuts) != len(c.Levels)-1 || !ascending(c.Cuts)) {
			report(where, fmt.Sprint(c.Cuts), "one cut less than levels, ascending")
		}
		want *= len(c.Levels)
	}
	seen := map[string]bool{}
	for i, r := range t.Rules {
		where := fmt.Sprintf("rules[%d]", i)
		if len(r.When) != len(t.Criteria) {
			report(where, fmt.Sprint(r.When), "a level for each criterion")
			continue
		}
		for k, l := range r.When {
			if !slices.Contains(t.Criteria[k].Levels, l) {
				report(where, l, "no level of "+t.Criteria[k].Name)
			}
		}
		if key := strings.Join(r.When, "\x00"); seen[key] {
			report(where, strings.Join(r.When, ", "), "a combination twice")
		} else {
			seen[key] = true
		}
		if !slices.Contains([]string{Overtrain, Train, NoTraining}, r.Decision) {
			report(where, r.Decision, "the decision is overtrain, train or none")
		}
	}
	if len(ps) == 0 && len(seen) != want {
		report("rules", fmt.Sprintf("%d of %d", len(seen), want), "not every combination has a rule")
	}
	return ps
}

func ascending(x []float64) bool {
	for i, v := range x {
		if math.IsNaN(v) || i > 0 && !(x[i-1] < v) {
			return false
		}
	}
	return true
}

// Decide looks up a combination, a level per criterion.
func (t *DecisionTable) Decide(levels ...string) (string, error) {
	for _, r := range t.Rules {
		if slices.Equal(r.When, levels) {
			return r.Decision, nil
		}
	}
	return "", bangkom.Problem{Code: "decision-table", Value: strings.Join(levels, ", "), Msg: "mcdm: the table has no such combination"}
}

// DecideMeans cuts mean ratings at the thresholds of the criteria and looks the
// combination up. An unknown mean, NaN, gives no decision.
func (t *DecisionTable) DecideMeans(means ...float64) (string, error) {
	if len(means) != len(t.Criteria) {
		return "", bangkom.Problem{Code: bangkom.ErrShape.Code, Value: fmt.Sprint(len(means)), Msg: fmt.Sprintf("mcdm: the table has %d criteria", len(t.Criteria))}
	}
	levels := make([]string, len(means))
	for i, m := range means {
		c := t.Criteria[i]
		if c.Cuts == nil || math.IsNaN(m) || math.IsInf(m, 0) {
			return "", bangkom.Problem{Code: "no-data", Where: c.Name, Value: fmt.Sprint(m), Msg: "mcdm: no cuts, or no rating"}
		}
		k := 0
		for k < len(c.Cuts) && m >= c.Cuts[k] {
			k++
		}
		levels[i] = c.Levels[k]
	}
	return t.Decide(levels...)
}
