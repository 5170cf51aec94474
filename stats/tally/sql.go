package tally

import (
	"database/sql"
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"

	"github.com/bangkom/bangkom"
)

// Keyed is what a GROUP BY says of one group.
type Keyed[T any] struct {
	Key        []string // the leading columns of the query, such as unit and competency
	Of         T
	Suppressed uint64 // observations in cells smaller than ScanOptions.Least, which are not in Of
}

// ScanOptions of the scans. The zero value, or nil, is usable.
type ScanOptions struct {
	// Least is the smallest count a cell may have; smaller ones are left out and
	// counted in Suppressed. 0: all are taken.
	Least uint64
}

// ScanPairs reads the rows of a query for pairs of levels and closes them:
//
//	SELECT unit, competency, wanted, attained, count(*) FROM … GROUP BY unit, competency, wanted, attained
//
// The last three columns are two values of the scale and a count; NULL is a
// level that is missing, and its group belongs into the query, so that what is
// missing is counted. The columns before them are the key, and may be none.
// Groups come sorted by key, whatever order the rows have.
//
// The good rows come back beside the problems of the others: "off-scale",
// "null-key", "not-a-count" and "overflow"; an error of the database itself is
// wrapped. Ask for counts and integer sums only, never for var_samp or avg:
// those differ in their last digits from run to run.
func ScanPairs(rows *sql.Rows, s Shape, opt *ScanOptions) ([]Keyed[*Pairs], error) {
	if err := s.check(); err != nil {
		_ = rows.Close()
		return nil, err
	}
	return scan(rows, 3, opt, func() *Pairs { return &Pairs{shape: s} }, func(p *Pairs, v []whole, least uint64) (uint64, error) {
		a, err := s.cell(v[0])
		if err != nil {
			return 0, err
		}
		b, err := s.cell(v[1])
		if err != nil {
			return 0, err
		}
		n, err := v[2].count()
		if err != nil || n < least {
			return n, err
		}
		return 0, p.AddN(a, b, n)
	})
}

// cell of a value in a database: NULL is missing.
func (s Shape) cell(v whole) (Cell, error) {
	if v.null {
		return Missing, nil
	}
	c, ok := Missing, false
	if int64(int(v.x)) == v.x {
		c, ok = s.Cell(int(v.x))
	}
	if !ok {
		return c, bangkom.Problem{Code: "off-scale", Value: fmt.Sprint(v.x), Msg: "tally: not on the scale " + s.String()}
	}
	return c, nil
}

// ScanMoments reads the rows of a query for moments and closes them:
//
//	SELECT unit, count(gap), sum(CAST(gap AS bigint)), sum(CAST(gap AS bigint) * gap) FROM … GROUP BY unit
//
// The last three columns are n, Σx and Σx² of whole numbers: count(gap), not
// count(*), which counts NULL too. Cast before the product: small integers
// overflow. Key, order and problems are as for [ScanPairs], with "impossible-sums"
// for sums that no n whole numbers have.
func ScanMoments(rows *sql.Rows, opt *ScanOptions) ([]Keyed[*Moments], error) {
	return scan(rows, 3, opt, func() *Moments { return new(Moments) }, func(m *Moments, v []whole, least uint64) (uint64, error) {
		n, err := v[0].count()
		if err != nil || n < least {
			return n, err
		}
		sums, err := sumsOf(v[1:], n)
		if err != nil {
			return 0, err
		}
		return 0, m.AddSums(n, sums[0], sums[1])
	})
}

// ScanCross reads the rows of a query for the cross products of p columns and
// closes them:
//
//	SELECT grp, count(*), sum(x), sum(y), sum(x*x), sum(y*y), sum(x*y) FROM …
//	WHERE x IS NOT NULL AND y IS NOT NULL GROUP BY grp
//
// The last columns are n, the sums, the squares and the products above the
// diagonal, row by row, all cast as for [ScanMoments].
func ScanCross(rows *sql.Rows, p int, opt *ScanOptions) ([]Keyed[*Cross], error) {
	if err := columnCount(p); err != nil {
		_ = rows.Close()
		return nil, err
	}
	fresh := func() *Cross { c := new(Cross); c.shape(p); return c }
	return scan(rows, 1+p+triangle(p), opt, fresh, func(c *Cross, v []whole, least uint64) (uint64, error) {
		n, err := v[0].count()
		if err != nil || n < least {
			return n, err
		}
		sums, err := sumsOf(v[1:], n)
		if err != nil {
			return 0, err
		}
		return 0, c.AddSums(n, sums[:p], sums[p:2*p], sums[2*p:])
	})
}

// sumsOf are sums of n values: NULL where there are none.
func sumsOf(v []whole, n uint64) ([]int64, error) {
	out := make([]int64, len(v))
	for i, x := range v {
		if x.null && n > 0 {
			return nil, impossible(fmt.Sprintf("NULL as a sum of %d", n))
		}
		out[i] = x.x
	}
	return out, nil
}

