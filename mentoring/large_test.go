package mentoring

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestMinistry matches 200,000 people and 40,000 mentors; the figures are those
// of scipy and of a plain deferred acceptance. It runs where BANGKOM_LONG is set.
func TestMinistry(t *testing.T) {
	if os.Getenv("BANGKOM_LONG") == "" {
		t.Skip("skipped: takes a minute and 1 GB; set BANGKOM_LONG=1")
	}
	p := sparse(t, 200000, 40000, 10, 6, 7, false)
	require.Equal(t, 1999795, p.Len())
	start := time.Now()
	m := match(t, p, Heaviest, nil)
	t.Log("heaviest", time.Since(start))
	require.Len(t, m.Matched, 200000)
	require.Equal(t, int64(181258700), m.Weight)

	p = sparse(t, 200000, 40000, 10, 5, 11, true)
	start = time.Now()
	m = match(t, p, StableForMentees, nil)
	t.Log("stable", time.Since(start))
	require.Len(t, m.Matched, 199346)
	require.Equal(t, int64(449625), m.RankSum)
}

// BenchmarkDense is a full square of costs to 10⁶, as weights.
func BenchmarkDense(b *testing.B) {
	const n = 1000
	var pairs []Pair
	for i := range n {
		for j := range n {
			pairs = append(pairs, Pair{Mentee: mentee(i), Mentor: mentor(j), Score: 1000001 - int64(1+hash(1, uint64(i*n+j))%1000000)})
		}
	}
	places := make([]int, n)
	for j := range places {
		places[j] = 1
	}
	p := given(b, n, places, pairs)
	for b.Loop() {
		mate, _ := heaviest(p, 0)
		_, weight := sizeAndWeight(p, mate)
		require.Equal(b, int64(n*1000001-1620394), weight)
	}
}
