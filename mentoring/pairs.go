package mentoring

import (
	"cmp"
	"fmt"
	"iter"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
)

// A Mentor offers places for mentees.
type Mentor struct {
	Person competency.PersonID `json:"person"`
	Places int                 `json:"places"`
}

// A Pair may be matched. Likes order one side's partners, the larger the
// better; they differ from the score where the other side's wish counts in it.
type Pair struct {
	Mentee      competency.PersonID `json:"mentee"`
	Mentor      competency.PersonID `json:"mentor"`
	Score       int64               `json:"score"`
	MenteeLikes int64               `json:"mentee_likes"`
	MentorLikes int64               `json:"mentor_likes"`
}

// Pairs are the pairs that may be matched, by mentee and mentor, and for each
// mentee the mentors that may not, counted by reason. It is immutable.
type Pairs struct {
	mentees []competency.PersonID // ascending
	mentors []Mentor              // ascending by person
	start   []int32               // of each mentee: its pairs are start[i]..start[i+1]
	mentor  []int32               // of each pair
	score   []int64
	likes   [2][]int64 // of each pair: the mentee's, the mentor's; nil: the score

	counts  []tally            // of each mentee; nil for pairs given by the caller
	aside   []Unmatched        // people asked for who have no known gap
	explain func(e int) []Part // nil for pairs given by the caller, as is covered
	covered func(e int) []need
	left    []int32 // of each pair
}

// maxScore keeps every sum that the matchings form within 64 bits.
const maxScore = 1 << 40

// NewPairs takes pairs that the caller has scored, all of them eligible. Zero
// likes on both sides mean the score. A pair is refused (a Problem) if it names
// somebody who is not listed, is there twice, or has a score below 1 or above
// 2⁴⁰; likes have the same bound, and may be negative.
func NewPairs(mentors []Mentor, mentees []competency.PersonID, pairs []Pair) (*Pairs, bangkom.Problems) {
	p := &Pairs{}
	var problems bangkom.Problems
	p.mentors, p.mentees = listMentors(mentors, &problems), listMentees(mentees, &problems)
	type edge struct {
		i, j int32
		pair Pair
	}
	var edges []edge
	for k, pair := range pairs {
		i, found := slices.BinarySearch(p.mentees, pair.Mentee)
		j, known := slices.BinarySearchFunc(p.mentors, pair.Mentor, byPerson)
		switch {
		case !found || !known || pair.Mentee == pair.Mentor:
			problems.Add(bangkom.Problem{Code: "unknown-person", Where: fmt.Sprintf("pairs[%d]", k), Msg: "a pair of people who are not listed, or of one person"})
		case pair.Score < 1 || !within(pair.Score) || !within(pair.MenteeLikes) || !within(pair.MentorLikes):
			problems.Add(bangkom.Problem{Code: "score", Where: fmt.Sprintf("pairs[%d]", k), Value: fmt.Sprint(pair.Score), Msg: "a score or like out of range", Need: "a score of 1 to 2^40"})
		default:
			edges = append(edges, edge{int32(i), int32(j), pair})
		}
	}
	slices.SortStableFunc(edges, func(a, b edge) int { return cmp.Or(cmp.Compare(a.i, b.i), cmp.Compare(a.j, b.j)) })
	for k, e := range edges {
		if k > 0 && edges[k-1].i == e.i && edges[k-1].j == e.j {
			problems.Add(bangkom.Problem{Code: "duplicate-id", Where: "pairs", Msg: "a pair that is there twice; the first is used"})
			continue
		}
		if e.pair.MenteeLikes == 0 && e.pair.MentorLikes == 0 {
			e.pair.MenteeLikes, e.pair.MentorLikes = e.pair.Score, e.pair.Score
		}
		p.add(e.i, e.j, e.pair.Score)
		p.like(e.pair.MenteeLikes, e.pair.MentorLikes)
	}
	p.close()
	return p, problems
}

func within(x int64) bool { return -maxScore <= x && x <= maxScore }

func byPerson(m Mentor, id competency.PersonID) int { return cmp.Compare(m.Person, id) }

// add appends a pair; pairs come by mentee, then by mentor.
func (p *Pairs) add(i, j int32, score int64) {
	for len(p.start) <= int(i) {
		p.start = append(p.start, int32(len(p.mentor)))
	}
	p.mentor = append(p.mentor, j)
	p.score = append(p.score, score)
	p.left = append(p.left, i)
}

// like adds the likes of the pair just added; without any the score counts.
func (p *Pairs) like(mentee, mentor int64) {
	p.likes[0] = append(p.likes[0], mentee)
	p.likes[1] = append(p.likes[1], mentor)
}

