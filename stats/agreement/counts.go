package agreement

import (
	"fmt"
	"math"
	"slices"
	"sort"

	"github.com/bangkom/bangkom"
)

// Counts are ratings counted by subject: how many raters put a subject into
// each category. That is all the coefficients for interchangeable raters need.
type Counts struct {
	Values []float64 // of the categories, ascending
	N      [][]int   // subject × category
}

// units holds for each subject the categories that occur and how often, in
// one list: memory grows with the ratings, not with subjects × categories.
type units struct {
	values []float64
	start  []int32 // of a subject in cat and n; one more than subjects
	cat    []int32
	n      []int32
	sizes  []int32 // ratings of a subject
	given  int     // subjects given

	observed bool // the values are those that occur, not those declared
}

// size is how many ratings subject u has.
func (us *units) size(u int) int { return int(us.sizes[u]) }

func (us *units) subject(u int) (cat, n []int32) {
	a, b := us.start[u], us.start[u+1]
	return us.cat[a:b], us.n[a:b]
}

func (us *units) subjects() int { return len(us.start) - 1 }

func (c Counts) units(o Options) (*units, error) {
	us := &units{values: slices.Clone(c.Values), start: []int32{0}, given: len(c.N)}
	for i, v := range c.Values {
		if v-v != 0 || i > 0 && !(v > c.Values[i-1]) {
			return nil, problem(bangkom.ErrOption, "Values", fmt.Sprint(v), "categories that are not finite and ascending", "")
		}
	}
	if o.Categories != nil && !slices.Equal(o.Categories, c.Values) {
		return nil, problem(bangkom.ErrOption, "Categories", fmt.Sprint(o.Categories), "other categories than those of the counts", "leave Categories nil")
	}
	total := 0
	for u, row := range c.N {
		if len(row) != len(c.Values) {
			return nil, problem(bangkom.ErrShape, "counts", fmt.Sprintf("subject %d has %d", u, len(row)), "another number of counts than of categories", fmt.Sprint(len(c.Values)))
		}
		before := total
		for k, n := range row {
			if n < 0 || n > 1<<20 {
				return nil, problem(bangkom.Problem{Code: "off-scale"}, fmt.Sprintf("subject %d", u), fmt.Sprint(n), "not a number of raters", "")
			}
			if n > 0 {
				us.cat, us.n = append(us.cat, int32(k)), append(us.n, int32(n))
				total += n
			}
		}
		us.start = append(us.start, int32(len(us.cat)))
		us.sizes = append(us.sizes, int32(total-before))
	}
	return us, us.enough(total)
}

func (us *units) enough(ratings int) error {
	if ratings == 0 {
		return problem(bangkom.ErrTooFew, "ratings", "0", "no ratings", "at least 2 subjects with 2 ratings each")
	}
	return nil
}

// count makes units of ratings, rater × subject.
func count(ratings [][]float64, o Options) (*units, error) {
	codes, values, err := code(ratings, o.Categories)
	if err != nil {
		return nil, err
	}
	n := len(codes[0])
	most := n * min(len(codes), len(values))
	us := &units{values: values, given: n, observed: o.Categories == nil,
		start: make([]int32, 1, n+1), sizes: make([]int32, n), cat: make([]int32, 0, most), n: make([]int32, 0, most)}
	if len(values) <= 32 {
		us.countFew(codes)
	} else {
		us.countMany(codes)
	}
	return us, us.enough(len(us.cat))
}

// countFew goes through all categories for each subject.
func (us *units) countFew(codes [][]int32) {
	seen := make([]int32, len(us.values))
	cat, ns := us.cat, us.n // in registers
	for u := range us.given {
		all := int32(0)
		for _, c := range codes {
			if k := c[u]; k >= 0 {
				seen[k]++
				all++
			}
		}
		us.sizes[u] = all
		for k, m := range seen {
			if m > 0 {
				cat, ns = append(cat, int32(k)), append(ns, m)
				seen[k] = 0
			}
		}
		us.start = append(us.start, int32(len(cat)))
	}
	us.cat, us.n = cat, ns
}

