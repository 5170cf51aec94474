package needs_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/internal/ref"
	"github.com/bangkom/bangkom/needs"
	"github.com/bangkom/bangkom/stats/tally"
)

var quick = &needs.Options{Resamples: -1}

// printed compares with a number of the design: all digits that are printed.
func printed(t testing.TB, what string, want, got float64) {
	t.Helper()
	ref.Close(t, what, want, got, 2e-11)
}

func scores(r *needs.Ranking, items []competency.CompetencyID) []float64 {
	by := byItem(r)
	var out []float64
	for _, id := range items {
		out = append(out, by[id].Score.Value)
	}
	return out
}

func printedAll(t testing.TB, what string, want, got []float64) {
	t.Helper()
	require.Len(t, got, len(want), what)
	for i := range want {
		printed(t, fmt.Sprint(what, " ", i), want[i], got[i])
	}
}

func f2(t testing.TB) *needs.Cube {
	return cubeOf(t, frame(4, 5), survey("5435 5534 442. 5335 4544 54.5 3434 5525 4.34 5435", "3432 2443 4324 3352 244. 4533 3234 1442 .333 3441")...)
}

func detail[T any](t testing.TB, r *needs.Ranking, id competency.CompetencyID) T {
	t.Helper()
	d, ok := byItem(r)[id].Detail.(T)
	require.True(t, ok, "%T", byItem(r)[id].Detail)
	return d
}

