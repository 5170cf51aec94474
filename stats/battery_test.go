package stats_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/stats/effect"
	"github.com/bangkom/bangkom/stats/model"
	"github.com/bangkom/bangkom/stats/resample"
	"github.com/bangkom/bangkom/stats/tally"
)

// Whatever a function is given, it answers with a typed error or with a result
// whose unknowns are explained, that can be written, read and printed; it
// neither changes nor keeps what it was given.
//
// Nothing here knows the single functions: arguments are made by their types,
// from pools of good, odd and bad values, and every field of an Options struct
// is tried with each odd value of its type. So a new function, or a new option,
// is in the battery as soon as it is in the registry.

var (
	nan, inf = math.NaN(), math.Inf(1)
	plain    = []float64{1, 2, 4, 3, 7, 5}
	other    = []float64{2, 2, 5, 3, 8, 4}
	plain3   = [][]float64{plain, other, {1, 3, 3, 4, 6, 5}}

	columns = [][]float64{
		plain, other, nil, {}, {1}, {nan}, {1, 2}, {1, 2, 3}, {3, 3, 3, 3, 3, 3}, {nan, nan, nan, nan, nan, nan}, {1, nan, 4, 2, nan, 3}, {1, nan, nan, nan, nan, nan},
		{1, 2, inf, 3, 4, 5}, {-inf, 1, 2, 3, 4, 5}, {1e300, -1e300, 1e300, 1, 2, 3}, {math.MaxFloat64, -math.MaxFloat64, 1, 2, 3, 4},
		{1e-300, 2e-300, 4e-300, 0, 1e-300, 3e-300}, {5e-324, 0, 1e-323, 0, 5e-324, 0}, {1e140, -1e140, 1e140, 2e140, 0, 1e139}, {1e-140, 2e-140, 3e-140, 0, 1e-140, 0},
		{0, 0, 0, 0, 0, 0}, {math.Copysign(0, -1), 0, 1, 0, 1, 1}, {0, 1, 0, 1, 0, 1}, {1, 1, 1, 1, 1, 2}, {1, 2, 3, 4, 5, 6}, {6, 5, 4, 3, 2, 1},
		{1e15, 1e15 + 1, 1e15 + 2, 1e15, 1e15 + 1, 1e15 + 2}, {1, 1 + 2e-16, 1, 1, 1, 1 - 1e-16}, {-1, -2, -4, -3, -7, -5}, {2, 4, 8, 6, 14, 10}, {1 << 53, 1<<53 + 2, 1, 0, -1, 3},
		{0.1, 0.2, 0.3, 0.30000000000000004, 0.4, 0.1}, {3, 2, 5, 1, 4, 4, 2, 5, 3, 3, 1, 2}, {.5, .01, .04, 0, 1, .2}, {5, 2}, {2, 1, 3},
	}
	matrices = [][][]float64{
		plain3, {plain, other}, nil, {}, {nil}, {nil, nil}, {{}, {}}, {plain}, {plain, plain}, {plain, columns[29]}, {plain, other, columns[29]}, {{1}, {2}, {3}}, {{1, 2}, {3}},
		{{1, 2}, {2, 1}}, {{1, 0}, {0, 1}}, {{0, 0}, {0, 0}}, {{5, 1}, {2, 4}}, {{1, -1}, {0, 1}}, {columns[8], columns[8], columns[8]}, {columns[8], plain, other}, {columns[20], plain},
		{columns[9], plain, other}, {columns[10], other, plain}, {columns[10], columns[11], plain}, {columns[12], plain}, {plain, columns[13]}, {columns[14], plain}, {columns[15], columns[14]},
		{columns[16], columns[16], plain}, {columns[16], {2e-300, 1e-300, 4e-300, 0, 2e-300, 3e-300}}, {columns[17], columns[17]}, {columns[17], {0, 5e-324, 0, 0, 5e-324, 0}}, {columns[18], plain},
		{columns[18], {1e140, 0, -1e140, 2e140, 1, 1e139}}, {columns[19], plain}, {columns[22], columns[23], {0, 1, 1, 1, 0, 1}}, {plain, columns[28]}, {columns[26], columns[26], plain}, {columns[27], plain},
		{{1}, plain, other}, {{1, 2}, plain, {7}}, {plain, {nan}}, {columns[22], columns[22]}, {{1 << 53, 1 << 53}, {1 << 53, 1}}, {columns[32], columns[32], {1, 2, 5, 1, 4, 4, 2, 4, 3, 3, 1, 2}},
	}
	shapes       = []any{tally.Shape{First: 1, Levels: 5}, tally.Shape{}, tally.Shape{First: -3, Levels: 4}, tally.Shape{Levels: -1}, tally.Shape{First: math.MaxInt, Levels: 12}, tally.Shape{Levels: 99}}
	accumulators = tallies()
)

