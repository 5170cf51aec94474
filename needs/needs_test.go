package needs_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/internal/ref"
	"github.com/bangkom/bangkom/needs"
	"github.com/bangkom/bangkom/stats/tally"
)

// frame has items a, b, c, … on a scale 1..levels.
func frame(items, levels int, by ...needs.Dimension) needs.Frame {
	f := needs.Frame{Scale: tally.Shape{First: 1, Levels: levels}, By: by}
	for i := range items {
		f.Items = append(f.Items, competency.CompetencyID(rune('a'+i)))
	}
	return f
}

func cubeOf(t testing.TB, f needs.Frame, answers ...needs.Answer) *needs.Cube {
	t.Helper()
	c, err := needs.NewCube(f)
	require.NoError(t, err)
	for i := range answers {
		require.NoError(t, c.Add(&answers[i]))
	}
	return c
}

func cells(s string) []tally.Cell {
	var out []tally.Cell
	for _, r := range s {
		switch r {
		case '.':
			out = append(out, tally.Missing)
		case '-':
			out = append(out, tally.NotApplicable)
		case '?':
			out = append(out, tally.NotObserved)
		default:
			out = append(out, tally.Cell(r-'0'))
		}
	}
	return out
}

// survey takes rows of digits, want and have per respondent.
func survey(want, have string) []needs.Answer {
	w, h := strings.Fields(want), strings.Fields(have)
	var out []needs.Answer
	for i := range w {
		out = append(out, needs.Answer{Person: fmt.Sprint("r", i), Want: cells(w[i]), Have: cells(h[i])})
	}
	return out
}

func rank(t testing.TB, c *needs.Cube, m needs.Method, o *needs.Options) *needs.Ranking {
	t.Helper()
	r, err := needs.Rank(c, m, o)
	require.NoError(t, err)
	return r
}

func byItem(r *needs.Ranking) map[competency.CompetencyID]needs.Ranked {
	out := map[competency.CompetencyID]needs.Ranked{}
	for _, x := range r.Items {
		out[x.Item] = x
	}
	return out
}

// The constructed survey with missing answers: counts, means, and t = mean/SE as published with the design.
func TestFixtureF2(t *testing.T) {
	c := cubeOf(t, frame(4, 5), survey("5435 5534 442. 5335 4544 54.5 3434 5525 4.34 5435", "3432 2443 4324 3352 244. 4533 3234 1442 .333 3441")...)
	require.Equal(t, 10, c.People())
	r := rank(t, c, needs.MeanGap, nil)
	got := byItem(r)
	for _, want := range []struct {
		item       competency.CompetencyID
		n          int
		mean       float64
		t          float64
		nr, pr, tr uint64
		rds, rdsSE float64
	}{
		{"a", 9, 16. / 9, 4.09718015785, 7, 0, 2, -77.7777777778, 14.6986183948},
		{"b", 9, 5. / 9, 1.88982236505, 5, 1, 3, -44.4444444444, 24.2161052419},
		{"c", 9, -6. / 9, -2.30940107676, 0, 4, 5, 44.4444444444, 17.5682092232},
		{"d", 8, 17. / 8, 4.43179159021, 7, 0, 1, -87.5, 12.5},
	} {
		x := got[want.item]
		require.Equal(t, want.n, x.Score.N)
		require.Equal(t, want.n, x.Coverage.Known())
		require.Equal(t, bangkom.Missing{Policy: "pairwise", Dropped: 10 - want.n}, x.Score.Missing)
		require.Equal(t, []uint64{want.nr, want.pr, want.tr}, []uint64{x.NR, x.PR, x.TR})
		require.Equal(t, want.mean, x.Score.Value, "correctly rounded")
		ref.Close(t, "t of "+string(want.item), want.t, x.Score.Value/x.Score.SE, 1e-11)
		require.InDelta(t, want.rds, 100*(float64(x.PR)-float64(x.NR))/float64(want.n), 1e-9)
	}
	require.Equal(t, []competency.CompetencyID{"d", "a", "b", "c"}, order(r))
	// By share below a and d differ (7/9 and 7/8); c comes last with nobody.
	s := rank(t, c, needs.ShareBelow, nil)
	require.Equal(t, []competency.CompetencyID{"d", "a", "b", "c"}, order(s))
	last := s.Items[3]
	require.Equal(t, 0.0, last.Score.Value)
	require.True(t, last.Depth.Warnings.Has("nobody-below"))
	require.True(t, math.IsNaN(last.Depth.Value))
	require.True(t, last.Shortfall.Warnings.Has("no-variation"))
}

