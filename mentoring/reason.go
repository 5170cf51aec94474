package mentoring

// A Reason says what keeps a mentor from a mentee.
type Reason string

// In the order in which they are asked: a mentor is counted under the first
// that holds. The first five are about the mentor's levels in the mentee's gap
// competencies, the others about mentors who have the levels.
const (
	OwnPerson     Reason = "own-person"
	NotAssessed   Reason = "not-assessed"    // in none of the competencies is the mentor's level known
	Expired       Reason = "expired"         // it was known, and no longer is
	LevelTooLow   Reason = "level"           // below what the mentee's job requires
	WithinMargin  Reason = "margin"          // at what the job requires, but not Rules.Margin above it
	NoPlaces      Reason = "no-places"       // the mentor offers 0 places
	LineOfCommand Reason = "line-of-command" // one of the two is above the other
	TierTooLow    Reason = "tier"            // not Rules.TierMargin tiers above the mentee
	TierUnknown   Reason = "tier-unknown"    // a job or tier that Rules.Tiers does not list
	Conflict      Reason = "conflict"        // on Rules.Conflicts
)

var reasons = [...]Reason{OwnPerson, NotAssessed, Expired, LevelTooLow, WithinMargin, NoPlaces, LineOfCommand, TierTooLow, TierUnknown, Conflict}

// Places in reasons.
const (
	ownPerson = iota
	notAssessed
	expired
	levelTooLow
	withinMargin
	noPlaces
	lineOfCommand
	tierTooLow
	tierUnknown
	conflict
)

// An Exclusion counts the mentors that one reason keeps out.
type Exclusion struct {
	Reason Reason `json:"reason"`
	N      int    `json:"n"`
	Alone  int    `json:"alone,omitempty"` // of them, those with the levels whom nothing else keeps out: without this rule they could mentor
}

// tally counts the mentors of one mentee by reason.
type tally struct{ n, alone [len(reasons)]int32 }

func (t *tally) list() []Exclusion {
	var all [len(reasons)]Exclusion
	for r := range reasons {
		all[r] = Exclusion{N: int(t.n[r]), Alone: int(t.alone[r])}
	}
	return listed(all)
}

func listed(all [len(reasons)]Exclusion) []Exclusion {
	var out []Exclusion
	for r, e := range all {
		if e.N > 0 {
			e.Reason = reasons[r]
			out = append(out, e)
		}
	}
	return out
}
