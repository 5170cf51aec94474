package needs_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bangkom/bangkom/competency"
	"github.com/bangkom/bangkom/internal/ref"
	"github.com/bangkom/bangkom/needs"
	"github.com/bangkom/bangkom/stats/tally"
)

var showDocs = flag.Bool("docs", false, "print the tables of docs/needs-methods.md as they should be")

// tables returns the rows of each table of a page, without its head.
func tables(page string) (out [][][]string) {
	inside := 0
	for line := range strings.Lines(page) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") {
			inside = 0
			continue
		}
		if inside++; inside == 1 {
			out = append(out, nil)
		}
		if inside < 3 {
			continue
		}
		var row []string
		for _, c := range strings.Split(strings.Trim(line, "|"), "|") {
			row = append(row, strings.TrimSpace(c))
		}
		out[len(out)-1] = append(out[len(out)-1], row)
	}
	return out
}

// The worked example of the methods page: its data, and every number it prints.
func TestMethodsPage(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(ref.Root(t), "docs", "needs-methods.md"))
	require.NoError(t, err)
	found := tables(string(page))
	require.Len(t, found, 5)
	items := []competency.CompetencyID{"data", "service", "law", "writing"}
	c, err := needs.NewCube(needs.Frame{Scale: tally.Shape{First: 1, Levels: 5}, Items: items})
	require.NoError(t, err)
	for _, row := range found[0] {
		require.NoError(t, c.Add(&needs.Answer{Person: row[0], Want: cells(row[1]), Have: cells(row[2])}))
	}
	var results, certainty [][]string
	for _, m := range []needs.Method{needs.ShareBelow, needs.Shortfall, needs.MeanGap, needs.Borich, needs.BorichOwn, needs.RDM, needs.PNIModified, needs.IPA(needs.DataMean), needs.Locus} {
		r := rank(t, c, m, nil)
		require.Equal(t, "exact bootstrap", r.Resampling.Method)
		require.Equal(t, 6435, r.Resampling.Resamples)
		by := byItem(r)
		row := []string{m.String()}
		for _, id := range items {
			x := fmt.Sprintf("%.2f", by[id].Score.Value)
			switch d := by[id].Detail.(type) {
			case needs.IPADetail:
				x += " " + d.Quadrant
			case needs.LocusDetail:
				x += " " + d.Class
			}
			row = append(row, x)
		}
		first := r.Items[0]
		results = append(results, append(row, string(first.Item)))
		certainty = append(certainty, []string{m.String(), string(first.Item), fmt.Sprintf("%.3f", first.PFirst), fmt.Sprintf("%d–%d", first.RankSet[0], first.RankSet[1])})
	}
	if *showDocs {
		for _, rows := range [][][]string{results, certainty} {
			for _, r := range rows {
				fmt.Println("| " + strings.Join(r, " | ") + " |")
			}
		}
	}
	require.Equal(t, results, found[1])
	require.Equal(t, certainty, found[2])

	// What the text says of them.
	own, group := byItem(rank(t, c, needs.BorichOwn, nil)), byItem(rank(t, c, needs.Borich, nil))
	require.InDelta(t, 2.25, own["law"].Score.Value-group["law"].Score.Value, 1e-12)
	require.InDelta(t, 4, own["writing"].Rank, 0)
	require.Equal(t, []uint64{4, 4}, []uint64{own["law"].NR, own["law"].PR})
	require.InDelta(t, 2, byItem(rank(t, c, needs.Shortfall, nil))["law"].Rank, 0)
	k, err := needs.Compare(c, needs.Methods(), nil)
	require.NoError(t, err)
	for _, x := range k.Items {
		require.Equal(t, x.Item == "data", x.Consensus)
	}
	for _, row := range found[3] {
		_, ok := needs.MethodByName(row[0])
		require.True(t, ok, row[0])
	}
}