// tallies are of each type the empty one, one with a few observations and one of another shape.
func tallies() [][]any {
	clusters, cross, crosstab, gram := must(tally.NewClusters(2)), must(tally.NewCross(2)), new(tally.Crosstab), must(tally.NewGram(2))
	groups, levels, likert := new(tally.Groups), must(tally.NewLevels(tally.Shape{First: 1, Levels: 5})), must(tally.NewLikertItems(tally.Shape{First: 1, Levels: 5}, 2))
	moments, pairs := new(tally.Moments), must(tally.NewPairs(tally.Shape{First: 1, Levels: 5}))
	for i := range 20 {
		a, b := int64(i%5+1), int64(i%3+1)
		for _, err := range []error{
			clusters.Add([]string{"x", "y"}[i%2], []int64{a, b}), cross.Add([]int64{a, b}), crosstab.Add("r", []string{"x", "y"}[i%2]), gram.Add([]float64{float64(a), float64(b)}),
			groups.Add([]string{"x", "y"}[i%2], a), levels.Add(tally.Cell(a)), likert.Add([]tally.Cell{tally.Cell(a), tally.Cell(b)}), moments.Add(a), pairs.Add(tally.Cell(a), tally.Cell(b)),
		} {
			if err != nil {
				panic(err)
			}
		}
	}
	seven := tally.Shape{Levels: 7}
	return [][]any{
		{clusters, new(tally.Clusters), must(tally.NewClusters(3))}, {cross, new(tally.Cross), must(tally.NewCross(3))}, {crosstab, new(tally.Crosstab)},
		{gram, new(tally.Gram), must(tally.NewGram(3))}, {groups, new(tally.Groups)}, {levels, new(tally.Levels), must(tally.NewLevels(seven))},
		{likert, new(tally.LikertItems), must(tally.NewLikertItems(seven, 3))}, {moments, new(tally.Moments)}, {pairs, new(tally.Pairs), must(tally.NewPairs(seven))},
	}
}

