package competency

import (
	"iter"

	"github.com/bangkom/bangkom"
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
	Person   int // number in the workforce
	Position PositionID
	Required Requirement
	Attained Attained
	State    State // NotAssessed, Expired, Met or Below
}

// Levels returns required minus attained, and whether that is known: it is
// known for Met and Below only. Positive is a need, negative a surplus.
func (g Gap) Levels() (int, bool) { panic("being written") }

// Gaps yields the gaps of every person against the held or target job, by
// person, then in the order of the position's requirements. People without
// such a job yield nothing; see [Coverage].
func Gaps(p *Profiles, job Job) iter.Seq[Gap] { panic("being written") }

// PersonGaps returns the gaps of one person.
func PersonGaps(p *Profiles, person int, job Job) []Gap { panic("being written") }

// Coverage counts cells by state, and people without a job to compare with.
type Coverage struct {
	Met, Below, NotAssessed, Expired int
	NoJob                            int // people, not cells
}

// Cap says whether surpluses may hide gaps in a [JPM].
type Cap uint8

const (
	CapNone          Cap = iota // surpluses count in full
	CapPerCompetency            // each attained level counts up to the required one
	CapTotal                    // the sum is capped at 100
)

// A JPM is a job-person match: attained levels in per cent of required levels.
type JPM struct {
	Value     float64 // under the chosen cap; NaN if nothing is assessed
	Cap       Cap
	Uncapped  float64
	Capped    float64 // capped per competency
	Shortfall int     // sum of missing levels, never compensated
	Assessed  int     // requirements with a valid level
	Required  int     // requirements of the job
	Warnings  bangkom.Problems
}

// Match computes the JPM of one person's gaps over the assessed ones.
func Match(gaps []Gap, cap Cap) JPM { panic("being written") }
