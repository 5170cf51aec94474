package bangkom_test

import (
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"testing"
	"testing/quick"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
)

// text is a value type with a text form.
type text interface {
	MarshalText() ([]byte, error)
}

func TestRupiahReads(t *testing.T) {
	for in, want := range map[string]bangkom.Rupiah{
		"1500000":                  1_500_000,
		"1.500.000":                1_500_000,
		"Rp 1.500.000,00":          1_500_000,
		"Rp1.500.000,-":            1_500_000,
		"rp. 500":                  500,
		"-Rp500":                   -500,
		"Rp-500":                   -500,
		"1,500,000":                1_500_000,
		"1,500.00":                 1_500,
		"1500.00":                  1_500,
		"1.500":                    1_500,
		"0":                        0,
		" 12 ":                     12,
		"9.223.372.036.854.775.00": 0, // below: an error
	} {
		got, err := bangkom.ParseRupiah(in)
		if in == "9.223.372.036.854.775.00" {
			require.Error(t, err)
			continue
		}
		require.NoError(t, err, in)
		require.Equal(t, want, got, in)
	}
	for _, in := range []string{"", "Rp", "1,5", "1.500.000,50", "1,500", "12.34.567", "1.2345.678", "1e6", "१२", "--5", "1 000", ".500", "99999999999999999999", ",00", "NaN"} {
		_, err := bangkom.ParseRupiah(in)
		require.Error(t, err, in)
		p, ok := errors.AsType[bangkom.Problem](err)
		require.True(t, ok)
		require.Equal(t, "not-rupiah", p.Code)
		require.Equal(t, in, p.Value)
	}
}

func TestRupiahPrints(t *testing.T) {
	require.Equal(t, "Rp1.250.000", bangkom.Rupiah(1_250_000).String())
	require.Equal(t, "Rp0", bangkom.Rupiah(0).String())
	require.Equal(t, "-Rp500", bangkom.Rupiah(-500).String())
	require.Equal(t, "Rp100", bangkom.Rupiah(100).String())
	require.Equal(t, "-Rp9.223.372.036.854.775.808", bangkom.Rupiah(math.MinInt64).String())
}

func TestJP(t *testing.T) {
	half, err := bangkom.ParseJP("19,5 JP")
	require.NoError(t, err)
	require.Equal(t, 19*bangkom.OneJP+bangkom.OneJP/2, half)
	require.Equal(t, "23.4", (half * 6 / 5).String(), "twenty per cent on top of 19.5 is exact")
	require.Equal(t, "-0.5", (-bangkom.OneJP / 2).String())
	require.Equal(t, 19.5, half.Float())
	require.Equal(t, "-9223372036854775.808", bangkom.JP(math.MinInt64).String())
	for _, in := range []string{"", "JP", "1.2345", "1.2.3", "x", "1e3", "-", "99999999999999999999"} {
		_, err := bangkom.ParseJP(in)
		require.Error(t, err, in)
	}
}

func TestDateReads(t *testing.T) {
	want := bangkom.MustDate(2026, 5, 31)
	for _, in := range []string{"2026-05-31", "31-05-2026", "31/05/2026", "31.05.2026", "31 Mei 2026", "31 mei 2026", "31/5/2026", "2026/05/31"} {
		got, err := bangkom.ParseDate(in)
		require.NoError(t, err, in)
		require.Equal(t, want, got, in)
	}
	for _, in := range []string{"", "31-02-2026", "05-31-2026", "31-05-26", "26-05-31", "2026-13-01", "2026-00-10", "0000-01-01", "31 Foo 2026", "31--05-2026-", "x", "2026-05", "2026-5-31T00:00:00"} {
		_, err := bangkom.ParseDate(in)
		require.Error(t, err, in)
	}
}

// The standard library's calendar is the witness.
func TestDateAgreesWithTime(t *testing.T) {
	for n := range 3_652_059 { // every day of the years 1 to 9999
		if n%7 != 0 && n > 800_000 && n < 3_000_000 {
			continue
		}
		d := bangkom.MustDate(1, 1, 1).AddDays(n)
		y, m, day := d.Time().Date()
		e, err := bangkom.NewDate(y, int(m), day)
		if err != nil || e != d || d.Sub(bangkom.MustDate(1, 1, 1)) != n || d.Year() != y {
			t.Fatalf("day %d: %v, %v, %v", n, d, e, err)
		}
	}
	require.Equal(t, bangkom.MustDate(2026, 1, 1), bangkom.DateOf(time.Date(2026, 1, 1, 0, 30, 0, 0, time.FixedZone("WIB", 7*3600))))
}