func order(r *needs.Ranking) []competency.CompetencyID {
	var out []competency.CompetencyID
	for _, x := range r.Items {
		out = append(out, x.Item)
	}
	return out
}

// A published survey, 68 × 5: columns are found by name, the id is no number.
func TestFixtureF1(t *testing.T) {
	file, err := os.Open(ref.Shared(t, "data", "needs", "gap.csv"))
	require.NoError(t, err)
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	offices := []competency.CompetencyID{"financial_aid", "bursar", "advising", "records", "testing"}
	c := cubeOf(t, needs.Frame{Scale: tally.Shape{First: 1, Levels: 7}, Items: offices})
	for _, row := range rows[1:] {
		a := needs.Answer{Person: row[0]}
		for _, o := range offices {
			a.Want = append(a.Want, cells(row[slices.Index(rows[0], "self_"+string(o)+"_i")])...)
			a.Have = append(a.Have, cells(row[slices.Index(rows[0], "self_"+string(o)+"_p")])...)
		}
		require.NoError(t, c.Add(&a))
	}
	got := byItem(rank(t, c, needs.MeanGap, nil))
	for o, want := range map[competency.CompetencyID]struct {
		mean, sd, t float64
		nr, pr, tr  uint64
	}{
		"financial_aid": {-.220588235294, 2.1706700818, -.837998000258, 18, 21, 29},
		"bursar":        {-.235294117647, 1.21086680509, -1.60239341944, 11, 17, 40},
		"advising":      {-.455882352941, 1.29791823592, -2.89640909882, 6, 18, 44},
		"records":       {-.132352941176, .944811625617, -1.1551618154, 11, 14, 43},
		"testing":       {-.441176470588, 1.40767992611, -2.58441873616, 10, 23, 35},
	} {
		x := got[o]
		require.Equal(t, []uint64{want.nr, want.pr, want.tr}, []uint64{x.NR, x.PR, x.TR}, o)
		ref.Close(t, "mean D", want.mean, x.Score.Value, 1e-11)
		ref.Close(t, "sd D", want.sd, x.Score.SE*math.Sqrt(68), 1e-11)
		ref.Close(t, "t", want.t, x.Score.Value/x.Score.SE, 1e-11)
	}
}

var gapMethods = []needs.Method{needs.ShareBelow, needs.Shortfall, needs.MeanGap}

func TestIntervalsAgainstRAndPython(t *testing.T) {
	type both struct{ R, Python []float64 }
	var cases map[string]struct {
		Want, Have string
		Crit       []float64
		Share      both
		Means      map[string]both
	}
	ref.Load(t, "gap", &cases)
	require.NotEmpty(t, cases)
	for name, k := range cases {
		if k.Crit != nil {
			continue // see TestCriticalityAgainstRAndPython
		}
		f := frame(1, 7)
		c := cubeOf(t, f)
		for i := range k.Want {
			require.NoError(t, c.Add(&needs.Answer{Person: fmt.Sprint(i), Want: cells(k.Want[i : i+1]), Have: cells(k.Have[i : i+1])}))
		}
		for _, m := range gapMethods {
			x := rank(t, c, m, nil).Items[0]
			for what, got := range map[string]bangkom.Estimate{m.String(): x.Score, "shortfall": x.Shortfall, "depth": x.Depth} {
				checkMean(t, name+" "+what, k.Means[what].R, k.Means[what].Python, got)
			}
			for _, want := range [][]float64{k.Share.R, k.Share.Python} {
				ref.Close(t, name+" lo", want[0], x.ShareBelow.CI.Lo, 1e-12)
				ref.Close(t, name+" hi", want[1], x.ShareBelow.CI.Hi, 1e-12)
			}
		}
	}
}

// checkMean compares mean, SE, lo and hi; nothing is expected where the
// witnesses give nothing. R's t quantile is good to 1e-9 or so.
func checkMean(t *testing.T, what string, r, python []float64, got bangkom.Estimate) {
	t.Helper()
	for _, want := range [][]float64{r, python} {
		if want == nil {
			continue
		}
		require.Equal(t, "t", got.CI.Method, what)
		ref.Close(t, what+" mean", want[0], got.Value, 1e-12)
		ref.Close(t, what+" SE", want[1], got.SE, 1e-12)
		require.InDelta(t, want[2], got.CI.Lo, 1e-8, what)
		require.InDelta(t, want[3], got.CI.Hi, 1e-8, what)
	}
}

