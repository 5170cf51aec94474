package competency_test

import (
	"bytes"
	"fmt"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	. "github.com/bangkom/bangkom/competency"
)

// agency makes n people with nine ratings each, in units of about 100.
func agency(n int) ([]Position, []Unit, []Person, []Rating) {
	f := nine()
	var positions []Position
	for l := Level(1); l <= 5; l++ {
		positions = append(positions, standard(f, PositionID(fmt.Sprint("j", l)), l))
	}
	units := make([]Unit, max(n/100, 1))
	for i := range units {
		units[i].ID = UnitID(fmt.Sprint("u", i))
		if i > 0 {
			units[i].Parent = units[(i-1)/8].ID
		}
	}
	r := random(1)
	people := make([]Person, n)
	ratings := make([]Rating, 0, 9*n)
	for i := range people {
		id := PersonID(fmt.Sprintf("%018d", i*7919%n))
		people[i] = Person{ID: id, Name: "Pegawai " + string(id), Unit: units[i%len(units)].ID, Position: positions[i%5].ID, Status: "PNS"}
		for _, c := range f.Competencies {
			ratings = append(ratings, Rating{Person: id, Competency: c.ID, Level: Level(1 + r.IntN(5)), Source: Assessor, Date: day(2022+r.IntN(4), 1+r.IntN(12), 1)})
		}
	}
	return positions, units, people, ratings
}

const many = 100_000

func BenchmarkNewWorkforce(b *testing.B) {
	positions, units, people, _ := agency(many)
	for b.Loop() {
		NewWorkforce(nine(), positions, units, people)
	}
}

func BenchmarkAssess(b *testing.B) {
	positions, units, people, ratings := agency(many)
	w, _ := NewWorkforce(nine(), positions, units, people)
	b.ReportAllocs()
	for b.Loop() {
		Assess(w, ratings, day(2026, 6, 1), Rule{ValidFor: 3})
	}
}

// Profiles and gaps of everybody against 60 requirements, from 12 ratings each:
// the largest size is 1.2 million ratings. bench/competency has the table.
func BenchmarkProfilesAndGaps(b *testing.B) {
	for _, n := range []int{25_000, 50_000, 100_000} {
		b.Run(fmt.Sprintf("people=%d", n), func(b *testing.B) {
			f := nine()
			for len(f.Competencies) < 60 {
				f.Competencies = append(f.Competencies, Competency{ID: CompetencyID(fmt.Sprint("x", len(f.Competencies))), Scale: "one-to-five"})
			}
			r := random(2)
			people, ratings := make([]Person, n), make([]Rating, 0, 12*n)
			for i := range people {
				people[i] = Person{ID: PersonID(fmt.Sprintf("%018d", i)), Position: "j"}
				for range 12 {
					ratings = append(ratings, Rating{Person: people[i].ID, Competency: f.Competencies[r.IntN(60)].ID, Level: Level(1 + r.IntN(5)), Source: Assessor, Date: day(2022+r.IntN(4), 1+r.IntN(12), 1)})
				}
			}
			w, _ := NewWorkforce(f, []Position{standard(f, "j", 3)}, nil, people)
			b.ReportAllocs()
			for b.Loop() {
				p, _ := Assess(w, ratings, day(2026, 6, 1), Rule{ValidFor: 3})
				if CoverageOf(p, Held).Cells() != 60*n {
					b.Fatal("cells are missing")
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/person")
		})
	}
}

func BenchmarkExplain(b *testing.B) {
	positions, units, people, ratings := agency(1000)
	w, _ := NewWorkforce(nine(), positions, units, people)
	p, _ := Assess(w, ratings, day(2026, 6, 1), Rule{})
	for b.Loop() {
		p.Explain(ratings, people[500].ID, "c-INT")
	}
}

func BenchmarkGaps(b *testing.B) {
	positions, units, people, ratings := agency(many)
	w, _ := NewWorkforce(nine(), positions, units, people)
	p, _ := Assess(w, ratings, day(2026, 6, 1), Rule{ValidFor: 3})
	b.ReportAllocs()
	for b.Loop() {
		CoverageOf(p, Held)
	}
}

func BenchmarkPersonGaps(b *testing.B) {
	positions, units, people, ratings := agency(1000)
	w, _ := NewWorkforce(nine(), positions, units, people)
	p, _ := Assess(w, ratings, day(2026, 6, 1), Rule{})
	for b.Loop() {
		Match(PersonGaps(p, 500, Held), CapNone)
	}
}

func BenchmarkInLineOfCommand(b *testing.B) {
	_, units, people, _ := agency(many)
	for i := range units {
		units[i].Head = people[i].ID
	}
	w, _ := NewWorkforce(nine(), nil, units, people)
	for b.Loop() {
		w.InLineOfCommand(people[3].ID, people[77_777].ID)
	}
}

func BenchmarkReadRatings(b *testing.B) {
	_, _, people, ratings := agency(10_000)
	w, _ := NewWorkforce(nine(), nil, nil, people)
	var file bytes.Buffer
	file.WriteString("NIP;Kompetensi;Level;Sumber;Tanggal\n")
	for _, r := range ratings {
		fmt.Fprintf(&file, "%s;%s;%d;asesor;%s\n", r.Person, r.Competency, r.Level, r.Date)
	}
	b.SetBytes(int64(file.Len()))
	b.ReportAllocs()
	for b.Loop() {
		ReadRatings(bytes.NewReader(file.Bytes()), "r.csv", w)
	}
}

// retained returns the bytes that what make returns keeps alive.
func retained(make func() any) uint64 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	kept := make()
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(kept)
	return after.HeapAlloc - before.HeapAlloc
}

// The bytes that the documentation promises: a country must fit into memory.
func TestBytesPerPerson(t *testing.T) {
	const n = 50_000
	positions, units, people, ratings := agency(n)
	var w *Workforce
	bytes := retained(func() any {
		w, _ = NewWorkforce(nine(), positions, units, people)
		return w
	})
	text := uint64(18 + len("Pegawai ") + 18)
	t.Logf("workforce: %.1f bytes a person beside id and name", float64(bytes)/n-float64(text))
	require.Less(t, bytes/n, text+50)
	bytes = retained(func() any {
		p, _ := Assess(w, ratings, day(2026, 6, 1), Rule{})
		return p
	})
	t.Logf("profiles: %.2f bytes a cell", float64(bytes)/n/9)
	require.Less(t, float64(bytes)/n/9, 8.0) // 7, and whole pages
	runtime.KeepAlive([]any{w, positions, units, people, ratings})
}
