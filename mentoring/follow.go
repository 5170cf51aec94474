package mentoring

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
)

// Policy says when [Follow] warns. The zero value of a field is its default.
type Policy struct {
	Weeks  int // without a session held; 0: 4
	Absent int // times in a row that one side was absent; 0: 2
}

// Progress is how one pair stands.
type Progress struct {
	Mentee   competency.PersonID `json:"mentee"`
	Mentor   competency.PersonID `json:"mentor"`
	Phase    Phase               `json:"phase"`
	Held     int                 `json:"held"`    // sessions with both
	Minutes  int                 `json:"minutes"` // of these
	Missed   int                 `json:"missed"`
	Last     bangkom.Date        `json:"last"` // the last session held
	Goals    []GoalState         `json:"goals,omitempty"`
	Warnings bangkom.Problems    `json:"warnings,omitempty"` // of an active pair: no-session, absent-again, goal-overdue
}

// GoalState is how one goal stands. Reached is true only with a valid
// assessment; Attained says what is known otherwise.
type GoalState struct {
	Goal     Goal                `json:"goal"`
	Attained competency.Attained `json:"attained"`
	Reached  bool                `json:"reached"`
	Overdue  bool                `json:"overdue"`
}

// Follow tells how each pair stands at the end of a day, by mentee and mentor.
// profiles say which goals are reached, and should be of that day; nil leaves
// all goals not assessed. Sessions later than the day are not counted.
//
// Problems: agreements that contradict themselves or are there twice (left
// out), sessions that are unusable, of a pair without an agreement, before both
// had signed or after the end (left out).
func Follow(agreements []Agreement, sessions []Session, profiles *competency.Profiles, asOf bangkom.Date, policy *Policy) ([]Progress, bangkom.Problems) {
	limits := Policy{Weeks: 4, Absent: 2}
	if policy != nil {
		limits = Policy{cmp.Or(policy.Weeks, limits.Weeks), cmp.Or(policy.Absent, limits.Absent)}
	}
	var problems bangkom.Problems
	if limits.Weeks < 0 || limits.Absent < 0 || asOf.IsZero() {
		problems.Add(bangkom.Problem{Code: bangkom.ErrOption.Code, Msg: "mentoring: a negative limit, or no day", Need: "the day as of which to tell"})
		return nil, problems
	}
	if profiles != nil && profiles.AsOf() != asOf {
		problems.Add(bangkom.Problem{Code: "other-day", Severity: bangkom.Warning, Value: profiles.AsOf().String(), Msg: "mentoring: the profiles are of another day", Need: asOf.String()})
	}
	byPair := agreed(agreements, &problems)
	meetings := map[pairKey][]Session{}
	for k, s := range sessions {
		if p, ok := s.fits(byPair, fmt.Sprintf("sessions[%d]", k)); !ok {
			problems.Add(p)
		} else if !s.Date.After(asOf) {
			key := pairKey{s.Mentee, s.Mentor}
			meetings[key] = append(meetings[key], s)
		}
	}
	var out []Progress
	for _, a := range byPair {
		sorted := sortedSessions(meetings[pairKey{a.Mentee, a.Mentor}])
		p := a.progress(sorted, profiles, asOf)
		if p.Phase == Active {
			p.warn(a, sorted, asOf, limits)
		}
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b Progress) int {
		return cmp.Or(cmp.Compare(a.Mentee, b.Mentee), cmp.Compare(a.Mentor, b.Mentor))
	})
	return out, problems
}

// agreed keeps the first sound agreement of each pair.
func agreed(agreements []Agreement, problems *bangkom.Problems) map[pairKey]Agreement {
	out := map[pairKey]Agreement{}
	for k, a := range agreements {
		where := fmt.Sprintf("agreements[%d]", k)
		found := a.check(where)
		*problems = append(*problems, found...)
		key := pairKey{a.Mentee, a.Mentor}
		switch _, again := out[key]; {
		case found.Err() != nil:
		case again:
			problems.Add(bangkom.Problem{Code: "duplicate-id", Where: where, Msg: "mentoring: a second agreement of one pair; the first is used"})
		default:
			out[key] = a
		}
	}
	return out
}

// fits checks a session against the agreement of its pair.
func (s Session) fits(byPair map[pairKey]Agreement, where string) (bangkom.Problem, bool) {
	if p, ok := s.check(where); !ok {
		return p, false
	}
	p := bangkom.Problem{Code: "session-outside", Where: where, Value: s.Date.String()}
	a, ok := byPair[pairKey{s.Mentee, s.Mentor}]
	switch {
	case !ok:
		p.Code, p.Value, p.Msg, p.Need = "unknown-pair", "", "mentoring: a session of a pair without an agreement", "the agreement of the two"
	case a.signed().IsZero() || s.Date.Before(a.signed()):
		p.Msg = "mentoring: a session before both had signed"
	case !a.Closed.IsZero() && s.Date.After(a.Closed):
		p.Msg = "mentoring: a session after the pair was closed"
	default:
		return p, true
	}
	return p, false
}

func (a Agreement) progress(sessions []Session, profiles *competency.Profiles, asOf bangkom.Date) Progress {
	p := Progress{Mentee: a.Mentee, Mentor: a.Mentor, Phase: a.Phase(asOf)}
	for _, s := range sessions {
		if !s.Held() {
			p.Missed++
			continue
		}
		p.Held++
		p.Minutes += s.Minutes
		p.Last = s.Date
	}
	for _, g := range a.Goals {
		state := GoalState{Goal: g}
		if profiles != nil {
			if no, ok := profiles.Workforce().Index(a.Mentee); ok {
				state.Attained = profiles.Attained(no, g.Competency)
			}
		}
		state.Reached = state.Attained.State == competency.Assessed && state.Attained.Level >= g.Level
		state.Overdue = !state.Reached && !g.Due.IsZero() && g.Due.Before(asOf)
		p.Goals = append(p.Goals, state)
	}
	return p
}

// warn looks for the signs that a pair is coming apart.
func (p *Progress) warn(a Agreement, sorted []Session, asOf bangkom.Date, limits Policy) {
	add := func(code, value, msg, need string) {
		p.Warnings.Add(bangkom.Problem{Code: code, Severity: bangkom.Warning, Value: value, Msg: msg, Need: need})
	}
	since := a.signed()
	if p.Last.After(since) {
		since = p.Last
	}
	if days := asOf.Sub(since); days > 7*limits.Weeks {
		add("no-session", fmt.Sprintf("%d days", days), fmt.Sprintf("no session held for more than %d weeks", limits.Weeks), "a meeting, or an end with a reason")
	}
	if n := absences(sorted, func(x Attended) bool { return x.Mentee }); n >= limits.Absent {
		add("absent-again", fmt.Sprint(n), "the mentee was absent several times in a row", "a talk with the mentee")
	}
	if n := absences(sorted, func(x Attended) bool { return x.Mentor }); n >= limits.Absent {
		add("absent-again", fmt.Sprint(n), "the mentor was absent several times in a row", "a talk with the mentor")
	}
	for _, g := range p.Goals {
		if g.Overdue {
			add("goal-overdue", string(g.Goal.Competency), "a goal is past its day and not shown to be reached", "an assessment, or another day")
		}
	}
}

// absences counts how many of the last sessions in a row one side missed.
func absences(sorted []Session, there func(Attended) bool) int {
	n := 0
	for _, s := range slices.Backward(sorted) {
		if there(s.Attended) {
			break
		}
		n++
	}
	return n
}
