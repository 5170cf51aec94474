package needs

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/stats/tally"
)

// ErrNoEvidence is the code with which [Rank] refuses a cube in which nobody
// has a valid assessment: without gaps there is nothing to rank.
var ErrNoEvidence = bangkom.Problem{Code: "no-gap-evidence"}

// TieRule says which rank equal scores share.
type TieRule string

const (
	Competition TieRule = "competition" // 1 2 2 4: one more than the number of items above
	Dense       TieRule = "dense"       // 1 2 2 3
	Mid         TieRule = "mid"         // 1 2.5 2.5 4
	Ordinal     TieRule = "ordinal"     // 1 2 3 4: ties by id
)

// Criticality says whether some gaps weigh more than others.
type Criticality string

const (
	AllAlike   Criticality = "none"     // every gap counts alike
	ByStandard Criticality = "standard" // a gap counts with the criticality of the requirement it is a gap of
)

// Options of a ranking. The zero value, or nil, is usable.
type Options struct {
	Ties        TieRule     // "": Competition
	Criticality Criticality // "": AllAlike
	Level       float64     // of the intervals; 0: 0.95
}

func (o *Options) checked() (Options, error) {
	var out Options
	if o != nil {
		out = *o
	}
	out.Ties = cmp.Or(out.Ties, Competition)
	out.Criticality = cmp.Or(out.Criticality, AllAlike)
	out.Level = cmp.Or(out.Level, 0.95)
	refuse := func(where, value, need string) (Options, error) {
		return out, bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "needs: " + where, Value: value, Msg: "no such option", Need: need}
	}
	if !slices.Contains([]TieRule{Competition, Dense, Mid, Ordinal}, out.Ties) {
		return refuse("Ties", string(out.Ties), "competition, dense, mid or ordinal")
	}
	if !slices.Contains([]Criticality{AllAlike, ByStandard}, out.Criticality) {
		return refuse("Criticality", string(out.Criticality), "none or standard")
	}
	if !(out.Level > 0 && out.Level < 1) {
		return refuse("Level", fmt.Sprint(out.Level), "a level in (0, 1), such as 0.95")
	}
	return out, nil
}

// A Ranking is a needs list with all that was decided to make it.
type Ranking struct {
	Method      string              `json:"method"`
	Unit        string              `json:"unit"` // of the scores
	Criticality Criticality         `json:"criticality"`
	Ties        TieRule             `json:"ties"`
	Policy      string              `json:"policy"` // for missing data
	Scale       tally.Shape         `json:"scale"`
	Want        Want                `json:"want"`
	Job         competency.Job      `json:"job"`               // which job was compared with, if levels are required
	Segment     []string            `json:"segment,omitempty"` // which part; one node per dimension
	People      int                 `json:"people"`            // with at least one cell
	Coverage    competency.Coverage `json:"coverage"`          // of all items
	Items       []Ranked            `json:"items"`             // by score, then id; those without a score last
	Problems    bangkom.Problems    `json:"problems,omitempty"`
}

// Ranked is one item of a ranking.
type Ranked struct {
	Item  competency.CompetencyID `json:"id"`
	Rank  float64                 `json:"rank"` // 1 is the greatest need; 0, and null in JSON: none, for want of data
	Score bangkom.Estimate        `json:"score"`
	Exact bool                    `json:"exact"` // ties were decided in exact arithmetic

	// What to read beside any score, never weighed.
	ShareBelow  bangkom.Estimate    `json:"share_below"` // Wilson's interval
	Shortfall   bangkom.Estimate    `json:"shortfall"`   // missing levels per person assessed
	Depth       bangkom.Estimate    `json:"depth"`       // missing levels per person below
	NR          uint64              `json:"nr"`          // people below the wanted level
	PR          uint64              `json:"pr"`          // people above it
	TR          uint64              `json:"tr"`          // people at it
	Coverage    competency.Coverage `json:"coverage"`    // met, below, not assessed, expired
	Criticality float64             `json:"criticality"` // mean of the requirements of those assessed; NaN, and null in JSON: nobody
}

// Rank scores every item by the method and orders them, the greatest need
// first. Scores are compared as exact fractions, so items tie if and only if
// they are equal. It refuses with [ErrNoEvidence] where nobody has a valid
// assessment, and with ErrOption.
func Rank(c *Cube, m Method, opt *Options) (*Ranking, error) {
	o, err := opt.checked()
	if err != nil {
		return nil, err
	}
	if m.m == nil {
		return nil, bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "needs: Method", Msg: "no method", Need: "one of needs.Methods()"}
	}
	r := &Ranking{
		Method: m.String(), Unit: m.m.Unit, Criticality: o.Criticality, Ties: o.Ties, Policy: policy, Scale: c.frame.Scale, Want: c.frame.Want, Job: c.frame.Job,
		Segment: slices.Clone(c.segment), People: c.People(), Coverage: c.Coverage(), Problems: slices.Clone(c.notes),
	}
	if r.Coverage.Known() == 0 {
		return nil, bangkom.Problem{Code: ErrNoEvidence.Code, Value: fmt.Sprintf("%d not assessed, %d expired", r.Coverage.NotAssessed, r.Coverage.Expired),
			Msg: "needs: nobody has a valid assessment: nothing to rank", Need: "valid assessments of people whose job has a standard"}
	}
	if o.Criticality == ByStandard {
		r.Unit += " × criticality"
	}
	scores, err := r.score(c, m.m, o)
	if err != nil {
		return nil, err
	}
	r.order(scores, o.Ties)
	r.Problems.Add(bangkom.Problem{Code: "no-rank-uncertainty", Severity: bangkom.Note, Msg: "the intervals are of single scores: they do not say how sure the ranks are",
		Need: "resampling of people over all items together"})
	return r, nil
}

