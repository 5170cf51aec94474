package agreement_test

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom/internal/ref"
	"github.com/bangkom/bangkom/stats/agreement"
)

var nan = math.NaN()

// Four raters, twelve subjects (Krippendorff, 2011).
var twelve = [][]float64{
	{1, 2, 3, 3, 2, 1, 4, 1, 2, nan, nan, nan},
	{1, 2, 3, 3, 2, 2, 4, 1, 2, 5, nan, 3},
	{nan, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, nan},
	{1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, nan},
}

// Six subjects, four judges (Shrout and Fleiss, 1979), judge × subject.
var shroutFleiss = [][]float64{{9, 6, 8, 7, 10, 6}, {2, 1, 4, 1, 5, 2}, {5, 3, 6, 2, 6, 4}, {8, 2, 8, 6, 9, 7}}

// Thirty patients by six psychiatrists into five diagnoses (Fleiss, 1971).
const diagnoses = "00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031 00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006"

func fleissCounts() agreement.Counts {
	c := agreement.Counts{Values: []float64{1, 2, 3, 4, 5}}
	for _, s := range strings.Fields(diagnoses) {
		var row []int
		for _, d := range s {
			row = append(row, int(d-'0'))
		}
		c.N = append(c.N, row)
	}
	return c
}

func TestKrippendorffFixture(t *testing.T) {
	for m, want := range map[agreement.Metric]float64{
		agreement.Nominal: .743421052631579, agreement.Ordinal: .815387503754881, agreement.Interval: .849107142857143, agreement.Ratio: .797402774711612,
	} {
		e, err := agreement.Krippendorff(twelve, m, nil)
		require.NoError(t, err)
		ref.Close(t, m.String(), want, e.Value, 1e-14)
	}
}

func TestChanceCorrectedFixtures(t *testing.T) {
	of := func(w agreement.Weights) *agreement.Options { return &agreement.Options{Weights: w} }
	ac, err := agreement.Gwet(twelve, nil)
	require.NoError(t, err)
	ref.Close(t, "AC1", .775444068126995, ac.Value, 1e-14)
	require.InDelta(t, .14295, ac.SE, 5e-6)
	for w, want := range map[agreement.Weights]float64{agreement.Linear: .858739136432611, agreement.Quadratic: .914000723551605, agreement.OrdinalWeights: .898939769907511} {
		e, err := agreement.Gwet(twelve, of(w))
		require.NoError(t, err)
		ref.Close(t, w.String(), want, e.Value, 1e-14)
	}
	for w, want := range map[agreement.Weights][3]float64{
		agreement.Identity:  {.761169275422411, .762066893651112, .772727272727273},
		agreement.Quadratic: {.864935064935065, .857168224091625, .901515151515151},
	} {
		f, err := agreement.Fleiss(twelve, of(w))
		require.NoError(t, err)
		ref.Close(t, "Fleiss", want[0], f.Kappa.Value, 1e-14)
		c, err := agreement.Conger(twelve, of(w))
		require.NoError(t, err)
		ref.Close(t, "Conger", want[1], c.Value, 1e-14)
		b, err := agreement.BrennanPrediger(twelve, of(w))
		require.NoError(t, err)
		ref.Close(t, "Brennan-Prediger", want[2], b.Value, 1e-14)
	}
}

func TestFleissFixture(t *testing.T) {
	r, err := fleissCounts().Fleiss(nil)
	require.NoError(t, err)
	ref.Close(t, "P", .555555555555556, r.Observed, 1e-14)
	ref.Close(t, "Pe", .219938271604938, r.Expected, 1e-14)
	ref.Close(t, "kappa", .430244520060141, r.Kappa.Value, 1e-14)
	ref.Close(t, "z", 17.6518305829914, r.Null.Statistic, 1e-13)
	for i, want := range []float64{.244755244755245, .244755244755245, .52, .471127272727273, .566117806823969} {
		ref.Close(t, "category", want, r.Categories[i].Kappa.Estimate.Value, 1e-13)
		require.InDelta(t, []float64{5.1920, 5.1920, 11.0309, 9.9941, 12.0092}[i], r.Categories[i].Kappa.Statistic, 5e-5)
	}
	// Conger must know who rated what: the six in the order of irr's data.
	var ratings [][]float64
	for _, g := range []string{
		"422521311511212311215221121215", "423521311542242311235421421235", "423523334544244311435444421435",
		"453543334544344341455454421435", "453543534544344351455454425435", "455543544544345552455454545435",
	} {
		var r []float64
		for _, d := range g {
			r = append(r, float64(d-'0'))
		}
		ratings = append(ratings, r)
	}
	c, err := agreement.Conger(ratings, nil)
	require.NoError(t, err)
	ref.Close(t, "Conger", .441808540329333, c.Value, 1e-13)
	f, err := agreement.Fleiss(ratings, nil)
	require.NoError(t, err)
	require.Equal(t, r.Kappa.Value, f.Kappa.Value)
	// A subject nobody rated changes nothing.
	more := fleissCounts()
	more.N = append(more.N, []int{0, 0, 0, 0, 0})
	g, err := more.Fleiss(nil)
	require.NoError(t, err)
	require.Equal(t, r.Null.Statistic, g.Null.Statistic)
	require.Equal(t, r.Kappa.SE, g.Kappa.SE)
	require.Equal(t, 1, g.Kappa.Missing.Dropped)
}

