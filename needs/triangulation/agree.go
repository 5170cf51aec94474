package triangulation

import (
	"cmp"
	"math"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
	"github.com/bangkom/bangkom/stats/agreement"
	"github.com/bangkom/bangkom/stats/compare"
)

// Between is how two sources agree, on the scale 0..1.
type Between struct {
	A          string           `json:"a"`
	B          string           `json:"b"`
	Cells      int              `json:"cells"`           // person and item, from both
	Difference *bangkom.Test    `json:"difference"`      // A − B, of people's means: above 0, A is milder
	R          *float64         `json:"r"`               // Pearson, of people's means
	Kappa      *bangkom.Test    `json:"kappa,omitempty"` // quadratic weights, over cells; only of scales of levels
	Problems   bangkom.Problems `json:"problems,omitempty"`
}

// A SourceResult is what can be said of one source alone. Without several
// raters, or several items, parts are absent.
type SourceResult struct {
	Name   string            `json:"name"`
	Weight float64           `json:"weight"`
	People int               `json:"people"`
	Rows   int               `json:"rows"`            // answers of one rater about one person
	Alpha  *bangkom.Estimate `json:"alpha,omitempty"` // Krippendorff, interval metric: raters of the same person and item
	RWG    *float64          `json:"rwg,omitempty"`   // median over people and items of r_wg, against a uniform null; needs Steps
	Halo   *Halo             `json:"halo,omitempty"`
}

// Halo is whether a rater's judgements of different items are one judgement.
type Halo struct {
	Within     float64  `json:"within"`         // mean correlation of two items, by one rater
	Between    *float64 `json:"between"`        // the same, the second item by another rater of the source; null: nobody has two
	FirstShare float64  `json:"first_share"`    // of the first eigenvalue of the correlations: 1 is one judgement
	Straight   float64  `json:"straight_share"` // of the rows with enough items, those of one answer
	Rows       int      `json:"rows"`           // answers with every item
}

// Leniency is how much milder a rater is than others on the same people and items.
type Leniency struct {
	Source string  `json:"source"`
	Rater  string  `json:"rater"`
	Mean   float64 `json:"mean"`  // of the differences from the mean of all others, 0..1 scale
	Cells  int     `json:"cells"` // that others rated too
}

// between compares each pair of sources.
func (t *table) between() {
	t.result.Between = []Between{}
	for a := range t.sources {
		for b := range t.sources[:a] {
			t.result.Between = append(t.result.Between, t.pair(b, a))
		}
	}
	if len(t.sources) < 2 {
		return
	}
	all := make([][]float64, len(t.sources))
	for _, at := range t.order() {
		for s, x := range t.values[at] {
			all[s] = append(all[s], x)
		}
	}
	opt := &agreement.Options{Level: t.o.Level}
	if e, err := agreement.Krippendorff(all, agreement.Interval, opt); err == nil {
		t.result.Overall = &e
	} else {
		t.note("overall", err)
	}
	if icc, err := agreement.ICC(all, opt); err == nil {
		t.result.ICC, t.result.ICCMean = &icc.ICC2, &icc.ICC2k
	} else {
		t.note("icc", err)
	}
}

// order is the cells by person, then item.
func (t *table) order() [][2]string {
	out := make([][2]string, len(t.result.Cells))
	for i, c := range t.result.Cells {
		out[i] = [2]string{c.Person, c.Item}
	}
	return out
}

// note keeps why a coefficient is absent.
func (t *table) note(where string, err error) {
	for _, p := range bangkom.AsProblems(err, "undefined") {
		t.result.Problems.Add(bangkom.Problem{Code: p.Code, Severity: bangkom.Note, Where: where, Value: p.Value, Msg: "not computed: " + p.Msg, Need: p.Need})
	}
}

