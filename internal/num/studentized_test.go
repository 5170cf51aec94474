package num_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom/internal/num"
	"github.com/bangkom/bangkom/internal/ref"
)

func TestStudentizedRangeAgainstMpmath(t *testing.T) {
	data, err := os.ReadFile(ref.Shared(t, "data", "evaluation", "studentized_range_mpmath_ref.json"))
	require.NoError(t, err)
	var r struct {
		CDF []struct {
			Src struct{ Q, K, V float64 } `json:"src_case"`
			P   float64                   `json:"mp_result"`
		} `json:"cdf_data"`
	}
	require.NoError(t, json.Unmarshal(data, &r))
	require.Len(t, r.CDF, 72)
	worst, checked := 0.0, 0
	for _, c := range r.CDF {
		got := num.StudentizedRangeCDF(c.Src.Q, int(c.Src.K), c.Src.V)
		up := num.StudentizedRangeSurvival(c.Src.Q, int(c.Src.K), c.Src.V)
		require.InDelta(t, 1, got+up, 1e-12, "%+v", c)
		if c.P < 1e-21 { // the file's own digits end before
			t.Logf("%+v: got %v", c, got)
			require.InDelta(t, c.P, got, 1e-11)
			continue
		}
		checked++
		worst = max(worst, math.Abs(got/c.P-1))
		ref.Close(t, "studentized range", c.P, got, 1e-10)
	}
	require.Equal(t, 66, checked)
	t.Logf("worst relative error %.2g", worst)
}

func TestStudentizedRangeValues(t *testing.T) {
	ref.Close(t, "p", .0558918490817493, num.StudentizedRangeSurvival(3.5, 3, 20), 1e-13)
	ref.Close(t, "q", 3.57793472522012, num.StudentizedRangeQuantile(.95, 3, 20), 1e-13)
	ref.Close(t, "q", 3.50642612335415, num.StudentizedRangeQuantile(.95, 3, 27), 1e-13)
}

func TestStudentizedRangeLaws(t *testing.T) {
	for _, df := range []float64{1, 2, 3.5, 14.1, 60, 1e3, 1e6} {
		for _, q := range []float64{1e-4, .019, .021, .3, 1, 3, 8, 30, 300} {
			// Of two it is √2 |t|.
			ref.Close(t, "k = 2", num.TTwoSided(q/math.Sqrt2, df), num.StudentizedRangeSurvival(q, 2, df), 1e-12)
			last := 0.0
			for _, k := range []int{2, 3, 4, 7, 15, 40, 100} {
				p := num.StudentizedRangeSurvival(q, k, df)
				require.GreaterOrEqual(t, p, last*(1-1e-12), "more groups, a larger range")
				require.InDelta(t, 1, p+num.StudentizedRangeCDF(q, k, df), 1e-12, "q %v k %v df %v", q, k, df)
				last = p
			}
		}
	}
	// The range of three normals, as integral over the plane, has a form by Owen's T; at infinite df:
	ref.Close(t, "large df", num.StudentizedRangeSurvival(3, 4, math.Inf(1)), num.StudentizedRangeSurvival(3, 4, 1e9), 1e-7)
	require.Equal(t, 1.0, num.StudentizedRangeSurvival(-1, 3, 4))
	require.Zero(t, num.StudentizedRangeSurvival(math.Inf(1), 3, 4))
	require.True(t, math.IsNaN(num.StudentizedRangeSurvival(2, 1, 4)))
	p := num.StudentizedRangeSurvival(60, 3, 200)
	require.True(t, p > 0 && p < 1e-80, p)
}

func BenchmarkStudentizedRange(b *testing.B) {
	for b.Loop() {
		_ = num.StudentizedRangeSurvival(3.5, 3, 20)
	}
}

func BenchmarkStudentizedRangeQuantile(b *testing.B) {
	for b.Loop() {
		_ = num.StudentizedRangeQuantile(.95, 10, 90)
	}
}
