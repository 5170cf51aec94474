package needs_test

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/internal/ref"
	"github.com/bangkom/bangkom/needs"
	"github.com/bangkom/bangkom/stats/tally"
)

func steps(from, to competency.Level) []competency.Descriptor {
	var d []competency.Descriptor
	for l := from; l <= to; l++ {
		d = append(d, competency.Descriptor{Level: l})
	}
	return d
}

// town has two units, one below the other, three jobs and six people.
func town(t testing.TB) *competency.Workforce {
	t.Helper()
	f := &competency.Framework{
		ID: "town", Version: "1", Scales: []competency.Scale{{ID: "s", Levels: steps(1, 5)}},
		Competencies: []competency.Competency{{ID: "data", Scale: "s"}, {ID: "service", Scale: "s"}, {ID: "unused", Scale: "s"}},
	}
	need := func(c competency.CompetencyID, l competency.Level, criticality float64) competency.Requirement {
		return competency.Requirement{Competency: c, Level: l, Weight: 1, Criticality: criticality}
	}
	positions := []competency.Position{
		{ID: "clerk", Title: "Clerk", Requirements: []competency.Requirement{need("data", 3, 1), need("service", 3, 3)}},
		{ID: "analyst", Title: "Analyst", Requirements: []competency.Requirement{need("data", 4, 2)}},
		{ID: "guest", Title: "Guest"},
	}
	units := []competency.Unit{{ID: "office", Name: "Office"}, {ID: "desk", Name: "Desk", Parent: "office"}}
	people := []competency.Person{
		{ID: "p1", Unit: "office", Position: "analyst"},
		{ID: "p2", Unit: "desk", Position: "clerk", Target: "analyst"},
		{ID: "p3", Unit: "desk", Position: "clerk"},
		{ID: "p4", Unit: "desk", Position: "clerk", Target: "guest"},
		{ID: "p5", Position: "guest"},
		{ID: "p6", Unit: "desk"},
	}
	w, ps := competency.NewWorkforce(f, positions, units, people)
	require.NoError(t, ps.Err())
	return w
}

func profiles(t testing.TB, w *competency.Workforce) *competency.Profiles {
	t.Helper()
	rate := func(p competency.PersonID, c competency.CompetencyID, l competency.Level, until bangkom.Date) competency.Rating {
		return competency.Rating{Person: p, Competency: c, Level: l, Source: competency.Assessor, Date: bangkom.MustDate(2024, 3, 1), ValidUntil: until}
	}
	open, old := bangkom.MustDate(2027, 3, 1), bangkom.MustDate(2025, 3, 1)
	p, ps := competency.Assess(w, []competency.Rating{
		rate("p1", "data", 2, open), rate("p2", "data", 3, open), rate("p2", "service", 1, open),
		rate("p3", "data", 1, old), rate("p3", "service", 4, open), rate("p6", "data", 1, open),
	}, bangkom.MustDate(2026, 1, 15), competency.Rule{ID: "latest"})
	require.NoError(t, ps.Err())
	return p
}

// Expired and never assessed people are neither met nor below, in the cube as in the unit and the person.
func TestExpiredAndMissingAreNeitherMetNorBelow(t *testing.T) {
	p := profiles(t, town(t))
	c, err := needs.GapCube(p, competency.Held)
	require.NoError(t, err)
	require.Equal(t, competency.CoverageOf(p, competency.Held), c.Coverage())
	require.Equal(t, competency.Coverage{Met: 2, Below: 2, NotAssessed: 2, Expired: 1, NoJob: 1, NoStandard: 1}, c.Coverage())
	require.Equal(t, 4, c.People())

	got := byItem(rank(t, c, needs.ShareBelow, nil))
	require.Equal(t, competency.Coverage{Met: 1, Below: 1, NotAssessed: 1, Expired: 1}, got["data"].Coverage)
	require.Equal(t, competency.Coverage{Met: 1, Below: 1, NotAssessed: 1}, got["service"].Coverage)
	require.Equal(t, .5, got["data"].Score.Value)
	require.Equal(t, bangkom.Missing{Policy: "pairwise", Dropped: 2}, got["data"].Score.Missing)
	require.Equal(t, 1.0, got["data"].Rank)
	require.Equal(t, 1.0, got["service"].Rank, "one of two each")
	require.Zero(t, got["unused"].Rank)

	desk, err := c.At("desk")
	require.NoError(t, err)
	r := rank(t, desk, needs.ShareBelow, nil)
	require.Equal(t, []competency.CompetencyID{"service", "data", "unused"}, order(r))
	require.Equal(t, competency.Coverage{Met: 2, Below: 1, NotAssessed: 2, Expired: 1, NoJob: 1}, r.Coverage)
	require.Equal(t, []string{"office", "desk", needs.Unknown}, func() []string { s := c.Segments("unit"); slices.Sort(s[:2]); slices.Reverse(s[:2]); return s }())
}

