package needs

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

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

// Resampled is what the resamples say of one item.
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

// A plan is a set of resamples: how often each unit is drawn in the b-th.
type plan struct {
	n       int
	weights []uint64 // nil: all 1
	draw    func(b int, counts []uint32)
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
	return &plan{n: n, method: "bootstrap", draw: func(b int, counts []uint32) {
		pcg := rand.NewPCG(seed, uint64(b))
		for s := range bounds[1:] {
			num.DrawCounts(pcg, counts[bounds[s]:bounds[s+1]])
		}
	}}
}

// enumerate lists all ways to draw n out of n with replacement, C(2n−1, n) of
// them, with the number of orders in which each comes.
func enumerate(n int) *plan {
	all, orders := num.Resamples(n)
	return &plan{method: "exact bootstrap", n: len(all), weights: orders, draw: func(b int, out []uint32) { copy(out, all[b]) }}
}

// A tallied resample is reduced to counts, which add in any order, and to what
// is kept for each replicate.
type replicas struct {
	k       int
	exact   bool        // sums are integers: ties are decided exactly
	scores  [][]float64 // item × replicate
	tau     []float64   // replicate
	ranks   []uint64    // item × rank
	above   []uint64    // item × item
	shared  []uint64    // item × number of equals at the first place
	target  []uint64    // item
	without []uint64    // item: no pairs
	point   []float64   // the scores of the data, for τ
	m       *method
}

func newReplicas(k int) *replicas {
	return &replicas{k: k, ranks: make([]uint64, k*k), above: make([]uint64, k*k), shared: make([]uint64, k*k), target: make([]uint64, k), without: make([]uint64, k)}
}

func (r *replicas) merge(o *replicas) {
	for _, p := range [][2][]uint64{{r.ranks, o.ranks}, {r.above, o.above}, {r.shared, o.shared}, {r.target, o.target}, {r.without, o.without}} {
		for i, x := range p[1] {
			p[0][i] += x
		}
	}
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
	all := k.run(p, scores, r.Items)
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
	var wg sync.WaitGroup
	n := p.total()
	for i := range r.Items {
		if !math.IsNaN(all.point[i]) {
			wg.Go(func() { r.reportItem(i, n, all, p, o) })
		}
	}
	wg.Wait()
}