// pools have the values of each type, a harmless one first.
var pools = map[reflect.Type][]any{
	reflect.TypeFor[float64]():   {.5, 0., 1., -1., 2., nan, inf, -inf, 1e300, 1e-300, 5e-324, 10., .999999, 1e17},
	reflect.TypeFor[int]():       {3, 0, 1, 2, 5, 7, -1, 30, 1 << 53, math.MaxInt, math.MinInt},
	reflect.TypeFor[int64]():     {int64(3), int64(0), int64(-7), int64(1 << 39), int64(1<<39 + 1), int64(1 << 53), int64(math.MaxInt64), int64(math.MinInt64)},
	reflect.TypeFor[uint64]():    {uint64(2), uint64(0), uint64(1), uint64(1 << 47), uint64(1 << 48), uint64(1 << 53), uint64(math.MaxUint64)},
	reflect.TypeFor[uint8]():     {uint8(1), uint8(0), uint8(2), uint8(3), uint8(4), uint8(5), uint8(6), uint8(7), uint8(8), uint8(15), uint8(255)},
	reflect.TypeFor[bool]():      {false, true},
	reflect.TypeFor[string]():    {"a", "", "less", "greater", "exact", "asymptotic", "mid-p", "pratt", "split", "holm", "bh", "hommel", "cohen1988-d", "koo2016-icc", "no such word", "two\nlines"},
	reflect.TypeFor[[]byte]():    append(binaries(), []byte(nil), []byte{}, []byte{1}, []byte{1, 2, 3}, []byte{255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255}, []byte(`{"n":1}`), []byte(`null`), []byte(`{`), []byte(`7`)),
	reflect.TypeFor[[]bool]():    {[]bool{true, false, true, false, true, false}, []bool(nil), []bool{}, []bool{true}, []bool{false, false, false, false, false, false}, []bool{false, false, false, true, true, true}, []bool{true, false, false}, []bool{true, false, false, false, false, false}},
	reflect.TypeFor[[]int64]():   {[]int64{1, 2}, []int64{5, 10}, []int64{2}, []int64(nil), []int64{}, []int64{3, 4, 5}, []int64{1 << 39, -1 << 39}, []int64{math.MaxInt64, math.MinInt64}, []int64{1}},
	reflect.TypeFor[[][]int64](): {[][]int64{{1, 2, 3}, {4, 5, 6}}, [][]int64(nil), [][]int64{}, [][]int64{{}, {}}, [][]int64{{1}, {}}, [][]int64{{1 << 60}, {1}}, [][]int64{{1}, {2}, {3}}},
	reflect.TypeFor[[]uint64]():  {[]uint64{1, 2, 3, 4, 5, 6}, []uint64(nil), []uint64{0}, []uint64{1 << 53, 1}},
	reflect.TypeFor[[]string]():  {[]string{"a", "b", "a", "b", "a", "b"}, []string(nil), []string{}, []string{"a"}, []string{"a", "a", "a", "a", "a", "a"}, []string{"a", "b", "c", "a", "b", "c"}, []string{"a", "", "c", "", "b", "a"}, []string{"a", "b", "c", "d", "e", "f"}, []string{"a", "b", "c"}, []string{"x", "x"}, []string{"a\nb", "", "é"}, []string{"a", "b", "b", "b", "b", "b"}},
	reflect.TypeFor[[][]string](): {
		[][]string{{"a", "b", "a", "a"}, {"b", "b", "a", "b"}, {"a", "a", "b", "c"}, {"c", "b", "a", "c"}}, [][]string(nil), [][]string{}, [][]string{{}}, [][]string{{"a"}, {"b", "c"}},
		[][]string{{"a", "a", "a"}, {"a", "a", "a"}}, [][]string{{"", "", ""}, {"a", "", "b"}}, [][]string{{"a", "b", "c", "d", "e", "f"}, {"a", "b", "a", "b", "a", "b"}},
	},
	reflect.TypeFor[[][]int](): {
		[][]int{{5, 1}, {2, 4}}, [][]int(nil), [][]int{}, [][]int{{}}, [][]int{{1}}, [][]int{{1, 2}}, [][]int{{1, 2}, {3}}, [][]int{{0, 0}, {0, 0}}, [][]int{{-1, 2}, {3, 4}}, [][]int{{1, 0}, {2, 0}}, [][]int{{5, 0}, {0, 5}},
		[][]int{{1, 2, 0}, {3, 4, 0}}, [][]int{{1, 2, 3}, {3, 4, 1}}, [][]int{{1000000, 999999}, {3, 4}}, [][]int{{1 << 53, 1}, {1, 1 << 53}}, [][]int{{1 << 53, 1 << 53}, {1 << 53, 1 << 53}}, [][]int{{math.MaxInt, math.MaxInt}, {1, 1}},
		[][]int{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}, [][]int{{1 << 53, 3, 1}, {7, 5, 2}},
	},
	reflect.TypeFor[[2][2]int](): {
		[2][2]int{{5, 1}, {2, 4}}, [2][2]int{}, [2][2]int{{3, 0}, {0, 4}}, [2][2]int{{0, 5}, {0, 0}}, [2][2]int{{0, 0}, {5, 0}}, [2][2]int{{-1, 2}, {3, 4}}, [2][2]int{{1, -2}, {3, 4}}, [2][2]int{{1, 1 << 53}, {1 << 53, 1}},
		[2][2]int{{1 << 62, 1 << 62}, {1 << 62, 1 << 62}}, [2][2]int{{math.MaxInt, math.MaxInt}, {math.MaxInt, math.MaxInt}}, [2][2]int{{1, 1000000}, {1000003, 1}},
	},
	reflect.TypeFor[[]tally.Cell]():               {[]tally.Cell{1, 2}, []tally.Cell(nil), []tally.Cell{}, []tally.Cell{0, 14, 15}, []tally.Cell{13}, []tally.Cell{200, 1}, []tally.Cell{5, 5, 5}, []tally.Cell{1}},
	reflect.TypeFor[[][]tally.Cell]():             {[][]tally.Cell{{1, 2, 3, 4, 5, 5}, {2, 2, 3, 3, 4, 5}}, [][]tally.Cell(nil), [][]tally.Cell{}, [][]tally.Cell{{}, {}}, [][]tally.Cell{{1, 2}, {1}}, [][]tally.Cell{{0, 14, 15}, {0, 0, 0}}, [][]tally.Cell{{13}, {1}}, [][]tally.Cell{{1, 1, 1}, {1, 1, 1}}, [][]tally.Cell{{9, 200}, {1, 1}}},
	reflect.TypeFor[map[string]float64]():         {map[string]float64{"a": 1}, map[string]float64(nil), map[string]float64{}, map[string]float64{"a": 0, "intercept": 0}, map[string]float64{"nobody": 1}, map[string]float64{"a": nan}, map[string]float64{"a": inf}, map[string]float64{"a": 1e300, "intercept": -1e300}},
	reflect.TypeFor[context.Context]():            {context.Background(), ended()},
	reflect.TypeFor[resample.Statistic]():         {resample.Statistic(resample.Mean), resample.Statistic(nil), resample.Statistic(resample.Median), resample.Statistic(resample.SD), resample.Statistic(func([][]float64) float64 { return nan }), resample.Statistic(func([][]float64) float64 { return inf }), resample.Statistic(func([][]float64) float64 { return 1 }), resample.Statistic(func(x [][]float64) float64 { slices.Sort(x[0]); return math.Sqrt(x[0][0] - 2) }), resample.Statistic(func(x [][]float64) float64 { return 1e300 * x[0][0] })},
	reflect.TypeFor[resample.LevelStatistic]():    {resample.LevelStatistic(resample.LevelMean), resample.LevelStatistic(nil), resample.LevelStatistic(func([]float64, []uint64) float64 { return nan }), resample.LevelStatistic(func([]float64, []uint64) float64 { return 1 })},
	reflect.TypeFor[func(a, b float64) float64](): {(func(a, b float64) float64)(nil), func(a, b float64) float64 { return a - b }, func(a, b float64) float64 { return 1 }, func(a, b float64) float64 { return nan }, func(a, b float64) float64 { return 1 - math.Abs(a-b)/10 }, func(a, b float64) float64 { return math.Abs(a - b) }},
	reflect.TypeFor[bangkom.Estimate]():           {bangkom.Estimate{Value: .8, N: 6, CI: bangkom.Interval{Lo: .6, Hi: .9, Level: .95}}, bangkom.Estimate{}, bangkom.Estimate{Value: nan}, bangkom.Estimate{Value: inf}, bangkom.Estimate{Value: -3}, bangkom.Estimate{Value: 1}, bangkom.Estimate{Value: 2}, bangkom.Estimate{Value: .5, CI: bangkom.Interval{Lo: nan, Hi: 2, Level: nan}}, bangkom.Estimate{Value: .5, CI: bangkom.Interval{Lo: -inf, Hi: inf, Level: .9}}},
	reflect.TypeFor[bangkom.Test]():               {bangkom.Test{P: .04, Alternative: "less"}, bangkom.Test{}, bangkom.Test{P: nan, Statistic: nan, DF: nan, DF2: inf}},
	reflect.TypeFor[[]float64]():                  anys(columns),
	reflect.TypeFor[[][]float64]():                anys(matrices),
	reflect.TypeFor[tally.Shape]():                shapes,
	reflect.TypeFor[*effect.Norms]():              {(*effect.Norms)(nil), &effect.Norms{LackingMean: 2, LackingSD: 1, HavingMean: 5, HavingSD: 1}, &effect.Norms{}, &effect.Norms{LackingMean: nan, LackingSD: 1, HavingSD: 1}, &effect.Norms{LackingSD: -1, HavingSD: 1}, &effect.Norms{LackingMean: 1, HavingMean: 1, LackingSD: 1, HavingSD: inf}},
	reflect.TypeFor[model.Cell]():                 {model.Cell{N: 6, Mean: 3, Variance: 2}, model.Cell{N: 9, Mean: 4, Variance: 1}, model.Cell{N: 7, Mean: 2, Variance: 3}, model.Cell{N: 5, Mean: 2, Variance: 1}, model.Cell{}, model.Cell{N: -1, Mean: 3, Variance: 2}, model.Cell{N: 1, Mean: 3}, model.Cell{N: 5, Mean: nan, Variance: 1}, model.Cell{N: 5, Mean: 1, Variance: -1}, model.Cell{N: 5, Mean: 1, Variance: 0}, model.Cell{N: 1 << 53, Mean: 1e300, Variance: 1e300}, model.Cell{N: 5, Mean: inf, Variance: inf}, model.Cell{N: 4, Mean: 1e-300, Variance: 5e-324}},
	reflect.TypeFor[model.Column]():               anys(named("y", columns)),
	reflect.TypeFor[[]model.Column]():             anys(predictors()),
	reflect.TypeFor[*tally.Pairs]():               append([]any{accumulators[8][0], (*tally.Pairs)(nil)}, accumulators[8][1:]...),
	reflect.TypeFor[*tally.Levels]():              append([]any{accumulators[5][0], (*tally.Levels)(nil)}, accumulators[5][1:]...),
	reflect.TypeFor[*sql.Rows]():                  {(*sql.Rows)(nil)},
}