// Gaps for the job to be held are another cube, and the two do not merge.
func TestHeldAndTargetAreKeptApart(t *testing.T) {
	p := profiles(t, town(t))
	held, err := needs.GapCube(p, competency.Held)
	require.NoError(t, err)
	target, err := needs.GapCube(p, competency.Target)
	require.NoError(t, err)
	require.Equal(t, competency.CoverageOf(p, competency.Target), target.Coverage())
	require.Equal(t, competency.Coverage{Below: 1, NoJob: 4, NoStandard: 1}, target.Coverage())
	require.Equal(t, 1, target.People())
	require.ErrorIs(t, held.Merge(target), bangkom.ErrShape)
	require.Equal(t, competency.Target, rank(t, target, needs.MeanGap, nil).Job)
}

func TestPersonNeeds(t *testing.T) {
	p := profiles(t, town(t))
	r, ok := needs.PersonNeeds(p, "p2")
	require.True(t, ok)
	require.Equal(t, bangkom.MustDate(2026, 1, 15), r.AsOf)
	require.Equal(t, competency.Coverage{Met: 1, Below: 1}, r.Held.Coverage)
	require.Equal(t, competency.CompetencyID("service"), r.Held.Gaps[0].Required.Competency)
	n, known := r.Held.Gaps[0].Levels()
	require.True(t, known)
	require.Equal(t, 2, n)
	require.Equal(t, competency.PositionID("analyst"), r.Target.Position)
	require.Equal(t, competency.Below, r.Target.Gaps[0].State)

	r, _ = needs.PersonNeeds(p, "p3")
	require.Equal(t, []competency.State{competency.Expired, competency.Met}, []competency.State{r.Held.Gaps[0].State, r.Held.Gaps[1].State})
	_, known = r.Held.Gaps[0].Levels()
	require.False(t, known)
	require.Equal(t, competency.Coverage{NoJob: 1}, r.Target.Coverage)
	require.Contains(t, text(t, r), `"gaps":[]`)

	r, _ = needs.PersonNeeds(p, "p4")
	require.Equal(t, competency.Coverage{NotAssessed: 2}, r.Held.Coverage)
	require.Equal(t, competency.Coverage{NoStandard: 1}, r.Target.Coverage)
	_, ok = needs.PersonNeeds(p, "nobody")
	require.False(t, ok)
}

// Results against targets stand apart from gaps, and say with them where to look.
func TestPerformanceAndRoute(t *testing.T) {
	p := profiles(t, town(t))
	route := func(id competency.PersonID, results ...needs.Performance) needs.Route {
		r, ok := needs.PersonNeeds(p, id, results...)
		require.True(t, ok)
		require.Len(t, r.Performance, len(results))
		return r.Route
	}
	late := needs.Performance{Indicator: "days per case", Target: 5, Result: 8, LessWins: true}
	gap, known := late.Gap()
	require.True(t, known)
	require.InDelta(t, 3, gap, 0)
	good := needs.Performance{Indicator: "cases", Target: 90, Result: 95}
	gap, _ = good.Gap()
	require.InDelta(t, -5, gap, 0)
	open := needs.Performance{Indicator: "cases", Target: 90, Result: math.NaN()}
	_, known = open.Gap()
	require.False(t, known)
	require.JSONEq(t, `{"indicator":"cases","target":90,"result":null,"gap":null}`, text(t, open))

	require.Equal(t, needs.RouteTraining, route("p2", late), "below the standard held")
	require.Equal(t, needs.RouteAssess, route("p3", late), "one requirement's assessment has expired")
	require.Equal(t, needs.RouteNone, route("p3", good))
	require.Equal(t, needs.RouteAssess, route("p4"), "nothing is known")
	r, _ := needs.PersonNeeds(allMet(t), "ani", late)
	require.Equal(t, needs.RouteOrganisational, r.Route, "every requirement is met, and the work is late")
	r, _ = needs.PersonNeeds(allMet(t), "ani", open)
	require.Equal(t, needs.RouteDevelopment, r.Route)
}