// answers are random, with every kind of cell, of people in units of a tree.
func answers(rng *rand.Rand, n, items, levels int, units []string) []needs.Answer {
	cell := func() tally.Cell {
		switch rng.IntN(12) {
		case 0:
			return tally.Missing
		case 1:
			return tally.NotApplicable
		case 2:
			return tally.NotObserved
		}
		return tally.Cell(1 + rng.IntN(levels))
	}
	var out []needs.Answer
	for p := range n {
		a := needs.Answer{Person: fmt.Sprint("p", p)}
		if units != nil {
			a.Segment = []string{units[rng.IntN(len(units))]}
		}
		for range items {
			a.Want, a.Have = append(a.Want, cell()), append(a.Have, cell())
		}
		out = append(out, a)
	}
	return out
}

var agency = needs.Dimension{Name: "unit", Nodes: []needs.Node{
	{ID: "city"}, {ID: "health", Parent: "city"}, {ID: "clinic", Parent: "health"}, {ID: "school", Parent: "city"}, {ID: "port"},
}}

var everywhere = []string{"city", "health", "clinic", "school", "port", "nowhere"}

func text(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	require.NoError(t, err)
	return string(b)
}

// all rankings of all parts of a cube, as bytes.
func fingerprint(t testing.TB, c *needs.Cube) string {
	t.Helper()
	var b strings.Builder
	for _, u := range append([]string{""}, c.Segments("unit")...) {
		part, err := c.At(u)
		require.NoError(t, err)
		for _, m := range needs.Methods() {
			r, err := needs.Rank(part, m, &needs.Options{Resamples: -1})
			if err != nil {
				b.WriteString(err.Error())
				continue
			}
			b.WriteString(text(t, r))
		}
	}
	return b.String()
}

func TestMergeIsBatch(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	for range 2 {
		f := frame(4, 5, agency)
		all := answers(rng, 120, 4, 5, everywhere)
		whole := cubeOf(t, f, all...)
		parts := make([]*needs.Cube, 1+rng.IntN(6))
		for i := range parts {
			parts[i] = cubeOf(t, f)
		}
		for i := range all {
			require.NoError(t, parts[rng.IntN(len(parts))].Add(&all[i]))
		}
		sum := cubeOf(t, f)
		for _, i := range rng.Perm(len(parts)) {
			before := fingerprint(t, parts[i])
			require.NoError(t, sum.Merge(parts[i]))
			require.Equal(t, before, fingerprint(t, parts[i]), "the argument stays")
		}
		require.Equal(t, fingerprint(t, whole), fingerprint(t, sum))
	}
}

func TestOrderOfPeopleDoesNotMatter(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 14))
	f := frame(5, 4, agency)
	all := answers(rng, 200, 5, 4, everywhere)
	want := fingerprint(t, cubeOf(t, f, all...))
	for range 3 {
		rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		require.Equal(t, want, fingerprint(t, cubeOf(t, f, all...)))
	}
}

// Renaming items, and giving them in another order, permutes the result.
func TestRenamingItemsPermutes(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 16))
	for range 10 {
		const k = 6
		all := answers(rng, 8, k, 3, nil) // few people and levels: many ties
		f := frame(k, 3)
		perm := rng.Perm(k)
		g := frame(k, 3)
		renamed := make([]needs.Answer, len(all))
		for p := range all {
			renamed[p] = needs.Answer{Person: all[p].Person, Want: make([]tally.Cell, k), Have: make([]tally.Cell, k)}
			for i, to := range perm {
				renamed[p].Want[to], renamed[p].Have[to] = all[p].Want[i], all[p].Have[i]
			}
		}
		for _, m := range needs.Methods() {
			for _, ties := range []needs.TieRule{needs.Competition, needs.Dense, needs.Mid} {
				o := &needs.Options{Ties: ties, Resamples: -1}
				before, after := byItem(rank(t, cubeOf(t, f, all...), m, o)), byItem(rank(t, cubeOf(t, g, renamed...), m, o))
				for i, to := range perm {
					x, y := before[f.Items[i]], after[g.Items[to]]
					x.Item, y.Item = "", ""
					require.Equal(t, text(t, x), text(t, y))
				}
			}
		}
	}
}

