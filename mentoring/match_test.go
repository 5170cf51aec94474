package mentoring

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/internal/ref"
)

func mentee(i int) competency.PersonID { return competency.PersonID(fmt.Sprintf("A%06d", i)) }
func mentor(j int) competency.PersonID { return competency.PersonID(fmt.Sprintf("M%06d", j)) }

// given makes pairs for tests; everything must be accepted.
func given(t testing.TB, n int, places []int, pairs []Pair) *Pairs {
	t.Helper()
	var mentors []Mentor
	for j, c := range places {
		mentors = append(mentors, Mentor{mentor(j), c})
	}
	var mentees []competency.PersonID
	for i := range n {
		mentees = append(mentees, mentee(i))
	}
	p, problems := NewPairs(mentors, mentees, pairs)
	require.Empty(t, problems)
	return p
}

func match(t testing.TB, p *Pairs, o Objective, opt *Options) *Matching {
	t.Helper()
	m, err := Match(p, o, opt)
	require.NoError(t, err)
	require.NoError(t, m.Verify(), "%v", o)
	return m
}

var objectives = []Objective{Heaviest, Largest, StableForMentees, StableForMentors}

// random pairs; few distinct likes make ties, strict gives none.
func random(t testing.TB, r *rand.Rand, n, m int, strict bool) *Pairs {
	places := make([]int, m)
	for j := range places {
		places[j] = r.IntN(4)
	}
	var pairs []Pair
	byMentee, byMentor := r.Perm(n*m), r.Perm(n*m)
	for i := range n {
		for j := range m {
			if r.IntN(3) == 0 {
				continue
			}
			pair := Pair{mentee(i), mentor(j), 1 + r.Int64N(5), 1 + r.Int64N(3), 1 + r.Int64N(3)}
			if strict {
				pair.MenteeLikes, pair.MentorLikes = int64(1+byMentee[i*m+j]), int64(1+byMentor[i*m+j])
			}
			pairs = append(pairs, pair)
		}
	}
	return given(t, n, places, pairs)
}

// every yields each matching as the pair of every mentee (-1: none).
func every(p *Pairs, visit func(mate []int32)) {
	mate := alone(len(p.mentees))
	load := make([]int, len(p.mentors))
	var walk func(i int)
	walk = func(i int) {
		if i == len(mate) {
			visit(mate)
			return
		}
		mate[i] = -1
		walk(i + 1)
		for e := p.start[i]; e < p.start[i+1]; e++ {
			if j := p.mentor[e]; load[j] < p.mentors[j].Places {
				load[j]++
				mate[i] = e
				walk(i + 1)
				mate[i] = -1
				load[j]--
			}
		}
	}
	walk(0)
}

// stable by the definition, pair by pair over lists of partners.
func stable(p *Pairs, mate []int32) bool {
	for i := range p.mentees {
		for e := p.start[i]; e < p.start[i+1]; e++ {
			if mate[i] == e || mate[i] >= 0 && p.likes[0][mate[i]] >= p.likes[0][e] {
				continue
			}
			var theirs []int64
			for _, f := range mate {
				if f >= 0 && p.mentor[f] == p.mentor[e] {
					theirs = append(theirs, p.likes[1][f])
				}
			}
			if len(theirs) < p.mentors[p.mentor[e]].Places || len(theirs) > 0 && slices.Min(theirs) < p.likes[1][e] {
				return false
			}
		}
	}
	return true
}

func sizeAndWeight(p *Pairs, mate []int32) (size int, weight int64) {
	for _, e := range mate {
		if e >= 0 {
			size++
			weight += p.score[e]
		}
	}
	return size, weight
}

