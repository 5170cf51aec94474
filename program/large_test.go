package program

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
)

// large is a city of n people with three gaps each and n/20 sessions.
func large(t testing.TB, n int) *Model {
	t.Helper()
	units := []competency.Unit{}
	for u := range 40 {
		units = append(units, competency.Unit{ID: competency.UnitID(fmt.Sprintf("u%02d", u))})
	}
	var people []competency.Person
	for i := range n {
		people = append(people, competency.Person{ID: competency.PersonID(fmt.Sprintf("p%07d", i)), Unit: units[i%40].ID, Status: "PNS"})
	}
	w, ps := competency.NewWorkforce(framework(), nil, units, people)
	require.NoError(t, ps.Err())
	m := &Model{Workforce: w, Policy: policy()}
	ids := []competency.CompetencyID{"a", "b", "c", "d"}
	for i := range n {
		for k := range 3 {
			m.Needs = append(m.Needs, Need{Person: people[i].ID, Of: ids[(i+k)%4], Held: competency.Level(1 + i%3), Gap: float64(1 + i%2), Weight: 1})
		}
	}
	for s := range n / 20 {
		id := OfferingID(fmt.Sprint("o", s/2))
		if s%2 == 0 {
			m.Catalogue.Offerings = append(m.Catalogue.Offerings, Offering{ID: id, JP: 20 * bangkom.OneJP, Top: 3,
				Raises: map[competency.CompetencyID]Gain{ids[s%4]: {Mean: .8}, ids[(s+1)%4]: {Mean: .3}}})
		}
		m.Catalogue.Sessions = append(m.Catalogue.Sessions, Session{ID: SessionID(fmt.Sprint("s", s)), Offering: id, From: day(1+s%12, 1), To: day(1+s%12, 3), Min: 10, Max: 30, Cost: Cost{5_000_000, 300_000}})
	}
	m.Catalogue.Budgets = []Budget{{Year: 2027, Amount: 1_000_000_000}}
	return m
}

func BenchmarkCompile(b *testing.B) {
	m := large(b, 4000)
	for b.Loop() {
		clean, ps := m.clean()
		require.NoError(b, ps.Err())
		clean.compile()
	}
}

func BenchmarkDecode(b *testing.B) {
	m := large(b, 4000)
	c := m.compile()
	for b.Loop() {
		c.decode(nil, nil)
	}
}
