package solve

import (
	"context"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// Certificates made to lie: whatever prices they hold, what they prove is not
// below the optimum, or they are refused.
func TestCertificatesThatLie(t *testing.T) {
	huge := []float64{-1e300, -1e30, -1e12, -1e6, -1e-13, 0, 1e-13, 1e6, 1e12, 1e30, 1e300}
	for seed := range uint64(instances(150, 2000)) {
		rng := rand.New(rand.NewPCG(seed, 31))
		p := randomProblem(rng, 6, 5)
		best, ok := exhaustive(p)
		pick := func(n int) []float64 {
			out := make([]float64, n)
			for k := range out {
				out[k] = huge[rng.IntN(len(huge))]
			}
			return out
		}
		for range 10 {
			c := Certificate{Prices: Prices{Lambda: pick(len(p.Sessions)), Mu: pick(len(p.UBudget)), Beta: pick(1)[0], Eta: pick(len(p.UBudget)),
				Kappa: pick(len(p.Limits)), EtaCover: pick(len(p.Cover))}}
			for i, e := range relate(p).eligible {
				for _, s := range e {
					if rng.IntN(3) == 0 {
						c.Pair = append(c.Pair, PairPrice{i, int(s), pick(1)[0]}, PairPrice{i, int(s), pick(1)[0]})
					}
				}
			}
			if s := rng.IntN(len(p.Sessions)); rng.IntN(2) == 0 {
				leaf := c
				c = Certificate{Session: &s, Zero: &leaf, One: &leaf}
			}
			proved, err := c.Verify(p)
			if err != nil {
				continue
			}
			if ok {
				require.GreaterOrEqual(t, proved, float64(best)/scale-1e-9, "seed %d", seed)
			}
		}
	}
}

// Many free sessions at prices far below nought: no sum may go round.
func TestPricesThatGoRound(t *testing.T) {
	p := small(1)
	p.Theta, p.HMax = "0", 1000
	for s := range 64 {
		x := session(s)
		x.Hours, x.Min = 0, 0
		p.withSessions(x)
	}
	p.withPeople(Person{Gaps: []Gap{{0, 10, "1"}}})
	best := solved(t, p).Objective
	for _, price := range []float64{-1e5, -3e5, -1e6, -1e7, -1e12, -1e300} {
		c := Certificate{Prices: Prices{Lambda: slices.Repeat([]float64{price}, 64)}}
		proved, err := c.Verify(p)
		require.NoError(t, err)
		require.GreaterOrEqual(t, proved, best)
	}
}

func TestPricesThatAreNoNumbers(t *testing.T) {
	p := small(1).withSessions(session(0)).withPeople(Person{Gaps: []Gap{{0, 10, "1"}}})
	for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		for _, c := range []Prices{{Lambda: []float64{x}}, {Mu: []float64{x}}, {Beta: x}, {Eta: []float64{x}}, {Pair: []PairPrice{{0, 0, x}}}} {
			_, err := Certificate{Prices: c}.Verify(p)
			require.Error(t, err)
		}
	}
}

// A price for reaching people, far beyond what fits, is cut where it is earned
// as where it is owed.
func TestAPriceOfCoverageThatIsCut(t *testing.T) {
	p := small(1).withSessions(session(0)).withPeople(Person{Gaps: []Gap{{0, 10, "1"}}})
	p.Pi, p.Theta = nil, "1"
	r := solved(t, p)
	for _, eta := range []float64{1e5, 2.9e5, 3e5, 3.8e5, 1e6, 1e300} {
		proved, err := Certificate{Prices: Prices{Eta: []float64{eta}}}.Verify(p)
		require.NoError(t, err)
		require.GreaterOrEqual(t, proved, r.Objective, eta)
	}
}

// A person who counts in many groups has all their prices, however high: solver
// and check agree.
func TestPricesOfManyGroups(t *testing.T) {
	for _, groups := range []int{0, 1, 2, 5, 11, 300} {
		p := small(1).withSessions(session(0)).withPeople(Person{Gaps: []Gap{{0, 10, "1"}}}, Person{Gaps: []Gap{{0, 10, "2"}}})
		p.Pi, p.Theta = nil, "1"
		for range groups {
			p.Cover = append(p.Cover, Cover{Who: []int{0, 1}, Theta: "1"})
		}
		m := compile(p)
		for _, price := range []int64{1e15, mostSeat / 1000 * 1000} {
			x := newPrices(m)
			for g := range x.eta {
				x.eta[g] = price
			}
			e := newEngine(m, 1, newMeter(context.Background(), &Options{}))
			proved, err := Certificate{Prices: m.leaf(x)}.verify(p)
			require.NoError(t, err)
			stated := new(big.Rat).SetFrac(big.NewInt(e.evaluate(x, m.trunk(), passOptions{}).D), m.grid)
			require.GreaterOrEqual(t, stated.Cmp(proved), 0, "%d groups: %v is stated, %v proved", groups+1, stated, proved)
		}
	}
}

// No plan is worth less than what a bound must be below to prove that there is
// none: tried with every plan of small problems, at all prices.
func TestNoPlanIsWorthLessThanTheLeast(t *testing.T) {
	met := 0
	for seed := range uint64(instances(600, 3000)) {
		p := randomProblem(rand.New(rand.NewPCG(seed, 41)), 3, 3)
		r := relate(p)
		v := &verifier{relations: r}
		least := v.least()
		var seats [][2]int
		for i, list := range r.eligible {
			for _, s := range list {
				seats = append(seats, [2]int{i, int(s)})
			}
		}
		for set := range 1 << len(seats) {
			var plan Plan
			open := 0
			for k, a := range seats {
				if set>>k&1 == 1 {
					plan.Assign = append(plan.Assign, a)
					open |= 1 << a[1]
				}
			}
			for s := range p.Sessions { // empty sessions cost, too
				if open>>s&1 == 1 || p.Sessions[s].Min == 0 && p.Sessions[s].State != "closed" || p.Sessions[s].State == "open" {
					plan.Open = append(plan.Open, s)
				}
			}
			if e := evaluate(r, plan); e.Feasible() {
				met++
				require.GreaterOrEqual(t, e.Objective.Cmp(least), 0, "seed %d: a plan worth %v, the least is %v", seed, e.Objective, least)
			}
		}
	}
	require.Greater(t, met, 500)
}

// Where every plan is worth less than nothing, a bound below nothing does not
// prove that there is no plan.
func TestAFeasibleProblemIsNotCalledInfeasible(t *testing.T) {
	p := small(1).withSessions(session(0)).withPeople(Person{Gaps: []Gap{{0, 10, "0.001"}}})
	r := solved(t, p)
	require.Equal(t, Optimal, r.Status)
	require.Negative(t, r.Objective)
	for _, c := range []Certificate{{}, r.Certificate, {Prices: Prices{Lambda: []float64{1e300}}}, {Prices: Prices{Eta: []float64{5}}}} {
		proved, err := c.Verify(p)
		require.NoError(t, err)
		require.GreaterOrEqual(t, proved, r.Objective)
	}
}
