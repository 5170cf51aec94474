package competency_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	. "github.com/bangkom/bangkom/competency"
)

// levels makes the descriptors of a scale.
func levels(from, to Level) []Descriptor {
	var d []Descriptor
	for l := from; l <= to; l++ {
		d = append(d, Descriptor{Level: l})
	}
	return d
}

// nine is a framework of nine competencies on a scale 1..5, with invented technical ones beside them.
func nine() *Framework {
	f := &Framework{ID: "test/nine", Version: "1", Title: Text{"en": "Nine"}, Scales: []Scale{{ID: "one-to-five", Levels: levels(1, 5)}}}
	for _, c := range []struct{ code, id, en, also string }{
		{"INT", "Integritas", "Integrity", ""},
		{"KJSM", "Kerja Sama", "Teamwork", "Kerjasama Tim"},
		{"KOM", "Komunikasi", "Communication", ""},
		{"OPH", "Orientasi pada Hasil", "Results orientation", ""},
		{"PP", "Pelayanan Publik", "Public service", ""},
		{"PDOL", "Pengembangan Diri dan Orang Lain", "Developing self and others", ""},
		{"MP", "Mengelola Perubahan", "Managing change", ""},
		{"PK", "Pengambilan Keputusan", "Decision making", ""},
		{"PB", "Perekat Bangsa", "National unity", ""},
	} {
		kind := Managerial
		if c.code == "PB" {
			kind = SocioCultural
		}
		x := Competency{ID: CompetencyID("c-" + c.code), Code: c.code, Title: Text{"id": c.id, "en": c.en}, Kind: kind, Scale: "one-to-five"}
		if c.also != "" {
			x.Also = []string{c.also}
		}
		f.Competencies = append(f.Competencies, x)
	}
	return f
}

// standard asks for one level in every competency of the framework.
func standard(f *Framework, id PositionID, level Level) Position {
	p := Position{ID: id, Title: string(id)}
	for _, c := range f.Competencies {
		p.Requirements = append(p.Requirements, Requirement{Competency: c.ID, Level: level, Weight: 1, Criticality: 1})
	}
	return p
}

func workforce(t testing.TB, positions []Position, units []Unit, people []Person) *Workforce {
	t.Helper()
	w, ps := NewWorkforce(nine(), positions, units, people)
	require.Empty(t, ps)
	return w
}

func day(y, m, d int) bangkom.Date { return bangkom.MustDate(y, m, d) }

// codes lists the codes of problems in their order.
func codes(ps bangkom.Problems) []string {
	var out []string
	for _, p := range ps {
		out = append(out, p.Code)
	}
	return out
}

func random(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

func personID(i int) PersonID { return PersonID(fmt.Sprintf("p%04d", i)) }
