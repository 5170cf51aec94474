package needs

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/internal/word"
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
	Ties        TieRule       // "": Competition
	Criticality Criticality   // "": AllAlike
	Missing     MissingPolicy // zero: Pairwise
	Weights     *Weights      // of segments; nil: all 1. An answer's own weight comes on top if the frame is weighted
	TopK        int           // "among the first k"; 0: 5
	Level       float64       // of the intervals; 0: 0.95
	Interval    string        // of the scores; "": delta method and Student's t, Wilson for shares; "jackknife"; "bootstrap"
	Resamples   int           // 0: exact up to 10 people without strata, else 2,000 or fewer if there are very many rows; < 0: none
	Seed        uint64        // of the resampling; the same on any number of cores
	Cluster     string        // a dimension whose segments are drawn as a whole; "": all answers about one person are
	Strata      string        // a dimension within whose segments is drawn; "": none
	Adjust      Adjustment    // of the p-values for their number; "": Holm
	StableFrom  float64       // probability from which a rank may be spoken of; 0: 0.9

	RequiredAsImportance bool // let methods that read an importance read required levels
}

func (o *Options) checked() (Options, error) {
	var out Options
	if o != nil {
		out = *o
	}
	out.Ties = cmp.Or(out.Ties, Competition)
	out.Criticality = cmp.Or(out.Criticality, AllAlike)
	out.Level = cmp.Or(out.Level, 0.95)
	out.TopK = cmp.Or(out.TopK, 5)
	out.Adjust = cmp.Or(out.Adjust, Holm)
	out.StableFrom = cmp.Or(out.StableFrom, 0.9)
	refuse := func(where, value, need string) (Options, error) {
		return out, bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "needs: " + where, Value: value, Msg: "no such option", Need: need}
	}
	switch {
	case !slices.Contains([]TieRule{Competition, Dense, Mid, Ordinal}, out.Ties):
		return refuse("Ties", string(out.Ties), "competition, dense, mid or ordinal")
	case !slices.Contains([]Criticality{AllAlike, ByStandard}, out.Criticality):
		return refuse("Criticality", string(out.Criticality), "none or standard")
	case !(out.Level > 0 && out.Level < 1):
		return refuse("Level", fmt.Sprint(out.Level), "a level in (0, 1), such as 0.95")
	case out.TopK < 1:
		return refuse("TopK", fmt.Sprint(out.TopK), "at least 1")
	case !slices.Contains([]string{"", "delta", "jackknife", "bootstrap"}, out.Interval):
		return refuse("Interval", out.Interval, "delta, jackknife or bootstrap")
	case out.Interval == "bootstrap" && out.Resamples < 0:
		return refuse("Interval", out.Interval, "resamples, for a bootstrap interval")
	case out.Resamples > maxResamples:
		return refuse("Resamples", fmt.Sprint(out.Resamples), fmt.Sprintf("at most %d", maxResamples))
	case !slices.Contains(adjustments, out.Adjust):
		return refuse("Adjust", string(out.Adjust), "holm, hochberg, bh, by, bonferroni or none")
	case !(out.StableFrom > 0.5 && out.StableFrom <= 1):
		return refuse("StableFrom", fmt.Sprint(out.StableFrom), "a probability above 0.5")
	case out.Missing.name == "person-mean" && !(out.Missing.minShare > 0 && out.Missing.minShare <= 1):
		return refuse("Missing", out.Missing.String(), "a share in (0, 1]")
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
	Job         competency.Job      `json:"job"`                 // which job was compared with, if levels are required
	Segment     []string            `json:"segment,omitempty"`   // which part; one node per dimension
	Sources     []competency.Source `json:"sources,omitempty"`   // whose answers, pooled; none: without names
	Published   bool                `json:"published,omitempty"` // see Published: who did not answer is not counted
	People      int                 `json:"people"`              // with at least one cell
	Coverage    competency.Coverage `json:"coverage"`            // of all items
	TopK        int                 `json:"top_k"`
	Adjust      Adjustment          `json:"adjust"`
	Weighting   *WeightNote         `json:"weighting,omitempty"`  // nil: all 1
	Resampling  *Resampling         `json:"resampling,omitempty"` // nil: none
	Items       []Ranked            `json:"items"`                // by score, then id; those without a score last
	Problems    bangkom.Problems    `json:"problems,omitempty"`
}