// F2: every policy, every score, every test.
func TestF2Scores(t *testing.T) {
	c := f2(t)
	items := c.Frame().Items
	with := func(p needs.MissingPolicy) *needs.Options { return &needs.Options{Resamples: -1, Missing: p} }
	for _, k := range []struct {
		what   string
		method needs.Method
		policy needs.MissingPolicy
		want   []float64
	}{
		{"MWDS", needs.Borich, needs.Pairwise, []float64{8.0987654321, 2.34567901235, -1.92592592593, 9.828125}},
		{"PNI", needs.PNI, needs.Pairwise, []float64{8.0987654321, 2.34567901235, -1.92592592593, 9.828125}},
		{"MWDS, importance of all", needs.Borich, needs.PairImportanceAll, []float64{8, 2.34567901235, -1.92592592593, 9.68055555556}},
		{"MWDS, available", needs.Borich, needs.AvailableMeans, []float64{7.75, 2.62716049383, -1.76543209877, 8.6049382716}},
		{"MWDS, listwise", needs.Borich, needs.Listwise, []float64{10.1111111111, 2.77777777778, -2.83333333333, 10.8888888889}},
		{"MWDS own", needs.BorichOwn, needs.Pairwise, []float64{8.66666666667, 2.55555555556, -1.77777777778, 10.375}},
		{"PNImodified", needs.PNIModified, needs.Pairwise, []float64{.64, .151515151515, -.1875, .85}},
		{"-RDS", needs.RDM, needs.Pairwise, []float64{77.7777777778, 44.4444444444, -44.4444444444, 87.5}},
		{"-RDS, listwise", needs.RDM, needs.Listwise, []float64{83.3333333333, 50, -66.6666666667, 83.3333333333}},
	} {
		r := rank(t, c, k.method, with(k.policy))
		printedAll(t, k.what, k.want, scores(r, items))
		require.Equal(t, k.policy.String(), r.Policy)
		require.Equal(t, k.policy.String(), r.Items[0].Score.Missing.Policy)
	}
	delta, jack := rank(t, c, needs.Borich, quick), rank(t, c, needs.Borich, &needs.Options{Resamples: -1, Interval: "jackknife"})
	rds := rank(t, c, needs.RDM, quick)
	for i, id := range items {
		printed(t, "delta SE", []float64{2.28962425094, 1.29573768093, .80123361677, 2.56997494255}[i], byItem(delta)[id].Score.SE)
		printed(t, "jackknife SE", []float64{2.30756271399, 1.302041666, .80887128911, 2.58252107203}[i], byItem(jack)[id].Score.SE)
		printed(t, "SE of RDS", []float64{14.6986183948, 24.2161052419, 17.5682092232, 12.5}[i], byItem(rds)[id].Score.SE)
		d := detail[needs.RDMDetail](t, rds, id)
		printed(t, "Wald SE of RDS", []float64{13.8579903214, 22.831162974, 16.5634665, 11.6926793337}[i], d.SEWald)
		require.Equal(t, -byItem(rds)[id].Score.Value, d.RDS)
		b := detail[needs.BorichDetail](t, delta, id)
		printed(t, "own in the detail", []float64{8.66666666667, 2.55555555556, -1.77777777778, 10.375}[i], *b.Own)
		require.InDelta(t, *b.Own-*b.Group, *b.Covariance, 1e-12)
	}
	require.Contains(t, []string{"jackknife, t"}, byItem(jack)["a"].Score.CI.Method)

	// Listwise, RDS ties items 1 and 4 while MWDS separates them.
	tie := rank(t, c, needs.RDM, with(needs.Listwise))
	require.Equal(t, []float64{1, 1, 3, 4}, []float64{tie.Items[0].Rank, tie.Items[1].Rank, tie.Items[2].Rank, tie.Items[3].Rank})
	require.Equal(t, 6, tie.Items[0].Score.N)
	require.Equal(t, bangkom.Missing{Policy: "listwise", Dropped: 4}, tie.Items[0].Score.Missing)
	require.True(t, tie.Problems.Has("listwise-loss"))

	locus := rank(t, c, needs.Locus, quick)
	for i, class := range []string{"HH", "HL", "LL", "HH"} {
		d := detail[needs.LocusDetail](t, locus, items[i])
		require.Equal(t, class, d.Class)
		printed(t, "centre", 4.07291666667, *d.CentreI)
		printed(t, "centre", .947916666667, *d.CentreGap)
	}

	p := map[competency.CompetencyID]needs.Ranked{}
	adjusted := map[needs.Adjustment]*needs.Ranking{}
	for _, a := range []needs.Adjustment{needs.Holm, needs.BH} {
		adjusted[a] = rank(t, c, needs.Borich, &needs.Options{Resamples: -1, Adjust: a})
		p = byItem(adjusted[a])
	}
	for i, id := range items {
		table, _ := c.Table(id)
		x := needs.TestPairs(table)
		printed(t, "t", []float64{4.09718015785, 1.88982236505, -2.30940107676, 4.43179159021}[i], x.T)
		require.Equal(t, []float64{28, 18, 0, 28}[i], x.VPlus)
		require.Equal(t, []float64{0, 3, 10, 0}[i], x.VMinus)
		printed(t, "z", []float64{2.40985630431, 1.66666666667, -1.85695338177, 2.38784802318}[i], x.Wilcoxon.Z)
		printed(t, "p", []float64{.0159588046654, .0955807045456, .06331778683, .0169473483376}[i], x.Wilcoxon.P)
		printed(t, "z Pratt", []float64{2.53269529445, 1.67125804359, -1.98245580137, 2.47178593041}[i], x.Pratt.Z)
		printed(t, "p Pratt", []float64{.0113189297814, .0946707198455, .0474282494999, .0134439993007}[i], x.Pratt.P)
		printed(t, "exact", []float64{.015625, .1875, .125, .015625}[i], x.PExact)
		printed(t, "sign", []float64{.015625, .21875, .125, .015625}[i], x.PSign)
		require.Equal(t, x.PSign, p[id].P)
		printed(t, "Holm", []float64{.0625, .25, .25, .0625}[i], byItem(adjusted[needs.Holm])[id].PAdj)
		printed(t, "BH", []float64{.03125, .21875, .166666666667, .03125}[i], byItem(adjusted[needs.BH])[id].PAdj)
	}
}

