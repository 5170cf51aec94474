package needs_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/needs"
	"github.com/bangkom/bangkom/stats/tally"
)

// crowd is n people of a unit who differ: no answer is that of all but one.
func crowd(unit string, n int) []needs.Answer {
	var out []needs.Answer
	for i := range n {
		out = append(out, needs.Answer{Person: fmt.Sprint(unit, i), Segment: []string{unit}, Want: cells(fmt.Sprint(3 + i%3)), Have: cells(fmt.Sprint(1 + i*2%5))})
	}
	return out
}

func crowds(t *testing.T, sizes map[string]int) *needs.Cube {
	t.Helper()
	c := cubeOf(t, frame(1, 5, needs.Dimension{Name: needs.ByUnit}))
	for unit, n := range sizes {
		for _, a := range crowd(unit, n) {
			require.NoError(t, c.Add(&a))
		}
	}
	return c
}

func publish(t *testing.T, c *needs.Cube, d *needs.Disclosure) *needs.Published {
	t.Helper()
	p, err := needs.Publish(c, d)
	require.NoError(t, err)
	return p
}

func hidden(p *needs.Published) map[string]string {
	out := map[string]string{}
	for _, h := range p.Audit() {
		out[h.Segment] = h.Why
	}
	return out
}

// Units A 12, B 3, C 9 of 24: B is small, and C must go so that B is not what is left.
func TestComplementarySuppression(t *testing.T) {
	require.Equal(t, map[string]string{"B": "small", "C": "complementary"}, hidden(publish(t, crowds(t, map[string]int{"A": 12, "B": 3, "C": 9}), nil)))
}

// Two hidden siblings are not enough: of 40, 9, 2 and 1, the sum of the two smallest is 3.
func TestTwoHiddenAreNotEnough(t *testing.T) {
	require.Equal(t, map[string]string{"B": "complementary", "C": "small", "D": "small"}, hidden(publish(t, crowds(t, map[string]int{"A": 40, "B": 9, "C": 2, "D": 1}), nil)))
}

// People count, not ratings: two people with six raters each are two.
func TestMinimumCellIsOfPeople(t *testing.T) {
	c := cubeOf(t, frame(1, 5))
	for i := range 12 {
		require.NoError(t, c.Add(&needs.Answer{Person: fmt.Sprint(i % 2), Rater: fmt.Sprint(i), Want: cells(fmt.Sprint(3 + i%3)), Have: cells(fmt.Sprint(1 + i%5))}))
	}
	require.Equal(t, map[string]string{"": "small"}, hidden(publish(t, c, nil)))
	for _, a := range crowd("x", 3) {
		a.Segment = nil
		require.NoError(t, c.Add(&a))
	}
	require.Empty(t, hidden(publish(t, c, nil)))
}

// Where all are alike a table says what each answered; where all but one are,
// that one knows it.
func TestDominance(t *testing.T) {
	for _, x := range []struct {
		want, have string
		hidden     bool
	}{
		{"4 4 4 4 4 4", "2 2 2 2 2 2", true},
		{"4 4 4 4 4 4", "2 2 2 2 2 3", true},
		{"3 4 5 4 3 4", "2 2 2 2 2 4", true},  // attained levels alike
		{"4 4 4 4 4 5", "1 2 3 4 5 1", true},  // importances alike
		{"4 5 4 5 4 5", "2 3 2 3 1 5", true},  // all but one below
		{"4 5 4 5 4 5", "2 3 2 3 4 5", false}, //
	} {
		p := publish(t, cubeOf(t, frame(1, 5), survey(x.want, x.have)...), nil)
		require.Equal(t, x.hidden, len(p.Audit()) == 1, x)
	}
}

// An item that few answered is hidden though its unit is large, and no
// crosshair, centre or adjusted p of the others depends on it.
func TestHiddenItemsTouchNothing(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 8))
	all := answers(rng, 40, 4, 5, nil)
	var without []needs.Answer
	for i := range all {
		if i >= 3 { // three people answer item d
			all[i].Want[3] = tally.Missing
		}
		b := all[i]
		b.Want, b.Have = slices.Clone(b.Want), slices.Clone(b.Have)
		b.Want[3], b.Have[3] = tally.Missing, tally.Missing
		without = append(without, b)
	}
	seen, unseen := publish(t, cubeOf(t, frame(4, 5), all...), nil), publish(t, cubeOf(t, frame(4, 5), without...), nil)
	for _, m := range needs.Methods() {
		r, err := seen.Rank("", m, &needs.Options{Resamples: 200})
		require.NoError(t, err)
		require.True(t, r.Items[3].Suppressed)
		require.Equal(t, `{"id":"d","rank":null,"score":null,"suppressed":true}`, text(t, r.Items[3]))
		q, err := unseen.Rank("", m, &needs.Options{Resamples: 200})
		require.NoError(t, err)
		for i := range 3 {
			a, b := r.Items[i], q.Items[i]
			require.Equal(t, a.Item, b.Item)
			require.Equal(t, a.Score.Value, b.Score.Value)
			if _, crossed := a.Detail.(needs.IPADetail); crossed || m.String() == "locus" {
				continue // an empty item is published as empty, and centres are of the items with data: the same
			}
			require.Equal(t, text(t, a.Score), text(t, b.Score))
		}
	}
}

