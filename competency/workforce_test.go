package competency_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	. "github.com/bangkom/bangkom/competency"
)

func TestWorkforceNumbersByID(t *testing.T) {
	w := workforce(t, []Position{{ID: "b"}, {ID: "a"}}, []Unit{{ID: "y"}, {ID: "x"}},
		[]Person{{ID: "2", Name: "Dua", Unit: "x", Position: "a", Target: "b", Status: "PNS"}, {ID: "1"}, {ID: "3", Status: "PPPK"}})
	require.Equal(t, 3, w.Len())
	require.Equal(t, Person{ID: "2", Name: "Dua", Unit: "x", Position: "a", Target: "b", Status: "PNS"}, w.At(1))
	i, ok := w.Index("3")
	require.True(t, ok)
	require.Equal(t, 2, i)
	_, ok = w.Index("4")
	require.False(t, ok)
	p, ok := w.Person("1")
	require.True(t, ok)
	require.Equal(t, Person{ID: "1"}, p)
	_, ok = w.Person("")
	require.False(t, ok)
	require.Equal(t, PositionID("a"), w.Positions()[0].ID)
	require.Equal(t, []Unit{{ID: "x"}, {ID: "y"}}, w.Units())
	_, ok = w.Position("c")
	require.False(t, ok)
	_, ok = w.Unit("z")
	require.False(t, ok)
	require.Nil(t, w.Members("z"))
	require.Nil(t, w.Within("z"))
	var seen []PersonID
	for i, p := range w.People() {
		require.Equal(t, len(seen), i)
		seen = append(seen, p.ID)
	}
	require.Equal(t, []PersonID{"1", "2", "3"}, seen)
}

func TestWorkforceOfNothing(t *testing.T) {
	w, ps := NewWorkforce(nil, nil, nil, nil)
	require.Empty(t, ps)
	require.Zero(t, w.Len())
	_, ok := w.Index("x")
	require.False(t, ok)
	_, ok = w.Superior("x")
	require.False(t, ok)
	require.False(t, w.InLineOfCommand("x", "y"))
	require.Empty(t, w.Framework().Competencies)
	p, ps := Assess(w, nil, day(2026, 1, 1), Rule{})
	require.Empty(t, ps)
	require.Zero(t, CoverageOf(p, Held))
}

func TestWorkforceReportsWhatDoesNotResolve(t *testing.T) {
	positions := []Position{{ID: "j"}, {ID: ""}, {ID: "j", Title: "second"}}
	units := []Unit{{ID: "a", Head: "9"}, {ID: "b", Parent: "zz"}, {ID: "a", Name: "second"}}
	people := []Person{{ID: "2", Unit: "nowhere"}, {ID: "1", Position: "k", Target: "k"}, {ID: "2", Name: "second"}, {ID: "3", Unit: "nowhere"}, {}}
	w, ps := NewWorkforce(nine(), positions, units, people)
	type found struct{ code, where, value string }
	var got []found
	for _, p := range ps {
		require.Equal(t, bangkom.Error, p.Severity)
		require.NotEmpty(t, p.Need)
		got = append(got, found{p.Code, p.Where, p.Value})
	}
	require.Equal(t, []found{
		{"empty-id", "positions[1]", ""},
		{"duplicate-id", "positions[2]", "j"},
		{"duplicate-id", "units[2]", "a"},
		{"unknown-unit", "units/b/parent", "zz"},
		{"duplicate-id", "people[2]", "2"},
		{"empty-id", "people[4]", ""},
		{"unknown-unit", "people/2/unit", "nowhere"},
		{"unknown-position", "people/1/position", "k"},
		{"unknown-person", "units/a/head", "9"},
	}, got)
	require.Contains(t, ps[6].Msg, "2 refer to it")
	require.Equal(t, 3, w.Len(), "everybody with an id of their own is kept")
	require.Equal(t, Person{ID: "2"}, w.At(1), "what does not resolve reads as unset; the first of two counts")
	require.Equal(t, []Unit{{ID: "a"}, {ID: "b"}}, w.Units())
}