var offices = []competency.CompetencyID{"financial_aid", "bursar", "advising", "records", "testing"}

func f1(t testing.TB) *needs.Cube {
	t.Helper()
	file, err := os.Open(ref.Shared(t, "data", "needs", "gap.csv"))
	require.NoError(t, err)
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	c := cubeOf(t, needs.Frame{Scale: tally.Shape{First: 1, Levels: 7}, Items: offices})
	for _, row := range rows[1:] {
		a := needs.Answer{Person: row[0]}
		for _, o := range offices {
			a.Want = append(a.Want, cells(row[slices.Index(rows[0], "self_"+string(o)+"_i")])...)
			a.Have = append(a.Have, cells(row[slices.Index(rows[0], "self_"+string(o)+"_p")])...)
		}
		require.NoError(t, c.Add(&a))
	}
	return c
}

func TestF1Scores(t *testing.T) {
	c := f1(t)
	group := []float64{-1.17430795848, -1.35294117647, -2.6749567474, -.794117647059, -2.4848615917}
	own := []float64{.779411764706, -.514705882353, -1.38235294118, -.279411764706, -1.05882352941}
	pni := []float64{-.0397877984085, -.039312039312, -.0720930232558, -.0215827338129, -.0726392251816}
	rds := []float64{4.41176470588, 8.82352941176, 17.6470588235, 4.41176470588, 19.1176470588}
	b := rank(t, c, needs.Borich, quick)
	printedAll(t, "MWDS", group, scores(b, offices))
	printedAll(t, "own", own, scores(rank(t, c, needs.BorichOwn, quick), offices))
	printedAll(t, "PNImodified", pni, scores(rank(t, c, needs.PNIModified, quick), offices))
	for i, x := range scores(rank(t, c, needs.RDM, quick), offices) {
		printed(t, "RDS", rds[i], -x)
	}
	for i, o := range offices {
		d := detail[needs.BorichDetail](t, b, o)
		printed(t, "mean I", []float64{5.32352941176, 5.75, 5.86764705882, 6, 5.63235294118}[i], *d.Importance)
		printed(t, "cov", []float64{1.95371972318, .838235294118, 1.29260380623, .514705882353, 1.42603806228}[i], *d.Covariance)
		table, _ := c.Table(o)
		x := needs.TestPairs(table)
		printed(t, "mean D", []float64{-.220588235294, -.235294117647, -.455882352941, -.132352941176, -.441176470588}[i], x.MeanD)
		printed(t, "sd D", []float64{2.1706700818, 1.21086680509, 1.29791823592, .944811625617, 1.40767992611}[i], x.SDD)
		printed(t, "t", []float64{-.837998000258, -1.60239341944, -2.89640909882, -1.1551618154, -2.58441873616}[i], x.T)
		require.Equal(t, []float64{337, 138.5, 54.5, 126.5, 146}[i], x.VPlus)
		printed(t, "p", []float64{.455835903765, .130650922205, .00577482924542, .310182232949, .0126234971355}[i], x.Wilcoxon.P)
		// Ten digits are printed of the first.
		ref.Close(t, "p corrected", []float64{.4600976852, .133660349049, .00603546758655, .316950235803, .0129571137799}[i], x.Wilcoxon.PCorrected, 2e-10)
		printed(t, "sign", []float64{.749258624761, .344928450882, .0226558446884, .690037965775, .0350820333697}[i], x.PSign)
		for w, sd := range [2][]float64{{1.87235326803, 1.40760196206, 1.4650598456, 1.24588876148, 1.70078482116}, {2.0619786435, 1.32138153685, 1.09872621596, 1.18327160638, 1.40697809412}} {
			l := table.Want()
			if w == 1 {
				l = table.Have()
			}
			s := l.Sums()
			n := float64(s.N)
			printed(t, "sd", sd[i], math.Sqrt((float64(s.SumSq)-float64(s.Sum)*float64(s.Sum)/n)/(n-1)))
		}
	}

	cmp, err := needs.Compare(c, []needs.Method{needs.MeanGap, needs.Borich, needs.RDM, needs.PNIModified, needs.BorichOwn}, quick)
	require.NoError(t, err)
	at := func(a, b string) float64 {
		return float64(cmp.Rho[slices.Index(cmp.Methods, a)][slices.Index(cmp.Methods, b)])
	}
	printed(t, "rho", 1, at("mean-gap", "borich"))
	printed(t, "rho", .872081599272, at("rdm", "borich"))
	printed(t, "rho", .8, at("pni-modified", "borich"))
	printed(t, "rho", .9, at("borich-own", "borich"))
}