// Ranked is one item of a ranking.
type Ranked struct {
	Item  competency.CompetencyID `json:"id"`
	Rank  float64                 `json:"rank"` // 1 is the greatest need; 0, and null in JSON: none, for want of data
	Score bangkom.Estimate        `json:"score"`
	Exact bool                    `json:"exact"` // ties were decided in exact arithmetic

	// How sure the rank is. Without rows all are absent: zero, NaN, and null in JSON.
	RankCI    [2]int     `json:"rank_ci"`  // interval of this item's rank, from resampling
	RankSet   [2]int     `json:"rank_set"` // ranks that cannot be excluded, for all items at once
	PFirst    float64    `json:"p_first"`  // of being first; ties count for each
	PTop      float64    `json:"p_top"`    // of being among the first TopK
	Stable    bool       `json:"stable"`   // "first", "among the first k" or "not among them" holds with probability StableFrom
	Resampled *Resampled `json:"resampled,omitempty"`

	// Whether there is a gap at all: the exact two-sided sign test, and its p
	// adjusted for the number of items.
	P    float64 `json:"p"`
	PAdj float64 `json:"p_adj"`

	// What to read beside any score, never weighed.
	ShareBelow  bangkom.Estimate    `json:"share_below"`      // Wilson's interval
	Shortfall   bangkom.Estimate    `json:"shortfall"`        // missing levels per person assessed
	Depth       bangkom.Estimate    `json:"depth"`            // missing levels per person below
	NR          uint64              `json:"nr"`               // people below the wanted level
	PR          uint64              `json:"pr"`               // people above it
	TR          uint64              `json:"tr"`               // people at it
	Coverage    competency.Coverage `json:"coverage"`         // met, below, not assessed, expired
	Criticality float64             `json:"criticality"`      // mean of the requirements of those assessed; NaN, and null in JSON: nobody, or not published
	Detail      any                 `json:"detail,omitempty"` // the method's own, such as a BorichDetail

	// Nothing of the item may be published: all else is absent, and null in JSON.
	Suppressed bool `json:"suppressed,omitempty"`

	place int // competition rank, whatever the tie rule; 0: none
}

// Rank scores every item by the method and orders them, the greatest need
// first. Scores are compared as exact fractions, so items tie if and only if
// they are equal. It refuses with [ErrNoEvidence] where nobody has a valid
// assessment, and with ErrOption; methods that are not defined for the cube or
// the policy refuse with a code of their own.
//
// # How sure
//
// The intervals treat the assessed people as a sample: of those not yet
// assessed, or of a workforce that changes. They say nothing about whether
// the assessed differ from the rest, and nothing about the error of the
// assessments.
//
// A ranking of answers says how sure each rank is: people are drawn again,
// all that is said about one person together, up to ten people exactly. The
// result has the probability of being first and among the first k, an interval
// of the rank, ranks that cannot be excluded for all items at once, and
// [Ranked].Stable: whether a rank should be spoken of at all. The same seed
// gives the same bytes on any number of cores. Cubes of counts, and those of
// [GapCube], keep no rows: tables of one item each cannot tell how sure an
// order is, and a note says so.
func Rank(c *Cube, m Method, opt *Options) (*Ranking, error) {
	if c == nil {
		return nil, bangkom.Problem{Code: ErrNoEvidence.Code, Msg: "no cube to rank", Need: "count gaps or answers first"}
	}
	o, err := opt.checked()
	if err != nil {
		return nil, err
	}
	if m.m == nil {
		return nil, noMethod()
	}
	if err := cmp.Or(m.m.allows(c, &o), o.Weights.check(c)); err != nil {
		return nil, err
	}
	joints := c.joints()
	used, left := c, joints // what the policy leaves
	if o.Missing == Listwise {
		if used, err = c.complete(); err != nil {
			return nil, err
		}
		left = used.joints()
	}
	r := newRanking(c, m.m, &o)
	r.Coverage, r.Problems = c.coverage(joints), slices.Clone(used.notes)
	if r.Coverage.Known() == 0 {
		return nil, bangkom.Problem{Code: ErrNoEvidence.Code, Value: fmt.Sprintf("%d not assessed, %d expired", r.Coverage.NotAssessed, r.Coverage.Expired),
			Msg: "needs: nobody has a valid assessment: nothing to rank", Need: "valid assessments of people whose job has a standard"}
	}
	if o.Criticality == ByStandard {
		r.Unit += " × criticality"
	}
	if len(r.Sources) > 1 {
		r.Problems.Add(bangkom.Problem{Code: "sources-pooled", Severity: bangkom.Note, Value: joinSources(r.Sources), Msg: "the pairs of several sources are counted together", Need: "Cube.From, to see each apart"})
	}
	views, err := used.views(left, &o)
	if err != nil {
		return nil, err
	}
	r.Weighting = noteWeights(used, &o)
	scores := r.score(c.frame.Items, m.m, joints, views, &o)
	if m.m.details != nil {
		for i, d := range m.m.details(views, r, o) {
			r.Items[i].Detail = d
		}
	}
	if err := r.uncertainty(used, m.m, scores, views, &o); err != nil {
		return nil, err
	}
	r.adjust(o.Adjust)
	r.order(scores, o.Ties)
	r.orderAbove(c.frame.Items)
	r.stability(&o)
	return r, nil
}

