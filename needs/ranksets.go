package needs

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/internal/num"
)

// rankSets gives every item the ranks that cannot be excluded, for all items
// at once (Mogstad, Romano, Shaikh & Wilhelm 2023).
//
// The family is all ordered pairs (i, j) with the statistic
//
//	(θ_i − θ_j)/se_ij,   se² = Σ_ii + Σ_jj − 2 Σ_ij
//
// The critical value is the quantile of its maximum over draws from N(0, Σ).
// Step down: rejected pairs leave, their reverses stay, until nothing is
// rejected. The set of j is [1 + items proved larger, k − items proved smaller].
// Σ is the covariance of the influences, added up per unit within strata.
func (r *Ranking) rankSets(c *Cube, m *method, units []unit, scores map[competency.CompetencyID]*fraction, views []*view, o *Options, draws int) error {
	if o.Missing == AvailableMeans || o.Missing == PairImportanceAll {
		r.Problems.Add(bangkom.Problem{Code: "no-rank-sets", Severity: bangkom.Note, Value: o.Missing.String(), Msg: "simultaneous rank sets need pairs", Need: "pairwise or listwise"})
		return nil
	}
	var at []int // items with a score
	for i := range views {
		if scores[r.Items[i].Item].x != nil {
			at = append(at, i)
		}
	}
	theta := make([]float64, len(at))
	for k, i := range at {
		theta[k], _ = scores[r.Items[i].Item].x.Float64()
	}
	cov := c.covariance(m, units, at, views, o)
	sets, critical := rankSets(theta, cov, o.Level, max(draws, 1000), o.Seed)
	for k, i := range at {
		r.Items[i].RankSet = sets[k]
	}
	r.Resampling.Critical = critical
	return nil
}

// covariance of the scores: the influences of all rows of a unit together,
// centred within the stratum, with G/(G−1) for G units.
func (c *Cube) covariance(m *method, units []unit, at []int, views []*view, o *Options) [][]float64 {
	k := len(at)
	influence := make([]func(want, have float64) float64, k)
	for x, i := range at {
		influence[x] = m.influence(&views[i].sums)
	}
	cov := square(k)
	u := make([]float64, len(units)*k)
	var q []point
	for g := range units {
		for _, r := range units[g].rows {
			q = c.values(r, o.Missing, q)
			w := c.rowWeight(r, o)
			for x, i := range at {
				if q[i].hasWant && q[i].hasHave {
					u[g*k+x] += w * influence[x](q[i].want, q[i].have) / views[i].sums.n
				}
			}
		}
	}
	for from := 0; from < len(units); {
		to := from + 1
		for to < len(units) && units[to].stratum == units[from].stratum {
			to++
		}
		addCovariance(cov, u[from*k:to*k], k, to-from)
		from = to
	}
	return cov
}

func square(k int) [][]float64 {
	out := make([][]float64, k)
	for i := range out {
		out[i] = make([]float64, k)
	}
	return out
}

func addCovariance(cov [][]float64, u []float64, k, n int) {
	if n < 2 {
		return
	}
	for x := range k {
		var s float64
		for g := range n {
			s += u[g*k+x]
		}
		for g := range n {
			u[g*k+x] -= s / float64(n)
		}
	}
	factor := float64(n) / float64(n-1)
	sum := square(k)
	for g := range n {
		v := u[g*k : (g+1)*k]
		for x, a := range v {
			row := sum[x][:x+1]
			for y := range row {
				row[y] += a * v[y]
			}
		}
	}
	for x := range k {
		for y := range x + 1 {
			cov[x][y] += factor * sum[x][y]
			if x != y {
				cov[y][x] += factor * sum[x][y]
			}
		}
	}
}

// A contest is a pair of items: whether i may be proved larger than j and, if
// both, also j than i.
type contest struct {
	i, j int
	each float64 // 1/se
	stat float64
	both bool
	id   int // of j against i: id ^ 1
}

func (f *contest) turned() contest { return contest{f.j, f.i, f.each, -f.stat, false, f.id ^ 1} }

