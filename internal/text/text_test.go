package text

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
)

func TestBothLanguagesSayTheSame(t *testing.T) {
	for code, entry := range table {
		require.NotEmpty(t, entry[Indonesian], code)
		require.NotEmpty(t, entry[English], code)
		require.Equal(t, verb.FindAllString(entry[Indonesian], -1), verb.FindAllString(entry[English], -1), code)
	}
	require.Equal(t, "[no-such-code]", English.T("no-such-code"))
}

func TestNumbers(t *testing.T) {
	require.Equal(t, "4.758.730,50", Indonesian.Num(4758730.5, 2))
	require.Equal(t, "4,758,730.50", English.Num(4758730.5, 2))
	require.Equal(t, "−1,2", Indonesian.Num(-1.2, 1))
	require.Equal(t, "0", English.Num(-0.2, 0))
	require.Equal(t, "–", English.Num(math.NaN(), 1))
	require.Equal(t, "-∞", English.Num(math.Inf(-1), 1))
	require.Equal(t, "12,3 %", Indonesian.Percent(0.1234, 1))
	require.Equal(t, "999", English.Int(999))
	require.Equal(t, "1.0 – 2.0", English.Range(1, 2, 1))
	require.Equal(t, "-Rp1.500.000", Indonesian.Money(-1_500_000))
	require.Equal(t, "-Rp1,500,000", English.Money(-1_500_000))
	require.Equal(t, "5 Mei 2026", Indonesian.Date(bangkom.MustDate(2026, 5, 5)))
	require.Equal(t, "5 May 2026", English.Date(bangkom.MustDate(2026, 5, 5)))
	require.Equal(t, "–", English.Date(bangkom.Date{}))
}

func TestParse(t *testing.T) {
	for tag, want := range map[string]Lang{"": Indonesian, "id": Indonesian, "id_ID": Indonesian, "EN-gb": English} {
		got, err := Parse(tag)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	_, err := Parse("fr")
	require.ErrorIs(t, err, bangkom.ErrOption)
}
