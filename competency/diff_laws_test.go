package competency_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	. "github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/table"
)

// wild is a small framework in which everything may be wrong.
func wild(r *rand.Rand, version string) *Framework {
	f := &Framework{ID: "wild", Version: version}
	for s := range r.IntN(3) {
		f.Scales = append(f.Scales, Scale{ID: ScaleID(fmt.Sprint("s", s)), Levels: levels(Level(r.IntN(2)), Level(3+r.IntN(2)))})
	}
	word := func() string {
		return []string{"Integritas", "Kerja Sama", "Kerjasama", "Komunikasi", "Mengelola Perubahan", "Mengelola perubahan", ""}[r.IntN(7)]
	}
	id := func() CompetencyID { return CompetencyID([]string{"", "a", "b", "c", "d", "e", "g", "h"}[r.IntN(8)]) }
	for range r.IntN(9) {
		c := Competency{ID: id(), Code: []string{"", "1", "1.1", "2"}[r.IntN(4)], Title: Text{"id": word()}, Parent: id(), Scale: ScaleID(fmt.Sprint("s", r.IntN(3)))}
		if r.IntN(4) == 0 {
			c.Levels = []Descriptor{{Level: 1, Description: Text{"id": word()}}, {Level: 3}}
		}
		if r.IntN(5) == 0 {
			c.ValidUntil = day(2026, 1, 1)
		}
		f.Competencies = append(f.Competencies, c)
	}
	for range r.IntN(8) {
		a := link([]Relation{ReplacedBy, ReplacedBy, ExactMatchOf, ChildOf, RelatedTo}[r.IntN(5)], id(), id())
		if r.IntN(3) == 0 {
			a.To.Framework = "elsewhere"
		}
		f.Associations = append(f.Associations, a)
	}
	return f
}

// Each competency of either edition has one fate, each move of a plan starts
// somewhere else, and nothing depends on anything but the arguments.
func TestLawsOfDiffAndPlan(t *testing.T) {
	for seed := range uint64(800) {
		r := random(seed)
		old, next := wild(r, "1"), wild(r, "2")
		walk := &Crosswalk{Links: wild(r, "3").Associations}
		opt := &DiffOptions{Crosswalk: walk, Candidate: 0.5}
		d := Diff(old, next, opt)
		require.Equal(t, d, Diff(old.Clone(), next.Clone(), opt))

		before, after := map[CompetencyID]int{}, map[CompetencyID]int{}
		kept := map[CompetencyID]bool{}
		for _, p := range d.Kept {
			before[p.Old]++
			after[p.New] = 1
		}
		for _, c := range d.List {
			switch c.Kind {
			case Removed, Split, Merged, Added:
				for _, id := range c.Old {
					before[id]++
				}
				for _, id := range c.New {
					after[id] = 1
				}
			case RenameCandidate:
				require.True(t, slices.ContainsFunc(d.Of(Removed), func(x Change) bool { return x.Old[0] == c.Old[0] }))
				require.False(t, kept[c.New[0]], "one guess each")
				kept[c.New[0]] = true
				require.True(t, c.Score >= 0.5 && c.Score <= 1)
			}
		}
		for _, c := range old.Competencies {
			if c.ID != "" {
				require.Equal(t, 1, before[c.ID], "seed %d: %s in %s\n%+v", seed, c.ID, d, d.List)
			}
		}
		for _, c := range next.Competencies {
			if c.ID == "" {
				continue
			}
			_, was := before[c.ID]
			require.True(t, after[c.ID] == 1 || was && after[c.ID] == 0, "seed %d: %s", seed, c.ID)
		}
		self := Diff(old, old, nil)
		require.Empty(t, self.List, "seed %d", seed)
		require.Empty(t, self.Scales)

		m := PlanMigration(old, next, opt)
		starts := map[CompetencyID]int{}
		for _, x := range m.Moves {
			for _, id := range x.From {
				starts[id]++
			}
		}
		require.Equal(t, len(before), len(starts), "seed %d", seed)
		for id, n := range starts {
			require.Equal(t, 1, n, id)
		}
		for _, code := range codes(m.Validate(old, next)) {
			require.Contains(t, []string{"no-level-map", "not-reviewed"}, code, "seed %d", seed)
		}
	}
}

// Guesses are the greatest likenesses by the formula of Diff, each competency
// in one at most.
func TestGuessesAgainstTheFormula(t *testing.T) {
	words := strings.Fields("mengelola menyusun rencana kerja kerja sama dan data data dasar tim ruang 2026 ö")
	bigrams := func(s string) map[string]int {
		m := map[string]int{}
		var list []string
		for _, w := range strings.Fields(table.Normalize(s)) {
			if w != "dan" && w != "and" {
				list = append(list, w)
			}
		}
		if len(list) == 0 {
			return m
		}
		before := " "
		for _, r := range strings.Join(list, " ") + " " {
			m[before+string(r)]++
			before = string(r)
		}
		return m
	}
	likeness := func(a, b *Competency) float64 {
		if a.Kind != b.Kind && a.Kind != "" && b.Kind != "" {
			return 0
		}
		x, y := bigrams(a.Title["id"]), bigrams(b.Title["id"])
		both, all := 0, 0
		for g, n := range x {
			both, all = both+min(n, y[g]), all+n
		}
		for _, n := range y {
			all += n
		}
		if all == 0 {
			return 0
		}
		return 2 * float64(both) / float64(all)
	}
	for seed := range uint64(60) {
		r := random(seed)
		edition := func(version string) *Framework {
			f := &Framework{ID: "f", Version: version}
			for i := range 30 {
				var title []string
				for range 1 + r.IntN(5) {
					title = append(title, words[r.IntN(len(words))])
				}
				f.Competencies = append(f.Competencies, Competency{ID: CompetencyID(fmt.Sprint(version, i)), Kind: []Kind{"", "a", "b"}[r.IntN(3)], Title: Text{"id": strings.Join(title, " ")}})
			}
			return f
		}
		old, next := edition("1"), edition("2")
		const least = 0.6
		d := Diff(old, next, &DiffOptions{Candidate: least})
		lost, come, gained := map[CompetencyID]*Competency{}, map[CompetencyID]*Competency{}, map[CompetencyID]float64{}
		for _, x := range d.Of(Removed) {
			lost[x.Old[0]], _ = old.Competency(x.Old[0])
		}
		for _, x := range d.Of(Added) {
			come[x.New[0]], _ = next.Competency(x.New[0])
		}
		for _, x := range d.Of(RenameCandidate) {
			require.InDelta(t, likeness(lost[x.Old[0]], come[x.New[0]]), x.Score, 1e-12)
			require.Zero(t, gained[x.Old[0]]+gained[x.New[0]], "in two guesses")
			gained[x.Old[0]], gained[x.New[0]] = x.Score, x.Score
		}
		for i, x := range lost { // no pair that was left out is likelier than the guesses of both
			for j, y := range come {
				if s := likeness(x, y); s >= least {
					require.LessOrEqual(t, s, max(gained[i], gained[j])+1e-12, "seed %d: %s, %s", seed, i, j)
				}
			}
		}
	}
}
