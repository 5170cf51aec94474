package needs

import (
	"cmp"
	"encoding/json"
	"math"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/stats/agreement"
	"github.com/bangkom/bangkom/stats/compare"
)

// A Comparison shows several methods side by side, and the items on which three
// of them agree.
type Comparison struct {
	Methods  []string         `json:"methods"`
	Rankings []*Ranking       `json:"rankings"`
	Items    []Compared       `json:"items"`   // by mean rank, then id
	Rho      [][]float64      `json:"rho"`     // Spearman, with ties
	TauB     [][]float64      `json:"tau_b"`   // Kendall
	Overlap  [][]float64      `json:"overlap"` // |A ∩ B|/max(|A|, |B|) of the sets of competition rank ≤ TopK
	W        float64          `json:"w"`       // Kendall's concordance of all methods, corrected for ties
	K        int              `json:"k"`       // of Borich's first items in the consensus: as many as Locus calls HH
	Problems bangkom.Problems `json:"problems,omitempty"`
}

// Compared is one item under all methods. The consensus is for cubes of
// importance: IPA's quadrant A ∩ Borich's first k ∩ Locus HH, k the number of HH.
type Compared struct {
	Item      competency.CompetencyID `json:"id"`
	Ranks     []float64               `json:"ranks"` // in the order of the methods; null: none
	Consensus bool                    `json:"consensus"`
	Missing   []string                `json:"missing,omitempty"` // of "ipa", "borich", "locus", those that do not call it a priority

	Suppressed bool `json:"suppressed,omitempty"` // it may not be published: no ranks
}

// MarshalJSON writes what is not known as null.
func (c Compared) MarshalJSON() ([]byte, error) {
	type plain Compared
	return json.Marshal(struct {
		plain
		Ranks []*float64 `json:"ranks"`
	}{plain(c), orNull(c.Ranks)})
}

// MarshalJSON writes what is not known as null.
func (c Comparison) MarshalJSON() ([]byte, error) {
	type plain Comparison
	grid := func(x [][]float64) (out [][]*float64) {
		for _, row := range x {
			out = append(out, orNull(row))
		}
		return out
	}
	return json.Marshal(struct {
		plain
		Rho     [][]*float64 `json:"rho"`
		TauB    [][]*float64 `json:"tau_b"`
		Overlap [][]*float64 `json:"overlap"`
		W       *float64     `json:"w"`
	}{plain(c), grid(c.Rho), grid(c.TauB), grid(c.Overlap), known(c.W)})
}

func orNull(xs []float64) []*float64 {
	out := make([]*float64, len(xs))
	for i, x := range xs {
		out[i] = known(x)
	}
	return out
}

// Compare ranks the cube by each method under the same options. Methods whose
// ranks rest on different numbers of pairs are noted, never compared silently.
// The consensus set stands beside them if the cube holds importances, whether
// or not its three methods are among those compared.
func Compare(c *Cube, methods []Method, o *Options) (*Comparison, error) {
	opt, err := o.checked()
	if err != nil {
		return nil, err
	}
	if len(methods) == 0 {
		return nil, bangkom.Problem{Code: bangkom.ErrOption.Code, Where: "needs: Compare", Msg: "no methods", Need: "needs.Methods(), or some of them"}
	}
	out := &Comparison{}
	for _, m := range methods {
		r, err := Rank(c, m, o)
		if err != nil {
			return nil, err
		}
		out.Methods = append(out.Methods, r.Method)
		out.Rankings = append(out.Rankings, r)
	}
	out.ranks(c.frame.Items)
	out.pairs(opt.TopK)
	if err := out.consensus(c, opt); err != nil {
		return nil, err
	}
	slices.SortStableFunc(out.Items, func(a, b Compared) int {
		x, y := a.meanRank(), b.meanRank()
		return cmp.Or(cmp.Compare(x, y), cmp.Compare(a.Item, b.Item))
	})
	return out, nil
}

func (c *Compared) meanRank() float64 {
	var s, n float64
	for _, r := range c.Ranks {
		if !math.IsNaN(r) {
			s += r
			n++
		}
	}
	if n == 0 {
		return math.Inf(1)
	}
	return s / n
}