// binaries are the tables in their binary form.
func binaries() (out []any) {
	for _, of := range accumulators {
		for _, a := range of {
			out = append(out, must(a.(interface {
				AppendBinary([]byte) ([]byte, error)
			}).AppendBinary(nil)))
		}
	}
	return out
}

func named(name string, columns [][]float64) (out []model.Column) {
	for _, c := range columns {
		out = append(out, model.Column{Name: name, Values: c})
	}
	return out
}

// predictors are lists of columns: each odd one alone, and some together.
func predictors() [][]model.Column {
	x, z := model.Column{Name: "a", Values: other}, model.Column{Name: "b", Values: columns[22]}
	out := [][]model.Column{{x}, nil, {}, {x, z}, {x, x}, {x, {Name: "b", Values: other}}, {{Values: plain}}, {x, z, {Name: "c", Values: columns[24]}, {Name: "d", Values: columns[23]}, {Name: "e", Values: columns[21]}}}
	for _, c := range named("a", columns) {
		out = append(out, []model.Column{c}, []model.Column{c, z})
	}
	return out
}

func ended() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

func anys[T any](xs []T) (out []any) {
	for _, x := range xs {
		out = append(out, x)
	}
	return out
}

// pool makes the values of a type: those written down, or, of a struct, one with
// each odd value of each field; of an enumeration, its first values and some beyond.
func pool(t reflect.Type) (out []reflect.Value) {
	if written := pools[t]; written != nil {
		for _, v := range written {
			out = append(out, reflect.ValueOf(v).Convert(t))
		}
		return out
	}
	switch t.Kind() {
	case reflect.Pointer:
		if of := receivers[nameOf(t)]; of != nil && reflect.TypeOf(of[0]) == t {
			for _, v := range of {
				out = append(out, reflect.ValueOf(v))
			}
			return out
		}
		out = append(out, reflect.Zero(t))
		for _, v := range pool(t.Elem()) {
			p := reflect.New(t.Elem())
			p.Elem().Set(v)
			out = append(out, p)
		}
	case reflect.Struct:
		whole := reflect.New(t).Elem()
		out = append(out, whole)
		for i := range t.NumField() {
			if !t.Field(i).IsExported() {
				continue
			}
			for _, f := range pool(t.Field(i).Type) {
				v := reflect.New(t).Elem()
				v.Set(whole)
				v.Field(i).Set(f)
				out = append(out, v)
			}
		}
	case reflect.Slice:
		of := pool(t.Elem())
		out = append(out, reflect.Append(reflect.Zero(t), of[0]), reflect.Zero(t), reflect.Append(reflect.Zero(t), of[0], of[0]))
		for _, v := range of[1:] {
			out = append(out, reflect.Append(reflect.Zero(t), v))
		}
	default:
		for _, v := range pools[basic[t.Kind()]] {
			out = append(out, reflect.ValueOf(v).Convert(t))
		}
	}
	return out
}

