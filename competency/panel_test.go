package competency_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom"
	. "github.com/bangkom/bangkom/competency"
)

func TestFromPanel(t *testing.T) {
	for _, c := range []struct {
		levels []Level
		p      Precision
		level  Level
		se     float64
		low    bool
	}{
		{[]Level{3}, Precision{}, 3, 0, false},
		{[]Level{3}, Precision{MaxSE: 0.5}, 3, 0, true},
		{[]Level{4, 2, 3, 3}, Precision{MinN: 4}, 3, 0.408248290463863, false}, // R: sd(c(4,2,3,3))/sqrt(4)
		{[]Level{4, 2, 3, 3}, Precision{MinN: 5}, 3, 0.408248290463863, true},
		{[]Level{1, 5, 1, 5}, Precision{MaxSE: 1}, 1, 1.154700538379252, true}, // R: sd(c(1,5,1,5))/sqrt(4)
	} {
		before := append([]Level{}, c.levels...)
		r, err := FromPanel("c", c.levels, c.p)
		require.NoError(t, err)
		require.Equal(t, before, c.levels)
		require.InDelta(t, c.se, r.SE, 1e-12)
		r.SE = 0
		require.Equal(t, Requirement{Competency: "c", Level: c.level, Weight: 1, Criticality: 1, N: len(c.levels), LowPrecision: c.low}, r)
	}
	_, err := FromPanel("c", nil, Precision{})
	require.ErrorIs(t, err, bangkom.ErrTooFew)
	_, err = FromPanel("c", []Level{1}, Precision{MaxSE: -1})
	require.ErrorIs(t, err, bangkom.ErrOption)
}

func TestReadStandardsOfAPanel(t *testing.T) {
	file := "Kode Jabatan;Kompetensi;Level;Bobot;Jumlah Panelis;Galat Baku;Presisi Rendah\n" +
		"J;INT;3;1;12;0,21;tidak\nJ;KJSM;2;1;2;0,5;ya\nJ;KOM;2;1;;;\nJ;OPH;2;1;-1;;\nJ;PP;2;1;5;-0,1;\nJ;MP;2;1;;0,3;\n"
	positions, ps := ReadStandards(strings.NewReader(file), "s.csv", []Position{{ID: "J"}}, nine())
	require.Equal(t, []Requirement{
		{Competency: "c-INT", Level: 3, Weight: 1, Criticality: 1, N: 12, SE: 0.21},
		{Competency: "c-KJSM", Level: 2, Weight: 1, Criticality: 1, N: 2, SE: 0.5, LowPrecision: true},
		{Competency: "c-KOM", Level: 2, Weight: 1, Criticality: 1},
		{Competency: "c-MP", Level: 2, Weight: 1, Criticality: 1, SE: 0.3},
	}, positions[0].Requirements)
	require.Subset(t, codes(ps), []string{"not-a-panel", "not-a-standard-error", "standard-error-without-panel"})
}

func TestReadRatingsAsEvidence(t *testing.T) {
	file := "NIP;Kompetensi;Level;Tanggal;Sumber;Tanggal Dicatat;Masa Berlaku (bulan);Jenis Bukti;Nomor Bukti;Dicabut\n" +
		"1;INT;3;01-02-2025;Asesor;15-02-2025;36;Sertifikat;S-7;\n1;KOM;2;01-02-2025;atasan langsung;;;portofolio;;ya\n1;KOM;2;01-02-2025;;;0;;;\n"
	ratings, ps := ReadRatings(strings.NewReader(file), "r.csv", one(t))
	require.Equal(t, []Rating{
		{Person: "1", Competency: "c-INT", Level: 3, Date: day(2025, 2, 1), Recorded: day(2025, 2, 15), Renewal: 36, Source: Assessor, Kind: Certificate, Ref: "S-7"},
		{Person: "1", Competency: "c-KOM", Level: 2, Date: day(2025, 2, 1), Source: Superior, Kind: "portofolio", Negative: true},
	}, ratings)
	require.Subset(t, codes(ps), []string{"unknown-evidence", "not-a-period"})
}

func TestParseSource(t *testing.T) {
	for s, want := range map[string]Source{"Atasan Langsung": Superior, "SELF": Self, " rekan-kerja ": Peer, "Assessment Center": Assessor, "uji kompetensi": ByTest, "sertifikat": Record, "bawahan": Subordinate} {
		got, ok := ParseSource(s)
		require.True(t, ok, s)
		require.Equal(t, want, got)
	}
	got, ok := ParseSource("tetangga")
	require.False(t, ok)
	require.Equal(t, Source("tetangga"), got)
}
