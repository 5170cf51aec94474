package needs

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/internal/num"
)

// Resampling draws people, never items one by one: what one person says about
// two items hangs together, and ranks compare items. All raters of one person
// move together.
type Resampling struct {
	Method    string  `json:"method"`    // "bootstrap", or "exact bootstrap": every possible resample
	Resamples int     `json:"resamples"` // different ones, if exact
	Seed      uint64  `json:"seed"`
	Units     int     `json:"units"` // drawn with replacement: people, or clusters
	Cluster   string  `json:"cluster,omitempty"`
	Strata    string  `json:"strata,omitempty"`
	Tau       float64 `json:"tau"`                // mean Kendall τ_b of a resample's order to this one; NaN-free: 0 if none
	Critical  float64 `json:"critical,omitempty"` // first critical value of the rank sets; 0: there are none

	// Above is the probability that the item of the row lies strictly above the
	// item of the column, in the order of the ranking.
	Above [][]float64 `json:"above,omitempty"`
}

// Resampled is what the resamples say of one item. Mean to Hi are NaN, and null
// in JSON, where fewer than two resamples have a score; MeanRank where none has.
type Resampled struct {
	Mean        float64   `json:"mean"`
	SD          float64   `json:"sd"` // divisor n − 1; n if exact
	Lo          float64   `json:"lo"` // percentile interval: quantiles of type 7, of type 1 if exact
	Hi          float64   `json:"hi"`
	Ranks       []float64 `json:"ranks"`        // probability of each competition rank, from 1
	MeanRank    float64   `json:"mean_rank"`    // over the resamples in which it has a rank
	FirstShared float64   `json:"first_shared"` // probability of being first, shared among equals
	NoRank      float64   `json:"no_rank"`      // share of resamples without a pair of it
}

// MarshalJSON writes what is not known as null.
func (r Resampled) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Mean        *float64  `json:"mean"`
		SD          *float64  `json:"sd"`
		Lo          *float64  `json:"lo"`
		Hi          *float64  `json:"hi"`
		Ranks       []float64 `json:"ranks"`
		MeanRank    *float64  `json:"mean_rank"`
		FirstShared float64   `json:"first_shared"`
		NoRank      float64   `json:"no_rank"`
	}{known(r.Mean), known(r.SD), known(r.Lo), known(r.Hi), r.Ranks, known(r.MeanRank), r.FirstShared, r.NoRank})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (r *Resampled) UnmarshalJSON(data []byte) error {
	type plain Resampled
	nan := math.NaN() // null leaves a field as it is
	p := plain{Mean: nan, SD: nan, Lo: nan, Hi: nan, MeanRank: nan}
	if err := json.Unmarshal(data, &p); err != nil {
		return err
	}
	*r = Resampled(p)
	return nil
}

const (
	exactUnits       = 10
	defaultResamples = 2000
	maxResamples     = 1_000_000
	maxVisits        = 1 << 31 // pairs, by default
)

// A unit is drawn as a whole.
type unit struct {
	stratum int
	rows    []*row
}

// sortedRows are the rows in an order that does not depend on how they came.
func (c *Cube) sortedRows() []*row {
	out := make([]*row, len(c.rows.list))
	for i := range out {
		out[i] = &c.rows.list[i]
	}
	slices.SortStableFunc(out, compareRows)
	return out
}

func compareRows(a, b *row) int {
	return cmp.Or(bytes.Compare(a.cells, b.cells), cmp.Compare(a.source, b.source), cmp.Compare(a.weight, b.weight), slices.Compare(a.nodes, b.nodes))
}

