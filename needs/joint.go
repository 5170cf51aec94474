package needs

import (
	"math"
	"math/big"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/internal/num"
	"github.com/bangkom/bangkom/stats/compare"
	"github.com/bangkom/bangkom/stats/tally"
)

// A joint is one item's tables, summed over all leaves of a cube.
type joint struct {
	cell cell
	err  error // the sum of the leaves overflows
	sum  *tally.Pairs
}

func (c *Cube) joints() []*joint {
	out := make([]*joint, len(c.frame.Items))
	onAllCores(len(out), 1, func() func(i, _ int) {
		return func(i, _ int) { out[i] = c.joint(i) }
	})
	return out
}

func (c *Cube) joint(item int) *joint {
	var j joint
	for _, l := range c.leaves {
		for k := range l.cells[item] {
			if err := j.cell.merge(&l.cells[item][k]); err != nil {
				j.err = err
			}
		}
	}
	if len(j.cell) == 0 {
		j.cell.class(1, c.frame.Scale)
	}
	return &j
}

// pairs is the table without regard to criticality.
func (j *joint) pairs() *tally.Pairs {
	if j.sum != nil {
		return j.sum
	}
	sum := j.cell[0].pairs.Clone()
	for i := range j.cell[1:] {
		if err := sum.Merge(&j.cell[i+1].pairs); err != nil {
			j.err = err
		}
	}
	j.sum = sum
	return sum
}

func (j *joint) expired() (n uint64) {
	for i := range j.cell {
		n += j.cell[i].expired
	}
	return n
}

// coverage counts the cells that apply: wanted, and not declared inapplicable.
func (j *joint) coverage() competency.Coverage {
	p := j.pairs()
	s := p.Sums()
	applies := p.Total()
	for c := tally.Missing; c <= tally.NotObserved; c++ {
		applies -= p.Count(tally.NotApplicable, c)
		if c != tally.NotApplicable {
			applies -= p.Count(c, tally.NotApplicable)
		}
	}
	expired := j.expired()
	return competency.Coverage{
		Below: int(s.Below), Met: int(s.Equal + s.Above),
		Expired: int(expired), NotAssessed: int(applies - uint64(s.N) - expired),
	}
}

// criticality is the mean over all cells whose both sides are known.
func (j *joint) criticality() float64 {
	n, sum := int64(0), new(big.Rat)
	for i := range j.cell {
		k := j.cell[i].pairs.Sums().N
		n += k
		sum.Add(sum, new(big.Rat).Mul(new(big.Rat).SetFloat64(j.cell[i].criticality), new(big.Rat).SetInt64(k)))
	}
	if n == 0 {
		return math.NaN()
	}
	mean, _ := sum.Quo(sum, new(big.Rat).SetInt64(n)).Float64()
	return mean
}

// moments are n, Σ y and Σ y² of a value y = f(D) per pair, exact. If they are
// weighed, y = criticality · f(D).
type moments struct {
	n       int64
	sum, sq *big.Rat
}

func (j *joint) moments(f func(d int64) int64, weighed bool) moments {
	m := moments{sum: new(big.Rat), sq: new(big.Rat)}
	for i := range j.cell {
		var n, s, q int64 // |d| ≤ 11 and n ≤ 2⁴⁸: no overflow
		for d, k := range j.cell[i].pairs.Diffs() {
			y := f(int64(d))
			n += int64(k)
			s += int64(k) * y
			q += int64(k) * y * y
		}
		sum, sq := new(big.Rat).SetInt64(s), new(big.Rat).SetInt64(q)
		if weighed {
			c := new(big.Rat).SetFloat64(j.cell[i].criticality)
			sum.Mul(sum, c)
			sq.Mul(sq, c.Mul(c, c))
		}
		m.n += n
		m.sum.Add(m.sum, sum)
		m.sq.Add(m.sq, sq)
	}
	return m
}

// mean is exact; false of nothing.
func (m moments) mean() (*big.Rat, bool) {
	if m.n == 0 {
		return nil, false
	}
	return new(big.Rat).Quo(m.sum, new(big.Rat).SetInt64(m.n)), true
}

// estimate is the mean with its interval by Student's t, n − 1 degrees of freedom.
func (m moments) estimate(level float64) bangkom.Estimate {
	e := bangkom.Estimate{Value: math.NaN(), SE: math.NaN(), N: int(m.n), Method: "mean"}
	mean, ok := m.mean()
	if !ok {
		e.Warnings.Add(noData())
		return e
	}
	e.Value, _ = mean.Float64()
	if m.n < 2 {
		e.Warnings.Add(bangkom.Problem{Code: bangkom.ErrTooFew.Code, Severity: bangkom.Warning, Msg: "one person gives no interval", Need: "at least 2 people assessed"})
		return e
	}
	// Σ (y − ȳ)² = Σ y² − ȳ Σ y, exact before the first rounding.
	ss := new(big.Rat).Sub(m.sq, mean.Mul(mean, m.sum))
	if ss.Sign() == 0 {
		e.Warnings.Add(bangkom.Problem{Code: bangkom.ErrNoVariation.Code, Severity: bangkom.Warning, Msg: "everybody assessed is alike: no spread to make an interval from", Need: "more people assessed; see the interval of the share below"})
		return e
	}
	n := new(big.Rat).SetInt64(m.n)
	variance, _ := ss.Quo(ss, n.Mul(n, new(big.Rat).SetInt64(m.n-1))).Float64() // of the mean
	e.SE = math.Sqrt(variance)
	half := num.TQuantile((1+level)/2, float64(m.n-1)) * e.SE
	e.CI = bangkom.Interval{Lo: e.Value - half, Hi: e.Value + half, Level: level, Method: "t"}
	return e
}

// share is the share of pairs with D > 0, with Wilson's interval.
func (j *joint) share(level float64) bangkom.Estimate {
	s := j.pairs().Sums()
	e, err := compare.Proportion(int(s.Below), int(s.N), &compare.Options{Level: level})
	if err != nil { // n = 0: the level was checked
		e = bangkom.Estimate{Value: math.NaN(), SE: math.NaN(), Method: "share"}
		e.Warnings.Add(noData())
	}
	return e
}

// depth is the mean of D over those with D > 0.
func (j *joint) depth(level float64) bangkom.Estimate {
	m := j.moments(positive, false)
	m.n = j.pairs().Sums().Below
	e := m.estimate(level)
	if m.n == 0 {
		e.Warnings = bangkom.Problems{{Code: "nobody-below", Severity: bangkom.Warning, Msg: "nobody assessed is below the wanted level"}}
	}
	return e
}

func noData() bangkom.Problem {
	return bangkom.Problem{Code: "no-data", Severity: bangkom.Warning, Msg: "nobody with a valid assessment", Need: "assess those who are counted as not assessed or expired"}
}

// What a person's difference D = want − have counts as.
func below(d int64) int64 {
	if d > 0 {
		return 1
	}
	return 0
}
func difference(d int64) int64 { return d }
func positive(d int64) int64   { return max(d, 0) }