// allMet is one person who meets the job held, and not the one to be held.
func allMet(t testing.TB) *competency.Profiles {
	t.Helper()
	f := &competency.Framework{ID: "f", Scales: []competency.Scale{{ID: "s", Levels: steps(1, 5)}}, Competencies: []competency.Competency{{ID: "a", Scale: "s"}}}
	job := func(id competency.PositionID, level competency.Level) competency.Position {
		return competency.Position{ID: id, Requirements: []competency.Requirement{{Competency: "a", Level: level, Weight: 1, Criticality: 1}}}
	}
	w, ps := competency.NewWorkforce(f, []competency.Position{job("clerk", 2), job("head", 4)}, nil, []competency.Person{{ID: "ani", Position: "clerk", Target: "head"}})
	require.Empty(t, ps)
	day := bangkom.MustDate(2026, 1, 15)
	p, ps := competency.Assess(w, []competency.Rating{{Person: "ani", Competency: "a", Level: 3, Source: competency.Assessor, Date: day}}, day, competency.Rule{ID: "latest"})
	require.NoError(t, ps.Err())
	return p
}

// crew is n people in one job each with its own criticality, and their gaps.
func crew(t testing.TB, want, have string, criticality []float64) (*competency.Workforce, []competency.Gap) {
	t.Helper()
	f := &competency.Framework{ID: "f", Scales: []competency.Scale{{ID: "s", Levels: steps(1, 5)}}, Competencies: []competency.Competency{{ID: "a", Scale: "s"}}}
	var people []competency.Person
	for i := range want {
		people = append(people, competency.Person{ID: competency.PersonID(fmt.Sprintf("p%02d", i))})
	}
	w, _ := competency.NewWorkforce(f, nil, nil, people)
	var gaps []competency.Gap
	for i := range want {
		r := competency.Requirement{Competency: "a", Level: competency.Level(want[i] - '0'), Weight: 1, Criticality: criticality[i]}
		g := competency.Gap{Person: i, Required: r, Attained: competency.Attained{State: competency.Assessed, Level: competency.Level(have[i] - '0')}, State: competency.Met}
		if g.Attained.Level < r.Level {
			g.State = competency.Below
		}
		gaps = append(gaps, g)
	}
	return w, gaps
}

func gapCube(t testing.TB, w *competency.Workforce, gaps iter.Seq[competency.Gap]) *needs.Cube {
	t.Helper()
	f, ps := needs.FrameOf(w, competency.Held)
	require.Empty(t, ps)
	c, err := needs.NewCube(f)
	require.NoError(t, err)
	require.NoError(t, c.AddGaps(w, gaps))
	return c
}

func TestCriticalityAgainstRAndPython(t *testing.T) {
	type both struct{ R, Python []float64 }
	var cases map[string]struct {
		Want, Have string
		Crit       []float64
		Means      map[string]both
	}
	ref.Load(t, "gap", &cases)
	k := cases["critical"]
	require.NotEmpty(t, k.Crit)
	w, gaps := crew(t, k.Want, k.Have, k.Crit)
	c := gapCube(t, w, slices.Values(gaps))
	for _, m := range gapMethods {
		r := rank(t, c, m, &needs.Options{Criticality: needs.ByStandard})
		checkMean(t, m.String(), k.Means["weighed "+m.String()].R, k.Means["weighed "+m.String()].Python, r.Items[0].Score)
		require.Equal(t, needs.ByStandard, r.Criticality)
		require.Contains(t, r.Unit, "criticality")
		require.InDelta(t, 1.55, r.Items[0].Criticality, 1e-12)
		if m.String() != needs.ShareBelow.String() {
			plain := rank(t, c, m, nil)
			checkMean(t, m.String(), k.Means[m.String()].R, k.Means[m.String()].Python, plain.Items[0].Score)
			require.Equal(t, needs.AllAlike, plain.Criticality)
		}
	}
	// Of equal criticality 1, weighing changes no value.
	w, gaps = crew(t, k.Want, k.Have, make([]float64, 10)) // 0: not given, ordinary
	c = gapCube(t, w, slices.Values(gaps))
	for _, m := range gapMethods {
		weighed := rank(t, c, m, &needs.Options{Criticality: needs.ByStandard}).Items[0].Score
		require.Equal(t, rank(t, c, m, nil).Items[0].Score.Value, weighed.Value)
	}
}

// In any order of gaps the cube is the same, and people are counted once.
func TestGapsInAnyOrder(t *testing.T) {
	p := profiles(t, town(t))
	w := p.Workforce()
	all := slices.Collect(competency.Gaps(p, competency.Held))
	want := fingerprint(t, gapCube(t, w, slices.Values(all)))
	rng := rand.New(rand.NewPCG(25, 26))
	for range 5 {
		rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		c := gapCube(t, w, slices.Values(all))
		require.Equal(t, want, fingerprint(t, c))
		require.Equal(t, 4, c.People())
	}
}

