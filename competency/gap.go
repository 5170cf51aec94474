package competency

import (
	"iter"
)

// State is what is known of a cell: never mistake the first two for the last two.
type State uint8

const (
	NotAssessed State = iota // no evidence
	Expired                  // evidence, but none valid on the day
	Assessed                 // valid evidence; no requirement to compare with
	Met                      // at or above the requirement
	Below                    // below the requirement
)

// Job says which position a person is compared with.
type Job uint8

const (
	Held   Job = iota // the job held
	Target            // the job to be held
)

// A Gap compares one person with one requirement of a job.
type Gap struct {
	Person   int         `json:"person"` // number in the workforce
	Position PositionID  `json:"position"`
	Required Requirement `json:"required"`
	Attained Attained    `json:"attained"`
	State    State       `json:"state"` // NotAssessed, Expired, Met or Below
}

// Levels returns required minus attained, and whether that is known: it is
// known for Met and Below only. Positive is a need, negative a surplus.
func (g Gap) Levels() (int, bool) {
	if g.State != Met && g.State != Below {
		return 0, false
	}
	return int(g.Required.Level) - int(g.Attained.Level), true
}

// Gaps yields the gaps of every person against the held or target job, by
// person, then in the order of the position's requirements. People without
// such a job yield nothing; see [CoverageOf].
func Gaps(p *Profiles, job Job) iter.Seq[Gap] {
	return func(yield func(Gap) bool) {
		for i := range int32(p.w.Len()) {
			if !p.gaps(i, job, yield) {
				return
			}
		}
	}
}

// PersonGaps returns the gaps of one person, by number in the workforce.
func PersonGaps(p *Profiles, person int, job Job) []Gap {
	if person < 0 || person >= p.w.Len() {
		return nil
	}
	at := p.w.job(int32(person), job)
	if at == unset {
		return nil
	}
	out := make([]Gap, 0, len(p.w.requirements[at]))
	p.gaps(int32(person), job, func(g Gap) bool {
		out = append(out, g)
		return true
	})
	return out
}

// gaps yields the gaps of one person; it is false if the yield stopped it.
func (p *Profiles) gaps(i int32, job Job, yield func(Gap) bool) bool {
	at := p.w.job(i, job)
	if at == unset {
		return true
	}
	position := p.w.positions[at]
	for k, c := range p.w.requirements[at] {
		g := Gap{Person: int(i), Position: position.ID, Required: position.Requirements[k], Attained: p.attained(i, c)}
		g.State = compare(g.Attained, g.Required.Level)
		if !yield(g) {
			return false
		}
	}
	return true
}

// job returns the number of the position that a person is compared with, or unset.
func (w *Workforce) job(i int32, job Job) int32 {
	switch job {
	case Held:
		return w.positionOf[i]
	case Target:
		return w.targetOf[i]
	}
	return unset
}

func compare(a Attained, required Level) State {
	switch {
	case a.State != Assessed:
		return a.State
	case a.Level < required:
		return Below
	}
	return Met
}

// Coverage counts cells by state, and people without a job to compare with.
type Coverage struct {
	Met         int `json:"met"`
	Below       int `json:"below"`
	NotAssessed int `json:"not_assessed"`
	Expired     int `json:"expired"`
	NoJob       int `json:"no_job"`      // people, not cells
	NoStandard  int `json:"no_standard"` // people whose job requires nothing: people, not cells
}

// Add counts one gap.
func (c *Coverage) Add(g Gap) {
	switch g.State {
	case Met:
		c.Met++
	case Below:
		c.Below++
	case Expired:
		c.Expired++
	default:
		c.NotAssessed++
	}
}

// Known returns the cells in which person and requirement could be compared.
func (c Coverage) Known() int { return c.Met + c.Below }

// Cells returns all cells: every requirement of everybody who has the job.
func (c Coverage) Cells() int { return c.Known() + c.NotAssessed + c.Expired }

// CoverageOf counts what is known of everybody against the held or target job.
func CoverageOf(p *Profiles, job Job) Coverage {
	var c Coverage
	for i := range int32(p.w.Len()) {
		switch at := p.w.job(i, job); {
		case at == unset:
			c.NoJob++
		case len(p.w.requirements[at]) == 0:
			c.NoStandard++
		}
	}
	for g := range Gaps(p, job) {
		c.Add(g)
	}
	return c
}