func TestPublishRefuses(t *testing.T) {
	two := frame(1, 5, needs.Dimension{Name: "unit"}, needs.Dimension{Name: "position"})
	_, err := needs.Publish(cubeOf(t, two), nil)
	require.ErrorContains(t, err, "one dimension")
	_, err = needs.Publish(cubeOf(t, two), &needs.Disclosure{By: "position"})
	require.NoError(t, err)
	_, err = needs.Publish(cubeOf(t, frame(1, 5)), &needs.Disclosure{MinCell: 2})
	require.ErrorContains(t, err, "at least 3")
	weighted := frame(1, 5)
	weighted.Weighted = true
	_, err = needs.Publish(cubeOf(t, weighted), nil)
	require.ErrorContains(t, err, "weights")
	p := publish(t, cubeOf(t, frame(1, 5)), nil)
	_, err = p.Rank("nowhere", needs.RDM, nil)
	require.ErrorContains(t, err, "no such part")
	_, err = p.Rank("", needs.RDM, &needs.Options{Missing: needs.Listwise})
	require.ErrorContains(t, err, "not published")
	r, err := p.Rank("", needs.RDM, nil)
	require.NoError(t, err, "nobody answered: nothing to say, nothing to hide")
	require.Zero(t, r.Items[0].Rank)
	require.False(t, r.Items[0].Suppressed)
}

// A random tree of parts, with people in inner parts too.
func randomTree(rng *rand.Rand, most int) needs.Dimension {
	d := needs.Dimension{Name: needs.ByUnit}
	for i := range 2 + rng.IntN(most-1) {
		n := needs.Node{ID: fmt.Sprint("u", i)}
		if i > 0 && rng.IntN(4) > 0 {
			n.Parent = fmt.Sprint("u", rng.IntN(i))
		}
		d.Nodes = append(d.Nodes, n)
	}
	rng.Shuffle(len(d.Nodes), func(i, j int) { d.Nodes[i], d.Nodes[j] = d.Nodes[j], d.Nodes[i] })
	return d
}

// What an attacker reads: per part the table as JSON, or nothing.
type publication struct {
	Parts []struct {
		Segment string `json:"segment"`
		Items   []struct {
			ID         competency.CompetencyID `json:"id"`
			Table      [][]int64               `json:"table"`
			Suppressed bool                    `json:"suppressed"`
		} `json:"items"`
	} `json:"parts"`
}

// An attacker knows who is in which part, and every published table. Sums over
// the tree, complements and means times n are a linear system for the tables
// of the parts' own people. Whatever set of them it determines, it must be a
// set of which the table would have been safe to publish.
func TestAttackerSolvesForHiddenCells(t *testing.T) {
	rng := rand.New(rand.NewPCG(23, 29))
	hid, complementary, solved := 0, 0, 0
	trees, most := 80, 6
	if os.Getenv("BANGKOM_LONG") != "" {
		trees, most = 1000, 10
	}
	for range trees {
		d := randomTree(rng, most)
		c := cubeOf(t, frame(2, 3, d))
		own := map[string][]needs.Answer{}
		units := []string{needs.Unknown}
		for _, n := range d.Nodes {
			units = append(units, n.ID)
		}
		for _, u := range units {
			for i := range []int{0, 1, 2, 4, 5, 6, 9, 14}[rng.IntN(8)] {
				a := needs.Answer{Person: fmt.Sprint(u, "-", i), Segment: []string{u}, Want: make([]tally.Cell, 2), Have: make([]tally.Cell, 2)}
				for k := range 2 {
					a.Want[k], a.Have[k] = tally.Cell(rng.IntN(4)), tally.Cell(1+rng.IntN(1+rng.IntN(3)))
				}
				own[u] = append(own[u], a)
				require.NoError(t, c.Add(&a))
			}
		}
		p := publish(t, c, nil)
		for _, h := range p.Audit() {
			hid++
			if h.Why == "complementary" {
				complementary++
			}
		}
		raw, err := json.Marshal(p)
		require.NoError(t, err)
		var out publication
		require.NoError(t, json.Unmarshal(raw, &out))
		for item := range 2 {
			solved += attack(t, out, d, units, own, item)
		}
	}
	require.Greater(t, hid, 200, "the test hides something")
	require.Greater(t, complementary, 20)
	require.Greater(t, solved, 200, "the attacker is able to solve for what is safe")
}

