package solve

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// instances is how many random problems a test looks at; BANGKOM_LONG asks for more.
func instances(short, long int) int {
	if os.Getenv("BANGKOM_LONG") != "" {
		return long
	}
	return short
}

// toScale is an objective in units of 1/scale.
func toScale(t *testing.T, x *big.Rat) int64 {
	y := new(big.Rat).Mul(x, big.NewRat(scale, 1))
	require.True(t, y.IsInt(), x)
	return y.Num().Int64()
}

// listing switches whether people's plans are listed where they are few.
func listing(on bool) {
	if mostPlans = 0; on {
		mostPlans = 150_000
	}
}

func TestSolveEqualsExhaustiveSearch(t *testing.T) {
	seen := map[Status]int{}
	t.Cleanup(func() { listing(true) })
	for seed := range instances(200, 2000) {
		listing(seed%2 == 0)
		p := randomProblem(rand.New(rand.NewPCG(uint64(seed), 1)), 8, 5)
		require.NoError(t, p.Validate().Err(), describe(p))
		want, found := exhaustive(p)
		r, err := Solve(context.Background(), p, Options{Seed: uint64(seed), Work: 300_000, Workers: 2})
		require.NoError(t, err, seed)
		seen[r.Status]++
		if !found {
			require.Contains(t, []Status{Infeasible, NoPlan}, r.Status, "seed %d", seed)
			if r.Status == Infeasible {
				proved, err := r.Certificate.Verify(p)
				require.NoError(t, err)
				require.True(t, math.IsInf(proved, -1), "seed %d: called infeasible, and the certificate proves no better than %v", seed, proved)
			}
			continue
		}
		exact := new(big.Rat).SetFrac64(want, scale)
		if r.Status >= Feasible {
			e := Evaluate(p, r.Plan())
			require.Empty(t, e.Violations, "seed %d", seed)
			require.LessOrEqual(t, toScale(t, e.Objective), want, "seed %d: a plan above the optimum", seed)
		}
		require.NotEqual(t, Infeasible, r.Status, "seed %d has a plan", seed)
		require.GreaterOrEqual(t, Float(r.Bound).rat().Cmp(exact), 0, "seed %d: bound %v below the optimum %v", seed, r.Bound, exact)
		if r.Status == Optimal {
			require.Equal(t, want, toScale(t, Evaluate(p, r.Plan()).Objective), "seed %d: called optimal and is not\n%s", seed, describe(p))
		}
		proved, err := r.Certificate.Verify(p)
		require.NoError(t, err)
		require.LessOrEqual(t, proved, r.Bound+1e-9*math.Abs(r.Bound), "seed %d: the certificate does not prove the bound", seed)
		require.GreaterOrEqual(t, Float(proved).rat().Cmp(exact), 0, "seed %d: the certificate cuts the optimum off", seed)
	}
	t.Log(seen)
	require.LessOrEqual(t, seen[NoPlan]+seen[Feasible]+seen[Bounded], instances(3, 20), "nearly all are small enough to be proved")
}

func TestRandomPricesNeverBelowTheOptimum(t *testing.T) {
	t.Cleanup(func() { listing(true) })
	for seed := range instances(200, 2000) {
		listing(seed%2 == 0)
		g := rand.New(rand.NewPCG(uint64(seed), 1))
		p := randomProblem(g, 7, 5)
		want, found := exhaustive(p)
		if !found {
			continue
		}
		exact := new(big.Rat).SetFrac64(want, scale)
		m := compile(p)
		e := newEngine(m, 1, newMeter(context.Background(), &Options{}))
		sp := newSpace(m)
		for trial := range 12 {
			x := make([]float64, sp.n)
			unit, _ := m.grid.Float64()
			for k := range x {
				if g.IntN(3) > 0 {
					x[k] = unit * math.Abs(g.NormFloat64()) * math.Pow(10, float64(g.IntN(4)-2))
				}
				if k < m.m && g.IntN(4) == 0 {
					x[k] = -x[k]
				}
			}
			at := sp.read(x, m.trunk())
			nodes := []int{0, 1, 3}[trial%3]
			pass := e.evaluate(at, m.trunk(), passOptions{nodes: nodes})
			require.False(t, pass.none, "seed %d has a plan", seed)
			D := new(big.Rat).SetFrac(big.NewInt(pass.D), m.grid)
			require.GreaterOrEqual(t, D.Cmp(exact), 0, "seed %d trial %d: solver's bound %v, optimum %v", seed, trial, D, exact)
			b, err := Certificate{Prices: m.leaf(at)}.Verify(p)
			require.NoError(t, err)
			require.GreaterOrEqual(t, Float(b).rat().Cmp(exact), 0, "seed %d trial %d: verified bound %v, optimum %v", seed, trial, b, exact)
			if nodes == 0 { // both are exact at the same prices, so they agree
				d, _ := D.Float64()
				require.LessOrEqual(t, b, d+1e-9*math.Abs(d)+1e-9, "seed %d trial %d", seed, trial)
				if len(p.People) > 0 && p.Rho != nil && !hasDuties(p) && pass.D < math.MaxInt64/2 {
					raw, err := Certificate{Prices: m.leaf(at)}.verify(p)
					require.NoError(t, err)
					down := downTo(D, m.lattice)
					diff, _ := new(big.Rat).Sub(down, raw).Float64()
					require.InDelta(t, 0, diff, 1e-6+1e-9*math.Abs(d), "seed %d trial %d: %v and %v", seed, trial, D, raw)
				}
			}
		}
	}
}