// Like every survey with an id: the crosshair is the mean over the items, and
// an id is never one of them.
func TestCrosshairCountsItemsOnly(t *testing.T) {
	c := f1(t)
	r := rank(t, c, needs.IPA(needs.DataMean), quick)
	for i, q := range []string{"C", "A", "B", "B", "D"} {
		d := detail[needs.IPADetail](t, r, offices[i])
		require.Equal(t, q, d.Quadrant, offices[i])
		printed(t, "centre I", 5.71470588235, *d.CentreI)
		printed(t, "centre P", 6.01176470588, *d.CentreP)
		require.False(t, d.OnLine)
	}
	m := rank(t, c, needs.IPA(needs.DataMedian), quick)
	online := 0
	for _, o := range offices {
		d := detail[needs.IPADetail](t, m, o)
		printed(t, "median I", 5.75, *d.CentreI)
		printed(t, "median P", 6.07352941176, *d.CentreP)
		if d.OnLine {
			online++
		}
	}
	require.Equal(t, 2, online, "with an odd number of items the median puts one on each line")
}

// F3: three people.
func TestBorichIsNotMonotone(t *testing.T) {
	c := cubeOf(t, frame(1, 5), survey("2 1", "1 1")...)
	require.Equal(t, .75, rank(t, c, needs.Borich, quick).Items[0].Score.Value)
	require.NoError(t, c.Add(&needs.Answer{Person: "meets it", Want: cells("5"), Have: cells("5")}))
	printed(t, "MWDS", 8./9, rank(t, c, needs.Borich, quick).Items[0].Score.Value)
}

func f9(t testing.TB) *needs.Cube {
	return cubeOf(t, frame(3, 5), survey("544 553 444 535 454", "324 432 343 233 434")...)
}

func TestF9ExactBootstrap(t *testing.T) {
	r := rank(t, f9(t), needs.Borich, &needs.Options{TopK: 1})
	require.Equal(t, "exact bootstrap", r.Resampling.Method)
	require.Equal(t, 126, r.Resampling.Resamples)
	const all = 3125.
	for i, want := range []struct {
		score, shared, mean, sd, lo, hi float64
		ranks                           []float64
	}{
		{6.44, 1975, 6.512, 2.32912412722, 2.52, 11.52, []float64{1978, 1147, 0}},
		{5.04, 1147, 5.152, 2.14884229296, 1.44, 9.6, []float64{1147, 1086, 892}},
		{3.2, 3, 3.24, 1.48903190026, .76, 6.44, []float64{6, 972, 2147}},
	} {
		x := r.Items[i]
		printed(t, "score", want.score, x.Score.Value)
		for k, n := range want.ranks {
			require.Equal(t, n/all, x.Resampled.Ranks[k])
		}
		require.Equal(t, want.ranks[0]/all, x.PFirst)
		require.Equal(t, x.PFirst, x.PTop)
		printed(t, "shared", want.shared/all, x.Resampled.FirstShared)
		printed(t, "mean", want.mean, x.Resampled.Mean)
		printed(t, "sd", want.sd, x.Resampled.SD)
		printed(t, "lo", want.lo, x.Resampled.Lo)
		printed(t, "hi", want.hi, x.Resampled.Hi)
	}
	require.Equal(t, [][]float64{{0, 1978 / all, 3093 / all}, {1147 / all, 0, 2173 / all}, {0, 892 / all, 0}}, r.Resampling.Above)
	require.False(t, r.Items[0].Stable, "first in 63 % only")
	require.Equal(t, [2]int{1, 2}, r.Items[0].RankCI)
	require.Equal(t, [2]int{1, 3}, r.Items[1].RankCI)
}