// units groups the rows by person or cluster, and sorts them by stratum and
// content, so that neither names nor the order of arrival matter.
func (c *Cube) units(o *Options) ([]unit, error) {
	dimension := func(what, name string) (int, error) {
		k := slices.IndexFunc(c.trees, func(t tree) bool { return t.name == name })
		if k < 0 && name != "" {
			return k, bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "needs: " + what, Value: name, Msg: "no such dimension", Need: "one of Frame.By"}
		}
		return k, nil
	}
	cluster, err := dimension("Cluster", o.Cluster)
	if err != nil {
		return nil, err
	}
	strata, err := dimension("Strata", o.Strata)
	if err != nil {
		return nil, err
	}
	var list []unit
	var names []string // of the strata
	byKey, byWho := map[string]int{}, map[*visit]int{}
	for _, r := range c.sortedRows() {
		stratum := ""
		if strata >= 0 {
			stratum = r.nodes[strata]
		}
		key := r.person
		if cluster >= 0 {
			key = string(appendKey(nil, r.nodes[cluster], stratum))
		}
		i, ok := byKey[key]
		if key == "" {
			i, ok = byWho[r.who]
			ok = ok && r.who != nil
		}
		if !ok {
			i = len(list)
			list = append(list, unit{})
			names = append(names, stratum)
			byKey[key], byWho[r.who] = i, i
		}
		list[i].rows = append(list[i].rows, r)
		names[i] = min(names[i], stratum) // of somebody in two
	}
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		return cmp.Or(cmp.Compare(names[i], names[j]), slices.CompareFunc(list[i].rows, list[j].rows, compareRows))
	})
	out := make([]unit, len(list))
	for to, i := range order {
		out[to] = list[i]
		switch {
		case to == 0:
		case names[i] == names[order[to-1]]:
			out[to].stratum = out[to-1].stratum
		default:
			out[to].stratum = out[to-1].stratum + 1
		}
	}
	return out, nil
}

// A plan is a set of resamples: which units are drawn in the b-th.
type plan struct {
	n       int
	weights []uint64 // nil: all 1
	draw    func(pcg *rand.PCG, b int, drawn []uint32)
	method  string
}

func (p *plan) weight(b int) uint64 {
	if p.weights == nil {
		return 1
	}
	return p.weights[b]
}

// newPlan enumerates where there are few people, and draws where there are many.
func newPlan(units []unit, o *Options, pairs int) *plan {
	strata := units[len(units)-1].stratum + 1
	if o.Resamples == 0 && strata == 1 && len(units) <= exactUnits {
		return enumerate(len(units))
	}
	n := o.Resamples
	if n == 0 {
		n = max(200, min(defaultResamples, maxVisits/max(1, pairs)))
	}
	bounds := []int{0} // of the strata
	for i := 1; i < len(units); i++ {
		if units[i].stratum != units[i-1].stratum {
			bounds = append(bounds, i)
		}
	}
	bounds = append(bounds, len(units))
	seed := o.Seed
	return &plan{n: n, method: "bootstrap", draw: func(pcg *rand.PCG, b int, drawn []uint32) {
		pcg.Seed(seed, uint64(b)) // a stream of its own, whoever draws it
		for s, from := range bounds[:len(bounds)-1] {
			num.Draw(pcg, uint32(from), drawn[from:bounds[s+1]])
		}
	}}
}

// enumerate lists all ways to draw n out of n with replacement, C(2n−1, n) of
// them, with the number of orders in which each comes.
func enumerate(n int) *plan {
	all, orders := num.Resamples(n)
	return &plan{method: "exact bootstrap", n: len(all), weights: orders, draw: func(_ *rand.PCG, b int, drawn []uint32) {
		at := 0
		for u, times := range all[b] {
			for range times {
				drawn[at] = uint32(u)
				at++
			}
		}
	}}
}

// uncertainty resamples the people of the cube.
func (r *Ranking) uncertainty(c *Cube, m *method, scores map[competency.CompetencyID]*fraction, views []*view, o *Options) error {
	refuse := func(msg, need string) error {
		if o.Interval == "bootstrap" {
			return bangkom.Problem{Code: "needs-rows", Where: "needs: Interval", Value: o.Interval, Msg: msg, Need: need}
		}
		r.Problems.Add(bangkom.Problem{Code: "no-rank-uncertainty", Severity: bangkom.Note, Msg: "the intervals are of single scores, they do not say how sure the ranks are: " + msg, Need: need})
		return nil
	}
	switch {
	case o.Resamples < 0:
		return refuse("no resamples were asked for", "Options.Resamples")
	case c.rows.lost || len(c.rows.list) == 0:
		return refuse("no rows were kept", "answers, and Frame.Rows at least as large as the number of pairs")
	case o.Criticality == ByStandard:
		return refuse("gaps are weighed one by one", "Criticality none")
	}
	units, err := c.units(o)
	if err != nil {
		return err
	}
	if len(units) < 2 {
		return refuse("one person, or one cluster, cannot be resampled", "at least 2")
	}
	r.loneStrata(units)
	k := newKernel(c, m, units, o)
	p := newPlan(units, o, c.rows.pairs)
	all := k.run(p, m, scores, r.Items)
	r.report(all, p, o)
	r.Resampling = &Resampling{Method: p.method, Resamples: p.n, Seed: o.Seed, Units: len(units), Cluster: o.Cluster, Strata: o.Strata, Tau: all.meanTau(p), Above: all.matrix(p)}
	return r.rankSets(c, m, units, scores, views, o, p.n)
}