func TestRequirementsThatAreKept(t *testing.T) {
	f := nine()
	f.Competencies[2].Levels = levels(1, 2) // KOM describes two levels only
	good := Requirement{Competency: "c-INT", Level: 3, Weight: 2, Criticality: 1.5, N: 7, SE: 0.2}
	with := func(change func(*Requirement)) Requirement {
		r := good
		r.Competency = "c-KJSM"
		change(&r)
		return r
	}
	nan := math.NaN()
	for _, c := range []struct {
		name string
		r    Requirement
		code string
	}{
		{"weight zero, D11", with(func(r *Requirement) { r.Weight = 0 }), "weight-not-positive"},
		{"weight negative", with(func(r *Requirement) { r.Weight = -1 }), "weight-not-positive"},
		{"weight no number", with(func(r *Requirement) { r.Weight = nan }), "weight-not-positive"},
		{"criticality negative", with(func(r *Requirement) { r.Criticality = -1 }), "criticality-not-positive"},
		{"criticality no number", with(func(r *Requirement) { r.Criticality = nan }), "criticality-not-positive"},
		{"level above", with(func(r *Requirement) { r.Level = 6 }), "level-off-scale"},
		{"level below", with(func(r *Requirement) { r.Level = 0 }), "level-off-scale"},
		{"level far below", with(func(r *Requirement) { r.Level = -128 }), "level-off-scale"},
		{"competency", with(func(r *Requirement) { r.Competency = "KJSM" }), "unknown-competency"},
		{"twice", with(func(r *Requirement) { r.Competency = "c-INT" }), "duplicate-requirement"},
		{"panel of less than nobody", with(func(r *Requirement) { r.N = -1 }), "panel"},
		{"panel error", with(func(r *Requirement) { r.SE = nan }), "panel"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, ps := NewWorkforce(f, []Position{{ID: "j", Requirements: []Requirement{good, c.r}}}, nil, nil)
			require.Equal(t, []string{c.code}, codes(ps))
			require.Error(t, ps.Err())
			require.Contains(t, ps[0].Where, "positions/j/requirements[1]")
			p, _ := w.Position("j")
			require.Equal(t, []Requirement{good}, p.Requirements, "the good row is kept, the other is not")
		})
	}
	t.Run("criticality not given", func(t *testing.T) {
		w, ps := NewWorkforce(f, []Position{{ID: "j", Requirements: []Requirement{with(func(r *Requirement) { r.Criticality = 0 })}}}, nil, nil)
		require.Empty(t, ps)
		p, _ := w.Position("j")
		require.Equal(t, 1.0, p.Requirements[0].Criticality)
	})
	t.Run("level not offered", func(t *testing.T) {
		w, ps := NewWorkforce(f, []Position{{ID: "j", Requirements: []Requirement{with(func(r *Requirement) { r.Competency = "c-KOM" })}}}, nil, nil)
		require.Equal(t, []string{"level-not-offered"}, codes(ps))
		p, _ := w.Position("j")
		require.Empty(t, p.Requirements, "a level that a sparse competency does not have can be met by nobody")
	})
}

func TestCirclesOfUnitsAreNamedAndOpened(t *testing.T) {
	w, ps := NewWorkforce(nine(), nil, []Unit{
		{ID: "d", Parent: "c"}, {ID: "c", Parent: "b"}, {ID: "b", Parent: "d"}, {ID: "tail", Parent: "c"}, {ID: "self", Parent: "self"}, {ID: "ok"},
	}, []Person{{ID: "1", Unit: "tail"}})
	require.Equal(t, []string{"cycle", "cycle"}, codes(ps))
	require.Equal(t, "b -> d -> c -> b", ps[0].Value)
	require.Equal(t, "units/b/parent", ps[0].Where)
	require.Equal(t, "self -> self", ps[1].Value)
	b, _ := w.Unit("b")
	require.Empty(t, b.Parent, "opened at the first by id")
	d, _ := w.Unit("d")
	require.Equal(t, UnitID("c"), d.Parent)
	require.Equal(t, []int{0}, w.Within("b"))
}