// Drawn resamples agree with all resamples, within four standard errors.
func TestF9Drawn(t *testing.T) {
	o := &needs.Options{Resamples: 20_000, Seed: 7, TopK: 1, Interval: "bootstrap"}
	r := rank(t, f9(t), needs.Borich, o)
	require.Equal(t, "bootstrap", r.Resampling.Method)
	require.InDelta(t, .63296, r.Items[0].PFirst, .0137)
	require.Equal(t, "percentile, bootstrap", r.Items[0].Score.CI.Method)
	require.InDelta(t, 2.32912412722, r.Items[0].Score.SE, .05)

	// One core or many: the same bytes. Another seed: others.
	want := text(t, r)
	old := runtime.GOMAXPROCS(1)
	one := text(t, rank(t, f9(t), needs.Borich, o))
	runtime.GOMAXPROCS(7)
	seven := text(t, rank(t, f9(t), needs.Borich, o))
	runtime.GOMAXPROCS(old)
	require.Equal(t, want, one)
	require.Equal(t, want, seven)
	other := *o
	other.Seed = 8
	require.NotEqual(t, want, text(t, rank(t, f9(t), needs.Borich, &other)))
}

// surveyCSV is the survey of the bench, by its published recipe: the same bytes
// as ../shared/bench/needs/gen_ratings.py makes.
func surveyCSV(people, items, sources, segments, missing, na int) []byte {
	g := newGenerator(people, items, sources, segments, missing, na)
	var b bytes.Buffer
	g.write(&b)
	return b.Bytes()
}

func surveyCube(t testing.TB) *needs.Cube {
	t.Helper()
	b := surveyCSV(300, 20, 1, 10, 0, 0)
	sum := sha256.Sum256(b)
	require.Equal(t, "b07dc319718fb86e", hex.EncodeToString(sum[:8]), "the survey of the bench")
	c, ps := needs.Read(bytes.NewReader(b), "survey.csv", needs.Frame{Scale: tally.Shape{First: 1, Levels: 5}}, nil)
	require.NoError(t, ps.Err())
	return c
}

func TestSurveyRankSets(t *testing.T) {
	c := surveyCube(t)
	r := rank(t, c, needs.Borich, &needs.Options{Resamples: 20_000, Seed: 3})
	got := byItem(r)
	printed(t, "c08", 4.51151111111, got["c08"].Score.Value)
	printed(t, "c17", 3.93226666667, got["c17"].Score.Value)
	printed(t, "c04", 3.85783333333, got["c04"].Score.Value)
	printed(t, "c20", -1.3489, got["c20"].Score.Value)
	require.InDelta(t, .92, got["c08"].PFirst, .01)
	require.InDelta(t, .615, got["c11"].PTop, .015)
	require.InDelta(t, .305, got["c03"].PTop, .015)
	require.True(t, got["c08"].Stable)
	require.False(t, got["c11"].Stable)
	require.InDelta(t, 3.54, r.Resampling.Critical, .05)
	for i, want := range [][2]int{{4, 18}, {5, 18}, {4, 16}, {1, 4}, {5, 18}, {5, 19}, {7, 19}, {1, 3}, {6, 19}, {4, 17}, {4, 14}, {8, 19}, {11, 19}, {5, 19}, {2, 8}, {6, 19}, {1, 4}, {5, 19}, {5, 19}, {20, 20}} {
		id := competency.CompetencyID(fmt.Sprintf("c%02d", i+1))
		require.Equal(t, want, got[id].RankSet, id)
	}
}
