package mentoring

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"slices"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/internal/word"
)

// An Objective says what a matching is best in.
type Objective uint8

const (
	Heaviest         Objective = iota // the largest sum of scores
	Largest                           // the most people matched; among these the heaviest
	StableForMentees                  // no blocking pair; mentees propose
	StableForMentors                  // no blocking pair; mentors propose
)

var objectiveWords = word.Of[Objective]("objective", "heaviest", "largest", "stable-for-mentees", "stable-for-mentors")

// String returns "heaviest", "largest", "stable-for-mentees" or "stable-for-mentors".
func (o Objective) String() string { return objectiveWords.String(o) }

// MarshalText writes the word of [Objective.String].
func (o Objective) MarshalText() ([]byte, error) { return objectiveWords.Marshal(o) }

// UnmarshalText reads what [Objective.MarshalText] wrote.
func (o *Objective) UnmarshalText(text []byte) error { return objectiveWords.Unmarshal(text, o) }

// Options of [Match]; nil is the zero value.
type Options struct {
	// Seed decides ties of the stable objectives: partners liked alike are taken
	// by score, then by id if Seed is 0, else in an order drawn from Seed.
	Seed uint64
}

// A Matching says who is paired with whom, why somebody is not, and what proves
// that it is best.
type Matching struct {
	Objective     Objective    `json:"objective"`
	Matched       []Matched    `json:"matched"`   // by mentee
	Unmatched     []Unmatched  `json:"unmatched"` // by person
	Loads         []Load       `json:"loads"`     // of every mentor, by person
	Weight        int64        `json:"weight"`    // sum of the scores
	RankSum       int64        `json:"rank_sum"`  // sum of the ranks
	BlockingPairs int          `json:"blocking_pairs"`
	Certificate   *Certificate `json:"certificate,omitempty"` // of Heaviest and Largest

	pairs *Pairs
	mate  []int32 // of each mentee: the number of its pair, or -1
}

// Matched is a pair of a matching.
type Matched struct {
	Mentee competency.PersonID `json:"mentee"`
	Mentor competency.PersonID `json:"mentor"`
	Score  int64               `json:"score"`
	Rank   int                 `json:"rank"` // of the mentor in the mentee's list; liked alike is ranked alike
}

// A Load says how many of a mentor's places are taken.
type Load struct {
	Mentor competency.PersonID `json:"mentor"`
	Places int                 `json:"places"`
	Taken  int                 `json:"taken"`
	Price  int64               `json:"price"` // what one place is worth in the certificate's unit; 0 where places are free
}

// Why somebody has no mentor.
type Why string

const (
	NoEligible     Why = "no-eligible-mentor" // see Unmatched.Excluded for the rules that kept them out
	AllFull        Why = "all-full"           // see Unmatched.Full for the mentors whose places are taken
	NoGap          Why = "no-gap"             // at or above the standard in everything
	NoStandard     Why = "no-standard"        // no such job, or one without requirements
	GapNotAssessed Why = "not-assessed"       // no known gap, and not everything is assessed
	GapExpired     Why = "expired"            // no known gap, and assessments have expired
)

// Unmatched is somebody without a mentor, with the reason.
type Unmatched struct {
	Person   competency.PersonID   `json:"person"`
	Why      Why                   `json:"why"`
	Excluded []Exclusion           `json:"excluded,omitempty"` // with no-eligible-mentor: all mentors by reason
	Full     []competency.PersonID `json:"full,omitempty"`     // with all-full: one more place at any of them would do
}

// A Certificate proves that no matching is heavier. Each mentee i has a price
// uᵢ ≥ 0 and each mentor j a price vⱼ ≥ 0 per place, so that uᵢ + vⱼ is at
// least the pair's score + Bonus, for every pair. Any matching then weighs at
// most Σ uᵢ + Σ placesⱼ·vⱼ, and this one weighs just that.
//
// Bonus is 0 for Heaviest. For Largest it is more than all scores together, so
// that one person more outweighs any loss of score.
type Certificate struct {
	Bonus   int64   `json:"bonus"`
	Mentees []int64 `json:"mentees"` // in the order of Pairs.Mentees
	Mentors []int64 `json:"mentors"` // in the order of Pairs.Mentors
}