func TestDateArithmetic(t *testing.T) {
	leap := bangkom.MustDate(2024, 2, 29)
	require.Equal(t, bangkom.MustDate(2027, 2, 28), leap.AddYears(3))
	require.Equal(t, bangkom.MustDate(2028, 2, 29), leap.AddYears(4))
	require.Equal(t, bangkom.MustDate(2026, 2, 28), bangkom.MustDate(2026, 1, 31).AddMonths(1))
	require.Equal(t, bangkom.MustDate(2025, 12, 31), bangkom.MustDate(2026, 1, 31).AddMonths(-1))
	require.Equal(t, bangkom.Date{}, bangkom.Date{}.AddDays(3), "no date stays no date")
	require.Equal(t, "", bangkom.Date{}.String())
	require.True(t, bangkom.Date{}.Before(leap))
	require.Panics(t, func() { bangkom.MustDate(2026, 2, 29) })
}

func TestBandsClass(t *testing.T) {
	skm := bangkom.Bands{ID: "x", Source: "x", Round: bangkom.HalfUp(2), Bands: []bangkom.Band{{Lower: 25, Code: "D"}, {Lower: 65, Code: "C"}, {Lower: 76.61, Code: "B"}, {Lower: 88.31, Code: "A"}}}
	require.Empty(t, skm.Validate())
	for x, want := range map[float64]string{76.605: "B", 76.604: "C", 64.994: "D", 64.995: "C", 88.305: "A", 100: "A", 24.995: "D"} {
		got, ok := skm.Class(x)
		require.True(t, ok)
		require.Equal(t, want, got.Code, "%v", x)
	}
	for _, x := range []float64{24.99, math.NaN(), math.Inf(-1)} {
		_, ok := skm.Class(x)
		require.False(t, ok, "%v", x)
	}
	require.Equal(t, 86.63, bangkom.HalfUp(2).Rat(big.NewRat(86625, 1000)))
	require.Equal(t, -2.5, bangkom.HalfUp(1).Float(-2.45))
	require.Equal(t, 2.0, bangkom.HalfUp(0).Float(1.5))
	require.Equal(t, 1.005, bangkom.Rounding{}.Float(1.005))
}

func TestBandsValidate(t *testing.T) {
	bad := bangkom.Bands{ID: "b", Bands: []bangkom.Band{{Lower: 3, Code: "x"}, {Lower: 3, Code: "x"}, {Lower: math.NaN(), Code: "y"}}}
	ps := bad.Validate()
	for _, code := range []string{"no-source", "unordered-bands", "band-code", "not-finite"} {
		require.True(t, ps.Has(code), code)
	}
	require.True(t, bangkom.Bands{ID: "e", Source: "s"}.Validate().Has("no-bands"))
}

func TestEstimateJSONIsFrozen(t *testing.T) {
	e := bangkom.Estimate{Value: 1.5, SE: 0.5, CI: bangkom.Interval{Lo: math.Inf(-1), Hi: 2, Level: 0.95, Method: "t"}, N: 30, Method: "paired t",
		Missing:  bangkom.Missing{Policy: "listwise", Dropped: 2},
		Warnings: bangkom.Problems{{Code: "few", Severity: bangkom.Warning, Msg: "few pairs", Need: "30"}}}
	data, err := json.Marshal(e)
	require.NoError(t, err)
	require.Equal(t, `{"estimate":1.5,"se":0.5,"ci":{"lo":null,"hi":2,"level":0.95,"method":"t"},"n":30,"method":"paired t","missing":{"policy":"listwise","dropped":2},"warnings":[{"code":"few","message":"few pairs","need":"30"}]}`, string(data))
	var back bangkom.Estimate
	require.NoError(t, json.Unmarshal(data, &back))
	require.Equal(t, e, back)
	require.Equal(t, "1.5 (95 % CI -Inf to 2, n = 30)", e.String())
}

func TestDegenerateEstimateAndTestSurviveJSON(t *testing.T) {
	nan := math.NaN()
	data, err := json.Marshal(bangkom.Test{Estimate: bangkom.Estimate{Value: nan, SE: math.Inf(1)}, Statistic: nan, DF: nan, DF2: nan, P: nan})
	require.NoError(t, err)
	require.Equal(t, `{"estimate":null,"se":null,"n":0,"statistic":null,"p":null}`, string(data))
	var back bangkom.Test
	require.NoError(t, json.Unmarshal(data, &back))
	require.True(t, math.IsNaN(back.P) && math.IsNaN(back.Estimate.Value) && math.IsNaN(back.DF))
	full := bangkom.Test{Estimate: bangkom.Estimate{Value: 1, SE: 2, N: 3}, Statistic: 2.5, DF: 9, DF2: 4, P: 0.0325, Alternative: "two-sided"}
	data, err = json.Marshal(full)
	require.NoError(t, err)
	back = bangkom.Test{}
	require.NoError(t, json.Unmarshal(data, &back))
	require.Equal(t, full, back)
	require.Equal(t, "1 (SE 2, n = 3); statistic 2.5, df 9 and 4, p = 0.033", full.String())
}