// attack tries every set of parts and returns how many it could solve for.
func attack(t *testing.T, out publication, d needs.Dimension, units []string, own map[string][]needs.Answer, item int) (solved int) {
	t.Helper()
	parent := map[string]string{}
	for _, n := range d.Nodes {
		parent[n.ID] = n.Parent
	}
	var known [][]*big.Rat
	for _, part := range out.Parts {
		if part.Items[item].Suppressed {
			require.Nil(t, part.Items[item].Table)
			continue
		}
		row := make([]*big.Rat, len(units))
		for i, u := range units {
			row[i] = new(big.Rat)
			for at := u; ; at = parent[at] {
				if at == part.Segment {
					row[i].SetInt64(1)
				}
				if at == "" {
					break
				}
			}
		}
		known = append(known, row)
	}
	basis := eliminate(known)
	for set := 1; set < 1<<len(units); set++ {
		target := make([]*big.Rat, len(units))
		var people []needs.Answer
		for i, u := range units {
			target[i] = new(big.Rat).SetInt64(int64(set >> i & 1))
			if set>>i&1 == 1 {
				people = append(people, own[u]...)
			}
		}
		if !spans(basis, target) {
			continue
		}
		solved++
		if why := unsafe(people, item); why != "" {
			t.Fatalf("the attacker knows a table that is %s: set %b of %v, tree %v", why, set, units, d.Nodes)
		}
	}
	return solved
}

// unsafe is the rule again, written from its words.
func unsafe(people []needs.Answer, item int) string {
	n, below := 0, 0
	count := map[string]int{}
	for _, a := range people {
		w, h := a.Want[item], a.Have[item]
		if !w.IsLevel() || !h.IsLevel() {
			continue
		}
		n++
		count[fmt.Sprint("want", w)]++
		count[fmt.Sprint("have", h)]++
		if w > h {
			below++
		}
	}
	if n == 0 {
		return ""
	}
	if n < 5 {
		return "small"
	}
	for _, k := range count {
		if n-k <= 1 {
			return "dominated"
		}
	}
	if n-below <= 1 {
		return "dominated"
	}
	return ""
}

// eliminate brings rows to echelon form, exactly.
func eliminate(rows [][]*big.Rat) [][]*big.Rat {
	var basis [][]*big.Rat
	for _, r := range rows {
		r = reduce(basis, r)
		if lead(r) < len(r) {
			basis = append(basis, r)
		}
	}
	return basis
}

func lead(r []*big.Rat) int {
	for i, x := range r {
		if x.Sign() != 0 {
			return i
		}
	}
	return len(r)
}

func reduce(basis [][]*big.Rat, r []*big.Rat) []*big.Rat {
	out := make([]*big.Rat, len(r))
	for i := range r {
		out[i] = new(big.Rat).Set(r[i])
	}
	for done := false; !done; {
		done = true
		for _, b := range basis {
			k := lead(b)
			if out[k].Sign() == 0 {
				continue
			}
			f := new(big.Rat).Quo(out[k], b[k])
			for i := range out {
				out[i].Sub(out[i], new(big.Rat).Mul(f, b[i]))
			}
			done = false
		}
	}
	return out
}

func spans(basis [][]*big.Rat, target []*big.Rat) bool {
	return lead(reduce(basis, target)) == len(target)
}

// The difference of two published parts, one within the other, is public.
func TestDifferencing(t *testing.T) {
	d := needs.Dimension{Name: needs.ByUnit, Nodes: []needs.Node{{ID: "office"}, {ID: "bureau", Parent: "office"}, {ID: "desk", Parent: "bureau"}}}
	c := cubeOf(t, frame(1, 5, d))
	for unit, n := range map[string]int{"office": 2, "bureau": 20, "desk": 12} { // two people sit in the office itself
		for _, a := range crowd(unit, n) {
			require.NoError(t, c.Add(&a))
		}
	}
	require.Equal(t, map[string]string{"bureau": "complementary"}, hidden(publish(t, c, nil)), "office less bureau would be two people; office less desk is 22")
}