func (t *table) pair(a, b int) Between {
	out := Between{A: t.sources[a].Name, B: t.sources[b].Name}
	var xs, ys, px, py []float64
	person := ""
	var sx, sy, n float64
	flush := func() {
		if n > 0 {
			px, py = append(px, sx/n), append(py, sy/n)
		}
		sx, sy, n = 0, 0, 0
	}
	for _, at := range t.order() {
		if at[0] != person {
			flush()
			person = at[0]
		}
		x, y := t.values[at][a], t.values[at][b]
		if math.IsNaN(x) || math.IsNaN(y) {
			continue
		}
		xs, ys = append(xs, x), append(ys, y)
		sx, sy, n = sx+x, sy+y, n+1
	}
	flush()
	out.Cells = len(xs)
	if d, err := compare.Paired(py, px, &compare.Options{Level: t.o.Level}); err == nil {
		out.Difference = &d
	} else {
		out.Problems = append(out.Problems, bangkom.AsProblems(err, "undefined")...)
	}
	if r := correlation(px, py); !math.IsNaN(r) {
		out.R = &r
	}
	if t.sources[a].Steps > 0 && t.sources[b].Steps > 0 {
		if k, err := agreement.Cohen(xs, ys, &agreement.Options{Level: t.o.Level}); err == nil {
			out.Kappa = &k.Quadratic
		} else {
			out.Problems = append(out.Problems, bangkom.AsProblems(err, "undefined")...)
		}
	}
	for i := range out.Problems {
		out.Problems[i].Severity = bangkom.Note
	}
	return out
}

func correlation(x, y []float64) float64 {
	if len(x) < 3 {
		return math.NaN()
	}
	mx, my := num.Mean(x), num.Mean(y)
	var sxy, sxx, syy float64
	for i := range x {
		sxy += (x[i] - mx) * (y[i] - my)
		sxx += (x[i] - mx) * (x[i] - mx)
		syy += (y[i] - my) * (y[i] - my)
	}
	if sxx == 0 || syy == 0 {
		return math.NaN()
	}
	return sxy / math.Sqrt(sxx*syy)
}

// within looks at each source alone.
func (t *table) within() {
	for s, src := range t.sources {
		var rows []key
		for _, r := range t.rows {
			if r.source == s {
				rows = append(rows, r)
			}
		}
		out := SourceResult{Name: src.Name, Weight: src.Weight, Rows: len(rows), Halo: t.halo(s, rows)}
		people := byPerson(rows)
		out.People = len(people)
		out.Alpha, out.RWG = t.raters(src, people)
		t.result.Sources = append(t.result.Sources, out)
	}
}

// byPerson parts sorted rows.
func byPerson(rows []key) [][]key {
	var out [][]key
	for i, r := range rows {
		if i == 0 || rows[i-1].person != r.person {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], r)
	}
	return out
}

// raters is the agreement of several raters of one source on a person.
func (t *table) raters(src Source, people [][]key) (*bangkom.Estimate, *float64) {
	slots := 0
	for _, rows := range people {
		slots = max(slots, len(rows))
	}
	if slots < 2 {
		return nil, nil
	}
	ratings := make([][]float64, slots) // raters are interchangeable
	var rwg []float64
	for _, rows := range people {
		for _, item := range t.items {
			var xs []float64
			for k := range slots {
				x := math.NaN()
				if k < len(rows) {
					if v, ok := t.answers[rows[k]][item]; ok {
						x = v
						xs = append(xs, v*float64(src.Steps-1))
					}
				}
				ratings[k] = append(ratings[k], x)
			}
			if src.Steps > 1 && len(xs) > 1 {
				if r, err := agreement.RWG([][]float64{xs}, agreement.UniformVariance(src.Steps)); err == nil {
					rwg = append(rwg, r.RWG.Value)
				}
			}
		}
	}
	var median *float64
	if len(rwg) > 0 {
		slices.Sort(rwg)
		m := (rwg[(len(rwg)-1)/2] + rwg[len(rwg)/2]) / 2
		median = &m
	}
	e, err := agreement.Krippendorff(ratings, agreement.Interval, &agreement.Options{Level: t.o.Level})
	if err != nil {
		t.note(src.Name+": alpha", err)
		return nil, median
	}
	return &e, median
}

