package tally_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	"github.com/bangkom/bangkom/stats/tally"
)

// answer is a driver, a connection, a statement and its rows: every query of a
// database opened on it has these rows.
type answer struct {
	columns []string
	rows    [][]driver.Value
	end     error // instead of the end
	at      int
	closed  *bool
}

func (a answer) Connect(context.Context) (driver.Conn, error) { return a, nil }
func (a answer) Driver() driver.Driver                        { return a }
func (a answer) Open(string) (driver.Conn, error)             { return a, nil }
func (a answer) Prepare(string) (driver.Stmt, error)          { return a, nil }
func (a answer) Begin() (driver.Tx, error)                    { return nil, errors.ErrUnsupported }
func (a answer) Close() error                                 { return nil }
func (a answer) NumInput() int                                { return -1 }
func (a answer) Exec([]driver.Value) (driver.Result, error)   { return nil, errors.ErrUnsupported }
func (a answer) Query([]driver.Value) (driver.Rows, error)    { return &result{answer: a}, nil }

type result struct{ answer }

func (r *result) Columns() []string { return r.columns }
func (r *result) Close() error      { *r.closed = true; return nil }
func (r *result) Next(into []driver.Value) error {
	if r.at == len(r.rows) {
		if r.end != nil {
			return r.end
		}
		return io.EOF
	}
	copy(into, r.rows[r.at])
	r.at++
	return nil
}

// query gives the rows of a database that answers so, and tells whether they were closed.
func query(t *testing.T, columns []string, end error, rows ...[]driver.Value) (*sql.Rows, *bool) {
	t.Helper()
	closed := new(bool)
	db := sql.OpenDB(answer{columns: columns, rows: rows, end: end, closed: closed})
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	r, err := db.QueryContext(t.Context(), "SELECT …")
	require.NoError(t, err)
	return r, closed
}

var five = tally.Shape{First: 1, Levels: 5}

func TestScanPairs(t *testing.T) {
	rows, closed := query(t, []string{"unit", "competency", "a", "b", "n"}, nil,
		[]driver.Value{"Z", "k2", int64(4), int64(2), int64(10)},
		[]driver.Value{"A", "k1", int64(4), nil, []byte("7")},
		[]driver.Value{"Z", "k2", float64(3), "3", int64(2)},
		[]driver.Value{[]byte("A"), "k1", nil, nil, "1.000"},
		[]driver.Value{"A", "k1", int64(5), int64(5), big.NewInt(9)},
		[]driver.Value{"Z", "k2", int64(4), int64(2), int64(1)},
	)
	got, err := tally.ScanPairs(rows, five, nil)
	require.NoError(t, err)
	require.True(t, *closed)
	require.Len(t, got, 2)
	require.Equal(t, []string{"A", "k1"}, got[0].Key)
	require.Equal(t, []string{"Z", "k2"}, got[1].Key)
	require.Equal(t, uint64(17), got[0].Of.Total())
	require.Equal(t, uint64(7), got[0].Of.Count(4, tally.Missing))
	require.Equal(t, uint64(1), got[0].Of.Count(tally.Missing, tally.Missing))
	require.Equal(t, uint64(9), got[0].Of.Count(5, 5))
	require.Equal(t, uint64(11), got[1].Of.Count(4, 2))
	require.Equal(t, five, got[1].Of.Shape())
}

// The order of the rows, and whether a cell comes in parts, is nothing.
func TestScanPairsIsTheTable(t *testing.T) {
	want := pairs(t, 1, 5)
	var rows [][]driver.Value
	for i := range 60 {
		w, h, n := 1+i%5, 1+i/5%5, int64(i)
		require.NoError(t, want.AddN(tally.Cell(w), tally.Cell(h), uint64(n)))
		rows = append(rows, []driver.Value{int64(w), int64(h), n})
	}
	slices.Reverse(rows)
	r, _ := query(t, []string{"a", "b", "n"}, nil, rows...)
	got, err := tally.ScanPairs(r, five, nil)
	require.NoError(t, err)
	require.Len(t, got, 1)
	require.Empty(t, got[0].Key)
	require.Equal(t, want, got[0].Of)
}

func TestScanKeepsGoodRowsAndNamesBadOnes(t *testing.T) {
	rows, closed := query(t, []string{"unit", "a", "b", "n"}, nil,
		[]driver.Value{"A", int64(4), int64(2), int64(10)},
		[]driver.Value{nil, int64(4), int64(2), int64(10)},
		[]driver.Value{"A", int64(6), int64(2), int64(10)},
		[]driver.Value{"A", int64(1), int64(0), int64(10)},
		[]driver.Value{"B", int64(1), int64(1), nil},
		[]driver.Value{"A", int64(1), int64(1), int64(-1)},
		[]driver.Value{"A", "tinggi", int64(1), int64(1)},
		[]driver.Value{"A", 2.5, int64(1), int64(1)},
		[]driver.Value{"A", int64(1), int64(1), "99999999999999999999"},
		[]driver.Value{"A", int64(1), int64(1), int64(tally.MaxTotal)},
		[]driver.Value{"A", true, int64(1), int64(1)},
		[]driver.Value{"C", int64(5), int64(5), int64(3)},
	)
	got, err := tally.ScanPairs(rows, five, nil)
	require.True(t, *closed)
	require.Len(t, got, 2, "no group B, which has bad rows only")
	require.Equal(t, uint64(10), got[0].Of.Total())
	require.Equal(t, uint64(3), got[1].Of.Total())
	var codes []string
	found := bangkom.AsProblems(err, "")
	for _, p := range found {
		codes = append(codes, p.Code)
	}
	require.Equal(t, []string{"null-key", "off-scale", "off-scale", "not-a-count", "not-a-count", "not-a-count", "not-a-count", "not-a-count", "overflow", "not-a-count"}, codes)
	require.Equal(t, "row 1, column 0", found[0].Where)
	require.Equal(t, "row 6, column a", found[5].Where)
	require.ErrorIs(t, err, tally.ErrOverflow)
}