// All matchings of small markets are looked at, and each objective is what it claims.
func TestAgainstAllMatchings(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	stableOnes := 0
	for round := range 400 {
		n, m := 1+r.IntN(7), 1+r.IntN(4)
		if n == 7 && round%8 != 0 { // the largest are slow
			n = 5
		}
		strict := round%2 == 0
		p := random(t, r, n, m, strict)
		var heaviest, largestWeight int64
		var largest int
		best, worst := map[int]int64{}, map[int]int64{} // of each mentee over the stable matchings
		var size []int
		every(p, func(mate []int32) {
			s, w := sizeAndWeight(p, mate)
			heaviest = max(heaviest, w)
			if s > largest || s == largest && w > largestWeight {
				largest, largestWeight = s, w
			}
			if !stable(p, mate) {
				return
			}
			size = append(size, s)
			for i, e := range mate {
				like := int64(math.MinInt64) // alone
				if e >= 0 {
					like = p.likes[0][e]
				}
				if b, ok := best[i]; !ok || like > b {
					best[i] = like
				}
				if w, ok := worst[i]; !ok || like < w {
					worst[i] = like
				}
			}
		})
		stableOnes += len(size)
		require.NotEmpty(t, size, "there is always a stable matching")
		require.Equal(t, heaviest, match(t, p, Heaviest, nil).Weight)
		l := match(t, p, Largest, nil)
		require.Equal(t, largest, len(l.Matched))
		require.Equal(t, largestWeight, l.Weight)

		for _, seed := range []uint64{0, 1, 99} {
			a, b := match(t, p, StableForMentees, &Options{Seed: seed}), match(t, p, StableForMentors, &Options{Seed: seed})
			require.True(t, stable(p, a.mate))
			require.True(t, stable(p, b.mate))
			require.Zero(t, a.BlockingPairs)
			if strict {
				require.Equal(t, slices.Min(size), slices.Max(size), "without ties all stable matchings have one size")
				for i := range n {
					require.Equal(t, best[i], like(p, a.mate[i]), "mentees get their best")
					require.Equal(t, worst[i], like(p, b.mate[i]), "and their worst where mentors propose")
				}
			} else {
				require.Contains(t, size, len(a.Matched))
				require.LessOrEqual(t, largest, 2*len(a.Matched), "a stable matching has at least half the largest size")
			}
		}
	}
	require.Greater(t, stableOnes, 400, "some markets have several stable matchings")
}

func like(p *Pairs, e int32) int64 {
	if e < 0 {
		return math.MinInt64
	}
	return p.likes[0][e]
}

// Blocking pairs are found by the definition for any matching, not only for ours.
func TestBlockingOfAnyMatching(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 60 {
		p := random(t, r, 1+r.IntN(5), 1+r.IntN(3), false)
		every(p, func(mate []int32) {
			m := &Matching{pairs: p, mate: slices.Clone(mate)}
			require.Equal(t, stable(p, mate), len(m.Blocking()) == 0)
		})
	}
}

// No mentee gains by reporting another order or by leaving mentors out.
func TestTruthIsBestForMenteesWhoPropose(t *testing.T) {
	var reports [][]int // every ordered list of some of 4 mentors
	var build func(prefix []int)
	build = func(prefix []int) {
		reports = append(reports, slices.Clone(prefix))
		for j := range 4 {
			if !slices.Contains(prefix, j) {
				build(append(prefix, j))
			}
		}
	}
	build(nil)
	require.Len(t, reports, 65)
	r := rand.New(rand.NewPCG(5, 6))
	gainsForMentorsProposing := 0
	for range 25 {
		truth := make([][]int, 4)
		var likes [4][4]int64
		for i := range truth {
			truth[i] = r.Perm(4)[:2+r.IntN(3)]
		}
		for j := range 4 {
			for k, i := range r.Perm(4) {
				likes[i][j] = int64(4 - k)
			}
		}
		run := func(lists [][]int, o Objective) *Matching {
			var pairs []Pair
			for i, list := range lists {
				for k, j := range list {
					pairs = append(pairs, Pair{mentee(i), mentor(j), 1, int64(10 - k), likes[i][j]})
				}
			}
			return match(t, given(t, 4, []int{1, 1, 1, 1}, pairs), o, nil)
		}
		got := func(m *Matching, i int) int { // the place in the true list; its length if alone or with somebody unwanted
			for _, pair := range m.Matched {
				if pair.Mentee == mentee(i) {
					for k, j := range truth[i] {
						if mentor(j) == pair.Mentor {
							return k
						}
					}
				}
			}
			return len(truth[i])
		}
		honest, other := run(truth, StableForMentees), run(truth, StableForMentors)
		for i := range 4 {
			for _, lie := range reports {
				lists := slices.Clone(truth)
				lists[i] = lie
				require.GreaterOrEqual(t, got(run(lists, StableForMentees), i), got(honest, i), "mentee %d gains by %v", i, lie)
				if got(run(lists, StableForMentors), i) < got(other, i) {
					gainsForMentorsProposing++
				}
			}
		}
	}
	require.Positive(t, gainsForMentorsProposing, "the other side's proposals do reward lies: the test can fail")
}