func hasDuties(p *Problem) bool {
	for _, q := range p.People {
		if len(q.Must) > 0 {
			return true
		}
	}
	return false
}

// The state's running sums agree with the exact evaluation, whatever is done to it.
func TestStateAgreesWithEvaluate(t *testing.T) {
	t.Cleanup(func() { listing(true) })
	for seed := range instances(200, 1000) {
		listing(seed%2 == 0)
		p := randomProblem(rand.New(rand.NewPCG(uint64(seed), 7)), 8, 5)
		m := compile(p)
		e := newEngine(m, 1, newMeter(context.Background(), &Options{}))
		sp := newSpace(m)
		c := e.newCrew(sp.read(sp.first(), m.trunk()), stream(uint64(seed)))
		y := make([]bool, m.m)
		for s := range y {
			y[s] = c.rng.intn(2) == 0
		}
		st := c.construct(y)
		w := &walk{crew: c, st: st, heat: sp.seat * 0.05, scale: sp.seat, stop: func() bool { return false }, quota: 300}
		for _, st := range []*state{st, w.run(), w.st} {
			plan := st.export()
			v := Evaluate(p, plan)
			require.Equal(t, len(v.Violations) == 0, st.feasible(), "seed %d: %v\n%v", seed, v.Violations, describe(p))
			if st.feasible() {
				got := new(big.Rat).SetFrac(big.NewInt(st.worth), m.grid)
				require.Equal(t, v.Objective.RatString(), got.RatString(), "seed %d", seed)
			}
		}
	}
}

func TestSameResultOnAnyNumberOfWorkers(t *testing.T) {
	t.Cleanup(func() { listing(true) })
	for seed := range 6 {
		listing(seed%2 == 0)
		p := randomProblem(rand.New(rand.NewPCG(uint64(seed), 3)), 8, 5)
		var first []byte
		for _, workers := range []int{1, 2, 5} {
			r, err := Solve(context.Background(), p, Options{Seed: 9, Work: 30_000, Workers: workers})
			require.NoError(t, err)
			b, err := r.MarshalJSON()
			require.NoError(t, err)
			if first == nil {
				first = b
			}
			require.Equal(t, string(first), string(b), "seed "+strconv.Itoa(seed))
		}
	}
}

// Without room for open nodes the proof takes another way to the same end.
func TestProofWithoutRoom(t *testing.T) {
	for seed := range uint64(30) {
		p := randomProblem(rand.New(rand.NewPCG(seed, 77)), 8, 5)
		want, err := Solve(context.Background(), p, Options{Work: 300_000})
		require.NoError(t, err)
		r := start(context.Background(), p, &Options{Work: 300_000})
		r.room = 1
		r.search()
		got, err := r.result()
		require.NoError(t, err)
		require.Equal(t, want.Status, got.Status)
		if want.Status == Optimal {
			require.Equal(t, want.Objective, got.Objective)
		}
	}
}

// Writing a certificate node by node gives what encoding it whole gives.
func TestCertificateIsWrittenNodeByNode(t *testing.T) {
	s, i := 3, 1
	leaf := func(x float64) *Certificate { return &Certificate{Prices: Prices{Lambda: []float64{x, -1}, Beta: x}} }
	c := &Certificate{Session: &s, Zero: leaf(0), One: &Certificate{Session: &s, Person: &i, Zero: leaf(2), One: &Certificate{Prices: Prices{Pair: []PairPrice{{1, 2, .5}}}}}}
	want, err := json.Marshal(c)
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, c.Write(&b))
	require.JSONEq(t, string(want), b.String())
}