// Match finds a best matching. It is exact for every objective, and the same on
// every run. Errors: no pairs were given (nil), an unknown objective, scores
// whose sum is beyond 2⁶¹.
func Match(p *Pairs, objective Objective, opt *Options) (*Matching, error) {
	if opt == nil {
		opt = &Options{}
	}
	if p == nil || !objectiveWords.Has(objective) {
		return nil, bangkom.Problem{Code: bangkom.ErrOption.Code, Value: objective.String(), Msg: "mentoring: no pairs, or no such objective"}
	}
	m := &Matching{Objective: objective, pairs: p}
	switch objective {
	case Heaviest, Largest:
		bonus, err := p.bonus()
		if err != nil {
			return nil, err
		}
		if objective == Heaviest {
			bonus = 0
		}
		var c Certificate
		m.mate, c = heaviest(p, bonus)
		m.Certificate = &c
	case StableForMentees:
		m.mate = menteesPropose(p, opt.Seed)
	case StableForMentors:
		m.mate = mentorsPropose(p, opt.Seed)
	}
	m.describe()
	return m, nil
}

// bonus is more than any matching can weigh.
func (p *Pairs) bonus() (int64, error) {
	sum := int64(1)
	for i := range p.mentees {
		var best int64
		for e := p.start[i]; e < p.start[i+1]; e++ {
			best = max(best, p.score[e])
		}
		if best > math.MaxInt64/4-sum {
			return 0, bangkom.Problem{Code: "score", Msg: "mentoring: the scores add up to more than 2^61", Need: "smaller weights"}
		}
		sum += best
	}
	return sum, nil
}

// describe fills everything that is shown from the mates.
func (m *Matching) describe() {
	p := m.pairs
	taken := make([]int, len(p.mentors))
	m.Matched, m.Unmatched, m.Loads = []Matched{}, slices.Clone(p.aside), []Load{}
	for i, e := range m.mate {
		if e < 0 {
			continue
		}
		pair := p.at(int(e))
		rank := p.rank(i, e)
		m.Matched = append(m.Matched, Matched{pair.Mentee, pair.Mentor, pair.Score, rank})
		m.Weight += pair.Score
		m.RankSum += int64(rank)
		taken[p.mentor[e]]++
	}
	for i, e := range m.mate {
		if e < 0 {
			m.Unmatched = append(m.Unmatched, p.why(i))
		}
	}
	slices.SortFunc(m.Unmatched, func(a, b Unmatched) int { return cmp.Compare(a.Person, b.Person) })
	for j, mentor := range p.mentors {
		l := Load{Mentor: mentor.Person, Places: mentor.Places, Taken: taken[j]}
		if m.Certificate != nil {
			l.Price = m.Certificate.Mentors[j]
		}
		m.Loads = append(m.Loads, l)
	}
	m.BlockingPairs = len(m.Blocking())
}

// rank is the place of a pair in the mentee's list, ties sharing the best one.
func (p *Pairs) rank(i int, e int32) int {
	rank := 1
	for k := p.start[i]; k < p.start[i+1]; k++ {
		if p.likes[0][k] > p.likes[0][e] {
			rank++
		}
	}
	return rank
}

// why explains an unmatched mentee. Every pair is worth at least a point, and
// in no objective does somebody stay alone beside a free place: so whoever has
// eligible mentors finds all of them full.
func (p *Pairs) why(i int) Unmatched {
	u := Unmatched{Person: p.mentees[i], Why: AllFull}
	for e := p.start[i]; e < p.start[i+1]; e++ {
		u.Full = append(u.Full, p.mentors[p.mentor[e]].Person)
	}
	if u.Full == nil {
		u.Why = NoEligible
		if p.counts != nil {
			u.Excluded = p.counts[i].list()
		}
	}
	return u
}

