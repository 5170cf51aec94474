package agreement_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/bangkom/bangkom/stats/agreement"
)

// Ten thousand subjects, ten raters, five levels.
func BenchmarkTenThousandByTen(b *testing.B) {
	x := random(rand.New(rand.NewPCG(8, 9)), 10, 10_000, 5, 0)
	gaps := random(rand.New(rand.NewPCG(8, 9)), 10, 10_000, 5, .1)
	scores := clone(x)
	for g := range scores {
		for u := range scores[g] {
			scores[g][u] += float64(u%40) / 40
		}
	}
	for _, c := range []struct {
		name string
		x    [][]float64
	}{
		{"icc", x}, {"nominal", x}, {"ordinal", x}, {"interval", x}, {"ratio", x}, {"nominal/gaps", gaps}, {"interval/scores", scores},
		{"fleiss", x}, {"conger", x}, {"gwet", x}, {"brennan", x}, {"kendall", x},
	} {
		f := registry[c.name[:strings.IndexByte(c.name+"/", '/')]]
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := f(c.x, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCohenMillion(b *testing.B) {
	x := random(rand.New(rand.NewPCG(8, 9)), 2, 1_000_000, 5, 0)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := agreement.Cohen(x[0], x[1], nil); err != nil {
			b.Fatal(err)
		}
	}
}