// loneStrata warns of strata in which nothing can vary.
func (r *Ranking) loneStrata(units []unit) {
	lone := 0
	for i := range units {
		if (i == 0 || units[i-1].stratum != units[i].stratum) && (i+1 == len(units) || units[i+1].stratum != units[i].stratum) {
			lone++
		}
	}
	if strata := units[len(units)-1].stratum + 1; lone > 0 && strata > 1 {
		r.Problems.Add(bangkom.Problem{Code: "lone-stratum", Severity: bangkom.Warning, Value: fmt.Sprintf("%d of %d", lone, strata), Msg: "strata with one unit do not vary in any resample: the uncertainty is too small", Need: "wider strata"})
	}
}

func (p *plan) total() float64 {
	if p.weights == nil {
		return float64(p.n)
	}
	var s uint64
	for _, w := range p.weights {
		s += w
	}
	return float64(s)
}

func (r *replicas) meanTau(p *plan) float64 {
	var s, n float64
	for b, t := range r.tau {
		if !math.IsNaN(t) {
			w := float64(p.weight(b))
			s += w * t
			n += w
		}
	}
	if n == 0 {
		return 0
	}
	return s / n
}

func (r *replicas) matrix(p *plan) [][]float64 {
	n := p.total()
	out := make([][]float64, r.k)
	for i := range out {
		out[i] = make([]float64, r.k)
		for j := range out[i] {
			out[i][j] = float64(r.above[i*r.k+j]) / n
		}
	}
	return out
}

// report writes what the resamples say into the items, in the order of the frame.
func (r *Ranking) report(all *replicas, p *plan, o *Options) {
	n := p.total()
	onAllCores(len(r.Items), 1, func() func(i, _ int) {
		scratch := make([]float64, 0, p.n)
		return func(i, _ int) {
			if !math.IsNaN(all.point[i]) {
				r.reportItem(i, n, all, p, o, scratch)
			}
		}
	})
}

func (r *Ranking) reportItem(i int, n float64, all *replicas, p *plan, o *Options, scratch []float64) {
	item, k := &r.Items[i], all.k
	ranked := n - float64(all.without[i])
	s := &Resampled{NoRank: float64(all.without[i]) / n, Ranks: make([]float64, k)}
	hist := all.ranks[i*k : (i+1)*k]
	var top, sum float64
	for x, c := range hist {
		s.Ranks[x] = float64(c) / n
		sum += float64(c) * float64(x+1)
		if x < o.TopK {
			top += float64(c)
		}
	}
	s.MeanRank = sum / ranked
	for e, c := range all.shared[i*k : (i+1)*k] {
		s.FirstShared += float64(c) / float64(e+1) / n
	}
	s.Mean, s.SD, s.Lo, s.Hi = distribution(all.scores[i], p, o.Level, scratch)
	item.PFirst, item.PTop, item.Resampled = float64(hist[0])/n, top/n, s
	if ranked > 0 {
		item.RankCI = [2]int{rankQuantile(hist, (1-o.Level)/2), rankQuantile(hist, (1+o.Level)/2)}
	}
	item.Detail = withTarget(item.Detail, float64(all.target[i])/n)
	if o.Interval == "bootstrap" {
		item.Score.SE = s.SD
		item.Score.CI = bangkom.Interval{Lo: s.Lo, Hi: s.Hi, Level: o.Level, Method: "percentile, " + p.method}
		item.Score.Warnings = slices.DeleteFunc(item.Score.Warnings, func(p bangkom.Problem) bool { return p.Code == "needs-pairs" })
		if math.IsNaN(s.Lo) {
			item.Score.CI = bangkom.Interval{}
			item.Score.Warnings.Add(bangkom.Problem{Code: bangkom.ErrTooFew.Code, Severity: bangkom.Warning, Value: fmt.Sprint(p.n), Msg: "fewer than two resamples have a score: no interval", Need: "more resamples, or more people assessed"})
		}
	}
}