// A person who meets the standard never raises share below or shortfall, nor a
// positive mean gap, −RDS, own-importance MWDS or PNImodified. Group MWDS can
// rise: see TestBorichIsNotMonotone.
func TestWhoMeetsTheStandardRaisesNoNeed(t *testing.T) {
	rng := rand.New(rand.NewPCG(17, 18))
	none := &needs.Options{Resamples: -1}
	always := []needs.Method{needs.ShareBelow, needs.Shortfall}
	positive := []needs.Method{needs.MeanGap, needs.RDM, needs.BorichOwn, needs.PNIModified}
	for range 300 {
		c := cubeOf(t, frame(1, 5), answers(rng, 1+rng.IntN(12), 1, 5, nil)...)
		before := map[string]float64{}
		for _, m := range append(always, positive...) {
			if r, err := needs.Rank(c, m, none); err == nil {
				before[m.String()] = r.Items[0].Score.Value
			}
		}
		want := 1 + rng.IntN(5)
		have := want + rng.IntN(6-want)
		require.NoError(t, c.Add(&needs.Answer{Person: "new", Want: []tally.Cell{tally.Cell(want)}, Have: []tally.Cell{tally.Cell(have)}}))
		for i, m := range append(always, positive...) {
			old, ok := before[m.String()]
			if !ok || i >= len(always) && old <= 0 {
				continue
			}
			require.LessOrEqual(t, rank(t, c, m, none).Items[0].Score.Value, old, m)
		}
	}
}

// A constant added to both sides leaves D; reversing both sides of the scale negates it.
func TestShiftAndReversal(t *testing.T) {
	rng := rand.New(rand.NewPCG(19, 20))
	move := func(a []needs.Answer, f func(tally.Cell) tally.Cell) []needs.Answer {
		out := make([]needs.Answer, len(a))
		for i := range a {
			out[i].Person = a[i].Person
			for k := range a[i].Want {
				w, h := a[i].Want[k], a[i].Have[k]
				if w.IsLevel() {
					w = f(w)
				}
				if h.IsLevel() {
					h = f(h)
				}
				out[i].Want, out[i].Have = append(out[i].Want, w), append(out[i].Have, h)
			}
		}
		return out
	}
	all := answers(rng, 100, 3, 5, nil)
	plain := byItem(rank(t, cubeOf(t, frame(3, 7), all...), needs.MeanGap, nil))
	shifted := byItem(rank(t, cubeOf(t, frame(3, 7), move(all, func(c tally.Cell) tally.Cell { return c + 2 })...), needs.MeanGap, nil))
	reversed := byItem(rank(t, cubeOf(t, frame(3, 7), move(all, func(c tally.Cell) tally.Cell { return 8 - c })...), needs.MeanGap, nil))
	for id, x := range plain {
		require.Equal(t, x.Score, shifted[id].Score)
		require.Equal(t, -x.Score.Value, reversed[id].Score.Value)
		require.Equal(t, x.NR, reversed[id].PR)
		require.Equal(t, uint64(x.Score.N), x.NR+x.PR+x.TR)
	}
}

// Scores that are equal tie although floats of them, or sums in another order, need not be.
func TestEqualScoresEqualRanks(t *testing.T) {
	// a: 1 of 3 below; b: 2 of 6; c: 3 of 10, which is less than a third.
	want := []string{"444", "444", "444", "-44", "-44", "-44", "--4", "--4", "--4", "--4"}
	have := []string{"333", "433", "443", "-44", "-44", "-44", "--4", "--4", "--4", "--4"}
	c := cubeOf(t, frame(3, 5), survey(strings.Join(want, " "), strings.Join(have, " "))...)
	for ties, ranks := range map[needs.TieRule][]float64{
		needs.Competition: {1, 1, 3}, needs.Dense: {1, 1, 2}, needs.Mid: {1.5, 1.5, 3}, needs.Ordinal: {1, 2, 3},
	} {
		r := rank(t, c, needs.ShareBelow, &needs.Options{Ties: ties})
		require.Equal(t, []competency.CompetencyID{"a", "b", "c"}, order(r))
		for i, x := range r.Items {
			require.Equal(t, ranks[i], x.Rank, "%s %s", ties, x.Item)
			require.True(t, x.Exact)
		}
	}
}