var basic = map[reflect.Kind]reflect.Type{
	reflect.Int: reflect.TypeFor[int](), reflect.Uint8: reflect.TypeFor[uint8](), reflect.String: reflect.TypeFor[string](),
	reflect.Uint64: reflect.TypeFor[uint64](), reflect.Float64: reflect.TypeFor[float64](), reflect.Bool: reflect.TypeFor[bool](),
}

// exempt are the calls that cannot be made, and why.
var exempt = map[string]string{
	"tally.ScanPairs": "needs a database, see its own tests", "tally.ScanMoments": "likewise", "tally.ScanCross": "likewise",
	"resample.Mean": "a Statistic, called by the others", "resample.Median": "likewise", "resample.SD": "likewise", "resample.Correlation": "likewise",
	"reliability.OddEven": "a number of items is a size", "resample.StandardErrorOfMean": "likewise", "resample.LevelMean": "likewise",
}

// A call is a function or a method with what it is called on.
type call struct {
	name string
	f    reflect.Value
	on   reflect.Value // a pointer, or a value; not valid: a function
}

func calls() (out []call) {
	for name, f := range functions {
		if exempt[name] == "" {
			out = append(out, call{name: name, f: reflect.ValueOf(f)})
		}
	}
	for name, of := range receivers {
		for _, r := range of {
			v := reflect.ValueOf(r)
			if v.Kind() != reflect.Pointer {
				v = reflect.New(v.Type())
				v.Elem().Set(reflect.ValueOf(r))
			}
			for i := range v.NumMethod() {
				out = append(out, call{name + "." + v.Type().Method(i).Name, v.Method(i), v})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b call) int { return strings.Compare(a.name, b.name) })
	return out
}

// arguments are lists of arguments: each value of each parameter beside harmless
// ones, then any values together.
func (c call) arguments(r *rand.Rand, most int) (out [][]reflect.Value) {
	var of [][]reflect.Value
	kth := map[reflect.Type]int{}
	var harmless []reflect.Value
	for i := range c.f.Type().NumIn() {
		t := c.f.Type().In(i)
		p := pool(t)
		if c.f.Type().NumOut() == 1 && t.Kind() == reflect.Int && c.on.IsValid() && c.on.Kind() == reflect.Pointer {
			p = p[1:2] // a column's number, which is to be one as an index is
			for _, columns := range []string{"Columns", "Items"} {
				if m := c.on.MethodByName(columns); m.IsValid() && m.Call(nil)[0].Int() == 0 {
					return nil
				}
			}
		}
		if c.on.IsValid() { // a table to merge with is one
			p = slices.DeleteFunc(slices.Clone(p), func(v reflect.Value) bool { return t == c.on.Type() && v.IsNil() })
		}
		of = append(of, p)
		harmless = append(harmless, p[min(kth[t], len(p)-1)])
		kth[t]++
	}
	for i := range of {
		for _, v := range of[i] {
			a := slices.Clone(harmless)
			a[i] = v
			out = append(out, a)
		}
	}
	if len(of) == 0 {
		return [][]reflect.Value{nil}
	}
	for range most {
		a := make([]reflect.Value, len(of))
		for i := range a {
			a[i] = of[i][r.IntN(len(of[i]))]
		}
		out = append(out, a)
	}
	return out
}

func TestBattery(t *testing.T) {
	about, _ := comments(t)
	most := 150
	if os.Getenv("BANGKOM_LONG") != "" {
		most = 3000
	}
	r := rand.New(rand.NewPCG(1, 2))
	all := calls()
	for len(all) > 0 { // one function, or one method on all its receivers
		n := 1
		for n < len(all) && all[n].name == all[0].name {
			n++
		}
		same := all[:n]
		all = all[n:]
		t.Run(same[0].name, func(t *testing.T) {
			said, answered := map[string]int{}, 0
			for _, c := range same {
				for _, args := range c.arguments(r, most) {
					b := battery{t: t, about: about, said: said, call: c}
					if b.try(args) {
						answered++
					}
				}
			}
			if !strings.HasSuffix(same[0].name, ".UnmarshalText") { // no word of the pool may fit
				require.Positive(t, answered, "never a result: the pools lack what it takes")
			}
		})
	}
}

// A battery tries one call once.
type battery struct {
	t     *testing.T
	about map[string]string
	said  map[string]int // of each kind of finding: a few are enough
	call  call
	what  string
}

func (b *battery) fail(format string, args ...any) {
	b.t.Helper()
	if b.said[b.call.name+format]++; b.said[b.call.name+format] > 2 && os.Getenv("BANGKOM_LONG") == "" {
		b.t.Fail()
		return
	}
	b.t.Errorf("%s: %s", b.what, fmt.Sprintf(format, args...))
}

// try reports whether there was a result.
func (b *battery) try(args []reflect.Value) (answered bool) {
	own := make([]reflect.Value, len(args))
	b.what = b.call.name + "("
	for i, a := range args {
		own[i] = copied(a)
		b.what += fmt.Sprintf("%s, ", shown(a))
	}
	b.what += ")"
	c := b.call
	if c.on.IsValid() {
		c.on = copied(c.on)
		c.f = c.on.MethodByName(c.name[strings.LastIndex(c.name, ".")+1:])
		b.what = shown(c.on) + " " + b.what
	}
	defer func() {
		if p := recover(); p != nil {
			b.fail("panic: %v", p)
		}
	}()
	was := print1(c.on)
	start := time.Now()
	var out []reflect.Value
	if c.f.Type().IsVariadic() {
		out = c.f.CallSlice(own)
	} else {
		out = c.f.Call(own)
	}
	if took := time.Since(start); took > 5*time.Second {
		b.fail("took %v", took)
	}
	for i := range args {
		if print1(args[i]) != print1(own[i]) {
			b.fail("argument %d was changed to %s", i, shown(own[i]))
		}
	}
	if n := len(out); n > 0 && c.f.Type().Out(n-1) == reflect.TypeFor[error]() {
		err, _ := out[n-1].Interface().(error)
		if err != nil {
			b.refused(err, out[:n-1])
			if is := print1(c.on); is != was && !strings.HasSuffix(c.name, ".UnmarshalJSON") {
				b.fail("an error, and yet a change to %s", is)
			}
			return false
		}
		out = out[:n-1]
	}
	if n := len(out); n == 2 && out[1].Kind() == reflect.Bool && !out[1].Bool() {
		return false // there is none
	}
	var before, after []string
	for _, v := range out {
		b.sound(v)
		before = append(before, print1(v))
	}
	before = append(before, print1(c.on))
	for _, a := range own {
		spoil(a)
	}
	for _, v := range out {
		after = append(after, print1(v))
	}
	after = append(after, print1(c.on))
	if !slices.Equal(before, after) {
		b.fail("keeps its arguments")
	}
	return true
}

// refused checks an error: typed, with a code and a sentence, and nothing beside it.
func (b *battery) refused(err error, beside []reflect.Value) {
	if errors.Is(err, context.Canceled) || strings.HasSuffix(b.call.name, "shalJSON") || strings.HasSuffix(b.call.name, "shalText") {
		return // what encoding/json wraps has the form that is usual there
	}
	found := bangkom.AsProblems(err, "")
	if len(found) == 0 || found[0].Code == "" {
		b.fail("an error without a code: %v", err)
		return
	}
	for _, p := range found {
		if p.Msg == "" || !word.MatchString(p.Code) {
			b.fail("an error that says nothing: %#v", p)
		}
	}
	for _, v := range beside {
		if v.Kind() != reflect.Float64 && !v.IsZero() {
			b.fail("half a result beside an error: %v: %v", err, v)
		}
	}
}

var (
	word = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	key  = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)
)

