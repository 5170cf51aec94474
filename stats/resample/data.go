package resample

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
)

// data are the complete rows, and what is drawn of them.
type data struct {
	columns [][]float64
	n       int     // units
	units   [][]int // rows that are drawn together, stratum by stratum; nil: every unit is a row
	bounds  []int   // first unit of each stratum, and the number of units
	strata  int
	dropped int
	levels  []float64 // where a column has few different values: those
	times   []uint64  // and how often each occurs
}

func newData(columns [][]float64, o Options) (*data, error) {
	if len(columns) == 0 {
		return nil, problem(bangkom.ErrTooFew, "columns", "0", "no columns", "at least 1")
	}
	n := len(columns[0])
	for j, c := range columns {
		if len(c) != n {
			return nil, problem(bangkom.ErrShape, fmt.Sprintf("column %d", j), fmt.Sprintf("%d and %d", len(c), n), "columns of unequal length", "one entry per row in each, NaN where unknown")
		}
		for r, x := range c {
			if math.IsInf(x, 0) {
				return nil, problem(bangkom.ErrNotFinite, fmt.Sprintf("column %d", j), fmt.Sprintf("row %d", r), "an infinite value", "NaN where unknown")
			}
		}
	}
	for what, names := range map[string][]string{"Clusters": o.Clusters, "Strata": o.Strata} {
		if names != nil && len(names) != n {
			return nil, problem(bangkom.ErrShape, what, fmt.Sprintf("%d and %d", len(names), n), "names and rows of unequal number", "one per row")
		}
	}
	d := &data{columns: make([][]float64, len(columns))}
	for j := range d.columns {
		d.columns[j] = make([]float64, 0, n)
	}
	var strata [][]int // units of each
	var units [][]int  // rows of each
	byStratum, byCluster, stratumOf := map[string]int{}, map[string]int{}, map[string]string{}
	kept := 0
rows:
	for r := range n {
		for _, c := range columns {
			if math.IsNaN(c[r]) {
				continue rows
			}
		}
		stratum, cl := "", ""
		if o.Strata != nil {
			if stratum = o.Strata[r]; stratum == "" {
				continue
			}
		}
		if o.Clusters != nil {
			if cl = o.Clusters[r]; cl == "" {
				continue
			}
		}
		for j, c := range columns {
			d.columns[j] = append(d.columns[j], c[r])
		}
		s, ok := 0, len(strata) > 0
		if o.Strata != nil {
			s, ok = byStratum[stratum]
		}
		if !ok {
			s = len(strata)
			byStratum[stratum] = s
			strata = append(strata, nil)
		}
		u, known := 0, false
		if o.Clusters != nil {
			u, known = byCluster[cl]
		}
		switch {
		case o.Clusters == nil:
			strata[s] = append(strata[s], kept)
		case !known:
			byCluster[cl], stratumOf[cl] = len(units), stratum
			strata[s] = append(strata[s], len(units))
			units = append(units, []int{kept})
		case stratumOf[cl] != stratum:
			return nil, problem(bangkom.Problem{Code: "cluster-in-strata"}, fmt.Sprintf("row %d", r), cl, "a cluster that lies in two strata", "clusters within strata")
		default:
			units[u] = append(units[u], kept)
		}
		kept++
	}
	d.dropped, d.strata, d.bounds = n-kept, len(strata), []int{0}
	for _, s := range strata {
		d.n += len(s)
		d.bounds = append(d.bounds, d.n)
	}
	if d.n < 2 {
		return nil, problem(bangkom.ErrTooFew, "bootstrap", fmt.Sprint(d.n), "fewer than two units to draw from", "at least 2 complete rows, or clusters")
	}
	if d.n < kept {
		for _, s := range strata {
			for _, u := range s {
				d.units = append(d.units, units[u])
			}
		}
		return d, nil
	}
	d.order(strata)
	return d, nil
}

// order lays the rows out stratum by stratum, each in an order of their content,
// so that the order in which they came leaves no trace, and a median finds them
// sorted.
func (d *data) order(strata [][]int) {
	if len(d.columns) == 1 && d.strata == 1 {
		d.columns[0] = num.Sorted(d.columns[0])
		d.countLevels()
		return
	}
	for _, s := range strata {
		slices.SortStableFunc(s, func(a, b int) int {
			for _, c := range d.columns {
				if c[a] != c[b] {
					return cmp.Compare(c[a], c[b])
				}
			}
			return 0
		})
	}
	for j, c := range d.columns {
		out := make([]float64, 0, len(c))
		for _, s := range strata {
			for _, r := range s {
				out = append(out, c[r])
			}
		}
		d.columns[j] = out
	}
}

// all is a copy of the rows, unit by unit.
func (d *data) all() [][]float64 {
	w := d.worker()
	for u := range w.counts {
		w.counts[u] = 1
	}
	w.fill()
	return w.columns
}

// lone counts strata of one unit, where there are others.
func (d *data) lone() int {
	n := 0
	for s := range d.strata {
		if d.strata > 1 && d.bounds[s+1]-d.bounds[s] == 1 {
			n++
		}
	}
	return n
}

// A plan is a set of resamples: how often each unit is drawn in the b-th.
type plan struct {
	n       int
	weights []uint64 // nil: all 1
	draw    func(b int, counts []uint32)
}

