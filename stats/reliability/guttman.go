package reliability

import (
	"fmt"
	"math"
	"math/bits"
	"strings"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/internal/num"
	"github.com/bangkom/bangkom/stats/internal/wire"
)

// Lambdas are Guttman's six lower bounds of reliability, on one metric.
type Lambdas struct {
	L1 float64 `json:"lambda1"` // 1 − Σ var(item) / var(sum)
	L2 float64 `json:"lambda2"` // λ1 + √(k/(k−1) Σ_{i≠j} c²) / var(sum)
	L3 float64 `json:"lambda3"` // alpha
	L4 float64 `json:"lambda4"` // of the best split in two
	L5 float64 `json:"lambda5"` // λ1 + 2 √(max_i Σ_{j≠i} c²) / var(sum)
	L6 float64 `json:"lambda6"` // 1 − Σ what the other items leave unexplained / var(sum); NaN if singular
	// Exact says that all splits were tried for L4; otherwise it is the best one found.
	Exact bool `json:"lambda4_exact"`
	// Split marks the items of one half of the best split.
	Split []bool `json:"lambda4_split"`
}

// A GuttmanResult has the six bounds on both metrics, because programs differ
// in it without saying so: psych takes covariances for λ1 to λ3, correlations for λ4 to λ6.
type GuttmanResult struct {
	Covariance  Lambdas          `json:"covariance"`
	Correlation Lambdas          `json:"correlation"` // NaN if an item is constant
	Items       int              `json:"items"`
	N           int              `json:"n"`
	Missing     bangkom.Missing  `json:"missing"`
	Warnings    bangkom.Problems `json:"warnings,omitempty"`
}

// Guttman returns the six lower bounds of Guttman (1945). λ4 is the largest
// over all splits of the items into two groups, of whatever size; up to 22 items all
// of them are tried, beyond that the best is searched for from fixed starts and
// Exact is false. It takes advantage of chance in small samples.
//
// Errors: those of [Alpha]. In R: psych::guttman, psych::splitHalf (which tries
// halves of equal size only).
func Guttman(items [][]float64, opt *Options) (GuttmanResult, error) {
	s, err := Summarize(items, opt)
	if err != nil {
		return GuttmanResult{}, err
	}
	return s.Guttman()
}

// Guttman is [Guttman] of a summary.
func (s Summary) Guttman() (GuttmanResult, error) {
	s, err := s.checked()
	if err != nil {
		return GuttmanResult{}, err
	}
	r := GuttmanResult{Items: len(s.Cov), N: s.N, Missing: s.Missing, Warnings: s.Warnings}
	r.Covariance = lambdas(s.Cov)
	r.Correlation = lambdas(num.Correlation(s.Cov))
	if math.IsNaN(r.Correlation.L6) {
		r.Warnings.Add(bangkom.Problem{Code: "singular", Severity: bangkom.Warning, Msg: "the items determine each other, or one is constant: no lambda 6", Need: "more respondents than items"})
	}
	if !r.Covariance.Exact {
		r.Warnings.Add(bangkom.Problem{Code: "not-proven", Severity: bangkom.Warning, Value: fmt.Sprint(r.Items), Msg: "too many items to try every split: lambda 4 is the best one found", Need: fmt.Sprintf("%d items or fewer", exactSplits)})
	}
	return r, nil
}

func lambdas(m [][]float64) Lambdas {
	m = rescaled(m)
	k, total := float64(len(m)), num.Total(m)
	var sq, most float64
	for i := range m {
		row := 0.0
		for j, v := range m[i] {
			if j != i {
				row += v * v
			}
		}
		sq += row
		most = max(most, row)
	}
	l := Lambdas{L1: 1 - trace(m)/total, L3: alphaOf(m), L6: lambda6(m)}
	l.L2 = l.L1 + math.Sqrt(k/(k-1)*sq)/total
	l.L5 = l.L1 + 2*math.Sqrt(most)/total
	l.L4, l.Split, l.Exact = bestSplit(m)
	return l
}

func lambda6(m [][]float64) float64 {
	inv, ok := num.SymmetricInverse(m)
	if !ok {
		return math.NaN()
	}
	left := 0.0
	for i := range inv {
		left += 1 / inv[i][i]
	}
	return 1 - left/num.Total(m)
}

// exactSplits is the number of items up to which every split is tried: two
// million of them for 22.
const exactSplits = 22

// bestSplit finds signs x with the least x'Mx: then λ4 = 1 − x'Mx / 1'M1.
func bestSplit(m [][]float64) (lambda float64, half []bool, exact bool) {
	k := len(m)
	total := num.Total(m)
	half = make([]bool, k)
	if math.IsNaN(total) {
		return math.NaN(), half, true
	}
	var best float64
	if exact = k <= exactSplits; exact {
		best = everySplit(m, half)
	} else {
		best = searchSplit(m, half)
	}
	return 1 - best/total, half, exact
}

// walk holds signs and the row sums Σ_j m_ij x_j of i ≠ j.
type walk struct {
	m     [][]float64
	x     []float64
	row   []float64
	value float64
}