// sound checks one returned value.
func (b *battery) sound(v reflect.Value) {
	if v.Type().CanSeq2() && v.Kind() == reflect.Func {
		for range v.Seq2() {
			break
		}
		n := 0
		for range v.Seq2() {
			n++
		}
		return
	}
	b.numbers(v, b.call.name, b.about[b.call.name], warned(v))
	if !strings.HasPrefix(v.Type().String(), "bangkom.") && !strings.Contains(v.Type().PkgPath(), "/stats/") && v.Kind() != reflect.Slice {
		return
	}
	if s, ok := v.Interface().(fmt.Stringer); ok {
		line := s.String()
		if line == "" || strings.ContainsAny(line, "\n") || strings.Contains(line, "NaN") || strings.Contains(line, "%!") {
			b.fail("String gives %q", line)
		}
	}
	if s, ok := v.Interface().(interface{ Table() string }); ok {
		if table := s.Table(); strings.Count(table, "\n") < 2 || strings.Contains(table, "NaN") || strings.Contains(table, "%!") {
			b.fail("Table gives %q", table)
		}
	}
	if v.Kind() == reflect.Struct {
		b.json(v)
	}
}

func (b *battery) json(v reflect.Value) {
	data, err := json.Marshal(v.Interface())
	if err != nil {
		b.fail("JSON: %v", err)
		return
	}
	back := reflect.New(v.Type())
	if err := json.Unmarshal(data, back.Interface()); err != nil {
		b.fail("JSON does not read back: %v: %s", err, data)
		return
	}
	again, err := json.Marshal(back.Elem().Interface())
	if err != nil || !bytes.Equal(data, again) {
		b.fail("JSON is not what it was:\n%s\n%s %v", data, again, err)
	}
	var tree any
	_ = json.Unmarshal(data, &tree)
	b.keys(tree)
}