// A rank is decided by the score, not by what is printed of it.
func TestRankBeforeRounding(t *testing.T) {
	c := cubeOf(t, frame(2, 5))
	// 5001 of 10000 and 5000 of 9999: they differ in the fifth digit only.
	for i := range 10_000 {
		a := needs.Answer{Person: fmt.Sprint(i), Want: cells("33"), Have: cells("33")}
		if i < 5001 {
			a.Have[0] = 2
		}
		if i < 5000 {
			a.Have[1] = 2
		}
		if i == 9_999 {
			a.Have[1] = tally.Missing
		}
		require.NoError(t, c.Add(&a))
	}
	r := rank(t, c, needs.ShareBelow, nil)
	require.Equal(t, []float64{1, 2}, []float64{r.Items[0].Rank, r.Items[1].Rank})
	require.Equal(t, competency.CompetencyID("a"), r.Items[0].Item)
	require.Less(t, r.Items[0].Score.Value-r.Items[1].Score.Value, .0001)
}

// Nobody assessed is not "nobody below": no score, no rank, no weight.
func TestNobodyIsNotZero(t *testing.T) {
	c := cubeOf(t, frame(3, 5), survey("3-3 3-3", "4-? 4-.")...)
	r := rank(t, c, needs.ShareBelow, nil)
	require.Equal(t, []competency.CompetencyID{"a", "b", "c"}, order(r))
	require.Equal(t, 1.0, r.Items[0].Rank)
	require.Equal(t, map[competency.CompetencyID]float64{"a": 0}, r.Weights())
	for _, x := range r.Items[1:] {
		require.Zero(t, x.Rank)
		require.True(t, math.IsNaN(x.Score.Value))
		require.True(t, x.Score.Warnings.Has("no-data"))
		require.Contains(t, text(t, x), `"rank":null`)
	}
	require.Equal(t, competency.Coverage{NotAssessed: 2}, r.Items[2].Coverage)
	require.Equal(t, competency.Coverage{}, r.Items[1].Coverage, "what does not apply is not missing")
	require.True(t, r.Problems.Has("no-data"))
	require.True(t, r.Problems.Has("not-wanted"))
}

// People are counted, not ratings.
func TestPeopleAreCountedApartFromRatings(t *testing.T) {
	c := cubeOf(t, frame(1, 5, agency))
	for _, p := range []string{"x", "y", "x", "x"} {
		require.NoError(t, c.Add(&needs.Answer{Person: p, Segment: []string{"clinic"}, Want: cells("3"), Have: cells("2")}))
	}
	require.Equal(t, 2, c.People())
	require.Equal(t, 4, rank(t, c, needs.ShareBelow, nil).Items[0].Score.N)
	part, err := c.At("health")
	require.NoError(t, err)
	require.NoError(t, part.Add(&needs.Answer{Person: "x", Segment: []string{"clinic"}, Want: cells("3"), Have: cells("2")}))
	require.Equal(t, 2, part.People(), "a part knows whom it has counted")
	require.Equal(t, 4, c.Coverage().Known(), "and is a copy")
}

func TestParentIsTheSumOfItsParts(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 22))
	all := answers(rng, 300, 3, 5, everywhere)
	c := cubeOf(t, frame(3, 5, agency), all...)
	require.Equal(t, []string{"city", "health", "clinic", "school", "port", needs.Unknown}, c.Segments("unit"))
	require.Nil(t, c.Segments("position"))
	for top, below := range map[string][]string{
		"city": {"city", "health", "clinic", "school"}, "health": {"health", "clinic"}, "clinic": {"clinic"}, "port": {"port"},
		needs.Unknown: {"nowhere"}, "": everywhere,
	} {
		var own []needs.Answer
		for _, a := range all {
			if slices.Contains(below, a.Segment[0]) {
				own = append(own, a)
			}
		}
		part, err := c.At(top)
		require.NoError(t, err)
		want := cubeOf(t, frame(3, 5, agency), own...)
		require.Equal(t, want.People(), part.People())
		require.Equal(t, want.Coverage(), part.Coverage())
		for _, id := range c.Frame().Items {
			w, _ := want.Table(id)
			g, ok := part.Table(id)
			require.True(t, ok)
			require.Equal(t, w, g, "%s of %s", id, top)
		}
		if top != "" {
			require.Equal(t, []string{top}, rank(t, part, needs.MeanGap, nil).Segment)
		}
	}
	_, err := c.At("helath")
	require.True(t, bangkom.AsProblems(err, "").Has("unknown-unit"))
	_, err = c.At("city", "nurse")
	require.ErrorIs(t, err, bangkom.ErrShape)
	_, ok := c.Table("z")
	require.False(t, ok)
}

