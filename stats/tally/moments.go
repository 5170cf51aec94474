package tally

import (
	"fmt"
	"math"
	"math/big"
	"math/bits"

	"github.com/bangkom/bangkom"
)

// MaxValue is the largest absolute value that [Moments] and [Cross] take, so
// that no sum of [MaxTotal] squares can overflow.
const MaxValue = 1 << 39

// Moments holds n, Σx and Σx² of whole numbers, exactly: 128 bits. A score with
// a fixed number of decimals is a whole number of its last unit: 72.5 points are
// 725 tenths. For other real values use a [Gram] of one column. The zero value
// is empty. It is not safe for concurrent use: one per goroutine, then Merge.
type Moments struct {
	n         uint64
	sum, sumq wide
}

// Add counts a value.
func (m *Moments) Add(x int64) error { return m.AddN(x, 1) }

// AddN counts a value n times.
func (m *Moments) AddN(x int64, n uint64) error {
	if err := inRange(x); err != nil {
		return err
	}
	if err := room(m.n, n); err != nil {
		return err
	}
	m.put(x, n)
	return nil
}

func (m *Moments) put(x int64, n uint64) {
	m.n += n
	m.sum = m.sum.plus(product(x, 1, n))
	m.sumq = m.sumq.plus(product(x, x, n))
}

// AddBatch counts a column. On an error, which names the row, nothing is counted.
func (m *Moments) AddBatch(xs []int64) error {
	var fresh Moments
	var sum, carry int64 // of the small values, as nearly all are
	var sumSq, c uint64
	for row, x := range xs {
		if int64(int32(x)) == x && row < 1<<31 {
			fresh.n++
			sum += x
			sumSq, c = bits.Add64(sumSq, uint64(x*x), 0)
			carry += int64(c)
			continue
		}
		if err := inRange(x); err != nil {
			return atRow(row, err)
		}
		fresh.put(x, 1)
	}
	fresh.sum = fresh.sum.plus(wideOf(sum))
	fresh.sumq = fresh.sumq.plus(wide{carry, sumSq})
	return m.Merge(&fresh)
}

// AddSums adds n, Σx and Σx² that were summed elsewhere, as in a database.
// Sums that no n values have are refused with the code "impossible-sums".
func (m *Moments) AddSums(n uint64, sum, sumSq int64) error {
	if err := room(m.n, n); err != nil {
		return err
	}
	if !possible(n, sum, sumSq) {
		return impossible(fmt.Sprintf("n %d, sum %d, sum of squares %d", n, sum, sumSq))
	}
	m.n += n
	m.sum, m.sumq = m.sum.plus(wideOf(sum)), m.sumq.plus(wideOf(sumSq))
	return nil
}

// possible checks sums: no values, no sums; (Σx)² ≤ n Σx²; whole numbers have
// Σx² of the parity of Σx and not below |Σx|; and none may exceed MaxValue.
func possible(n uint64, sum, sumSq int64) bool {
	if n == 0 {
		return sum == 0 && sumSq == 0
	}
	if sumSq < 0 || (sum^sumSq)&1 != 0 || abs64(sum) > uint64(sumSq) {
		return false
	}
	square := new(big.Int).Mul(big.NewInt(sum), big.NewInt(sum))
	bound := new(big.Int).Mul(new(big.Int).SetUint64(n), big.NewInt(sumSq))
	return square.Cmp(bound) <= 0
}

func impossible(value string) error {
	return bangkom.Problem{Code: "impossible-sums", Value: value, Msg: "tally: no whole numbers have these sums",
		Need: "count(x), sum(x) and sum(x*x) over the same rows, cast to bigint before the product"}
}

func inRange(x int64) error {
	if x > MaxValue || x < -MaxValue {
		return bangkom.Problem{Code: ErrOverflow.Code, Value: fmt.Sprint(x), Msg: "tally: a value too large for exact sums", Need: "values within ±2^39: use a larger unit"}
	}
	return nil
}

// N is the number of values.
func (m *Moments) N() uint64 { return m.n }

// Sums gives Σx and Σx², exactly.
func (m *Moments) Sums() (sum, sumSq *big.Int) { return m.sum.big(), m.sumq.big() }

// Mean is Σx / n, rounded once; NaN of nothing.
func (m *Moments) Mean() float64 {
	if m.n == 0 {
		return math.NaN()
	}
	return mean(m.n, m.sum)
}

// Squares is Σ(x − x̄)², rounded once; NaN of nothing.
func (m *Moments) Squares() float64 {
	if m.n == 0 {
		return math.NaN()
	}
	return centred(m.n, m.sum, m.sum, m.sumq)
}

// Variance is the sample variance (n − 1), NaN of fewer than two values.
func (m *Moments) Variance() float64 {
	if m.n < 2 {
		return math.NaN()
	}
	return m.Squares() / float64(m.n-1)
}

// Merge adds other moments, which stay as they are.
func (m *Moments) Merge(o *Moments) error {
	if err := room(m.n, o.n); err != nil {
		return err
	}
	m.n += o.n
	m.sum, m.sumq = m.sum.plus(o.sum), m.sumq.plus(o.sumq)
	return nil
}

// Clone returns a copy that shares nothing.
func (m *Moments) Clone() *Moments {
	c := *m
	return &c
}

// AppendBinary appends the versioned binary form: equal moments have equal bytes.
func (m *Moments) AppendBinary(b []byte) ([]byte, error) {
	return m.append(append(b, momentsV1)), nil
}

func (m *Moments) append(b []byte) []byte {
	return m.sumq.append(m.sum.append(appendCount(b, m.n)))
}

// UnmarshalBinary replaces the moments by what AppendBinary wrote. On an error
// they stay as they were.
func (m *Moments) UnmarshalBinary(data []byte) error {
	d, err := open(data, momentsV1)
	if err != nil {
		return err
	}
	fresh := d.moments()
	if err := d.close(); err != nil {
		return err
	}
	*m = *fresh
	return nil
}

// moments reads what append wrote, and refuses sums that cannot be.
func (d *decoder) moments() *Moments {
	m := &Moments{n: d.count(), sum: d.wide(), sumq: d.wide()}
	if d.err == nil && !coherent(m.n, m.sum, m.sumq) {
		d.err = impossible(fmt.Sprintf("n %d, sum %v, sum of squares %v", m.n, m.sum.big(), m.sumq.big()))
	}
	return m
}

// coherent is [possible] for wide sums, and bounds them by MaxValue.
func coherent(n uint64, sum, sumq wide) bool {
	count, s, q := new(big.Int).SetUint64(n), sum.big(), sumq.big()
	square := new(big.Int).Mul(s, s)
	if s.CmpAbs(q) > 0 {
		return false
	}
	if square.Cmp(new(big.Int).Mul(count, q)) > 0 || (sum.lo^sumq.lo)&1 != 0 {
		return false
	}
	return q.Cmp(count.Lsh(count, 78)) <= 0 && (n > 0 || q.Sign() == 0)
}