func (b *battery) keys(tree any) {
	switch tree := tree.(type) {
	case map[string]any:
		for k, v := range tree {
			if !key.MatchString(k) {
				b.fail("the key %q", k)
			}
			b.keys(v)
		}
	case []any:
		for _, v := range tree {
			b.keys(v)
		}
	}
}

// warned reports whether a result warns of anything, anywhere.
func warned(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && warned(v.Field(i)) {
				return true
			}
		}
	case reflect.Slice:
		if v.Type() == reflect.TypeFor[bangkom.Problems]() {
			return v.Len() > 0
		}
		for i := range v.Len() {
			if warned(v.Index(i)) {
				return true
			}
		}
	case reflect.Pointer:
		return !v.IsNil() && warned(v.Elem())
	}
	return false
}

// numbers asks that what is no number is explained: by a warning in an
// estimate, and of a field by a warning in its result or by its comment.
func (b *battery) numbers(v reflect.Value, where, comment string, warned bool) {
	switch x := v.Interface().(type) {
	case bangkom.Estimate:
		b.estimate(x, where)
		return
	case bangkom.Test:
		b.estimate(x.Estimate, where)
		if (math.IsNaN(x.P) || math.IsInf(x.Statistic, 0)) && len(x.Estimate.Warnings) == 0 && !strings.Contains(comment, "NaN") {
			b.fail("%s: statistic %v and p %v without a word", where, x.Statistic, x.P)
		}
		if x.P < 0 || x.P > 1 || x.DF < 0 || x.DF2 < 0 {
			b.fail("%s: p %v, df %v and %v", where, x.P, x.DF, x.DF2)
		}
		return
	case bangkom.Interval:
		b.interval(x, where)
		return
	case bangkom.Band: // the lowest one is open
		return
	case fmt.Stringer:
		if v.Kind() == reflect.Pointer {
			return
		}
	}
	switch v.Kind() {
	case reflect.Float64:
		if x := v.Float(); (math.IsNaN(x) || math.IsInf(x, 0)) && !warned && !strings.Contains(comment, "NaN") {
			b.fail("%s is %v without a word", where, x)
		}
	case reflect.Struct:
		name := nameOf(v.Type())
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				b.numbers(v.Field(i), name+"."+f.Name, b.about[name]+b.about[name+"."+f.Name], warned)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			b.numbers(v.Index(i), where, comment, warned)
		}
	case reflect.Pointer:
		if !v.IsNil() && v.Elem().Kind() == reflect.Struct {
			b.numbers(v.Elem(), where, comment, warned)
		}
	}
}