// Two dimensions cross: a unit, a position, or both.
func TestTwoDimensions(t *testing.T) {
	jobs := needs.Dimension{Name: "position", Nodes: []needs.Node{{ID: "nurse"}, {ID: "clerk"}}}
	c := cubeOf(t, frame(1, 5, agency, jobs))
	for i, s := range [][]string{{"clinic", "nurse"}, {"clinic", "clerk"}, {"health", "nurse"}, {"school", "clerk"}} {
		require.NoError(t, c.Add(&needs.Answer{Person: fmt.Sprint(i), Segment: s, Want: cells("3"), Have: cells("2")}))
	}
	for people, at := range map[int][][]string{4: {nil, {"city"}, {"", ""}}, 3: {{"health"}}, 2: {{"", "nurse"}, {"health", "nurse"}, {"clinic"}}, 1: {{"clinic", "clerk"}}, 0: {{"port", "nurse"}}} {
		for _, s := range at {
			part, err := c.At(s...)
			require.NoError(t, err)
			require.Equal(t, people, part.People(), "%v", s)
		}
	}
	health, err := c.At("health")
	require.NoError(t, err)
	nurses, err := health.At("", "nurse")
	require.NoError(t, err)
	require.Equal(t, []string{"health", "nurse"}, rank(t, nurses, needs.ShareBelow, nil).Segment)
	require.Equal(t, 2, nurses.People())
}

func TestRankRefuses(t *testing.T) {
	_, none := needs.Rank(nil, needs.ShareBelow, nil)
	require.ErrorIs(t, none, needs.ErrNoEvidence)
	c := cubeOf(t, frame(2, 5), survey("33 44", "?. ?.")...)
	_, err := needs.Rank(c, needs.ShareBelow, nil)
	require.ErrorIs(t, err, needs.ErrNoEvidence, "a proposal without any gap is not a need")
	require.ErrorContains(t, err, "4 not assessed")
	full := cubeOf(t, frame(2, 5), survey("33", "22")...)
	_, err = needs.Rank(full, needs.Method{}, nil)
	require.ErrorIs(t, err, bangkom.ErrOption)
	for _, o := range []needs.Options{{Ties: "olympic"}, {Level: 95}, {Level: math.NaN()}, {Criticality: "much"}} {
		_, err = needs.Rank(full, needs.ShareBelow, &o)
		require.ErrorIs(t, err, bangkom.ErrOption, "%v", o)
	}
}

func TestFramesAreChecked(t *testing.T) {
	node := func(id, parent string) needs.Node { return needs.Node{ID: id, Parent: parent} }
	for code, f := range map[string]needs.Frame{
		"shape":              frame(1, 13),
		"no-items":           frame(0, 5),
		"option":             {Scale: tally.Shape{First: 1, Levels: 5}, Items: []competency.CompetencyID{"a"}, Want: 7},
		"duplicate-id":       {Scale: tally.Shape{First: 1, Levels: 5}, Items: []competency.CompetencyID{"a", "a"}},
		"dangling-reference": frame(1, 5, needs.Dimension{Name: "unit", Nodes: []needs.Node{node("a", "b")}}),
		"circle":             frame(1, 5, needs.Dimension{Name: "unit", Nodes: []needs.Node{node("r", ""), node("a", "b"), node("b", "c"), node("c", "a")}}),
	} {
		_, err := needs.NewCube(f)
		require.True(t, bangkom.AsProblems(err, "").Has(code), "%s: %v", code, err)
	}
	_, err := needs.NewCube(needs.Frame{Items: []competency.CompetencyID{"a"}})
	require.ErrorIs(t, err, bangkom.ErrShape, "an undeclared scale")
	_, err = needs.NewCube(frame(1, 5, agency, agency))
	require.True(t, bangkom.AsProblems(err, "").Has("duplicate-id"))
	_, err = needs.NewCube(frame(1, 5, needs.Dimension{Name: "unit", Nodes: []needs.Node{node("a", ""), node("a", "")}}))
	require.True(t, bangkom.AsProblems(err, "").Has("duplicate-id"))

	// The caller's frame is not kept.
	f := frame(2, 5, needs.Dimension{Name: "unit", Nodes: slices.Clone(agency.Nodes)})
	c := cubeOf(t, f)
	f.Items[0], f.By[0].Nodes[0].ID = "z", "z"
	require.Equal(t, frame(2, 5, agency), c.Frame())
}