// Blocking returns the pairs that would both rather have each other than what
// the matching gives them: the mentee likes the mentor strictly better than the
// own one (or has none), and the mentor has a free place or likes the mentee
// strictly better than one of the present ones. It looks at the pairs alone,
// not at how the matching was found.
func (m *Matching) Blocking() []Pair {
	p := m.pairs
	if p == nil {
		return nil
	}
	free := make([]int, len(p.mentors))
	worst := make([]int64, len(p.mentors)) // the least liked of those a mentor has
	for j := range p.mentors {
		free[j], worst[j] = p.mentors[j].Places, math.MaxInt64
	}
	for _, e := range m.mate {
		if e >= 0 {
			j := p.mentor[e]
			free[j]--
			worst[j] = min(worst[j], p.likes[1][e])
		}
	}
	var out []Pair
	for e, j := range p.mentor {
		own := m.mate[p.left[e]]
		wants := own < 0 || p.likes[0][e] > p.likes[0][own]
		wanted := free[j] > 0 || p.likes[1][e] > worst[j]
		if wants && wanted && int32(e) != own {
			out = append(out, p.at(e))
		}
	}
	return out
}

// Verify checks the matching against the pairs: each person at most once,
// places kept, only eligible pairs, sums right, and the claim of the
// objective: by the certificate for Heaviest and Largest, by the absence of
// blocking pairs for the stable ones. It trusts no number in the matching that
// it can compute, and nothing of how it was found.
func (m *Matching) Verify() error {
	wrong := func(format string, args ...any) error {
		return bangkom.Problem{Code: "not-proven", Value: m.Objective.String(), Msg: "mentoring: " + fmt.Sprintf(format, args...)}
	}
	p := m.pairs
	if p == nil || !objectiveWords.Has(m.Objective) {
		return wrong("a matching without its pairs or objective cannot be verified")
	}
	taken := map[competency.PersonID]int{}
	again := &Matching{Objective: m.Objective, pairs: p, mate: alone(len(p.mentees))}
	for _, pair := range m.Matched {
		e, ok := p.find(pair.Mentee, pair.Mentor)
		if !ok || p.score[e] != pair.Score {
			return wrong("a pair that is not eligible, or has another score")
		}
		if again.mate[p.left[e]] >= 0 {
			return wrong("a mentee with two mentors")
		}
		again.mate[p.left[e]] = int32(e)
		taken[pair.Mentor]++
	}
	for _, mentor := range p.mentors {
		if taken[mentor.Person] > mentor.Places {
			return wrong("a mentor with more mentees than places")
		}
	}
	if m.Objective >= StableForMentees {
		if n := len(again.Blocking()); n > 0 {
			return wrong("%d blocking pairs", n)
		}
	} else {
		if err := m.verifyPrices(wrong); err != nil {
			return err
		}
		again.Certificate = m.Certificate
	}
	if again.describe(); !reflect.DeepEqual(again, m) {
		return wrong("the figures are not those of the list of pairs")
	}
	return nil
}

func (m *Matching) verifyPrices(wrong func(string, ...any) error) error {
	p, c := m.pairs, m.Certificate
	if c == nil || len(c.Mentees) != len(p.mentees) || len(c.Mentors) != len(p.mentors) {
		return wrong("no certificate")
	}
	if bonus, err := p.bonus(); err != nil || m.Objective == Heaviest && c.Bonus != 0 || m.Objective == Largest && c.Bonus != bonus {
		return wrong("a bonus that does not prove the objective")
	}
	bound := new(big.Int)
	for _, u := range c.Mentees {
		if u < 0 {
			return wrong("a negative price")
		}
		bound.Add(bound, big.NewInt(u))
	}
	for j, v := range c.Mentors {
		if v < 0 {
			return wrong("a negative price")
		}
		bound.Add(bound, new(big.Int).Mul(big.NewInt(v), big.NewInt(int64(p.mentors[j].Places))))
	}
	for e, j := range p.mentor {
		u, v, w := c.Mentees[p.left[e]], c.Mentors[j], p.score[e]
		if u < w-v+c.Bonus { // each at most 2^62
			return wrong("a pair worth more than its prices")
		}
	}
	weight := new(big.Int).Mul(big.NewInt(c.Bonus), big.NewInt(int64(len(m.Matched))))
	if weight.Add(weight, big.NewInt(m.Weight)).Cmp(bound) != 0 {
		return wrong("the prices prove %s, the matching weighs %s", bound, weight)
	}
	return nil
}