// countMany sorts the ratings of each subject.
func (us *units) countMany(codes [][]int32) {
	mine := make([]int32, 0, len(codes))
	for u := range us.given {
		mine = mine[:0]
		for _, c := range codes {
			if k := c[u]; k >= 0 {
				mine = append(mine, k)
			}
		}
		us.sizes[u] = int32(len(mine))
		slices.Sort(mine)
		for i, k := range mine {
			if i > 0 && k == mine[i-1] {
				us.n[len(us.n)-1]++
			} else {
				us.cat, us.n = append(us.cat, k), append(us.n, 1)
			}
		}
		us.start = append(us.start, int32(len(us.cat)))
	}
}

// code gives each rating its place among the categories, −1 for NaN.
func code(ratings [][]float64, categories []float64) (codes [][]int32, values []float64, err error) {
	if len(ratings) < 2 {
		return nil, nil, problem(bangkom.ErrTooFew, "ratings", fmt.Sprint(len(ratings)), "fewer than two raters", "at least 2 raters")
	}
	for g, r := range ratings {
		if len(r) != len(ratings[0]) {
			return nil, nil, problem(bangkom.ErrShape, "ratings", fmt.Sprintf("rater %d has %d, rater 0 has %d", g, len(r), len(ratings[0])), "raters with unequal numbers of subjects", "one entry per subject, NaN where not rated")
		}
	}
	if codes, values, ok := codeWhole(ratings, categories); ok {
		return codes, values, nil
	}
	if values = categories; values == nil {
		for g, r := range ratings {
			for u, x := range r {
				if math.Abs(x) > most {
					return nil, nil, tooLarge(g, u)
				}
				if !math.IsNaN(x) {
					values = append(values, x)
				}
			}
		}
		slices.Sort(values)
		values = slices.Compact(values)
	}
	codes = make([][]int32, len(ratings))
	for g, r := range ratings {
		codes[g] = make([]int32, len(r))
		for u, x := range r {
			k := -1
			if !math.IsNaN(x) {
				k = sort.SearchFloat64s(values, x)
				if k == len(values) || values[k] != x {
					if math.Abs(x) > most {
						return nil, nil, tooLarge(g, u)
					}
					return nil, nil, problem(bangkom.Problem{Code: "off-scale"}, fmt.Sprintf("rater %d, subject %d", g, u), fmt.Sprint(x), "a rating that is not among the categories", "Options.Categories with all values")
				}
			}
			codes[g][u] = int32(k)
		}
	}
	return codes, values, nil
}

// most is the largest rating, so that no square of a difference overflows.
const most = 1e150

func tooLarge(g, u int) error {
	return problem(bangkom.ErrNotFinite, "ratings", fmt.Sprintf("rater %d, subject %d", g, u), "a value that is infinite or beyond ±1e150", "NaN where not rated")
}

// codeWhole is the fast way for small whole numbers.
func codeWhole(ratings [][]float64, categories []float64) (codes [][]int32, values []float64, ok bool) {
	var place [256]int32 // of the values from −128 to 127
	flat := make([]int32, len(ratings)*len(ratings[0]))
	codes = make([][]int32, len(ratings))
	for g, r := range ratings {
		c := flat[g*len(r) : (g+1)*len(r) : (g+1)*len(r)]
		for u, x := range r {
			v := int32(x)
			switch {
			case float64(v) == x && uint32(v+128) < 256:
				c[u] = v + 128
				place[v+128] = 1
			case math.IsNaN(x):
				c[u] = -1
			default:
				return nil, nil, false
			}
		}
		codes[g] = c
	}
	if categories != nil {
		return codes, categories, replace(codes, &place, categories)
	}
	for v, used := range place {
		if used == 1 {
			values = append(values, float64(v-128))
		}
	}
	return codes, values, replace(codes, &place, values)
}

// replace turns values into places; false where a value has none.
func replace(codes [][]int32, place *[256]int32, values []float64) bool {
	var to [256]int32
	for i := range to {
		to[i] = -1
	}
	for k, v := range values {
		i := int(v)
		if float64(i) != v || i < -128 || i > 127 {
			continue
		}
		to[i+128] = int32(k)
	}
	for v, used := range place {
		if used == 1 && to[v] < 0 {
			return false
		}
	}
	for _, c := range codes {
		for u, v := range c {
			if v >= 0 {
				c[u] = to[v]
			}
		}
	}
	return true
}