func (b *battery) estimate(e bangkom.Estimate, where string) {
	if (math.IsNaN(e.Value) || math.IsInf(e.Value, 0)) && len(e.Warnings) == 0 {
		b.fail("%s: estimate %v without a word", where, e.Value)
	}
	if e.Method == "" {
		b.fail("%s: no method", where)
	}
	if e.N < 0 || e.Missing.Dropped < 0 || e.SE < 0 || math.IsInf(e.SE, 0) && len(e.Warnings) == 0 {
		b.fail("%s: n %v, dropped %v, SE %v", where, e.N, e.Missing.Dropped, e.SE)
	}
	for _, p := range e.Warnings {
		if !word.MatchString(p.Code) || p.Msg == "" || p.Severity == bangkom.Error {
			b.fail("%s: warning %#v", where, p)
		}
	}
	if e.CI != (bangkom.Interval{}) {
		b.interval(e.CI, where)
	}
}

func (b *battery) interval(i bangkom.Interval, where string) {
	if i != (bangkom.Interval{}) && (!(i.Lo <= i.Hi || i.Level < 1e-9 && i.Lo <= i.Hi+1e-9) || !(i.Level > 0 && i.Level <= 1) || i.Method == "") {
		b.fail("%s: interval %+v", where, i)
	}
}

// copied is a deep copy of an argument; functions and contexts are what they are.
func copied(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.Slice:
		if v.IsNil() {
			return v
		}
		c := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			c.Index(i).Set(copied(v.Index(i)))
		}
		return c
	case reflect.Map:
		if v.IsNil() {
			return v
		}
		c := reflect.MakeMap(v.Type())
		for _, k := range v.MapKeys() {
			c.SetMapIndex(k, v.MapIndex(k))
		}
		return c
	case reflect.Struct:
		c := reflect.New(v.Type()).Elem()
		c.Set(v)
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				c.Field(i).Set(copied(v.Field(i)))
			}
		}
		return c
	case reflect.Pointer:
		if v.IsNil() {
			return v
		}
		if clone := v.MethodByName("Clone"); clone.IsValid() {
			return clone.Call(nil)[0]
		}
		c := reflect.New(v.Type().Elem())
		c.Elem().Set(copied(v.Elem()))
		return c
	}
	return v
}

// spoil writes over everything that an argument refers to.
func spoil(v reflect.Value) {
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			spoil(v.Index(i))
		}
	case reflect.Map:
		v.Clear()
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				spoil(v.Field(i))
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			spoil(v.Elem())
		}
	default:
		if !v.CanSet() {
			return
		}
		switch v.Kind() {
		case reflect.Float64:
			v.SetFloat(77)
		case reflect.Int, reflect.Int64:
			v.SetInt(77)
		case reflect.Uint8, reflect.Uint64:
			v.SetUint(7)
		case reflect.String:
			v.SetString("spoiled")
		case reflect.Bool:
			v.SetBool(!v.Bool())
		}
	}
}

// print1 is all of a value, also what is not exported and what pointers lead to, as text.
func print1(v reflect.Value) string {
	var b strings.Builder
	dump(&b, v)
	return b.String()
}

func dump(b *strings.Builder, v reflect.Value) {
	switch v.Kind() {
	case reflect.Invalid:
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			b.WriteString("&")
		}
		if v.Kind() == reflect.Pointer {
			dump(b, v.Elem())
		}
	case reflect.Slice, reflect.Array:
		if v.Kind() == reflect.Slice && v.IsNil() {
			b.WriteString("nil")
			return
		}
		b.WriteString("{")
		for i := range v.Len() {
			dump(b, v.Index(i))
			b.WriteString(" ")
		}
		b.WriteString("}")
	case reflect.Map:
		keys := v.MapKeys()
		slices.SortFunc(keys, func(x, y reflect.Value) int { return strings.Compare(print1(x), print1(y)) })
		b.WriteString("map{")
		for _, k := range keys {
			dump(b, k)
			b.WriteString(":")
			dump(b, v.MapIndex(k))
			b.WriteString(" ")
		}
		b.WriteString("}")
	case reflect.Struct:
		b.WriteString("{")
		for i := range v.NumField() {
			if f := v.Field(i); !f.IsZero() {
				b.WriteString(v.Type().Field(i).Name + ":")
				dump(b, f)
				b.WriteString(" ")
			}
		}
		b.WriteString("}")
	case reflect.Float64:
		b.WriteString(strconv.FormatFloat(v.Float(), 'g', -1, 64))
	case reflect.Func:
		b.WriteString("func")
	default:
		fmt.Fprintf(b, "%v", v)
	}
}

func shown(v reflect.Value) string {
	s := print1(v)
	if len(s) > 200 {
		s = s[:200] + "…"
	}
	return s
}