func withTarget(detail any, p float64) any {
	switch d := detail.(type) {
	case IPADetail:
		d.PTarget = &p
		return d
	case LocusDetail:
		d.PTarget = &p
		return d
	}
	return detail
}

// target is the share of resamples in a method's first class; nil: none.
func target(detail any) *float64 {
	switch d := detail.(type) {
	case IPADetail:
		return d.PTarget
	case LocusDetail:
		return d.PTarget
	}
	return nil
}

// rankQuantile is the smallest rank that at least a share q of the resamples do not exceed.
func rankQuantile(hist []uint64, q float64) int {
	var n, sum uint64
	for _, c := range hist {
		n += c
	}
	for x, c := range hist {
		sum += c
		if c > 0 && float64(sum) >= q*float64(n)*(1-1e-15) {
			return x + 1
		}
	}
	return len(hist)
}

// distribution gives mean, sd and percentiles of the scores that are numbers.
// Equal scores are joined by adding their integer weights, so that the order in
// which resamples are enumerated leaves no trace.
func distribution(scores []float64, p *plan, level float64, scratch []float64) (mean, sd, lo, hi float64) {
	if p.weights == nil {
		return plainDistribution(scores, level, scratch)
	}
	type value struct {
		x float64
		w uint64
	}
	v := make([]value, 0, len(scores))
	for b, x := range scores {
		if !math.IsNaN(x) {
			v = append(v, value{x, p.weights[b]})
		}
	}
	slices.SortFunc(v, func(a, b value) int { return compareFloat(a.x, b.x) })
	joined := v[:0]
	var n uint64
	for _, x := range v {
		n += x.w
		if k := len(joined); k > 0 && joined[k-1].x == x.x {
			joined[k-1].w += x.w
		} else {
			joined = append(joined, x)
		}
	}
	var s, ss float64
	for _, x := range joined {
		s += float64(x.w) * x.x
	}
	mean = s / float64(n)
	for _, x := range joined {
		ss += float64(x.w) * (x.x - mean) * (x.x - mean)
	}
	at := func(q float64) float64 {
		var sum uint64
		for _, x := range joined {
			if sum += x.w; float64(sum) >= q*float64(n)*(1-1e-15) {
				return x.x
			}
		}
		return math.NaN()
	}
	return mean, math.Sqrt(ss / float64(n)), at((1 - level) / 2), at((1 + level) / 2)
}

func plainDistribution(scores []float64, level float64, scratch []float64) (mean, sd, lo, hi float64) {
	v := scratch[:0]
	var s float64
	for _, x := range scores {
		if !math.IsNaN(x) {
			v = append(v, x)
			s += x
		}
	}
	if len(v) < 2 {
		nan := math.NaN()
		return nan, nan, nan, nan
	}
	n := float64(len(v))
	mean = s / n
	var ss float64
	for _, x := range v {
		ss += (x - mean) * (x - mean)
	}
	return mean, math.Sqrt(ss / (n - 1)), num.QuantileOf(v, (1-level)/2), num.QuantileOf(v, (1+level)/2)
}

// orderAbove brings the matrix from the order of the frame to that of the ranking.
func (r *Ranking) orderAbove(frame []competency.CompetencyID) {
	if r.Resampling == nil {
		return
	}
	old := r.Resampling.Above
	at := map[competency.CompetencyID]int{}
	for i, id := range frame {
		at[id] = i
	}
	out := make([][]float64, len(old))
	for i, a := range r.Items {
		for _, b := range r.Items {
			out[i] = append(out[i], old[at[a.Item]][at[b.Item]])
		}
	}
	r.Resampling.Above = out
}

// stability says of which ranks one may speak.
func (r *Ranking) stability(o *Options) {
	ranked := 0
	for i := range r.Items {
		if r.Items[i].Rank > 0 {
			ranked++
		}
	}
	for i := range r.Items {
		x := &r.Items[i]
		if x.Resampled == nil || x.Rank == 0 {
			continue
		}
		switch {
		case x.place == 1:
			x.Stable = x.PFirst >= o.StableFrom
		case o.TopK >= ranked: // all are among the first k, always
		case x.place <= o.TopK:
			x.Stable = x.PTop >= o.StableFrom
		default:
			x.Stable = 1-x.PTop >= o.StableFrom
		}
	}
}