// policy names how cells without a level are treated: each item over the
// people in whom both sides are known.
const policy = "pairwise"

// score fills the items in the order of the frame, with their exact scores by id.
func (r *Ranking) score(c *Cube, m *method, o Options) (map[competency.CompetencyID]*big.Rat, error) {
	scores := map[competency.CompetencyID]*big.Rat{}
	for i, id := range c.frame.Items {
		j := c.joint(i)
		s := j.pairs().Sums()
		item := Ranked{
			Item: id, Exact: true, NR: uint64(s.Below), PR: uint64(s.Above), TR: uint64(s.Equal), Coverage: j.coverage(), Criticality: j.criticality(),
			ShareBelow: j.share(o.Level), Shortfall: j.moments(positive, false).estimate(o.Level), Depth: j.depth(o.Level),
		}
		scores[id], item.Score = m.score(j, o.Level, o.Criticality == ByStandard)
		dropped := bangkom.Missing{Policy: policy, Dropped: item.Coverage.NotAssessed + item.Coverage.Expired}
		item.Score.Missing, item.ShareBelow.Missing, item.Shortfall.Missing = dropped, dropped, dropped
		if j.err != nil {
			return nil, j.err
		}
		switch {
		case item.Coverage.Cells() == 0:
			r.Problems.Add(bangkom.Problem{Code: "not-wanted", Severity: bangkom.Note, Where: string(id), Msg: "nobody is asked for it here: not ranked"})
		case scores[id] == nil:
			r.Problems.Add(bangkom.Problem{Code: "no-data", Severity: bangkom.Warning, Where: string(id), Msg: "nobody with a valid assessment: not ranked",
				Need: fmt.Sprintf("assessments of the %d people counted as not assessed or expired", item.Coverage.Cells())})
		}
		r.Items = append(r.Items, item)
	}
	return scores, nil
}

// order sorts the items and gives them their ranks.
func (r *Ranking) order(scores map[competency.CompetencyID]*big.Rat, ties TieRule) {
	higher := func(a, b competency.CompetencyID) int { // a negative number: a before b
		x, y := scores[a], scores[b]
		if x == nil || y == nil {
			return cmp.Compare(unscored(x), unscored(y))
		}
		return y.Cmp(x)
	}
	slices.SortFunc(r.Items, func(a, b Ranked) int {
		return cmp.Or(higher(a.Item, b.Item), cmp.Compare(a.Item, b.Item))
	})
	groups := 0
	for from := 0; from < len(r.Items) && scores[r.Items[from].Item] != nil; {
		to := from + 1
		for to < len(r.Items) && higher(r.Items[from].Item, r.Items[to].Item) == 0 {
			to++
		}
		groups++
		for i := from; i < to; i++ {
			r.Items[i].Rank = ties.rank(from, to, groups, i)
		}
		from = to
	}
}

func unscored(x *big.Rat) int {
	if x == nil {
		return 1
	}
	return 0
}

// rank of place i in a group of equals at the places from..to-1, the group-th.
func (t TieRule) rank(from, to, group, i int) float64 {
	switch t {
	case Dense:
		return float64(group)
	case Mid:
		return float64(from+to+1) / 2
	case Ordinal:
		return float64(i + 1)
	}
	return float64(from + 1)
}

// Weights are the scores by competency: what the planner reads. A competency
// without a score is absent, because unknown is not zero; one with a score
// below zero, a surplus, has the weight 0.
func (r *Ranking) Weights() map[competency.CompetencyID]float64 {
	w := map[competency.CompetencyID]float64{}
	for _, item := range r.Items {
		if item.Rank > 0 {
			w[item.Item] = max(item.Score.Value, 0)
		}
	}
	return w
}

// MarshalJSON writes an absent rank and an unknown criticality as null.
func (r Ranked) MarshalJSON() ([]byte, error) {
	type plain Ranked
	out := struct {
		plain
		Rank        *float64 `json:"rank"`
		Criticality *float64 `json:"criticality"`
	}{plain: plain(r)}
	if r.Rank > 0 {
		out.Rank = &r.Rank
	}
	if !math.IsNaN(r.Criticality) {
		out.Criticality = &r.Criticality
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (r *Ranked) UnmarshalJSON(data []byte) error {
	type plain Ranked
	p := plain{Criticality: math.NaN()} // null leaves a field as it is
	if err := json.Unmarshal(data, &p); err != nil {
		return err
	}
	*r = Ranked(p)
	return nil
}

var wants = []string{"importance", "required"}

// MarshalText writes "importance" or "required".
func (w Want) MarshalText() ([]byte, error) {
	if int(w) >= len(wants) {
		return nil, fmt.Errorf("needs: no want %d", uint8(w))
	}
	return []byte(wants[w]), nil
}

// UnmarshalText reads what MarshalText wrote.
func (w *Want) UnmarshalText(text []byte) error {
	i := slices.Index(wants, string(text))
	if i < 0 {
		return fmt.Errorf("needs: unknown want %q", text)
	}
	*w = Want(i)
	return nil
}