func (c *Comparison) ranks(items []competency.CompetencyID) {
	for _, id := range items {
		row := Compared{Item: id}
		ns := map[int]bool{}
		for _, r := range c.Rankings {
			x := r.item(id)
			rank := x.Rank
			if x.Rank == 0 {
				rank = math.NaN()
			} else {
				ns[x.Score.N] = true
			}
			row.Ranks = append(row.Ranks, rank)
		}
		if len(ns) > 1 {
			c.Problems.Add(bangkom.Problem{Code: "different-n", Severity: bangkom.Warning, Where: string(id), Msg: "the methods rest on different numbers of pairs"})
		}
		c.Items = append(c.Items, row)
	}
}

func (r *Ranking) item(id competency.CompetencyID) *Ranked {
	return &r.Items[slices.IndexFunc(r.Items, func(x Ranked) bool { return x.Item == id })]
}

// ordinal gives larger numbers to smaller needs, from the exact order: items
// that tie there are equal here. NaN: no rank.
func (r *Ranking) ordinal(items []competency.CompetencyID) []float64 {
	place := map[competency.CompetencyID]float64{}
	for _, x := range r.Items {
		if x.Rank > 0 {
			place[x.Item] = float64(x.place)
		}
	}
	out := make([]float64, len(items))
	for i, id := range items {
		p, ok := place[id]
		if !ok {
			p = math.NaN()
		}
		out[i] = p
	}
	return out
}

func (c *Comparison) pairs(top int) {
	var items []competency.CompetencyID
	for _, x := range c.Items {
		items = append(items, x.Item)
	}
	n := len(c.Rankings)
	places := make([][]float64, n)
	for i, r := range c.Rankings {
		places[i] = r.ordinal(items)
	}
	grid := func(f func(a, b int) float64) [][]float64 {
		out := make([][]float64, n)
		for a := range out {
			for b := range n {
				out[a] = append(out[a], f(a, b))
			}
		}
		return out
	}
	c.Rho = grid(func(a, b int) float64 { return spearman(places[a], places[b]) })
	c.TauB = grid(func(a, b int) float64 { return tauB(places[a], places[b]) })
	c.Overlap = grid(func(a, b int) float64 { return overlap(places[a], places[b], top) })
	c.W = concordance(places)
}

// The order of the items as two methods have it; NaN if it is not defined, as
// of one that does not tell any items apart.
func spearman(a, b []float64) float64 { return correlation(compare.Spearman, a, b) }
func tauB(a, b []float64) float64     { return correlation(compare.Kendall, a, b) }

func correlation(of func(x, y []float64, o *compare.Options) (bangkom.Test, error), a, b []float64) float64 {
	t, err := of(a, b, &compare.Options{Distribution: compare.Asymptotic}) // its p is not used
	if err != nil {
		return math.NaN()
	}
	return t.Estimate.Value
}

func overlap(a, b []float64, k int) float64 {
	var na, nb, both float64
	for i := range a {
		x, y := a[i] <= float64(k), b[i] <= float64(k)
		if x {
			na++
		}
		if y {
			nb++
		}
		if x && y {
			both++
		}
	}
	return both / max(na, nb)
}

// concordance is Kendall's W over the items that all have ranked.
func concordance(places [][]float64) float64 {
	t, err := agreement.KendallW(places, nil)
	if err != nil {
		return math.NaN()
	}
	return t.Estimate.Value
}

// consensus finds the items that IPA, Borich and Locus call a priority.
func (c *Comparison) consensus(cube *Cube, o Options) error {
	o.Resamples, o.Interval = -1, ""
	if cube.frame.Want == Required && !o.RequiredAsImportance || o.Criticality == ByStandard || o.Missing == PairImportanceAll {
		return nil
	}
	in := map[string]map[competency.CompetencyID]bool{}
	for _, m := range []Method{IPA(DataMean), Locus, Borich} { // Locus gives k
		r, err := Rank(cube, m, &o)
		if err != nil {
			return err
		}
		set := map[competency.CompetencyID]bool{}
		for _, x := range r.Items {
			switch d := x.Detail.(type) {
			case IPADetail:
				set[x.Item] = d.Quadrant == "A"
			case LocusDetail:
				if d.Class == "HH" {
					set[x.Item] = true
					c.K++
				}
			case BorichDetail:
				set[x.Item] = x.place > 0 && x.place <= c.K
			}
		}
		in[m.String()] = set
	}
	for i := range c.Items {
		x := &c.Items[i]
		for _, name := range []string{"ipa", "borich", "locus"} {
			if !in[name][x.Item] {
				x.Missing = append(x.Missing, name)
			}
		}
		x.Consensus = len(x.Missing) == 0
	}
	return nil
}
