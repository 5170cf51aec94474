package competency

import (
	"cmp"
	"fmt"

	"github.com/bangkom/bangkom"
)

// LeftRequirement is a requirement that was not carried over, and why: by the
// codes of [Left]; of a merger, part-missing is a position that did not ask for
// all parts.
type LeftRequirement struct {
	Position    PositionID   `json:"position"`
	Requirement Requirement  `json:"requirement"`
	Code        string       `json:"code"`
	To          CompetencyID `json:"to,omitempty"` // of a split: it did not reach this one, but others; empty: it went nowhere
}

// MigratedStandards is what became of the standards of positions. The positions
// given are the way back.
type MigratedStandards struct {
	Plan      string            `json:"plan"` // the id of the migration
	Positions []Position        `json:"positions"`
	Left      []LeftRequirement `json:"left,omitempty"`
}

// ApplyStandards carries the requirements of positions over, as [Migration.Apply]
// carries ratings, so that people and jobs are compared in one edition.
//
// The weights of a position keep their sum, but for what is left: of a split,
// the targets share the weight. What comes to one competency becomes one
// requirement: the highest level and criticality, and the sum of the weights;
// a merger needs all its parts, unless the move says Each. What a panel says of its
// precision is kept where levels stay what they were and nothing was merged;
// elsewhere a Warning (precision-dropped) counts it. The source of a position
// stays: it is the decree that set the standard before.
//
// What is not carried over is in Left with a reason, and a Warning counts each
// reason. The arguments are not changed. With a plan that has errors of
// [Migration.Validate] nothing is done, and the result is nil.
func (m *Migration) ApplyStandards(old, next *Framework, positions []Position) (*MigratedStandards, bangkom.Problems) {
	c, ps := newCarrier(m, old, next)
	if ps.Err() != nil {
		return nil, ps
	}
	out := &MigratedStandards{Plan: m.ID, Positions: clonePositions(positions)}
	dropped := 0
	for i := range out.Positions {
		p := &out.Positions[i]
		s := standard{carrier: c, out: out, position: p.ID, at: map[CompetencyID]int{}, panels: &dropped}
		asked := map[CompetencyID]bool{}
		for _, r := range p.Requirements {
			asked[same(r.Competency)] = true
		}
		for _, r := range p.Requirements {
			s.carry(r, asked)
		}
		p.Requirements = s.requirements
	}
	count := map[string]int{}
	for _, l := range out.Left {
		count[l.Code]++
	}
	for _, code := range sortedKeys(count) {
		ps.Add(bangkom.Problem{Code: code, Severity: bangkom.Warning, Where: "positions", Value: fmt.Sprint(count[code]), Msg: "requirements that were not carried over; each is in the list of what was left"})
	}
	if dropped > 0 {
		ps.Add(bangkom.Problem{Code: "precision-dropped", Severity: bangkom.Warning, Where: "positions", Value: fmt.Sprint(dropped), Msg: "requirements whose panel judged other levels or other competencies: its size and standard error were not carried over", Need: "ask a panel again"})
	}
	return out, ps
}

// A standard is that of one position in the making.
type standard struct {
	*carrier
	out          *MigratedStandards
	position     PositionID
	requirements []Requirement
	at           map[CompetencyID]int // places in requirements
	panels       *int                 // whose precision was dropped
}

func (s *standard) leave(r Requirement, code string, to CompetencyID) {
	s.out.Left = append(s.out.Left, LeftRequirement{s.position, r, code, to})
}

// carry takes one requirement to everything that took the place of its competency.
func (s *standard) carry(r Requirement, asked map[CompetencyID]bool) {
	m, code := s.why(&Rating{Competency: r.Competency})
	if code == "" && len(m.From) > 1 && !m.Each {
		for _, from := range m.From {
			if !asked[same(from)] {
				code = "part-missing"
			}
		}
	}
	if code != "" {
		s.leave(r, code, "")
		return
	}
	var reached []Requirement
	failed := map[CompetencyID]string{}
	for _, to := range m.To {
		level, code := s.level(m, r.Competency, to, r.Level)
		if code != "" {
			failed[to] = code
			continue
		}
		carried := r
		carried.Competency, carried.Level = s.id(to), level
		if r.N > 0 && !s.sameLevels(m, r.Competency, to) {
			carried.N, carried.SE = 0, 0
			*s.panels++
		}
		reached = append(reached, carried)
	}
	if len(reached) == 0 {
		s.leave(r, failed[m.To[0]], "")
		return
	}
	for _, to := range m.To {
		if code := failed[to]; code != "" {
			s.leave(r, code, to)
		}
	}
	for _, carried := range reached {
		carried.Weight /= float64(len(reached))
		s.add(carried)
	}
}

// sameLevels reports whether each level stays what it was.
func (s *standard) sameLevels(m *Move, from, to CompetencyID) bool {
	for _, d := range s.old.scaleOf(from).Levels {
		if l, code := s.level(m, from, to, d.Level); code == "level-not-mapped" || code == "" && l != d.Level {
			return false
		}
	}
	return true
}

// add joins a requirement with one that came to the same competency before.
func (s *standard) add(r Requirement) {
	k, known := s.at[r.Competency]
	if !known {
		s.at[r.Competency] = len(s.requirements)
		s.requirements = append(s.requirements, r)
		return
	}
	x := &s.requirements[k]
	for _, part := range []*Requirement{x, &r} {
		if part.N > 0 {
			*s.panels++
		}
	}
	x.Level, x.Weight = max(x.Level, r.Level), x.Weight+r.Weight
	x.Criticality = max(cmp.Or(x.Criticality, 1), cmp.Or(r.Criticality, 1))
	x.N, x.SE, x.LowPrecision = 0, 0, x.LowPrecision || r.LowPrecision
}
