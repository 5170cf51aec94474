package tally

import (
	"cmp"
	"maps"
	"slices"

	"github.com/bangkom/bangkom"
)

// Crosstab counts pairs of labels: a contingency table whose categories need not
// be known before. For levels there is [Pairs]. The zero value is empty. It is
// not safe for concurrent use: one per goroutine, then Merge.
type Crosstab struct {
	total uint64
	n     map[[2]string]uint64
}

// Add counts one pair.
func (t *Crosstab) Add(row, column string) error { return t.AddN(row, column, 1) }

// AddN counts a pair n times, as a row of a GROUP BY does.
func (t *Crosstab) AddN(row, column string, n uint64) error {
	if err := room(t.total, n); err != nil {
		return err
	}
	t.put([2]string{row, column}, n)
	return nil
}

func (t *Crosstab) put(k [2]string, n uint64) {
	if n == 0 {
		return
	}
	if t.n == nil {
		t.n = map[[2]string]uint64{}
	}
	t.n[k] += n
	t.total += n
}

// AddBatch counts two columns of equal length, row by row.
func (t *Crosstab) AddBatch(rows, columns []string) error {
	if len(rows) != len(columns) {
		return unequal(len(rows), len(columns))
	}
	if err := room(t.total, uint64(len(rows))); err != nil {
		return err
	}
	for i, r := range rows {
		t.put([2]string{r, columns[i]}, 1)
	}
	return nil
}

// Total is the number of pairs.
func (t *Crosstab) Total() uint64 { return t.total }

// Count is the number of one pair.
func (t *Crosstab) Count(row, column string) uint64 { return t.n[[2]string{row, column}] }

// Table gives the labels of rows and columns, ascending, and counts[row][column].
func (t *Crosstab) Table() (rows, columns []string, counts [][]uint64) {
	for k := range t.n {
		rows, columns = append(rows, k[0]), append(columns, k[1])
	}
	slices.Sort(rows)
	slices.Sort(columns)
	rows, columns = slices.Compact(rows), slices.Compact(columns)
	for _, r := range rows {
		line := make([]uint64, len(columns))
		for j, c := range columns {
			line[j] = t.Count(r, c)
		}
		counts = append(counts, line)
	}
	return rows, columns, counts
}

// Merge adds the counts of another table, which it leaves as it is.
func (t *Crosstab) Merge(o *Crosstab) error {
	if err := room(t.total, o.total); err != nil {
		return err
	}
	for k, n := range o.n {
		t.put(k, n)
	}
	return nil
}

// Clone returns a copy that shares nothing.
func (t *Crosstab) Clone() *Crosstab {
	return &Crosstab{total: t.total, n: maps.Clone(t.n)}
}

// AppendBinary appends the versioned binary form: equal tables have equal bytes.
func (t *Crosstab) AppendBinary(b []byte) ([]byte, error) {
	b = appendCount(append(b, crosstabV1), uint64(len(t.n)))
	for _, k := range slices.SortedFunc(maps.Keys(t.n), comparePairs) {
		b = appendCount(appendKey(appendKey(b, k[0]), k[1]), t.n[k])
	}
	return b, nil
}

func comparePairs(a, b [2]string) int {
	return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
}

// UnmarshalBinary replaces the table by what AppendBinary wrote. On an error it
// stays as it was.
func (t *Crosstab) UnmarshalBinary(data []byte) error {
	d, err := open(data, crosstabV1)
	if err != nil {
		return err
	}
	var fresh Crosstab
	var last [2]string
	for i := range d.size() {
		k := [2]string{d.label(), d.label()}
		n := d.count()
		if d.err == nil && i > 0 && comparePairs(k, last) <= 0 {
			d.err = bangkom.Problem{Code: "not-canonical", Value: k[0], Msg: "tally: labels out of order"}
		}
		if d.nobody(n, k[0]) {
			break
		}
		fresh.put(k, n)
		last = k
	}
	if err := d.close(); err != nil {
		return err
	}
	*t = fresh
	return nil
}