// rankSets works on scores and their covariance.
func rankSets(theta []float64, cov [][]float64, level float64, draws int, seed uint64) ([][2]int, float64) {
	k := len(theta)
	var family []contest
	for i := range k {
		for j := range i {
			v := cov[i][i] + cov[j][j] - 2*cov[i][j]
			if v > 1e-14*(cov[i][i]+cov[j][j]) { // else they do not vary against each other: nothing is proved
				se := math.Sqrt(v)
				family = append(family, contest{i, j, 1 / se, (theta[i] - theta[j]) / se, true, 2 * len(family)})
			}
		}
	}
	larger, smaller := make([]int, k), make([]int, k) // proved larger or smaller than the item
	proved := make([]bool, 2*len(family))
	prove := func(f contest) {
		larger[f.j]++
		smaller[f.i]++
		proved[f.id] = true
	}
	first := 0.0
	top := newMaxima(k, normals(cov, draws, seed))
	for more := len(family) > 0; more && len(family) > 0; {
		top.of(family, proved)
		critical := num.QuantileOf(slices.Clone(top.value), level)
		if first == 0 {
			first = critical
		}
		more = false
		rest := family[:0]
		for _, f := range family {
			up, down := f.stat > critical, f.both && -f.stat > critical
			if up {
				prove(f)
			}
			if down {
				prove(f.turned())
			}
			switch {
			case up && f.both && !down:
				rest = append(rest, f.turned())
			case !up:
				f.both = f.both && !down
				rest = append(rest, f)
			}
			more = more || up || down
		}
		family = rest
	}
	out := make([][2]int, k)
	for j := range out {
		out[j] = [2]int{1 + larger[j], k - smaller[j]}
	}
	return out, first
}

// maxima are the largest statistic of each draw, and which contest has it.
type maxima struct {
	k     int
	z     []float64 // draw × item
	value []float64
	at    []int // id; -1: not known yet
}

func newMaxima(k int, z []float64) *maxima {
	draws := len(z) / max(1, k)
	return &maxima{k, z, make([]float64, draws), slices.Repeat([]int{-1}, draws)}
}

// of a family that lost those proved: where the largest stayed, nothing changed.
func (m *maxima) of(family []contest, proved []bool) {
	onAllCores(len(m.value), 128, func() func(from, to int) {
		return func(from, to int) {
			for d := from; d < to; d++ {
				if m.at[d] < 0 || proved[m.at[d]] {
					m.value[d], m.at[d] = largest(family, m.z[d*m.k:(d+1)*m.k])
				}
			}
		}
	})
}

func largest(family []contest, z []float64) (value float64, id int) {
	value = math.Inf(-1)
	for p := range family {
		f := &family[p]
		x := (z[f.i] - z[f.j]) * f.each
		if y := math.Abs(x); f.both && y > value {
			value, id = y, f.id
			if x < 0 {
				id ^= 1
			}
		} else if x > value {
			value, id = x, f.id
		}
	}
	return value, id
}

// normals draws from N(0, cov), by a Cholesky factor that leaves out directions
// without variance.
func normals(cov [][]float64, draws int, seed uint64) []float64 {
	k := len(cov)
	l := square(k)
	for j := range k {
		d := cov[j][j]
		for x := range j {
			d -= l[j][x] * l[j][x]
		}
		if !(d > 1e-12*cov[j][j]) {
			continue
		}
		l[j][j] = math.Sqrt(d)
		for i := j + 1; i < k; i++ {
			s := cov[i][j]
			for x := range j {
				s -= l[i][x] * l[j][x]
			}
			l[i][j] = s / l[j][j]
		}
	}
	rng := rand.New(rand.NewPCG(seed, 1<<63)) // a stream that no resample has
	z := make([]float64, draws*k)
	for i := range z {
		z[i] = rng.NormFloat64()
	}
	onAllCores(draws, 128, func() func(from, to int) {
		return func(from, to int) {
			for d := from; d < to; d++ {
				v := z[d*k : (d+1)*k]
				for i := k - 1; i >= 0; i-- { // what is still to be read stays
					var s float64
					row := l[i][:i+1]
					for x, y := range v[:len(row)] {
						s += row[x] * y
					}
					v[i] = s
				}
			}
		}
	})
	return z
}