func TestScanErrors(t *testing.T) {
	lost := errors.New("connection lost")
	rows, closed := query(t, []string{"a", "b", "n"}, lost, []driver.Value{int64(1), int64(1), int64(5)})
	got, err := tally.ScanPairs(rows, five, nil)
	require.ErrorIs(t, err, lost)
	require.True(t, *closed)
	require.Equal(t, uint64(5), got[0].Of.Total(), "what was read before")

	rows, closed = query(t, []string{"a", "b"}, nil)
	_, err = tally.ScanPairs(rows, five, nil)
	require.ErrorIs(t, err, bangkom.ErrShape)
	require.True(t, *closed)
	rows, closed = query(t, []string{"a", "b", "n"}, nil)
	_, err = tally.ScanPairs(rows, tally.Shape{First: 1, Levels: 99}, nil)
	require.ErrorIs(t, err, bangkom.ErrShape)
	require.True(t, *closed)
	rows, closed = query(t, []string{"a", "b", "n"}, nil)
	_, err = tally.ScanCross(rows, 0, nil)
	require.ErrorIs(t, err, bangkom.ErrShape)
	require.True(t, *closed)
	rows, _ = query(t, []string{"a", "b", "n"}, nil)
	got, err = tally.ScanPairs(rows, five, nil)
	require.NoError(t, err)
	require.Empty(t, got)
	rows, _ = query(t, []string{"a", "b", "n"}, nil)
	require.NoError(t, rows.Close())
	_, err = tally.ScanPairs(rows, five, nil)
	require.Error(t, err)
}

func TestScanSuppressesSmallCells(t *testing.T) {
	rows, _ := query(t, []string{"unit", "a", "b", "n"}, nil,
		[]driver.Value{"A", int64(4), int64(2), int64(10)},
		[]driver.Value{"A", int64(4), int64(3), int64(4)},
		[]driver.Value{"A", int64(4), int64(4), int64(5)},
		[]driver.Value{"B", int64(4), int64(4), int64(1)},
	)
	got, err := tally.ScanPairs(rows, five, &tally.ScanOptions{Least: 5})
	require.NoError(t, err)
	require.Len(t, got, 2)
	require.Equal(t, uint64(15), got[0].Of.Total())
	require.Equal(t, uint64(4), got[0].Suppressed)
	require.Zero(t, got[1].Of.Total())
	require.Equal(t, uint64(1), got[1].Suppressed)
}

func TestScanMoments(t *testing.T) {
	rows, _ := query(t, []string{"unit", "n", "s", "ss"}, nil,
		[]driver.Value{"B", int64(3), []byte("9"), "125"},
		[]driver.Value{"A", int64(0), nil, nil},
		[]driver.Value{"B", int64(1), int64(-2), int64(4)},
		[]driver.Value{"B", int64(2), nil, int64(4)},
		[]driver.Value{"B", int64(2), int64(7), int64(4)},
		[]driver.Value{"C", int64(1), "9223372036854775808", int64(4)},
	)
	got, err := tally.ScanMoments(rows, nil)
	require.Len(t, got, 2)
	require.Zero(t, got[0].Of.N(), "counted, and nobody has a value")
	var want tally.Moments
	require.NoError(t, want.AddBatch([]int64{3, -4, 10, -2}))
	require.Equal(t, &want, got[1].Of)
	found := bangkom.AsProblems(err, "")
	require.Len(t, found, 3)
	require.Equal(t, []string{"impossible-sums", "impossible-sums", "not-a-count"}, []string{found[0].Code, found[1].Code, found[2].Code})
}

func TestScanCross(t *testing.T) {
	rows, _ := query(t, []string{"grp", "n", "x", "y", "z", "xx", "yy", "zz", "xy", "xz", "yz"}, nil,
		[]driver.Value{"g", int64(3), int64(6), int64(5), int64(7), int64(14), int64(77), int64(49), int64(12), int64(21), int64(42)})
	got, err := tally.ScanCross(rows, 3, nil)
	require.NoError(t, err)
	var want tally.Cross
	require.NoError(t, want.AddBatch([][]int64{{1, 2, 3}, {4, -5, 6}, {0, 0, 7}}))
	require.Equal(t, &want, got[0].Of)
	require.Equal(t, []string{"g"}, got[0].Key)
}

// A number that a driver gives as text is read whole, or named.
func FuzzScanText(f *testing.F) {
	for _, s := range []string{"12", "-3", "7.000", "7.5", ".0", "", "1e3", "9223372036854775808", "0x10", "1_000", "+5", "NaN"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		rows, _ := query(t, []string{"n", "s", "ss"}, nil, []driver.Value{int64(3), text, int64(9)})
		got, err := tally.ScanMoments(rows, nil)
		if err != nil {
			require.Empty(t, got)
			require.NotEmpty(t, bangkom.AsProblems(err, "")[0].Code)
			return
		}
		sum, _ := got[0].Of.Sums()
		whole, _, _ := strings.Cut(text, ".")
		want, ok := new(big.Int).SetString(whole, 10)
		require.True(t, ok, "%q", text)
		require.Equal(t, want.Int64(), sum.Int64())
	})
}