// halo compares correlations of items within and between raters.
func (t *table) halo(source int, rows []key) *Halo {
	k := len(t.items)
	var complete []key
	for _, r := range rows {
		if len(t.answers[r]) == k {
			complete = append(complete, r)
		}
	}
	centred := t.centred(complete)
	cols := make([][]float64, k)
	for _, r := range complete {
		for j := range t.items {
			cols[j] = append(cols[j], centred[r][j])
		}
	}
	if k < 2 || len(complete) < 3 {
		return nil
	}
	_, cov := num.Covariance(cols)
	for j := range cov {
		if !(cov[j][j] > 1e-12) {
			return nil // an item without spread
		}
	}
	r := num.Correlation(cov)
	h := &Halo{Rows: len(complete), Within: (num.Total(r) - float64(k)) / float64(k*(k-1))}
	values, _ := num.Eigen(r)
	h.FirstShare = slices.Max(values) / float64(k)
	h.Between = across(byPerson(complete), centred, k)
	long, straight := 0, 0
	for _, x := range rows {
		if len(t.answers[x]) >= t.o.Straight {
			long++
		}
	}
	for _, x := range t.result.Straight {
		if x.Source == t.sources[source].Name && !t.o.DropStraight {
			straight++
		}
	}
	if long > 0 {
		h.Straight = float64(straight) / float64(long)
	}
	return h
}

// centred takes from each answer the mean of its rater on that item, so that a
// mild rater is not taken for halo. Raters of one person each are one rater.
func (t *table) centred(rows []key) map[key][]float64 {
	n := map[string]int{}
	for _, r := range rows {
		n[r.rater]++
	}
	group := map[string][]key{}
	for _, r := range rows {
		name := r.rater
		if n[name] == 1 {
			name = ""
		}
		group[name] = append(group[name], r)
	}
	out := map[key][]float64{}
	for _, same := range group {
		for _, item := range t.items {
			var sum float64
			for _, r := range same {
				sum += t.answers[r][item]
			}
			for _, r := range same {
				out[r] = append(out[r], t.answers[r][item]-sum/float64(len(same)))
			}
		}
	}
	return out
}

// across is the mean correlation of two items that two raters judge of the same
// person. Every ordered pair of raters counts.
func across(people [][]key, of map[key][]float64, items int) *float64 {
	var sum, n float64
	for a := range items {
		for b := range items {
			if a == b {
				continue
			}
			var x, y []float64
			for _, rows := range people {
				for _, p := range rows {
					for _, q := range rows {
						if p != q {
							x, y = append(x, of[p][a]), append(y, of[q][b])
						}
					}
				}
			}
			if r := correlation(x, y); !math.IsNaN(r) {
				sum += r
				n++
			}
		}
	}
	if n == 0 {
		return nil
	}
	sum /= n
	return &sum
}

// leniency compares each rater with all others on the same cells.
func (t *table) leniency() {
	type total struct{ sum, n float64 }
	all := map[[2]string]total{}
	for _, r := range t.rows {
		for item, x := range t.answers[r] {
			at := [2]string{r.person, item}
			all[at] = total{all[at].sum + x, all[at].n + 1}
		}
	}
	type who struct {
		source int
		rater  string
	}
	found := map[who]total{}
	for _, r := range t.rows {
		w := who{r.source, r.rater}
		for _, item := range t.items {
			x, ok := t.answers[r][item]
			others := all[[2]string{r.person, item}]
			if !ok || others.n < 2 {
				continue
			}
			found[w] = total{found[w].sum + x - (others.sum-x)/(others.n-1), found[w].n + 1}
		}
	}
	t.result.Raters = []Leniency{}
	for w, d := range found {
		t.result.Raters = append(t.result.Raters, Leniency{t.sources[w.source].Name, w.rater, d.sum / d.n, int(d.n)})
	}
	slices.SortFunc(t.result.Raters, func(a, b Leniency) int {
		return cmp.Or(cmp.Compare(b.Mean, a.Mean), cmp.Compare(a.Source, b.Source), cmp.Compare(a.Rater, b.Rater))
	})
}