func (d *data) plan(o Options) plan {
	if o.Resamples == 0 && d.strata == 1 && d.n <= exactUnits {
		all, orders := num.Resamples(d.n)
		return plan{len(all), orders, func(b int, counts []uint32) { copy(counts, all[b]) }}
	}
	n := o.Resamples
	if n == 0 {
		n = defaultResamples
	}
	if d.levels != nil {
		return plan{n: n}
	}
	urns := d.urns()
	return plan{n, nil, func(b int, counts []uint32) {
		s := num.NewStream(o.Seed, uint64(b))
		for i, u := range urns {
			u.Counts(&s, counts[d.bounds[i]:d.bounds[i+1]+1]) // the place behind is that of the next one, or spare
		}
	}}
}

// urns are what each stratum is drawn from.
func (d *data) urns() []*num.Urn {
	var urns []*num.Urn
	for s := range d.strata {
		urns = append(urns, num.NewUrn(d.bounds[s+1]-d.bounds[s]))
	}
	return urns
}

// A worker has the room for one resample at a time.
type worker struct {
	d       *data
	counts  []uint32
	room    [][]float64
	columns [][]float64
}

func (d *data) worker() *worker {
	w := &worker{d: d, counts: make([]uint32, d.n, d.n+1), room: make([][]float64, len(d.columns)), columns: make([][]float64, len(d.columns))}
	for j := range w.room {
		w.room[j] = make([]float64, 0, len(d.columns[0])+3)
	}
	return w
}

// fill lays the drawn rows out in the order of the units, so that one resample
// has one value, whatever the order of its draws.
func (w *worker) fill() {
	for j, c := range w.d.columns {
		if w.d.units == nil {
			w.columns[j] = w.rows(c, w.room[j])
			continue
		}
		out := w.room[j][:0]
		for u, k := range w.counts {
			for ; k > 0; k-- {
				for _, r := range w.d.units[u] {
					out = append(out, c[r])
				}
			}
		}
		w.room[j], w.columns[j] = out, out
	}
}

// rows copies single rows: most are drawn at most three times, and three stores
// cost less than a branch that cannot be foreseen.
func (w *worker) rows(c, room []float64) []float64 {
	out := room[:cap(room)]
	at := 0
	for u, k := range w.counts {
		x := c[u]
		to := out[at : at+3 : at+3]
		to[0], to[1], to[2] = x, x, x
		for i := uint32(3); i < k; i++ {
			out[at+int(i)] = x
		}
		at += int(k)
	}
	return out[:at:at]
}

// acceleration is that of BCa, from leaving out one unit at a time (Davison and
// Hinkley, 1997, for strata):
//
//	a = Σ_s n_s⁻³ Σ l³ / (6 (Σ_s n_s⁻² Σ l²)^(3/2)),   l = (n_s − 1)(mean − value without the unit)
//
// Of very many units, groups are left out. NaN where that leaves no value.
func (d *data) acceleration(ctx context.Context, stat Statistic, point float64, r *Result) (float64, error) {
	if d.levels != nil {
		return levelAcceleration(onLevels(stat)(), d.levels, d.times, uint64(d.n)), nil
	}
	type block struct{ stratum, from, to int }
	var blocks []block
	size := 1 + (d.n-1)/jackknifeUnits
	for s := range d.strata {
		for u := d.bounds[s]; u < d.bounds[s+1]; u += size {
			blocks = append(blocks, block{s, u, min(u+size, d.bounds[s+1])})
		}
	}
	if size > 1 {
		r.Estimate.Method += fmt.Sprintf(", acceleration by leaving out %d units at a time", size)
	}
	values := make([]float64, len(blocks))
	rows := d.columns[0]
	err := parallel(ctx, len(blocks), func() func(b int) {
		if d.units == nil && same(stat, Mean) {
			return func(b int) {
				out := 0.0 // what goes takes this along
				for _, x := range rows[blocks[b].from:blocks[b].to] {
					out += x - point
				}
				values[b] = point - out/float64(d.n-(blocks[b].to-blocks[b].from))
			}
		}
		w := d.worker()
		return func(b int) {
			for u := range w.counts {
				w.counts[u] = 1
			}
			clear(w.counts[blocks[b].from:blocks[b].to])
			w.fill()
			values[b] = stat(w.columns)
		}
	})
	if err != nil {
		return math.NaN(), err
	}
	first, largest := values[0], 0.0
	for from := 0; from < len(blocks); {
		to := from
		for to < len(blocks) && blocks[to].stratum == blocks[from].stratum {
			to++
		}
		n := float64(to - from)
		mean := num.Mean(values[from:to])
		for i, v := range values[from:to] {
			l := (n - 1) / n * (mean - v)
			values[from+i] = l
			largest = max(largest, math.Abs(l))
		}
		from = to
	}
	var cubes, squares float64
	for _, l := range values {
		l /= largest // the cube of a small number is nought
		cubes += l * l * l
		squares += l * l
	}
	if !(largest*math.Sqrt(squares) > 1e-13*math.Abs(first)) { // leaving one out changes nothing but the noise
		return math.NaN(), nil
	}
	return cubes / (6 * math.Pow(squares, 1.5)), nil
}