func noMethod() error {
	return bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "needs: Method", Msg: "no method", Need: "one of needs.Methods()"}
}

// newRanking has what was decided, and no items yet.
func newRanking(c *Cube, m *method, o *Options) *Ranking {
	return &Ranking{
		Method: m.Name, Unit: m.Unit, Criticality: o.Criticality, Ties: o.Ties, Policy: o.Missing.String(), Scale: c.frame.Scale, Want: c.frame.Want, Job: c.frame.Job,
		Segment: slices.Clone(c.segment), Sources: c.Sources(), People: c.People(), TopK: o.TopK, Adjust: o.Adjust,
	}
}

func joinSources(s []competency.Source) string {
	var out []string
	for _, x := range s {
		out = append(out, string(x))
	}
	return strings.Join(out, ", ")
}

// score fills the items in the order of the frame, with their exact scores by id.
func (r *Ranking) score(items []competency.CompetencyID, m *method, joints []*joint, views []*view, o *Options) map[competency.CompetencyID]*fraction {
	r.Items = make([]Ranked, len(items))
	exact := make([]*fraction, len(items))
	onAllCores(len(items), 1, func() func(i, _ int) {
		return func(i, _ int) { r.Items[i], exact[i] = m.item(items[i], joints[i], views[i], o) }
	})
	scores := map[competency.CompetencyID]*fraction{}
	for i, id := range items {
		scores[id] = exact[i]
		switch cells := r.Items[i].Coverage.Cells(); {
		case cells == 0:
			r.Problems.Add(bangkom.Problem{Code: "not-wanted", Severity: bangkom.Note, Where: string(id), Msg: "nobody is asked for it here: not ranked"})
		case exact[i].x == nil:
			r.Problems.Add(bangkom.Problem{Code: "no-data", Severity: bangkom.Warning, Where: string(id), Msg: "nobody with a valid assessment: not ranked",
				Need: fmt.Sprintf("assessments of the %d people counted as not assessed or expired", cells)})
		}
	}
	return scores
}

// item is one item before it has a rank.
func (m *method) item(id competency.CompetencyID, all *joint, v *view, o *Options) (Ranked, *fraction) {
	j, s := v.joint, v.pairs.Sums()
	item := Ranked{
		Item: id, NR: uint64(s.Below), PR: uint64(s.Above), TR: uint64(s.Equal), Coverage: all.coverage(), Criticality: j.criticality(),
		ShareBelow: j.share(o.Level), Shortfall: j.moments(positive, false).estimate(o.Level), Depth: j.depth(o.Level),
		PFirst: math.NaN(), PTop: math.NaN(), P: signTest(uint64(s.Below), uint64(s.Above)),
	}
	var score *big.Rat
	score, item.Score = m.score(v, o)
	item.Exact = v.exact || o.Criticality == ByStandard
	dropped := bangkom.Missing{Policy: o.Missing.String(), Dropped: item.Coverage.Cells() - item.ShareBelow.N}
	item.ShareBelow.Missing, item.Shortfall.Missing = dropped, dropped
	dropped.Dropped = max(0, item.Coverage.Cells()-item.Score.N)
	item.Score.Missing = dropped
	return item, &fraction{score, item.Exact}
}

