package compare_test

import (
	"bufio"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom/internal/ref"
	"github.com/bangkom/bangkom/stats/compare"
)

// nist reads the rows of numbers below the line that begins with "Data".
func nist(t *testing.T, kind, name string) [][]float64 {
	f, err := os.Open(ref.Shared(t, "data", "evaluation", "nist", kind, name+".dat"))
	require.NoError(t, err)
	defer func() { _ = f.Close() }()
	var rows [][]float64
	data := false
	for s := bufio.NewScanner(f); s.Scan(); {
		line := s.Text()
		if strings.HasPrefix(line, "Data:") && !strings.Contains(line, "Between") {
			data = true
			rows = nil
			continue
		}
		var row []float64
		for _, w := range strings.Fields(line) {
			x, err := strconv.ParseFloat(w, 64)
			if err != nil {
				row = nil
				break
			}
			row = append(row, x)
		}
		if data && row != nil {
			rows = append(rows, row)
		}
	}
	return rows
}

// lre is the number of digits that agree.
func lre(want, got float64) float64 {
	if want == got {
		return 16
	}
	return -math.Log10(math.Abs(got-want) / math.Abs(want))
}

func TestUnivariateAgainstNIST(t *testing.T) {
	for _, c := range []struct {
		name     string
		mean, sd float64
		digits   float64 // of sd: what the stored doubles can hold, less 0.3
	}{
		{"Lew", -177.435, 277.332168044316, 14.7}, {"Lottery", 518.958715596330, 291.699727470969, 14.7},
		{"Mavro", 2.001856, .000429123454003053, 12.8}, {"Michelso", 299.8524, .0790105478190518, 13.5},
		{"NumAcc1", 10000002, 1, 15}, {"NumAcc2", 1.2, .1, 14.7}, {"NumAcc3", 1000000.2, .1, 9.2}, {"NumAcc4", 10000000.2, .1, 7.95},
	} {
		var x []float64
		for _, r := range nist(t, "univariate", c.name) {
			x = append(x, r...)
		}
		d, err := compare.Describe(x, nil)
		require.NoError(t, err)
		require.Greater(t, lre(c.mean, d.Mean.Value), 14.4, c.name)
		require.Greater(t, lre(c.sd, d.SD), c.digits, c.name)
	}
}

func TestAnovaAgainstNIST(t *testing.T) {
	for _, c := range []struct {
		name      string
		f, r2     float64
		digits, k float64
	}{
		{"SiRstvt", 1.18046237440255, .190999039051129, 12.8, 5}, {"AtmWtAgt", 15.9467335677930, .257426544538321, 9.9, 2},
		{"SmLs01t", 21, .482758620689655, 15.5, 9}, {"SmLs02t", 201, .471830985915493, 15.5, 9}, {"SmLs03t", 2001, .470712773465067, 15.5, 9},
		{"SmLs04t", 21, .482758620689655, 9.9, 9}, {"SmLs05t", 201, .471830985915493, 9.9, 9}, {"SmLs06t", 2001, .470712773465067, 9.9, 9},
		{"SmLs07t", 21, .482758620689655, 3.9, 9}, {"SmLs08t", 201, .471830985915493, 3.9, 9}, {"SmLs09t", 2001, .470712773465067, 3.9, 9},
	} {
		groups := make([][]float64, int(c.k))
		for _, row := range nist(t, "anova", c.name) {
			if len(row) == int(c.k) && row[0] != 1 {
				for j, x := range row {
					groups[j] = append(groups[j], x)
				}
			}
		}
		a, err := compare.ANOVA(groups, nil)
		require.NoError(t, err, c.name)
		t.Logf("%s: %d rows, F %.1f digits", c.name, a.Test.Estimate.N, lre(c.f, a.Test.Statistic))
		require.Greater(t, lre(c.f, a.Test.Statistic), c.digits, "%s: %v", c.name, a.Test.Statistic)
		require.Greater(t, lre(c.r2, a.Test.Estimate.Value), min(14.3, c.digits), c.name)
	}
}