func TestAddGapsRefusesAndCountsNothing(t *testing.T) {
	w, good := crew(t, "44", "33", []float64{1, 1})
	bad := func(code string, change func(*competency.Gap)) {
		t.Helper()
		gaps := slices.Clone(good)
		change(&gaps[1])
		f, _ := needs.FrameOf(w, competency.Held)
		c, err := needs.NewCube(f)
		require.NoError(t, err)
		err = c.AddGaps(w, slices.Values(gaps))
		require.True(t, bangkom.AsProblems(err, "").Has(code), "%v", err)
		require.Zero(t, c.People())
		require.Zero(t, c.Coverage())
	}
	bad("level-off-scale", func(g *competency.Gap) { g.Required.Level = 6 })
	bad("level-off-scale", func(g *competency.Gap) { g.Attained.Level = 0 })
	bad("unknown-person", func(g *competency.Gap) { g.Person = 2 })
	bad("unknown-person", func(g *competency.Gap) { g.Person = -1 })
	bad("state", func(g *competency.Gap) { g.State = competency.Assessed })
	for _, x := range []float64{-1, math.NaN(), math.Inf(1)} {
		bad("criticality", func(g *competency.Gap) { g.Required.Criticality = x })
	}
	c := cubeOf(t, frame(1, 5))
	require.ErrorIs(t, c.AddGaps(w, slices.Values(good)), bangkom.ErrOption, "wants an importance")
	f := frame(1, 5, needs.Dimension{Name: "island"})
	f.Want = needs.Required
	require.ErrorIs(t, cubeOf(t, f).AddGaps(w, slices.Values(good)), bangkom.ErrOption, "no gap tells the island")

	// A gap outside the frame is passed over: a frame may ask for some competencies only.
	good[1].Required.Competency = "other"
	require.Equal(t, 1, gapCube(t, w, slices.Values(good)).People())
}

func TestByPosition(t *testing.T) {
	p := profiles(t, town(t))
	f, _ := needs.FrameOf(p.Workforce(), competency.Held)
	f.By = []needs.Dimension{needs.UnitsOf(p.Workforce()), needs.PositionsOf(p.Workforce())}
	c, err := needs.NewCube(f)
	require.NoError(t, err)
	require.NoError(t, c.AddProfiles(p))
	clerks, err := c.At("", "clerk")
	require.NoError(t, err)
	require.Equal(t, 3, clerks.People())
	require.Equal(t, competency.Coverage{Met: 2, Below: 1, NotAssessed: 2, Expired: 1}, clerks.Coverage())
}

func TestFrameOf(t *testing.T) {
	f := &competency.Framework{
		ID: "f", Scales: []competency.Scale{{ID: "s", Levels: steps(0, 4)}, {ID: "t", Levels: steps(1, 5)}},
		Competencies: []competency.Competency{{ID: "a", Scale: "s"}, {ID: "b", Scale: "t"}, {ID: "c", Scale: "none"}},
	}
	w, _ := competency.NewWorkforce(f, nil, nil, nil)
	got, ps := needs.FrameOf(w, competency.Target)
	require.Equal(t, tally.Shape{First: 0, Levels: 6}, got.Scale)
	require.Equal(t, []competency.CompetencyID{"a", "b"}, got.Items)
	require.Equal(t, needs.Required, got.Want)
	require.Equal(t, competency.Target, got.Job)
	require.True(t, ps.Has("mixed-scales"))
	require.True(t, ps.Has("no-scale"))
	require.NoError(t, ps.Err())

	// The warning reaches the ranking.
	f.Scales[0].Levels = steps(0, 3)
	positions := []competency.Position{{ID: "x", Requirements: []competency.Requirement{{Competency: "a", Level: 2, Weight: 1}}}}
	w, _ = competency.NewWorkforce(f, positions, nil, []competency.Person{{ID: "p", Position: "x"}})
	p, _ := competency.Assess(w, []competency.Rating{{Person: "p", Competency: "a", Level: 1, Source: competency.Assessor}}, bangkom.MustDate(2026, 1, 1), competency.Rule{ID: "r"})
	c, err := needs.GapCube(p, competency.Held)
	require.NoError(t, err)
	require.True(t, rank(t, c, needs.MeanGap, nil).Problems.Has("mixed-scales"))

	empty, _ := competency.NewWorkforce(&competency.Framework{ID: "e"}, nil, nil, nil)
	p, _ = competency.Assess(empty, nil, bangkom.MustDate(2026, 1, 1), competency.Rule{ID: "r"})
	_, err = needs.GapCube(p, competency.Held)
	require.Error(t, err, "a framework without competencies")
}