// The same tables, by part and together: what is published agrees with the cube.
func TestPublishedRanksAreThoseOfTheCube(t *testing.T) {
	rng := rand.New(rand.NewPCG(31, 37))
	c := cubeOf(t, frame(5, 5, agency), answers(rng, 400, 5, 5, everywhere)...)
	p := publish(t, c, nil)
	require.Equal(t, "", p.Segments()[0])
	for _, s := range p.Segments() {
		part, err := c.At(s)
		require.NoError(t, err)
		if part.People() == 0 {
			continue
		}
		want := byItem(rank(t, part, needs.Borich, nil))
		got, err := p.Rank(s, needs.Borich, nil)
		require.NoError(t, err)
		require.Len(t, got.Items, 5)
		for _, x := range got.Items {
			if !x.Suppressed {
				y := want[x.Item]
				require.Equal(t, y.Score.Value, x.Score.Value)
				require.Equal(t, y.NR, x.NR)
			}
		}
	}
	k, err := p.Compare("", []needs.Method{needs.Borich, needs.RDM}, nil)
	require.NoError(t, err)
	require.Len(t, k.Items, 5)
}

// Tables that were handed on keep no rows; what they publish is the same, but
// for the certainty of the order.
func TestPublishHandedOnTables(t *testing.T) {
	rng := rand.New(rand.NewPCG(41, 43))
	c := cubeOf(t, frame(3, 5, agency), answers(rng, 200, 3, 5, everywhere)...)
	raw, err := c.AppendBinary(nil)
	require.NoError(t, err)
	var handed needs.Cube
	require.NoError(t, handed.UnmarshalBinary(raw))
	p, q := publish(t, c, nil), publish(t, &handed, nil)
	require.Equal(t, text(t, p), text(t, q))
	require.Equal(t, p.Audit(), q.Audit())
	for _, s := range p.Segments() {
		x, err := p.Rank(s, needs.Borich, &needs.Options{Resamples: -1})
		require.NoError(t, err)
		y, err := q.Rank(s, needs.Borich, &needs.Options{Resamples: -1})
		require.NoError(t, err)
		require.Equal(t, text(t, x.Items), text(t, y.Items))
	}
}

func required(t *testing.T, want, have string) *needs.Cube {
	t.Helper()
	f := frame(1, 5)
	f.Want = needs.Required
	return cubeOf(t, f, survey(want, have)...)
}

// What jobs require is known, so the row of the one head would be the head's:
// the same gaps at other levels publish the same, to the byte.
func TestPublishedRequiredTellsGapsOnly(t *testing.T) {
	a := publish(t, required(t, "3 3 3 3 3 3 4 4 4 4 4 5", "1 2 3 4 3 2 2 3 4 5 3 4"), nil)
	b := publish(t, required(t, "3 3 3 3 3 3 4 4 4 4 4 5", "1 1 3 2 2 4 3 3 3 5 4 5"), nil)
	require.Empty(t, a.Audit())
	require.Equal(t, text(t, a), text(t, b))
	require.NotContains(t, text(t, a), `"table":[`)
	require.Contains(t, text(t, a), `"gaps":{"-1":2,"0":3,"1":5,"2":2}`)
	for _, m := range needs.Methods() {
		x, err := a.Rank("", m, &needs.Options{Resamples: -1})
		if m.Info().Name != "share-below" && m.Info().Name != "shortfall" && m.Info().Name != "mean-gap" && m.Info().Name != "rdm" {
			require.Error(t, err, m)
			continue
		}
		require.NoError(t, err)
		y, err := b.Rank("", m, &needs.Options{Resamples: -1})
		require.NoError(t, err)
		require.Equal(t, text(t, x), text(t, y))
	}
}

// A gap that only the head's job allows is the head's; so is what is there of
// everybody, if the gaps are alike.
func TestRequiredLevelsExpose(t *testing.T) {
	for _, x := range []struct {
		want, have string
		hidden     bool
	}{
		{"2 2 3 3 3 3 3 5", "1 2 2 3 1 4 3 5", false},
		{"2 2 3 3 3 3 3 5", "1 2 2 3 1 4 3 2", true},  // only the head can be 3 below
		{"2 2 3 3 3 3 3 5", "1 2 2 3 1 4 3 3", false}, // 2 below: six could be
		{"2 3 4 2 3 4 5 5", "1 2 3 1 2 3 5 4", true},  // all but one below
		{"2 3 4 2 3 4 5 5", "2 3 4 2 3 4 5 4", true},  // all but one at what is required
		{"5 5 5 5 5 5 5 4", "1 2 3 4 5 5 5 5", true},  // only one can be above
	} {
		require.Equal(t, x.hidden, len(publish(t, required(t, x.want, x.have), nil).Audit()) == 1, x)
	}
}