func TestScipy(t *testing.T) {
	var reference struct {
		Cases []struct {
			Mentees, Mentors int
			Places           []int
			Weights          [][]int64
			Heaviest         int64
			LargestSize      int   `json:"largest_size"`
			LargestWeight    int64 `json:"largest_weight"`
		}
	}
	ref.Load(t, "assign", &reference)
	require.Len(t, reference.Cases, 12)
	for _, c := range reference.Cases {
		var pairs []Pair
		for i, row := range c.Weights {
			for j, w := range row {
				if w > 0 {
					pairs = append(pairs, Pair{Mentee: mentee(i), Mentor: mentor(j), Score: w})
				}
			}
		}
		p := given(t, c.Mentees, c.Places, pairs)
		require.Equal(t, c.Heaviest, match(t, p, Heaviest, nil).Weight)
		l := match(t, p, Largest, nil)
		require.Equal(t, c.LargestSize, len(l.Matched))
		require.Equal(t, c.LargestWeight, l.Weight)
	}
}

// hash is the generator of the peers' benchmark, made of counters: see
// ../shared/bench/mentoring of a developer's checkout. The results below are
// those of scipy and of a plain deferred acceptance on the same numbers.
func hash(seed, k uint64) uint64 {
	z := seed*0xD1342543DE82EF95 + (k+1)*0x9E3779B97F4A7C15
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// sparse is the market of n mentees with up to d of m mentors each.
func sparse(t testing.TB, n, m, d, places int, seed uint64, prefer bool) *Pairs {
	var pairs []Pair
	for i := range n {
		var list []int
		for k := range d {
			if j := int(hash(seed, uint64(i*d+k)) % uint64(m)); !slices.Contains(list, j) {
				list = append(list, j)
			}
		}
		for k, j := range list {
			pair := Pair{Mentee: mentee(i), Mentor: mentor(j), Score: int64(1 + hash(seed+1, uint64(i*m+j))%1000)}
			if prefer {
				pair.MenteeLikes = int64(d - k)
				pair.MentorLikes = -int64(hash(seed+2, uint64(j*n+i)) >> 24)
			}
			pairs = append(pairs, pair)
		}
	}
	return given(t, n, slices.Repeat([]int{places}, m), pairs)
}

func TestPeersFigures(t *testing.T) {
	require.Equal(t, uint64(17629623748622851610), hash(1, 0))
	p := sparse(t, 10000, 2000, 30, 6, 7, false)
	require.Equal(t, 297890, p.Len())
	for _, o := range []Objective{Heaviest, Largest} {
		m := match(t, p, o, nil)
		require.Len(t, m.Matched, 10000)
		require.Equal(t, int64(9661941), m.Weight)
	}
	for d, want := range map[int][3]int{10: {99747, 9971, 21877}, 30: {297857, 10000, 29082}} {
		p := sparse(t, 10000, 2000, d, 5, 11, true)
		m := match(t, p, StableForMentees, nil)
		require.Equal(t, want, [3]int{p.Len(), len(m.Matched), int(m.RankSum)})
	}
}

// Everybody unmatched has a reason that is true.
func TestUnmatchedReasons(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 100 {
		p := random(t, r, 1+r.IntN(12), 1+r.IntN(4), false)
		for _, o := range objectives {
			m := match(t, p, o, nil)
			require.Equal(t, len(p.mentees), len(m.Matched)+len(m.Unmatched))
			load := map[competency.PersonID]Load{}
			for _, l := range m.Loads {
				load[l.Mentor] = l
				require.LessOrEqual(t, l.Taken, l.Places)
				if m.Certificate != nil && l.Taken < l.Places {
					require.Zero(t, l.Price, "a free place costs nothing")
				}
			}
			for _, u := range m.Unmatched {
				eligible := slices.Collect(p.Of(u.Person))
				if len(eligible) == 0 {
					require.Equal(t, NoEligible, u.Why)
					continue
				}
				require.Equal(t, AllFull, u.Why)
				require.Len(t, u.Full, len(eligible))
				for _, id := range u.Full {
					require.Equal(t, load[id].Places, load[id].Taken)
				}
			}
		}
	}
}

// Verify believes nothing.
func TestVerifyFindsEachFalsehood(t *testing.T) {
	p := given(t, 4, []int{1, 2}, []Pair{
		{mentee(0), mentor(0), 5, 5, 5}, {mentee(0), mentor(1), 4, 4, 4}, {mentee(1), mentor(0), 3, 3, 3}, {mentee(2), mentor(1), 2, 2, 2},
		{mentee(3), mentor(0), 1, 1, 1},
	})
	for name, spoil := range map[string]func(m *Matching){
		"weight":            func(m *Matching) { m.Weight++ },
		"rank sum":          func(m *Matching) { m.RankSum-- },
		"blocking":          func(m *Matching) { m.BlockingPairs++ },
		"loads":             func(m *Matching) { m.Loads[0].Taken = 0 },
		"reason":            func(m *Matching) { m.Unmatched[0].Why = NoGap },
		"a pair less":       func(m *Matching) { m.Matched = m.Matched[1:] },
		"a pair twice":      func(m *Matching) { m.Matched = append(m.Matched, m.Matched[0]) },
		"another score":     func(m *Matching) { m.Matched[0].Score = 6 },
		"not eligible":      func(m *Matching) { m.Matched[0].Mentor = "nobody" },
		"over capacity":     func(m *Matching) { m.Matched = append(m.Matched, Matched{mentee(1), mentor(0), 3, 1}) },
		"price too low":     func(m *Matching) { m.Certificate.Mentees[0]-- },
		"price negative":    func(m *Matching) { m.Certificate.Mentors[1] = -1 },
		"price too high":    func(m *Matching) { m.Certificate.Mentees[2]++ },
		"no certificate":    func(m *Matching) { m.Certificate = nil },
		"another objective": func(m *Matching) { m.Objective = Largest },
		"no objective":      func(m *Matching) { m.Objective = 9 },
		"without pairs":     func(m *Matching) { m.pairs = nil },
	} {
		m := match(t, p, Heaviest, nil)
		spoil(m)
		require.Error(t, m.Verify(), name)
	}
	m := match(t, p, StableForMentees, nil)
	m.Matched = m.Matched[1:]
	require.ErrorIs(t, m.Verify(), bangkom.Problem{Code: "not-proven"})
	m = match(t, p, StableForMentees, nil)
	m.Certificate = &Certificate{}
	require.Error(t, m.Verify())
}

// One more place somewhere: the price says what it is worth at most, and Largest never leaves more alone.
func TestPlacesAndPrices(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for range 60 {
		p := random(t, r, 2+r.IntN(8), 1+r.IntN(3), true)
		m := match(t, p, Heaviest, nil)
		for j := range p.mentors {
			more := *p
			more.mentors = slices.Clone(p.mentors)
			more.mentors[j].Places++
			gain := match(t, &more, Heaviest, nil).Weight - m.Weight
			require.GreaterOrEqual(t, gain, int64(0))
			require.LessOrEqual(t, gain, m.Certificate.Mentors[j])
		}
	}
}

func TestTiesByDeclaredRule(t *testing.T) {
	// One place, three who are liked alike: by score, then by id, or by the seed.
	pairs := []Pair{{mentee(0), mentor(0), 1, 1, 1}, {mentee(1), mentor(0), 2, 1, 1}, {mentee(2), mentor(0), 2, 1, 1}}
	p := given(t, 3, []int{1}, pairs)
	for _, o := range []Objective{StableForMentees, StableForMentors} {
		require.Equal(t, mentee(1), match(t, p, o, nil).Matched[0].Mentee)
		seen := map[competency.PersonID]bool{}
		for seed := range uint64(20) {
			got := match(t, p, o, &Options{Seed: seed + 1}).Matched[0].Mentee
			seen[got] = true
			require.Equal(t, got, match(t, p, o, &Options{Seed: seed + 1}).Matched[0].Mentee)
		}
		require.Equal(t, map[competency.PersonID]bool{mentee(1): true, mentee(2): true}, seen)
	}
}

func TestNewPairsRefuses(t *testing.T) {
	mentors := []Mentor{{"m2", 1}, {"m1", -1}, {"m3", 2}, {"m3", 9}}
	mentees := []competency.PersonID{"b", "a", "a", "a"}
	pairs := []Pair{
		{Mentee: "a", Mentor: "m3", Score: 2}, {Mentee: "a", Mentor: "m3", Score: 9}, {Mentee: "b", Mentor: "m2", Score: 0},
		{Mentee: "b", Mentor: "m2", Score: maxScore + 1}, {Mentee: "x", Mentor: "m2", Score: 1}, {Mentee: "b", Mentor: "m1", Score: 1},
	}
	before := slices.Clone(pairs)
	p, problems := NewPairs(mentors, mentees, pairs)
	require.Equal(t, before, pairs)
	require.Equal(t, []competency.PersonID{"a", "b"}, p.Mentees())
	require.Equal(t, []Mentor{{"m2", 1}, {"m3", 2}}, p.Mentors())
	require.Equal(t, []Pair{{"a", "m3", 2, 2, 2}}, slices.Collect(p.All()))
	count := map[string]int{}
	for _, x := range problems {
		count[x.Code]++
	}
	require.Equal(t, map[string]int{"negative-places": 1, "duplicate-id": 3, "score": 2, "unknown-person": 2}, count)
	require.Equal(t, []Part{{Name: "given", Points: 2}}, p.Explain("a", "m3"))
	require.Nil(t, p.Explain("b", "m3"))
	require.Nil(t, p.Excluded("a"))
	require.Nil(t, p.Goals("a", "m3", bangkom.Date{}))
	require.Empty(t, slices.Collect(p.Of("x")))

	_, err := Match(nil, Heaviest, nil)
	require.ErrorIs(t, err, bangkom.ErrOption)
	_, err = Match(p, 9, nil)
	require.ErrorIs(t, err, bangkom.ErrOption)

	huge := []Pair{}
	var many []competency.PersonID
	for i := range 1 << 10 {
		many = append(many, mentee(i))
		huge = append(huge, Pair{Mentee: mentee(i), Mentor: "m", Score: maxScore})
	}
	p, problems = NewPairs([]Mentor{{"m", 1000}}, many, huge)
	require.Empty(t, problems)
	m, err := Match(p, Largest, nil)
	require.NoError(t, err)
	require.NoError(t, m.Verify())
	require.Len(t, m.Matched, 1000)
}

func TestEmpty(t *testing.T) {
	p, problems := NewPairs(nil, nil, nil)
	require.Empty(t, problems)
	for _, o := range objectives {
		m := match(t, p, o, nil)
		require.Empty(t, m.Matched)
	}
}

func TestMatchingJSON(t *testing.T) {
	p := given(t, 2, []int{1}, []Pair{{mentee(0), mentor(0), 5, 5, 5}, {mentee(1), mentor(0), 3, 3, 3}})
	data, err := json.Marshal(match(t, p, Heaviest, nil))
	require.NoError(t, err)
	require.JSONEq(t, `{"objective":"heaviest","matched":[{"mentee":"A000000","mentor":"M000000","score":5,"rank":1}],
		"unmatched":[{"person":"A000001","why":"all-full","full":["M000000"]}],
		"loads":[{"mentor":"M000000","places":1,"taken":1,"price":3}],"weight":5,"rank_sum":1,"blocking_pairs":0,
		"certificate":{"bonus":0,"mentees":[2,0],"mentors":[3]}}`, string(data))
	for _, o := range objectives {
		var back Objective
		text, err := o.MarshalText()
		require.NoError(t, err)
		require.NoError(t, back.UnmarshalText(text))
		require.Equal(t, o, back)
	}
	require.Error(t, new(Objective).UnmarshalText([]byte("fair")))
}

// FuzzMatch: any market is matched, proven and explained.
func FuzzMatch(f *testing.F) {
	f.Add([]byte{3, 2, 1, 2, 5, 1, 4, 200, 9, 33})
	f.Add([]byte(strings.Repeat("\x07\x04\x02\xff\x00\x31", 8)))
	f.Fuzz(func(t *testing.T, data []byte) {
		next := func() int {
			if len(data) == 0 {
				return 0
			}
			b := data[0]
			data = data[1:]
			return int(b)
		}
		n, m := next()%30, next()%10
		var mentors []Mentor
		for j := range m {
			mentors = append(mentors, Mentor{mentor(j), next()%5 - 1})
		}
		var mentees []competency.PersonID
		for i := range n {
			mentees = append(mentees, mentee(i))
		}
		var pairs []Pair
		for len(data) > 0 {
			pairs = append(pairs, Pair{mentee(next() % 32), mentor(next() % 12), int64(next()) - 3, int64(next() % 4), int64(next()%4) - 1})
		}
		p, _ := NewPairs(mentors, mentees, pairs)
		for _, o := range objectives {
			m := match(t, p, o, nil)
			require.Equal(t, len(p.mentees), len(m.Matched)+len(m.Unmatched))
		}
		require.GreaterOrEqual(t, match(t, p, Heaviest, nil).Weight, match(t, p, Largest, nil).Weight)
	})
}

func BenchmarkHeaviest(b *testing.B) {
	p := sparse(b, 10000, 2000, 30, 6, 7, false)
	for b.Loop() {
		heaviest(p, 0)
	}
}

func BenchmarkLargest(b *testing.B) {
	p := sparse(b, 10000, 2000, 30, 6, 7, false)
	bonus, _ := p.bonus()
	for b.Loop() {
		heaviest(p, bonus)
	}
}

func BenchmarkStable(b *testing.B) {
	p := sparse(b, 10000, 2000, 30, 5, 11, true)
	for b.Loop() {
		menteesPropose(p, 0)
	}
}

// More places than there are people cost neither memory nor proof.
func TestBoundlessPlaces(t *testing.T) {
	p := given(t, 3, []int{math.MaxInt, 1}, []Pair{{mentee(0), mentor(0), 5, 5, 5}, {mentee(1), mentor(0), 3, 3, 3}, {mentee(2), mentor(1), 2, 2, 2}})
	for _, o := range objectives {
		require.Len(t, match(t, p, o, nil).Matched, 3)
	}
}