// A fraction is a score as it is compared: exactly, or within 1e-9 relative
// where weights or filled cells are no integers.
type fraction struct {
	x     *big.Rat // nil: none
	exact bool
}

// order sorts the items and gives them their ranks.
func (r *Ranking) order(scores map[competency.CompetencyID]*fraction, ties TieRule) {
	higher := func(a, b competency.CompetencyID) int { // a negative number: a before b
		x, y := scores[a].x, scores[b].x
		if x == nil || y == nil {
			return cmp.Compare(unscored(x), unscored(y))
		}
		return y.Cmp(x)
	}
	slices.SortFunc(r.Items, func(a, b Ranked) int {
		return cmp.Or(higher(a.Item, b.Item), cmp.Compare(a.Item, b.Item))
	})
	// Near is equal where nothing is exact; it is no order to sort by, but a
	// group of neighbours after sorting.
	same := func(a, b competency.CompetencyID) bool {
		return higher(a, b) == 0 || scores[a].x != nil && scores[b].x != nil && compareRat(scores[a].x, scores[b].x, scores[a].exact && scores[b].exact) == 0
	}
	groups := 0
	for from := 0; from < len(r.Items) && scores[r.Items[from].Item].x != nil; {
		to := from + 1
		for to < len(r.Items) && same(r.Items[from].Item, r.Items[to].Item) {
			to++
		}
		slices.SortFunc(r.Items[from:to], func(a, b Ranked) int { return cmp.Compare(a.Item, b.Item) })
		groups++
		for i := from; i < to; i++ {
			r.Items[i].Rank = ties.rank(from, to, groups, i)
			r.Items[i].place = from + 1
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

// MarshalJSON writes what is absent as null.
func (r Ranked) MarshalJSON() ([]byte, error) {
	if r.Suppressed {
		return json.Marshal(struct {
			Item       competency.CompetencyID `json:"id"`
			Rank       *int                    `json:"rank"`
			Score      *int                    `json:"score"`
			Suppressed bool                    `json:"suppressed"`
		}{Item: r.Item, Suppressed: true})
	}
	type plain Ranked
	out := struct {
		plain
		Rank        *float64 `json:"rank"`
		Criticality *float64 `json:"criticality"`
		RankCI      *[2]int  `json:"rank_ci"`
		RankSet     *[2]int  `json:"rank_set"`
		PFirst      *float64 `json:"p_first"`
		PTop        *float64 `json:"p_top"`
		P           *float64 `json:"p"`
		PAdj        *float64 `json:"p_adj"`
	}{plain: plain(r), Criticality: known(r.Criticality), PFirst: known(r.PFirst), PTop: known(r.PTop), P: known(r.P), PAdj: known(r.PAdj)}
	if r.Rank > 0 {
		out.Rank = &r.Rank
	}
	if r.RankCI[0] > 0 {
		out.RankCI = &r.RankCI
	}
	if r.RankSet[0] > 0 {
		out.RankSet = &r.RankSet
	}
	return json.Marshal(out)
}

// known is nil for a NaN.
func known(x float64) *float64 {
	if math.IsNaN(x) {
		return nil
	}
	return &x
}

// UnmarshalJSON reads what MarshalJSON wrote; a detail comes back as a map.
func (r *Ranked) UnmarshalJSON(data []byte) error {
	type plain Ranked
	nan := math.NaN() // null leaves a field as it is
	p := plain{Score: bangkom.Estimate{Value: nan, SE: nan}, Criticality: nan, PFirst: nan, PTop: nan, P: nan, PAdj: nan}
	if err := json.Unmarshal(data, &p); err != nil {
		return err
	}
	*r = Ranked(p)
	return nil
}

var wantWords = word.Of[Want]("want", "importance", "required")

// MarshalText writes "importance" or "required".
func (w Want) MarshalText() ([]byte, error) { return wantWords.Marshal(w) }

// UnmarshalText reads what MarshalText wrote.
func (w *Want) UnmarshalText(text []byte) error { return wantWords.Unmarshal(text, w) }