// Seeds are known, so the digits of resamples say who said what about two items.
func TestPublishedResamplesInWholePercent(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 5))
	for _, n := range []int{8, 40} { // enumerated, and drawn
		p := publish(t, cubeOf(t, frame(4, 5, agency), answers(rng, n, 4, 5, everywhere)...), nil)
		for _, m := range []needs.Method{needs.Borich, needs.IPA(needs.DataMean), needs.Locus} {
			r, err := p.Rank("", m, nil)
			require.NoError(t, err)
			require.NotContains(t, text(t, r), `"resampled":`)
			require.NotContains(t, text(t, r), `"above":`)
			require.Positive(t, r.Resampling.Units)
			percents := []float64{r.Resampling.Tau, r.Resampling.Critical}
			for _, x := range r.Items {
				percents = append(percents, x.PFirst, x.PTop)
				switch d := x.Detail.(type) {
				case needs.IPADetail:
					percents = append(percents, *d.PTarget)
				case needs.LocusDetail:
					percents = append(percents, *d.PTarget)
				}
			}
			for _, x := range percents {
				require.InDelta(t, math.Round(100*x), 100*x, 1e-9)
			}
		}
		routes := cubeOf(t, frame(4, 5), answers(rng, n, 4, 5, nil)...)
		for what, o := range map[string]*needs.Options{"bootstrap": {Interval: "bootstrap"}, "strata": {Strata: needs.ByUnit}, "cluster": {Cluster: needs.ByUnit}, "routes": nil} {
			_, err := p.Rank("", needs.HennessyHicksRoutes(routes), o)
			require.ErrorContains(t, err, "not published", what)
		}
	}
}

// What the package cannot stop, and says so: of two publications the difference
// is one person's answer, after that person left; and a part that a larger
// MinCell hides, or another dimension, is had from both.
func TestTwoPublicationsDisclose(t *testing.T) {
	table := func(p *needs.Published, part int) [][]int64 {
		var out publication
		require.NoError(t, json.Unmarshal([]byte(text(t, p)), &out))
		return out.Parts[part].Items[0].Table
	}
	minus := func(a, b [][]int64) (n int64, want, have int) {
		for w := range a {
			for h := range a[w] {
				if d := a[w][h] - b[w][h]; d != 0 {
					n, want, have = n+d, w+1, h+1
				}
			}
		}
		return n, want, have
	}
	before, after := cubeOf(t, frame(1, 5)), cubeOf(t, frame(1, 5))
	for i, a := range survey("3 4 5 3 4 5 3", "1 3 5 2 4 1 2") {
		require.NoError(t, before.Add(&a))
		if i != 5 {
			require.NoError(t, after.Add(&a))
		}
	}
	n, want, have := minus(table(publish(t, before, nil), 0), table(publish(t, after, nil), 0))
	require.Equal(t, []int64{1, 5, 1}, []int64{n, int64(want), int64(have)})

	both := cubeOf(t, frame(1, 5, needs.Dimension{Name: "unit"}, needs.Dimension{Name: "position"}))
	for unit, n := range map[string]int{"A": 12, "B": 9} {
		for i, a := range crowd(unit, n) {
			position := "clerk"
			if unit == "A" && i == 3 {
				position = "head"
			}
			a.Segment = []string{unit, position}
			if unit == "B" {
				a.Segment[1] = "analyst"
			}
			require.NoError(t, both.Add(&a))
		}
	}
	units := publish(t, both, &needs.Disclosure{By: "unit"})
	jobs := publish(t, both, &needs.Disclosure{By: "position"})
	require.Empty(t, hidden(units))
	require.Contains(t, hidden(jobs), "head", "hidden in each publication, and yet")
	at := slices.Index(jobs.Segments(), "clerk")
	require.Positive(t, at)
	if hidden(jobs)["clerk"] == "" {
		n, _, _ := minus(table(units, slices.Index(units.Segments(), "A")), table(jobs, at))
		require.EqualValues(t, 1, n, "unit A less the clerks is its head")
	}
}