func TestDifferentFramesDoNotMerge(t *testing.T) {
	c := cubeOf(t, frame(2, 5, agency))
	other := frame(2, 5, agency)
	other.Job = competency.Target
	wanted := frame(2, 5, agency)
	wanted.Want = needs.Required
	for _, f := range []needs.Frame{frame(2, 4, agency), frame(3, 5, agency), frame(2, 5), other, wanted} {
		require.ErrorIs(t, c.Merge(cubeOf(t, f)), bangkom.ErrShape)
	}
	part, err := c.At("health")
	require.NoError(t, err)
	require.ErrorIs(t, c.Merge(part), bangkom.ErrShape, "a part counted its people already")
}

func TestAddRefusesAndCountsNothing(t *testing.T) {
	c := cubeOf(t, frame(2, 5))
	for _, a := range []needs.Answer{
		{Person: "x", Want: cells("3"), Have: cells("33")},
		{Person: "x", Want: cells("33"), Have: cells("33"), Segment: []string{"u"}},
	} {
		require.ErrorIs(t, c.Add(&a), bangkom.ErrShape)
	}
	err := c.Add(&needs.Answer{Person: "x", Want: cells("33"), Have: cells("36")})
	require.ErrorContains(t, err, "x/b")
	require.True(t, bangkom.AsProblems(err, "").Has("not-a-cell"))
	require.Zero(t, c.People())
	require.Zero(t, c.Coverage())
}

// The keys of a ranking are read by others: frozen.
func TestRankingJSON(t *testing.T) {
	c := cubeOf(t, frame(2, 5, agency), needs.Answer{Person: "x", Segment: []string{"clinic"}, Want: cells("33"), Have: cells("2?")},
		needs.Answer{Person: "y", Segment: []string{"clinic"}, Want: cells("33"), Have: cells("3?")})
	part, err := c.At("health")
	require.NoError(t, err)
	r := rank(t, part, needs.ShareBelow, nil)
	got, err := json.MarshalIndent(r, "", "  ")
	require.NoError(t, err)
	const golden = "testdata/ranking.json"
	if os.Getenv("BANGKOM_UPDATE") != "" {
		require.NoError(t, os.WriteFile(golden, append(got, '\n'), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	var a, b any
	require.NoError(t, json.Unmarshal(want, &a))
	require.NoError(t, json.Unmarshal(got, &b))
	roundFloats(a)
	roundFloats(b)
	require.Equal(t, a, b)

	var back needs.Ranking
	require.NoError(t, json.Unmarshal(got, &back))
	require.Equal(t, text(t, r), text(t, back))
	require.Zero(t, back.Items[1].Rank)
	require.True(t, math.IsNaN(back.Items[1].Criticality))
	var w needs.Want
	require.Error(t, w.UnmarshalText([]byte("wish")))
}

// roundFloats keeps ten digits: the last ones differ between processors.
func roundFloats(v any) {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			if f, ok := x.(float64); ok {
				v[k] = fmt.Sprintf("%.10g", f)
			}
			roundFloats(x)
		}
	case []any:
		for _, x := range v {
			roundFloats(x)
		}
	}
}

func TestMethodsSayWhatTheyAre(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range needs.Methods() {
		i := m.Info()
		require.NotContains(t, []string{i.Name, i.Unit, i.Formula, i.Range, i.Source, i.R}, "")
		require.Positive(t, i.MinN)
		require.False(t, seen[i.Name])
		seen[i.Name] = true
	}
	require.Zero(t, needs.Method{}.Info())
}

func BenchmarkRank(b *testing.B) {
	rng := rand.New(rand.NewPCG(23, 24))
	var units needs.Dimension
	units.Name = "unit"
	var ids []string
	for i := range 40 {
		ids = append(ids, fmt.Sprint("u", i))
		units.Nodes = append(units.Nodes, needs.Node{ID: ids[i]})
	}
	c := cubeOf(b, frame(20, 5, units), answers(rng, 4000, 20, 5, ids)...)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := needs.Rank(c, needs.ShareBelow, nil); err != nil {
			b.Fatal(err)
		}
	}
}