// scan reads keys and so many numbers per row. add adds a row to its group, or
// says how many observations it suppressed.
func scan[T any](rows *sql.Rows, numbers int, opt *ScanOptions, fresh func() T, add func(T, []whole, uint64) (uint64, error)) ([]Keyed[T], error) {
	defer rows.Close()
	if opt == nil {
		opt = new(ScanOptions)
	}
	names, err := rows.Columns()
	if err != nil {
		return nil, fmt.Errorf("tally: reading rows: %w", err)
	}
	keys := len(names) - numbers
	if keys < 0 {
		return nil, bangkom.Problem{Code: bangkom.ErrShape.Code, Value: strings.Join(names, ", "), Msg: fmt.Sprintf("tally: a query of %d columns", len(names)), Need: fmt.Sprintf("%d numbers, after the columns of the key", numbers)}
	}
	var problems bangkom.Problems
	var out []Keyed[T]
	place := map[string]int{}
	key, values := make([]sql.NullString, keys), make([]whole, numbers)
	var into []any
	for i := range key {
		into = append(into, &key[i])
	}
	for i := range values {
		into = append(into, &values[i])
	}
	for row := 0; rows.Next(); row++ {
		before := len(out)
		err := rows.Scan(into...)
		if err == nil {
			err = firstBad(values, names[keys:])
		}
		var group *Keyed[T]
		if err == nil {
			group, err = groupOf(&out, place, key, fresh)
		}
		if err == nil {
			var suppressed uint64
			suppressed, err = add(group.Of, values, opt.Least)
			group.Suppressed += suppressed
		}
		if err != nil {
			if len(out) > before { // no group of bad rows only
				delete(place, keyText(key))
				out = out[:before]
			}
			p := bangkom.AsProblems(err, "sql")[0]
			p.Where = strings.TrimSuffix(fmt.Sprintf("row %d, %s", row, p.Where), ", ")
			problems.Add(p)
		}
	}
	slices.SortFunc(out, func(a, b Keyed[T]) int { return slices.Compare(a.Key, b.Key) })
	err = rows.Err()
	if err != nil {
		err = fmt.Errorf("tally: reading rows: %w", err)
	}
	return out, errors.Join(problems.Err(), err)
}

// groupOf finds the group of a key, or makes it.
func groupOf[T any](out *[]Keyed[T], place map[string]int, key []sql.NullString, fresh func() T) (*Keyed[T], error) {
	for i, k := range key {
		if !k.Valid {
			return nil, bangkom.Problem{Code: "null-key", Where: fmt.Sprintf("column %d", i), Msg: "tally: a key that is NULL", Need: "COALESCE in the query, or a WHERE that leaves it out"}
		}
	}
	text := keyText(key)
	i, ok := place[text]
	if !ok {
		i = len(*out)
		place[text] = i
		k := Keyed[T]{Key: make([]string, len(key)), Of: fresh()}
		for j := range key {
			k.Key[j] = key[j].String
		}
		*out = append(*out, k)
	}
	return &(*out)[i], nil
}

func keyText(key []sql.NullString) string {
	var b []byte
	for _, k := range key {
		b = appendKey(b, k.String)
	}
	return string(b)
}

// whole scans an integer of any driver: sums come as int64, as decimal text
// (PostgreSQL's numeric), as a float (SQLite) or as a big integer (DuckDB).
type whole struct {
	x    int64
	null bool
	bad  string // what was found instead
}

// Scan never fails: one bad row must not end the reading.
func (w *whole) Scan(src any) error {
	*w = whole{}
	switch v := src.(type) {
	case nil:
		w.null = true
	case int64:
		w.x = v
	case float64:
		if v == math.Trunc(v) && math.Abs(v) <= 1<<53 {
			w.x = int64(v)
		} else {
			w.bad = fmt.Sprint(v)
		}
	case []byte:
		w.parse(string(v))
	case string:
		w.parse(v)
	case *big.Int:
		w.parse(v.String())
	default:
		w.bad = fmt.Sprintf("%v (%T)", src, src)
	}
	return nil
}

func (w *whole) parse(text string) {
	if whole, fraction, ok := strings.Cut(text, "."); ok && strings.Trim(fraction, "0") == "" {
		text = whole
	}
	n, ok := new(big.Int).SetString(text, 10)
	if !ok || !n.IsInt64() {
		w.bad = fmt.Sprintf("%.40q", text)
		return
	}
	w.x = n.Int64()
}

// firstBad names the first number of a row that is none.
func firstBad(values []whole, names []string) error {
	for i, v := range values {
		if v.bad != "" {
			return bangkom.Problem{Code: "not-a-count", Where: "column " + names[i], Value: v.bad, Msg: "tally: not a whole number of 64 bits", Need: "integer counts and sums, cast to bigint"}
		}
	}
	return nil
}

func (w whole) count() (uint64, error) {
	if w.null || w.x < 0 {
		return 0, bangkom.Problem{Code: "not-a-count", Value: fmt.Sprint(w.x), Msg: "tally: a count that is NULL or negative", Need: "count(*)"}
	}
	return uint64(w.x), nil
}