func TestCohenFixture(t *testing.T) {
	r, err := agreement.CohenTable([][]float64{{88, 14, 18}, {10, 40, 10}, {2, 6, 12}}, nil, &agreement.Options{
		Weight: func(a, b float64) float64 { // 1 − v/6 for Cohen's disagreements v = 0 1 3 / 1 0 6 / 3 6 0
			v := [4][4]float64{1: {0, 0, 1, 3}, 2: {0, 1, 0, 6}, 3: {0, 3, 6, 0}}
			return 1 - v[int(a)][int(b)]/6
		}})
	require.NoError(t, err)
	ref.Close(t, "kappa", .491525423728813, r.Kappa.Estimate.Value, 1e-13)
	ref.Close(t, "linear", .473684210526316, r.Linear.Estimate.Value, 1e-13)
	ref.Close(t, "quadratic", .454545454545454, r.Quadratic.Estimate.Value, 1e-13)
	ref.Close(t, "weighted", .347826086956522, r.Custom.Estimate.Value, 1e-13)
	ref.Close(t, "se", .0510018155761, r.Kappa.Estimate.SE, 1e-11)
	ref.Close(t, "lo", .391563702053547, r.Kappa.Estimate.CI.Lo, 1e-12)
	ref.Close(t, "hi", .59148714540408, r.Kappa.Estimate.CI.Hi, 1e-12)
}

func TestICCFixture(t *testing.T) {
	r, err := agreement.ICC(shroutFleiss, nil)
	require.NoError(t, err)
	for _, c := range []struct {
		name          string
		got, want, at float64
	}{
		{"MSR", r.MSR, 11.2416666666667, 1e-14}, {"MSC", r.MSC, 32.4861111111111, 1e-14}, {"MSE", r.MSE, 1.01944444444444, 1e-14}, {"MSW", r.MSW, 6.26388888888889, 1e-14},
		{"1", r.ICC1.Estimate.Value, .165741768405476, 1e-13}, {"1 lo", r.ICC1.Estimate.CI.Lo, -.1329323248748, 1e-11}, {"1 hi", r.ICC1.Estimate.CI.Hi, .7225600623281, 1e-12},
		{"1 F", r.ICC1.Statistic, 1.79467849223947, 1e-13}, {"1 p", r.ICC1.P, .16476880834464, 1e-12},
		{"2", r.ICC2.Estimate.Value, .289763779527559, 1e-13}, {"2 lo", r.ICC2.Estimate.CI.Lo, .01878651337471, 1e-10}, {"2 hi", r.ICC2.Estimate.CI.Hi, .761084369649, 1e-11},
		{"3", r.ICC3.Estimate.Value, .714840714840715, 1e-13}, {"3 lo", r.ICC3.Estimate.CI.Lo, .3424647650339, 1e-11}, {"3 hi", r.ICC3.Estimate.CI.Hi, .9458582599554, 1e-12},
		{"3 F", r.ICC3.Statistic, 11.0272479564033, 1e-13}, {"3 p", r.ICC3.P, .000134566516484, 1e-11},
		{"1k", r.ICC1k.Estimate.Value, .442797133679269, 1e-13}, {"1k lo", r.ICC1k.Estimate.CI.Lo, -.8844421552381, 1e-12}, {"1k hi", r.ICC1k.Estimate.CI.Hi, .9124154203408, 1e-12},
		{"2k", r.ICC2k.Estimate.Value, .620050547598989, 1e-13}, {"2k lo", r.ICC2k.Estimate.CI.Lo, .0711368153025, 1e-10}, {"2k hi", r.ICC2k.Estimate.CI.Hi, .9272320401677, 1e-12},
		{"3k", r.ICC3k.Estimate.Value, .90931554237707, 1e-13}, {"3k lo", r.ICC3k.Estimate.CI.Lo, .6756747138163, 1e-12}, {"3k hi", r.ICC3k.Estimate.CI.Hi, .9858916781691, 1e-12},
	} {
		ref.Close(t, c.name, c.want, c.got, c.at)
	}
}