func (r *Ranking) reportItem(i int, n float64, all *replicas, p *plan, o *Options) {
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
	s.Mean, s.SD, s.Lo, s.Hi = distribution(all.scores[i], p, o.Level)
	item.PFirst, item.PTop, item.Resampled = float64(hist[0])/n, top/n, s
	item.RankCI = [2]int{rankQuantile(hist, (1-o.Level)/2), rankQuantile(hist, (1+o.Level)/2)}
	item.Detail = withTarget(item.Detail, float64(all.target[i])/n)
	if o.Interval == "bootstrap" {
		item.Score.SE = s.SD
		item.Score.CI = bangkom.Interval{Lo: s.Lo, Hi: s.Hi, Level: o.Level, Method: "percentile, " + p.method}
		item.Score.Warnings = slices.DeleteFunc(item.Score.Warnings, func(p bangkom.Problem) bool { return p.Code == "needs-pairs" })
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
func distribution(scores []float64, p *plan, level float64) (mean, sd, lo, hi float64) {
	if p.weights == nil {
		return plainDistribution(scores, level)
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

func plainDistribution(scores []float64, level float64) (mean, sd, lo, hi float64) {
	v := make([]float64, 0, len(scores))
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
	slices.Sort(v)
	at := func(q float64) float64 { // type 7
		h := q * (n - 1)
		i := int(h)
		if i+1 >= len(v) {
			return v[len(v)-1]
		}
		return v[i] + (h-float64(i))*(v[i+1]-v[i])
	}
	return mean, math.Sqrt(ss / (n - 1)), at((1 - level) / 2), at((1 + level) / 2)
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

// A kernel holds what a resample adds up, one vector per unit.
type kernel struct {
	c     *Cube
	m     *method
	o     *Options
	k     int // items
	uses  []feature
	rows  []float64 // rows per unit, where every pair is known: n of every item
	units int

	words  int       // of four sums each; 0: the plain vectors below
	packed []uint64  // unit × words
	across []uint64  // word × units: the same, where no sum can overflow at all
	room   uint32    // draws until a sum of 16 bits could overflow
	plain  []float64 // unit × uses × items
}

// A feature is one of the sums; codes instead of values, so that none is negative.
type feature uint8

const (
	fN feature = iota
	fWant
	fHave
	fWantSq
	fWantHave
	fBelow
	fAbove
	fShort
	fWantN // of all who have this side
	fWantAll
	fHaveN
	fHaveAll
)

func (m *method) features(o *Options) []feature {
	switch {
	case o.Missing == AvailableMeans || o.Missing == PairImportanceAll:
		return []feature{fN, fWant, fHave, fWantN, fWantAll, fHaveN, fHaveAll}
	case m.reads != nil:
		return append([]feature{fN}, m.reads...)
	}
	return []feature{fN, fWant, fHave}
}

func newKernel(c *Cube, m *method, units []unit, o *Options) *kernel {
	k := &kernel{c: c, m: m, o: o, k: len(c.frame.Items), uses: m.features(o), units: len(units)}
	whole := !c.frame.Weighted && o.Weights == nil && o.Missing.name != "person-mean"
	if whole && k.complete(units) {
		k.uses = k.uses[1:] // n is the number of rows
		for _, u := range units {
			k.rows = append(k.rows, float64(len(u.rows)))
		}
	}
	lanes := len(k.uses) * k.k
	k.plain = make([]float64, len(units)*lanes)
	var q []point
	for i, u := range units {
		into := k.plain[i*lanes : (i+1)*lanes]
		for _, r := range u.rows {
			q = c.values(r, o.Missing, q)
			w := c.rowWeight(r, o)
			for j, x := range q {
				for f, what := range k.uses {
					into[f*k.k+j] += w * k.value(what, x)
				}
			}
		}
	}
	if whole {
		k.pack(lanes)
	}
	return k
}

func (k *kernel) complete(units []unit) bool {
	for _, u := range units {
		for _, r := range u.rows {
			if !r.complete() {
				return false
			}
		}
	}
	return true
}

func (k *kernel) value(f feature, x point) float64 {
	zero := float64(k.c.frame.Scale.First - 1) // the value of code 0
	w, h := x.want-zero, x.have-zero
	switch {
	case f == fWantN && x.hasWant || f == fHaveN && x.hasHave:
		return 1
	case f == fWantAll && x.hasWant:
		return w
	case f == fHaveAll && x.hasHave:
		return h
	case !x.hasWant || !x.hasHave:
		return 0
	}
	switch f {
	case fN:
		return 1
	case fWant:
		return w
	case fHave:
		return h
	case fWantSq:
		return w * w
	case fWantHave:
		return w * h
	case fShort:
		return max(0, w-h)
	case fBelow:
		return float64(below(sign(w - h)))
	case fAbove:
		return float64(below(sign(h - w)))
	}
	return 0
}

// pack puts four sums of 16 bits into a word, if they have room for enough
// draws; all are integers.
func (k *kernel) pack(lanes int) {
	most := 1.0
	for _, x := range k.plain {
		most = max(most, x)
	}
	if most > 4095 {
		return
	}
	k.room = uint32(65535 / most)
	k.words = (lanes + 3) / 4
	k.packed = make([]uint64, k.units*k.words)
	for i := range k.units {
		for l := range lanes {
			k.packed[i*k.words+l/4] |= uint64(k.plain[i*lanes+l]) << (16 * (l % 4))
		}
	}
	if uint32(k.units) <= k.room {
		k.across = make([]uint64, len(k.packed))
		for i := range k.units {
			for w := range k.words {
				k.across[w*k.units+i] = k.packed[i*k.words+w]
			}
		}
	}
}

// dot is Σ count · word: four sums at once, in registers.
func dot(counts []uint32, words []uint64) uint64 {
	var a, b, c, d uint64
	words = words[:len(counts)]
	for len(counts) >= 4 && len(words) >= 4 {
		a += uint64(counts[0]) * words[0]
		b += uint64(counts[1]) * words[1]
		c += uint64(counts[2]) * words[2]
		d += uint64(counts[3]) * words[3]
		counts, words = counts[4:], words[4:]
	}
	for i, x := range counts {
		a += uint64(x) * words[i]
	}
	return a + b + c + d
}

// add sums up the units as often as they were drawn.
func (k *kernel) add(counts []uint32, sums []float64, acc []uint64) (rows float64) {
	clear(sums)
	if k.rows != nil {
		for i, c := range counts {
			rows += float64(c) * k.rows[i]
		}
	}
	if k.words == 0 {
		lanes := len(sums)
		for i, c := range counts {
			if c == 0 {
				continue
			}
			x, v := float64(c), k.plain[i*lanes:(i+1)*lanes]
			for l, y := range v {
				sums[l] += x * y
			}
		}
		return rows
	}
	if k.across != nil { // as many draws as units
		for w := range acc {
			acc[w] = dot(counts, k.across[w*k.units:(w+1)*k.units])
		}
		k.flush(acc, sums)
		return rows
	}
	clear(acc)
	left := k.room
	for i, c := range counts {
		for c > 0 {
			t := min(c, left)
			x := uint64(t)
			v := k.packed[i*k.words : (i+1)*k.words]
			acc := acc[:len(v)]
			for w, y := range v {
				acc[w] += x * y
			}
			c -= t
			if left -= t; left == 0 {
				k.flush(acc, sums)
				left = k.room
			}
		}
	}
	k.flush(acc, sums)
	return rows
}

func (k *kernel) flush(acc []uint64, sums []float64) {
	for l := range sums {
		sums[l] += float64(acc[l/4] >> (16 * (l % 4)) & 0xFFFF)
	}
	clear(acc)
}

// sums brings the features of an item back to sums of values.
func (k *kernel) sums(of []float64, rows float64, j int) sums {
	var f [fHaveAll + 1]float64
	f[fN] = rows
	for i, what := range k.uses {
		f[what] = of[i*k.k+j]
	}
	zero := float64(k.c.frame.Scale.First - 1)
	s := sums{n: f[fN], want: f[fWant] + zero*f[fN], have: f[fHave] + zero*f[fN], below: f[fBelow], above: f[fAbove], short: f[fShort]}
	// Σ want·D = Σ code·D + zero·ΣD, and only the methods that read it have the squares.
	s.wantD = f[fWantSq] - f[fWantHave] + zero*(f[fWant]-f[fHave])
	switch k.o.Missing {
	case AvailableMeans:
		if f[fWantN] == 0 || f[fHaveN] == 0 {
			return sums{}
		}
		return sums{n: 1, want: f[fWantAll]/f[fWantN] + zero, have: f[fHaveAll]/f[fHaveN] + zero}
	case PairImportanceAll:
		if s.n == 0 {
			return sums{}
		}
		want := f[fWantAll]/f[fWantN] + zero
		return sums{n: 1, want: want, have: want - (s.want-s.have)/s.n}
	}
	return s
}

// run does all resamples of the plan on all cores.
func (k *kernel) run(p *plan, scores map[competency.CompetencyID]*fraction, items []Ranked) *replicas {
	all := newReplicas(k.k)
	all.tau = make([]float64, p.n)
	all.point = make([]float64, k.k)
	all.scores = make([][]float64, k.k)
	for i := range all.scores {
		all.scores[i] = make([]float64, p.n)
		all.point[i] = math.NaN()
		if s := scores[items[i].Item]; s.x != nil {
			all.point[i], _ = s.x.Float64()
		}
	}
	integers := k.words > 0 && (k.o.Missing.name == "" || k.o.Missing == Listwise)
	const chunk = 64
	var next atomic.Int64
	var wg sync.WaitGroup
	var mu sync.Mutex
	for range min(runtime.GOMAXPROCS(0), (p.n+chunk-1)/chunk) {
		wg.Go(func() {
			part := newReplicas(k.k)
			part.exact, part.m = integers, k.m
			counts, sum, acc := make([]uint32, k.units), make([]float64, len(k.uses)*k.k), make([]uint64, k.words)
			it := newOrdering(k.k)
			for {
				from := int(next.Add(chunk)) - chunk
				if from >= p.n {
					break
				}
				for b := from; b < min(from+chunk, p.n); b++ {
					p.draw(b, counts)
					rows := k.add(counts, sum, acc)
					for j := range k.k {
						it.set(j, k.sums(sum, rows, j), k.m)
						all.scores[j][b] = it.q[j]
					}
					all.tau[b] = part.count(it, all.point, p.weight(b))
				}
			}
			mu.Lock()
			all.merge(part)
			mu.Unlock()
		})
	}
	wg.Wait()
	return all
}

// An ordering is the scores of one resample and the ranks they have.
type ordering struct {
	s        []sums
	num, den []float64
	q        []float64
	higher   []int // items strictly above
}

func newOrdering(k int) *ordering {
	return &ordering{make([]sums, k), make([]float64, k), make([]float64, k), make([]float64, k), make([]int, k)}
}

func (o *ordering) set(j int, s sums, m *method) {
	o.s[j] = s
	o.num[j], o.den[j] = m.floats(&s)
	o.q[j] = math.NaN()
	if o.den[j] != 0 {
		o.q[j] = o.num[j] / o.den[j]
	}
}

// order of two items: 1 if i is higher. Scores that are near are compared as
// fractions of integers where they are such.
func (o *ordering) order(i, j int, exact bool) int {
	a, b := o.q[i], o.q[j]
	if d := a - b; math.Abs(d) > 1e-9*(math.Abs(a)+math.Abs(b)) {
		if d > 0 {
			return 1
		}
		return -1
	}
	if !exact {
		return 0
	}
	return compareFractions(int64(o.num[i]), int64(o.den[i]), int64(o.num[j]), int64(o.den[j]))
}

// compareFractions compares a/b with c/d, b and d positive.
func compareFractions(a, b, c, d int64) int {
	if (a < 0) != (c < 0) {
		return cmp.Compare(a, c)
	}
	neg := a < 0
	h1, l1 := bits.Mul64(abs(a), uint64(d))
	h2, l2 := bits.Mul64(abs(c), uint64(b))
	x := cmp.Or(cmp.Compare(h1, h2), cmp.Compare(l1, l2))
	if neg {
		return -x
	}
	return x
}

func abs(a int64) uint64 {
	if a < 0 {
		return uint64(-a)
	}
	return uint64(a)
}

// count adds one resample to the counts, and returns its τ_b to the data.
func (r *replicas) count(o *ordering, point []float64, weight uint64) float64 {
	k := r.k
	clear(o.higher)
	var agree, ties, pointTies, pairs float64
	for i := range k {
		if math.IsNaN(o.q[i]) {
			continue
		}
		for j := range i {
			if math.IsNaN(o.q[j]) {
				continue
			}
			x := o.order(i, j, r.exact)
			y := compareFloat(point[i], point[j])
			switch {
			case x > 0:
				r.above[i*k+j] += weight
				o.higher[j]++
			case x < 0:
				r.above[j*k+i] += weight
				o.higher[i]++
			default:
				ties++
			}
			if y == 0 {
				pointTies++
			}
			pairs++
			agree += float64(x * y)
		}
	}
	first := 0
	for i := range k {
		if o.higher[i] == 0 && !math.IsNaN(o.q[i]) {
			first++
		}
	}
	for i := range k {
		if math.IsNaN(o.q[i]) {
			r.without[i] += weight
			continue
		}
		r.ranks[i*k+o.higher[i]] += weight
		if o.higher[i] == 0 {
			r.shared[i*k+first-1] += weight
		}
	}
	if r.m.target != nil {
		for i, in := range r.m.target(o.s) {
			if in {
				r.target[i] += weight
			}
		}
	}
	return agree / math.Sqrt((pairs-ties)*(pairs-pointTies))
}