func newWalk(m [][]float64, x []float64) *walk {
	w := &walk{m: m, x: x, row: make([]float64, len(m))}
	for i := range m {
		for j, v := range m[i] {
			if j != i {
				w.row[i] += v * x[j]
			}
		}
		w.value += x[i]*w.row[i] + m[i][i]
	}
	return w
}

// gain is by how much the value falls if item i changes sides.
func (w *walk) gain(i int) float64 { return 4 * w.x[i] * w.row[i] }

func (w *walk) flip(i int) {
	w.value -= w.gain(i)
	own, twice := w.row[i], 2*w.x[i]
	for j, v := range w.m[i] {
		w.row[j] -= twice * v
	}
	w.row[i] = own
	w.x[i] = -w.x[i]
}

// everySplit changes one item at a time, in the order of a Gray code; at each
// step it looks at all four ways to place the first two items, without a change.
// The last item stays where it is.
func everySplit(m [][]float64, half []bool) float64 {
	k := len(m)
	x := make([]float64, k)
	for i := range x {
		x[i] = 1
	}
	w := newWalk(m, x)
	best := math.MaxFloat64 // no infinity: ∞ − ∞ compares with nothing
	try := func(value float64, flips ...int) {
		if value < best-1e-12*math.Abs(best) {
			best = value
			mark(half, w.x)
			for _, i := range flips {
				half[i] = !half[i]
			}
		}
	}
	ahead := min(2, k-1)
	for step := uint64(0); ; {
		a, b := w.gain(0), w.gain(1)
		if step > 0 { // else all would be on one side
			try(w.value)
		}
		try(w.value-a, 0)
		if ahead == 2 {
			try(w.value-b, 1)
			try(w.value-(a+b-8*w.x[0]*w.x[1]*m[0][1]), 0, 1)
		}
		if step++; step == 1<<(k-1-ahead) {
			return valueOf(m, half)
		}
		w.flip(ahead + bits.TrailingZeros64(step))
	}
}

func mark(half []bool, x []float64) {
	for i := range x {
		half[i] = x[i] < 0
	}
}

// valueOf computes anew, without what many steps have rounded.
func valueOf(m [][]float64, half []bool) float64 {
	s := num.Square(len(m))
	for i := range m {
		for j, v := range m[i] {
			s[i][j] = v
			if half[i] != half[j] {
				s[i][j] = -v
			}
		}
	}
	return num.Total(s)
}

// searchSplit improves fixed starts until no change of one item, or of two, helps.
func searchSplit(m [][]float64, half []bool) float64 {
	k := len(m)
	best := math.MaxFloat64 // no infinity: ∞ − ∞ compares with nothing
	for start := range 2 * k {
		x := make([]float64, k)
		for i := range x {
			x[i] = 1
			if (i*(start+1)+start/2)%(start+2) > start/2 {
				x[i] = -1
			}
		}
		w := newWalk(m, x)
		w.improve()
		if w.value < best-1e-12*math.Abs(best) {
			best = w.value
			mark(half, w.x)
		}
	}
	return valueOf(m, half)
}

func (w *walk) improve() {
	least := 1e-12 * math.Abs(w.value)
	for range 1000 {
		a, b, most := -1, -1, least
		for i := range w.x {
			if g := w.gain(i); g > most {
				a, b, most = i, -1, g
			}
			for j := range i {
				if g := w.gain(i) + w.gain(j) - 8*w.x[i]*w.x[j]*w.m[i][j]; g > most {
					a, b, most = i, j, g
				}
			}
		}
		if a < 0 {
			return
		}
		w.flip(a)
		if b >= 0 {
			w.flip(b)
		}
	}
}

// String gives λ2, the bound to quote if only one is.
func (r GuttmanResult) String() string {
	return fmt.Sprintf("Guttman lambda 2 of %d items: %s (covariances, n = %d)", r.Items, wire.Short(r.Covariance.L2), r.N)
}

// Table gives all bounds on both metrics.
func (r GuttmanResult) Table() string {
	var b strings.Builder
	t := wire.NewGrid("lambda 1", "lambda 2", "lambda 3", "lambda 4", "lambda 5", "lambda 6")
	for _, m := range []struct {
		name string
		l    Lambdas
	}{{"covariances", r.Covariance}, {"correlations", r.Correlation}} {
		t.Row(m.name, m.l.L1, m.l.L2, m.l.L3, m.l.L4, m.l.L5, m.l.L6)
	}
	t.Write(&b)
	tried := "all splits were tried"
	if !r.Covariance.Exact {
		tried = "the best split that was found"
	}
	fmt.Fprintf(&b, "\nn = %d, %d items; missing answers: %s.\nLower bounds of reliability (Guttman, 1945); lambda 3 is alpha; lambda 4: %s.\n", r.N, r.Items, r.Missing, tried)
	for _, w := range r.Warnings {
		fmt.Fprintf(&b, "%s: %s\n", w.Severity, w.Error())
	}
	return b.String()
}

// MarshalJSON writes the fields by their tags; what is no number is null.
func (l Lambdas) MarshalJSON() ([]byte, error) { return wire.Marshal(l) }

// UnmarshalJSON reads what MarshalJSON wrote; null is NaN.
func (l *Lambdas) UnmarshalJSON(data []byte) error {
	type plain Lambdas
	return wire.Unmarshal(data, (*plain)(l))
}