func TestRoundTrips(t *testing.T) {
	both := func(v, back any) bool {
		data, err := json.Marshal(v)
		return err == nil && json.Unmarshal(data, back) == nil
	}
	require.NoError(t, quick.Check(func(n int64) bool {
		r, h := bangkom.Rupiah(n), bangkom.JP(n)
		if n == math.MinInt64 || n == math.MaxInt64 {
			return true
		}
		var r2, r3 bangkom.Rupiah
		var h2, h3 bangkom.JP
		tx, _ := r.MarshalText()
		hx, _ := h.MarshalText()
		printed, err := bangkom.ParseRupiah(r.String())
		return both(r, &r2) && r2 == r && r3.UnmarshalText(tx) == nil && r3 == r && err == nil && printed == r &&
			both(h, &h2) && h2 == h && h3.UnmarshalText(hx) == nil && h3 == h
	}, nil))
	require.NoError(t, quick.Check(func(n uint32) bool {
		d := bangkom.MustDate(1, 1, 1).AddDays(int(n % 3_652_059))
		var e bangkom.Date
		return both(d, &e) && d == e
	}, nil))
	require.NoError(t, quick.Check(func(lo, hi, level float64) bool {
		i := bangkom.Interval{Lo: lo, Hi: hi, Level: level, Method: "m"}
		var j bangkom.Interval
		return both(i, &j) && i == j
	}, nil))
	for _, s := range []bangkom.Severity{bangkom.Error, bangkom.Warning, bangkom.Note} {
		p := bangkom.Problem{Code: "c", Severity: s, Where: "f:1:x", Value: "v", Msg: "m", Need: "n"}
		var q bangkom.Problem
		require.True(t, both(p, &q))
		require.Equal(t, p, q)
	}
	b := bangkom.Bands{ID: "b", Source: "s", Round: bangkom.HalfUp(2), Bands: []bangkom.Band{{math.Inf(-1), "low", "Low"}, {1, "high", ""}}}
	var c bangkom.Bands
	require.True(t, both(b, &c))
	require.Equal(t, b, c)
	var d bangkom.Date
	require.True(t, both(bangkom.Date{}, &d))
	require.True(t, d.IsZero())
	_, err := bangkom.Severity(9).MarshalText()
	require.Error(t, err)
}

func TestProblemPrintsOnOneLine(t *testing.T) {
	p := bangkom.Problem{Code: "unknown-unit", Where: "people.csv:12:Unit", Value: "U9", Msg: "no such unit", Need: "add it to units.csv"}
	require.Equal(t, `people.csv:12:Unit: no such unit ("U9"); add it to units.csv`, p.Error())
	var many bangkom.Problems
	for range 12 {
		many.Add(p)
	}
	require.Contains(t, many.Err().Error(), "and 2 more")
	require.Len(t, bangkom.AsProblems(many.Err(), "x"), 12)
	require.Equal(t, bangkom.Problems{p}, bangkom.AsProblems(p, "x"))
	require.Nil(t, bangkom.AsProblems(nil, "x"))
	require.Equal(t, "open", bangkom.AsProblems(errText("gone"), "open")[0].Code)
}

type errText string

func (e errText) Error() string { return string(e) }

// fuzzText: what parses also prints, and what is printed parses to the same value.
func fuzzText[T comparable](f *testing.F, parse func(string) (T, error), seeds ...string) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, err := parse(s)
		if err != nil {
			p, ok := errors.AsType[bangkom.Problem](err)
			require.True(t, ok, "%T", err)
			require.Equal(t, s, p.Value)
			return
		}
		b, err := any(v).(text).MarshalText()
		require.NoError(t, err)
		w, err := parse(string(b))
		require.NoError(t, err, "%q -> %q", s, b)
		require.Equal(t, v, w)
	})
}

func FuzzParseRupiah(f *testing.F) {
	fuzzText(f, bangkom.ParseRupiah, "Rp1.500.000,00", "-5", "1,500.00", "1500.00")
}
func FuzzParseJP(f *testing.F)   { fuzzText(f, bangkom.ParseJP, "19,5 JP", "-0.125") }
func FuzzParseDate(f *testing.F) { fuzzText(f, bangkom.ParseDate, "31 Mei 2026", "2026-02-29") }

func BenchmarkParseDate(b *testing.B) {
	for b.Loop() {
		if _, err := bangkom.ParseDate("31-05-2026"); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzPlainAndSlowDatesAgree(f *testing.F) {
	f.Add(2026, 5, 31)
	f.Fuzz(func(t *testing.T, y, m, d int) {
		want, err := bangkom.NewDate(y, m, d)
		if err != nil {
			return
		}
		for _, layout := range []string{"2006-01-02", "02-01-2006", "02/01/2006", "02.01.2006", " 02-01-2006", "2-1-2006"} {
			got, err := bangkom.ParseDate(want.Time().Format(layout))
			require.NoError(t, err)
			require.Equal(t, want, got, layout)
		}
	})
}
