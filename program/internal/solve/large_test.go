package solve

import (
	"context"
	"encoding/json"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// A bound that is stated is one that is proved: where a duty or a locked seat
// makes people pay far more than any gap is worth, and where nothing but the
// floor of all plans says that there is none.
func TestWhatIsStatedIsProved(t *testing.T) {
	defer listing(true)
	for name, text := range map[string]string{
		"dear seats": `{"n":1,"m":4,"K":2,"U":1,"T":1,"hmin":0,"hmax":10,"rho":0,"pi":500000,"theta":0.3,"budget":100000,"ubudget":[41000],
			"people":[{"u":0,"gaps":[[0,6,100000],[1,2,370000]],"done":[0,1]}],
			"sessions":[{"off":1,"method":"m","comp":[[0,5]],"hours":5,"F":1000,"c":3000,"cap":2,"min":0,"slot":0,"pre":-1},
				{"off":1,"method":"m","comp":[[0,7]],"hours":10,"F":32000,"c":0,"cap":2,"min":1,"slot":0,"pre":0},
				{"off":2,"method":"m","comp":[[1,13]],"hours":3,"F":20000,"c":10000,"cap":1,"min":1,"slot":0,"pre":1,"from":5,"to":6},
				{"off":1,"method":"m","comp":[[0,9],[1,11]],"hours":3,"F":35000,"c":8000,"cap":1,"min":0,"slot":-1,"pre":-1,"from":5,"to":9}],
			"away":{"share":0,"price":200000},"money":1}`,
		"no plan": `{"n":3,"m":2,"K":3,"U":2,"T":2,"hmin":0,"hmax":13,"rho":null,"pi":null,"theta":0.3,"budget":38,"ubudget":[45,6],
			"people":[{"u":1,"gaps":[[1,4,1]],"done":[]},{"u":0,"gaps":[[1,4,1]],"done":[]},{"u":1,"gaps":[[1,4,1]],"done":[]}],
			"sessions":[{"off":1,"method":"m","comp":[[0,17],[1,10],[2,16]],"hours":10,"F":12,"c":1,"cap":1,"min":0,"slot":0,"pre":-1,"state":"open","from":5,"to":7},
				{"off":0,"method":"m","comp":[[0,10]],"hours":3,"F":26,"c":2,"cap":3,"min":2,"slot":-1,"pre":-1,"from":3,"to":7}],
			"away":{"share":0,"price":2},"cover":[{"who":[0],"theta":1,"pi":null}],"money":0.002}`,
	} {
		p := &Problem{}
		require.NoError(t, json.Unmarshal([]byte(text), p), name)
		for _, lists := range []bool{false, true} {
			listing(lists)
			for _, seed := range []uint64{1, 58, 339} {
				for _, work := range []int64{1, 40, 300, 60_000} {
					r, err := Solve(context.Background(), p, Options{Seed: seed, Work: work, Workers: 1})
					require.NoError(t, err, name)
					proved, err := r.Certificate.Verify(p)
					require.NoError(t, err, name)
					require.LessOrEqual(t, proved, r.Bound, "%s, %v after %d", name, r.Status, work)
				}
			}
		}
	}
}

// The floor is one: with it, no plan is ever worth less.
func TestNoPlanIsBelowTheFloor(t *testing.T) {
	for seed := range uint64(instances(200, 2000)) {
		p := randomProblem(rand.New(rand.NewPCG(seed, 31)), 4, 4)
		r, err := Solve(context.Background(), p, Options{Seed: seed, Work: 50})
		require.NoError(t, err)
		if math.IsNaN(r.Objective) {
			continue
		}
		require.LessOrEqual(t, relate(p).least().Cmp(Evaluate(p, r.Plan()).Objective), 0, "seed %d", seed)
	}
}

// Prices far beyond an int64 prove something true, however bad.
func TestBoundOfHugePrices(t *testing.T) {
	for seed := range uint64(instances(300, 3000)) {
		g := rand.New(rand.NewPCG(seed, 32))
		p := randomProblem(g, 5, 4)
		best, found := exhaustive(p)
		if !found {
			continue
		}
		huge := func() float64 { return []float64{0, 1, -1, 1e5, -1e5, 1e9, -1e9, 1e30, -1e30}[g.IntN(9)] }
		var x Prices
		for range p.Sessions {
			x.Lambda = append(x.Lambda, huge())
		}
		for range p.UBudget {
			x.Mu, x.Eta = append(x.Mu, huge()), append(x.Eta, huge())
		}
		v := newVerifier(p)
		for i := range p.People {
			for _, s := range v.eligible[i] {
				if g.IntN(3) == 0 {
					x.Pair = append(x.Pair, PairPrice{i, int(s), huge()})
				}
			}
		}
		x.Beta = huge()
		c := Certificate{Prices: x}
		bound, err := c.verify(p)
		require.NoError(t, err)
		require.NotNil(t, bound, "seed %d", seed)
		require.GreaterOrEqual(t, bound.Cmp(big.NewRat(best, scale)), 0, "seed %d: %v", seed, bound)
	}
}

// What a session pays to people is paid by it: however large, it is in the
// bound once only.
func TestPricesBeyondTheGrid(t *testing.T) {
	x := session(0)
	x.State = "open"
	p := small(1).withSessions(x).withPeople(Person{Gaps: []Gap{{0, 10, "1"}}})
	for _, price := range []float64{-1, -1e12, -1e25} {
		bound, err := Certificate{Prices: Prices{Lambda: []float64{price}}}.Verify(p)
		require.NoError(t, err)
		require.InDelta(t, -1.0, bound, 1e-9) // the gap of 1, less 10 hours missing
	}
	bound, err := Certificate{Prices: Prices{Lambda: []float64{1e25}}}.Verify(p)
	require.NoError(t, err)
	require.InEpsilon(t, 1e25, bound, 1e-9)
}

func TestValidateRefusesWhatDoesNotFit(t *testing.T) {
	valid := func() *Problem {
		return small(1).withSessions(session(0), session(1)).withPeople(Person{Gaps: []Gap{{0, 10, "1"}}})
	}
	require.Empty(t, valid().Validate())
	dear, million := Decimal("1000000000000"), 1_000_000
	for where, change := range map[string]func(p *Problem){
		"hmin":              func(p *Problem) { p.HMin, p.HMax = million+1, million },
		"hmax":              func(p *Problem) { p.HMax = million + 1 },
		"sessions[1].hours": func(p *Problem) { p.Sessions[1].Hours = 1 << 30 },
		"people[0].hmax":    func(p *Problem) { x := million + 1; p.People[0].HMax = &x },
		"people[0].hmin":    func(p *Problem) { x := million + 1; p.People[0].HMin = &x },
		"people":            func(p *Problem) { p.HMin, p.HMax, p.Rho = million, million, &dear },
		"sessions": func(p *Problem) {
			for s := range 1100 {
				x := session(2 + s)
				x.Hours = million
				p.withSessions(x)
			}
		},
	} {
		p := valid()
		change(p)
		ps := p.Validate()
		require.Error(t, ps.Err(), where)
		require.Equal(t, where, ps[0].Where)
		require.NotEmpty(t, ps[0].Value)
	}
	long := valid()
	long.HMin, long.HMax, long.Sessions[0].Hours = million, million, million
	r, err := Solve(context.Background(), long, Options{Seed: 1, Work: 1000})
	require.NoError(t, err)
	require.Equal(t, Optimal, r.Status)
	proved, err := r.Certificate.Verify(long)
	require.NoError(t, err)
	require.LessOrEqual(t, proved, r.Bound)
}