func TestSuperior(t *testing.T) {
	// agency(boss) > office(none) > section(chief) > desk(none); other heads two units.
	w := workforce(t, nil, []Unit{
		{ID: "agency", Head: "boss"}, {ID: "office", Parent: "agency"}, {ID: "section", Parent: "office", Head: "chief"}, {ID: "desk", Parent: "section"},
		{ID: "left", Parent: "agency", Head: "both"}, {ID: "under-left", Parent: "left", Head: "both"},
		{ID: "loose"},
	}, []Person{
		{ID: "boss", Unit: "agency"}, {ID: "chief", Unit: "office"}, {ID: "both", Unit: "under-left"},
		{ID: "clerk", Unit: "desk"}, {ID: "aide", Unit: "office"}, {ID: "hand", Unit: "under-left"}, {ID: "loner", Unit: "loose"}, {ID: "nobody"},
	})
	for _, c := range []struct{ p, want PersonID }{
		{"boss", ""}, {"chief", "boss"}, {"clerk", "chief"}, {"aide", "boss"}, {"both", "boss"}, {"hand", "both"}, {"loner", ""}, {"nobody", ""}, {"absent", ""},
	} {
		got, ok := w.Superior(c.p)
		require.Equal(t, c.want, got, c.p)
		require.Equal(t, c.want != "", ok, c.p)
	}
	require.True(t, w.InLineOfCommand("boss", "clerk"))
	require.True(t, w.InLineOfCommand("clerk", "boss"))
	require.True(t, w.InLineOfCommand("chief", "clerk"))
	require.True(t, w.InLineOfCommand("boss", "both"))
	require.False(t, w.InLineOfCommand("chief", "both"), "two branches")
	require.False(t, w.InLineOfCommand("chief", "aide"), "chief sits beside aide; the section is below both")
	require.False(t, w.InLineOfCommand("clerk", "hand"))
	require.False(t, w.InLineOfCommand("boss", "boss"))
	require.False(t, w.InLineOfCommand("boss", "absent"))
}

// randomAgency has units with any parents before them, some heads, and people anywhere.
func randomAgency(seed uint64, units, people int) ([]Unit, []Person) {
	r := random(seed)
	us, ps := make([]Unit, units), make([]Person, people)
	for i := range us {
		us[i] = Unit{ID: UnitID(fmt.Sprintf("u%02d", (i*7)%units))}
		if i > 0 && r.IntN(6) > 0 {
			us[i].Parent = us[r.IntN(i)].ID
		}
		if r.IntN(4) > 0 {
			us[i].Head = personID(r.IntN(people))
		}
	}
	for i := range ps {
		ps[i] = Person{ID: personID(i)}
		if r.IntN(8) > 0 {
			ps[i].Unit = us[r.IntN(units)].ID
		}
	}
	return us, ps
}

func TestLawsOfCommand(t *testing.T) {
	for seed := range uint64(30) {
		units, people := randomAgency(seed, 17, 25) // 7 and 17 have no common divisor: the ids are a permutation
		w := workforce(t, nil, units, people)
		parent, head := map[UnitID]UnitID{}, map[UnitID]PersonID{}
		for _, u := range units {
			parent[u.ID], head[u.ID] = u.Parent, u.Head
		}
		// above, said plainly: a heads a unit on the way up from a place of b.
		above := func(a, b Person) bool {
			places := []UnitID{b.Unit}
			for u, h := range head {
				if h == b.ID {
					places = append(places, u)
				}
			}
			for _, u := range places {
				for ; u != ""; u = parent[u] {
					if head[u] == a.ID {
						return a.ID != b.ID
					}
				}
			}
			return false
		}
		for _, a := range people {
			for _, b := range people {
				require.Equal(t, above(a, b) || above(b, a), w.InLineOfCommand(a.ID, b.ID), "seed %d: %s, %s", seed, a.ID, b.ID)
				require.Equal(t, w.InLineOfCommand(b.ID, a.ID), w.InLineOfCommand(a.ID, b.ID))
			}
			steps := 0
			for p, ok := w.Superior(a.ID); ok; p, ok = w.Superior(p) {
				if steps == 0 {
					require.True(t, w.InLineOfCommand(a.ID, p), "a superior is in the line of command")
				}
				steps++
				require.LessOrEqual(t, steps, len(units), "a chain of superiors ends")
			}
		}
	}
}