// close ends the building: likes that are the scores are not kept.
func (p *Pairs) close() {
	for len(p.start) <= len(p.mentees) {
		p.start = append(p.start, int32(len(p.mentor)))
	}
	for side := range p.likes {
		if p.likes[side] == nil || slices.Equal(p.likes[side], p.score) {
			p.likes[side] = p.score
		}
	}
}

// listMentors sorts, and drops who is there twice or offers less than nothing.
func listMentors(mentors []Mentor, problems *bangkom.Problems) []Mentor {
	sorted := slices.Clone(mentors)
	slices.SortStableFunc(sorted, func(a, b Mentor) int { return cmp.Compare(a.Person, b.Person) })
	var out []Mentor
	for _, m := range sorted {
		where := "mentors/" + string(m.Person)
		switch {
		case len(out) > 0 && out[len(out)-1].Person == m.Person:
			problems.Add(bangkom.Problem{Code: "duplicate-id", Where: where, Msg: "a mentor who is listed twice; the first is used"})
		case m.Places < 0:
			problems.Add(bangkom.Problem{Code: "negative-places", Where: where, Value: fmt.Sprint(m.Places), Msg: "less than no places", Need: "0 or more"})
		default:
			out = append(out, m)
		}
	}
	return out
}

func listMentees(mentees []competency.PersonID, problems *bangkom.Problems) []competency.PersonID {
	sorted := slices.Sorted(slices.Values(mentees))
	for k := 1; k < len(sorted); k++ {
		if sorted[k] == sorted[k-1] && (k < 2 || sorted[k] != sorted[k-2]) {
			problems.Add(bangkom.Problem{Code: "duplicate-id", Where: "mentees/" + string(sorted[k]), Msg: "a mentee who is listed twice counts once"})
		}
	}
	return slices.Compact(sorted)
}

// Len returns the number of pairs.
func (p *Pairs) Len() int { return len(p.mentor) }

// Mentees returns the people who look for a mentor, by id.
func (p *Pairs) Mentees() []competency.PersonID { return slices.Clone(p.mentees) }

// Mentors returns the mentors, by id.
func (p *Pairs) Mentors() []Mentor { return slices.Clone(p.mentors) }

// All yields the pairs by mentee, then by mentor.
func (p *Pairs) All() iter.Seq[Pair] {
	return func(yield func(Pair) bool) {
		for e := range p.mentor {
			if !yield(p.at(e)) {
				return
			}
		}
	}
}

// Of yields the pairs of one mentee, by mentor.
func (p *Pairs) Of(mentee competency.PersonID) iter.Seq[Pair] {
	return func(yield func(Pair) bool) {
		i, ok := slices.BinarySearch(p.mentees, mentee)
		if !ok {
			return
		}
		for e := p.start[i]; e < p.start[i+1]; e++ {
			if !yield(p.at(int(e))) {
				return
			}
		}
	}
}

func (p *Pairs) at(e int) Pair {
	return Pair{p.mentees[p.left[e]], p.mentors[p.mentor[e]].Person, p.score[e], p.likes[0][e], p.likes[1][e]}
}

// find returns the number of a pair.
func (p *Pairs) find(mentee, mentor competency.PersonID) (int, bool) {
	i, ok := slices.BinarySearch(p.mentees, mentee)
	j, known := slices.BinarySearchFunc(p.mentors, mentor, byPerson)
	if !ok || !known {
		return 0, false
	}
	k, ok := slices.BinarySearch(p.mentor[p.start[i]:p.start[i+1]], int32(j))
	return int(p.start[i]) + k, ok
}

// Explain lists the parts that a pair's score is the sum of; nil for a pair
// that is not there. A score given by the caller is one part.
func (p *Pairs) Explain(mentee, mentor competency.PersonID) []Part {
	e, ok := p.find(mentee, mentor)
	if !ok {
		return nil
	}
	if p.explain == nil {
		return []Part{{Name: "given", Points: p.score[e]}}
	}
	return p.explain(e)
}

// Excluded counts, for one mentee, the mentors that may not by the first
// reason that keeps them out.
func (p *Pairs) Excluded(mentee competency.PersonID) []Exclusion {
	i, ok := slices.BinarySearch(p.mentees, mentee)
	if !ok || p.counts == nil {
		return nil
	}
	return p.counts[i].list()
}

// Exclusions adds the counts of all mentees up.
func (p *Pairs) Exclusions() []Exclusion {
	var sum [len(reasons)]Exclusion
	for _, c := range p.counts {
		for r := range reasons {
			sum[r].N += int(c.n[r])
			sum[r].Alone += int(c.alone[r])
		}
	}
	return listed(sum)
}