func TestLawsOfMembership(t *testing.T) {
	for seed := range uint64(30) {
		units, people := randomAgency(seed, 17, 40)
		w := workforce(t, nil, units, people)
		for _, u := range w.Units() {
			var own, all []int
			for i, p := range w.People() {
				if p.Unit == u.ID {
					own = append(own, i)
				}
				for at := p.Unit; at != ""; {
					if at == u.ID {
						all = append(all, i)
						break
					}
					up, _ := w.Unit(at)
					at = up.Parent
				}
			}
			for want, got := range map[*[]int][]int{&own: w.Members(u.ID), &all: w.Within(u.ID)} {
				require.ElementsMatch(t, *want, got)
				require.True(t, slices.IsSorted(got))
			}
		}
	}
}

func TestWorkforceDoesNotDependOnOrder(t *testing.T) {
	units, people := randomAgency(3, 17, 40)
	positions := []Position{standard(nine(), "a", 2), standard(nine(), "b", 3)}
	for i := range people {
		people[i].Position, people[i].Name = positions[i%2].ID, fmt.Sprint("name ", i)
	}
	want := workforce(t, positions, units, people)
	r := random(9)
	for range 5 {
		r.Shuffle(len(units), func(i, j int) { units[i], units[j] = units[j], units[i] })
		r.Shuffle(len(people), func(i, j int) { people[i], people[j] = people[j], people[i] })
		r.Shuffle(len(positions), func(i, j int) { positions[i], positions[j] = positions[j], positions[i] })
		got := workforce(t, positions, units, people)
		require.Equal(t, want.Units(), got.Units())
		require.Equal(t, want.Positions(), got.Positions())
		for i, p := range want.People() {
			require.Equal(t, p, got.At(i))
		}
	}
}

// Ids that share their first 16 bytes, end with zero bytes or are long sort as text does.
func TestWorkforceSortsAwkwardIDs(t *testing.T) {
	ids := []PersonID{"a\x00", "a", "1234567890123456b", "1234567890123456", "1234567890123456a", "a\x00\x00", "é", "1234567890123455z", "\xff"}
	var people []Person
	for _, id := range append(ids, ids[2], ids[0]) {
		people = append(people, Person{ID: id})
	}
	w, ps := NewWorkforce(nine(), nil, nil, people)
	require.Equal(t, []string{"duplicate-id", "duplicate-id"}, codes(ps))
	slices.Sort(ids)
	for i, id := range ids {
		require.Equal(t, id, w.At(i).ID)
		at, ok := w.Index(id)
		require.True(t, ok)
		require.Equal(t, i, at)
	}
}

func TestWorkforceKeepsNothingOfItsArguments(t *testing.T) {
	f, positions := nine(), []Position{standard(nine(), "a", 2)}
	units, people := []Unit{{ID: "u", Head: "1"}}, []Person{{ID: "1", Unit: "u", Position: "a"}}
	w, _ := NewWorkforce(f, positions, units, people)
	f.Scales[0].Levels[0].Title = Text{"id": "diubah"}
	f.Competencies[0].ID, f.Competencies[1].Title["id"] = "changed", "diubah"
	require.Equal(t, nine(), w.Framework())
	positions[0].Requirements[0].Level, positions[0].Title = 5, "changed"
	units[0].Head, people[0].Unit = "", ""
	p, _ := w.Position("a")
	require.Equal(t, Level(2), p.Requirements[0].Level)
	require.Equal(t, "a", p.Title)
	require.Equal(t, UnitID("u"), w.At(0).Unit)
	require.Equal(t, PersonID("1"), w.Units()[0].Head)
	w.Units()[0].Name = "changed"
	require.Empty(t, w.Units()[0].Name)
	w.Members("u")[0] = 7
	require.Equal(t, []int{0}, w.Members("u"))
}

// A chain of a hundred thousand units must not exhaust a stack or take quadratic time.
func TestDeepChainOfUnits(t *testing.T) {
	const n = 100_000
	units := make([]Unit, n)
	for i := range units {
		units[i] = Unit{ID: UnitID(fmt.Sprintf("u%06d", i)), Head: "1"}
		if i > 0 {
			units[i].Parent = units[i-1].ID
		}
	}
	w := workforce(t, nil, units, []Person{{ID: "1"}, {ID: "2", Unit: units[n-1].ID}})
	require.Equal(t, []int{1}, w.Within("u000000"))
	require.True(t, w.InLineOfCommand("1", "2"))
	units[0].Parent = units[n-1].ID
	_, ps := NewWorkforce(nine(), nil, units, []Person{{ID: "1"}})
	require.Equal(t, []string{"cycle"}, codes(ps))
}
